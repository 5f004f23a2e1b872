"""Counts → the declared indicators, on every level from its own summed counts.

Counts add up over any territory; indicators do not, so no index is ever averaged. Those with counts from tables of
their own are computed in :mod:`helpers.analysis.series`.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

import pandas as pd

from helpers.declarations import BY_ID, COUNTS, INDICATORS, SOURCES, Indicator

#: Ends of the names of the columns that say, of an indicator with counts from a table, which share of the residents
#: lives in comuni where these are known, and of which year they are.
KNOWN, YEAR = "_known", "_year"


def find_present(columns: Container[str], prominence: int = 3) -> list[Indicator]:
    """The declared indicators among some columns, in the order of their declaration.

    Parameters
    ----------
    columns
        A table, a row of one, or names.
    prominence
        Only those at least as prominent: 1 for key numbers, 2 for pages, 3 for all.
    """
    return [i for i in INDICATORS if i.id in columns and i.prominence <= prominence]


def ids_compared(districts: pd.DataFrame) -> list[str]:
    """What describes a district among the others: ids in the order in which prose names them.

    An indicator with counts from a table of its own joins once all districts have a value.
    """
    found = [i for i in find_present(districts) if i.compared]
    return [i.id for i in found if not from_tables(i) or districts[i.id].notna().all()]


def logarithmic(ids: Iterable[str]) -> list[str]:
    """Those whose values span orders of magnitude."""
    return [i for i in ids if BY_ID[i].logarithmic]


def datasets(ids: Iterable[str]) -> list[str]:
    """Datasets that indicators or counts rest on, in the order of their declaration."""
    named = {BY_ID[i].source for i in ids if i in BY_ID}
    return [source for source in SOURCES if source in named]


def from_tables(indicator: Indicator) -> bool:
    """Whether an indicator rests on counts of a table of its own, known for some comuni and not for others."""
    return bool(indicator.of) or any(count in COUNTS and COUNTS[count].table for count in indicator.counts)


def add_indicators(counts: pd.DataFrame, indicators: Iterable[Indicator] = INDICATORS) -> pd.DataFrame:
    """Compute indicators from the counts of the same row.

    Parameters
    ----------
    counts
        One row per territory, one column per count.
    indicators
        Those to compute; one is left out where the table lacks a count it needs.

    Returns
    -------
    DataFrame
        The same rows with one float column per indicator added. Where the denominator is zero the value is
        missing: the ratio does not exist, which is neither zero nor unknown.
    """
    found = [i for i in indicators if i.counts and set(i.counts) <= set(counts.columns)]
    return counts.assign(**{i.id: _value(i, counts) for i in found})


def as_printed(table: pd.DataFrame) -> pd.DataFrame:
    """Round every indicator of a table to what a reader is shown.

    Parameters
    ----------
    table
        Any columns; those of declared indicators are rounded.
    """
    return table.round({i.id: i.precision for i in find_present(table)})


def _value(indicator: Indicator, counts: pd.DataFrame) -> pd.Series:
    """Value of each row; missing where a count is, or where there is nothing to divide by."""
    sides = (counts[list(names)].sum(axis=1, skipna=False) for names in (indicator.numerator, indicator.denominator))
    above, below = (side.astype("float64") for side in sides)
    return above.where(below > 0) if indicator.kind == "mean" else (indicator.per * above / below).where(below > 0)
