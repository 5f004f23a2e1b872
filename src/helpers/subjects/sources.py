"""The sources as readers know them: a name for each, also where no title is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import pandas as pd

#: Kinds of sources in the order in which lists show them; the last is that of sources whose kind is not known.
KINDS = ("act", "document", "article", "page", "")

#: So many words make the end of an address readable as a name, and so many characters of a name are told.
WORDS, LONGEST = 3, 110

#: What stands before or after the words of an address: the kind of a file, numbers that are no year.
_NOT_WORDS = re.compile(r"\.(?:html?|php|asp|pdf|cfm)$|^\d{4,}-|[-_](?:(?!(?:19|20)\d\d$)\d{3,}|\d|[0-9a-f-]{20,})?$")


def name_of(source: Mapping[str, Any]) -> str:
    """What a source is called: its title, the title a document without an address stands under, else what its
    address says.

    Parameters
    ----------
    source
        A row of the raw table ``sources``: ``title``, ``address`` and ``site``.

    Returns
    -------
    str
        The site where the address holds no words.
    """
    title, address = source["title"], str(source["address"])
    if isinstance(title, str) and title:
        return title
    return words_of(address) or str(source["site"]) if is_web(address) else address


def is_web(address: str) -> bool:
    """Whether an address leads to the web."""
    return address.startswith(("http://", "https://"))


def words_of(address: str) -> str:
    """The words that the last telling part of a web address is made of, the first with a capital; empty if few."""
    for part in reversed(urlsplit(address).path.split("/")):
        text = unquote(part)
        while (shorter := _NOT_WORDS.sub("", text)) != text:
            text = shorter
        words = [word for word in re.split(r"[-_\s]+", text) if word]
        if len(words) >= WORDS and sum(word.isalpha() for word in words) >= WORDS:
            return shorten(" ".join(words)[:1].upper() + " ".join(words)[1:])
    return ""


def shorten(text: str, longest: int = LONGEST) -> str:
    """A text of at most so many characters, cut between words."""
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0] + "…"


def in_order(sources: pd.DataFrame) -> pd.DataFrame:
    """Sources by kind as in :data:`KINDS`, the newest first in each, those without a date last; new index."""
    table = sources.assign(place=sources["kind"].fillna("").map(KINDS.index), number=sources["source_id"])
    table = table.sort_values(["place", "date", "number"], ascending=[True, False, True], na_position="last")
    return table.drop(columns=["place", "number"]).reset_index(drop=True)
