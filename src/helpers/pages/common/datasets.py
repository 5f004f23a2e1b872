"""Datasets that pages cite: which of them there are, and the years that words of any page name.

The people of regions and cities may be of several years: who compares them says of which.
"""

from __future__ import annotations

from contextlib import suppress

from helpers.analysis import people
from helpers.data import raw
from helpers.data.read_log import kept
from helpers.declarations import SOURCES
from helpers.prose.provenance import DATASETS

#: Tables that say a year, by the name that stands for it in the words.
YEARS = {f"{source.id}_year": source.table for source in SOURCES.values()}


def known_years() -> dict[str, str]:
    """Years by their name in the words; tables that have not been imported say none."""
    tables = ("regions", "population_regions", "will_cities", "will_comuni", "population_will")
    return _known_years(raw.package_contents(), tuple(map(raw.contents, tables)))


@kept(maxsize=1)
def _known_years(package: tuple[str, str], contents: tuple[tuple[str, str], ...]) -> dict[str, str]:
    years = {}
    for name, table in YEARS.items():
        # A table may tell no year; a KeyError says so too where the package has no such table.
        with suppress(KeyError):
            years[name] = str(raw.year(table))
    return years | {"regions_year": people.tell_years(region_years()), "will_year": people.tell_years(will_years())}


def region_years() -> dict[str, int]:
    """Year of the people of each region, by its name."""
    names = raw.load("regions").set_index("region_code")["name"]
    return people.years_of(raw.load("population_regions", columns=["region_code", "year"]), "region_code", names)


def city_years() -> dict[str, int]:
    """Year of the people of each city of WILL, by its name."""
    names = raw.load("will_cities", columns=["istat", "city"]).set_index("istat")["city"]
    return people.years_of(raw.load("population_will", columns=["istat", "year"]), "istat", names)


def will_years() -> dict[str, int]:
    """Year of the people of the cities of WILL and of their regions, by name."""
    names = raw.load("regions").set_index("region_code")["name"]
    around = names[sorted(set(raw.load("will_comuni", columns=["region_code"])["region_code"]))]
    regions = region_years()
    return {name: regions[name] for name in around} | city_years()


def known_datasets() -> dict[str, str]:
    """Names of the datasets at hand and the status of what is computed from them."""
    absent = [source.id for source in SOURCES.values() if not raw.available(source.table)]
    return {name: status for name, status in DATASETS.items() if name not in absent}
