"""Lines over the years: points where there are data, no line where years are missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.figures import scales, theme

#: Height of a chart, and the sizes of its points.
HEIGHT, POINT = 300, 8


@dataclass(frozen=True)
class Line:
    """What one line shows.

    Attributes
    ----------
    name
        In the legend.
    values
        By year, in order; missing years are gaps.
    colour, dash
        Its look.
    open_years
        Years whose points are open: their values are provisional.
    """

    name: str
    values: pd.Series
    colour: str
    dash: str = "solid"
    open_years: Sequence[int] = ()


def trend(lines: Sequence[Line], title: str, show: Callable[[float], str], hover: Callable[[float], str]) -> dict:
    """Lines of some territories over the years.

    Parameters
    ----------
    lines
        The most important last.
    title
        Of the vertical axis.
    show, hover
        Print the number of a tick, and a value.
    """
    traces = []
    for line in lines:
        known = line.values.dropna()
        x, y = lift(known)
        look = {"color": line.colour, "width": 2, "dash": line.dash}
        traces.append(theme.lines(x, y, look, line.name, showlegend=False))
        is_open = known.index.isin(list(line.open_years))
        traces.append(_points(line, known[~is_open], "circle", hover))
        if is_open.any():
            traces.append(_points(line, known[is_open], "circle-open", hover) | {"showlegend": not (~is_open).any()})
    years = sorted({int(year) for line in lines for year in line.values.dropna().index})
    up = scales.scale([v for line in lines for v in line.values], show, wanted=5)
    left = theme.left(up["ticktext"])
    layout = theme.layout(
        HEIGHT,
        hovermode="closest",
        xaxis=theme.axis(range=[years[0] - 0.6, years[-1] + 0.6], **_ticks(years), showgrid=False),
        yaxis=theme.axis(**up),
        annotations=[theme.title_above(title, left)],
        margin={"l": left, "r": 26, "t": 28, "b": 40},
        legend={**theme.LEGEND, "y": -0.14},
    )
    return {"data": traces, "layout": layout}


def lift(known: pd.Series) -> tuple[list, list]:
    """Coordinates of a line through values by year that ends before a year that is missing.

    Examples
    --------
    >>> lift(pd.Series({2011: 5.0, 2020: 4.0, 2021: 4.5}))
    ([2011, None, 2020, 2021], [5.0, None, 4.0, 4.5])
    """
    x: list = []
    y: list = []
    for year, value in known.items():
        if x and x[-1] != year - 1:
            x.append(None)
            y.append(None)
        x.append(year)
        y.append(value)
    return x, y


def _points(line: Line, known: pd.Series, symbol: str, hover: Callable[[float], str]) -> dict:
    return {
        "type": "scatter",
        "x": [int(year) for year in known.index],
        "y": known.tolist(),
        "mode": "markers",
        "marker": {"color": line.colour, "size": POINT, "symbol": symbol, "line": {"color": line.colour, "width": 2}},
        "name": line.name,
        "hovertext": [f"{line.name}, {year}: {hover(value)}" for year, value in known.items()],
        "hoverinfo": "text",
    }


def _ticks(years: list[int]) -> dict:
    """The first and the last year, and others in between that leave room."""
    step = max(1, round((years[-1] - years[0]) / 6))
    ticks = [year for year in years if (years[-1] - year) % step == 0]
    ticks = ticks if years[0] in ticks or ticks[0] - years[0] < step else [years[0], *ticks]
    return {"tickvals": ticks, "ticktext": [str(year) for year in ticks]}
