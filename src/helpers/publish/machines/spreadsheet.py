"""Sheets → one ``.xlsx``: numbers are numbers, text is text, and the same sheets give the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

#: When the parts of the archive were written, as the form asks for some day.
DAY = (1980, 1, 1, 0, 0, 0)
#: The two times that the library takes from the clock.
TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")

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
    book = Workbook()
    book.remove(book.active)
    book.properties.title = title
    book.properties.creator = "Osservatorio WE.CA.RE."
    for sheet in sheets:
        _add(book, sheet)
    made = io.BytesIO()
    book.save(made)
    return _settled(made.getvalue(), date)


def _add(book: Workbook, sheet: Sheet) -> None:
    page = book.create_sheet(sheet.name)
    formats = [*sheet.formats, *[None] * (len(sheet.headings) - len(sheet.formats))]
    for at, heading in enumerate(sheet.headings, 1):
        cell = page.cell(1, at, heading)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="bottom")
    for n, row in enumerate(sheet.rows, 2):
        for at, (given, usual) in enumerate(zip(row, formats, strict=True), 1):
            value, form = given if isinstance(given, Shown) else (given, usual)
            if value is None or value != value:
                continue
            cell = page.cell(n, at, value)
            if isinstance(value, str):
                cell.data_type = "s"  # never a formula, however it begins
            elif form:
                cell.number_format = form
    for at, heading in enumerate(sheet.headings):
        longest = max((len(str(row[at])) for row in sheet.rows if isinstance(row[at], str)), default=0)
        width = min(max(longest, min(len(heading), HEADING), NARROWEST) + 2, WIDEST)
        page.column_dimensions[get_column_letter(at + 1)].width = width
    page.freeze_panes = "B2"
    if len(sheet.rows) > 1:
        page.auto_filter.ref = page.dimensions


def _settled(content: bytes, date: dt.date) -> bytes:
    """The same workbook with the day of the edition in place of the time at which it was saved."""
    settled = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as made,
        zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as kept,
    ):
        for name in made.namelist():
            part = TIMES.sub(rf"\g<1>{date}T00:00:00Z".encode(), made.read(name))
            kept.writestr(zipfile.ZipInfo(name, DAY), part, zipfile.ZIP_DEFLATED)
    return settled.getvalue()
