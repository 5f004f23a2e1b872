"""Inequality, concentration, funnel limits and spatial autocorrelation of the districts.

Gini, Theil, Moran and LISA are PySAL's; what weighs residents extends them (the value PySAL gives on one entry per
resident). The thirty districts are all there are: everything here describes, nothing is inferred to others.

PySAL and scipy.stats are imported where they are used: they cost a second and more, which only the step that makes
the tables pays.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager

import numpy as np
import pandas as pd

#: Permutations of Moran's I and of each district's LISA, and the seed that makes them the same everywhere.
PERMUTATIONS, LOCAL_PERMUTATIONS, SEED = 999, 9_999, 20_170_522

#: Expected share of false discoveries among the districts that LISA marks (Benjamini–Hochberg).
FALSE_DISCOVERY_RATE = 0.05

#: Confidence of the funnel's inner and outer limits.
FUNNEL_LEVELS = (0.95, 0.998)

#: Names of PySAL's quadrants 1 to 4: own value and neighbours' mean, high or low.
QUADRANTS = {1: "high_high", 2: "low_high", 3: "low_low", 4: "high_low"}


# ---- inequality and concentration


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
    return _parts(float(np.squeeze(found.T)), float(np.squeeze(found.bg)))


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
    return _parts(_theil_of_shares(table), _theil_of_shares(table.groupby(groups.to_numpy()).sum()))


def _parts(total: float, between: float) -> dict[str, float]:
    """Neither part is negative, but for the last bit of a logarithm."""
    between = max(0.0, between)
    total = max(total, between)
    return {"total": total, "between": between, "within": total - between}


def _theil_of_shares(table: pd.DataFrame) -> float:
    held = table[table["amounts"] > 0]
    return float((held["amounts"] * np.log(held["amounts"] / held["people"])).sum())


# ---- funnel


def funnel(events: pd.Series, people: pd.Series) -> pd.DataFrame:
    """Each unit's rate against the rate of all, with exact control limits (Spiegelhalter 2005).

    Parameters
    ----------
    events
        Persons counted per unit.
    people
        Persons they are counted among.

    Returns
    -------
    DataFrame
        Same index: ``people``, ``rate``, the limits of :func:`funnel_limits`, ``z`` (distance in standard
        errors), the limits of :func:`adjusted_limits`, ``wilson_low`` and ``wilson_high`` (95 % interval of the
        unit's own rate).
    """
    rate = float(events.sum() / people.sum())
    table = pd.DataFrame({"people": people, "rate": events / people})
    table = table.join(funnel_limits(rate, people))
    table["z"] = (table["rate"] - rate) / np.sqrt(rate * (1 - rate) / people)
    table = table.join(adjusted_limits(rate, people, overdispersion(table["z"])))
    return table.join(wilson(events, people))


def funnel_limits(rate: float, people: pd.Series) -> pd.DataFrame:
    """Between which rates units of each size lie by chance alone, at :data:`FUNNEL_LEVELS`.

    Exact binomial quantiles, interpolated so that each tail holds the stated probability.

    Parameters
    ----------
    rate
        Of all units together, between 0 and 1.
    people
        Size of each unit, whole numbers.

    Returns
    -------
    DataFrame
        Same index: ``low_95``, ``high_95``, ``low_998``, ``high_998``.
    """
    limits = {}
    for level in FUNNEL_LEVELS:
        name = f"{level * 1000:.0f}".rstrip("0")
        for side, tail in (("low", (1 - level) / 2), ("high", (1 + level) / 2)):
            limits[f"{side}_{name}"] = _binomial_quantile(tail, people, rate) / people
    return pd.DataFrame(limits, index=people.index)


def adjusted_limits(rate: float, people: pd.Series, factor: float, level: float = FUNNEL_LEVELS[0]) -> pd.DataFrame:
    """The normal limits widened for overdispersion (Spiegelhalter 2005).

    Parameters
    ----------
    rate, people
        As in :func:`funnel_limits`.
    factor
        From :func:`overdispersion`; no less than 1 is taken.
    level
        Share of the units between the limits by chance alone.

    Returns
    -------
    DataFrame
        Same index as ``people``: ``low_adjusted``, ``high_adjusted``; no rate is below 0.
    """
    from scipy.stats import norm

    half = norm.ppf((1 + level) / 2) * np.sqrt(max(1.0, factor) * rate * (1 - rate) / people)
    return pd.DataFrame({"low_adjusted": (rate - half).clip(lower=0), "high_adjusted": rate + half})


def _binomial_quantile(probability: float, people: pd.Series, rate: float) -> np.ndarray:
    from scipy.stats import binom

    n = people.to_numpy()
    upper = binom.ppf(probability, n, rate)
    above, below = binom.cdf(upper, n, rate), binom.cdf(upper - 1, n, rate)
    return upper - (above - probability) / (above - below)


def wilson(events: pd.Series, people: pd.Series, level: float = 0.95) -> pd.DataFrame:
    """Wilson's interval of each rate.

    Parameters
    ----------
    events, people
        As in :func:`funnel`.
    level
        Confidence.

    Returns
    -------
    DataFrame
        Same index: ``wilson_low``, ``wilson_high``, between 0 and 1.
    """
    from scipy.stats import norm

    z = norm.ppf((1 + level) / 2)
    rate = events / people
    centre = (rate + z**2 / (2 * people)) / (1 + z**2 / people)
    half = z * np.sqrt(rate * (1 - rate) / people + z**2 / (4 * people**2)) / (1 + z**2 / people)
    return pd.DataFrame({"wilson_low": centre - half, "wilson_high": centre + half})


def overdispersion(z: pd.Series, winsorised: float = 0.1) -> float:
    """How many times the units vary more than by chance (Spiegelhalter 2005).

    Parameters
    ----------
    z
        Distance of each unit from the common rate in standard errors.
    winsorised
        Share of the units at each end that count as the one at its edge.

    Returns
    -------
    float
        The mean of z² with both tails winsorised: 1 by chance alone.
    """
    low, high = z.quantile(winsorised), z.quantile(1 - winsorised)
    return float((z.clip(low, high) ** 2).mean())


# ---- space


def contiguity(neighbours: pd.Series):
    """Queen contiguity weights, row-standardised.

    Parameters
    ----------
    neighbours
        Codes of the units that touch each unit, joined by ``;``, indexed by code.

    Returns
    -------
    libpysal.weights.W
    """
    from libpysal.weights import W

    touching = {code: cell.split(";") if cell else [] for code, cell in neighbours.items()}
    # In the order of the values: PySAL would sort the codes.
    weights = W(touching, id_order=list(touching), silence_warnings=True)
    weights.transform = "r"
    return weights


def moran(values: pd.Series, weights, permutations: int = PERMUTATIONS, seed: int = SEED) -> dict[str, float]:
    """Moran's I (PySAL) with a two-sided p-value from seeded permutations.

    Parameters
    ----------
    values
        One per unit, in the order of the weights.
    weights
        From :func:`contiguity`.
    permutations, seed
        How many, and the seed that makes them the same everywhere.

    Returns
    -------
    dict
        ``i``, ``expected`` (−1/(n − 1), no pattern), ``p_value`` (share of the permutations at least as far from
        their mean as the map itself, the map counted among them), ``permutations``. NaN where all values are alike.
    """
    from esda.moran import Moran

    if np.ptp(values) == 0:
        return {"i": np.nan, "expected": -1 / (len(values) - 1), "p_value": np.nan, "permutations": permutations}
    with _seeded(seed):
        found = Moran(values.to_numpy(dtype="float64"), weights, permutations=permutations)
    far = np.abs(found.sim - found.sim.mean()) >= abs(found.I - found.sim.mean())
    p_value = (far.sum() + 1) / (permutations + 1)
    return {
        "i": float(found.I),
        "expected": float(found.EI),
        "p_value": float(p_value),
        "permutations": permutations,
    }


def local_moran(values: pd.Series, weights, permutations: int = LOCAL_PERMUTATIONS, seed: int = SEED) -> pd.DataFrame:
    """Local Moran's I (LISA, PySAL) with seeded conditional permutations and Benjamini–Hochberg control.

    Parameters
    ----------
    values, weights, permutations, seed
        As in :func:`moran`.

    Returns
    -------
    DataFrame
        Same index: ``z`` (standardised value), ``lag`` (mean of the neighbours' z), ``i``, ``quadrant`` (a value of
        :data:`QUADRANTS`), ``p_value`` (two-sided), ``q_value`` (adjusted for the number of units) and ``found``
        (True where the adjusted one is at most :data:`FALSE_DISCOVERY_RATE`).
    """
    from esda.moran import Moran_Local
    from esda.significance import calculate_significance
    from libpysal.weights import lag_spatial
    from scipy.stats import false_discovery_control

    with _seeded(seed):
        found = Moran_Local(values.to_numpy(dtype="float64"), weights, permutations=permutations, seed=seed)
    p_value = np.minimum(calculate_significance(found.Is, found.rlisas, "two-sided"), 1.0)
    q_value = false_discovery_control(p_value, method="bh")
    return pd.DataFrame(
        {
            "z": found.z,
            "lag": lag_spatial(weights, found.z),
            "i": found.Is,
            "quadrant": [QUADRANTS[int(q)] for q in found.q],
            "p_value": p_value,
            "q_value": q_value,
            "found": q_value <= FALSE_DISCOVERY_RATE,
        },
        index=values.index,
    )


@contextmanager
def _seeded(seed: int):
    """PySAL draws from numpy's global generator: seed it, and leave it as it was.

    Its warning that its own one-sided p-values will change is silenced: ours are two-sided already.
    """
    before = np.random.get_state()
    np.random.seed(seed)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        np.random.set_state(before)
