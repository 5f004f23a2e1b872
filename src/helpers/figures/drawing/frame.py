"""Where things stand in a drawing: margins, legend and axes, as plotly.js places them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from helpers.figures.drawing.axes import Axis, categories
from helpers.figures.text import LINE, lines_of, widest

#: Of a legend, in pixels: its symbol, what is between things, the least height of an entry and what is between two.
SYMBOL, GAP, LEAST, APART = 30, 5, 16, 3

#: Where the symbol's middle and the text of an entry stand.
SYMBOL_MIDDLE, TEXT_AT = (SYMBOL + 2 * GAP) / 2, SYMBOL + 2 * GAP

#: How much more room than asked for a thing outside the axes gets, unless a margin is smaller.
PAD = 12


@dataclass(frozen=True)
class Entry:
    """An entry of the legend: its trace, and where it stands in the legend, in pixels."""

    trace: dict
    x: float
    y: float


@dataclass(frozen=True)
class Legend:
    """The legend's entries and size, in pixels."""

    entries: tuple[Entry, ...]
    width: int
    height: int
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True)
class Frame:
    """A drawing before anything is drawn.

    Attributes
    ----------
    width, height
        Of the drawing.
    left, top, across, down
        Corner and size of the room of the axes.
    """

    width: int
    height: int
    left: int
    top: int
    across: int
    down: int
    axes: dict[str, Axis]
    legend: Legend | None

    def paper(self, x: float, y: float) -> tuple[float, float]:
        """A place given in parts of the room of the axes, from its lower left corner."""
        return self.left + x * self.across, self.top + (1 - y) * self.down


def frame(chart: dict, width: int) -> Frame:
    """Place legend and axes of a chart in a drawing of this width."""
    layout, data = chart["layout"], chart["data"]
    margin, height = layout["margin"], layout["height"]
    left, top = margin["l"], margin["t"]
    across, bottom = width - left - margin["r"], margin["b"]
    legend = _legend(layout, data, across)
    if legend:
        top, bottom = _with_legend(layout, legend, height)
    down = height - top - bottom
    if legend:
        x, y = left + across * layout["legend"]["x"], top + down * (1 - layout["legend"]["y"])
        if layout["legend"]["yanchor"] == "bottom":
            y -= legend.height
        x = max(min(x, width - legend.width), 0)
        y = max(min(y, height - legend.height), 0)
        legend = Legend(legend.entries, legend.width, legend.height, x, y)
    return Frame(width, height, left, top, across, down, _axes(layout, data, left, top, across, down), legend)


def _legend(layout: dict, data: list[dict], across: int) -> Legend | None:
    """Entries side by side where one row holds them, else in columns as wide as the widest."""
    shown = [trace for trace in data if trace.get("showlegend", True) and trace.get("name")]
    if not layout["showlegend"] or not shown:
        return None
    size = layout["font"]["size"]
    widths = [TEXT_AT + widest(trace["name"], size) for trace in shown]
    heights = [max(len(lines_of(trace["name"])) * LINE * size, LEAST) + APART for trace in shown]
    room = max(across, 2 * TEXT_AT)
    one_row = sum(widths) + (len(shown) - 1) * GAP < room
    column = max(widths) + GAP
    x = y = row = reach = 0.0
    entries = []
    for trace, wide, high in zip(shown, widths, heights, strict=True):
        step = wide + GAP if one_row else column
        if not one_row and step + x - GAP >= room:
            x, y, row = 0.0, y + row, 0.0
        entries.append(Entry(trace, x, y + high / 2 + GAP))
        reach = max(reach, x + wide + GAP)
        x, row = x + step, max(row, high)
    return Legend(tuple(entries), math.ceil(x if one_row else reach), math.ceil(y + row + 2 * GAP))


def _with_legend(layout: dict, legend: Legend, height: int) -> tuple[int, int]:
    """Margins above and below with room for the legend."""
    margin, place = layout["margin"], layout["legend"]
    least = {side: margin[side] for side in "lrtb"}
    pad = min(PAD, *least.values())
    above = (legend.height if place["yanchor"] == "bottom" else 0) + pad
    below = (legend.height if place["yanchor"] == "top" else 0) + pad
    ends = [(0.0, least["b"], 1.0, least["t"]), (place["y"], below, place["y"], above)]
    top, bottom = float(least["t"]), float(least["b"])
    for low, low_size, _, _ in ends:
        for _, _, high, high_size in ends:
            if high <= low:
                continue
            new_bottom = (low_size * high + (high_size - height) * low) / (high - low)
            new_top = (high_size * (1 - low) + (low_size - height) * (1 - high)) / (high - low)
            if new_bottom + new_top > bottom + top:
                bottom, top = new_bottom, new_top
    return math.floor(top + 0.5), math.floor(bottom + 0.5)


def _axes(layout: dict, data: list[dict], left: int, top: int, across: int, down: int) -> dict[str, Axis]:
    axes = {}
    for key, spec in layout.items():
        if key[1:5] != "axis":
            continue
        name = key[0] + key[5:]
        first, last = spec.get("domain", (0, 1))
        if name[0] == "x":
            start, length = left + first * across, (last - first) * across
        else:
            start, length = top + (1 - first) * down, (last - first) * down
        names = categories(spec, (trace[name[0]] for trace in data if trace.get(f"{name[0]}axis", name[0]) == name))
        axes[name] = Axis(spec, name, start, length, names)
    if layout["yaxis"].get("scaleanchor") == "x":
        _same_scale(axes["x"], axes["y"])
    return axes


def _same_scale(x: Axis, y: Axis) -> None:
    """A unit is as long on both axes; the one that has room to spare gets shorter, around its middle."""
    scale = min(axis.length / abs(axis.high - axis.low) for axis in (x, y))
    for axis in (x, y):
        spare = axis.length - scale * abs(axis.high - axis.low)
        axis.start += -spare / 2 if axis.upwards else spare / 2
        axis.length -= spare
