"""The form of a CSV file: bytes → cells as text, refusing what would be read wrongly in silence."""

from __future__ import annotations

import csv
import io
import re
from typing import NamedTuple

import pandas as pd

from helpers.errors import InputError, Problem

#: What a spreadsheet takes for a formula at the start of a cell, be it marked already.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")

_PERHAPS = re.compile(rb"[,\"\n]'*[=+\-@\t\r]")

#: What precedes such a text in a table for spreadsheets: there it stays text, and is not shown.
MARK = "'"

#: Characters of the longest cell.
LONGEST = 131_072

_SEPARATORS = {";": "semicolons (;)", "\t": "tabs", "|": "vertical bars (|)"}


class Text(NamedTuple):
    """A CSV file as text.

    Attributes
    ----------
    frame
        One str column per column of the file, blank = "" (never missing); the index counts from 0.
    lines
        Line of the file each row ends on, as an editor counts (the header is line 1).
    """

    frame: pd.DataFrame
    lines: list[int]


def parse(data: bytes, file: str, width: int) -> Text:
    """Read the bytes of a CSV file as text.

    Parameters
    ----------
    data
        Content of the file, UTF-8, separated by commas.
    file
        Its name, for a person.
    width
        How many columns are expected; one column alone has no separator to check.

    Raises
    ------
    InputError
        If the file is not UTF-8, has no header, another separator, or rows of another width; with the line.
    """
    text = _decode(data, file)
    _check_separator(text.partition("\n")[0].rstrip("\r"), width, file)
    widths, lines = _shape(text, file)
    remedy = f"give the row {widths[0]} cells; put a text that holds a comma between double quotes"
    ragged = [
        Problem(file, f"the row has {found} cells, the header has {widths[0]}", remedy, row=line)
        for found, line in zip(widths, lines, strict=True)
        if found != widths[0]
    ]
    if ragged:
        raise InputError(ragged)
    try:
        cells = pd.read_csv(io.StringIO(text), header=None, dtype="str", na_filter=False, skip_blank_lines=False)
    except pd.errors.ParserError as error:
        rule = f"a double quote is not closed ({error})"
        raise InputError([Problem(file, rule, "close it", row=lines[-1])]) from error
    if len(cells) != len(lines):
        # A carriage return alone ends a row for some programs and not for others.
        alone = re.search(r"\r(?!\n)", text)
        row = None if alone is None else text.count("\n", 0, alone.start()) + 1
        rule = "a line ends in a way that programs read differently, such as a carriage return alone"
        raise InputError([Problem(file, rule, "save the file as CSV again, one row on each line", row=row)])
    frame = cells.iloc[1:].set_axis(cells.iloc[0].tolist(), axis=1)
    return Text(frame.reset_index(drop=True), lines[1:])


def mark(text: str) -> str:
    """Text for a table that may be opened in a spreadsheet: one that would be run as a formula begins with a mark.

    A text that already looks marked gets another mark, so :func:`unmark` gives back exactly what there was.
    """
    return MARK + text if _FORMULA.match(text) else text


def unmark(text: str) -> str:
    """The text that :func:`mark` was given."""
    return text[1:] if text.startswith(MARK) and _FORMULA.match(text) else text


def add_columns(text: str, values: dict[str, str]) -> str:
    """Add columns that say the same in every row: what a file is of, once it has left its page.

    Parameters
    ----------
    text
        The file: a header, rows, commas.
    values
        The value of each column, by name.

    Examples
    --------
    >>> print(add_columns("year,persons\\n2011,5\\n", {"edition": "2026.1"}), end="")
    year,persons,edition
    2011,5,2026.1
    """
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    more = [mark(value) for value in values.values()]
    return _written([[*header, *values], *([*row, *more] for row in rows)])


def mark_formulas(data: bytes, columns: list[str]) -> bytes:
    """Mark the cells of some columns of a CSV file.

    Parameters
    ----------
    data
        The file, UTF-8, separated by commas.
    columns
        Those of text: a number may begin with a minus.

    Returns
    -------
    bytes
        The same bytes if there is nothing to mark.
    """
    if not _PERHAPS.search(data):
        return data
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    places = [at for at, name in enumerate(rows[0]) if name in columns]
    again = [[mark(cell) if at in places else cell for at, cell in enumerate(row)] for row in rows]
    if again == rows:
        return data
    return _written(again).encode()


class _Lines(io.StringIO):
    """Rows that end in a line feed, of a writer that ends them in a carriage return too."""

    def write(self, row: str) -> int:
        return super().write(row.removesuffix("\r\n") + "\n")


def _written(rows: list[list[str]]) -> str:
    # Before Python 3.13 the writer quotes a carriage return in a cell only if it ends rows with one.
    out = _Lines()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _decode(data: bytes, file: str) -> str:
    try:
        # A byte-order mark is what spreadsheets write before UTF-8: harmless, so dropped.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        seen = data.split(b"\n")[line - 1].decode("latin-1").rstrip("\r")
        rule = "the file must be UTF-8; this line is in another encoding, probably latin-1 (Windows-1252)"
        raise InputError([Problem(file, rule, "save the file as UTF-8", row=line, value=seen)]) from error


def _check_separator(header: str, width: int, file: str) -> None:
    if not header:
        rule, remedy = "the file has no header", "write the names of the columns in the first row"
        raise InputError([Problem(file, rule, remedy, row=1)])
    used = [name for separator, name in _SEPARATORS.items() if separator in header]
    if width > 1 and "," not in header and used:
        rule = f"the columns must be separated by commas; this file uses {used[0]}"
        raise InputError([Problem(file, rule, "save the file with commas", row=1, value=header)])


def _shape(text: str, file: str) -> tuple[list[int], list[int]]:
    """Count the cells of each row and the line it ends on.

    Without quotes a row is a line, and counting separators is ten times quicker than reading cells.
    """
    if '"' not in text:
        widths = [line.count(",") + 1 for line in text.removesuffix("\n").split("\n")]
        return widths, list(range(1, len(widths) + 1))
    reader = csv.reader(io.StringIO(text, newline=""))
    pairs = []
    # Other libraries raise the limit for the whole process.
    others = csv.field_size_limit(LONGEST)
    try:
        pairs += [(len(row), reader.line_num) for row in reader]
    except csv.Error as error:
        rule = f"a cell is longer than {LONGEST:,} characters, or a double quote is not closed ({error})"
        remedy = "close the quote, or put the text elsewhere and name it here"
        raise InputError([Problem(file, rule, remedy, row=reader.line_num)]) from error
    finally:
        csv.field_size_limit(others)
    return [width for width, _ in pairs], [line for _, line in pairs]
