"""Inequality and concentration of the districts: Gini, Lorenz, Theil.

Gini and Theil are PySAL's; what weighs residents extends them (the value PySAL gives on one entry per resident). The
thirty districts are all there are: everything here describes, nothing is inferred to others.

PySAL is imported where it is used: it costs a second and more, which only the step that makes the tables pays.
"""

from __future__ import annotations

import numpy as np
import pandas as pd


def gini(values: pd.Series) -> float:
    """Gini coefficient between units that count one each (PySAL).

    Parameters
    ----------
    values
        One per unit, in any unit of measure; none negative, not all zero.

    Returns
    -------
    float
        0 if all are alike, towards 1 if one has all.
    """
    from inequality.gini import Gini

    return max(0.0, float(Gini(values.to_numpy(dtype="float64")).g))


def curve(amounts: pd.Series, people: pd.Series, order: pd.Series) -> pd.DataFrame:
    """Cumulated shares of people and of amounts, units in the order given.

    Ordered by amount per person it is the Lorenz curve; by something else, the concentration curve.

    Parameters
    ----------
    amounts
        What is shared out, per unit; none negative, not all zero.
    people
        Who shares in it, per unit; positive.
    order
        Units are taken from the lowest to the highest; equal ones together, as one.

    Returns
    -------
    DataFrame
        ``people`` and ``amounts`` from (0, 0) to (1, 1), one row per distinct value of ``order`` and the origin.
    """
    table = pd.DataFrame({"people": people, "amounts": amounts}).groupby(order.round(12)).sum().sort_index()
    shares = (table / table.sum()).cumsum()
    # The last sum is 1 by definition, whatever its last bit.
    shares.iloc[-1] = 1.0
    origin = pd.DataFrame({"people": [0.0], "amounts": [0.0]})
    return pd.concat([origin, shares], ignore_index=True)


def lorenz(amounts: pd.Series, people: pd.Series) -> pd.DataFrame:
    """The Lorenz curve: people from those with least per person to those with most.

    Parameters
    ----------
    amounts, people
        As in :func:`curve`.

    Returns
    -------
    DataFrame
        As :func:`curve` gives it.
    """
    return curve(amounts, people, amounts / people)


def area_index(shares: pd.DataFrame) -> float:
    """Twice the area between the diagonal and a curve: Gini of a Lorenz curve, else the concentration index.

    Parameters
    ----------
    shares
        From :func:`curve`.

    Returns
    -------
    float
        Between −1 and 1; positive below the diagonal, when the amounts lie with those who come last.
    """
    steps = np.diff(shares["people"]) * (shares["amounts"].to_numpy()[1:] + shares["amounts"].to_numpy()[:-1])
    return float(1 - steps.sum())


def concentration(amounts: pd.Series, people: pd.Series, order: pd.Series) -> float:
    """Concentration index: how far amounts lie with the people of units that come last in the order.

    Parameters
    ----------
    amounts, people, order
        As in :func:`curve`.

    Returns
    -------
    float
        As :func:`area_index` gives it.
    """
    return area_index(curve(amounts, people, order))


def gini_of_people(amounts: pd.Series, people: pd.Series) -> float:
    """Gini coefficient between people, each with the amount per person of their unit.

    Parameters
    ----------
    amounts, people
        As in :func:`curve`.

    Returns
    -------
    float
        0 if all units have the same per person, towards 1 if few people have all.
    """
    return max(0.0, area_index(lorenz(amounts, people)))


def theil(values: pd.Series, groups: pd.Series) -> dict[str, float]:
    """Theil's T between units that count one each and its parts between and within groups (PySAL).

    Parameters
    ----------
    values
        One per unit, positive.
    groups
        Name of the group of each unit, in the same order.

    Returns
    -------
    dict
        ``total``, ``between``, ``within``; total = between + within.
    """
    from inequality.theil import TheilD

    found = TheilD(values.to_numpy(dtype="float64"), groups.to_numpy())
    return _split_parts(float(np.squeeze(found.T)), float(np.squeeze(found.bg)))


def theil_of_people(amounts: pd.Series, people: pd.Series, groups: pd.Series) -> dict[str, float]:
    """Theil's T between people, each with the amount per person of their unit, and its parts.

    Parameters
    ----------
    amounts, people
        As in :func:`curve`.
    groups
        Name of the group of each unit, in the same order.

    Returns
    -------
    dict
        As :func:`theil` gives it.
    """
    table = pd.DataFrame({"amounts": amounts / amounts.sum(), "people": people / people.sum()})
    return _split_parts(_theil_of_shares(table), _theil_of_shares(table.groupby(groups.to_numpy()).sum()))


def _split_parts(total: float, between: float) -> dict[str, float]:
    """Neither part is negative, but for the last bit of a logarithm."""
    between = max(0.0, between)
    total = max(total, between)
    return {"total": total, "between": between, "within": total - between}


def _theil_of_shares(table: pd.DataFrame) -> float:
    held = table[table["amounts"] > 0]
    return float((held["amounts"] * np.log(held["amounts"] / held["people"])).sum())
