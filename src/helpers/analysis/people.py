"""Ages of the residents: single ages → counts of groups, and the age structure of larger territories."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.declarations import INDICATORS
from helpers.declarations.entries import OLDEST, age_bounds

#: Age groups that indicators name, as inclusive bounds in completed years; the source's last class, 100, means 100 and
#: over.
AGE_GROUPS: dict[str, tuple[int, int]] = {"residents": (0, OLDEST)} | dict(
    sorted(
        {name: bounds for i in INDICATORS for name in i.counts if (bounds := age_bounds(name))}.items(),
        key=lambda group: (group[1][0], -group[1][1]),
    )
)

#: Columns that add up when territories are joined, besides the counts of tables.
COUNTS: tuple[str, ...] = (*AGE_GROUPS, "residents_small_comuni", "n_comuni", "n_small_comuni", "area_km2")


def count_ages(population: pd.DataFrame, key: str = "istat") -> pd.DataFrame:
    """Sum single ages into the age groups.

    Parameters
    ----------
    population
        One row per territory and single age, with ``key``, ``age``, ``female`` and ``male`` (persons).
    key
        Column that names the territory.

    Returns
    -------
    DataFrame
        One row per territory, indexed by ``key``; one column of persons per group of :data:`AGE_GROUPS`.
    """
    people = population["female"] + population["male"]
    age, territory = population["age"], population[key]
    groups = {
        name: people.where(age.between(low, high), 0).groupby(territory).sum()
        for name, (low, high) in AGE_GROUPS.items()
    }
    return pd.DataFrame(groups).astype("int64").rename_axis(key)


def years_of(population: pd.DataFrame, key: str, names: pd.Series) -> dict[str, int]:
    """Year of the people of each territory, by its name.

    Parameters
    ----------
    population
        ``key`` and ``year``, the same in all rows of a territory.
    key
        Column that names the territory by code.
    names
        Name of each territory, indexed by code; territories that it lacks are left out.
    """
    years = population.drop_duplicates(key).set_index(key)["year"]
    return {name: int(years[code]) for code, name in names.items() if code in years.index}


def tell_years(years: Mapping[str, int]) -> str:
    """The year of the people of most territories, and that of each other one beside its name.

    Examples
    --------
    >>> tell_years({"Piemonte": 2026, "Liguria": 2026, "Sardegna": 2022})
    '2026 (Sardegna: 2022)'
    >>> tell_years({"Piemonte": 2026, "Liguria": 2026})
    '2026'
    """
    held = list(years.values())
    main = max(set(held), key=lambda year: (held.count(year), year))
    others = [
        f"{', '.join(name for name, of in years.items() if of == year)}: {year}" for year in sorted({*held} - {main})
    ]
    return f"{main} ({'; '.join(others)})" if others else str(main)


def age_structure(population: pd.DataFrame, territory: pd.Series) -> pd.DataFrame:
    """Sum the single ages of comuni over larger territories.

    Parameters
    ----------
    population
        One row per comune and single age: ``istat``, ``age``, ``female``, ``male``.
    territory
        Code of the larger territory, indexed by ``istat``.

    Returns
    -------
    DataFrame
        ``code``, ``age``, ``female``, ``male``; one row per territory and age, in order.
    """
    code = population["istat"].map(territory)
    sums = population.groupby([code.rename("code"), "age"], observed=True)[["female", "male"]].sum()
    return sums.reset_index()
