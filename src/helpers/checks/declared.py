"""The tables that declarations name: each must exist, with one row per comune, or district, and year."""

from __future__ import annotations

from helpers.checks.package import Package
from helpers.data import optional
from helpers.errors import InputError, Problem

#: What a row of a table may be of, the finest first.
KEYS, YEAR = ("istat", "distretto_id"), "year"


def check_declared(package: Package) -> list[Problem]:
    """Check what ``src/helpers/declarations`` says of tables.

    Parameters
    ----------
    package
        The data package, each table already checked by itself.

    Returns
    -------
    list of Problem
        What is wrong in the declarations themselves; without that, each table or column that does not exist.
    """
    try:
        from helpers.declarations import DECLARED, Count, Source
    except InputError as error:
        return error.problems
    problems = []
    entries: list[Count | Source] = [*DECLARED.counts.values(), *DECLARED.sources.values()]
    for entry in entries:
        if entry.table:
            wrong = _wrong(package, entry.table, getattr(entry, "column", ""))
            file, row = DECLARED.places[entry.id]
            problems += [
                Problem(file, f"{entry.id}: {rule}", remedy, row, column, value)
                for column, value, rule, remedy in wrong
            ]
    return problems


def _wrong(package: Package, table: str, column: str) -> list[tuple[str, str, str, str]]:
    """Key, value, rule and remedy of what does not hold of a table and, where a count names one, its column."""
    known = {**{name: optional.resource(name) for name in optional.names()}, **package.resources}
    if table not in known:
        remedy = "name one of datapackage.json, or one that an import brings"
        return [("table", table, "there is no such table", remedy)]
    if not column:
        return []
    columns = [field["name"] for field in known[table].get("schema", {}).get("fields", [])]
    found = []
    key = next((key for key in KEYS if key in columns), "")
    if not key:
        rule = f"the table has no column {' or '.join(KEYS)}"
        found.append(("table", table, rule, "name a table of comuni or of districts"))
    if column not in columns:
        found.append(("column", column, "the table has no such column", f"name one of {', '.join(columns)}"))
    if key and (frame := package.frame(table)) is not None:
        keys = [each for each in (key, YEAR) if each in columns]
        if frame.duplicated(keys).any():
            rule = f"the table has several rows with the same {' and '.join(keys)}"
            found.append(("table", table, rule, "name a table with one row for each"))
    return found
