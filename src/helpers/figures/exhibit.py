"""An exhibit is what a reader gets to see: a chart or a table, its caption, its text alternative and its data.

A notebook shows it as Jupyter does (plotly's MIME type, HTML); ``helpers.publish.stage`` turns the same outputs
into what a publisher keeps.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from .tables import Column, csv_text, html_table

if TYPE_CHECKING:
    from plotly.basedatatypes import BaseFigure

PLOTLY_MIME = "application/vnd.plotly.v1+json"

#: Decimals kept in figure data: pixels and tenths of a percent need no more.
SIGNIFICANT_DECIMALS = 4


@dataclass(frozen=True)
class Words:
    """The few words an exhibit needs in the page's language."""

    show_data: str
    download_csv: str


@dataclass(frozen=True)
class Table:
    """A table with its caption.

    Attributes
    ----------
    id
        Short name, unique on the page; also names the CSV.
    caption
        The message in one or two sentences (plain text).
    frame
        The data, unformatted; what the CSV holds.
    columns
        What is shown, in order, and how.
    note
        Sources and status, as HTML already made safe.
    """

    id: str
    caption: str
    frame: pd.DataFrame
    columns: list[Column]
    words: Words
    note: str = ""

    def outputs(self) -> list[tuple[dict, dict]]:
        """MIME bundles and metadata, one pair per output, as ``IPython.display`` takes them."""
        html = (
            f'<figure class="table-wecare" id="tbl-{self.id}">'
            f'<figcaption class="caption">{escape(self.caption)}</figcaption>'
            f"{html_table(self.frame, self.columns)}{self.note}{_downloads(self.id, self.words)}</figure>"
        )
        return [(_html_bundle(html, self.frame, self.columns, self.caption), {})]


@dataclass(frozen=True)
class Figure:
    """A chart with message caption, text alternative and the table that says the same without JavaScript.

    Attributes
    ----------
    chart
        Plotly's JSON (``data`` and ``layout``), or a figure of ``plotly.graph_objects``.
    alt
        What the chart shows, in words.
    """

    id: str
    caption: str
    alt: str
    chart: dict | BaseFigure
    frame: pd.DataFrame
    columns: list[Column]
    words: Words
    note: str = ""

    def outputs(self) -> list[tuple[dict, dict]]:
        """MIME bundles and metadata: the chart, then caption, table and downloads."""
        chart = self.chart if isinstance(self.chart, dict) else self.chart.to_plotly_json()
        # "none" is the name of a template in Python only; without one plotly.js draws the same.
        layout = {key: value for key, value in chart["layout"].items() if key != "template"}
        spec = {"data": chart["data"], "layout": layout, "config": {"responsive": True, "displayModeBar": False}}
        height = layout["height"]
        html = (
            f'<figure class="figure-wecare" id="fig-{self.id}">'
            f'<figcaption class="caption">{escape(self.caption)}</figcaption>'
            f'<div class="plot" data-figure="{self.id}" role="img" aria-label="{escape(self.alt)}" '
            f'style="--height:{height}px"></div>'
            f'<details class="figure-data"><summary>{escape(self.words.show_data)}</summary>'
            f"{html_table(self.frame, self.columns)}</details>{self.note}{_downloads(self.id, self.words)}</figure>"
        )
        chart = {PLOTLY_MIME: _plain(spec), "text/plain": self.alt}
        return [
            (chart, {"wecare": {"figure": self.id}}),
            (_html_bundle(html, self.frame, self.columns, self.caption), {}),
        ]


def _downloads(name: str, words: Words) -> str:
    return f'<p class="downloads"><a href="csv:{name}" download>{escape(words.download_csv)}</a></p>'


def _html_bundle(html: str, frame: pd.DataFrame, columns: list[Column], plain: str) -> dict:
    return {"text/html": html, "text/csv": csv_text(frame, columns), "text/plain": plain}


def _plain(value: object) -> object:
    """Turn a figure into lists and rounded numbers.

    Plotly would encode arrays as base64, which neither compresses nor compares well.
    """
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return None if value != value else round(value, SIGNIFICANT_DECIMALS)
    return value
