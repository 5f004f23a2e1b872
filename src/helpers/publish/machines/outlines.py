"""The region and its districts as lists of points in a picture, for cards and social images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely


@dataclass(frozen=True)
class Frame:
    """Where a map stands in a picture: metres to pixels, north up.

    Attributes
    ----------
    left, top
        Corner of the map in the map's metres.
    scale
        Pixels per metre.
    x, y
        Corner of the map in the picture, in pixels.
    """

    left: float
    top: float
    scale: float
    x: float = 0.0
    y: float = 0.0

    def pixels(self, points: np.ndarray) -> np.ndarray:
        """Points of the map, (n, 2) in metres, as points of the picture, (n, 2) in pixels."""
        return np.column_stack(
            (self.x + (points[:, 0] - self.left) * self.scale, self.y + (self.top - points[:, 1]) * self.scale)
        )


def fit(bounds: Sequence[float], box: Sequence[float]) -> Frame:
    """Place a map in a box of the picture, centred.

    Parameters
    ----------
    bounds
        Of the map: west, south, east, north in metres.
    box
        Left, top, width and height in pixels.
    """
    west, south, east, north = bounds
    left, top, width, height = box
    scale = min(width / (east - west), height / (north - south))
    x = left + (width - (east - west) * scale) / 2
    y = top + (height - (north - south) * scale) / 2
    return Frame(west, north, scale, x, y)


def coarse(districts: gpd.GeoDataFrame, tolerance_m: float) -> dict[str, shapely.Geometry]:
    """The districts by code, simplified together so that neighbours still share their border."""
    return dict(zip(districts["code"], shapely.coverage_simplify(districts.geometry.values, tolerance_m), strict=True))


def rings(shape: shapely.Geometry, least: float = 0.0) -> list[np.ndarray]:
    """Outer rings of a shape as arrays (n, 2), those of parts smaller than ``least`` (m²) left out."""
    parts = [part for part in shapely.get_parts(shape) if part.area >= least] or list(shapely.get_parts(shape))
    return [shapely.get_coordinates(part.exterior) for part in parts]


def svg_path(shape: shapely.Geometry, frame: Frame, least: float = 0.0) -> str:
    """A shape as the ``d`` of an SVG path, to whole pixels."""
    found = []
    for ring in rings(shape, least):
        points = frame.pixels(ring).round().astype(int).tolist()
        kept = [p for n, p in enumerate(points) if n == 0 or p != points[n - 1]]
        if len(kept) < 4:  # smaller than a pixel
            continue
        steps = [f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in zip(kept, kept[1:-1], strict=False)]
        found.append(f"M{kept[0][0]} {kept[0][1]}l{' '.join(steps)}z".replace(" -", "-"))
    return "".join(found)
