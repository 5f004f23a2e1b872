"""Rows of cells as they stand in a file, before anybody knows which of them are the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

#: A row: its number as an editor or spreadsheet counts, and its cells as text without spaces around them.
Row = tuple[int, list[str]]


class Fault(NamedTuple):
    """Cells of a sheet that do not hold what they show: their rows from 1, their places in a row from 0."""

    rows: range
    places: range
    rule: str
    remedy: str
    value: str


@dataclass(frozen=True)
class Grid:
    """The rows of one sheet, or of one text read with one separator.

    Attributes
    ----------
    label
        How a person finds it: the file, and the member or sheet.
    rows
        Gives the rows, from the first, as often as it is called; blank rows may be left out.
    form
        How it was read, in words: encoding and separator; "" for a sheet.
    sheet
        Name of the sheet; None if there are none.
    hidden
        True for a sheet that a spreadsheet program does not show.
    whole
        True if every row must have as many cells as the headings: a text without quotes that says where it was cut.
    faults
        Cells that cannot be believed.
    remarks
        What is odd about it without being wrong.
    """

    label: str
    rows: Callable[[], Iterator[Row]]
    form: str = ""
    sheet: str | None = None
    hidden: bool = False
    whole: bool = False
    faults: tuple[Fault, ...] = ()
    remarks: tuple[str, ...] = field(default=())
