"""How each indicator is printed and compared."""

from __future__ import annotations

from decimal import Decimal

from helpers.config import COMPARED
from helpers.prose import numbers
from helpers.prose.rules import OUTCOMES, compare

#: Decimals of the indicators that are not shares; a share is printed as a percentage with one.
_DECIMALS = {
    "residents": 0,
    "n_comuni": 0,
    "area_km2": 1,
    "density": 0,
    "old_age_index": 1,
    "dependency_ratio": 1,
    "youth_dependency": 1,
    "old_age_dependency": 1,
    "oldest_old_ratio": 1,
}

#: Indicators that are amounts, printed in whole euro.
_EURO = ("income_per_taxpayer",)


def is_share(key: str) -> bool:
    """True for indicators between 0 and 1."""
    return key.startswith("share_")


def show(key: str, value: float | None, lang: str = "it") -> str:
    """The value of an indicator as prose and tables print it: ``219,9``, ``26,2%``, ``6.528``."""
    if is_share(key):
        return numbers.percent(value, 1, lang)
    if key in _EURO:
        return numbers.euro(value, lang)
    return numbers.decimal(value, _DECIMALS[key], lang)


def compare_shown(key: str, value: float | None, other: float | None) -> str:
    """:func:`helpers.prose.rules.compare`, with values that print alike always in line."""
    if is_share(key) and not (numbers.is_missing(value) or numbers.is_missing(other)):
        return compare(Decimal(str(value)) * 100, Decimal(str(other)) * 100, 1)
    return compare(value, other, 1 if is_share(key) else _DECIMALS[key])


def outcomes(values: dict, others: dict) -> dict[str, str]:
    """How each compared indicator lies against that of another territory, neither rounded before.

    Returns
    -------
    dict
        Outcome of :func:`helpers.prose.rules.compare` by indicator.
    """
    return {key: compare_shown(key, values[key], others[key]) for key in COMPARED}


def group_compared(outcomes: dict[str, str]) -> list[tuple[str, list[str]]]:
    """The compared indicators by outcome.

    Parameters
    ----------
    outcomes
        From the function of that name.

    Returns
    -------
    list of (str, list of str)
        Outcomes that occur, from well above to well below, ``unknown`` last; each with its indicators.
    """
    groups: dict[str, list[str]] = {outcome: [] for outcome in OUTCOMES}
    for key in COMPARED:
        groups[outcomes[key]].append(key)
    return [(outcome, keys) for outcome, keys in groups.items() if keys]
