"""The two interactive pages in a real browser: what a reader does, with mouse, keyboard, phone or without scripts."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from audit import SETTLE
from browser import Visit, until
from readers import rows_of

from helpers.analysis.classes import class_of, class_texts
from helpers.analysis.indicators import find_present
from helpers.pages.explorer.page import Explorer

pytestmark = [pytest.mark.browser, pytest.mark.site]

PAGES = ["simulatore.html", "esplora.html", "en/simulatore.html", "en/esplora.html"]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LIVE = ".app.is-live"


@pytest.fixture
def opened(visit):
    """Opens a page with its script running."""

    def open_(address, **context):
        page = visit.turn_to(address, **context)
        page.wait_for_selector(LIVE)
        return page

    return open_


def fills(page):
    return page.eval_on_selector_all(".outlines path[data-i]", "all => all.map(a => a.getAttribute('fill'))")


def amounts(page):
    texts = page.locator('#tbl-whatif td[data-column="amount"]').all_inner_texts()
    return [int(re.sub(r"\D", "", text)) for text in texts]


def query(page):
    return {key: value[0] for key, value in parse_qs(urlsplit(page.url).query).items()}


def settled(page, expected):
    until(
        page,
        "wanted => Object.entries(wanted).every(([k, v]) => new URLSearchParams(location.search).get(k) === v)",
        arg=expected,
    )


def downloaded(page):
    with page.expect_download() as download:
        page.click('[data-action="csv"]')
    return rows_of(download.value.path())


# ---- both


#: The pages as they open are looked at with all others (test_browser_accessibility.py); here with districts marked.
LOOKED = [("esplora.html", {}), ("en/esplora.html", PHONE)]
OTHERS = [(address, context) for context in ({}, PHONE) for address in PAGES if (address, context) not in LOOKED]


@pytest.mark.parametrize(
    ("address", "context"), LOOKED + [pytest.param(*other, marks=pytest.mark.audit) for other in OTHERS]
)
def test_axe_finds_nothing(opened, address, context):
    from axe_playwright_python.sync_playwright import Axe

    page = opened(address, **context)
    if "esplora" in address:
        for box in page.locator(".ranking input").all()[:3]:
            box.check()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("address", PAGES)
def test_nothing_sticks_out(opened, address):
    page = opened(address, viewport={"width": 320, "height": 800})
    for width in (320, 390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(SETTLE)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("address", PAGES)
def test_the_script_says_what_the_page_said_without_it(opened, visit, address):
    before = visit.turn_to(address, java_script_enabled=False)
    assert before.locator(".needs-script").is_visible()
    assert not before.locator(".app fieldset").first.is_visible()
    after = opened(address)
    assert not after.locator(".needs-script").count()
    for what in ('[data-role="summary"]', ".legend", "#tbl-whatif tbody"):
        if before.locator(what).count():
            assert after.locator(what).inner_text() == before.locator(what).inner_text(), what
    drawn = "all => all.map(a => a.getAttribute('fill'))"
    first = [a.get_attribute("fill") for a in before.locator(".outlines path[data-i]").all()]
    assert after.eval_on_selector_all(".outlines path[data-i]", drawn) == first
    assert before.locator(".outlines").get_attribute("aria-label") == after.locator(".outlines").get_attribute(
        "aria-label"
    )


def test_scripts_are_loaded_only_where_they_are_needed(visit):
    page = visit.turn_to("metodo.html")
    page.wait_for_load_state("networkidle")
    # The scripts of all pages offer others a way in; those of interactive pages add to it.
    assert page.evaluate("Object.keys(window.Wecare).sort()") == ["load"]
    page = visit.turn_to("simulatore.html")
    page.wait_for_selector(LIVE)
    assert page.evaluate("typeof window.Plotly") == "undefined"


@pytest.mark.parametrize("address", ["simulatore.html", "esplora.html"])
def test_they_work_from_a_downloaded_copy(built, visit, address):
    disk = Visit(visit.browser, built.site.resolve().as_uri() + "/")
    disk.open(address).wait_for_selector(LIVE)
    assert disk.errors == []


@pytest.mark.parametrize(
    "address", ["simulatore.html?w=9999-x", "simulatore.html?w=none-2", "esplora.html?i=%3Cb%3E&k=99&d=x,,y"]
)
def test_an_address_that_makes_no_sense_gives_the_first_view(opened, address):
    page = opened(address)
    seen = fills(page), page.locator('[data-role="summary"]').inner_text()
    plain = opened(address.split("?")[0])
    assert seen == (fills(plain), plain.locator('[data-role="summary"]').inner_text())


def test_link_and_citation_are_copied(opened):
    page = opened("esplora.html?i=density", permissions=["clipboard-read", "clipboard-write"])
    page.click('[data-action="link"]')
    until(page, "document.querySelector('[data-action=link]').textContent === 'Copiato.'")
    assert "i=density" in page.evaluate("navigator.clipboard.readText()")
    page.click('[data-action="cite"]')
    until(page, "document.querySelector('[data-action=cite]').textContent === 'Copiato.'")
    cited = page.evaluate("navigator.clipboard.readText()")
    assert cited.startswith("Osservatorio WE.CA.RE., «Esplora i distretti», edizione ") and "i=density" in cited


# ---- the simulator


def test_weights_move_amounts_map_table_and_words(opened):
    page = opened("simulatore.html")
    before, said = fills(page), page.locator('[data-role="summary"]').inner_text()
    assert sum(amounts(page)) == 6_400_000
    page.locator("#weight-equal").fill("100")
    assert fills(page) != before and page.locator('[data-role="summary"]').inner_text() != said
    assert sum(amounts(page)) == 6_400_000
    settled(page, {"w": "residents-40.aged_80-20.small-20.area-20.equal-100"})
    assert page.locator('[data-scenario][aria-pressed="true"]').count() == 0
    until(page, "document.querySelector('[data-role=live]').textContent.includes('distretti')")


def test_a_scenario_is_chosen_and_the_address_keeps_it(opened):
    page = opened("simulatore.html")
    page.get_by_role("button", name="Parti uguali").click()
    assert set(amounts(page)) == {213_333, 213_334}
    settled(page, {"w": "equal-100"})
    # The same view in English: the link to the other edition took the weights along.
    page.click(".languages a[hreflang]")
    page.wait_for_selector(LIVE)
    assert set(amounts(page)) == {213_333, 213_334}
    assert page.get_by_role("button", name="Equal parts").get_attribute("aria-pressed") == "true"


def test_back_undoes_a_choice_and_the_other_language_keeps_what_is_shown(opened):
    page = opened("simulatore.html")
    first = amounts(page)
    page.get_by_role("button", name="Parti uguali").click()
    settled(page, {"w": "equal-100"})
    page.go_back()
    until(page, "!location.search")
    assert amounts(page) == first
    page.go_forward()
    until(page, "location.search === '?w=equal-100'")
    assert set(amounts(page)) == {213_333, 213_334}
    page = opened("esplora.html")
    page.select_option('[data-control="y"]', "density")
    settled(page, {"y": "density"})
    live = page.locator('[data-role="live"]')
    until(page, "document.querySelector('[data-role=live]').textContent.startsWith('Densità')")
    assert "Correlazione fra i posti" in live.text_content()
    assert live.text_content().split(": ", 1)[1] in page.locator(".scatter svg").get_attribute("aria-label")
    page.go_back()
    until(page, "!location.search")
    assert page.locator('[data-control="y"]').input_value() != "density"
    page.go_forward()
    page.evaluate("location.hash = 'fig-explorer-map'")
    page.click(".languages a[hreflang]")
    page.wait_for_selector(LIVE)
    assert page.locator('[data-control="y"]').input_value() == "density" and page.url.endswith("#fig-explorer-map")


def test_the_simulator_speaks_once_for_each_pause(opened):
    page = opened("simulatore.html")
    page.evaluate("""() => {
        window.said = 0;
        const live = [...document.querySelectorAll('[role=status], [role=alert], [aria-live]')];
        for (const one of live) new MutationObserver((all) => { window.said += all.length; })
            .observe(one, { childList: true, characterData: true, subtree: true });
    }""")
    page.locator("#weight-area").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    until(page, "window.said > 0")
    page.wait_for_timeout(800)
    assert page.evaluate("window.said") == 1


def test_without_any_weight_it_says_so(opened):
    page = opened("simulatore.html?w=residents-0")
    assert "Nessun criterio ha un peso" in page.locator('[data-role="summary"]').inner_text()
    assert set(page.locator('#tbl-whatif td[data-column="amount"]').all_inner_texts()) == {"non calcolabile"}
    assert set(fills(page)) == {"#C9CDD2"}
    page.get_by_role("button", name="Torna allo scenario iniziale").click()
    assert sum(amounts(page)) == 6_400_000


def test_the_keyboard_moves_a_weight_and_keeps_its_place(opened):
    page = opened("simulatore.html")
    page.locator("#weight-area").focus()
    page.keyboard.press("ArrowRight")
    settled(page, {"w": "residents-40.aged_80-20.small-20.area-21"})
    assert page.evaluate("document.activeElement.id") == "weight-area"
    assert page.locator("#weight-area").get_attribute("aria-valuetext") == "21 (21%)"


def test_columns_sort_the_rows(opened):
    page = opened("simulatore.html")
    page.locator("#tbl-whatif thead").get_by_role("button", name="Con i pesi scelti").click()
    assert amounts(page) == sorted(amounts(page), reverse=True)
    page.locator("#tbl-whatif thead").get_by_role("button", name="Con i pesi scelti").click()
    assert amounts(page) == sorted(amounts(page))
    head = page.locator("#tbl-whatif th[aria-sort]")
    assert head.count() == 1 and head.get_attribute("aria-sort") == "ascending"


def test_what_is_shown_is_downloaded(opened):
    page = opened("simulatore.html?w=aged_80-100")
    rows = downloaded(page)
    assert len(rows) == 30 and {row["weights"] for row in rows} == {"aged_80-100"}
    assert sum(int(row["amount_eur"]) for row in rows) == 6_400_000
    assert sorted(int(row["amount_eur"]) for row in rows) == sorted(amounts(page))


# ---- the explorer


def test_an_indicator_changes_everything_and_the_address_keeps_it(opened):
    page = opened("esplora.html")
    before = fills(page)
    page.select_option('[data-control="i"]', "density")
    assert "Torino" in page.locator(".ranking li").first.inner_text()
    assert (
        page.locator('[data-role="summary"]')
        .inner_text()
        .startswith("Densità di popolazione: il valore più alto, 6.525")
    )
    assert fills(page) != before
    assert "scala logaritmica" in page.locator(".scatter svg").text_content()
    page.select_option('[data-control="c"]', "equal")
    assert "(28)" in page.locator(".legend").inner_text()
    settled(page, {"i": "density", "c": "equal"})
    until(page, "document.querySelector('[data-role=live]').textContent.includes('5 classi')")
    seen = fills(page)
    assert seen != before
    again = opened(page.url.removeprefix(page.url.split("esplora")[0]))
    assert fills(again) == seen
    assert again.locator('[data-control="c"]').input_value() == "equal"


@pytest.mark.parametrize("k", ["4", "5", "6"])
def test_the_legend_counts_every_district(opened, k):
    page = opened(f"esplora.html?k={k}&c=natural")
    counts = [int(n) for n in re.findall(r"\((\d+)\)", page.locator(".legend").inner_text())]
    assert len(counts) == int(k) and sum(counts) == 30
    assert len(set(fills(page))) == int(k)


@pytest.mark.parametrize(("lang", "address"), [("it", "esplora.html"), ("en", "en/esplora.html")])
def test_the_legend_says_of_every_class_what_the_site_says_of_it_elsewhere(opened, lang, address):
    page, explorer = opened(address), Explorer(lang)
    for indicator in find_present(explorer.districts):
        page.select_option('[data-control="i"]', indicator.id)
        bounds, values = explorer.bounds(indicator.id, "quantiles", 5), explorer.districts[indicator.id]
        classes = class_of(values, bounds, indicator.precision)
        texts = class_texts(bounds, indicator.precision, explorer.show(indicator.id), explorer.class_words)
        told = page.locator('[data-role="legend"] span').all_inner_texts()
        assert told == [f"{text} ({classes.count(n)})" for n, text in enumerate(texts)], indicator.id


def test_pointing_at_a_district_marks_it_everywhere(opened):
    page = opened("esplora.html")
    page.locator(".ranking li", has_text="Cuneo").hover()
    index = page.locator(".ranking li", has_text="Cuneo").get_attribute("data-i")
    assert page.locator(f'.outlines path.is-on[data-i="{index}"]').count() == 1
    assert page.locator(f'.scatter .is-on[data-i="{index}"] text').inner_html() == "Cuneo"
    assert page.locator(".readout b").inner_text() == "Cuneo"
    page.locator(".scatter .dot .point").first.hover(force=True)
    marked = page.locator(".scatter .dot.is-on").get_attribute("data-i")
    assert page.locator(f'.ranking li.is-on[data-i="{marked}"]').count() == 1


def test_the_keyboard_marks_and_selects(opened):
    page = opened("esplora.html")
    page.locator(".ranking input").first.focus()
    assert page.locator(".readout b").inner_text() == "Acqui Terme e Ovada"
    page.keyboard.press("Space")
    settled(page, {"d": "acqui-terme-e-ovada"})
    assert page.evaluate("document.activeElement.matches('.ranking input:checked')")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "distretti/acqui-terme-e-ovada.html"


def test_a_click_on_the_map_opens_the_district(opened):
    page = opened("esplora.html")
    slug = page.evaluate("JSON.parse(document.querySelector('.app-data').textContent).districts[11].slug")
    page.locator('.outlines path[data-i="11"]').click()
    page.wait_for_url(re.compile(rf"/distretti/{slug}\.html"))


def test_on_a_phone_the_first_tap_tells_and_the_second_opens(opened):
    page = opened("esplora.html", **PHONE)
    area = page.locator('.outlines path[data-i="11"]')
    area.tap()
    assert "Tocca di nuovo" in page.locator(".readout").inner_text()
    assert page.url.endswith("esplora.html")
    area.tap()
    page.wait_for_url(re.compile(r"/distretti/[a-z-]+\.html"))


def test_districts_stand_side_by_side_up_to_five(opened):
    page = opened("esplora.html?d=cuneo,torino,no-such-place,cuneo")
    heads = page.locator('[data-role="side"] thead a').all_inner_texts()
    assert heads == ["Cuneo", "Torino"]
    row = page.locator(
        '[data-role="side"] tbody tr', has=page.get_by_role("rowheader", name="Indice di vecchiaia", exact=True)
    ).inner_text()
    assert "183,7" in row and "222,3" in row and "219,9" in row
    for name in ("Asti", "Alba", "Bra"):
        page.get_by_label(f"Affianca {name}", exact=True).check()
    page.get_by_label("Affianca Biella", exact=True).click()
    assert not page.get_by_label("Affianca Biella", exact=True).is_checked()
    assert "al massimo 5" in page.locator(".told").inner_text()
    page.get_by_role("button", name="Togli Torino").click()
    settled(page, {"d": "cuneo,asti,alba,bra"})
    page.get_by_role("button", name="Togli tutti i distretti").click()
    until(page, "!new URLSearchParams(location.search).has('d')")
    assert not page.locator('[data-role="side"]').is_visible()


def test_an_address_may_name_a_district_however_it_is_written(opened):
    page = opened("esplora.html?d=MONDOVI'-CEVA,Ciri%C3%A8,Romentino (Ovest Ticino)")
    heads = page.locator('[data-role="side"] thead a').all_inner_texts()
    assert heads == ["Mondovì-Ceva", "Ciriè", "Romentino (Ovest Ticino)"]


def test_the_download_of_the_explorer_holds_what_is_shown(opened):
    page = opened("esplora.html?i=share_65_plus&y=density&v=median&d=cuneo")
    rows = downloaded(page)
    assert len(rows) == 30
    cuneo = next(row for row in rows if row["name"] == "Cuneo")
    assert round(float(cuneo["share_65_plus"]), 3) == 0.242 != float(cuneo["share_65_plus"])
    assert cuneo["side_by_side"] == "true" and cuneo["density"]
    assert "share_65_plus_minus_median" in cuneo


def test_the_scatter_is_drawn_again_when_the_window_changes(opened):
    page = opened("esplora.html")
    page.set_viewport_size({"width": 390, "height": 844})
    until(page, "document.querySelector('.scatter svg').getBoundingClientRect().width < 390")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
