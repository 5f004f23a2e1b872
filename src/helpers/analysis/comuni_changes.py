"""From the codes of comuni of one day to those of another, by the dated table ``comuni_changes``.

All people of a comune that merges or takes another code are in the one that follows. A split is told apart: how many
people each part had is in no table, so numbers are carried across it only where that does not matter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pandas as pd

#: The kind of a change that leaves a part of the people where they were, or parts them among several comuni.
SPLIT = "split"


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
        Our comuni that the file need not have, as they were made of parts of others and it is older: those others.
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
class Change:
    """A row of the table; a blank date is not known."""

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


class Graph:
    """The changes, to be followed from code to code.

    Parameters
    ----------
    table
        As text: ``old_istat``, ``new_istat``, ``date``, ``kind``.
    """

    def __init__(self, table: pd.DataFrame):
        self.after: dict[str, list[Change]] = {}
        self.before: dict[str, list[Change]] = {}
        columns = ["old_istat", "new_istat", "date", "kind"]
        for row in table.reindex(columns=columns, fill_value="").itertuples(index=False, name=None):
            change = Change(*row)
            self.after.setdefault(change.old, []).append(change)
            self.before.setdefault(change.new, []).append(change)

    def heirs(self, code: str, among: set[str], counts: Callable[[Change], bool]) -> tuple[set[str], bool]:
        """The nearest codes that follow on every way, and whether some way ends without one."""
        found, lost = set(), False
        seen, todo = {code}, [code]
        while todo:
            steps = [change for change in self.after.get(todo.pop(), []) if counts(change)]
            # Of a comune that was parted the others are not known if one part alone is told.
            lost |= not steps or [change.kind for change in steps] == [SPLIT]
            for new in (change.new for change in steps):
                if new in among:
                    found.add(new)
                elif new not in seen:
                    seen.add(new)
                    todo.append(new)
        return found, lost

    def origins(self, code: str, among: set[str], counts: Callable[[Change], bool]) -> set[str]:
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
        made = [change for change in self.before.get(code, []) if change.old not in seen]
        if not made or [change.kind for change in made] == ["merger"]:
            # One comune alone merges into one that stays: that must be there too.
            return [code]
        return [
            lack
            for change in [change for change in made if change.kind != SPLIT] or made
            if change.old not in listed
            for lack in self.lacking(change.old, listed, seen | {code})
        ]

    def life(self, code: str) -> tuple[str | None, str | None]:
        """The days on which a comune was made and ceased; None if it was there before, or is still; "" if not known."""
        before = self.before.get(code, [])
        ends = [change.date for change in self.after.get(code, []) if change.kind != SPLIT]
        # One comune alone merges into one that was there before.
        made = len(before) > 1 or any(change.kind != "merger" for change in before)
        return (min(c.date for c in before) if made else None), (min(ends) if ends else None)

    def since(self, code: str) -> str:
        """The day a code exists since; blank if it is not known."""
        return min((change.date for change in self.before.get(code, []) if change.date), default="")


def match(
    listed: set[str],
    ours: set[str],
    changes: pd.DataFrame,
    day: dt.date | None = None,
    known: dt.date | None = None,
) -> Matched:
    """Match the codes of a file with ours, whichever is the newer.

    Parameters
    ----------
    listed, ours
        Codes of the file and of the package.
    changes
        The table as text: ``old_istat``, ``new_istat``, ``date``, ``kind``.
    day
        Day of the codes of the file: a change that is known to be later did not happen for it.
    known
        A day on which all comuni of ours existed: a file of that day or later must have those it does not merge.
    """
    graph, then = Graph(changes), day.isoformat() if day else ""
    found = Matched()
    _match_older(found, graph, listed, ours, then)
    _match_newer(found, graph, listed, ours, then)
    for code in [code for code in found.missing if graph.is_part(code) and not (day and known and day >= known)]:
        if not all(change.date and change.date <= then for change in graph.before[code]):
            found.missing.remove(code)
            found.unborn[code] = sorted(graph.origins(code, listed, lambda _: True))
    return found


def _match_older(found: Matched, graph: Graph, listed: set[str], ours: set[str], then: str) -> None:
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


def _match_newer(found: Matched, graph: Graph, listed: set[str], ours: set[str], then: str) -> None:
    """Our comuni that the file has not → the comune of the file that has their people; and the file's younger ones."""

    def happened(change: Change) -> bool:
        return change.happened(then)

    among = listed - set(found.renamed) - set(found.unplaced)
    for code in sorted(ours - listed - set(found.renamed.values())):
        # A part that is a comune of ours already left before our people were counted.
        heirs, lost = graph.heirs(code, among, lambda c: happened(c) and not (c.kind == SPLIT and c.new in ours))
        if len(heirs) == 1 and not lost:
            found.merged[code] = heirs.pop()
        elif heirs and not lost and all(graph.origins(heir, ours | {heir}, happened) == {code} for heir in heirs):
            found.renamed |= dict.fromkeys(sorted(heirs), code)
            found.joined += sorted(heirs)
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


def codes_of(changes: pd.DataFrame, codes: Iterable[str]) -> set[str]:
    """All codes that changes tie to some of these, before and after."""
    found, todo = set(codes), list(codes)
    graph = Graph(changes)
    while todo:
        code = todo.pop()
        near = {change.new for change in graph.after.get(code, [])} | {c.old for c in graph.before.get(code, [])}
        todo += near - found
        found |= near
    return found


def codes_on(day: dt.date, ours: Iterable[str], changes: pd.DataFrame) -> set[str]:
    """The edition of the codes of a day: which comuni existed then.

    Parameters
    ----------
    day
        Any day that the table of changes reaches back to; a change of that day has happened.
    ours
        Codes of some other day.
    changes
        The table as text: ``old_istat``, ``new_istat``, ``date``, ``kind``.
    """
    graph, then, known = Graph(changes), day.isoformat(), set(ours)

    def existed(code: str) -> bool:
        made, ended = graph.life(code)
        if "" in (made, ended):
            return code in known
        return (made or "") <= then < (ended or "9999")

    return {code for code in codes_of(changes, known) if existed(code)}


def day_of(ours: Iterable[str], changes: pd.DataFrame, near: dt.date) -> dt.date:
    """A day on which all of some comuni existed, the nearest to another.

    If there is none, the day before the first of them ceased.

    Examples
    --------
    >>> table = pd.DataFrame({"old_istat": ["1", "2"], "new_istat": "3", "date": "2023-01-01", "kind": "merger"})
    >>> [day_of(ours, table, dt.date(2030, 1, 1)).isoformat() for ours in (["1", "2"], ["3"])]
    ['2022-12-31', '2030-01-01']
    >>> day_of(["3"], table, dt.date(2021, 1, 1)).isoformat()
    '2023-01-01'
    """
    graph = Graph(changes)
    lives = [graph.life(code) for code in ours]
    first = max((made for made, _ in lives if made), default="")
    last = min((ended for _, ended in lives if ended), default="9999-12-31")
    before = dt.date.fromisoformat(last) - dt.timedelta(days=1)
    return min(before, max(near, dt.date.fromisoformat(first)) if first else near)
