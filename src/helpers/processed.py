"""Builds and reads ``data/processed/``: one GeoParquet per territorial level, one Parquet per other table."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyproj

from . import config, feed, funding, income, people, raw, territory
from .errors import WecareError
from .reads import note

#: Territorial levels, from small to large; each is a file and a frame.
LEVELS: tuple[str, ...] = ("comuni", "districts", "provinces", "quadrants", "region")

#: Raw tables the processed ones are derived from.
SOURCES: tuple[str, ...] = (
    *("comuni", "comuni_geometry", "comune_distretto", "population", "districts"),
    *("provinces", "province_quadrant", "quadrants", "regions"),
)

#: Tables of need and equity, see :mod:`helpers.analysis`.
ANALYSES: tuple[str, ...] = (
    *("need", "resources", "inequality", "curves"),
    *("autocorrelation", "lisa", "funnel", "limits", "classes"),
)

#: The raw columns they rest on besides the table of districts: an edit of any other does not compute them again.
ANALYSIS_SOURCES: dict[str, tuple[str, ...]] = {
    "district_projects": ("distretto_id", "project_id"),
    "misura1_projects": ("project_id", "amount_granted_eur"),
    "measures": ("measure_id", "budget_eur"),
}

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
    """All files of the folder: what :func:`build` and :func:`build_analyses` make."""
    return [*level_files(target), *analysis_files(target)]


def level_files(target: Path | None = None) -> list[Path]:
    """The files :func:`build` makes."""
    return [(target or config.PROCESSED) / f"{name}.parquet" for name in (*LEVELS, "ages")]


def analysis_files(target: Path | None = None) -> list[Path]:
    """The files :func:`build_analyses` makes."""
    return [(target or config.PROCESSED) / f"{name}.parquet" for name in ANALYSES]


def imported_sources(root: Path | None = None) -> list[str]:
    """Imported raw tables the analyses rest on: grants and the official feed, if there are any."""
    grants = [funding.GRANTS_TABLE] if raw.available(funding.GRANTS_TABLE, root) else []
    return [*grants, *feed.sources(root)]


def analysis_columns(root: Path | None = None) -> dict[str, pd.DataFrame]:
    """The columns of :data:`ANALYSIS_SOURCES`, by table."""
    return {name: raw.load(name, root, columns=columns) for name, columns in ANALYSIS_SOURCES.items()}


def sources(root: Path | None = None) -> list[str]:
    """Raw tables the levels are derived from; the incomes only if there are any."""
    return [*SOURCES, *(name for name in (income.TABLE,) if name in raw.tables(root))]


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


def build_analyses(target: Path | None = None, root: Path | None = None) -> list[Path]:
    """Compute the tables of need and equity from the table of districts and a few raw ones.

    Parameters
    ----------
    target, root
        As for :func:`build`, which must have run.
    """
    from . import analysis

    target = target or config.PROCESSED
    grants = raw.load(funding.GRANTS_TABLE, root) if raw.available(funding.GRANTS_TABLE, root) else None
    tables = analysis.analyse(load("districts", target), *analysis_columns(root).values(), grants, feed.load(root))
    return [_write(frame, target / f"{name}.parquet") for name, frame in tables.items()]


def derive(root: Path | None = None) -> dict[str, pd.DataFrame]:
    """Compute the processed tables.

    Returns
    -------
    dict
        One GeoDataFrame per level of :data:`LEVELS` (``code``, ``name``, counts, indicators, geometry in
        EPSG:32632; ``comuni`` and ``districts`` also have ``neighbours``, ``comuni`` :data:`MEMBERSHIP`, ``districts``
        the ``province_code`` and ``quadrant_id`` where most residents live), and ``ages`` (``level``,
        ``code``, ``age``, ``female``, ``male``; persons). With a raw table of incomes the levels above the comune
        also have the columns of :data:`helpers.income.COLUMNS`.
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
        if income.TABLE in raw.tables(root):
            own = comuni.set_index("code")
            found = raw.load(income.TABLE, root)
            tables[level] = income.add_income(tables[level], found, own["residents"], own[column])
    tables["districts"] = _placed(tables["districts"], comuni)
    tables["ages"] = pd.concat(ages, ignore_index=True)[["level", "code", "age", "female", "male"]]
    return tables


def ensure() -> None:
    """Build the processed tables if there are none yet, so that a notebook runs as it is in a fresh clone."""
    if not all(path.exists() for path in level_files()):
        build()
    if not all(path.exists() for path in analysis_files()):
        build_analyses()


def stamp() -> tuple[int, ...]:
    """Tells one state of the tables of levels and ages from another: when each file was written."""
    return tuple(path.stat().st_mtime_ns for path in level_files())


def load(level: str, folder: Path | None = None) -> pd.DataFrame:
    """Read one processed table, cached until its file changes.

    Parameters
    ----------
    level
        A level of :data:`LEVELS`, ``ages``, or one of :data:`ANALYSES`.

    Raises
    ------
    WecareError
        If the table has not been built yet.
    """
    note("processed", level)
    path = (folder or config.PROCESSED) / f"{level}.parquet"
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        raise WecareError(f"{path} does not exist yet. To do: run `wecare build --data-only`.") from None
    return _read(path, stamp)


@lru_cache(maxsize=64)
def _read(path: Path, stamp: int) -> pd.DataFrame:
    frame = pd.read_parquet(path)
    if path.stem not in LEVELS:
        return frame
    # As geopandas reads it, but for the CRS: each table's own would be made anew, which takes longer than the reading.
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries.from_wkb(frame["geometry"], crs=_crs()))


@lru_cache(maxsize=1)
def _crs() -> pyproj.CRS:
    return pyproj.CRS(config.CRS_MAP)


def _placed(districts: gpd.GeoDataFrame, comuni: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The districts with their neighbours, and the province and quadrant where most of their residents live."""
    placed = districts.assign(neighbours=territory.neighbours(districts))
    for column in ("province_code", "quadrant_id"):
        main = territory.main_territory(comuni, "distretto_id", column)[column]
        placed[column] = placed["code"].map(main)
    return placed


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
