"""Composite indices of the districts: what they are made of, and how it becomes one number.

Follows the steps of the OECD/JRC *Handbook on Constructing Composite Indicators* (2008). The framework is declared
(``declarations/need.toml``): an index has dimensions, a dimension has indicators. Normalisation, weighting and
aggregation are here, what depends on choosing them is in :mod:`helpers.analysis.need_uncertainty`.

Arrays hold districts in their last but one axis and indicators, or dimensions, in the last; axes before these are
repetitions, so that one index and thousands of variants are computed by the same code.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.declarations import BY_ID, DIMENSIONS, Dimension

#: The index of need, and the one that speaks of age and dispersion only.
NEED, AGE_DISPERSION = "need", "age_dispersion"

#: The mean of the districts, and what one standard deviation of an indicator is worth, as ISTAT's composite indices
#: have it.
MEAN, SPREAD = 100.0, 10.0

#: Ways to bring indicators to one scale, the one of the index first. All give positive numbers, which a geometric mean
#: asks for: ``z`` has mean 100 and standard deviation 10, ``min_max`` goes from 1 to 100, ``ranks`` from 1 to the
#: number of districts.
NORMALISATIONS = ("z", "min_max", "ranks")

#: Ways to join the dimensions, the one of the index first.
AGGREGATIONS = ("arithmetic", "geometric")

#: Start of the names of columns that hold what a dimension adds.
POINTS = "points_"


def dimensions(table: pd.DataFrame, of: str = NEED) -> tuple[Dimension, ...]:
    """The dimensions of an index, with the indicators that every district has: an index must ask the same of all.

    Parameters
    ----------
    table
        One row per district.
    of
        Id of the index.

    Raises
    ------
    ValueError
        If no indicator of the index is known for all districts.
    """
    known = {name for name in table if table[name].notna().all()}
    found = tuple(kept for d in DIMENSIONS if d.index == of and (kept := d.among(known)).indicators)
    if not found:
        raise ValueError(f"no indicator of the index {of} is known for all districts")
    return found


def indicators(parts: Sequence[Dimension]) -> list[str]:
    """Ids of all indicators of some dimensions, in order."""
    return [i for part in parts for i in part.indicators]


def framework(parts: Sequence[Dimension]) -> pd.DataFrame:
    """What an index is made of.

    Parameters
    ----------
    parts
        From :func:`dimensions`.

    Returns
    -------
    DataFrame
        One row per indicator: ``dimension``, ``indicator``, ``direction`` (``more`` or ``less`` of it is more need),
        ``weight`` of the indicator in the index; the weights sum to 1.
    """
    whole = sum(part.weight for part in parts)
    rows = [
        {
            "dimension": part.id,
            "indicator": name,
            "direction": "less" if name in part.reversed else "more",
            "weight": part.weight / whole / len(part.indicators),
        }
        for part in parts
        for name in part.indicators
    ]
    return pd.DataFrame(rows)


def turn(table: pd.DataFrame, parts: Sequence[Dimension]) -> pd.DataFrame:
    """The indicators of some dimensions, turned so that more always means more need.

    Parameters
    ----------
    table
        One row per district, with the indicators.
    parts
        From :func:`dimensions`.

    Returns
    -------
    DataFrame
        Same rows, one column per indicator; of those declared logarithmic, the logarithms.
    """
    turned = {}
    for part in parts:
        for name in part.indicators:
            values = table[name].astype("float64")
            sign = -1.0 if name in part.reversed else 1.0
            turned[name] = sign * (np.log(values) if BY_ID[name].logarithmic else values)
    return pd.DataFrame(turned, index=table.index)


def normalise(values: np.ndarray, how: str = NORMALISATIONS[0]) -> np.ndarray:
    """Bring indicators to one scale.

    Parameters
    ----------
    values
        Districts × indicators, turned towards need.
    how
        One of :data:`NORMALISATIONS`.

    Returns
    -------
    ndarray
        Same shape; where all districts are alike, the same number for all.
    """
    if how == "ranks":
        from scipy.stats import rankdata

        return rankdata(values, axis=-2)
    if how == "z":
        centre, spread, low, reach = values.mean(-2, keepdims=True), values.std(-2, keepdims=True), MEAN, SPREAD
    else:
        centre, spread, low, reach = values.min(-2, keepdims=True), np.ptp(values, -2, keepdims=True), 1.0, 99.0
    varies = spread > 1e-12 * np.maximum(1.0, np.abs(centre))
    return low + reach * np.where(varies, (values - centre) / np.where(varies, spread, 1.0), 0.0)


def join_indicators(
    normalised: np.ndarray, parts: Sequence[Dimension], weights: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The mean of the indicators of each dimension.

    Parameters
    ----------
    normalised
        From :func:`normalise`.
    parts
        The dimensions of these indicators.
    weights
        Per indicator, equal by default; an indicator of weight 0 is left out.

    Returns
    -------
    tuple of ndarray
        Districts × dimensions, and per dimension whether it has any indicator left.
    """
    names = indicators(parts)
    belongs = np.array([[i in part.indicators for part in parts] for i in names], dtype="float64")
    weights = np.ones(len(names)) if weights is None else weights
    total = weights @ belongs
    sums = (normalised * weights[..., None, :]) @ belongs
    return sums / np.where(total > 0, total, 1.0)[..., None, :], total > 0


def join_dimensions(scores: np.ndarray, weights: np.ndarray, how: str = AGGREGATIONS[0]) -> np.ndarray:
    """The mean of the dimensions.

    Parameters
    ----------
    scores
        Districts × dimensions, positive.
    weights
        Per dimension, none negative, not all zero; only their ratios count.
    how
        One of :data:`AGGREGATIONS`.

    Returns
    -------
    ndarray
        Per district.
    """
    shares = (weights / weights.sum(-1, keepdims=True))[..., None]
    if how == "arithmetic":
        return (scores @ shares)[..., 0]
    return np.exp((np.log(np.where(scores > 0, scores, 1.0)) @ shares)[..., 0])


def dimension_scores(table: pd.DataFrame, parts: Sequence[Dimension]) -> pd.DataFrame:
    """Score of each district in each dimension: the mean of its indicators, 100 being the mean of the districts.

    Parameters
    ----------
    table, parts
        As in :func:`turn`.

    Returns
    -------
    DataFrame
        Same rows, one column per dimension.
    """
    scores, _ = join_indicators(normalise(turn(table, parts).to_numpy()), parts)
    return pd.DataFrame(scores, index=table.index, columns=[part.id for part in parts])


def index(scores: pd.DataFrame, parts: Sequence[Dimension]) -> pd.Series:
    """The index: the weighted mean of the dimensions.

    Parameters
    ----------
    scores
        From :func:`dimension_scores`.
    parts
        The same dimensions, with their weights.

    Returns
    -------
    Series
        Same index, in points: 100 is the mean of the districts. Rounded, so that the last bit decides no rank.
    """
    joined = join_dimensions(scores.to_numpy(), np.array([float(part.weight) for part in parts]))
    return pd.Series(joined, index=scores.index).round(9)


def contributions(scores: pd.DataFrame, parts: Sequence[Dimension]) -> pd.DataFrame:
    """Points that each dimension adds to or takes from 100.

    Parameters
    ----------
    scores, parts
        As in :func:`index`.

    Returns
    -------
    DataFrame
        Same rows, one column per dimension; a row sums to the index less 100.
    """
    weights = np.array([float(part.weight) for part in parts])
    return (scores - MEAN) * (weights / weights.sum())


def ranks(values: pd.Series) -> pd.Series:
    """Rank of each district by its need.

    Parameters
    ----------
    values
        The more, the more need.

    Returns
    -------
    Series
        Same index, whole numbers from 1, the most need; equal values share the best rank.
    """
    return values.rank(ascending=False, method="min").astype("int64")


def need_table(table: pd.DataFrame) -> pd.DataFrame:
    """The index of need of each district, what it is made of, and the index of age and dispersion beside it.

    Parameters
    ----------
    table
        Indexed by code, with indicators of both indices.

    Returns
    -------
    DataFrame
        Same index: ``index``, ``rank``, ``points_<dimension>``, ``age_dispersion``, ``age_dispersion_rank``.
    """
    parts = dimensions(table)
    scores = dimension_scores(table, parts)
    other = dimensions(table, AGE_DISPERSION)
    own, older = index(scores, parts), index(dimension_scores(table, other), other)
    columns = {"index": own, "rank": ranks(own), **contributions(scores, parts).add_prefix(POINTS)}
    columns |= {AGE_DISPERSION: older, f"{AGE_DISPERSION}_rank": ranks(older)}
    return pd.DataFrame(columns)


def correlations(table: pd.DataFrame, parts: Sequence[Dimension]) -> pd.DataFrame:
    """How the index and its dimensions go with each indicator and with each other.

    Parameters
    ----------
    table, parts
        As in :func:`turn`.

    Returns
    -------
    DataFrame
        One row per dimension and per indicator (``part``, turned towards need), with its Pearson correlation with
        the ``index`` and with each dimension.
    """
    scores = dimension_scores(table, parts)
    whole = scores.assign(index=index(scores, parts))[["index", *scores]]
    rows = pd.concat([scores, turn(table, parts)], axis=1)
    found = {column: rows.corrwith(whole[column]) for column in whole}
    return pd.DataFrame(found).rename_axis("part").reset_index()


def compare(table: pd.DataFrame, scores: pd.DataFrame, other: pd.Series | None) -> pd.DataFrame:
    """How indices and dimensions go with something measured apart from them.

    Parameters
    ----------
    table
        From :func:`need_table`.
    scores
        From :func:`dimension_scores`.
    other
        What they are compared with, per district; districts where it is missing are left out. None gives no row.

    Returns
    -------
    DataFrame
        One row per ``part`` (``index``, ``age_dispersion`` and each dimension): ``pearson``, ``spearman``, ``n``.
    """
    if other is None:
        empty = {"part": "str", "pearson": "float64", "spearman": "float64", "n": "int64"}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in empty.items()})
    known = other.dropna()
    parts = table[["index", AGE_DISPERSION]].join(scores).loc[known.index]
    rows = {"pearson": parts.corrwith(known), "spearman": parts.rank().corrwith(known.rank())}
    return pd.DataFrame(rows).assign(n=len(known)).rename_axis("part").reset_index()
