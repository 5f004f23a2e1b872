"""Boundaries as GeoJSON: columns as properties, degrees with four decimals, rings that turn as RFC 7946 asks."""

from __future__ import annotations

import json

import geopandas as gpd
import pytest
import shapely

from helpers.data import processed, raw
from helpers.publish.machines import geo

#: With the clock; the hole in it against the clock.
SQUARE = [(7.0, 45.0), (7.0, 45.1), (7.123456, 45.1), (7.1, 45.0), (7.0, 45.0)]
HOLE = [(7.02, 45.02), (7.04, 45.02), (7.04, 45.04), (7.02, 45.02)]


def signed_area(ring: list) -> float:
    """Twice the area of a ring, above zero where it runs against the clock."""
    return sum(x * v - u * y for (x, y), (u, v) in zip(ring, ring[1:], strict=False))


def rings(feature: dict) -> list:
    """The polygons of a feature, each a list of rings."""
    geometry = feature["geometry"]
    assert geometry["type"] in ("Polygon", "MultiPolygon")
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]


def shape_of(feature: dict) -> shapely.Geometry:
    return shapely.geometry.shape(feature["geometry"])


def test_a_frame_is_a_collection_of_features():
    table = gpd.GeoDataFrame(
        {"code": ["1", "2"], "n": [5, None]},
        geometry=[shapely.Polygon(SQUARE, [HOLE]), shapely.Point(7.99999, 44.00004)],
        crs="EPSG:4326",
    )[["geometry", "code", "n"]]
    table["n"] = table["n"].astype(object).where(table["n"].notna(), None)
    found = geo.features(table)
    outer = [[7.0, 45.0], [7.1, 45.0], [7.1235, 45.1], [7.0, 45.1], [7.0, 45.0]]
    inner = [[7.02, 45.02], [7.04, 45.04], [7.04, 45.02], [7.02, 45.02]]
    assert found == {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": "1", "n": 5},
                "geometry": {"type": "Polygon", "coordinates": [outer, inner]},
            },
            {
                "type": "Feature",
                "properties": {"code": "2", "n": None},
                "geometry": {"type": "Point", "coordinates": [8.0, 44.0]},
            },
        ],
    }


def test_a_frame_without_rows_has_no_features():
    table = gpd.GeoDataFrame({"code": []}, geometry=[], crs="EPSG:4326")
    assert geo.features(table) == {"type": "FeatureCollection", "features": []}


def test_other_territories_bear_their_code_and_name():
    found = {name: json.loads(content)["features"] for name, content in geo.other_files().items()}
    assert list(found) == [f"data/geo/{name}.geojson" for name in ("provinces", "quadrants", "regions", "will")]
    for name, key, table in (
        ("provinces", "code", processed.load("provinces")),
        ("quadrants", "code", processed.load("quadrants")),
        ("regions", "region_code", raw.load("regions")),
        ("will", "istat", raw.load("will_comuni")),
    ):
        told = [feature["properties"] for feature in found[f"data/geo/{name}.geojson"]]
        assert all(list(properties) == [key, "name"] for properties in told)
        names = dict(zip(table[key], table["name"], strict=True))
        assert {properties[key]: properties["name"] for properties in told} == names and len(told) == len(names)


def test_other_territories_stand_where_they_are():
    found = {name: table.set_index(table.columns[0]) for name, table in geo.others().items()}
    assert all(table.crs == "EPSG:4326" for table in found.values())
    # Turin, Cuneo, Rome and Verona.
    assert found["provinces"].loc["001", "geometry"].contains(shapely.Point(7.68, 45.07))
    assert found["provinces"].loc["004", "geometry"].contains(shapely.Point(7.55, 44.39))
    assert found["regions"].loc["12", "geometry"].contains(shapely.Point(12.5, 41.9))
    assert found["will"].loc["023091", "geometry"].contains(shapely.Point(10.99, 45.44))
    for table in found.values():
        corners = table.get_coordinates().to_numpy()
        assert (abs(corners * 10_000 - (corners * 10_000).round()) < 1e-6).all()


@pytest.mark.parametrize("level", ["provinces", "quadrants"])
def test_borders_are_coarser_and_near_where_they_were(level):
    fine = processed.load(level)
    coarse = geo.others()[level].to_crs(fine.crs)
    assert len(coarse.get_coordinates()) < len(fine.get_coordinates()) / 2
    gone = fine.geometry.area.sub(coarse.geometry.area).abs() / fine.geometry.area
    assert gone.max() < 0.01
    # A corner goes where the triangle it makes is less than half a square of 500 m: 1 km along, up to 250 m across.
    apart = shapely.hausdorff_distance(fine.geometry.values, coarse.geometry.values)
    assert apart.max() < 2000


@pytest.mark.slow
def test_comuni_of_a_district_stand_in_its_file():
    found = {name: json.loads(content)["features"] for name, content in geo.comuni_files().items()}
    districts, comuni = raw.load("districts"), processed.load("comuni").set_index("code")
    assert list(found) == [f"data/comuni/{slug}.geojson" for slug in districts["slug"]]
    for code, slug in zip(districts["distretto_id"], districts["slug"], strict=True):
        told = [feature["properties"] for feature in found[f"data/comuni/{slug}.geojson"]]
        due = comuni[comuni["distretto_id"] == code]
        assert [p["istat"] for p in told] == due.index.tolist()
        assert [p["name"] for p in told] == due["name"].tolist() and {p["district"] for p in told} == {code}
        assert [p["status"] for p in told] == due["status"].tolist()
        assert all(list(p) == ["istat", "name", "district", "status"] for p in told)
    every = {f["properties"]["istat"]: f for features in found.values() for f in features}
    assert shape_of(every["001272"]).contains(shapely.Point(7.68, 45.07))  # Turin
    for feature in every.values():
        for outer, *holes in rings(feature):
            assert signed_area(outer) > 0 and all(signed_area(hole) < 0 for hole in holes)
    for corner in (xy for feature in every.values() for ring in sum(rings(feature), []) for xy in ring):
        assert [round(n, 4) for n in corner] == corner


@pytest.mark.slow
def test_comuni_that_border_still_share_their_border():
    features = json.loads(geo.comuni_files()["data/comuni/asti.geojson"])["features"]
    shapes = gpd.GeoSeries([shape_of(feature) for feature in features])
    overlap = shapes.area.sum() - shapes.union_all().area
    assert 0 <= overlap < shapes.area.sum() / 1000
    assert shapes.union_all().geom_type in ("Polygon", "MultiPolygon")
