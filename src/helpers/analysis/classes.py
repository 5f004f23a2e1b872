"""Classes of a map: the one place where bounds between them are found, and the rule by which a value falls into one.

A value is classed as it is printed, so that legend, class and number always agree. Maps of the same indicator on the
same level of territory have the same bounds on every page.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.analysis.indicators import as_printed, find_present
from helpers.declarations import BY_ID

#: Ways to make classes, each deterministic: equal counts, equal widths, least variance within (Fisher and Jenks).
SCHEMES: dict[str, str] = {"quantiles": "Quantiles", "equal": "EqualInterval", "natural": "FisherJenks"}

#: How many classes a map may have.
COUNTS: tuple[int, ...] = (4, 5, 6)

#: How the classes of every map are made whose reader does not choose, and how many there are.
SCHEME, COUNT = "quantiles", 5


def inner_bounds(values: pd.Series, decimals: int, scheme: str = SCHEME, k: int = COUNT) -> list[float]:
    """Bounds between classes: a value belongs to the first class whose upper bound it does not exceed.

    Parameters
    ----------
    values
        Rounded here to what is printed; missing ones are left out.
    decimals
        To which they are printed; bounds are rounded to them.
    scheme
        A key of :data:`SCHEMES`.
    k
        Classes wanted. Where values repeat there may be fewer: bounds that fall together, or on the maximum,
        separate nothing.
    """
    known = np.round(values.dropna().to_numpy(dtype=float), decimals)
    distinct = len(np.unique(known))
    if distinct < 2:
        return []
    found = np.round(_upper_bounds(known, scheme, min(k, distinct))[:-1], decimals)
    return [float(bound) for bound in np.unique(found) if bound < known.max()]


def _upper_bounds(known: np.ndarray, scheme: str, k: int) -> np.ndarray:
    if scheme == "quantiles":
        # The same as mapclassify's, whose import takes longer than ten reports to run.
        return np.unique(np.quantile(known, np.arange(1, k + 1) / k))
    import mapclassify

    with warnings.catch_warnings():
        # Fisher-Jenks asks for numba, which thirty values do not need; fewer classes than asked for are expected.
        warnings.filterwarnings("ignore", message="Numba not installed|Not enough unique values")
        return getattr(mapclassify, SCHEMES[scheme])(known, k=k).bins


def indicator_bounds(table: pd.DataFrame, indicator: str, scheme: str = SCHEME, k: int = COUNT) -> list[float]:
    """The bounds of an indicator over all territories of one level.

    Parameters
    ----------
    table
        One row per territory, none of the level left out.
    indicator
        A key of :data:`helpers.declarations.BY_ID`.
    scheme, k
        As in :func:`inner_bounds`.
    """
    return inner_bounds(as_printed(table[[indicator]])[indicator], BY_ID[indicator].precision, scheme, k)


def class_bounds(table: pd.DataFrame) -> pd.DataFrame:
    """The bounds of every indicator by every scheme and number of classes.

    Parameters
    ----------
    table
        One row per area, one column per indicator.

    Returns
    -------
    DataFrame
        ``indicator``, ``scheme``, ``k`` (classes wanted), ``bound`` (unit of the indicator), ascending within each.
    """
    rows = [
        (indicator, scheme, k, bound)
        for indicator in (i.id for i in find_present(table))
        for scheme in SCHEMES
        for k in COUNTS
        for bound in indicator_bounds(table, indicator, scheme, k)
    ]
    return pd.DataFrame(rows, columns=["indicator", "scheme", "k", "bound"])


def class_of(values: Sequence[Any], bounds: Sequence[float], decimals: int) -> list[int]:
    """Class of each value, from 0; −1 where there is none.

    Parameters
    ----------
    values
        Numbers, or None, NaN, NA where there is none.
    bounds
        From :func:`inner_bounds`.
    decimals
        To which the values are printed.
    """
    numbers = np.array([np.nan if v is None or v is pd.NA else float(v) for v in values])
    position = np.searchsorted(np.asarray(bounds, dtype=float), np.round(numbers, decimals), side="left")
    return np.where(np.isnan(numbers), -1, position).tolist()


def class_texts(
    bounds: Sequence[float], decimals: int, show: Callable[[float], str], words: Mapping[str, str]
) -> list[str]:
    """What a legend says of each class, so that no printed value stands in two.

    A class begins one step of the last decimal above the bound of the one before.

    Parameters
    ----------
    bounds, decimals
        As in :func:`class_of`.
    show
        Prints a bound.
    words
        Patterns: ``up_to`` ({high}), ``between`` ({low}, {high}), ``from`` ({low}), and ``only`` for a single class.
    """
    if not len(bounds):
        return [words["only"]]
    lows = [show(bound + 10**-decimals) for bound in bounds]
    highs = [show(bound) for bound in bounds]
    between = [
        low if low == high else words["between"].format(low=low, high=high)
        for low, high in zip(lows, highs[1:], strict=False)
    ]
    return [words["up_to"].format(high=highs[0]), *between, words["from"].format(low=lows[-1])]
