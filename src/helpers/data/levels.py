"""Derives the territorial levels of ``data/processed/`` from the raw tables, and their ages."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from helpers import config
from helpers.analysis import indicators, people, territory
from helpers.data import processed, raw
from helpers.declarations import COUNTS

#: Columns of ``comuni`` that say to which district a comune belongs and how well that is known.
MEMBERSHIP: tuple[str, ...] = (
    "distretto_id",
    "ente_gestore",
    "status",
    "status_ente",
    "source_ids",
    "source_ids_ente",
)


def build(target: Path | None = None, root: Path | None = None) -> list[Path]:
    """Derive every level from the raw tables and write it.

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
    return [processed.write(frame, name, target) for name, frame in derive(root).items()]


def derive(root: Path | None = None) -> dict[str, pd.DataFrame]:
    """Compute the processed tables.

    Returns
    -------
    dict
        One GeoDataFrame per level of :data:`helpers.data.processed.LEVELS` (``code``, ``name``, counts, indicators,
        geometry in EPSG:32632; ``comuni`` and ``districts`` also have ``neighbours``, ``comuni`` :data:`MEMBERSHIP`,
        ``districts`` the ``province_code`` and ``quadrant_id`` where most residents live), and ``ages`` (``level``,
        ``code``, ``age``, ``female``, ``male``; persons). Indicators whose counts stand in tables of their own are
        there once these tables are, see :func:`helpers.analysis.indicators.add_from_tables`.
    """
    counts, years = _counts_of_tables(root)
    comuni = _comuni(root, counts)
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
    tables["districts"] = _place(tables["districts"], comuni)
    tables["ages"] = pd.concat(ages, ignore_index=True)[["level", "code", "age", "female", "male"]]
    return {name: table if name == "ages" else _on_level(table, name, years) for name, table in tables.items()}


def _on_level(table: gpd.GeoDataFrame, level: str, years: dict[str, int]) -> gpd.GeoDataFrame:
    """The table with the indicators declared for its level only, and the years of those that have one."""
    found = indicators.find_present(table)
    ends = ("", indicators.KNOWN)
    dropped = [i.id + end for i in found if level not in i.levels for end in ends if i.id + end in table]
    dated = {i.id: [years[c] for c in i.counts if c in years] for i in found if level in i.levels}
    return table.drop(columns=dropped).assign(**{i + indicators.YEAR: max(of) for i, of in dated.items() if of})


def _counts_of_tables(root: Path | None) -> tuple[pd.DataFrame, dict[str, int]]:
    """Declared counts that stand in raw tables, by comune, and their years; of several years the one declared counts,
    or the latest."""
    found, years = {}, {}
    for count in COUNTS.values():
        if not count.table or not raw.available(count.table, root):
            continue
        columns = [field["name"] for field in raw.form(count.table, root)[1]["fields"]]
        dated = ["year"] if "year" in columns else []
        table = raw.load(count.table, root, columns=["istat", *dated, count.column])
        if dated:
            years[count.id] = int(count.year or table["year"].max())
            table = table[table["year"] == years[count.id]]
        found[count.id] = table.set_index("istat")[count.column].astype("float64")
    return pd.DataFrame(found), years


def _place(districts: gpd.GeoDataFrame, comuni: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The districts with their neighbours, and the province and quadrant where most of their residents live."""
    placed = districts.assign(neighbours=territory.neighbours(districts))
    for column in ("province_code", "quadrant_id"):
        main = territory.main_territory(comuni, "distretto_id", column)[column]
        placed[column] = placed["code"].map(main)
    return placed


def _comuni(root: Path | None, counts: pd.DataFrame) -> gpd.GeoDataFrame:
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
    table = indicators.add_indicators(table.join(counts))
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
