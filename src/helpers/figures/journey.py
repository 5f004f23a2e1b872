"""Who stands in which list, from the first to the last: one line per name."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.figures import theme

#: A point of a list one is not in.
ABSENT = "#9AA8B4"


def journey(
    table: pd.DataFrame,
    name: str,
    stages: dict[str, str],
    finished: str,
    words: tuple[str, str, str],
    hover: Sequence[Sequence[str]],
    row_height: int = 34,
) -> dict:
    """One row per name, one column per list: a full point where it stands in the list, an empty one where not.

    Parameters
    ----------
    table
        One row per name, in the order of the rows from the top; boolean columns as in ``stages``.
    name
        Column of the names.
    stages
        Label per boolean column, in the order of time.
    finished
        The column that says who got to the end.
    words
        Legend entries: who finished, who did not, not in the list.
    hover
        Text per row and stage.
    """
    labels, names = list(stages.values()), table[name].tolist()
    points: dict[str, list[tuple]] = {"finished": [], "left": [], "absent": []}
    for row, texts in zip(table.to_dict("records"), hover, strict=True):
        own = points["finished" if row[finished] else "left"]
        for stage, text in zip(stages, texts, strict=True):
            (own if row[stage] else points["absent"]).append((stages[stage], row[name], text))
        # The line is broken between names.
        own.append((None, None, None))
    line = {"mode": "lines+markers"}
    empty = {"size": 12, "color": "#FFFFFF", "line": {"color": ABSENT, "width": 2}}
    traces = [
        _points(points["finished"], words[0]) | line | _solid(theme.BLUE, "circle"),
        _points(points["left"], words[1]) | line | _solid(theme.ORANGE, "square"),
        _points(points["absent"], words[2]) | {"mode": "markers", "marker": empty},
    ]
    layout = theme.layout(
        110 + row_height * len(names),
        hovermode="closest",
        xaxis=theme.axis(
            side="top",
            type="category",
            categoryorder="array",
            categoryarray=labels,
            range=[-0.4, len(labels) - 0.6],
            showgrid=False,
        ),
        yaxis=theme.rows_axis(names),
        margin={"l": theme.left(names), "r": 8, "t": 48, "b": 8},
    )
    return {"data": traces, "layout": layout}


def _points(points: list[tuple], legend: str) -> dict:
    """A trace through points: stage, name and text of each."""
    x, y, texts = (list(values) for values in zip(*points, strict=True)) if points else ([], [], [])
    return {"type": "scatter", "x": x, "y": y, "hovertext": texts, "hoverinfo": "text", "name": legend}


def _solid(colour: str, symbol: str) -> dict:
    return {"line": {"color": colour, "width": 4}, "marker": {"size": 15, "color": colour, "symbol": symbol}}
