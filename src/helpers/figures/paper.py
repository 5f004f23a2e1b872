"""The charts of the printed sheet: those of the page in less room, and two that only the sheet has.

They are described like all charts and drawn by the same code; a pixel of them is :data:`PIXEL` millimetres on paper, so
that letters of 12 pixels are read as 6.8 points.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from helpers.figures import charts, maps, theme

#: Millimetres of a pixel on paper.
PIXEL = 0.2

#: Letters beside the small figures.
LETTERS = 11

#: Ground outside the region; the other districts on the map of the region, and on the strips.
OUTSIDE, OTHERS, DOTS = "#F7F9FB", "#DCE4EC", "#B5C0CA"

GRID = "#DDE4EA"

#: Borders keep no detail finer than this, in pixels.
DETAIL = 1.75

#: Names written on the map, the most populous first.
NAMES = 9

#: Lengths a scale bar may have in kilometres, and the longest in pixels.
BARS_KM, LONGEST_BAR = (1, 2, 5, 10, 20, 50), 90

NO_MARGIN = {"l": 0, "r": 0, "t": 0, "b": 0}


def district_map(
    comuni: gpd.GeoDataFrame, values: pd.Series, classes: maps.Classes, ground: gpd.GeoDataFrame, size: tuple[int, int]
) -> dict:
    """The comuni of a district coloured by class, the other districts as ground around them.

    Parameters
    ----------
    comuni
        Polygons in a metric projection, most populous first, with ``name``.
    values
        Rate of each, aligned.
    classes
        Bounds and colours.
    ground
        Polygons of the other districts.
    size
        Width and height in pixels; the map fills them.
    """
    frame = maps.Frame.filling(comuni, size, DETAIL)
    drawn = frame.generalise([*comuni.geometry, *ground.geometry])
    own, around = drawn[: len(comuni)], shapely.clip_by_rect(drawn[len(comuni) :], *frame.bounds)
    look: dict[str, Any] = {"showlegend": False}
    traces = [maps.area(frame.path(g), theme.CONTEXT, "", width=2, border=theme.BORDER, **look) for g in around]
    for geometry, klass in zip(own, classes.index(values), strict=True):
        colour = classes.colours[klass] if klass >= 0 else theme.MISSING
        traces.append(maps.area(frame.path(geometry), colour, "", width=0.8, **look))
    outline = frame.path(shapely.coverage_union_all(own))
    traces.append(theme.lines(*outline, {"color": theme.INK, "width": 2.5}, "", **look))
    bar, length = _scale_bar(frame, size)
    chart = frame.figure(traces, size[1], comuni.head(NAMES), size, margin=NO_MARGIN, plot_bgcolor=OUTSIDE, shapes=bar)
    # Where the scale stands no name is written.
    notes = [n for n in chart["layout"]["annotations"] if not _near(n, length)]
    chart["layout"]["annotations"] = [*notes, length]
    return chart


def _scale_bar(frame: maps.Frame, size: tuple[int, int]) -> tuple[list[dict], dict]:
    """A bar of a round length in the lower left corner, and how long it is."""
    metres = frame.width / size[0]
    kilometres = max((km for km in BARS_KM if km * 1000 / metres <= LONGEST_BAR), default=BARS_KM[0])
    left, right = 12 * metres, 12 * metres + kilometres * 1000
    low, high = 12 * metres, 17 * metres
    ends = [(left, high, left, low), (left, low, right, low), (right, low, right, high)]
    line = {"color": theme.INK, "width": 2}
    shapes = [
        {"type": "line", "line": line, "layer": "above"}
        | {key: round(value / frame.unit, 1) for key, value in zip(("x0", "y0", "x1", "y1"), end, strict=True)}
        for end in ends
    ]
    note = {
        "x": round(right / frame.unit, 1),
        "y": round(low / frame.unit, 1),
        "xanchor": "left",
        "xshift": 4,
        "yshift": 3,
    }
    return shapes, note | {"text": f"{kilometres} km", "showarrow": False, "font": {"size": LETTERS}}


def _near(note: dict, length: dict) -> bool:
    return note["x"] < 1.6 * length["x"] and note["y"] < 5 * length["y"]


def region(
    districts: gpd.GeoDataFrame,
    code: str,
    size: tuple[int, int],
    detail: float,
    colours: tuple[str, str],
    width: float = 0,
) -> dict:
    """The region in one colour, a district in another.

    Parameters
    ----------
    districts
        Polygons in a metric projection, with ``code``.
    code
        The district; none is marked where it is empty.
    size
        Width and height in pixels.
    detail
        The finest detail of borders, in pixels.
    colours
        Of the region and of the district.
    width
        Of the borders between all districts, in pixels; 0 draws none.
    """
    frame = maps.Frame.filling(districts, size, detail, margin=0.01)
    shapes = frame.generalise(districts.geometry)
    ground = shapes if width else [shapely.coverage_union_all(shapes)]
    own = [shape for c, shape in zip(districts["code"], shapes, strict=True) if c == code]
    traces = [
        maps.area(frame.path(shape), colour, "", width=width, border=theme.BORDER, name="")
        for colour, shown in zip(colours, (ground, own), strict=True)
        for shape in shown
    ]
    return frame.figure(traces, size[1], margin=NO_MARGIN)


def pyramid(
    own: pd.DataFrame,
    reference: pd.DataFrame,
    words: dict[str, str],
    percent: Callable[[float], str],
    height: int,
) -> dict:
    """The age pyramid of the page, its sides named above them and every other class and percent beside them.

    Parameters
    ----------
    own, reference, words, percent
        As :func:`helpers.figures.charts.pyramid` takes them.
    height
        In pixels.
    """
    chart = charts.pyramid(own, reference, ("", ""), words | {"age": ""}, percent, height)
    layout = chart["layout"]
    across, up = layout["xaxis"], layout["yaxis"]
    last = len(up["tickvals"]) - 1
    # Every other class, and the last one instead of its neighbour.
    kept = [n for n in range(last + 1) if n == last or (n % 2 == 0 and n != last - 1)]
    layout["yaxis"] = up | {key: [up[key][n] for n in kept] for key in ("tickvals", "ticktext")}
    ticks = [tick for tick in across["tickvals"] if tick % 2 == 0]
    layout["xaxis"] = across | {"tickvals": ticks, "ticktext": [percent(abs(tick) / 100) for tick in ticks]}
    for axis in ("xaxis", "yaxis"):
        layout[axis]["tickfont"] = {"size": LETTERS}
    sides = (("male", "right", -6, theme.BLUE), ("female", "left", 6, theme.ORANGE))
    layout["annotations"] = [
        {"x": 0, "y": 1, "yref": "paper", "xanchor": anchor, "yanchor": "bottom", "xshift": shift, "showarrow": False}
        | {"text": f"<b>{words[sex]}</b>", "font": {"size": theme.SMALL, "color": colour}}
        for sex, anchor, shift, colour in sides
    ]
    margin = {"l": theme.left(layout["yaxis"]["ticktext"], LETTERS) - 8, "r": 12, "t": 20, "b": 18}
    return {"data": chart["data"], "layout": layout | {"showlegend": False, "margin": margin}}


def strip(values: pd.Series, code: str, reference: float | None, height: int, logarithmic: bool = False) -> dict:
    """All districts as dots between lowest and highest, one of them marked, the region as a line.

    Parameters
    ----------
    values
        Value per district.
    code
        The district to mark.
    reference
        Value of the region; None or NaN where it has none.
    height
        In pixels.
    logarithmic
        Whether the strip is logarithmic.
    """
    known = {name: float(value) for name, value in values.items() if value == value}
    low, high = min(known.values(), default=math.nan), max(known.values(), default=math.nan)

    def along(value: float) -> float:
        if high == low:
            return 0.5
        return math.log(value / low) / math.log(high / low) if logarithmic else (value - low) / (high - low)

    def points(places: list[float], marker: dict) -> dict:
        return {"type": "scatter", "mode": "markers", "x": places, "y": [0] * len(places), "marker": marker}

    others = [along(value) for name, value in known.items() if name != code]
    traces = [theme.lines([0, 1], [0, 0], {"color": GRID, "width": 1.5}, "")]
    traces.append(points(others, {"size": 9, "color": DOTS}))
    if known and reference is not None and not pd.isna(reference):
        mark = {"symbol": "line-ns-open", "size": 16, "color": theme.INK, "line": {"width": 3}}
        traces.append(points([along(reference)], mark))
    if code in known:
        own = {"size": 15, "color": theme.BLUE, "line": {"color": "#FFFFFF", "width": 2}}
        traces.append(points([along(known[code])], own))
    layout = theme.layout(
        height,
        showlegend=False,
        xaxis=theme.axis(visible=False, range=[0, 1]),
        yaxis=theme.axis(visible=False, range=[-1, 1]),
        margin={"l": 11, "r": 11, "t": 0, "b": 0},
    )
    return {"data": traces, "layout": layout}
