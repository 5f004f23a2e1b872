"""Cells of the official format → cells of our tables; what does not fit is told with line, column and value."""

from __future__ import annotations

import re

import pandas as pd

from helpers.errors import Problem

LIST = ":::"
#: Euro. No programme the strategy draws on has as much for all its projects together.
ABSURD_EUR = 1_000_000_000
_AMOUNT = re.compile(r"\d{1,15}(?:,\d+)?")
_DAYS = ("1990-01-01", "2099-12-31")
#: The fiscal code of a natural person, the letters that replace digits in case of equal codes included.
PERSON = re.compile(
    r"(?<![A-Z0-9])[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z](?![A-Z0-9])", re.I
)
MASK = "[codice fiscale omesso]"


class Cells:
    """The cells of a scanned file, and what is wrong with them.

    Attributes
    ----------
    frame, file
        The rows as text, with ``line``; how a person finds the file.
    problems, warnings
        What stops the import, and what the person should know.
    """

    def __init__(self, frame: pd.DataFrame, file: str):
        self.frame, self.file = frame.reset_index(drop=True), file
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def at(self, i: int, column: str, rule: str, remedy: str, value: object = None) -> Problem:
        """Make a problem of the cell in position ``i``."""
        value = self.frame[column][i] if value is None and column in self.frame else value
        return Problem(self.file, rule, remedy, row=int(self.frame["line"][i]), column=column, value=value)

    def keep(self, good: pd.Series) -> None:
        """Go on with the rows where ``good`` holds."""
        self.frame = self.frame[good].reset_index(drop=True)

    def text(self, column: str) -> pd.Series:
        """Text on one line, fiscal codes of persons masked (with a warning)."""
        cells = one_line(self.frame[column])
        for i in cells.index[cells.str.contains(PERSON)]:
            rule = "the cell holds the fiscal code of a person, which is never stored; it was left out of the text"
            # The value itself must not be repeated in a message that may be copied.
            self.warnings.append(self.at(i, column, rule, "tell OpenCoesione", MASK))
        return cells.str.replace(PERSON, MASK, regex=True)

    def link(self, column: str) -> pd.Series:
        """Addresses of the web; others are left out, with a warning."""
        cells = self.text(column)
        good = cells.str.fullmatch(r"https?://[^\s\"'<>]+") | (cells == "")
        rule, remedy = "the link is no address of the web; it was left out", "look at the row"
        self.warnings += [self.at(i, column, rule, remedy) for i in cells.index[~good]]
        return cells.where(good, "")

    def amount(self, column: str) -> pd.Series:
        """Euro with a decimal comma → with a point and at least two decimals; blank stays blank (not known)."""
        cells = self.frame[column].str.strip()
        fits = cells.str.fullmatch(_AMOUNT) | (cells == "")
        self.problems += [self.at(i, column, *_why_no_amount(cells[i])) for i in cells.index[~fits]]
        numbers = pd.to_numeric(cells.where(fits, "").str.replace(",", "."), errors="coerce")
        rule = f"an amount of more than {ABSURD_EUR:,} euro for one project cannot be right"
        too_big = numbers.index[numbers > ABSURD_EUR]
        self.problems += [self.at(i, column, rule, "correct the value at the source") for i in too_big]
        return cells.where(fits, "").map(_euro)

    def day(self, column: str) -> pd.Series:
        """``YYYYMMDD`` → ``YYYY-MM-DD``."""
        cells = self.frame[column].str.strip()
        days = pd.to_datetime(cells.where(cells.str.fullmatch(r"\d{8}"), ""), format="%Y%m%d", errors="coerce")
        good = (days >= _DAYS[0]) & (days <= _DAYS[1]) | (cells == "")
        rule, remedy = "the value must be a date that exists, as YYYYMMDD", "write it like 20180401"
        self.problems += [self.at(i, column, rule, remedy) for i in cells.index[~good]]
        return days.dt.strftime("%Y-%m-%d").fillna("").astype("str")

    def words(self, column: str, known: dict[str, str]) -> pd.Series:
        """Codes → words."""
        cells = self.frame[column].str.strip()
        rule, remedy = "the code is unknown", "write one of: " + ", ".join(known)
        self.problems += [self.at(i, column, rule, remedy) for i in cells.index[~cells.isin(known)]]
        return cells.map(known).fillna("").astype("str")

    def key(self, column: str) -> pd.Series:
        """The key of a project: filled, and no fiscal code (such rows are left out, with a warning)."""
        cells = self.frame[column].str.strip()
        rule = "the key of the project is empty"
        self.problems += [self.at(i, column, rule, "download the file again") for i in cells.index[cells == ""]]
        return cells

    def drop_persons(self, column: str) -> None:
        """Leave out the rows whose key holds the fiscal code of a person."""
        bad = self.frame[column].str.contains(PERSON)
        rule = "the key holds the fiscal code of a person, which is never stored; the row was left out"
        self.warnings += [self.at(i, column, rule, "tell OpenCoesione", MASK) for i in bad.index[bad]]
        self.keep(~bad)


def one_line(cells: pd.Series) -> pd.Series:
    """Text on one line: white space and control characters become single spaces."""
    return cells.str.replace(r"[\s\x00-\x1f\x7f-\x9f]+", " ", regex=True).str.strip()


def items(cell: str) -> list[str]:
    """The values of a cell that may be a list."""
    return [item.strip() for item in cell.split(LIST)] if cell else []


def _euro(cell: str) -> str:
    if not cell:
        return ""
    whole, _, decimals = cell.partition(",")
    return f"{whole.lstrip('0') or '0'}.{decimals.rstrip('0').ljust(2, '0')}"


def _why_no_amount(cell: str) -> tuple[str, str]:
    if re.fullmatch(r"-\d+(,\d+)?", cell):
        return "an amount cannot be negative", "correct the value at the source"
    if "." in cell and ("," in cell or cell.count(".") > 1):
        return "an amount must have no separator of thousands", "give the file as it was downloaded, 1221,72"
    if "." in cell:
        rule = "an amount must have a decimal comma; this has a point"
        return rule, "give the file as it was downloaded (a spreadsheet may have changed it), 1221,72"
    return "an amount must be digits with a decimal comma", "correct the value at the source, like 1221,72"
