"""Links into the site are none in a notebook, and links again on the page."""

from __future__ import annotations

import re

import pytest
from markupsafe import Markup
from showing import show

from helpers.pages.common import page as base
from helpers.pages.district.page import DistrictReport
from helpers.prose.links import lead, rest

MARKDOWN = (
    'Sono 132.\u00a0[ISTAT](../metodo.html#dati-population "dato ricavato") [S027](#S027 "dato da fonte"), '
    r"[altro \[1\]](page:metodo), [fuori](https://example.org) e ![](figura.svg)."
)
HTML = (
    '<p><a id="S1" href="metodo.html#S1">S1</a> <a href="csv:map" download>CSV</a> <a href="#x">qui</a> '
    '<a class="b" href="https://example.org">fuori</a></p>'
)


def test_a_notebook_holds_links_that_lead_somewhere_only():
    told = rest({"text/markdown": MARKDOWN, "text/html": HTML, "text/plain": "[x](y)"})
    assert '<a data-href="../metodo.html#dati-population" title="dato ricavato">ISTAT</a>' in told["text/markdown"]
    assert set(re.findall(r"\]\(([^) ]*)", told["text/markdown"])) == {"#S027", "https://example.org", "figura.svg"}
    assert re.findall(r'\shref="([^"]*)"', told["text/html"]) == ["#x", "https://example.org"]
    assert told["text/plain"] == "[x](y)"


def test_markup_is_not_escaped_again():
    marked = Markup(HTML)  # noqa: S704 - as pages make it
    assert rest({"text/html": marked}) == rest({"text/html": HTML})
    assert lead(rest({"text/html": marked})) == {"text/html": HTML}


@pytest.mark.parametrize("bundle", [{"text/markdown": MARKDOWN}, {"text/html": HTML}, {"text/csv": HTML}])
def test_what_was_put_to_rest_leads_again(bundle):
    assert lead(rest(bundle)) == bundle


def test_no_piece_of_a_report_shows_a_dead_link(monkeypatch):
    pieces = ("title", "brief", "map", "comparison", "similar", "wecare", "sources", "limits", "downloads")
    monkeypatch.setattr("showing.lead", lambda bundle: bundle)
    shown = show(DistrictReport("D07"), *pieces)
    text = "\n".join(bundle.get("text/html", "") + bundle.get("text/markdown", "") for bundle in shown)
    targets = re.findall(r'\shref="([^"]*)"', text) + re.findall(r"\]\(([^)\s]+)", text)
    assert len(targets) > 20 and {t.partition(":")[0] for t in targets if not t.startswith("#")} <= {"http", "https"}
    assert base.PAGE_MIME in shown[0]
