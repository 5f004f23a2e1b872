"""Texts as people mean them: without case and accents."""

from __future__ import annotations

import re
import unicodedata


def fold(text: str) -> str:
    """The text in small letters without accents: ``ETÀ`` → ``eta``."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in letters if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """The words of a text, in small letters without accents; whatever is neither letter nor digit parts them."""
    return re.findall(r"[a-z0-9]+", fold(text))
