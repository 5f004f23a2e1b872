"""Pages under the rules of axe-core and under the keyboard, in a real browser; menus and editions by hand.

`make test` looks at one page of each kind in each language, `make audit` at every page.
"""

import socket

import pytest
from audit import DESKTOP, PHONE, every_way, in_turn, is_italian, look, one_of_each_kind, pages_of
from browser import Strict, visiting

from helpers.build.jobs import all_jobs

pytestmark = [pytest.mark.browser, pytest.mark.site]


@pytest.fixture(scope="module")
def visit(built, browser):
    with visiting(built.site, browser) as visit:
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


@pytest.fixture(
    scope="module",
    params=[
        (one_of_each_kind, in_turn, is_italian),
        pytest.param((pages_of, every_way, bool), marks=pytest.mark.audit),
    ],
    ids=["kinds", "every"],
)
def asked(request, built):
    """The pages to look at, in which ways each, and which of them are used by hand."""
    pages, views, uses = request.param
    return pages(built.site), views, uses


@pytest.fixture(scope="module")
def looked(built, asked):
    pages, views, uses = asked
    return look(built.site, pages, views=views, uses=uses, handler=Strict)


def test_pages_of_every_kind_are_looked_at(built):
    kinds = one_of_each_kind(built.site)
    templates = {job.template for job in all_jobs() if f"{job.address}.html" in kinds}
    assert templates == {job.template for job in all_jobs()}
    assert {"privacy.html", "en/accessibilita.html"} <= set(kinds)
    assert {page.rpartition("/")[0] for page in pages_of(built.site)} == {page.rpartition("/")[0] for page in kinds}


def test_every_page_asked_for_is_looked_at_to_its_end(asked, looked):
    pages, _, uses = asked
    assert sorted(looked.pages) == sorted(pages)
    assert sorted(looked.stops) == sorted(filter(uses, pages))


def test_no_rule_is_broken_on_any_page_in_any_colours_or_size(looked):
    assert looked.rules == []


def test_the_tab_key_reaches_everything_on_every_page_in_order_and_is_seen(looked):
    assert looked.keyboard == []
    # Pages have a menu and a footer, the cards to embed a handful of links.
    assert min(stops for page, stops in looked.stops.items() if "embed/" not in page) > 15
    assert min(looked.stops.values()) > 3


def test_no_page_asks_another_host_fails_or_keeps_anything(looked):
    assert looked.noise == []


SOUND = """<!doctype html><html lang="it"><head><title>Una pagina</title><link rel="icon" href="data:,"><style>
body {{ color: #222; background: #fff }} a {{ color: #004; }} :focus-visible {{ outline: 3px solid #00f }}
@media (prefers-color-scheme: dark) {{ body {{ color: #eee; background: #111 }} a {{ color: #ccf }} }}
{style}</style></head><body><main><h1>Titolo</h1><p>Una riga.</p><p>Un’altra.</p><p><a href="#a">Qui</a></p>
<h2 id="a">Sotto</h2>{inside}</main></body></html>"""
DARK, NARROW = "@media (prefers-color-scheme: dark) {{{}}}", "@media (max-width: 500px) {{{}}}"
FAULTS = {
    "none": ("", "", []),
    "light": ("@media (prefers-color-scheme: light) { p { color: #bbb } }", "", ["(light, 1280 wide): color-contrast"]),
    "dark": (DARK.format("p { color: #333 }"), "", ["(dark, 1280 wide): color-contrast"]),
    "again": (DARK.format("p { color: #333 }"), "", ["(dark, 1280 wide): color-contrast"]),
    "ground": (DARK.format("main { background: #fff }"), "", ["(dark, 1280 wide): color-contrast"]),
    "one": ("", '<p style="color: #ccc">Una sola.</p>', ["(light, 1280 wide): color-contrast"]),
    "phone": (NARROW.format("p { color: #bbb }"), "", ["(light, 390 wide): color-contrast"]),
    "narrow": (
        NARROW.format("i { display: block !important; width: 9px; height: 9px; overflow: hidden }"),
        '<i style="display: none"><button>A</button></i><i style="display: none"><button>B</button></i>',
        ["390 wide)"],
    ),
    "name": ("", '<button style="width: 3em; height: 3em"></button>', ["(light, 1280 wide): button-name"]),
    "heading": ("", "<h4>Troppo sotto</h4>", ["(light, 1280 wide): heading-order"]),
    "unseen": ("a:focus-visible { outline: 0 }", "", ["focus not seen: <a"]),
    "order": ("", '<a href="#a" tabindex="1">Prima</a>', ["out of order: <a"]),
    "trap": (
        "",
        """<p><a href="#a" id="b">Ferma</a> <a href="#c">Mai</a></p><script>
        document.getElementById("b").onkeydown = (event) => event.preventDefault();</script>""",
        ['not reached: <a href="#c"'],
    ),
    "console": ("", "<script>console.error('rotto')</script>", ["console: rotto"]),
    "script": ("", "<script>nothing.here</script>", ["script: nothing is not defined"]),
    "missing": ("", '<img src="missing.png" alt="">', ["404: "]),
    "foreign": ("", '<img src="http://localhost:9/x.png" alt="">', ["foreign: http://localhost:9/x.png"]),
    "kept": ("", "<script>localStorage.a = 1</script>", ["kept in the browser: ['a']"]),
}


def test_looking_at_pages_finds_planted_faults(tmp_path):
    for name, (style, inside, _) in FAULTS.items():
        (tmp_path / f"{name}.html").write_text(SOUND.format(style=style, inside=inside), encoding="utf-8")
    found = look(tmp_path, workers=2)
    said = [*found.rules, *found.keyboard, *found.noise]
    for name, (_, _, expected) in FAULTS.items():
        own = [line for line in said if line.startswith((f"{name}.html ", f"{name}.html:"))]
        assert all(any(part in line for line in own) for part in expected), (name, expected, own)
        assert expected or not own, own


@pytest.mark.audit
def test_a_browser_that_does_not_answer_is_noticed_and_the_next_page_is_looked_at(tmp_path):
    sound = SOUND.format(style="", inside="")
    (tmp_path / "b.html").write_text(sound)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        # Waits for an answer that never comes, as a page in an endless loop does, but keeps no processor busy.
        waits = """<script>const request = new XMLHttpRequest();
        request.open("GET", "http://127.0.0.1:{}/", false); request.send();</script></main>"""
        (tmp_path / "a.html").write_text(sound.replace("</main>", waits.format(silent.getsockname()[1])))
        found = look(tmp_path, workers=1, patience=6)
    assert found.pages == ["a.html", "b.html"] and list(found.stops) == ["b.html"]
    assert found.noise == ["a.html: no answer within 6 s, twice"] and not found.rules


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
        # The menus' script comes when a menu is first used, and then opens it.
        page.wait_for_function("menu => menu.getAttribute('aria-expanded') === 'true'", arg=menu.element_handle())
        page.keyboard.press("ArrowDown")
        page.wait_for_function("() => document.activeElement.classList.contains('dropdown-item')")
        page.keyboard.press("Escape")
        page.wait_for_function("menu => menu.getAttribute('aria-expanded') === 'false'", arg=menu.element_handle())
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
