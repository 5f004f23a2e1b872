"""Lines from a first year to a last one, each named at its end: values, or ranks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from markupsafe import escape

from helpers.figures import theme
from helpers.figures.text import widest

#: Size of letters, and pixels from one name to the next.
SMALL, STEP = 12, 17

#: Decimals that are drawn: a pixel is more.
DIGITS = 2

#: Room for what leads from a line to its name, as a share of the years.
LEAD = 0.1


@dataclass(frozen=True)
class Look:
    """How lines of one kind look, and what the legend calls them.

    Attributes
    ----------
    name, colour, width
        Of the line.
    point
        Size of its points.
    every
        Whether points stand at every year; else at the first and the last, where lines are many.
    """

    name: str
    colour: str
    width: float
    point: float = 6
    every: bool = True


def slopes(
    values: pd.DataFrame,
    kinds: Sequence[str],
    looks: Mapping[str, Look],
    ends: Sequence[str],
    hover: Sequence[Sequence[str]],
    ticks: Sequence[float],
    show: Callable[[float], str],
    title: str,
    years: Sequence[int],
    downwards: bool = False,
    open_years: Sequence[int] = (),
) -> dict:
    """Lines over the years with a name at the end of each; full where years follow each other, else dashed.

    Parameters
    ----------
    values
        Places × years, none missing.
    kinds
        Of each place, a key of ``looks``; the last is drawn above the others.
    ends
        What is written at the end of each line.
    hover
        Text of each point, as ``values``.
    ticks, show
        Values written at the left, and how.
    title
        What the vertical axis shows.
    years
        Those written below.
    downwards
        Lowest value at the top, as of ranks.
    open_years
        Years whose points are open.
    """
    values = values.round(DIGITS)
    dates = [int(year) for year in values.columns]
    reach = (dates[-1] - dates[0]) * LEAD
    height = STEP * (len(values) + 1)
    low, high = float(values.min().min()), float(values.max().max())
    unit = (high - low) / (height - STEP)
    names_at = spread(values.iloc[:, -1].to_numpy(dtype=float), STEP * unit).round(DIGITS)
    low, high = min(low, names_at.min()) - STEP * unit / 2, max(high, names_at.max()) + STEP * unit / 2
    traces = []
    for kind, look in looks.items():
        rows = [n for n, own in enumerate(kinds) if own == kind]
        if rows:
            place = values.iloc[rows], names_at[rows], dates[-1] + reach
            traces += _lines(*place, look)
            traces += _points(values.iloc[rows], look, [hover[n] for n in rows], set(open_years))
            traces.append(_names(*place[1:], look, [ends[n] for n in rows]))
    left = theme.left([show(tick) for tick in ticks])
    layout = theme.layout(
        height + 24 + 40 + 34,
        hovermode="closest",
        xaxis=theme.axis(
            range=[dates[0] - reach * 0.3, dates[-1] + reach],
            tickvals=list(years),
            ticktext=[str(year) for year in years],
            tickfont={"size": SMALL},
            showgrid=False,
        ),
        yaxis=theme.axis(
            range=[high, low] if downwards else [low, high],
            tickvals=list(ticks),
            ticktext=[show(tick) for tick in ticks],
        ),
        annotations=[theme.title_above(escape(title), left)],
        legend=theme.LEGEND | {"y": -0.06},
        margin={"l": left, "r": int(max(widest(escape(end), SMALL) for end in ends)) + 14, "t": 24, "b": 28},
    )
    return {"data": traces, "layout": layout}


def spread(values: np.ndarray, least: float) -> np.ndarray:
    """Places as near to some values as they can be, each at least so far from the next.

    Parameters
    ----------
    values
        In any order.
    least
        Distance, in the unit of the values.

    Examples
    --------
    >>> spread(np.array([1.0, 5.0, 5.0]), 1.0).tolist()
    [1.0, 4.5, 5.5]
    """
    # Its import takes as long as a page.
    from scipy.optimize import isotonic_regression

    order = np.argsort(values, kind="stable")
    steps = np.arange(len(values)) * least
    found = np.empty(len(values))
    found[order] = isotonic_regression(values[order] - steps).x + steps
    return found


def _lines(values: pd.DataFrame, names_at: np.ndarray, end: float, look: Look) -> list[dict]:
    """Lines between the years, and thin ones that lead to the names."""
    dates = [int(year) for year in values.columns]
    line = {"color": look.colour, "width": look.width}
    pieces: dict[str, tuple[list, list]] = {"solid": ([], []), "dash": ([], [])}
    for row in values.to_numpy(dtype=float):
        # A run of years of one kind is one piece.
        before = ""
        for n in range(1, len(dates)):
            dash = "solid" if dates[n] == dates[n - 1] + 1 else "dash"
            x, y = pieces[dash]
            if dash != before:
                x += [None, dates[n - 1]]
                y += [None, float(row[n - 1])]
            x.append(dates[n])
            y.append(float(row[n]))
            before = dash
    drawn = [
        theme.lines(x[1:], y[1:], line | ({"dash": dash} if dash != "solid" else {}), look.name, showlegend=False)
        for dash, (x, y) in pieces.items()
        if x
    ]
    xs = [x for _ in names_at for x in (dates[-1], end, None)][:-1]
    ys = [y for value, at in zip(values.iloc[:, -1], names_at, strict=True) for y in (value, at, None)][:-1]
    return [*drawn, theme.lines(xs, ys, {"color": look.colour, "width": 0.7}, look.name, showlegend=False)]


def _points(values: pd.DataFrame, look: Look, hover: Sequence[Sequence[str]], open_years: set[int]) -> list[dict]:
    """Points of all lines: full, and open ones."""
    traces = []
    dates = [int(year) for year in values.columns]
    for is_open in (False, True):
        shown = range(len(dates)) if look.every else (0, len(dates) - 1)
        years = [n for n in shown if (dates[n] in open_years) == is_open]
        marker: dict = {"color": look.colour, "size": look.point}
        if is_open:
            marker |= {"symbol": "circle-open", "line": {"width": 1.5}}
        if years:
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "x": [dates[n] for _ in range(len(values)) for n in years],
                    "y": [float(row[n]) for row in values.to_numpy() for n in years],
                    "marker": marker,
                    "name": look.name,
                    "showlegend": not is_open,
                    "hovertext": [row[n] for row in hover for n in years],
                    "hoverinfo": "text",
                }
            )
    return traces


def _names(names_at: np.ndarray, end: float, look: Look, texts: Sequence[str]) -> dict:
    return {
        "type": "scatter",
        "mode": "text",
        "x": [end] * len(texts),
        "y": names_at.tolist(),
        "text": [f"\u00a0{escape(text)}" for text in texts],
        "textposition": "middle right",
        "textfont": {"size": SMALL, "color": theme.INK if look.width < 2 else look.colour},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }
