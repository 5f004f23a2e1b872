"""What stands around the traces: grid and ticks, lines over all rows, notes and the legend."""

from __future__ import annotations

import math

from helpers.figures import theme
from helpers.figures.drawing.axes import Axis
from helpers.figures.drawing.frame import SYMBOL, SYMBOL_MIDDLE, TEXT_AT, Frame
from helpers.figures.drawing.picture import Word, element, number, paint, write
from helpers.figures.drawing.traces import Patterns, area_fill, markers, stroke
from helpers.figures.text import LINE, box_height, lines_of, widest

#: Shares of a font's size from a place to the line of writing: beside, below and above an axis.
BESIDE, BELOW, ABOVE = 0.35, 1.0, -0.2

#: Largest sizes that the legend shows of points and lines.
POINT, POINT_LINE, LINE_WIDTH = 16, 5, 10


def ground(frame: Frame, layout: dict) -> str:
    """What is behind the axes, where it has a colour."""
    colour = paint("fill", layout["plot_bgcolor"])
    if colour["fill"] == "none":
        return ""
    return element("rect", x=frame.left, y=frame.top, width=frame.across, height=frame.down, **colour)


def grid(frame: Frame) -> str:
    """The lines at the ticks, and at zero."""
    drawn = ""
    for axis in frame.axes.values():
        if not axis.seen:
            continue
        other = frame.axes[axis.spec.get("anchor", "y" if not axis.upwards else "x")]
        zero = float(axis.pixels(axis.values([0]))[0]) if axis.type == "linear" and axis.spec.get("zeroline") else None
        if axis.spec.get("showgrid", True):
            low, high = sorted((axis.start, axis.end))
            places = [
                at for at, _ in axis.ticks() if low + 1 < at < high - 1 and (zero is None or abs(at - zero) > 0.5)
            ]
            drawn += _lines(axis, other, places, axis.spec["gridcolor"])
        if zero is not None and min(axis.start, axis.end) <= zero <= max(axis.start, axis.end):
            drawn += _lines(axis, other, [zero], axis.spec["zerolinecolor"])
    return drawn


def _lines(axis: Axis, other: Axis, places: list[float], colour: str) -> str:
    low, high = sorted((other.start, other.end))
    if axis.upwards:
        path = "".join(f"M{number(low)} {number(at)}H{number(high)}" for at in places)
    else:
        path = "".join(f"M{number(at)} {number(low)}V{number(high)}" for at in places)
    return element("path", d=path, fill="none", **paint("stroke", colour), stroke_width=1) if path else ""


def ticks(frame: Frame, font: dict) -> list[Word]:
    """What is written at the ticks."""
    words: list[Word] = []
    for axis in frame.axes.values():
        if not axis.seen or not axis.spec.get("showticklabels", True):
            continue
        size = axis.spec.get("tickfont", {}).get("size", font["size"])
        other = frame.axes[axis.spec.get("anchor", "y" if not axis.upwards else "x")]
        if axis.upwards:
            edge = min(other.start, other.end) - 1
            for at, text in axis.ticks():
                words += write(text, edge, at + BESIDE * size, size, anchor="end", leading=0.5)
        elif axis.spec.get("side") == "top":
            edge = min(other.start, other.end) - 1
            for at, text in axis.ticks():
                words += write(text, at, edge + ABOVE * size, size, anchor="middle", leading=1)
        else:
            edge = max(other.start, other.end) + 1
            for at, text in axis.ticks():
                words += write(text, at, edge + BELOW * size, size, anchor="middle")
    return words


def shapes(frame: Frame, layout: dict, layer: str) -> str:
    """Lines through the whole drawing that lie below or above all else."""
    drawn = ""
    for shape in layout.get("shapes", ()):
        if shape.get("layer", "above") != layer:
            continue
        if shape["type"] != "line":
            raise ValueError(f"A shape of type {shape['type']} cannot be drawn.")
        (x0, y0), (x1, y1) = (place(frame, shape | {"x": shape[f"x{n}"], "y": shape[f"y{n}"]}) for n in (0, 1))
        path = f"M{number(x0)} {number(y0)}L{number(x1)} {number(y1)}"
        drawn += element("path", d=path, fill="none", **stroke(shape["line"]))
    return drawn


def place(frame: Frame, note: dict) -> tuple[float, float]:
    """Where a note or an end of a shape stands, in pixels."""
    x, y = frame.paper(*(note[c] if note.get(f"{c}ref") == "paper" else 0 for c in "xy"))
    if note.get("xref", "x") != "paper":
        x = float(frame.axes[note.get("xref", "x")].at([note["x"]])[0])
    if note.get("yref", "y") != "paper":
        y = float(frame.axes[note.get("yref", "y")].at([note["y"]])[0])
    return x + note.get("xshift", 0), y - note.get("yshift", 0)


def remarks(frame: Frame, layout: dict) -> tuple[str, list[Word]]:
    """Notes: a box behind them if they have one, an arrow, and their words."""
    drawn, words = "", []
    for note in layout.get("annotations", ()):
        x, y = place(frame, note)
        size = note["font"]["size"]
        lines = len(lines_of(note["text"]))
        above, below = box_height(size)
        pad = 1 + note.get("borderpad", 1)
        text_height = above + below + (lines - 1) * LINE * size
        wide, high = widest(note["text"], size) + 2 * pad, text_height + 2 * pad
        if note["showarrow"]:
            tip = (x, y)
            x, y = x + note["ax"], y + note["ay"]
        else:
            x += {"left": wide / 2, "right": -wide / 2}.get(note.get("xanchor", "center"), 0)
            y += {"bottom": -high / 2, "top": high / 2}.get(note.get("yanchor", "middle"), 0)
        # Halves go up, as plotly.js rounds them.
        left, top = math.floor(x - wide / 2 + 0.5), math.floor(y - high / 2 + 0.5)
        if note["showarrow"]:
            drawn += _arrow(note, (x, y), tip, (left, top, left + wide, top + high))
        if "bgcolor" in note:
            # Around it stands half of a border that nobody sees.
            box = {"x": left + 0.5, "y": top + 0.5, "width": wide - 1, "height": high - 1.0}
            drawn += element("rect", "", **box, **paint("fill", note["bgcolor"]))
        colour = note["font"].get("color", theme.INK)
        if note.get("align") == "left" and lines > 1:
            words += write(note["text"], left + pad, top + pad + above, size, colour)
        else:
            words += write(note["text"], left + wide / 2, top + pad + above, size, colour, "middle")
    return drawn, words


def _arrow(note: dict, start: tuple[float, float], tip: tuple[float, float], box: tuple) -> str:
    """A line from the edge of the words to what they name, with a dot at its end."""
    dx, dy = tip[0] - start[0], tip[1] - start[1]
    shares = [(edge - s) / d for edge, s, d in zip(box, start * 2, (dx, dy) * 2, strict=True) if d]
    share = min((share for share in shares if share > 0), default=0.0)
    x, y = start[0] + share * dx, start[1] + share * dy
    line = f"M{number(x)} {number(y)}L{number(tip[0])} {number(tip[1])}"
    colour, width = note["arrowcolor"], note["arrowwidth"]
    dot = element("circle", cx=tip[0], cy=tip[1], r=2 * note["arrowsize"] * width, **paint("fill", colour))
    return element("path", d=line, fill="none", **paint("stroke", colour), stroke_width=width) + dot


def legend(frame: Frame, font: dict, patterns: Patterns) -> tuple[str, list[Word]]:
    """The legend."""
    if frame.legend is None:
        return "", []
    drawn, words = "", []
    for entry in frame.legend.entries:
        trace = entry.trace
        x, y = frame.legend.x + entry.x, frame.legend.y + entry.y
        drawn += _symbol(trace, x, y, patterns)
        lines = len(lines_of(trace["name"]))
        first = y - LINE * font["size"] * ((lines - 1) / 2 - 0.3)
        words += write(trace["name"], x + TEXT_AT, first, font["size"])
    return drawn, words


def _symbol(trace: dict, x: float, y: float, patterns: Patterns) -> str:
    middle = x + SYMBOL_MIDDLE
    if trace["type"] == "bar":
        marker = trace["marker"]
        colour = marker["color"] if isinstance(marker["color"], str) else marker["color"][0]
        fill = patterns.fill(marker["pattern"]) if "pattern" in marker else colour
        line = marker.get("line", {"width": 0})
        line = line | {"width": min(line["width"], POINT_LINE)}
        path = f"M{number(middle - 6)} {number(y - 6)}h12v12h-12z"
        return element("path", class_=None if line["width"] else "mark", d=path, **paint("fill", fill), **stroke(line))
    drawn, mode = "", trace["mode"]
    filled = trace.get("fill") == "toself"
    start = f"M{number(x + 5)} {number(y - 2 if filled and 'markers' not in mode else y)}h{SYMBOL}"
    if filled:
        drawn += element("path", d=f"{start}v6h-{SYMBOL}z", **area_fill(trace, patterns))
    if "lines" in mode:
        line = trace["line"] | {"width": min(trace["line"].get("width", 2), LINE_WIDTH)}
        drawn += element("path", class_=None if filled else "mark", d=start, fill="none", **stroke(line))
    if "markers" in mode:
        marker = trace["marker"]
        marker = marker | {"size": min(max(marker["size"], 2), POINT)}
        drawn += markers(marker, [middle], [y], trace.get("line", {}).get("color"))
    return drawn
