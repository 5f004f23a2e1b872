"""Charts of distributions: Lorenz and concentration curves, and the funnel plot."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from . import theme

#: Colour and dash of each curve, told apart by both.
STYLES = (
    ("#0066CC", "solid"),
    ("#B35806", "dash"),
    ("#542788", "dashdot"),
    ("#1B7837", "dot"),
    ("#17324D", "longdash"),
)

#: Room at the right for the last label of the axis.
MARGIN = {"l": 8, "r": 26, "t": 12, "b": 8}


def _title(text: str) -> dict:
    return {"text": text, "font": {"size": 12}, "standoff": 6}


def cumulative(
    curves: pd.DataFrame, order: Sequence[str], labels: dict[str, str], words: dict[str, str], gap: bool = False
) -> go.Figure:
    """Lorenz or concentration curves against the line of equality.

    Parameters
    ----------
    curves
        ``basis``, ``people``, ``amounts``: cumulated shares.
    order, labels
        Bases in the order of the legend, with their entries.
    words
        ``people`` and ``amounts`` (titles of the axes) and ``equality`` (of the line).
    gap
        Draw the distance from the line of equality in percentage points, which shows curves that hardly leave it.
    """
    figure = go.Figure(layout=theme.layout(540, hovermode="closest", margin=MARGIN))
    line = {"color": theme.MUTED, "width": 1.5}
    ends = [0, 0] if gap else [0, 100]
    figure.add_scatter(x=[0, 100], y=ends, mode="lines", line=line, name=words["equality"], hoverinfo="skip")
    for basis, (colour, dash) in zip(order, STYLES, strict=False):
        own = curves[curves["basis"] == basis]
        drawn = own["amounts"] - own["people"] if gap else own["amounts"]
        figure.add_scatter(
            x=(own["people"] * 100).round(2).tolist(),
            y=(drawn * 100).round(2).tolist(),
            mode="lines",
            line={"color": colour, "width": 3, "dash": dash},
            name=labels[basis],
            hovertemplate=f"{labels[basis]}<br>%{{x:.1f}}% → %{{y:.1f}}{'' if gap else '%'}<extra></extra>",
        )
    suffix = "" if gap else "%"
    axis = {"gridcolor": "#E3E9EE", "zeroline": False, "fixedrange": True, "automargin": True}
    scale = {} if gap else {"range": [0, 100], "dtick": 20}
    figure.update_layout(
        xaxis={**axis, "title": _title(words["people"]), "range": [0, 100], "dtick": 20, "ticksuffix": "%"},
        yaxis={**axis, "title": _title(words["amounts"]), **scale, "ticksuffix": suffix},
        legend={"y": -0.22},
    )
    return figure


def funnel(
    points: pd.DataFrame, limits: pd.DataFrame, rate: float, hover: Sequence[str], links: Sequence[str], words: dict
) -> go.Figure:
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
    figure = go.Figure(layout=theme.layout(580, hovermode="closest", margin=MARGIN))
    sizes = limits["people"].tolist()
    figure.add_scatter(
        x=[sizes[0], sizes[-1]],
        y=[rate * 100] * 2,
        mode="lines",
        line={"color": theme.INK, "width": 1.5},
        name=words["all"],
        hoverinfo="skip",
    )
    styles = (("95", theme.BLUE, "dot"), ("998", theme.BLUE, "solid"), ("adjusted", theme.ORANGE, "dash"))
    for name, colour, dash in styles:
        for side in ("low", "high"):
            figure.add_scatter(
                x=sizes,
                y=(limits[f"{side}_{name}"] * 100).round(3).tolist(),
                mode="lines",
                line={"color": colour, "width": 1.5, "dash": dash},
                name=words[name],
                legendgroup=name,
                showlegend=side == "low",
                hoverinfo="skip",
            )
    for wide, key, colour, symbol in (
        (False, "inside", theme.MUTED, "circle"),
        (True, "outside", theme.ORANGE, "diamond"),
    ):
        rows = [n for n, value in enumerate(points["wide"]) if bool(value) == wide]
        if not rows:
            continue
        own = points.iloc[rows]
        figure.add_scatter(
            x=own["people"].tolist(),
            y=(own["rate"] * 100).round(3).tolist(),
            mode="markers",
            marker={"color": colour, "size": 10, "symbol": symbol, "line": {"color": "#FFF", "width": 1}},
            name=words[key],
            hovertext=[hover[n] for n in rows],
            hoverinfo="text",
            customdata=[links[n] for n in rows],
        )
    axis = {"gridcolor": "#E3E9EE", "zeroline": False, "fixedrange": True, "automargin": True}
    ticks = [50_000, 100_000, 200_000, 400_000, 800_000]
    figure.update_layout(
        xaxis={
            **axis,
            "type": "log",
            "title": _title(words["people"]),
            "tickvals": ticks,
            "ticktext": [words["thousands"].format(n=tick // 1000) for tick in ticks],
        },
        yaxis={**axis, "title": _title(words["rate"]), "ticksuffix": "%"},
        legend={"y": -0.22},
    )
    return figure
