"""Shapes of one's own for a map: a file, a frame, or a table that `wecare add` has put beside ours."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
from markupsafe import Markup

from helpers import config
from helpers.data import own_package, raw
from helpers.errors import nearest, refuse
from helpers.figures.layers import with_layer
from helpers.imports.layers import is_layer, read_layer
from helpers.pages.common.page_words import PageWords
from helpers.prose.render import upper_first


@dataclass(frozen=True)
class Layer:
    """Shapes in the projection of our maps, with what they are called.

    Attributes
    ----------
    title
        Where they come from, marked as somebody's own.
    shapes
        One row per shape.
    """

    title: str
    shapes: gpd.GeoDataFrame

    def over(self, chart: dict, areas: gpd.GeoDataFrame) -> dict:
        """The chart of a map of these areas with the layer over it."""
        return with_layer(chart, areas, self.shapes.geometry.tolist(), self._hover(), self.title)

    def _hover(self) -> list[Markup]:
        """What each shape is called, by the first column of words, and whose it is."""
        texts = [c for c in self.shapes if c != "geometry" and self.shapes[c].map(_is_word).any()]
        named = self.shapes[texts[0]].fillna("").astype("str") if texts else [""] * len(self.shapes)
        return [Markup("<b>{}</b><br>{}").format(name, self.title) for name in named]


def _is_word(cell: object) -> bool:
    """Whether a cell is a text that says more than a code does."""
    return isinstance(cell, str) and sum(map(str.isalpha, cell)) > 1


def find_layer(given: str | Path | gpd.GeoDataFrame, words: PageWords, call: str) -> Layer:
    """The layer that is meant.

    Parameters
    ----------
    given
        A file, a frame with shapes, or the name of an own table that has some.

    Raises
    ------
    InputError
        If there is none, it cannot be read, it has no shapes, or it does not say its coordinates.
    """
    title, frame = _read(given, words, call)
    known = frame[frame.geometry.notna() & ~frame.geometry.is_empty]
    if known.empty:
        raise refuse(call, "the layer has no shapes", "give one with points, lines or areas", title or None)
    if known.crs is None:
        remedy = "say them, as frame.set_crs(4326), or save the layer with its .prj"
        raise refuse(call, "the layer does not say its coordinates", remedy, title or None)
    mark = words.label("own.mark")
    return Layer(
        f"{title} ({mark})" if title else upper_first(mark), known.to_crs(config.CRS_MAP).reset_index(drop=True)
    )


def _read(given: str | Path | gpd.GeoDataFrame, words: PageWords, call: str) -> tuple[str, gpd.GeoDataFrame]:
    if isinstance(given, gpd.GeoDataFrame):
        return str(given.attrs.get("source") or ""), given
    own = {entry["name"]: entry for entry in raw.descriptor()["resources"] if own_package.is_own(entry)}
    held = [name for name in own if own_package.shapes_of(name) in own]
    if str(given) in held:
        shapes, table = raw.load_geometry(own_package.shapes_of(str(given))), raw.load(str(given))
        key = next(column for column in shapes if column != "geometry")
        # Its mark stands behind the title already, in all languages.
        return own[str(given)]["title"].rpartition(" (")[0], shapes.merge(table, on=key)
    path = Path(given)
    if not is_layer(path):
        near = nearest(str(given), held) if held else "give a GeoJSON, a shapefile or a GeoPackage"
        raise refuse(call, "there is no such layer", near, given)
    return path.name, read_layer(path)
