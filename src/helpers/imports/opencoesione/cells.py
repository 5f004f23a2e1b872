"""Cells of the official format → cells of our tables; what does not fit is told with line, column and value."""

from __future__ import annotations

import re
from collections import Counter

import pandas as pd

from helpers.checks import texts
from helpers.errors import Problem
from helpers.imports.reading import Account
from helpers.imports.reading.numbers import read_days, read_numbers

LIST = ":::"
#: Euro. No programme the strategy draws on has as much for all its projects together.
ABSURD_EUR = 1_000_000_000
#: The official forms of amounts and days; others are read too, and told.
_AMOUNT, _DAY = r"-?\d{1,15}(?:,\d+)?", r"\d{8}"
#: What only a decimal comma can be, and a comma before three digits, which may also part thousands.
_COMMA, _THREE = re.compile(r"-?[\d.]*\d,(?:\d{1,2}|\d{4,})"), re.compile(r"-?\d{1,3},\d{3}")
_POINT = re.compile(r"-?[\d,]*\d\.(?:\d{1,2}|\d{4,})")
_DAYS = ("1990-01-01", "2099-12-31")
#: The fiscal code of a natural person, the letters that replace digits in case of equal codes included.
PERSON = re.compile(
    r"(?<![A-Z0-9])[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z](?![A-Z0-9])", re.I
)
_TURN = re.compile(texts.FORBIDDEN["direction"][0])
_BLANK = re.compile(rf"(?:\s|{texts.FORBIDDEN['control'][0]})+")
MASK = "[codice fiscale omesso]"


class Cells:
    """The cells of a scanned file, and what is wrong with them.

    Attributes
    ----------
    frame, file
        The rows as text, with ``line``; how a person finds the file.
    problems, warnings, remarks
        What stops the import, what the person should know, and what was taken for what.
    """

    def __init__(self, frame: pd.DataFrame, file: str):
        self.frame, self.file = frame.reset_index(drop=True), file
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.remarks: list[str] = []
        self._left: Counter[str] = Counter()

    def at(self, i: int, column: str, rule: str, remedy: str, value: object = None) -> Problem:
        """Make a problem of the cell in position ``i``."""
        value = self.frame[column][i] if value is None and column in self.frame else value
        return Problem(self.file, rule, remedy, row=int(self.frame["line"][i]), column=column, value=value)

    def keep(self, good: pd.Series, why: str) -> None:
        """Go on with the rows where ``good`` holds, and say why the others are left out."""
        self.leave(int((~good).sum()), why)
        self.frame = self.frame[good].reset_index(drop=True)

    def leave(self, rows: int, why: str) -> None:
        """Say why so many rows are left out."""
        if rows:
            self._left[why] += rows

    def account(self, read: int, kept: int) -> Account:
        """What became of the rows of the file.

        Parameters
        ----------
        read, kept
            Rows that the file has, and of those in the frame that the importer goes on with.
        """
        return Account(read, kept, dict(self._left))

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

    def amounts(self, columns: dict[str, str], negative: bool = False) -> pd.DataFrame:
        """Euro as ``1234.50``, with at least two decimals; blank is not known.

        The official file has a decimal comma and no mark of thousands. What is written otherwise is decided by its
        column; a comma before three digits is a decimal comma if other amounts of the file say so.

        Parameters
        ----------
        columns
            The official column of each column of the result.
        negative
            Whether amounts may be negative.
        """
        cells = {name: self.frame[column].str.strip() for name, column in columns.items()}
        whole = pd.concat(cells.values()) if cells else pd.Series(dtype="str")
        commas = bool(whole.str.fullmatch(_COMMA).any()) and not whole.str.fullmatch(_POINT).any()
        read = {name: self._euro(columns[name], own, commas, negative) for name, own in cells.items()}
        return pd.DataFrame(read, index=self.frame.index, dtype="str")

    def _euro(self, column: str, cells: pd.Series, commas: bool, negative: bool) -> pd.Series:
        sure = cells.str.fullmatch(_AMOUNT) & (commas | ~cells.str.fullmatch(_THREE))
        values = cells.where(sure, "").str.replace(",", ".")
        others = cells[~sure & (cells != "")]
        if len(others):
            # All of the column decide, so that those in the official form are heard too.
            found = read_numbers(cells)
            for i in others.index:
                values[i] = found.values[i]
                if i in found.bad:
                    rule = f"{found.bad[i]}; the official file has a decimal comma and no mark of thousands"
                    self.problems.append(self.at(i, column, rule, "give the file as it was downloaded, 1221,72"))
            told = others[others.str.fullmatch(r"-?\d{1,3}\.\d{3}")]
            if len(told) and values[told.index[0]] == told.iloc[0].replace(".", ""):
                found.remarks.append(f"{told.iloc[0]} was taken for {values[told.index[0]]}")
            self.remarks += [f"{column}: {remark}" for remark in dict.fromkeys(found.remarks)]
        numbers = pd.to_numeric(values, errors="coerce")
        if not negative:
            rule, remedy = "an amount cannot be negative", "correct the value at the source"
            self.problems += [self.at(i, column, rule, remedy) for i in numbers.index[numbers < 0]]
        rule = f"an amount of more than {ABSURD_EUR:,} euro for one project cannot be right"
        too_big = numbers.index[numbers.abs() > ABSURD_EUR]
        self.problems += [self.at(i, column, rule, "correct the value at the source") for i in too_big]
        return values.map(_two_decimals)

    def day(self, column: str) -> pd.Series:
        """Days as ``YYYY-MM-DD``; the official file has ``YYYYMMDD``, others are read too and told."""
        cells = self.frame[column].str.strip()
        official = cells.str.fullmatch(_DAY) | (cells == "")
        found = read_days(cells)
        days = pd.Series(found.values, index=cells.index, dtype="str")
        if not official.all():
            self.remarks += [f"{column}: {remark}" for remark in found.remarks]
        rule, remedy = "the value must be a date that exists, as YYYYMMDD", "write it like 20180401"
        bad = pd.Series([i in found.bad for i in range(len(cells))], index=cells.index, dtype="bool")
        bad |= (days != "") & ((days < _DAYS[0]) | (days > _DAYS[1]))
        self.problems += [self.at(i, column, rule, remedy) for i in cells.index[bad]]
        return days.where(~bad, "")

    def words(self, column: str, known: dict[str, str]) -> pd.Series:
        """Codes → words."""
        cells = self.frame[column].str.strip()
        rule, remedy = "the code is unknown", "write one of: " + ", ".join(known)
        self.problems += [self.at(i, column, rule, remedy) for i in cells.index[~cells.isin(known)]]
        return cells.map(known).fillna("").astype("str")

    def key(self, column: str) -> pd.Series:
        """The key of a project: filled."""
        cells = self.frame[column].str.strip()
        rule = "the key of the project is empty"
        self.problems += [self.at(i, column, rule, "download the file again") for i in cells.index[cells == ""]]
        return cells

    def drop_persons(self, column: str) -> None:
        """Leave out the rows whose key holds the fiscal code of a person."""
        bad = self.frame[column].str.contains(PERSON)
        rule = "the key holds the fiscal code of a person, which is never stored; the row was left out"
        self.warnings += [self.at(i, column, rule, "tell OpenCoesione", MASK) for i in bad.index[bad]]
        self.keep(~bad, "the key is a person's fiscal code")

    def drop_repeats(self, keys: list[str], values: list[str]) -> None:
        """Keep one of rows that are the same; report rows of one key that are not."""
        frame = self.frame
        first = frame.drop_duplicates(keys).set_index(keys)
        again = frame.duplicated(keys)
        for i in frame.index[again]:
            key = tuple(frame.loc[i, keys]) if len(keys) > 1 else frame.loc[i, keys[0]]
            due = first.loc[key]
            differing = [column for column in values if column not in keys and frame.loc[i, column] != due[column]]
            if differing:
                told = ", ".join(map(repr, frame.loc[i, keys]))
                rule = f"the key {told} is also in row {due['line']}, with another {differing[0]}"
                remedy = "keep one of the two rows, or download the file again"
                self.problems.append(self.at(i, differing[0], rule, remedy))
            else:
                self.tell_repeat(i, keys[0], due["line"])
        self.keep(~again, "repeats another row")

    def tell_repeat(self, i: int, column: str, line: int) -> None:
        """Say which row the one in position ``i`` repeats."""
        self.warnings.append(self.at(i, column, f"the row repeats row {line}; it was left out", "nothing"))


def one_line(cells: pd.Series) -> pd.Series:
    """Text on one line: white space and control characters become single spaces, changes of direction go."""
    return cells.map(lambda cell: _BLANK.sub(" ", _TURN.sub("", cell)).strip()).astype("str")


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    Examples
    --------
    >>> counted(1, "row"), counted(2_000, "row")
    ('1 row', '2,000 rows')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def items(cell: str) -> list[str]:
    """The values of a cell that may be a list."""
    return [item.strip() for item in cell.split(LIST)] if cell else []


def _two_decimals(number: str) -> str:
    if not number:
        return ""
    sign, digits = ("-", number[1:]) if number.startswith("-") else ("", number)
    whole, _, decimals = digits.partition(".")
    found = f"{whole.lstrip('0') or '0'}.{decimals.rstrip('0').ljust(2, '0')}"
    return f"{sign}{found}" if found.strip("0.") else found
