"""What the printed sheet of a district shows beyond its page."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.indicators import find_present
from helpers.data import processed, raw
from helpers.pages.common.facts import measure_1, official_sources, region_view


def sheet_inputs() -> dict[str, object]:
    """What every sheet shows beyond :func:`helpers.pages.district.inputs.district_inputs`; the same for all districts.

    Returns
    -------
    dict
        ``ground`` (the districts: ``code``, ``name``, geometry), ``printed`` (their values of the sheet's indicators,
        rounded to what is printed), ``common_sources`` (rows of the sources that every sheet cites).
    """
    sources = raw.load("sources")
    cited = {*official_sources(), *measure_1()["grant_source_ids"]}
    printed = region_view().printed
    return {
        "ground": processed.load("districts")[["code", "name", "geometry"]],
        "printed": pd.DataFrame(printed[[i.id for i in find_present(printed, prominence=1)]]).reset_index(),
        "common_sources": sources[sources["source_id"].isin(cited)].reset_index(drop=True),
    }
