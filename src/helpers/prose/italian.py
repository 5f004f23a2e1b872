"""Agreement in Italian: articles, prepositions, plurals, lists, names of places."""

from __future__ import annotations

import re
from collections.abc import Iterable

from helpers.prose.numbers import cardinal, integer, ordinal

_PREPOSITIONS = {
    "di": ("del ", "dell’", "dello "),
    "a": ("al ", "all’", "allo "),
    "da": ("dal ", "dall’", "dallo "),
    "in": ("nel ", "nell’", "nello "),
    "su": ("sul ", "sull’", "sullo "),
}
_ARTICLES = ("il ", "l’", "lo ")

#: The forms an article or a fused preposition takes: before a consonant, before a vowel, before a z.
_MASCULINE = (
    *(_ARTICLES, ("i ", "gli ", "gli ")),
    *_PREPOSITIONS.values(),
    *((f"{start}i ", f"{start}gli ", f"{start}gli ") for start in ("de", "a", "da", "ne", "su")),
)
_FEMININE = tuple((f"{start}la ", f"{start}l’", f"{start}la ") for start in ("", "del", "al", "dal", "nel", "sul"))
_FORMS_OF = {form: forms for forms in _MASCULINE for form in forms}
_FORMS_OF_RANKS = {form: forms for forms in _FEMININE for form in forms}

#: A number as :mod:`helpers.prose.numbers` writes it, or the first word of a date: month and season.
_MONTHS = (
    *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto"),
    *("settembre", "ottobre", "novembre", "dicembre", "autunno", "inverno"),
)
_AGREEING = re.compile(
    rf"(?<![\w’])({'|'.join(_FORMS_OF)})(?=(\d+(?:\.\d{{3}})*º?(?![\dª])|(?:{'|'.join([*_MONTHS, 'otto'])})\b))"
    rf"|(?<![\w’])({'|'.join(_FORMS_OF_RANKS)})(?=(\d+ª))",
    re.IGNORECASE,
)

#: First words of names that are territories rather than towns, and the form of "di" they take.
_TERRITORIES = {
    "alta": "dell’", "alto": "dell’", "astigiano": "dell’", "bassa": "della ", "basso": "del ",
    "biellese": "del ", "canavese": "del ", "chierese": "del ", "cusio": "del ", "langa": "della ",
    "langhe": "delle ",
    "monferrato": "del ", "monregalese": "del ", "novese": "del ", "ossola": "dell’", "ovest": "dell’",
    "roero": "del ", "val": "della ", "valle": "della ", "valli": "delle ", "valsesia": "della ",
    "verbano": "del ", "vco": "del ",
}  # fmt: skip

_PROVINCES = {
    "001": "città metropolitana di Torino",
    "002": "provincia di Vercelli",
    "003": "provincia di Novara",
    "004": "provincia di Cuneo",
    "005": "provincia di Asti",
    "006": "provincia di Alessandria",
    "096": "provincia di Biella",
    "103": "provincia del Verbano-Cusio-Ossola",
}

_QUADRANTS = {
    "Asti-Alessandria": "quadrante di Asti e Alessandria",
    "Cuneo (Granda)": "quadrante di Cuneo",
    "Città metropolitana di Torino": "quadrante della città metropolitana di Torino",
    "VCO-Vercelli-Biella-Novara": "quadrante di Biella, Novara, Vercelli e Verbano-Cusio-Ossola",
}

#: Before these an article or "un" takes its long form: lo stato, uno zero.
_LONG_FORM = re.compile(r"(s[^aeiou\W]|z|gn|ps|pn|x|y)", re.IGNORECASE)


def _form(number_text: str) -> int:
    """Index of the article a number takes, by the first word of the number when it is spoken.

    Otto, ottanta, ottocento begin with a vowel whatever follows them; so do undici, uno and un milione, but
    not mille, nor primo. Only zero needs "lo". A sign is spoken first: più, meno.
    """
    if number_text[:1] in ("+", "−"):
        return 0
    found = re.match(r"(\d+)((?:\.\d{3})*)([ºª]?)", number_text)
    if not found:
        raise ValueError(f"{number_text!r} does not begin with a number")
    lead, groups, ordinal_mark = found[1], found[2].count("."), found[3]
    if lead == "0":
        return 2
    vowel = lead[0] == "8" or lead == "11" or (lead == "1" and groups != 1 and not ordinal_mark)
    return 1 if vowel else 0


def agree(text: str) -> str:
    """The text with every article and fused preposition in the form that the number or date after it takes.

    Texts are put together from parts, so that what comes after "dei" may be 30 or 11, and after "il" the 2 or the 8
    of November: ``dei 11`` becomes ``degli 11``, ``il 8 novembre`` ``l’8 novembre``, ``dal aprile`` ``dall’aprile``.
    """

    def form(found: re.Match) -> str:
        said, follows = (found[1], found[2]) if found[1] else (found[3], found[4])
        forms = (_FORMS_OF if found[1] else _FORMS_OF_RANKS)[said.lower()]
        right = forms[_form(follows) if follows[0].isdigit() else int(follows[0].lower() in "aeiou")]
        return right[0].upper() + right[1:] if said[0].isupper() else right

    return _AGREEING.sub(form, text)


def article(number_text: str) -> str:
    """A number with its article: ``il 26,2%``, ``l’8,8%``, ``lo 0,5%``.

    Parameters
    ----------
    number_text
        A number as :mod:`helpers.prose.numbers` writes it in Italian, thousands apart.
    """
    return _ARTICLES[_form(number_text)] + number_text


def with_article(preposition: str, number_text: str) -> str:
    """A number with preposition and article: ``del 26,2%``, ``all’8,8%``, ``nello 0,5%``.

    Parameters
    ----------
    preposition
        ``di``, ``a``, ``da``, ``in`` or ``su``.
    number_text
        As for :func:`article`.
    """
    return _PREPOSITIONS[preposition][_form(number_text)] + number_text


def the_ordinal(number: int, gender: str = "m") -> str:
    """A rank with its article: ``il primo``, ``l’ottava``, ``l’11º``, ``la 14ª``."""
    text = ordinal(number, "it", gender)
    # Up to ten the rank is a word; of those only the eighth begins with a vowel.
    vowel = number == 8 if number <= 10 else _form(integer(number)) == 1
    if vowel:
        return f"l’{text}"
    return f"{'la' if gender == 'f' else 'il'} {text}"


def of_the_cardinal(number: int) -> str:
    """A count of two or more after "di": ``dei 53``, ``degli 11``, ``degli otto``."""
    return f"{'degli' if _form(integer(number)) == 1 else 'dei'} {cardinal(number)}"


def indefinite(noun: str, gender: str = "m") -> str:
    """A noun with its indefinite article: ``un comune``, ``uno studio``, ``un’associazione``."""
    if gender == "f":
        return f"un’{noun}" if noun[0].lower() in "aeiouàèéìòù" else f"una {noun}"
    return f"uno {noun}" if _LONG_FORM.match(noun) else f"un {noun}"


def count(number: int, singular: str, plural: str, gender: str = "m", figures: bool = False) -> str:
    """A count of things in agreement with its noun.

    Parameters
    ----------
    number
        How many.
    singular, plural
        The noun.
    gender
        ``m`` or ``f``.
    figures
        True for tables and captions (``1 comune``); running text has words up to ten (``un comune``).
    """
    if figures:
        return f"{integer(number)} {singular if number == 1 else plural}"
    if number == 0:
        if gender == "f":
            return f"nessun’{singular}" if singular[0].lower() in "aeiou" else f"nessuna {singular}"
        return f"nessuno {singular}" if _LONG_FORM.match(singular) else f"nessun {singular}"
    if number == 1:
        return indefinite(singular, gender)
    return f"{cardinal(number)} {plural}"


def join(items: Iterable[str]) -> str:
    """A list in running text: ``a, b e c``, with ``ed`` before another e."""
    *first, last = [str(item) for item in items] or [""]
    if not first:
        return last
    conjunction = "ed" if last[:1].lower() in ("e", "è", "é") else "e"
    return f"{', '.join(first)} {conjunction} {last}"


def of_place(name: str) -> str:
    """A name after "di": ``di Torino``, ``del Verbano Cusio Ossola``, ``della Valle di Susa``."""
    first = re.split(r"\W", name, maxsplit=1)[0].lower()
    return _TERRITORIES.get(first, "di ") + name


def at_place(name: str) -> str:
    """A town after "a": ``a Torino``, ``ad Alba``."""
    return f"{'ad' if name[:1].lower() in ('a', 'à') else 'a'} {name}"


def district_name(name: str) -> str:
    """The district as a phrase without article: ``distretto di Biella``."""
    return f"distretto {of_place(name)}"


def province_name(code: str, name: str) -> str:
    """The province without article: ``provincia di Biella``, ``città metropolitana di Torino``."""
    return _PROVINCES.get(code) or f"provincia {of_place(name)}"


def quadrant_name(name: str) -> str:
    """The quadrant as a phrase without article; an unknown one is quoted by its name."""
    return _QUADRANTS.get(name) or f"quadrante «{name}»"
