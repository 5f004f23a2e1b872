"""The timeline's script in a real browser, whatever the address says."""

import pytest
from browser import visiting

from helpers import config

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><div id="timeline">
<form class="timeline-filter" data-all="{all}" data-shown="{n} / {all}">
<input type="checkbox" value="a"><input type="checkbox" value="b">
<p role="status"></p><button type="reset" hidden>tutti</button></form>
<nav class="years"><p><a href="#y2017">2017</a></p></nav>
<section class="year"><h2 id="y2017">2017</h2><ul><li data-group="a" id="ev-01">a</li>
<li data-group="b" id="àè">b</li></ul>
</section></div><script src="timeline.js"></script>"""


@pytest.fixture(scope="module")
def visit(tmp_path_factory, browser):
    root = tmp_path_factory.mktemp("timeline")
    (root / "timeline.js").write_bytes((config.REPORTS / "assets/timeline.js").read_bytes())
    (root / "cronologia.html").write_text(PAGE, encoding="utf-8")
    with visiting(root, browser) as visit:
        yield visit


@pytest.mark.parametrize("hash_", ["%", "%E0%A4%A", "%00", '"]', "ev-99", "%ff", "a#b", "\\"])
def test_no_address_stops_the_script(visit, hash_):
    page = visit.open(f"cronologia.html?filone=%&filone=x#{hash_}")
    assert page.locator("form.is-live").count() == 1
    page.evaluate("hash => { location.hash = hash }", f"%{hash_}")
    page.wait_for_timeout(50)
    assert visit.errors == []


def test_a_link_to_a_hidden_event_shows_it(visit):
    page = visit.open("cronologia.html?filone=a")
    assert page.locator("li").nth(1).is_hidden()
    page.evaluate("location.hash = 'àè'")
    page.locator("li").nth(1).wait_for(state="visible")
    page = visit.open("cronologia.html?filone=b#ev-01")
    assert page.locator("#ev-01").is_visible() and visit.errors == []
