"""Maps of where something is: areas by group, points with their names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np

from helpers.figures import theme
from helpers.figures.maps import Frame, area, legend_entry

#: Colours of groups that have no order: told apart with colour-vision deficiency, light enough under dark points
#: (Paul Tol's light scheme).
GROUPS = ("#77AADD", "#EEDD88", "#44BB99", "#EE8866")

#: Names are left out whose points are nearer to each other than this share of the map's width.
LABEL_DISTANCE = 0.13

#: How far above its point a name is written, in pixels.
NAME_SHIFT = 16

#: Half of the room of a letter, and the height of a name over its point, as parts of the map's width.
NAME_WIDTH, NAME_RISE = 0.009, 0.075


def grouped_map(
    areas: gpd.GeoDataFrame,
    groups: Sequence[str | None],
    names: dict[str, str],
    hover: Sequence[str],
    points: gpd.GeoDataFrame,
    points_hover: Sequence[str],
    words: dict[str, str],
    links: Sequence[str] | None = None,
    height: int = 620,
) -> dict:
    """Map of areas coloured by group, with points over them.

    Parameters
    ----------
    areas
        Polygons in a metric projection.
    groups
        Group of each area; None where it is not known (grey).
    names
        Legend entry per group, in legend order; at most four. Without groups every area is plain ground.
    hover, points_hover
        Text per area and per point; an empty text makes an area silent.
    points
        Points with ``name``, the most important first; names that would overlap one already written are left out.
    words
        ``points`` and ``unknown``: legend entries.
    links
        Address opened by a click on each area.
    """
    frame = Frame.around(areas)
    colours = dict(zip(names, GROUPS, strict=False))
    traces = []
    for position, (geometry, text) in enumerate(zip(frame.generalise(areas.geometry), hover, strict=True)):
        colour = colours.get(groups[position] or "", theme.MISSING if names else theme.CONTEXT)
        extra: dict[str, Any] = {} if text else {"hoverinfo": "skip"}
        if links is not None:
            extra["meta"] = {"href": links[position]}
        traces.append(area(frame.path(geometry), colour, text, showlegend=False, **extra))
    traces += [legend_entry(names[group], colour) for group, colour in colours.items()]
    if names and any(group not in colours for group in groups):
        traces.append(legend_entry(words["unknown"], theme.MISSING))
    positions = [frame.point(p.x, p.y) for p in points.geometry]
    traces.append(
        {
            "type": "scatter",
            "x": [x for x, _ in positions],
            "y": [y for _, y in positions],
            "mode": "markers",
            "marker": {"color": theme.INK, "size": 9, "line": {"color": "#FFFFFF", "width": 1.5}},
            "text": list(points_hover),
            "hoverinfo": "text",
            "name": words["points"],
        }
    )
    figure = frame.figure(traces, height)
    width = figure["layout"]["xaxis"]["range"][1]
    figure["layout"]["annotations"] = _names(points["name"], positions, width)
    return figure


def _names(names: Sequence[str], positions: list[tuple[int, int]], width: float) -> list[dict]:
    """Names over their points, or under them where they would hide another; none too near to one already written."""
    placed: list[tuple[int, int]] = []
    notes = []
    for name, (x, y) in zip(names, positions, strict=True):
        if any(np.hypot(x - u, y - v) < LABEL_DISTANCE * width for u, v in placed):
            continue
        placed.append((x, y))
        reach, rise = NAME_WIDTH * len(name) * width, NAME_RISE * width
        others = [(u - x, v - y) for u, v in positions if (u, v) != (x, y) and abs(u - x) < reach]
        hidden = {side: sum(0 < side * up < rise for _, up in others) for side in (1, -1)}
        side = -1 if hidden[-1] < hidden[1] else 1
        notes.append(
            {
                "x": x,
                "y": y,
                "yshift": side * NAME_SHIFT,
                "text": name,
                "showarrow": False,
                "bgcolor": "rgba(255,255,255,0.75)",
                "borderpad": 1,
                "font": {"size": 12},
                "captureevents": False,
            }
        )
    return notes
