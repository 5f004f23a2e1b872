"""The documentation: every document is a page, the reference has every name, what is said beside the code is true."""

from __future__ import annotations

import json
import re

import pytest
import yaml

import helpers
from helpers import config
from helpers.publish import documentation, reference

DOCS = sorted(path for path in (config.ROOT / "docs").rglob("*.md"))


def test_the_reference_has_every_name_of_the_front_door():
    text = reference.write()
    assert re.findall(r"^## we\.(\w+)$", text, re.MULTILINE) == sorted(
        (name for name in dir(helpers) if not name.startswith("_")), key=str.casefold
    )


@pytest.mark.slow
def test_every_entry_of_the_reference_shows_an_example():
    for entry in reference.write().split("\n## ")[1:]:
        name = entry.splitlines()[0]
        assert "**Example**" in entry and ">>> " in entry, name


def test_every_document_is_a_page_with_a_title_and_a_description():
    pages = documentation.pages("text")
    assert len(pages) == len(DOCS) + 2
    for name, text in pages.items():
        front = yaml.safe_load(text.decode().split("---")[1])
        assert front["title"] and len(front["description"]) > 12 and front["lang"] in ("en", "it"), name
        assert name.removesuffix(".qmd").endswith("-it") == (front["lang"] == "it"), name


def test_links_between_documents_lead_to_pages_and_others_are_words():
    pages = {name.removesuffix(".qmd"): text.decode() for name, text in documentation.pages("").items()}
    body = pages["documentazione/how-to/edition"]
    assert "[A table](table.html)" in body
    for name, text in pages.items():
        assert not re.search(r"\]\([^)]*\.md[)#]", text), name


def test_both_publishers_read_what_is_bold_in_documents():
    # For pandoc a word that begins with an underscore begins another emphasis; as code it does not.
    for name, text in documentation.pages("").items():
        plain = re.sub(r"(?s)```.*?```|`[^`\n]*`", "", text.decode())
        assert not (found := re.search(r"\*\*[^*\n]*(?<!\w)_\w", plain)), (name, found[0])


@pytest.mark.site
def test_the_documentation_is_reached_from_the_footer_only(built):
    page = (built.site / "index.html").read_text(encoding="utf-8")
    footer = page[page.index("<footer") :]
    assert 'href="documentazione/index.html"' in footer
    assert "documentazione" not in page[: page.index("<footer")]
    assert (built.site / "documentazione/reference.html").exists()


def test_citation_and_publiccode_name_the_edition_and_the_version():
    package = json.loads((config.RAW / "datapackage.json").read_text(encoding="utf-8"))
    citation = yaml.safe_load((config.ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == package["version"]
    assert str(citation["date-released"]) == package["created"][:10]
    code = yaml.safe_load((config.ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    assert code["softwareVersion"] == helpers.__version__
    assert str(code["releaseDate"]) == package["created"][:10]
    for words in code["description"].values():
        # Lengths that the standard asks for.
        assert len(words["shortDescription"]) <= 150 and 150 <= len(words["longDescription"]) <= 10_000
