"""The texts of all thirty districts as readers get them, in both languages: agreement, numbers, empty places."""

import re
from html import unescape

import pytest
from test_prose_render import BAD

from helpers.pages.district.inputs import district_inputs
from helpers.prose.render import render, render_text

DISTRICTS = [f"D{n:02d}" for n in range(1, 31)]
TEXTS = (
    *("district_brief", "district_boundary", "district_population", "district_comparison"),
    *("district_peers", "district_wecare", "district_limits"),
)
PLAIN = ("district_title", "district_subtitle", "district_description", "caption_sources", "caption_indicators")

#: Italian wants another article or preposition before eight, eleven, eighty.
DISAGREES = re.compile(
    r"\b(?:i|dei|ai|nei|il|del|al|nel|la|della)\s(?:8|11|80|8\d|8\d\d|8\.\d{3})\b(?![,.]\d)", re.IGNORECASE
)


@pytest.fixture(scope="module")
def facts():
    return {code: district_inputs(code).facts for code in DISTRICTS}


def texts(facts, lang):
    """The texts of a district without addresses of links, so that only words and numbers are left."""
    shown = {name: unescape(render(name, lang, **facts)) for name in TEXTS}
    shown |= {name: render_text(name, lang, **facts) for name in PLAIN}
    return {name: re.sub(r"\]\([^)]*\)", "]", text) for name, text in shown.items()}


@pytest.mark.parametrize("lang", ["it", "en"])
@pytest.mark.parametrize("code", DISTRICTS)
def test_texts_read_well(facts, code, lang):
    for name, text in texts(facts[code], lang).items():
        plain = text.replace("WE.CA.RE.", "WECARE").replace("WEL.CO.ME.", "WELCOME").replace("An.Co.Re.", "AnCoRe")
        plain = re.sub(r"\b[A-Z](?:\.[A-Z])+\.?(?=[\s,:;)-]|$)|Con\.I\.S\.A\.", "Ente", plain)
        plain = re.sub(r"None(?=[,;.\s])", "", plain) if code == "D30" else plain
        assert not BAD.search(plain), f"{name}: {BAD.search(plain)} in {plain}"
        assert text.strip()


@pytest.mark.parametrize("code", DISTRICTS)
def test_italian_articles_agree_with_their_numbers(facts, code):
    for name, text in texts(facts[code], "it").items():
        assert not DISAGREES.search(text), f"{name}: {DISAGREES.search(text)[0]}"


@pytest.mark.parametrize("code", DISTRICTS)
def test_numbers_are_written_as_each_language_does_and_are_the_same(facts, code):
    italian, english = texts(facts[code], "it"), texts(facts[code], "en")
    for name in TEXTS:
        # Names and codes hold digits too; what is left are amounts, shares, counts and years.
        it = re.sub(r"\[[^]]*\]|D\.G\.R\. [\d-]+|«[^»]*»", "", italian[name])
        en = re.sub(r"\[[^]]*\]|D\.G\.R\. [\d-]+|“[^”]*”", "", english[name])
        assert not re.search(r"\d,\d{3}\b(?!,)|\d\.\d(?!\d{2})", it), (name, it)
        assert not re.search(r"\d\.\d{3}\b|\d,\d(?!\d{2})", en), (name, en)
        values = [sorted(re.findall(r"\d+(?:[.,]\d+)*", text)) for text in (it, en)]
        swap = str.maketrans(".,", ",.")
        # English says "aged 0 to 14" where Italian says "fino a 14 anni".
        assert {n.translate(swap) for n in values[0]} ^ set(values[1]) <= {"0"}, name


@pytest.mark.parametrize("lang", ["it", "en"])
def test_what_is_not_known_is_said_and_never_a_number(facts, lang):
    for code in ("D27", "D28", "D29", "D30"):
        shown = texts(facts[code], lang)
        said = {"it": "non dicono a quale", "en": "do not say in which"}[lang]
        assert said in shown["district_wecare"]
        assert {"it": "capofila", "en": "Lead body"}[lang] not in shown["district_wecare"]


@pytest.mark.parametrize("lang", ["it", "en"])
@pytest.mark.slow
def test_inferences_are_said_wherever_a_table_holds_one(facts, lang):
    measure = {"it": "è una deduzione", "en": "is an inference"}[lang]
    bodies = {"it": "enti gestori è indicativo", "en": "social-services bodies is indicative"}[lang]
    for code in DISTRICTS:
        shown, project = texts(facts[code], lang), facts[code]["project"]
        marked = bool(project) and "inferred" in project["confidence"].replace("lead inferred", "")
        assert (measure in shown["district_wecare"]) == marked, code
        assert (bodies in shown["district_boundary"]) == (facts[code]["enti_link_status"] == "indicative"), code
