"""What the page «Come cambia il Piemonte» shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd

from helpers.data import processed, raw
from helpers.pages.common.facts import map_facts

#: The indicator on the map.
INDICATOR = "old_age_index"


@dataclass(frozen=True)
class TrendsInputs:
    """Everything the page shows.

    Attributes
    ----------
    facts
        What its texts speak of.
    districts
        The processed districts with their ``slug``.
    """

    facts: Mapping[str, Any]
    districts: gpd.GeoDataFrame


def trends_inputs() -> TrendsInputs:
    """Cut what the page shows from the data."""
    districts, region = processed.load("districts"), processed.load("region").iloc[0]
    slugs = raw.load("districts").set_index("distretto_id")["slug"]
    table = districts.assign(slug=districts["code"].map(slugs))
    return TrendsInputs(map_facts(districts, region, INDICATOR), table)
