"""Figures for paper, drawn as SVG text: the age pyramid and the strip of the thirty districts.

One unit of a drawing is a tenth of a millimetre, so that lines and letters have the size they are given here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from helpers.figures import theme
from helpers.figures.charts import class_label, drawn_shares

#: Heights of letters: 6.8 and 6.2 points.
TEXT, SMALL = 24, 22

GRID = "#DDE4EA"
OTHERS = "#B5C0CA"


@dataclass(frozen=True)
class Drawing:
    """A drawing for paper: its lines and areas as SVG, its words apart.

    Attributes
    ----------
    width, height
        In tenths of a millimetre.
    svg
        Everything but the words. A typesetter would turn these into outlines: far heavier, and no longer text.
    words
        What is written over it, see :func:`word`.
    """

    width: int
    height: int
    svg: str
    words: tuple[dict, ...]


def drawing(width: int, height: int, parts: Sequence[str], words: Sequence[dict] = ()) -> Drawing:
    """A drawing of this size, in tenths of a millimetre."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width / 10:g}mm" height="{height / 10:g}mm" '
        f'viewBox="0 0 {width} {height}">{"".join(parts)}</svg>'
    )
    return Drawing(width, height, svg, tuple(words))


def word(
    x: float, y: float, text: str, size: float = TEXT, colour: str = theme.INK, anchor: str = "start", **look: bool
) -> dict:
    """Words over a drawing: place of their baseline, height, colour; ``bold`` and ``halo`` if asked."""
    place = {"x": round(float(x), 1), "y": round(float(y), 1), "anchor": anchor}
    return {**place, "text": text, "size": size, "colour": colour, "bold": False, "halo": False, **look}


def element(tag: str, content: str = "", **attributes: Any) -> str:
    """One SVG element; attributes are escaped, ``content`` is SVG already."""
    given = "".join(f' {name.replace("_", "-")}="{escape(_short(value))}"' for name, value in attributes.items())
    return f"<{tag}{given}>{content}</{tag}>" if content else f"<{tag}{given}/>"


def _short(value: object) -> str:
    return f"{round(value, 1):g}" if isinstance(value, float) else str(value)


def pyramid(
    own: pd.DataFrame,
    reference: pd.DataFrame,
    words: dict[str, str],
    percent: Callable[[float], str],
    width: int,
    height: int,
) -> Drawing:
    """Age pyramid as shares of all residents, with a second territory as an outline.

    Parameters
    ----------
    own, reference
        From :func:`helpers.figures.charts.age_classes`: ``age_from``, ``female_share``, ``male_share``.
    words
        ``male``, ``female``: headings of the two sides.
    percent
        Prints a whole share for the axis.
    width, height
        In tenths of a millimetre.
    """
    gutter, top, bottom = 92, 40, 46
    half, tall = (width - gutter) / 2, height - top - bottom
    step = tall / len(own)
    columns = [f"{sex}_share" for sex in ("male", "female")]
    limit = int(np.ceil(max(float(frame[columns].to_numpy().max()) for frame in (own, reference)) * 100))
    scale = (half - 2) / limit
    left, right = half, half + gutter
    grid = "".join(
        f"M{x:.0f} {top}v{tall}" for tick in range(limit + 1) for x in (left - tick * scale, right + tick * scale)
    )
    written = []
    parts = [element("path", d=grid, fill="none", stroke=GRID, stroke_width=1.5)]
    for tick in range(0, limit + 1, 2):
        for x, outer in ((left - tick * scale, "start"), (right + tick * scale, "end")):
            inner = "end" if outer == "start" else "start"
            anchor = inner if tick == 0 else outer if tick == limit else "middle"
            written.append(word(x, top + tall + 30, percent(tick / 100), SMALL, theme.MUTED, anchor))
    sides = (("male", -1, left, theme.BLUE, "end"), ("female", 1, right, theme.ORANGE, "start"))
    for sex, sign, base, colour, anchor in sides:
        written.append(word(base, 24, words[sex], TEXT, colour, anchor, bold=True))
        bars, outline = "", f"M{base:.0f} {top + tall:.0f}"
        for row, (share, other) in enumerate(zip(own[f"{sex}_share"], drawn_shares(reference, sex), strict=True)):
            y = top + tall - (row + 1) * step
            bars += f"M{base:.0f} {y + 1.5:.1f}h{sign * 100 * share * scale:.1f}v{step - 3:.1f}H{base:.0f}z"
            outline += f"H{base + sign * 100 * other * scale:.1f}V{y:.1f}"
        parts.append(element("path", d=bars, fill=colour))
        parts.append(element("path", d=f"{outline}H{base:.0f}", fill="none", stroke=theme.INK, stroke_width=4))
    last = len(own) - 1
    for row, age in enumerate(own["age_from"]):
        # Every other class, and the last one instead of its neighbour.
        if row == last or (row % 2 == 0 and row != last - 1):
            y = top + tall - (row + 0.5) * step + 8
            written.append(word(width / 2, y, class_label(int(age)), SMALL, anchor="middle"))
    return drawing(width, height, parts, written)


def strip(
    values: pd.Series, code: str, reference: float | None, width: int, height: int, logarithmic: bool = False
) -> Drawing:
    """All districts as dots between lowest and highest, one of them marked, the region as a line.

    Parameters
    ----------
    values
        Value per district.
    code
        The district to mark.
    reference
        Value of the region; None or NaN where it has none.
    width, height
        In tenths of a millimetre.
    logarithmic
        Whether the strip is logarithmic.
    """
    margin, middle = 22, height / 2
    low, high = float(values.min()), float(values.max())

    def at(value: float) -> float:
        if high == low:
            return width / 2
        share = np.log(value / low) / np.log(high / low) if logarithmic else (value - low) / (high - low)
        return margin + float(share) * (width - 2 * margin)

    line = element("path", d=f"M{margin} {middle:g}H{width - margin}", stroke=GRID, stroke_width=3)
    # One path of points with round ends: thirty circles would weigh ten times as much.
    dots = "".join(f"M{at(float(value)):.0f} {middle:g}h.1" for value in values.drop(code).dropna())
    others = element("path", d=dots, fill="none", stroke=OTHERS, stroke_width=18, stroke_linecap="round")
    parts = [line, others]
    if reference is not None and not pd.isna(reference):
        mark = f"M{at(reference):.1f} {middle - 22:g}V{middle + 22:g}"
        parts.append(element("path", d=mark, stroke=theme.INK, stroke_width=6))
    if not pd.isna(values[code]):
        look: dict[str, Any] = {"fill": theme.BLUE, "stroke": "#FFFFFF", "stroke_width": 4}
        parts.append(element("circle", cx=at(float(values[code])), cy=middle, r=15, **look))
    return drawing(width, height, parts)
