"""Titles that keep the language they were published in are marked with it, so that a screen reader says them right."""

from __future__ import annotations

import re

from helpers import config

#: Small words by which a text is known to be in a language; none of them is a word of another language here.
_SMALL = {
    lang: frozenset(words.split())
    for lang, words in {
        "it": "agli al alla anche che con da dal dalla dei del degli della delle dell dello di ed è gli il la le lo nel"
        " nella più sul sulla tra un una uno verso",
        "en": "and are at authority bodies body by for from had has have health is it its no not of on project"
        " public support that the their this to undated university was were who with year",
    }.items()
}

#: Elements whose text cannot hold others, or is no text.
_APART = r"(?:script|style|title|option|textarea|pre|code|svg|select)"
_PARTS = re.compile(rf"(<{_APART}\b.*?</{_APART}>|<!--.*?-->|<[^>]+>)", re.DOTALL)
_QUOTED = re.compile(r"“([^“”]+)”")
_WORD = re.compile(r"[^\W\d_]+")


def is_original(text: str, lang: str) -> bool:
    """Whether a text on a page of ``lang`` is in the first language of the site: two of its small words, no other's."""
    first, other = (_SMALL.get(known, frozenset()) for known in (config.LANGUAGES[0], lang))
    words = [word.lower() for word in _WORD.findall(text)]
    return sum(word in first for word in words) > 1 and other.isdisjoint(words)


def mark_originals(html: str, lang: str) -> str:
    """A page on which what keeps the first language of the site, alone or in quotation marks, says so.

    Parameters
    ----------
    html
        A page.
    lang
        Its language; a page in the first language of the site stays as it is.
    """
    first = config.LANGUAGES[0]
    start, end = html.find("<main"), html.find("</main>")
    if lang == first or min(start, end) < 0:
        return html
    mark = f'<span lang="{first}">'

    def told(text: str) -> str:
        bare = text.strip()
        if is_original(bare, lang):
            return text.replace(bare, f"{mark}{bare}</span>")
        return _QUOTED.sub(lambda m: f"“{mark}{m[1]}</span>”" if is_original(m[1], lang) else m[0], text)

    parts = _PARTS.split(html[start:end])
    for place in range(0, len(parts), 2):
        marked = place and f'lang="{first}"' in parts[place - 1]
        if parts[place].strip() and not marked:
            parts[place] = told(parts[place])
    return html[:start] + "".join(parts) + html[end:]
