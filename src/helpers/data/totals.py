"""What an edition adds up to, in all and per district, and which districts a difference between two concerns.

Frames of text in (as :class:`helpers.data.editions.Edition` holds them), frames of numbers out; nothing is read. A sum
that rests on no known amount is missing, not zero.
"""

from __future__ import annotations

import pandas as pd

from helpers.analysis import project_districts
from helpers.data import editions
from helpers.data.editions import Change, Edition

#: What is summed, in the order in which it is told. The first part of the name is what it is about.
TOTALS = (
    *("residents", "residents_65_plus", "comuni", "districts", "budget_eur", "projects"),
    *("grants_known", "grants_eur", "feed_projects", "feed_public_eur", "feed_committed_eur", "feed_paid_eur"),
)

#: The same per district: a grant or amount of several districts is split by residents, so that it is counted once.
PER_DISTRICT = (
    *("residents", "residents_65_plus", "comuni", "grants_eur"),
    *("feed_projects", "feed_public_eur", "feed_committed_eur", "feed_paid_eur"),
)

FEED_AMOUNTS = {
    "feed_public_eur": "public_funding_eur",
    "feed_committed_eur": "committed_eur",
    "feed_paid_eur": "paid_eur",
}

#: Tables on the cities of WILL: that one of them lies in a district says nothing of the district.
NOT_OF_DISTRICTS = ("will_comuni", "will_geometry", "population_will", "will_cities")

#: Changes of codes of comuni, where the package has no table of them.
NO_CHANGES = pd.DataFrame(columns=["old_istat", "new_istat"], dtype="str")

#: Differences smaller than this are how computers add, euro or persons.
SMALLEST = 0.005


def totals(edition: Edition) -> pd.Series:
    """Sums of an edition, indexed by :data:`TOTALS`; missing where the edition has not the table, or no amount."""
    own, tables = _people(edition), edition.tables
    found = {what: own[what].sum(min_count=1) for what in ("residents", "residents_65_plus", "comuni") if what in own}
    if "districts" in tables:
        found["districts"] = len(tables["districts"])
    if "measures" in tables:
        measures = tables["measures"]
        top = measures[measures["sub_call_of"] == ""] if "sub_call_of" in measures else measures
        found["budget_eur"] = _numbers(top, "budget_eur").sum(min_count=1)
    granted = _find_granted(edition)
    if granted is not None:
        found |= {"projects": len(granted), "grants_known": granted.notna().sum(), "grants_eur": _sum(granted)}
    if "projects" in tables:
        found["feed_projects"] = len(tables["projects"])
        found |= {what: _sum(_numbers(tables["projects"], column)) for what, column in FEED_AMOUNTS.items()}
    return pd.Series(found, dtype="float64").reindex(list(TOTALS))


def by_district(edition: Edition) -> pd.DataFrame:
    """The same per district: indexed by ``distretto_id``, columns ``name`` and :data:`PER_DISTRICT`."""
    districts = edition.tables.get("districts", pd.DataFrame(columns=["distretto_id", "name"], dtype="str"))
    names = districts.drop_duplicates("distretto_id").set_index("distretto_id")["name"]
    table = pd.DataFrame({"name": names}).join(_people(edition))
    if "residents" in table:
        table = table.join(_grants_of(edition, table["residents"])).join(_feed_of(edition, table["residents"]))
    return table.reindex(columns=["name", *PER_DISTRICT])


def moved_totals(old: Edition, new: Edition) -> pd.DataFrame:
    """Totals that differ: ``what``, ``old``, ``new``."""
    pair = pd.DataFrame({"old": totals(old), "new": totals(new)})
    return pair[_differ(pair["old"], pair["new"])].rename_axis("what").reset_index()


def moved_districts(old: Edition, new: Edition) -> pd.DataFrame:
    """Figures of districts that differ: ``distretto_id``, ``what``, ``old``, ``new``."""
    pair = [by_district(edition)[list(PER_DISTRICT)] for edition in (old, new)]
    flat = [table.stack(future_stack=True).astype("float64") for table in pair]
    joined = pd.DataFrame({"old": flat[0], "new": flat[1]}).rename_axis(["distretto_id", "what"])
    return joined[_differ(joined["old"], joined["new"])].reset_index()


def find_touched(old: Edition, new: Edition, changes: list[Change]) -> pd.DataFrame:
    """Districts that rows which differ speak of.

    Returns
    -------
    DataFrame
        ``distretto_id``, ``tables`` (names, separated by a semicolon), in the order of the codes. A row speaks of a
        district by its code, by a comune of it, by its project of Misura 1, or by a project of the feed tied to it.
    """
    found: dict[str, list[str]] = {}
    for edition, side in ((old, "removed"), (new, "added")):
        ways = _ways(edition)
        for change in changes:
            if change.table in NOT_OF_DISTRICTS:
                continue
            rows = [getattr(change, side), _rows_with_cells(edition, change)]
            for column, districts in ways.items():
                for frame in rows:
                    for code in frame[column].unique() if column in frame else ():
                        for district in districts.get(code, ()):
                            found.setdefault(district, []).append(change.table)
    rows = [(district, ";".join(dict.fromkeys(names))) for district, names in sorted(found.items())]
    return pd.DataFrame(rows, columns=["distretto_id", "tables"])


def find_tied(edition: Edition) -> pd.DataFrame:
    """The projects of the feed with their districts (:func:`helpers.analysis.project_districts.tie`), if any."""
    tables = edition.tables
    if "projects" not in tables or "comune_distretto" not in tables or "districts" not in tables:
        return pd.DataFrame(columns=project_districts.COLUMNS, dtype="str")
    places = tables.get("project_places", pd.DataFrame(columns=["project_ref", "level", "istat"], dtype="str"))
    parties = pd.DataFrame(columns=["project_ref", "role", "name", "seat_istat"], dtype="str")
    return project_districts.tie(
        tables["projects"],
        places,
        tables.get("project_parties", parties),
        tables["comune_distretto"],
        tables["districts"],
        tables.get("comuni_changes", NO_CHANGES),
    )


def _people(edition: Edition) -> pd.DataFrame:
    """Residents, those of 65 and over, and comuni, by district."""
    tables = edition.tables
    if "population" not in tables or "comune_distretto" not in tables:
        return pd.DataFrame(index=pd.Index([], name="distretto_id"))
    people, member = tables["population"], tables["comune_distretto"]
    count = _numbers(people, "female") + _numbers(people, "male")
    old = count.where((_numbers(people, "age") >= 65) | count.isna(), 0)
    counted = pd.DataFrame({"residents": count, "residents_65_plus": old})
    by_comune = counted.groupby(people["istat"].to_numpy()).sum(min_count=1)
    rows = by_comune.reindex(member["istat"]).set_axis(member["distretto_id"].to_numpy()).assign(comuni=1.0)
    return rows.groupby(level=0).sum(min_count=1).rename_axis("distretto_id")


def _find_granted(edition: Edition) -> pd.Series | None:
    """Grant of each project of Misura 1, euro."""
    if "misura1_projects" not in edition.tables:
        return None
    projects = edition.tables["misura1_projects"].drop_duplicates("project_id").set_index("project_id")
    return _numbers(projects, "amount_granted_eur")


def _grants_of(edition: Edition, residents: pd.Series) -> pd.DataFrame:
    granted, links = _find_granted(edition), edition.tables.get("district_projects")
    if granted is None or links is None:
        return pd.DataFrame(index=residents.index)
    links = links.drop_duplicates(["distretto_id", "project_id"])
    weight = residents.reindex(links["distretto_id"]).to_numpy()
    whole = pd.Series(weight).groupby(links["project_id"].to_numpy()).transform("sum").to_numpy()
    part = links["project_id"].map(granted).to_numpy(dtype="float64") * weight / whole
    return pd.Series(part, index=links["distretto_id"]).groupby(level=0).sum(min_count=1).to_frame("grants_eur")


def _feed_of(edition: Edition, residents: pd.Series) -> pd.DataFrame:
    rows = find_tied(edition)
    rows = rows[rows["rule"] != project_districts.UNTIED]
    if rows.empty:
        return pd.DataFrame(index=residents.index)
    projects = edition.tables["projects"]
    table = rows.groupby("distretto_id").size().to_frame("feed_projects").astype("float64")
    for what, column in FEED_AMOUNTS.items():
        amounts = projects[["project_ref"]].assign(**{column: _numbers(projects, column)})
        shares = project_districts.amounts(amounts, rows, residents, column)
        table[what] = shares.groupby("distretto_id")["split_eur"].sum(min_count=1)
    return table


def _ways(edition: Edition) -> dict[str, dict[str, list[str]]]:
    """How a row leads to districts: by column, from its value to their codes."""
    tables = edition.tables
    ways: dict[str, dict[str, list[str]]] = {}
    if "districts" in tables:
        ways["distretto_id"] = {code: [code] for code in tables["districts"]["distretto_id"]}
    if "comune_distretto" in tables:
        member = tables["comune_distretto"]
        ways["istat"] = {i: [d] for i, d in zip(member["istat"], member["distretto_id"], strict=True)}
    for column, rows in (("project_id", tables.get("district_projects")), ("project_ref", find_tied(edition))):
        if rows is not None and len(rows):
            known = rows[rows["distretto_id"].isin(ways.get("distretto_id", {}))]
            ways[column] = known.groupby(column)["distretto_id"].agg(list).to_dict()
    return ways


def _rows_with_cells(edition: Edition, change: Change) -> pd.DataFrame:
    """The key columns of the rows of which a cell differs, and the cells themselves."""
    if change.cells.empty or change.table not in edition.tables:
        return pd.DataFrame()
    keys = pd.DataFrame([key[:-1] for key in change.cells["key"]], columns=list(change.key)).drop_duplicates()
    table = edition.tables[change.table]
    shared = [column for column in keys.columns if column in table.columns]
    return table.merge(keys[shared]) if shared else keys


def _numbers(frame: pd.DataFrame, column: str) -> pd.Series:
    if column not in frame:
        return pd.Series(float("nan"), index=frame.index)
    return pd.to_numeric(frame[column], errors="coerce").astype("float64")


def _sum(amounts: pd.Series) -> float:
    return amounts.sum(min_count=1)


def _differ(old: pd.Series, new: pd.Series) -> pd.Series:
    return (old.isna() != new.isna()) | ((old - new).abs() > SMALLEST)


def findings(changes: list[Change], totals_moved: pd.DataFrame, districts_moved: pd.DataFrame) -> pd.DataFrame:
    """Every kind of difference by table, the gravest first: ``severity``, ``kind``, ``table`` (blank: none), ``n``."""
    rows = [(editions.KINDS[kind], kind, change.table, n) for change in changes for kind, n in change.kinds.items()]
    rows += [("major", "total_moved", "", len(totals_moved))] if len(totals_moved) else []
    n = districts_moved["distretto_id"].nunique()
    rows += [("major", "district_moved", "", n)] if n else []
    rows.sort(key=lambda row: editions.SEVERITIES.index(row[0]))
    return pd.DataFrame(rows, columns=["severity", "kind", "table", "n"])
