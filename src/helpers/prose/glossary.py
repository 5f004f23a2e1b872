"""Abbreviations and words of the trade: what each means, and its spelling out where a page first uses it.

``<lang>/texts/glossary.toml`` holds the entries, the same keys in each language: ``term``, ``text`` and, where it
stands for something longer, ``long``. An entry with ``long`` is spelled out in the texts of a page at its first use;
``pattern`` says how the term is written there if otherwise than ``term``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from helpers.prose.labels import words_of
from helpers.prose.links import MARKDOWN_LINK

#: The page of the glossary, from the root of the edition.
GLOSSARY_PAGE = "glossario.html"

#: What belongs to a term that it follows: the number of an act, the fund and the years of a programme.
_NUMBER = r"(?:\s(?:n\.\s|no\.\s)?(?:Piemonte|FSE\+?|FESR|ESF\+?|ERDF|\d[\w/-]*)(?!\w))*"

#: What is never touched: headings, links with their words, elements, code.
_APART = rf"^#.*$|{MARKDOWN_LINK}|<[^>]*>|`[^`]*`"


class Entry(NamedTuple):
    """An entry of the glossary; ``key`` is also its place on the page."""

    key: str
    term: str
    text: str
    long: str = ""
    pattern: str = ""


@lru_cache
def entries(lang: str) -> tuple[Entry, ...]:
    """The entries of a language in the order of their terms."""
    found = [Entry(key, **entry) for key, entry in words_of(lang, "texts", "glossary").items()]
    return tuple(sorted(found, key=lambda entry: entry.term.casefold()))


@lru_cache
def _spelled(lang: str) -> tuple[re.Pattern[str], dict[str, Entry]]:
    own = {entry.key: entry for entry in entries(lang) if entry.long}
    # Text from data has its points as character references.
    written = {
        key: entry.pattern or re.escape(entry.term).replace(r"\.", r"(?:\.|&#46;)") for key, entry in own.items()
    }
    terms = "|".join(rf"(?P<{key}>(?<!\w){text}(?!\w){_NUMBER})" for key, text in written.items())
    return re.compile(rf"(?P<_apart>{_APART})|{terms}", re.MULTILINE), own


def spell_out(markdown: str, lang: str, to_root: str, told: set[str]) -> str:
    """A text in which every term that the page has not used yet is followed by what it stands for.

    Parameters
    ----------
    to_root
        From the page to the root of its language's edition.
    told
        Keys of the entries that the page has spelled out; those of this text are added.
    """
    pattern, own = _spelled(lang)

    def spelled(found: re.Match[str]) -> str:
        key = str(found.lastgroup)
        if key not in own or key in told:
            return found[0]
        told.add(key)
        before = markdown[: found.start()]
        if own[key].long.casefold() in before.casefold():
            return found[0]
        line = before.rpartition("\n")[2]
        meaning = f"[{own[key].long}]({to_root}{GLOSSARY_PAGE}#{key})"
        return f"{found[0]}, {meaning}" if line.count("(") > line.count(")") else f"{found[0]} ({meaning})"

    return pattern.sub(spelled, markdown)
