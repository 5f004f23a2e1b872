"""A table of the feed in every form in which people have it; all GENERATED."""

from __future__ import annotations

import bz2
import csv
import datetime as dt
import gzip
import io
import lzma
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from conftest import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))
import synthetic_feed as feed

KEY = "COD_LOCALE_PROGETTO"
DAY = "20260228"
PAYMENTS = (KEY, "OC_DATA_PAGAMENTI", "TOT_PAGAMENTI", "OC_TOT_PAGAMENTI_RENDICONTAB_UE", "OC_TOT_PAGAMENTI_FSC",
            "OC_TOT_PAGAMENTI_PAC", "CODICE_PROGRAMMA", "OC_CODICE_PROGRAMMA", "OC_TIPO_PAGAMENTI")  # fmt: skip

#: Names of the forms; those that a person does not see the type of are last.
TEXTS = ("csv", "zip", "gz", "bz2", "xz", "utf-16", "cp1252", "commas", "tabs", "cr", "no mark", "no suffix")
TYPED = ("xlsx", "xlsx in zip", "parquet", "parquet in zip", "typed parquet")
FORMS = (*TEXTS, *TYPED)

Rows = Iterable[Mapping[str, str]]


def a_row(ref: str = "1PIEGEN0001", **cells: str) -> dict[str, str]:
    """A row of progetti_esteso."""
    return feed.ROW | {KEY: ref} | cells


def payment(day: str, eur: str, ref: str = "1PIEGEN0001", kind: str = "P", programme: str = "2014IT05SFOP013") -> dict:
    """A row of pagamenti as it is published since 2026."""
    shown = {"CODICE_PROGRAMMA": programme, "OC_CODICE_PROGRAMMA": programme, "OC_TIPO_PAGAMENTI": kind}
    return {KEY: ref, "OC_DATA_PAGAMENTI": day, "TOT_PAGAMENTI": eur, "OC_TOT_PAGAMENTI_RENDICONTAB_UE": eur} | shown


def write(folder: Path, kind: str, rows: Rows, columns: Sequence[str], form: str = "csv") -> Path:
    """Write a table as ``<kind>_PIE_2014-2020_20260228`` in a form of :data:`FORMS`."""
    name, rows = f"{kind}_PIE_2014-2020_{DAY}", list(rows)
    data = feed.lines(columns, rows)
    if form == "typed parquet":
        table = pa.table({c: _typed(c, [row.get(c, "") for row in rows]) for c in columns})
        return _written(folder / f"{name}.parquet", _parquet(table))
    if "parquet" in form:
        table = pa.table({c: pa.array([row.get(c, "") for row in rows], pa.string()) for c in columns})
        data, name = _parquet(table), f"{name}.parquet"
    elif "xlsx" in form:
        data, name = _workbook(rows, columns), f"{name}.xlsx"
    if form.endswith("zip"):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name if "." in name else f"{name}.csv", data)
        return _written(folder / f"{kind}_PIE_2014-2020.zip", packed.getvalue())
    if form in TYPED:
        return _written(folder / name, data)
    text = data.decode("utf-8-sig")
    encoded = {
        "csv": data,
        "gz": gzip.compress(data),
        "bz2": bz2.compress(data),
        "xz": lzma.compress(data),
        "utf-16": text.encode("utf-16"),
        "cp1252": text.encode("cp1252"),
        "commas": _parted(rows, columns, ","),
        "tabs": _parted(rows, columns, "\t"),
        "cr": text.replace("\r\n", "\r").encode("utf-8-sig"),
        "no mark": text.replace("\r\n", "\n").encode(),
        "no suffix": data,
    }
    suffix = {"gz": ".csv.gz", "bz2": ".csv.bz2", "xz": ".csv.xz", "no suffix": ""}.get(form, ".csv")
    return _written(folder / f"{name}{suffix}", encoded[form])


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _parted(rows: Rows, columns: Sequence[str], separator: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(columns)
    writer.writerows([row.get(c, "") for c in columns] for row in rows)
    return out.getvalue().encode()


def _workbook(rows: Rows, columns: Sequence[str]) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(list(columns))
    for row in rows:
        book.active.append([row.get(c, "") or None for c in columns])
    book.create_sheet("Leggimi").append(["Scaricato da OpenCoesione"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, row_group_size=2)
    return out.getvalue()


def _typed(column: str, cells: list[str]) -> pa.Array:
    """Amounts as numbers and days as integers or dates, as OpenCoesione's own Parquet files have them."""
    if column.startswith(("FINANZ", "OC_FINANZ", "IMPEGNI", "TOT_")):
        return pa.array([float(cell.replace(",", ".")) if cell else None for cell in cells], pa.float64())
    if column == "DATA_AGGIORNAMENTO":
        days = [dt.datetime.strptime(cell, "%Y%m%d").date() if cell else None for cell in cells]
        return pa.array(days, pa.date32())
    if "DATA_" in column or column in ("OC_COD_CICLO", "SOGG_COD_RUOLO"):
        return pa.array([int(cell) if cell else None for cell in cells], pa.int64())
    return pa.array([cell or None for cell in cells], pa.string())
