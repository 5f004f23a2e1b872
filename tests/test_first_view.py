"""What a reader on a slow line waits for, and that nothing moves under their eyes."""

from __future__ import annotations

import gzip
import re

import pytest
from browser import Gzipped, until, visiting
from readers import read_page

pytestmark = pytest.mark.site

#: Milliseconds, and bytes of styles and page, until the first picture stands.
FIRST_PICTURE, BEFORE_PICTURE = 2_500, 60_000
#: Latency in milliseconds and bytes a second of a slow line.
LATENCY, THROUGHPUT = 400, 50_000
#: A shared machine may be busy just then.
TRIES = 3
SCREENS = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
#: Notes every movement, and when a whole drawing stands on the painted page.
WATCH = """
window.moved = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (!entry.hadRecentInput) moved.push([entry.value, ...entry.sources.map(({ node }) => node?.nodeName ?? "gone")]);
  }
}).observe({ type: "layout-shift", buffered: true });
(function look() {
  const whole = document.querySelector("main .plot + script, main .plot ~ *, main .map-box + *");
  if (whole && performance.getEntriesByName("first-contentful-paint").length) window.pictured = performance.now();
  else requestAnimationFrame(look);
})();
"""


def watched(page):
    page.add_init_script(WATCH)


def slow(page, throughput=THROUGHPUT):
    watched(page)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    speed = {"latency": LATENCY, "downloadThroughput": throughput, "uploadThroughput": throughput}
    line.send("Network.emulateNetworkConditions", {"offline": False, **speed})


def late(page):
    """Everything comes after a while, then at once: where it matters that a script is not there yet."""
    slow(page, -1)


def test_little_comes_before_the_first_picture(built):
    for path in sorted((built.site / "distretti").glob("*.html")):
        text = read_page(path)
        until = text.index("</svg>", text.index('class="plot'))
        styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', text)
        files = [(path.parent / style).resolve() for style in styles]
        sizes = [len(gzip.compress(content)) for content in [text[:until].encode(), *(f.read_bytes() for f in files)]]
        assert len(styles) >= 2
        assert sum(sizes) <= BEFORE_PICTURE, path
        # Deferred, and the only one: nothing else is fetched with the page.
        scripts = re.findall(r"<script\b[^>]*\bsrc=[^>]*>", text)
        assert len(scripts) == 1 and "defer" in scripts[0] and "figures.js" in scripts[0], path


@pytest.mark.browser
@pytest.mark.parametrize("screen", SCREENS)
def test_the_first_picture_stands_soon_on_a_slow_line_and_nothing_moves(built, browser, screen):
    times = []
    while not times or (min(times) > FIRST_PICTURE and len(times) < TRIES):
        with visiting(built.site, browser, handler=Gzipped) as visit:
            page = visit.open("distretti/asti.html", slow, **SCREENS[screen])
            page.wait_for_load_state("networkidle")
            times.append(page.evaluate("pictured"))
            assert page.evaluate("moved") == []
    assert min(times) <= FIRST_PICTURE


@pytest.fixture(scope="module", params=SCREENS)
def watching(request, built, browser):
    """A visit and a window that notes what moves and has every file sent anew."""
    with visiting(built.site, browser, handler=Gzipped) as visit:
        page = visit.open("404.html", watched, **SCREENS[request.param])
        page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        yield visit, page


@pytest.mark.browser
@pytest.mark.parametrize(
    "name",
    [
        "distretti/asti",
        "esplora",
        *(pytest.param(n, marks=pytest.mark.audit) for n in ("index", "simulatore", "cronologia")),
    ],
)
def test_nothing_moves_when_scripts_and_charts_come(watching, name):
    height = "document.documentElement.scrollHeight"
    visit, page = watching
    page.goto("about:blank")
    page.mouse.move(-1, -1)
    page.goto(f"{visit.root}{name}.html")
    page.wait_for_load_state("networkidle")
    before = page.evaluate(height)
    for chart in page.locator(".plot").all()[:3]:
        chart.focus()
        chart.locator(".plot-container").wait_for()
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(100)
        assert page.evaluate(height) == before
    page.locator("#quarto-header").hover()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("moved") == []
    assert visit.errors == []


@pytest.mark.browser
def test_a_first_tap_reads_and_the_second_opens(built, browser):
    with visiting(built.site, browser, handler=Gzipped) as visit:
        page = visit.open("index.html", **SCREENS["phone"])
        chart = page.locator(".plot").first
        chart.scroll_into_view_if_needed()
        box = chart.bounding_box()
        place = box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.45
        page.touchscreen.tap(*place)
        told = page.locator("p.figure-reading").first
        until(page, "document.querySelector('p.figure-reading')?.textContent")
        assert told.inner_text().endswith("Tocca di nuovo per aprire la pagina.")
        assert page.url.endswith("index.html")
        page.wait_for_timeout(600)
        page.touchscreen.tap(*place)
        page.wait_for_url("**/distretti/*.html")


@pytest.mark.browser
def test_menu_and_search_answer_although_their_scripts_come_only_then(built, browser):
    with visiting(built.site, browser, handler=Gzipped) as visit:
        page = visit.open("distretti/asti.html", late, **SCREENS["desktop"])
        page.wait_for_load_state("networkidle")
        assert page.evaluate("!window.bootstrap && !window.Wecare.find")
        page.locator(".dropdown-toggle", has_text="Distretti").click()
        page.get_by_role("link", name="I trenta distretti").first.wait_for()
        page.locator("#search-field").fill("AGLIE'")
        page.locator("#search-list a", has_text="Agliè").first.wait_for()
        assert visit.errors == []


@pytest.mark.browser
def test_a_search_typed_at_once_is_answered(built, browser):
    with visiting(built.site, browser, handler=Gzipped) as visit:
        page = visit.open("distretti/asti.html", late, **SCREENS["desktop"])
        page.locator("#search-field").evaluate("(field) => { field.focus(); field.value = 'aglie'; }")
        page.locator("#search-list a", has_text="Agliè").first.wait_for()
