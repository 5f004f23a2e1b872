"""Prose taken apart for a typesetter: Markdown made by our templates → blocks of plain text and links.

Only templates make links; whatever text comes from data is escaped in it, so nothing else can be taken for one.
"""

from __future__ import annotations

import re
from html import unescape

_LINK = re.compile(r'\[([^\]\[]*)\]\(([^()\s"]+)(?:\s+"([^"]*)")?\)')
_ITEM = "- "


def blocks(markdown: str) -> list[dict]:
    """Paragraphs and list items of a text by :func:`helpers.prose.render.render`.

    Parameters
    ----------
    markdown
        Paragraphs, list items, links; no headings, tables or emphasis.

    Returns
    -------
    list of dict
        In order: ``kind`` (``paragraph`` or ``item``) and ``runs``, each with ``text`` and, for a link, ``to``
        (its address) and ``title``.
    """
    lines = [line for line in markdown.splitlines() if line.strip()]
    return [
        {"kind": "item", "runs": runs(line.removeprefix(_ITEM))}
        if line.startswith(_ITEM)
        else {"kind": "paragraph", "runs": runs(line)}
        for line in lines
    ]


def runs(line: str) -> list[dict[str, str]]:
    """Pieces of one line: plain text, and links with their address."""
    found, start = [], 0
    for link in _LINK.finditer(line):
        found.append({"text": unescape(line[start : link.start()])})
        found.append({"text": unescape(link[1]), "to": unescape(link[2]), "title": unescape(link[3] or "")})
        start = link.end()
    found.append({"text": unescape(line[start:])})
    return [run for run in found if run["text"]]
