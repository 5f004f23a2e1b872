"""What the two interactive pages show: the simulator of criteria and the explorer of districts."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from helpers.analysis import allocation
from helpers.analysis.indicators import find_present
from helpers.data import processed, raw, required
from helpers.declarations import INDICATORS
from helpers.pages.common.facts import indicator_values, measure_1
from helpers.subjects import strategy

#: Counts that the table of the explorer shows beside the indicators.
EXPLORER_COUNTS = ("residents", "n_comuni")


def whatif_inputs() -> dict[str, object]:
    """Everything the simulator shows.

    Returns
    -------
    dict
        ``facts``; ``districts``: code, name, slug, geometry; ``counted``: what each criterion counts there, see
        :func:`helpers.analysis.allocation.quantities`.
    """
    table = processed.load("districts")
    counted = allocation.quantities(table)
    districts = gpd.GeoDataFrame(_name(table), geometry=table.geometry.values)
    measure = measure_1()
    other = required.row(strategy.M1_COMMITMENT)
    facts = {
        "n_districts": len(districts),
        "measure": measure,
        "other_budget_eur": float(other["amount_eur"]),
        "other_source_ids": list(other["source_ids"]),
        "datasets": {i.criterion: i.source for i in INDICATORS if i.criterion},
        "totals": {name: int(counted[name].sum()) for name in counted},
        "none_small": table.loc[counted["small"] == 0, "name"].tolist(),
        "year": raw.year("population"),
    }
    return {"facts": facts, "districts": districts, "counted": counted}


def explorer_inputs() -> dict[str, object]:
    """Everything the explorer shows.

    Returns
    -------
    dict
        ``facts`` (with the indicators of the region); ``indicators``: ids of those that at least one district has;
        ``districts``: code, name, slug, counts, indicators, geometry; ``classes``: see
        :func:`helpers.analysis.classes.class_bounds`.
    """
    table = processed.load("districts")
    indicators = [i.id for i in find_present(table) if table[i.id].notna().any()]
    kept = [*EXPLORER_COUNTS, *indicators]
    districts = gpd.GeoDataFrame(pd.concat([_name(table), table[kept]], axis=1), geometry=table.geometry.values)
    region = processed.load("region").iloc[0]
    facts = {
        "n_districts": len(districts),
        "n_indicators": len(indicators),
        "region": dict.fromkeys(indicators) | indicator_values(region),
        "year": raw.year("population"),
    }
    return {"facts": facts, "districts": districts, "indicators": indicators, "classes": processed.load("classes")}


def _name(table: pd.DataFrame) -> pd.DataFrame:
    slugs = raw.load("districts").set_index("distretto_id")["slug"]
    return pd.DataFrame({"code": table["code"], "name": table["name"], "slug": table["code"].map(slugs)})
