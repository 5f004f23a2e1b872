"""The sources of a sentence open beside its mark, by every way of input; without scripts the mark leads to them."""

import shutil

import pytest
from browser import visiting

from helpers import config
from helpers.publish.marks import Source, gather_marks

pytestmark = pytest.mark.browser

KNOWN = {
    "S027": Source("S027", "I progetti approvati", "https://a.it/b", "Regione Piemonte", "3 maggio 2018"),
    "dati-population": Source("ISTAT", "Popolazione residente"),
}
BODY = (
    '<p>Sono 22. <a href="#S027" title="dato da fonte">S027</a> '
    '<a href="metodo.html#dati-population" title="dato ricavato">ISTAT</a> <a id="next" href="#S027">Poi</a></p>'
)


@pytest.fixture(scope="module")
def at_site(tmp_path_factory, browser):
    root = tmp_path_factory.mktemp("marks")
    for name in ("figures.js", "marks.js", "wecare.css"):
        shutil.copy(config.REPORTS / "assets" / name, root)
    shutil.copytree(config.REPORTS / "assets/fonts", root / "fonts")
    (root / "index.html").write_text(
        gather_marks(
            '<!doctype html><html lang="it"><meta charset="utf-8"><title>x</title><link rel="icon" href="data:,">'
            f'<link rel="stylesheet" href="wecare.css"><body><main><h1>x</h1>{BODY}</main>'
            '<script src="figures.js" data-plotly="p.js"></script></body></html>',
            "index",
            "it",
            KNOWN,
        ),
        encoding="utf-8",
    )
    with visiting(root, browser) as found:
        yield found


@pytest.mark.parametrize("way", ["pointer", "finger", "keyboard"])
def test_a_card_opens_beside_its_mark_and_closes_again(visit, way):
    phone = {"viewport": {"width": 360, "height": 640}, "has_touch": True} if way == "finger" else {}
    page = visit.turn_to("index.html", **phone)
    mark, card = page.locator("a.citation"), page.get_by_role("dialog", name="Fonti")
    if way == "keyboard":
        mark.focus()
        page.keyboard.press("Enter")
    else:
        mark.tap() if way == "finger" else mark.click()
    card.wait_for()
    assert mark.get_attribute("aria-expanded") == "true" and "#" not in page.url
    entries = card.locator(".entry").all_inner_texts()
    assert entries == [
        "I progetti approvati, Regione Piemonte, 3 maggio 2018 S027 dato da fonte",
        "Popolazione residente dato ricavato",
    ]
    assert card.get_by_role("link", name="I progetti approvati").get_attribute("href") == "https://a.it/b"
    box, at = card.bounding_box(), mark.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]
    assert 0 <= box["y"] - (at["y"] + at["height"]) < 20
    # The keyboard goes from the mark into the card, and Escape comes back.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "I progetti approvati"
    page.keyboard.press("Escape")
    card.wait_for(state="detached")
    assert page.evaluate("document.activeElement.className").startswith("citation")
    assert mark.get_attribute("aria-expanded") == "false"
    mark.click()
    card.wait_for()
    mark.click()
    card.wait_for(state="detached")
    mark.click()
    card.get_by_role("button", name="Chiudi").click()
    card.wait_for(state="detached")


def test_without_scripts_a_mark_leads_to_the_unfolded_list(visit):
    page = visit.turn_to("index.html", java_script_enabled=False)
    assert not page.locator("#S027").is_visible()
    page.get_by_role("link", name="1, 2: I progetti approvati; Popolazione residente (dato ricavato)").click()
    page.locator("#S027").wait_for()
    assert page.url.endswith("#S027")
