"""How each indicator is printed and compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from helpers.declarations import BY_ID, COUNTS, Count, Indicator
from helpers.prose import numbers
from helpers.prose.labels import label
from helpers.prose.rules import compare


def is_share(key: str) -> bool:
    """True for indicators between 0 and 1."""
    return _entry(key).unit == "share"


def show(key: str, value: float | None, lang: str = "it") -> str:
    """The value of an indicator or count as prose and tables print it: ``219,9``, ``26,2%``, ``6.528``."""
    return show_entry(_entry(key), value, lang)


def show_entry(entry: Indicator | Count, value: float | None, lang: str = "it") -> str:
    """A value as the unit and decimals of an entry say, whether or not the entry is declared."""
    text = _print(entry, value, lang)
    if value is None or not isinstance(entry, Indicator) or not entry.signed:
        return text
    return f"+{text}" if round(value, entry.precision) > 0 else text


def _print(entry: Indicator | Count, value: float | None, lang: str) -> str:
    if entry.unit == "share":
        return numbers.percent(value, entry.decimals, lang)
    if entry.unit == "eur":
        return numbers.euro(value, lang)
    return numbers.decimal(value, entry.decimals, lang)


def clause(key: str, value: float | None, lang: str = "it", brief: bool = False) -> str:
    """What the value of an indicator or count says of a territory: ``il 24,5% dei residenti ha 65 anni o più``.

    Parameters
    ----------
    brief
        As the brief of a district puts it.
    """
    words, entry = _entry(key).words[lang], _entry(key)
    way = "up" if value is not None and value > 0 else "down"
    if value is not None and value != 0 and getattr(words, way):
        return label(lang, f"indicator.{key}.{way}").replace("{value}", _print(entry, abs(value), lang))
    if value == 0 and words.none:
        return label(lang, f"indicator.{key}.none")
    text = label(lang, f"indicator.{key}.{'brief' if brief and words.brief else 'statement'}")
    return text.replace("{value}", show(key, value, lang))


def moves(key: str) -> bool:
    """True for what tells how far a value has gone up or down."""
    return any(words.up for words in _entry(key).words.values())


def compare_shown(key: str, value: float | None, other: float | None) -> str:
    """:func:`helpers.prose.rules.compare`, with values that print alike always in line."""
    entry = _entry(key)
    if entry.unit == "share" and not (numbers.is_missing(value) or numbers.is_missing(other)):
        return compare(Decimal(str(value)) * 100, Decimal(str(other)) * 100, entry.decimals)
    return compare(value, other, entry.decimals)


def outcomes(keys: Iterable[str], values: Mapping[str, float], others: Mapping[str, float]) -> dict[str, str]:
    """How each indicator lies against that of another territory, neither rounded before.

    Returns
    -------
    dict
        Outcome of :func:`helpers.prose.rules.compare` by indicator.
    """
    return {key: compare_shown(key, values[key], others[key]) for key in keys}


def _entry(key: str) -> Indicator | Count:
    return BY_ID.get(key) or COUNTS[key]
