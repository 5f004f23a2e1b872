"""Charts of spending: payments over time, and amounts against a benchmark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pandas as pd

from helpers.figures import scales, theme

#: Colours of lines that come in any number, told apart by dashes too.
LINES = (theme.BLUE, theme.ORANGE, "#1B7837", "#762A83", theme.INK, "#B2182B", "#5A768A", "#8C510A")
DASHES = ("solid", "dash", "dot", "dashdot")


def paid(
    table: pd.DataFrame,
    names: dict[str, str],
    hover: Sequence[str],
    axis: str,
    show: Callable[[float], str],
    height: int = 360,
) -> dict:
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
    show
        Prints the number of a tick.
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
    up = scales.scale(table["paid_eur"] / 1e6, show, zero=True)
    left = theme.left(up["ticktext"])
    layout = theme.layout(
        height,
        hovermode="closest",
        showlegend=True,
        xaxis=theme.axis(type="date", **_quarters(table["date"])),
        yaxis=theme.axis(automargin=True, **up),
        annotations=[theme.title_above(axis, left)],
        legend={**theme.LEGEND, "y": -0.14},
        margin={"l": left, "r": 32, "t": 28, "b": 48},
    )
    return {"data": traces, "layout": layout}


def against(
    names: Sequence[str],
    actual: Sequence[float],
    benchmark: Sequence[float],
    hover: Sequence[str],
    words: tuple[str, str, str],
    show: Callable[[float], str],
) -> dict:
    """Amounts as dots, the benchmark of each as a tick on the same line.

    Parameters
    ----------
    names, actual, benchmark, hover
        Per territory, in the order from the top: name, euro, euro, text.
    words
        Legend of the dots and of the ticks, title of the axis.
    show
        Prints the number of a tick.
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
        xaxis=theme.axis(**scales.scale([*thousands[0], *thousands[1]], show, zero=True)),
        yaxis=theme.rows_axis(rows),
        annotations=[theme.title_across(words[2])],
        legend={**theme.LEGEND, "y": 1.0, "yanchor": "bottom"},
        margin={"l": theme.left(rows), "r": 16, "t": 40, "b": 48},
    )
    return {"data": traces, "layout": layout}


def _quarters(dates: pd.Series) -> dict:
    """Range and at most six ticks of an axis of time that holds these days (ISO)."""
    days = sorted(set(dates))
    shown = days[:: -(-len(days) // 6)]
    first, last = (date.fromisoformat(day) for day in (days[0], days[-1]))
    # Half of the first label, which would stand over the nought of the other axis on a phone.
    room = max((last - first) / 9, timedelta(days=10))
    texts = [f"{day[5:7]}/{day[:4]}" for day in shown]
    return {"range": [str(first - room), str(last + room)], "tickvals": shown, "ticktext": texts}
