"""What stands around every page: the owner's bar, languages, contents."""

from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import ROOT

from helpers.errors import InputError, WecareError
from helpers.publish import frame
from helpers.publish.frame import owner

PAGE = """<html lang="{lang}"><body><header id="quarto-header" class="x"><nav>menu</nav></header>
<nav id="TOC" role="doc-toc"><h2 id="toc-title">t</h2><ul><li><a href="#a" id="toc-a" class="nav-link"
 data-scroll-target="#a">A &amp; B</a><ul><li><a href="#b" id="toc-b">B</a></li></ul></li></ul></nav>
<main><header id="title-block-header"><h1>x</h1></header>{opening}<p>c</p></main></body></html>"""
EDITION = '<p class="edition">e</p>'


def described(tmp_path, **osservatorio):
    path = tmp_path / "_quarto.yml"
    path.write_text(yaml.safe_dump({"website": {"title": "Sito"}, "osservatorio": osservatorio}))
    return path


def dressed(tmp_path, pages, whose=None, opening=EDITION):
    whose = whose or owner(described(tmp_path))
    texts = {page: PAGE.format(lang=lang, opening=opening) for page, lang in pages.items()}
    return {
        page: BeautifulSoup(frame.add_frame(text, page, pages, whose), "html.parser") for page, text in texts.items()
    }


def test_each_edition_leads_to_the_other_of_the_same_page(tmp_path):
    pages = dressed(tmp_path, {"misure/m": "it", "en/misure/m": "en", "sola": "it"})
    links = {
        page: [(a["href"], a["lang"], a.text) for a in soup.select(".languages a")] for page, soup in pages.items()
    }
    assert links == {
        "misure/m": [("../en/misure/m.html", "en", "English")],
        "en/misure/m": [("../../misure/m.html", "it", "Italiano")],
        "sola": [],
    }
    assert [soup.select_one("[aria-current]").text for soup in pages.values()] == ["Italiano", "English", "Italiano"]
    for soup in pages.values():
        first = soup.find("header", id="quarto-header").find(True)
        assert first["class"] == ["skip"] and first["href"] == "#quarto-document-content"


def test_the_search_stands_in_the_header_of_both_publishers(tmp_path):
    button = '<button class="navbar-toggler" type="button"></button>'
    texts = {
        "quarto": (Path(__file__).parent / "quarto/pinerolo.html").read_text(encoding="utf-8"),
        "embedded": PAGE.format(lang="it", opening=EDITION).replace("<nav>menu</nav>", f"<nav>{button}</nav>"),
    }
    pages = {"distretti/pinerolo": "it", "en/distretti/pinerolo": "en"}
    for publisher, text in texts.items():
        for page, root in (("distretti/pinerolo", "../"), ("en/distretti/pinerolo", "../")):
            soup = BeautifulSoup(frame.add_frame(text, page, pages, owner(described(tmp_path))), "html.parser")
            (form,) = soup.select("#quarto-header form[data-finds=site]")
            assert (form["data-root"], form["action"]) == (root, f"{root}distretti/index.html"), publisher
            assert form.find_next_sibling("button")["class"] == ["navbar-toggler"]
            field = form.find("input")
            assert field["role"] == "combobox" and soup.find(id=field["aria-controls"])["role"] == "listbox"


def test_contents_follow_the_opening_and_repeat_no_id(tmp_path):
    for opening, before in ((EDITION, "p"), ("", "header"), (EDITION + '<p class="note stale">s</p>', "p")):
        soup = dressed(tmp_path, {"p": "it"}, opening=opening)["p"]
        contents = soup.select_one("main > details.contents")
        assert contents.find_previous_sibling().name == before and contents.find_next_sibling().text == "c"
        assert [(a["href"], a.text) for a in contents.select("a")] == [("#a", "A & B"), ("#b", "B")]
        assert not contents.select("[id], [data-scroll-target]") and len(soup.select("#toc-a")) == 1


def test_no_owner_no_mark_no_address_unless_somebody_says_so(tmp_path):
    whose = owner(described(tmp_path))
    assert (whose.name["it"], whose.marks, whose.feedback) == ("Sito", (), "")
    assert "nessun indirizzo" in whose.contact("it") and "No address" in whose.contact("en")
    assert "non è ancora indicato" in whose.whose("it") and "not named yet" in whose.whose("en")
    real = owner(ROOT / "_quarto.yml")
    assert real.name == {"it": "Osservatorio WE.CA.RE.", "en": "Osservatorio WE.CA.RE."} and real.marks == ()


def test_owner_marks_and_address_are_shown_as_told(tmp_path):
    told = {
        "owner": {"it": "Ente <b>", "en": "Body"},
        "href": "https://example.org/",
        "marks": [{"image": "assets/marks/eu.svg", "alt": {"it": "Unione europea", "en": "European Union"}}],
        "feedback": "chi@example.org",
    }
    whose = owner(described(tmp_path, **told))
    assert "[chi@example.org](mailto:chi@example.org)" in whose.contact("en")
    assert "by [Body](https://example.org/)." in whose.whose("en") and "<b>" not in whose.whose("it")
    pages = dressed(tmp_path, {"a/b": "it", "en/a/b": "en"}, whose)
    link = pages["a/b"].select_one(".owner-name a")
    assert (link["href"], link.text) == ("https://example.org/", "Ente <b>")
    marks = [(soup.img["src"], soup.img["alt"]) for soup in pages.values()]
    assert marks == [("../assets/marks/eu.svg", "Unione europea"), ("../../assets/marks/eu.svg", "European Union")]


@pytest.mark.parametrize("mark", [{"image": "a.svg"}, {"alt": "x"}, {"image": "a.svg", "alt": {"it": "x"}}])
def test_a_mark_without_words_or_picture_is_refused(tmp_path, mark):
    with pytest.raises(InputError, match=r"_quarto\.yml, column osservatorio\.marks\.0\.(?:alt|image): .*To do: "):
        owner(described(tmp_path, marks=[mark]))


def test_what_html_does_not_know_is_taken_from_the_header_of_quarto(tmp_path):
    button = '<button type="button" aria-controls="navbarCollapse" role="menu" aria-expanded="false">x</button>'
    link = '<link href="b.css" rel="stylesheet" append-hash="true" id="quarto-bootstrap">'
    page = dressed(tmp_path, {"p": "it"}, opening=EDITION + button + link + '<ul role="menu"></ul>')["p"]
    assert page.button.attrs == {"type": "button", "aria-controls": "navbarCollapse", "aria-expanded": "false"}
    assert page.link.attrs == {"href": "b.css", "rel": ["stylesheet"], "id": "quarto-bootstrap"}
    assert page.select_one("ul[role=menu]")


def test_columns_of_a_markdown_table_have_no_style(tmp_path):
    """Quarto writes their widths where the policy of a page refuses them."""
    table = '<table><colgroup><col style="width: 16%"><col style="width: 83%" /></colgroup></table>'
    soup = dressed(tmp_path, {"p": "it"}, opening=EDITION + table)["p"]
    assert len(soup.select("col")) == 2 and not soup.select("col[style]")


@pytest.mark.parametrize(
    "text",
    ["website: {}", "[]", "7", "a: [", "[" * 20_000, "a: 2026-13-45", "website: x", "website: {title: [x]}",
     "website: {title: null}", "osservatorio: [1]", "osservatorio: {marks: {a: 1}}",
     "osservatorio: {owner: {it: x}}", "osservatorio: {owner: [x]}", "osservatorio: {href: 'javascript:alert(1)'}",
     "osservatorio: {href: '//x.it'}", "osservatorio: {feedback: 'a b'}",
     "osservatorio: {feedback: 'javascript:x@y'}", "website: {title: x, site-url: 7}", "project: {type: book}",
     "website: {title: x, navbar: {left: x}}", "website: {title: x, navbar: {left: [x]}}",
     "website: {title: x, page-footer: {left: 7}}", "format: {html: x}"],
    ids=range(23),
)  # fmt: skip
def test_a_description_of_another_form_is_told_with_its_place(tmp_path, text):
    (tmp_path / "_quarto.yml").write_text(text if "website" in text else f"website: {{title: x}}\n{text}")
    with pytest.raises(WecareError, match=r"_quarto\.yml.*To do: "):
        owner(tmp_path / "_quarto.yml")
    with pytest.raises(InputError, match="the file does not exist"):
        owner(tmp_path / "none.yml")
