"""One row per territory: intervals with their points, and what adds up to an index."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd
import plotly.graph_objects as go

from . import theme

#: Pixels per row, and above and below all rows.
ROW, ENDS = 21, 90

#: Colours of up to four parts, two hues in two lightnesses.
PARTS = ("#08519C", "#6BAED6", "#B35806", "#FDB863")


def intervals(
    table: pd.DataFrame,
    names: Sequence[str],
    words: dict[str, str],
    hover: Sequence[str],
    reference: float | None = None,
    row: int = ROW,
    axis: dict | None = None,
) -> go.Figure:
    """One interval per row, with one or two points.

    Parameters
    ----------
    table
        ``low``, ``high`` and, where wanted, ``point`` (missing: none); first row at the top.
    names, hover
        Label and text per row.
    words
        Legend: ``interval``, ``point``, ``reference``; and ``axis``, its title.
    reference
        Value marked by a vertical line through all rows.
    axis
        More properties of the horizontal axis.
    """
    y = list(range(len(table)))
    height = row * len(table) + ENDS + 20
    figure = go.Figure(layout=theme.layout(height, hovermode="closest"))
    xs: list[float | None] = []
    ys: list[float | None] = []
    for position, low, high in zip(y, table["low"], table["high"], strict=True):
        xs += [low, high, None]
        ys += [position, position, None]
    line = {"color": "#8FB4D9", "width": 9}
    figure.add_scatter(x=xs, y=ys, mode="lines", line=line, name=words["interval"], hoverinfo="skip")
    if "point" in table:
        marker = {"color": theme.INK, "size": 9, "symbol": "diamond"}
        points = table["point"].astype(float).tolist()
        figure.add_scatter(
            x=points, y=y, mode="markers", marker=marker, name=words["point"], hovertext=list(hover), hoverinfo="text"
        )
    else:
        middle = ((table["low"] + table["high"]) / 2).tolist()
        invisible = {"color": theme.TRANSPARENT, "size": 14}
        figure.add_scatter(
            x=middle, y=y, mode="markers", marker=invisible, hovertext=list(hover), hoverinfo="text", showlegend=False
        )
    if reference is not None:
        edge = {"color": theme.ORANGE, "width": 2, "dash": "dash"}
        ends = [-0.5, len(table) - 0.5]
        figure.add_scatter(
            x=[reference] * 2, y=ends, mode="lines", line=edge, name=words["reference"], hoverinfo="skip"
        )
    _rows(figure, names, words["axis"], axis)
    return figure


def contributions(
    parts: pd.DataFrame, names: Sequence[str], labels: Sequence[str], title: str, hover: Sequence[str]
) -> go.Figure:
    """Parts that add to or take from a mean, stacked to both sides of it, with their sum.

    Parameters
    ----------
    parts
        One column per part, first row at the top.
    names, hover
        Label and text per row.
    labels
        Legend entry per part and, last, of the sum.
    title
        Of the horizontal axis.
    """
    y = list(range(len(parts)))
    figure = go.Figure(layout=theme.layout(ROW * len(parts) + ENDS + 20, hovermode="closest"))
    for (_, values), colour, label in zip(parts.items(), PARTS, labels, strict=False):
        figure.add_bar(
            x=values.round(2).tolist(),
            y=y,
            orientation="h",
            marker={"color": colour},
            name=label,
            hovertext=list(hover),
            hoverinfo="text",
        )
    marker = {"symbol": "diamond", "size": 8, "color": "#FFFFFF", "line": {"color": theme.INK, "width": 2}}
    figure.add_scatter(
        x=parts.sum(axis=1).round(2).tolist(), y=y, mode="markers", marker=marker, name=labels[-1], hoverinfo="skip"
    )
    figure.update_layout(barmode="relative", bargap=0.2)
    _rows(figure, names, title, {"zeroline": True, "zerolinecolor": theme.INK})
    return figure


def stacked(parts: pd.DataFrame, names: Sequence[str], labels: Sequence[str], title: str, hover: list) -> go.Figure:
    """Two parts of a whole per row, side by side.

    Parameters
    ----------
    parts
        One column per part, first row at the top.
    hover
        Per part, the text of each row.
    """
    figure = go.Figure(layout=theme.layout(34 * len(parts) + ENDS + 20, hovermode="closest", barmode="stack"))
    for (_, values), colour, label, texts in zip(parts.items(), (PARTS[0], PARTS[3]), labels, hover, strict=True):
        figure.add_bar(
            x=values.tolist(),
            y=list(range(len(parts))),
            orientation="h",
            marker={"color": colour},
            name=label,
            hovertext=texts,
            hoverinfo="text",
        )
    figure.update_layout(bargap=0.35)
    _rows(figure, names, title, None)
    return figure


def _rows(figure: go.Figure, names: Sequence[str], title: str, axis: dict | None) -> None:
    figure.update_layout(
        xaxis={
            "title": {"text": title, "standoff": 8, "font": {"size": 12}},
            "side": "top",
            "gridcolor": "#E3E9EE",
            "zeroline": False,
            "fixedrange": True,
            "automargin": True,
            **(axis or {}),
        },
        yaxis={
            "tickvals": list(range(len(names))),
            "ticktext": list(names),
            "tickfont": {"size": 12},
            "range": [len(names) - 0.4, -0.6],
            "zeroline": False,
            "gridcolor": "#F0F3F6",
            "automargin": True,
            "fixedrange": True,
        },
        legend={"y": -0.01},
    )


def wrap(name: str, width: int = 16) -> str:
    """A name over two lines, broken at the last hyphen or space before the width, for the axis of a chart."""
    cut = max(name.rfind(mark, 0, width) for mark in "- ")
    return escape(name) if len(name) <= width or cut < 0 else f"{escape(name[: cut + 1])}<br>{escape(name[cut + 1 :])}"
