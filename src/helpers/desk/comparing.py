"""Age pyramids and comparisons, drawn by what draws the site's."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.analysis.indicators import as_printed, ids_compared, logarithmic
from helpers.data import processed
from helpers.desk import tables
from helpers.desk.maps import words_in
from helpers.desk.names import KEYS, find_anywhere
from helpers.desk.plots import COLOURS
from helpers.desk.quantities import quantity, source_of
from helpers.desk.views import View
from helpers.errors import refuse
from helpers.figures import charts
from helpers.figures.tables import Column
from helpers.prose import numbers

#: Marks of places, in their order.
SYMBOLS = ("diamond", "diamond-open", "square", "square-open", "circle-open")

#: Height of a comparison: of each strip, and of all that is none, in pixels.
STRIP, STRIPS = 46, 90


def draw_pyramid(
    place: object,
    *,
    level: str | None = None,
    reference: object = "Piemonte",
    title: str | None = None,
    source: str | None = None,
    height: int = 520,
    lang: str = "it",
) -> View:
    """The age pyramid of a place, with that of another as an outline.

    Parameters
    ----------
    place
        A district, province, quadrant or the region: name, code, slug or lead town.
    level
        Where to look for both; by default among districts first.
    reference
        The other place.
    title, source, height, lang
        As in :func:`helpers.desk.maps.draw_map`.

    Returns
    -------
    View
        ``.frame``: ``age_from``, persons (``female``, ``male``) and shares of all residents (0–1) of both places.

    Raises
    ------
    InputError
        If a place is not found, or it is a comune, whose single ages are not among the tables.

    Notes
    -----
    Source: ISTAT resident population by age and sex.

    Examples
    --------
    >>> import helpers as we
    >>> int(we.pyramid("Cuneo").frame[["female", "male"]].sum().sum())
    160451
    """
    call = "we.pyramid"
    words = words_in(lang, call)
    (own, name), (other, other_name) = _ages(place, level, call), _ages(reference, None, call)
    sexes = words.pyramid_words() | {"age": words.label("axis.age").capitalize()}
    chart = charts.pyramid(own, other, (name, other_name), sexes, words.show("share_0_14"), height)
    shares = other[["female_share", "male_share"]].add_prefix("reference_")
    frame = own.assign(age=own["age_from"].map(charts.class_label)).join(shares)
    columns = [Column("age", words.label("table.age"), str, row_header=True), *words.pyramid_columns()]
    columns += [words.share_column(f"reference_{sex}_share", f"pyramid.{sex}_share") for sex in ("male", "female")]
    said = words.label("note.population") if source is None else source
    total = numbers.integer(int(own[["female", "male"]].sum().sum()), lang)
    alt = f"{name}: {total} {words.label('axis.residents')}; {other_name}."
    over = f"{name}, {words.label('axis.share_of_residents')}"
    return View(frame, chart, title or over, said, alt, columns)


def _ages(place: object, level: str | None, call: str) -> tuple[pd.DataFrame, str]:
    level, code = find_anywhere(place, call, level)
    if level == "comuni":
        rule = "single ages are kept of districts and larger territories, and this is a comune"
        raise refuse(call, rule, "give its district; we.table('population') has the ages of comuni", place)
    processed.ensure()
    ages = processed.load("ages")
    name = processed.load(level).set_index("code").at[code, "name"]
    return charts.age_classes(ages[(ages["level"] == level) & (ages["code"] == code)]), str(name)


def draw_compare(
    places: Sequence[object],
    indicators: Sequence[str] | None = None,
    *,
    level: str | None = None,
    title: str | None = None,
    source: str | None = None,
    height: int | None = None,
    lang: str = "it",
) -> View:
    """Some places among all of their level, on several indicators.

    Parameters
    ----------
    places
        One place to five, all of one level: names, codes or slugs.
    indicators
        By any of their names; by default those on which the site compares districts.
    level
        Where to look for the places; by default among districts, then provinces, then comuni.
    height
        In pixels; by default as much as the strips need.
    title, source, lang
        As in :func:`helpers.desk.maps.draw_map`.

    Returns
    -------
    View
        ``.frame``: a row per indicator with ``name``, ``unit``, a column per place and one for the region, numbers not
        rounded. In the drawing each strip goes from the lowest to the highest of the level.

    Raises
    ------
    InputError
        If a place or indicator is not found, or the places are of several levels.

    Notes
    -----
    Source: the datasets of the indicators; ``View.source`` says them.

    Examples
    --------
    >>> import helpers as we
    >>> two = we.compare(["Asti", "Alba"], ["old_age_index", "density"], lang="en").frame
    >>> two[["name", "Asti", "Alba", "Piedmont"]].round(0).values.tolist()
    [['Old-age index', 228.0, 202.0, 220.0], ['Density', 143.0, 132.0, 168.0]]
    """
    call = "we.compare"
    words = words_in(lang, call)
    given = [places] if isinstance(places, (str, int)) else list(places)
    if not 1 <= len(given) <= len(COLOURS):
        raise refuse(call, "it shows one place to five", 'write we.compare(["Asti", "Alba"])', len(given))
    found = list(dict.fromkeys(find_anywhere(place, call, level) for place in given))
    if len({each for each, _ in found}) > 1:
        told = ", ".join(f"{place} ({each})" for place, (each, _) in zip(given, found, strict=False))
        raise refuse(call, "the places are of several levels", 'say which: level="comuni"', told)
    whole = tables.read_level(found[0][0]).set_index(KEYS[found[0][0]])
    ids = ids_compared(processed.load("districts")) if indicators is None else indicators
    shown = [quantity(pd.DataFrame(whole), each, words, call) for each in ids]
    if any(each.reference() is None for each in shown):
        lacking = next(each.id for each in shown if each.reference() is None)
        raise refuse(call, "the region has no value of it", "choose indicators of we.indicators", lacking)
    codes = [code for _, code in found]
    printed = as_printed(whole[[each.id for each in shown]].astype("float64"))
    names = whole["name"]
    others = words.label("axis.other_districts") if found[0][0] == "districts" else "…"
    groups: dict[str, Sequence[str]] = {others: [code for code in whole.index if code not in codes]}
    groups |= {str(names[code]): [code] for code in codes[::-1]}
    looks = [{"symbol": s, "size": 12, "color": c, "line": {"width": 2}} for s, c in zip(SYMBOLS, COLOURS, strict=True)]
    reference = pd.Series({each.id: each.reference() for each in shown}, dtype="float64")
    chart = charts.marked_strips(
        printed,
        groups,
        {each.id: each.short for each in shown},
        names,
        {each.id: each.show for each in shown},
        reference,
        words.label("axis.region"),
        height or STRIPS + STRIP * len(shown),
        (charts.LOOKS[0], *looks[: len(codes)][::-1]),
        logarithmic([each.id for each in shown if each.declared]),
    )
    rows = [
        {"indicator": each.id, "name": each.short, "unit": tables.unit_of(each.id)}
        | {str(names[code]): float(whole.at[code, each.id]) for code in codes}
        | {words.label("axis.region"): reference[each.id]}
        for each in shown
    ]
    frame = pd.DataFrame(rows)
    columns = [Column(c, c, str, row_header=c == "name") for c in frame]
    said = source_of(shown, whole, codes) if source is None else source
    over = ", ".join(str(names[code]) for code in codes)
    alt = " ".join(
        f"{each.short}: {', '.join(f'{names[c]} {each.show(whole.at[c, each.id])}' for c in codes)}." for each in shown
    )
    return View(frame, chart, title or over, said, alt, columns)
