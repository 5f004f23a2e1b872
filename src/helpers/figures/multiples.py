"""Several territories side by side: strips with some of them marked, small age pyramids."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from . import theme
from .charts import class_label

#: Height of one small pyramid with its title, in pixels.
ROW_HEIGHT = 270


def marked_strips(
    table: pd.DataFrame,
    groups: dict[str, Sequence[str]],
    labels: dict[str, str],
    names: pd.Series,
    show: dict[str, Callable[[float], str]],
    reference: pd.Series,
    reference_name: str,
    height: int = 480,
) -> go.Figure:
    """One strip per indicator, from lowest to highest; each group of territories has a mark of its own.

    Parameters
    ----------
    table
        Territories × indicators, indexed by territory.
    groups
        Legend entry and territories of each group, the most important last; at most three.
    labels, show
        Label and printer per indicator, in the order of the strips.
    names
        Name per territory.
    reference, reference_name
        Value per indicator of what all are compared with, and its name.
    """
    low, high, order = table.min(), table.max(), list(labels)
    looks = (
        {"symbol": "circle", "size": 8, "color": "#B5C0CA"},
        {"symbol": "diamond-open", "size": 11, "color": theme.ORANGE, "line": {"width": 2}},
        {"symbol": "diamond", "size": 12, "color": theme.BLUE, "line": {"color": "#FFF", "width": 1}},
    )

    def along(value: float, indicator: str) -> float:
        return round((value - low[indicator]) / (high[indicator] - low[indicator]), 4)

    figure = go.Figure(layout=theme.layout(height, hovermode="closest"))
    for (group, rows), marker in zip(groups.items(), looks[-len(groups) :], strict=True):
        figure.add_scatter(
            x=[along(table.at[r, i], i) for i in order for r in rows],
            y=[labels[i] for i in order for _ in rows],
            mode="markers",
            marker=marker,
            name=group,
            hovertext=[f"{names[r]}: {show[i](table.at[r, i])}" for i in order for r in rows],
            hoverinfo="text",
        )
    figure.add_scatter(
        x=[along(reference[i], i) for i in order],
        y=[labels[i] for i in order],
        mode="markers",
        marker={"symbol": "line-ns-open", "size": 22, "color": theme.INK, "line": {"width": 3}},
        name=reference_name,
        hovertext=[f"{reference_name}: {show[i](reference[i])}" for i in order],
        hoverinfo="text",
    )
    ends = [
        {"x": x, "y": labels[i], "text": show[i](end[i]), "showarrow": False, "yshift": -16, "font": {"size": 11}}
        for i in order
        for x, end in ((0, low), (1, high))
    ]
    figure.update_layout(
        annotations=ends,
        xaxis={"visible": False, "range": [-0.07, 1.07], "fixedrange": True},
        yaxis={
            "automargin": True,
            "autorange": "reversed",
            "fixedrange": True,
            "gridcolor": "#E3E9EE",
            "type": "category",
        },
        margin={"l": 8, "r": 16, "t": 8, "b": 16},
    )
    return figure


def pyramids(
    classes: pd.DataFrame,
    reference: pd.DataFrame,
    names: dict[str, str],
    words: dict[str, str],
    percent: Callable[[float], str],
    columns: int = 2,
) -> go.Figure:
    """A small age pyramid per territory, all on one scale, with the same outline behind.

    Parameters
    ----------
    classes
        ``code``, ``age_from``, ``female_share``, ``male_share`` (of all residents) per territory.
    reference
        The outline: as one territory, without ``code``.
    names
        Title per territory; its order is that of the pyramids.
    words
        ``male``, ``female``, ``age`` and ``reference`` in the page's language.
    percent
        Prints a share.
    columns
        Pyramids in a row; two still fit a phone.
    """
    rows = -(-len(names) // columns)
    figure = make_subplots(
        rows=rows,
        cols=columns,
        subplot_titles=list(names.values()),
        shared_xaxes=False,
        shared_yaxes=True,
        horizontal_spacing=0.06,
        vertical_spacing=0.28 / rows,
    )
    for number, (code, name) in enumerate(names.items()):
        own = classes[classes["code"] == code]
        place = {"row": number // columns + 1, "col": number % columns + 1}
        for sign, sex, colour in ((-1, "male", theme.BLUE), (1, "female", theme.ORANGE)):
            ages = [class_label(a) for a in own["age_from"]]
            figure.add_bar(
                x=(sign * own[f"{sex}_share"] * 100).round(2).tolist(),
                y=ages,
                orientation="h",
                marker={"color": colour},
                name=words[sex].capitalize(),
                legendgroup=sex,
                showlegend=number == 0,
                hovertext=[
                    f"{name}, {words[sex]}, {age}: {percent(share)}"
                    for age, share in zip(ages, own[f"{sex}_share"], strict=True)
                ],
                hoverinfo="text",
                **place,
            )
            figure.add_scatter(
                x=(sign * reference[f"{sex}_share"] * 100).round(2).tolist(),
                y=[class_label(a) for a in reference["age_from"]],
                mode="lines",
                line={"color": theme.INK, "width": 1.5, "shape": "hvh"},
                name=words["reference"],
                legendgroup="reference",
                showlegend=number == 0 and sign < 0,
                hoverinfo="skip",
                **place,
            )
    limit = int(100 * max(frame[s].max() for frame in (classes, reference) for s in ("male_share", "female_share"))) + 1
    ticks = [-4, -2, 0, 2, 4]
    figure.update_xaxes(
        range=[-limit, limit],
        tickvals=ticks,
        ticktext=[f"{abs(t)}%" for t in ticks],
        gridcolor="#E3E9EE",
        zerolinecolor=theme.INK,
        fixedrange=True,
    )
    figure.update_yaxes(automargin=True, fixedrange=True, type="category", nticks=6, tickfont={"size": 11})
    figure.update_layout(
        theme.layout(
            rows * ROW_HEIGHT + 60,
            barmode="overlay",
            bargap=0.1,
            hovermode="closest",
            legend={"orientation": "h", "yanchor": "top", "y": -0.05, "x": 0},
            margin={"l": 8, "r": 8, "t": 36, "b": 40},
        )
    )
    return figure
