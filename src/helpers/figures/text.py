"""Texts of charts: their lines, and how wide they are in Titillium Web, the font of all charts."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise

from helpers.figures.letters import KERNING, WIDTHS

_WIDTH = {letter: width for width, letters in WIDTHS.items() for letter in letters}
_NEARER = {
    group[0] + letter: change for change, groups in KERNING.items() for group in groups.split() for letter in group[1:]
}

#: Of a character the font does not have.
OTHER = 560

#: How much wider the bold letters are.
BOLD = 1.045

#: Height above and depth below the line of writing, and from one line to the next, in parts of the font's size.
ASCENT, DESCENT, LINE = 1.133, 0.388, 1.3


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Width of one line in the unit of ``size``."""
    alone = sum([_WIDTH.get(letter, OTHER) for letter in text])
    nearer = sum([_NEARER.get(one + other, 0) for one, other in pairwise(text)])
    return (alone + nearer) * size * (BOLD if bold else 1) / 1000


def box_height(size: float) -> tuple[int, int]:
    """What a browser takes as height above and depth below the line of writing, in whole pixels."""
    return int(ASCENT * size + 0.5), int(DESCENT * size + 0.5)


#: The markup that texts of charts may hold, see :data:`helpers.figures.exhibit.MARKUP`.
_BREAK, _TAG = re.compile(r"<br\s*/?>"), re.compile(r"</?[bi]>|<extra>.*")


def lines_of(text: str) -> list[tuple[str, bool, bool]]:
    """A text of a chart line by line, without markup: each with whether it is bold, and whether it is italic."""
    found = []
    for line in _BREAK.split(text):
        if "<" in line or "&" in line:
            found.append((unescape(_TAG.sub("", line)), "<b>" in line, "<i>" in line))
        else:
            found.append((line, False, False))
    return found


def widest(text: str, size: float) -> float:
    """Width of the widest line of a text of a chart, in the unit of ``size``."""
    return max(text_width(line, size, bold) for line, bold, _ in lines_of(text))
