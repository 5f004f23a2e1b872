"""What a district report shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from helpers.analysis import classes, peers
from helpers.analysis.indicators import find_present
from helpers.data import processed, raw
from helpers.data.read_log import kept
from helpers.figures import charts
from helpers.pages.common.district_facts import district_facts
from helpers.pages.common.facts import SHARE_PRECISION, find_district, region_view
from helpers.pages.common.income_inputs import district_income
from helpers.pages.common.spending_inputs import DistrictSpending, district_spending
from helpers.pages.district.change_inputs import DistrictChange, district_change
from helpers.prose.texts import rule_code
from helpers.subjects import boundaries
from helpers.subjects.measures import records, source_ids
from helpers.subjects.projects import WORK

#: What the map of a district shows.
MAP_INDICATOR = "share_65_plus"

#: Columns of the comuni that a district page shows.
COMUNI_COLUMNS = ["code", "name", "ente_gestore", "residents", "status", "source_ids", "source_ids_ente", "geometry"]

#: What else their table shows, besides the indicator of the map.
BESIDE = "old_age_index"

#: Metres between points of the borders on the small map of the region.
COARSE = 1500

#: Decimals of the region's shares by age that the pyramid draws: finer than its lines can show.
PYRAMID_DECIMALS = 4


@dataclass(frozen=True)
class DistrictInputs:
    """Everything one district report shows.

    Attributes
    ----------
    code, name, slug
        Of the district.
    facts
        What its texts speak of, see :func:`.common.district_facts.district_facts`.
    comuni
        Its comuni, most populous first, with the codes of the rules behind each.
    neighbours
        Name and geometry of the comuni around it.
    indicator, bounds
        What the map shows, and the bounds of its classes.
    ages, region_ages
        Five-year classes of age.
    change
        Its series by year; None without the tables.
    ground
        The districts: ``code`` and geometry, as coarse as a small map of the region needs them.
    compared
        The thirty districts on the indicators of the table, by code.
    similar
        The most similar ones: ``name``, ``residents`` and the indicators they are compared by.
    sources
        Rows of the raw table.
    spending
        What was funded, committed and paid here.
    work
        What is known of the work of its project: rows of ``misura1_facts``.
    """

    code: str
    name: str
    slug: str
    facts: Mapping[str, Any]
    comuni: gpd.GeoDataFrame
    neighbours: gpd.GeoDataFrame
    indicator: str
    bounds: list[float]
    ages: pd.DataFrame
    region_ages: pd.DataFrame
    change: DistrictChange | None
    ground: gpd.GeoDataFrame
    compared: pd.DataFrame
    similar: pd.DataFrame
    sources: pd.DataFrame
    spending: DistrictSpending
    work: list[dict[str, Any]]


def district_inputs(
    district: str,
    indicator: str = MAP_INDICATOR,
    similar: int = peers.PEERS,
    compared: Sequence[str] | None = None,
    since: int | None = None,
) -> DistrictInputs:
    """Cut what one district report shows.

    Parameters
    ----------
    district
        Code or slug.
    indicator
        What its map shows.
    similar
        How many districts like it.
    compared
        Indicators of the table, and of the districts like it; by default those of pages, and those that tell how near
        districts are.
    since
        The first year of its series.
    """
    row = find_district(district)
    code = row["distretto_id"]
    comuni, view = processed.load("comuni"), region_view()
    own = comuni[comuni["distretto_id"] == code].sort_values("residents", ascending=False)
    touching = {c for cell in own["neighbours"] for c in cell.split(";")} - set(own["code"])
    spent = district_spending(code)
    facts = district_facts(code, own, similar) | {"income": district_income(code), "actual": spent.actual}
    facts["neighbours"] = _neighbours(code)
    work = _work(facts["project"])
    ages, near = processed.load("ages"), [p["code"] for p in facts["peers"]]
    listed = [i.id for i in find_present(facts["values"], prominence=2)] if compared is None else list(compared)
    told = ["name", "residents", *(view.compared if compared is None else compared)]
    return DistrictInputs(
        code=code,
        name=row["name"],
        slug=row["slug"],
        facts=facts,
        comuni=own[[*COMUNI_COLUMNS, *dict.fromkeys((indicator, BESIDE))]]
        .assign(rules=_rules(own["code"]))
        .reset_index(drop=True),
        neighbours=comuni.loc[comuni["code"].isin(touching), ["name", "geometry"]].reset_index(drop=True),
        indicator=indicator,
        bounds=_bounds(processed.state(), indicator),
        ages=charts.age_classes(ages[(ages["level"] == "districts") & (ages["code"] == code)]),
        region_ages=_region_ages(processed.state()),
        change=district_change(code, since),
        ground=_ground(processed.state()),
        compared=view.printed[listed],
        similar=view.printed.loc[near, told].reset_index(),
        sources=_sources(row, own, facts, work),
        spending=spent,
        work=work,
    )


@kept(maxsize=8)
def _bounds(state: tuple[str, ...], indicator: str) -> list[float]:
    """Bounds of the map's classes, the same on all districts."""
    return classes.indicator_bounds(processed.load("comuni"), indicator)


def indicators_of(level: str) -> list[str]:
    """The indicators that territories of a level have."""
    return [i.id for i in find_present(processed.load(level))]


@kept(maxsize=1)
def _ground(state: tuple[str, ...]) -> gpd.GeoDataFrame:
    """The districts for the small map of the region, on every page the same."""
    districts = processed.load("districts")[["code", "geometry"]]
    return districts.assign(geometry=shapely.coverage_simplify(districts.geometry.to_numpy(), COARSE))


def _neighbours(code: str) -> list[dict[str, str]]:
    """Name and slug of the districts around one."""
    around = processed.load("districts").set_index("code").at[code, "neighbours"].split(";")
    known = {row["distretto_id"]: row for row in raw.rows("districts")}
    return [{"name": known[c]["name"], "slug": known[c]["slug"]} for c in around if c]


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


def _work(project: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """What is known of the work of a project, results first."""
    if project is None:
        return []
    rows = raw.rows("misura1_facts", having=("project_id", project["project_id"]))
    told = sorted((row for row in rows if row["aspect"] in WORK), key=lambda row: WORK.index(row["aspect"]))
    return records(pd.DataFrame(told))


def _sources(
    row: pd.Series, comuni: pd.DataFrame, facts: Mapping[str, Any], work: list[dict[str, Any]]
) -> pd.DataFrame:
    """The sources behind a district, its comuni, its project and the measure."""
    ids = (
        set(row["source_ids"])
        | set(facts["measure"]["source_ids"])
        | set(facts["official_sources"])
        | set((facts["project"] or {}).get("source_ids", []))
        | set(source_ids(work))
    )
    for column in ("source_ids", "source_ids_ente"):
        ids |= {i for cell in comuni[column] for i in cell.split(";") if i}
    sources = raw.load("sources")
    return sources[sources["source_id"].isin(ids)].reset_index(drop=True)
