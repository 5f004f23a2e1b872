"""Values by territory and year of what rests on tables of comuni, whatever the codes of their year.

Counts are summed before anything is divided. A territory has a value for a year only where comuni whose counts are
known hold nearly all of its residents; a row that counts people of several territories belongs to none of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.analysis.code_editions import find_shared
from helpers.analysis.indicators import KNOWN, YEAR
from helpers.declarations import BY_ID, COUNTS, INDICATORS, Count, Indicator

#: A territory has a value only if at least this share of its residents lives in comuni where its counts are known.
ENOUGH_KNOWN = 0.9

#: Year of a table without years.
UNDATED = 0

#: Columns of a series.
COLUMNS = ("code", "year", "value", "known")


class Tables:
    """Counts of raw tables by comune and year, tied to the comuni of ours.

    Parameters
    ----------
    tables
        By name, ``istat``, ``year`` (:data:`UNDATED` without) and a column per count, missing where not known.
    homes
        By name of the table, from :func:`helpers.analysis.code_editions.find_homes`.
    comuni
        Our comuni by code: ``residents``, counts that are in no table, and a column per level with the codes of the
        territories.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame], homes: Mapping[str, pd.DataFrame], comuni: pd.DataFrame):
        self.comuni = comuni
        self._tables = {name: table.set_index(["istat", "year"]) for name, table in tables.items()}
        self._homes = {name: rows.set_index(["istat", "year"])["home"] for name, rows in homes.items()}
        self._sides: dict[str, pd.DataFrame] = {}
        self._territories: dict[tuple[str, str], np.ndarray] = {}

    def has(self, entry: Indicator | Count) -> bool:
        """Whether all tables that it rests on are there, and any is needed."""
        needed = _tables_of(entry)
        return bool(needed) and all(table in self._tables for table in needed)

    def values(self, entry: Indicator | Count, by: str) -> pd.DataFrame:
        """Its values on one level.

        Parameters
        ----------
        entry
            An indicator that is no change, or a count.
        by
            Column of our comuni with the codes of the territories.

        Returns
        -------
        DataFrame
            ``code``, ``year``, ``value`` (missing where :data:`ENOUGH_KNOWN` is not reached, or there is nothing to
            divide by) and ``known`` (share of the residents, 0–1); years that every table has.
        """
        rows, residents = self._rows(entry), self.comuni["residents"].groupby(self.comuni[by]).sum()
        # Numbers stand for codes: to compare texts takes most of the time.
        territory = self._territory(_tables_of(entry)[0], by, residents.index)[rows["row"].to_numpy()]
        years = sorted(rows["year"].unique())
        rows = rows.assign(territory=territory)
        if isinstance(entry, Indicator) and entry.kind == "mean":
            rows["above"] *= rows["below"]
        sums = rows.groupby(["territory", "year"])[["above", "below", "people"]].sum()
        every = pd.MultiIndex.from_product([range(len(residents)), years])
        # Rows of no territory are left out here; those that are not known have nothing to add.
        sums = sums.reindex(every).reset_index(drop=True)
        share = sums["people"].fillna(0) / residents.to_numpy().repeat(len(years))
        value = sums["above"]
        if isinstance(entry, Indicator):
            value = (entry.per * value / sums["below"]).where(sums["below"] > 0)
        code, year = residents.index.repeat(len(years)), every.get_level_values(1)
        found = {"code": code, "year": year, "value": value.where(share >= ENOUGH_KNOWN), "known": share}
        return pd.DataFrame(found)[list(COLUMNS)]

    def shared(self) -> dict[str, list[str]]:
        """Comuni of ours that some table of its latest year counts together with others: the codes of these."""
        found: dict[str, set[str]] = {}
        for homes in self._homes.values():
            for code, others in find_shared(homes.reset_index()).items():
                found.setdefault(str(code), set()).update(others)
        return {code: sorted(others) for code, others in found.items()}

    def _rows(self, entry: Indicator | Count) -> pd.DataFrame:
        """Of each row of the first table: both sides, the residents of ours it speaks of, its place, and its year."""
        if entry.id not in self._sides:
            first, *others = _tables_of(entry)
            rows = self._tables[first]
            for table in others:
                rows = rows.join(self._tables[table].drop(columns=list(rows), errors="ignore"), how="inner")
            counts = _counts(entry)
            held = [count for count in counts if count in rows]
            homes = _find_whole(self._homes[first], rows[held].notna().all(axis=1))
            rows = rows[held].where(pd.Series(rows.index.isin(homes.index), rows.index), axis=0)
            # People of a comune that several rows may count are counted once.
            homes = homes[~homes.reset_index().duplicated(["home", "year"]).to_numpy()]
            if own := [count for count in counts if count not in rows]:
                rows = rows.join(
                    self.comuni[own].reindex(homes.to_numpy()).set_index(homes.index).groupby(level=[0, 1]).sum()
                )
            # Where no row is known, what is mapped would be text.
            people = homes.map(self.comuni["residents"]).astype("float64").groupby(level=[0, 1]).sum().rename("people")
            sides = (entry.numerator, entry.denominator) if isinstance(entry, Indicator) else ((entry.id,), ())
            above, below = (_sum(side, rows) for side in sides)
            table = pd.DataFrame({"above": above, "below": below})
            found = table.join(people)
            at = self._tables[first].index.get_indexer(found.index)
            years = found.index.get_level_values("year")
            self._sides[entry.id] = found.reset_index(drop=True).assign(row=at, year=years)
        return self._sides[entry.id]

    def _territory(self, table: str, by: str, codes: pd.Index) -> np.ndarray:
        """Of each row of a table, the place among the codes of the one territory its people live in; -1 if several."""
        key = table, by
        if key not in self._territories:
            homes = self._homes[table]
            places = pd.Series(codes.get_indexer(homes.map(self.comuni[by])), homes.index)
            places = places[places >= 0].groupby(level=[0, 1])
            one = places.first().where(places.nunique() == 1, -1)
            self._territories[key] = one.reindex(self._tables[table].index, fill_value=-1).to_numpy()
        return self._territories[key]


def changes(indicator: Indicator, series: pd.DataFrame) -> pd.DataFrame:
    """Latest value of a series less that of an earlier year, over it if the change is relative.

    Parameters
    ----------
    series
        Of what changes, see :meth:`Tables.values`.

    Returns
    -------
    DataFrame
        ``code``, ``year`` (the latest), ``value``, ``known`` (the smaller of both); empty without both years.

    Examples
    --------
    >>> from helpers.declarations import Indicator
    >>> growth = Indicator("g", "change", "share", 1, 1, "s", "", {}, "t", of="r", since=2011, relative=True)
    >>> rows = pd.DataFrame({"code": "D01", "year": [2011, 2026], "value": [200.0, 150.0], "known": 1.0})
    >>> changes(growth, rows)["value"].tolist()
    [-0.25]
    """
    last, first = series["year"].max(), series[series["year"] == indicator.since].set_index("code")
    if first.empty or last == indicator.since:
        return pd.DataFrame(columns=list(COLUMNS))
    now = series[series["year"] == last].set_index("code")
    before = first.reindex(now.index)
    value = now["value"] - before["value"]
    if indicator.relative:
        value = (value / before["value"]).where(before["value"] > 0)
    known = now["known"].clip(upper=before["known"])
    return pd.DataFrame({"year": last, "value": indicator.per * value, "known": known}).reset_index()[list(COLUMNS)]


def find_all(tables: Tables, by: str, level: str) -> dict[str, pd.DataFrame]:
    """The series of every indicator of a level that rests on tables, and of every count with a name, by id."""
    named = [count for count in COUNTS.values() if count.table and all(words.short for words in count.words.values())]
    own: list[Indicator | Count] = [*(i for i in INDICATORS if level in i.levels), *named]
    direct = [entry for entry in own if tables.has(entry)]
    found = {entry.id: tables.values(entry, by) for entry in direct}
    for indicator in INDICATORS:
        if indicator.of in found and level in indicator.levels:
            change = changes(indicator, found[indicator.of])
            if len(change):
                found[indicator.id] = change
    return found


def add_values(table: pd.DataFrame, values: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """A table of territories with the values of one year of each indicator that rests on tables.

    Parameters
    ----------
    table
        ``code`` and whatever else.
    values
        From :func:`find_all`.

    Returns
    -------
    DataFrame
        The table with, of each indicator, its value, the share of residents for whom it is known, and its year: the one
        its counts declare, or the latest.
    """
    columns: dict[str, object] = {}
    for name, rows in values.items():
        if name not in BY_ID:
            continue
        declared = [COUNTS[count].year for count in BY_ID[name].counts if count in COUNTS and COUNTS[count].year]
        year = declared[0] if declared else rows["year"].max()
        own = rows[rows["year"] == year].set_index("code").reindex(table["code"])
        columns[name] = own["value"].to_numpy()
        columns[name + KNOWN] = own["known"].to_numpy()
        if year != UNDATED:
            columns[name + YEAR] = int(year)
    return table.assign(**columns)


def _find_whole(homes: pd.Series, known: pd.Series) -> pd.Series:
    """The homes of rows that are known, less those of which another row, that speaks of no other, is not known."""
    flat = homes.reset_index()
    held = known.reindex(homes.index).fillna(False).to_numpy(dtype=bool)
    alone = ~flat.duplicated(["istat", "year"], keep=False)
    lacking = pd.MultiIndex.from_frame(flat.loc[alone & ~held, ["home", "year"]])
    return homes[held & ~pd.MultiIndex.from_frame(flat[["home", "year"]]).isin(lacking)]


def _counts(entry: Indicator | Count) -> tuple[str, ...]:
    return entry.counts if isinstance(entry, Indicator) else (entry.id,)


def _tables_of(entry: Indicator | Count) -> list[str]:
    """The raw tables it rests on, that of its first count first."""
    return list(dict.fromkeys(COUNTS[c].table for c in _counts(entry) if c in COUNTS and COUNTS[c].table))


def _sum(ids: tuple[str, ...], rows: pd.DataFrame) -> pd.Series:
    """Sum of counts, less those with a minus sign; missing where one is."""
    total = pd.Series(0.0, index=rows.index)
    for count in ids:
        total = total - rows[count[1:]] if count.startswith("-") else total + rows[count]
    return total
