"""Age pyramids and strips: one territory, or some of them, among the others."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from helpers.figures import theme
from helpers.figures.text import text_width

#: First ages of the pyramid's classes: five years each, the last open.
PYRAMID_STARTS = tuple(range(0, 100, 5))

#: Years of a class, and of those the ones its bar is drawn over.
YEARS, BAR = 5, 4.4


def age_classes(ages: pd.DataFrame) -> pd.DataFrame:
    """Sum single ages into five-year classes, the last being 95 and over.

    Parameters
    ----------
    ages
        ``age``, ``female``, ``male`` of one territory (persons).

    Returns
    -------
    DataFrame
        ``age_from``, ``female``, ``male`` (persons) and their shares of all residents, ``female_share`` and
        ``male_share``.
    """
    start = np.minimum(ages["age"].to_numpy() // 5 * 5, PYRAMID_STARTS[-1])
    present = np.unique(start)
    sums = {
        sex: np.array([persons[start == s].sum() for s in present], dtype="int64")
        for sex, persons in ((sex, ages[sex].to_numpy()) for sex in ("female", "male"))
    }
    total = int(sum(persons.sum() for persons in sums.values()))
    shares = {f"{sex}_share": persons / total for sex, persons in sums.items()}
    return pd.DataFrame({"age_from": present, **sums, **shares})


def class_label(age_from: int) -> str:
    """Name of a pyramid class: ``40–44``, ``95+``."""
    return f"{age_from}+" if age_from == PYRAMID_STARTS[-1] else f"{age_from}–{age_from + YEARS - 1}"


def pyramid(
    own: pd.DataFrame,
    reference: pd.DataFrame,
    names: tuple[str, str],
    words: dict[str, str],
    percent: Callable[[float], str],
    height: int = 520,
) -> dict:
    """Age pyramid as shares of all residents, with a second territory as an outline.

    Parameters
    ----------
    own, reference
        From :func:`age_classes`; of the reference, ``female_drawn`` and ``male_drawn`` are drawn where it has them.
    names
        How the legend calls the two territories.
    words
        ``male``, ``female``, ``age`` in the page's language.
    percent
        Prints a share.
    """
    labels = [class_label(a) for a in own["age_from"]]
    middles = (own["age_from"] + YEARS / 2).tolist()
    traces = []
    for sign, sex, colour in ((-1, "male", theme.BLUE), (1, "female", theme.ORANGE)):
        share, other = own[f"{sex}_share"], reference[f"{sex}_share"]
        texts = [
            f"{words[sex]}, {label}: {percent(a)}<br>{names[1]}: {percent(b)}"
            for label, a, b in zip(labels, share, other, strict=True)
        ]
        bars = {
            "type": "bar",
            "x": (sign * share * 100).round(3).tolist(),
            "y": middles,
            "width": BAR,
            "orientation": "h",
            "marker": {"color": colour},
            "name": f"{words[sex]}, {names[0]}",
            "hovertext": texts,
            "hoverinfo": "text",
        }
        outline = {
            "type": "scatter",
            **stairs((sign * drawn_shares(reference, sex) * 100).round(3), own["age_from"]),
            "mode": "lines",
            "line": {"color": theme.INK, "width": 2},
            "name": names[1],
            "legendgroup": "reference",
            "showlegend": sign < 0,
            "hoverinfo": "skip",
        }
        traces += [bars, outline]
    drawn = (frame for sex in ("male", "female") for frame in (own[f"{sex}_share"], drawn_shares(reference, sex)))
    widest = max(shares.max() for shares in drawn)
    classes = {"tickvals": middles, "ticktext": labels, "range": [0, middles[-1] + YEARS / 2], "showgrid": False}
    return {"data": traces, "layout": _pyramid_layout(height, int(widest * 100) + 1, words["age"], classes)}


def drawn_shares(reference: pd.DataFrame, sex: str) -> pd.Series:
    """The shares of a sex as they are drawn: finer than the printed ones where the table has both."""
    return reference.get(f"{sex}_drawn", reference[f"{sex}_share"])


def stairs(shares: pd.Series, ages_from: pd.Series) -> dict[str, list[float]]:
    """The outline of a pyramid: the share of each class all along its years, as coordinates of a line."""
    return {
        "x": shares.repeat(2).tolist(),
        "y": [age for first in ages_from for age in (first, first + YEARS)],
    }


def _pyramid_layout(height: int, limit: int, ages: str, classes: dict) -> dict:
    """Shares up to ``limit`` percent on both sides, classes of age upwards."""
    ticks = list(range(-limit, limit + 1))
    left = theme.left(classes["ticktext"])
    return theme.layout(
        height,
        barmode="overlay",
        hovermode="closest",
        xaxis=theme.axis(
            range=[-limit, limit],
            tickvals=ticks,
            ticktext=[f"{abs(t)}%" for t in ticks],
            zeroline=True,
            zerolinecolor=theme.INK,
        ),
        yaxis=theme.axis(automargin=True, **classes),
        annotations=[theme.title_above(ages, left)],
        legend={**theme.LEGEND, "y": -0.08},
        margin={"l": left, "r": 12, "t": 24, "b": 40},
    )


#: Marks of groups of territories, the most important last.
LOOKS: tuple[dict, ...] = (
    {"symbol": "circle", "size": 8, "color": "#B5C0CA"},
    {"symbol": "diamond-open", "size": 11, "color": theme.ORANGE, "line": {"width": 2}},
    {"symbol": "diamond", "size": 12, "color": theme.BLUE, "line": {"color": "#FFF", "width": 1}},
)


def marked_strips(
    table: pd.DataFrame,
    groups: dict[str, Sequence[str]],
    labels: dict[str, str],
    names: pd.Series,
    show: dict[str, Callable[[float], str]],
    reference: pd.Series,
    reference_name: str,
    height: int = 480,
    looks: Sequence[dict] = LOOKS,
    logarithmic: Sequence[str] = (),
) -> dict:
    """One strip per indicator, from lowest to highest; each group of territories has a mark of its own.

    Parameters
    ----------
    table
        Territories × indicators, indexed by territory.
    groups
        Legend entry and territories of each group, the most important last; at most as many as there are looks.
    labels, show
        Label and printer per indicator, in the order of the strips.
    names
        Name per territory.
    reference, reference_name
        Value per indicator of what all are compared with, and its name.
    looks
        Marks of the groups.
    logarithmic
        Indicators whose strip is logarithmic.
    """
    low, high, order = table.min(), table.max(), list(labels)

    def along(value: float, indicator: str) -> float:
        if indicator in logarithmic:
            return round(float(np.log(value / low[indicator]) / np.log(high[indicator] / low[indicator])), 4)
        return round((value - low[indicator]) / (high[indicator] - low[indicator]), 4)

    traces = [
        {
            "type": "scatter",
            "x": [along(table.at[r, i], i) for i in order for r in rows],
            "y": [labels[i] for i in order for _ in rows],
            "mode": "markers",
            "marker": marker,
            "name": group,
            "hovertext": [f"{names[r]}: {show[i](table.at[r, i])}" for i in order for r in rows],
            "hoverinfo": "text",
        }
        for (group, rows), marker in zip(groups.items(), looks[-len(groups) :], strict=True)
    ]
    mark = _reference([along(reference[i], i) for i in order], labels, show, reference, reference_name)
    return {"data": [*traces, mark], "layout": _strips_layout(height, labels, show, low, high)}


def _reference(
    x: list[float], labels: dict[str, str], show: dict[str, Callable[[float], str]], reference: pd.Series, name: str
) -> dict:
    """A tick on each strip for what all are compared with."""
    return {
        "type": "scatter",
        "x": x,
        "y": list(labels.values()),
        "mode": "markers",
        "marker": {"symbol": "line-ns-open", "size": 20, "color": theme.INK, "line": {"width": 3}},
        "name": name,
        "hovertext": [f"{name}: {show[i](reference[i])}" for i in labels],
        "hoverinfo": "text",
    }


def _strips_layout(
    height: int, labels: dict[str, str], show: dict[str, Callable[[float], str]], low: pd.Series, high: pd.Series
) -> dict:
    """Strips from 0 to 1 with the lowest and highest value printed at their ends."""
    ends = [
        {"x": x, "y": label, "text": show[i](bound[i]), "showarrow": False, "yshift": -14, "font": {"size": 11}}
        for i, label in labels.items()
        for x, bound in ((0, low), (1, high))
    ]
    longest = max(text_width(show[i](high[i]), 11) for i in labels)
    return theme.layout(
        height,
        hovermode="closest",
        annotations=ends,
        xaxis=theme.axis(visible=False, range=[-0.06, 1.06]),
        yaxis=theme.rows_axis(labels.values()),
        # The number at the end of a strip stands half beyond it.
        margin={"l": theme.left(labels.values()), "r": math.ceil(longest / 2), "t": 8, "b": 16},
    )
