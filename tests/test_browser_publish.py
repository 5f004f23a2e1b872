"""The published figures, looked at in a real browser."""

from __future__ import annotations

import base64

import pytest
from browser import until, visiting
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


@pytest.fixture(scope="module")
def at_site(site, browser):
    with visiting(site, browser) as found:
        yield found


def drawn(visit, **context):
    page = visit.turn_to(PAGE, **context)
    page.locator(".plot").focus()
    page.wait_for_selector(DRAWN, timeout=20_000)
    return page


def ink(page):
    """Pixels of the figure by colour."""
    return page.evaluate(COUNT_INK, base64.b64encode(page.locator(".plot").screenshot()).decode())


@pytest.mark.parametrize("from_disk", [False, True])
def test_figure_is_drawn_from_the_site_alone(site, browser, from_disk):
    with visiting(site, browser, from_disk=from_disk) as visit:
        page = drawn(visit)
        seen = ink(page)
        assert seen.get("8,81,156", 0) > 10_000 and seen.get("107,174,214", 0) > 10_000
        assert page.evaluate("document.fonts.check('1em \"Titillium Web\"')")
        assert visit.foreign == [] and visit.errors == []


def test_plotly_is_fetched_when_a_reader_asks_and_nothing_moves(visit):
    page = visit.turn_to(PAGE)
    page.locator(".plot").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("typeof window.Plotly") == "undefined"
    added = ".plot *, .figure-reading, .figure-reading *, .anchorjs-link"
    boxes = f"[...document.querySelectorAll('main *:not({added})')].map((e) => e.offsetTop)"
    before, seen = page.evaluate(boxes), ink(page)
    page.locator(".plot").hover()
    page.wait_for_selector(DRAWN, timeout=20_000)
    assert page.evaluate(boxes) == before
    page.mouse.move(0, 0)
    page.wait_for_timeout(200)
    alike = ink(page)
    for colour in ("8,81,156", "107,174,214"):
        assert abs(alike[colour] - seen[colour]) < 0.02 * seen[colour]


def test_a_key_pressed_before_the_chart_is_there_counts(visit):
    page = visit.turn_to(PAGE)
    page.locator(".plot").focus()
    page.keyboard.press("End")
    page.wait_for_selector(DRAWN, timeout=20_000)
    until(page, "document.querySelector('.figure-reading').textContent.startsWith(\"Un'area (2 di 2)\")")


def test_click_on_an_area_opens_its_page(visit):
    page = drawn(visit)
    box = page.locator(".plot").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 100)
    page.mouse.move(box["x"] + 45, box["y"] + 105)
    page.wait_for_selector(".plot.is-link")
    page.mouse.click(box["x"] + 45, box["y"] + 105)
    page.wait_for_url(visit.root + "index.html")


def test_without_plotly_the_drawing_stays(site, browser):
    with visiting(site, browser) as visit:
        page = visit.open("index.html")
        page.context.route("**/plotly-*.js", lambda route: route.abort())
        page.goto(visit.root + PAGE)
        page.locator(".plot").focus()
        page.wait_for_selector(".plot[data-drawn=false]", state="attached")
        assert ink(page).get("8,81,156", 0) > 10_000


@pytest.mark.parametrize("width", [390, 1280])
def test_without_javascript_figure_and_table_are_there(visit, width):
    page = visit.turn_to(PAGE, java_script_enabled=False, viewport={"width": width, "height": 800})
    assert page.locator(".drawing:visible").count() == 1
    picture = base64.b64encode(page.locator(".plot").screenshot()).decode()
    looker = visit.turn_to("index.html")
    assert looker.evaluate(COUNT_INK, picture).get("8,81,156", 0) > 5_000
    assert not page.locator(".downloads button").first.is_visible()
    page.locator("details.figure-data summary").click()
    assert page.locator("details.figure-data table").is_visible()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_sticks_out(visit, width):
    page = drawn(visit, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('.plot .main-svg').getBoundingClientRect().right") <= width


@pytest.mark.parametrize("asked", [False, True])
def test_on_paper_tables_are_open_and_the_drawings_are_printed(visit, asked):
    page = drawn(visit, color_scheme="dark") if asked else visit.turn_to(PAGE, color_scheme="dark")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("document.querySelector('details.figure-data').open")
    assert page.locator(".drawing.wide").is_visible() and not page.locator(".drawing.narrow").is_visible()
    assert page.locator(".plot .plot-container:visible").count() == 0
    assert ink(page).get("8,81,156", 0) > 10_000
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not page.evaluate("document.querySelector('details.figure-data').open")


def test_first_stop_of_the_keyboard_skips_the_navigation(visit):
    page = visit.turn_to(PAGE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Vai al contenuto"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
