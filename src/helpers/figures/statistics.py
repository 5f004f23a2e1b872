"""Charts of distributions: Lorenz and concentration curves, and the funnel plot."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from helpers.figures import theme

#: Ticks of shares in percent, and of numbers of residents.
TENS, SIZES = list(range(0, 101, 20)), (50_000, 100_000, 200_000, 400_000, 800_000)

#: Colour and dash of each curve, told apart by both.
STYLES = (
    ("#0066CC", "solid"),
    ("#B35806", "dash"),
    ("#542788", "dashdot"),
    ("#1B7837", "dot"),
    ("#17324D", "longdash"),
)


def cumulative(
    curves: pd.DataFrame,
    order: Sequence[str],
    labels: dict[str, str],
    words: dict[str, str],
    show: Callable[[float], str],
    gap: bool = False,
) -> dict:
    """Lorenz or concentration curves against the line of equality.

    Parameters
    ----------
    curves
        ``basis``, ``people``, ``amounts``: cumulated shares.
    order, labels
        Bases in the order of the legend, with their entries.
    words
        ``people`` and ``amounts`` (titles of the axes) and ``equality`` (of the line).
    show
        Prints the number of a tick.
    gap
        Draw the distance from the line of equality in percentage points, which shows curves that hardly leave it.
    """
    line = {"color": theme.MUTED, "width": 1.5}
    traces = [theme.lines([0, 100], [0, 0] if gap else [0, 100], line, words["equality"])]
    drawn_up = [0.0]
    for basis, (colour, dash) in zip(order, STYLES, strict=False):
        own = curves[curves["basis"] == basis]
        drawn = own["amounts"] - own["people"] if gap else own["amounts"]
        x, y = ((values * 100).round(2).tolist() for values in (own["people"], drawn))
        template = f"{labels[basis]}<br>%{{x:.1f}}% → %{{y:.1f}}{'' if gap else '%'}<extra></extra>"
        drawn_up += y
        style = {"color": colour, "width": 3, "dash": dash}
        trace = theme.lines(x, y, style, labels[basis])
        del trace["hoverinfo"]
        traces.append(trace | {"hovertemplate": template})
    whole: dict[str, Any] = {"range": [0, 100], "tickvals": TENS, "ticktext": [f"{n}%" for n in TENS]}
    # Both axes begin in one corner, where one nought is enough.
    up = theme.scale(drawn_up, show) if gap else whole | {key: whole[key][1:] for key in ("tickvals", "ticktext")}
    return {"data": traces, "layout": _layout(540, whole, up, words["people"], words["amounts"])}


def funnel(
    points: pd.DataFrame, limits: pd.DataFrame, rate: float, hover: Sequence[str], links: Sequence[str], words: dict
) -> dict:
    """Rates of territories by their size, with control limits around the rate of all.

    Parameters
    ----------
    points
        ``people``, ``rate`` and ``wide`` (outside the limits adjusted for overdispersion).
    limits
        ``people`` and ``low_…``, ``high_…``: ``95``, ``998`` and ``adjusted``.
    rate
        Of all together.
    hover, links
        Text and address per point.
    words
        Titles ``people``, ``rate``; legend ``all``, ``95``, ``998``, ``adjusted``, ``inside``, ``outside``.
    """
    sizes = limits["people"].tolist()
    middle = {"color": theme.INK, "width": 1.5}
    traces = [theme.lines([sizes[0], sizes[-1]], [round(rate * 100, 3)] * 2, middle, words["all"])]
    styles = (("95", theme.BLUE, "dot"), ("998", theme.BLUE, "solid"), ("adjusted", theme.ORANGE, "dash"))
    for name, colour, dash in styles:
        for side in ("low", "high"):
            y = (limits[f"{side}_{name}"] * 100).round(3).tolist()
            style = {"color": colour, "width": 1.5, "dash": dash}
            both = {"legendgroup": name, "showlegend": side == "low"}
            traces.append(theme.lines(sizes, y, style, words[name], **both))
    kinds = ((False, "inside", theme.MUTED, "circle"), (True, "outside", theme.ORANGE, "diamond"))
    for wide, key, colour, symbol in kinds:
        rows = [n for n, value in enumerate(points["wide"]) if bool(value) == wide]
        own = points.iloc[rows]
        dots = {
            "type": "scatter",
            "x": own["people"].tolist(),
            "y": (own["rate"] * 100).round(3).tolist(),
            "mode": "markers",
            "marker": {"color": colour, "size": 10, "symbol": symbol, "line": {"color": "#FFF", "width": 1}},
            "name": words[key],
            "hovertext": [hover[n] for n in rows],
            "hoverinfo": "text",
            "customdata": [links[n] for n in rows],
        }
        traces += [dots] if rows else []
    ends = math.log10(sizes[0]), math.log10(sizes[-1])
    ticks = [tick for tick in SIZES if sizes[0] <= tick <= sizes[-1]]
    texts = [words["thousands"].format(n=tick // 1000) for tick in ticks]
    across = {"type": "log", "range": list(ends), "tickvals": ticks, "ticktext": texts}
    rates = [value * 100 for column in limits.columns[1:] for value in limits[column]]
    up = theme.scale([*rates, *points["rate"] * 100], lambda tick: f"{tick:g}%")
    return {"data": traces, "layout": _layout(580, across, up, words["people"], words["rate"])}


def _layout(height: int, across: dict, up: dict, people: str, amounts: str) -> dict:
    left = theme.left(up["ticktext"])
    return theme.layout(
        height,
        hovermode="closest",
        # Room at the right for the last label of the axis.
        margin={"l": left, "r": 26, "t": 28, "b": 48},
        xaxis=theme.axis(**across),
        yaxis=theme.axis(automargin=True, **up),
        annotations=[theme.title_across(people), theme.title_above(amounts, left)],
        legend={**theme.LEGEND, "y": -0.13},
    )
