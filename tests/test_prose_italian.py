"""Agreement: articles follow the number as it is spoken, checked against num2words."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from helpers.declarations import INDICATORS
from helpers.prose import english, italian, labels, numbers, rules
from helpers.prose.render import fill

WHOLE = st.integers(0, 2_000_000_000)


def article_by_ear(spoken: str) -> str:
    if spoken.startswith("z"):
        return "lo "
    return "l’" if spoken[0] in "aeiou" else "il "


@given(WHOLE)
def test_article_of_whole_numbers(number):
    text = numbers.integer(number)
    assert italian.article(text) == article_by_ear(num2words(number, lang="it")) + text


@given(st.integers(0, 1999), st.integers(0, 9))
def test_article_of_percentages(whole, tenth):
    text = f"{numbers.integer(whole)},{tenth}%"
    assert italian.article(text) == article_by_ear(num2words(f"{whole}.{tenth}", lang="it")) + text


@given(st.integers(0, 9999), st.sampled_from(["di", "a", "da", "in", "su"]))
def test_preposition_follows_article(number, preposition):
    text = numbers.integer(number)
    fused = italian.with_article(preposition, text)
    assert fused.endswith(text)
    ending = {"l’": "ll’", "lo ": "llo ", "il ": "l "}[italian.article(text).removesuffix(text)]
    assert fused.removesuffix(text).endswith(ending)


@given(st.integers(1, 1999))
def test_ordinal_article(rank):
    spoken = num2words(rank, lang="it", to="ordinal")
    assert italian.the_ordinal(rank).startswith("l’" if spoken[0] in "aeiou" else "il ")


#: Every number whose article differs from that of most, and their neighbours.
SPOKEN = [
    *range(1, 101),
    *range(800, 900),
    1000,
    1800,
    8000,
    8100,
    11_000,
    11_800,
    80_000,
    111_000,
    1_000_000,
    8_000_000,
]


@pytest.mark.parametrize(
    ("before_consonant", "before_vowel"),
    [("i ", "gli "), ("dei ", "degli "), ("ai ", "agli "), ("dai ", "dagli "), ("nei ", "negli "), ("sui ", "sugli "),
     ("il ", "l’"), ("del ", "dell’"), ("al ", "all’"), ("dal ", "dall’"), ("nel ", "nell’"), ("sul ", "sull’")],
)  # fmt: skip
def test_whatever_form_was_written_it_agrees_with_the_number_after_it(before_consonant, before_vowel):
    for number in SPOKEN:
        text = numbers.integer(number)
        right = before_vowel if num2words(number, lang="it")[0] in "aeiou" else before_consonant
        for written in (before_consonant, before_vowel):
            for start, after in (("sono ", " eventi"), ("(", ")"), ("", ",5% di")):
                assert italian.agree(f"{start}{written}{text}{after}") == f"{start}{right}{text}{after}"
            assert italian.agree(f"{written}{text}".capitalize()) == f"{right}{text}".capitalize()


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("dal primo all’ultimo dei 11 eventi", "dal primo all’ultimo degli 11 eventi"),
        ("il 8 novembre 2018", "l’8 novembre 2018"),
        ("Dal 8 novembre al 11 dicembre", "Dall’8 novembre all’11 dicembre"),
        ("del 8 e del 11 maggio", "dell’8 e dell’11 maggio"),
        ("il 1º gennaio e l’1º febbraio", "il 1º gennaio e il 1º febbraio"),
        ("dal aprile al ottobre 2020", "dall’aprile all’ottobre 2020"),
        ("nel agosto 2020, del autunno 2016", "nell’agosto 2020, dell’autunno 2016"),
        ("dall’novembre 2018", "dal novembre 2018"),
        ("va dal 8º al 11º posto, dal 1º al 18º", "va dall’8º all’11º posto, dal 1º al 18º"),
        ("la 8ª, la 11ª, l’12ª e la 1ª", "l’8ª, l’11ª, la 12ª e la 1ª"),
        ("un 8% e un 11%", "un 8% e un 11%"),
        ("il 80%, il 0,5%, lo 1,5%", "l’80%, lo 0,5%, l’1,5%"),
        ("dei otto, degli sei progetti, degli 6", "degli otto, degli sei progetti, dei 6"),
        ("le 8 città, delle 11", "le 8 città, delle 11"),
        ("i18n, dall’altra, il 2018, nel 1800", "i18n, dall’altra, il 2018, nel 1800"),
        ('[D.G.R.](../metodo.html#S011 "dal 8")', '[D.G.R.](../metodo.html#S011 "dall’8")'),
    ],
)
def test_articles_before_numbers_and_dates(written, right):
    assert italian.agree(written) == right == italian.agree(right)


def test_articles_before_every_day_and_month():
    for day in (date(2024, 1, 1) + timedelta(days=n) for n in range(366)):
        said = numbers.date(day)
        spoken = "primo" if day.day == 1 else num2words(day.day, lang="it")
        assert italian.agree(f"il {said}") == ("l’" if spoken[0] in "aeiou" else "il ") + said
        said = numbers.date(day, "month")
        assert italian.agree(f"dal {said}") == ("dall’" if said[0] in "ao" else "dal ") + said


#: What the home page says is known and not known.
FILLED_AT_HOME = {"home.known.people", "home.not_known.boundaries"}


def test_no_label_puts_an_article_before_a_place_but_those_that_are_filled_with_agreement():
    article = re.compile(rf"\b({'|'.join(form.strip() for form in italian._FORMS_OF)}) ?\{{\w+\}}", re.IGNORECASE)
    found = {key for key, text in labels("it").items() if article.search(text)}
    # Clauses of indicators stand in texts, whose articles agree.
    # So do the words of the page on change.
    found = {key for key in found if not key.startswith("trends.")}
    found -= {f"indicator.{i.id}.{part}" for i in INDICATORS for part in ("statement", "none", "brief", "up", "down")}
    assert found == {"district.range", "measure_state.of", "sheet.strip_alt", "timeline.open_until", *FILLED_AT_HOME}
    assert fill("it", "timeline.open_until", start="8 marzo 2018", end="ottobre 2020") == (
        "dall’8 marzo 2018 all’ottobre 2020"
    )
    assert fill("en", "measure_state.of", date="8 May 2018").endswith("8 May 2018")


@pytest.mark.parametrize("text", ["8,8%", "11%", "1,5%", "80%", "1%", "800.000"])
def test_elided(text):
    assert italian.article(text) == f"l’{text}"


def test_article_needs_a_number():
    with pytest.raises(ValueError):
        italian.article("non disponibile")


@pytest.mark.parametrize(
    "written,expected",
    [
        (italian.with_article("di", "8,8%"), "dell’8,8%"),
        (italian.with_article("a", "0,5%"), "allo 0,5%"),
        (italian.with_article("in", "26,2%"), "nel 26,2%"),
        (italian.count(1, "comune", "comuni"), "un comune"),
        (italian.count(1, "comune", "comuni", figures=True), "1 comune"),
        (italian.count(5, "comune", "comuni"), "cinque comuni"),
        (italian.count(53, "comune", "comuni"), "53 comuni"),
        (italian.count(0, "comune", "comuni"), "nessun comune"),
        (italian.count(0, "associazione", "associazioni", "f"), "nessun’associazione"),
        (italian.count(1, "studio", "studi"), "uno studio"),
        (italian.count(1, "associazione", "associazioni", "f"), "un’associazione"),
        (italian.join([]), ""),
        (italian.join(["Alba"]), "Alba"),
        (italian.join(["Asti", "Elios"]), "Asti ed Elios"),
        (italian.join(["a", "b", "c"]), "a, b e c"),
        (italian.district_name("Torino"), "distretto di Torino"),
        (italian.district_name("Verbano Cusio Ossola"), "distretto del Verbano Cusio Ossola"),
        (italian.district_name("Valle di Susa e Val Sangone"), "distretto della Valle di Susa e Val Sangone"),
        (italian.district_name("Romentino (Ovest Ticino)"), "distretto di Romentino (Ovest Ticino)"),
        (italian.district_name("Valenza"), "distretto di Valenza"),
        (italian.province_name("001", "Torino"), "città metropolitana di Torino"),
        (italian.province_name("096", "Biella"), "provincia di Biella"),
        (italian.province_name("103", "Verbano-Cusio-Ossola"), "provincia del Verbano-Cusio-Ossola"),
        (italian.province_name("010", "Genova"), "provincia di Genova"),
        (italian.quadrant_name("Cuneo (Granda)"), "quadrante di Cuneo"),
        (italian.quadrant_name("Nord"), "quadrante «Nord»"),
        (italian.at_place("Alba"), "ad Alba"),
        (italian.at_place("Torino"), "a Torino"),
        (italian.the_ordinal(8, "f"), "l’ottava"),
        (italian.the_ordinal(11), "l’11º"),
        (italian.the_ordinal(14, "f"), "la 14ª"),
        (english.count(0, "comune", "comuni"), "no comuni"),
        (english.count(1, "comune", "comuni"), "one comune"),
        (english.join(["a", "b", "c"]), "a, b and c"),
        (english.province_name("001", "Torino"), "Metropolitan City of Turin"),
    ],
)
def test_examples(written, expected):
    assert written == expected


@pytest.mark.parametrize(
    "value,other,outcome",
    [
        (103, 100, "in_line"),
        (97, 100, "in_line"),
        (103.1, 100, "slightly_above"),
        (90, 100, "slightly_below"),
        (110.1, 100, "above"),
        (75, 100, "below"),
        (125.1, 100, "well_above"),
        (74.9, 100, "well_below"),
        (0, 0, "in_line"),
        (1, 0, "well_above"),
        (0, 1, "well_below"),
        (None, 1, "unknown"),
        (1, float("nan"), "unknown"),
    ],
)
def test_compare(value, other, outcome):
    assert rules.compare(value, other) == outcome


@given(st.floats(0.001, 1e6), st.floats(0.001, 1e6))
def test_compare_points_the_right_way(value, other):
    outcome = rules.compare(value, other)
    assert outcome == "in_line" or ("above" in outcome) == (value > other)


def test_values_that_print_alike_are_in_line():
    assert rules.compare(0.34, 0.28) == "above"
    assert rules.compare(0.34, 0.28, digits=1) == "in_line"


def test_rules_on_projects_and_boundaries():
    assert rules.is_inferred("single source, attribution inferred") == ("measure",)
    assert rules.is_inferred("enti: two sources; lead inferred") == ("lead",)
    assert rules.is_inferred(None) == ()
    none = {"n": 0, "share": 0.0}
    assert rules.boundary_case({"sourced": {"n": 3, "share": 1.0}, "derived": none, "indicative": none}) == "sourced"
    some = {"n": 2, "share": 0.5}
    assert rules.boundary_case({"sourced": some, "derived": some, "indicative": none}) == "mixed"
    assert rules.rank_from_end(30, 30) == 1
