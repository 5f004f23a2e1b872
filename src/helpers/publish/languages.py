"""Puts header and footer of pages in other languages into their language.

``_quarto.yml`` describes the site once, in its first language. What its menus and footer say is among the labels of
``helpers.prose`` under ``frame``, in every language.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path

from .. import config
from ..prose.labels import labels
from .markup import long_date

#: Labels that hold the words of header and footer.
GROUP = "frame."

FRAME = re.compile(r"<(header|footer)\b.*?</\1>", re.DOTALL)
LINK = re.compile(r'(?<=\bhref=")([^"#?:]+\.html)(?=["#?])')


def translate(site: Path, pages: Mapping[str, str], date: str) -> None:
    """Rewrite header and footer of every page that is not in the first language.

    Parameters
    ----------
    site
        The rendered site.
    pages
        Address of every page, without extension, and its language.
    date
        ISO date of the edition, which the footer holds in words.
    """
    for page, lang in pages.items():
        if lang in config.LANGUAGES[1:]:
            path = site / f"{page}.html"
            text = path.read_text(encoding="utf-8")
            path.write_text(_translated(text, page, lang, pages, date), encoding="utf-8")


def _translated(text: str, page: str, lang: str, pages: Mapping[str, str], date: str) -> str:
    first, own = labels(config.LANGUAGES[0]), labels(lang)
    words = {first[key]: own[key] for key in first if key.startswith(GROUP)}
    words[long_date(date, config.LANGUAGES[0])] = long_date(date, lang)
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
