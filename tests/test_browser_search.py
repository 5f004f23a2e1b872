"""The search finds what readers mean, says so to every ear, and leads to the comune's district and its row."""

from __future__ import annotations

import gzip
import json

import pytest
from browser import Gzipped, until, visiting

from helpers.data import raw

pytestmark = [pytest.mark.site, pytest.mark.browser]

#: What is typed, and what comes first: a comune, or a page and the place in it.
FIRST = {
    "viu": "Viù",
    "AGLIE'": "Agliè",
    "nichellino": "Nichelino",
    "san mauro": "San Mauro Torinese",
    "sanmauro": "San Mauro Torinese",
    "torino": "Torino",
    "Venaria": "Venaria Reale",
    "venria reale": "Venaria Reale",
    "Valmala": "Busca",
    "moransengo tonengo": "Tonengo",
    "castelnuovo don bosko": "Castelnuovo Don Bosco",
    "anziani": "indicatori.html",
    "Patto": "laboratorio/index.html",
    "Como": "will/citta.html#como",
    "Ravenna": "will/citta.html#ravenna",
    "bando": "misure/index.html",
    "quanto spende": "risorse.html",
    "soldi": "risorse.html",
    "stranieri": "indicatori.html",
    "reddito": "indicatori.html",
    "reddito di cittadinanza": "equita.html",
    "aree interne": "indicatori.html",
    "indice di vecchiaia": "indicatori.html#indice-di-vecchiaia",
    "Misura 1": "misure/misura-1.html",
    "misura 2": "misure/misura-2.html",
    "terzo settore": "misure/misura-2.html",
    "welfare aziendale": "misure/welfare-aziendale.html",
    "capofila": "misure/misura-1.html",
    "distretto della coesione sociale": "misure/misura-1.html",
    "delibera": "strategia.html",
    "protocollo": "strategia.html",
    "valutazione": "valutazione.html",
    "gini": "equita.html",
    "simulatore": "simulatore.html",
    "WILL": "will/index.html",
    "buone pratiche": "laboratorio/buone-pratiche.html",
    "laboratorio": "laboratorio/index.html",
    "open data": "dati.html",
    "confini": "confini.html",
    "densità": "indicatori.html#densità-di-popolazione",
    "privacy": "privacy.html",
    "contatti": "chi-siamo.html",
    "correzioni": "chi-siamo.html",
    "Carpediem": "laboratorio/buone-pratiche.html#gp-03",
    "lettore di schermo": "accessibilita.html",
    "S027": "metodo.html#S027",
    "novità": "cambiamenti.html",
}
IN_ENGLISH = {
    "pact": "laboratorio/index.html",
    "how much spent": "risorse.html",
    "older people": "indicatori.html",
    "AGLIE'": "Agliè",
}
ASK = """async ([root, queries]) => {
    const places = await (await fetch("data/places.json")).json();
    const pages = Wecare.prepareSearch(await (await fetch(`${root}search.json`)).json());
    return queries.map((query) => {
        const [first] = Wecare.find({ places, pages }, query, "site");
        if (!first) return "";
        if (first.places) return first.places[0].name;
        return first.href + (first.sections[0].id ? `#${first.sections[0].id}` : "");
    });
}"""
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def ready(page):
    page.locator("#search-field").focus()
    until(page, "!!window.Wecare?.find")


@pytest.mark.parametrize(("root", "wanted"), [("", FIRST), ("en/", IN_ENGLISH)])
def test_what_is_meant_comes_first(visit, root, wanted):
    page = visit.turn_to("index.html")
    ready(page)
    found = dict(zip(wanted, page.evaluate(ASK, [root, list(wanted)]), strict=True))
    # Where a page alone is wanted, the place in it does not matter.
    wrong = {asked: got for asked, got in found.items() if wanted[asked] not in (got, got.partition("#")[0])}
    assert wrong == {}


def test_every_comune_is_found_first_by_its_name_and_with_a_slip(visit):
    names = raw.load("comuni")["name"].tolist()
    asked = [*names, *(name.upper().replace("'", "").replace("-", " ") for name in names)]
    page = visit.turn_to("index.html")
    ready(page)
    found = page.evaluate(
        """async (asked) => {
            const places = await (await fetch("data/places.json")).json();
            return asked.map((name) => Wecare.findPlaces(places, name)[0]?.name);
        }""",
        asked,
    )
    assert {
        name: got for name, got in zip(asked, found, strict=True) if got != names[asked.index(name) % len(names)]
    } == {}


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
def test_from_home_a_comune_leads_to_its_row_without_scrolling(visit, screen):
    page = visit.turn_to("index.html", **screen)
    field = page.get_by_role("combobox", name="Cerca il tuo comune")
    assert field.bounding_box()["y"] + 40 < page.viewport_size["height"]
    field.fill("venaria")
    page.get_by_role("option", name="Venaria Reale").wait_for()
    field.press("Enter")
    page.wait_for_url("**/distretti/pianezza-venaria.html?comune=venaria-reale")
    said = page.locator(".in-district")
    said.wait_for()
    assert said.inner_text().startswith("Venaria Reale è nel distretto di")
    row = page.locator("tr[aria-current]")
    assert row.locator("th").inner_text() == "Venaria Reale" and row.is_visible()
    assert page.locator("use.outlined").count() == 1
    page.locator(".languages a").focus()
    assert page.locator(".languages a").get_attribute("href").endswith("pianezza-venaria.html?comune=venaria-reale")


def test_the_field_is_a_combobox_that_keeps_the_focus(visit):
    page = visit.turn_to("distretti/asti.html")
    field = page.locator("#search-field")
    told = lambda name: field.get_attribute(name)  # noqa: E731
    assert told("role") == "combobox" and told("aria-expanded") == "false"
    field.fill("san mauro")
    page.locator("#search-list a").first.wait_for()
    assert told("aria-expanded") == "true" and told("aria-activedescendant") is None
    assert page.locator("#search-list + [role=status]").inner_text().endswith("risultati")
    field.press("ArrowDown")
    active = page.locator(f"#{told('aria-activedescendant')}")
    assert active.get_attribute("role") == "option" and active.get_attribute("aria-selected") == "true"
    field.press("ArrowUp")
    assert page.locator("#search-list [aria-selected=true]").count() == 1
    field.press("Escape")
    assert told("aria-expanded") == "false" and field.input_value() == "san mauro"
    assert page.evaluate("document.activeElement.id") == "search-field"
    field.fill("qqqqqqqq")
    page.locator("#search-list .finder-none").wait_for()
    assert page.locator("#search-list + [role=status]").inner_text() == "Nessun risultato"


def test_without_scripts_the_form_leads_to_the_districts(visit):
    page = visit.turn_to("en/index.html", java_script_enabled=False)
    page.get_by_role("combobox", name="Find your comune").fill("Bra")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/distretti/index.html?q=Bra")


def test_the_page_of_what_is_not_found_works_at_any_depth(built, browser):
    class Answering(Gzipped):
        def do_GET(self):
            if not (built.site / self.path.partition("?")[0].lstrip("/")).exists():
                self.path = "/404.html"
            super().do_GET()

    with visiting(built.site, browser, handler=Answering) as visit:
        page = visit.open("distretti/una/pagina/che-non-c-è.html")
        assert page.get_by_role("heading", level=1).inner_text() == "Pagina non trovata"
        page.locator("#find-en-field").fill("pact")
        page.locator("#find-en-list a").first.click()
        page.wait_for_url("**/en/laboratorio/index.html*")
        assert visit.errors == []


def test_names_of_places_are_few_bytes(built):
    assert len(gzip.compress((built.site / "data/places.json").read_bytes())) <= 20_000
    assert {name for name, _ in json.loads((built.site / "data/places.json").read_text())["comuni"]} == set(
        raw.load("comuni")["name"]
    )
