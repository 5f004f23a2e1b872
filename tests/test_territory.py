"""Membership and geometry: every comune once, shared borders stay shared, nothing is lost."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely.geometry import box

from helpers.analysis import territory
from helpers.data import raw


def grid(n=3):
    squares = [box(400000 + x * 1000, 5000000 + y * 1000, 401000 + x * 1000, 5001000 + y * 1000)
               for x in range(n) for y in range(n)]  # fmt: skip
    return gpd.GeoDataFrame({"code": [f"{i}" for i in range(n * n)]}, geometry=squares, crs="EPSG:32632")


def test_every_comune_belongs_to_exactly_one_district(tables):
    comuni = tables["comuni"]
    assert len(comuni) == 1181
    assert comuni["code"].is_unique
    assert comuni["distretto_id"].notna().all()
    assert comuni["distretto_id"].nunique() == 30
    assert tables["districts"]["n_comuni"].sum() == 1181


def test_statuses_count_as_documented(tables):
    comuni = tables["comuni"]
    assert comuni["status"].value_counts().to_dict() == {"derived": 685, "sourced": 426, "indicative": 70}
    share = comuni.groupby("status")["residents"].sum() / comuni["residents"].sum()
    assert share.round(3).to_dict() == {"derived": 0.429, "sourced": 0.533, "indicative": 0.038}


def test_small_comuni_count_as_documented(tables):
    assert tables["region"]["n_small_comuni"].iloc[0] == 605


def test_simplified_borders_are_still_shared(tables):
    assert shapely.coverage_is_valid(tables["comuni"].geometry.values)
    assert shapely.coverage_is_valid(tables["districts"].geometry.values)


def test_districts_cover_the_region_without_overlap(tables):
    region = tables["region"].geometry.iloc[0]
    assert tables["districts"].area.sum() == pytest.approx(region.area, rel=1e-9)


def test_area_agrees_with_the_published_one(tables):
    # ISTAT gives Piedmont 25,386.70 km²; our borders are generalised.
    assert tables["region"]["area_km2"].iloc[0] == pytest.approx(25_386.7, rel=0.005)


def test_aggregate_sums_and_keeps_the_order_of_names():
    comuni = grid()
    for column in territory.COUNTS:
        comuni[column] = 1.0
    comuni["group"] = ["b"] * 3 + ["a"] * 6
    result = territory.aggregate(comuni, "group", pd.Series({"b": "B", "a": "A"}))
    assert result["code"].tolist() == ["b", "a"]
    assert result["residents"].tolist() == [3.0, 6.0]
    assert result.area.tolist() == pytest.approx([3e6, 6e6])


def test_neighbours_touch():
    touching = dict(zip(grid()["code"], territory.neighbours(grid()), strict=True))
    assert touching["0"] == "1;3;4"
    assert touching["4"] == "0;1;2;3;5;6;7;8"


def test_a_comune_that_touches_none_has_no_neighbours():
    assert territory.neighbours(grid().iloc[[0]]).tolist() == [""]


def test_main_territory_is_where_most_residents_live():
    table = pd.DataFrame({"d": ["x", "x", "x"], "p": ["A", "B", "B"], "residents": [50, 20, 40]})
    main = territory.main_territory(table, "d", "p").loc["x"]
    assert (main["p"], main["n"]) == ("B", 2)
    assert main["share"] == pytest.approx(60 / 110)


def test_no_district_lost_its_name(tables):
    names = raw.load("districts").set_index("distretto_id")["name"]
    assert tables["districts"].set_index("code")["name"].equals(names.rename_axis("code"))
