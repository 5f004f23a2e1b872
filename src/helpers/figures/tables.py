"""Tables: a frame and its columns → HTML for readers, CSV for machines."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

import pandas as pd

from ..csvtext import mark


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
        Turns a value into text; the default prints it as it is.
    numeric
        Right-aligned, with figures of equal width.
    html
        True when ``show`` returns HTML already made safe (a link, a badge).
    row_header
        True for the column that names the row.
    """

    source: str
    heading: str
    show: Callable[[object], str] = field(default=str)
    numeric: bool = False
    html: bool = False
    row_header: bool = False

    def cell(self, value: object) -> str:
        """The cell as HTML."""
        text = self.show(value)
        content = text if self.html else escape(text)
        kind = ' class="num"' if self.numeric else ""
        return f'<th scope="row"{kind}>{content}</th>' if self.row_header else f"<td{kind}>{content}</td>"


def html_table(frame: pd.DataFrame, columns: list[Column]) -> str:
    """Lay a frame out as an accessible HTML table inside its own scrolling container.

    Every value is escaped unless its column says that it already is HTML.
    """
    head = "".join(
        f'<th scope="col"{" class=" + chr(34) + "num" + chr(34) if c.numeric else ""}>{escape(c.heading)}</th>'
        for c in columns
    )
    records = frame[[c.source for c in columns]].astype(object).itertuples(index=False, name=None)
    rows = "".join(
        "<tr>" + "".join(c.cell(_none_if_missing(v)) for c, v in zip(columns, record, strict=True)) + "</tr>"
        for record in records
    )
    return (
        '<div class="table-scroll" tabindex="0"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def csv_text(frame: pd.DataFrame, columns: list[Column]) -> str:
    """Write what a table shows as CSV: unformatted values under the frame's own column names.

    Text that a spreadsheet would run as a formula is marked as text (:func:`helpers.csvtext.mark`).
    """
    names = list(dict.fromkeys(c.source for c in columns))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for record in frame[names].astype(object).itertuples(index=False, name=None):
        writer.writerow([_csv_cell(value) for value in record])
    return out.getvalue()


def _csv_cell(value: object) -> object:
    value = _none_if_missing(value)
    if value is None:
        return ""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, str):
        # The csv module leaves a lone carriage return unquoted, and readers take it for the end of the row.
        return mark(value.replace("\r\n", "\n").replace("\r", "\n"))
    return value


def _none_if_missing(value: object) -> object:
    """Pandas marks missing values in several ways; readers and writers see one."""
    return None if value is None or value is pd.NA or value != value else value
