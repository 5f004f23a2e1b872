"""Two values of each place as a point, among the values of the whole; some points have their name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import numpy as np

from helpers.figures import theme
from helpers.figures.text import widest

#: Sizes of letters and points, height of the drawing.
SMALL, POINT, HEIGHT = 12, 9, 470

#: Width of a drawing on a phone, in pixels: names that find their place there find it everywhere.
PHONE = 358

#: Margins above, below and at the right.
ABOVE, BELOW, RIGHT = 28, 78, 12

#: Where a name may stand beside its point, best first; and what it keeps from others, in pixels.
SIDES, APART = ("middle right", "middle left", "top center", "bottom center"), 2


def quadrants(
    x: Sequence[float],
    y: Sequence[float],
    names: Sequence[str],
    named: Sequence[int],
    centre: tuple[float, float],
    centre_name: str,
    hover: Sequence[str],
    links: Sequence[str],
    axes: tuple[str, str],
    show: tuple[Callable[[float], str], Callable[[float], str]],
    place_word: str,
) -> dict:
    """Points with the lines that part them in four.

    Parameters
    ----------
    x, y, names, hover, links
        Of each place.
    named
        Positions of those with their name, most important first; a name without room is left out.
    centre, centre_name
        Values of the whole, where the lines cross, and its name.
    axes, show
        Titles of both axes, and what prints a value at a tick.
    place_word
        What the legend calls a point.
    """
    across = theme.scale([*x, centre[0]], show[0], wanted=5)
    up = theme.scale([*y, centre[1]], show[1], wanted=5)
    left = theme.left(up["ticktext"], SMALL)
    sides = sides_of(x, y, names, named, across["range"], up["range"], left)
    line = {"color": theme.ORANGE, "width": 1.5, "dash": "dash"}
    ends = [*across["range"], None, centre[0], centre[0]], [centre[1], centre[1], None, *up["range"]]
    points = {
        "type": "scatter",
        "mode": "markers",
        "x": list(x),
        "y": list(y),
        "marker": {"color": theme.BLUE, "size": POINT},
        "name": place_word,
        "hovertext": list(hover),
        "hoverinfo": "text",
        "customdata": list(links),
    }
    written = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [x[n] for n in sides],
        "y": [y[n] for n in sides],
        "marker": {"color": theme.BLUE, "size": POINT},
        "text": [escape(names[n]) for n in sides],
        "textposition": list(sides.values()),
        "textfont": {"size": SMALL, "color": theme.INK},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }
    layout = theme.layout(
        HEIGHT,
        hovermode="closest",
        xaxis=theme.axis(**across, tickfont={"size": SMALL}),
        yaxis=theme.axis(**up, tickfont={"size": SMALL}),
        annotations=[theme.title_above(escape(axes[1]), left), theme.title_across(escape(axes[0]))],
        legend=theme.LEGEND | {"y": -0.12},
        margin={"l": left, "r": RIGHT, "t": ABOVE, "b": 44},
    )
    return {"data": [theme.lines(*ends, line, centre_name), written, points], "layout": layout}


def sides_of(
    x: Sequence[float],
    y: Sequence[float],
    names: Sequence[str],
    named: Sequence[int],
    across: Sequence[float],
    up: Sequence[float],
    left: int,
) -> dict[int, str]:
    """On which side of its point each name stands on a phone without covering a point or another name."""
    size = (PHONE - left - RIGHT, HEIGHT - ABOVE - BELOW)
    px = (np.asarray(x) - across[0]) / (across[1] - across[0]) * size[0]
    py = size[1] - (np.asarray(y) - up[0]) / (up[1] - up[0]) * size[1]
    half = POINT / 2 + APART
    taken = [(a - half, b - half, a + half, b + half) for a, b in zip(px, py, strict=True)]
    found: dict[int, str] = {}
    for n in named:
        wide = widest(escape(names[n]), SMALL)
        for side in SIDES:
            box = _box(px[n], py[n], wide, side)
            inside = box[0] >= 0 and box[2] <= size[0] and box[1] >= 0 and box[3] <= size[1]
            others = [other for k, other in enumerate(taken) if k != n]
            if inside and not any(_overlap(box, other) for other in others):
                found[n] = side
                taken.append(box)
                break
    return found


def _box(x: float, y: float, wide: float, side: str) -> tuple[float, float, float, float]:
    reach, high = POINT / 2 / 0.8 + 1, SMALL * 1.2
    up, along = side.split(" ")
    x0 = x + {"right": reach, "left": -reach - wide, "center": -wide / 2}[along]
    y0 = y + {"middle": -high / 2, "top": -reach - high, "bottom": reach}[up]
    return x0, y0, x0 + wide, y0 + high


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return min(a[2], b[2]) - max(a[0], b[0]) > -APART and min(a[3], b[3]) - max(a[1], b[1]) > -APART
