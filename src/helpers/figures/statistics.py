"""Charts of distributions: Lorenz and concentration curves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from helpers.figures import scales, theme

#: Ticks of shares in percent.
TENS = list(range(0, 101, 20))

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
    up = scales.scale(drawn_up, show) if gap else whole | {key: whole[key][1:] for key in ("tickvals", "ticktext")}
    return {"data": traces, "layout": _layout(540, whole, up, words["people"], words["amounts"])}


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
