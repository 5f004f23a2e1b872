"""The one look of every chart: colours, fonts, layout."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from helpers.figures.text import widest

BLUE = "#0066CC"
ORANGE = "#B35806"
INK = "#17324D"
MUTED = "#5A768A"
CONTEXT = "#E8EDF2"
GRID = "#E3E9EE"
BORDER = "#FFFFFF"
AREA_BORDER = "#6B7A86"
TRANSPARENT = "rgba(255,255,255,0)"
MISSING = "#C9CDD2"

#: Sequential classes, light to dark, readable with colour-vision deficiency (ColorBrewer YlGnBu, 5 classes).
SEQUENTIAL = ("#FFFFCC", "#A1DAB4", "#41B6C4", "#2C7FB8", "#253494")

#: Status of a boundary: from what is known to what is only likely; told apart by lightness, not by hue alone.
STATUS_COLOURS = {"sourced": "#08519C", "derived": "#6BAED6", "indicative": "#FDAE6B"}

FONT = "Titillium Web, Segoe UI, Roboto, Helvetica, Arial, sans-serif"


#: Sizes of letters: of the legend and most else, of what must be small.
TEXT, SMALL = 14, 12

#: Where the legend stands: below the drawing, in the order of the traces.
LEGEND = {"orientation": "h", "yanchor": "top", "y": -0.02, "x": 0, "traceorder": "normal"}


def layout(height: int, **extra: Any) -> dict:
    """Base layout shared by all charts, as plotly's JSON has it.

    Parameters
    ----------
    height
        Height in pixels; the width follows the column.
    **extra
        Any other property of plotly's layout.
    """
    base = {
        "template": "none",
        "height": height,
        "font": {"family": FONT, "size": TEXT, "color": INK},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "hoverlabel": {"bgcolor": "#FFFFFF", "bordercolor": INK, "font": {"color": INK, "family": FONT}},
        "showlegend": True,
        "legend": dict(LEGEND),
        "dragmode": False,
    }
    return {**base, **extra}


def axis(**extra: Any) -> dict:
    """An axis as all charts have it, as plotly's JSON has it: no zooming, no turned labels, no line but its grid.

    What plotly.js would choose by itself is said here or by the chart, ``range`` and ``tickvals`` above all, so that
    plotly.js and the drawing of the chart agree.
    """
    base = {"fixedrange": True, "zeroline": False, "gridcolor": GRID, "tickangle": 0, "ticklabeloverflow": "allow"}
    return {**base, **extra}


def rows_axis(names: Iterable[str], **extra: Any) -> dict:
    """A vertical axis of names, the first at the top."""
    names = list(names)
    order = {"type": "category", "categoryorder": "array", "categoryarray": names, "range": [len(names) - 0.5, -0.5]}
    # Where another font is wider than ours, the margin grows.
    return axis(**order, automargin=True, **extra)


def left(names: Iterable[str], size: float = TEXT) -> int:
    """The margin that holds the names at the rows, in pixels."""
    return math.ceil(max(widest(name, size) for name in names)) + 14


def title_above(text: str, left: int) -> dict:
    """What a vertical axis shows, written over it from the edge of the drawing; it needs 20 pixels of margin."""
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": 1, "yref": "paper", "yanchor": "bottom"}
    return {**place, "xshift": 2 - left, "yshift": 2, "text": text, "showarrow": False, "font": {"size": SMALL}}


def title_across(text: str, side: str = "bottom") -> dict:
    """What a horizontal axis shows, beyond its ticks; it needs 42 pixels of margin there."""
    edge = (
        {"y": 0, "yanchor": "top", "yshift": -20} if side == "bottom" else {"y": 1, "yanchor": "bottom", "yshift": 20}
    )
    place = {"x": 0.5, "xref": "paper", "xanchor": "center", "yref": "paper"}
    return {**place, **edge, "text": text, "showarrow": False, "font": {"size": SMALL}}


def lines(x: list, y: list, line: dict, name: str, **extra: Any) -> dict:
    """A line without hover text, as plotly's JSON has it; None in ``x`` and ``y`` lifts the pen."""
    trace = {"type": "scatter", "x": x, "y": y, "mode": "lines", "line": line, "name": name, "hoverinfo": "skip"}
    return {**trace, **extra}
