"""What producers' files of all Italy say of the other regions and of the cities of WILL → the table ``italy_counts``.

Only the sums of declared counts are kept: a comune elsewhere is nobody's subject here unless it is a city of WILL.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.declarations import COUNTS
from helpers.imports import provinces
from helpers.imports.draft import Draft
from helpers.imports.reading import Table
from helpers.imports.reading.numbers import read_numbers
from helpers.system.place_names import fold_name

TABLE = "italy_counts"
KEYS = ["territory", "table", "column", "year"]


def sum_up(
    listed: Table, draft: Draft, columns: Mapping[str, str], warnings: list[str], days: pd.Series | None = None
) -> pd.DataFrame:
    """Sums of a file's columns by region and city of WILL; before the rows of other regions are left out.

    Parameters
    ----------
    listed
        The file's table, with ``istat``, and ``region`` (its name) where the file says it: provinces that are no more.
    columns
        Name of each sum by the file's column.
    warnings
        Takes the regions that a file of several regions does not cover.
    days
        Day of each row, if the file has several.

    Returns
    -------
    DataFrame
        ``territory`` (code of the region or city), ``column``, ``value`` (sum over the comuni whose number is known),
        ``comuni`` and ``known`` (how many there are, and are known), ``day``; no rows for a file of one region.
    """
    empty = pd.DataFrame(columns=["territory", "column", "value", "comuni", "known", "day"])
    if not draft.has(TABLE):
        return empty
    table, codes = draft.cells(provinces.TABLE), listed.codes("istat")
    region = codes.str[:3].map(dict(zip(table["province_code"], table["region_code"], strict=True)))
    if "region" in listed:
        region = region.fillna(listed.frame["region"].map(fold_name).map(_by_name(draft)))
    region = region.where(codes.str.fullmatch("[0-9]{6}"))
    if region.nunique() < 2:
        return empty
    day = pd.Series("", listed.frame.index) if days is None else days
    whole = _find_whole(draft, codes, region, day, warnings)
    cities = set(draft.cells("will_comuni")["istat"])
    parts = [empty]
    for column in [column for column in columns if column in listed]:
        values = pd.to_numeric(pd.Series(read_numbers(listed.frame[column], whole=True).values, listed.frame.index))
        for territory in (region.where(whole), codes.where(codes.isin(cities))):
            groups = values.groupby([territory.rename("territory"), day.rename("day")])
            found = pd.DataFrame({"value": groups.sum(), "comuni": groups.size(), "known": groups.count()})
            parts.append(found[found["known"] > 0].reset_index().assign(column=columns[column]))
    return pd.concat([part for part in parts if len(part)] or [empty], ignore_index=True)


def _find_whole(draft: Draft, codes: pd.Series, region: pd.Series, day: pd.Series, warnings: list[str]) -> pd.Series:
    """Rows of regions of which the file has, on their day, nearly all comuni there are, whatever their codes were."""
    table = draft.cells(provinces.TABLE)
    today = table[table["valid_to"] == ""]
    sizes = pd.to_numeric(today["comuni"]).groupby(today["region_code"]).sum()
    here = codes.groupby([region, day]).transform("nunique")
    lacking = region.notna() & (here < provinces.NOTICED * region.map(sizes))
    names = draft.cells("regions").set_index("region_code")["name"]
    warnings += [
        f"{names[code]} is not summed: the file has {int(here[region == code].min()):,} of its {sizes[code]:,} comuni."
        for code in sorted(set(region[lacking]))
    ]
    return ~lacking


def _by_name(draft: Draft) -> dict[str, str]:
    """Code of each region by its folded names."""
    names = draft.cells("regions").set_index("name")["region_code"]
    return {fold_name(part): code for name, code in names.items() for part in str(name).split("/")}


def declared(table: str) -> list[str]:
    """Columns of a raw table of comuni that a declared count speaks of."""
    return list(dict.fromkeys(count.column for count in COUNTS.values() if count.table == table and not count.values))


def write(draft: Draft, table: str, year: int, sums: pd.DataFrame, final: bool = True) -> None:
    """Put sums in place of those of the same territories, table and year; what is not final replaces nothing final."""
    if sums.empty:
        return
    before = draft.cells(TABLE)
    new = sums.assign(table=table, year=year, value=sums["value"].astype("int64"), provisional=str(not final).lower())
    new = new.astype("str")[list(before)]
    same = before.set_index(KEYS).index.isin(new.set_index(KEYS).index)
    if not final:
        kept = before[same & (before["provisional"] == "false")].set_index(KEYS).index
        new = new[~new.set_index(KEYS).index.isin(kept)]
        same = before.set_index(KEYS).index.isin(new.set_index(KEYS).index)
    both = pd.concat([before[~same], new])
    draft.write(TABLE, both.sort_values(["table", "year", "territory", "column"], ignore_index=True))
