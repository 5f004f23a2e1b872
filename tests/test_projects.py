"""The projects of Misura 1: a page each that says all that is known, and one table of what is known of all."""

import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from showing import displayed, markup, pieces_of, show, words

from helpers.data import processed, raw, required
from helpers.errors import WecareError
from helpers.pages.common.facts import PRESENTATION
from helpers.pages.district.page import DistrictReport
from helpers.pages.measure.page import MeasureReport
from helpers.pages.project.page import ProjectReport
from helpers.prose.labels import labels, row_text
from helpers.subjects import measures, projects

LANGS = ("it", "en")
KEYS = raw.load("misura1_projects")["project_id"].tolist()
PIECES = pieces_of("project")[1:]

#: Facts with sums that are no grant: shares of one partner, a prize, later money.
OTHER_MONEY = {"m1f-08", "m1f-11", "m1f-28", "m1f-29"}


@pytest.fixture(scope="module")
def pages():
    """What every project's page displays, by key and language."""
    processed.ensure()
    shown = {}
    for lang in LANGS:
        for key in KEYS:
            page = ProjectReport(key, lang)
            with displayed() as outputs:
                for piece in ("title", *PIECES):
                    getattr(page, piece)()
            shown[key, lang] = outputs
    return shown


def soup(outputs):
    return BeautifulSoup(markup(outputs), "html.parser")


def empty(**given):
    """A project of which nothing is known, but for what is given."""
    cells = dict.fromkeys(("title_status", "lead_ente_gestore", "lead_inferred_from", "amount_granted_eur"))
    return cells | {"partners": [], "facts": [], "events": []} | given


# ---- what is known


def test_every_project_has_an_address_of_its_own():
    table = raw.load("misura1_projects")
    assert len(table) == 22 and table["slug"].is_unique
    assert table.set_index("project_id").loc[["M1-06", "M1-16"], "slug"].tolist() == ["cuorgne", "mondovi"]


@pytest.mark.parametrize("name", ["M1-06", "m1-06", "cuorgne", "Cuorgnè", "CUORGNE'"])
def test_a_project_is_found_however_it_is_called(name):
    assert projects.find_project(raw.rows("misura1_projects"), name)["project_id"] == "M1-06"


def test_an_unknown_project_gets_a_suggestion():
    with pytest.raises(WecareError, match="Did you mean verbania"):
        projects.find_project(raw.rows("misura1_projects"), "verbanja")


def test_nothing_known_is_none_and_zero_euro_are_known():
    assert set(projects.coverage(empty()).values()) == {None}
    assert projects.coverage(empty(amount_granted_eur=0))["amount"] == "sourced"


@given(st.lists(st.sampled_from(["single source", "derived", "call not confirmed"]), min_size=1))
def test_an_aspect_is_known_as_well_as_the_best_of_what_tells_it(confidences):
    rows = [{"aspect": "start", "confidence": c} for c in confidences]
    order = ["sourced", "derived", "indicative"]
    best = min((measures.status_of(c) for c in confidences), key=order.index)
    for events in range(len(rows) + 1):
        found = projects.coverage(empty(facts=rows[events:], events=rows[:events]))
        assert found["start"] == best and found["people"] is None


@pytest.mark.slow
def test_what_is_known_of_four_projects(pages):
    known = {key: projects.coverage(ProjectReport(key).project) for key in ("M1-04", "M1-09", "M1-10", "M1-11")}
    told = {key: {a for a, status in found.items() if status} for key, found in known.items()}
    assert told["M1-04"] == {"lead", "partners", "start", "people", "results"}
    # Its 612 people belong to a stage before WE.CA.RE., its prize is no grant.
    assert told["M1-09"] == {"title"} and known["M1-09"]["title"] == "derived"
    assert told["M1-10"] == {"title", "lead", "partners", "start"} and told["M1-11"] == set()


# ---- the pages


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("key", KEYS)
def test_a_page_names_all_that_is_known(pages, key, lang):
    page, text = soup(pages[key, lang]), words(pages[key, lang])
    tables = {"misura1_projects": ("lead_ente_gestore", "project_title", "note"), "events": ("event", "note")}
    tables["misura1_facts"] = ("item", "value", "note")
    for table, columns in tables.items():
        frame = raw.load(table)
        for row in measures.records(frame[frame["project_id"] == key]):
            for column in (c for c in columns if row[c] is not None):
                # What the table notes of a date stands in a column of its own too, in no language.
                is_dated = (column, row.get("date_is")) == ("note", "article")
                otherwise = labels(lang)["timeline.about.article"] if is_dated else row[column]
                said = row_text(lang, table, next(iter(row.values())), column, otherwise)
                assert " ".join(said.split()) in text, (table, row, column)
    for row in raw.rows("misura1_partners", having=("project_id", key)):
        assert row["partner"] in text
    districts = {row["distretto_id"]: row for row in raw.rows("districts")}
    for row in raw.rows("district_projects", having=("project_id", key)):
        own = districts[row["distretto_id"]]
        assert page.find("a", href=f"../distretti/{own['slug']}.html").text == own["name"]
    listed = {a.text for a in page.select("#tbl-sources th a")}
    linked = {a["href"].removeprefix("#") for a in page.select('a[href^="#S"]')}
    assert linked and linked <= listed


@pytest.mark.parametrize("lang", LANGS)
def test_a_page_without_a_title_is_called_by_its_town(pages, lang):
    heads = {key: pages[key, lang][0]["application/vnd.wecare.page+json"] for key in KEYS}
    assert heads["M1-09"]["title"] == "La Cura è di Casa"
    assert heads["M1-08"]["title"] == {"it": "Progetto che fa capo a Chieri", "en": "Project led from Chieri"}[lang]
    assert heads["M1-04"]["path"].endswith("progetti/alba")
    assert len({head["path"] for head in heads.values()}) == 22


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("key", KEYS)
def test_no_page_shows_a_grant(pages, key, lang):
    page = soup(pages[key, lang])
    assert {li["id"] for li in page.find_all("li", id=True) if re.search("euro|€", li.text)} <= OTHER_MONEY
    (said,) = [b["text/markdown"] for b in pages[key, lang] if "179" in b.get("text/markdown", "")]
    assert {"it": "non è pubblicato", "en": "is not published"}[lang] in said


@pytest.mark.parametrize("key", KEYS)
def test_absence_is_said_once(pages, key):
    text = words(pages[key, "it"])
    # What counts people says of which year, or that it is not known.
    undated = {"M1-09": 2}.get(key, 0)
    assert "non noto" not in text and text.count("n.d.") == 1 + undated and text.count("(anno n.d.)") == undated


@pytest.mark.parametrize("lang", LANGS)
def test_no_markup_is_shown_as_text(pages, lang):
    for key in KEYS:
        assert not re.search(r"&lt;/?(span|a|small)\b", markup(pages[key, lang]))


def test_every_page_tells_when_the_projects_were_presented(pages):
    assert required.row(PRESENTATION)["date"] == "2021-05-12"
    assert all(words(pages[key, "it"]).count("12 maggio 2021") == 2 for key in KEYS)


# ---- the table of all, and the districts


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.slow
def test_the_measure_says_of_each_project_what_is_known(lang):
    outputs = show(MeasureReport("M1", lang), "projects")
    table = next(b for b in outputs if "tbl-projects" in b.get("text/html", ""))
    absent = labels(lang)["state.not_known"]
    rows = BeautifulSoup(table["text/html"], "html.parser").select("tbody tr")
    assert [row.th.a["id"].upper() for row in rows] == KEYS
    slugs = raw.load("misura1_projects")["slug"].tolist()
    assert [row.th.a["href"] for row in rows] == [f"../progetti/{slug}.html" for slug in slugs]
    for key, row in zip(KEYS, rows, strict=True):
        cells = [td.text.strip() for td in row.find_all("td")][: len(projects.ASPECTS)]
        known = projects.coverage(ProjectReport(key).project)
        assert [cell == absent for cell in cells] == [known[a] is None for a in projects.ASPECTS], key
        assert cells[projects.ASPECTS.index("amount")] == absent
    assert "amount_granted_eur" in table["text/csv"].splitlines()[0] and "€" not in table["text/csv"]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("code", ["D21", "D09", "D20", "D28"])
def test_a_district_says_what_is_known_of_its_projects_work(code, lang):
    report = DistrictReport(code, lang)
    page = soup(show(report, "wecare"))
    project = report.facts["project"]
    address = f"../progetti/{project['slug']}.html" if project else "../misure/misura-1.html"
    assert page.find("a", href=address)
    facts = raw.load("misura1_facts")
    own = facts[facts["aspect"].isin(projects.WORK) & (facts["project_id"] == (project or {}).get("project_id"))]
    assert {li["id"].upper() for li in page.find_all("li", id=True)} == set(own["fact_id"])
    assert (len(own) > 0) == (code in ("D21", "D09"))
    assert {i for ids in own["source_ids"] for i in ids} <= set(report.inputs.sources["source_id"])


def test_every_event_of_one_project_says_what_it_tells():
    events = raw.load("events")
    assert (events["project_id"].notna() == events["aspect"].notna()).all()
    assert (events.loc[events["project_id"].notna(), "strand"] == "M1").all()
    assert pd.isna(events.set_index("event_id").at[PRESENTATION, "project_id"])
