"""How a district has changed: residents and incomes by year, beside the region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.analysis import territory
from helpers.data import processed, raw
from helpers.data.read_log import kept
from helpers.declarations import BY_ID

RESIDENTS, INCOME = "residents_total", "income_per_taxpayer"

#: The first year of the index of residents, and that of the ranks of incomes.
BASE, FIRST_INCOME = BY_ID["residents_change"].since, BY_ID["income_growth"].since

#: The index of residents is 100 in the first year; decimals it is drawn and printed with.
WHOLE, DECIMALS = 100, 1


@dataclass(frozen=True)
class DistrictChange:
    """Series of a district and of the region.

    Attributes
    ----------
    facts
        What the texts speak of.
    residents
        ``year``, ``residents``, ``index`` and ``region_index`` (first year = 100), ``provisional``.
    income
        ``year``, ``district`` and ``region`` (euro per taxpayer).
    """

    facts: Mapping[str, Any]
    residents: pd.DataFrame
    income: pd.DataFrame


def district_change(code: str, since: int | None = None) -> DistrictChange | None:
    """Cut what a district page shows of the years; None without the tables of residents and incomes by year.

    Parameters
    ----------
    since
        A year of :func:`first_years` from which on they are shown.
    """
    if not (raw.available("population_totals") and raw.available("income")):
        return None
    residents, incomes = _by_year(RESIDENTS, processed.state()), _by_year(INCOME, processed.state())
    if BASE not in residents.index or FIRST_INCOME not in incomes.index:
        return None
    base, first = (BASE, FIRST_INCOME) if since is None else (since, since)
    if since is not None:
        residents, incomes = residents.loc[since:], incomes.loc[since:]
    own = residents[[code, territory.REGION]]
    index = (own / own.loc[base] * WHOLE).round(DECIMALS)
    table = pd.DataFrame(
        {
            "year": own.index,
            "residents": own[code].to_numpy(),
            "index": index[code].to_numpy(),
            "region_index": index[territory.REGION].to_numpy(),
            "provisional": own.index.isin(_provisional_years(raw.fingerprint_of("population_totals"))),
        }
    )
    income = incomes[[code, territory.REGION]].round(0).set_axis(["district", "region"], axis=1).reset_index()
    return DistrictChange(_facts(code, residents, incomes, base, first), table, income)


def first_years() -> list[int]:
    """Years from which on residents and incomes can be told: all that both are known of, but for the last."""
    both = [_by_year(name, processed.state()).index for name in (RESIDENTS, INCOME)]
    return sorted(int(year) for year in set(both[0]) & set(both[1]))[:-1]


def _facts(code: str, residents: pd.DataFrame, incomes: pd.DataFrame, base: int, first: int) -> dict[str, Any]:
    last, last_income = residents.index.max(), incomes.index.max()
    districts = incomes.drop(columns=territory.REGION)
    ranks = {year: districts.loc[year].rank(ascending=False, method="min") for year in (first, last_income)}
    before, now = float(residents.at[base, code]), float(residents.at[last, code])
    region = residents[territory.REGION]
    return {
        "since": base,
        "last": int(last),
        "before": before,
        "now": now,
        "change": now / before - 1,
        "region_change": round(float(region[last] / region[base] - 1), 3),
        "income_since": first,
        "income_last": int(last_income),
        "income_rank_before": _whole(ranks[first][code]),
        "income_rank": _whole(ranks[last_income][code]),
        "n": len(districts.columns),
        "first": _pair(incomes, code, first),
        "latest": _pair(incomes, code, int(last_income)),
    }


def _pair(incomes: pd.DataFrame, code: str, year: int) -> dict[str, float]:
    return {"district": float(incomes.at[year, code]), "region": round(float(incomes.at[year, territory.REGION]), 0)}


def _whole(rank: float) -> int | None:
    return None if pd.isna(rank) else int(rank)


@kept(maxsize=4)
def _by_year(name: str, state: tuple[str, ...]) -> pd.DataFrame:
    """Years × territories (districts and the region) of one series; missing where not known."""
    series = processed.load("series")
    own = series[(series["id"] == name) & series["level"].isin(["districts", "region"])]
    return own.pivot(index="year", columns="code", values="value").rename_axis(columns=None)


@kept(maxsize=1)
def _provisional_years(state: str) -> list[int]:
    totals = raw.load("population_totals", columns=["year", "provisional"])
    return sorted(totals.loc[totals["provisional"].astype("bool"), "year"].astype("int64").unique().tolist())
