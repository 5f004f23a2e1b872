"""How far the rank of a district depends on choices: weights, indicators, normalisation, aggregation and borders.

All choices are drawn at once, by the design that SALib makes for the method of Sobol' and Saltelli: the draws give the
interval of ranks, their variance is divided among the choices.

SALib is imported where it is used: only the step that makes the tables needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.analysis.need import (
    AGGREGATIONS,
    NORMALISATIONS,
    indicators,
    join_dimensions,
    join_indicators,
    normalise,
    turn,
)
from helpers.declarations import Dimension

#: What is chosen, in the order in which pages tell it.
CHOICES = ("weights", "omission", "normalisation", "aggregation", "borders")

#: Bounds of a weight before weights are brought to a sum of 1: with four dimensions a share between 10% and 50%, so
#: that none vanishes and none outweighs all others.
LIGHTEST, HEAVIEST = 0.5, 1.5

#: Points of the design, a power of two, and the seed that makes them the same everywhere.
POINTS, SEED = 1024, 20_170_522

#: Draws that this design has: one of all choices per point and per choice, and two more.
DRAWS = POINTS * (len(CHOICES) + 2)

#: The interval of ranks holds this share of the draws.
COVERAGE = 0.90

#: Districts counted as those with most need when the share of draws is taken.
TOP = 10


def weight_range(n: int) -> tuple[float, float]:
    """Least and greatest share of the weight that one of ``n`` dimensions can have.

    Examples
    --------
    >>> weight_range(4)
    (0.1, 0.5)
    """
    others = n - 1
    return LIGHTEST / (LIGHTEST + others * HEAVIEST), HEAVIEST / (HEAVIEST + others * LIGHTEST)


def draw(parts: Sequence[Dimension], n_maps: int, points: int = POINTS, seed: int = SEED) -> tuple[dict, np.ndarray]:
    """Draw all choices at once.

    Parameters
    ----------
    parts
        The dimensions of the index.
    n_maps
        Number of maps of the districts to choose from.
    points, seed
        As :data:`POINTS` and :data:`SEED`.

    Returns
    -------
    tuple
        SALib's description of the choices, and one row per draw: a weight per dimension, a weight per indicator, and
        the numbers of the indicator left out (0: none), the normalisation, the aggregation and the map.
    """
    from SALib.sample import sobol

    names = indicators(parts)
    weighed = [*(part.id for part in parts), *names]
    counts = [len(names) + 1, len(NORMALISATIONS), len(AGGREGATIONS), n_maps]
    problem: dict[str, Any] = {
        "num_vars": len(weighed) + len(counts),
        "names": [*weighed, *CHOICES[1:]],
        "bounds": [[LIGHTEST, HEAVIEST]] * len(weighed) + [[0, count] for count in counts],
        "groups": [CHOICES[0]] * len(weighed) + list(CHOICES[1:]),
    }
    rows = sobol.sample(problem, points, calc_second_order=False, seed=seed)
    rows[:, len(weighed) :] = np.minimum(np.floor(rows[:, len(weighed) :]), np.array(counts) - 1)
    return problem, rows


def rank_draws(maps: Sequence[pd.DataFrame], parts: Sequence[Dimension], rows: np.ndarray) -> np.ndarray:
    """Rank the districts in each draw.

    Parameters
    ----------
    maps
        Per map, the indicators of its districts, in the same order; the first is the one of the site.
    parts
        The dimensions of the index.
    rows
        From :func:`draw`.

    Returns
    -------
    ndarray
        Draws × districts: 1 is the most need; equal values share the best rank.
    """
    turned = np.stack([turn(table, parts).to_numpy() for table in maps])
    scaled = np.stack([normalise(turned, how) for how in NORMALISATIONS])
    # Part by part: all draws of hundreds of districts at once would fill the memory.
    return np.concatenate([_rank(scaled, parts, some) for some in np.array_split(rows, len(CHOICES) + 2)])


def _rank(scaled: np.ndarray, parts: Sequence[Dimension], rows: np.ndarray) -> np.ndarray:
    """Ranks of some draws; ``scaled`` by normalisation and map."""
    from scipy.stats import rankdata

    n, k = scaled.shape[-1], len(parts)
    left, scale, joined, place = rows[:, k + n :].T.astype("int64")
    of_indicators = rows[:, k : k + n].copy()
    out = left > 0
    of_indicators[np.flatnonzero(out), left[out] - 1] = 0.0
    scores, present = join_indicators(scaled[scale, place], parts, of_indicators)
    weights = rows[:, :k] * np.array([float(part.weight) for part in parts]) * present
    means = np.stack([join_dimensions(scores, weights, how) for how in AGGREGATIONS])
    return rankdata(-means[joined, np.arange(len(rows))].round(9), method="min", axis=1).astype("int64")


def intervals(ranked: np.ndarray, codes: pd.Index) -> pd.DataFrame:
    """Between which ranks each district lies.

    Parameters
    ----------
    ranked
        From :func:`rank_draws`.
    codes
        Of the districts.

    Returns
    -------
    DataFrame
        Indexed by code: ``rank_low`` and ``rank_high`` (the interval that holds :data:`COVERAGE` of the draws),
        ``rank_median``, ``top_share`` (share of the draws with the district among the :data:`TOP` of most need).
    """
    tail = (1 - COVERAGE) / 2
    low, median, high = np.quantile(ranked, [tail, 0.5, 1 - tail], axis=0, method="inverted_cdf").astype("int64")
    columns = {"rank_low": low, "rank_high": high, "rank_median": median, "top_share": (ranked <= TOP).mean(axis=0)}
    return pd.DataFrame(columns, index=codes)


def effects(problem: dict, ranked: np.ndarray, codes: pd.Index) -> pd.DataFrame:
    """How much of the variance of each district's rank comes from each choice (SALib, Sobol' indices of groups).

    Parameters
    ----------
    problem, ranked
        From :func:`draw` and :func:`rank_draws`.
    codes
        Of the districts.

    Returns
    -------
    DataFrame
        One row per ``code`` and ``choice``: ``first`` (share of the variance from this choice alone) and ``total``
        (with what it does together with others); 0 where the rank never changes, and where the estimate falls below.
        Rows with an empty code hold the shares of all districts together: their means, weighted by the variance of
        each.
    """
    from SALib.analyze import sobol

    variance, rows = ranked.var(axis=0), []
    for code, own, spread in zip(codes, ranked.T.astype("float64"), variance, strict=True):
        shares = dict.fromkeys(("S1", "ST"), np.zeros(len(CHOICES)))
        if spread > 0:
            shares = sobol.analyze(problem, own, calc_second_order=False, num_resamples=2, seed=SEED)
        first, total = (np.maximum(shares[name], 0.0) for name in ("S1", "ST"))
        rows.append(pd.DataFrame({"code": code, "choice": CHOICES, "first": first, "total": total}))
    table = pd.concat(rows, ignore_index=True)
    weights = table["code"].map(dict(zip(codes, variance, strict=True)))
    kept = max(float(variance.sum()), 1e-12)
    both = ["first", "total"]
    whole = table[both].mul(weights, axis=0).groupby(table["choice"]).sum().loc[list(CHOICES)] / kept
    return pd.concat([table, whole.reset_index().assign(code="")], ignore_index=True)
