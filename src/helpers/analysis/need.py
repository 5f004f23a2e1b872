"""A composite index of demographic need: visible components, stated weights, and what changes when these do.

Follows the steps of the OECD/JRC *Handbook on Constructing Composite Indicators* (2008): a stated framework, a
check of the correlations, normalisation, weighting, linear aggregation, and uncertainty and sensitivity analysis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

#: The index has this mean and this standard deviation per component, as ISTAT's composite indices do.
MEAN, SPREAD = 100.0, 10.0

#: Draws of the weights and the seed that makes them the same everywhere.
DRAWS, SEED = 10_000, 20_170_522

#: The interval of ranks holds this share of the draws.
COVERAGE = 0.90

#: Start of the names of columns that hold what a component adds.
POINTS = "points_"

#: Districts counted as those with most need when the share of draws is taken.
TOP = 10


@dataclass(frozen=True)
class Component:
    """One indicator of the index.

    Attributes
    ----------
    id
        Column of the districts.
    dimension
        ``age``, ``dispersion`` or ``income``: what it speaks of.
    sign
        1 if more of it means more need, −1 if less.
    logarithmic
        True if it enters by its logarithm, because it spans orders of magnitude.
    """

    id: str
    dimension: str
    sign: int = 1
    logarithmic: bool = False


#: Two dimensions of two components each. The share of residents of 80 and over is left out: it follows from the first
#: two (it is nearly their product) and would count age three times. Young people are left out because the sign of
#: their share is not evident.
ALWAYS: tuple[Component, ...] = (
    Component("old_age_dependency", "age"),
    Component("oldest_old_ratio", "age"),
    Component("share_small_comuni", "dispersion"),
    Component("density", "dispersion", sign=-1, logarithmic=True),
)

#: Joins them once incomes have been imported and every district has one: an index must ask the same of all.
INCOME = Component("income_per_taxpayer", "income", sign=-1)


def components(districts: pd.DataFrame) -> tuple[Component, ...]:
    """The components the districts have: :data:`ALWAYS`, and :data:`INCOME` where no district lacks it."""
    known = INCOME.id in districts and districts[INCOME.id].notna().all()
    return (*ALWAYS, INCOME) if known else ALWAYS


def split_parts(table: pd.DataFrame) -> list[str]:
    """The components of an index that has been computed (:func:`need_table`), in order."""
    return [column.removeprefix(POINTS) for column in table if column.startswith(POINTS)]


def scores(districts: pd.DataFrame) -> pd.DataFrame:
    """Standardise the components, turned so that more always means more need.

    Parameters
    ----------
    districts
        One row per district, with the columns of :func:`components`.

    Returns
    -------
    DataFrame
        Same rows, one column per component: mean 0, standard deviation 1 (population formula) over the districts;
        0 throughout where all districts are alike.
    """
    directed = _direct(districts)
    spread = directed.std(ddof=0)
    varies = spread > 1e-12
    return (directed - directed.mean()) / spread.where(varies, 1.0) * varies


def index(districts: pd.DataFrame, weights: pd.Series | None = None) -> pd.Series:
    """The index of each district.

    Parameters
    ----------
    districts
        One row per district, with the columns of :func:`components`.
    weights
        Weight per component, equal by default; only their ratios count.

    Returns
    -------
    Series
        Same index, in points: 100 is the mean, 10 are one standard deviation of a single component.

    Raises
    ------
    ValueError
        If a weight is negative or all are zero.
    """
    table = scores(districts)
    return MEAN + SPREAD * (table * _normalise(weights, table.columns)).sum(axis=1)


def contributions(districts: pd.DataFrame, weights: pd.Series | None = None) -> pd.DataFrame:
    """Points that each component adds to or takes from 100.

    Parameters
    ----------
    districts, weights
        As in :func:`index`.

    Returns
    -------
    DataFrame
        Same rows, one column per component; a row sums to the index less 100.
    """
    table = scores(districts)
    return SPREAD * table * _normalise(weights, table.columns)


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


def rank_intervals(
    districts: pd.DataFrame, draws: int = DRAWS, seed: int = SEED, concentration: float = 1.0
) -> pd.DataFrame:
    """Ranks when the weights are drawn at random: the uncertainty that comes from choosing them.

    Parameters
    ----------
    districts
        One row per district, with the columns of :func:`components`.
    draws
        Number of sets of weights, from a Dirichlet distribution.
    seed
        Of the generator: the same seed gives the same table.
    concentration
        Of the Dirichlet; 1 makes every set of weights equally likely, more keeps them near to equal.

    Returns
    -------
    DataFrame
        Same rows: ``rank_low`` and ``rank_high`` (the interval that holds :data:`COVERAGE` of the draws),
        ``rank_median``, ``top_share`` (share of the draws with the district among the :data:`TOP` of most need).
    """
    table = scores(districts)
    weights = np.random.default_rng(seed).dirichlet(np.full(table.shape[1], concentration), size=draws)
    drawn = table.to_numpy() @ weights.T
    # Rank = 1 + how many are strictly above.
    order = np.sort(-drawn, axis=0)
    found = np.stack([1 + np.searchsorted(order[:, d], -drawn[:, d], side="left") for d in range(draws)], axis=1)
    tail = (1 - COVERAGE) / 2
    low, median, high = np.quantile(found, [tail, 0.5, 1 - tail], axis=1, method="inverted_cdf")
    return pd.DataFrame(
        {
            "rank_low": low.astype("int64"),
            "rank_high": high.astype("int64"),
            "rank_median": median.astype("int64"),
            "top_share": (found <= TOP).mean(axis=1),
        },
        index=table.index,
    )


def alternatives(districts: pd.DataFrame, weights: pd.Series | None = None) -> pd.DataFrame:
    """Ranks under other constructions: each component left out in turn, other ways to normalise.

    Parameters
    ----------
    districts, weights
        As in :func:`index`.

    Returns
    -------
    DataFrame
        Same rows: ``without_<component>``, ``min_max`` (components between 0 and 1) and ``by_ranks`` (components
        replaced by their ranks); all are ranks, 1 being the most need.
    """
    directed = _direct(districts)
    weights = _normalise(weights, directed.columns)
    found = {f"without_{left}": ranks(index(districts, weights.where(weights.index != left, 0.0))) for left in directed}
    span = (directed.max() - directed.min()).replace(0, 1.0)
    found["min_max"] = ranks((((directed - directed.min()) / span) * weights).sum(axis=1).round(12))
    found["by_ranks"] = ranks((directed.rank() * weights).sum(axis=1).round(12))
    return pd.DataFrame(found)


def need_table(districts: pd.DataFrame) -> pd.DataFrame:
    """Everything about the need of each district.

    Parameters
    ----------
    districts
        Indexed by code, with the columns of :func:`components`.

    Returns
    -------
    DataFrame
        Same index: ``index``, ``rank``, ``points_<component>``, the columns of :func:`rank_intervals` and of
        :func:`alternatives`.
    """
    # Rounded, so that the last bit of a sum decides no rank.
    own = index(districts).round(9)
    table = pd.DataFrame({"index": own, "rank": ranks(own)})
    return pd.concat(
        [table, contributions(districts).add_prefix(POINTS), rank_intervals(districts), alternatives(districts)],
        axis=1,
    )


def rank_changes(table: pd.DataFrame) -> pd.DataFrame:
    """How far each alternative moves the districts.

    Parameters
    ----------
    table
        From :func:`need_table`.

    Returns
    -------
    DataFrame
        One row per alternative: ``alternative``, ``spearman`` (correlation of its ranks with those of the index),
        ``mean_change`` and ``max_change`` (places), ``code`` (district that moves most; the first if several do).
    """
    rows = []
    for name in [f"without_{i}" for i in split_parts(table)] + ["min_max", "by_ranks"]:
        moved = (table[name] - table["rank"]).abs()
        rows.append(
            {
                "alternative": name,
                "spearman": float(table[name].rank().corr(table["rank"].rank())),
                "mean_change": float(moved.mean()),
                "max_change": int(moved.max()),
                "code": moved.idxmax(),
            }
        )
    return pd.DataFrame(rows)


def correlations(districts: pd.DataFrame) -> pd.DataFrame:
    """Pearson correlations of the components, turned towards need.

    Parameters
    ----------
    districts
        One row per district, with the columns of :func:`components`.

    Returns
    -------
    DataFrame
        Components × components.
    """
    return scores(districts).corr()


def _direct(districts: pd.DataFrame) -> pd.DataFrame:
    columns = {}
    for component in components(districts):
        values = districts[component.id].astype("float64")
        columns[component.id] = component.sign * (np.log(values) if component.logarithmic else values)
    return pd.DataFrame(columns, index=districts.index)


def _normalise(weights: pd.Series | None, names: pd.Index) -> pd.Series:
    if weights is None:
        # No evidence at hand ranks one component above another.
        return pd.Series(1 / len(names), index=names)
    aligned = weights.reindex(names).astype("float64")
    if aligned.isna().any() or (aligned < 0).any() or aligned.sum() <= 0:
        raise ValueError(f"weights must be given for {', '.join(names)}, none negative and not all zero")
    return aligned / aligned.sum()
