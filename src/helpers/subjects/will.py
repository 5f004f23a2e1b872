"""The cities of WILL: how far each one went, and who lives there."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.indicators import add_indicators
from helpers.analysis.people import count_ages
from helpers.declarations import INDICATORS
from helpers.declarations.entries import age_bounds

#: The lists a city can stand in, in the order of time; columns of the raw table ``will_cities``.
STAGES = ("in_initial_10", "in_list_of_9", "completed_8")

#: What can become of a city, from those that finished to those that left first.
STATES = ("completed", "joined_later", "left_after_nine", "left_before_nine")

#: Indicators that can be computed for a city and a region from ages and area.
INDICATOR_IDS = tuple(
    i.id for i in INDICATORS if i.counts and all(c in ("residents", "area_km2") or age_bounds(c) for c in i.counts)
)


def state(first: bool, nine: bool, completed: bool) -> str:
    """How far a city went, told by the lists it stands in.

    Parameters
    ----------
    first, nine, completed
        Whether it stands in the first lists of ten, in the list of nine, among the eight that finished.

    Returns
    -------
    str
        One of :data:`STATES`.
    """
    if completed:
        return "completed" if first else "joined_later"
    return "left_after_nine" if nine else "left_before_nine"


def journeys(cities: pd.DataFrame) -> pd.DataFrame:
    """The cities with their state, those that finished first.

    Parameters
    ----------
    cities
        The raw table ``will_cities``.

    Returns
    -------
    DataFrame
        The same rows with ``state``, in the order of :data:`STATES`, then as in the table.
    """
    lists = zip(*(cities[stage].astype(bool) for stage in STAGES), strict=True)
    table = cities.assign(state=[state(*row) for row in lists])
    order = table["state"].map(STATES.index)
    return table.iloc[order.argsort(kind="stable")].reset_index(drop=True)


def profiles(population: pd.DataFrame, area_km2: pd.Series, key: str) -> pd.DataFrame:
    """Counts and indicators of territories of which only ages and area are known.

    Parameters
    ----------
    population
        ``key``, ``age``, ``female``, ``male`` (persons).
    area_km2
        Area of each territory in km², indexed by its code.
    key
        Column that names the territory.

    Returns
    -------
    DataFrame
        Indexed by ``key``: the age groups of :data:`helpers.analysis.people.AGE_GROUPS` (persons), ``area_km2`` and
        :data:`INDICATOR_IDS`.
    """
    counts = count_ages(population, key)
    counts["area_km2"] = area_km2.reindex(counts.index)
    return add_indicators(counts)
