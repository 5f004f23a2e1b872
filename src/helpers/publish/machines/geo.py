"""Boundaries for maps of others as GeoJSON in WGS84: comuni by district, larger territories, regions, WILL cities."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import shapely

from helpers.data import processed, raw
from helpers.publish.machines.base import COORDINATE_DECIMALS, encode

#: Tolerance of these boundaries in metres, coarser than that of the maps: thirty files share one budget.
TOLERANCE_M = 250

#: Properties of a comune, as named in the files.
PROPERTIES = {"code": "istat", "name": "name", "distretto_id": "district", "status": "status"}


#: The same for all of Italy's regions, and in degrees for the tables that are stored so.
DEGREES = {"regions": 0.01, "will": 0.002}


def other_files() -> dict[str, bytes]:
    """``data/geo/<what>.geojson`` of the territories that are no comuni."""
    return {f"data/geo/{name}.geojson": encode(features(table)) for name, table in others().items()}


def others() -> dict[str, gpd.GeoDataFrame]:
    """Provinces, quadrants, regions of Italy and comuni of WILL: code, name and coarse geometry in degrees."""
    found = {}
    for level in ("provinces", "quadrants"):
        table = processed.load(level)
        shapes = shapely.coverage_simplify(table.geometry.values, 2 * TOLERANCE_M)
        found[level] = gpd.GeoDataFrame(table[["code", "name"]], geometry=shapes, crs=table.crs)
    for name, key, names in (("regions", "region_code", "regions"), ("will", "istat", "will_comuni")):
        table = raw.load_geometry(f"{name}_geometry").merge(raw.load(names)[[key, "name"]], on=key, validate="1:1")
        shapes = shapely.coverage_simplify(table.geometry.values, DEGREES[name])
        found[name] = gpd.GeoDataFrame(table[[key, "name"]], geometry=shapes, crs=table.crs)
    return {name: _in_degrees(table) for name, table in found.items()}


def _in_degrees(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    table = table.to_crs("EPSG:4326")
    return table.set_geometry(shapely.set_precision(table.geometry.values, 10**-COORDINATE_DECIMALS))


def comuni_files() -> dict[str, bytes]:
    """``data/comuni/<slug>.geojson`` of every district."""
    comuni = processed.load("comuni")
    coarse = shapely.coverage_simplify(comuni.geometry.values, TOLERANCE_M)
    named = comuni[list(PROPERTIES)].rename(columns=PROPERTIES)
    table = _in_degrees(gpd.GeoDataFrame(named, geometry=coarse, crs=comuni.crs))
    slugs = raw.load("districts").set_index("distretto_id")["slug"]
    return {
        f"data/comuni/{slug}.geojson": encode(features(table[table["district"] == code]))
        for code, slug in slugs.items()
    }


def features(table: gpd.GeoDataFrame) -> dict:
    """A frame as a GeoJSON object: columns as properties, coordinates with the decimals they have."""
    columns = [c for c in table.columns if c != "geometry"]
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": dict(zip(columns, row, strict=True)), "geometry": _geometry(shape)}
            for row, shape in zip(table[columns].itertuples(index=False, name=None), table.geometry, strict=True)
        ],
    }


def _geometry(shape: shapely.Geometry) -> dict:
    def round_coordinates(nested: Any) -> Any:
        if isinstance(nested, float):
            return round(nested, COORDINATE_DECIMALS)
        return [round_coordinates(part) for part in nested]

    # Outer rings run against the clock, as RFC 7946 asks.
    found = shapely.geometry.mapping(shapely.orient_polygons(shape))
    return {"type": found["type"], "coordinates": round_coordinates(found["coordinates"])}
