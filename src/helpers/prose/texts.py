"""Free text of the data in the reader's language, text by text: what the data package says of its tables, the rules.

``<lang>/texts/<topic>.toml`` holds for each text, as the data have it, the words for readers of that language. A text
without an entry is shown as it is: a table that somebody adds is described in the language its author wrote in.
"""

from __future__ import annotations

from functools import lru_cache

from helpers.config import LANGUAGES
from helpers.prose.labels import words_of
from helpers.system.fingerprints import fingerprint


@lru_cache
def texts(lang: str, topic: str) -> dict[str, str]:
    """Wordings of a topic, as ``catalogue``, by text; empty where the language needs none."""
    return words_of(lang, "texts", topic)


def word(lang: str, topic: str, text: str) -> str:
    """One text in the reader's language; as it is where there is no wording."""
    return texts(lang, topic).get(text, text)


@lru_cache
def rule_code(rule: str) -> str:
    """Name of a rule of the reconstruction: ``R07``, by its place among the wordings.

    A rule that has none yet, as from a new table of the districts, is named by its content, so that no edit renames
    the others.
    """
    known = list(texts(LANGUAGES[0], "rules"))
    if rule in known:
        return f"R{known.index(rule) + 1:02d}"
    return f"R{fingerprint(rule.encode())[:6]}"
