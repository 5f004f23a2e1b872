"""Charts of spending: payments over time, and amounts against a benchmark."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.figures import theme

#: Colours of lines that come in any number, told apart by dashes too.
LINES = (theme.BLUE, theme.ORANGE, "#1B7837", "#762A83", theme.INK, "#B2182B", "#5A768A", "#8C510A")
DASHES = ("solid", "dash", "dot", "dashdot")


def paid(table: pd.DataFrame, names: dict[str, str], hover: Sequence[str], axis: str, height: int = 360) -> dict:
    """Sums paid by the end of each quarter, one stepped line per measure.

    Parameters
    ----------
    table
        ``measure_id``, ``date`` (ISO), ``paid_eur``, in the order of the dates.
    names
        Legend entry per measure; their order is that of the lines.
    hover
        Text per row.
    axis
        Title of the vertical axis, in millions of euro.
    """
    texts = pd.Series(list(hover), index=table.index)
    traces = []
    for n, (measure, name) in enumerate(names.items()):
        own = table[table["measure_id"] == measure]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": own["date"].tolist(),
                "y": (own["paid_eur"] / 1e6).round(4).tolist(),
                "line": {"shape": "hv", "width": 2, "color": LINES[n % len(LINES)], "dash": DASHES[n % len(DASHES)]},
                "marker": {"size": 6},
                "name": name,
                "hovertext": texts[own.index].tolist(),
                "hoverinfo": "text",
            }
        )
    layout = theme.layout(
        height,
        hovermode="closest",
        showlegend=True,
        xaxis={"type": "date", "tickformat": "%m/%Y", "gridcolor": "#E3E9EE", "fixedrange": True, "nticks": 6},
        yaxis={
            "title": {"text": axis},
            "rangemode": "tozero",
            "automargin": True,
            "gridcolor": "#E3E9EE",
            "fixedrange": True,
        },
        legend={**theme.LEGEND, "y": -0.14},
        margin={"l": 8, "r": 16, "t": 8, "b": 48},
    )
    return {"data": traces, "layout": layout}


def against(
    names: Sequence[str],
    actual: Sequence[float],
    benchmark: Sequence[float],
    hover: Sequence[str],
    words: tuple[str, str, str],
) -> dict:
    """Amounts as dots, the benchmark of each as a tick on the same line.

    Parameters
    ----------
    names, actual, benchmark, hover
        Per territory, in the order from the top: name, euro, euro, text.
    words
        Legend of the dots and of the ticks, title of the axis.
    """
    thousands = [[round(v / 1e3, 1) for v in values] for values in (actual, benchmark)]
    rows = list(names)
    joined = [v for pair in zip(*thousands, strict=True) for v in (*pair, None)]
    traces = [
        theme.lines(joined, [r for name in rows for r in (name, name, None)], {"color": "#B5C0CA", "width": 2}, "")
        | {"showlegend": False},
        {
            "type": "scatter",
            "mode": "markers",
            "x": thousands[1],
            "y": rows,
            "marker": {"symbol": "line-ns-open", "size": 16, "color": theme.INK, "line": {"width": 3}},
            "name": words[1],
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": thousands[0],
            "y": rows,
            "marker": {"size": 12, "color": theme.BLUE},
            "name": words[0],
            "hovertext": list(hover),
            "hoverinfo": "text",
        },
    ]
    layout = theme.layout(
        110 + 26 * len(rows),
        hovermode="closest",
        xaxis={"title": {"text": words[2]}, "rangemode": "tozero", "gridcolor": "#E3E9EE", "fixedrange": True},
        yaxis={"autorange": "reversed", "automargin": True, "type": "category", "fixedrange": True},
        legend={**theme.LEGEND, "y": 1.0, "yanchor": "bottom"},
        margin={"l": 8, "r": 16, "t": 40, "b": 48},
    )
    return {"data": traces, "layout": layout}
