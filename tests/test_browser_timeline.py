"""The timeline's script in a real browser, whatever the address says."""

import pytest
from browser import until, visiting

from helpers import config

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><div id="timeline">
<form class="timeline-filter" data-all="{all}" data-shown="{n} / {all}">
<input type="checkbox" value="a"><input type="checkbox" value="b">
<p role="status"></p><button type="reset" hidden>tutti</button></form>
<nav class="years"><p><a href="#y2017">2017</a></p></nav>
<section class="year"><h2 id="y2017">2017</h2><ul><li data-group="a" id="ev-01">a</li>
<li data-group="b" id="àè">b</li></ul>
</section></div><script src="address.js"></script><script src="timeline.js"></script>"""


@pytest.fixture(scope="module")
def at_site(tmp_path_factory, browser):
    root = tmp_path_factory.mktemp("timeline")
    for name in ("address.js", "timeline.js"):
        (root / name).write_bytes((config.REPORTS / "assets" / name).read_bytes())
    (root / "cronologia.html").write_text(PAGE, encoding="utf-8")
    with visiting(root, browser) as found:
        yield found


@pytest.mark.parametrize("hash_", ["%", "%E0%A4%A", "%00", '"]', "ev-99", "%ff", "a#b", "\\"])
def test_no_address_stops_the_script(visit, hash_):
    page = visit.turn_to(f"cronologia.html?filone=%&filone=x#{hash_}")
    assert page.locator("form.is-live").count() == 1
    page.evaluate("hash => { location.hash = hash }", f"%{hash_}")
    page.wait_for_timeout(50)


def test_a_link_to_a_hidden_event_shows_it(visit):
    page = visit.turn_to("cronologia.html?filone=a")
    assert page.locator("li").nth(1).is_hidden()
    page.evaluate("location.hash = 'àè'")
    page.locator("li").nth(1).wait_for(state="visible")
    page = visit.turn_to("cronologia.html?filone=b#ev-01")
    assert page.locator("#ev-01").is_visible()


def test_back_undoes_a_choice_of_strands(visit):
    page = visit.turn_to("cronologia.html")
    first, second = page.locator("input").all()
    first.check()
    until(page, "location.search === '?filone=a'")
    second.check()
    until(page, "location.search === '?filone=a&filone=b'")
    page.click("button[type=reset]")
    until(page, "location.search === ''")
    for wanted, chosen in (("?filone=a&filone=b", [True, True]), ("?filone=a", [True, False]), ("", [False, False])):
        page.go_back()
        until(page, "wanted => location.search === wanted", arg=wanted)
        assert [first.is_checked(), second.is_checked()] == chosen
        assert [event.is_visible() for event in page.locator("li[data-group]").all()] == (
            chosen if any(chosen) else [True, True]
        )
    page.go_forward()
    until(page, "location.search === '?filone=a'")
    assert first.is_checked() and page.locator("[role=status]").inner_text() == "1 / 2"
