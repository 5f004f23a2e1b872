"""What pages show of the official feed: sums, projects, payments; nothing where nothing has been imported."""

from __future__ import annotations

import pandas as pd

from helpers.analysis import project_districts, spending
from helpers.data import feed, processed, raw
from helpers.subjects.strategy import MISURA_1

#: Start of the names of inputs on spending.
PREFIX = "spending_"

#: Columns of a project that pages show.
PROJECT = ["project_ref", "title", "link", "measure_id", *spending.AMOUNTS]


def region_spending() -> dict[str, object]:
    """Spending of the whole strategy.

    Returns
    -------
    dict
        As :func:`inputs` makes them. ``facts`` (None if nothing has been imported, and then alone): ``editions``,
        the sums of all, ``n_untied``; ``measures``, ``quadrants``, ``districts`` (sums, and for Misura 1 what the
        measure's budget by residents would give), ``payments`` per measure, ``untied``.
    """
    found = feed.load()
    if found is None:
        return inputs(facts=None)
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
    return inputs(
        facts=facts,
        measures=measures.assign(budget_eur=measures["measure_id"].map(budgets)),
        quadrants=quadrants.assign(name=quadrants["quadrant_id"].map(names)) if len(quadrants) else quadrants,
        districts=_districts(parts, table, slugs),
        payments=payments(found, found.projects),
        untied=loose[PROJECT].reset_index(drop=True),
    )


def measure_spending(measure_ids: list[str]) -> dict[str, object]:
    """Spending of a measure and its calls.

    Returns
    -------
    dict
        As :func:`inputs` makes them. ``fed``: whether the edition holds data of the official feed at all. ``facts``
        (None if it holds none of the measure): ``editions`` and sums; ``projects`` with the districts each is tied to
        (``districts``, by name) and the ``rule`` of the tie; ``payments``.
    """
    found = feed.load()
    own = None if found is None else found.projects[found.projects["measure_id"].isin(measure_ids)]
    if own is None or own.empty:
        return inputs(fed=found is not None, facts=None)
    names = raw.load("districts").set_index("distretto_id")["name"]
    tied = found.ties[found.ties["project_ref"].isin(own["project_ref"])]
    where = tied["distretto_id"].map(names).groupby(tied["project_ref"]).agg(lambda cells: "; ".join(cells.dropna()))
    projects = own[PROJECT].assign(
        districts=own["project_ref"].map(where).replace("", None),
        rule=own["project_ref"].map(tied.drop_duplicates("project_ref").set_index("project_ref")["rule"]),
    )
    facts = {"editions": editions(own), **spending.sum_up(own)}
    own_payments = payments(found, own)
    return inputs(fed=True, facts=facts, projects=projects.reset_index(drop=True), payments=own_payments)


def district_spending(code: str) -> dict[str, object]:
    """Spending in one district.

    Returns
    -------
    dict
        As :func:`inputs` makes them. ``fed``: whether the edition holds data of the official feed at all. ``facts``:
        None if none of its projects is tied to the district, which says nothing of the others; else ``editions`` and
        the sums of its parts. ``actual``: its grant or public funding of Misura 1 (``eur``, ``status``, ``by``), None
        if not known. ``projects``: its projects with its part of each amount.
    """
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
    nothing = inputs(fed=found is not None, facts=None, actual=actual, projects=None)
    if found is None:
        return nothing
    residents = processed.load("districts").set_index("code")["residents"]
    parts = spending.shares(found, residents)
    own = parts[parts["distretto_id"] == code].reset_index(drop=True)
    if own.empty:
        return nothing
    told = found.projects[found.projects["project_ref"].isin(own["project_ref"])]
    texts = told.set_index("project_ref")[["title", "link"]]
    facts = {"editions": editions(told), **spending.sum_up(own), "shared": int((own["n_districts"] > 1).sum())}
    projects = own.drop(columns="note").join(texts, on="project_ref")
    return inputs(fed=True, facts=facts, actual=actual, projects=projects)


def inputs(**found: object) -> dict[str, object]:
    """Inputs of a page, each under a name that starts with :data:`PREFIX`."""
    return {PREFIX + name: value for name, value in found.items()}


def of_spending(page_inputs: object) -> dict[str, object]:
    """The inputs on spending among those of a page, by their short names."""
    named = page_inputs if isinstance(page_inputs, dict) else vars(page_inputs)
    return {n.removeprefix(PREFIX): value for n, value in named.items() if n.startswith(PREFIX)}


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


def _actual_facts() -> dict[str, object]:
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
