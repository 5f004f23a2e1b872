"""Reads ``data/raw/`` through ``datapackage.json``: the only reader of raw files.

Cells are read as text and typed by the Table Schema, so a comune called *None* stays a name and only an empty
cell is missing. Whether the content is right is the business of ``helpers.checks``. In every function
``root`` is the folder of the data package, ``data/raw`` by default.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd

from helpers import config
from helpers.data import own_package, package_form
from helpers.data.csv_form import Text, parse
from helpers.data.read_log import note
from helpers.errors import InputError, Problem
from helpers.system import files
from helpers.system.fingerprints import fingerprint_of_value
from helpers.system.forms import problems

DESCRIPTOR = "datapackage.json"
TRUE, FALSE = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")
_DTYPES = {"integer": "Int64", "number": "float64", "boolean": "boolean", "date": "datetime64[s]"}


class AbsentError(InputError, KeyError):
    """The package has no table of that name, or its entry lacks something; a lookup that failed, told to a person."""

    def __str__(self) -> str:
        return InputError.__str__(self)


class Edition(NamedTuple):
    """The edition of the data: ``version`` as text and ``date`` of making."""

    version: str
    date: dt.date


def label(path: str, root: Path | None = None) -> str:
    """Name a raw file as a person finds it, whatever the root in use; one of an edition put aside by its place."""
    if root is not None and root != config.RAW and root.is_relative_to(config.RAW):
        path = (root.relative_to(config.RAW) / path).as_posix()
    return f"data/raw/{path}"


def descriptor(root: Path | None = None) -> dict:
    """Read the Data Package descriptor; raises `InputError` if it is missing or has not the form of one.

    Like the tables it is kept until its file changes: read it, do not write into it.
    """
    _note("package", root)
    return _package(root)


def _note(kind: str, root: Path | None, name: str = "") -> None:
    """Note what is read; of a package elsewhere nobody keeps account, so it counts as everything."""
    if root is None:
        note(kind, name)
    else:
        note("everything")


def _package(root: Path | None) -> dict:
    return _descriptor(root, package_contents(root))


def package_contents(root: Path | None = None) -> tuple[str, str]:
    """What all that the data package says rests on: its file and that of the reader's own tables, by fingerprint."""
    return files.fingerprint_of(_file(DESCRIPTOR, root)), files.fingerprint_of(_file(own_package.DESCRIPTOR, root))


@lru_cache(maxsize=8)
def _descriptor(root: Path | None, contents: tuple[str, str]) -> dict:
    package = _json(DESCRIPTOR, root)
    if not contents[1]:
        return package
    return own_package.join(package, _json(own_package.DESCRIPTOR, root))


def _json(path: str, root: Path | None) -> dict:
    try:
        found = package_form.read(_bytes(path, root))
    except ValueError as error:
        line = getattr(error, "lineno", None)
        rule = f"the file is not JSON ({error})"
        raise InputError([Problem(label(path, root), rule, "correct the syntax there", row=line)]) from error
    if faults := package_form.faults(found):
        raise InputError(problems(label(path, root), faults))
    return found


def tables(root: Path | None = None) -> list[str]:
    """Names of the tables, geometry included, in the order of the package."""
    _note("tables", root)
    return [found["name"] for found in _package(root)["resources"]]


def resource(name: str, root: Path | None = None) -> dict:
    """Describe one table; raises `KeyError` if the package has none of that name."""
    _note("entry", root, name)
    return _entry(name, root)


def form(name: str, root: Path | None = None) -> tuple[str, dict]:
    """File and Table Schema of a table; raises like :func:`resource`."""
    _note("form", root, name)
    found = _entry(name, root)
    return found["path"], found["schema"]


def _entry(name: str, root: Path | None) -> dict:
    resources = {found["name"]: found for found in _package(root)["resources"]}
    if name not in resources:
        remedy = f"put its entry back, or name one of {', '.join(resources)}"
        raise _absent(f"resources.{name}", f"there is no table {name}", remedy)
    return resources[name]


def available(name: str, root: Path | None = None) -> bool:
    """True if the package has the table: some exist only once they have been imported."""
    _note("presence", root, name)
    return any(found["name"] == name for found in _package(root)["resources"])


def fingerprint_of(name: str, root: Path | None = None) -> str:
    """Fingerprint of a table's file; empty if it does not exist."""
    return files.fingerprint_of(_file(_entry(name, root)["path"], root))


def edition(root: Path | None = None) -> Edition:
    """Version and date of the package: the edition of everything made from it."""
    _note("edition", root)
    package = _package(root)
    return Edition(package["version"], dt.date.fromisoformat(package["created"][:10]))


def year(name: str, root: Path | None = None) -> int:
    """Year at whose first of January the people of a table were counted, as its entry says.

    Raises
    ------
    KeyError
        If the package has no table of that name, or its entry has no ``year``.
    """
    _note("year", root, name)
    found = _entry(name, root)
    if "year" not in found:
        rule = "it is missing, and the site says of which year the people are"
        raise _absent(f"resources.{name}.year", rule, "write the year")
    return found["year"]


def load(
    name: str,
    root: Path | None = None,
    *,
    columns: Sequence[str] | None = None,
    having: tuple[str, str] | None = None,
) -> pd.DataFrame:
    """Read a CSV table, typed by its schema.

    Parameters
    ----------
    name, root
        Table and package.
    columns
        Only these: who asks for some is not touched by an edit of others.
    having
        Only rows of which a column holds a value, as for :func:`rows`; of these all columns.

    Returns
    -------
    DataFrame
        The schema's columns in its order; extra columns of the file are left out. ``string`` is text (missing
        where blank), ``integer`` int64 if required, else Int64, ``number`` float64, ``boolean`` boolean,
        ``date`` datetime64[s], ``list`` a tuple of texts (empty where blank). The index counts from 0.

    Raises
    ------
    InputError
        If the file is missing, is not UTF-8, is not separated by commas, or a cell does not fit its type.
    KeyError
        If the package has no table of that name.
    """
    if having is None:
        _note(*(("raw", root, name) if columns is None else ("columns", root, " ".join((name, *columns)))))
    else:
        _note("rows", root, " ".join((name, *having)))
    # Copies share their data until one is changed, so what is kept stays as it was read.
    frame = _load(name, root, contents(name, root)).copy(deep=False)
    if having is not None:
        return frame[frame[having[0]] == having[1]].reset_index(drop=True)
    return frame if columns is None else frame[list(columns)]


def rows(name: str, root: Path | None = None, *, having: tuple[str, str] | None = None) -> tuple[dict[str, Any], ...]:
    """Rows of a small table as plain values, None where a cell is missing; raises like :func:`load`.

    They are kept until the file changes: read them, do not write into them.

    Parameters
    ----------
    name, root
        As in :func:`load`.
    having
        A column and what it must hold: who asks for these rows only is not touched by an edit of others.
    """
    _note(*(("raw", root, name) if having is None else ("rows", root, " ".join((name, *having)))))
    found = _rows(name, root, contents(name, root))
    return found if having is None else tuple(row for row in found if row[having[0]] == having[1])


@lru_cache(maxsize=128)
def _rows(name: str, root: Path | None, contents: tuple[str, str]) -> tuple[dict[str, Any], ...]:
    frame = _load(name, root, contents).astype(object)
    return tuple(frame.where(frame.notna(), None).to_dict("records"))


@lru_cache(maxsize=128)
def _load(name: str, root: Path | None, contents: tuple[str, str]) -> pd.DataFrame:
    found = _entry(name, root)
    frame = _text(found, root).frame
    fields = {field["name"]: field for field in found["schema"]["fields"]}
    absent = [column for column in fields if column not in frame]
    if absent:
        remedy = "restore the column, under exactly this name"
        raise _fault(found["path"], "the column is missing", remedy, row=1, column=absent[0])
    typed = {column: _give_types(frame[column], field, found["path"]) for column, field in fields.items()}
    return pd.DataFrame(typed)


def load_geometry(name: str, root: Path | None = None) -> gpd.GeoDataFrame:
    """Read a GeoParquet table: its key as text, ``geometry`` in the CRS of the file (EPSG:4326, degrees).

    Raises
    ------
    InputError
        If the file is missing or is not GeoParquet.
    """
    _note("raw", root, name)
    path = _entry(name, root)["path"]
    data = _bytes(path, root)
    try:
        return gpd.read_parquet(io.BytesIO(data))
    except (ValueError, OSError) as error:
        remedy = "restore the file, or write it again as GeoParquet"
        raise _fault(path, f"the file is not GeoParquet ({error})", remedy) from error


def read_text(found: dict, root: Path | None = None) -> Text:
    """Read a CSV (``found`` as `resource` gives it) as text.

    Raises
    ------
    InputError
        If the file is missing, is not UTF-8, has another separator or rows of another width; with the line.
    """
    _note("everything", root)
    return _text(found, root)


def _text(found: dict, root: Path | None) -> Text:
    return parse(_bytes(found["path"], root), label(found["path"], root), len(found["schema"]["fields"]))


def content(name: str | None = None, root: Path | None = None) -> bytes:
    """The bytes of one table's file as stored, or of the descriptor; raises like :func:`load`."""
    _note("package" if name is None else "raw", root, name or "")
    if name is not None:
        return _bytes(_entry(name, root)["path"], root)
    own = package_contents(root)[1]
    return json.dumps(_package(root), ensure_ascii=False, indent=2).encode() if own else _bytes(DESCRIPTOR, root)


def _fault(path: str, rule: str, remedy: str, **where: Any) -> InputError:
    return InputError([Problem(label(path), rule, remedy, **where)])


def _absent(place: str, rule: str, remedy: str) -> AbsentError:
    return AbsentError([Problem(label(DESCRIPTOR), rule, remedy, column=place)])


def contents(name: str, root: Path | None = None) -> tuple[str, str]:
    """What a table as read rests on: its entry and its file, by their fingerprints; raises like :func:`resource`."""
    return _entry_print(name, root, package_contents(root)), fingerprint_of(name, root)


@lru_cache(maxsize=512)
def _entry_print(name: str, root: Path | None, contents: tuple[str, str]) -> str:
    return fingerprint_of_value(_entry(name, root))


def _file(path: str, root: Path | None) -> Path:
    return (config.RAW if root is None else root) / path


def _bytes(path: str, root: Path | None) -> bytes:
    try:
        return files.read(_file(path, root))
    except FileNotFoundError as error:
        remedy = f"put the file back, or remove its entry from {DESCRIPTOR}"
        raise InputError([Problem(label(path, root), "the file does not exist", remedy)]) from error
    except InputError as error:
        raise InputError([replace(problem, file=label(path, root)) for problem in error.problems]) from None


def _give_types(cells: pd.Series, field: dict, path: str) -> pd.Series:
    kind = field["type"]
    if kind == "list":
        split = [tuple(cell.split(field["delimiter"])) if cell else () for cell in cells]
        return pd.Series(split, index=cells.index, dtype="object")
    cells = cells.mask(cells == "")
    try:
        if kind == "boolean":
            return cells.map(_boolean, na_action="ignore").astype("object").astype("boolean")
        if kind == "integer" and field.get("constraints", {}).get("required"):
            return cells.astype("int64")
        if kind == "integer":
            # Nullable, so that text of digits becomes a whole number without passing through a float.
            cells = pd.to_numeric(cells.astype("string"), dtype_backend="numpy_nullable")
        return cells.astype(_DTYPES.get(kind, "str"))
    except (ValueError, TypeError) as error:
        rule = f"a cell does not fit its type, {kind} ({error})"
        raise _fault(path, rule, "run `wecare check`, which names the row", column=field["name"]) from error


def _boolean(cell: str) -> bool:
    if cell not in TRUE + FALSE:
        raise ValueError(f"{cell!r} is neither true nor false")
    return cell in TRUE
