"""One district in both languages, from the data to a page in Chromium: what `make test-quick` sees of the whole way."""

from __future__ import annotations

import re
import shutil

import pytest
from audit import in_turn, look
from browser import visiting
from readers import soup_of
from samples import ASSETS, markdown, notebook, page_output

from helpers import config
from helpers.build import batch
from helpers.build.jobs import all_jobs, select
from helpers.data import processed
from helpers.publish import feeds
from helpers.publish.machines.workbooks import district_workbooks
from helpers.publish.site import publish

pytestmark = [pytest.mark.quick, pytest.mark.browser]

DISTRICT = "D12"
PAGES = ["distretti/cuneo.html", "en/distretti/cuneo.html"]

#: How an executed report names a place of another page.
PLACE = re.compile(r"(?:page:|/)([\w/-]+)(?:\.html|\.ipynb)?#([\w.:-]+)")


def stand_in(reports, job, places):
    """A page without content for a report that is not made here, with the places other pages lead to."""
    anchors = "\n\n".join(f"[]{{#{place}}}" for place in sorted(places))
    told = page_output(job.address, job.name, lang=job.parameters["lang"])
    notebook(reports / f"{job.address}.ipynb", told, markdown(f"## {job.name}\n\n{anchors}"))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site with the pages of one district; in place of the others stand pages without content."""
    processed.ensure()
    root = tmp_path_factory.mktemp("quick")
    reports = root / "reports"
    shutil.copytree(ASSETS, reports / "assets")
    for page in config.REPORTS.rglob("*.qmd"):
        (reports / page.relative_to(config.REPORTS)).parent.mkdir(exist_ok=True)
        shutil.copy(page, reports / page.relative_to(config.REPORTS))
    made = select(all_jobs(), [DISTRICT])
    assert not [outcome.error for outcome in batch.run(made, reports) if outcome.error]
    texts = [path.read_text(encoding="utf-8") for path in reports.rglob("*.ipynb")]
    places = {found for text in texts for found in PLACE.findall(text)}
    for job in all_jobs():
        if job not in made:
            stand_in(reports, job, {place for address, place in places if address in (job.path, job.address)})
    sheets = {f"{job.address}.pdf": b"%PDF-1.7" for job in made}
    target, out = root / "build", root / "_site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feeds, "district_workbooks", lambda code: district_workbooks(code) if code == DISTRICT else {})
        extra = feeds.feeds(kept=root / "feeds.db")
    publish(reports, target, out, publisher="embedded", extra=extra, late=lambda: sheets)
    return out


def test_a_district_is_made_and_published_in_both_languages(site):
    pages = [soup_of(site / page) for page in PAGES]
    for lang, page in zip(config.LANGUAGES, pages, strict=True):
        assert page.html["lang"] == lang and "Cuneo" in page.h1.text
    figures = [[figure["id"] for figure in page.find_all("figure", id=True)] for page in pages]
    assert figures[0] == figures[1] and {"fig-map", "fig-pyramid", "tbl-indicators"} <= set(figures[0])


def test_its_page_is_in_order_in_a_browser(site):
    found = look(site, PAGES[:1], views=in_turn)
    assert (found.rules, found.keyboard, found.noise) == ([], [], [])
    assert found.stops[PAGES[0]] > 20


@pytest.fixture(scope="module")
def at_site(site, browser):
    with visiting(site, browser) as found:
        yield found


@pytest.mark.parametrize(("page", "root"), [("index.html", ""), (PAGES[1], "../../en/")])
def test_the_search_finds_a_comune_however_it_is_typed(visit, page, root):
    shown = visit.turn_to(page, viewport={"width": 1400, "height": 900})
    search = shown.locator("#search-field")
    for typed, name in {"ＢＯＶＥＳ": "Boves", "borgo-san–dalmazzo": "Borgo San Dalmazzo"}.items():
        search.fill(typed)
        found = shown.locator("#search-list a", has_text=name).first
        found.wait_for(timeout=15_000)
        assert found.get_attribute("href").endswith(f"distretti/cuneo.html?comune={name.lower().replace(' ', '-')}")
