"""The entry of a new CSV table in ``datapackage.json``, as far as it follows from the file."""

from __future__ import annotations

import copy
import difflib
import re
from collections.abc import Mapping, Sequence
from itertools import chain, combinations, islice
from pathlib import Path

import pandas as pd

from helpers import config
from helpers.checks.run import descriptor_bytes
from helpers.data import package_form, raw, transaction
from helpers.data.csv_form import parse
from helpers.errors import InputError, WecareError
from helpers.system.files import read
from helpers.system.forms import problems

#: What all cells of a column must look like to be of a type; a code with a leading zero is text.
_TYPES = (
    ("integer", r"-?(0|[1-9]\d*)"),
    ("number", r"-?(0|[1-9]\d*)\.\d+|-?(0|[1-9]\d*)"),
    ("date", r"\d{4}-\d\d-\d\d"),
)

#: Combinations of columns that are tried as a key: of many columns there are more than time.
KEYS_TRIED = 2_000


def add(
    path: Path, words: Mapping[str, str], columns: Mapping[str, str], licence: str, root: Path | None = None
) -> str:
    """Describe a file of ``data/raw`` in ``datapackage.json``.

    Parameters
    ----------
    path
        A CSV file in the folder of the package.
    words
        ``title`` and ``description`` of the table; ``source`` and ``address``, title and web address of where it comes
        from.
    columns
        What columns hold; the others are left to describe.
    licence
        Name of a licence the package knows.
    root
        Folder of the package; ``data/raw`` by default.

    Returns
    -------
    str
        Name of the table.

    Raises
    ------
    InputError
        If the file cannot be read as a table, or its name is none that a file of the package may have.
    WecareError
        If the file is no CSV file of the package's folder, is described already or lacks a column described, or the
        licence is not known.
    """
    folder = config.RAW if root is None else root
    if path.suffix != ".csv" or path.resolve().parent != folder.resolve() or not path.is_file():
        raise WecareError(f"{path} is no CSV file in data/raw. To do: put the file there, under a name of its own.")
    before = transaction.digests([raw.DESCRIPTOR], root)
    package = copy.deepcopy(raw.descriptor(root))
    described = {found["path"] for found in package["resources"]}
    if path.name in described:
        raise WecareError(f"{path.name} is described in {raw.DESCRIPTOR} already. To do: edit its entry there.")
    licences = {found["name"]: found for entry in package["resources"] for found in entry["licenses"]}
    if licence not in licences:
        near = difflib.get_close_matches(licence, licences, n=1, cutoff=0)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise WecareError(
            f"There is no licence {licence!r} in the package.{hint} To do: name one that other tables have."
        )
    name = re.sub(r"\W+", "_", path.stem.lower())
    if any(found["name"] == name for found in package["resources"]):
        raise WecareError(f"There is a table {name} in {raw.DESCRIPTOR} already. To do: give the file another name.")
    cells = parse(read(path), raw.label(path.name), 2).frame
    if unknown := sorted(set(columns) - set(cells)):
        raise WecareError(f"{path.name} has no column {unknown[0]!r}. To do: use one of {', '.join(cells)}.")
    source_entry = {"title": words["source"]} | ({"path": words["address"]} if words["address"] else {})
    package["resources"].append(
        {
            "name": name,
            "path": path.name,
            "title": words["title"],
            "description": words["description"],
            "type": "table",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": schema(cells, references(cells, package["resources"], root), columns),
            "sources": [source_entry],
            "licenses": [licences[licence]],
        }
    )
    if faults := package_form.faults(package):
        raise InputError(problems(raw.label(path.name), faults))
    transaction.write({raw.DESCRIPTOR: descriptor_bytes(package)}, before, root, by="`wecare new table`")
    return name


def schema(cells: pd.DataFrame, references: Mapping[str, str], words: Mapping[str, str] | None = None) -> dict:
    """Table Schema of cells as text: types, what must be filled, the key, references to other tables.

    Parameters
    ----------
    cells
        The file as text, blank cells empty.
    references
        Column to the table whose column of the same name holds its values.
    words
        What columns hold, as far as it is known.

    Examples
    --------
    >>> found = schema(pd.DataFrame({"istat": ["001272", "001272"], "year": ["2023", "2024"]}), {})
    >>> [field["type"] for field in found["fields"]], found["primaryKey"]
    (['string', 'integer'], ['istat', 'year'])
    """
    fields = [
        {"name": column, "type": _type(cells[column]), "description": (words or {}).get(column, "")}
        | ({"constraints": {"required": True}} if (cells[column] != "").all() else {})
        for column in cells
    ]
    made = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": fields,
        "missingValues": [""],
        "primaryKey": _key(cells),
    }
    foreign = [
        {"fields": [column], "reference": {"resource": table, "fields": [column]}}
        for column, table in references.items()
    ]
    return made | ({"foreignKeys": foreign} if foreign else {})


def references(cells: pd.DataFrame, known: Sequence[dict], root: Path | None) -> dict[str, str]:
    """Tables that others refer to by a column of the same name, and that hold all values of it: by its name."""
    keys = [(key["fields"], key["reference"]) for entry in known for key in entry["schema"].get("foreignKeys", [])]
    named = sorted({(f[0], r["resource"]) for f, r in keys if f == r["fields"] and "resource" in r})
    return {
        column: table
        for column, table in named
        if column in cells and set(cells[column]) <= {"", *raw.load(table, root, columns=[column])[column].astype(str)}
    }


def _type(cells: pd.Series) -> str:
    filled = cells[cells != ""]
    return next((kind for kind, form in _TYPES if len(filled) and filled.str.fullmatch(form).all()), "string")


def _key(cells: pd.DataFrame) -> list[str]:
    """The first column that is filled throughout, and the fewest others that tell the rows apart with it."""
    first, *others = [column for column in cells if (cells[column] != "").all()] or list(cells)
    perhaps = chain.from_iterable(combinations(others, n) for n in range(len(others) + 1))
    for more in islice(perhaps, KEYS_TRIED):
        if not cells.duplicated([first, *more]).any():
            return [first, *more]
    return [first, *others]
