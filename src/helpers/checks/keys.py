"""Keys within and between tables: primary keys, foreign keys, lists of keys."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from helpers.checks.package import Package
from helpers.errors import Problem


def check_primary_key(package: Package, table: str) -> list[Problem]:
    """Find rows whose key another row has already.

    Parameters
    ----------
    package
        The data package.
    table
        Name of a table whose text was read.

    Returns
    -------
    list of Problem
        One per second (third, …) row, naming the first.
    """
    columns = package.resources[table]["schema"]["primaryKey"]
    frame, lines = package.texts[table]
    twice = frame.duplicated(columns)
    if not twice.any():
        return []
    keys = frame[columns[0]] if len(columns) == 1 else frame[columns[0]].str.cat(frame[columns[1:]], sep=", ")
    first = keys.drop_duplicates().reset_index().set_index(keys.name)["index"]
    column = ", ".join(columns)
    return [
        package.problem(
            table,
            f"the key ({column}) must appear in one row only",
            f"keep one of the rows {lines[first[keys[i]]]} and {lines[i]}",
            i,
            column,
            keys[i],
        )
        for i in package.find_unflagged(table, columns[0], twice)
    ]


def check_references(package: Package, table: str) -> list[Problem]:
    """Find values that the table they refer to does not have: foreign keys, and items of lists (source_ids).

    Parameters
    ----------
    package
        The data package.
    table
        Name of a table whose text was read.

    Returns
    -------
    list of Problem
        One per cell, or per unknown item of a list; blank cells refer to nothing and are right.
    """
    frame = package.texts[table].frame
    found = []
    for column, other, key, delimiter in _references(package, table):
        known = package.frame(other)
        if known is None:
            continue
        cells = frame[column] if delimiter is None else frame[column].str.split(delimiter).explode()
        unknown = cells[(cells != "") & ~cells.isin(known[key])]
        for i, value in zip(unknown.index, unknown, strict=True):
            if (table, int(i), column) in package.flagged and delimiter is None:
                continue
            rule = f"the value does not exist in column {key} of {package.file(other)}"
            spaces = ", without spaces around it" if value != value.strip() else ""
            remedy = f"correct the value{spaces}, or add it to {package.file(other)}"
            found.append(package.problem(table, rule, remedy, int(i), column, value))
    return found


def complete(package: Package, table: str, column: str, other: str, key: str, names: str, rule: str) -> list[Problem]:
    """Find values of another table that a table must have and has not.

    Parameters
    ----------
    package
        The data package.
    table, column
        Where each value must be.
    other, key, names
        The table that lists the values, its column, and the column with their names.
    rule
        The rule in words.

    Returns
    -------
    list of Problem
        One per missing value, with its name; empty if a table could not be read.
    """
    frame, known = package.frame(table), package.frame(other)
    if frame is None or known is None:
        return []
    # A code that lost its zeros is told as such, not as a comune that is missing.
    present = pd.unique(frame[column].str.zfill(known[key].str.len().max() if len(known) else 0))
    missing = known[~known[key].isin(present)]
    return [
        package.problem(table, rule, f"add a row for {code} {name}", None, column, f"{code} {name}")
        for code, name in zip(missing[key], missing[names], strict=True)
    ]


def _references(package: Package, table: str) -> Iterator[tuple[str, str, str, str | None]]:
    """Tell column, other table (or itself), its column, and the delimiter of a list (or None)."""
    schema = package.resources[table]["schema"]
    for key in schema.get("foreignKeys", []):
        yield key["fields"][0], key["reference"].get("resource", table), key["reference"]["fields"][0], None
    for field in schema["fields"]:
        if "itemReference" in field:
            reference = field["itemReference"]
            yield field["name"], reference["resource"], reference["field"], field["delimiter"]
