"""Places against their own reference: a point for the place, a tick for the reference, a line between."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from helpers.figures import scales, theme


def against(
    names: Sequence[str],
    values: Sequence[float],
    references: Sequence[float],
    reference_names: Sequence[str],
    show: Callable[[float], str],
    words: tuple[str, str],
    tick: Callable[[float], str],
    row_height: int = 32,
) -> dict:
    """One row per place, in the order given from the top.

    Parameters
    ----------
    names, values
        Places and their value.
    references, reference_names
        Value and name of what each place is set against.
    show
        Prints a value.
    words
        Legend entries of the places and of their references.
    tick
        Prints the number of a tick.
    """
    pairs = list(zip(names, values, references, reference_names, strict=True))
    hover = [f"{name}: {show(value)}<br>{around}: {show(other)}" for name, value, other, around in pairs]
    between = {
        "type": "scatter",
        "x": [x for _, value, other, _ in pairs for x in (other, value, None)],
        "y": [y for name, *_ in pairs for y in (name, name, None)],
        "mode": "lines",
        "line": {"color": "#B5C0CA", "width": 3},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    points = {"type": "scatter", "mode": "markers", "y": list(names), "hovertext": hover, "hoverinfo": "text"}
    stroke = {"symbol": "line-ns-open", "size": 20, "color": theme.INK, "line": {"width": 3}}
    dot = {"size": 14, "color": theme.BLUE, "line": {"color": "#FFFFFF", "width": 1.5}}
    layout = theme.layout(
        90 + row_height * len(names),
        hovermode="closest",
        xaxis=theme.axis(**scales.scale([*values, *references], tick)),
        yaxis=theme.rows_axis(names),
        legend=theme.LEGEND | {"y": -0.1},
        margin={"l": theme.left(names), "r": 16, "t": 8, "b": 32},
    )
    drawn = [
        between,
        {**points, "x": list(references), "marker": stroke, "name": words[1]},
        {**points, "x": list(values), "marker": dot, "name": words[0]},
    ]
    return {"data": drawn, "layout": layout}
