"""A file of OpenCoesione as it was downloaded: what it is, whose edition it is, and whether its form is right.

Nothing of its content is read here but the header.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path

from helpers.errors import InputError, Problem
from helpers.imports.opencoesione.feed_containers import Part, parts
from helpers.imports.reading import layouts, recognise
from helpers.imports.reading.find import TOP, find
from helpers.imports.reading.grids import Grid

KEY = "COD_LOCALE_PROGETTO"
PROJECTS, PLACES, PARTIES, PAYMENTS = "progetti", "localizzazioni", "soggetti", "pagamenti"

#: The layout of each kind of file: its columns and their names.
LAYOUTS = {
    PROJECTS: "opencoesione_progetti_esteso",
    PLACES: "opencoesione_localizzazioni",
    PARTIES: "opencoesione_soggetti",
    PAYMENTS: "opencoesione_pagamenti",
}
#: The short file of projects, and the columns it does without.
_SHORT, _NOT_SHORT = "opencoesione_progetti", ("OC_CODICE_PROGRAMMA", "COD_COMUNE")
#: The column by which a kind is known, whatever the file is called. The first that is there decides.
_MARKS = (
    ("OC_TITOLO_PROGETTO", PROJECTS),
    ("SOGG_COD_RUOLO", PARTIES),
    ("OC_DATA_PAGAMENTI", PAYMENTS),
    ("COD_COMUNE", PLACES),
)
_NAME = re.compile(
    r"(?:_(?P<scope>[A-Z]{3}))?(?:_(?P<cycle>\d{4}-\d{4}))?(?:_(?P<day>\d{8}))?(?: ?\(\d+\))?(?:\.\w+)*$", re.I
)


@dataclass(frozen=True)
class FeedFile:
    """A file of the feed whose form is right.

    Attributes
    ----------
    part
        The table.
    kind
        ``progetti``, ``localizzazioni``, ``soggetti`` or ``pagamenti``, told by the columns.
    heading
        Row of the headings.
    headings, columns
        The headings as they stand, and the official names of the columns.
    scope
        ``PIE`` for a region's file, ``ITA`` for the national one.
    edition
        Day of the edition, as ``2026-02-28``.
    passed
        Other tables in the file, which are passed over.
    """

    part: Part
    kind: str
    heading: int
    headings: tuple[str, ...]
    columns: tuple[str, ...]
    scope: str
    edition: str
    passed: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """How a person finds the table."""
        return self.part.label

    def named(self, label: str) -> FeedFile:
        """The same file, found by another label."""
        return replace(self, part=replace(self.part, label=label))


def open_feed(path: Path, edition: str | None = None) -> list[FeedFile]:
    """Look at a downloaded file.

    Parameters
    ----------
    path
        A CSV, XLSX or Parquet file, or a zip or gz that holds such.
    edition
        Day of the edition (``2026-02-28``) if no name says it.

    Returns
    -------
    list of FeedFile
        One, or several of different kinds if a zip or a workbook holds them.

    Raises
    ------
    InputError
        In one line, if it is missing, empty, damaged, of another kind, or lacks needed columns.
    """
    found = parts(path)
    kinds = [_kind(part.top) for part in found]
    own = [(part, kind) for part, kind in zip(found, kinds, strict=True) if kind]
    if not own:
        raise InputError([_other(path, [part.top for part in found])])
    for kind in LAYOUTS:
        labels = [part.label for part, known in own if known == kind]
        if len(labels) > 1:
            rule = f"the file holds {len(labels)} tables of the kind {kind}: {', '.join(labels)}"
            raise InputError([Problem(path.name, rule, "unpack it and give the one you mean")])
    passed = tuple(part.label for part, kind in zip(found, kinds, strict=True) if not kind)
    return [_file(part, kind, path, edition, () if n else passed) for n, (part, kind) in enumerate(own)]


def wanted(kind: str) -> tuple[str, ...]:
    """The columns that are read of a kind of file."""
    return tuple(layouts.load(LAYOUTS[kind]).columns)


def _kind(top: Grid) -> str | None:
    for _, cells in islice(top.rows(), TOP):
        if kind := next((kind for mark, kind in _MARKS if mark in _official(cells, kind)), None):
            return kind
    return None


def _official(headings: Iterable[str], kind: str) -> tuple[str, ...]:
    """Names of columns; those that the layout does not know stay as they stand."""
    layout = layouts.load(LAYOUTS[kind])
    return tuple(layout.column(heading) or heading if heading else "" for heading in headings)


def _file(part: Part, kind: str, path: Path, edition: str | None, passed: tuple[str, ...]) -> FeedFile:
    try:
        found = find([part.top], layouts.load(LAYOUTS[kind]))
    except InputError:
        seen = {name for _, cells in islice(part.top.rows(), TOP) for name in _official(cells, kind)}
        if kind == PROJECTS and seen.isdisjoint(_NOT_SHORT):
            short = layouts.load(_SHORT)
            raise InputError([Problem(part.label, f"the file is {short.title}", short.instead)]) from None
        raise
    columns = _official(found.headings, kind)
    scope, day = _name(part.name, path.name, part.label, edition)
    return FeedFile(part, kind, found.heading, tuple(found.headings), columns, scope, day, passed)


def _other(path: Path, tops: list[Grid]) -> Problem:
    """What a file is that is not of the feed."""
    if known := recognise.other_file(path.name, tops, layouts.load(LAYOUTS[PROJECTS])):
        return known
    rule = "the file is none of progetti_esteso, localizzazioni, soggetti and pagamenti: its columns are others"
    if len(tops) > 1:
        rule = f"none of the {len(tops)} tables in the file is progetti_esteso, localizzazioni, soggetti or pagamenti"
        seen = ", ".join(top.label.removeprefix(path.name).lstrip("/, ") for top in tops)
    else:
        seen = ";".join(next((cells for _, cells in tops[0].rows() if any(cells)), [])) if tops else ""
    remedy = "give a file downloaded from opencoesione.gov.it/it/opendata"
    return Problem(tops[0].label if len(tops) == 1 else path.name, rule, remedy, value=seen[:200] or None)


def _name(name: str, outer: str, label: str, edition: str | None) -> tuple[str, str]:
    """Scope and edition, from the name of the table, else from that of the file, else as asked."""
    found = [_NAME.search(Path(text).name) for text in (name, outer)]
    scope = next((match["scope"].upper() for match in found if match and match["scope"]), "ITA")
    day = edition or next((match["day"] for match in found if match and match["day"]), None)
    remedy = "give it: --edition 2026-02-28"
    if day is None:
        raise InputError([Problem(label, "the name of the file does not say the day of its edition", remedy)])
    try:
        return scope, date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise InputError([Problem(label, "the day of the edition does not exist", remedy, value=day)]) from error
