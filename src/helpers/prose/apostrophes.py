"""Typographic apostrophes in what is shown: names of comuni, regions and practices have straight ones in most tables.

Downloads and files for machines keep the names as their publishers write them.
"""

from __future__ import annotations

import re

_STRAIGHT = r"(?<=[^\W\d_])(?:'|&#0?39;|&#x27;)"
_IN_TEXT = re.compile(_STRAIGHT)
#: A tag, of which only what is read aloud or shown may change; a script or style; an apostrophe.
_IN_MARKUP = re.compile(rf"<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>|{_STRAIGHT}", re.DOTALL)
_SAID = re.compile(r'(?<=\s)(?:alt|aria-label|title)="[^"]*"')


def typographic(value: object) -> object:
    """A text, or the texts in lists and dicts of JSON: ``Diano d'Alba`` becomes ``Diano d’Alba``; addresses stay."""
    if isinstance(value, str):
        return _IN_TEXT.sub("’", value) if "://" not in value else value
    if isinstance(value, dict):
        return {key: typographic(item) for key, item in value.items()}
    return [typographic(item) for item in value] if isinstance(value, list) else value


def typographic_markup(markup: str) -> str:
    """HTML, SVG or Markdown with typographic apostrophes in its text and in what is read aloud of its elements."""
    if "'" not in markup and "&#" not in markup:
        return markup
    return _IN_MARKUP.sub(_mended, markup)


def _mended(found: re.Match[str]) -> str:
    piece = found[0]
    if not piece.startswith("<"):
        return "’"
    if piece.startswith(("<script", "<style")):
        return piece
    return _SAID.sub(lambda said: _IN_TEXT.sub("’", said[0]), piece)


def show(bundle: dict) -> dict:
    """A MIME bundle for readers."""
    shown = {kind: typographic_markup(text) for kind, text in bundle.items() if kind in SHOWN}
    return bundle | shown | {kind: typographic(value) for kind, value in bundle.items() if isinstance(value, dict)}


#: Types of outputs that readers see.
SHOWN = ("text/html", "text/markdown", "image/svg+xml")
