"""Scatter and trend, drawn by what draws the site's."""

from __future__ import annotations

import pandas as pd

from helpers.data import raw
from helpers.declarations import BY_ID, COUNTS
from helpers.desk import tables
from helpers.desk.maps import hovers, lowest_and_highest, rows_of, view, without_outlines, words_in
from helpers.desk.names import KEYS
from helpers.desk.quantities import Quantity, quantity, source_of
from helpers.desk.views import View
from helpers.errors import nearest, refuse
from helpers.figures import theme
from helpers.figures.quadrants import quadrants
from helpers.figures.tables import Column
from helpers.figures.trends import Line, trend
from helpers.prose import numbers

#: Lines of places, in their order: told apart with colour-vision deficiency, and by their dashes.
COLOURS = (theme.BLUE, theme.ORANGE, "#1B7837", "#762A83", "#8C6D1F")
DASHES = ("solid", "solid", "dot", "dashdot", "dot")

#: Points of a scatter that may have their names written.
NAMED = 60


def draw_scatter(
    x: str,
    y: str,
    frame: pd.DataFrame | None = None,
    *,
    by: str = "district",
    label: str = "name",
    names: int = NAMED,
    centre: str | tuple[float, float] = "region",
    title: str | None = None,
    source: str | None = None,
    lang: str = "it",
) -> View:
    """Two columns against each other, a point per place, with lines at the values of the whole.

    Parameters
    ----------
    x, y
        Indicators by any of their names, or columns of ``frame``.
    frame
        A row per place; by default all territories of ``by``.
    by
        ``comune``, ``district``, ``province`` or ``quadrant``: what a point is.
    label
        The column that names the points.
    names
        How many may have their name written, those farthest from the lines first; one without room is left out.
    centre
        Where the lines cross: at the values of the ``region``, at the ``median`` of the points, or at two values.
        Columns of your own, which no region has, cross at their median.
    title, source, lang
        As in :func:`helpers.desk.maps.draw_map`.

    Returns
    -------
    View
        ``.frame``, ``.chart`` (plotly), ``.picture`` (SVG), ``.save("scatter.html|svg|png|csv")``.

    Raises
    ------
    InputError
        If there is no such column or kind of place.

    Notes
    -----
    Source: those of both columns; ``View.source`` says them. That two things go together names no cause.

    Examples
    --------
    >>> import helpers as we
    >>> we.scatter("share_small_comuni", "old_age_index", lang="en").title
    'Old-age index and share of residents in comuni with fewer than 1,000 residents'
    >>> len(we.scatter("density", "share_65_plus", we.comuni("Cuneo"), by="comune").frame)
    53
    """
    call = "we.scatter"
    words = words_in(lang, call)
    level = next((each for each, key in KEYS.items() if key == by), "")
    if not level:
        raise refuse(call, "there are no such places", nearest(by, KEYS.values()), by)
    frame = tables.read_level(level) if frame is None else rows_of(frame, call)
    if label not in frame:
        raise refuse(call, "the frame has no such column to name its points", nearest(label, frame.columns), label)
    across, up = (quantity(frame, column, words, call) for column in (x, y))
    shown = frame[frame[across.id].notna() & frame[up.id].notna()].reset_index(drop=True)
    if len(shown) < 2:
        raise refuse(call, "fewer than two rows have both values", "choose other columns")
    middle, called = _centre(shown, across, up, centre)
    apart = sum(
        ((shown[c.id] - m) / (shown[c.id].std() or 1)).pow(2) for c, m in zip((across, up), middle, strict=True)
    )
    order = apart.sort_values(ascending=False, kind="stable").index.tolist()[:names]
    chart = quadrants(
        shown[across.id].astype("float64").tolist(),
        shown[up.id].astype("float64").tolist(),
        shown[label].astype("str").tolist(),
        order,
        middle,
        called,
        hovers(shown, (across, up), label),
        [""] * len(shown),
        (across.title, up.title),
        (across.tick, up.tick),
        words.label(f"table.{by}"),
    )
    told = f"{lowest_and_highest(shown, up, label)} {lowest_and_highest(shown, across, label)}"
    plain = without_outlines(shown)
    both = f"{up.long} {'e' if lang == 'it' else 'and'} {_small(across.long)}"
    return view(plain, (up, across), chart, title or both, source, level if KEYS[level] in plain else "", told)


def _small(text: str) -> str:
    """A name within a sentence; one in capitals stays so."""
    return text if text[:2].isupper() else text[0].lower() + text[1:]


def _centre(
    frame: pd.DataFrame, x: Quantity, y: Quantity, centre: str | tuple[float, float]
) -> tuple[tuple[float, float], str]:
    if isinstance(centre, tuple):
        return centre, f"{x.show(centre[0])}; {y.show(centre[1])}"
    of_region = (x.reference(), y.reference())
    if centre == "region" and of_region[0] is not None and of_region[1] is not None:
        return (of_region[0], of_region[1]), x.words.label("axis.region")
    if centre not in ("region", "median"):
        raise refuse("we.scatter", "the lines cannot cross there", "write region, median or (x, y)", centre)
    middle = (float(frame[x.id].median()), float(frame[y.id].median()))
    return middle, x.words.label("explorer.versus.median").split(" ")[0]


def draw_trend(
    indicator: str,
    *places: object,
    level: str | None = None,
    reference: bool | None = None,
    base: int | None = None,
    title: str | None = None,
    source: str | None = None,
    lang: str = "it",
) -> View:
    """An indicator of some places over the years.

    Parameters
    ----------
    indicator, places, level
        As in :func:`helpers.desk.tables.series`; one place to five.
    reference
        Whether the region is drawn beside them; by default of all but counts.
    base
        A year that is 100: the lines then say how far each has gone since.
    title, source, lang
        As in :func:`helpers.desk.maps.draw_map`.

    Returns
    -------
    View
        ``.frame``, ``.chart`` (plotly), ``.picture`` (SVG), ``.save("trend.html|svg|png|csv")``. Open points are
        provisional; there is no line over years that are not known.

    Raises
    ------
    InputError
        If the indicator has no series, a place is not found, or the year is not among the series.

    Notes
    -----
    Source: the dataset of the indicator; ``View.source`` says it.

    Examples
    --------
    >>> import helpers as we
    >>> we.trend("income", "Cuneo", "Asti").frame["name"].unique().tolist()
    ['Cuneo', 'Asti', 'Piemonte']
    """
    call = "we.trend"
    words = words_in(lang, call)
    if not 1 <= len(places) <= len(COLOURS):
        raise refuse(call, "it shows one place to five", 'write we.trend("income", "Cuneo", "Asti")', len(places))
    rows = tables.series(indicator, *places, level=level)
    found_id = rows.attrs["indicator"]
    found = quantity(pd.DataFrame({found_id: rows["value"]}), found_id, words, call)
    if (found.declared or base is not None) if reference is None else reference:
        region = tables.series(found_id, level="region")
        rows = pd.concat([rows, region], ignore_index=True)
    if rows["value"].notna().sum() == 0:
        raise refuse(call, "no value of these places is known", "choose others", ", ".join(map(str, places)))
    show, named = found.show, found.unit or found.short
    if base is not None:
        if base not in set(rows["year"]):
            raise refuse(call, "there are no values of this year", nearest(base, sorted(set(rows["year"]))), base)
        first = rows[rows["year"] == base].set_index(["level", "code"])["value"]
        keys = pd.MultiIndex.from_frame(rows[["level", "code"]])
        rows = rows.assign(index=100 * rows["value"].to_numpy() / first.reindex(keys).to_numpy())
        show, named = (lambda value: numbers.decimal(value, 1, lang)), f"{base} = 100"
    drawn = "value" if base is None else "index"
    open_years = _provisional(found)
    lines = []
    for n, ((_, _, name), own) in enumerate(rows.groupby(["level", "code", "name"], sort=False)):
        of_region = (
            n == len(set(zip(rows["level"], rows["code"], strict=True))) - 1 and own["level"].iloc[0] == "region"
        )
        colour, dash = (theme.MUTED, "dash") if of_region else (COLOURS[n], DASHES[n])
        lines.append(Line(str(name), own.set_index("year")[drawn], colour, dash, open_years))
    tick = found.tick if base is None else words.tick
    chart = trend(lines[::-1], named, tick, show)
    last = rows.dropna(subset=drawn).groupby(["level", "code"], sort=False).tail(1)
    ends = zip(last["name"], last["year"], last[drawn], strict=True)
    alt = f"{found.long}: {'; '.join(f'{name} {year}: {show(value)}' for name, year, value in ends)}."
    columns = [Column("name", "name", str, row_header=True), Column("year", "year", str, numeric=True)]
    columns.append(Column("value", found.short, found.show, numeric=True, unit=rows.attrs.get("unit", "")))
    over = f"{found.long}, {base} = 100" if base is not None else found.title
    said = source_of([found], rows, rows["code"].unique().tolist()) if source is None else source
    return View(rows, chart, title or over, said, alt, columns)


def _provisional(found: Quantity) -> list[int]:
    """Years whose values are provisional, by the tables an indicator rests on."""
    ids = found.entry.counts if found.id in BY_ID else (found.id,)  # type: ignore[union-attr]
    years: set[int] = set()
    for name in {COUNTS[i].table for i in ids if i in COUNTS and COUNTS[i].table}:
        if {"provisional", "year"} <= {field["name"] for field in raw.form(name)[1]["fields"]}:
            frame = raw.load(name, columns=["year", "provisional"])
            years |= set(frame.loc[frame["provisional"].fillna(False).astype("bool"), "year"].astype("int64"))
    return sorted(years)
