"""From the codes of comuni of one day to those of another, by the dated table ``comuni_changes``.

All people of a comune that merges or takes another code are in the one that follows. A split is told apart: how many
people each part had is in no table, so numbers are carried across it only where that does not matter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from helpers.data import raw
from helpers.errors import InputError, Problem
from helpers.imports.draft import Draft
from helpers.system.plain_text import words

TABLE = "comuni_changes"
#: The kind of a change that leaves a part of the people where they were, or parts them among several comuni.
SPLIT = "split"
#: Changes of code listed in one sentence; more are counted.
LISTED = 5


@dataclass
class Matched:
    """How codes of a file meet ours.

    Attributes
    ----------
    renamed
        Codes of the file that are no comuni of ours: the comune of ours that has their people. They ceased, or are
        listed in ``joined``.
    joined
        Codes among ``renamed`` of comuni that are younger than ours: here their people still belong to another.
    merged
        Our comuni that ceased: the comune of the file that has their people.
    unborn
        Our comuni that the file cannot have, because they were made of parts of others later: those others.
    unplaced
        Codes of the file whose numbers belong to no comune of ours alone: why.
    unknown
        Codes of the file that no change leads to.
    missing
        Our comuni that neither the file nor a change speaks of.
    """

    renamed: dict[str, str] = field(default_factory=dict)
    joined: list[str] = field(default_factory=list)
    merged: dict[str, str] = field(default_factory=dict)
    unborn: dict[str, list[str]] = field(default_factory=dict)
    unplaced: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Change:
    old: str
    new: str
    date: str
    kind: str

    def happened(self, day: str) -> bool:
        """Whether it may have happened by then: it did, or its day is not known."""
        return not (self.date and day) or self.date <= day

    def divides(self, day: str, listed: set[str]) -> bool:
        """Whether people counted then under the old code, in a file of these codes, may be under the new one since."""
        return self.kind != SPLIT or not (self.new in listed or (self.date and day and self.date <= day))


class _Graph:
    """The changes, to be followed from code to code."""

    def __init__(self, table: pd.DataFrame):
        self.after: dict[str, list[_Change]] = {}
        self.before: dict[str, list[_Change]] = {}
        columns = ["old_istat", "new_istat", "date", "kind"]
        for row in table.reindex(columns=columns, fill_value="").itertuples(index=False, name=None):
            change = _Change(*row)
            self.after.setdefault(change.old, []).append(change)
            self.before.setdefault(change.new, []).append(change)

    def heirs(self, code: str, among: set[str], counts: Callable[[_Change], bool]) -> tuple[set[str], bool]:
        """The nearest codes that follow on every way, and whether some way ends without one."""
        found, lost = set(), False
        seen, todo = {code}, [code]
        while todo:
            steps = [change.new for change in self.after.get(todo.pop(), []) if counts(change)]
            lost |= not steps
            for new in steps:
                if new in among:
                    found.add(new)
                elif new not in seen:
                    seen.add(new)
                    todo.append(new)
        return found, lost

    def origins(self, code: str, among: set[str], counts: Callable[[_Change], bool]) -> set[str]:
        """The nearest codes before it on every way; a way that ends elsewhere gives its last code."""
        found, seen, todo = set(), {code}, [code]
        while todo:
            here = todo.pop()
            steps = [change.old for change in self.before.get(here, []) if counts(change)]
            if not steps and here != code:
                found.add(here)
            for old in steps:
                if old in among:
                    found.add(old)
                elif old not in seen:
                    seen.add(old)
                    todo.append(old)
        return found

    def is_part(self, code: str) -> bool:
        """Whether a comune was made of parts of others, and of nothing else."""
        return code in self.before and all(change.kind == SPLIT for change in self.before[code])

    def lacking(self, code: str, listed: set[str], seen: frozenset[str] = frozenset()) -> list[str]:
        """What a file that has not the code itself must have, and has not, to have all its people."""
        whole = [change for change in self.before.get(code, []) if change.kind != SPLIT and change.old not in seen]
        if not whole or [change.kind for change in whole] == ["merger"]:
            # One comune alone merges into one that stays: that must be there too.
            return [code]
        return [
            lack
            for change in whole
            if change.old not in listed
            for lack in self.lacking(change.old, listed, seen | {code})
        ]

    def since(self, code: str) -> str:
        """The day a code exists since; blank if it is not known."""
        return min((change.date for change in self.before.get(code, []) if change.date), default="")


def match(listed: set[str], ours: set[str], changes: pd.DataFrame, day: dt.date | None = None) -> Matched:
    """Match the codes of a file with ours, whichever is the newer.

    Parameters
    ----------
    listed, ours
        Codes of the file and of the package.
    changes
        The table as text: ``old_istat``, ``new_istat``, ``date``, ``kind``.
    day
        Day of the codes of the file: a change that is known to be later did not happen for it.
    """
    graph, then = _Graph(changes), day.isoformat() if day else ""
    found = Matched()
    _match_older(found, graph, listed, ours, then)
    _match_newer(found, graph, listed, ours, then)
    return found


def _match_older(found: Matched, graph: _Graph, listed: set[str], ours: set[str], then: str) -> None:
    """Codes of the file that ceased → the comune of ours that has their people."""
    for code in sorted(listed - ours):
        heirs, lost = graph.heirs(code, ours, lambda change: change.divides(then, listed))
        if len(heirs) == 1 and not lost:
            found.renamed[code] = heirs.pop()
        elif heirs:
            where = [*sorted(heirs), *(["elsewhere"] if lost else [])]
            found.unplaced[code] = f"its people are in {' and '.join(where)} since, how many in each is not known"
    for target in sorted(set(found.renamed.values()) - listed):
        if lacking := graph.lacking(target, listed):
            for code in [code for code, new in found.renamed.items() if new == target]:
                del found.renamed[code]
                found.unplaced[code] = f"it is a part of {target}, and the file lacks {', '.join(sorted(set(lacking)))}"


def _match_newer(found: Matched, graph: _Graph, listed: set[str], ours: set[str], then: str) -> None:
    """Our comuni that the file has not → the comune of the file that has their people; and the file's younger ones."""

    def happened(change: _Change) -> bool:
        return change.happened(then)

    for code in sorted(ours - listed - set(found.renamed.values())):
        # A part that is a comune of ours already left before our people were counted.
        heirs, lost = graph.heirs(code, listed, lambda c: happened(c) and not (c.kind == SPLIT and c.new in ours))
        if len(heirs) == 1 and not lost:
            found.merged[code] = heirs.pop()
        elif heirs and not lost and all(graph.origins(heir, ours | {heir}, happened) == {code} for heir in heirs):
            found.renamed |= dict.fromkeys(sorted(heirs), code)
            found.joined += sorted(heirs)
        elif graph.is_part(code) and not (then and all(c.date and happened(c) for c in graph.before[code])):
            found.unborn[code] = sorted(graph.origins(code, listed, lambda _: True))
        else:
            found.missing.append(code)
    for code in sorted(listed - ours - set(found.renamed) - set(found.merged.values()) - set(found.unplaced)):
        origins = graph.origins(code, ours, happened) if graph.is_part(code) else set()
        if len(origins) == 1 and origins <= ours & listed:
            found.renamed[code] = origins.pop()
            found.joined.append(code)
        elif origins:
            found.unplaced[code] = (
                f"it was made of parts of {' and '.join(sorted(origins))}, how much of each is not known"
            )
        else:
            found.unknown.append(code)


def match_codes(
    draft: Draft,
    file: str,
    listed: set[str],
    theirs: Mapping[str, str],
    missing: bool = True,
    day: dt.date | None = None,
) -> Matched:
    """Match the codes of a file with those of the package.

    Parameters
    ----------
    listed
        Codes of the file, of Piedmont.
    theirs
        Names in the file by code.
    missing
        Whether every comune of ours must have its numbers; else what cannot be told comune by comune is left out.
    day
        Day of the codes of the file.

    Raises
    ------
    InputError
        With the codes that do not meet.
    """
    ours = draft.cells("comuni").set_index("istat")["name"].to_dict()
    table = draft.cells(TABLE)
    found, graph = match(listed, set(ours), table, day), _Graph(table)
    remedy = (
        f"if it changed, add a row to {raw.label(TABLE + '.csv')} and run `wecare record`, or import ISTAT's list with "
        "`wecare import changes`; if not, correct the file"
    )

    def problem(code: str, rule: str, remedy: str = remedy) -> Problem:
        return Problem(file, rule, remedy, None, "istat", f"{code} {theirs.get(code) or ours.get(code, '')}".strip())

    problems = [
        problem(code, "the file has a comune of Piedmont that the data package has not" + _too_early(graph, code, day))
        for code in found.unknown
    ]
    if missing:
        made = "add its row to comuni.csv, its district and its borders, or give the people of another year"
        later = "give the people of a later year: those of this one cannot be shown on the comuni of today"
        problems += [
            problem(code, f"the file lacks a comune of Piedmont{_heirs(graph, code, day)}") for code in found.missing
        ]
        problems += [
            problem(code, f"the numbers fit no comune of the data package: {why}", made)
            for code, why in found.unplaced.items()
        ]
        problems += [
            problem(code, f"the comune was still a part of {' and '.join(parents)}", later)
            for code, parents in found.unborn.items()
        ]
    if problems:
        raise InputError(problems)
    return found


def _too_early(graph: _Graph, code: str, day: dt.date | None) -> str:
    since = graph.since(code)
    return f"; it exists since {since}, and the file is of {day}" if day and since > day.isoformat() else ""


def _heirs(graph: _Graph, code: str, day: dt.date | None) -> str:
    """That a comune ceased later than the file says."""
    dates = [change.date for change in graph.after.get(code, []) if change.date and change.kind != SPLIT]
    return (
        f"; it ceased on {dates[0]}, and the file is of {day}" if day and dates and dates[0] > day.isoformat() else ""
    )


def tell(found: Matched, ours: Mapping[str, str], theirs: Mapping[str, str]) -> list[str]:
    """What was done with codes that are not the same, in sentences; mergers in the package are not among them.

    Parameters
    ----------
    found
        What :func:`match_codes` gave.
    ours, theirs
        Names by code, in the package and in the file.
    """

    def name(code: str) -> str:
        return f"{code} {ours.get(code) or theirs.get(code, '')}".strip()

    older = {code: new for code, new in found.renamed.items() if code not in found.joined}
    told = []
    if older:
        shown = [f"{name(code)} in {name(new)}" for code, new in list(older.items())[:LISTED]]
        more = f" and {len(older) - LISTED:,} more" if len(older) > LISTED else ""
        into = len(set(older.values()))
        told.append(f"{len(older):,} comuni that ceased are counted in {into:,} of today: {', '.join(shown)}{more}.")
    told += [
        f"{name(code)} is counted in {name(found.renamed[code])}, of which it is a part here." for code in found.joined
    ]
    told += [
        f"{name(code)} has no row: it was still a part of {' and '.join(map(name, parents))}."
        for code, parents in found.unborn.items()
    ]
    return told + [f"{name(code)} was left out: {why}." for code, why in found.unplaced.items()]


def find_renamed(ours: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str]:
    """Comuni that have another name in a file, not only another spelling: the file's name by code.

    Examples
    --------
    >>> find_renamed({"001001": "Agliè", "001002": "Airasca"}, {"001001": "AGLIE'", "001002": "Airasca al Piano"})
    {'001002': 'Airasca al Piano'}
    """
    return {code: name for code, name in theirs.items() if code in ours and _plain(ours[code]) != _plain(name)}


def _plain(name: str) -> str:
    return "".join(words(name))


def codes_of(changes: pd.DataFrame, codes: Iterable[str]) -> set[str]:
    """All codes that changes tie to some of these, before and after."""
    found, todo = set(codes), list(codes)
    graph = _Graph(changes)
    while todo:
        code = todo.pop()
        near = {change.new for change in graph.after.get(code, [])} | {c.old for c in graph.before.get(code, [])}
        todo += near - found
        found |= near
    return found
