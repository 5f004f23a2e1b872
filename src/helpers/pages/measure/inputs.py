"""What the pages of the measures show."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from helpers.data import processed, raw, required
from helpers.pages.common.spending_inputs import measure_spending
from helpers.subjects import measures as logic
from helpers.subjects import strategy

#: The fact that names who accompanied the design of the projects.
DESIGN_SUPPORT = "STF-39"

#: Facts that the page that compares the measures speaks of: the ranking, the change of fund, the act's index.
COMPARED_BY = ("WFA-01", "WFA-16", "WFA-23")

#: Tables of single facts and projects that name the measure they speak of.
BY_MEASURE = {"facts": "wa_fesr_acc_facts", "firms": "welfare_aziendale_projects"}


def measure_inputs(measure: str) -> dict[str, object]:
    """Everything the page of one measure shows.

    Parameters
    ----------
    measure
        Key or slug.

    Returns
    -------
    dict
        ``facts``: plain values for the texts; ``rows`` (the measure and its parts), ``events``, ``acts``,
        ``records`` (facts), ``firms`` (projects of corporate welfare), ``projects`` (of Misura 1), lists of dicts;
        ``sources``; :func:`.spending.measure_spending`; and where there is a map ``ground`` and ``places``.
    """
    table = raw.load("measures")
    key = logic.find_measure(table, measure)
    required.rows_of("measure", key)
    keys = logic.family(table, key)
    rows = logic.records(table.set_index("measure_id", drop=False).loc[keys])
    shown = {what: _of(raw.load(name), "measure_id", keys) for what, name in BY_MEASURE.items()}
    shown["records"] = shown.pop("facts") + (logic.records(raw.load("misura2_facts")) if key == "M2" else [])
    shown |= {what: _of(raw.load(name), "strand", keys) for what, name in _DATED.items()}
    found = {"rows": rows, **shown, "projects": [], "general": []}
    if key == "M1":
        found |= _misura_1()
    if key == "WA":
        found |= _named_places(found["records"])
    return found | {"facts": _facts(key, found), "sources": _sources(key, found), **measure_spending(keys)}


_DATED = {"events": "events", "acts": "strategy_acts"}


def measures_inputs() -> dict[str, object]:
    """Everything the page that compares the measures shows: ``facts``, ``measures`` and ``sources``."""
    table = logic.in_order(raw.load("measures"))
    rows = logic.records(table)
    named = logic.records(pd.DataFrame(required.rows(*COMPARED_BY)))
    facts = {
        "rows": {row["measure_id"]: row for row in rows},
        "slugs": logic.slugs(table),
        "plan": logic.find_planned(table),
        "granted": _granted_sums(),
        "fact": _by_id(named),
        "plan_source_ids": _plan_sources(),
    }
    ids = logic.source_ids(rows, named) + facts["plan_source_ids"]
    return {"facts": facts, "measures": rows, "sources": _list_projects(ids)}


def _of(table: pd.DataFrame, column: str, values: list[str]) -> list[dict]:
    return logic.records(table[table[column].isin(values)])


def _facts(key: str, found: dict) -> dict:
    """Plain values the texts of a measure's page speak of."""
    table = raw.load("measures")
    projects = found["projects"]
    granted, four_calls = required.rows(strategy.M1_GRANTED_OVER, logic.FOUR_CALLS)
    named = found["records"] + found["general"] + [f for p in projects for f in p["facts"]]
    return {
        "measure": key,
        "m": found["rows"][0],
        "part": {row["measure_id"]: row for row in found["rows"][1:]},
        "fact": _by_id(named),
        "event": {row["event_id"]: row for row in found["events"]},
        "act": {row["act_id"]: row for row in found["acts"]},
        "plan": logic.find_planned(table),
        "plan_source_ids": _plan_sources(),
        "quadrants": logic.by_quadrant(raw.load("misura1_projects"), raw.load("quadrants")) if key == "M1" else [],
        "known": logic.known_of(projects),
        "links": _links(projects),
        "districts_unlinked": found.get("unlinked", []),
        "n_districts": len(raw.load("districts")),
        "aims_by": found["rows"][0]["aims_source_ids"],
        "granted_over_eur": granted["value"],
        "m1_article_eur": required.row(strategy.M1_COMMITMENT)["amount_eur"],
        "revenue_eur": required.row(logic.M2_REVENUE)["value"],
        "four_calls_eur": four_calls["value"],
        "four_calls_by": list(four_calls["source_ids"]),
        "rest_eur": logic.rest_of(table, key) if key == "WA" else None,
        "rest_of_four_eur": logic.rest_of_four(table, four_calls["value"]),
        "design_sources": _design_sources() if key == "ACC" else [],
        "numbers": _key_numbers(key, found, _by_id(named)),
    }


def _design_sources() -> list[str]:
    """The sources that name who accompanied the design of the projects."""
    return required.sources(DESIGN_SUPPORT)


def _links(projects: list[dict]) -> dict[str, object]:
    """How many districts are linked to a project, by how the link is known, and where that is written."""
    linked = [district for project in projects for district in project["districts"]]
    statuses = [district["status"] for district in linked]
    counts = {status: statuses.count(status) for status in ("sourced", "derived")}
    return {"n": len(linked), **counts, "source_ids": logic.source_ids(linked)}


def _by_id(rows: list[dict]) -> dict[str, dict]:
    return {row["fact_id"]: row for row in rows}


def _plan_sources() -> list[str]:
    return required.sources(strategy.APPROVAL)


def _granted_sums() -> dict[str, dict]:
    """Sums granted that a source gives as a bound or as about so much: euro and sources by measure."""
    over, ranking = required.rows(strategy.M1_GRANTED_OVER, "WFA-01")
    return {
        "M1": {"over_eur": over["value"], "source_ids": list(over["source_ids"])},
        "WA-PRO": {"about_eur": int(ranking["amount_eur"]), "source_ids": list(ranking["source_ids"])},
    }


def _key_numbers(key: str, found: dict, fact: dict) -> list[dict]:
    """The few numbers a page opens with: label, kind of number, value, status, sources."""
    row, *parts = found["rows"]
    numbers = [_number("budget", "millions", row["budget_eur"], row)]
    if key in ("M1", "M2"):
        numbers.append(_number("projects", "integer", row["projects_funded"], row))
    if key == "M1":
        numbers += [
            _number("grants", "range", [row["grant_min_eur"], row["grant_max_eur"]], row),
            _figure("granted", "over", strategy.M1_GRANTED_OVER),
            _figure("organisations", "integer", logic.M1_ORGANISATIONS),
            _figure("enti", "integer", logic.M1_ENTI),
        ]
    elif key == "M2":
        numbers += [
            _number("share_supra", "millions", fact["M2F-01"]["amount_eur"], fact["M2F-01"]),
            _number("share_regional", "millions", fact["M2F-02"]["amount_eur"], fact["M2F-02"]),
        ]
    elif key == "WA":
        known = [part for part in parts if part["budget_eur"] is not None]
        numbers += [_number(part["measure_id"], "millions", part["budget_eur"], part) for part in known]
        numbers.append(_number("ranking", "about", fact["WFA-01"]["amount_eur"], fact["WFA-01"]))
        for name, source in (("beneficiaries", fact["WFA-02"]), ("enterprises", fact["WFA-03"])):
            numbers.append(_number(name, "integer", source["number"], source))
    elif key == "FESR":
        numbers += [_figure(f"line_{name}", "millions", figure) for name, figure in logic.FESR_LINES.items()]
    return numbers


def _number(label: str, kind: str, value: object, row: dict) -> dict:
    status = logic.status_of(row.get("confidence"))
    return {"label": label, "kind": kind, "value": value, "status": status, "source_ids": row["source_ids"]}


def _figure(label: str, kind: str, key: str) -> dict:
    """A key number from the table of key figures."""
    row = required.row(key)
    source_ids = list(row["source_ids"])
    return {"label": label, "kind": kind, "value": row["value"], "status": row["status"], "source_ids": source_ids}


def _misura_1() -> dict:
    """The projects of Misura 1 and the map of where they are."""
    facts = raw.load("misura1_facts")
    tables = (raw.load(t) for t in ("misura1_projects", "misura1_partners", "district_projects", "districts"))
    projects = logic.projects_with_all(*tables, facts)
    linked = pd.DataFrame(
        [
            {
                "code": district["distretto_id"],
                "town": project["capofila_town"],
                "title": project["project_title"],
                "quadrant_id": project["quadrant_id"],
                "status": district["status"],
            }
            for project in projects
            for district in project["districts"]
        ]
    )
    slugs = raw.load("districts").rename(columns={"distretto_id": "code"})[["code", "slug"]]
    districts = processed.load("districts")[["code", "name", "geometry"]].merge(slugs, on="code")
    districts = districts.merge(linked, on="code", how="left", validate="one_to_one")
    return {
        "projects": projects,
        "general": logic.records(facts[facts["project_id"].isna()]),
        "ground": districts,
        "places": _points([p["capofila_istat"] for p in projects]),
        "unlinked": districts.loc[districts["town"].isna(), "name"].tolist(),
    }


def _named_places(rows: list[dict]) -> dict:
    """The comuni that facts name, on the map of the provinces."""
    named = {code: row["fact_id"] for row in rows for code in row["istat_comuni"]}
    places = _points(list(named)).assign(fact_id=list(named.values()))
    return {"ground": processed.load("provinces")[["name", "geometry"]], "places": places}


def _points(codes: list[str]) -> gpd.GeoDataFrame:
    """One point inside each comune, in the order asked for: ``code``, ``name``."""
    comuni = processed.load("comuni").set_index("code", drop=False).loc[codes, ["code", "name", "geometry"]]
    points = comuni.geometry.representative_point()
    return gpd.GeoDataFrame(comuni[["code", "name"]].reset_index(drop=True), geometry=points.values, crs=comuni.crs)


def _sources(key: str, found: dict) -> pd.DataFrame:
    """The sources of everything a page shows."""
    listed = [value for value in found.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
    parts = [p[what] for p in found["projects"] for what in ("partners", "districts", "facts")]
    beside = [*_plan_sources(), *found["rows"][0]["aims_source_ids"], *(_design_sources() if key == "ACC" else ())]
    if key == "WA":
        beside += required.sources(logic.FOUR_CALLS)
    return _list_projects(logic.source_ids(*listed, *parts) + beside)


def _list_projects(ids: list[str]) -> pd.DataFrame:
    sources = raw.load("sources")
    return sources[sources["source_id"].isin(ids)].reset_index(drop=True)
