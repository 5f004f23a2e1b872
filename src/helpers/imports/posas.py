"""ISTAT's POSAS: residents of each comune by single year of age, as downloaded → people by comune, age and sex."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.errors import InputError, Problem
from helpers.imports import source_file
from helpers.imports.source_file import AGAIN, Findings
from helpers.system.plain_text import words

#: Ages 0 to 100 (100 and over), and the row that sums them.
AGES, TOTAL = 101, 999

#: Our columns, with the headings POSAS gives them.
COLUMNS = {
    "istat": ("codice comune",),
    "name": ("comune",),
    "age": ("eta",),
    "male": ("totale maschi", "maschi"),
    "female": ("totale femmine", "femmine"),
    "people": ("totale",),
}
_NEEDED = ("istat", "name", "age", "male", "female")
_TITLE_LINES = 10


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
    """

    year: int
    provisional: bool
    frame: pd.DataFrame


def read(path: Path, year: int | None = None) -> People:
    """Read a file of POSAS.

    Parameters
    ----------
    path
        ``POSAS_<year>_it_Comuni.csv``: semicolons, a title line, a header, UTF-8 or latin-1.
    year
        Of the people, if neither title nor name say it.

    Raises
    ------
    InputError
        If the file is missing, its form is another, an age is missing or twice, or ages do not sum to the total row.
    """
    text = source_file.text(path)
    lines = text.split("\n", _TITLE_LINES)[:_TITLE_LINES]
    start = next((n for n, line in enumerate(lines) if _heading(line.partition(";")[0]) in COLUMNS["istat"]), None)
    if start is None:
        rule = f"none of the first {_TITLE_LINES} lines is a header that begins with 'Codice comune', with semicolons"
        raise InputError(
            [Problem(path.name, rule, "give the file POSAS_<year>_it_Comuni.csv of ISTAT", 1, None, lines[0])]
        )
    title = " ".join(lines[:start])
    frame = _cells(path.name, text, lines[start], start)
    whole = _check_rows(path.name, frame)
    return People(_year(path.name, title, year), "provvisori" in title.casefold(), whole)


def _year(file: str, title: str, given: int | None) -> int:
    told = {
        "the title line": re.findall(r"\b(?:19|20)[0-9]{2}\b", title)[-1:],
        "the name of the file": source_file.years_named(file)[:1],
        "--year": [str(given)] if given else [],
    }
    found = {where: int(years[0]) for where, years in told.items() if years}
    if not found:
        raise InputError([Problem(file, "neither its title nor its name says the year", "give it with --year")])
    if len(set(found.values())) > 1:
        rule = "the year is not the same everywhere: " + ", ".join(f"{year} in {w}" for w, year in found.items())
        raise InputError([Problem(file, rule, "give the right file, or its right name")])
    return next(iter(found.values()))


def _cells(file: str, text: str, header: str, start: int) -> pd.DataFrame:
    """Cells of our columns as text, the index being the line of the file."""
    names = [_heading(name) for name in header.rstrip("\r").split(";")]
    places = {
        column: names.index(next(heading for heading in headings if heading in names))
        for column, headings in COLUMNS.items()
        if not set(headings).isdisjoint(names)
    }
    absent = [column for column in _NEEDED if column not in places]
    if absent:
        raise InputError(
            [
                Problem(file, f"the column {COLUMNS[column][0]!r} is missing", AGAIN, start + 1, column, header.strip())
                for column in absent
            ]
        )
    try:
        frame = pd.read_csv(
            io.StringIO(text), sep=";", header=None, skiprows=start + 1, dtype="str", na_filter=False,
            usecols=sorted(places.values()), skip_blank_lines=False, names=range(len(names)), index_col=False,
        )  # fmt: skip
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError([Problem(file, f"the file cannot be read ({error})", AGAIN)]) from error
    frame = frame[list(places.values())].set_axis(list(places), axis=1)
    frame.index = frame.index + start + 2
    frame = frame.apply(lambda cells: cells.str.strip())
    return frame[(frame != "").any(axis=1)]


def _check_rows(file: str, cells: pd.DataFrame) -> pd.DataFrame:
    """Numbers instead of text, without the total rows; every rule that does not hold is told."""
    findings = Findings(file, cells)
    tell = findings.tell
    tell(~cells["istat"].str.fullmatch("[0-9]{6}"), "istat", "the code must have six digits with leading zeros")
    counts = [column for column in ("age", "male", "female", "people") if column in cells]
    for column in counts:
        tell(~cells[column].str.fullmatch("[0-9]{1,9}"), column, "the value must be a whole number, not negative")
    findings.stop_if_any()
    frame = cells.astype(dict.fromkeys(counts, "int64"))
    tell(
        (frame["age"] >= AGES) & (frame["age"] != TOTAL), "age", f"an age is 0 to {AGES - 1}, or {TOTAL} for the total"
    )
    tell(frame.duplicated(["istat", "age"]), "age", "the comune has this age twice")
    if "people" in frame:
        tell(frame["people"] != frame["male"] + frame["female"], "people", "the total is not men and women together")
    findings.stop_if_any()
    ages, totals = (
        frame[frame["age"] != TOTAL],
        frame[frame["age"] == TOTAL].reset_index(names="line").set_index("istat"),
    )
    first = frame.reset_index(names="line").groupby("istat")["line"].first()
    sums = ages.groupby("istat")[["female", "male"]].agg("sum")
    size = ages.groupby("istat").size().reindex(first.index, fill_value=0)
    at = first.reset_index().set_index("line")["istat"]
    tell(at.map(size) != AGES, "istat", f"the comune must have the {AGES} ages from 0 to {AGES - 1}")
    tell(~at.isin(totals.index), "istat", f"the comune has no total row (age {TOTAL})")
    both = totals.index.intersection(sums.index)
    for column in ("female", "male"):
        wrong = sums.loc[both, column] != totals.loc[both, column]
        lines = totals.loc[both, "line"]
        tell(pd.Series(wrong.to_numpy(), index=lines), column, f"the ages do not sum to the total row (age {TOTAL})")
    findings.stop_if_any()
    return ages[["istat", "name", "age", "female", "male"]].sort_values(["istat", "age"], ignore_index=True)


def _heading(text: str) -> str:
    return " ".join(words(text))
