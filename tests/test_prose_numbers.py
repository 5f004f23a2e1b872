"""Numbers and dates: what is printed can be read back, and nothing missing looks like a number."""

from datetime import date as Date
from decimal import ROUND_UP, Decimal, localcontext

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


@pytest.mark.parametrize("value", [float("inf"), float("-inf")])
def test_infinite_is_refused(value):
    with pytest.raises(ValueError, match=f"^{value!r} cannot be printed as a number$"):
        numbers.decimal(value)


@pytest.mark.parametrize(
    "value,missing", [(None, True), (float("nan"), True), (0, False), ("", False), (Decimal("NaN"), True)]
)
def test_zero_and_blank_are_not_missing(value, missing):
    assert numbers.is_missing(value) is missing


@pytest.mark.parametrize(
    "value,digits,rounded",
    [
        (0.125, 2, "0.12"),
        (0.135, 2, "0.14"),
        (2.5, 0, "2"),
        (-3.5, 0, "-4"),
        (-0.004, 2, "0.00"),
        (Decimal("7.05"), 1, "7.0"),
        (1e-7, 7, "0.0000001"),
    ],
)
def test_halves_of_the_written_number_go_to_the_even_digit(value, digits, rounded):
    assert str(numbers.round_half_up(value, digits)) in (rounded, f"{Decimal(rounded):E}")
    assert f"{numbers.round_half_up(value, digits):f}" == rounded


def test_a_number_is_rounded_alike_whatever_the_program_around_it_does():
    with localcontext() as context:
        context.rounding = ROUND_UP
        assert numbers.decimal(0.31) == "0,3"


@pytest.mark.parametrize(
    "printed,expected",
    [
        (lambda: numbers.integer(4256350), "4.256.350"),
        (lambda: numbers.integer(1181), "1.181"),
        (lambda: numbers.integer(4256350, "en"), "4,256,350"),
        (lambda: numbers.decimal(219.94, 1), "219,9"),
        (lambda: numbers.decimal(2.675, 2), "2,68"),
        (lambda: numbers.decimal(-0.04, 1), "0,0"),
        (lambda: numbers.percent(0.2624, 1), "26,2%"),
        (lambda: numbers.percent(0.2624, 1, "en"), "26.2%"),
        (lambda: numbers.percent(0), "0,0%"),
        (lambda: numbers.show_signed(-0.4), "−0,4"),
        (lambda: numbers.euro(6400000), "6,4 milioni di euro"),
        (lambda: numbers.euro(6400000, "en"), "€6.4 million"),
        (lambda: numbers.euro(872290000), "872,29 milioni di euro"),
        (lambda: numbers.euro(1000000), "1 milione di euro"),
        (lambda: numbers.euro(1276300), "1.276.300 euro"),
        (lambda: numbers.euro(700000), "700.000 euro"),
        (lambda: numbers.euro_cents(1.5036), "1,50 euro"),
        (lambda: numbers.euro_millions(6400000), "6,4 milioni di euro"),
        (lambda: numbers.euro_millions(1000000), "1 milione di euro"),
        (lambda: numbers.euro_millions(20000000, "en"), "€20 million"),
        (lambda: numbers.date("2019-01-23"), "23 gennaio 2019"),
        (lambda: numbers.date("2019-01-01"), "1º gennaio 2019"),
        (lambda: numbers.date("2019-01-23", lang="en"), "23 January 2019"),
        (lambda: numbers.date("2018-10", "month"), "ottobre 2018"),
        (lambda: numbers.date("2018-10-30", "month"), "ottobre 2018"),
        (lambda: numbers.date("2015", "year"), "2015"),
        (lambda: numbers.date("2016-autumn", "season"), "autunno 2016"),
        (lambda: numbers.date("2016-autumn", "season", "en"), "autumn 2016"),
        (lambda: numbers.cardinal(3), "tre"),
        (lambda: numbers.cardinal(10, "en"), "ten"),
        (lambda: numbers.cardinal(11), "11"),
        (lambda: numbers.ordinal(1, gender="f"), "prima"),
        (lambda: numbers.ordinal(14), "14º"),
        (lambda: numbers.ordinal(22, "en"), "22nd"),
        (lambda: numbers.ordinal(112, "en"), "112th"),
        (lambda: numbers.decimal(1234.56), "1.234,6"),
        (lambda: numbers.decimal(-1234.56, lang="en"), "−1,234.6"),
        (lambda: numbers.tick(1500), "1.500"),
        (lambda: numbers.tick(0.5), "0,5"),
        (lambda: numbers.tick(-20), "−20"),
        (lambda: numbers.tick(0.1 + 0.2), "0,3"),
        (lambda: numbers.tick(12.25, "en"), "12.25"),
        (lambda: numbers.tick(0.000000125), "0,000000125"),
        (lambda: numbers.tick(0.0000000004), "0"),
        (lambda: numbers.percent(0.2625), "26,2%"),
        (lambda: numbers.percent(0.26254, 2), "26,25%"),
        (lambda: numbers.percent(-0.5, 0, "en"), "−50%"),
        (lambda: numbers.show_signed(3.2), "+3,2"),
        (lambda: numbers.show_signed(3.25, 2, "en"), "+3.25"),
        (lambda: numbers.show_signed(0.04), "0,0"),
        (lambda: numbers.show_signed(0.04, 2), "+0,04"),
        (lambda: numbers.show_signed(1), "+1,0"),
        (lambda: numbers.euro(999990), "999.990 euro"),
        (lambda: numbers.euro(1010000), "1,01 milioni di euro"),
        (lambda: numbers.euro(1001000), "1.001.000 euro"),
        (lambda: numbers.euro(-2000000), "−2 milioni di euro"),
        (lambda: numbers.euro(1276300, "en"), "€1,276,300"),
        (lambda: numbers.euro(1000000, "en"), "€1 million"),
        (lambda: numbers.euro(Decimal("2500000")), "2,5 milioni di euro"),
        (lambda: numbers.euro(0), "0 euro"),
        (lambda: numbers.euro_cents(1.5, "en"), "€1.50"),
        (lambda: numbers.euro_cents(1234.567), "1.234,57 euro"),
        (lambda: numbers.euro_millions(6449999), "6,4 milioni di euro"),
        (lambda: numbers.euro_millions(970000), "1 milione di euro"),
        (lambda: numbers.euro_millions(40000), "0 milioni di euro"),
        (lambda: numbers.euro_millions(1234500000, "en"), "€1,234.5 million"),
        (lambda: numbers.euro_millions(1000000000000, "en"), "€1,000,000 million"),
        (lambda: numbers.cardinal(0), "zero"),
        (lambda: numbers.cardinal(10), "dieci"),
        (lambda: numbers.cardinal(1500), "1.500"),
        (lambda: numbers.cardinal(1500, "en"), "1,500"),
        (lambda: numbers.cardinal(-1), "−1"),
        (lambda: numbers.ordinal(1), "primo"),
        (lambda: numbers.ordinal(10), "decimo"),
        (lambda: numbers.ordinal(10, gender="f"), "decima"),
        (lambda: numbers.ordinal(11, gender="f"), "11ª"),
        (lambda: numbers.ordinal(1181), "1.181º"),
        (lambda: numbers.ordinal(1181, "en"), "1,181st"),
        (lambda: numbers.ordinal(2, "en"), "second"),
        (lambda: numbers.date("2019-05-02"), "2 maggio 2019"),
        (lambda: numbers.date("2019-01-01", lang="en"), "1 January 2019"),
        (lambda: numbers.date(Date(2019, 1, 11)), "11 gennaio 2019"),
        (lambda: numbers.date("2018-10-31", "month", "en"), "October 2018"),
        (lambda: numbers.date("2018-10-31", "year"), "2018"),
        # A Sunday, of the last week of the year before.
        (lambda: numbers.date("2017-01", "month"), "gennaio 2017"),
        (lambda: numbers.date("2017-01-01"), "1º gennaio 2017"),
        (lambda: numbers.date("2016-winter", "year", "en"), "2016"),
    ],
)
def test_examples(printed, expected):
    assert printed() == expected


@pytest.mark.parametrize(
    "number,written",
    [(11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"), (22, "22nd"), (23, "23rd"), (24, "24th"), (20, "20th")]
    + [(111, "111th"), (113, "113th"), (101, "101st"), (102, "102nd"), (103, "103rd"), (1011, "1,011th")],
)
def test_english_ranks(number, written):
    assert numbers.ordinal(number, "en") == numbers.ordinal(number, "en", "f") == written


@pytest.mark.parametrize("number", [0, -3])
def test_no_rank_before_the_first(number):
    with pytest.raises(ValueError, match=f"^{number} is not a rank$"):
        numbers.ordinal(number)


@pytest.mark.parametrize(
    "value,precision,said",
    [
        ("2018-10", "day", "'2018-10' does not say the day."),
        ("2018", "day", "'2018' does not say the day."),
        ("2016-autumn", "month", "'2016-autumn' does not say the month."),
        ("2016-10-03", "season", "'2016-10-03' does not say the season."),
        ("maggio", "year", "'maggio' is not a date of precision 'year'."),
        ("2018", "week", "'2018' is not a date of precision 'week'."),
        ("2018-10-03T00:00", "day", "'2018-10-03T00:00' is not a date of precision 'day'."),
        ("2018-1", "month", "'2018-1' is not a date of precision 'month'."),
    ],
)
def test_no_date_finer_than_known(value, precision, said):
    with pytest.raises(ProseError) as caught:
        numbers.date(value, precision)
    assert str(caught.value) == said


@pytest.mark.parametrize("value", ["2018-13-01", "2018-02-30"])
def test_no_day_that_no_calendar_has(value):
    with pytest.raises(ValueError):
        numbers.date(value)


def test_unknown_language():
    with pytest.raises(ProseError, match="'fr'"):
        numbers.integer(1, "fr")


def test_indicators_agree_with_their_definitions():
    for indicator in INDICATORS:
        shown = indicators.show(indicator.id, 0.5)
        assert shown.endswith("%") == (indicator.unit == "share")
        assert len(shown.rstrip("%").partition(",")[2]) == indicator.decimals
