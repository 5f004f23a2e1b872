"""The regions of Italy and the cities of WILL by what is counted of them over the years: residents, moves, incomes."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from helpers.analysis import series
from helpers.analysis.indicators import KNOWN
from helpers.declarations import COUNTS, INDICATORS, Count

#: Code of the country in a table of regions.
ITALY = "IT"

#: Indicators declared for this level are computed elsewhere in Italy too, where their counts are known.
LEVEL = "region"


def indicators(counts: pd.DataFrame, territories: pd.DataFrame) -> pd.DataFrame:
    """What can be said of territories elsewhere in Italy, each from its own summed counts.

    Parameters
    ----------
    counts
        The raw table ``italy_counts``.
    territories
        Indexed by code: ``residents`` (persons).

    Returns
    -------
    DataFrame
        Indexed by code: every declared indicator whose counts are there, with the year of each
        (``<id>_year``); missing where fewer than nine tenths of the comuni are known.
    """
    codes = territories.index
    own = counts[counts["territory"].isin(codes)]
    own = own[own["known"] >= series.ENOUGH_KNOWN * own["comuni"]]
    tables = {name: _wide(rows, declared) for name, rows in own.groupby("table") if (declared := _declared(name, rows))}
    homes = {name: table[["istat", "year"]].assign(home=table["istat"]) for name, table in tables.items()}
    held = series.Tables(tables, homes, territories.assign(code=codes))
    found = series.find_all(held, "code", LEVEL)
    table = series.add_values(pd.DataFrame({"code": codes}), found).set_index("code")
    return table[[column for column in table if not column.endswith(KNOWN)]]


def with_italy(counts: pd.DataFrame, regions: Iterable[str]) -> pd.DataFrame:
    """The counts of the regions, and of all of them together as :data:`ITALY` where every region has one."""
    codes = set(regions)
    own = counts[counts["territory"].isin(codes)]
    groups = own.groupby(["table", "column", "year"])
    whole = (
        groups[["value", "comuni", "known"]]
        .sum()
        .assign(provisional=groups["provisional"].any(), n=groups["territory"].nunique())
    )
    whole = whole[whole["n"] == len(codes)].drop(columns="n").reset_index()
    return pd.concat([own, whole.assign(territory=ITALY)], ignore_index=True)


def shown(table: pd.DataFrame) -> tuple[str, ...]:
    """Ids of the indicators of a table of :func:`indicators`, in the declared order."""
    return tuple(
        indicator.id for indicator in INDICATORS if indicator.id in table and table[indicator.id].notna().any()
    )


def _declared(table: str, rows: pd.DataFrame) -> list[Count]:
    held = set(rows["column"])
    return [count for count in COUNTS.values() if count.table == table and not count.values and count.column in held]


def _wide(rows: pd.DataFrame, counts: list[Count]) -> pd.DataFrame:
    """The counts of a table by territory and year, named by their ids."""
    values = rows.pivot(index=["territory", "year"], columns="column", values="value").astype("float64")
    table = pd.DataFrame({count.id: values[count.column] for count in counts})
    return table.rename_axis(["istat", "year"]).reset_index().astype({"year": "int64"})
