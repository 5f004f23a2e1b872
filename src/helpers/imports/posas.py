"""ISTAT's POSAS: residents of each comune by single year of age, as downloaded → people by comune, age and sex."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.errors import InputError, Problem
from helpers.imports.plan import years_named
from helpers.imports.reading import Table, read_table

#: Ages 0 to 100 (100 and over), and the row that sums them.
AGES, TOTAL = 101, 999


@dataclass(frozen=True)
class People:
    """A file that is whole and adds up.

    Attributes
    ----------
    year
        Whose first of January the people were counted at.
    provisional
        True if the file calls its figures provisional.
    frame
        One row per comune and age: ``istat``, ``name`` (text), ``age``, ``female``, ``male`` (int64), in order.
    table
        The table as it was read, with the account of its rows.
    """

    year: int
    provisional: bool
    frame: pd.DataFrame
    table: Table


def read(path: Path, year: int | None = None) -> People:
    """Read a file of POSAS.

    Parameters
    ----------
    path
        ``POSAS_<year>_it_Comuni.csv``, or the same table in another container.
    year
        Of the people, if neither title nor name say it.

    Raises
    ------
    InputError
        If the file is missing, its form is another, an age is missing or twice, or ages do not sum to the total row.
    """
    table = read_table(path, "posas")
    title = " ".join(table.found.above)
    whole = _check_rows(table)
    return People(_year(path.name, title, year), "provvisori" in title.casefold(), whole, table)


def _year(file: str, title: str, given: int | None) -> int:
    told = {
        "the title line": re.findall(r"\b(?:19|20)[0-9]{2}\b", title)[-1:],
        "the name of the file": years_named(file)[:1],
        "--year": [str(given)] if given else [],
    }
    found = {where: int(years[0]) for where, years in told.items() if years}
    if not found:
        raise InputError([Problem(file, "neither its title nor its name says the year", "give it with --year")])
    if len(set(found.values())) > 1:
        rule = "the year is not the same everywhere: " + ", ".join(f"{year} in {w}" for w, year in found.items())
        raise InputError([Problem(file, rule, "give the right file, or its right name")])
    return next(iter(found.values()))


def _check_rows(table: Table) -> pd.DataFrame:
    """Numbers instead of text, without the total rows; every rule that does not hold is told."""
    tell, frame = table.tell, table.frame.assign(istat=table.codes("istat"))
    tell(~frame["istat"].str.fullmatch("[0-9]{6}"), "istat", "the code must have six digits with leading zeros")
    counts = [column for column in ("age", "male", "female", "people") if column in table]
    for column in counts:
        frame[column] = table.numbers(column, whole=True)
        tell(~frame[column].str.fullmatch("[0-9]{1,9}"), column, "the value must be a whole number, not negative")
    table.stop_if_any()
    frame = frame.astype(dict.fromkeys(counts, "int64"))
    tell(
        (frame["age"] >= AGES) & (frame["age"] != TOTAL), "age", f"an age is 0 to {AGES - 1}, or {TOTAL} for the total"
    )
    tell(frame.duplicated(["istat", "age"]), "age", "the comune has this age twice")
    if "people" in frame:
        tell(frame["people"] != frame["male"] + frame["female"], "people", "the total is not men and women together")
    table.stop_if_any()
    _check_totals(table, frame)
    table.leave_out(frame["age"] == TOTAL, f"they sum the ages of a comune (age {TOTAL})")
    ages = frame.loc[table.frame.index]
    return ages[["istat", "name", "age", "female", "male"]].sort_values(["istat", "age"], ignore_index=True)


def _check_totals(table: Table, frame: pd.DataFrame) -> None:
    """Every comune must have all its ages, and these must sum to its total row."""
    ages = frame[frame["age"] != TOTAL]
    totals = frame[frame["age"] == TOTAL].reset_index(names="at").set_index("istat")
    first = frame.reset_index(names="at").groupby("istat")["at"].first()
    sums = ages.groupby("istat")[["female", "male"]].agg("sum")
    size = ages.groupby("istat").size().reindex(first.index, fill_value=0)
    at = first.reset_index().set_index("at")["istat"]
    tell = table.tell
    tell(at.map(size) != AGES, "istat", f"the comune must have the {AGES} ages from 0 to {AGES - 1}")
    tell(~at.isin(totals.index), "istat", f"the comune has no total row (age {TOTAL})")
    both = totals.index.intersection(sums.index)
    for column in ("female", "male"):
        wrong = sums.loc[both, column] != totals.loc[both, column]
        rows = pd.Series(wrong.to_numpy(), index=totals.loc[both, "at"])
        tell(rows, column, f"the ages do not sum to the total row (age {TOTAL})")
    table.stop_if_any()
