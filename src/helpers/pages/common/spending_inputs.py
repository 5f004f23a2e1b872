"""What pages show of the official feed: sums, projects, payments; nothing where nothing has been imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.analysis import project_districts, spending
from helpers.data import feed, processed, raw
from helpers.subjects.strategy import MISURA_1

#: Columns of a project that pages show.
PROJECT = ["project_ref", "title", "link", "measure_id", *spending.AMOUNTS]


@dataclass(frozen=True)
class RegionSpending:
    """Spending of the whole strategy.

    Attributes
    ----------
    facts
        ``editions``, the sums of all, and of what is tied to no district.
    measures, quadrants, districts
        Sums; of districts also what the budget of Misura 1 by residents would give.
    payments
        By quarter and measure.
    untied
        Projects that no rule ties to a district.
    """

    facts: Mapping[str, Any]
    measures: pd.DataFrame
    quadrants: pd.DataFrame
    districts: pd.DataFrame
    payments: pd.DataFrame
    untied: pd.DataFrame


@dataclass(frozen=True)
class MeasureSpending:
    """Spending of a measure and its calls.

    Attributes
    ----------
    fed
        Whether the edition holds data of the official feed at all.
    facts
        ``editions`` and sums; None if it holds none of the measure, and the tables are empty.
    projects
        With the districts each is tied to (``districts``, by name) and the ``rule`` of the tie.
    payments
        By quarter.
    """

    fed: bool
    facts: Mapping[str, Any] | None
    projects: pd.DataFrame
    payments: pd.DataFrame


@dataclass(frozen=True)
class DistrictSpending:
    """Spending in one district.

    Attributes
    ----------
    fed
        Whether the edition holds data of the official feed at all.
    actual
        Its grant or public funding of Misura 1 (``eur``, ``status``, ``by``); None if not known.
    facts
        ``editions`` and the sums of its parts; None if no project is tied to it, which says nothing of the others.
    projects
        Its projects with its part of each amount.
    """

    fed: bool
    actual: Mapping[str, Any] | None
    facts: Mapping[str, Any] | None
    projects: pd.DataFrame


def region_spending() -> RegionSpending | None:
    """Spending of the whole strategy; None if nothing has been imported."""
    found = feed.load()
    if found is None:
        return None
    table = processed.load("districts").set_index("code")
    residents, slugs = table["residents"], raw.load("districts").set_index("distretto_id")["slug"]
    parts = spending.shares(found, residents)
    loose = found.projects[found.projects["project_ref"].isin(project_districts.find_untied(found.ties)["project_ref"])]
    quadrants = spending.by_group(parts, table["quadrant_id"]).rename_axis("quadrant_id").reset_index()
    names = raw.load("quadrants").set_index("quadrant_id")["name"]
    measures = spending.by_measure(found)
    budgets = raw.load("measures").set_index("measure_id")["budget_eur"].astype("float64")
    facts = {
        "editions": editions(found.projects),
        **spending.sum_up(found.projects),
        "n_untied": len(loose),
        "untied": spending.sum_up(loose),
        "actual": _actual_facts(),
    }
    return RegionSpending(
        facts=facts,
        measures=measures.assign(budget_eur=measures["measure_id"].map(budgets)),
        quadrants=quadrants.assign(name=quadrants["quadrant_id"].map(names)) if len(quadrants) else quadrants,
        districts=_districts(parts, table, slugs),
        payments=payments(found, found.projects),
        untied=loose[PROJECT].reset_index(drop=True),
    )


def measure_spending(measure_ids: list[str]) -> MeasureSpending:
    """Spending of a measure and its calls."""
    found = feed.load()
    if found is None:
        return MeasureSpending(False, None, pd.DataFrame(), pd.DataFrame())
    own = found.projects[found.projects["measure_id"].isin(measure_ids)]
    if own.empty:
        return MeasureSpending(True, None, pd.DataFrame(), pd.DataFrame())
    names = raw.load("districts").set_index("distretto_id")["name"]
    tied = found.ties[found.ties["project_ref"].isin(own["project_ref"])]
    where = tied["distretto_id"].map(names).groupby(tied["project_ref"]).agg(lambda cells: "; ".join(cells.dropna()))
    projects = own[PROJECT].assign(
        districts=own["project_ref"].map(where).replace("", None),
        rule=own["project_ref"].map(tied.drop_duplicates("project_ref").set_index("project_ref")["rule"]),
    )
    facts = {"editions": editions(own), **spending.sum_up(own)}
    return MeasureSpending(True, facts, projects.reset_index(drop=True), payments(found, own))


def district_spending(code: str) -> DistrictSpending:
    """Spending in one district."""
    money = processed.load("resources").set_index("code").loc[code]
    known = pd.notna(money["granted_eur"])
    actual = (
        {
            "eur": round(float(money["granted_eur"]), 2),
            "status": money["granted_status"],
            "by": money["granted_by"],
            "residents_eur": round(float(money["residents_eur"]), -3),
        }
        if known
        else None
    )
    found = feed.load()
    if found is None:
        return DistrictSpending(False, actual, None, pd.DataFrame())
    residents = processed.load("districts").set_index("code")["residents"]
    parts = spending.shares(found, residents)
    own = parts[parts["distretto_id"] == code].reset_index(drop=True)
    if own.empty:
        return DistrictSpending(True, actual, None, pd.DataFrame())
    told = found.projects[found.projects["project_ref"].isin(own["project_ref"])]
    texts = told.set_index("project_ref")[["title", "link"]]
    facts = {"editions": editions(told), **spending.sum_up(own), "shared": int((own["n_districts"] > 1).sum())}
    projects = own.drop(columns="note").join(texts, on="project_ref")
    return DistrictSpending(True, actual, facts, projects)


def editions(projects: pd.DataFrame) -> list[dict[str, str]]:
    """The files the projects come from: ``feed`` and ``date``, in order."""
    rows = projects[["feed", "edition"]].drop_duplicates().sort_values(["feed", "edition"])
    return [{"feed": feed_, "date": day.date().isoformat()} for feed_, day in rows.itertuples(index=False)]


def payments(found: spending.Feed, projects: pd.DataFrame) -> pd.DataFrame:
    """What had been paid by quarter and measure: ``measure_id``, ``date`` (its end, ISO), ``paid_eur``, ``n``."""
    tables = [
        spending.over_time(found.payments, own).assign(measure_id=key) for key, own in projects.groupby("measure_id")
    ]
    tables = [table for table in tables if len(table)]
    if not tables:
        return pd.DataFrame(columns=["measure_id", "date", "paid_eur", "n"])
    table = pd.concat(tables, ignore_index=True)[["measure_id", "date", "paid_eur", "n"]]
    return table.assign(date=pd.to_datetime(table["date"]).dt.date.astype(str))


def _districts(parts: pd.DataFrame, table: pd.DataFrame, slugs: pd.Series) -> pd.DataFrame:
    """Sums per district, with its grant of Misura 1 and the benchmark by residents; those without any are missing."""
    money = processed.load("resources").set_index("code")
    columns = ["granted_eur", "granted_status", "granted_by", "residents_eur"]
    sums = spending.by_group(parts, pd.Series(table.index, index=table.index))
    rows = pd.DataFrame({"name": table["name"], "slug": slugs.reindex(table.index)}).join(money[columns]).join(sums)
    columns = ["n", *spending.AMOUNTS, "progress"]
    rows = rows.reindex(columns=[*rows.columns, *(c for c in columns if c not in rows)])
    rows["residents_eur"] = rows["residents_eur"].round(-3)
    return rows.rename_axis("code").reset_index().sort_values("name", ignore_index=True)


def _actual_facts() -> dict[str, Any]:
    """How many districts have a known amount of Misura 1, and between which shares of the benchmark it lies."""
    money = processed.load("resources")
    own = money[money["granted_eur"].notna()]
    ratio = own["granted_eur"] / own["residents_eur"]
    return {
        "n": len(own),
        "measure_id": MISURA_1,
        "low": float(ratio.min()) if len(own) else None,
        "high": float(ratio.max()) if len(own) else None,
    }
