"""Maps and rankings of any frame of places, drawn by what draws the site's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from markupsafe import Markup

from helpers import config
from helpers.analysis.classes import COUNT, SCHEME
from helpers.data import processed, raw
from helpers.desk.names import KEYS
from helpers.desk.quantities import Quantity, Words, classes_of, level_of, quantity, source_of
from helpers.desk.tables import unit_of
from helpers.desk.views import View
from helpers.errors import nearest, refuse
from helpers.figures import maps
from helpers.figures.ranking import ranking
from helpers.figures.tables import Column
from helpers.pages.common.own_layers import find_layer
from helpers.system import files

#: Names written on a map of comuni, the most populous first.
NAMES = 6

#: Further room for the values of a ranking, in pixels.
WIDER = 16

#: Rows of a ranking where nobody says how many: all up to the first number, else the second.
ALL, TOP = 60, 30


def draw_map(
    frame: pd.DataFrame,
    column: str,
    *,
    classes: int = COUNT,
    scheme: str = SCHEME,
    bounds: Sequence[float] | None = None,
    hover: Sequence[str] = ("residents",),
    names: int | None = None,
    around: bool = True,
    layer: str | Path | gpd.GeoDataFrame | None = None,
    title: str | None = None,
    source: str | None = None,
    height: int = 520,
    lang: str = "it",
) -> View:
    """A map of places coloured by a column.

    Parameters
    ----------
    frame
        A row per place, with one of the keys ``comune``, ``district``, ``province``, ``quadrant``: a table of the desk
        or your own. Outlines are found by the key where the frame has no geometry.
    column
        What colours the places: an indicator by any of its names, or a column of your own.
    classes, scheme
        How many classes (2–6), and how they are made: ``quantiles``, ``equal`` or ``natural``. Those of an indicator
        are made of its whole level, as on the site.
    bounds
        Bounds between the classes instead, in the unit of the column, increasing.
    hover
        Further columns that a pointer is told.
    names
        How many names are written on the map, the most populous first; by default six of comuni.
    around
        Whether the neighbours of a part of the region are drawn in grey.
    layer
        Shapes of your own over it: a GeoJSON, a shapefile, a GeoDataFrame, or the name of a table that ``wecare add``
        made of one. Points, outlines and lines, marked as your own; what lies beyond the map is left out.
    title, source
        What stands over and under it; by default the name of the column with its unit, and its dataset.
    height
        In pixels.
    lang
        ``it`` or ``en``.

    Returns
    -------
    View
        ``.frame``, ``.chart`` (plotly), ``.picture`` (SVG), ``.save("map.html|svg|png|csv")``.

    Raises
    ------
    InputError
        If there is no such column, it holds no numbers, no key tells the rows apart as places, or the layer has no
        shapes or no coordinates.

    Notes
    -----
    Source: that of the column, and of the layer; ``View.source`` says it.

    Examples
    --------
    >>> import helpers as we
    >>> density = we.map(we.comuni("Cuneo"), "density", lang="en")
    >>> density.title
    'Population density (residents per km²)'
    >>> len(density.frame)
    53
    """
    call = "we.map"
    words = words_in(lang, call)
    frame = rows_of(frame, call)
    level = level_of(frame, call)
    found = quantity(frame, column, words, call)
    areas, context = _outlines(frame, level, around, call)
    kinds = classes_of(frame, found, call, level, classes, scheme, bounds)
    told = hovers(areas, [found, *_more(areas, hover, found, words, call)])
    written = (NAMES if level == "comuni" else 0) if names is None else names
    largest = areas.sort_values("residents", ascending=False, kind="stable") if "residents" in areas else areas
    chart = maps.choropleth(
        areas,
        areas[found.id],
        kinds,
        told,
        words.label("map.no_value"),
        context=context,
        context_hover=[] if context is None else context["name"].tolist(),
        labels=largest.head(written) if written and "name" in areas else None,
        height=height,
    )
    plain = without_outlines(areas)
    shown = view(plain, [found], chart, title, source, level, lowest_and_highest(plain, found))
    if layer is None:
        return shown
    own = find_layer(layer, words, call)
    said = f"{shown.source} {own.title}." if source is None else source
    return replace(shown, description=own.over(chart, areas), source=said, alt=f"{shown.alt} {own.title}.")


def draw_rank(
    frame: pd.DataFrame,
    column: str,
    *,
    top: int | None = None,
    ascending: bool = False,
    label: str = "name",
    reference: str | float | None = "region",
    classes: int = COUNT,
    scheme: str = SCHEME,
    bounds: Sequence[float] | None = None,
    hover: Sequence[str] = ("residents",),
    dots: bool | None = None,
    title: str | None = None,
    source: str | None = None,
    lang: str = "it",
) -> View:
    """A ranking of the rows by a column, in the colours of their map.

    Parameters
    ----------
    frame, column, classes, scheme, bounds, hover, title, source, lang
        As in :func:`draw_map`.
    top
        How many rows; by default all up to 60, else 30.
    ascending
        The lowest first.
    label
        The column that names the rows.
    reference
        What is marked by a line: ``region``, a value, or None.
    dots
        Dots in place of bars; by default of values that go up and down.

    Returns
    -------
    View
        ``.frame``, ``.chart`` (plotly), ``.picture`` (SVG), ``.save("rank.html|svg|png|csv")``.

    Raises
    ------
    InputError
        If there is no such column, or it holds no numbers.

    Notes
    -----
    Source: that of the column; ``View.source`` says it.

    Examples
    --------
    >>> import helpers as we
    >>> oldest = we.rank(we.districts, "old_age_index", top=5)
    >>> oldest.frame["name"].head(2).tolist()
    ['Acqui Terme e Ovada', 'Biella']
    """
    call = "we.rank"
    words = words_in(lang, call)
    frame = rows_of(frame, call)
    found = quantity(frame, column, words, call)
    if label not in frame:
        raise refuse(call, "the frame has no such column to name its rows", nearest(label, frame.columns), label)
    level = next((each for each, key in KEYS.items() if key in frame and frame[key].is_unique), "")
    known = frame[frame[found.id].notna()].sort_values(found.id, ascending=ascending, kind="stable")
    if known.empty:
        raise refuse(call, "no row of the frame has a value", "choose another column", column)
    shown = known.head(top or (len(known) if len(known) <= ALL else TOP)).reset_index(drop=True)
    kinds = classes_of(frame, found, call, level, classes, scheme, bounds)
    mark = found.reference() if reference == "region" else reference
    line = None
    if isinstance(mark, (int, float)):
        called = f"{words.label('ranking.region.short')} " if reference == "region" else ""
        line = float(mark), f"{called}{found.show(mark)}"
    chart = ranking(
        shown[[found.id]].astype("float64"),
        [[kinds.colours[k] for k in kinds.index(shown[found.id])]],
        shown[label].astype("str").tolist(),
        [found.show(v) for v in shown[found.id]],
        hovers(shown, [found, *_more(shown, hover, found, words, call)], label),
        reference=line,
        dots=bool((shown[found.id] < 0).any() or _signed(found)) if dots is None else dots,
    )
    # Fonts of a notebook are wider than ours.
    chart["layout"]["margin"]["r"] += WIDER
    part = "" if len(shown) == len(known) else f" ({len(shown)} / {len(known)})"
    plain = without_outlines(shown)
    return view(
        plain, [found], chart, title or found.title + part, source, level, lowest_and_highest(shown, found, label)
    )


def _signed(found: Quantity) -> bool:
    return bool(getattr(found.entry, "signed", False))


def rows_of(frame: Any, call: str) -> pd.DataFrame:
    """A frame with rows, its attributes kept; refuses anything else."""
    if not isinstance(frame, pd.DataFrame):
        raise refuse(call, "the first argument must be a frame", "give we.districts, say", type(frame).__name__)
    if frame.empty:
        raise refuse(call, "the frame has no rows", "look at how it was chosen")
    if frame.columns.has_duplicates:
        twice = frame.columns[frame.columns.duplicated()].tolist()
        raise refuse(call, "the frame has two columns of one name", "rename or drop one", ", ".join(map(str, twice)))
    return frame


def without_outlines(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without geometry, its attributes kept."""
    plain = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    plain.attrs = dict(frame.attrs)
    return plain


def words_in(lang: str, call: str) -> Words:
    """The words of a language; refuses one the site does not have."""
    if lang not in config.LANGUAGES:
        raise refuse(call, "there is no such language", nearest(lang, config.LANGUAGES), lang)
    return _words(lang, files.fingerprint_of(config.RAW / raw.DESCRIPTOR))


@lru_cache(maxsize=4)
def _words(lang: str, state: str) -> Words:
    return Words(lang)


def hovers(frame: pd.DataFrame, shown: Sequence[Quantity], label: str = "name") -> list[Markup]:
    """What a pointer is told of each row: its name, and some values."""
    names = frame[label].astype("str") if label in frame else pd.Series("", frame.index)
    cells = [[f"{each.short}: {each.show(value)}" for value in frame[each.id]] for each in shown]
    return [
        Markup("<br>").join([Markup("<b>{}</b>").format(name), *values])
        for name, *values in zip(names, *cells, strict=True)
    ]


def lowest_and_highest(frame: pd.DataFrame, found: Quantity, label: str = "name") -> str:
    """The ends of a column, in words: the text alternative of what shows it."""
    known = frame[frame[found.id].notna()].sort_values(found.id)
    if known.empty:
        return f"{found.long}."
    ends = [known.iloc[0]] + ([known.iloc[-1]] if len(known) > 1 else [])
    return f"{found.long}: {'; '.join(f'{row.get(label, row.name)} {found.show(row[found.id])}' for row in ends)}."


def view(
    frame: pd.DataFrame,
    found: Sequence[Quantity],
    chart: dict,
    title: str | None,
    source: str | None,
    level: str,
    alt: str,
) -> View:
    """A chart with its title, source and the columns of its file."""
    key = KEYS.get(level)
    places = frame[key].tolist() if key else None
    said = source_of(found, frame, places) if source is None else source
    first = [column for column in (key, "name") if column and column in frame]
    shown = [each for each in found if each.id in frame]
    columns = [Column(each, each, str, row_header=each == "name") for each in first]
    columns += [Column(each.id, each.short, each.show, numeric=True, unit=unit_of(each.id)) for each in shown]
    kept = [*first, *(each.id for each in shown)]
    rest = [column for column in frame if column not in kept]
    return View(frame[[*kept, *rest]], chart, title or " / ".join(each.title for each in found), said, alt, columns)


def _more(frame: pd.DataFrame, hover: Sequence[str], found: Quantity, words: Words, call: str) -> list[Quantity]:
    """Further columns for a pointer: those that the frame has, where nobody asked for others."""
    given = [hover] if isinstance(hover, str) else list(hover)
    asked = [each for each in given if each in frame or given != ["residents"]]
    return [quantity(frame, each, words, call) for each in asked if each != found.id]


def _outlines(
    frame: pd.DataFrame, level: str, around: bool, call: str
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame | None]:
    """The rows as areas, and their neighbours where they are a part of the level."""
    whole = processed.load(level)
    known = whole.set_index("code")
    key = frame[KEYS[level]].astype("str")
    unknown = key[~key.isin(known.index)]
    if len(unknown):
        rule = f"{len(unknown)} rows have no outline: there is no such {KEYS[level]}"
        raise refuse(call, rule, "use we.join, which repairs codes and names", unknown.iloc[0])
    own = isinstance(frame, gpd.GeoDataFrame) and "geometry" in frame and frame.crs is not None
    shapes = frame.geometry.to_crs(config.CRS_MAP).tolist() if own else known.loc[key, "geometry"].tolist()
    plain = pd.DataFrame(frame.drop(columns="geometry", errors="ignore")).reset_index(drop=True)
    if "name" not in plain:
        plain["name"] = known.loc[key, "name"].tolist()
    areas = gpd.GeoDataFrame(plain, geometry=shapes, crs=config.CRS_MAP)
    areas.attrs = dict(frame.attrs)
    if not around or "neighbours" not in whole or len(areas) == len(whole):
        return areas, None
    touching = {code for cell in known.loc[key, "neighbours"] for code in cell.split(";")} - set(key)
    return areas, whole.loc[whole["code"].isin(touching), ["name", "geometry"]].reset_index(drop=True)
