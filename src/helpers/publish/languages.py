"""Puts header and footer of pages in other languages into their language.

``_quarto.yml`` describes the site once, in its first language. What its menus and footer say is among the labels of
``helpers.prose`` under ``frame``, in every language.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from helpers import config
from helpers.prose import numbers
from helpers.prose.labels import labels

#: Labels that hold the words of header and footer.
GROUP = "frame."

FRAME = re.compile(r"<(header|footer)\b.*?</\1>", re.DOTALL)
LINK = re.compile(r'(?<=\bhref=")([^"#?:]+\.html)(?=["#?])')


def translate(text: str, page: str, pages: Mapping[str, str], date: str) -> str:
    """A page with header and footer in its own language; one in the first language is as it was.

    Parameters
    ----------
    text
        The rendered page.
    page
        Its address, without extension.
    pages
        Address of every page, and its language.
    date
        ISO date of the edition, which the footer holds in words.
    """
    lang = pages[page]
    if lang not in config.LANGUAGES[1:]:
        return text
    first, own = labels(config.LANGUAGES[0]), labels(lang)
    words = {first[key]: own[key] for key in first if key.startswith(GROUP)}
    words[numbers.date(date, lang=config.LANGUAGES[0])] = numbers.date(date, lang=lang)
    # What is longer first, so that no word is taken for a part of another.
    pattern = re.compile("|".join(rf"\b{re.escape(w)}" for w in sorted(words, key=len, reverse=True)))
    folder = posixpath.dirname(page)

    def link(found: re.Match) -> str:
        target = posixpath.normpath(posixpath.join(folder, found[1])).removesuffix(".html")
        twin = config.edition_path(lang, target)
        return posixpath.relpath(f"{twin}.html", folder or ".") if twin in pages else found[1]

    def frame(found: re.Match) -> str:
        return LINK.sub(link, pattern.sub(lambda m: words[m[0]], found[0]))

    return FRAME.sub(frame, text)
