"""The real site in a real browser: maps are drawn, pixels and all, from this host alone."""

import base64
import re

import pytest
from test_browser_publish import COUNT_INK

from helpers.analysis.classes import indicator_bounds
from helpers.data import processed
from helpers.figures import maps, theme

pytestmark = [pytest.mark.browser, pytest.mark.site]


def colours(page, figure):
    plot = page.locator(f"#fig-{figure} .plot")
    plot.focus()
    page.wait_for_selector(f"#fig-{figure} .plot[data-drawn=true]", timeout=30_000)
    picture = base64.b64encode(plot.screenshot()).decode()
    return page.evaluate(COUNT_INK, picture)


def rgb(colour):
    return ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))


def test_the_map_of_the_region_is_drawn_with_every_status(visit):
    page = visit.turn_to("index.html")
    ink = colours(page, "projects-map")
    for colour in (theme.STATUS_COLOURS["sourced"], theme.STATUS_COLOURS["derived"], theme.MISSING):
        assert ink.get(rgb(colour), 0) > 500, colour


@pytest.mark.parametrize(("slug", "code"), [("pinerolo", "D07"), ("cuneo", "D12"), ("settimo-torinese", "D29")])
def test_the_map_of_a_district_shows_the_colours_of_its_comuni(built, visit, slug, code):
    comuni = processed.load("comuni", built.root / "data/processed")
    classes = maps.Classes(tuple(indicator_bounds(comuni, "share_65_plus")), 3, theme.SEQUENTIAL, ())
    own = comuni[comuni["distretto_id"] == code]
    expected = {classes.colours[i] for i in classes.index(own["share_65_plus"])}
    page = visit.turn_to(f"distretti/{slug}.html")
    ink = colours(page, "map")
    for colour in expected:
        assert ink.get(rgb(colour), 0) > 300, colour
    assert ink.get(rgb(theme.CONTEXT), 0) > 300
    for figure in ("pyramid", "change-income"):
        assert ink if colours(page, figure) else pytest.fail(figure)


def test_hovering_a_comune_names_it(visit):
    page = visit.turn_to("distretti/cuneo.html")
    colours(page, "map")
    box = page.locator("#fig-map .plot").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.4)
    page.wait_for_selector("#fig-map .hoverlayer .hovertext", timeout=10_000)
    assert "Residenti" in page.locator("#fig-map .hoverlayer").text_content()


def test_clicking_a_district_on_the_map_opens_its_page(visit):
    page = visit.turn_to("distretti/index.html")
    colours(page, "old-age-map")
    box = page.locator("#fig-old-age-map .plot").bounding_box()
    # The largest district of the south-west, well inside the map.
    page.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + box["height"] * 0.72)
    page.wait_for_selector("#fig-old-age-map .hoverlayer .hovertext", timeout=10_000)
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url(re.compile(r"/distretti/(?!index)[a-z-]+\.html"), timeout=10_000)
    assert page.locator("h1").inner_text().startswith("Distretto")


@pytest.mark.parametrize(
    "address", ["index.html", "distretti/cuneo.html", "metodo.html", "strategia.html", "indicatori.html", "dati.html"]
)
def test_nothing_sticks_out_on_a_phone(visit, address):
    page = visit.turn_to(address, viewport={"width": 360, "height": 740})
    for width in (360, 320):
        page.set_viewport_size({"width": width, "height": 740})
        page.wait_for_timeout(150)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("root", ["", "en/"])
def test_a_card_to_embed_and_every_figure_have_an_address_to_copy(visit, root):
    page = visit.turn_to(f"{root}distretti/cuneo.html")
    assert f'src="{visit.root}{root}embed/cuneo.html"' in page.locator("pre.embed-code").text_content()
    figures = page.locator("figure:is(.figure-wecare, .table-wecare)[id]")
    ids = figures.evaluate_all("all => all.map((one) => one.id)")
    links = figures.locator("figcaption a.nth").evaluate_all("all => all.map((one) => one.hash.slice(1))")
    assert len(ids) > 4 and links == ids
    page.locator("figcaption a.nth").first.click()
    assert page.url.endswith(f"#{ids[0]}")


def test_a_district_begins_with_its_place_beside_its_numbers(visit):
    page = visit.turn_to("distretti/cuneo.html", viewport={"width": 1280, "height": 900})
    place, keys = page.locator(".opening > .locator"), page.locator(".opening > .numbers")
    at, beside = place.bounding_box(), keys.bounding_box()
    assert at["x"] + at["width"] <= beside["x"] and at["width"] > 120
    assert place.evaluate("(box) => getComputedStyle(box).opacity") == "1"
    # Where the project is told, the first screen has not ended.
    assert page.locator(".facts").first.bounding_box()["y"] < 900
