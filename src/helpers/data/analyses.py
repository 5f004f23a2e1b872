"""The tables of need, resources and equity of the thirty districts: computed once, read by every page and language.

A step of its own, because PySAL costs more to import than all other tables to make: it rests on the counts of the
districts and on a few columns of raw tables, so an edit that leaves these alone does not run it.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.analysis import border_variants, equity, funding, need, need_uncertainty, space, spending
from helpers.analysis.classes import class_bounds
from helpers.data import feed, processed, raw
from helpers.subjects.strategy import MISURA_1, measure_budget

#: The raw columns the analyses rest on besides the districts: an edit of any other does not compute them again.
COLUMNS: dict[str, tuple[str, ...]] = {
    "district_projects": ("distretto_id", "project_id"),
    "misura1_projects": ("project_id", "amount_granted_eur"),
    "measures": ("measure_id", "budget_eur"),
}

#: A measured count beside the benchmarks: it gives their inequality a scale.
MEASURED = "age_80_plus"

#: What the index should go with, measured apart from it: citizens' income, of one year, among the residents of that.
OUTCOME, OUTCOME_AMONG = "citizens_income", "population_totals"

#: Areas that other maps of the districts respect: those of the local health authorities (ASL), or provinces without.
AREAS, OTHER_AREAS = "asl_comuni", "province_code"


def build(target: Path | None = None, root: Path | None = None) -> list[Path]:
    """Compute the tables from the derived districts and a few raw columns, and write them.

    Parameters
    ----------
    target, root
        As for :func:`helpers.data.levels.build`, which must have run.
    """
    links, projects, measures = (raw.load(name, root, columns=columns) for name, columns in COLUMNS.items())
    grants = raw.load(funding.GRANTS_TABLE, root) if raw.available(funding.GRANTS_TABLE, root) else None
    districts, comuni = (processed.load(name, target) for name in ("districts", "comuni"))
    comuni = comuni.assign(area=_areas(root, comuni))
    tables = analyse(districts, comuni, links, projects, measures, sum_measured(root, comuni), grants, feed.load(root))
    return [processed.write(tables[name], name, target) for name in processed.ANALYSES]


def analyse(
    districts: pd.DataFrame,
    comuni: pd.DataFrame,
    links: pd.DataFrame,
    projects: pd.DataFrame,
    measures: pd.DataFrame,
    measured: pd.Series | None = None,
    imported: pd.DataFrame | None = None,
    fed: spending.Feed | None = None,
) -> dict[str, pd.DataFrame]:
    """Compute every table.

    Parameters
    ----------
    districts
        The processed table: ``code``, counts, indicators, ``neighbours``, ``province_code``, ``quadrant_id``.
    comuni
        The processed table: ``code``, counts, ``neighbours``, ``province_code``, ``distretto_id``, ``status``; and
        ``area``, which other maps of the districts respect.
    links, projects, measures
        The columns :data:`COLUMNS` of these raw tables.
    measured
        From :func:`sum_measured`.
    imported
        The raw table of imported grants, if there is one (:data:`helpers.analysis.funding.GRANTS_TABLE`).
    fed
        The official feed, if it has been imported (:func:`helpers.data.feed.load`).

    Returns
    -------
    dict
        One frame per name of :data:`helpers.data.processed.ANALYSES`. ``need``:
        :func:`helpers.analysis.need.need_table` with :func:`helpers.analysis.need_uncertainty.intervals`.
        ``need_effects``: :func:`helpers.analysis.need_uncertainty.effects`. ``need_check``:
        :func:`helpers.analysis.need.compare`. ``resources``: :func:`helpers.analysis.funding.resources`.
        ``inequality``: :func:`inequality`. ``curves``: :func:`curves`. ``autocorrelation``: :func:`autocorrelation`.
        ``classes``: :func:`helpers.analysis.classes.class_bounds` of every indicator.
    """
    table = districts.set_index("code")
    needs, effects = needs_and_effects(table, comuni.set_index("code"))
    paid = None if fed is None else spending.sum_granted(spending.shares(fed, table["residents"]), MISURA_1)
    money = funding.resources(
        table, needs["index"], links, funding.grants(projects, imported), measure_budget(measures), fed=paid
    )
    amounts = {basis: money[f"{basis}_eur"].dropna() for basis in funding.bases(money)}
    amounts[MEASURED] = table[MEASURED].astype("float64")
    made = {
        "need": needs if measured is None else needs.assign(**{OUTCOME: measured}),
        "need_effects": effects,
        "need_check": need.compare(needs, need.dimension_scores(table, need.dimensions(table)), measured),
        "resources": money,
        "inequality": inequality(amounts, table, needs["index"]),
        "curves": curves(amounts, table, needs["index"]),
        "autocorrelation": autocorrelation(table, needs["index"], space.contiguity(table["neighbours"])),
        "classes": class_bounds(table),
    }
    return {name: _plain(frame) for name, frame in made.items()}


def needs_and_effects(districts: pd.DataFrame, comuni: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The index of need with the ranks that other choices would give, and what these depend on.

    Parameters
    ----------
    districts, comuni
        As in :func:`analyse`, indexed by code.

    Returns
    -------
    tuple of DataFrame
        The tables ``need`` and ``need_effects``.
    """
    parts = need.dimensions(districts)
    maps = border_variants.variants(comuni)
    values = border_variants.values_on(maps, comuni, pd.DataFrame(districts[need.indicators(parts)]))
    problem, rows = need_uncertainty.draw(parts, len(values))
    ranked = need_uncertainty.rank_draws(values, parts, rows)
    table = need.need_table(districts).join(need_uncertainty.intervals(ranked, districts.index))
    return table, need_uncertainty.effects(problem, ranked, districts.index)


def sum_measured(root: Path | None, comuni: pd.DataFrame) -> pd.Series | None:
    """Persons with citizens' income per 1,000 residents of each district; None without the table.

    Parameters
    ----------
    root
        Folder of the raw data package.
    comuni
        The processed table.

    Notes
    -----
    Numbers from 0 to 3 of a comune are not published and count as 0: districts hold a little more.
    """
    if not all(raw.available(name, root) for name in (OUTCOME, OUTCOME_AMONG)):
        return None
    persons = raw.load(OUTCOME, root, columns=["istat", "year", "persons"])
    among = raw.load(OUTCOME_AMONG, root, columns=["istat", "year", "residents"])
    among = among[among["year"] == persons["year"].max()]
    home = comuni.set_index("code")["distretto_id"]
    above, below = (
        table.set_index("istat")[column].groupby(home).sum()
        for table, column in ((persons, "persons"), (among, "residents"))
    )
    return (1000 * above.astype("float64") / below).rename_axis("code")


def _areas(root: Path | None, comuni: pd.DataFrame) -> pd.Series:
    if not raw.available(AREAS, root):
        return comuni[OTHER_AREAS]
    asl = raw.load(AREAS, root, columns=["istat", "asl_code"]).set_index("istat")["asl_code"]
    return comuni["code"].map(asl).fillna(comuni[OTHER_AREAS])


def inequality(amounts: dict[str, pd.Series], districts: pd.DataFrame, index: pd.Series) -> pd.DataFrame:
    """How unequally each amount is spread, and how it lies with need.

    Parameters
    ----------
    amounts
        Per basis, an amount per district; districts without a known amount are left out.
    districts
        Indexed by code: ``residents``, ``province_code``, ``quadrant_id``.
    index
        The need index.

    Returns
    -------
    DataFrame
        ``basis``, ``n`` (districts), ``gini_districts`` and ``gini_residents`` (of the amount per resident, each
        district or each resident counting one), ``concentration`` (over residents, from least to most need),
        ``against_need`` (the same over need itself: 0 if amounts follow need), and per scheme and grouping the Theil
        index and its parts.
    """
    rows = []
    for basis, amount in amounts.items():
        own = districts.loc[amount.index]
        people, per_person, needs = own["residents"], amount / own["residents"], index[amount.index]
        row = {
            "basis": basis,
            "n": len(amount),
            "gini_districts": equity.gini(per_person),
            "gini_residents": equity.gini_of_people(amount, people),
            "concentration": equity.concentration(amount, people, needs),
            "against_need": equity.concentration(amount, people * needs, needs),
        }
        for group in ("province_code", "quadrant_id"):
            name = group.split("_")[0]
            for scheme, parts in (
                ("districts", equity.theil(per_person, own[group])),
                ("residents", equity.theil_of_people(amount, people, own[group])),
            ):
                row |= {f"theil_{scheme}": parts["total"]}
                row |= {f"theil_{scheme}_{part}_{name}": parts[part] for part in ("between", "within")}
        rows.append(row)
    return pd.DataFrame(rows)


def curves(amounts: dict[str, pd.Series], districts: pd.DataFrame, index: pd.Series) -> pd.DataFrame:
    """Points of the Lorenz curve and of the concentration curve of each amount.

    Parameters
    ----------
    amounts, districts, index
        As in :func:`inequality`.

    Returns
    -------
    DataFrame
        ``basis``, ``curve`` (``lorenz`` or ``concentration``), ``people``, ``amounts`` (cumulated shares, 0 to 1).
    """
    parts = []
    for basis, amount in amounts.items():
        people = districts.loc[amount.index, "residents"]
        for name, shares in (
            ("lorenz", equity.lorenz(amount, people)),
            ("concentration", equity.curve(amount, people, index[amount.index])),
        ):
            parts.append(shares.assign(basis=basis, curve=name))
    return pd.concat(parts, ignore_index=True)[["basis", "curve", "people", "amounts"]]


def autocorrelation(districts: pd.DataFrame, index: pd.Series, weights) -> pd.DataFrame:
    """Moran's I of the index and of its dimensions.

    Parameters
    ----------
    districts
        Indexed by code, with the indicators of the index.
    index
        The need index, same index.
    weights
        From :func:`helpers.analysis.space.contiguity`.

    Returns
    -------
    DataFrame
        One row per variable: ``variable`` (``index`` or a dimension) and what
        :func:`helpers.analysis.space.moran` gives.
    """
    variables = {"index": index} | dict(need.dimension_scores(districts, need.dimensions(districts)))
    return pd.DataFrame([{"variable": name} | space.moran(values, weights) for name, values in variables.items()])


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Without index: the code of the district becomes a column."""
    return frame.reset_index() if frame.index.name == "code" else frame
