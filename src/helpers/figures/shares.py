"""Shares of a whole as bars, some of them marked, one with a second value that a source gives."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from helpers.figures import theme

#: Pixels per bar with the name above it.
ROW = 50


def shares(
    frame: pd.DataFrame,
    second: tuple[int, float],
    words: dict[str, str],
    show: Callable[[float], str],
) -> dict:
    """Bars under their names, from the first row at the top.

    Parameters
    ----------
    frame
        ``label``, ``share`` (fraction), ``wecare`` (marked).
    second
        Position of a row and the share another figure of the same source would give it.
    words
        ``wecare_axis``, ``other_axis`` and ``printed_amount``: how the legend calls them.
    show
        Prints a share.
    """
    traces = []
    for marked, colour, name in ((True, theme.ORANGE, "wecare_axis"), (False, "#8FA3B3", "other_axis")):
        rows = frame.index[frame["wecare"] == marked]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "y": list(rows),
                "x": [round(frame.at[i, "share"] * 100, 2) for i in rows],
                "width": 0.36,
                "name": words[name],
                "marker": {"color": colour},
                "hovertext": [f"{frame.at[i, 'label']}: {show(frame.at[i, 'share'])}" for i in rows],
                "hoverinfo": "text",
            }
        )
    row, share = second
    other = {
        "type": "scatter",
        "x": [round(share * 100, 2)],
        "y": [row],
        "mode": "markers",
        "marker": {"symbol": "diamond-open", "size": 14, "color": theme.INK, "line": {"width": 2}},
        "name": words["printed_amount"],
        "hovertext": [f"{frame.at[row, 'label']}, {words['printed_amount']}: {show(share)}"],
        "hoverinfo": "text",
    }
    names = [
        {"x": 0, "xref": "paper", "xanchor": "left", "y": i - 0.36, "showarrow": False, "font": {"size": 13},
         "text": f"{frame.at[i, 'label']}: {show(frame.at[i, 'share'])}"}
        for i in frame.index
    ]  # fmt: skip
    layout = theme.layout(
        ROW * len(frame) + 70,
        barmode="overlay",
        hovermode="closest",
        annotations=names,
        xaxis=theme.axis(visible=False, range=[0, max(frame["share"].max(), share) * 104]),
        yaxis=theme.axis(visible=False, range=[len(frame) - 0.6, -0.75]),
        margin={"l": 4, "r": 4, "t": 4, "b": 8},
    )
    return {"data": [*traces, other], "layout": layout}
