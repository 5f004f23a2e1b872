"""What a district report shows."""

from __future__ import annotations

import pandas as pd

from helpers.analysis import classes
from helpers.data import processed, raw
from helpers.data.read_log import kept
from helpers.figures import charts
from helpers.pages.common.facts import SHARE_PRECISION, district_facts, find_district, region_view
from helpers.pages.common.income_inputs import district_income
from helpers.pages.common.spending_inputs import PREFIX, district_spending
from helpers.prose.texts import rule_code
from helpers.subjects import boundaries

#: What the map of a district shows.
MAP_INDICATOR = "share_65_plus"

#: Columns of the comuni that a district page shows.
COMUNI_COLUMNS = [
    *("code", "name", "ente_gestore", "residents", MAP_INDICATOR, "old_age_index"),
    *("status", "source_ids", "source_ids_ente", "geometry"),
]

#: Decimals of the region's shares by age that the pyramid draws: finer than its lines can show.
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
        first, with the codes of the rules behind each), ``neighbours`` (comuni around it), ``bounds`` (of the map's
        classes), ``ages`` and ``region_ages`` (five-year classes), ``compared`` (the thirty districts on the
        compared indicators), ``similar`` (the table of similar districts), ``sources``, and
        :func:`.spending.district_spending`.
    """
    row = find_district(district)
    code = row["distretto_id"]
    comuni, view = processed.load("comuni"), region_view()
    own = comuni[comuni["distretto_id"] == code].sort_values("residents", ascending=False)
    touching = {c for cell in own["neighbours"] for c in cell.split(";")} - set(own["code"])
    spent = district_spending(code)
    facts = district_facts(code, own) | {"income": district_income(code), "actual": spent[PREFIX + "actual"]}
    ages = processed.load("ages")
    return {
        "district": {"code": code, "name": row["name"], "slug": row["slug"]},
        "facts": facts,
        "comuni": own[COMUNI_COLUMNS].assign(rules=_rules(own["code"])).reset_index(drop=True),
        "neighbours": comuni.loc[comuni["code"].isin(touching), ["name", "geometry"]].reset_index(drop=True),
        "bounds": _bounds(processed.state()),
        "ages": charts.age_classes(ages[(ages["level"] == "districts") & (ages["code"] == code)]),
        "region_ages": _region_ages(processed.state()),
        "compared": view.printed[["name", *view.compared]],
        "similar": view.printed.loc[
            [code, *(p["code"] for p in facts["peers"])], ["name", "residents", *view.compared]
        ].reset_index(),
        "sources": _sources(row, own, facts),
        **spent,
    }


@kept(maxsize=1)
def _bounds(state: tuple[str, ...]) -> list[float]:
    """Bounds of the map's classes, the same on all districts."""
    return classes.indicator_bounds(processed.load("comuni"), MAP_INDICATOR)


@kept(maxsize=1)
def _region_ages(state: tuple[str, ...]) -> pd.DataFrame:
    """The region's age structure, the outline in every pyramid: shares as they are printed, and as they are drawn."""
    ages = processed.load("ages")
    region = charts.age_classes(ages[ages["level"] == "region"])
    shares = region[["female_share", "male_share"]]
    drawn = shares.round(PYRAMID_DECIMALS).rename(columns=lambda name: name.replace("share", "drawn"))
    return shares.round(SHARE_PRECISION).join(drawn)


def _rules(codes: pd.Series) -> pd.Series:
    """Codes of the rules by which each comune was assigned, separated by a semicolon; empty where a source says it."""
    rules = codes.map(raw.load("comune_distretto").set_index("istat")["rule"])
    return rules.map(lambda cell: ";".join(rule_code(rule) for rule in boundaries.split_rules(cell)))


def _sources(row: pd.Series, comuni: pd.DataFrame, facts: dict) -> pd.DataFrame:
    """The sources behind a district, its comuni, its project and the measure."""
    ids = (
        set(row["source_ids"])
        | set(facts["measure"]["source_ids"])
        | set(facts["official_sources"])
        | set((facts["project"] or {}).get("source_ids", []))
    )
    for column in ("source_ids", "source_ids_ente"):
        ids |= {i for cell in comuni[column] for i in cell.split(";") if i}
    sources = raw.load("sources")
    return sources[sources["source_id"].isin(ids)].reset_index(drop=True)
