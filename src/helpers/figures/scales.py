"""Round numbers at the ticks of an axis, and the range that holds its values."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable


def steps(low: float, high: float, wanted: int = 6) -> list[float]:
    """Round numbers from ``low`` to ``high``, about as many as wanted."""
    rough = (high - low) / max(wanted - 1, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(n * step, 10) for n in range(first, last + 1)]


def scale(values: Iterable[float], show: Callable[[float], str], wanted: int = 6, zero: bool = False) -> dict:
    """Range and ticks of an axis that holds these values with some room.

    Parameters
    ----------
    show
        Prints the number of a tick.
    wanted
        About how many ticks.
    zero
        Whether the axis begins at zero.
    """
    known = [value for value in values if value is not None and not math.isnan(value)]
    low, high = min(known), max(known)
    room = (high - min(low, 0) if zero else high - low) * 0.06 or 1
    low, high = (min(low, 0) if zero else low - room), high + room
    ticks = steps(low, high, wanted)
    return {"range": [low, high], "tickvals": ticks, "ticktext": [show(tick) for tick in ticks]}
