"""Sheets → one ``.xlsx``: numbers are numbers, text is text, and the same sheets give the same bytes."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

#: Columns are as wide as their longest cell, within these.
NARROWEST, WIDEST = 9, 60
#: Characters of a heading before it goes on in the next line.
HEADING = 16


class Shown(NamedTuple):
    """A number with a form of its own."""

    value: float | None
    form: str


@dataclass(frozen=True)
class Sheet:
    """One sheet: headings in its first row, data below.

    Attributes
    ----------
    name
        On its tab; 31 characters at most.
    headings
        One per column.
    rows
        Texts, numbers, numbers with their form, None where nothing is known.
    formats
        How the numbers of a column are shown (``0.0%``, ``#,##0``); separators are those of the reader's country.
    """

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]
    formats: Sequence[str | None] = ()


def workbook(sheets: Sequence[Sheet], title: str, date: dt.date) -> bytes:
    """An Office Open XML workbook.

    Parameters
    ----------
    title
        Among the properties of the file.
    date
        When its content was made: the day of the edition, never the clock.
    """
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        created = dt.datetime.combine(date, dt.time())
        book.set_properties({"title": title, "author": "Osservatorio WE.CA.RE.", "created": created})
        head = book.add_format({"bold": True, "text_wrap": True})
        forms = {form: book.add_format({"num_format": form} if form else None) for form in _forms(sheets)}
        for sheet in sheets:
            _add(book.add_worksheet(sheet.name), sheet, head, forms)
    return made.getvalue()


def _forms(sheets: Sequence[Sheet]) -> list[str | None]:
    """The forms of all numbers, each once, in the order of the sheets."""
    own = (cell.form for sheet in sheets for row in sheet.rows for cell in row if isinstance(cell, Shown))
    return list(dict.fromkeys([None, *(form for sheet in sheets for form in sheet.formats), *own]))


def _add(page: Worksheet, sheet: Sheet, head: Format, forms: Mapping[str | None, Format]) -> None:
    formats = [*sheet.formats, *[None] * (len(sheet.headings) - len(sheet.formats))]
    for at, heading in enumerate(sheet.headings):
        page.write_string(0, at, heading, head)
        longest = max((len(row[at]) for row in sheet.rows if isinstance(row[at], str)), default=0)
        page.set_column(at, at, min(max(longest, min(len(heading), HEADING), NARROWEST) + 2, WIDEST))
    for n, row in enumerate(sheet.rows, 1):
        for at, (given, usual) in enumerate(zip(row, formats, strict=True)):
            value, form = given if isinstance(given, Shown) else (given, usual)
            if value is None or value != value:
                continue
            if isinstance(value, str):
                page.write_string(n, at, value)  # never a formula, however it begins
            else:
                page.write_number(n, at, value, forms[form])
    page.freeze_panes(1, 1)
    if len(sheet.rows) > 1:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.headings) - 1)
