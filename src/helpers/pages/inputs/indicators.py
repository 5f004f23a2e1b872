"""What the indicator sheets show."""

from __future__ import annotations

import pandas as pd

from ... import income, people, processed, raw
from .income import printed_districts, region_income


def indicators_inputs() -> dict[str, object]:
    """Everything the indicator sheets show.

    Returns
    -------
    dict
        ``facts``, and ``sheets``: one row per indicator (the income too, once it has been imported) with
        ``reference``, the region's value, the districts with
        the lowest and the highest (name, slug, value) and the median of the districts, all as printed.
    """
    districts = people.as_printed(processed.load("districts").drop(columns="geometry"))
    region = people.as_printed(processed.load("region").drop(columns="geometry")).iloc[0]
    slugs = raw.load("districts").set_index("distretto_id")["slug"]
    sheets = [_sheet(i, districts, region, slugs) for i in people.INDICATORS]
    incomes = region_income()
    if incomes and incomes["lowest"]:
        value = pd.Series({income.INDICATOR.id: incomes["value"]}, dtype="float64")
        sheets.append(_sheet(income.INDICATOR, printed_districts(), value, slugs))
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
    """One indicator's values; of districts that print alike the first in the order of the data is named."""
    known = districts.dropna(subset=indicator.id)
    values = known[indicator.id]
    sheet = {
        "indicator": indicator.id,
        "reference": indicator.reference,
        "region": float(region[indicator.id]),
        "median": round(float(values.median()), indicator.precision),
    }
    for end, position in (("lowest", values.idxmin()), ("highest", values.idxmax())):
        row = known.loc[position]
        same = int((values == row[indicator.id]).sum())
        sheet |= {
            f"{end}_name": row["name"],
            f"{end}_slug": slugs[row["code"]],
            f"{end}_others": same - 1,
            end: float(row[indicator.id]),
        }
    return sheet
