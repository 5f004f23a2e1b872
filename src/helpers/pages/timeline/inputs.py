"""What the timeline shows: every event with what is known of its date, and the phases of the rollout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.data import raw, required
from helpers.subjects import strategy, timeline


@dataclass(frozen=True)
class TimelineInputs:
    """Everything the timeline shows.

    Attributes
    ----------
    facts
        What its texts speak of.
    events
        From :func:`helpers.subjects.timeline.order_events`.
    phases
        From :func:`helpers.subjects.timeline.rollout`.
    """

    facts: dict[str, Any]
    events: pd.DataFrame
    phases: pd.DataFrame


def timeline_inputs() -> TimelineInputs:
    """Cut what the timeline shows from the data."""
    required.rows(*timeline.ENDS)
    events = timeline.order_events(raw.load("events"))
    phases = timeline.rollout(events, raw.load("wa_fesr_acc_facts"))
    act = required.row(strategy.APPROVAL)
    by_year = events["year"].value_counts()
    return TimelineInputs(
        facts={
            "n_events": len(events),
            "first_year": int(events["year"].min()),
            "last_year": int(events["year"].max()),
            "n_precision": {p: int((events["precision"] == p).sum()) for p in ("day", "month", "season", "year")},
            "n_about": {about: int((events["about"] == about).sum()) for about in timeline.ABOUT},
            "n_conflict": int(events["conflict"].sum()),
            "busiest": {"year": int(by_year.idxmax()), "n": int(by_year.max())},
            "n_groups": {group: int((events["group"] == group).sum()) for group in timeline.GROUPS},
            "n_phases": len(phases),
            "n_calls": int((phases["kind"] == "call").sum()),
            "calls": _calls(phases),
            "years": {
                "calls": _years(phases[_own_calls(phases)]),
                "projects": _years(phases[(phases["kind"] == "project") | (phases["phase_id"] == "m1-support")]),
            },
            "approval": {"date": act["date"], "source_ids": list(act["source_ids"])},
        },
        events=events,
        phases=phases,
    )


def _own_calls(phases: pd.DataFrame) -> pd.Series:
    """Which phases are calls of the strategy itself."""
    return (phases["kind"] == "call") & (phases["group"] != "successor")


def _years(phases: pd.DataFrame) -> list[int]:
    """First and last year on which any of the phases may have been under way."""
    return [int(phases["start_first"].min()[:4]), int(phases["end_last"].max()[:4])]


def _calls(phases: pd.DataFrame) -> dict:
    """First opening and last closing of the calls of the strategy, with their sources."""
    calls = phases[_own_calls(phases)].sort_values("start_first")
    first, last = calls.iloc[0], calls.sort_values("end_last").iloc[-1]
    return {
        "first": first["start"],
        "first_sources": list(first["source_ids"]),
        "last": last["end"],
        "last_other": last["end_other"],
        "last_sources": list(last["source_ids"]),
    }
