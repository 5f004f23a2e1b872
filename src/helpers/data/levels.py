"""Derives the territorial levels of ``data/processed/`` from the raw tables, and their ages."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from helpers import config
from helpers.analysis import code_editions, indicators, people, series, territory
from helpers.data import processed, raw
from helpers.declarations import COUNTS, Count

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
        geometry in EPSG:32632; ``comuni`` and ``districts`` also have ``neighbours``, ``comuni`` :data:`MEMBERSHIP`
        and ``counted_with`` (comuni in a row with which some table counts it, so that its values are not known),
        ``districts`` the ``province_code`` and ``quadrant_id`` where most residents live), and ``ages`` (``level``,
        ``code``, ``age``, ``female``, ``male``; persons), and ``series`` (``level``, ``code``, ``id``, ``year``,
        ``value``, ``known``). Indicators whose counts stand in tables of their own are there once these tables are,
        with the share of residents for whom they are known and their year, see :mod:`helpers.analysis.series`.
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
    tables["districts"] = _place(tables["districts"], comuni)
    tables["ages"] = pd.concat(ages, ignore_index=True)[["level", "code", "age", "female", "male"]]
    declared = _declared(root)
    dated = _tables(declared, root, comuni)
    by = {"comuni": "code", **{level: column for level, (column, _) in larger.items()}}
    found = {level: series.find_all(dated, column, level) for level, column in by.items()}
    found["districts"] |= series.find_all(_district_tables(declared, root, tables["districts"]), "code", "districts")
    for level, values in found.items():
        tables[level] = series.add_values(_on_level(tables[level], level), values)
    shared = dated.shared()
    tables["comuni"]["counted_with"] = [";".join(shared.get(code, ())) for code in comuni["code"]]
    tables["series"] = _series(found)
    return tables


def _on_level(table: gpd.GeoDataFrame, level: str) -> gpd.GeoDataFrame:
    """The table with the indicators declared for its level only."""
    return table.drop(columns=[i.id for i in indicators.find_present(table) if level not in i.levels])


def _series(found: dict[str, dict[str, pd.DataFrame]]) -> pd.DataFrame:
    """The values of every level of what has several years."""
    parts = [
        rows.assign(level=level, id=name)
        for level, values in found.items()
        for name, rows in values.items()
        if rows["year"].nunique() > 1
    ]
    columns = ["level", "code", "id", "year", "value", "known"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _declared(root: Path | None) -> dict[str, list[Count]]:
    """The declared counts that stand in raw tables, by the table."""
    declared: dict[str, list[Count]] = {}
    for count in COUNTS.values():
        if count.table and raw.available(count.table, root):
            declared.setdefault(count.table, []).append(count)
    return declared


def _tables(declared: dict[str, list[Count]], root: Path | None, comuni: gpd.GeoDataFrame) -> series.Tables:
    """Declared counts of tables of comuni, each row tied to our comuni."""
    own = pd.DataFrame(comuni.drop(columns="geometry")).set_index("code", drop=False)
    changes = raw.load("comuni_changes", root)
    changes = changes.assign(date=changes["date"].dt.strftime("%Y-%m-%d").fillna(""))
    tables = _by_key("istat", declared, own["residents"], root)
    homes = {name: _homes(name, table, set(own.index), changes, root) for name, table in tables.items()}
    return series.Tables(tables, homes, own)


def _district_tables(declared: dict[str, list[Count]], root: Path | None, districts: gpd.GeoDataFrame) -> series.Tables:
    """Declared counts of tables of districts, whose codes do not change."""
    own = pd.DataFrame(districts.drop(columns="geometry")).set_index("code", drop=False)
    tables = _by_key("distretto_id", declared, own["residents"], root)
    homes = {name: table[["istat", "year"]].assign(home=table["istat"]) for name, table in tables.items()}
    return series.Tables(tables, homes, own)


def _by_key(
    key: str, declared: dict[str, list[Count]], residents: pd.Series, root: Path | None
) -> dict[str, pd.DataFrame]:
    """The declared counts of the tables that have a key: of comuni, or of districts."""
    found = {}
    for name, counts in declared.items():
        columns = [field["name"] for field in raw.form(name, root)[1]["fields"]]
        if key in columns and (key == "istat" or "istat" not in columns):
            found[name] = _counts(name, key, counts, residents, root)
    return found


def _homes(name: str, table: pd.DataFrame, ours: set[str], changes: pd.DataFrame, root: Path | None) -> pd.DataFrame:
    """Which of our comuni each row of a table speaks of; before a break of its territory, none of them alone."""
    found = code_editions.find_homes(table[["istat", "year"]], ours, changes)
    if not raw.available("series_breaks", root):
        return found
    breaks = raw.load("series_breaks", root)
    return code_editions.join_broken(found, breaks[(breaks["table"] == name) & breaks["istat"].notna()])


def _counts(name: str, key: str, counts: list[Count], residents: pd.Series, root: Path | None) -> pd.DataFrame:
    """The declared counts of a table by territory and year: ``istat``, ``year`` and a column per count."""
    columns = [field["name"] for field in raw.form(name, root)[1]["fields"]]
    dated = ["year"] if "year" in columns else []
    table = raw.load(name, root, columns=[key, *dated, *dict.fromkeys(count.column for count in counts)])
    found = {"istat": table[key], "year": table["year"].astype("int64") if dated else series.UNDATED}
    for count in counts:
        values = table[count.column]
        if count.values:
            people = table[key].map(residents)
            values = people.where(values.astype("str").isin(count.values), 0).where(values.notna())
        found[count.id] = values.astype("float64")
    return pd.DataFrame(found)


def _place(districts: gpd.GeoDataFrame, comuni: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
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
    table = indicators.add_indicators(table)
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
