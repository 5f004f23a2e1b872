"""What the indicator sheets show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.analysis.indicators import KNOWN, YEAR, find_present, from_tables
from helpers.analysis.series import ENOUGH_KNOWN
from helpers.data import processed, raw
from helpers.declarations import Indicator


@dataclass(frozen=True)
class IndicatorsInputs:
    """Everything the indicator sheets show.

    Attributes
    ----------
    facts
        What the texts speak of.
    sheets
        One row per indicator that at least one district has, with ``reference``, the region's value, the districts
        with the lowest and the highest (name, slug, value) and the median of the districts.
    """

    facts: Mapping[str, Any]
    sheets: pd.DataFrame


def indicators_inputs() -> IndicatorsInputs:
    """Cut what the indicator sheets show."""
    districts, region = processed.load("districts").drop(columns="geometry"), processed.load("region").iloc[0]
    slugs = raw.load("districts").set_index("distretto_id")["slug"]
    shown = [i for i in find_present(districts) if districts[i.id].notna().any()]
    facts = {
        "n_districts": len(districts),
        "n_indicators": sum(not from_tables(i) for i in shown),
        "others": [_of_table(i, districts, region) for i in shown if from_tables(i)],
        "enough_known": ENOUGH_KNOWN,
        "n_comuni": int(region["n_comuni"]),
        "residents": int(region["residents"]),
        "year": raw.year("population"),
    }
    return IndicatorsInputs(facts, pd.DataFrame([_sheet(i, districts, region, slugs) for i in shown]))


def _of_table(indicator: Indicator, districts: pd.DataFrame, region: pd.Series) -> dict[str, Any]:
    """How well an indicator with counts of a table of its own is known: year (None without one), share of residents."""
    year, known = (region.get(indicator.id + end) for end in (YEAR, KNOWN))
    if known is None:
        # Known of districts alone, it is not summed to the region.
        people = districts["residents"]
        known = people[districts[indicator.id].notna()].sum() / people.sum()
    return {
        "id": indicator.id,
        "source": indicator.source,
        "year": None if year is None else int(year),
        "known": float(known),
        "missing": int(districts[indicator.id].isna().sum()),
    }


def _sheet(indicator: Indicator, districts: pd.DataFrame, region: pd.Series, slugs: pd.Series) -> dict[str, Any]:
    """One indicator's values; beside the district at either end, how many others print as it does."""
    known = districts.dropna(subset=indicator.id)
    values = known[indicator.id]
    printed = values.round(indicator.precision)
    sheet = {
        "indicator": indicator.id,
        "reference": indicator.reference,
        "region": float(region.get(indicator.id, float("nan"))),
        "median": float(values.median()),
    }
    for end, position in (("lowest", values.idxmin()), ("highest", values.idxmax())):
        row = known.loc[position]
        same = int((printed == printed[position]).sum())
        sheet |= {
            f"{end}_name": row["name"],
            f"{end}_slug": slugs[row["code"]],
            f"{end}_others": same - 1,
            end: float(row[indicator.id]),
        }
    return sheet
