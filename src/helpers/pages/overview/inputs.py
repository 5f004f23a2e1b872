"""What the region's own pages show: home, list of districts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from helpers.data import processed, raw
from helpers.pages.common.facts import STATUSES, overview_facts


@dataclass(frozen=True)
class RegionInputs:
    """Everything the home page and the list of districts show.

    Attributes
    ----------
    facts
        What their texts speak of, see :func:`.common.facts.overview_facts`.
    districts
        The processed districts with slug, comuni and residents by status, town of the project.
    ground
        Status and geometry of each comune.
    """

    facts: Mapping[str, Any]
    districts: gpd.GeoDataFrame
    ground: gpd.GeoDataFrame


def region_inputs() -> RegionInputs:
    """Cut what the home page and the list of districts show."""
    comuni = processed.load("comuni")
    table = processed.load("districts").copy()
    # Once the official table is at hand no boundary is derived or indicative: a status may be absent.
    status = pd.crosstab(comuni["distretto_id"], comuni["status"]).reindex(columns=STATUSES, fill_value=0)
    links = raw.load("district_projects").set_index("distretto_id")["project_id"]
    towns = raw.load("misura1_projects", columns=["project_id", "capofila_town"])
    table["slug"] = table["code"].map(raw.load("districts").set_index("distretto_id")["slug"])
    for name in STATUSES:
        table[name] = table["code"].map(status[name])
        own = comuni[comuni["status"] == name].groupby("distretto_id")["residents"].sum()
        table[f"residents_{name}"] = table["code"].map(own).fillna(0).astype("int64")
    table["project_town"] = table["code"].map(links).map(towns.set_index("project_id")["capofila_town"])
    return RegionInputs(overview_facts(), table, comuni[["status", "geometry"]])
