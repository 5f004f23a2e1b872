"""What a reader of a notebook may vary: every piece gives what it shows, and shows what it is asked for."""

import re

import pytest
from showing import displayed

from helpers import config
from helpers.analysis.indicators import as_printed
from helpers.build import inputs
from helpers.build.inputs import asks_for_more
from helpers.build.jobs import all_jobs
from helpers.data import processed
from helpers.declarations import BY_ID
from helpers.errors import InputError
from helpers.pages.common.declared import declared_pages, page_class
from helpers.pages.district.inputs import indicators_of
from helpers.pages.district.page import DistrictReport
from helpers.pages.overview.page import DistrictList, Overview
from helpers.pages.regions.page import COMPARED, Regions
from helpers.pages.trends.page import Trends
from helpers.prose.labels import label
from helpers.subjects.regions import INDICATORS as REGIONS
from helpers.system.notebooks import Cell, as_bytes, document, read_cells


@pytest.fixture(scope="module")
def report():
    processed.ensure()
    return DistrictReport("D12")


def test_a_piece_gives_what_it_shows_and_shows_it_when_it_is_looked_at(report):
    with displayed() as made:
        shown = report.map()
    assert [bundle for bundle, _ in shown.outputs] and len(shown.outputs) == len(made)
    assert set(report.inputs.comuni["code"]) == set(shown.frame["code"])
    assert shown.picture.startswith("<svg") and len(shown.chart.data) > 53
    assert report.brief().frame is None and report.brief().chart is None and report.shown is None


@pytest.mark.slow
def test_a_cell_shows_its_last_line_and_a_name_keeps_it():
    from helpers.build.warm.inline import _Kernel

    sent: list[str] = []
    with _Kernel(lambda message: sent.append(message["msg_type"])) as kernel:

        def run(source: str) -> list[str]:
            sent.clear()
            assert kernel.run(source)["status"] == "ok"
            return [kind for kind in sent if kind != "status"]

        run('from helpers.pages.district.page import DistrictReport\nreport = DistrictReport("D12")')
        assert run("report.title()") == ["display_data"]
        assert run('kept = report.similar(peers=5)\nreport.map("density");') == []
        assert run("kept") == ["display_data"] * 3


@pytest.mark.parametrize("lang", config.LANGUAGES)
@pytest.mark.slow
def test_the_map_shows_any_indicator_of_comuni_in_its_unit(lang):
    report = DistrictReport("D12", lang)
    for indicator in indicators_of("comuni")[:: 3 if lang == "it" else 10]:
        shown = report.map(indicator)
        (figure,) = shown.exhibits
        assert label(lang, f"indicator.{indicator}.short") in [column.heading for column in figure.columns]
        (csv,) = [bundle["text/csv"] for bundle, _ in shown.outputs if "text/csv" in bundle]
        assert f"{indicator} [{BY_ID[indicator].unit}" in csv.splitlines()[0]
        assert label(lang, f"indicator.{indicator}.long") in figure.alt
        first = shown.frame.iloc[0]
        hovers = [trace.get("text", "") for trace in figure.chart["data"]]
        told = next(text for text in hovers if text.startswith(f"<b>{first['name']}<"))
        assert report.value(indicator, first[indicator]) in told


def test_names_are_written_as_many_as_are_asked_for(report):
    written = [len(report.map(names=n).chart.layout.annotations) for n in (0, 1, 6)]
    assert written[:2] == [0, 1] and written[2] > 1


@pytest.mark.slow
def test_an_indicator_has_all_its_names(report):
    by_id = report.map("income_per_taxpayer").picture
    assert by_id == report.map("income").picture == report.map("Reddito imponibile per contribuente").picture


@pytest.mark.slow
def test_the_comparison_sets_the_most_similar_districts_beside(report):
    shown = report.comparison(["density", "old-age index"], peers=5)
    near = [peer["code"] for peer in report.varied(similar=5).facts["peers"]]
    assert shown.frame["indicator"].tolist() == ["density", "old_age_index"]
    districts = as_printed(processed.load("districts").set_index("code"))
    assert shown.frame[near].T.to_numpy().tolist() == districts.loc[near, ["density", "old_age_index"]].values.tolist()
    assert [column.heading for column in shown.exhibits[0].columns][5:10] == districts.loc[near, "name"].tolist()
    assert "cinque distretti più simili" in shown.exhibits[0].caption
    assert "simili" not in report.comparison().exhibits[0].caption


@pytest.mark.parametrize("n", [1, 5, 29])
def test_so_many_similar_districts_as_are_asked_for(report, n):
    html = next(bundle["text/html"] for bundle, _ in report.similar(n, ["density"]).outputs if "text/html" in bundle)
    assert len(re.findall("<li><h3>", html)) == n and html.count("<dt>") == 2 * n


def test_series_begin_in_the_year_that_is_asked_for(report):
    residents, income = report.change(since=2020).exhibits
    assert residents.frame["year"].min() == income.frame["year"].min() == 2020
    assert residents.frame["index"].iloc[0] == 100 and residents.caption.startswith("Dal 2020")
    assert "2011" not in residents.alt


@pytest.mark.slow
def test_pages_of_the_region_show_other_indicators():
    shown = DistrictList().map("density")
    assert "Densità" in shown.exhibits[0].map.alt and shown.exhibits[0].map.id == "density-map"
    assert "density" in [column.source for column in shown.exhibits[0].map.columns]
    found = Overview().findings("reddito imponibile per contribuente")
    assert found.exhibits[0].map.id == "income_per_taxpayer-map"
    assert "residents_change" in [column.source for column in Overview().findings().exhibits[0].map.columns]
    regions = Regions()
    share = regions.map("share_80_plus")
    assert "%" in share.exhibits[0].caption and share.exhibits[0].caption != regions.map().exhibits[0].caption
    assert [t["name"] for t in share.exhibits[0].chart["data"] if "name" in t][0].endswith("%")
    strips = regions.strips(["share_0_14", "share_80_plus"])
    assert strips.outputs[0][0]["text/markdown"] == "## Due indicatori"
    assert len(strips.exhibits[0].columns) == 2 + len(regions.strips().exhibits[0].columns) - len(COMPARED)
    ages = len(regions.table().exhibits[0].columns) - len(REGIONS)
    assert len(regions.table("old_age_index").exhibits[0].columns) == ages + 1
    moved = regions.change(["birth_rate"]).exhibits[0].alt
    names = [label("it", f"indicator.{each}_rate.long") for each in ("birth", "death")]
    assert names[0] in moved and names[1] not in moved


@pytest.mark.slow
def test_as_many_districts_are_marked_as_are_asked_for():
    marked = [[t for t in Trends().ageing(n).exhibits[0].chart["data"] if t.get("mode") == "text"] for n in (0, 1, 5)]
    assert [len(names) for names in marked] == [2, 4, 4]
    assert [sum(len(t["x"]) for t in names) for names in marked] == [31, 31, 31]


WRONG = {
    "densty": lambda report: report.map("densty"),
    "densità": lambda report: report.comparison(["densità", "nulla"]),
    "name one": lambda report: report.comparison([]),
    "peers=29": lambda report: report.similar(30),
    "2011": lambda report: report.change(since=2012),
    "old_age_index": lambda report: Regions().map("old_age_indx"),
    "income_per_taxpayer": lambda report: DistrictList().map("income_per_taxpayr"),
    "marked=15": lambda report: Trends().ageing(16),
}


@pytest.mark.parametrize("told", WRONG)
def test_what_cannot_be_shown_is_told_with_the_nearest(report, told):
    with pytest.raises(InputError) as found:
        WRONG[told](report)
    (problem,) = found.value.problems
    assert problem.file.split(".")[0] in ("report", "page") and problem.remedy
    assert found.value._render_traceback_() == [str(found.value)]


@pytest.mark.parametrize("page", declared_pages(), ids=lambda page: page.notebook)
def test_templates_show_what_their_pages_show_by_themselves(page):
    assert not asks_for_more(config.NOTEBOOKS / f"{page.notebook}.ipynb", page.load())


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ('report.map("share_65_plus")', False),
        ("report.similar(peers=3)", False),
        ('report.map("density")', True),
        ('report.map(indicator="density")', True),
        ("report.similar(peers=how_many)", True),
        ("report.similar(**given)", True),
        ("report.map('share_65_plus', 6, 'no such argument')", True),
        ("report.brief()", False),
        ("x = 'a'.upper()", False),
        ("import helpers as we\nwe.districts", True),
        ("%time report.map()", True),
    ],
)
def test_a_template_that_asks_for_more_is_known(tmp_path, code, more):
    path = tmp_path / "district.ipynb"
    path.write_bytes(as_bytes(document([Cell("code", code)])))
    assert asks_for_more(path, page_class("district")) is more


@pytest.mark.slow
def test_a_report_that_asks_for_more_rests_on_all_data(tmp_path, monkeypatch):
    job = next(job for job in all_jobs() if job.name == "D12")
    hashes = lambda folder: inputs.input_hashes([job], {job.template: "code"}, tmp_path / folder)["D12"]  # noqa: E731
    plain = hashes("plain")
    cells = [
        cell._replace(source=cell.source.replace('map("share_65_plus")', 'map("density")'))
        for cell in read_cells(job.template)
    ]
    monkeypatch.setattr(inputs.notebooks, "read_cells", lambda path: cells)
    more = hashes("more")
    assert "all data" in more and {name: value for name, value in more.items() if name != "all data"} == plain
