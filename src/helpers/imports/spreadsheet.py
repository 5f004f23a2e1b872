"""Empty lists to fill in."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from helpers.data.csv_form import mark
from helpers.errors import InputError, Problem


def write(path: Path, columns: list[str], rows: list[list[str]], widths: Mapping[str, int] | None = None) -> None:
    """Write a list to fill in: CSV (UTF-8 with a byte-order mark, so that spreadsheets read it) or XLSX.

    Raises
    ------
    InputError
        If the name ends in neither, or the file exists: a list somebody filled in is never overwritten.
    """
    _check_suffix(path)
    if path.exists():
        remedy = "give another name, or remove the file"
        raise InputError([Problem(path.name, "the file exists already", remedy)])
    if path.suffix.lower() == ".csv":
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\r\n").writerows([columns, *([mark(c) for c in row] for row in rows)])
        path.write_bytes(buffer.getvalue().encode("utf-8-sig"))
        return
    import openpyxl
    from openpyxl.styles import Font

    book = openpyxl.Workbook()
    page = book.active
    for number, line in enumerate([columns, *rows], start=1):
        for place, text in enumerate(line, start=1):
            # As text, so that a title that begins with = is no formula.
            cell = page.cell(number, place, text or None)
            cell.data_type = "s" if text else cell.data_type
    for place, name in enumerate(columns, start=1):
        page.cell(1, place).font = Font(bold=True)
        page.column_dimensions[page.cell(1, place).column_letter].width = (widths or {}).get(name, 20)
    page.freeze_panes = "A2"
    book.save(path)


def _check_suffix(path: Path) -> None:
    if path.suffix.lower() not in (".csv", ".xlsx"):
        rule = "the list must be a .csv or an .xlsx"
        raise InputError([Problem(path.name, rule, "save it as one of these")])
