"""Traces: bars, lines, areas, points and the words at points."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np
from markupsafe import Markup

from helpers.figures import theme
from helpers.figures.drawing.axes import Axis
from helpers.figures.drawing.picture import Word, element, number, paint, points, polyline, write
from helpers.figures.text import lines_of

#: Of a dash pattern, in parts of the line's width (or of 3 pixels, where it is thinner).
DASHES = {"dot": (1, 1), "dash": (3, 3), "longdash": (5, 5), "dashdot": (3, 1, 1, 1), "longdashdot": (5, 1, 1, 1)}
LEAST_DASH = 3

#: Elements that a dark page shows lighter where they would be lost.
MARK = "mark"


def bars(traces: Sequence[dict], layout: dict, axes: dict[str, Axis], patterns: Patterns) -> Markup:
    """The horizontal bars of a chart."""
    reached: dict[tuple, float] = {}
    return Markup("").join(_bar_trace(trace, layout, axes, reached, patterns) for trace in traces)


def _bar_trace(trace: dict, layout: dict, axes: dict[str, Axis], reached: dict, patterns: Patterns) -> str:
    across, up = axes[trace.get("xaxis", "x")], axes[trace.get("yaxis", "y")]
    if trace.get("orientation") != "h":
        raise ValueError("Only horizontal bars can be drawn.")
    width = trace.get("width", 1 - layout.get("bargap", 0.2))
    middles = up.values(trace["y"])
    lengths = np.array(trace["x"], dtype=float)
    base = across.values(trace["base"]) if "base" in trace else np.zeros(len(lengths))
    if layout["barmode"] in ("stack", "relative"):
        for n, (middle, length) in enumerate(zip(middles, lengths, strict=True)):
            side = (trace.get("yaxis", "y"), middle, layout["barmode"] == "relative" and length < 0)
            base[n] = reached.get(side, 0.0)
            reached[side] = base[n] + (0.0 if np.isnan(length) else length)
    x0, x1 = across.pixels(base), across.pixels(base + lengths)
    y0, y1 = up.pixels(middles - width / 2), up.pixels(middles + width / 2)
    marker = trace["marker"]
    fill = patterns.fill(marker["pattern"]) if "pattern" in marker else marker["color"]
    colours = [fill] * len(lengths) if isinstance(fill, str) else fill
    drawn = [
        (colour, f"M{points([a], [c])}H{number(float(b))}V{number(float(d))}H{number(float(a))}z")
        for colour, a, b, c, d in zip(colours, x0, x1, y0, y1, strict=True)
        if abs(b - a) > 0.01
    ]
    paths = Markup("").join(
        element("path", d="".join(path for _, path in group), **paint("fill", colour))
        for colour, group in groupby(drawn, key=lambda one: one[0])
    )
    line = marker.get("line")
    return element("g", paths, class_=None if line else MARK, **stroke(line or {"width": 0})) if paths else ""


def scatter(trace: dict, axes: dict[str, Axis], patterns: Patterns) -> tuple[str, list[Word]]:
    """Line, area, points and words of one trace."""
    across, up = axes[trace.get("xaxis", "x")], axes[trace.get("yaxis", "y")]
    x, y = across.at(trace["x"]), up.at(trace["y"])
    drawn, words = "", []
    if "lines" in trace["mode"]:
        drawn = _line(trace, x, y, patterns)
    there = ~(np.isnan(x) | np.isnan(y))
    if "markers" in trace["mode"] and there.any():
        drawn += markers(trace["marker"], x[there].tolist(), y[there].tolist(), trace.get("line", {}).get("color"))
    if "text" in trace["mode"]:
        words = _texts(trace, x, y)
    return drawn, words


def _line(trace: dict, x: np.ndarray, y: np.ndarray, patterns: Patterns) -> str:
    path = ""
    for run in _runs(x, y):
        if trace["line"].get("shape") == "hv":
            steps = "".join(
                f"H{number(float(a))}V{number(float(b))}" for a, b in zip(x[run][1:], y[run][1:], strict=True)
            )
            path += f"M{points(x[run][:1], y[run][:1])}{steps}"
        else:
            path += polyline(x[run].tolist(), y[run].tolist())
    if not path:
        return ""
    filled = trace.get("fill") == "toself"
    fill = area_fill(trace, patterns) if filled else {"fill": "none"}
    return element("path", class_=None if filled else MARK, d=path, **fill, **stroke(trace["line"]))


def area_fill(trace: dict, patterns: Patterns, scale: float = 1.0) -> dict[str, str]:
    """How an area is filled; ``scale`` is that of its map."""
    if "fillpattern" in trace:
        return {"fill": patterns.fill(trace["fillpattern"], scale)}
    return paint("fill", trace["fillcolor"])


def _runs(x: np.ndarray, y: np.ndarray) -> list[slice]:
    """The pieces of a line between its gaps."""
    gaps = [-1, *np.flatnonzero(np.isnan(x) | np.isnan(y)).tolist(), len(x)]
    return [slice(a + 1, b) for a, b in zip(gaps, gaps[1:], strict=False) if b - a > 1]


def stroke(line: dict) -> dict[str, Any]:
    """How a line is drawn, as attributes; none where nothing is seen of it."""
    width = line.get("width", 2)
    colour = paint("stroke", line.get("color")) if width else {"stroke": "none"}
    if colour["stroke"] == "none":
        return {}
    dash = DASHES.get(line.get("dash", "solid"))
    dashes = " ".join(number(part * max(width, LEAST_DASH)) for part in dash) if dash else None
    return {**colour, "stroke_width": width, "stroke_dasharray": dashes}


def markers(marker: dict, x: Sequence[float], y: Sequence[float], line_colour: str | None = None) -> str:
    """Points of one look."""
    symbol, size = marker.get("symbol", "circle"), marker["size"]
    colour, line = marker.get("color", line_colour), marker.get("line", {})
    width = line.get("width", 1 if symbol.endswith("-open") else 0)
    if paint("fill", colour)["fill"] == "none" and not width:
        return ""
    mark = None if width and not symbol.endswith("-open") else MARK
    if symbol == "circle" and not width:
        # One path of points with round ends: circles would weigh ten times as much.
        path = "".join(f"M{round(a)} {round(b)}h.01" for a, b in zip(x, y, strict=True))
        look = paint("stroke", colour)
        return element("path", class_=mark, d=path, fill="none", **look, stroke_width=size, stroke_linecap="round")
    if symbol.endswith("-open"):
        look = {"fill": "none", **paint("stroke", colour), "stroke_width": width}
    else:
        look = paint("fill", colour) | (
            stroke({"color": line.get("color", theme.INK), "width": width}) if width else {}
        )
    if symbol in ("circle", "circle-open"):
        shapes = Markup("").join(element("circle", cx=a, cy=b, r=size / 2) for a, b in zip(x, y, strict=True))
        return element("g", shapes, class_=mark, **look)
    paths = Markup("").join(
        element("path", d=_symbol(symbol.removesuffix("-open"), a, b, size / 2)) for a, b in zip(x, y, strict=True)
    )
    return element("g", paths, class_=mark, **look)


def _symbol(symbol: str, x: float, y: float, r: float) -> str:
    if symbol == "square":
        return f"M{points([x - r], [y - r])}h{number(2 * r)}v{number(2 * r)}h{number(-2 * r)}z"
    if symbol == "diamond":
        d = number(1.3 * r)
        return f"M{points([x - 1.3 * r], [y])}l{d}-{d} {d} {d}-{d} {d}z"
    if symbol == "line-ns":
        return f"M{points([x], [y - 1.4 * r])}v{number(2.8 * r)}"
    raise ValueError(f"The symbol {symbol} cannot be drawn.")


def _texts(trace: dict, x: np.ndarray, y: np.ndarray) -> list[Word]:
    """The words at the points of a trace."""
    font = trace["textfont"]
    reach = trace["marker"]["size"] / 2 / 0.8 + 1 if "markers" in trace["mode"] else 0.0
    sides = trace.get("textposition", "middle center")
    words = []
    for n, text in enumerate(trace["text"]):
        up, along = (sides if isinstance(sides, str) else sides[n]).split(" ")
        anchor, shift = {"left": ("end", -reach), "right": ("start", reach), "center": ("middle", 0.0)}[along]
        lines = len(lines_of(text))
        base = {"middle": 0.25, "top": -0.25, "bottom": 0.75}[up] * font["size"]
        base += {"middle": 0.0, "top": -reach, "bottom": reach}[up]
        leading = {"middle": 0.5, "top": 1.0, "bottom": 0.0}[up] if lines > 1 else 0.0
        words += write(text, float(x[n]) + shift, float(y[n]) + base, font["size"], font["color"], anchor, leading)
    return words


class Patterns:
    """Hatchings of a drawing, each defined once."""

    def __init__(self, name: str):
        self.name = name
        self.found: dict[tuple[tuple[str, Any], ...], str] = {}

    def fill(self, pattern: dict, scale: float = 1.0) -> str:
        """The address of a hatching, as a colour is given; ``scale`` is that of the area it fills, in pixels."""
        made = _tile(
            pattern["shape"], pattern["size"], pattern.get("solidity", 0.3), pattern["fgcolor"], pattern["bgcolor"]
        )
        if scale != 1:
            made["patternTransform"] = f"scale({1 / scale:.4g})"
        key = self.found.setdefault(tuple(made.items()), f"{self.name}-p{len(self.found)}")
        return f"url(#{key})"

    def defs(self) -> str:
        """The definitions."""
        made = Markup("").join(
            # Seen also where the drawing that holds it is not.
            element("pattern", id=key, patternUnits="userSpaceOnUse", visibility="visible", **dict(found))
            for found, key in self.found.items()
        )
        return element("defs", made) if made else ""


def _tile(shape: str, size: float, solidity: float, colour: str, ground: str) -> dict[str, Any]:
    """The tile of a hatching: its content, width and height."""
    side = size * 2**0.5 if shape in "/x" else float(size)
    back = element("rect", width=side, height=side, **paint("fill", ground))
    if shape == ".":
        radius = round((solidity * size * size / np.pi) ** 0.5, 2)
        front = element("circle", cx=side / 2, cy=side / 2, r=radius, **paint("fill", colour))
    elif shape in "/-x":
        # Lines go on beyond the tile, or their ends would show at its corners.
        q = side / 4
        up: list[tuple[float, ...]] = [(-q, q, q, -q), (0, side, side, 0), (3 * q, 5 * q, 5 * q, 3 * q)]
        down: list[tuple[float, ...]] = [(3 * q, -q, 5 * q, q), (0, 0, side, side), (-q, 3 * q, q, 5 * q)]
        across: list[tuple[float, ...]] = [(0, side / 2, side, side / 2)]
        lines = {"/": up, "x": up + down, "-": across}[shape]
        width = size - size * (1 - solidity) ** 0.5 if shape == "x" else solidity * size
        path = "".join(f"M{points([a, c], [b, d])}" for a, b, c, d in lines)
        front = element("path", d=path, fill="none", **paint("stroke", colour), stroke_width=width)
    else:
        raise ValueError(f"The pattern {shape} cannot be drawn.")
    return {"content": back + front, "width": round(side, 2), "height": round(side, 2)}
