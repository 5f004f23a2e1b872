"""Agreement: articles follow the number as it is spoken, checked against num2words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from helpers.prose import english, italian, numbers, rules

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
    fused = italian.articulated(preposition, text)
    assert fused.endswith(text)
    ending = {"l’": "ll’", "lo ": "llo ", "il ": "l "}[italian.article(text).removesuffix(text)]
    assert fused.removesuffix(text).endswith(ending)


@given(st.integers(1, 1999))
def test_ordinal_article(rank):
    spoken = num2words(rank, lang="it", to="ordinal")
    assert italian.the_ordinal(rank).startswith("l’" if spoken[0] in "aeiou" else "il ")


@pytest.mark.parametrize("text", ["8,8%", "11%", "1,5%", "80%", "1%", "800.000"])
def test_elided(text):
    assert italian.article(text) == f"l’{text}"


def test_article_needs_a_number():
    with pytest.raises(ValueError):
        italian.article("non disponibile")


@pytest.mark.parametrize(
    "written,expected",
    [
        (italian.articulated("di", "8,8%"), "dell’8,8%"),
        (italian.articulated("a", "0,5%"), "allo 0,5%"),
        (italian.articulated("in", "26,2%"), "nel 26,2%"),
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
        (english.province_name("001", "Torino"), "metropolitan city of Torino"),
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
    assert rules.inferred("single source, attribution inferred") == ("measure",)
    assert rules.inferred("enti: two sources; lead inferred") == ("lead",)
    assert rules.inferred(None) == ()
    none = {"n": 0, "share": 0.0}
    assert rules.boundary_case({"sourced": {"n": 3, "share": 1.0}, "derived": none, "indicative": none}) == "sourced"
    some = {"n": 2, "share": 0.5}
    assert rules.boundary_case({"sourced": some, "derived": some, "indicative": none}) == "mixed"
    assert rules.rank_from_end(30, 30) == 1
