"""Comuni → districts, provinces, quadrants, region: membership, geometry and area."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from helpers import config
from helpers.analysis.indicators import add_indicators
from helpers.analysis.people import COUNTS

#: Metres by which borders are simplified: below what a map a page wide can show of a district.
TOLERANCE_M = 150

#: Code of the region among the levels; ISTAT's number for Piedmont.
REGION = "01"


def measure_area(comuni: gpd.GeoDataFrame) -> pd.Series:
    """Measure polygons in the equal-area grid of the EU (EPSG:3035).

    Parameters
    ----------
    comuni
        In any CRS.

    Returns
    -------
    Series
        Square kilometres, aligned with ``comuni``.
    """
    return comuni.geometry.to_crs(config.CRS_AREA).area / 1e6


def simplify(comuni: gpd.GeoDataFrame, tolerance_m: float = TOLERANCE_M) -> gpd.GeoDataFrame:
    """Simplify all borders together, so that neighbours still share theirs exactly.

    Parameters
    ----------
    comuni
        A clean coverage: polygons that touch but neither overlap nor leave slivers.
    tolerance_m
        Tolerance of the simplification in metres.

    Returns
    -------
    GeoDataFrame
        The same rows in UTM 32N (EPSG:32632).
    """
    projected = comuni.to_crs(config.CRS_MAP)
    return projected.set_geometry(
        gpd.GeoSeries(
            shapely.coverage_simplify(projected.geometry.values, tolerance_m),
            index=projected.index,
            crs=projected.crs,
        )
    )


def dissolve(comuni: gpd.GeoDataFrame, by: str) -> gpd.GeoSeries:
    """Join the polygons of each group of a clean coverage along their shared borders.

    Parameters
    ----------
    comuni
        A clean coverage: polygons that touch but neither overlap nor leave slivers.
    by
        Column of the groups.

    Returns
    -------
    GeoSeries
        One geometry per value of ``by``, indexed by it, in the order of the values.
    """
    joined = {code: shapely.coverage_union_all(group.values) for code, group in comuni.geometry.groupby(comuni[by])}
    return gpd.GeoSeries(joined, crs=comuni.crs).rename_axis(by)


def aggregate(comuni: gpd.GeoDataFrame, by: str, names: pd.Series) -> gpd.GeoDataFrame:
    """Sum the counts of the comuni over a larger territory and compute its indicators.

    Parameters
    ----------
    comuni
        One row per comune with ``by``, the columns of :data:`helpers.analysis.people.COUNTS`, and a geometry.
    by
        Column that holds the code of the larger territory.
    names
        Name of each territory, indexed by its code; its order is kept.

    Returns
    -------
    GeoDataFrame
        ``code``, ``name``, counts, indicators, geometry; one row per territory.
    """
    counts = comuni.groupby(by)[list(COUNTS)].sum().reindex(names.index)
    table = add_indicators(counts)
    table.insert(0, "name", names)
    table = table.rename_axis("code").reset_index()
    geometry = dissolve(comuni, by).reindex(names.index)
    return gpd.GeoDataFrame(table, geometry=geometry.values, crs=comuni.crs)


def main_territory(comuni: pd.DataFrame, of: str, among: str) -> pd.DataFrame:
    """Find where most residents of each territory live.

    Parameters
    ----------
    comuni
        One row per comune, with ``residents`` (persons).
    of
        Column of the territories looked at.
    among
        Column of the territories in which their residents may live.

    Returns
    -------
    DataFrame
        Indexed by ``of``: ``among`` (the code with most residents), ``share`` of the residents living there
        (0–1) and ``n`` (how many codes the territory touches).
    """
    residents = comuni.groupby([of, among])["residents"].sum().reset_index()
    total = residents.groupby(of)["residents"].transform("sum")
    residents["share"] = residents["residents"] / total
    first = residents.sort_values([of, "residents"], ascending=[True, False]).groupby(of).head(1)
    n = residents.groupby(of)[among].nunique().rename("n")
    return first.set_index(of)[[among, "share"]].join(n)


def neighbours(comuni: gpd.GeoDataFrame) -> pd.Series:
    """Codes of the comuni that touch each comune, in order, joined by ``;``.

    Parameters
    ----------
    comuni
        A clean coverage with ``code``.

    Returns
    -------
    Series
        Text, aligned with ``comuni``; empty for a comune that touches none.
    """
    one, other = shapely.STRtree(comuni.geometry.values).query(comuni.geometry.values, predicate="intersects")
    pairs = pd.DataFrame({"one": one, "other": comuni["code"].to_numpy()[other]})
    pairs = pairs[pairs["other"] != comuni["code"].to_numpy()[pairs["one"]]].sort_values(["one", "other"])
    joined = pairs.groupby("one")["other"].agg(";".join).reindex(range(len(comuni)), fill_value="")
    return joined.set_axis(comuni.index)
