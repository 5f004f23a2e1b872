"""One row per territory: intervals with their points, and what adds up to an index."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
from markupsafe import Markup, escape

from helpers.figures import scales, theme

#: Pixels per row, and above and below all rows.
ROW, ENDS = 21, 90

#: Colours of up to five parts: two hues in two lightnesses, and grey.
PARTS = ("#08519C", "#6BAED6", "#B35806", "#FDB863", "#636363")


def intervals(
    table: pd.DataFrame,
    names: Sequence[str],
    words: dict[str, str],
    hover: Sequence[str],
    reference: float | None = None,
    row: int = ROW,
    *,
    axis: dict,
    links: Sequence[str] | None = None,
) -> dict:
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
        ``range``, ``tickvals`` and, where numbers are printed another way, ``ticktext`` of the horizontal axis.
    links
        Address opened by a click on each row.
    """
    y = list(range(len(table)))
    xs = [x for low, high in zip(table["low"], table["high"], strict=True) for x in (low, high, None)]
    ys = [at for position in y for at in (position, position, None)]
    line = {"color": "#8FB4D9", "width": 9}
    traces = [theme.lines(xs, ys, line, words["interval"])]
    if "point" in table:
        shown = {"color": theme.INK, "size": 9, "symbol": "diamond"}
        traces.append(_points(table["point"].astype(float), shown, hover, links) | {"name": words["point"]})
    else:
        middle = (table["low"] + table["high"]) / 2
        traces.append(_points(middle, {"color": theme.TRANSPARENT, "size": 14}, hover, links) | {"showlegend": False})
    if reference is not None:
        edge = {"color": theme.ORANGE, "width": 2, "dash": "dash"}
        traces.append(theme.lines([reference] * 2, [-0.5, len(table) - 0.5], edge, words["reference"]))
    layout = _layout(row * len(table), names, words["axis"], axis)
    return {"data": traces, "layout": layout}


def _points(values: pd.Series, marker: dict, hover: Sequence[str], links: Sequence[str] | None = None) -> dict:
    points = {
        "type": "scatter",
        "x": values.tolist(),
        "y": list(range(len(values))),
        "mode": "markers",
        "marker": marker,
        "hovertext": list(hover),
        "hoverinfo": "text",
    }
    return points if links is None else points | {"customdata": list(links)}


def contributions(
    parts: pd.DataFrame,
    names: Sequence[str],
    labels: Sequence[str],
    title: str,
    hover: Sequence[str],
    links: Sequence[str],
    show: Callable[[float], str],
) -> dict:
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
    links
        Address opened by a click on each row.
    show
        Prints the number of a tick.
    """
    # The points of the sums answer for the whole row.
    traces = [
        _bars(values, colour, label) | {"hoverinfo": "skip"}
        for (_, values), colour, label in zip(parts.items(), PARTS, labels, strict=False)
    ]
    marker = {"symbol": "diamond", "size": 8, "color": "#FFFFFF", "line": {"color": theme.INK, "width": 2}}
    traces.append(_points(parts.sum(axis=1).round(2), marker, hover, links) | {"name": labels[-1]})
    reach = [parts.clip(upper=0).sum(axis=1).min(), parts.clip(lower=0).sum(axis=1).max()]
    axis = {"zeroline": True, "zerolinecolor": theme.INK, **scales.scale(reach, show)}
    layout = _layout(ROW * len(parts), names, title, axis)
    return {"data": traces, "layout": layout | {"barmode": "relative", "bargap": 0.2, "hovermode": "y"}}


def _bars(values: pd.Series, colour: str, name: str) -> dict:
    return {
        "type": "bar",
        "x": values.round(2).tolist(),
        "y": list(range(len(values))),
        "orientation": "h",
        "marker": {"color": colour},
        "name": name,
    }


def stack(
    parts: pd.DataFrame,
    names: Sequence[str],
    labels: Sequence[str],
    title: str,
    hover: list,
    show: Callable[[float], str],
) -> dict:
    """Two parts of a whole per row, side by side.

    Parameters
    ----------
    parts
        One column per part, first row at the top.
    hover
        Per part, the text of each row.
    show
        Prints the number of a tick.
    """
    traces = [
        _bars(values, colour, label) | {"hovertext": list(texts), "hoverinfo": "text"}
        for (_, values), colour, label, texts in zip(parts.items(), (PARTS[0], PARTS[3]), labels, hover, strict=True)
    ]
    layout = _layout(34 * len(parts), names, title, scales.scale(parts.sum(axis=1), show, zero=True))
    return {"data": traces, "layout": layout | {"barmode": "stack", "bargap": 0.35}}


def _layout(rows: int, names: Sequence[str], title: str, axis: dict) -> dict:
    """One named row per number of the vertical axis; ``rows`` is the height of all in pixels."""
    across = theme.axis(side="top", **axis)
    up = theme.axis(
        tickvals=list(range(len(names))),
        ticktext=list(names),
        tickfont={"size": theme.SMALL},
        range=[len(names) - 0.4, -0.6],
        gridcolor="#F0F3F6",
        automargin=True,
    )
    return theme.layout(
        rows + ENDS + 20,
        hovermode="closest",
        xaxis=across,
        yaxis=up,
        annotations=[theme.title_across(title, "top")],
        legend={**theme.LEGEND, "y": -0.01},
        margin={"l": theme.left(names, theme.SMALL), "r": 12, "t": 44, "b": 8},
    )


def wrap(name: str, width: int = 16) -> Markup:
    """A name over two lines, broken at the last hyphen or space before the width, for the axis of a chart."""
    cut = max(name.rfind(mark, 0, width) for mark in "- ")
    if len(name) <= width or cut < 0:
        return escape(name)
    return Markup("{}<br>{}").format(name[: cut + 1].rstrip(), name[cut + 1 :])
