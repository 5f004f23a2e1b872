"""Numbers and dates: what is printed can be read back, and nothing missing looks like a number."""

from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from helpers.config import LOCALES
from helpers.declarations import INDICATORS
from helpers.prose import indicators, numbers
from helpers.prose.labels import ProseError

LANGS = st.sampled_from(["it", "en"])
VALUES = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)


def read_back(text: str, lang: str) -> Decimal:
    thousands, point = (".", ",") if lang == "it" else (",", ".")
    return Decimal(text.replace(thousands, "").replace(point, ".").replace("−", "-").replace("+", ""))


@given(VALUES, st.integers(0, 4), LANGS)
def test_decimal_round_trips(value, digits, lang):
    text = numbers.decimal(value, digits, lang)
    assert read_back(text, lang) == numbers.round_half_up(value, digits)
    assert "-" not in text


@given(VALUES, st.integers(0, 4), LANGS)
def test_a_number_is_written_as_its_language_writes_it(value, digits, lang):
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    due = format_decimal(numbers.round_half_up(value, digits), pattern, LOCALES[lang])
    assert numbers.decimal(value, digits, lang) == due.replace("-", "−")


@given(st.floats(0, 1), LANGS)
def test_percent_round_trips(share, lang):
    text = numbers.percent(share, 1, lang)
    assert text.endswith("%")
    assert abs(read_back(text[:-1], lang) - Decimal(str(share)) * 100) <= Decimal("0.05")


@given(VALUES, st.integers(0, 3))
def test_zero_has_no_sign(value, digits):
    text = numbers.show_signed(value, digits)
    if numbers.round_half_up(value, digits) == 0:
        assert text[0] == "0"
    else:
        assert text[0] == ("+" if value > 0 else "−")


@pytest.mark.parametrize("missing", [None, float("nan")])
@pytest.mark.parametrize("lang,word", [("it", "non disponibile"), ("en", "not available")])
@pytest.mark.parametrize(
    "name", ["integer", "decimal", "percent", "show_signed", "euro", "euro_cents", "euro_millions", "date"]
)
def test_missing_says_so(name, missing, lang, word):
    assert getattr(numbers, name)(missing, lang=lang) == word


def test_infinite_is_refused():
    with pytest.raises(ValueError):
        numbers.decimal(float("inf"))


@pytest.mark.parametrize(
    "printed,expected",
    [
        (numbers.integer(4256350), "4.256.350"),
        (numbers.integer(1181), "1.181"),
        (numbers.integer(4256350, "en"), "4,256,350"),
        (numbers.decimal(219.94, 1), "219,9"),
        (numbers.decimal(2.675, 2), "2,68"),
        (numbers.decimal(-0.04, 1), "0,0"),
        (numbers.percent(0.2624, 1), "26,2%"),
        (numbers.percent(0.2624, 1, "en"), "26.2%"),
        (numbers.percent(0), "0,0%"),
        (numbers.show_signed(-0.4), "−0,4"),
        (numbers.euro(6400000), "6,4 milioni di euro"),
        (numbers.euro(6400000, "en"), "€6.4 million"),
        (numbers.euro(872290000), "872,29 milioni di euro"),
        (numbers.euro(1000000), "1 milione di euro"),
        (numbers.euro(1276300), "1.276.300 euro"),
        (numbers.euro(700000), "700.000 euro"),
        (numbers.euro_cents(1.5036), "1,50 euro"),
        (numbers.euro_millions(6400000), "6,4 milioni di euro"),
        (numbers.euro_millions(1000000), "1 milione di euro"),
        (numbers.euro_millions(20000000, "en"), "€20 million"),
        (numbers.date("2019-01-23"), "23 gennaio 2019"),
        (numbers.date("2019-01-01"), "1º gennaio 2019"),
        (numbers.date("2019-01-23", lang="en"), "23 January 2019"),
        (numbers.date("2018-10", "month"), "ottobre 2018"),
        (numbers.date("2018-10-30", "month"), "ottobre 2018"),
        (numbers.date("2015", "year"), "2015"),
        (numbers.date("2016-autumn", "season"), "autunno 2016"),
        (numbers.date("2016-autumn", "season", "en"), "autumn 2016"),
        (numbers.cardinal(3), "tre"),
        (numbers.cardinal(10, "en"), "ten"),
        (numbers.cardinal(11), "11"),
        (numbers.ordinal(1, gender="f"), "prima"),
        (numbers.ordinal(14), "14º"),
        (numbers.ordinal(22, "en"), "22nd"),
        (numbers.ordinal(112, "en"), "112th"),
    ],
)
def test_examples(printed, expected):
    assert printed == expected


@pytest.mark.parametrize(
    "value,precision", [("2018-10", "day"), ("2016-autumn", "month"), ("maggio", "year"), ("2018", "week")]
)
def test_no_date_finer_than_known(value, precision):
    with pytest.raises(ProseError):
        numbers.date(value, precision)


def test_unknown_language():
    with pytest.raises(ProseError, match="'fr'"):
        numbers.integer(1, "fr")


def test_indicators_agree_with_their_definitions():
    for indicator in INDICATORS:
        shown = indicators.show(indicator.id, 0.5)
        assert shown.endswith("%") == (indicator.unit == "share")
        assert len(shown.rstrip("%").partition(",")[2]) == indicator.decimals
