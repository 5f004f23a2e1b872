"""What the pages on WILL show: the experiment and its cities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from helpers import config
from helpers.analysis import people, territory
from helpers.data import raw, required
from helpers.figures import charts
from helpers.pages.common.datasets import city_years, region_years, will_years
from helpers.subjects import italy, will

#: The presentation of the closing event, one of the four documents the work began from.
SEED = "S136"

#: Facts on the experiment as a whole, in the order of the page: what it is, who makes it, how it works.
OVERALL = (
    *("WCF-31", "WCF-35", "WCF-36", "WCF-37", "WCF-38", "WCF-39"),
    *("WCF-30", "WCF-32", "WCF-33", "WCF-34", "WCF-43"),
)

#: Facts on results, shown with the lists of results and obstacles.
RESULT_FACTS = {"obstacle": "WCF-40", "result": "WCF-41"}

#: Facts on what sources say differently.
CONFLICT_FACTS = ("WCF-42", "WCF-17", "WCF-18", "WCF-06", "WCF-13")

#: Metres between the vertices kept of a region's border, for the map of the cities.
GROUND_TOLERANCE = 1000


@dataclass(frozen=True)
class WillInputs:
    """Everything the first page on WILL shows.

    Attributes
    ----------
    facts
        What its texts speak of.
    cities
        With state, residents and position in EPSG:32632.
    ground
        The regions around them.
    texts
        What WILL says of itself.
    overall, conflicts, results
        Rows of will_city_facts: :data:`OVERALL`, :data:`CONFLICT_FACTS`, :data:`RESULT_FACTS`.
    publications
        What has been written on WILL.
    """

    facts: dict[str, Any]
    cities: pd.DataFrame
    ground: gpd.GeoDataFrame
    texts: pd.DataFrame
    overall: pd.DataFrame
    conflicts: pd.DataFrame
    results: pd.DataFrame
    publications: pd.DataFrame


@dataclass(frozen=True)
class WillCitiesInputs:
    """Everything the page on the single cities shows.

    Attributes
    ----------
    facts
        What its texts speak of.
    cities
        With state and residents.
    city_facts
        Rows of will_city_facts on single cities.
    profiles
        Indicators of the cities and of their regions.
    ages
        Five-year classes by city, with the shares of its region.
    """

    facts: dict[str, Any]
    cities: pd.DataFrame
    city_facts: pd.DataFrame
    profiles: pd.DataFrame
    ages: pd.DataFrame


def will_inputs() -> WillInputs:
    """Cut what the first page on WILL shows from the data."""
    required.rows(*OVERALL, *CONFLICT_FACTS, *RESULT_FACTS.values())
    facts = raw.load("will_city_facts").set_index("fact_id", drop=False)
    cities = find_cities()
    return WillInputs(
        facts=journey_facts(cities, facts),
        cities=cities,
        ground=_ground(),
        texts=raw.load("will_text"),
        overall=facts.loc[list(OVERALL)].reset_index(drop=True),
        conflicts=facts.loc[list(CONFLICT_FACTS)].reset_index(drop=True),
        results=facts.loc[list(RESULT_FACTS.values())].reset_index(drop=True),
        publications=raw.load("will_publications"),
    )


def will_cities_inputs() -> WillCitiesInputs:
    """Cut what the page on the single cities shows from the data."""
    facts = raw.load("will_city_facts")
    cities = find_cities().drop(columns=["x", "y"]).sort_values("city", ignore_index=True)
    profiles = _profiles(cities)
    return WillCitiesInputs(
        facts=journey_facts(cities, facts.set_index("fact_id")) | _profile_facts(profiles),
        cities=cities,
        city_facts=facts[facts["city"] != "all"].reset_index(drop=True),
        profiles=profiles,
        ages=_ages(cities),
    )


def find_cities() -> pd.DataFrame:
    """The eleven cities: lists, state, residents, and a point inside each (metres, EPSG:32632)."""
    table = will.journeys(raw.load("will_cities"))
    population = raw.load("population_will").groupby("istat")[["female", "male"]].sum().sum(axis=1)
    shapes = raw.load_geometry("will_geometry").set_index("istat").geometry.to_crs(config.CRS_MAP)
    points = shapes.representative_point().reindex(table["istat"])
    return table.drop(columns="theme_or_target").assign(
        theme=table["theme_or_target"],
        residents=table["istat"].map(population).astype("int64"),
        x=points.x.round().astype("int64").to_numpy(),
        y=points.y.round().astype("int64").to_numpy(),
    )


def find_finished(cities: pd.DataFrame) -> pd.DataFrame:
    """Those among the eight that finished."""
    return cities[cities["completed_8"].astype(bool)]


def journey_facts(cities: pd.DataFrame, facts: pd.DataFrame) -> dict:
    """Counts and names by state, residents, and the sources of each."""
    by_state = {state: cities.loc[cities["state"] == state, "city"].tolist() for state in will.STATES}
    finished = find_finished(cities)
    return {
        "n_cities": len(cities),
        "n_initial": int(cities["in_initial_10"].sum()),
        "n_nine": int(cities["in_list_of_9"].sum()),
        "n_completed": len(finished),
        "n_both": len(by_state["completed"]),
        "n_regions": int(cities["region"].nunique()),
        "n_named": len(set(cities["city"]) | set(facts["city"])) - 1,
        "by_state": by_state,
        "residents_completed": int(finished["residents"].sum()),
        "residents_all": int(cities["residents"].sum()),
        "year": people.tell_years(city_years()),
        "years": people.tell_years(will_years()),
        "one_year": len(set(will_years().values())) == 1,
        "seed": [SEED],
        "duration_sources": required.sources("WCF-31"),
        "count_sources": required.sources("WCF-42"),
        "lists_sources": sorted({i for cell in cities["source_ids"] for i in cell if i}),
    }


def _ground() -> gpd.GeoDataFrame:
    """The regions as the ground of a map; ``own`` marks those with a city."""
    shapes = raw.load_geometry("regions_geometry").set_index("region_code")
    names = raw.load("regions").set_index("region_code")["name"]
    ground = territory.simplify(shapes, GROUND_TOLERANCE)
    own = set(raw.load("will_comuni")["region_code"])
    table = pd.DataFrame({"region": names, "own": [code in own for code in names.index]})
    return gpd.GeoDataFrame(table.join(ground[["geometry"]]), crs=config.CRS_MAP).reset_index(drop=True)


def _profiles(cities: pd.DataFrame) -> pd.DataFrame:
    """Indicators of the cities, then of their regions; ``kind``, ``code``, ``name``, ``region``."""
    regions = raw.load("will_comuni").set_index("istat")["region_code"]
    names = raw.load("regions").set_index("region_code")["name"]
    of_cities = will.profiles(raw.load("population_will"), _area("will_geometry", "istat"), "istat")
    of_regions = will.profiles(raw.load("population_regions"), _area("regions_geometry", "region_code"), "region_code")
    own = of_cities.loc[cities["istat"]].assign(
        kind="city",
        name=cities["city"].to_numpy(),
        region=[names[regions[istat]] for istat in cities["istat"]],
    )
    codes = sorted(set(regions))
    around = of_regions.loc[codes].assign(kind="region", name=names[codes], region=names[codes])
    table = pd.concat([own.rename_axis("code"), around.rename_axis("code")]).reset_index()
    years = {"city": city_years(), "region": region_years()}
    table["year"] = [years[kind][name] for kind, name in zip(table["kind"], table["name"], strict=True)]
    changing = italy.indicators(raw.load("italy_counts"), table.set_index("code")[["residents"]])
    shown = [*will.INDICATOR_IDS, *italy.shown(changing)]
    return table.join(changing, on="code")[["kind", "code", "name", "region", "year", "residents", *shown]]


def _area(table: str, key: str) -> pd.Series:
    return territory.measure_area(raw.load_geometry(table).set_index(key))


def _profile_facts(profiles: pd.DataFrame) -> dict:
    """Ends of the old-age index among the cities, and how each city lies against its region on it."""
    cities = profiles[profiles["kind"] == "city"].sort_values("old_age_index")
    regions = profiles[profiles["kind"] == "region"].set_index("name")["old_age_index"]
    gap = cities["old_age_index"].to_numpy() - regions[cities["region"]].to_numpy()
    return {
        "above_region": cities.loc[gap > 0, "name"].tolist()[::-1],
        "not_above_region": cities.loc[gap <= 0, "name"].tolist()[::-1],
        **_ends(cities, "old_age_index", ("lowest", "highest"), "value"),
        **_ends(cities, "share_65_plus", ("youngest", "oldest"), "value"),
        **_ends(cities, "residents", ("smallest", "largest"), "residents"),
    }


def _ends(table: pd.DataFrame, by: str, ends: tuple[str, str], value: str) -> dict:
    """The rows with the lowest and the highest value, by name."""
    ranked = table.sort_values(by)
    pairs = zip(ends, (ranked.iloc[0], ranked.iloc[-1]), strict=True)
    return {end: {"name": row["name"], value: float(row[by])} for end, row in pairs}


def _ages(cities: pd.DataFrame) -> pd.DataFrame:
    """Five-year classes of each city with the shares of its region beside them."""
    people_of, of_region = raw.load("population_will"), raw.load("population_regions")
    regions = raw.load("will_comuni").set_index("istat")["region_code"]
    reference = {code: charts.age_classes(of_region[of_region["region_code"] == code]) for code in sorted(set(regions))}
    parts = []
    for city in cities.itertuples():
        own = charts.age_classes(people_of[people_of["istat"] == city.istat])
        other = reference[regions[city.istat]]
        parts.append(
            own.assign(
                city=city.city,
                region=city.region,
                region_female_share=other["female_share"],
                region_male_share=other["male_share"],
            )
        )
    return pd.concat(parts, ignore_index=True)
