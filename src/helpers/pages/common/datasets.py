"""Datasets that pages cite: which of them there are, and the years that words of any page name."""

from __future__ import annotations

from contextlib import suppress

from helpers.data import raw
from helpers.declarations import SOURCES
from helpers.prose.provenance import DATASETS

#: Tables that say a year, by the name that stands for it in the words.
YEARS = {f"{source.id}_year": source.table for source in SOURCES.values()} | {"regions_year": "population_regions"}


def known_years() -> dict[str, int]:
    """Year by its name in the words; tables that have not been imported say none."""
    years = {}
    for name, table in YEARS.items():
        # A table may tell no year; a KeyError says so too where the package has no such table.
        with suppress(KeyError):
            years[name] = raw.year(table)
    return years


def known_datasets() -> dict[str, str]:
    """Names of the datasets at hand and the status of what is computed from them."""
    absent = [source.id for source in SOURCES.values() if not raw.available(source.table)]
    return {name: status for name, status in DATASETS.items() if name not in absent}
