"""The drawing of a chart: plotly's JSON → SVG, as plotly.js would draw it, for page, paper and picture."""

from __future__ import annotations

from helpers.figures.drawing import notes, traces
from helpers.figures.drawing.areas import areas, is_map
from helpers.figures.drawing.frame import frame
from helpers.figures.drawing.picture import Picture, Word

__all__ = ["Picture", "Word", "draw"]


def draw(chart: dict, width: int, name: str = "figure", borrowed: bool = False) -> Picture:
    """Draw a chart.

    What plotly.js would choose by itself must be said in the chart: ranges, ticks and margins. What the charts of
    this project do not use cannot be drawn.

    Parameters
    ----------
    chart
        ``data`` and ``layout``, as the modules of :mod:`helpers.figures` make them.
    width
        In pixels; the layout gives the height.
    name
        Begins the ids in the drawing.
    borrowed
        Leave outlines of areas out, to be those of another drawing of this name on the page.

    Raises
    ------
    ValueError
        When the chart leaves something open, or uses what cannot be drawn.
    """
    layout, data = chart["layout"], chart["data"]
    placed, patterns = frame(chart, width), traces.Patterns(f"{name}-n" if borrowed else name)
    drawn = notes.ground(placed, layout) + notes.shapes(placed, layout, "below") + notes.grid(placed)
    drawn += traces.bars([trace for trace in data if trace["type"] == "bar"], layout, placed.axes, patterns)
    words: list[Word] = []
    rest = [trace for trace in data if trace["type"] == "scatter"]
    if is_map(layout):
        drawn += areas([trace for trace in rest if trace["mode"] == "lines"], placed, name, borrowed, patterns)
        rest = [trace for trace in rest if trace["mode"] != "lines"]
    for trace in rest:
        marks, written = traces.scatter(trace, placed.axes, patterns)
        drawn += marks
        words += written
    words = notes.ticks(placed, layout["font"]) + words
    drawn += notes.shapes(placed, layout, "above")
    for marks, written in (notes.remarks(placed, layout), notes.legend(placed, layout["font"], patterns)):
        drawn += marks
        words += written
    return Picture(width, layout["height"], patterns.defs() + drawn, tuple(words))
