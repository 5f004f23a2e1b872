"""What is true of a district, as plain values for the prose to choose from."""

from __future__ import annotations

from typing import Any

import pandas as pd

from helpers import config
from helpers.analysis import insight, peers
from helpers.analysis.indicators import YEAR, datasets, logarithmic
from helpers.data import processed, raw
from helpers.declarations import BY_ID, SOURCES, caveats_of
from helpers.pages.common.facts import (
    SHARE_PRECISION,
    Region,
    boundary_status,
    indicator_values,
    measure_1,
    official_sources,
    project_facts,
    region_view,
)
from helpers.prose import indicators
from helpers.subjects import strategy
from helpers.system.id_lists import split_ids

#: Indicators that the text on age compares with the region and the province.
WORDED = ("old_age_index", "dependency_ratio")

#: The change in which the comuni of a district are compared.
CHANGE = "residents_change"


def district_facts(code: str, own: pd.DataFrame, similar: int = peers.PEERS) -> dict[str, Any]:
    """Everything a district's prose may speak of.

    Parameters
    ----------
    code
        Code of the district, ``D01`` to ``D30``.
    own
        Its comuni, most populous first.
    similar
        How many districts like it are named.

    Returns
    -------
    dict
        Plain values only; shares are fractions, money is euro, a value that does not exist is None. What
        belongs to other territories is rounded to what is printed; how the district compares with them is told by
        ``outcomes``, found before rounding.
    """
    view = region_view()
    region = processed.load("region").iloc[0]
    district, main = view.districts.loc[code], view.main.loc[code]
    residents = int(district["residents"])
    province = view.provinces.loc[main["province_code"]]
    largest, small = own.iloc[0], own[own["residents"] < config.SMALL_COMUNE]
    ranks = {name: None if pd.isna(rank) else int(rank) for name, rank in view.ranks.loc[code].items()}
    return {
        "name": district["name"],
        "distretto_id": code,
        "n_comuni": len(own),
        "residents": residents,
        "n_districts": len(view.districts),
        "residents_rank": ranks.pop("residents"),
        "share_of_region": round(residents / int(region["residents"]), SHARE_PRECISION),
        "province": {
            "code": main["province_code"],
            "name": province["name"],
            "share_of_residents": round(float(main["share"]), SHARE_PRECISION),
        },
        "provinces_n": int(main["n"]),
        "quadrant": _quadrant_of(main["province_code"]),
        "largest_comune": {
            "name": largest["name"],
            "residents": int(largest["residents"]),
            "share": int(largest["residents"]) / residents,
        },
        "values": indicator_values(district),
        "ranks": ranks,
        "years": {i: _year_of(i, district) for i in ranks},
        "region": indicator_values(region, printed=True),
        "province_values": indicator_values(province, printed=True),
        "outcomes": {
            "region": indicators.outcomes(WORDED, district, region),
            "province": indicators.outcomes(WORDED, district, province),
        },
        "compared": view.compared,
        "logarithmic": logarithmic(view.compared),
        "insight": _insight(view, region, code, own),
        "small_comuni": {
            "n": len(small),
            "residents": int(small["residents"].sum()),
            "share": float(district["share_small_comuni"]),
        },
        "boundary": boundary_status(own),
        "project": project_facts(code),
        "benchmark": _benchmark(view.districts["residents"], code),
        "peers": _peers(view, code, similar),
        "alone": _is_alone(view, code),
        "peers_near": peers.NEAR,
        "sources": datasets(view.compared),
        "districts_path": "",
        "measure": measure_1(),
        "official_sources": official_sources(),
        **_row_of(code),
        "year": raw.year("population"),
    }


def _insight(view: Region, region: pd.Series, code: str, own: pd.DataFrame) -> dict[str, Any]:
    """What sets the district apart (:mod:`helpers.analysis.insight`); values of other districts as they are printed."""
    district = view.districts.loc[code]
    values = [
        found
        | {
            "median": round(found["median"], BY_ID[found["indicator"]].precision),
            "beyond": [_printed(found["indicator"], other) for other in found["beyond"]],
            "next": found["next"] and _printed(found["indicator"], found["next"]),
            "people": insight.count_people(district, BY_ID[found["indicator"]]),
            "sources": datasets([found["indicator"]]),
        }
        for found in insight.find_values(view.districts, code, view.scores)
    ]
    against = insight.find_against(view.districts, region, code, [found["indicator"] for found in values])
    if against:
        name = against["indicator"]
        against |= {"region": round(against["region"], BY_ID[name].precision), "sources": datasets([name])}
    inside = insight.find_inside(own, CHANGE, config.SMALL_COMUNE)
    return {
        "values": values,
        "caveats": _caveats(values, view.districts["name"], code),
        "against": against,
        "inside": inside and inside | {"sources": datasets([CHANGE]), "since": BY_ID[CHANGE].since},
        "n": view.scores.shape[1],
        "ends": insight.ENDS,
    }


def _year_of(indicator: str, district: pd.Series) -> int:
    """The year an indicator is of: its own, that of its table, or that of the people."""
    year = district.get(indicator + YEAR)
    source = BY_ID[indicator].source
    return int(year) if year is not None else raw.year(SOURCES[source].table)


def _caveats(values: list[dict[str, Any]], names: pd.Series, code: str) -> list[str]:
    """Ids of what must be said of the values told, the district's own and those of others named beside it."""
    found = []
    for value in values:
        told = (*value["beyond"], *([value["next"]] if value["place"] == 1 and value["next"] else []))
        named = {other["name"] for other in told}
        places = [code, *names.index[names.isin(named)]]
        found += [caveat.id for caveat in caveats_of([value["indicator"]], places)]
    return list(dict.fromkeys(found))


def _printed(indicator: str, other: dict[str, Any]) -> dict[str, Any]:
    return other | {"value": round(other["value"], BY_ID[indicator].precision)}


def _row_of(code: str) -> dict[str, Any]:
    """What the raw row of a district says of it: how its bodies are known, note (None if there is none), sources."""
    row = next(row for row in raw.rows("districts") if row["distretto_id"] == code)
    return {
        "enti_link_status": row["enti_link_status"],
        "note": row["note"],
        "source_ids": split_ids(row["source_ids"]),
    }


def _quadrant_of(province_code: str) -> str:
    quadrants = {row["province_code"]: row["quadrant_id"] for row in raw.rows("province_quadrant")}
    return next(row["name"] for row in raw.rows("quadrants") if row["quadrant_id"] == quadrants[province_code])


def _benchmark(residents: pd.Series, code: str) -> dict[str, Any]:
    budget = measure_1()["budget_eur"]
    benchmark = strategy.benchmark_by_residents(residents, budget)
    return {
        "total_eur": round(benchmark["total_eur"].at[code], -3),
        "per_resident_eur": round(benchmark["per_resident_eur"].at[code], 2),
        "budget_eur": budget,
    }


def _peers(view: Region, code: str, count: int) -> list[dict[str, Any]]:
    info = {row["distretto_id"]: row for row in raw.rows("districts")}
    return [
        {"code": c, "name": info[c]["name"], "slug": info[c]["slug"], "distance": round(float(d), 2)}
        for c, d in peers.most_similar(view.distances, code, count).items()
    ]


def _is_alone(view: Region, code: str) -> bool:
    """Whether no district resembles it."""
    return bool(peers.most_similar(view.distances, code, 1).gt(peers.limit_of_likeness(view.distances)).all())
