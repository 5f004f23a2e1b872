"""Maps of the twenty regions: by role, told by pattern and not by colour alone; by class, some of them outlined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from helpers.figures import maps, theme

#: Where the name of each region stands from its middle, pixels right and down: at sea or abroad, hiding nothing.
NAME_OFFSETS: dict[str, tuple[int, int]] = {
    "01": (-14, 62),
    "03": (-44, -48),
    "04": (44, -44),
    "06": (48, 24),
    "09": (-62, 18),
    "14": (42, -44),
    "16": (34, -40),
    "18": (30, 44),
    "20": (64, 10),
}

#: Islets below this size get no outline, which would hide them, in m².
OUTLINED_AREA = 3e8


@dataclass(frozen=True)
class Look:
    """How a category is drawn: a colour, and a pattern over it (none: plain)."""

    colour: str
    pattern: str = ""
    ink: str = "#FFFFFF"


def category_map(
    areas: gpd.GeoDataFrame,
    categories: pd.Series,
    looks: dict[str, Look],
    names: dict[str, str],
    hover: Sequence[str],
    height: int = 640,
) -> dict:
    """Map of areas by category.

    Parameters
    ----------
    areas
        Polygons in a metric projection.
    categories
        Category of each area, aligned with ``areas``.
    looks, names
        How each category is drawn and what the legend calls it, in legend order.
    hover
        Text per area.
    """
    frame = maps.Frame.around(areas)
    drawn = dict(zip(areas.index, frame.generalise(areas.geometry), strict=True))
    texts = dict(zip(areas.index, hover, strict=True))
    traces = []
    for category in [c for c in looks if (categories == c).any()]:
        for number, index in enumerate(areas.index[categories == category]):
            legend: dict[str, Any] = {"showlegend": number == 0, "legendgroup": category, "name": names[category]}
            look = looks[category]
            if look.pattern:
                legend["fillpattern"] = {
                    "shape": look.pattern,
                    "fgcolor": look.ink,
                    "bgcolor": look.colour,
                    "size": 7,
                    "solidity": 0.3,
                }
            traces.append(maps.area(frame.path(drawn[index]), look.colour, texts[index], border="#FFFFFF", **legend))
    return frame.figure(traces, height)


def annotate(figure: dict, areas: gpd.GeoDataFrame, names: pd.Series) -> dict:
    """The same map with the names of some areas beside them, each with a line to its area.

    Parameters
    ----------
    figure
        A map of the same areas.
    areas
        Polygons in a metric projection, indexed by code.
    names
        Name to write, indexed by code; a code without an offset is written on its area.
    """
    frame = maps.Frame.around(areas)
    for code, name in names.items():
        largest = max(shapely.get_parts(areas.geometry[code]), key=lambda part: part.area)
        x, y = frame.point(*largest.representative_point().coords[0])
        ax, ay = NAME_OFFSETS.get(code, (0, 0))
        figure["layout"]["annotations"].append(
            {
                **dict(x=x, y=y, ax=ax, ay=ay, text=name, captureevents=False),
                **dict(showarrow=True, arrowhead=6, arrowsize=0.6, arrowwidth=1, arrowcolor=theme.INK),
                **dict(bgcolor="rgba(255,255,255,0.85)", borderpad=1, font={"size": 12}),
            }
        )
    return figure


def outline(
    figure: dict, areas: gpd.GeoDataFrame, marked: Sequence[bool], part: Sequence[bool], names: tuple[str, str]
) -> dict:
    """The same map with thick outlines round some areas, dashed round those marked in part.

    Parameters
    ----------
    figure
        A map of the same areas, made by :func:`helpers.figures.maps.choropleth`.
    areas
        Polygons in a metric projection.
    marked, part
        Which areas get an outline, and which of them a dashed one.
    names
        What the legend calls the two outlines.
    """
    frame = maps.Frame.around(areas)
    drawn = frame.generalise(areas.geometry)
    for kind, dash, name in ((False, "solid", names[0]), (True, "dot", names[1])):
        wanted = [s for s, m, p in zip(drawn, marked, part, strict=True) if m and p is kind]
        for number, shape in enumerate(wanted):
            large = [part for part in shapely.get_parts(shape) if part.area >= OUTLINED_AREA]
            x, y = frame.path(shapely.multipolygons(large))
            figure["data"].append(
                {
                    "type": "scatter",
                    "x": x,
                    "y": y,
                    "mode": "lines",
                    "line": {"color": theme.ORANGE, "width": 2.5, "dash": dash},
                    "name": name,
                    "legendgroup": name,
                    "showlegend": number == 0,
                    "hoverinfo": "skip",
                }
            )
    return figure
