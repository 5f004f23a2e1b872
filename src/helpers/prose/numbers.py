"""Numbers and dates as each language writes them; what is missing says so and is never a zero."""

from __future__ import annotations

import re
from datetime import date as Date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date
from babel.numbers import get_decimal_symbol, get_group_symbol

from helpers.config import LOCALES
from helpers.prose.labels import ProseError, check_language, label

if TYPE_CHECKING:
    from typing_extensions import TypeIs

_MINUS = "−"
_DATE = re.compile(r"(?P<year>\d{4})(-(?P<month>\d{2})(-(?P<day>\d{2}))?|-(?P<season>[a-z]+))?")


@lru_cache(maxsize=len(LOCALES))
def _locale(lang: str) -> Locale:
    return Locale.parse(LOCALES[check_language(lang)])


@lru_cache(maxsize=len(LOCALES))
def _separators(lang: str) -> dict[int, str]:
    """What stands for the comma, the point and the minus of a number as Python writes it."""
    locale = _locale(lang)
    return str.maketrans({",": get_group_symbol(locale), ".": get_decimal_symbol(locale), "-": _MINUS})


def is_missing(value: object) -> TypeIs[None]:
    """True for None and for NaN, the two ways a frame says that a value is not there."""
    return value is None or value != value


def round_half_up(value: float | Decimal, digits: int) -> Decimal:
    """Round half to even on the decimal text of the number, without a negative zero.

    Going through the text keeps what a reader would round: 0.125 to 0.12, 2.675 to 2.68, whatever their
    binary form.
    """
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError(f"{value!r} cannot be printed as a number")
    result = number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)
    return abs(result) if result == 0 else result


def decimal(value: float | Decimal | None, digits: int = 1, lang: str = "it") -> str:
    """A number with a fixed count of decimals: ``219,9``."""
    if is_missing(value):
        return label(lang, "state.not_available")
    return f"{round_half_up(value, digits):,f}".translate(_separators(lang))


def tick(value: float, lang: str = "it") -> str:
    """A number at a tick of an axis, with the decimals it has: ``1.500``, ``0,5``, ``−20``."""
    digits = next(n for n in range(10) if round(value, n) == round(value, 9))
    return decimal(value, digits, lang)


def integer(value: float | Decimal | None, lang: str = "it") -> str:
    """A whole number with thousands apart: ``4.256.350``."""
    return decimal(value, 0, lang)


def percent(share: float | None, digits: int = 1, lang: str = "it") -> str:
    """A share between 0 and 1 as a percentage: ``26,2%``."""
    if is_missing(share):
        return label(lang, "state.not_available")
    return decimal(Decimal(str(share)) * 100, digits, lang) + "%"


def show_signed(value: float | None, digits: int = 1, lang: str = "it") -> str:
    """A difference with its sign: ``+3,2``, ``−0,4``; no sign on what rounds to zero."""
    text = decimal(value, digits, lang)
    return f"+{text}" if not is_missing(value) and round_half_up(value, digits) > 0 else text


def euro(value: float | Decimal | None, lang: str = "it") -> str:
    """An amount: in millions where two decimals say it all (``6,4 milioni di euro``), else in whole euro.

    Below a million, and where the millions would be rounded, it is ``700.000 euro``, ``€1,276,300``.
    """
    if not is_missing(value) and abs(float(value)) >= 1_000_000 and value % 10_000 == 0:
        return _in_millions(Decimal(str(value)) / 1_000_000, lang)
    text = integer(value, lang)
    return text if is_missing(value) else label(lang, "number.euro").format(text)


def euro_cents(value: float | None, lang: str = "it") -> str:
    """An amount with cents: ``1,50 euro``, ``€1.50``."""
    text = decimal(value, 2, lang)
    return text if is_missing(value) else label(lang, "number.euro").format(text)


def euro_millions(value: float | None, lang: str = "it") -> str:
    """An amount in millions, with at most one decimal: ``6,4 milioni di euro``, ``€20 million``."""
    if is_missing(value):
        return label(lang, "state.not_available")
    return _in_millions(round_half_up(Decimal(str(value)) / 1_000_000, 1), lang)


def _in_millions(millions: Decimal, lang: str) -> str:
    digits = next(n for n in range(3) if round(millions, n) == millions)
    text = decimal(millions, digits, lang)
    return label(lang, f"number.{'million' if millions == 1 else 'millions'}_euro").format(text)


def cardinal(number: int, lang: str = "it") -> str:
    """A count in running text: a word up to ten, figures from eleven."""
    if 0 <= number <= 10:
        return label(lang, "number.cardinals").split()[number]
    return integer(number, lang)


def ordinal(number: int, lang: str = "it", gender: str = "m") -> str:
    """A rank: ``prima``, ``secondo``, ``14º``; ``first``, ``14th``."""
    if number < 1:
        raise ValueError(f"{number} is not a rank")
    if number <= 10:
        return label(lang, f"number.ordinals_{gender}").split()[number - 1]
    return label(lang, f"number.rank_{gender}").format(integer(number, lang), th=_english_suffix(number))


def _english_suffix(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def date(value: str | Date | None, precision: str = "day", lang: str = "it") -> str:
    """A date no finer than it is known.

    Parameters
    ----------
    value
        ``2019-01-23``, ``2018-10``, ``2015`` or ``2016-autumn``; or a ``datetime.date``.
    precision
        ``day``, ``month``, ``season`` or ``year``: what the source vouches for.
    lang
        ``it`` or ``en``.

    Raises
    ------
    ProseError
        When the value does not hold what the precision promises.
    """
    if is_missing(value):
        return label(lang, "state.not_available")
    found = _DATE.fullmatch(str(value))
    if not found or precision not in ("day", "month", "season", "year"):
        raise ProseError(f"{value!r} is not a date of precision {precision!r}.")
    if precision == "year":
        return found["year"]
    if not found[precision]:
        raise ProseError(f"{value!r} does not say the {precision}.")
    if precision == "season":
        return f"{label(lang, 'season.' + found['season'])} {found['year']}"
    day = Date(int(found["year"]), int(found["month"]), int(found["day"] or 1))
    if precision == "month":
        return format_date(day, "MMMM y", locale=_locale(lang))
    # Italian names the first of the month with an ordinal, which CLDR does not.
    return format_date(day, label(lang, f"number.{'first_day' if day.day == 1 else 'day'}"), locale=_locale(lang))
