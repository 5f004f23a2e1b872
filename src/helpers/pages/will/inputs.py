"""What the pages on WILL show: the experiment, its cities, and WILL beside WE.CA.RE."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from helpers import config
from helpers.analysis import territory
from helpers.data import raw, required
from helpers.errors import InputError, Problem
from helpers.figures import charts
from helpers.pages.common.facts import measure_1, overview_facts, project_facts
from helpers.subjects import will

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

#: Dated events drawn for each of the two experiences.
EVENTS = {
    "wecare": ("EV-05", "EV-10", "EV-22", "EV-29", "EV-39", "EV-56", "EV-58"),
    "will": ("EV-35", "EV-45", "EV-61", "EV-70"),
}

#: What each cell of the comparison rests on, as ``dimension.side``: keys of rows, or of a source.
COMPARED = {
    "unit.wecare": ("EV-01", "EVF-02"),
    "unit.will": ("WCF-42",),
    "governance.wecare": ("EV-01", "ACT-03"),
    "governance.will": (SEED, "WCF-35", "WCF-36", "WCF-38"),
    "funding.wecare": ("ACT-02", "EV-50"),
    "funding.will": (),
    "object.wecare": ("M1", "M2", "WA", "FESR"),
    "object.will": (SEED, "WCF-30", "WCF-01", "WCF-10"),
    "duration.wecare": ("EV-05", "EV-10", "EV-56", "EV-58"),
    "duration.will": ("WCF-31",),
    "outcome.wecare": ("M1", "M2", "WFA-02", "M1F-12"),
    "outcome.will": ("WCF-40", "WCF-41"),
    "evaluation.wecare": ("EV-30", "EVF-01"),
    "evaluation.will": ("WCF-33", "WP-01"),
    "scale.wecare": ("EV-01", "M1"),
    "scale.will": ("WCF-42",),
    "population.wecare": (),
    "population.will": (),
}

#: Beneficiaries and enterprises of the ranking of the corporate-welfare call.
RANKING = ("WFA-02", "WFA-03")

#: Metres between the vertices kept of a region's border, for the map of the cities.
GROUND_TOLERANCE = 1000


def will_inputs() -> dict[str, object]:
    """Everything the first page on WILL shows.

    Returns
    -------
    dict
        ``facts``; ``cities`` (state, residents, position in EPSG:32632); ``ground`` (regions around them); ``texts``
        (what WILL says of itself); ``overall``, ``conflicts`` and ``results`` (rows of facts); ``publications``.
    """
    required.rows(*OVERALL, *CONFLICT_FACTS, *RESULT_FACTS.values())
    facts = raw.load("will_city_facts").set_index("fact_id", drop=False)
    cities = _cities()
    return {
        "facts": _journey_facts(cities, facts),
        "cities": cities,
        "ground": _ground(),
        "texts": raw.load("will_text"),
        "overall": facts.loc[list(OVERALL)].reset_index(drop=True),
        "conflicts": facts.loc[list(CONFLICT_FACTS)].reset_index(drop=True),
        "results": facts.loc[list(RESULT_FACTS.values())].reset_index(drop=True),
        "publications": raw.load("will_publications"),
    }


def will_cities_inputs() -> dict[str, object]:
    """Everything the page on the single cities shows.

    Returns
    -------
    dict
        ``facts``; ``cities`` (as in :func:`will_inputs`, without position); ``city_facts`` (rows of facts by city);
        ``profiles`` (indicators of cities and of their regions); ``ages`` (five-year classes by city, with
        the shares of its region).
    """
    facts = raw.load("will_city_facts")
    cities = _cities().drop(columns=["x", "y"]).sort_values("city", ignore_index=True)
    profiles = _profiles(cities)
    return {
        "facts": _journey_facts(cities, facts.set_index("fact_id")) | _profile_facts(profiles),
        "cities": cities,
        "city_facts": facts[facts["city"] != "all"].reset_index(drop=True),
        "profiles": profiles,
        "ages": _ages(cities),
    }


def wecare_will_inputs() -> dict[str, object]:
    """Everything the page that sets WE.CA.RE. and WILL side by side shows.

    Returns
    -------
    dict
        ``facts``; ``events`` (dated events of both, with ``side``); ``sources`` (ids by dimension and side).
    """
    cities = _cities()
    facts = raw.load("will_city_facts").set_index("fact_id")
    overview = overview_facts()
    shared = ("budget_eur", "esf_eur", "erdf_eur", "n_districts", "n_comuni", "projects_funded", "m2_projects")
    beneficiaries, enterprises = required.rows(*RANKING)
    return {
        "facts": _journey_facts(cities, facts)
        | {key: overview[key] for key in shared}
        | {
            "region_residents": overview["residents"],
            "n_granted": int(raw.load("misura1_projects", columns=["amount_granted_eur"]).notna().to_numpy().sum()),
            "grants": {k: v for k, v in measure_1().items() if k.startswith("grant")},
            "by_region": {str(k): int(v) for k, v in _find_finished(cities)["region"].value_counts().items()},
            "wa_beneficiaries": int(beneficiaries["number"]),
            "wa_enterprises": int(enterprises["number"]),
            "n_events": sum(len(ids) for ids in EVENTS.values()),
            "town": _common_town(),
        },
        "events": _events(),
        "sources": _comparison_sources(),
    }


def _cities() -> pd.DataFrame:
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


def _find_finished(cities: pd.DataFrame) -> pd.DataFrame:
    return cities[cities["completed_8"].astype(bool)]


def _journey_facts(cities: pd.DataFrame, facts: pd.DataFrame) -> dict:
    """Counts and names by state, residents, and the sources of each."""
    by_state = {state: cities.loc[cities["state"] == state, "city"].tolist() for state in will.STATES}
    finished = _find_finished(cities)
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
        "year": raw.year("population_will"),
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
    return table[["kind", "code", "name", "region", "residents", *will.INDICATOR_IDS]]


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


def _events() -> pd.DataFrame:
    """The dated events of both sides, with the first and last day each date can mean."""
    found = [event | {"side": side} for side, ids in EVENTS.items() for event in required.rows(*ids)]
    return pd.DataFrame(found)[["event_id", "side", "date", "precision", "confidence", "source_ids"]]


def _common_town() -> dict:
    """The town that is a district of WE.CA.RE. and a city of WILL: its project, partners and sources."""
    membership = raw.load("comune_distretto").set_index("istat")["distretto_id"]
    town = raw.load("will_comuni").set_index("istat")["name"].filter(membership.index)
    if town.empty:
        raise _no_common_town("will_comuni", "istat", None, "no comune of Piedmont is a city of WILL")
    code = membership[town.index[0]]
    project = project_facts(code)
    if project is None:
        rule = f"the district of {town.iloc[0]}, a city of WILL, has no project of Misura 1"
        raise _no_common_town("district_projects", "distretto_id", code, rule)
    return {
        "name": town.iloc[0],
        "slug": raw.load("districts").set_index("distretto_id").at[code, "slug"],
        "n_comuni": int((membership == code).sum()),
        "title": project["title"],
        "partners": [partner["name"] for partner in project["partners"]],
        "source_ids": list(project["source_ids"]),
        "link_status": project["link_status"],
    }


def _no_common_town(table: str, column: str, value: object, rule: str) -> InputError:
    """What is wrong where no town has a project of both: the comparison tells of one that has."""
    file, _ = raw.form(table)
    remedy = "add its row, or take the town out of the comparison"
    return InputError([Problem(raw.label(file), rule, remedy, column=column, value=value, reports=("wecare_will",))])


def _comparison_sources() -> dict[str, list[str]]:
    """Sources of each cell of the comparison, as ``dimension.side``; an empty list says that nothing was found."""
    return {cell: _sources_of(*keys) for cell, keys in COMPARED.items()}


def _sources_of(*keys: str) -> list[str]:
    """Sources of rows by key; the key of a source stands for itself."""
    return list(dict.fromkeys(i for key in keys for i in ([key] if key == SEED else required.sources(key))))
