"""Where on a map the high values lie: towards which side, seen from the middle."""

from __future__ import annotations

import math

import numpy as np

#: From east, against the clock.
SIDES = ("e", "ne", "n", "nw", "w", "sw", "s", "se")

#: How far from the middle of all places, in their spread, that of a group lies if it is on one side.
APART = 0.5


def side(places: np.ndarray, group: np.ndarray) -> str | None:
    """The side on which a group of places lies, one of :data:`SIDES`; None where it lies on none.

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
    spread = math.sqrt((across**2).sum(axis=1).mean())
    east, north = across[group].mean(axis=0)
    if not spread or math.hypot(east, north) < APART * spread:
        return None
    return SIDES[round(math.atan2(north, east) / (math.pi / 4)) % 8]
