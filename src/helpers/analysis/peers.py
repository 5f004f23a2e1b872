"""Which districts resemble each other: a descriptive statement, by a rule stated on the page, and no judgement."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.analysis.indicators import ids_compared, logarithmic

#: How many similar districts a report names.
PEERS = 3

#: Two districts resemble each other if they are as near as the nearest of so many of all pairs.
NEAR = 0.15


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


def limit_of_likeness(apart: pd.DataFrame) -> float:
    """The distance up to which two districts resemble each other: that of the nearest :data:`NEAR` of all pairs."""
    pairs = apart.to_numpy()[np.triu_indices(len(apart), 1)]
    return float(np.quantile(pairs, NEAR))
