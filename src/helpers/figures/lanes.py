"""Dated events of a few stories, each on its own lane along one axis of time."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.figures import theme

_COLOURS = (theme.BLUE, theme.ORANGE)
_SYMBOLS = ("circle", "diamond")

#: Day drawn for a date that is known only by its season, month or year: about the middle.
_SEASONS = {"winter": "01-15", "spring": "04-15", "summer": "07-15", "autumn": "10-31"}


def drawn_day(date: str, precision: str) -> str:
    """The day at which an event is drawn, as an ISO date.

    Parameters
    ----------
    date
        ``2019-01-23``, ``2018-10``, ``2015`` or ``2016-autumn``.
    precision
        ``day``, ``month``, ``season`` or ``year``.
    """
    if precision == "day":
        return date
    year, _, rest = date.partition("-")
    if precision == "season":
        return f"{year}-{_SEASONS[rest]}"
    return f"{year}-{rest}-15" if precision == "month" else f"{year}-07-01"


def lanes(
    events: pd.DataFrame,
    names: dict[str, str],
    hover: Sequence[str],
    height: int = 240,
) -> dict:
    """One lane per story, from its first to its last event.

    Parameters
    ----------
    events
        ``side``, ``date``, ``precision``, one row per event.
    names
        Name of each side, in the order of the lanes from the top.
    hover
        Text per event.
    """
    traces = []
    days = [drawn_day(date, precision) for date, precision in zip(events["date"], events["precision"], strict=True)]
    drawn = events.assign(day=days, text=list(hover))
    for (side, name), colour, symbol in zip(names.items(), _COLOURS, _SYMBOLS, strict=False):
        own = drawn[drawn["side"] == side].sort_values("day")
        traces.append(
            {
                "type": "scatter",
                "x": own["day"].tolist(),
                "y": [name] * len(own),
                "mode": "lines+markers",
                "line": {"color": colour, "width": 6},
                "marker": {"size": 16, "color": colour, "symbol": symbol, "line": {"color": "#FFFFFF", "width": 2}},
                "hovertext": own["text"].tolist(),
                "hoverinfo": "text",
                "name": name,
            }
        )
    years = range(int(min(days)[:4]), int(max(days)[:4]) + 1)
    layout = theme.layout(
        height,
        hovermode="closest",
        showlegend=False,
        xaxis=theme.axis(
            type="date",
            range=[f"{years[0]}-01-01", f"{years[-1] + 1}-05-01"],
            tickvals=[f"{year}-01-01" for year in years[::2]],
            ticktext=[str(year) for year in years[::2]],
        ),
        yaxis=theme.rows_axis(names.values(), showgrid=False),
        margin={"l": theme.left(names.values()), "r": 16, "t": 8, "b": 32},
    )
    return {"data": traces, "layout": layout}
