"""What the indicator sheets show."""

from __future__ import annotations

import pandas as pd

from helpers.analysis import income, people
from helpers.data import processed, raw
from helpers.pages.common.income_inputs import income_of_districts, region_income


def indicators_inputs() -> dict[str, object]:
    """Everything the indicator sheets show.

    Returns
    -------
    dict
        ``facts``, and ``sheets``: one row per indicator (the income too, once it has been imported) with
        ``reference``, the region's value, the districts with
        the lowest and the highest (name, slug, value) and the median of the districts.
    """
    districts, region = processed.load("districts").drop(columns="geometry"), processed.load("region").iloc[0]
    slugs = raw.load("districts").set_index("distretto_id")["slug"]
    sheets = [_sheet(i, districts, region, slugs) for i in people.INDICATORS]
    incomes = region_income()
    if incomes and incomes["lowest"]:
        value = pd.Series({income.INDICATOR.id: incomes["value"]}, dtype="float64")
        sheets.append(_sheet(income.INDICATOR, income_of_districts(), value, slugs))
    facts = {
        "n_districts": len(districts),
        "n_indicators": len(people.INDICATORS),
        "income": incomes,
        "n_comuni": int(region["n_comuni"]),
        "residents": int(region["residents"]),
        "year": raw.year("population"),
    }
    return {"facts": facts, "sheets": pd.DataFrame(sheets)}


def _sheet(indicator: people.Indicator, districts: pd.DataFrame, region: pd.Series, slugs: pd.Series) -> dict:
    """One indicator's values; beside the district at either end, how many others print as it does."""
    known = districts.dropna(subset=indicator.id)
    values = known[indicator.id]
    printed = values.round(indicator.precision)
    sheet = {
        "indicator": indicator.id,
        "reference": indicator.reference,
        "region": float(region[indicator.id]),
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
