"""A table that was found in a person's file: its cells, where each stands, and an account of every row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.errors import InputError, Problem
from helpers.imports.reading import containers, recognise
from helpers.imports.reading.find import Found, Passed, find, shorten
from helpers.imports.reading.layouts import Layout, load
from helpers.imports.reading.numbers import Column, read_days, read_numbers

#: Rows listed for one rule; more are counted.
LISTED = 5
AGAIN = "download the file again, and import it without opening it in a spreadsheet"


@dataclass(frozen=True)
class Account:
    """What became of the rows of a table: ``read`` = ``kept`` + those left out, by reason.

    Attributes
    ----------
    read
        Rows below the headings that are not blank.
    kept
        Rows the importer went on with.
    left_out
        Rows by why they were left out.
    """

    read: int
    kept: int
    left_out: dict[str, int]


class Table:
    """Rows of a table in a person's file.

    Attributes
    ----------
    file
        How a person finds the table: the file, and its member or sheet.
    frame
        Cells of the columns that are known, as text without spaces around it (blank = ""). Rows that are left out go;
        the index stays.
    found
        Where the table was found.
    passed
        Rows that are no rows of the table: totals, notes, headings repeated.
    problems
        What was noted with :meth:`tell`.
    """

    def __init__(self, found: Found, layout: Layout):
        self.file, self.layout, self.found = found.grid.label, layout, found
        self.passed: list[Passed] = []
        self.problems: list[Problem] = []
        self._remarks: dict[str, list[str]] = {}
        self._left: Counter[str] = Counter()
        self.frame, self.rows = self._read()
        self._count = len(self.frame) + len(self.passed)

    def _read(self) -> tuple[pd.DataFrame, pd.Series]:
        width, places = len(self.found.headings), self.found.places
        cells: list[list[str]] = [[] for _ in places]
        numbers: list[int] = []
        ragged: list[Problem] = []
        for (number, row), passed in self.found.body():
            if passed:
                self.passed.append(passed)
                continue
            if any(row[width:]) and self.found.grid.whole:
                rule = f"the row has {len(row)} cells, the headings are {width}"
                remedy = "put a text that holds the separator between double quotes"
                ragged.append(Problem(self.file, rule, remedy, number))
            elif len(row) < width and self.found.grid.whole and self.layout.file:
                rule = f"the row has {len(row)} cells, the headings are {width}: something is cut off"
                ragged.append(Problem(self.file, rule, AGAIN, number))
            for column, place in zip(cells, places.values(), strict=True):
                column.append(row[place] if place < len(row) else "")
            numbers.append(number)
        problems = ragged[:LISTED] + self._faults(numbers)
        if not problems and not numbers:
            problems.append(Problem(self.file, "the table has no rows", "fill in at least one", self.found.heading))
        if problems:
            raise InputError(problems)
        frame = pd.DataFrame(dict(zip(places, cells, strict=True)), dtype="str")
        return frame, pd.Series(numbers, index=frame.index, dtype="int64")

    def _faults(self, numbers: list[int]) -> list[Problem]:
        """Faults of cells that are read, and of headings: what else the sheet holds does not matter."""
        first, last = self.found.heading, numbers[-1] if numbers else self.found.heading
        problems: list[Problem] = []
        more = 0
        for fault in self.found.grid.faults:
            column = next((name for name, place in self.found.places.items() if place in fault.places), None)
            heading = first in fault.rows and len(fault.places) == 1
            read = column and fault.rows.stop > first + 1 and fault.rows.start <= last
            passed = {row.row for row in self.passed}.issuperset(fault.rows)
            if (heading or read) and not passed and len(problems) == LISTED:
                more += 1
            elif (heading or read) and not passed:
                problems.append(Problem(self.file, fault.rule, fault.remedy, fault.rows.start, column, fault.value))
        if more:
            rule = f"{more:,} more cells of the sheet are like these"
            problems.append(Problem(self.file, rule, problems[-1].remedy))
        return problems

    @property
    def account(self) -> Account:
        """What became of the rows."""
        left = Counter(row.why for row in self.passed) + self._left
        return Account(self._count, len(self.frame), dict(left))

    @property
    def remarks(self) -> list[str]:
        """What was understood, for the person to see before anything is written."""
        grid, found = self.found.grid, self.found
        form = f" ({grid.form})" if grid.form else ""
        said = [f"Read {self.file}{form}: headings in row {found.heading:,}, {self._count:,} rows below."]
        if found.others:
            said.append(f"Passed over: {', '.join(found.others)}.")
        if above := found.above:
            said.append(f"Above the headings: {shorten(' / '.join(above), 200)!r}.")
        said += [f"Row {row.row:,} is {row.why}: {row.text!r}." for row in self.passed[:LISTED]]
        if len(self.passed) > LISTED:
            said.append(f"{len(self.passed) - LISTED:,} more rows are no rows of the table.")
        said += [f"{count:,} {'row' if count == 1 else 'rows'} left out: {why}." for why, count in self._left.items()]
        if unknown := [cell for cell in found.headings if cell and self.layout.column(cell) is None]:
            more = f" and {len(unknown) - LISTED:,} more" if len(unknown) > LISTED else ""
            said.append(f"Columns not known, left out: {', '.join(repr(shorten(c)) for c in unknown[:LISTED])}{more}.")
        said += grid.remarks
        said += [f"{column}: {remark}." for column, told in self._remarks.items() for remark in told]
        return said

    def __contains__(self, column: str) -> bool:
        return column in self.frame

    def numbers(self, column: str, whole: bool = False, remedy: str = AGAIN) -> pd.Series:
        """Numbers of a column as ``1234.56``; "" if blank, not known or suppressed. What is no number is noted."""
        return self._typed(column, read_numbers(self.frame[column].tolist(), whole), remedy)

    def days(self, column: str, remedy: str = "write it like 31/12/2025 or 2025-12-31") -> pd.Series:
        """Days of a column as ``2025-12-31``; "" if blank or not known. What is no day is noted."""
        return self._typed(column, read_days(self.frame[column].tolist()), remedy)

    def codes(self, column: str, digits: int = 6) -> pd.Series:
        """Codes of a column with the leading zeros that spreadsheets take; what can be no such code stays as it is."""
        cells = self.frame[column].str.removesuffix(".0")
        short = cells.str.fullmatch(rf"[0-9]{{1,{digits - 1}}}") & (cells.str.strip("0") != "")
        if short.any():
            self.remark(column, f"leading zeros given back to {short.sum():,} of {len(cells):,} codes")
        return cells.where(~short, cells.str.zfill(digits))

    def remark(self, column: str, text: str) -> None:
        """Note what a column was taken for."""
        told = self._remarks.setdefault(column, [])
        if text not in told:
            told.append(text)

    def leave_out(self, rows: pd.Series, why: str) -> None:
        """Leave out the rows where ``rows`` is true, of those that are still there, and say why."""
        rows = rows[self.frame.index]
        if rows.any():
            self._left[why] += int(rows.sum())
            self.frame = self.frame[~rows]

    def tell(self, bad: pd.Series, column: str, rule: str, remedy: str = AGAIN) -> None:
        """Note the rows where ``bad`` is true: the first few, and how many more."""
        found = bad.index[bad]
        self.problems += [self.problem(i, column, rule, remedy) for i in found[:LISTED]]
        if len(found) > LISTED:
            more = f"{rule} ({len(found) - LISTED:,} more like these)"
            self.problems.append(Problem(self.file, more, remedy, column=column))

    def problem(self, index: int, column: str, rule: str, remedy: str) -> Problem:
        """Make a problem of a cell."""
        value = self.frame.at[index, column] if column in self.frame else None
        return Problem(self.file, rule, remedy, int(self.rows[index]), column, value)

    def stop_if_any(self) -> None:
        """Raise what was noted."""
        if self.problems:
            raise InputError(self.problems)

    def _typed(self, column: str, read: Column, remedy: str) -> pd.Series:
        for remark in read.remarks:
            self.remark(column, remark)
        rules = pd.Series("", index=self.frame.index, dtype="str")
        for position, rule in read.bad.items():
            rules.iloc[position] = rule
        for rule in dict.fromkeys(read.bad.values()):
            self.tell(rules == rule, column, rule, remedy)
        return pd.Series(read.values, index=self.frame.index, dtype="str")


def read_table(path: Path, layout: Layout | str, sheet: str | None = None, what: str = "file") -> Table:
    """Read the table of a layout out of a file.

    Parameters
    ----------
    path
        The file, of any kind of :func:`containers.open_grids`.
    layout
        The layout, or its name.
    sheet
        Name of the sheet, if several hold such a table.
    what
        What the person was asked for, as "list".

    Raises
    ------
    InputError
        If the table is not there, or a cell of it cannot be believed; in one line if the file is another.
    """
    known = load(layout) if isinstance(layout, str) else layout
    grids = containers.open_grids(path, what)
    try:
        found = find(grids, known, sheet)
    except InputError as error:
        if sheet is None and (other := recognise.other_file(path.name, grids, known)):
            raise InputError([other]) from error
        raise
    return Table(found, known)
