"""Axes: from values of a chart to pixels of its drawing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np

_DAY_MS = 86_400_000


class Axis:
    """One axis of a chart, placed.

    Parameters
    ----------
    spec
        Its description in the layout: ``range`` must be there, and ``tickvals`` where ticks are seen.
    name
        ``x``, ``y2``: what traces call it.
    start, length
        Where it begins and how long it is, in pixels; vertical axes run upwards from their lower end.
    categories
        Names in the order of the axis, for one of type ``category``.
    """

    def __init__(self, spec: dict, name: str, start: float, length: float, categories: Sequence[str] = ()):
        self.spec, self.name, self.start, self.length = spec, name, start, length
        self.upwards = name[0] == "y"
        self.type = spec.get("type", "category" if categories else "linear")
        self.position = {category: float(n) for n, category in enumerate(categories)}
        if "range" not in spec:
            raise ValueError(f"The axis {name} does not say its range.")
        self.low, self.high = (self._value(end, bound=True) for end in spec["range"])

    @property
    def end(self) -> float:
        """Where it ends, in pixels."""
        return self.start - self.length if self.upwards else self.start + self.length

    @property
    def seen(self) -> bool:
        """Whether ticks and lines are drawn."""
        return self.spec.get("visible", True)

    def _value(self, value: Any, bound: bool = False) -> float:
        if value is None:
            return math.nan
        if self.type == "category" and isinstance(value, str):
            return self.position[value]
        if self.type == "date" and isinstance(value, str):
            return date.fromisoformat(value).toordinal() * _DAY_MS
        if self.type == "log" and not bound:
            return math.log10(value)
        return float(value)

    def values(self, given: Iterable) -> np.ndarray:
        """Values as numbers of the axis; missing ones are NaN."""
        if self.type == "linear":
            return np.array(list(given), dtype=float)
        return np.array([self._value(value) for value in given], dtype=float)

    def pixels(self, numbers: np.ndarray) -> np.ndarray:
        """Where numbers of the axis stand in the drawing."""
        share = (numbers - self.low) / (self.high - self.low)
        return self.start - share * self.length if self.upwards else self.start + share * self.length

    def at(self, given: Iterable) -> np.ndarray:
        """Where values stand in the drawing, in pixels."""
        return self.pixels(self.values(given))

    def ticks(self) -> list[tuple[float, str]]:
        """Place and text of each tick within the axis."""
        if self.type == "category" and "tickvals" not in self.spec:
            values: Sequence = list(self.position)
            texts: Sequence[str] = list(self.position)
        elif "tickvals" in self.spec:
            values = self.spec["tickvals"]
            texts = self.spec.get("ticktext") or [f"{value:g}{self.spec.get('ticksuffix', '')}" for value in values]
        else:
            raise ValueError(f"The axis {self.name} does not say its ticks.")
        places = self.at(values)
        low, high = sorted((self.start, self.end))
        return [
            (float(place), text)
            for place, text in zip(places, texts, strict=True)
            if low - 0.01 <= place <= high + 0.01
        ]


def categories(spec: dict, given: Iterable[Iterable]) -> list[str]:
    """The names along an axis: as its description orders them, else as they come in the traces; none for numbers."""
    if "categoryarray" in spec:
        return list(spec["categoryarray"])
    if spec.get("type") != "category":
        return []
    return list(dict.fromkeys(value for values in given for value in values if value is not None))
