"""The measures of the strategy: what belongs to each, what is counted of it, how well it is known."""

from __future__ import annotations

import datetime as dt
import difflib
import re

import pandas as pd

from helpers.errors import WecareError
from helpers.system.id_lists import split_ids
from helpers.system.place_names import fold_name

#: Rows of the raw table ``key_figures``: organisations and enti gestori of Misura 1, the two lines of the soft-loan
#: call, the four calls presented together, the revenue that the act of Misura 2 ascertains.
M1_ORGANISATIONS, M1_ENTI = "KF-02", "KF-03"
FESR_LINES = {"A": "KF-04", "B": "KF-05"}
FOUR_CALLS, M2_REVENUE = "KF-06", "KF-07"


#: Columns of the raw table ``measures`` that say which of them have a page, and where.
PAGE_COLUMNS = ("measure_id", "slug", "place_in_act")


def slugs(measures: pd.DataFrame) -> dict[str, str]:
    """Measures with a page of their own, in the order of the act's index, and the last part of their address.

    Parameters
    ----------
    measures
        The columns :data:`PAGE_COLUMNS` of the raw table ``measures``.
    """
    own = measures[measures["slug"].notna()].sort_values("place_in_act", kind="stable")
    return dict(zip(own["measure_id"], own["slug"], strict=True))


def find_measure(measures: pd.DataFrame, name: str) -> str:
    """Find a measure that has a page, by key (``WA``) or slug (``welfare-aziendale``).

    Raises
    ------
    WecareError
        If there is none; suggests the nearest.
    """
    pages = slugs(measures)
    keys = {fold_name(called): key for key, slug in pages.items() for called in (key, slug)}
    if fold_name(name) not in keys:
        near = difflib.get_close_matches(fold_name(name), keys, n=2)
        hint = (
            f" Did you mean {', '.join(pages[keys[key]] for key in near)}?"
            if near
            else f" There are {', '.join(pages)}."
        )
        raise WecareError(f"There is no measure {name!r} with a page of its own.{hint}")
    return keys[fold_name(name)]


def family(measures: pd.DataFrame, measure_id: str) -> list[str]:
    """The measure and the calls that are parts of it, in the order of the table."""
    parts = measures.loc[measures["sub_call_of"] == measure_id, "measure_id"]
    return [measure_id, *parts]


def in_order(measures: pd.DataFrame) -> pd.DataFrame:
    """All measures in the order of the act, each followed by its parts; same columns, new index."""
    order = [key for top in slugs(measures) for key in family(measures, top)]
    return measures.set_index("measure_id", drop=False).loc[order].reset_index(drop=True)


def find_planned(measures: pd.DataFrame) -> dict:
    """The plan of 2017: total and by fund, in euro, from the measures that are no part of another.

    Returns
    -------
    dict
        ``total_eur`` and ``by_fund`` (fund to euro).
    """
    top = measures[measures["sub_call_of"].isna()]
    by_fund = top.groupby("fund")["budget_eur"].sum()
    return {"total_eur": float(by_fund.sum()), "by_fund": {fund: float(eur) for fund, eur in by_fund.items()}}


def rest_of(measures: pd.DataFrame, measure_id: str) -> float:
    """What the parts with a known budget leave of the measure's, in euro: not the budget of the others."""
    table = measures.set_index("measure_id")["budget_eur"].astype("float64")
    return float(table[measure_id] - table[family(measures, measure_id)[1:]].sum())


def rest_of_four(measures: pd.DataFrame, four_calls_eur: float) -> float:
    """What the four calls presented together leave to animation, in euro, after Misura 2, dissemination and the loans.

    Does not agree with :func:`rest_of`: neither is the budget of the animation, which no source gives.
    """
    table = measures.set_index("measure_id")["budget_eur"].astype("float64")
    return float(four_calls_eur - table[["M2", "WA-DIS", "FESR"]].sum())


def by_quadrant(projects: pd.DataFrame, quadrants: pd.DataFrame) -> list[dict]:
    """Projects per quadrant, the most first: ``quadrant_id``, ``name``, ``n``."""
    counts = projects["quadrant_id"].value_counts()
    names = quadrants.set_index("quadrant_id")["name"]
    listed = [{"quadrant_id": key, "name": names[key], "n": int(counts.get(key, 0))} for key in names.index]
    return sorted(listed, key=lambda q: (-q["n"], q["quadrant_id"]))


def projects_with_all(
    projects: pd.DataFrame,
    partners: pd.DataFrame,
    links: pd.DataFrame,
    districts: pd.DataFrame,
    facts: pd.DataFrame,
    events: pd.DataFrame,
) -> list[dict]:
    """Each project of Misura 1 with its partners, districts, facts and events.

    Parameters
    ----------
    projects, partners, links, districts, facts, events
        The raw tables ``misura1_projects``, ``misura1_partners``, ``district_projects``, ``districts``,
        ``misura1_facts`` and ``events``, or the rows of some projects.

    Returns
    -------
    list of dict
        The columns of ``projects`` as plain values, and ``partners``, ``districts`` (with name, slug and how the
        link is known), ``facts`` and ``events``, lists of dicts; what no source gives is None.
    """
    places = districts[["distretto_id", "name", "slug"]]
    joined = records(links.merge(places, on="distretto_id", validate="one_to_one"))
    held = {"partners": records(partners), "districts": joined, "facts": records(facts), "events": records(events)}
    return [
        project | {what: [r for r in rows if r["project_id"] == project["project_id"]] for what, rows in held.items()}
        for project in records(projects)
    ]


def known_of(projects: list[dict]) -> dict[str, int]:
    """How many projects have a title, a lead body, a partner, a district or an amount in the sources."""
    asked = {
        "title": "project_title",
        "lead": "lead_ente_gestore",
        "partners": "partners",
        "districts": "districts",
        "amount": "amount_granted_eur",
    }
    return {what: sum(project[column] not in (None, []) for project in projects) for what, column in asked.items()}


def status_of(confidence: str | None) -> str:
    """Status of what a row says, by the words of its column ``confidence``.

    Returns
    -------
    str
        ``indicative`` when the link to the measure is not confirmed, ``derived`` when something in it is inferred
        or computed, ``sourced`` otherwise (also where sources disagree: the words say so).
    """
    text = confidence or ""
    if "not confirmed" in text:
        return "indicative"
    return "derived" if "derived" in text or "inferred" in text else "sourced"


def confidence_key(confidence: str) -> str:
    """The words of a column ``confidence`` as the last part of a label's key: ``single_source_region``."""
    return re.sub(r"[^a-z0-9]+", "_", confidence.lower().replace("’", "'")).strip("_")


def precision(date: str) -> str:
    """How fine a date is written: ``2018-11`` is known to the ``month``."""
    return {4: "year", 7: "month"}.get(len(date), "day")


def records(frame: pd.DataFrame) -> list[dict]:
    """Rows as plain values: None where blank, dates as ISO text, lists as lists, whole numbers as such."""
    return [{column: _plain(value) for column, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: object) -> object:
    if isinstance(value, (tuple, list)):
        return list(value)
    if pd.isna(value):
        return None
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if hasattr(value, "item"):
        value = value.item()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def source_ids(*rows: list[dict]) -> list[str]:
    """All sources named by some rows, in order, each once."""
    return sorted({i for listed in rows for row in listed for i in split_ids(row["source_ids"])})
