"""Years that words of any page name: of the people and of the incomes it speaks of."""

from __future__ import annotations

from helpers.data import raw

#: Table that says the year, by the name that stands for it in the words.
YEARS = {"population_year": "population", "regions_year": "population_regions", "income_year": "income"}


def known_years() -> dict[str, int]:
    """Year by its name in the words; tables that have not been imported say none."""
    return {name: raw.year(table) for name, table in YEARS.items() if raw.available(table)}
