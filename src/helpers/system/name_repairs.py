"""How two spellings of a name differ, in words; abbreviations; letters that another program has lost or misread."""

from __future__ import annotations

import html
import re
import unicodedata
from contextlib import suppress

from helpers.system.plain_text import fold

APOSTROPHES = "'`´’‘‛′ʼʹ"
#: What stands in place of a letter that was lost, and what may stand there.
GONE = {"\ufffd", *map(chr, range(0x80, 0xA0))}
LOST = GONE | set("?‚„…†‡ˆ‰Š‹•˜™š›Žž")
#: What UTF-8 is read as by programs that do not know it.
_READ_AS = ("cp1252", "mac_roman", "cp850", "cp437")
_FINAL = re.compile(rf"([aeiou])[{APOSTROPHES}](?!\w)")
_ACUTE = str.maketrans("áéíóú", "àèìòù")
_CLASSES = {
    "apostrophes": f"[^{APOSTROPHES}]", "hyphens": "[^-‐‑‒–—―−]", "dots": r"[^.]",
    "punctuation": rf"[\w\s.{APOSTROPHES}‐‑‒–—―−-]",
}  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
_SAINT = r"san|sant|santo|santa|santi"
#: Saints are shortened without a dot too.
_SAINTS = {
    "s": _SAINT, "st": _SAINT + "|saint", "sto": "santo", "sta": "santa", "ste": "sainte", "sti": "santi",
    "ss": "santi|santissim[ao]",
}  # fmt: skip
#: As in ``Castelletto s/Ticino``.
_ABOVE = r"sopra|su\w*"
#: Letters that the end of a word has at most, as in ``C.se``.
_ENDING = 3


def differences(text: str, name: str) -> tuple[str, ...]:
    """How a text differs from a name that folds to the same, in words."""
    told = []
    a, b = (unicodedata.normalize("NFC", each) for each in (text, name))
    if a != text:
        told.append("decomposed accents")
    visible = "".join(c for c in a if unicodedata.category(c) != "Cf")
    if visible != a or any(c.isalnum() and unicodedata.normalize("NFKC", c) != c for c in a):
        told.append("unusual characters")
    a = visible
    if re.search(r"\s\s|[^\S ]|^\s|\s$", a):
        told.append("spaces")
    if _letters(fold(a, keep_case=True)) != _letters(fold(b, keep_case=True)):
        told.append("capitals")
    final = bool(_FINAL.search(a.casefold())) and not _FINAL.search(b.casefold())
    if final:
        told.append("apostrophe for an accent")
    elif _letters(a.casefold()) != _letters(b.casefold()):
        told.append("accents")
    for what, others in _CLASSES.items():
        here, there = (re.sub(others, "", each) for each in (a, b))
        if here != there and not (what == "apostrophes" and final):
            told.append(what)
    if not told and a != b:
        told.append("spaces")
    return tuple(told)


def abbreviation(text: str, least: int) -> tuple[re.Pattern[str], str] | None:
    """Pattern of the keys that a folded text with abbreviations may stand for, and a word they must have.

    A word before a dot begins one of the name's (``can.``), or begins and ends it (``c.se``). None if nothing is
    abbreviated, if fewer letters than ``least`` stand for a word that is no saint's title, or if no other word is
    written in full.
    """
    pieces, whole, shortened = [], "", False
    tokens = list(_WORD.finditer(text))
    while tokens:
        token = tokens.pop(0)
        word, behind = token[0], text[token.end() : token.end() + 1]
        saint = _ABOVE if (word, behind) == ("s", "/") else _SAINTS.get(word)
        if behind != "." and not saint:
            pieces.append(word)
            whole = whole if word in _SAINT.split("|") else max(whole, word, key=len)
            continue
        ending = tokens[0][0] if tokens and behind == "." and tokens[0].start() == token.end() + 1 else ""
        begun = [rf"{word}\w*"] if behind == "." and (len(word) >= least or not saint) else []
        piece, shortened = "|".join([*([saint] if saint else []), *begun]), True
        if 0 < len(ending) <= _ENDING and text[tokens[0].end() : tokens[0].end() + 1] != ".":
            tokens.pop(0)
            piece = rf"{word}\w*{ending}|(?:{piece}) {ending}"
            whole = whole or ending
        elif not saint and len(word) < least:
            return None
        pieces.append(f"(?:{piece})")
    return (re.compile(" ".join(pieces)), whole) if shortened and len(whole) > 2 else None


def accented(text: str) -> str:
    """The words of a name with their accents, an apostrophe at a word's end being one; acute and grave are one."""
    small = unicodedata.normalize("NFC", text).casefold().translate(_ACUTE)
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", _FINAL.sub("\\1\u0300", small))))


def lossy(text: str, known: bool = False) -> str:
    """Key of a name in which one mark stands for letters that may be lost: accents and apostrophes of a known name."""
    marked = "".join(
        "\ufffd" if c in APOSTROPHES or c in LOST or (known and not c.isascii()) else c
        for c in unicodedata.normalize("NFC", text)
    )
    return re.sub("[^\\w\ufffd]*(\ufffd[^\\w\ufffd]*)+", "\ufffd", re.sub("[^\\w\ufffd]+", " ", fold(marked))).strip()


def reencoded(text: str) -> str:
    """A text whose UTF-8 was read as another encoding, or that holds HTML's names of letters, as it was.

    Any other text is given back as it is.

    Examples
    --------
    >>> reencoded("AgliÃ¨"), reencoded("Agli&egrave;")
    ('Agliè', 'Agliè')
    """
    text = html.unescape(text)
    if text.isascii():
        return text
    found = re.sub(r"Ã(?=\s|$)", "à", text)
    for _ in range(2):
        found = next((read for bytes_ in _bytes(found) if (read := _decode(bytes_)) is not None), found)
    return found


def _bytes(text: str) -> list[bytes]:
    """What the bytes of a text may have been, if it has letters beyond ASCII."""
    if text.isascii():
        return []
    made = []
    for encoding in _READ_AS:
        with suppress(UnicodeEncodeError):
            # Bytes that Windows-1252 has no letter for are as they were.
            made.append(b"".join(c.encode("latin-1" if "\x80" <= c < "\xa0" else encoding) for c in text))
    return made


def _decode(data: bytes) -> str | None:
    """What the bytes say in UTF-8, if that is letters of western languages: ``Ì–`` is a letter and a hyphen."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if all(c < "\u0180" or "\u2010" <= c <= "\u2026" for c in text) else None


def _letters(text: str) -> str:
    """The letters and digits of a text alone."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum() and unicodedata.category(c) != "Lm")
