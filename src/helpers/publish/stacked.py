"""Cells that say their heading: on a phone the rows of a table stand one under the other, without its head."""

from __future__ import annotations

import re

from markupsafe import Markup

#: Tables of so few columns fit on a phone; of so many the headings are no words.
FEWEST, MOST = 3, 12

#: A cell of more characters takes a line of its own on a phone (``data-long``).
SHORT = 40

_TABLE = re.compile(
    r'(?<=<div class="table-scroll" tabindex="0">)<table><thead><tr>(?P<head>.*?)</tr></thead>'
    r"<tbody>(?P<body>.*?)</tbody></table>",
    re.DOTALL,
)
_HEADING = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<(td|th)\b(?P<rest>[^>]*)>(?P<content>.*?)</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def label_cells(text: str) -> str:
    """A page whose tables have the heading of its column on every cell (``data-label``), for the style sheet to show.

    Tables whose cells span others, or that a script fills, stay as they are.
    """
    return _TABLE.sub(_labelled, text)


def _labelled(table: re.Match[str]) -> str:
    headings = [_TAG.sub("", heading) for heading in _HEADING.findall(table["head"])]
    if not FEWEST <= len(headings) <= MOST or re.search(r" (?:col|row)span=| data-(?:role|column)=", table[0]):
        return table[0]
    labels = [Markup('<td data-label="{}"').format(Markup(heading)) for heading in headings]  # noqa: S704 - of the page

    def row(found: re.Match[str]) -> str:
        columns = iter(labels)

        def cell(opened: re.Match[str]) -> str:
            label = next(columns, None)
            if label is None or opened[1] == "th":
                return opened[0]
            long = " data-long" if len(_TAG.sub("", opened["content"])) > SHORT else ""
            return f"{label}{long}{opened['rest']}>{opened['content']}</td>"

        return _CELL.sub(cell, found[0])

    body = _ROW.sub(row, table["body"])
    return f'<table class="stacks"><thead><tr>{table["head"]}</tr></thead><tbody>{body}</tbody></table>'
