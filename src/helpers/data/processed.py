"""Reads ``data/processed/``: one GeoParquet per territorial level, one Parquet per other table."""

from __future__ import annotations

import io
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj

from helpers import config
from helpers.data.read_log import note
from helpers.errors import WecareError
from helpers.system import files

#: Territorial levels, from small to large; each is a file and a frame.
LEVELS: tuple[str, ...] = ("comuni", "districts", "provinces", "quadrants", "region")

#: Ages and values by year of the territories of all levels.
TABLES: tuple[str, ...] = ("ages", "series")

#: Tables of need and equity, see :mod:`helpers.data.analyses`.
ANALYSES: tuple[str, ...] = (
    *("need", "need_effects", "need_check", "resources"),
    *("inequality", "curves", "autocorrelation", "classes"),
)

#: All derived tables.
NAMES: tuple[str, ...] = (*LEVELS, *TABLES, *ANALYSES)


def all_files(target: Path | None = None) -> list[Path]:
    """All files of the folder."""
    return [*level_files(target), *analysis_files(target)]


def level_files(target: Path | None = None) -> list[Path]:
    """The files :func:`helpers.data.levels.build` makes."""
    return [(target or config.PROCESSED) / f"{name}.parquet" for name in (*LEVELS, *TABLES)]


def analysis_files(target: Path | None = None) -> list[Path]:
    """The files :func:`helpers.data.analyses.build` makes."""
    return [(target or config.PROCESSED) / f"{name}.parquet" for name in ANALYSES]


def ensure() -> None:
    """Check the data and derive the tables if there are none yet, so that a notebook runs as it is in a fresh clone.

    Raises
    ------
    WecareError
        If that fails, with what the command said.
    """
    if all(path.exists() for path in all_files()):
        return
    command = [sys.executable, "-m", "helpers", "build", "--data-only"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise WecareError((done.stderr or done.stdout).strip())


def state() -> tuple[str, ...]:
    """Tells one state of the tables of levels and ages from another."""
    return tuple(map(files.fingerprint_of, level_files()))


def load(level: str, folder: Path | None = None) -> pd.DataFrame:
    """Read one processed table, cached until its content changes.

    Parameters
    ----------
    level
        A level of :data:`LEVELS`, one of :data:`TABLES`, or one of :data:`ANALYSES`.

    Raises
    ------
    WecareError
        If the table has not been built yet.
    """
    path = (folder or config.PROCESSED) / f"{level}.parquet"
    return _read(path, _content(level, path))


def form(level: str) -> tuple[int, dict[str, str]]:
    """Number of rows of a processed table, and the type of each column but its geometry, without reading its cells.

    Types are ``boolean``, ``integer``, ``number`` or ``string``.

    Raises
    ------
    WecareError
        If the table has not been built yet.
    """
    path = config.PROCESSED / f"{level}.parquet"
    _content(level, path)
    table = pq.ParquetFile(path)
    kinds = {field.name: _kind(field.type) for field in table.schema_arrow if field.name != "geometry"}
    return table.metadata.num_rows, kinds


def _content(level: str, path: Path) -> str:
    note("processed", level)
    content = files.fingerprint_of(path)
    if not content:
        raise WecareError(_missing(level, path))
    return content


def _kind(type_: pa.DataType) -> str:
    if pa.types.is_boolean(type_):
        return "boolean"
    if pa.types.is_integer(type_):
        return "integer"
    return "number" if pa.types.is_floating(type_) else "string"


def write(frame: pd.DataFrame, name: str, target: Path | None = None) -> Path:
    """Put a table in the folder, whole or not at all; gives its file."""
    path = (target or config.PROCESSED) / f"{name}.parquet"
    content = io.BytesIO()
    frame.to_parquet(content, index=False)
    files.write(path, content.getvalue())
    return path


def _missing(level: str, path: Path) -> str:
    if level in NAMES:
        return f"{path} does not exist yet. To do: run `wecare build --data-only`."
    return f"There is no derived table {level!r}; there are: {', '.join(NAMES)}. Raw tables are read by `raw.load`."


@lru_cache(maxsize=64)
def _read(path: Path, content: str) -> pd.DataFrame:
    frame = pd.read_parquet(io.BytesIO(files.read(path)))
    if path.stem not in LEVELS:
        return frame
    # As geopandas reads it, but for the CRS: each table's own would be made anew, which takes longer than the reading.
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries.from_wkb(frame["geometry"], crs=_crs()))


@lru_cache(maxsize=1)
def _crs() -> pyproj.CRS:
    return pyproj.CRS(config.CRS_MAP)
