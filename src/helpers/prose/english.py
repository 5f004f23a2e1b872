"""The English counterparts of :mod:`helpers.prose.italian`; place names stay Italian."""

from __future__ import annotations

from collections.abc import Iterable

from helpers.prose.numbers import cardinal, integer

_PROVINCES = {"001": "Metropolitan City of Turin", "103": "province of Verbano-Cusio-Ossola"}

_QUADRANTS = {
    "Asti-Alessandria": "quadrant of Asti and Alessandria",
    "Cuneo (Granda)": "quadrant of Cuneo",
    "Città metropolitana di Torino": "quadrant of the Metropolitan City of Turin",
    "VCO-Vercelli-Biella-Novara": "quadrant of Biella, Novara, Vercelli and Verbano-Cusio-Ossola",
}


def count(number: int, singular: str, plural: str, figures: bool = False) -> str:
    """A count of things: ``one comune``, ``no comuni``, ``11 comuni``; in figures for tables and captions."""
    if figures:
        return f"{integer(number, 'en')} {singular if number == 1 else plural}"
    if number == 0:
        return f"no {plural}"
    return f"{cardinal(number, 'en')} {singular if number == 1 else plural}"


def agree(text: str) -> str:
    """The text: English articles do not change before a number or a date."""
    return text


def join(items: Iterable[str]) -> str:
    """A list in running text: ``a, b and c``."""
    *first, last = [str(item) for item in items] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def district_name(name: str) -> str:
    """The district as a phrase without article: ``district of Biella``."""
    return f"district of {name}"


def province_name(code: str, name: str) -> str:
    """The province as a phrase without article: ``province of Biella``, ``Metropolitan City of Turin``."""
    return _PROVINCES.get(code) or f"province of {name}"


def quadrant_name(name: str) -> str:
    """The quadrant as a phrase without article; an unknown one is quoted by its name."""
    return _QUADRANTS.get(name) or f"“{name}” quadrant"
