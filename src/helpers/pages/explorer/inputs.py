"""What the explorer of districts shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from helpers.analysis.indicators import YEAR, find_present
from helpers.data import processed, raw
from helpers.pages.common.facts import indicator_values

#: Counts that the table of the explorer shows beside the indicators.
EXPLORER_COUNTS = ("residents", "n_comuni")


@dataclass(frozen=True)
class ExplorerFacts:
    """What its texts speak of; ``region``: the region's value of each indicator, None where there is none."""

    n_districts: int
    n_indicators: int
    region: Mapping[str, float | None]
    year: int


@dataclass(frozen=True)
class ExplorerInputs:
    """Everything the explorer shows.

    Attributes
    ----------
    facts
        What its texts speak of.
    districts
        Code, name, slug, counts, indicators, geometry.
    indicators
        Ids of those that at least one district has.
    classes
        See :func:`helpers.analysis.classes.class_bounds`.
    """

    facts: ExplorerFacts
    districts: gpd.GeoDataFrame
    indicators: list[str]
    classes: pd.DataFrame


def explorer_inputs() -> ExplorerInputs:
    """Cut what the explorer shows."""
    table = processed.load("districts")
    indicators = [i.id for i in find_present(table) if table[i.id].notna().any()]
    kept = [*EXPLORER_COUNTS, *indicators, *(i + YEAR for i in indicators if i + YEAR in table)]
    districts = gpd.GeoDataFrame(
        pd.concat([name_districts(table), table[kept]], axis=1), geometry=table.geometry.values
    )
    region = dict.fromkeys(indicators) | indicator_values(processed.load("region").iloc[0])
    facts = ExplorerFacts(len(districts), len(indicators), region, raw.year("population"))
    return ExplorerInputs(facts, districts, indicators, processed.load("classes"))


def name_districts(table: pd.DataFrame) -> pd.DataFrame:
    """Code, name and slug of the processed districts."""
    slugs = raw.load("districts").set_index("distretto_id")["slug"]
    return pd.DataFrame({"code": table["code"], "name": table["name"], "slug": table["code"].map(slugs)})
