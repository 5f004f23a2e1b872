"""Maps as plain SVG: outlines of few areas, coloured once here and again by the scripts of the interactive pages.

A drawing of thirty districts weighs less than a tenth of what plotly.js does, shows without any script, and every
area is an element that a script can colour and mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from markupsafe import Markup

from helpers.figures import theme

#: Height of a drawing in its own units: the longest side of a map on a large screen, in half pixels.
HEIGHT = 1000

#: It keeps no detail finer than this share of its height.
DETAIL = 1 / 900

#: Less, in line, more: ColorBrewer PuOr without its middle purple, told apart by lightness too.
DIVERGING = ("#B35806", "#FDB863", "#F3F5F7", "#92C5DE", "#2166AC")

#: Sequential palettes by number of classes (ColorBrewer YlGnBu).
SEQUENTIAL: dict[int, tuple[str, ...]] = {
    4: ("#FFFFCC", "#A1DAB4", "#41B6C4", "#225EA8"),
    5: theme.SEQUENTIAL,
    6: ("#FFFFCC", "#C7E9B4", "#7FCDBB", "#41B6C4", "#2C7FB8", "#253494"),
}


@dataclass(frozen=True)
class Outlines:
    """Areas as SVG paths in the coordinates of one drawing.

    Attributes
    ----------
    width, height
        Size of the drawing in its own units.
    paths
        One ``d`` per area, in whole numbers.
    """

    width: int
    height: int
    paths: tuple[str, ...]


def outlines(areas: gpd.GeoDataFrame) -> Outlines:
    """Draw the borders of a coverage.

    Parameters
    ----------
    areas
        Polygons in a metric projection; borders are simplified together, to what a screen can show.
    """
    x0, y0, x1, y1 = areas.total_bounds
    unit = (y1 - y0) / HEIGHT
    drawn = shapely.coverage_simplify(areas.geometry.values, DETAIL * (y1 - y0))
    paths = tuple(path(geometry, x0, y1, unit) for geometry in drawn)
    return Outlines(int(np.ceil((x1 - x0) / unit)), HEIGHT, paths)


def path(geometry: shapely.Geometry, x0: float, y1: float, unit: float) -> str:
    """All rings of an area as one SVG path, in whole units from the upper left corner; each a start and steps."""
    rings = []
    for polygon in shapely.get_parts(shapely.orient_polygons(geometry)):
        for ring in (polygon.exterior, *polygon.interiors):
            at = np.asarray(ring.coords)
            points = np.round(np.c_[at[:, 0] - x0, y1 - at[:, 1]] / unit).astype(int)
            points = points[np.r_[True, np.any(np.diff(points, axis=0) != 0, axis=1)]][:-1]
            if len(points) > 2:
                steps = " ".join(f"{dx} {dy}" for dx, dy in np.diff(points, axis=0)).replace(" -", "-")
                rings.append(f"M{points[0][0]} {points[0][1]}l{steps}z")
    return "".join(rings)


def svg(drawn: Outlines, colours: Sequence[str], texts: Sequence[str], alt: str) -> Markup:
    """The drawing as an SVG element.

    Parameters
    ----------
    drawn
        The outlines.
    colours
        Fill of each area.
    texts
        What a pointer that rests on each area is told; a script shows more and takes them away.
    alt
        What the map says, for who does not see it.
    """
    areas = Markup("").join(
        (
            Markup('<path data-i="{}" fill="{}" d="{}"><title>{}</title></path>').format(i, colour, d, text)
            for i, (d, colour, text) in enumerate(zip(drawn.paths, colours, texts, strict=True))
        )
    )
    return Markup('<svg class="outlines" viewBox="-4 -4 {} {}" role="img" aria-label="{}">{}</svg>').format(
        drawn.width + 8, drawn.height + 8, alt, areas
    )
