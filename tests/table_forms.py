"""The same table in every form that people and producers give it."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pandas as pd

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Form:
    """How a table is written.

    ``container`` is csv, xlsx, parquet, or a packing of csv: zip, gz, xz, bz2; the rest concerns what it says.
    """

    container: str = "csv"
    separator: str = ";"
    encoding: str = "utf-8"
    end: str = "\r\n"
    above: tuple[tuple[str, ...], ...] = ()
    below: tuple[tuple[str, ...], ...] = ()
    sheets_before: tuple[str, ...] = ()
    hidden: tuple[str, ...] = field(default=())


def write(folder: Path, headings: Sequence[str], rows: Rows, form: Form, name: str = "tabella") -> Path:
    """Write a table in a form; returns the file."""
    lines = [*form.above, tuple(headings), *rows, *form.below]
    if form.container == "xlsx":
        return _workbook(folder / f"{name}.xlsx", lines, form)
    if form.container == "parquet":
        path = folder / f"{name}.parquet"
        pd.DataFrame([list(row) for row in rows], columns=list(headings)).to_parquet(path)
        return path
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=form.separator, lineterminator=form.end).writerows(lines)
    data = buffer.getvalue().encode(form.encoding)
    if form.container == "zip":
        path = folder / f"{name}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{name}.csv", data)
            archive.writestr("__MACOSX/._tabella.csv", b"\0\1")
        return path
    pack = {"gz": gzip.compress, "xz": lzma.compress, "bz2": bz2.compress}.get(form.container, bytes)
    path = folder / (f"{name}.csv" if form.container == "csv" else f"{name}.csv.{form.container}")
    path.write_bytes(pack(data))
    return path


def _workbook(path: Path, lines: Sequence[Sequence[str]], form: Form) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    for name in (*form.sheets_before, *form.hidden):
        page.title = name
        page["A1"] = "Elenco dei contributi, da leggere prima"
        page.sheet_state = "hidden" if name in form.hidden else "visible"
        page = book.create_sheet()
    page.title = "Dati"
    for number, line in enumerate(lines, start=1):
        for place, cell in enumerate(line, start=1):
            page.cell(number, place, cell or None)
    book.active = book.index(page)
    book.save(path)
    return path
