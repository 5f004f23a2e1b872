"""What is known of when: dates no finer than their source, the order of events, the phases of the rollout."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

#: First and last month of the seasons: whole months; winter ends in the year after the one it is named by.
SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 2)}

#: Strands shown together: the calls on corporate welfare are one measure of the act.
GROUPS = {
    "strategy": ("strategy",),
    "M1": ("M1",),
    "ACC": ("ACC",),
    "M2": ("M2",),
    "WA": ("WA", "WA-ANI", "WA-DIS", "WA-PRO"),
    "FESR": ("FESR",),
    "districts": ("districts",),
    "PATTO": ("PATTO",),
    "WILL": ("WILL",),
    "evaluation": ("evaluation",),
    "successor": ("successor",),
    "context": ("context",),
}
GROUP_OF = {strand: group for group, strands in GROUPS.items() for strand in strands}

#: What a date can be besides the day of the event, and the status it gives to the date.
ABOUT = {"article": "indicative", "planned": "indicative", "inferred": "derived"}

#: From known to likely.
_RANKS = ("sourced", "derived", "indicative")

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?|-([a-z]+))?")


def precision(value: str) -> str:
    """How fine a date is: ``day``, ``month``, ``season`` or ``year``.

    Raises
    ------
    ValueError
        If it is no date.
    """
    found = _FORM.fullmatch(value)
    if not found or (found[4] and found[4] not in SEASONS):
        raise ValueError(f"{value!r} is not a date.")
    return "day" if found[3] else "month" if found[2] else "season" if found[4] else "year"


def span(value: str) -> tuple[date, date]:
    """First and last day that a date may mean.

    Parameters
    ----------
    value
        ``2019-01-23``, ``2018-10``, ``2016-autumn`` or ``2015``.

    Raises
    ------
    ValueError
        If it is no date, or a day that does not exist.
    """
    kind = precision(value)
    year = int(value[:4])
    if kind == "day":
        day = date.fromisoformat(value)
        return day, day
    if kind == "year":
        return date(year, 1, 1), date(year, 12, 31)
    first, last = (int(value[5:]),) * 2 if kind == "month" else SEASONS[value[5:]]
    end = year + (last < first)
    return date(year, first, 1), date(end, last, calendar.monthrange(end, last)[1])


def order_events(events: pd.DataFrame) -> pd.DataFrame:
    """Events with what is known of their dates, in the order in which they may have begun.

    Parameters
    ----------
    events
        The raw table of that name.

    Returns
    -------
    DataFrame
        Its columns and ``year``, ``group``, ``about`` (a key of :data:`ABOUT` or None), ``conflict`` (whether sources
        give other dates), ``other_date``, ``other_row``, ``status``. Of two events that may have begun on the same day
        the less precise comes first.
    """
    table = events.rename(columns={"date_is": "about", "same_event": "other_row"}).assign(
        year=events["date"].str[:4].astype(int),
        group=events["strand"].map(GROUP_OF),
    )
    found = ["about", "other_date", "other_row"]
    table[found] = table[found].astype(object).where(table[found].notna(), None)
    table["conflict"] = table["other_date"].notna() | table["other_row"].notna()
    table["status"] = ["sourced" if about is None else ABOUT[about] for about in table["about"]]
    spans = [span(value) for value in table["date"]]
    first, length = [s.toordinal() for s, _ in spans], [(s - e).days for s, e in spans]
    table = table.assign(_first=first, _length=length).sort_values(["_first", "_length", "event_id"])
    return table.drop(columns=["_first", "_length"]).reset_index(drop=True)


@dataclass(frozen=True)
class Phase:
    """A stretch of the rollout between two dated rows.

    Attributes
    ----------
    kind
        ``call`` (open to applicants), ``phase`` (of the strategy) or ``project``.
    start, end
        Keys of events; or of rows of the other facts, with the column that holds the date.
    """

    id: str
    strand: str
    kind: str
    start: str
    end: str
    column: str = "period_end"


#: The rollout as far as two dates of it are known; nothing is drawn whose beginning or end no source gives.
PHASES = (
    Phase("origin", "strategy", "phase", "EV-01", "EV-05"),
    Phase("acc-call", "ACC", "call", "EV-08", "EV-09"),
    Phase("m1-call", "M1", "call", "EV-11", "EV-12"),
    Phase("m1-design", "M1", "phase", "EV-15", "EV-27"),
    Phase("m1-support", "ACC", "phase", "EV-39", "EV-56"),
    Phase("m2-call", "M2", "call", "EV-25", "EV-28"),
    Phase("wa-dis", "WA-DIS", "phase", "EV-23", "EV-31"),
    Phase("wa-cna", "WA-DIS", "project", "EV-33", "EV-55"),
    Phase("wa-pro", "WA-PRO", "call", "EV-34", "EV-43"),
    Phase("wa-firms", "WA-PRO", "project", "EV-49", "WFA-08"),
    Phase("fesr", "FESR", "call", "EV-19", "EV-42"),
    Phase("will", "WILL", "phase", "EV-35", "EV-70"),
    Phase("successor", "successor", "call", "EV-65", "EV-66"),
)


#: Keys of all rows at which a phase begins or ends.
ENDS = tuple(dict.fromkeys(key for phase in PHASES for key in (phase.start, phase.end)))


def rollout(events: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """The phases of the rollout with what is known of their ends.

    Parameters
    ----------
    events
        From :func:`ordered`.
    facts
        The raw table ``wa_fesr_acc_facts``.

    Returns
    -------
    DataFrame
        One row per phase, in the order of :data:`PHASES`: ``phase_id``, ``strand``, ``group``, ``kind``, ``start``,
        ``end`` (dates as the sources give them), ``start_other``, ``end_other`` (conflicting dates or None),
        ``start_first``, ``start_last``, ``end_first``, ``end_last`` (days between which it began and ended),
        ``status`` (the weaker of the two ends), ``source_ids``, ``start_row``, ``end_row``.
    """
    rows = events.set_index("event_id")
    more = facts.set_index("fact_id")
    table = pd.DataFrame([_phase(phase, rows, more) for phase in PHASES])
    return table.astype(object).where(table.notna(), None)


def _phase(phase: Phase, events: pd.DataFrame, facts: pd.DataFrame) -> dict:
    start, end = (_end(key, phase.column, events, facts) for key in (phase.start, phase.end))
    return {
        "phase_id": phase.id,
        "strand": phase.strand,
        "group": GROUP_OF[phase.strand],
        "kind": phase.kind,
        "start": start["date"],
        "end": end["date"],
        "start_other": start["other"],
        "end_other": end["other"],
        "start_first": start["first"],
        "start_last": start["last"],
        "end_first": end["first"],
        "end_last": end["last"],
        "status": max(start["status"], end["status"], key=_RANKS.index),
        "source_ids": tuple(dict.fromkeys([*start["sources"], *end["sources"]])),
        "start_row": phase.start,
        "end_row": phase.end,
    }


def _end(key: str, column: str, events: pd.DataFrame, facts: pd.DataFrame) -> dict:
    """One end of a phase: its date, the conflicting one, the days between which it lies."""
    if key in facts.index:
        row, value, other, status = facts.loc[key], facts.at[key, column], None, "sourced"
        sources = list(row["source_ids"])
    else:
        row = events.loc[key]
        value, other, status, sources = row["date"], row["other_date"], row["status"], list(row["source_ids"])
        if row["other_row"] is not None:
            other, sources = events.at[row["other_row"], "date"], [*sources, *events.at[row["other_row"], "source_ids"]]
        elif other is not None:
            sources += row["other_source_ids"]
    spans = [span(v) for v in (value, other) if v is not None]
    return {
        "date": value,
        "other": other,
        "first": min(first for first, _ in spans).isoformat(),
        "last": max(last for _, last in spans).isoformat(),
        "status": status,
        "sources": dict.fromkeys(sources),
    }


def certain(row: Mapping[str, str]) -> tuple[date, date] | None:
    """Days on which a phase was certainly under way: first and last; None if no day is certain."""
    first, last = date.fromisoformat(row["start_last"]), date.fromisoformat(row["end_first"])
    return (first, last) if first <= last else None


def uncertain(row: Mapping[str, str]) -> list[tuple[date, date]]:
    """Days on which a phase may have been under way: stretches before and after the certain ones."""
    whole = date.fromisoformat(row["start_first"]), date.fromisoformat(row["end_last"])
    core = certain(row)
    if core is None:
        return [whole]
    day = timedelta(days=1)
    sides = [(whole[0], core[0] - day), (core[1] + day, whole[1])]
    return [(first, last) for first, last in sides if first <= last]
