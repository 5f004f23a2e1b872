"""Every kind of page under the rules of axe-core and under the keyboard, in a real browser.

Light colours are looked at on a desktop and dark ones on a phone; ``WECARE_EVERY_PAGE=1`` puts every page of the site
under the rules in all four ways, which takes half an hour.
"""

import os
import re

import pytest
from browser import visiting

pytestmark = [pytest.mark.browser, pytest.mark.site]

#: One page of every kind, three of the thirty districts, and English where the page is made differently.
KINDS = [
    "index.html",
    "accessibilita.html",
    "confini.html",
    "cambiamenti.html",
    "cronologia.html",
    "dati.html",
    "distretti/cuneo.html",
    "distretti/index.html",
    "distretti/romentino-ovest-ticino.html",
    "distretti/torino.html",
    "equita.html",
    "esplora.html",
    "indicatori.html",
    "laboratorio/buone-pratiche.html",
    "laboratorio/index.html",
    "laboratorio/regioni.html",
    "metodo.html",
    "misure/accompagnamento.html",
    "misure/index.html",
    "misure/misura-1.html",
    "privacy.html",
    "risorse.html",
    "simulatore.html",
    "strategia.html",
    "valutazione.html",
    "will/citta.html",
    "will/confronto.html",
    "will/index.html",
    "en/index.html",
    "en/accessibilita.html",
    "en/distretti/cuneo.html",
    "en/simulatore.html",
]
EVERY = bool(os.environ.get("WECARE_EVERY_PAGE"))
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

#: Draws every figure by bringing it near the screen and waiting for it; says which stayed undrawn.
DRAW = """async () => {
    const plots = [...document.querySelectorAll(".plot[data-figure]")];
    const done = (plot) => ["true", "false"].includes(plot.dataset.drawn);
    for (const plot of plots) {
        plot.scrollIntoView({ block: "center" });
        const start = performance.now();
        while (!done(plot) && performance.now() - start < 30000) await new Promise((next) => setTimeout(next, 20));
    }
    scrollTo(0, 0);
    return plots.filter((plot) => !done(plot)).map((plot) => plot.dataset.figure);
}"""

#: Numbers what the Tab key should reach, in the order of the document, and notes what gets the focus and how it looks.
LISTEN = """() => {
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];
    const wanted = all.filter((e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true })
        && !(e.type === "radio" && !e.checked && document.querySelector(`input[name="${e.name}"]:checked`)));
    window.wanted = wanted.map((e) => e.outerHTML.slice(0, 120));
    window.reached = [];
    window.unseen = [];
    document.addEventListener("focusin", ({ target }) => {
        window.reached.push(wanted.indexOf(target));
        const seen = [target, target.closest("label")].some((e) => {
            const style = e && getComputedStyle(e);
            return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        });
        if (!seen) window.unseen.push(target.outerHTML.slice(0, 120));
    });
    return wanted.length;
}"""


@pytest.fixture(scope="module")
def visit(built):
    with visiting(built.site) as visit:
        yield visit


@pytest.fixture
def opened(visit):
    """Opens a page; afterwards nothing may have gone wrong and nothing may have been kept in the browser."""

    def open_(address, **context):
        return visit.open(address, **{"viewport": DESKTOP, **context})

    yield open_
    kept = []
    for context in visit.browser.contexts:
        kept += context.cookies()
        kept += [page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})") for page in context.pages]
        context.close()
    wrong = [*visit.foreign, *visit.errors]
    visit.foreign.clear()
    visit.errors.clear()
    assert wrong == [] and set(kept) <= {"{}"}


def violations(page, where):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page, options=RULES | {"resultTypes": ["violations"]}).response["violations"]
    return [f"{where}: {v['id']} {n['target']} {n['failureSummary']}" for v in found for n in v["nodes"]]


def addresses(site):
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html")) if EVERY else KINDS


def test_the_pages_looked_at_are_of_every_kind(built):
    every = {path.relative_to(built.site).as_posix() for path in built.site.rglob("*.html")}
    # The cards to embed are no pages of the site: tests/test_machines.py looks at them.
    every = {page for page in every if not page.removeprefix("en/").startswith("embed/")}
    kinds = {re.sub(r"^(distretti|misure)/(?!index).*", r"\1", page.removeprefix("en/")) for page in every}
    assert {re.sub(r"^(distretti|misure)/(?!index).*", r"\1", page.removeprefix("en/")) for page in KINDS} == kinds


@pytest.mark.parametrize(
    ("scheme", "viewport"), [("light", DESKTOP), ("dark", PHONE), *([("light", PHONE), ("dark", DESKTOP)] * EVERY)]
)
def test_no_rule_is_broken(built, opened, scheme, viewport):
    found = []
    for address in addresses(built.site):
        page = opened(address, color_scheme=scheme, viewport=viewport)
        assert page.evaluate(DRAW) == [], address
        found += violations(page, f"{address} {scheme} {viewport['width']}")
        page.context.close()
    assert found == []


WALKED = ["index.html", "distretti/cuneo.html", "simulatore.html", "cronologia.html", "accessibilita.html", "dati.html"]


@pytest.mark.parametrize("address", WALKED)
def test_the_tab_key_reaches_everything_in_order_and_is_seen(opened, address):
    page = opened(address)
    page.wait_for_load_state("networkidle")
    wanted = page.evaluate(LISTEN)
    assert wanted > 10
    for _ in range(wanted + 40):
        page.keyboard.press("Tab")
        if page.evaluate("window.reached.at(-1)") == wanted - 1:
            break
    # A box that scrolls can have the focus too; it is among what is wanted when the page says so.
    reached = [number for number in page.evaluate("window.reached") if number >= 0]
    missing = [page.evaluate("(n) => window.wanted[n]", n) for n in range(wanted) if n not in reached]
    assert missing == [] and reached == sorted(reached)
    assert page.evaluate("window.unseen") == []


def test_the_first_stop_leads_past_the_menu_to_the_content(opened):
    page = opened("distretti/cuneo.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('main')")


def test_menus_open_and_close_with_the_keyboard(opened):
    page = opened("en/index.html")
    for menu in page.locator("#quarto-header .dropdown-toggle").all():
        menu.focus()
        page.keyboard.press("Enter")
        assert menu.get_attribute("aria-expanded") == "true"
        page.keyboard.press("ArrowDown")
        assert "dropdown-item" in page.evaluate("document.activeElement.className")
        page.keyboard.press("Escape")
        assert menu.get_attribute("aria-expanded") == "false"
        assert menu.evaluate("menu => menu === document.activeElement")


def test_on_a_phone_the_menu_and_the_contents_open_with_the_keyboard(opened):
    page = opened("distretti/cuneo.html", viewport=PHONE)
    page.focus(".navbar-toggler")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Home").wait_for(state="visible")
    page.focus(".contents > summary")
    page.keyboard.press("Enter")
    link = page.locator(".contents a").first
    link.wait_for(state="visible")
    link.press("Enter")
    assert page.evaluate("location.hash") == link.get_attribute("href")


def test_the_other_edition_is_one_step_away_on_every_page(built, opened):
    page = opened("misure/misura-1.html")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/misure/misura-1.html")
    page.get_by_role("link", name="Italiano").click()
    page.wait_for_url(lambda url: url.endswith("/misure/misura-1.html") and "/en/" not in url)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_without_scripts_every_page_of_the_menu_can_be_reached(opened, viewport):
    context = {"viewport": viewport, "java_script_enabled": False}
    with_scripts = opened("index.html").locator("#navbarCollapse a[href$='.html']").count()
    page = opened("index.html", **context)
    links = page.locator("#navbarCollapse a[href$='.html']")
    assert links.count() == with_scripts > 20 and all(link.is_visible() for link in links.all())
    page.close()


def test_paper_is_white_and_without_menus_in_dark_too(opened):
    page = opened("distretti/cuneo.html", color_scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) != "rgb(255, 255, 255)"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(background) == "rgb(255, 255, 255)"
    for gone in ("#quarto-header", "#TOC", ".contents", ".percorso"):
        assert not page.locator(gone).first.is_visible(), gone
