"""Declared incomes of a territory: the taxable income per taxpayer who has one, of the comuni where it is published."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.people import Indicator

#: Name of the optional raw table.
TABLE = "income"

#: The indicator: its counts add up over the comuni whose income is published.
INDICATOR = Indicator(
    "income_per_taxpayer", ("taxable_eur",), ("taxable_n",), 1, "euro", 0,
    "Ministero dell’Economia e delle Finanze, Dipartimento delle Finanze, IRPEF",
)  # fmt: skip

#: A territory has a value only if at least this share of its residents lives in comuni with a known income.
ENOUGH_KNOWN = 0.9

#: Columns that :func:`add_income` adds.
COLUMNS = (INDICATOR.id, "income_known", "income_year")


def latest(income: pd.DataFrame) -> pd.DataFrame:
    """Rows of the latest tax year, indexed by ``istat``: ``taxable_n`` (persons), ``taxable_eur``; both or neither.

    Parameters
    ----------
    income
        The raw table.
    """
    own = income[income["year"] == income["year"].max()].set_index("istat")[["taxable_n", "taxable_eur"]]
    numbers = own.astype("float64")
    return numbers.where(numbers.notna().all(axis=1) & (numbers["taxable_n"] > 0))


def add_income(table: pd.DataFrame, income: pd.DataFrame, residents: pd.Series, territory: pd.Series) -> pd.DataFrame:
    """Add the income of each territory to a table of territories.

    Parameters
    ----------
    table
        One row per territory, with ``code``.
    income
        The raw table; its latest tax year counts.
    residents
        Persons by comune (``istat``).
    territory
        Code of the territory of each comune (``istat``).

    Returns
    -------
    DataFrame
        The same rows with ``income_per_taxpayer`` (euro: taxable income over taxpayers who have one, summed over the
        comuni where both are published; missing where these hold less than :data:`ENOUGH_KNOWN` of the residents),
        ``income_known`` (their share of the residents, 0–1) and ``income_year`` (tax year).
    """
    found = latest(income).reindex(residents.index)
    known = found["taxable_n"].notna()
    groups = territory.reindex(residents.index)
    sums = found.groupby(groups)[["taxable_eur", "taxable_n"]].sum(min_count=1).reindex(table["code"])
    share = (residents.where(known, 0).groupby(groups).sum() / residents.groupby(groups).sum()).reindex(table["code"])
    mean = (sums["taxable_eur"] / sums["taxable_n"]).where(share >= ENOUGH_KNOWN)
    return table.assign(
        income_per_taxpayer=mean.to_numpy(),
        income_known=share.to_numpy(),
        income_year=int(income["year"].max()),
    )
