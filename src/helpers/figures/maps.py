"""Maps drawn as filled scatter traces in projected coordinates.

Plotly's own map types fetch topology or tiles from other hosts, or need WebGL; a trace filled to itself needs
neither and draws alike in JupyterLab, on the site and on paper. Maps are plotly's JSON as plain dicts: its Python
objects check every property of the trace of every comune, a third of the time of a whole report; the tests check
them instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from markupsafe import escape

from helpers.analysis.classes import class_of, class_texts
from helpers.figures import theme
from helpers.figures.outlines import SEQUENTIAL
from helpers.figures.text import widest

#: A map keeps no detail finer than this share of its longer side, which is its unit: less than a pixel of a page.
DETAIL = 1 / 600

#: Units in the finest detail on paper, which shows more.
PAPER_UNITS = 3

#: Points of a ring that is no area: two, and the first once more.
MIN_RING = 3

#: Room of a map on a phone, in pixels; what a name needs around its letters, and from one to the next below it.
PHONE, NAME_PAD, NAME_HEIGHT = (342, 400), 4, 20


@dataclass(frozen=True)
class Classes:
    """Classes of a choropleth, the same on every map that shows the same indicator.

    Attributes
    ----------
    bounds
        Between the classes, increasing (:func:`helpers.analysis.classes.inner_bounds`).
    decimals
        To which the values are printed, and as which they are classed.
    colours
        One colour per class.
    labels
        What the legend says of each class.
    """

    bounds: tuple[float, ...]
    decimals: int
    colours: tuple[str, ...]
    labels: tuple[str, ...]

    def index(self, values: pd.Series) -> np.ndarray:
        """Class of each value, from 0; −1 where the value is missing."""
        return np.array(class_of(values, self.bounds, self.decimals))


def classes(bounds: Sequence[float], decimals: int, show: Callable[[float], str], words: Mapping[str, str]) -> Classes:
    """Colours and legend for bounds; ``show`` prints a bound, ``words`` are those of :func:`class_texts`."""
    wanted = len(bounds) + 1
    colours = SEQUENTIAL[max(wanted, len(theme.SEQUENTIAL))][:wanted]
    return Classes(tuple(bounds), decimals, colours, tuple(class_texts(bounds, decimals, show, words)))


def choropleth(
    areas: gpd.GeoDataFrame,
    values: pd.Series,
    classes: Classes,
    hover: Sequence[str],
    missing_label: str,
    context: gpd.GeoDataFrame | None = None,
    context_hover: Sequence[str] = (),
    links: Sequence[str] | None = None,
    labels: gpd.GeoDataFrame | None = None,
    height: int = 520,
) -> dict:
    """Map of areas coloured by class.

    Parameters
    ----------
    areas
        Polygons in a metric projection.
    values
        Rate of each area, aligned with ``areas``.
    classes
        Bounds, colours and legend.
    hover
        Text per area.
    missing_label
        Legend entry of areas without a value.
    context, context_hover
        Areas drawn in grey around them, with their text.
    links
        Address opened by a click on each area.
    labels
        Areas whose ``name`` is written on the map, most important first.
    """
    frame = Frame.around(areas)
    around = [] if context is None else context.geometry.tolist()
    drawn = frame.generalise([*areas.geometry, *around])
    own, around = drawn[: len(areas)], shapely.clip_by_rect(drawn[len(areas) :], *frame.bounds)
    traces = [
        area(frame.path(geometry), theme.CONTEXT, text, border=theme.BORDER, showlegend=False)
        for geometry, text in zip(around, context_hover, strict=True)
    ]
    index = classes.index(values)
    for position, (geometry, klass, text) in enumerate(zip(own, index, hover, strict=True)):
        colour = classes.colours[klass] if klass >= 0 else theme.MISSING
        link: dict[str, Any] = {"meta": {"href": links[position]}} if links is not None else {}
        traces.append(area(frame.path(geometry), colour, text, showlegend=False, **link))
    traces += _legend(classes, index, missing_label)
    return frame.figure(traces, height, labels)


def status_map(
    comuni: gpd.GeoDataFrame,
    districts: gpd.GeoDataFrame,
    hover: Sequence[str],
    links: Sequence[str],
    status_labels: dict[str, str],
    height: int = 560,
    colours: Mapping[str, str] = theme.STATUS_COLOURS,
    detail: float = DETAIL,
) -> dict:
    """Map of the districts, their ground coloured by how well something is known, or by another status.

    Parameters
    ----------
    comuni
        Polygons with ``status``; joined by status before drawing.
    districts
        Polygons drawn as outlines over them, with ``name``.
    hover, links
        Text and address per district.
    status_labels
        Legend entry per status, in legend order.
    colours
        Colour per status.
    detail
        The finest one, as a share of the longer side.
    """
    frame = replace(Frame.around(districts), finest=detail)
    shown = [status for status in status_labels if (comuni["status"] == status).any()]
    ground = [shapely.coverage_union_all(comuni.geometry[comuni["status"] == s].values) for s in shown]
    traces = []
    for status, geometry in zip(shown, frame.generalise(ground), strict=True):
        colour = colours[status]
        traces.append(area(frame.path(geometry), colour, "", width=0, hoverinfo="skip", showlegend=False))
        traces.append(legend_entry(status_labels[status], colour))
    outlines = frame.generalise(districts.geometry)
    for geometry, text, href in zip(outlines, hover, links, strict=True):
        outline: dict[str, Any] = {"border": theme.INK, "width": 1.5, "meta": {"href": href}}
        traces.append(area(frame.path(geometry), theme.TRANSPARENT, text, showlegend=False, **outline))
    return frame.figure(traces, height)


@dataclass(frozen=True)
class Frame:
    """The drawing's own coordinates: whole numbers from the lower left corner.

    Attributes
    ----------
    x0, y0, width, height
        Lower left corner and size, in metres.
    finest
        The finest detail as a share of the longer side.
    units
        How many units the finest detail has.
    """

    x0: float
    y0: float
    width: float
    height: float
    finest: float = DETAIL
    units: int = 1

    @classmethod
    def around(cls, areas: gpd.GeoDataFrame, margin: float = 0.04) -> Frame:
        """A frame around areas, with a margin as a share of their longer side."""
        x0, y0, x1, y1 = areas.total_bounds
        pad = margin * max(x1 - x0, y1 - y0)
        return cls(x0 - pad, y0 - pad, x1 - x0 + 2 * pad, y1 - y0 + 2 * pad)

    @classmethod
    def filling(cls, areas: gpd.GeoDataFrame, size: tuple[int, int], detail: float, margin: float = 0.04) -> Frame:
        """A frame of the shape of a drawing, around areas; ``size`` and ``detail`` in its pixels."""
        x0, y0, x1, y1 = areas.total_bounds
        pixel = max((x1 - x0) / size[0], (y1 - y0) / size[1]) * (1 + 2 * margin)
        width, height = pixel * size[0], pixel * size[1]
        return cls((x0 + x1 - width) / 2, (y0 + y1 - height) / 2, width, height, detail / max(size), PAPER_UNITS)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north in metres."""
        return self.x0, self.y0, self.x0 + self.width, self.y0 + self.height

    @property
    def detail(self) -> float:
        """Metres of the finest detail it shows."""
        return self.finest * max(self.width, self.height)

    @property
    def unit(self) -> float:
        """Metres of a unit of the drawing."""
        return self.detail / self.units

    def generalise(self, geometries: Sequence) -> np.ndarray:
        """Simplify the borders of a coverage together, to what this map can show."""
        return shapely.coverage_simplify(np.asarray(geometries, dtype=object), self.detail)

    def point(self, x: float, y: float) -> tuple[int, int]:
        """A place in the frame's units."""
        return round((x - self.x0) / self.unit), round((y - self.y0) / self.unit)

    def path(self, geometry: shapely.Geometry) -> tuple[list, list]:
        """All rings as one path, gaps between them; holes run the other way, so the fill leaves them open."""
        xs: list[int | None] = []
        ys: list[int | None] = []
        for polygon in shapely.get_parts(shapely.orient_polygons(geometry)):
            if not isinstance(polygon, shapely.Polygon):
                continue  # a border that only touches the frame
            for ring in (polygon.exterior, *polygon.interiors):
                points = np.round((np.asarray(ring.coords) - (self.x0, self.y0)) / self.unit).astype(int)
                keep = np.r_[True, np.any(np.diff(points, axis=0) != 0, axis=1)]
                # What is smaller than the detail would be a dot or a line.
                if keep.sum() > MIN_RING:
                    xs += [*points[keep, 0].tolist(), None]
                    ys += [*points[keep, 1].tolist(), None]
        return xs[:-1], ys[:-1]

    def figure(
        self,
        traces: list,
        height: int,
        labels: gpd.GeoDataFrame | None = None,
        room: tuple[int, int] = PHONE,
        **extra: Any,
    ) -> dict:
        """The chart of a map; ``room`` is what names find at least, in pixels, ``extra`` goes into the layout."""
        across = theme.axis(visible=False, range=[0, self.width / self.unit], constrain="domain")
        up = theme.axis(visible=False, range=[0, self.height / self.unit], scaleanchor="x", constrain="domain")
        notes = self._annotations(labels, room)
        return {
            "data": traces,
            "layout": theme.layout(height, xaxis=across, yaxis=up, hovermode="closest", annotations=notes, **extra),
        }

    def _annotations(self, labels: gpd.GeoDataFrame | None, room: tuple[int, int]) -> list[dict]:
        """Names on their areas, those left out that would cover one already written."""
        if labels is None:
            return []
        wide, high = self.width / self.unit, self.height / self.unit
        scale = min(room[0] / wide, room[1] / high)
        spare = (room[0] - scale * wide) / 2
        placed: list[tuple[float, float, float]] = []
        notes = []
        for name, point in zip(labels["name"], labels.geometry.representative_point(), strict=True):
            x, y = self.point(point.x, point.y)
            half = widest(name, theme.SMALL) / 2 + NAME_PAD
            at = spare + x * scale
            inside = round(min(max(at, half), room[0] - half))
            if any(abs(inside - a) < half + b and abs(y * scale - c) < NAME_HEIGHT for a, b, c in placed):
                continue
            placed.append((inside, half, y * scale))
            notes.append(
                {
                    "x": x,
                    "y": y,
                    "xshift": round(inside - at),
                    "text": escape(name),
                    "showarrow": False,
                    "bgcolor": "rgba(255,255,255,0.8)",
                    "borderpad": 2,
                    "font": {"size": theme.SMALL},
                    "captureevents": False,
                }
            )
        return notes


def area(
    path: tuple[list, list],
    colour: str,
    text: str,
    width: float = 0.6,
    border: str = theme.AREA_BORDER,
    **extra: Any,
) -> dict:
    """An area as a trace filled to itself, as plotly's JSON has it."""
    return {
        "type": "scatter",
        "x": path[0],
        "y": path[1],
        "mode": "lines",
        "fill": "toself",
        "fillcolor": colour,
        "line": {"color": border, "width": width},
        "hoveron": "fills",
        "text": text,
        "hoverinfo": "text",
        **extra,
    }


def legend_entry(label: str, colour: str) -> dict:
    """A trace that only stands in the legend, as a square."""
    marker = {"symbol": "square", "size": 14, "color": colour, "line": {"color": theme.MUTED, "width": 0.5}}
    return {
        "type": "scatter",
        "x": [None],
        "y": [None],
        "mode": "markers",
        "marker": marker,
        "name": label,
        "hoverinfo": "skip",
    }


def _legend(classes: Classes, index: np.ndarray, missing_label: str) -> list[dict]:
    entries = [legend_entry(name, colour) for name, colour in zip(classes.labels, classes.colours, strict=True)]
    if (index < 0).any():
        entries.append(legend_entry(missing_label, theme.MISSING))
    return entries
