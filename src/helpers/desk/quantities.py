"""What a column of a frame is: names, unit, printer, classes, source; declared, or told from its values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.analysis.classes import COUNT, SCHEME, SCHEMES, indicator_bounds, inner_bounds
from helpers.data import processed
from helpers.declarations import BY_ID, COUNTS, SOURCES, Count, Indicator, caveats_of
from helpers.declarations.entries import age_bounds
from helpers.declarations.names import meant
from helpers.desk.added import ADDED
from helpers.desk.names import KEYS
from helpers.errors import nearest, refuse
from helpers.figures import maps
from helpers.pages.common.page_words import PageWords
from helpers.prose.indicators import show_entry
from helpers.prose.labels import label_or

#: Significant digits of the values of a column that nobody declared.
DIGITS = 3


class Words(PageWords):
    """The words of the site in one language, for what stands in a notebook and on no page."""

    address = ""


@dataclass(frozen=True)
class Quantity:
    """A column that can be drawn.

    Attributes
    ----------
    entry
        Its declaration; for a column that has none, one made from its values.
    short, long, unit
        What it is called at an axis and in a title, and its unit in words; empty where there is none.
    words
        Language of what is printed.
    """

    entry: Indicator | Count
    short: str
    long: str
    unit: str
    words: Words

    @property
    def id(self) -> str:
        """Name of the column."""
        return self.entry.id

    @property
    def precision(self) -> int:
        """Decimals of the value itself, as it is printed and classed."""
        return self.entry.precision if isinstance(self.entry, Indicator) else self.entry.decimals

    @property
    def title(self) -> str:
        """Its name with its unit."""
        return f"{self.long} ({self.unit})" if self.unit else self.long

    def show(self, value: Any) -> str:
        """Print a value; one that is missing says so."""
        if value is None or value is pd.NA or value != value:
            return self.words.label(f"state.{self.words.why_missing(self.id)}" if self.declared else "state.not_known")
        return show_entry(self.entry, value, self.words.lang)

    def tick(self, value: float) -> str:
        """The number at a tick of an axis, with the decimals it has."""
        return f"{self.words.tick(100 * value)}%" if self.entry.unit == "share" else self.words.tick(value)

    @property
    def declared(self) -> bool:
        """Whether the project declares it as an indicator."""
        return self.id in BY_ID

    def reference(self) -> float | None:
        """Its value for the whole region; None of what a region has not, or of counts, which add up."""
        table = processed.load("region") if self.declared else pd.DataFrame()
        value = table[self.id].iloc[0] if self.id in table else None
        return None if value is None or pd.isna(value) else float(value)


def quantity(frame: pd.DataFrame, column: str, words: Words, call: str) -> Quantity:
    """What a column of a frame is.

    Raises
    ------
    InputError
        If there is no such column, or it holds no numbers.
    """
    if column not in frame:
        column = _column(frame, column, call)
    if not pd.api.types.is_numeric_dtype(frame[column]) or pd.api.types.is_bool_dtype(frame[column]):
        numeric = frame.select_dtypes("number").columns
        raise refuse(call, "the column holds no numbers", nearest(column, numeric), column)
    if column in BY_ID:
        short, long, unit = (words.label(f"indicator.{column}.{part}") for part in ("short", "long", "unit"))
        return Quantity(BY_ID[column], short, long, unit, words)
    if column in ADDED:
        own = ADDED[column].words[words.lang]
        return Quantity(ADDED[column], own.short, own.long, "", words)
    known = COUNTS.get(column)
    name = label_or(words.lang, f"derived_column.{column}", column)
    if known is None:
        whole = age_bounds(column) is not None
        known = Count(column, "persons" if whole else "number", {}, 0 if whole else _decimals(frame[column]))
    elif known.words[words.lang].short:
        name = known.words[words.lang].short
    return Quantity(known, name, name, "", words)


def _column(frame: pd.DataFrame, column: str, call: str) -> str:
    """The column of the indicator that is meant by another of its names."""
    found = meant(column, [each for each in frame if each in BY_ID or each in ADDED or each in COUNTS], ADDED)
    if len(found) == 1:
        return found[0]
    rule = "several columns are meant" if found else "the frame has no such column"
    remedy = f"write {' or '.join(found)}" if found else nearest(column, frame.select_dtypes("number").columns)
    raise refuse(call, rule, remedy, column)


def _decimals(values: pd.Series) -> int:
    known = values.dropna().astype("float64")
    known = known[known.abs() != math.inf]
    if known.empty or (known == known.round()).all():
        return 0
    return min(max(DIGITS - 1 - math.floor(math.log10(known.abs().max())), 0), 6)


def classes_of(
    frame: pd.DataFrame,
    found: Quantity,
    call: str,
    level: str = "",
    classes: int = COUNT,
    scheme: str = SCHEME,
    bounds: Sequence[float] | None = None,
) -> maps.Classes:
    """The classes of a map: of an indicator those of its whole level, as on the site; of another column its own.

    Raises
    ------
    InputError
        If the scheme is none, the number of classes is not 4, 5 or 6, or the bounds do not increase.
    """
    if scheme not in SCHEMES:
        raise refuse(call, "there is no such scheme", nearest(scheme, SCHEMES), scheme)
    if not isinstance(classes, int) or not 2 <= classes <= 6:
        raise refuse(call, "a map has from 2 to 6 classes", "write classes=5, say", classes)
    if bounds is None:
        whole = processed.load(level) if level and found.declared else pd.DataFrame()
        given = found.id in whole and whole[found.id].notna().any()
        bounds = (
            indicator_bounds(whole, found.id, scheme, classes)
            if given
            else inner_bounds(frame[found.id], found.precision, scheme, classes)
        )
    elif sorted(set(bounds)) != list(bounds) or len(bounds) > 5:
        raise refuse(call, "bounds must increase, and be five at most", "write bounds=[10, 20, 50], say", bounds)
    return found.words.classes(bounds, found.precision, found.show)


def source_of(found: Sequence[Quantity], frame: pd.DataFrame, places: Sequence[str] | None = None) -> str:
    """The line under a chart: where the numbers come from, and what must be said of them in these places."""
    words = found[0].words
    named = {_dataset(each) for each in found} - {""}
    texts = [words.label(f"note.{source}") for source in SOURCES if source in named]
    texts += [str(own) for own in [frame.attrs.get("source")] if own and any(not _dataset(each) for each in found)]
    said = caveats_of([each.id for each in found], places)
    return " ".join(dict.fromkeys([*texts, *(words.label(f"caveat.{caveat.id}.text") for caveat in said)]))


def _dataset(found: Quantity) -> str:
    """The dataset a column is computed from; empty of an analyst's own."""
    if isinstance(found.entry, Indicator):
        return found.entry.source
    if found.id in COUNTS and found.entry.table:
        return next((source.id for source in SOURCES.values() if source.table == found.entry.table), "")
    return "population" if found.id in COUNTS or age_bounds(found.id) else ""


def level_of(frame: pd.DataFrame, call: str) -> str:
    """The level whose territories the rows are: that of the key that tells them apart.

    Raises
    ------
    InputError
        If there is no such key.
    """
    for level, key in KEYS.items():
        if key in frame and frame[key].notna().all() and frame[key].is_unique:
            return level
    rule = "no column of the frame tells its rows apart as places"
    raise refuse(call, rule, f"give it one of the columns {', '.join(KEYS.values())}, or use we.join")
