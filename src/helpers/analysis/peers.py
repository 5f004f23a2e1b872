"""What is unusual about a district, and which districts resemble it.

Both are descriptive statements about thirty territories, by rules stated on the page; neither is a judgement.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.analysis.indicators import ids_compared, logarithmic

#: A value is called unusual from this robust z-score on.
UNUSUAL_FROM = 1.5

#: How many similar districts a report names.
PEERS = 3

#: Makes the median absolute deviation of a normal distribution equal its standard deviation.
MAD_SCALE = 1.4826


def robust_scores(districts: pd.DataFrame) -> pd.DataFrame:
    """Distance of each value from the median, in robust standard deviations.

    Parameters
    ----------
    districts
        One row per district, indexed by its code, with the indicators as columns.

    Returns
    -------
    DataFrame
        Same index, one column per compared indicator: ``(value − median) / (1.4826 · MAD)``. Zero throughout where the
        median absolute deviation is zero, for then no value can be called far.
    """
    values = districts[ids_compared(districts)]
    deviation = values - values.median()
    spread = MAD_SCALE * deviation.abs().median()
    return deviation.divide(spread.where(spread > 0)).fillna(0.0)


def unusual(districts: pd.DataFrame, code: str, most: int = 2, scores: pd.DataFrame | None = None) -> list[dict]:
    """The indicators on which a district lies farthest from the median of all.

    Parameters
    ----------
    districts
        One row per district, indexed by its code, with the indicators as columns.
    scores
        From :func:`robust_scores`, if at hand.

    Returns
    -------
    list of dict
        At most ``most`` entries, farthest first: ``indicator``, ``value``, ``median``, ``rank`` (1 = highest),
        ``direction`` (``high`` or ``low``), ``score``. Empty when no score reaches :data:`UNUSUAL_FROM`.
    """
    scores = (robust_scores(districts) if scores is None else scores).loc[code]
    far = scores[scores.abs() >= UNUSUAL_FROM].sort_values(key=lambda s: s.abs(), ascending=False, kind="stable")
    return [
        {
            "indicator": name,
            "value": float(districts.at[code, name]),
            "median": float(districts[name].median()),
            "rank": int((districts[name] > districts.at[code, name]).sum()) + 1,
            "direction": "high" if score > 0 else "low",
            "score": float(score),
        }
        for name, score in far.head(most).items()
    ]


def distances(districts: pd.DataFrame) -> pd.DataFrame:
    """How far the districts are from each other on the compared indicators.

    Parameters
    ----------
    districts
        One row per district, indexed by its code. An indicator declared as logarithmic enters as its logarithm:
        Torino's density would otherwise decide every distance.

    Returns
    -------
    DataFrame
        Euclidean distance between standardised indicators (mean 0, standard deviation 1 over the districts), by the
        codes of both.
    """
    values = districts[ids_compared(districts)]
    values = values.assign(**{i: np.log(values[i]) for i in logarithmic(values)})
    # An indicator on which all are alike sets none apart.
    spread = values.std(ddof=0).replace(0.0, 1.0)
    standardised = ((values - values.mean()) / spread).to_numpy()
    apart = np.sqrt(((standardised[:, None, :] - standardised[None, :, :]) ** 2).sum(axis=2))
    return pd.DataFrame(apart, index=districts.index, columns=districts.index)


def most_similar(apart: pd.DataFrame, code: str, count: int = PEERS) -> pd.Series:
    """The districts nearest to one.

    Parameters
    ----------
    apart
        From :func:`distances`.

    Returns
    -------
    Series
        Distance, indexed by the codes of the nearest ``count`` districts, nearest first.
    """
    return apart.loc[code].drop(code).sort_values(kind="stable").head(count).rename("distance")
