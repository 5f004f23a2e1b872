"""What the page *Come cambia il Piemonte* shows; nothing is rounded before it is printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import geopandas as gpd
import pandas as pd

from helpers.data import processed, raw

#: Residents, old-age index and income of each year.
RESIDENTS, OLD_AGE, INCOME = SERIES = ("residents_total", "old_age_index_latest", "income_per_taxpayer")

#: Values of one year.
BALANCE = ("birth_rate", "death_rate", "migration_balance_rate", "natural_balance_rate")
NOW = ("residents_change", "old_age_index_latest", "old_age_index_change", "income_per_taxpayer", "income_growth")
DISTANCE = ("minutes_to_pole", "share_inner_areas")

#: Classes of comuni by their distance from a pole of services, and the letters of each on the map of inner areas.
AREAS = {"pole": ("A", "B"), "belt": ("C",), "intermediate": ("D",), "peripheral": ("E",), "ultra": ("F",)}

#: The year of these classes and of the minutes.
AREAS_YEAR = 2020

#: How many districts a text names at each end.
ENDS = 3

#: The count of residents from which on it is another one, and the table it is of.
COUNTED = "population_totals"


@dataclass(frozen=True)
class TrendsInputs:
    """Everything the page shows.

    Attributes
    ----------
    facts
        What its texts speak of.
    districts
        ``code``, ``name``, ``slug``, geometry and the values of one year of each district, and of its residents the
        share in each class of :data:`AREAS` (``area_<class>``, 0–1).
    region
        The region's values of one year, by indicator.
    series
        By indicator, district (or ``region``) × year; years that have data.
    provisional
        By indicator, years whose values are provisional.
    break_year
        From when on residents are counted in another way; None if that is not known.
    ground
        ``status`` (a class of :data:`AREAS`) and geometry of the comuni.
    """

    facts: Mapping[str, Any]
    districts: gpd.GeoDataFrame
    region: Mapping[str, float]
    series: Mapping[str, pd.DataFrame]
    provisional: Mapping[str, list[int]]
    break_year: int | None
    ground: gpd.GeoDataFrame


def trends_inputs() -> TrendsInputs:
    """Cut what the page shows from the data."""
    districts, region = processed.load("districts"), processed.load("region").iloc[0]
    slugs = raw.load("districts").set_index("distretto_id")["slug"]
    ids = [name for name in dict.fromkeys((*NOW, *BALANCE, *DISTANCE)) if name in districts]
    years = [f"{name}_year" for name in ids if f"{name}_year" in districts]
    table = districts[["code", "name", "geometry", *ids, *years]].assign(
        slug=districts["code"].map(slugs), **{f"{name}_year": AREAS_YEAR for name in DISTANCE}
    )
    ground = _ground()
    series = {name: wide for name in SERIES if len(wide := _series(name))}
    provisional = {
        name: _provisional(table) for name, table in ((RESIDENTS, COUNTED), (OLD_AGE, "population_broad_ages"))
    }
    if len(ground):
        table = table.join(_areas(ground), on="code")
    values = {name: float(region[name]) for name in ids}
    break_year = _break_year()
    known = len(series) == len(SERIES) and len(ground) and set(BALANCE) <= set(values)
    facts = _facts(table, values, series, provisional, break_year) if known else {}
    return TrendsInputs(facts, table, values, series, provisional, break_year, ground[["status", "geometry"]])


def _series(name: str) -> pd.DataFrame:
    """A series, a row per district and one for the region; years without any data are left out."""
    rows = processed.load("series")
    rows = rows[(rows["id"] == name) & rows["level"].isin(["districts", "region"])]
    rows = rows.assign(code=rows["code"].where(rows["level"] == "districts", "region"))
    return rows.pivot(index="code", columns="year", values="value").dropna(axis=1, how="all")


def _provisional(table: str) -> list[int]:
    """Years of a table that are provisional."""
    if not raw.available(table):
        return []
    rows = raw.load(table, columns=["year", "provisional"]).drop_duplicates()
    return sorted(int(year) for year in rows.loc[rows["provisional"].astype(bool), "year"])


def _break_year() -> int | None:
    """From when on residents are counted in another way everywhere."""
    if not raw.available("series_breaks"):
        return None
    breaks = raw.load("series_breaks")
    own = breaks[(breaks["table"] == COUNTED) & (breaks["kind"] == "method") & breaks["istat"].isna()]
    return int(own["year"].max()) if len(own) else None


def _ground() -> gpd.GeoDataFrame:
    """District, residents, class and geometry of each comune; none where the classes are not there."""
    comuni = processed.load("comuni")[["code", "distretto_id", "residents", "geometry"]]
    if not raw.available("territory_classes"):
        return comuni.assign(status="").iloc[:0]
    letters = raw.load("territory_classes", columns=["istat", "snai_2020"]).set_index("istat")["snai_2020"]
    names = {letter: name for name, own in AREAS.items() for letter in own}
    return comuni.assign(status=comuni["code"].map(letters).map(names))


def _areas(ground: gpd.GeoDataFrame) -> pd.DataFrame:
    """Share of each district's residents in each class."""
    sums = ground.groupby(["distretto_id", "status"])["residents"].sum().unstack(fill_value=0)
    shares = sums.div(sums.sum(axis=1), axis=0).reindex(columns=list(AREAS), fill_value=0.0)
    return shares.add_prefix("area_")


def ranks(values: pd.DataFrame) -> pd.DataFrame:
    """Place of each row in each column, 1 being the highest value."""
    return values.rank(ascending=False, method="min").astype(int)


def movers(places: pd.DataFrame, n: int = ENDS) -> dict[str, list[str]]:
    """Who went up and who went down most places from the first column to the last, most first.

    Parameters
    ----------
    places
        From :func:`ranks`.
    n
        How many in each direction; more where the last of them went as far as others.
    """
    moved = places.iloc[:, 0] - places.iloc[:, -1]
    found = {}
    for direction, sign in (("up", 1), ("down", -1)):
        own = (sign * moved).sort_values(ascending=False, kind="stable")
        own = own[own > 0]
        found[direction] = own[own >= own.iloc[min(n, len(own)) - 1]].index.tolist() if len(own) else []
    return found


def gaps(years: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of the years that are missing in between, gap by gap.

    Examples
    --------
    >>> gaps([2011, 2020, 2021, 2023])
    [(2012, 2019), (2022, 2022)]
    """
    known = [int(year) for year in years]
    return [(a + 1, b - 1) for a, b in pairwise(known) if b > a + 1]


def _facts(
    table: pd.DataFrame,
    region: Mapping[str, float],
    series: Mapping[str, pd.DataFrame],
    provisional: Mapping[str, list[int]],
    break_year: int | None,
) -> dict[str, Any]:
    rows = pd.DataFrame(table.drop(columns="geometry")).set_index("code")

    def ends(name: str, high: bool) -> list[dict[str, Any]]:
        own = rows[name].sort_values(ascending=not high, kind="stable")[:ENDS]
        return [{"name": rows.at[i, "name"], "slug": rows.at[i, "slug"], "value": float(v)} for i, v in own.items()]

    def both(name: str) -> dict[str, Any]:
        return {"region": region[name], "highest": ends(name, True), "lowest": ends(name, False)}

    residents, ageing, income = (series[name] for name in SERIES)
    rows = rows.assign(total=rows["natural_balance_rate"] + rows["migration_balance_rate"])
    region = {**region, "total": region["natural_balance_rate"] + region["migration_balance_rate"]}
    return {
        "n_districts": len(rows),
        "districts_path": "distretti/",
        "residents": _ends_of(residents)
        | both("residents_change")
        | {
            "n_losing": int((rows["residents_change"] < 0).sum()),
            "missing": gaps(residents.columns),
            "provisional": provisional[RESIDENTS],
            "break_year": break_year,
        },
        "ageing": _ends_of(ageing)
        | both("old_age_index_latest")
        | {
            "change": both("old_age_index_change"),
            "n_rising": int((rows["old_age_index_change"] > 0).sum()),
            "provisional": provisional[OLD_AGE],
        },
        "income": _ends_of(income)
        | both("income_per_taxpayer")
        | {"growth": both("income_growth"), **_moved(rows, income.drop(index="region"))},
        "distance": both("minutes_to_pole")
        | {
            "inner": both("share_inner_areas"),
            "n_inner": int((rows["share_inner_areas"] > 0).sum()),
            "n_far": int((rows["minutes_to_pole"] > region["minutes_to_pole"]).sum()),
        },
        "balance": {
            "n_more_deaths": int((rows["natural_balance_rate"] < 0).sum()),
            "n_more_arrivals": int((rows["migration_balance_rate"] > 0).sum()),
            "n_growing": int((rows["total"] > 0).sum()),
            "total": both("total"),
            "year": int(rows["birth_rate_year"].iloc[0]),
            "natural": both("natural_balance_rate"),
            "moves": both("migration_balance_rate"),
        },
        "quadrants": _quadrants(rows, region),
        "together": _together(rows),
    }


def _ends_of(values: pd.DataFrame) -> dict[str, Any]:
    """First and last year of a series, and the region's values in them."""
    own = values.loc["region"]
    return {
        "first_year": int(own.index[0]),
        "last_year": int(own.index[-1]),
        "first": float(own.iloc[0]),
        "last": float(own.iloc[-1]),
    }


def _moved(rows: pd.DataFrame, income: pd.DataFrame) -> dict[str, Any]:
    """Who moved most places by income, from where to where; and how far those in the middle are apart."""
    places = ranks(income)
    found: dict[str, Any] = {
        direction: [
            {"name": rows.at[i, "name"], "from": int(places.loc[i].iloc[0]), "to": int(places.loc[i].iloc[-1])}
            for i in own
        ]
        for direction, own in movers(places).items()
    }
    # Between the places of the middle third there are few euro.
    sums = income.iloc[:, -1].sort_values(ascending=False).to_numpy()
    first, last = len(sums) // 3 + 1, 2 * len(sums) // 3
    return found | {"middle": {"first": first, "last": last, "apart": float(sums[first - 1] - sums[last - 1])}}


def _together(rows: pd.DataFrame) -> dict[str, Any]:
    """How ageing and income go together: correlation of ranks, and the districts furthest from the others."""
    both = rows.set_index("name")[["old_age_index_latest", "income_per_taxpayer"]]
    distance = (((both - both.mean()) / both.std(ddof=0)) ** 2).sum(axis=1)
    return {"correlation": float(both.rank().corr().iloc[0, 1]), "furthest": distance.nlargest(2).index.tolist()}


def _quadrants(rows: pd.DataFrame, region: Mapping[str, float]) -> dict[str, list[str]]:
    """Names of the districts in each quarter of ageing and income, seen from the region."""
    older = rows["old_age_index_latest"] > region["old_age_index_latest"]
    richer = rows["income_per_taxpayer"] > region["income_per_taxpayer"]
    return {
        f"{age}_{money}": rows.loc[(older == old) & (richer == rich), "name"].sort_values().tolist()
        for age, old in (("older", True), ("younger", False))
        for money, rich in (("richer", True), ("poorer", False))
    }
