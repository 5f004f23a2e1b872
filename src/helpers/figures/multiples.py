"""Small multiples: one small chart over the years for each place, all on one scale.

All of them stand on one pair of axes, each moved to its cell: sixty axes would take a browser a second to draw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from helpers.figures import theme
from helpers.figures.ranges import wrap
from helpers.figures.trends import lift

#: Pixels of a cell: all of it, and its name above the drawing.
CELL, NAME = 88, 32

#: Years between two cells of a row.
APART = 8

#: Sizes of letters and points.
SMALL, POINT = 11, 5

#: Colours of places that lost and that gained.
LOST, GAINED = theme.ORANGE, theme.BLUE


class Grid:
    """Where the cells are, in the units of the axes.

    Parameters
    ----------
    years
        First and last.
    values
        Lowest and highest that a cell shows.
    columns, rows
        How many cells.
    """

    def __init__(self, years: tuple[int, int], values: tuple[float, float], columns: int, rows: int):
        self.first, self.last = years
        self.low, self.high = values
        self.columns, self.rows = columns, rows
        self.across = self.last - self.first + APART
        self.unit = (self.high - self.low) / (CELL - NAME)
        self.down = CELL * self.unit

    def x(self, cell: int, year: float) -> float:
        """Where a year stands in a cell; cells count from the upper left."""
        return cell % self.columns * self.across + year - self.first

    def y(self, cell: int, value: float) -> float:
        """Where a value stands in a cell."""
        return round(value - cell // self.columns * self.down, 2)

    def back(self, x: float, y: float) -> tuple[int, float, float]:
        """The cell, year and value of a point."""
        column = int((x + APART / 2) // self.across)
        row = int((self.high + NAME * self.unit - y) // self.down)
        return row * self.columns + column, self.first + x - column * self.across, y + row * self.down


def multiples(
    values: pd.DataFrame,
    reference: pd.Series,
    base: float,
    ticks: tuple[Sequence[float], Sequence[int]],
    words: Mapping[str, str],
    show: Callable[[float], str],
    hover: Sequence[Sequence[str]],
    ends: Sequence[str],
    open_years: Sequence[int] = (),
    break_year: float | None = None,
    columns: int = 3,
) -> dict:
    """Lines over the years, one cell per place; a line joins years that follow each other, points stand at all.

    Parameters
    ----------
    values
        Places × years, in the order of the cells; missing ones are gaps.
    reference
        By year, drawn in every cell.
    base
        Value from which places lost or gained.
    ticks
        Values and years written at the axes.
    words
        Legend: ``lost``, ``gained``, ``reference``, ``open``, ``break``.
    show
        Prints a value at a tick.
    hover
        Text of each point, as ``values``.
    ends
        What is written at the left of each cell, below where its line begins.
    open_years
        Years whose points are open.
    break_year
        Year marked by a line: numbers before and after are counted in another way.
    columns
        Cells in a row: three still tell their shape on a telephone.
    """
    years = [int(year) for year in values.columns]
    rows = -(-len(values) // columns)
    low, high = values.min().min(), values.max().max()
    room = (high - low) * 0.07
    grid = Grid((years[0], years[-1]), (float(low - room), float(high + room)), columns, rows)
    cells = range(len(values))
    last = values.ffill(axis=1).iloc[:, -1]
    groups = [
        ("gained", GAINED, [cell for cell in cells if last.iloc[cell] >= base]),
        ("lost", LOST, [cell for cell in cells if last.iloc[cell] < base]),
    ]
    traces = [_line(grid, [(cell, reference) for cell in cells], "#A9B6C2", 1.5, words["reference"])]
    if break_year is not None:
        traces.append(_break(grid, cells, break_year, words["break"]))
    for name, colour, own in groups:
        if own:
            traces.append(_line(grid, [(n, values.iloc[n]) for n in own], colour, 1.5, words[name], showlegend=False))
            traces += _points(grid, own, values, hover, colour, words[name], set(open_years))
    if set(open_years) & set(years):
        look = {"symbol": "circle-open", "size": POINT + 2, "color": theme.INK, "line": {"width": 1.5}}
        entry = {"type": "scatter", "x": [None], "y": [None], "mode": "markers", "marker": look}
        traces.append(entry | {"name": words["open"], "hoverinfo": "skip"})
    return {"data": traces, "layout": _layout(grid, values, ticks, show, ends)}


def _line(
    grid: Grid, rows: Sequence[tuple[int, pd.Series]], colour: str, width: float, name: str, **extra: object
) -> dict:
    """All pieces of line of some cells in one trace."""
    xs: list = []
    ys: list = []
    for cell, values in rows:
        x, y = lift(values.dropna())
        xs += [None if year is None else grid.x(cell, year) for year in x] + [None]
        ys += [None if value is None else grid.y(cell, value) for value in y] + [None]
    return theme.lines(xs[:-1], ys[:-1], {"color": colour, "width": width}, name, **extra)


def _break(grid: Grid, cells: Sequence[int], year: float, name: str) -> dict:
    ends = (grid.low, grid.high)
    xs = [x for cell in cells for x in (grid.x(cell, year), grid.x(cell, year), None)]
    ys = [y for cell in cells for y in (*(grid.y(cell, end) for end in ends), None)]
    return theme.lines(xs[:-1], ys[:-1], {"color": theme.MUTED, "width": 1, "dash": "dot"}, name)


def _points(
    grid: Grid,
    cells: Sequence[int],
    values: pd.DataFrame,
    hover: Sequence[Sequence[str]],
    colour: str,
    name: str,
    open_years: set[int],
) -> list[dict]:
    """Points of some cells: full, and open ones."""
    traces = []
    known = values.notna().to_numpy()
    for is_open in (False, True):
        places = [
            (cell, n, int(year))
            for cell in cells
            for n, year in enumerate(values.columns)
            if known[cell, n] and (int(year) in open_years) == is_open
        ]
        marker: dict = {"color": colour, "size": POINT}
        if is_open:
            marker |= {"symbol": "circle-open", "size": POINT + 1, "line": {"width": 1.5}}
        if places:
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "x": [grid.x(cell, year) for cell, _, year in places],
                    "y": [grid.y(cell, float(values.iat[cell, n])) for cell, n, _ in places],
                    "marker": marker,
                    "name": name,
                    "showlegend": not is_open,
                    "hovertext": [hover[cell][n] for cell, n, _ in places],
                    "hoverinfo": "text",
                }
            )
    return traces


def _layout(
    grid: Grid,
    values: pd.DataFrame,
    ticks: tuple[Sequence[float], Sequence[int]],
    show: Callable[[float], str],
    ends: Sequence[str],
) -> dict:
    levels, years = ticks
    heads = range(0, grid.rows * grid.columns, grid.columns)
    left = theme.left([show(level) for level in levels], SMALL)
    middle = (grid.first + grid.last) / 2
    notes = []
    for cell, (name, end) in enumerate(zip(values.index, ends, strict=True)):
        notes.append(_note(grid, cell, middle, grid.high, wrap(str(name)), yanchor="bottom"))
        notes.append(_note(grid, cell, grid.first - 1, sum(levels) / len(levels), f"<b>{end}</b>", xanchor="left"))
    above = [
        _note(grid, cell, year, grid.high, str(year), yanchor="bottom") | {"y": 1, "yref": "paper", "yshift": 2}
        for cell in range(grid.columns)
        for year in years
    ]
    return theme.layout(
        CELL * grid.rows + 118,
        hovermode="closest",
        annotations=[*notes, *above],
        xaxis=theme.axis(
            range=[-APART / 2, grid.columns * grid.across - APART / 2],
            tickvals=[grid.x(cell, year) for cell in range(grid.columns) for year in years],
            ticktext=[str(year) for _ in range(grid.columns) for year in years],
            tickfont={"size": SMALL},
            showgrid=False,
        ),
        yaxis=theme.axis(
            range=[grid.y(heads[-1], grid.low), grid.high + NAME * grid.unit],
            tickvals=[grid.y(cell, level) for cell in heads for level in levels],
            ticktext=[show(level) for _ in heads for level in levels],
            tickfont={"size": SMALL},
        ),
        legend=theme.LEGEND | {"y": -0.022},
        margin={"l": left, "r": 8, "t": 22, "b": 24},
    )


def _note(grid: Grid, cell: int, year: float, value: float, text: str, **anchors: str) -> dict:
    place = {"x": grid.x(cell, year), "y": grid.y(cell, value), "xanchor": "center", **anchors}
    return {**place, "text": text, "showarrow": False, "font": {"size": SMALL, "color": theme.INK}}
