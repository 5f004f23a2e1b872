"""What is true of a district, as plain values for the prose to choose from."""

from __future__ import annotations

from typing import Any

import pandas as pd

from helpers import config
from helpers.analysis import peers
from helpers.analysis.indicators import logarithmic
from helpers.data import processed, raw
from helpers.declarations import BY_ID
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


def district_facts(code: str, own: pd.DataFrame) -> dict[str, Any]:
    """Everything a district's prose may speak of.

    Parameters
    ----------
    code
        Code of the district, ``D01`` to ``D30``.
    own
        Its comuni, most populous first.

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
        "region": indicator_values(region, printed=True),
        "province_values": indicator_values(province, printed=True),
        "outcomes": {
            "region": indicators.outcomes(view.compared, district, region),
            "province": indicators.outcomes(view.compared, district, province),
        },
        "compared": view.compared,
        "logarithmic": logarithmic(view.compared),
        "unusual": _unusual(view, code),
        "small_comuni": {
            "n": len(small),
            "residents": int(small["residents"].sum()),
            "share": float(district["share_small_comuni"]),
        },
        "boundary": boundary_status(own),
        "project": project_facts(code),
        "benchmark": _benchmark(view.districts["residents"], code),
        "peers": _peers(view, code),
        "districts_path": "",
        "measure": measure_1(),
        "official_sources": official_sources(),
        **_row_of(code),
        "year": raw.year("population"),
    }


def _unusual(view: Region, code: str) -> list[dict[str, Any]]:
    found = peers.unusual(view.districts, code, scores=view.scores)
    for entry in found:
        entry["median"] = round(entry["median"], BY_ID[entry["indicator"]].precision)
        entry["score"] = round(entry["score"], 1)
    return found


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


def _peers(view: Region, code: str) -> list[dict[str, Any]]:
    info = {row["distretto_id"]: row for row in raw.rows("districts")}
    return [
        {"code": c, "name": info[c]["name"], "slug": info[c]["slug"], "distance": round(float(d), 2)}
        for c, d in peers.most_similar(view.distances, code).items()
    ]
