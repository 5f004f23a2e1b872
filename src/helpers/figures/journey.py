"""Who stands in which list, from the first to the last: one line per name."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from . import theme

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
    traces = []
    labels = list(stages.values())
    kinds = ((True, theme.BLUE, "circle", words[0]), (False, theme.ORANGE, "square", words[1]))
    empty: dict[str, list] = {"x": [], "y": [], "text": []}
    for done, colour, symbol, legend in kinds:
        x, y, texts = [], [], []
        for texts_of_row, row in zip(hover, table.to_dict("records"), strict=True):
            if bool(row[finished]) is not done:
                continue
            for position, (stage, text) in enumerate(zip(stages, texts_of_row, strict=True)):
                target = (x, y, texts) if row[stage] else (empty["x"], empty["y"], empty["text"])
                for values, value in zip(target, (labels[position], row[name], text), strict=True):
                    values.append(value)
            for values in (x, y, texts):
                values.append(None)
        traces.append(
            {
                "type": "scatter",
                "x": x,
                "y": y,
                "mode": "lines+markers",
                "line": {"color": colour, "width": 4},
                "marker": {"size": 15, "color": colour, "symbol": symbol},
                "hovertext": texts,
                "hoverinfo": "text",
                "name": legend,
            }
        )
    traces.append(
        {
            "type": "scatter",
            "x": empty["x"],
            "y": empty["y"],
            "mode": "markers",
            "marker": {"size": 12, "color": "#FFFFFF", "line": {"color": ABSENT, "width": 2}},
            "hovertext": empty["text"],
            "hoverinfo": "text",
            "name": words[2],
        }
    )
    layout = theme.layout(
        110 + row_height * len(table),
        hovermode="closest",
        xaxis={
            "side": "top",
            "type": "category",
            "categoryorder": "array",
            "categoryarray": labels,
            "range": [-0.4, len(labels) - 0.6],
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
        },
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": table[name].tolist()[::-1],
            "automargin": True,
            "fixedrange": True,
            "gridcolor": "#E3E9EE",
            "zeroline": False,
        },
        margin={"l": 8, "r": 8, "t": 48, "b": 8},
    )
    return {"data": traces, "layout": layout}
