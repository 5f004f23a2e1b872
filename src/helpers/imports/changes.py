"""How the codes of comuni in a file meet those of the data package: what an importer is told, and tells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from helpers.analysis.comuni_changes import SPLIT, Graph, Matched, day_of, match
from helpers.data import raw
from helpers.errors import InputError, Problem
from helpers.imports.draft import Draft
from helpers.system.plain_text import words

TABLE = "comuni_changes"
#: Changes of code listed in one sentence; more are counted.
LISTED = 5


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
    found, graph = match(listed, set(ours), table, day, _day_of(draft)), Graph(table)
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
        later = (
            "it may not have been a comune yet: give the people of a later year, which can be shown on those of today"
        )
        problems += [
            problem(code, f"the file lacks a comune of Piedmont{_heirs(graph, code, day)}") for code in found.missing
        ]
        problems += [
            problem(code, f"the numbers fit no comune of the data package: {why}", made)
            for code, why in found.unplaced.items()
        ]
        problems += [
            problem(code, f"the file lacks a comune, made of parts of {' and '.join(parents)}", later)
            for code, parents in found.unborn.items()
        ]
    if problems:
        raise InputError(problems)
    return found


def note_edition(draft: Draft, table: str, year: int, found: Matched, day: dt.date) -> None:
    """Write into the entry of a table which edition of the codes the rows of a year have, in ``codes_on``.

    Parameters
    ----------
    found
        How the codes of the file met ours; what was older has been carried forward.
    day
        Day of the codes of the file. They are ours unless some of ours have merged there.
    """
    entry = draft.resource(table)
    told = {int(first): then for first, then in entry.get("codes_on", {}).items()}
    years = sorted({year, *draft.cells(table)["year"].astype("int64")})
    days = {y: told[max(first for first in told if first <= y)] for y in years if any(first <= y for first in told)}
    days[year] = _began(draft, day) if found.merged else _day_of_codes(draft)
    changed = [y for n, y in enumerate(sorted(days)) if n == 0 or days[y] != days[sorted(days)[n - 1]]]
    entry["codes_on"] = {str(y): days[y] for y in changed}


def _began(draft: Draft, day: dt.date) -> str:
    """The day since which the comuni are those of a day."""
    dates = draft.cells(TABLE)["date"]
    return dates[dates <= day.isoformat()].max()


def _day_of_codes(draft: Draft) -> str:
    """A day on which the comuni of the package existed: that of their people, if it can be."""
    return day_of(draft.cells("comuni")["istat"], draft.cells(TABLE), _day_of(draft)).isoformat()


def _day_of(draft: Draft) -> dt.date:
    """The day of the people of the package: its comuni existed then."""
    return dt.date(draft.resource("population")["year"], 1, 1)


def _too_early(graph: Graph, code: str, day: dt.date | None) -> str:
    since = graph.since(code)
    return f"; it exists since {since}, and the file is of {day}" if day and since > day.isoformat() else ""


def _heirs(graph: Graph, code: str, day: dt.date | None) -> str:
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
        f"{name(code)} has no row: it was made of parts of {' and '.join(map(name, parents))}, and may not have been a "
        "comune yet."
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
