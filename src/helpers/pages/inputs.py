"""All that a page shows, cut out of the tables before it runs.

A page reads nothing else, so these inputs decide whether it must run again. Values of other territories are rounded to
what is printed: an edit too small to be seen elsewhere re-runs only the district it belongs to.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, is_dataclass

import pandas as pd
import shapely

from .. import peers, people, processed, raw
from ..figures import charts, maps
from .facts import STATUSES, district_facts, find_district, overview_facts

#: What the map of a district shows, in these decimals of a fraction.
MAP_INDICATOR = "share_65_plus"
MAP_DECIMALS = 3

#: Columns of the comuni that a district page shows.
COMUNI_COLUMNS = [
    *("code", "name", "ente_gestore", "residents", MAP_INDICATOR, "old_age_index"),
    *("status", "source_ids", "source_ids_ente", "geometry"),
]

#: Decimals of the region's shares by age in the pyramid: finer than its lines can show.
PYRAMID_DECIMALS = 4


def district_inputs(district: str) -> dict[str, object]:
    """Everything one district report shows.

    Parameters
    ----------
    district
        Code or slug.

    Returns
    -------
    dict
        ``district`` (its row of the raw table), ``facts`` (plain values), ``comuni`` (its comuni, most populous
        first), ``neighbours`` (comuni around it), ``bounds`` (of the map's classes), ``ages`` and ``region_ages``
        (five-year classes), ``compared`` (the thirty districts on the compared indicators), ``similar`` (the table
        of similar districts), ``sources``.
    """
    row = find_district(district)
    code = row["distretto_id"]
    comuni = processed.load("comuni")
    own = comuni[comuni["distretto_id"] == code].sort_values("residents", ascending=False)
    touching = {c for cell in own["neighbours"] for c in cell.split(";")} - set(own["code"])
    districts = processed.load("districts").drop(columns="geometry").set_index("code")
    facts = district_facts(code)
    shown = people.as_printed(districts)
    ages = processed.load("ages")
    region_ages = charts.age_classes(ages[ages["level"] == "region"])
    return {
        "district": {"code": code, "name": row["name"], "slug": row["slug"]},
        "facts": facts,
        "comuni": own[COMUNI_COLUMNS].reset_index(drop=True),
        "neighbours": comuni.loc[comuni["code"].isin(touching), ["name", "geometry"]].reset_index(drop=True),
        "bounds": maps.quantile_bounds(comuni[MAP_INDICATOR], MAP_DECIMALS),
        "ages": charts.age_classes(ages[(ages["level"] == "districts") & (ages["code"] == code)]),
        "region_ages": region_ages[["female_share", "male_share"]].round(PYRAMID_DECIMALS),
        "compared": shown[["name", *peers.COMPARED]],
        "similar": shown.loc[
            [code, *(p["code"] for p in facts["peers"])], ["name", "residents", *peers.COMPARED]
        ].reset_index(),
        "sources": _sources(row, own, facts),
    }


def region_inputs() -> dict[str, object]:
    """Everything the home page and the list of districts show.

    Returns
    -------
    dict
        ``facts``; ``districts`` (with slug, comuni by status, town of the project); ``ground`` (status and geometry
        of each comune).
    """
    comuni = processed.load("comuni")
    table = processed.load("districts").copy()
    status = comuni.groupby(["distretto_id", "status"]).size().unstack(fill_value=0)
    links = raw.load("district_projects").set_index("distretto_id")["project_id"]
    towns = raw.load("misura1_projects").set_index("project_id")["capofila_town"]
    table["slug"] = table["code"].map(raw.load("districts").set_index("distretto_id")["slug"])
    for name in STATUSES:
        table[name] = table["code"].map(status[name])
    table["project_town"] = table["code"].map(links).map(towns)
    return {"facts": overview_facts(), "districts": table, "ground": comuni[["status", "geometry"]]}


def method_inputs() -> dict[str, object]:
    """Everything the page on method and sources shows: ``facts`` and ``sources``."""
    return {"facts": overview_facts(), "sources": raw.load("sources")}


#: What each template shows, from its parameters.
INPUTS: dict[str, Callable[[dict], dict]] = {
    "district": lambda parameters: district_inputs(parameters["district"]),
    "overview": lambda parameters: region_inputs(),
    "districts": lambda parameters: region_inputs(),
    "method": lambda parameters: method_inputs(),
}


def digests(inputs: dict[str, object]) -> dict[str, str]:
    """A short hash per input, the same for the same content in any process.

    The facts are taken one by one, so that the reason for a new run can be named.
    """
    named = {name: value for name, value in inputs.items() if name != "facts"}
    named |= {f"facts.{name}": value for name, value in inputs.get("facts", {}).items()}
    return {name: hashlib.sha256(_bytes(value)).hexdigest()[:16] for name, value in named.items()}


def _bytes(value: object) -> bytes:
    if isinstance(value, pd.DataFrame):
        plain = value.drop(columns="geometry", errors="ignore")
        rows = pd.util.hash_pandas_object(plain.astype(str), index=True)
        drawn = shapely.to_wkb(value["geometry"].values) if "geometry" in value else []
        return repr(list(plain.columns)).encode() + rows.to_numpy().tobytes() + b"".join(drawn)
    if is_dataclass(value):
        value = asdict(value)
    return json.dumps(value, sort_keys=True, default=str).encode()


def _sources(row: pd.Series, comuni: pd.DataFrame, facts: dict) -> pd.DataFrame:
    """The sources behind a district, its comuni, its project and the measure."""
    ids = (
        set(row["source_ids"])
        | set(facts["measure"]["source_ids"])
        | set((facts["project"] or {}).get("source_ids", []))
    )
    for column in ("source_ids", "source_ids_ente"):
        ids |= {i for cell in comuni[column] for i in cell.split(";") if i}
    sources = raw.load("sources")
    return sources[sources["source_id"].isin(ids)].reset_index(drop=True)
