"""An exhibit is what a reader gets to see: a chart or a table, its caption, its text alternative and its data.

A notebook shows it as Jupyter does (plotly's MIME type, HTML); ``helpers.publish.stage`` turns the same outputs
into what a publisher keeps.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd
from markupsafe import Markup

from helpers.figures.drawing import draw
from helpers.figures.tables import Column, csv_text, html_table

PLOTLY_MIME = "application/vnd.plotly.v1+json"
SVG_MIME = "image/svg+xml"

#: Width of the drawing in a notebook, in pixels.
WIDTH = 760

#: Classes of a figure's place on a page: always, and where it stands beside another.
PLOT, HALF = "plot", "half"

#: Decimals kept in figure data: pixels and tenths of a percent need no more.
SIGNIFICANT_DECIMALS = 4

#: What plotly would read as markup, besides that with which the texts of charts are set.
MARKUP = re.compile(r"<(?!/?(?:b|i|br|extra)>)")


class Exhibit(Protocol):
    """Whatever can be shown."""

    def outputs(self) -> list[tuple[dict, dict]]:
        """MIME bundles and metadata, one pair per output, as ``IPython.display`` takes them."""
        ...


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
        html = Markup(
            '<figure class="table-wecare" id="tbl-{}"><figcaption class="caption">{}</figcaption>{}{}{}</figure>'
        ).format(
            self.id, self.caption, html_table(self.frame, self.columns), self.note, _downloads(self.id, self.words)
        )
        return [(_html_bundle(html, self.frame, self.columns, self.caption), {})]


@dataclass(frozen=True)
class Places:
    """Where the rows of a map's table are: the browser joins both when a reader saves the map as GeoJSON.

    Attributes
    ----------
    ids
        What names each row of the frame in the file.
    file
        GeoJSON (WGS84) that the site publishes, by its address there.
    key
        Property of the file that holds the ids.
    points
        Longitude and latitude of each row instead of a file, in degrees.
    """

    ids: Sequence[object]
    file: str = ""
    key: str = "id"
    points: Sequence[tuple[float, float]] = ()

    def description(self) -> dict:
        """As it stands beside the figure's data."""
        ids = [str(i) for i in self.ids]
        if self.file:
            return {"file": f"site:{self.file}", "key": self.key, "ids": ids}
        return {"key": self.key, "ids": ids, "points": [[round(x, 5), round(y, 5)] for x, y in self.points]}


@dataclass(frozen=True)
class Figure:
    """A chart with message caption, text alternative and the table that says the same without JavaScript.

    Attributes
    ----------
    chart
        Plotly's JSON: ``data`` and ``layout``, whose height is in pixels.
    alt
        What the chart shows, in words.
    frame
        The data as a table; None in the second figure of a :class:`Pair`, which shares that of the first.
    places
        Where the rows are, for maps.
    file
        What the CSV holds, where it is laid out in another way than the table.
    filter
        What the field over the table says, in which a reader writes a part of a row's name; such a table is open.
    """

    id: str
    caption: str
    alt: str
    chart: dict
    frame: pd.DataFrame | None
    columns: list[Column]
    words: Words
    note: str = ""
    places: Places | None = None
    file: tuple[pd.DataFrame, list[Column]] | None = None
    filter: str = ""

    def outputs(self) -> list[tuple[dict, dict]]:
        """MIME bundles and metadata: the chart, then caption, table and downloads."""
        return [self.drawing(), (_html_bundle(self.html(), *self.download(), self.caption), {})]

    def download(self) -> tuple[pd.DataFrame | None, list[Column]]:
        """What the CSV holds: a frame and its columns."""
        return self.file or (self.frame, self.columns)

    def drawing(self) -> tuple[dict, dict]:
        """The chart as a MIME bundle with its metadata: plotly's, and the drawing for whatever runs no script."""
        # "none" is the name of a template in Python only; without one plotly.js draws the same.
        layout = {key: value for key, value in self.chart["layout"].items() if key != "template"}
        spec = {"data": self.chart["data"], "layout": layout, "config": {"responsive": True, "displayModeBar": False}}
        if self.places:
            spec["places"] = self.places.description()
        plain: Any = as_json(spec)
        drawn = draw(plain, WIDTH, self.id).svg(alt=self.alt)
        bundle = {PLOTLY_MIME: plain, SVG_MIME: drawn, "text/plain": self.alt}
        return bundle, {"wecare": {"figure": self.id}}

    def html(self, place: str = PLOT) -> Markup:
        """The place of the chart, of these classes, with caption, table and downloads."""
        data, links = "", ""
        if self.frame is not None:
            summary = Markup("<summary>{}</summary>").format(self.words.show_data)
            table = html_table(self.frame, self.columns)
            data, links = (
                Markup('<details class="figure-data"{}>{}{}{}</details>').format(
                    Markup(" open") if self.filter else "", summary, _filter(self.filter), table
                ),
                _csv_link(self.id, self.words),
            )
        return Markup(
            '<figure class="figure-wecare" id="fig-{}">'
            '<figcaption class="caption">{}</figcaption>'
            '<div class="{}" data-figure="{}" role="img" aria-label="{}"></div>'
            '{}{}<p class="downloads">{}<span class="saving" data-figure="{}"></span></p>'
            "</figure>"
        ).format(self.id, self.caption, place, self.id, self.alt, data, self.note, links, self.id)


@dataclass(frozen=True)
class Pair:
    """A map and the ranking of the same, beside each other where there is room; the map's table serves both."""

    map: Figure
    ranking: Figure

    def outputs(self) -> list[tuple[dict, dict]]:
        """MIME bundles and metadata: both charts, then both figures in one piece."""
        half = f"{PLOT} {HALF}"
        html = Markup('<div class="linked">{}{}</div>').format(self.map.html(half), self.ranking.html(half))
        bundle = _html_bundle(html, *self.map.download(), self.map.caption)
        return [self.map.drawing(), self.ranking.drawing(), (bundle, {})]


def _filter(words: str) -> Markup:
    field = Markup('<label class="filter" data-live hidden>{} <input type="search" autocomplete="off"></label>')
    return field.format(words) if words else Markup("")


def _downloads(name: str, words: Words) -> Markup:
    return Markup('<p class="downloads">{}</p>').format(_csv_link(name, words))


def _csv_link(name: str, words: Words) -> Markup:
    return Markup('<a href="csv:{}" download>{}</a>').format(name, words.download_csv)


def _html_bundle(html: Markup, frame: pd.DataFrame, columns: list[Column], plain: str) -> dict:
    return {"text/html": str(html), "text/csv": csv_text(frame, columns), "text/plain": plain}


def as_json(value: object) -> object:
    """Turn a figure into lists, rounded numbers and texts whose only markup is what charts are written with.

    Plotly would encode arrays as base64, which neither compresses nor compares well.
    """
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [as_json(item) for item in value]
    if isinstance(value, float):
        return None if value != value else round(value, SIGNIFICANT_DECIMALS)
    return MARKUP.sub("&lt;", value) if isinstance(value, str) and "<" in value else value
