"""A spreadsheet → grids, one for each sheet, whatever sizes and values the file says it has."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any, NamedTuple

from helpers.errors import InputError, Problem
from helpers.imports.reading.grids import Fault, Grid, Row


class _Sheet(NamedTuple):
    """What openpyxl does not tell of a sheet it only reads."""

    merged: list[str]
    hidden_rows: int


def grids(label: str, data: bytes) -> list[Grid]:
    """The sheets of a workbook.

    Parameters
    ----------
    label
        How a person finds the file.
    data
        Its bytes.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    import openpyxl

    try:
        with (
            closing(openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)) as book,
            closing(openpyxl.load_workbook(io.BytesIO(data), read_only=True)) as formulas,
        ):
            uncalculated = _waits_for_calculation(data)
            return [
                _grid(label, page, written, _sheet(data, page._worksheet_path), uncalculated)
                for page, written in zip(book.worksheets, formulas.worksheets, strict=True)
            ]
    except Exception as error:  # openpyxl raises whatever its parsers raise
        rule = f"the file is not a spreadsheet that can be read ({error})"
        raise InputError([Problem(label, rule, "save it again as XLSX, or as CSV UTF-8")]) from error


def texts(values: Iterable[object]) -> list[str]:
    """Typed values as the texts a CSV would hold."""
    return [_text(value) for value in values]


def _grid(label: str, page: Any, written: Any, known: _Sheet, uncalculated: bool) -> Grid:
    rows: list[Row] = []
    faults: list[Fault] = []
    for number, (line, formulas) in enumerate(zip(_lines(page), _lines(written), strict=True), start=1):
        rows.append((number, [_text(cell.value) for cell in line]))
        for value, formula in zip(line, formulas, strict=True):
            if formula.data_type == "f" and (fault := _formula_fault(page.title, value, formula, uncalculated)):
                faults.append(fault)
            elif value.data_type == "e" and formula.data_type == "e":
                faults.append(_error_fault(page.title, value))
    faults += [fault for ref in known.merged if (fault := _merge_fault(page.title, ref, rows))]
    remarks = (f"{known.hidden_rows:,} rows that the sheet hides were read too.",) if known.hidden_rows else ()
    return Grid(
        f"{label}, sheet {page.title!r}", lambda: iter(rows), sheet=page.title, hidden=page.sheet_state != "visible",
        faults=tuple(faults), remarks=remarks,
    )  # fmt: skip


def _lines(page: Any) -> Iterator[tuple]:
    # The size that a sheet says it has may be less than it holds.
    page.reset_dimensions()
    return page.iter_rows()


def _formula_fault(sheet: str, value: Any, formula: Any, uncalculated: bool) -> Fault | None:
    """A formula whose result is not in the file, or is an error; an empty text is a result."""
    if value.data_type == "e":
        return _error_fault(sheet, value, str(getattr(formula.value, "text", formula.value)))
    if not ((value.value is None and value.data_type != "str") or (uncalculated and value.value == 0)):
        return None
    rule = f"the formula in cell {formula.coordinate} of the sheet {sheet!r} was never calculated"
    remedy = "open the file in a spreadsheet program and save it again, or paste the values in place of formulas"
    return _cell_fault(formula, rule, remedy, str(getattr(formula.value, "text", formula.value)))


def _error_fault(sheet: str, cell: Any, formula: str | None = None) -> Fault:
    told = "formula in cell {} of the sheet {!r} gives" if formula else "cell {} of the sheet {!r} holds"
    rule = f"the {told.format(cell.coordinate, sheet)} the error {cell.value}"
    return _cell_fault(cell, rule, "correct the formula, or write the value in its place", formula or str(cell.value))


def _cell_fault(cell: Any, rule: str, remedy: str, value: str) -> Fault:
    return Fault(range(cell.row, cell.row + 1), range(cell.column - 1, cell.column), rule, remedy, value)


def _merge_fault(sheet: str, ref: str, rows: list[Row]) -> Fault | None:
    """Merged cells that hold something: all but the first look filled in and are not."""
    from openpyxl.utils.cell import range_boundaries

    left, top, right, bottom = range_boundaries(ref)
    held = [cell for _, cells in rows[top - 1 : bottom] for cell in cells[left - 1 : right] if cell]
    if not held:
        return None
    rule = f"the cells {ref} of the sheet {sheet!r} are merged: only the first of them holds the value"
    remedy = "unmerge them, and write the value in each cell it is about"
    return Fault(range(top, bottom + 1), range(left - 1, right), rule, remedy, held[0])


def _waits_for_calculation(data: bytes) -> bool:
    """Whether a program wrote formulas for others to calculate: it may give every formula a zero."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"xl/workbook[0-9]*\.xml", name):
                told = re.search(rb"<(?:\w+:)?calcPr\b[^>]*\bfullCalcOnLoad=\"(1|true)\"", archive.read(name))
                return told is not None
    return False


def _sheet(data: bytes, part: str) -> _Sheet:
    from openpyxl.xml.functions import iterparse

    merged, hidden = [], 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(part) as source:
        for _, element in iterparse(source):
            tag = element.tag.rpartition("}")[2]
            if tag == "mergeCell":
                merged.append(element.get("ref"))
            elif tag == "row":
                hidden += element.get("hidden") in ("1", "true")
                element.clear()
    return _Sheet(merged, hidden)


def _text(value: object) -> str:
    """A typed value as the text a CSV would hold; numbers without digits that were never typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        if value != value:
            return ""
        if value.is_integer():
            return str(int(value))
        # More decimals than cents are kept, so that no three of them pass for thousands.
        return f"{value:.2f}" if round(value, 2) == value else f"{value:.10f}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return " ".join(str(value).split())
