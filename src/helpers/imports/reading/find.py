"""Which rows of which grid are the table: its headings, its rows, and what is passed over."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, takewhile

from helpers.errors import InputError, Problem
from helpers.imports.reading.grids import Grid, Row
from helpers.imports.reading.layouts import Layout, plain
from helpers.system.plain_text import fold

#: Rows from the top among which the headings are looked for.
TOP = 60
#: Headings shown of a file that has none of those it should.
_HEADINGS = 8

_TOTAL = re.compile(r"(sub\s?-?)?tot(ale|ali|al|\.)?\b.*|somma\b.*|complessiv[oi]\b.*|in complesso\b.*")
_NOTE = re.compile(r"(note?|fonte|fonti|source|n\.?b\.?|legenda|avvertenz\w+|elaborazion\w+)\b.*|[*(\[].*")
_UNIT = re.compile(r"\(?(in )?(euro|eur|€|numero|n\.?|v\.?a\.?|%|valori? assolut[oi])\)?")
#: Letters of a text that are shown; a cell longer than this, alone in its row, is a sentence and no value.
SHOWN = 60


@dataclass(frozen=True)
class Passed:
    """A row that is no row of the table: its number, what it is, and its text."""

    row: int
    why: str
    text: str


@dataclass(frozen=True)
class Found:
    """Where the table is.

    Attributes
    ----------
    grid
        The sheet or text it is in.
    heading
        Number of the row of the headings.
    headings
        The headings as they stand.
    places
        Place of each column that was found, by its name.
    others
        Labels of the grids that are passed over.
    """

    grid: Grid
    heading: int
    headings: list[str]
    places: dict[str, int]
    others: tuple[str, ...] = ()

    @property
    def above(self) -> list[str]:
        """Texts of the rows above the headings that say something."""
        rows = takewhile(lambda row: row[0] < self.heading, self.grid.rows())
        return [" ".join(cell for cell in cells if cell) for _, cells in rows if any(cells)]

    def body(self) -> Iterator[tuple[Row, Passed | None]]:
        """Rows below the headings that are not blank; with what passes over those that are no row of the table."""
        headings = [plain(cell) for cell in self.headings]
        places = set(self.places.values())
        for number, cells in self.grid.rows():
            if number > self.heading and any(cells):
                why = self._why_no_row(number, cells, headings, places)
                yield (number, cells), Passed(number, why, shorten(" ".join(filter(None, cells)))) if why else None

    def _why_no_row(self, number: int, cells: list[str], headings: list[str], places: set[int]) -> str:
        first = next(place for place, cell in enumerate(cells) if cell)
        if number > self.heading + 1 and first in places and cells[first].isdigit():
            return ""
        text = fold(cells[first])
        filled = {place for place, cell in enumerate(cells) if cell}
        if (
            plain(text) == headings[min(first, len(headings) - 1)]
            and [plain(c) for c in cells][: len(headings)] == headings
        ):
            return "the headings again"
        if number == self.heading + 1 and all(_UNIT.fullmatch(fold(cells[place])) for place in filled):
            return "units below the headings"
        if _TOTAL.fullmatch(text):
            return "a total"
        if len(filled) == 1 and (_NOTE.fullmatch(text) or len(text) > SHOWN):
            return "a note"
        return "nothing in a column that is read" if filled.isdisjoint(places) else ""


def find(grids: list[Grid], layout: Layout, sheet: str | None = None) -> Found:
    """Find the table of a layout.

    Parameters
    ----------
    grids
        Those of a file.
    layout
        What is looked for.
    sheet
        Name of the sheet the table is in, if a person says it.

    Raises
    ------
    InputError
        If there is none, or several: which is meant is asked for.
    """
    if sheet is not None:
        named = [grid for grid in grids if grid.sheet is not None and fold(grid.sheet) == fold(sheet)]
        if not named:
            told = ", ".join(repr(grid.sheet) for grid in grids if grid.sheet) or "it has no sheets"
            raise _fault(grids[0], f"there is no sheet {sheet!r}", f"name one of: {told}")
        grids = named
    tried = [found for grid in grids if (found := find_headings(grid, layout))]
    whole = [found for found in tried if not layout.lacking(found.places)]
    if not whole:
        closest = max(tried, key=_closeness) if tried else None
        raise InputError([_tell_missing(closest, grids, layout), *(_heading_faults(closest) if closest else ())])
    shown = [found for found in whole if not found.grid.hidden] or whole
    best = max(shown, key=_closeness)
    equal = [found for found in shown if found.grid.label != best.grid.label and len(found.places) == len(best.places)]
    if equal:
        labels = [found.grid.label for found in (best, *equal)]
        rule = f"{len(labels)} tables of this form are in the file: {', '.join(labels)}"
        sheets = [found.grid.sheet for found in (best, *equal)]
        remedy = f"say which: --sheet {sheets[0]!r}" if all(sheets) else "give a file with one of them"
        raise InputError([Problem(best.grid.label.partition(",")[0], rule, remedy)])
    _require_once(best, layout)
    read = {best.grid.label}
    others = tuple(dict.fromkeys(_name(grid) for grid in grids if grid.label not in read))
    return Found(best.grid, best.heading, best.headings, best.places, others)


def find_headings(grid: Grid, layout: Layout) -> Found | None:
    """The row of a grid that names most columns of the layout."""
    best = None
    # With the wrong separator a text may not be readable; if it is the right one, its rows are read again below.
    with suppress(InputError):
        for number, cells in islice(((n, c) for n, c in grid.rows() if any(c)), TOP):
            places = {name: held[0] for name, held in layout.places(cells).items()}
            if best is None or len(places) > len(best.places):
                width = max(place for place, cell in enumerate(cells) if cell) + 1
                best = Found(grid, number, cells[:width], places)
    return best


def _closeness(found: Found) -> tuple[int, int]:
    return len(found.places), len(found.headings)


def _require_once(found: Found, layout: Layout) -> None:
    rule, remedy = "two columns mean {}", "keep one of them"
    problems = [
        Problem(found.grid.label, rule.format(column), remedy, found.heading, column, found.headings[held[1]])
        for column, held in layout.places(found.headings).items()
        if len(held) > 1
    ]
    if problems:
        raise InputError(problems)


def _tell_missing(best: Found | None, grids: list[Grid], layout: Layout) -> Problem:
    """One problem with all that is missing, and the headings that may be meant."""
    if best is None:
        return Problem(grids[0].label, f"the file has no rows; {layout.title} was asked for", "give the right file")
    groups = layout.lacking(best.places)
    told = [" or ".join(_said(layout, name) for name in group) for group in groups]
    seen = [cell for cell in best.headings if cell and layout.column(cell) is None]
    near = [
        f"{close[0]!r} for {name}"
        for group in groups
        for name in group
        if (close := difflib.get_close_matches(_said(layout, name), seen, n=1, cutoff=0.7))
    ]
    rule = (
        f"{'the column' if len(told) == 1 else 'columns'} {', '.join(told)} {'is' if len(told) == 1 else 'are'} missing"
    )
    remedy = f"give {layout.file}" if layout.file else "give the list these columns"
    if near:
        remedy += f", or correct the headings (is it {', '.join(near)}?)"
    if layout.template:
        remedy += f"; `{layout.template}` writes an empty list"
    shown = "; ".join(shorten(cell, 40) for cell in best.headings[:_HEADINGS])
    shown += "; …" if len(best.headings) > _HEADINGS else ""
    column = groups[0][0] if len(groups) == len(groups[0]) == 1 else None
    return Problem(best.grid.label, rule, remedy, best.heading, column, shown)


def _heading_faults(found: Found) -> list[Problem]:
    """Faults of the headings: what was merged or never calculated may be what is missing."""
    return [
        Problem(found.grid.label, fault.rule, fault.remedy, fault.rows.start, None, fault.value)
        for fault in found.grid.faults
        if found.heading in fault.rows
    ]


def _said(layout: Layout, name: str) -> str:
    return layout.columns[name].headings[0] if layout.columns[name].headings and not layout.template else name


def _name(grid: Grid) -> str:
    return f"{grid.sheet!r}{' (hidden)' if grid.hidden else ''}" if grid.sheet else grid.label


def shorten(text: str, length: int = SHOWN) -> str:
    """The beginning of a text that is too long to be shown."""
    return text if len(text) <= length else text[: length - 1] + "…"


def _fault(grid: Grid, rule: str, remedy: str) -> InputError:
    return InputError([Problem(grid.label.partition(",")[0], rule, remedy)])
