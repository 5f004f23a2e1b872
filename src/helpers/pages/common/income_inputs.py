"""What pages show of the imported incomes; None where nothing has been imported, and the pages are as without them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from helpers.analysis.indicators import KNOWN, YEAR
from helpers.data import processed
from helpers.pages.common.facts import find_district, region_view

#: The column of the territories.
INCOME = "income_per_taxpayer"


def district_income(code: str) -> dict[str, Any] | None:
    """Incomes of a district beside those of its province and of the region.

    Returns
    -------
    dict or None
        ``year``, ``value``, ``province``, ``region`` (euro; None if not known), ``known`` (share of the residents in
        comuni with a published income), ``rank`` (1: the highest; None without a value) among ``n`` districts.
    """
    districts = _districts()
    if districts is None:
        return None
    own, region = districts.loc[find_district(code)["distretto_id"]], processed.load("region").iloc[0]
    province = processed.load("provinces").set_index("code").loc[own["province_code"]]
    rank = districts[INCOME].rank(ascending=False, method="min")[own.name]
    return {
        "year": int(own[INCOME + YEAR]),
        "value": _euro(own[INCOME]),
        "known": float(own[INCOME + KNOWN]),
        "province": _euro(province[INCOME]),
        "region": _euro(region[INCOME]),
        "rank": None if pd.isna(rank) else int(rank),
        "n": int(districts[INCOME].notna().sum()),
    }


def _districts() -> pd.DataFrame | None:
    table = region_view().districts
    return table if INCOME in table else None


def _euro(value: float) -> float | None:
    """An income as it is printed: that of other territories must not be felt before a reader could see it."""
    return None if pd.isna(value) else round(float(value), 0)
