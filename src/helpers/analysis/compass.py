"""Where on a map the high values lie: towards which side, seen from the middle."""

from __future__ import annotations

import math

import numpy as np

#: From east, against the clock.
SIDES = ("e", "ne", "n", "nw", "w", "sw", "s", "se")

#: Neither: close together in the middle.
MIDDLE = "c"

#: How far from the middle of all places, in their spread, that of a group lies if it is on one side; a group whose own
#: spread is smaller is close together.
APART = 0.5


def side(places: np.ndarray, group: np.ndarray) -> str | None:
    """The side on which a group of places lies, one of :data:`SIDES`, or :data:`MIDDLE`; None where it lies on none.

    Parameters
    ----------
    places
        East and north of all places, in metres, shape (n, 2).
    group
        Whether each is of the group.
    """
    if not group.any() or group.all():
        return None
    across = places - places.mean(axis=0)
    spread, own = _spread(across), _spread(across[group] - across[group].mean(axis=0))
    if not spread:
        return None
    east, north = across[group].mean(axis=0)
    if math.hypot(east, north) < APART * spread:
        return MIDDLE if own < APART * spread else None
    return SIDES[round(math.atan2(north, east) / (math.pi / 4)) % 8]


def _spread(across: np.ndarray) -> float:
    """How far places are from their middle, as the root of the mean square."""
    return math.sqrt((across**2).sum(axis=1).mean())
