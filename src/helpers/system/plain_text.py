"""Texts as people mean them: without case and accents. The one folding of letters; `place_names` rests on it."""

from __future__ import annotations

import re
import unicodedata

#: Letters that Unicode does not take apart.
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i"})
_WORD = re.compile(r"[^\W_]+")


def fold(text: str, keep_case: bool = False) -> str:
    """The text without case, accents and invisible characters: ``ETÀ`` → ``eta``; with its case if asked: ``ETA``."""
    if text.isascii():
        return text if keep_case else text.lower()
    letters = "".join(map(_plain, unicodedata.normalize("NFKD", text)))
    return (letters if keep_case else letters.casefold()).translate(_LETTERS)


def words(text: str) -> list[str]:
    """The words of a text, in small letters without accents; whatever is neither letter nor digit parts them."""
    return _WORD.findall(fold(text))


def _plain(character: str) -> str:
    """Nothing for accents and invisible characters, an apostrophe for letters that only modify others, as ``ʼ``."""
    if character.isascii():
        return character
    category = unicodedata.category(character)
    return "" if category[0] == "M" or category == "Cf" else "'" if category == "Lm" else character
