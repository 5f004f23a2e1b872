"""The one look of every chart: colours, fonts, layout."""

from __future__ import annotations

from typing import Any

BLUE = "#0066CC"
ORANGE = "#B35806"
INK = "#17324D"
MUTED = "#5A768A"
CONTEXT = "#E8EDF2"
BORDER = "#FFFFFF"
AREA_BORDER = "#6B7A86"
TRANSPARENT = "rgba(255,255,255,0)"
MISSING = "#C9CDD2"

#: Sequential classes, light to dark, readable with colour-vision deficiency (ColorBrewer YlGnBu, 5 classes).
SEQUENTIAL = ("#FFFFCC", "#A1DAB4", "#41B6C4", "#2C7FB8", "#253494")

#: Status of a boundary: from what is known to what is only likely; told apart by lightness, not by hue alone.
STATUS_COLOURS = {"sourced": "#08519C", "derived": "#6BAED6", "indicative": "#FDAE6B"}

FONT = "Titillium Web, Segoe UI, Roboto, Helvetica, Arial, sans-serif"


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
        "font": {"family": FONT, "size": 14, "color": INK},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "hoverlabel": {"bgcolor": "#FFFFFF", "bordercolor": INK, "font": {"color": INK, "family": FONT}},
        "legend": dict(LEGEND),
        "dragmode": False,
    }
    return {**base, **extra}


def lines(x: list, y: list, line: dict, name: str, **extra: Any) -> dict:
    """A line without hover text, as plotly's JSON has it; None in ``x`` and ``y`` lifts the pen."""
    trace = {"type": "scatter", "x": x, "y": y, "mode": "lines", "line": line, "name": name, "hoverinfo": "skip"}
    return {**trace, **extra}
