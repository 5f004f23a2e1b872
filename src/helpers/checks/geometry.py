"""Geometry tables: the right CRS, the same keys as their table, valid shapes, borders that meet."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from helpers import config
from helpers.checks.package import Package
from helpers.checks.places import check_bounds
from helpers.data import own_package
from helpers.errors import Problem

#: Square metres above which two shapes are said to overlap rather than to have borders that do not meet.
_OVERLAP = 1.0


def check_map(package: Package, table: str) -> list[Problem]:
    """Check one geometry table.

    Parameters
    ----------
    package
        The data package.
    table
        Name of a table whose geometry was read.

    Returns
    -------
    list of Problem
        On the CRS, the keys, invalid shapes, and pairs of shapes that overlap or whose borders do not meet.
    """
    frame, found = package.maps[table], package.resources[table]
    key = found["schema"]["primaryKey"][0]
    if key not in frame:
        return [package.problem(table, "the column is missing", "write the file with its key", column=key)]
    if frame.crs is None or not frame.crs.equals(found["crs"], ignore_axis_order=True):
        rule, remedy = f"the geometry must be in {found['crs']}", f"write the file in {found['crs']}"
        return [package.problem(table, rule, remedy, value=_say(frame))]
    if outside := check_bounds(package, table):
        return outside
    problems = _keys(package, table, frame[key])
    empty = frame.geometry.isna() | frame.geometry.is_empty
    invalid = ~empty & ~frame.geometry.is_valid
    problems += [_shape(package, table, key, code, "the shape is empty") for code in frame[key][empty]]
    problems += [_shape(package, table, key, code, "the shape is not valid") for code in frame[key][invalid]]
    # Shapes of one's own are drawn over a map: they need not meet.
    borders = not ((empty | invalid).any() or own_package.is_own(found))
    return problems + _borders(package, table, key, frame) if borders else problems


def _say(frame: gpd.GeoDataFrame) -> str:
    return "none" if frame.crs is None else ":".join(frame.crs.to_authority() or (frame.crs.name,))


def _keys(package: Package, table: str, keys: pd.Series) -> list[Problem]:
    reference = package.resources[table]["schema"]["foreignKeys"][0]["reference"]
    known = package.frame(reference["resource"])
    if known is None:
        return []
    own = own_package.is_own(package.resources[table])
    due, file = known[reference["fields"][0]], package.file(reference["resource"])
    told = (
        ("the shape has no row in " + file, keys[~keys.isin(due)]),
        # Of one's own shapes there may be fewer than rows.
        ("the row of " + file + " has no shape", due[~due.isin(keys)] if not own else due.head(0)),
        ("the key must appear once", keys[keys.duplicated()]),
    )
    remedy = "keep one shape for each row of " + file
    return [package.problem(table, rule, remedy, None, keys.name, code) for rule, codes in told for code in codes]


def _shape(package: Package, table: str, key: str, code: str, rule: str) -> Problem:
    remedy = "draw the shape again, or run shapely.make_valid on it"
    return package.problem(table, rule, remedy, None, key, code)


def _borders(package: Package, table: str, key: str, frame: gpd.GeoDataFrame) -> list[Problem]:
    shapes = frame.geometry.to_crs(config.CRS_MAP).to_numpy()
    if shapely.coverage_is_valid(shapes):
        return []
    edges = shapely.coverage_invalid_edges(shapes)
    suspects = np.flatnonzero(~shapely.is_empty(edges))
    left, right = shapely.STRtree(shapes).query(shapes[suspects], predicate="intersects")
    pairs = sorted({(min(a, b), max(a, b)) for a, b in zip(suspects[left], right, strict=True) if a != b})
    areas = {pair: shapely.area(shapely.intersection(*shapes[list(pair)])) for pair in pairs}
    codes = frame[key].to_numpy()
    overlapping = [
        (f"{codes[a]} and {codes[b]} ({area:,.0f} m²)", "two shapes overlap")
        for (a, b), area in areas.items()
        if area > _OVERLAP
    ]
    apart = [(", ".join(codes[suspects]), "the borders of these shapes do not meet vertex on vertex")]
    remedy = "make the shapes a coverage, for example with shapely.coverage_clean"
    return [package.problem(table, rule, remedy, None, key, value) for value, rule in overlapping or apart]
