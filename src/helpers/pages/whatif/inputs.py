"""What the simulator of criteria shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from helpers.analysis import allocation
from helpers.data import processed, raw, required
from helpers.declarations import INDICATORS
from helpers.pages.common.facts import measure_1
from helpers.pages.explorer.inputs import name_districts
from helpers.subjects import strategy


@dataclass(frozen=True)
class WhatIfFacts:
    """What its texts speak of.

    Attributes
    ----------
    n_districts, year
        How many districts; year of the people counted.
    measure
        See :func:`helpers.pages.common.facts.measure_1`.
    other_budget_eur, other_source_ids
        The other total that a source gives.
    datasets
        What each criterion rests on.
    totals
        What each criterion counts in all.
    none_small
        Names of the districts without a small comune.
    """

    n_districts: int
    measure: Mapping[str, Any]
    other_budget_eur: float
    other_source_ids: list[str]
    datasets: Mapping[str, str]
    totals: Mapping[str, int]
    none_small: list[str]
    year: int


@dataclass(frozen=True)
class WhatIfInputs:
    """Everything the simulator shows.

    Attributes
    ----------
    facts
        What its texts speak of.
    districts
        Code, name, slug, geometry.
    counted
        What each criterion counts there, see :func:`helpers.analysis.allocation.quantities`.
    """

    facts: WhatIfFacts
    districts: gpd.GeoDataFrame
    counted: pd.DataFrame


def whatif_inputs() -> WhatIfInputs:
    """Cut what the simulator shows."""
    table = processed.load("districts")
    counted, other = allocation.quantities(table), required.row(strategy.M1_COMMITMENT)
    facts = WhatIfFacts(
        n_districts=len(table),
        measure=measure_1(),
        other_budget_eur=float(other["amount_eur"]),
        other_source_ids=list(other["source_ids"]),
        datasets={i.criterion: i.source for i in INDICATORS if i.criterion},
        totals={name: int(counted[name].sum()) for name in counted},
        none_small=table.loc[counted["small"] == 0, "name"].tolist(),
        year=raw.year("population"),
    )
    return WhatIfInputs(facts, gpd.GeoDataFrame(name_districts(table), geometry=table.geometry.values), counted)
