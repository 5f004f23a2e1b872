"""What the page on need and equity shows; nothing is rounded before it is printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from helpers.analysis import border_variants, funding, need, need_uncertainty
from helpers.analysis.indicators import YEAR
from helpers.data import processed, raw
from helpers.data.analyses import AREAS, MEASURED, OUTCOME

#: Groupings of the Theil index, by the end of its columns.
GROUPINGS = ("province", "quadrant")

#: A Theil index up to this is that of equal parts: what is left is the last bit of its logarithms.
EQUAL = 1e-9


@dataclass(frozen=True)
class Computed:
    """The tables of need and equity.

    Attributes
    ----------
    need
        Indicators, index, ranks and contributions of each district; most need first.
    framework
        One row per indicator of the index: ``dimension``, ``indicator``, ``direction`` (``more`` or ``less``
        of it is more need), ``weight`` of the indicator in the index.
    correlations
        Of the index and its dimensions with each indicator.
    effects
        What the ranks of all districts depend on; and of each, the choice it depends on most.
    check
        How the index goes with what is measured apart from it; empty where nothing is.
    curves, inequality
        Lorenz and concentration curves, and the indices of each basis.
    autocorrelation
        Moran's I in the region.
    """

    need: gpd.GeoDataFrame
    framework: pd.DataFrame
    correlations: pd.DataFrame
    effects: pd.DataFrame
    check: pd.DataFrame
    curves: pd.DataFrame
    inequality: pd.DataFrame
    autocorrelation: pd.DataFrame


@dataclass(frozen=True)
class EquityInputs(Computed):
    """Everything the page on need and equity shows: the tables, and ``facts``, what its texts speak of."""

    facts: Mapping[str, Any]


def equity_inputs() -> EquityInputs:
    """Cut what the page on need and equity shows."""
    names = raw.load("districts").set_index("distretto_id")[["name", "slug"]]
    places = processed.load("districts").set_index("code")
    parts = need.dimensions(places)
    effects = processed.load("need_effects")
    shown = Computed(
        need=_need(names, places, need.indicators(parts), effects),
        framework=need.framework(parts),
        correlations=need.correlations(places, parts),
        effects=effects[effects["code"] == ""].drop(columns="code").reset_index(drop=True),
        check=processed.load("need_check"),
        curves=processed.load("curves"),
        inequality=processed.load("inequality"),
        autocorrelation=processed.load("autocorrelation"),
    )
    return EquityInputs(**vars(shown), facts=_facts(shown, places))


def _need(names: pd.DataFrame, places: gpd.GeoDataFrame, ids: list[str], effects: pd.DataFrame) -> gpd.GeoDataFrame:
    table = names.join(processed.load("need").set_index("code"), how="right")
    table = table.join(places[[*ids, *(i + YEAR for i in ids if i + YEAR in places)]])
    table["width"] = table["rank_high"] - table["rank_low"]
    own = effects[effects["code"] != ""].sort_values("total", ascending=False).drop_duplicates("code")
    table["choice"] = own.set_index("code")["choice"].where(table["width"] > 0, "none")
    return places[["geometry"]].join(table.sort_values(["rank", "name"]), how="right").reset_index()


def _facts(shown: Computed, places: pd.DataFrame) -> dict[str, Any]:
    table = shown.need
    first, last, widest = table.iloc[0], table.iloc[-1], table.loc[table["width"].idxmax()]
    rows = shown.inequality.set_index("basis")
    moran = shown.autocorrelation.set_index("variable")
    bases = [name for name in rows.index if name != MEASURED]
    lightest, heaviest = need_uncertainty.weight_range(shown.framework["dimension"].nunique())
    return {
        "n_districts": len(table),
        **_index_facts(shown, places),
        "highest": _place(first),
        "lowest": _place(last),
        "widest": _place(widest),
        "top": need_uncertainty.TOP,
        "always_top": int((table["rank_high"] <= need_uncertainty.TOP).sum()),
        "never_top": int((table["rank_low"] > need_uncertainty.TOP).sum()),
        "draws": need_uncertainty.DRAWS,
        "coverage": need_uncertainty.COVERAGE,
        "maps": border_variants.MAPS,
        "areas": "asl" if raw.available(AREAS) else "province",
        **dict(
            zip(
                ("lightest", "heaviest"),
                need_uncertainty.weight_range(shown.framework["dimension"].nunique()),
                strict=True,
            )
        ),
        "effects": shown.effects.set_index("choice").to_dict("index"),
        "check": shown.check.set_index("part").to_dict("index"),
        **_measured_facts(table),
        "bases": bases,
        "granted_known": "granted" in bases,
        "n_granted": int(rows["n"].get("granted", 0)),
        "benchmarks": list(funding.BENCHMARKS),
        "mix": funding.MIX,
        "inequality": rows.to_dict("index"),
        "measured": MEASURED,
        "n_single": int((places["province_code"].value_counts() == 1).sum()),
        "theil_between": {
            group: {
                basis: _share(rows.at[basis, f"theil_residents_between_{group}"], rows.at[basis, "theil_residents"])
                for basis in rows.index
            }
            for group in GROUPINGS
        },
        "moran": {name: {"i": float(r["i"]), "p_value": float(r["p_value"])} for name, r in moran.iterrows()},
        "expected": float(moran["expected"].iloc[0]),
        "permutations": int(moran["permutations"].iloc[0]),
        "year": raw.year("population"),
        "districts_path": "distretti/",
    }


def _index_facts(shown: Computed, places: pd.DataFrame) -> dict[str, Any]:
    """Of what the index is made, how its dimensions go together, and where the most populous district stands."""
    table, ids = shown.need.set_index("code"), list(shown.framework["indicator"])
    dimensions = list(dict.fromkeys(shown.framework["dimension"]))
    pairs = shown.correlations.set_index("part")
    between = {(a, b): float(pairs.at[a, b]) for n, a in enumerate(dimensions) for b in dimensions[n + 1 :]}
    closest = max(between, key=lambda pair: between[pair], default=None)
    largest = places["residents"].idxmax()
    return {
        "dimensions": dimensions,
        "ids": ids,
        "weight": 1 / len(dimensions),
        "points_per_deviation": need.SPREAD,
        "closest": None if closest is None else {"parts": closest, "value": between[closest]},
        "links": {part: float(pairs.at[part, "index"]) for part in dimensions},
        "largest": _place(table.loc[largest])
        | {
            "age_dispersion_rank": int(table.at[largest, "age_dispersion_rank"]),
            "residents_share": float(places.at[largest, "residents"] / places["residents"].sum()),
            "aged_share": float(places.at[largest, MEASURED] / places[MEASURED].sum()),
        },
        "dispersion": {
            "same": float(table["index"].corr(table[need.AGE_DISPERSION])),
            "small": float(table[need.AGE_DISPERSION].corr(places["share_small_comuni"])),
        },
    }


def _measured_facts(table: pd.DataFrame) -> dict[str, Any]:
    """Who has most of what is measured apart from the index; nothing where it is not known."""
    if OUTCOME not in table:
        return {}
    top = table.nlargest(3, OUTCOME)
    highest = _place(top.iloc[0]) | {"value": float(top[OUTCOME].iloc[0])}
    return {"measured_highest": highest, "measured_top": top["name"].tolist()}


def _share(part: float, whole: float) -> float | None:
    """A part of a whole; None where there is nothing to divide."""
    return float(part / whole) if whole > EQUAL else None


def _place(row: pd.Series) -> dict[str, Any]:
    found = {"name": row["name"], "slug": row["slug"], "value": float(row["index"])}
    return found | {"rank": int(row["rank"]), "low": int(row["rank_low"]), "high": int(row["rank_high"])}
