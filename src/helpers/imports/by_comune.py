"""What importers of numbers by comune and year share: whose rows they are, how parts add up, how a year is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from helpers.analysis.comuni_changes import Matched
from helpers.analysis.territory import REGION
from helpers.errors import InputError, Problem
from helpers.imports import changes, provinces
from helpers.imports.draft import Draft
from helpers.imports.reading import Table

#: Said of tables that rest on copies made by others; a producer's own files take it away.
COPY = "unofficial-copy"


def own_rows(listed: Table, draft: Draft, keys: Sequence[str] = ("istat",)) -> pd.DataFrame:
    """The rows of Piedmont's comuni, with their codes whole; each comune once.

    Parameters
    ----------
    listed
        A table with ``istat``; rows of others are left out of it.
    keys
        Columns that tell its rows apart.

    Raises
    ------
    InputError
        If a code is none, a comune comes twice, or the file has none of Piedmont.
    """
    codes = listed.codes("istat")
    listed.tell(~codes.str.fullmatch("[0-9]{6}|0*"), "istat", "the code must have six digits")
    listed.leave_out(codes.str.fullmatch("0*"), "they are of no comune")
    elsewhere = ~codes.str[:3].isin(provinces.codes_of(draft.cells(provinces.TABLE), REGION))
    listed.leave_out(codes.str.fullmatch("[0-9]{6}") & elsewhere, "they are of other regions")
    if listed.frame.empty and not listed.problems:
        rule = "the file has no comune of Piedmont"
        raise InputError([Problem(listed.file, rule, "give the file of all Italy")])
    own = listed.frame.assign(istat=codes)
    listed.tell(own.duplicated(list(keys)), "istat", "the comune comes twice", "keep one row of each")
    return own


def sum_up(numbers: pd.DataFrame, istat: pd.Series, renamed: dict[str, str]) -> pd.DataFrame:
    """Numbers as text by ``istat``; parts of a comune of ours add up, and a sum that lacks a part is blank.

    Parameters
    ----------
    numbers
        Whole numbers as text, blank where not known.
    istat
        Code of each row.
    renamed
        Our code by code of the file.
    """
    table = numbers.apply(lambda column: pd.to_numeric(column.replace("", None))).astype("Int64")
    groups = table.groupby(istat.replace(renamed).rename("istat"))
    whole = groups.sum().where(groups.count().eq(groups.size(), axis=0))
    return whole.astype("object").where(whole.notna(), "").astype("str").reset_index()


def write_year(
    draft: Draft, table: str, rows: pd.DataFrame, year: int, matched: Matched, day: dt.date, final: bool = True
) -> bool:
    """Put the rows of a year in place of those that a table has of it, and name the edition of their codes.

    Parameters
    ----------
    rows
        Text: ``istat`` and columns of the table; what they lack stays as it is.
    matched, day
        How the codes of the file met ours, and their day.
    final
        False if the rows must not take the place of final figures: the table then stays as it is.

    Returns
    -------
    bool
        Whether the rows were taken.
    """
    before = draft.cells(table)
    same = before["year"] == str(year)
    if not final and same.any() and not (before.loc[same, "provisional"] == "true").any():
        return False
    kept = before[same].set_index("istat")
    new = rows.set_index("istat").assign(year=str(year))
    for column in [column for column in before if column not in (*new, "istat")]:
        new[column] = kept[column].reindex(new.index).fillna("")
    both = pd.concat([before[~same], new.reset_index()[list(before)]], ignore_index=True)
    draft.write(table, both.sort_values(["year", "istat"], ignore_index=True))
    draft.resource(table)["year"] = int(both["year"].max())
    changes.note_edition(draft, table, year, matched, day)
    return True


def cite(draft: Draft, table: str, title: str, address: str, years: Sequence[int], version: str) -> None:
    """Name the producer's file as a source; where it holds every year of the table, copies are named no more."""
    entry = draft.resource(table)
    others = [found for found in entry["sources"] if found["title"] != title]
    if set(draft.cells(table)["year"]) <= set(map(str, years)):
        others = []
        entry["usageWarnings"] = [code for code in entry.get("usageWarnings", ()) if code != COPY]
    entry["sources"] = [{"title": title, "path": address, "version": version}, *others]
