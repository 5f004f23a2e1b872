"""The indicators, declared once: one TOML file per theme, read here.

From an entry alone come the columns of ``data/processed`` on every level, tables, maps, explorer, comparison, sheets,
catalogue, API and prose, in every language. ``docs/how-to/indicator.md`` tells what an entry holds.
"""

from collections.abc import Iterable

from helpers.config import MINE
from helpers.declarations.entries import Caveat, Count, Dimension, Indicator, Source, Theme, Words
from helpers.declarations.reader import read

__all__ = ["BY_ID", "COUNTS", "DECLARED", "DIMENSIONS", "INDICATORS", "SOURCES", "THEMES", "Count", "Dimension"]
__all__ += ["Indicator", "Source", "Theme", "Words", "Caveat", "caveats_of"]

DECLARED = read(own=MINE)

#: Themes in the order in which pages show them, indicators in that order, counts and datasets by their ids.
THEMES, INDICATORS, COUNTS, SOURCES = DECLARED.themes, DECLARED.indicators, DECLARED.counts, DECLARED.sources

#: Dimensions of the composite indices, in their order.
DIMENSIONS = DECLARED.dimensions


def caveats_of(indicators: Iterable[str], places: Iterable[str] | None = None) -> list[Caveat]:
    """What must be said of some indicators in some territories.

    Parameters
    ----------
    indicators
        Ids.
    places
        Codes of the territories shown; None for all.
    """
    named, shown = set(indicators), None if places is None else set(places)
    return [
        caveat
        for caveat in DECLARED.caveats
        if named & set(caveat.indicators) and (shown is None or shown & set(caveat.places))
    ]


BY_ID: dict[str, Indicator] = {indicator.id: indicator for indicator in INDICATORS}
