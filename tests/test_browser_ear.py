"""What a screen reader says of the site, and what stays of it in a reader's own colours and letters."""

import io
import re

import numpy as np
import pytest
from browser import until
from PIL import Image

pytestmark = [pytest.mark.site, pytest.mark.browser]

DISTRICT = "distretti/vercelli.html"


@pytest.fixture
def district(visit):
    return visit.turn_to(DISTRICT)


@pytest.mark.parametrize(("lang", "names"), [("", {"Menu principale", "Lingua"}), ("en/", {"Main menu", "Language"})])
def test_every_navigation_has_a_name_and_headings_are_called_as_they_read(visit, lang, names):
    page = visit.turn_to(lang + DISTRICT)
    spoken = page.locator("body").aria_snapshot()
    found = re.findall(r'^ *- navigation(?: "([^"]*)")?', spoken, re.MULTILINE)
    assert names <= {*found} and "" not in found
    headings = re.findall(r'^ *- heading "([^"]*)"', spoken, re.MULTILINE)
    assert len(headings) > 10 and {"Come cambia", "How it changes"} & {*headings}
    written = {" ".join(text.split()) for text in page.locator(":is(h1, h2, h3, h4)").all_text_contents()}
    assert {*headings} <= written and not [h for h in headings if "#" in h or "sezione" in h]


def test_a_menu_is_a_button_that_the_space_bar_presses(district):
    menu = district.get_by_role("button", name="Distretti", exact=True)
    menu.focus()
    district.keyboard.press("Space")
    until(district, "document.activeElement.getAttribute('aria-expanded') === 'true'")
    assert 'button "Distretti" [expanded]' in district.locator("#quarto-header").aria_snapshot()
    district.keyboard.press("Escape")


def test_a_table_and_the_box_it_scrolls_in_are_called_by_their_caption(district):
    figure = district.locator(".table-wecare").first
    caption = " ".join(figure.locator("figcaption").inner_text().split())
    spoken = figure.aria_snapshot()
    assert re.search(rf'- \'?group "{re.escape(caption[:20])}', spoken)
    assert re.search(rf'- \'?table "{re.escape(caption[:20])}', spoken)


def test_a_chart_is_entered_and_read_with_the_arrow_keys(district):
    chart = district.locator("#fig-pyramid .plot")
    spoken = chart.aria_snapshot()
    assert 'application "Piramide delle età' in spoken and "frecce" in chart.get_attribute("aria-roledescription")
    chart.focus()
    until(district, "document.activeElement.dataset.drawn === 'true'")
    district.keyboard.press("ArrowRight")
    status = district.locator("#fig-pyramid [role=status]")
    until(district, "document.querySelector('#fig-pyramid [role=status]').textContent.includes('(1 di ')")
    assert status.inner_text().strip() and 'application "Piramide' in chart.aria_snapshot()
    # What plotly.js draws says nothing twice.
    assert chart.locator(".plot-container").get_attribute("aria-hidden") == "true"


def test_colours_of_the_readers_own_leave_legends_sliders_and_bars(visit):
    page = visit.turn_to("esplora.html", forced_colors="active")
    page.wait_for_selector(".app.is-live .ranking .bar i")
    grounds = "all => new Set(all.map((one) => getComputedStyle(one).backgroundColor)).size"
    assert page.eval_on_selector_all(".legend i.swatch", grounds) >= 4
    assert page.eval_on_selector_all(".ranking .bar i", grounds) >= 4
    page = visit.turn_to("simulatore.html", forced_colors="active")
    page.wait_for_selector(".app.is-live")
    slider = np.asarray(Image.open(io.BytesIO(page.locator(".weights input").first.screenshot())).convert("RGB"))
    drawn = (slider != slider[0, 0]).any(axis=(0, 2))
    assert drawn.mean() > 0.9  # the whole track, not the thumb alone
    pressed = page.locator('[aria-pressed="true"]').first
    assert pressed.evaluate("one => getComputedStyle(one).outlineWidth") == "3px"


def test_letters_twice_as_large_fold_the_bar(visit):
    page = visit.open("index.html", viewport={"width": 1280, "height": 900})
    assert page.locator(".navbar-toggler").is_hidden()
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    page.locator(".navbar-toggler").wait_for(state="visible")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("#navbarCollapse").is_hidden()
    page.locator(".navbar-toggler").click()
    page.locator("#navbarCollapse").wait_for(state="visible")


def test_paper_loses_no_column(visit):
    page = visit.turn_to("esplora.html")
    page.emulate_media(media="print")
    assert page.eval_on_selector("#tbl-values .table-scroll", "box => getComputedStyle(box).maskImage") == "none"
    until(page, "document.querySelector('#tbl-values .table-scroll').scrollWidth > 0")


def test_alternatives_say_what_the_eye_sees(visit):
    page = visit.turn_to("come-cambia.html")
    names = page.eval_on_selector_all(".plot", "all => all.map((one) => one.getAttribute('aria-label'))")
    (scatter,) = [name for name in names if name.startswith("Un punto per distretto")]
    assert re.search(
        r"Più anziani e con redditi più bassi .*Correlazione fra i posti −?[01],\d\d.* i più lontani dagli altri",
        scatter,
    )
    page = visit.turn_to("index.html")
    names = page.eval_on_selector_all(".plot", "all => all.map((one) => one.getAttribute('aria-label'))")
    assert any(re.search(r"I valori più alti sono (in prevalenza a|in parti diverse)", name) for name in names)
    page = visit.turn_to("will/confronto.html")
    (line,) = page.eval_on_selector_all(".plot", "all => all.map((one) => one.getAttribute('aria-label'))")
    assert line.count(";") >= 10 and "22 maggio 2017" in line
