"""Rendered pages become what readers get; a page is finished again only when it or what stands around it changed."""

from __future__ import annotations

import pytest

from helpers.publish import finish as finishing
from helpers.publish.finish import KEEPER, finish
from helpers.publish.frame import Owner
from helpers.publish.machines.metadata import Site
from helpers.publish.marks import Source
from helpers.system import dependencies

WHOSE = Owner({"it": "Ufficio", "en": "Office"})
NAMES = dict.fromkeys(("it", "en"), {"S001": Source("S001", "Un titolo")})
PAGE = (
    '<html lang="{lang}"><head><title>T</title></head><body><header id="quarto-header"></header>'
    "<main><h1>{text}</h1></main></body></html>"
)


@pytest.fixture
def made(monkeypatch):
    """Pages finished since the test began, here and not in children, which would not tell."""
    pages = []
    monkeypatch.setattr(finishing.processes, "AVAILABLE", False)
    original = finishing.finish_page

    def counted(text, page, *rest):
        pages.append(page)
        return original(text, page, *rest)

    monkeypatch.setattr(finishing, "finish_page", counted)
    return pages


def rendered(tmp_path, **texts):
    out = tmp_path / "out"
    pages = {page: "en" if page == "b" else "it" for page in texts}
    out.mkdir(exist_ok=True)
    for page, text in texts.items():
        (out / f"{page}.html").write_text(PAGE.format(lang=pages[page], text=text))
    return out, Site(pages, frozenset(), "2026-11-22")


def content(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_only_what_changed_is_finished_again(tmp_path, made):
    kept = tmp_path / "kept"
    finish(*rendered(tmp_path, a="1", b="2"), WHOSE, kept, NAMES)
    once = content(tmp_path / "out")
    assert made == ["a", "b"] and "Ufficio" in once["a.html"] and "Office" in once["b.html"]
    again = finish(*rendered(tmp_path, a="1", b="2"), WHOSE, kept, NAMES)
    assert made == ["a", "b"] and content(tmp_path / "out") == once
    assert again == finish(*rendered(tmp_path, a="1", b="2"), WHOSE, tmp_path / "elsewhere", NAMES)
    made.clear()
    finish(*rendered(tmp_path, a="1", b="3"), WHOSE, kept, NAMES)
    assert made == ["b"] and "3" in content(tmp_path / "out")["b.html"]


@pytest.mark.parametrize("what", ["owner", "page", "library", "source", "spoilt"])
def test_a_change_around_the_pages_finishes_them_again(tmp_path, made, monkeypatch, what):
    kept, texts, whose, names = tmp_path / "kept.db", {"a": "1", "b": "2"}, WHOSE, NAMES
    finish(*rendered(tmp_path, **texts), WHOSE, kept, NAMES)
    made.clear()
    if what == "owner":
        whose = Owner({"it": "Altri", "en": "Others"})
    elif what == "page":
        texts["c"] = "3"
    elif what == "source":
        names = dict.fromkeys(NAMES, {"S001": Source("S001", "Un altro titolo")})
    elif what == "library":
        monkeypatch.setattr(dependencies, "fingerprints", lambda *modules: {"helpers.publish.finish": "another"})
    else:
        kept.write_text("{")
    finish(*rendered(tmp_path, **texts), whose, kept, names)
    assert made == list(texts)


def test_quarto_keeps_nothing_in_the_browser(tmp_path, made):
    out, site = rendered(tmp_path, a="1")
    (keeper := out / KEEPER).parent.mkdir(parents=True)
    keeper.write_text('export function init() { localStorage.setItem("quarto-persistent-tabsets-data", "{}"); }')
    finish(out, site, WHOSE, tmp_path / "kept", NAMES)
    # Other scripts of Quarto call it by this name.
    assert "localStorage" not in keeper.read_text() and "export function init()" in keeper.read_text()
