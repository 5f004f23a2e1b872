"""Areas of a map: their borders in whole units of the map, written once for all drawings of it on a page."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from markupsafe import Markup

from helpers.figures.drawing.frame import Frame
from helpers.figures.drawing.picture import element, number
from helpers.figures.drawing.traces import DASHES, LEAST_DASH, Patterns, area_fill, stroke


def is_map(layout: dict) -> bool:
    """Whether a chart is a map: a unit is as long on both axes."""
    return layout.get("yaxis", {}).get("scaleanchor") == "x"


def outline(x: list, y: list) -> str:
    """A path of whole numbers, north up, as SVG has it: each line its first point and the steps to the others.

    Examples
    --------
    >>> outline([10, 14, 14, 10, None, 3, 4], [5, 5, 2, 5, None, 1, 1])
    'M10-5l4 0 0 3-4-3M3-1l1 0'
    """
    parts: list[str] = []
    before: tuple[int, int] | None = None
    lift = True
    for a, b in zip(x, y, strict=True):
        if a is None:
            before = None
        elif before is None:
            parts.append(f"M{a} {-b}")
            before, lift = (a, b), True
        else:
            parts.append(f"{'l' if lift else ' '}{a - before[0]} {before[1] - b}")
            before, lift = (a, b), False
    return "".join(parts).replace(" -", "-")


def areas(traces: list[dict], frame: Frame, name: str, borrowed: bool, patterns: Patterns) -> str:
    """The areas of a map.

    Parameters
    ----------
    traces
        Those of lines, in the map's own units.
    name
        Of the drawing, for ids.
    borrowed
        Use the outlines that another drawing of the same name on the page holds.
    """
    x, y = frame.axes["x"], frame.axes["y"]
    scale = x.length / (x.high - x.low)
    runs = ""
    for n, (look, group) in enumerate(groupby(traces, key=lambda trace: _look(trace, scale))):
        key = f"{name}-a{n}"
        if borrowed:
            content = element("use", href=f"#{key}")
        else:
            paths = Markup("").join(
                element("path", **_fill(trace, patterns, scale), d=outline(trace["x"], trace["y"])) for trace in group
            )
            content = element("g", paths, id=key)
        runs += element("g", content, **dict(look))
    size = {"x": x.start, "y": y.end, "width": x.length, "height": y.length}
    width, height = x.high - x.low, y.high - y.low
    return element("svg", runs, class_="areas", **size, viewBox=f"0 {-height:.1f} {width:.1f} {height:.1f}")


def _fill(trace: dict, patterns: Patterns, scale: float) -> dict[str, str]:
    return area_fill(trace, patterns, scale) if trace.get("fill") == "toself" else {"fill": "none"}


def _look(trace: dict, scale: float) -> tuple[tuple[str, Any], ...]:
    """How the lines of a trace look; widths in units of the map."""
    line = trace["line"]
    look = stroke(line)
    if look:
        width = line.get("width", 2)
        dash = DASHES.get(line.get("dash", "solid"))
        dashes = " ".join(number(part * max(width, LEAST_DASH) / scale) for part in dash) if dash else None
        look |= {"stroke_width": width / scale, "stroke_dasharray": dashes}
    if trace.get("fill") != "toself":
        look |= {"class_": "mark"}
    return tuple(look.items())
