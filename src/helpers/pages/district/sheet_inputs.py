"""What the printed sheet of a district shows beyond its page."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from helpers.analysis.indicators import find_present
from helpers.data import processed, raw
from helpers.pages.common.facts import measure_1, official_sources, region_view


@dataclass(frozen=True)
class SheetInputs:
    """What every sheet shows beyond :class:`.inputs.DistrictInputs`; the same for all districts.

    Attributes
    ----------
    ground
        The districts: ``code``, ``name``, geometry.
    printed
        Their values of the sheet's indicators, rounded to what is printed.
    common_sources
        Rows of the sources that every sheet cites.
    """

    ground: gpd.GeoDataFrame
    printed: pd.DataFrame
    common_sources: pd.DataFrame


def sheet_inputs() -> SheetInputs:
    """Cut what every sheet shows."""
    sources = raw.load("sources")
    cited = {*official_sources(), *measure_1()["grant_source_ids"]}
    printed = region_view().printed
    return SheetInputs(
        ground=processed.load("districts")[["code", "name", "geometry"]],
        printed=pd.DataFrame(printed[[i.id for i in find_present(printed, prominence=1)]]).reset_index(),
        common_sources=sources[sources["source_id"].isin(cited)].reset_index(drop=True),
    )
