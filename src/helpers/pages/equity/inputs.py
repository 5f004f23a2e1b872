"""What the page on need and equity shows; nothing is rounded before it is printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from helpers.analysis import funding, funnel, need, space
from helpers.data import processed, raw
from helpers.data.analyses import MEASURED
from helpers.pages.common.income_inputs import region_income

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
        Index, ranks and contributions of each district; most need first.
    changes
        What other constructions of the index move.
    correlations
        Of its components.
    curves, inequality
        Lorenz and concentration curves, and the indices of each basis.
    funnel, limits
        Rates of the districts, and the limits of chance.
    autocorrelation, lisa
        Moran's I in the region and around each district.
    """

    need: gpd.GeoDataFrame
    changes: pd.DataFrame
    correlations: pd.DataFrame
    curves: pd.DataFrame
    inequality: pd.DataFrame
    funnel: pd.DataFrame
    limits: pd.DataFrame
    autocorrelation: pd.DataFrame
    lisa: gpd.GeoDataFrame


@dataclass(frozen=True)
class EquityInputs(Computed):
    """Everything the page on need and equity shows: the tables, and ``facts``, what its texts speak of."""

    facts: Mapping[str, Any]


def equity_inputs() -> EquityInputs:
    """Cut what the page on need and equity shows."""
    names = raw.load("districts").set_index("distretto_id")[["name", "slug"]]
    places = processed.load("districts").set_index("code")
    table = _need(names)
    lisa = processed.load("lisa").set_index("code").join(names)
    lisa = places[["geometry"]].join(lisa).reset_index()
    computed = processed.load("need").set_index("code")
    changes, parts = need.rank_changes(computed), need.split_parts(computed)
    without = changes["alternative"].isin([f"without_{i}" for i in parts])
    changes = changes.assign(name=changes["code"].map(names["name"]), weight=without.map({True: 1 / len(parts)}))
    shown = Computed(
        need=places[["geometry"]].join(table, how="right").reset_index(),
        changes=changes,
        correlations=need.correlations(places).rename_axis("component").reset_index(),
        curves=processed.load("curves"),
        inequality=processed.load("inequality"),
        funnel=_funnel(names),
        limits=processed.load("limits"),
        autocorrelation=processed.load("autocorrelation"),
        lisa=lisa,
    )
    return EquityInputs(**vars(shown), facts=_facts(shown))


def _need(names: pd.DataFrame) -> pd.DataFrame:
    table = names.join(processed.load("need").set_index("code"), how="right")
    table["width"] = table["rank_high"] - table["rank_low"]
    return table.sort_values(["rank", "name"])


def _funnel(names: pd.DataFrame) -> pd.DataFrame:
    table = names.join(processed.load("funnel").set_index("code"), how="right")
    for limit in ("95", "998", "adjusted"):
        table[f"outside_{limit}"] = (table["rate"] < table[f"low_{limit}"]) | (table["rate"] > table[f"high_{limit}"])
    return table.sort_values("z", ascending=False).reset_index()


def _facts(shown: Computed) -> dict[str, Any]:
    table = shown.need
    first, last, widest = table.iloc[0], table.iloc[-1], table.loc[table["width"].idxmax()]
    rows = shown.inequality.set_index("basis")
    moran = shown.autocorrelation.set_index("variable")
    pairs = shown.correlations.set_index("component")
    off = pairs.where([[a != b for b in pairs.columns] for a in pairs.index]).stack()
    bases = [name for name in rows.index if name != MEASURED]
    return {
        "n_districts": len(table),
        "components": need.split_parts(table),
        "weight": 1 / len(need.split_parts(table)),
        "income": region_income(),
        "points_per_deviation": need.SPREAD,
        "highest": _place(first),
        "lowest": _place(last),
        "widest": _place(widest),
        "top": need.TOP,
        "always_top": int((table["rank_high"] <= need.TOP).sum()),
        "never_top": int((table["rank_low"] > need.TOP).sum()),
        "draws": need.DRAWS,
        "coverage": need.COVERAGE,
        "changes": shown.changes.astype(object).where(shown.changes.notna(), None).to_dict("records"),
        "correlation": {"low": float(off.min()), "high": float(off.max())},
        "bases": bases,
        "granted_known": "granted" in bases,
        "n_granted": int(rows["n"].get("granted", 0)),
        "benchmarks": list(funding.BENCHMARKS),
        "mix": funding.MIX,
        "inequality": rows.to_dict("index"),
        "measured": MEASURED,
        "n_single": int((processed.load("districts")["province_code"].value_counts() == 1).sum()),
        "theil_between": {
            group: {
                basis: _share(rows.at[basis, f"theil_residents_between_{group}"], rows.at[basis, "theil_residents"])
                for basis in rows.index
            }
            for group in GROUPINGS
        },
        "funnel": _funnel_facts(shown.funnel),
        "moran": {name: {"i": float(r["i"]), "p_value": float(r["p_value"])} for name, r in moran.iterrows()},
        "expected": float(moran["expected"].iloc[0]),
        "permutations": int(moran["permutations"].iloc[0]),
        "local_permutations": space.LOCAL_PERMUTATIONS,
        "false_discovery": space.FALSE_DISCOVERY_RATE,
        "lisa": _lisa_facts(shown.lisa),
        "year": raw.year("population"),
        "districts_path": "distretti/",
    }


def _funnel_facts(table: pd.DataFrame) -> dict[str, Any]:
    """The rate of the region, how far districts scatter around it, and who lies outside the limits."""
    ranked = table.sort_values("rate")
    return {
        "rate": float((table["rate"] * table["people"]).sum() / table["people"].sum()),
        "overdispersion": float(funnel.overdispersion(table["z"])),
        "highest": _place(ranked.iloc[-1], "rate"),
        "lowest": _place(ranked.iloc[0], "rate"),
        **{f"outside_{limit}": int(table[f"outside_{limit}"].sum()) for limit in ("95", "998", "adjusted")},
        "names": sorted(table.loc[table["outside_adjusted"], "name"]),
    }


def _lisa_facts(table: pd.DataFrame) -> dict[str, Any]:
    """Districts whose surroundings are found to be like or unlike them, and how many there were before correction."""
    found = table.loc[table["found"], ["name", "slug", "quadrant", "p_value", "q_value"]]
    return {
        "found": found.sort_values("p_value").to_dict("records"),
        "before": int((table["p_value"] <= space.FALSE_DISCOVERY_RATE).sum()),
    }


def _share(part: float, whole: float) -> float | None:
    """A part of a whole; None where there is nothing to divide."""
    return float(part / whole) if whole > EQUAL else None


def _place(row: pd.Series, value: str = "index") -> dict[str, Any]:
    found = {"name": row["name"], "slug": row["slug"], "value": float(row[value])}
    if "rank_low" in row:
        found |= {"rank": int(row["rank"]), "low": int(row["rank_low"]), "high": int(row["rank_high"])}
    return found
