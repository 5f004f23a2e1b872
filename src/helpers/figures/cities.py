"""Map of cities as points on a ground of regions."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from markupsafe import Markup

from helpers.figures import theme
from helpers.figures.maps import Frame, area

#: Ground of the regions that hold a city.
OWN_GROUND = "#D8E8F6"

#: Metres around the cities that the map shows.
MARGIN_M = 45_000

#: Width over height of the room a region's name needs, inverted.
NARROW = 0.4

#: Where a name stands against its point.
SIDES = (
    *("top left", "top center", "top right", "middle left", "middle right"),
    *("bottom left", "bottom center", "bottom right"),
)


def city_map(
    ground: gpd.GeoDataFrame,
    cities: pd.DataFrame,
    groups: dict[str, tuple[str, str, str]],
    hover: Sequence[str],
    sides: dict[str, str],
    ground_hover: Sequence[str],
    height: int = 420,
) -> dict:
    """Cities as named points, told apart by shape and colour.

    Parameters
    ----------
    ground
        Regions (metres) with ``region``; ``own`` is true for those that hold a city, whose names are written.
    cities
        ``city``, ``x``, ``y`` (metres, same projection as the ground), ``group``.
    groups
        Legend entry, colour and marker symbol of each group, in legend order.
    hover, ground_hover
        Text per city and per region.
    sides
        Where the name of a city stands, one of :data:`SIDES`; to the right where none is given.
    """
    x0, y0 = cities["x"].min() - MARGIN_M, cities["y"].min() - MARGIN_M
    x1, y1 = cities["x"].max() + MARGIN_M, cities["y"].max() + MARGIN_M
    frame = Frame(x0, y0, x1 - x0, y1 - y0)
    window = shapely.box(x0, y0, x1, y1)
    traces: list = []
    names = []
    for geometry, row, text in zip(frame.generalise(ground.geometry), ground.itertuples(), ground_hover, strict=True):
        seen = shapely.intersection(geometry, window)
        if seen.is_empty:
            continue
        colour = OWN_GROUND if row.own else theme.CONTEXT
        traces.append(area(frame.path(seen), colour, text, width=1, border="#FFFFFF", showlegend=False))
        if row.own:
            names.append((row.region, *frame.point(*roomy_point(seen, cities))))
    for group, (name, colour, symbol) in groups.items():
        rows = cities[cities["group"] == group]
        points = [frame.point(x, y) for x, y in zip(rows["x"], rows["y"], strict=True)]
        texts = [text for text, kept in zip(hover, cities["group"] == group, strict=True) if kept]
        traces.append(
            {
                "type": "scatter",
                "x": [x for x, _ in points],
                "y": [y for _, y in points],
                "mode": "markers+text",
                "marker": {"symbol": symbol, "size": 13, "color": colour, "line": {"color": "#FFFFFF", "width": 1.5}},
                "text": rows["city"].tolist(),
                "textposition": [sides.get(city, "middle right") for city in rows["city"]],
                "textfont": {"size": 13, "color": theme.INK},
                "hovertext": texts,
                "hoverinfo": "text",
                "name": name,
            }
        )
    figure = frame.figure(traces, height)
    look = {"showarrow": False, "font": {"size": 13, "color": theme.MUTED}}
    figure["layout"]["annotations"] += [
        {"x": x, "y": y, "text": Markup("<i>{}</i>").format(n), **look} for n, x, y in names
    ]
    return figure


def roomy_point(area: shapely.Geometry, cities: pd.DataFrame, steps: int = 24) -> tuple[float, float]:
    """A point of the area far from its border and from every city, where a name has room.

    Parameters
    ----------
    area
        Polygon or multipolygon (metres).
    cities
        ``x``, ``y`` (metres).
    steps
        Points tried along each side of the area's box.
    """
    x0, y0, x1, y1 = area.bounds
    grid = shapely.points([(x, y) for x in np.linspace(x0, x1, steps) for y in np.linspace(y0, y1, steps)])
    inside = grid[shapely.contains(area, grid)]
    if len(inside) == 0:
        inside = np.array([area.representative_point()])
    towns = shapely.multipoints(cities[["x", "y"]].to_numpy(dtype=float))
    narrow, narrow_area, narrow_towns = (shapely.transform(g, _narrow) for g in (inside, area, towns))
    room = np.minimum(shapely.distance(narrow, narrow_area.boundary) * 2, shapely.distance(narrow, narrow_towns))
    best = inside[int(room.argmax())]
    return best.x, best.y


def _narrow(points: np.ndarray) -> np.ndarray:
    """A name is wider than high: room beside it counts for less than room above and below."""
    return points * (NARROW, 1.0)
