"""A budget divided among territories by weighted criteria: exact shares, whole euros, not one lost.

The page that lets a reader move the weights does the same sums in ``reports/assets/whatif.js``. Both work with whole
numbers only, so both find the same euros.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import pandas as pd

from helpers.declarations import INDICATORS

#: Largest weight a reader can give a criterion.
MAX_WEIGHT = 100

#: Counts behind each criterion, summed: residents, those of the indicators declared as criteria, the area; without any
#: each territory counts one.
CRITERIA: dict[str, tuple[str, ...]] = {
    "residents": ("residents",),
    **{i.criterion: i.numerator for i in INDICATORS if i.criterion},
    "area": ("area_km2",),
    "equal": (),
}

#: The criterion all others are compared with.
BENCHMARK = "residents"

#: Changes either way (fractions of the benchmark) up to which an amount is in line, then apart; the same as in prose.
CHANGE_BREAKS = (0.03, 0.25)

HECTARES_PER_KM2 = 100


@dataclass(frozen=True)
class Scenario:
    """Weights worth looking at, with a name and a sentence among the labels (``whatif.scenario``).

    Attributes
    ----------
    id
        Key of the labels.
    weights
        By criterion; those not named weigh nothing.
    """

    id: str
    weights: Mapping[str, int]


SCENARIOS: tuple[Scenario, ...] = (
    Scenario("mixed", {"residents": 40, "aged_80": 20, "area": 20, "small": 20}),
    Scenario("residents", {"residents": 100}),
    Scenario("aged_65", {"aged_65": 100}),
    Scenario("aged_80", {"aged_80": 100}),
    Scenario("area", {"area": 100}),
    Scenario("small", {"small": 100}),
    Scenario("equal", {"equal": 100}),
    Scenario("half", {"residents": 50, "equal": 50}),
)


def quantities(territories: pd.DataFrame) -> pd.DataFrame:
    """What each criterion counts in each territory.

    Parameters
    ----------
    territories
        Counts of :data:`helpers.analysis.people.COUNTS`, one row per territory.

    Returns
    -------
    DataFrame
        Same rows, one column of whole numbers per criterion, in the order of :data:`CRITERIA`: persons, hectares, or
        one. A criterion whose counts are not all known is left out: it would give nothing where nothing is known.
    """
    columns = {}
    for criterion, counts in CRITERIA.items():
        if not set(counts) <= set(territories.columns) or territories[list(counts)].isna().any(axis=None):
            continue
        counted = territories[list(counts)].sum(axis=1) if counts else pd.Series(1, territories.index)
        columns[criterion] = (counted * HECTARES_PER_KM2 if criterion == "area" else counted).round()
    return pd.DataFrame(columns, index=territories.index).astype("int64")


def divide(budget: int, counted: Sequence[Sequence[int]], weights: Sequence[int]) -> list[int] | None:
    """Divide a budget by a weighted mean of shares.

    The share of a territory in a criterion is what it counts there over what all count; the budget follows the mean
    of these shares, each with its weight. A criterion of which there is nothing anywhere cannot divide: it is left
    out. What rounding down to whole euros leaves goes, euro by euro, to the largest remainders; among equal ones, to
    the territory that stands first.

    Parameters
    ----------
    budget
        Whole euros.
    counted
        Per territory, what each criterion counts: whole numbers, none negative.
    weights
        Per criterion, a whole number; only their proportions matter.

    Returns
    -------
    list of int or None
        Euros per territory, which sum to the budget. None where no criterion has a weight: there is nothing to
        divide by, which is not the same as dividing equally or giving nothing.

    Raises
    ------
    ValueError
        If a number is negative or not whole.
    """
    numbers = [budget, *weights, *(n for row in counted for n in row)]
    if any(n != int(n) or n < 0 for n in numbers):
        raise ValueError("A budget is divided by whole numbers, none of them negative.")
    rows = [[int(n) for n in row] for row in counted]
    totals = [sum(row[j] for row in rows) for j in range(len(weights))]
    used = [j for j, weight in enumerate(weights) if weight > 0 and totals[j] > 0]
    if not used:
        return None
    # Everything over one common denominator: no share is ever rounded.
    product = prod(totals[j] for j in used)
    whole = product * sum(int(weights[j]) for j in used)
    parts = [int(budget) * sum(int(weights[j]) * row[j] * (product // totals[j]) for j in used) for row in rows]
    euros = [part // whole for part in parts]
    by_remainder = sorted(range(len(rows)), key=lambda i: (-(parts[i] % whole), i))
    for i in by_remainder[: int(budget) - sum(euros)]:
        euros[i] += 1
    return euros


def against_benchmark(budget: int, counted: pd.DataFrame, weights: Sequence[int]) -> pd.DataFrame:
    """Divide a budget and compare with what follows residents alone.

    Parameters
    ----------
    budget, weights
        As in :func:`divide`.
    counted
        As :func:`quantities` gives them.

    Returns
    -------
    DataFrame
        Same index: ``benchmark`` and ``amount`` (euro), ``difference`` (euro), ``change`` (fraction of the benchmark)
        and ``per_resident`` (euro). Where there is nothing to divide by, all but the benchmark are missing; so is a
        ratio whose denominator is zero.
    """
    rows = counted.to_numpy().tolist()
    benchmark = divide(budget, rows, [int(c == BENCHMARK) for c in counted.columns])
    amounts: Sequence[Any] = divide(budget, rows, weights) or [None] * len(rows)
    table = pd.DataFrame({"benchmark": benchmark}, index=counted.index)
    table["amount"] = pd.Series(amounts, index=counted.index, dtype="Int64")
    table["difference"] = table["amount"] - table["benchmark"]
    given, basis = table[["amount", "difference"]].astype("Float64"), table["benchmark"].astype("Float64")
    table["change"] = (given["difference"] / basis).where(basis > 0)
    table["per_resident"] = (given["amount"] / counted[BENCHMARK]).where(counted[BENCHMARK] > 0)
    return table


def change_class(change: float | None) -> int:
    """Class of a change against the benchmark: 0 far less, 1 less, 2 in line, 3 more, 4 far more; −1 without one.

    A change of exactly a bound of :data:`CHANGE_BREAKS`, more or less, belongs to the class nearer to zero.
    """
    if change is None or pd.isna(change):
        return -1
    steps = sum(abs(change) > bound for bound in CHANGE_BREAKS)
    return len(CHANGE_BREAKS) + (steps if change > 0 else -steps)


def summary(compared: pd.DataFrame) -> dict[str, Any] | None:
    """Who would have more and who less than by residents.

    Parameters
    ----------
    compared
        As :func:`against_benchmark` gives it.

    Returns
    -------
    dict or None
        ``moved`` (euro that change place), ``moved_share`` (of the budget), ``up``, ``down``, ``same`` (how many
        territories), ``top`` and ``bottom`` (index of the largest relative gain and loss; None where there is none).
        None altogether where nothing could be divided.
    """
    if compared["amount"].isna().any():
        return None
    difference = compared["difference"].astype("int64")
    change = compared["change"].astype("float64").fillna(0)
    moved = int(difference[difference > 0].sum())
    return {
        "moved": moved,
        "moved_share": moved / int(compared["benchmark"].sum()),
        "up": int((difference > 0).sum()),
        "down": int((difference < 0).sum()),
        "same": int((difference == 0).sum()),
        "top": change.idxmax() if change.max() > 0 else None,
        "bottom": change.idxmin() if change.min() < 0 else None,
    }


def weights_of(given: Mapping[str, int], criteria: Iterable[str] = CRITERIA) -> tuple[int, ...]:
    """Put weights given by name in the order of the criteria.

    Parameters
    ----------
    given
        Weight per name of a criterion.
    criteria
        Their names in order; those that territories have, see :func:`quantities`.

    Returns
    -------
    tuple of int
        In the order of the criteria; those not named are zero.

    Raises
    ------
    ValueError
        If a name is no criterion, or a weight is no whole number from 0 to :data:`MAX_WEIGHT`.
    """
    known = list(criteria)
    if unknown := set(given) - set(known):
        raise ValueError(f"No criterion {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
    weights = tuple(given.get(name, 0) for name in known)
    if any(isinstance(w, bool) or not isinstance(w, int) or not 0 <= w <= MAX_WEIGHT for w in weights):
        raise ValueError(f"A weight is a whole number from 0 to {MAX_WEIGHT}; given: {weights}.")
    return weights
