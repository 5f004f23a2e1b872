"""Shapes against what is known of their comuni: official areas, and the neighbours of each."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from helpers import config
from helpers.checks.package import Package
from helpers.errors import Problem

TABLE = "comuni_geometry"
#: Area of a shape for each of the official area, beyond which it cannot be the comune's, or is told: simplified shapes
#: of ours differ by 15 % at most.
CANNOT, PERHAPS = (0.8, 1.25), (0.85, 1.18)
#: Tables with an area of which most comuni touch another one, its column, and whether one that touches none is wrong:
#: provinces are of one piece, labour market areas and districts nearly always.
NEIGHBOURS = (
    ("comuni", "province_code", "province", True),
    ("territory_classes", "sll_2021", "labour market area", False),
    ("comune_distretto", "distretto_id", "district", False),
)
_REMEDY = "look at the shape on a map: it may be another comune's; import the producer's file again"


def check_places(package: Package) -> list[Problem]:
    """Find shapes that are not where and how large their comuni are.

    Parameters
    ----------
    package
        The data package; what may be true is added to its ``warnings``.
    """
    frame = package.maps.get(TABLE)
    if frame is None or frame.crs is None or frame.geometry.isna().any() or not frame["istat"].is_unique:
        return []
    found: list[Problem] = []
    official = package.frame("territory_classes")
    if official is not None and not any(cell[0] == "territory_classes" for cell in package.flagged):
        km2 = pd.to_numeric(official.drop_duplicates("istat").set_index("istat")["area_km2"])
        area = pd.Series(frame.geometry.to_crs(config.CRS_AREA).area.to_numpy() / 1e6, frame["istat"].to_numpy())
        found += _areas(package, area, km2.reindex(area.index))
    return found + _neighbours(package, frame)


def _areas(package: Package, area: pd.Series, official: pd.Series) -> list[Problem]:
    ratio = area / official
    found: list[Problem] = []
    for code, value in ratio[(ratio < PERHAPS[0]) | (ratio > PERHAPS[1])].items():
        rule = "the shape is not as large as the comune is officially"
        told = f"{code}: {area[code]:.1f} km², officially {official[code]:.1f}"
        problem = package.problem(TABLE, rule, _REMEDY, None, "istat", told)
        (found if not CANNOT[0] <= value <= CANNOT[1] else package.warnings).append(problem)
    return found


def _neighbours(package: Package, frame) -> list[Problem]:
    shapes, codes = frame.geometry.to_crs(config.CRS_MAP).to_numpy(), frame["istat"].to_numpy()
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    left, right = left[left != right], right[left != right]
    found: list[Problem] = []
    for table, column, what, wrong in NEIGHBOURS:
        known = package.frame(table)
        if known is None:
            continue
        areas = known.drop_duplicates("istat").set_index("istat")[column].reindex(codes).fillna("").to_numpy()
        touches = np.zeros(len(codes), dtype=bool)
        np.logical_or.at(touches, left, areas[left] == areas[right])
        several = pd.Series(areas).duplicated(keep=False).to_numpy()
        for code in codes[~touches & several & (areas != "")]:
            rule = f"the shape touches no other comune of its {what}"
            problem = package.problem(TABLE, rule, _REMEDY, None, "istat", code)
            (found if wrong else package.warnings).append(problem)
    return found


def check_bounds(package: Package, table: str) -> list[Problem]:
    """Find shapes outside the bounds that the entry of a map names: west, south, east, north, in its own units.

    Parameters
    ----------
    package
        The data package.
    table
        Name of a table whose geometry was read.
    """
    entry, frame = package.resources[table], package.maps[table]
    if "bbox" not in entry:
        return []
    west, south, east, north = entry["bbox"]
    bounds = frame.geometry.bounds
    outside = (bounds["minx"] < west) | (bounds["miny"] < south) | (bounds["maxx"] > east) | (bounds["maxy"] > north)
    swapped = bounds["miny"].between(west, east) & bounds["minx"].between(south, north)
    key = entry["schema"]["primaryKey"][0]
    rule = f"the shape lies outside {west}, {south}, {east}, {north} (west, south, east, north)"
    return [
        package.problem(
            table,
            rule,
            "write the degrees east first, then north" if swapped[i] else _REMEDY,
            None,
            key,
            f"{frame[key][i]}: {', '.join(f'{value:.2f}' for value in bounds.loc[i])}",
        )
        for i in frame.index[outside]
    ]
