"""The indicators, declared once: one TOML file per theme, read here.

From an entry alone come the columns of ``data/processed`` on every level, tables, maps, explorer, comparison, sheets,
catalogue, API and prose, in every language. ``docs/how-to/indicator.md`` tells what an entry holds.
"""

from helpers.declarations.entries import Count, Dimension, Indicator, Source, Theme, Words
from helpers.declarations.reader import read

__all__ = ["BY_ID", "COUNTS", "DECLARED", "DIMENSIONS", "INDICATORS", "SOURCES", "THEMES", "Count", "Dimension"]
__all__ += ["Indicator", "Source", "Theme", "Words"]

DECLARED = read()

#: Themes in the order in which pages show them, indicators in that order, counts and datasets by their ids.
THEMES, INDICATORS, COUNTS, SOURCES = DECLARED.themes, DECLARED.indicators, DECLARED.counts, DECLARED.sources

#: Dimensions of the composite indices, in their order.
DIMENSIONS = DECLARED.dimensions

BY_ID: dict[str, Indicator] = {indicator.id: indicator for indicator in INDICATORS}
