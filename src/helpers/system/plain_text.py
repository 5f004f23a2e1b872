"""Texts as people mean them: without case and accents. The one folding of letters; `place_names` rests on it."""

from __future__ import annotations

import re
import unicodedata

#: Letters that Unicode does not take apart.
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i"})
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """The text in small letters without accents and invisible characters: ``ETÀ`` → ``eta``."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return "".join(map(_plain, letters))


def words(text: str) -> list[str]:
    """The words of a text, in small letters without accents; whatever is neither letter nor digit parts them."""
    return _WORD.findall(fold(text))


def _plain(character: str) -> str:
    """Nothing for accents and invisible characters, an apostrophe for letters that only modify others, as ``ʼ``."""
    if character.isascii():
        return character
    category = unicodedata.category(character)
    return "" if category[0] == "M" or category == "Cf" else "'" if category == "Lm" else character
