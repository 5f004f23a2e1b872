"""Classes of a choropleth by the ways cartographers name: the bounds between them, computed by mapclassify."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

#: Ways to make classes, each deterministic: equal counts, equal widths, least variance within (Fisher and Jenks).
SCHEMES: dict[str, str] = {"quantiles": "Quantiles", "equal": "EqualInterval", "natural": "FisherJenks"}

#: How many classes a map may have.
COUNTS: tuple[int, ...] = (4, 5, 6)


def inner_bounds(values: pd.Series, decimals: int, scheme: str, k: int) -> list[float]:
    """Bounds between classes: a value belongs to the first class whose upper bound it does not exceed.

    Parameters
    ----------
    values
        As they are printed, so that legend, class and number always agree.
    decimals
        Of the values; bounds are rounded to them.
    scheme
        A key of :data:`SCHEMES`.
    k
        Classes wanted. Where values repeat there may be fewer: bounds that fall together, or on the maximum,
        separate nothing.
    """
    # Its import takes longer than ten reports to run; only the step that computes the analyses pays it.
    import mapclassify

    known = values.dropna().to_numpy(dtype=float)
    distinct = len(np.unique(known))
    if distinct < 2:
        return []
    with warnings.catch_warnings():
        # Fisher-Jenks asks for numba, which thirty values do not need; fewer classes than asked for are expected.
        warnings.filterwarnings("ignore", message="Numba not installed|Not enough unique values")
        bins = getattr(mapclassify, SCHEMES[scheme])(known, k=min(k, distinct)).bins
    found = np.round(bins[:-1], decimals)
    return [float(bound) for bound in np.unique(found) if bound < known.max()]


def class_bounds(printed: pd.DataFrame, decimals: dict[str, int]) -> pd.DataFrame:
    """The bounds of several indicators by every scheme and number of classes.

    Parameters
    ----------
    printed
        One row per area, one column per indicator, as printed.
    decimals
        Of each indicator.

    Returns
    -------
    DataFrame
        ``indicator``, ``scheme``, ``k`` (classes wanted), ``bound`` (unit of the indicator), ascending within each.
    """
    rows = [
        (indicator, scheme, k, bound)
        for indicator, places in decimals.items()
        for scheme in SCHEMES
        for k in COUNTS
        for bound in inner_bounds(printed[indicator], places, scheme, k)
    ]
    return pd.DataFrame(rows, columns=["indicator", "scheme", "k", "bound"])
