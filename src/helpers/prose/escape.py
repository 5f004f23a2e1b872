"""Text from data stays text: what a district's name or a project's title holds never becomes markup."""

from __future__ import annotations

import json
import re
import unicodedata

from markupsafe import Markup
from markupsafe import escape as _escape_html

# What may stand as it is: letters, digits, spaces and punctuation that no reader of Markdown, Jinja, Quarto
# or TeX gives a meaning to. A hyphen, a point and a percent sign only inside a word or after a digit, a comma alone.
# Everything else becomes a character reference, which pandoc and markdown-it turn back into plain text after
# they have looked for markup. A list of what is safe ages better than a list of what is dangerous.
_UNSAFE = re.compile(r"(?:(?!(?<=[^\W_])-(?=[^\W_])|(?<=\d)[.](?=\d)|(?<=\d)%|(?<!,),(?!,)|[ ;’«»“”€–])[\W_])")

_BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}


def clean(text: object) -> str:
    """Text on one line, without the characters that cannot be shown or that reorder what surrounds them.

    Control characters, surrogates, noncharacters and directional overrides go; any run of white space is one
    space, at the ends too, since templates print separators such as ``", "``.
    """
    spaced = re.sub(r"\s+", " ", str(text))
    return re.sub(" +", " ", "".join(c for c in spaced if not _unprintable(c)))


def _unprintable(character: str) -> bool:
    code = ord(character)
    noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return noncharacter or code in _BIDI or unicodedata.category(character) in ("Cc", "Cs")


def md(text: object) -> Markup:
    """Escape text for Markdown.

    Parameters
    ----------
    text
        Anything; what is already :class:`markupsafe.Markup` is left alone.

    Returns
    -------
    Markup
        Renders as :func:`clean` of the text, never as emphasis, link, HTML, shortcode, formula or list.
    """
    if isinstance(text, Markup):
        return text
    return Markup(  # noqa: S704
        _UNSAFE.sub(lambda found: f"&#{ord(found[0])};", clean(text))
    )


def script_json(value: object) -> Markup:
    """A value as JSON that may stand in a ``<script>`` element: without any ``<`` no text can close it.

    Raises
    ------
    ValueError
        If it holds a number that JSON cannot write.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return Markup(safe)  # noqa: S704


def html(text: object) -> Markup:
    """Escape text for the content of an HTML element or a quoted attribute."""
    return _escape_html(clean(text))
