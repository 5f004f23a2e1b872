"""Maps for paper, drawn as SVG text: the comuni of a district, and where it lies in the region."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from helpers.figures import theme
from helpers.figures.maps import Classes
from helpers.figures.outlines import path
from helpers.figures.svg import SMALL, TEXT, Drawing, drawing, element, word

#: Borders keep no detail finer than this, in tenths of a millimetre.
DETAIL = 3.5

#: Ground outside the region.
OUTSIDE = "#F7F9FB"

#: The other districts on the map of the region.
OTHERS = "#DCE4EC"

#: Names written on the map, the most populous first.
NAMES = 9

#: Mean width of a letter as a share of its height, for placing names.
LETTER = 0.54

#: Lengths a scale bar may have, in kilometres.
BARS_KM = (1, 2, 5, 10, 20, 50)


def district_map(
    comuni: gpd.GeoDataFrame, values: pd.Series, classes: Classes, ground: gpd.GeoDataFrame, width: int, height: int
) -> Drawing:
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
    width, height
        In tenths of a millimetre; the map fills them.
    """
    x0, y0, x1, y1 = comuni.total_bounds
    unit = max((x1 - x0) / width, (y1 - y0) / height) * 1.08
    x0, y1 = (x0 + x1 - unit * width) / 2, (y0 + y1 + unit * height) / 2
    frame = (x0, y1 - unit * height, x0 + unit * width, y1)
    drawn = shapely.coverage_simplify([*comuni.geometry, *ground.geometry], DETAIL * unit)
    own, around = drawn[: len(comuni)], shapely.clip_by_rect(drawn[len(comuni) :], *frame)
    parts = [element("rect", width=width, height=height, fill=OUTSIDE)]
    joined = {"stroke_linejoin": "round"}
    ground_path = "".join(_path(area, x0, y1, unit) for area in around)
    parts.append(element("path", d=ground_path, fill=theme.CONTEXT, stroke="#FFFFFF", stroke_width=4, **joined))
    index = classes.index(values)
    for klass in np.unique(index):
        colour = classes.colours[klass] if klass >= 0 else theme.MISSING
        # One path per class: what areas have in common is written once.
        areas = "".join(path(area, x0, y1, unit) for area in own[index == klass])
        parts.append(element("path", d=areas, fill=colour, stroke=theme.AREA_BORDER, stroke_width=1.6, **joined))
    outline = path(shapely.coverage_union_all(own), x0, y1, unit)
    parts.append(element("path", d=outline, fill="none", stroke=theme.INK, stroke_width=5, **joined))
    bar, length = _scale_bar(unit, height)
    names = _names(comuni.head(NAMES), x0, y1, unit, width, height)
    return drawing(width, height, [*parts, bar], [*names, length])


def locator(districts: gpd.GeoDataFrame, code: str, width: int, height: int) -> Drawing:
    """The region with its districts, one of them filled.

    Parameters
    ----------
    districts
        Polygons in a metric projection, with ``code``.
    code
        The district to fill.
    width, height
        In tenths of a millimetre.
    """
    x0, y0, x1, y1 = districts.total_bounds
    unit = max((x1 - x0) / (width - 8), (y1 - y0) / (height - 8))
    x0, y1 = (x0 + x1 - unit * width) / 2, (y0 + y1 + unit * height) / 2
    shapes = shapely.coverage_simplify(districts.geometry.values, DETAIL * unit)
    paths = {c: path(shape, x0, y1, unit) for c, shape in zip(districts["code"], shapes, strict=True)}
    own = paths.pop(code)
    border: dict[str, Any] = {"stroke": "#FFFFFF", "stroke_width": 1.5}
    parts = [element("path", d="".join(paths.values()), fill=OTHERS, **border)]
    parts.append(element("path", d=own, fill=theme.BLUE, **border))
    return drawing(width, height, parts)


def _path(area: shapely.Geometry, x0: float, y1: float, unit: float) -> str:
    """Of what is left inside the frame only areas are drawn."""
    areas = [part for part in shapely.get_parts(area) if isinstance(part, shapely.Polygon)]
    return path(shapely.MultiPolygon(areas), x0, y1, unit)


def _names(comuni: gpd.GeoDataFrame, x0: float, y1: float, unit: float, width: int, height: int) -> list[dict]:
    """Names at their places, left out where they would cover another one."""
    taken: list[tuple[float, float, float, float]] = [(0, height - 80, 260, height)]
    names = []
    for name, point in zip(comuni["name"], comuni.geometry.representative_point(), strict=True):
        half = LETTER * TEXT * len(name) / 2 + 4
        x = float(np.clip((point.x - x0) / unit, half + 4, width - half - 4))
        y = float(np.clip((y1 - point.y) / unit, TEXT, height - 8))
        box = (x - half, y - TEXT, x + half, y + 8)
        if any(_overlap(box, other) for other in taken):
            continue
        taken.append(box)
        names.append(word(x, y, name, anchor="middle", bold=True, halo=True))
    return names


def _overlap(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _scale_bar(unit: float, height: int) -> tuple[str, dict]:
    """A bar of a round length, at most 18 mm."""
    kilometres = max((km for km in BARS_KM if km * 1000 / unit <= 180), default=BARS_KM[0])
    length, y = kilometres * 1000 / unit, height - 24
    bar = element(
        "path", d=f"M24 {y - 10}V{y}H{24 + length:.1f}V{y - 10}", fill="none", stroke=theme.INK, stroke_width=4
    )
    return bar, word(24 + length + 12, y, f"{kilometres} km", SMALL)
