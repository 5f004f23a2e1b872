"""Lists to fill in, as XLSX with values to choose from, or as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from helpers.data.csv_form import mark
from helpers.errors import InputError, Problem

#: Rows below the last one filled in that may be filled in with values to choose from.
_SPARE = 500
_WIDTH = 20


@dataclass(frozen=True)
class Template:
    """A list to fill in.

    Attributes
    ----------
    columns
        Its headings.
    rows
        What is filled in already, as text.
    about
        What a column holds, by its name.
    choices
        Values to choose from, by column.
    widths
        Width of a column in letters, where it is not usual.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    about: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    widths: Mapping[str, int] = field(default_factory=dict)


def write(path: Path, template: Template) -> None:
    """Write a list to fill in: CSV (UTF-8 with a byte-order mark, so that spreadsheets read it) or XLSX.

    Raises
    ------
    InputError
        If the name ends in neither, or the file exists: a list somebody filled in is never overwritten.
    """
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise InputError([Problem(path.name, "the list must be a .csv or an .xlsx", "give it one of these names")])
    if path.exists():
        raise InputError([Problem(path.name, "the file exists already", "give another name, or remove the file")])
    if path.suffix.lower() == ".csv":
        buffer = io.StringIO()
        rows = ([mark(cell) for cell in row] for row in template.rows)
        csv.writer(buffer, lineterminator="\r\n").writerows([template.columns, *rows])
        path.write_bytes(buffer.getvalue().encode("utf-8-sig"))
    else:
        _workbook(template).save(path)


def _workbook(template: Template):
    import openpyxl
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = openpyxl.Workbook()
    page = book.active
    page.title = "Elenco"
    for number, line in enumerate([template.columns, *template.rows], start=1):
        for place, text in enumerate(line, start=1):
            # As text, so that a title that begins with = is no formula, and a code keeps its zeros.
            cell = page.cell(number, place, text or None)
            cell.data_type = "s" if text else cell.data_type
            cell.number_format = "@"
    for place, name in enumerate(template.columns, start=1):
        page.cell(1, place).font = Font(bold=True)
        page.column_dimensions[get_column_letter(place)].width = template.widths.get(name, _WIDTH)
    page.freeze_panes = "A2"
    if template.about:
        notes = book.create_sheet("Leggimi")
        for number, name in enumerate(template.columns, start=1):
            notes.cell(number, 1, name).font = Font(bold=True)
            notes.cell(number, 2, template.about.get(name, "")).alignment = Alignment(wrap_text=True, vertical="top")
        notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 24, 100
    if template.choices:
        lists = book.create_sheet("Valori")
        lists.sheet_state = "hidden"
        for place, (name, values) in enumerate(template.choices.items(), start=1):
            for number, value in enumerate(values, start=1):
                lists.cell(number, place, value)
            column = get_column_letter(template.columns.index(name) + 1)
            source = f"Valori!${get_column_letter(place)}$1:${get_column_letter(place)}${len(values)}"
            rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
            rule.errorTitle, rule.error = name, "Choose one of the values of the list."
            rule.add(f"{column}2:{column}{len(template.rows) + _SPARE}")
            page.add_data_validation(rule)
    return book
