"""What no cell of text holds: markup, characters that cannot be seen or reorder others, nothing but blanks.

Pages show text as text whatever it holds; these rules find what nobody meant to write. A column that takes over what
others wrote says in its ``mayHold`` which of them do not apply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

import pandas as pd

#: Types of columns that hold text.
TYPES = ("string", "list")

#: Beside white space: characters of no width and of no meaning, which alone would show nothing.
_UNSEEN = (
    r"\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
)

#: A pattern that a cell must not have, by the name that an exception has in ``mayHold``; the rule and the remedy.
FORBIDDEN = {
    "blank": (
        rf"\A[{_UNSEEN}]+\Z",
        "the cell holds nothing but blanks or characters that cannot be seen",
        "empty the cell if nothing is known, or write the text",
    ),
    "control": (
        r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff]",
        "the text holds a control character, such as the end of a line",
        "write it on one line, without the character",
    ),
    "direction": (
        r"[\u202a-\u202e\u2066-\u2069]",
        "the text holds a character that changes the direction of writing, so that readers see another text",
        "write the text again without it",
    ),
    "markup": (
        r"<[A-Za-z/!?]|\{\{|\{%|\{#|\]\(|&#|(?i:&(?:lt|gt|amp|quot|apos|nbsp);)",
        "the text holds markup (an element, a reference to a character, a link or a command of a template)",
        "write plain text",
    ),
}

#: What must hold of the cells, in words, and the remedy for a value.
Rule = tuple[Callable[[pd.Series], pd.Series], str, Callable[[str], str]]


def rules(may_hold: Collection[str] = ()) -> list[Rule]:
    """Rules of a column of text.

    Parameters
    ----------
    may_hold
        Names in `FORBIDDEN` that do not apply.
    """
    return [_rule(*FORBIDDEN[name]) for name in FORBIDDEN if name not in may_hold]


def _rule(pattern: str, words: str, remedy: str) -> Rule:
    find = re.compile(pattern).search

    def holds(cells: pd.Series) -> pd.Series:
        return pd.Series(
            [not (isinstance(text, str) and find(text)) for text in cells.tolist()], cells.index, dtype="bool"
        )

    return holds, words, lambda value: remedy


def wrong_with(text: str) -> tuple[str, str] | None:
    """The first rule that a text breaks, and what to do; None if it breaks none."""
    return next(((rule, remedy) for pattern, rule, remedy in FORBIDDEN.values() if re.search(pattern, text)), None)
