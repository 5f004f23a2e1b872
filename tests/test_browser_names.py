"""The browser's folding of names is the importers', and the search finds every comune by it."""

from __future__ import annotations

import unicodedata

import pytest
from browser import visiting
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spellings import COMUNI, HARD, SPELLINGS

from helpers import config
from helpers.system.place_names import fold_name

pytestmark = pytest.mark.browser

SEARCH = """([names, queries]) => {
    const places = { districts: [["d", "Distretto"]], comuni: names.map((name) => [name, 0]) };
    return queries.map((query) => window.Wecare.findPlaces(places, query)[0]?.name);
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory, browser):
    """A page with the scripts of the search, in their order."""
    root = tmp_path_factory.mktemp("names")
    for name in ("names.js", "search.js"):
        (root / name).write_bytes((config.REPORTS / "assets" / name).read_bytes())
    (root / "index.html").write_text(
        '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script defer src="names.js"></script>'
        '<script defer src="search.js"></script>'
    )
    with visiting(root, browser) as visit:
        yield visit.open("index.html")
        assert visit.errors == [] and visit.foreign == []


def folded(page, texts: list[str]) -> list[str]:
    return page.evaluate("texts => texts.map(window.Wecare.foldName)", texts)


def test_the_script_folds_every_comune_in_every_spelling_alike(page):
    texts = [write(name) for write in SPELLINGS.values() for name in COMUNI]
    assert folded(page, texts) == [fold_name(text) for text in texts]


def test_the_script_folds_every_western_letter_and_mark_alike(page):
    ranges = ((0x00, 0x250), (0x2B0, 0x370), (0x1E00, 0x1F00), (0x2000, 0x2070), (0xFB00, 0xFB07), (0xFF01, 0xFF5F))
    texts = [f"a{chr(code)}B" for low, high in ranges for code in range(low, high) if unicodedata.name(chr(code), "")]
    assert len(texts) > 1_000
    found = dict(zip(texts, folded(page, texts), strict=True))
    assert {text: key for text, key in found.items() if key != fold_name(text)} == {}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(alphabet=st.characters(max_codepoint=0x24F, exclude_categories=["Cs"])), max_size=30))
def test_the_script_folds_any_text_alike(page, texts):
    assert folded(page, texts) == [fold_name(text) for text in texts]


@pytest.mark.parametrize(
    "how",
    [
        "capitals", "capitals and apostrophes", "typographic apostrophes for accents", "acute accents", "decomposed",
        "no apostrophe", "a space behind an apostrophe", "a typographic hyphen", "full-width letters",
        "an invisible space",
    ],
)  # fmt: skip
def test_the_search_finds_a_comune_first_however_it_is_typed(page, how):
    assert page.evaluate(SEARCH, [list(COMUNI), [SPELLINGS[how](name) for name in HARD]]) == list(HARD)
