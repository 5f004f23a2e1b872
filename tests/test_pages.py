"""Pages: what notebooks show, for all thirty districts and in both languages."""

import re
from html import unescape

import plotly.graph_objects as go
import pytest

from helpers import config, processed, raw
from helpers.errors import WecareError
from helpers.pages import base, boundaries, catalogue, district, facts, indicators, method, overview
from helpers.pages.inputs.district import district_inputs
from helpers.prose.render import render, templates

DISTRICTS = [f"D{n:02d}" for n in range(1, 31)]


@pytest.fixture
def shown(monkeypatch):
    """Collects what a page displays instead of showing it."""
    outputs = []

    def collect(bundle, raw=True, metadata=None):
        outputs.append((bundle, metadata or {}))

    processed.ensure()
    monkeypatch.setattr(base, "display", collect)
    return outputs


def words(outputs):
    """All text a reader sees."""
    html = " ".join(b.get("text/html", "") + " " + b.get("text/markdown", "") for b, _ in outputs)
    return unescape(re.sub(r"<[^>]+>", " ", html))


#: Methods that show something without being told what.
PIECES = {
    *("title", "brief", "map", "population", "comparison", "similar", "wecare", "sources", "limits", "downloads"),
    *("numbers", "list", "intro", "reading", "boundaries", "text_sections", "editions", "citing"),
    *("statuses", "districts", "mismatches", "rules", "bodies", "notes", "provinces"),
    *("overview", "all_sheets", "warnings", "tables", "derived"),
}

SECTIONS = ("title", "brief", "map", "population", "comparison", "similar", "wecare", "sources", "limits", "downloads")


@pytest.mark.parametrize("lang", ["it", "en"])
@pytest.mark.parametrize("code", DISTRICTS)
def test_every_district_has_every_section_and_no_raw_missing_value(shown, code, lang):
    report = district.DistrictReport(code, lang)
    for section in SECTIONS:
        before = len(shown)
        getattr(report, section)()
        assert len(shown) > before, section
    for bundle, _ in shown:
        if base_plotly() in bundle:
            # Plotly's objects refuse unknown properties and wrong values.
            go.Figure({key: bundle[base_plotly()][key] for key in ("data", "layout")})
    text = words(shown)
    # The comune called None is the only one allowed to say so.
    text = re.sub(r"\bNone\b", "", text) if code == "D30" else text.replace("None of", "")
    assert not re.search(r"\b(None|nan|NaN|<NA>|NaT)\b", text)
    assert "undefined" not in text.lower()


@pytest.mark.parametrize("code", DISTRICTS)
def test_the_map_shows_every_comune_of_the_district_and_the_table_says_the_same(shown, code):
    report = district.DistrictReport(code)
    report.map()
    (chart, metadata), (said, _) = [pair for pair in shown if pair[1] or "text/csv" in pair[0]]
    assert metadata["wecare"]["figure"] == "map"
    hovers = [t["text"] for t in chart[base_plotly()]["data"] if t.get("fill") == "toself"]
    comuni = raw.load("comune_distretto").query("distretto_id == @code")["comune"]
    named = [h.split("</b>")[0].removeprefix("<b>") for h in hovers if h.startswith("<b>")]
    assert sorted(named) == sorted(comuni)
    rows = re.findall(r'<th scope="row">(.*?)</th>', said["text/html"])
    assert sorted(map(unescape, rows)) == sorted(comuni)


def base_plotly():
    from helpers.figures.exhibit import PLOTLY_MIME

    return PLOTLY_MIME


def test_region_pages_show_all_districts(shown):
    for page in (overview.Overview(), overview.DistrictList()):
        shown.clear()
        page.title()
        page.map()
        page.list()
        text = words(shown)
        for name in raw.load("districts")["name"]:
            assert name in text


def test_the_home_page_gives_the_strategy_in_numbers(shown):
    page = overview.Overview()
    page.numbers()
    page.brief()
    text = words(shown)
    for expected in ("20 milioni di euro", "30", "22", "4.256.350", "219,9"):
        assert expected in text


def test_the_method_page_lists_every_source_with_an_anchor(shown):
    page = method.Method()
    page.sources()
    html = shown[-1][0]["text/html"]
    for source in raw.load("sources")["source_id"]:
        assert f'id="{source}"' in html


def test_every_source_a_district_cites_stands_on_the_method_page():
    known = set(raw.load("sources")["source_id"])
    for code in DISTRICTS:
        assert set(district.DistrictReport(code).inputs["sources"]["source_id"]) <= known


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


def test_amounts_of_projects_are_said_to_be_unpublished():
    for code in DISTRICTS:
        text = unescape(render("district_wecare", "it", **district_inputs(code)["facts"]))
        assert "non è pubblicato" in text or "Non si può quindi dire quale contributo lo riguardi" in text
        assert "teorico" in text


def test_benchmarks_of_all_districts_sum_to_the_budget():
    # Printed in thousands of euro: thirty roundings of at most 500 euro.
    total = sum(district_inputs(code)["facts"]["benchmark"]["total_eur"] for code in DISTRICTS)
    assert total == pytest.approx(6_400_000, abs=30 * 500)


def test_a_page_reads_nothing_but_its_inputs(shown, monkeypatch):
    """What decides whether a page runs again must be all that it shows."""
    pages = [district.DistrictReport("D12"), overview.Overview(), overview.DistrictList(), method.Method()]
    pages += [boundaries.Boundaries(), indicators.Indicators(), catalogue.Catalogue()]

    def refuse(*arguments):
        raise AssertionError("a page read a table beside its inputs")

    for module in (raw, processed):
        monkeypatch.setattr(module, "load", refuse)
    for page in pages:
        own = [m for c in type(page).__mro__[:2] if c is not base.Page for m in vars(c) if not m.startswith("_")]
        shows = [getattr(page, m) for m in own if m in PIECES]
        assert shows
        for show in shows:
            show()


def test_every_template_is_used():
    """A text nobody shows would go stale unseen."""
    source = "".join(p.read_text(encoding="utf-8") for p in (config.HELPERS / "pages").rglob("*.py"))
    source = "".join(path.read_text() for path in (config.HELPERS / "pages").glob("*.py"))
    # Some names are put together: f"caption_{curve}" with "lorenz".
    starts = re.findall(r'f"([a-z_]+_)\{', source)
    made = {f"{start}{rest}" for start in starts for rest in re.findall(r'"([a-z_]+)"', source)}
    unused = [name for name in templates("it") if f'"{name}"' not in source and name not in made]
    assert unused == []
