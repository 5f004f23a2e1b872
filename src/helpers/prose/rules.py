"""Rules that choose between sentences; each is stated on the method page."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

from helpers.prose.numbers import is_missing, round_half_up

Number = TypeVar("Number", float, Decimal)

#: Relative differences up to which two values are "in line", "slightly" apart, apart; beyond, "well" apart.
IN_LINE, SLIGHT, WIDE = 0.03, 0.10, 0.25

#: Spares the boundary cases from the last bit of a division.
_TOLERANCE = 1e-9


def compare(value: Number | None, other: Number | None, digits: int | None = None) -> str:
    """How a value lies against another, by their relative difference.

    Parameters
    ----------
    value, other
        Two values of the same indicator.
    digits
        Decimals the reader is shown, if the two must not be called different when they print alike.

    Returns
    -------
    str
        ``in_line`` (within 3 %), ``slightly_above`` or ``slightly_below`` (to 10 %), ``above`` or ``below``
        (to 25 %), ``well_above`` or ``well_below``; ``unknown`` when either is missing.
    """
    if is_missing(value) or is_missing(other):
        return "unknown"
    if value == other or (digits is not None and round_half_up(value, digits) == round_half_up(other, digits)):
        return "in_line"
    side = "above" if value > other else "below"
    # Against zero every difference is large, and no ratio exists to grade it.
    distance = abs(value - other) / abs(other) if other else float("inf")
    if distance <= IN_LINE + _TOLERANCE:
        return "in_line"
    if distance <= SLIGHT + _TOLERANCE:
        return f"slightly_{side}"
    return side if distance <= WIDE + _TOLERANCE else f"well_{side}"


def all_known(values: dict, keys: list[str]) -> bool:
    """True when none of the values is missing, so that a sentence may name them all."""
    return not any(is_missing(values[key]) for key in keys)


def rank_from_end(rank: int, total: int) -> int:
    """Turn a rank counted from the highest into one counted from the lowest."""
    return total + 1 - rank


def is_inferred(confidence: str | None) -> tuple[str, ...]:
    """What of a project is our inference and not the word of a source.

    Parameters
    ----------
    confidence
        The column of that name in the table of projects.

    Returns
    -------
    tuple of str
        ``lead`` and ``measure``, in this order, where they apply.
    """
    text = confidence or ""
    marks = {"lead": ("lead inferred",), "measure": ("attribution inferred", "measure inferred")}
    return tuple(what for what, said in marks.items() if any(mark in text for mark in said))


def boundary_case(boundary: dict) -> str:
    """Which of the statuses the boundary of a district rests on.

    Parameters
    ----------
    boundary
        ``sourced``, ``derived``, ``indicative``; each with ``n`` (comuni) and ``share`` (of residents).

    Returns
    -------
    str
        The status when all comuni have the same one; ``mixed`` otherwise.
    """
    present = [status for status in ("sourced", "derived", "indicative") if boundary[status]["n"]]
    return present[0] if len(present) == 1 else "mixed"
