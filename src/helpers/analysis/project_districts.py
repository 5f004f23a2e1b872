"""Which districts a project of the feed belongs to, by explicit rules, and its amounts without counting them twice.

Frames in, frames out. The rules are asked in the order of :data:`RULES`; the first that gives a district counts, and
each tie says by which rule and on what it rests. What no rule ties stays untied, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from helpers.system.place_names import fold_name

#: The rules in order, and what each looks at.
RULES = {
    "named-district": "the title or the summary names the district",
    "comuni": "the comuni of the places of the project",
    "lead-seat": "the seat of the beneficiary, or of the implementing body if it is not the programming one",
}
UNTIED = "untied"
COLUMNS = ["project_ref", "distretto_id", "rule", "note"]
#: How amounts of a project on several districts are split, if at all.
SPLIT = "by-residents"

#: Words after which a district is named: *distretto della coesione sociale di Bra*, *ambito territoriale Bra*.
_BEFORE = (
    r"(?:distretto|ambito)(?: (?:della|di) coesione sociale| sociale| territoriale)*(?: (?:di|del|della|dell|d|n|\d+))*"
)


def tie(
    projects: pd.DataFrame,
    places: pd.DataFrame,
    parties: pd.DataFrame,
    membership: pd.DataFrame,
    districts: pd.DataFrame,
    changes: pd.DataFrame,
) -> pd.DataFrame:
    """Tie projects to districts.

    Parameters
    ----------
    projects, places, parties
        The tables ``projects``, ``project_places`` and ``project_parties``.
    membership, districts, changes
        The tables ``comune_distretto``, ``districts`` and ``comuni_changes``.

    Returns
    -------
    DataFrame
        ``project_ref``, ``distretto_id``, ``rule``, ``note``: one row per project and district, in the order of the
        projects. An untied project has one row, without a district, with the rule ``untied`` and the reason.
    """
    district_of = _district_of(membership, changes)
    places_of = dict(list(places.groupby("project_ref")))
    parties_of = dict(list(parties.groupby("project_ref")))
    rows: list[tuple] = []
    for project in projects[["project_ref", "title", "summary", "programming_body"]].itertuples(index=False):
        own, bodies = places_of.get(project.project_ref, places.iloc[:0]), parties_of.get(project.project_ref)
        answers = {
            "named-district": _find_named((_text(project.title), _text(project.summary)), districts),
            "comuni": _by_comuni(own, district_of),
            "lead-seat": {} if bodies is None else _by_seat(bodies, _text(project.programming_body), district_of),
        }
        rule = next((rule for rule in RULES if answers[rule]), None)
        if rule is None:
            rows.append((project.project_ref, None, UNTIED, _reason(own, bodies)))
        else:
            rows += [(project.project_ref, district, rule, note) for district, note in sorted(answers[rule].items())]
    return pd.DataFrame(rows, columns=COLUMNS).astype("str")


def find_untied(ties: pd.DataFrame) -> pd.DataFrame:
    """The projects no rule ties: ``project_ref`` and ``note``, the reason."""
    return ties.loc[ties["rule"] == UNTIED, ["project_ref", "note"]].reset_index(drop=True)


def amounts(
    projects: pd.DataFrame, ties: pd.DataFrame, residents: pd.Series, column: str = "public_funding_eur"
) -> pd.DataFrame:
    """Amounts per project and district; those of several districts are shown as shared, and split by residents.

    Parameters
    ----------
    projects, ties
        The table ``projects`` and what :func:`tie` gives.
    residents
        Persons by district: an amount on several districts is split in proportion to them, to the cent.
    column
        The amount, euro.

    Returns
    -------
    DataFrame
        ``project_ref``, ``distretto_id``, ``whole_eur`` (the project's whole amount, the same in each of its rows:
        never to be summed over districts), ``n_districts``, ``shared`` (boolean), ``split_eur`` (sums to the whole over
        the districts of a project; missing where the amount is) and ``split_rule`` (``whole`` or ``by-residents``).
    """
    rows = ties[ties["rule"] != UNTIED][["project_ref", "distretto_id"]].reset_index(drop=True)
    rows["whole_eur"] = rows["project_ref"].map(projects.set_index("project_ref")[column])
    rows["n_districts"] = rows.groupby("project_ref")["distretto_id"].transform("size").astype("int64")
    rows["shared"] = rows["n_districts"] > 1
    rows["split_eur"] = np.nan
    for _, part in rows.groupby("project_ref"):
        if part["whole_eur"].notna().all():
            cents = split(round(float(part["whole_eur"].iloc[0]) * 100), residents.reindex(part["distretto_id"]))
            rows.loc[part.index, "split_eur"] = cents / 100
    rows["split_rule"] = np.where(rows["shared"], SPLIT, "whole")
    return rows


def split(total: int, weights: pd.Series) -> np.ndarray:
    """Split a whole number in proportion to weights, by largest remainders; the parts sum to it exactly.

    Raises
    ------
    ValueError
        If a weight is missing or negative, or all are zero.
    """
    shares = weights.to_numpy(dtype="float64")
    if not np.isfinite(shares).all() or (shares < 0).any() or shares.sum() <= 0:
        raise ValueError(f"weights must be known, not negative and not all zero: {weights.to_dict()}")
    exact = total * (shares / shares.sum())
    parts = np.floor(exact).astype("int64")
    # Of equal remainders the first district gets the cent: the same input gives the same parts.
    order = np.argsort(-(exact - parts), kind="stable")
    parts[order[: total - parts.sum()]] += 1
    return parts


def by_district(shares: pd.DataFrame) -> pd.DataFrame:
    """Sum :func:`amounts` by district.

    Returns
    -------
    DataFrame
        Indexed by ``distretto_id``: ``n_projects``, ``n_shared``; ``own_eur`` (projects of this district alone),
        ``shared_eur`` (whole amounts of projects it shares: not to be summed over districts) and ``split_eur`` (own and
        its part of the shared, by residents: sums to the total of the tied projects). ``n_unknown`` counts projects
        whose amount is not published; a sum that rests on no amount is missing, not zero.
    """
    own, shared = shares["whole_eur"].where(~shares["shared"]), shares["whole_eur"].where(shares["shared"])
    frame = shares.assign(own_eur=own, shared_eur=shared, unknown=shares["whole_eur"].isna())
    groups = frame.groupby("distretto_id")
    table = pd.DataFrame(
        {
            "n_projects": groups.size(),
            "n_shared": groups["shared"].sum().astype("int64"),
            "n_unknown": groups["unknown"].sum().astype("int64"),
        }
    )
    return table.join(groups[["own_eur", "shared_eur", "split_eur"]].sum(min_count=1))


def total(projects: pd.DataFrame, column: str = "public_funding_eur") -> dict[str, float | int | None]:
    """Sum an amount over projects, each once: ``eur`` (None if none is known), ``known``, ``unknown``."""
    known = projects.drop_duplicates("project_ref")[column]
    eur = known.sum(min_count=1)
    return {
        "eur": None if pd.isna(eur) else float(eur),
        "known": int(known.notna().sum()),
        "unknown": int(known.isna().sum()),
    }


def _district_of(membership: pd.DataFrame, changes: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """District and words on how it is known, by code of the comune: of 2022, older and newer ones through changes.

    A code that stands for comuni of several districts stands for none.
    """
    rows = zip(membership["istat"], membership["distretto_id"], membership["comune"], membership["status"], strict=True)
    known = {istat: (district, f"{name} ({status})") for istat, district, name, status in rows}
    found = dict(known)
    for here, there in (("new_istat", "old_istat"), ("old_istat", "new_istat")):
        for code, group in changes.groupby(here):
            others = [known[other] for other in group[there] if other in known]
            if code not in known and len({district for district, _ in others}) == 1:
                names = ", ".join(note for _, note in others)
                found[code] = (others[0][0], f"{code}, which stands for {names}")
    return found


def _find_named(texts: Iterable[str], districts: pd.DataFrame) -> dict[str, str]:
    plain, found = " | ".join(map(fold_name, texts)), {}
    names = {
        fold_name(name): (code, name) for code, name in zip(districts["distretto_id"], districts["name"], strict=True)
    }
    # Longer names first, and what they cover is taken out, so that a name inside another does not count too.
    for name in sorted(names, key=len, reverse=True):
        pattern = rf"\b{_BEFORE} {re.escape(name)}\b(?! (?:nord|sud|est|ovest)\b)"
        if re.search(pattern, plain):
            code, shown = names[name]
            found[code] = f"names the district {shown}"
            plain = re.sub(pattern, " ", plain)
    return found


def _by_comuni(places: pd.DataFrame, district_of: dict[str, tuple[str, str]]) -> dict[str, str]:
    codes = places.loc[places["level"] == "comune", "istat"].dropna()
    found: dict[str, list[str]] = {}
    for code in codes:
        if code in district_of:
            district, words = district_of[code]
            found.setdefault(district, []).append(words)
    return {district: "; ".join(notes) for district, notes in found.items()}


def _by_seat(parties: pd.DataFrame, programming_body: str, district_of: dict[str, tuple[str, str]]) -> dict[str, str]:
    """District of the lead body. The programming body (the Region, seated in Torino) never ties a project."""
    programming = {fold_name(name) for name in parties.loc[parties["role"] == "programming", "name"]}
    programming |= {fold_name(name) for name in programming_body.split(":::")}
    for role in ("beneficiary", "implementing"):
        bodies = parties[(parties["role"] == role) & parties["seat_istat"].isin(list(district_of))]
        bodies = bodies[~bodies["name"].map(fold_name).isin(programming)]
        found: dict[str, str] = {}
        for name, seat in zip(bodies["name"], bodies["seat_istat"], strict=True):
            district, words = district_of[seat]
            found[district] = f"seat of {name}: {words}"
        if found:
            return found
    return {}


def _reason(places: pd.DataFrame, parties: pd.DataFrame | None) -> str:
    levels = set(places["level"])
    if "comune" in levels:
        where = "its comuni are outside the region, or in none of our tables"
    elif levels:
        where = f"its places are at the level {', '.join(sorted(levels))} only"
    else:
        where = "no place is published"
    seats = parties is not None and parties["seat_istat"].fillna("").ne("").any()
    seat = "no seat of a lead body in the region" if seats else "no seat of a body is published"
    return f"names no district; {where}; {seat}"


def _text(cell: object) -> str:
    return "" if pd.isna(cell) else str(cell)
