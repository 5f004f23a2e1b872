"""The browser's folding of names is the importers', and the search finds every comune by it."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
import smalldocs
from browser import visiting
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spellings import COMUNI, HARD, SPELLINGS

from helpers import config
from helpers.system.place_names import fold_name

pytestmark = pytest.mark.browser

#: What the two publishers ask of their search.
OPTIONS = {
    "smalldocs": {"keys": ["title", "section", "text"], "ignoreLocation": True, "threshold": 0.3},
    "quarto": {"keys": ["title", "section", "text"], "ignoreLocation": True, "threshold": 0.1},
}
SEARCH = """([options, entries, queries]) => {
    const fuse = new window.Fuse(entries, options);
    return queries.map((query) => fuse.search(query, { limit: 20 }).map((found) => found.item.title));
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory, browser):
    """A page with the script and the library of both publishers' search, in the order of theirs."""
    root = tmp_path_factory.mktemp("names")
    library = Path(smalldocs.__file__).parent / "assets" / "vendor" / "fuse" / "fuse.min.js"
    for source in (library, config.REPORTS / "assets" / "names.js"):
        (root / source.name).write_bytes(source.read_bytes())
    (root / "index.html").write_text(
        '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script defer src="fuse.min.js"></script>'
        '<script defer src="names.js"></script>'
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


@pytest.mark.parametrize("publisher", OPTIONS)
@pytest.mark.parametrize(
    "how",
    [
        "capitals", "capitals and apostrophes", "typographic apostrophes for accents", "acute accents", "decomposed",
        "no apostrophe", "a space behind an apostrophe", "a typographic hyphen", "full-width letters",
        "an invisible space",
    ],
)  # fmt: skip
def test_the_search_finds_a_comune_first_however_it_is_typed(page, publisher, how):
    entries = [{"title": name, "section": "Distretto", "text": ""} for name in COMUNI]
    found = page.evaluate(SEARCH, [OPTIONS[publisher], entries, [SPELLINGS[how](name) for name in HARD]])
    assert [titles[:1] for titles in found] == [[name] for name in HARD]
