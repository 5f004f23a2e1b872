"""Builds and reads ``data/processed/``: one GeoParquet per territorial level, one Parquet of age structures."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import pandas as pd

from . import config, people, raw, territory
from .errors import WecareError

#: Territorial levels, from small to large; each is a file and a frame.
LEVELS: tuple[str, ...] = ("comuni", "districts", "provinces", "quadrants", "region")

#: Raw tables the processed ones are derived from.
SOURCES: tuple[str, ...] = (
    *("comuni", "comuni_geometry", "comune_distretto", "population", "districts"),
    *("provinces", "province_quadrant", "quadrants", "regions"),
)

#: Columns of ``comuni`` that say to which district a comune belongs and how well that is known.
MEMBERSHIP: tuple[str, ...] = (
    "distretto_id",
    "ente_gestore",
    "status",
    "status_ente",
    "source_ids",
    "source_ids_ente",
)


def files(target: Path | None = None) -> list[Path]:
    """The files :func:`build` makes."""
    return [(target or config.PROCESSED) / f"{name}.parquet" for name in (*LEVELS, "ages")]


def build(target: Path | None = None, root: Path | None = None) -> list[Path]:
    """Derive every processed table from the raw ones.

    Parameters
    ----------
    target
        Folder to write to; ``data/processed`` by default.
    root
        Folder of the raw data package; ``data/raw`` by default. It must be valid (:mod:`helpers.checks`).

    Returns
    -------
    list of Path
        The files written. Each is replaced whole, so a reader never sees half a table.
    """
    target = target or config.PROCESSED
    tables = derive(root)
    return [_write(frame, target / f"{name}.parquet") for name, frame in tables.items()]


def derive(root: Path | None = None) -> dict[str, pd.DataFrame]:
    """Compute the processed tables.

    Returns
    -------
    dict
        One GeoDataFrame per level of :data:`LEVELS` (``code``, ``name``, counts, indicators, geometry in
        EPSG:32632; ``comuni`` also has :data:`MEMBERSHIP` and ``neighbours``), and ``ages`` (``level``,
        ``code``, ``age``, ``female``, ``male``; persons).
    """
    comuni = _comuni(root)
    population = raw.load("population", root)
    region = raw.load("regions", root).set_index("region_code")["name"].loc[[territory.REGION]]
    larger = {
        "districts": ("distretto_id", raw.load("districts", root).set_index("distretto_id")["name"]),
        "provinces": ("province_code", raw.load("provinces", root).set_index("province_code")["name"]),
        "quadrants": ("quadrant_id", raw.load("quadrants", root).set_index("quadrant_id")["name"]),
        "region": ("region_code", region),
    }
    tables: dict[str, pd.DataFrame] = {"comuni": comuni.drop(columns="region_code")}
    ages = []
    for level, (column, names) in larger.items():
        tables[level] = territory.aggregate(comuni, column, names)
        structure = people.age_structure(population, comuni.set_index("code")[column])
        ages.append(structure.assign(level=level))
    tables["ages"] = pd.concat(ages, ignore_index=True)[["level", "code", "age", "female", "male"]]
    return tables


def ensure() -> None:
    """Build the processed tables if there are none yet, so that a notebook runs as it is in a fresh clone."""
    if not (config.PROCESSED / "ages.parquet").exists():
        build()


def stamp() -> tuple[int, ...]:
    """Tells one state of the processed tables from another: when each file was written."""
    return tuple(path.stat().st_mtime_ns for path in files())


def load(level: str, folder: Path | None = None) -> pd.DataFrame:
    """Read one processed table, cached until its file changes.

    Parameters
    ----------
    level
        A level of :data:`LEVELS`, or ``ages``.

    Raises
    ------
    WecareError
        If the table has not been built yet.
    """
    path = (folder or config.PROCESSED) / f"{level}.parquet"
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        raise WecareError(f"{path} does not exist yet. To do: run `wecare build --data-only`.") from None
    return _read(path, stamp)


@lru_cache(maxsize=32)
def _read(path: Path, stamp: int) -> pd.DataFrame:
    return pd.read_parquet(path) if path.stem == "ages" else gpd.read_parquet(path)


def _comuni(root: Path | None) -> gpd.GeoDataFrame:
    """One row per comune: membership, counts, indicators, simplified geometry."""
    names = raw.load("comuni", root).set_index("istat")
    districts = raw.load("comune_distretto", root).set_index("istat")
    quadrant = raw.load("province_quadrant", root).set_index("province_code")["quadrant_id"]
    geometry = raw.load_geometry("comuni_geometry", root).set_index("istat").loc[names.index]

    table = names.join(people.count_ages(raw.load("population", root)))
    table["area_km2"] = territory.measure_area(geometry)
    small = table["residents"] < config.SMALL_COMUNE
    table["residents_small_comuni"] = table["residents"].where(small, 0)
    table["n_comuni"] = 1
    table["n_small_comuni"] = small.astype("int64")
    table = people.add_indicators(table)
    table["quadrant_id"] = table["province_code"].map(quadrant)
    table["region_code"] = territory.REGION
    table = table.join(districts[list(MEMBERSHIP)])
    for column in ("source_ids", "source_ids_ente"):
        table[column] = table[column].map(";".join)
    simplified = territory.simplify(geometry)
    comuni = gpd.GeoDataFrame(
        table.rename_axis("code").reset_index(), geometry=simplified.geometry.values, crs=simplified.crs
    )
    comuni["neighbours"] = territory.neighbours(comuni)
    return comuni


def _write(frame: pd.DataFrame, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    frame.to_parquet(part, index=False)
    os.replace(part, path)
    return path
