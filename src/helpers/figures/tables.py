"""Tables: a frame and its columns → HTML for readers, CSV for machines.

What a reader sees is printed, with links and words; the file holds what it was printed from: raw numbers with their
unit in the heading, plain text, ISO dates. Columns that join or print values name the raw ones (``file``).
"""

from __future__ import annotations

import csv
import io
import numbers
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

from helpers.data.csv_form import mark

#: Between the items of a list in one cell, as in the data package.
LIST_SEPARATOR = ";"

#: Decimals of a number in a file: far more than are printed.
DECIMALS = 6


def _shown(value: object) -> str:
    return value if isinstance(value, str) else str(value)


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    source
        Column of the frame.
    heading
        What the reader sees.
    show
        Turns a value into text, or into markup (a link, a badge); the default prints it as it is.
    numeric
        Right-aligned, with figures of equal width.
    row_header
        True for the column that names the row.
    unit
        Of the numbers, as machines call it (``persons``, ``share``, ``eur``); in the file it stands after the name,
        in brackets. Needless where the name ends with it.
    year
        Of the numbers, or the first and the last (``2011-2026``), where all are of the same; in the file it stands
        after the unit. A column of the frame called as this one with ``_year`` at the end knows the last better.
    file
        Columns of the frame that the file holds in place of ``source``, each with its unit if it has another: what a
        cell was made from, never the cell.
    """

    source: str
    heading: str
    show: Callable[[Any], str] = field(default=_shown)
    numeric: bool = False
    row_header: bool = False
    unit: str = ""
    year: str = ""
    file: Sequence[str] | Mapping[str, str] | None = None

    @property
    def units(self) -> dict[str, str]:
        """The units of the columns of the frame that the file holds, by name."""
        if isinstance(self.file, Mapping):
            return dict(self.file)
        return dict.fromkeys((self.source,) if self.file is None else self.file, self.unit)

    def cell(self, value: object) -> Markup:
        """The cell as HTML."""
        before, after = _CELLS[self.numeric, self.row_header]
        return Markup(f"{before}{escape(self.show(value))}{after}")  # noqa: S704 - thousands of them: by hand


#: What stands around the content of a cell, by whether it is a number and whether it names the row.
_CELLS = {
    (False, False): ("<td>", "</td>"),
    (True, False): ('<td class="num">', "</td>"),
    (False, True): ('<th scope="row">', "</th>"),
    (True, True): ('<th scope="row" class="num">', "</th>"),
}


def html_table(frame: pd.DataFrame, columns: list[Column]) -> Markup:
    """Lay a frame out as an accessible HTML table inside its own scrolling container.

    Every value is escaped unless its column makes markup of it.
    """
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(Markup(' class="num"') if c.numeric else "", c.heading)
        for c in columns
    )
    given = [[c.cell(_none_if_missing(value)) for value in frame[c.source].tolist()] for c in columns]
    cells = ("".join(row) for row in zip(*given, strict=True))
    rows = Markup("".join([f"<tr>{row}</tr>" for row in cells]))  # noqa: S704 - cells are markup
    return Markup(
        '<div class="table-scroll" tabindex="0"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(head, rows)


def of_markup(values: Iterable[Markup], index: pd.Index | None = None) -> pd.Series:
    """A column of markup for a frame; of a plain list pandas makes text, which would be escaped."""
    return pd.Series(list(values), index, dtype=object)


def csv_text(frame: pd.DataFrame, columns: list[Column]) -> str:
    """Write what a table shows as CSV: raw values under the frame's own column names, unit and year in brackets.

    Where rows are named and the frame has a ``code``, the file begins with it. A cell is a number (point for decimals,
    nothing between thousands), ``true`` or ``false``, an ISO date, text, a list separated by semicolons, or blank. Text
    that a spreadsheet would run as a formula is marked as text (:func:`helpers.data.csv_form.mark`).

    Raises
    ------
    TypeError
        If a cell is none of these.
    """
    heads = {name: text for column in columns for name, text in _headings(frame, column).items()}
    if "code" in frame and "code" not in heads and any(column.row_header for column in columns):
        heads = {"code": "code"} | heads
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads.values())
    writer.writerows(zip(*(_csv_cells(frame[name]) for name in heads), strict=True))
    return out.getvalue()


def csv_heading(frame: pd.DataFrame, column: Column) -> str:
    """What a column is called in a file: ``share_80_plus [share; 2022]``."""
    return _headings(frame, column)[column.source]


def _headings(frame: pd.DataFrame, column: Column) -> dict[str, str]:
    """What the columns of the frame that a file holds for one of the table are called in it."""
    found = {}
    for name, unit in column.units.items():
        told = "; ".join(part for part in (unit, _year(frame, name, column.year)) if part)
        found[name] = f"{name} [{told}]" if told else name
    return found


def _year(frame: pd.DataFrame, name: str, year: str) -> str:
    """The year, or the years from and to, of a column; the last is the one that the frame says, if it is one."""
    years = frame[f"{name}_year"].dropna().unique() if f"{name}_year" in frame else []
    return f"{year[:-4]}{int(years[0])}" if len(years) == 1 else year


def _csv_cells(values: pd.Series) -> list[Any]:
    """The cells of a column; most are numbers, which need no look at each."""
    if values.dtype == np.float64:
        # Adding zero takes the sign from a rounded −0.
        return ["" if value != value else round(value, DECIMALS) + 0.0 for value in values.tolist()]
    if values.dtype == np.int64:
        return values.tolist()
    return [_csv_cell(value) for value in values.astype(object)]


def _csv_cell(value: Any) -> Any:
    value = LIST_SEPARATOR.join(map(str, value)) if isinstance(value, (list, tuple)) else _none_if_missing(value)
    if value is None:
        return ""
    if isinstance(value, str):
        # The csv module leaves a lone carriage return unquoted, and readers take it for the end of the row.
        return mark(value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return round(float(value), DECIMALS) + 0.0
    if isinstance(value, date):
        return value.isoformat()[: len("2022-01-01")]
    raise TypeError(f"{value!r} cannot stand in a CSV: a cell is a number, a text, a date or a list of texts.")


def _none_if_missing(value: Any) -> Any:
    """Pandas marks missing values in several ways; readers and writers see one."""
    return None if value is None or value is pd.NA or value != value else value
