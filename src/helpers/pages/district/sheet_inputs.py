"""What the printed sheet of a district shows beyond its page."""

from __future__ import annotations

import pandas as pd

from helpers.data import processed, raw
from helpers.pages.common.facts import GRANT_SOURCES, OFFICIAL_TABLE_SOURCES, region_view

#: Indicators of the sheet's table, from the plain to the derived.
SHEET_INDICATORS = (
    "share_0_14",
    "share_65_plus",
    "share_80_plus",
    "old_age_index",
    "dependency_ratio",
    "oldest_old_ratio",
    "density",
    "share_small_comuni",
)


def sheet_inputs() -> dict[str, object]:
    """What every sheet shows beyond :func:`helpers.pages.district.inputs.district_inputs`; the same for all districts.

    Returns
    -------
    dict
        ``ground`` (the districts: ``code``, ``name``, geometry), ``printed`` (their values of the sheet's indicators,
        rounded to what is printed), ``common_sources`` (rows of the sources that every sheet cites).
    """
    sources = raw.load("sources")
    cited = {*OFFICIAL_TABLE_SOURCES, *GRANT_SOURCES}
    return {
        "ground": processed.load("districts")[["code", "name", "geometry"]],
        "printed": pd.DataFrame(region_view().printed[list(SHEET_INDICATORS)]).reset_index(),
        "common_sources": sources[sources["source_id"].isin(cited)].reset_index(drop=True),
    }
