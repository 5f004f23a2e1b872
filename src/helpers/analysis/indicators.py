"""Counts → the declared indicators, on every level from its own summed counts.

Counts add up over any territory; indicators do not, so no index is ever averaged. A count that a producer does not
publish for some comuni is summed over those for which all an indicator needs is known, and the territory has a value
only where these hold nearly all of its residents.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

import pandas as pd

from helpers.declarations import BY_ID, COUNTS, INDICATORS, SOURCES, Indicator

#: A territory has a value only if at least this share of its residents lives in comuni where its counts are known.
ENOUGH_KNOWN = 0.9

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
    return any(count in COUNTS and COUNTS[count].table for count in indicator.counts)


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
    found = [i for i in indicators if set(i.counts) <= set(counts.columns)]
    return counts.assign(**{i.id: _value(i, *_sides(i, counts)) for i in found})


def add_from_tables(table: pd.DataFrame, comuni: pd.DataFrame, by: str) -> pd.DataFrame:
    """Add the indicators with counts from tables of their own to a table of territories.

    Parameters
    ----------
    table
        One row per territory, with ``code``.
    comuni
        One row per comune: ``by`` (code of its territory), ``residents``, the counts; missing where not known.
    by
        Column of the territories.

    Returns
    -------
    DataFrame
        The same rows; per indicator its value, missing where comuni with known counts hold less than
        :data:`ENOUGH_KNOWN` of the residents, and their share of the residents (0–1) in the column that ends in
        :data:`KNOWN`.
    """
    columns: dict[str, pd.Series] = {}
    for indicator in INDICATORS:
        if not from_tables(indicator) or not set(indicator.counts) <= set(comuni.columns):
            continue
        above, below = _sides(indicator, comuni)
        known = above.notna() & (below > 0)
        weighted = above * below if indicator.kind == "mean" else above
        sums = pd.DataFrame({"above": weighted, "below": below}).where(known).groupby(comuni[by]).sum(min_count=1)
        if indicator.kind == "mean":
            sums["above"] /= sums["below"]
        residents = comuni["residents"]
        share = residents.where(known, 0).groupby(comuni[by]).sum() / residents.groupby(comuni[by]).sum()
        value = _value(indicator, sums["above"], sums["below"]).where(share >= ENOUGH_KNOWN)
        columns[indicator.id] = value.reindex(table["code"]).to_numpy()
        columns[indicator.id + KNOWN] = share.reindex(table["code"]).to_numpy()
    return table.assign(**columns)


def as_printed(table: pd.DataFrame) -> pd.DataFrame:
    """Round every indicator of a table to what a reader is shown.

    Parameters
    ----------
    table
        Any columns; those of declared indicators are rounded.
    """
    return table.round({i.id: i.precision for i in find_present(table)})


def _sides(indicator: Indicator, counts: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Numerator and denominator of each row; missing where one of their counts is."""
    sides = (counts[list(names)].sum(axis=1, skipna=False) for names in (indicator.numerator, indicator.denominator))
    above, below = (side.astype("float64") for side in sides)
    return above, below


def _value(indicator: Indicator, above: pd.Series, below: pd.Series) -> pd.Series:
    if indicator.kind == "mean":
        return above.where(below > 0)
    difference = above - below if indicator.kind == "change" else above
    return (indicator.per * difference / below).where(below > 0)
