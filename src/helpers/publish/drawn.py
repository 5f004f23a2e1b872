"""Figures as a page of the site holds them: drawn, with what the interactive chart needs that the drawing does not say.

In a notebook every trace holds its own coordinates, so that JupyterLab draws it as it is. On a page the outlines of a
map stand once, in its drawing; ``reports/assets/figures.js`` reads them there when a reader asks for the chart.
"""

from __future__ import annotations

import re

from helpers.figures.drawing import draw
from helpers.figures.drawing.areas import is_map
from helpers.figures.exhibit import HALF

#: Widths of the drawings of a figure, in pixels: a column of text, and a phone, which is half a column too.
WIDE, NARROW = 820, 358

#: Class of the drawings that only one of the two screens shows.
LOOKS = {WIDE: "drawing wide", NARROW: "drawing narrow"}

#: The font stands in the site's style sheet.
FONT = re.compile(r' font-family="[^"]*"')


def drawings(name: str, figure: dict, place: str) -> str:
    """The drawings of a figure, for wide and narrow screens; where it stands beside another, one for both.

    Parameters
    ----------
    name
        Of the figure; begins the ids of its drawings.
    figure
        Plotly's description.
    place
        Classes of the element that holds it.
    """
    if HALF in place.split():
        return _svg(figure, NARROW, name, "drawing")
    return _svg(figure, WIDE, name, LOOKS[WIDE]) + _svg(figure, NARROW, name, LOOKS[NARROW], borrowed=True)


def without_outlines(figure: dict) -> dict:
    """The figure without the coordinates of areas; ``shape`` of a trace counts the outlines of its drawing."""
    if not is_map(figure["layout"]):
        return figure
    data, number = [], 0
    for trace in figure["data"]:
        if trace["type"] == "scatter" and trace["mode"] == "lines":
            trace = {key: value for key, value in trace.items() if key not in ("x", "y")} | {"shape": number}
            number += 1
        data.append(trace)
    return {**figure, "data": data}


def _svg(figure: dict, width: int, name: str, look: str, borrowed: bool = False) -> str:
    made = draw(figure, width, f"{name}-drawing", borrowed).svg(look)
    return FONT.sub("", made, count=1).replace(' xmlns="http://www.w3.org/2000/svg"', "", 1)
