"""Pages: what notebooks show, for all thirty districts and in both languages."""

import re
from html import unescape

import pytest
from showing import charts, markup, show, words

from helpers import config
from helpers.data import raw
from helpers.errors import WecareError
from helpers.pages.common import facts
from helpers.pages.district import page as district
from helpers.pages.district.inputs import district_inputs
from helpers.pages.method import page as method
from helpers.pages.overview import page as overview
from helpers.prose.apostrophes import typographic
from helpers.prose.render import render, templates

DISTRICTS = [f"D{n:02d}" for n in range(1, 31)]


#: Methods that show something without being told what.
PIECES = {
    *("title", "brief", "map", "population", "comparison", "similar", "wecare", "sources", "limits", "downloads"),
    *("numbers", "list", "intro", "reading", "boundaries", "text_sections", "editions", "citing"),
    *("statuses", "districts", "mismatches", "rules", "bodies", "notes", "provinces"),
    *("overview", "all_sheets", "warnings", "tables", "derived", "units"),
}

SECTIONS = ("title", "brief", "map", "population", "comparison", "similar", "wecare", "sources", "limits", "downloads")


@pytest.mark.slow
@pytest.mark.parametrize("code", DISTRICTS)
def test_the_map_shows_every_comune_of_the_district_and_the_table_says_the_same(code):
    shown = show(district.DistrictReport(code), "map")
    comuni = raw.load("comune_distretto").query("distretto_id == @code")["comune"].map(typographic)
    (said,) = [bundle for bundle in shown if "text/csv" in bundle]
    rows = re.findall(r'<th scope="row">(.*?)</th>', said["text/html"])
    assert sorted(map(unescape, rows)) == sorted(comuni)
    if len(comuni) == 1:
        # One area needs no classes.
        assert 'id="tbl-map"' in said["text/html"] and not charts(shown)
        return
    (chart,) = charts(shown)
    assert 'id="fig-map"' in said["text/html"]
    hovers = [t["text"] for t in chart["data"] if t.get("fill") == "toself"]
    named = [h.split("</b>")[0].removeprefix("<b>") for h in hovers if h.startswith("<b>")]
    assert sorted(named) == sorted(comuni)


@pytest.mark.slow
def test_region_pages_show_all_districts():
    for page in (overview.Overview(), overview.DistrictList()):
        text = words(show(page, "title", "map", "list"))
        for name in raw.load("districts")["name"]:
            assert name in text


def test_the_home_page_gives_the_strategy_in_numbers():
    text = words(show(overview.Overview(), "numbers", "brief"))
    for expected in ("20 milioni di euro", "30", "22", "0 su 22", "0 su 32", "12 maggio 2021"):
        assert expected in text


def test_the_method_page_lists_every_source_with_an_anchor():
    html = markup(show(method.Method(), "sources"))
    for source in raw.load("sources")["source_id"]:
        assert f'id="{source}"' in html


@pytest.mark.slow
def test_every_source_a_district_cites_stands_on_the_method_page():
    known = set(raw.load("sources")["source_id"])
    for code in DISTRICTS:
        assert set(district.DistrictReport(code).inputs.sources["source_id"]) <= known


@pytest.mark.parametrize(("name", "code"), [("D12", "D12"), ("cuneo", "D12"), ("d30", "D30")])
def test_a_district_is_found_by_code_or_slug(name, code):
    assert facts.find_district(name)["distretto_id"] == code


def test_an_unknown_district_gets_a_suggestion():
    with pytest.raises(WecareError, match="Did you mean torino"):
        facts.find_district("turino")


def test_an_unknown_language_is_refused():
    with pytest.raises(WecareError, match="must be one of it, en"):
        district.DistrictReport("D12", "fr")


def test_a_page_never_claims_an_edition_its_data_do_not_have():
    with pytest.raises(WecareError, match="the data package is"):
        district.DistrictReport("D12", "it", "1999.1")


@pytest.mark.slow
def test_amounts_of_projects_are_said_to_be_unpublished():
    for code in DISTRICTS:
        text = unescape(render("district_wecare", "it", **district_inputs(code).facts))
        assert "non è pubblicato" in text or "Non si può quindi dire quale contributo lo riguardi" in text
        assert "teorico" in text


@pytest.mark.slow
def test_benchmarks_of_all_districts_sum_to_the_budget():
    # Printed in thousands of euro: thirty roundings of at most 500 euro.
    total = sum(district_inputs(code).facts["benchmark"]["total_eur"] for code in DISTRICTS)
    assert total == pytest.approx(6_400_000, abs=30 * 500)


def test_every_template_is_used():
    """A text nobody shows would go stale unseen."""
    source = "".join(p.read_text(encoding="utf-8") for p in (config.HELPERS / "pages").rglob("*.py"))
    # Some names are put together: f"caption_{curve}" with "lorenz".
    starts = re.findall(r'f"([a-z_]+_)\{', source)
    quoted = set(re.findall(r"""["']([a-z0-9_]+)["']""", source))
    made = {f"{start}{rest}" for start in starts for rest in re.findall(r'"([a-z_]+)"', source)}
    unused = [name for name in templates("it") if name not in quoted | made]
    assert unused == []
