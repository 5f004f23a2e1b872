"""The tables of need, resources and equity of the thirty districts: computed once, read by every page and language.

A step of its own, because PySAL costs more to import than all other tables to make: it rests on the counts of the
districts and on a few columns of raw tables, so an edit that leaves these alone does not run it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from helpers.analysis import equity, funding, funnel, need, space, spending
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

#: Sizes of district for which the funnel's limits are drawn, persons.
SIZES = np.unique(np.geomspace(45_000, 900_000, 41).round(-3).astype("int64"))


def build(target: Path | None = None, root: Path | None = None) -> list[Path]:
    """Compute the tables from the derived districts and a few raw columns, and write them.

    Parameters
    ----------
    target, root
        As for :func:`helpers.data.levels.build`, which must have run.
    """
    links, projects, measures = (raw.load(name, root, columns=columns) for name, columns in COLUMNS.items())
    grants = raw.load(funding.GRANTS_TABLE, root) if raw.available(funding.GRANTS_TABLE, root) else None
    districts = processed.load("districts", target)
    tables = analyse(districts, links, projects, measures, grants, feed.load(root))
    return [processed.write(tables[name], name, target) for name in processed.ANALYSES]


def analyse(
    districts: pd.DataFrame,
    links: pd.DataFrame,
    projects: pd.DataFrame,
    measures: pd.DataFrame,
    imported: pd.DataFrame | None = None,
    fed: spending.Feed | None = None,
) -> dict[str, pd.DataFrame]:
    """Compute every table.

    Parameters
    ----------
    districts
        The processed table: ``code``, counts, indicators, ``neighbours``, ``province_code``, ``quadrant_id``.
    links, projects, measures
        The columns :data:`COLUMNS` of these raw tables.
    imported
        The raw table of imported grants, if there is one (:data:`helpers.analysis.funding.GRANTS_TABLE`).
    fed
        The official feed, if it has been imported (:func:`helpers.data.feed.load`).

    Returns
    -------
    dict
        One frame per name of :data:`helpers.data.processed.ANALYSES`. ``need``:
        :func:`helpers.analysis.need.need_table`. ``resources``: :func:`helpers.analysis.funding.resources`.
        ``inequality``: :func:`inequality`. ``curves``: :func:`curves`. ``autocorrelation``: :func:`autocorrelation`.
        ``lisa``: :func:`helpers.analysis.space.local_moran` of the index.
        ``funnel`` and ``limits``: the share of residents of 80 and over, and where chance alone would put it.
        ``classes``: :func:`helpers.analysis.classes.class_bounds` of every indicator.
    """
    table = districts.set_index("code")
    needs = need.need_table(table)
    paid = None if fed is None else spending.sum_granted(spending.shares(fed, table["residents"]), MISURA_1)
    money = funding.resources(
        table, needs["index"], links, funding.grants(projects, imported), measure_budget(measures), fed=paid
    )
    amounts = {basis: money[f"{basis}_eur"].dropna() for basis in funding.bases(money)}
    amounts[MEASURED] = table[MEASURED].astype("float64")
    weights = space.contiguity(table["neighbours"])
    rates = funnel.funnel_rates(table[MEASURED], table["residents"])
    made = {
        "need": needs,
        "resources": money,
        "inequality": inequality(amounts, table, needs["index"]),
        "curves": curves(amounts, table, needs["index"]),
        "autocorrelation": autocorrelation(table, needs["index"], weights),
        "lisa": space.local_moran(needs["index"], weights),
        "funnel": rates,
        "limits": _limits(rates),
        "classes": class_bounds(table),
    }
    return {name: _plain(frame) for name, frame in made.items()}


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
    """Moran's I of the index and of its components.

    Parameters
    ----------
    districts
        Indexed by code, with the components of the index.
    index
        The need index, same index.
    weights
        From :func:`helpers.analysis.space.contiguity`.

    Returns
    -------
    DataFrame
        One row per variable: ``variable`` (``index`` or a component) and what
        :func:`helpers.analysis.space.moran` gives.
    """
    variables = {"index": index} | dict(need.scores(districts).items())
    return pd.DataFrame([{"variable": name} | space.moran(values, weights) for name, values in variables.items()])


def _limits(rates: pd.DataFrame) -> pd.DataFrame:
    """The funnel's limits at every size of :data:`SIZES`."""
    rate = float((rates["rate"] * rates["people"]).sum() / rates["people"].sum())
    sizes = pd.Series(SIZES)
    adjusted = funnel.adjusted_limits(rate, sizes, funnel.overdispersion(rates["z"]))
    return funnel.funnel_limits(rate, sizes).join(adjusted).assign(people=sizes)


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Without index: the code of the district becomes a column."""
    return frame.reset_index() if frame.index.name == "code" else frame
