"""Funnel plots: rates of areas of different size, and where chance alone would put them.

scipy.stats is imported where it is used: only the step that makes the tables needs it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

#: Confidence of the inner and outer limits.
FUNNEL_LEVELS = (0.95, 0.998)


def funnel_rates(events: pd.Series, people: pd.Series) -> pd.DataFrame:
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
        As in :func:`funnel_rates`.
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
