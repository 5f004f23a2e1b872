"""What a declaration holds: indicators, their counts, the datasets these come from, themes, dimensions of indices."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace

#: How the value of an indicator follows from counts.
#: ``ratio``: sum of the numerators over sum of the denominators. ``mean``: mean of a value of each comune, weighted by
#: the denominator. ``change``: the latest value of another entry less that of an earlier year.
KINDS = ("ratio", "mean", "change")

#: How values are printed.
UNITS = ("share", "per_100", "per_1000", "per_km2", "eur", "years", "minutes", "number")

#: Units of counts, as files name them.
COUNT_UNITS = ("persons", "comuni", "km2", "eur", "number")

#: Criteria for dividing money that no indicator stands for.
OTHER_CRITERIA = ("residents", "area", "equal")

LEVELS = ("comuni", "districts", "provinces", "quadrants", "region")

#: Where an indicator is shown. 1: key number and sheet; 2: page; 3: explorer and downloads only.
PROMINENCES = (1, 2, 3)

#: Counts of ages need no entry: their names say what they are.
AGES = re.compile(r"age_(?P<low>\d+)_(?:(?P<high>\d+)|plus)")
OLDEST = 100


@dataclass(frozen=True)
class Words:
    """What an indicator or count is called in one language; a count may have ``definition`` only.

    Attributes
    ----------
    short, long, sentence
        Names: of a column, of a heading, within a sentence.
    statement, none, brief, up, down
        Clauses that say a value, with ``{value}``: plainly; where it is zero; in the brief of a district; how far a
        change goes up or down, without its sign.
    definition, formula, unit
        For its sheet.
    reading, caveat
        What a higher value describes, and what it does not say.
    synonyms
        Words by which readers search for it.
    criterion
        Its numerator as a criterion for dividing money: ``name``, ``short``, ``text``.
    """

    definition: str
    short: str = ""
    long: str = ""
    sentence: str = ""
    statement: str = ""
    none: str = ""
    brief: str = ""
    up: str = ""
    down: str = ""
    formula: str = ""
    unit: str = ""
    reading: str = ""
    caveat: str = ""
    synonyms: tuple[str, ...] = ()
    criterion: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Indicator:
    """An indicator: how it follows from counts, how it is printed, where it is shown.

    Attributes
    ----------
    id
        Key of its column and of its words.
    kind
        One of :data:`KINDS`.
    numerator, denominator
        Ids of counts, summed; one that begins with ``-`` is taken away. None for a change.
    of, since, relative
        Of a change: the id of the indicator or count that changes, the year it is compared with, and whether the
        difference is divided by the value of that year.
    unit
        One of :data:`UNITS`.
    decimals
        Decimals a reader is shown.
    prominence
        One of :data:`PROMINENCES`.
    source, reference
        Dataset its counts come from, and where its definition does.
    words
        By language.
    theme
        Id of its theme.
    per
        100 for "per 100".
    compared
        Whether it describes a district among the others.
    logarithmic
        Whether its values span orders of magnitude, so that distances are those of their logarithms.
    criterion
        Key of its numerator as a criterion for dividing money; empty for none.
    levels
        Territorial levels on which it exists.
    """

    id: str
    kind: str
    unit: str
    decimals: int
    prominence: int
    source: str
    reference: str
    words: Mapping[str, Words]
    theme: str
    numerator: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()
    of: str = ""
    since: int = 0
    relative: bool = False
    per: int = 1
    compared: bool = False
    logarithmic: bool = False
    criterion: str = ""
    levels: tuple[str, ...] = LEVELS

    @property
    def precision(self) -> int:
        """Decimals of the value itself as it is printed: a share is printed as a percentage."""
        return self.decimals + 2 if self.unit == "share" else self.decimals

    @property
    def signed(self) -> bool:
        """Whether it is a difference, printed with its sign."""
        return self.kind == "change" or any(count.startswith("-") for count in self.numerator)

    @property
    def counts(self) -> tuple[str, ...]:
        """Ids of all counts it rests on by itself."""
        return tuple(dict.fromkeys(count.removeprefix("-") for count in (*self.numerator, *self.denominator)))


@dataclass(frozen=True)
class Count:
    """What is counted or measured of a territory and adds up.

    Attributes
    ----------
    id
        Key of its column and of its words.
    unit, decimals
        Of its values; one of :data:`COUNT_UNITS`.
    words
        By language.
    table, column, year
        Raw table with ``istat``, or ``distretto_id``, that holds it, the column there, and the year where the table
        has several: the latest one if 0. Without a table it is computed from ages and borders.
    values
        Where the column holds classes: those in which residents are counted.
    """

    id: str
    unit: str
    words: Mapping[str, Words]
    decimals: int = 0
    table: str = ""
    column: str = ""
    year: int = 0
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class DimensionWords:
    """What a dimension is called in one language, and why it is there: ``name``, ``reason``."""

    name: str
    reason: str


@dataclass(frozen=True)
class Dimension:
    """A dimension of a composite index.

    Attributes
    ----------
    id
        Key of its column and of its words.
    index
        The index it belongs to.
    indicators
        Ids of its indicators.
    words
        By language.
    reversed
        Those of them of which less means more need.
    weight
        Against the other dimensions of the index.
    """

    id: str
    index: str
    indicators: tuple[str, ...]
    words: Mapping[str, DimensionWords]
    reversed: tuple[str, ...] = ()
    weight: int = 1

    def among(self, known: Container[str]) -> Dimension:
        """The same dimension with only those of its indicators that are known."""
        return replace(self, indicators=tuple(i for i in self.indicators if i in known))


@dataclass(frozen=True)
class CaveatWords:
    """What a caveat says in one language: ``text``, whole sentences."""

    text: str


@dataclass(frozen=True)
class Caveat:
    """What must be said of some indicators in some territories wherever they are shown.

    Attributes
    ----------
    id
        Key of its words.
    indicators
        Ids of the indicators.
    places
        Codes of the territories, of any level.
    words
        By language.
    """

    id: str
    indicators: tuple[str, ...]
    places: tuple[str, ...]
    words: Mapping[str, CaveatWords]


@dataclass(frozen=True)
class SourceWords:
    """How a dataset is cited in one language.

    Attributes
    ----------
    short, long, text
        Its name after a number and in the table of the datasets, and what it is.
    note
        What the line under a figure says of it.
    """

    short: str
    long: str
    text: str
    note: str


@dataclass(frozen=True)
class Source:
    """A dataset indicators are computed from: a raw table, cited by its id.

    Attributes
    ----------
    id
        How indicators and texts cite it; lower-case letters only.
    table
        The raw table; what rests on it is shown where the data package has it.
    words
        By language; ``{<id>_year}`` stands for the year the data package gives of the table.
    """

    id: str
    table: str
    words: Mapping[str, SourceWords]


@dataclass(frozen=True)
class Theme:
    """A group of indicators: its id is the name of its file; ``names`` by language."""

    id: str
    order: int
    names: Mapping[str, str]


@dataclass(frozen=True)
class Declarations:
    """All that is declared: themes in order, indicators in that order, dimensions, caveats, counts and sources by id.

    ``places`` gives the file and row of each id.
    """

    themes: tuple[Theme, ...]
    indicators: tuple[Indicator, ...]
    counts: Mapping[str, Count]
    sources: Mapping[str, Source]
    dimensions: tuple[Dimension, ...]
    caveats: tuple[Caveat, ...]
    places: Mapping[str, tuple[str, int | None]]

    def labels(self, lang: str) -> Iterator[tuple[str, str]]:
        """The words of all entries in one language, by the keys under which pages and texts ask for them."""
        entries: tuple[Indicator | Count, ...] = (*self.indicators, *self.counts.values())
        for entry in entries:
            yield from _texts(f"indicator.{entry.id}", entry.words[lang])
        for indicator in self.indicators:
            for key, text in indicator.words[lang].criterion.items():
                yield f"whatif.criterion.{indicator.criterion}.{key}", text
        for source in self.sources.values():
            for key, text in _texts(f"provenance.{source.id}", source.words[lang]):
                yield key.replace(f"provenance.{source.id}.note", f"note.{source.id}"), text
        for dimension in self.dimensions:
            yield from _texts(f"dimension.{dimension.id}", dimension.words[lang])
        for caveat in self.caveats:
            yield from _texts(f"caveat.{caveat.id}", caveat.words[lang])
        for theme in self.themes:
            yield f"theme.{theme.id}", theme.names[lang]


def _texts(prefix: str, words: Words | SourceWords | DimensionWords | CaveatWords) -> Iterator[tuple[str, str]]:
    for part in fields(words):
        value = getattr(words, part.name)
        if isinstance(value, str) and value:
            yield f"{prefix}.{part.name}", value


def age_bounds(count: str) -> tuple[int, int] | None:
    """First and last completed year of a count of ages; None for another count.

    Examples
    --------
    >>> age_bounds("age_65_74"), age_bounds("age_80_plus"), age_bounds("area_km2")
    ((65, 74), (80, 100), None)
    """
    found = AGES.fullmatch(count)
    return (int(found["low"]), int(found["high"] or OLDEST)) if found else None
