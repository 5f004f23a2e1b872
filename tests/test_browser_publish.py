"""The published figures, looked at in a real browser."""

from __future__ import annotations

import base64

import pytest
from browser import visiting
from samples import QUARTO_YML, small_site

from helpers.publish.site import publish

pytestmark = pytest.mark.browser

PAGE = "distretti/torino.html"
DRAWN = ".plot[data-drawn=true]"
#: Decodes a picture in the page itself: no imaging library is needed.
COUNT_INK = """async (picture) => {
    const image = new Image();
    image.src = "data:image/png;base64," + picture;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    const bytes = canvas.getImageData(0, 0, image.width, image.height).data;
    const seen = {};
    for (let i = 0; i < bytes.length; i += 4) {
        const colour = [bytes[i], bytes[i + 1], bytes[i + 2]].join();
        if (colour !== "255,255,255") seen[colour] = (seen[colour] ?? 0) + 1;
    }
    return seen;
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    root = tmp_path_factory.mktemp("browser")
    (root / "reports").mkdir()
    small_site(root / "reports")
    publish(root / "reports", root / "build", root / "_site", publisher="embedded", quarto_yml=QUARTO_YML)
    return root / "_site"


def drawn(visit, **context):
    page = visit.open(PAGE, **context)
    page.locator(".plot").scroll_into_view_if_needed()
    page.wait_for_selector(DRAWN, timeout=20_000)
    return page


@pytest.mark.parametrize("from_disk", [False, True])
def test_figure_is_drawn_from_the_site_alone(site, browser, from_disk):
    with visiting(site, browser, from_disk=from_disk) as visit:
        page = drawn(visit)
        picture = base64.b64encode(page.locator(".plot").screenshot()).decode()
        ink = page.evaluate(COUNT_INK, picture)
        assert ink.get("8,81,156", 0) > 10_000 and ink.get("107,174,214", 0) > 10_000
        assert page.evaluate("document.fonts.check('1em \"Titillium Web\"')")
        assert visit.foreign == [] and visit.errors == []


def test_plotly_is_not_fetched_for_pages_without_figures(site, browser):
    with visiting(site, browser) as visit:
        page = visit.open("index.html")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("typeof window.Plotly") == "undefined"
        assert visit.foreign == [] and visit.errors == []


def test_click_on_an_area_opens_its_page(site, browser):
    with visiting(site, browser) as visit:
        page = drawn(visit)
        box = page.locator(".plot").bounding_box()
        page.mouse.move(box["x"] + 40, box["y"] + 100)
        page.mouse.move(box["x"] + 45, box["y"] + 105)
        page.wait_for_selector(".plot.is-link")
        page.mouse.click(box["x"] + 45, box["y"] + 105)
        page.wait_for_url(visit.root + "index.html")


def test_without_plotly_the_table_opens(site, browser):
    with visiting(site, browser) as visit:
        page = visit.open("index.html")
        page.context.route("**/plotly-*.js", lambda route: route.abort())
        page.goto(visit.root + PAGE)
        page.wait_for_selector(".plot[data-drawn=false]", state="attached")
        assert page.locator("details.figure-data table").is_visible()


def test_without_javascript_the_table_is_there(site, browser):
    with visiting(site, browser) as visit:
        page = visit.open(PAGE, java_script_enabled=False)
        # No place is kept for what is not drawn.
        assert page.locator(".plot").bounding_box()["height"] == 0
        page.locator("details.figure-data summary").click()
        assert page.locator("details.figure-data table").is_visible()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_sticks_out(site, browser, width):
    with visiting(site, browser) as visit:
        page = drawn(visit, viewport={"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.querySelector('.plot .main-svg').getBoundingClientRect().right") <= width


def test_on_paper_tables_are_open_and_figures_fit(site, browser):
    with visiting(site, browser) as visit:
        page = drawn(visit)
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate("document.querySelector('details.figure-data').open")
        assert page.evaluate("document.querySelector('.plot').layout.width") < 680
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert not page.evaluate("document.querySelector('details.figure-data').open")


def test_first_stop_of_the_keyboard_skips_the_navigation(site, browser):
    with visiting(site, browser) as visit:
        page = visit.open(PAGE)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Vai al contenuto"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")
