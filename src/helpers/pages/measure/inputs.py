"""What the pages of the measures show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd

from helpers.data import processed, raw, required
from helpers.pages.common.spending_inputs import MeasureSpending, measure_spending
from helpers.subjects import measures as logic
from helpers.subjects import strategy

#: The fact that names who accompanied the design of the projects.
DESIGN_SUPPORT = "STF-39"

#: Facts that the page that compares the measures speaks of: the ranking, the change of fund, the act's index.
COMPARED_BY = ("WFA-01", "WFA-16", "WFA-23")

#: Facts of single projects that the page of Misura 1 speaks of.
SPOKEN_OF = ("M1F-01", "M1F-27", "M1F-37")

#: Rows as plain values, see :func:`helpers.subjects.measures.records`.
Rows = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class MeasureRows:
    """What the page of one measure shows row by row, and its map.

    Attributes
    ----------
    rows
        The measure and its parts.
    events, acts
        Those of the measure.
    records
        Facts.
    firms
        Projects of corporate welfare.
    projects, general
        Of Misura 1, and its facts that are of no single project.
    ground, places
        Areas and points of the map; empty where there is none.
    """

    rows: Rows
    events: Rows
    acts: Rows
    records: Rows
    firms: Rows
    projects: Rows = field(default_factory=list)
    general: Rows = field(default_factory=list)
    ground: gpd.GeoDataFrame = field(default_factory=gpd.GeoDataFrame)
    places: gpd.GeoDataFrame = field(default_factory=gpd.GeoDataFrame)


@dataclass(frozen=True, kw_only=True)
class MeasureInputs(MeasureRows):
    """Everything the page of one measure shows.

    Attributes
    ----------
    facts
        Plain values for the texts.
    sources
        Those of all that is shown.
    spending
        What was funded, committed and paid.
    """

    facts: dict[str, Any]
    sources: pd.DataFrame
    spending: MeasureSpending


@dataclass(frozen=True)
class MeasuresInputs:
    """Everything the page that compares the measures shows.

    Attributes
    ----------
    facts
        Plain values for the texts.
    measures
        All measures and their parts, in order.
    sources
        Those of all that is shown.
    """

    facts: dict[str, Any]
    measures: Rows
    sources: pd.DataFrame


def measure_inputs(measure: str) -> MeasureInputs:
    """Cut what the page of one measure shows from the data.

    Parameters
    ----------
    measure
        Key or slug.
    """
    table = raw.load("measures")
    key = logic.find_measure(table, measure)
    required.rows_of("measure", key)
    keys = logic.family(table, key)
    records = _of("wa_fesr_acc_facts", "measure_id", keys)
    beside: dict[str, Any] = {}
    if key == "M1":
        beside = _misura_1()
    if key == "M2":
        records += logic.records(raw.load("misura2_facts"))
    if key == "WA":
        beside = _named_places(records)
    shown = MeasureRows(
        rows=logic.records(table.set_index("measure_id", drop=False).loc[keys]),
        events=_of("events", "strand", keys),
        acts=_of("strategy_acts", "strand", keys),
        records=records,
        firms=_of("welfare_aziendale_projects", "measure_id", keys),
        **beside,
    )
    facts, sources = _facts(key, shown), _sources(key, shown)
    return MeasureInputs(**vars(shown), facts=facts, sources=sources, spending=measure_spending(keys))


def measures_inputs() -> MeasuresInputs:
    """Cut what the page that compares the measures shows from the data."""
    table = logic.in_order(raw.load("measures"))
    rows = logic.records(table)
    named, plan = logic.records(pd.DataFrame(required.rows(*COMPARED_BY))), _plan_sources()
    facts = {
        "rows": {row["measure_id"]: row for row in rows},
        "slugs": logic.slugs(table),
        "plan": logic.find_planned(table),
        "granted": _granted_sums(),
        "fact": _by_id(named),
        "plan_source_ids": plan,
    }
    return MeasuresInputs(facts, rows, _list_projects(logic.source_ids(rows, named) + plan))


def _of(name: str, column: str, values: list[str]) -> Rows:
    table = raw.load(name)
    return logic.records(table[table[column].isin(values)])


def _facts(key: str, found: MeasureRows) -> dict[str, Any]:
    """Plain values the texts of a measure's page speak of."""
    table = raw.load("measures")
    projects, row = found.projects, found.rows[0]
    granted, four_calls = required.rows(strategy.M1_GRANTED_OVER, logic.FOUR_CALLS)
    named = found.records + found.general + [f for p in projects for f in p["facts"]]
    return {
        "measure": key,
        "m": row,
        "part": {part["measure_id"]: part for part in found.rows[1:]},
        "fact": _by_id(named),
        "event": {event["event_id"]: event for event in found.events},
        "act": {act["act_id"]: act for act in found.acts},
        "plan": logic.find_planned(table),
        "plan_source_ids": _plan_sources(),
        "quadrants": logic.by_quadrant(raw.load("misura1_projects"), raw.load("quadrants")) if key == "M1" else [],
        "known": logic.known_of(projects),
        "links": _links(projects),
        "districts_unlinked": _unlinked(found.ground) if key == "M1" else [],
        "n_districts": len(raw.load("districts")),
        "aims_by": row["aims_source_ids"],
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


def _unlinked(ground: gpd.GeoDataFrame) -> list[str]:
    """The districts without a project of Misura 1."""
    return ground.loc[ground["town"].isna(), "name"].tolist()


def _links(projects: Rows) -> dict[str, Any]:
    """How many districts are linked to a project, by how the link is known, and where that is written."""
    linked = [district for project in projects for district in project["districts"]]
    statuses = [district["status"] for district in linked]
    counts = {status: statuses.count(status) for status in ("sourced", "derived")}
    return {"n": len(linked), **counts, "source_ids": logic.source_ids(linked)}


def _by_id(rows: Rows) -> dict[str, dict[str, Any]]:
    return {row["fact_id"]: row for row in rows}


def _plan_sources() -> list[str]:
    return required.sources(strategy.APPROVAL)


def _granted_sums() -> dict[str, dict[str, Any]]:
    """Sums granted that a source gives as a bound or as about so much: euro and sources by measure."""
    over, ranking = required.rows(strategy.M1_GRANTED_OVER, "WFA-01")
    return {
        "M1": {"over_eur": over["value"], "source_ids": list(over["source_ids"])},
        "WA-PRO": {"about_eur": int(ranking["amount_eur"]), "source_ids": list(ranking["source_ids"])},
    }


def _key_numbers(key: str, found: MeasureRows, fact: dict[str, dict[str, Any]]) -> Rows:
    """The few numbers a page opens with: label, kind of number, value, status, sources."""
    row, *parts = found.rows
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


def _number(label: str, kind: str, value: object, row: dict[str, Any]) -> dict[str, Any]:
    status = logic.status_of(row.get("confidence"))
    return {"label": label, "kind": kind, "value": value, "status": status, "source_ids": row["source_ids"]}


def _figure(label: str, kind: str, key: str) -> dict[str, Any]:
    """A key number from the table of key figures."""
    row = required.row(key)
    source_ids = list(row["source_ids"])
    return {"label": label, "kind": kind, "value": row["value"], "status": row["status"], "source_ids": source_ids}


def _misura_1() -> dict[str, Any]:
    """The projects of Misura 1 and the map of where they are."""
    facts = raw.load("misura1_facts")
    tables = ("misura1_projects", "misura1_partners", "district_projects", "districts", "misura1_facts", "events")
    projects = logic.projects_with_all(*map(raw.load, tables))
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
    }


def _named_places(rows: Rows) -> dict[str, Any]:
    """The comuni that facts name, on the map of the provinces."""
    named = {code: row["fact_id"] for row in rows for code in row["istat_comuni"]}
    places = _points(list(named)).assign(fact_id=list(named.values()))
    return {"ground": processed.load("provinces")[["name", "geometry"]], "places": places}


def _points(codes: list[str]) -> gpd.GeoDataFrame:
    """One point inside each comune, in the order asked for: ``code``, ``name``."""
    comuni = processed.load("comuni").set_index("code", drop=False).loc[codes, ["code", "name", "geometry"]]
    points = comuni.geometry.representative_point()
    return gpd.GeoDataFrame(comuni[["code", "name"]].reset_index(drop=True), geometry=points.values, crs=comuni.crs)


def _sources(key: str, found: MeasureRows) -> pd.DataFrame:
    """The sources of everything a page shows."""
    listed = [found.rows, found.events, found.acts, found.records, found.firms, found.general]
    # The projects' own sources stand on their pages; here those of the links, and of the facts the texts speak of.
    parts = [p["districts"] for p in found.projects]
    parts += [[f for f in p["facts"] if f["fact_id"] in SPOKEN_OF] for p in found.projects]
    beside = [*_plan_sources(), *found.rows[0]["aims_source_ids"], *(_design_sources() if key == "ACC" else ())]
    if key == "WA":
        beside += required.sources(logic.FOUR_CALLS)
    return _list_projects(logic.source_ids(*listed, *parts) + beside)


def _list_projects(ids: list[str]) -> pd.DataFrame:
    sources = raw.load("sources")
    return sources[sources["source_id"].isin(ids)].reset_index(drop=True)
