"""Shapes of somebody's own drawn over a map: areas and lines as outlines, places as points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from helpers.figures import theme
from helpers.figures.maps import Frame, area

#: What a layer is drawn in: not a colour of the classes below it.
COLOUR, WIDTH, SIZE = theme.ORANGE, 2, 9

#: Kinds of shapes by the name of their type.
_LINES, _POINTS = ("LineString", "LinearRing"), ("Point",)


def with_layer(
    chart: dict, areas: gpd.GeoDataFrame, shapes: Sequence[shapely.Geometry], hover: Sequence[str], name: str
) -> dict:
    """A map with shapes over it, and their name in the legend.

    Parameters
    ----------
    chart
        From :func:`helpers.figures.maps.choropleth`.
    areas
        What that drew: they say where the map ends.
    shapes
        In the projection of the areas; what lies beyond the map is left out.
    hover
        Text of each.
    name
        Of the layer.
    """
    frame = Frame.around(areas)
    traces: list[dict] = []
    at: dict[str, list[Any]] = {"x": [], "y": [], "text": []}
    shown = shapely.clip_by_rect(shapely.simplify(np.asarray(shapes, dtype=object), frame.detail), *frame.bounds)
    for shape, text in zip(shown, hover, strict=True):
        parts = [part for part in shapely.get_parts(shape).tolist() if not part.is_empty] if shape is not None else []
        polygons = [part for part in parts if part.geom_type == "Polygon"]
        if polygons:
            path = frame.path(shapely.MultiPolygon(polygons))
            traces.append(area(path, theme.TRANSPARENT, text, WIDTH, COLOUR, showlegend=False))
        if lines := [part for part in parts if part.geom_type in _LINES]:
            traces.append(_line(frame, lines, text))
        for part in (part for part in parts if part.geom_type in _POINTS):
            x, y = frame.point(part.x, part.y)
            for key, value in (("x", x), ("y", y), ("text", text)):
                at[key].append(value)
    look: dict[str, Any] = {"color": COLOUR, "size": SIZE, "line": {"color": "#FFFFFF", "width": 1.5}}
    points: dict[str, Any] = {"hoverinfo": "text", **at}
    if not at["x"]:
        look = {"symbol": "square-open", "size": SIZE, "color": COLOUR, "line": {"width": WIDTH}}
        points = {"x": [None], "y": [None], "hoverinfo": "skip"}
    marks = {"type": "scatter", "mode": "markers", "marker": look, "name": name, **points}
    return chart | {"data": [*chart["data"], *traces, marks]}


def _line(frame: Frame, lines: Sequence[shapely.LineString], text: str) -> dict:
    xs: list[int | None] = []
    ys: list[int | None] = []
    for line in lines:
        points = [frame.point(x, y) for x, y in shapely.get_coordinates(line)]
        xs += [*(x for x, _ in points), None]
        ys += [*(y for _, y in points), None]
    look = {"color": COLOUR, "width": WIDTH}
    trace: dict[str, Any] = {"type": "scatter", "x": xs[:-1], "y": ys[:-1], "mode": "lines", "line": look}
    return trace | {"text": text, "hoverinfo": "text", "showlegend": False}
