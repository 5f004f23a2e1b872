"""Rows of ``data/raw`` that the site speaks of one by one, looked up by key; ``required.toml`` declares them.

Where such a row is not there, or a cell is blank that must be filled, it is a problem of the reports that speak of it:
``wecare check`` tells them all, and a report that asks for one is refused while the others are made.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import tomli

from helpers.data import raw
from helpers.data.csv_form import Text
from helpers.errors import InputError, Problem


@dataclass(frozen=True)
class Required:
    """One row that must be there.

    Attributes
    ----------
    key
        Its key, unique among all that are declared: ``EV-05``.
    table, column
        The raw table it stands in, and the column of its key.
    filled
        Columns that must be filled.
    reports
        Reports that speak of it, by the name of the report or of its template; none if the whole build rests on it.
    also
        Further columns that some of these reports need filled, by the name of the report.
    """

    key: str
    table: str
    column: str
    filled: tuple[str, ...]
    reports: tuple[str, ...]
    also: dict[str, tuple[str, ...]]

    def needs(self) -> dict[str, tuple[str, ...]]:
        """The reports that need each column filled."""
        found = dict.fromkeys(self.filled, self.reports)
        for report, columns in self.also.items():
            found |= {column: (*found.get(column, ()), report) for column in columns}
        return found

    def problems(self, text: Text | None, path: str = "") -> list[Problem]:
        """What is wrong with it in its table, given as text with the name of its file (None: there is no table)."""
        if text is None:
            rule = f"there is no table {self.table}, and the site speaks of its row {self.key}"
            return [Problem(raw.label(raw.DESCRIPTOR), rule, "put the table back", reports=self.reports)]
        file, cells = raw.label(path), text.frame
        at = cells.index[cells[self.column] == self.key]
        if at.empty:
            rule, remedy = f"there is no row {self.key}, and the site speaks of it", "put the row back under this key"
            return [Problem(file, rule, remedy, column=self.column, value=self.key, reports=self.reports)]
        rule = f"the cell is empty, and the site says what {self.key} has there"
        return [
            Problem(file, rule, "fill the cell", row=text.lines[at[0]], column=column, reports=reports)
            for column, reports in self.needs().items()
            if cells.at[at[0], column] == ""
        ]


@lru_cache(maxsize=1)
def read_required() -> dict[str, Required]:
    """Every row that must be there, by its key."""
    tables = tomli.loads(files(__package__).joinpath("required.toml").read_text(encoding="utf-8"))
    return {
        key: Required(
            key,
            table,
            found["key"],
            tuple(row.get("filled", ())),
            tuple(row.get("by", ())),
            {report: tuple(columns) for report, columns in row.get("also", {}).items()},
        )
        for table, found in tables.items()
        for key, row in found["rows"].items()
    }


def row(key: str, root: Path | None = None, *, by: tuple[str, ...] = ()) -> dict[str, Any]:
    """The row of a key as plain values, None where blank; see :func:`helpers.data.raw.rows`.

    Who asks for it is not touched by an edit of other rows.

    Parameters
    ----------
    key, root
        A key that is declared, and the folder of the data package, ``data/raw`` by default.
    by
        Names of the report that asks, if it needs more columns filled than others.

    Raises
    ------
    InputError
        If it is not there, or a cell is blank that must be filled.
    """
    wanted = read_required()[key]
    if not raw.available(wanted.table, root):
        raise InputError(wanted.problems(None))
    found = raw.rows(wanted.table, root, having=(wanted.column, key))
    columns = (*wanted.filled, *(column for name in by for column in wanted.also.get(name, ())))
    if not found or any(found[0][column] in (None, ()) for column in columns):
        entry = raw.resource(wanted.table, root)
        problems = wanted.problems(raw.read_text(entry, root), entry["path"])
        raise InputError([problem for problem in problems if problem.column in (wanted.column, *columns)])
    return found[0]


def rows(*keys: str, root: Path | None = None, by: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The rows of some keys, in this order; raises like :func:`row`, with every problem."""
    problems, found = [], []
    for key in keys:
        try:
            found.append(row(key, root, by=by))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def rows_of(*names: str) -> dict[str, dict[str, Any]]:
    """Every row that a report speaks of, by key, the report given by its names; raises like :func:`rows`."""
    keys = [key for key, wanted in read_required().items() if set(names) & {*wanted.reports, *wanted.also}]
    return dict(zip(keys, rows(*keys, by=names), strict=True))


def sources(*keys: str) -> list[str]:
    """The sources of some rows, in this order, each once; raises like :func:`rows`."""
    return list(dict.fromkeys(i for found in rows(*keys) for i in found["source_ids"]))
