"""Every page lives with its Content-Security-Policy, also where a server sends the same."""

from __future__ import annotations

import base64
import hashlib
import re
from html import unescape
from pathlib import Path

import pytest
from audit import DRAW, one_of_each_kind
from browser import Gzipped, Strict, until, visiting
from readers import read_page

from helpers import config
from helpers.publish.policy import add_policy, policy
from helpers.publish.stage import plotly_file

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
#: Of what plotly.js styles, the parts that the site does not show.
NOT_SHOWN = ("notifier", "cloud-dialog", "modebar", "data-title")
RULES = "(id) => [...document.getElementById(id).sheet.cssRules].map((rule) => rule.cssText)"


def hashed(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def given(text):
    return unescape(POLICY.search(text)[1])


def told(text):
    return dict(part.split(" ", 1) for part in given(text).split("; "))


def test_what_a_publisher_writes_around_the_content_is_allowed_and_nothing_else():
    page = (
        '<html><head><meta charset="utf-8"><title>x</title><style>b{c:d}</style>'
        '<script src="a.js"></script><script>one()</script><script type="application/ld+json">{}</script></head>'
        '<body><button onclick="if (a &amp;&amp; b) { two(); }">x</button><main><script>three()</script>'
        '<a id="quarto-back-to-top" onclick="four()">x</a></main></body>'
    )
    found = told(add_policy(page))
    assert hashed("one()") in found["script-src"] and hashed("if (a && b) { two(); }") in found["script-src"]
    assert hashed("four()") in found["script-src"]
    assert hashed("b{c:d}") in found["style-src"]
    assert hashed("three()") not in found["script-src"] and hashed("{}") not in found["script-src"]
    assert not any("unsafe-inline" in sources or "unsafe-eval" in sources for sources in found.values())
    assert "script-src 'self';" in policy() and add_policy(page).index("http-equiv") < add_policy(page).index("<style>")


def test_quartos_page_gets_a_policy_that_its_own_parts_fit():
    page = (Path(__file__).parent / "quarto/pinerolo.html").read_text()
    found = told(add_policy(page))
    assert "'unsafe-hashes'" in found["script-src"]
    assert hashed("if (window.quartoToggleHeadroom) { window.quartoToggleHeadroom(); }") in found["script-src"]


def test_every_page_has_a_policy_and_no_look_of_its_own(built):
    for path in built.site.rglob("*.html"):
        text = read_page(path)
        assert given(text) == policy(), path
        assert not re.search(r"<style\b|<[a-z][^>]*\s(?:style|on[a-z]+)=", text), path


@pytest.mark.browser
@pytest.mark.parametrize("from_disk", [False, True])
def test_pages_with_programs_and_cards_live_with_a_strict_server_and_without_one(built, browser, from_disk):
    # Every kind of page is looked at under a strict server by the tests of accessibility.
    italian = [address for address in one_of_each_kind(built.site) if not address.startswith("en/")]
    programs = [address for address in italian if 'data-app="' in read_page(built.site / address)]
    chosen = [*programs, *(address for address in italian if address.startswith("embed/")), "index.html"]
    assert len(programs) >= 3 and len(chosen) > len(programs) + 1
    with visiting(built.site, browser, handler=Strict, from_disk=from_disk) as visit:
        for address in chosen:
            page = visit.turn_to(address)
            assert page.evaluate(DRAW) == [] and not page.locator(".plot[data-drawn=false]").count()
            if "embed/" in address:
                assert page.evaluate("getComputedStyle(document.querySelector('main')).borderTopWidth") == "4px"
            if page.locator("[data-app]").count():
                page.wait_for_selector(".is-live")
            page.mouse.move(300, 300)
            page.wait_for_load_state("networkidle")
            assert (visit.foreign, visit.errors) == ([], []), address


@pytest.mark.browser
def test_a_script_that_comes_in_all_the_same_does_not_run(built, browser):
    with visiting(built.site, browser, handler=Gzipped) as visit:
        page = visit.open("metodo.html")
        page.evaluate(
            "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">')"
        )
        page.evaluate(
            "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = 1' }))"
        )
        until(page, "document.querySelector('main img').complete")
        assert page.evaluate("window.ran") is None
        assert any("Content Security Policy" in error for error in visit.errors)


@pytest.mark.browser
def test_the_style_sheet_of_charts_is_what_plotly_would_put_into_the_page(tmp_path, browser):
    sheet = (config.REPORTS / "assets/plotly.css").read_text()
    (tmp_path / "plotly.css").write_text(sheet)
    (tmp_path / "plotly.js").write_bytes(plotly_file()[1].read_bytes())
    (tmp_path / "index.html").write_text(
        '<!doctype html><link rel="icon" href="data:,"><link rel="stylesheet" href="plotly.css" id="own">'
        '<script src="plotly.js"></script><div id="place"></div>'
    )
    with visiting(tmp_path, browser) as visit:
        page = visit.open("index.html")
        page.evaluate("window.Plotly.newPlot('place', [{ x: [1], y: [1] }]).then(() => true)")
        wanted = [r for r in page.evaluate(RULES, "plotly.js-style-global") if not any(w in r for w in NOT_SHOWN)]
        assert page.evaluate(RULES, "own") == wanted and len(wanted) > 20
