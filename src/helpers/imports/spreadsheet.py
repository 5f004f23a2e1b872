"""A list a person filled in, as CSV or as a spreadsheet → cells as text, each with its row in the file."""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from helpers.data.csv_form import mark, unmark
from helpers.errors import InputError, Problem
from helpers.imports import source_file
from helpers.system.plain_text import words

_SEPARATORS = (",", ";", "\t")
_RAGGED = "put a text that holds the separator between double quotes"
_AMOUNT = re.compile(r"(?P<whole>[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,(?P<cents>[0-9]{1,2}))?")
_PLAIN_AMOUNT = re.compile(r"(?P<whole>[0-9]+)\.(?P<cents>[0-9]{1,2})")


class _Fault(NamedTuple):
    """Cells of a spreadsheet that do not hold what they show: their rows from 1, their places in a row from 0."""

    rows: range
    places: range
    rule: str
    remedy: str
    value: str


@dataclass(frozen=True)
class Sheet:
    """Cells of a list.

    Attributes
    ----------
    file
        Its name, for a person.
    frame
        Text without spaces around it, blank = "", in the columns of the list that are known; other columns are left
        out. The index counts from 0.
    rows
        Row of the file of each row, as an editor or spreadsheet counts.
    ignored
        Headings that are not known.
    """

    file: str
    frame: pd.DataFrame
    rows: list[int]
    ignored: list[str]

    @property
    def warnings(self) -> list[str]:
        """What is left out."""
        return [f"The column {name!r} of the list is not known and was left out." for name in self.ignored]

    def problem(self, index: int, column: str, rule: str, remedy: str) -> Problem:
        """Make a problem of a cell."""
        return Problem(self.file, rule, remedy, self.rows[index], column, self.frame.at[index, column])


def read(path: Path, columns: Mapping[str, Iterable[str]], needed: Iterable[str] = ()) -> Sheet:
    """Read a list.

    Parameters
    ----------
    path
        ``.csv`` (UTF-8; commas, semicolons or tabs) or ``.xlsx`` (its first sheet).
    columns
        Names of the columns, each with other headings that mean it; case, accents and punctuation do not matter.
    needed
        Columns that must be there.

    Raises
    ------
    InputError
        If the file is missing, of another kind, damaged, without rows, not UTF-8, or a column is missing or twice; if
        a formula of a column has no value, or cells of a column are merged.
    """
    rows, faults = _rows(path)
    header = [_plain(cell) for cell in rows[0][1]] if rows else []
    meant = {_plain(name): column for column, others in columns.items() for name in (column, *others)}
    places: dict[str, int] = {}
    problems = []
    for place, name in enumerate(header):
        column = meant.get(name)
        if column in places:
            rule = f"two columns mean {column}"
            problems.append(Problem(path.name, rule, "keep one of them", rows[0][0], rows[0][1][place]))
        elif column:
            places[column] = place
    for column in [name for name in needed if name not in places]:
        near = difflib.get_close_matches(_plain(column), [name for name in header if name not in meant], n=1)
        hint = f" (is it {near[0]!r}?)" if near else ""
        remedy = f"give the list a column {column}{hint}; --template writes an empty list" if near else (
            f"give the list a column {column}; other known headings: {', '.join(columns[column]) or 'none'}"
        )  # fmt: skip
        found = ", ".join(cell for cell in rows[0][1] if cell) if rows else ""
        problems.append(Problem(path.name, "the column is missing", remedy, rows[0][0] if rows else 1, column, found))
    problems += _say(path.name, faults, rows, places)
    filled = [(number, cells) for number, cells in rows[1:] if any(cells)]
    if not problems and not filled:
        problems.append(Problem(path.name, "the list has no rows", "fill in at least one", None))
    if problems:
        raise InputError(problems)
    frame = pd.DataFrame(
        {column: [cells[at] if at < len(cells) else "" for _, cells in filled] for column, at in places.items()},
        dtype="str",
    )
    ignored = [cell for cell, name in zip(rows[0][1], header, strict=True) if cell and name not in meant]
    return Sheet(path.name, frame, [number for number, _ in filled], ignored)


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


def amount(text: str) -> str | None:
    """An amount in euro as the package writes it: ``179.123,40 €`` → ``179123.4``; None if it is no amount.

    A dot before three digits separates thousands and a comma cents, as in Italian; a dot before one or two digits is
    taken for a decimal point. ``250,000`` is refused: it says something else in English.
    """
    bare = re.sub(r"^(?:€|eur|euro)\s*|\s*(?:€|eur|euro)$", "", text.strip(), flags=re.I).replace("\u00a0", "").strip()
    match = _PLAIN_AMOUNT.fullmatch(bare) or _AMOUNT.fullmatch(bare)
    if not match:
        return None
    whole, cents = match["whole"].replace(".", "").lstrip("0") or "0", (match["cents"] or "").rstrip("0")
    return f"{whole}.{cents}" if cents else whole


def _rows(path: Path) -> tuple[list[tuple[int, list[str]]], list[_Fault]]:
    """Rows with their numbers, from the first that is not blank, and what of them cannot be believed."""
    _check_suffix(path)
    data = source_file.content(path, "list")
    rows, faults = _sheet_rows(path) if path.suffix.lower() == ".xlsx" else (_csv_rows(path, data), [])
    first = next((n for n, (_, cells) in enumerate(rows) if any(cells)), len(rows))
    return rows[first:], faults


def _say(
    file: str, faults: list[_Fault], rows: list[tuple[int, list[str]]], places: Mapping[str, int]
) -> list[Problem]:
    """The faults that touch a column that is read, or a heading: what else the sheet holds does not matter."""
    problems = []
    header = rows[0][0] if rows else 1
    for fault in faults:
        column = next((name for name, place in places.items() if place in fault.places), None)
        heading = header in fault.rows and len(fault.places) == 1
        if heading or (column and fault.rows.stop > header):
            problems.append(Problem(file, fault.rule, fault.remedy, fault.rows.start, column, fault.value))
    return problems


def _csv_rows(path: Path, data: bytes) -> list[tuple[int, list[str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        rule = "the file must be UTF-8; this line is in another encoding, probably Windows-1252"
        remedy = "save it as CSV UTF-8, or as XLSX"
        seen = data.split(b"\n")[line - 1].decode("cp1252", "replace").strip()
        raise InputError([Problem(path.name, rule, remedy, row=line, value=seen)]) from error
    header = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        before = 0
        for cells in reader:
            rows.append((before + 1, [unmark(cell.strip()) for cell in cells]))
            before = reader.line_num
    except csv.Error as error:
        rule = f"the row cannot be read ({error})"
        raise InputError([Problem(path.name, rule, "close the double quotes", row=before + 1)]) from error
    width = len(next((cells for _, cells in rows if any(cells)), []))
    wide = [
        Problem(path.name, f"the row has {len(cells)} cells, the header has {width}", _RAGGED, row=number)
        for number, cells in rows
        if len(cells) > width and any(cells[width:])
    ]
    if wide:
        raise InputError(wide)
    return rows


def _sheet_rows(path: Path) -> tuple[list[tuple[int, list[str]]], list[_Fault]]:
    """All rows of the first sheet, whatever size it says it has, and its faults."""
    import openpyxl

    try:
        with (
            closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book,
            closing(openpyxl.load_workbook(path, read_only=True)) as formulas,
        ):
            lines, written = (list(_cells(found.worksheets[0])) for found in (book, formulas))
            page = book.worksheets[0]
            name, (merged, uncalculated) = page.title, _merged_and_uncalculated(path, page._worksheet_path)
    except Exception as error:  # openpyxl raises whatever its parsers raise
        rule = f"the file is not a spreadsheet that can be read ({error})"
        raise InputError([Problem(path.name, rule, "save it again as XLSX, or as CSV UTF-8")]) from error
    rows = [(number, [_cell(cell.value) for cell in line]) for number, line in enumerate(lines, start=1)]
    faults = [
        fault
        for line, formula_line in zip(lines, written, strict=True)
        for value, formula in zip(line, formula_line, strict=True)
        if formula.data_type == "f" and (fault := _formula_fault(name, value, formula, uncalculated))
    ]
    return rows, faults + [fault for ref in merged if (fault := _merge_fault(name, ref, rows))]


def _cells(page) -> Iterable[tuple]:
    # The size that a sheet says it has may be less than it holds.
    page.reset_dimensions()
    return page.iter_rows()


def _formula_fault(sheet: str, value, formula, uncalculated: bool) -> _Fault | None:
    """A formula whose result is not in the file, or is an error; an empty text is a result."""
    if value.data_type == "e":
        rule = f"the formula in cell {formula.coordinate} of the sheet {sheet!r} gives the error {value.value}"
        remedy = "correct the formula, or write the value in its place"
    elif (value.value is None and value.data_type != "str") or (uncalculated and value.value == 0):
        rule = f"the formula in cell {formula.coordinate} of the sheet {sheet!r} was never calculated"
        remedy = "open the file in a spreadsheet program and save it again, or paste the values in place of formulas"
    else:
        return None
    text = str(getattr(formula.value, "text", formula.value))
    place = formula.column - 1
    return _Fault(range(formula.row, formula.row + 1), range(place, place + 1), rule, remedy, text)


def _merged_and_uncalculated(path: Path, part: str) -> tuple[list[str], bool]:
    """Merged cells of a sheet as ``B3:B5``, and whether a program wrote formulas for others to calculate.

    Such a program may give every formula a zero. Of a sheet it only reads, openpyxl tells neither.
    """
    from openpyxl.xml.functions import iterparse

    merged, uncalculated = [], False
    with zipfile.ZipFile(path) as archive:
        for name in (part, *(name for name in archive.namelist() if re.fullmatch(r"xl/workbook[0-9]*\.xml", name))):
            with archive.open(name) as source:
                for _, element in iterparse(source):
                    tag = element.tag.rpartition("}")[2]
                    if tag == "mergeCell":
                        merged.append(element.get("ref"))
                    elif tag == "calcPr":
                        uncalculated = element.get("fullCalcOnLoad") in ("1", "true")
                    elif tag == "row":
                        element.clear()
    return merged, uncalculated


def _merge_fault(sheet: str, ref: str, rows: list[tuple[int, list[str]]]) -> _Fault | None:
    """Merged cells that hold something: all but the first look filled in and are not."""
    from openpyxl.utils.cell import range_boundaries

    left, top, right, bottom = range_boundaries(ref)
    held = [cell for _, cells in rows[top - 1 : bottom] for cell in cells[left - 1 : right] if cell]
    if not held:
        return None
    rule = f"the cells {ref} of the sheet {sheet!r} are merged: only the first of them holds the value"
    remedy = "unmerge them, and write the value in each cell it is about"
    return _Fault(range(top, bottom + 1), range(left - 1, right), rule, remedy, held[0])


def _cell(value: object) -> str:
    """A cell of a spreadsheet as the text a CSV would hold; numbers without digits that were never typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        if value.is_integer():
            return str(int(value))
        # More decimals than cents are kept, so that no three of them pass for thousands.
        return f"{value:.2f}" if round(value, 2) == value else f"{value:.10f}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return " ".join(str(value).split())


def _check_suffix(path: Path) -> None:
    if path.suffix.lower() not in (".csv", ".xlsx"):
        rule = "the list must be a .csv or an .xlsx"
        raise InputError([Problem(path.name, rule, "save it as one of these")])


def _plain(name: str) -> str:
    return "_".join(words(name))
