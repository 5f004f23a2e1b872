"""The ranking that stands beside a map of the districts and says the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from helpers.analysis.classes import indicator_bounds
from helpers.declarations import BY_ID
from helpers.figures import maps
from helpers.figures.exhibit import Figure, Pair, Places
from helpers.figures.maps import Classes
from helpers.figures.ranking import ranking
from helpers.figures.tables import Column
from helpers.pages.common.page import Page
from helpers.pages.common.told_places import told_groups

#: Rows named at each end in the text alternative.
ENDS = 3

#: Height of a map beside the ranking of the districts, in pixels: both end together.
MAP_HEIGHT = 548

#: Borders of the districts on the site.
DISTRICTS = "data/districts.geojson"


def districts(frame: pd.DataFrame) -> Places:
    """Where the rows of a table of districts are; ``code`` names them."""
    return Places(frame["code"].tolist(), DISTRICTS)


def indicator_map(
    page: Page, name: str, table: pd.DataFrame, facts: Mapping[str, Any], hover: Sequence[str], columns: list[Column]
) -> Pair:
    """A map of the districts by an indicator, beside their ranking.

    Parameters
    ----------
    page
        Whose language, words and links the figures take.
    name
        Of the figures: ``<name>-map`` and ``<name>-ranking``.
    table
        The districts with ``link`` (address of each), geometry and the indicator.
    facts
        From :func:`helpers.pages.common.facts.map_facts`.
    hover
        Text of each district.
    columns
        Of the table under the map; that of the indicator comes last where it is not among them.
    """
    indicator = facts["indicator"]
    if indicator not in {column.source for column in columns}:
        columns = [*columns, page.number_column(indicator)]
    classes = page.classes_of(indicator, indicator_bounds(table, indicator))
    missing = page.label("map.no_value")
    chart = maps.choropleth(
        table, table[indicator], classes, hover, missing, links=table["link"].tolist(), height=MAP_HEIGHT
    )
    plain = table.drop(columns="geometry").assign(hover=hover)
    frame = plain.drop(columns=["hover", "link"]).sort_values(indicator, ascending=False)
    caption = page.text("caption_region_map", facts)
    alt = f"{page.text('alt_region_map', facts)} {told_groups(page, table, indicator)}"
    note = page.indicators_note([indicator])
    figure = Figure(f"{name}-map", caption, alt, chart, frame, columns, page.words, note, districts(frame))
    what, reference = f"indicator.{indicator}.long", (facts["value"], "region")
    # Bars of what goes up and down would cover the names.
    dots = BY_ID[indicator].signed
    beside = ranking_beside(
        page, f"{name}-ranking", plain, indicator, page.show(indicator), classes, what, reference, note, dots
    )
    return Pair(figure, beside)


def ranking_beside(
    page: Page,
    name: str,
    table: pd.DataFrame,
    value: str,
    show: Callable[[Any], str],
    classes: Classes,
    what: str,
    reference: tuple[float, str],
    note: str,
    dots: bool = False,
) -> Figure:
    """The districts from the highest value to the lowest, in the colours of their map.

    Parameters
    ----------
    page
        Whose language, words and links the figure takes.
    name
        Of the figure.
    table
        ``name``, ``hover`` and ``link`` (address) per district, and the column ``value``.
    value, show
        Column drawn, not rounded, so that who is above is counted before rounding; and its printer.
    classes
        Those of the map.
    what
        Label of what is ranked.
    reference
        Value marked by a line, and the group of labels that says what it is.
    note
        The line under the figure.
    dots
        Dots, not bars: of values whose zero means nothing.
    """
    rows = table.dropna(subset=value).sort_values(value, ascending=False, kind="stable")
    level, group = reference
    index = classes.index(rows[value])
    printed = [show(v) for v in rows[value]]
    chart = ranking(
        rows[[value]],
        [[classes.colours[i] for i in index]],
        rows["name"],
        printed,
        rows["hover"],
        rows["link"],
        reference=(level, f"{page.label(f'ranking.{group}.short')} {show(level)}"),
        dots=dots,
    )
    facts = {
        "what": page.label(what),
        "n": len(rows),
        "n_above": int((rows[value] > level).sum()),
        "reference": page.label(f"ranking.{group}.long"),
        "level": show(level),
    }
    caption = page.text("caption_ranking", facts)
    return Figure(
        name, caption, ranking_alt(page, what, rows["name"], printed, dots), chart, None, [], page.words, note
    )


def ranking_alt(page: Page, what: str, names: Sequence[str], printed: Sequence[str], dots: bool = False) -> str:
    """The text alternative of a ranking: what is ranked, and both ends."""
    rows = [{"name": name, "value": value} for name, value in zip(names, printed, strict=True)]
    facts = {"what": page.label(what), "n": len(rows), "first": rows[:ENDS], "last": rows[-ENDS:], "dots": dots}
    return page.text("alt_ranking", facts)
