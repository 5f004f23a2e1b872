"""Everything the four documents name stands where docs/coverage.md says, on the built site."""

import re
from dataclasses import dataclass
from functools import lru_cache

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from readers import read_page

COLUMNS = ["id", "kind", "item", "document", "page", "text on the page"]
KINDS = {
    *("system", "actor", "figure", "principle", "objective", "topic", "practice", "city", "result"),
    *("obstacle", "condition", "event", "document"),
}
#: Documents are numbered from 1; a dash marks what the site adds.
DOCUMENTS = {"1", "2", "3", "4", "–"}


@dataclass(frozen=True)
class Item:
    id: str
    kind: str
    item: str
    document: str
    page: str
    texts: tuple[str, ...]


def parse(markdown):
    """Rows of the tables, in order; a table whose head differs is an error."""
    items = []
    for line in markdown.splitlines():
        if not line.startswith("|"):
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] == "id":
            assert cells == COLUMNS, line
        elif not set(line) <= set("|-"):
            assert len(cells) == len(COLUMNS), line
            items.append(Item(*cells[:5], tuple(text.strip() for text in cells[5].split("//"))))
    return items


ITEMS = parse((ROOT / "docs/coverage.md").read_text(encoding="utf-8"))
PAGES = sorted({item.page for item in ITEMS})


def plain(text):
    """Text as it is compared: one space, one form of apostrophe, lower case."""
    return " ".join(text.replace("’", "'").split()).lower()


def stands(text, content):
    """Whether a text stands in the content: from the start of a word, and a number up to its end."""
    found = re.escape(plain(text))
    before = r"(?<![\w])(?<!\d[.,])" if text[0].isalnum() else ""
    after = r"(?![\w])(?![.,]\d)" if text[-1].isdigit() else ""
    return re.search(before + found + after, plain(content)) is not None


@lru_cache
def content(path):
    """What a reader finds on a page below the header, and the texts of its pictures."""
    main = BeautifulSoup(read_page(path), "html.parser").find("main")
    assert main is not None, path
    hidden = [tag["aria-label"] for tag in main.find_all(attrs={"aria-label": True})]
    # Joined both ways: a link inside a word must not split it, two cells must not become one word.
    return "\n".join([main.get_text(" "), main.get_text(""), *hidden])


@pytest.mark.parametrize(
    ("text", "content_", "expected"),
    [
        ("sostenibil", "progetti Sostenibili", True),
        ("sostenibil", "cosa insostenibile", False),
        ("30", "i 30 distretti", True),
        ("30", "130 o 30.000 o 2.30 o 30,5", False),
        ("protocollo d'intesa", "Protocollo\n d’intesa", True),
        ("6,4 milioni", "6,4\u00a0milioni di euro", True),
        ("ON!", "con ON!-Università", True),
    ],
)
def test_what_counts_as_standing_on_a_page(text, content_, expected):
    assert stands(text, content_) is expected


def test_rows_are_well_formed_and_ids_unique():
    assert len({item.id for item in ITEMS}) == len(ITEMS) > 250
    for item in ITEMS:
        assert re.fullmatch(r"C[0-4]-\d{2,3}", item.id) and item.kind in KINDS, item
        assert item.document in DOCUMENTS and item.document == item.id[1].replace("0", "–"), item
        assert item.item and re.fullmatch(r"[a-z0-9/-]+", item.page) and all(item.texts), item
    assert len({(item.item, item.document, item.page, item.texts) for item in ITEMS}) == len(ITEMS)


@pytest.mark.parametrize("document", ["1", "2", "3", "4"])
def test_every_document_is_covered(document):
    own = [item for item in ITEMS if item.document == document]
    assert {"system", "actor", "figure", "topic"} <= {item.kind for item in own} and len(own) >= 35


@pytest.mark.parametrize("page", PAGES)
def test_every_item_stands_on_its_page(built, page):
    path = built.site / f"{page}.html"
    assert path.is_file(), f"{page}.html is not on the site"
    text = content(path)
    absent = [
        f"{item.id} {item.item}: {' // '.join(item.texts)}"
        for item in ITEMS
        if item.page == page and not any(stands(t, text) for t in item.texts)
    ]
    assert not absent, f"{page}:\n" + "\n".join(absent)
