"""What a reader should know first of a district, by rule: where it stands apart, and how its comuni differ.

The statements are descriptive, by rules that the page states; none is a judgement or speaks of causes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from helpers.analysis.indicators import find_present
from helpers.declarations import Indicator

#: A value among so many from either end is worth a sentence, and so is one this far from the median.
ENDS, FAR = 3, 2.0

#: Findings of values at most; of two indicators whose ranks agree more closely than this, one is told.
MOST, ALIKE = 3, 0.8

#: Makes the median absolute deviation, and the mean one, of a normal distribution equal its standard deviation.
MEDIAN_SCALE, MEAN_SCALE = 1.4826, 1.2533

#: What being first, second or third from an end adds to the distance when findings are ordered.
PLACES = {1: 2.0, 2: 1.5, 3: 1.0}


def find_scores(districts: pd.DataFrame) -> pd.DataFrame:
    """Distance of each value from the median of the districts, in robust standard deviations of a suitable scale.

    Parameters
    ----------
    districts
        One row per district, indexed by its code, with the indicators as columns.

    Returns
    -------
    DataFrame
        Same index; one column per indicator that is shown on pages and known for all. What spans orders of magnitude is
        compared by its logarithm, shares by their square root. Where more than half of the values are the same, the
        mean distance stands for the median one.
    """
    known = [i for i in find_present(districts, prominence=2) if districts[i.id].notna().all()]
    return pd.DataFrame({i.id: _score(_scale(i, districts[i.id])) for i in known}, index=districts.index)


def find_values(districts: pd.DataFrame, code: str, scores: pd.DataFrame) -> list[dict[str, Any]]:
    """The values that set a district apart, the most telling first.

    Parameters
    ----------
    districts
        One row per district, indexed by its code: ``name`` and the indicators.
    code
        The district.
    scores
        From :func:`find_scores`.

    Returns
    -------
    list of dict
        At most :data:`MOST`, no two of which say the same: ``indicator``, ``value``, ``median``, ``end`` (``high`` or
        ``low``), ``place`` from that end (None beyond :data:`ENDS`), ``beyond`` (the districts further out: ``name``,
        ``value``) and ``next`` (the first after it).
    """
    found: list[dict[str, Any]] = []
    told: list[str] = []
    for _, name, place in sorted(_candidates(districts, code, scores), key=lambda c: (-c[0], c[1])):
        if len(found) < MOST and not any(_are_alike(scores[name], scores[other]) for other in told):
            told.append(name)
            found.append(_finding(districts, code, name, place))
    return found


def find_against(districts: pd.DataFrame, region: pd.Series, code: str, told: list[str]) -> dict[str, Any] | None:
    """The change or balance that goes the other way than the region's; the largest of them.

    Parameters
    ----------
    told
        Indicators of findings already told.

    Returns
    -------
    dict or None
        ``indicator``, ``value``, ``region``.
    """
    own = districts.loc[code]
    signed = [i.id for i in find_present(districts, prominence=2) if i.signed and i.id not in told]
    moved = [i for i in signed if own[i] * region[i] < 0]
    if not moved:
        return None
    spread = districts[moved].std().replace(0.0, 1.0)
    name = max(moved, key=lambda i: (abs(own[i]) / spread[i], i))
    return {"indicator": name, "value": float(own[name]), "region": float(region[name])}


def find_inside(comuni: pd.DataFrame, indicator: str, large: int) -> dict[str, Any] | None:
    """How the comuni of a district differ in a change.

    Parameters
    ----------
    comuni
        Its comuni: ``name``, ``residents``, the indicator.
    indicator
        Id of a change.
    large
        Residents from which a comune can be named.

    Returns
    -------
    dict or None
        ``indicator``, ``n`` (comuni for which it is known), ``grown`` (those where it is above zero), ``lowest`` and
        ``highest`` (``name``, ``value``) of the large ones; None where fewer than two of these are known.
    """
    if indicator not in comuni:
        return None
    known = comuni.dropna(subset=indicator)
    ranked = known[known["residents"] >= large].sort_values([indicator, "name"])
    if len(ranked) < 2:
        return None
    ends = {"lowest": ranked.iloc[0], "highest": ranked.iloc[-1]}
    told = {end: {"name": row["name"], "value": float(row[indicator])} for end, row in ends.items()}
    return {"indicator": indicator, "n": len(known), "grown": int((known[indicator] > 0).sum()), **told}


def count_people(district: pd.Series, indicator: Indicator) -> int | None:
    """The persons behind a share of the residents; None for what is no such share."""
    if indicator.unit != "share" or indicator.denominator != ("residents",) or not district[indicator.id] > 0:
        return None
    return round(float(district[indicator.id]) * int(district["residents"]))


def _candidates(districts: pd.DataFrame, code: str, scores: pd.DataFrame) -> list[tuple[float, str, int | None]]:
    """Weight, indicator and place of what is worth a sentence."""
    found = []
    for name, score in scores.loc[code].items():
        values, own = districts[name], districts.at[code, name]
        place = int((values > own).sum() if score > 0 else (values < own).sum()) + 1
        # Many that share the value at the end are no extreme.
        extreme = place <= ENDS and int((values == own).sum()) <= ENDS and score != 0
        if extreme or abs(score) >= FAR:
            weight = abs(float(score)) + (PLACES[place] if extreme else 0.0)
            found.append((round(weight, 9), str(name), place if extreme else None))
    return found


def _are_alike(one: pd.Series, other: pd.Series) -> bool:
    """Whether two indicators put the districts in nearly the same order (or its reverse), by Spearman's coefficient."""
    return abs(one.rank().corr(other.rank())) > ALIKE


def _finding(districts: pd.DataFrame, code: str, name: str, place: int | None) -> dict[str, Any]:
    values = districts[name]
    own, median = float(values[code]), float(values.median())
    side = -1 if own > median else 1
    others = sorted((side * value, other) for other, value in zip(districts["name"], values.astype(float), strict=True))
    told = [{"name": other, "value": side * value} for value, other in others if other != districts.at[code, "name"]]
    n = sum(side * found["value"] < side * own for found in told)
    return {
        "indicator": name,
        "value": own,
        "median": median,
        "end": "high" if own > median else "low",
        "place": place,
        "beyond": told[:n] if place else [],
        "next": told[n] if place and n < len(told) else None,
    }


def _scale(indicator: Indicator, values: pd.Series) -> pd.Series:
    if indicator.logarithmic:
        return np.log(values)
    return np.sqrt(values) if indicator.unit == "share" and not indicator.signed else values


def _score(values: pd.Series) -> pd.Series:
    deviation = values - values.median()
    spread = MEDIAN_SCALE * deviation.abs().median() or MEAN_SCALE * deviation.abs().mean()
    return (deviation / spread if spread else deviation).astype("float64")
