"""Two values of each place as a point, among the values of the whole; some points have their name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
from markupsafe import escape

from helpers.figures import scales, theme
from helpers.figures.ranges import wrap
from helpers.figures.text import LINE, lines_of, widest

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
    order: Sequence[int],
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
    order
        Positions in the order in which names are written; a name without room is left out.
    centre, centre_name
        Values of the whole, where the lines cross, and its name.
    axes, show
        Titles of both axes, and what prints a value at a tick.
    place_word
        What the legend calls a point.
    """
    across, up = (
        scales.scale([*ends(values), middle], print_tick, wanted=5)
        for values, middle, print_tick in zip((x, y), centre, show, strict=True)
    )
    left = theme.left(up["ticktext"], SMALL)
    size = (PHONE - left - RIGHT, HEIGHT - ABOVE - BELOW)
    place = _pixels(x, across["range"], size[0]), size[1] - _pixels(y, up["range"], size[1])
    lines = _pixels([centre[0]], across["range"], size[0])[0], size[1] - _pixels([centre[1]], up["range"], size[1])[0]
    sides = sides_of(*place, names, order, lines, size)
    line = {"color": theme.ORANGE, "width": 1.5, "dash": "dash"}
    level = [*across["range"], None, *[centre[0]] * 2]
    upright = [*[centre[1]] * 2, None, *up["range"]]
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
        "text": [text for text, _ in sides.values()],
        "textposition": [side for _, side in sides.values()],
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
    return {"data": [theme.lines(level, upright, line, centre_name), written, points], "layout": layout}


def ends(values: Sequence[float]) -> tuple[float, float]:
    """Lowest and highest value with room for the names of the points there."""
    room = (max(values) - min(values)) * 0.06
    return min(values) - room, max(values) + room


def sides_of(
    x: np.ndarray,
    y: np.ndarray,
    names: Sequence[str],
    order: Sequence[int],
    lines: tuple[float, float],
    size: tuple[float, float],
) -> dict[int, tuple[str, str]]:
    """On which side of its point each name stands without covering a point, a line or another name.

    Parameters
    ----------
    x, y
        Of the points, in pixels from the upper left corner.
    names
        Over one line or, where that has no room, two.
    order
        Positions, those to be written first.
    lines
        Where the upright and the level line are.
    size
        Of the drawing between its axes.

    Returns
    -------
    dict
        The name as it is written and one of :data:`SIDES`, by position; names without room are left out.
    """
    half = POINT / 2 + APART
    points = [(a - half, b - half, a + half, b + half) for a, b in zip(x, y, strict=True)]
    taken = [(lines[0], 0, lines[0], size[1]), (0, lines[1], size[0], lines[1])]
    found: dict[int, tuple[str, str]] = {}
    for n in order:
        for text, side in product(dict.fromkeys((escape(names[n]), wrap(names[n]))), SIDES):
            box = _box(float(x[n]), float(y[n]), text, side)
            inside = box[0] >= 0 and box[2] <= size[0] and box[1] >= 0 and box[3] <= size[1]
            others = [*taken, *(point for k, point in enumerate(points) if k != n)]
            if inside and not any(_overlap(box, other) for other in others):
                found[n] = text, side
                taken.append(box)
                break
    return found


def _pixels(values: Sequence[float], ends: Sequence[float], length: float) -> np.ndarray:
    return (np.asarray(values, dtype=float) - ends[0]) / (ends[1] - ends[0]) * length


def _box(x: float, y: float, name: str, side: str) -> tuple[float, float, float, float]:
    reach, wide = POINT / 2 / 0.8 + 1, widest(name, SMALL)
    high = SMALL * 1.2 + (len(lines_of(name)) - 1) * SMALL * LINE
    up, along = side.split(" ")
    x0 = x + {"right": reach, "left": -reach - wide, "center": -wide / 2}[along]
    y0 = y + {"middle": -high / 2, "top": -reach - high, "bottom": reach}[up]
    return x0, y0, x0 + wide, y0 + high


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return min(a[2], b[2]) - max(a[0], b[0]) > -APART and min(a[3], b[3]) - max(a[1], b[1]) > -APART
