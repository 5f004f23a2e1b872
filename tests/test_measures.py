"""The measures: what is counted, what is shown of every row, and that no grant of a project is ever shown."""

import re
from functools import lru_cache
from html import unescape

import pandas as pd
import plotly.graph_objects as go
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from showing import displayed, markup, show, words

from helpers.data import processed, raw, required
from helpers.errors import WecareError
from helpers.figures import budgets, towns
from helpers.figures.exhibit import PLOTLY_MIME
from helpers.pages.district import page as district
from helpers.pages.measure.inputs import measure_inputs, measures_inputs
from helpers.pages.measure.page import MeasureReport
from helpers.pages.measures.page import MeasuresIndex
from helpers.prose.apostrophes import typographic
from helpers.prose.labels import labels, row_text
from helpers.subjects import measures, strategy

KEYS = list(measures.slugs(raw.load("measures")))
LANGS = ("it", "en")
PIECES = ("title", "numbers", "brief", "sheet", "where", "timeline", "conflicts", "unknown", "sources", "downloads")
ONLY = {"aims": ("M1", "WA", "ACC"), "projects": ("M1",), "records": ("M2", "FESR", "WA", "ACC")}
INDEX_PIECES = ("title", "brief", "budgets", "names", "calls", "conflicts", "sources", "downloads")


@pytest.fixture(scope="module")
def pages():
    """Outputs of every page, by key (``all`` is the index) and language, and how many each piece shows."""
    processed.ensure()
    shown = {}
    for lang in LANGS:
        for key in [*KEYS, "all"]:
            page = MeasuresIndex(lang) if key == "all" else MeasureReport(key, lang)
            pieces = INDEX_PIECES if key == "all" else (*PIECES, *ONLY)
            counts = {}
            with displayed() as outputs:
                for piece in pieces:
                    before = len(outputs)
                    getattr(page, piece)()
                    counts[piece] = len(outputs) - before
            shown[key, lang] = outputs, counts
    return shown


def soup(outputs):
    return parsed(markup(outputs))


@lru_cache
def parsed(text):
    return BeautifulSoup(text, "html.parser")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("key", [*KEYS, "all"])
def test_every_page_has_every_section_and_no_raw_missing_value(pages, key, lang):
    outputs, counts = pages[key, lang]
    for piece, count in counts.items():
        assert (count > 0) == (key in ONLY.get(piece, [key])), piece
    assert not re.search(r"[{}$]", words(outputs))


def test_projects_are_22_and_10_6_5_1_by_quadrant():
    counted = measures.by_quadrant(raw.load("misura1_projects"), raw.load("quadrants"))
    assert [q["n"] for q in counted] == [10, 6, 5, 1]
    assert counted[0]["name"] == "Città metropolitana di Torino" and counted[-1]["name"] == "Asti-Alessandria"
    assert raw.load("measures").set_index("measure_id").at["M1", "projects_funded"] == 22


def test_budgets_sum_to_20_million_from_sourced_rows():
    table = raw.load("measures")
    plan = measures.find_planned(table)
    assert plan == {"total_eur": 20_000_000, "by_fund": {"FSE": 15_000_000, "FESR": 5_000_000}}
    top = table[table["sub_call_of"].isna()]
    assert top["source_ids"].map(len).gt(0).all() and top["budget_eur"].notna().all()


def test_the_act_confirms_the_total():
    act = required.row(strategy.APPROVAL)
    assert act["date"] == "2017-05-22" and act["amount_eur"] == measures.find_planned(raw.load("measures"))["total_eur"]


def test_the_two_ways_to_the_budget_of_animation_do_not_agree():
    table = raw.load("measures")
    assert measures.rest_of(table, "WA") == 300_000
    assert measures.rest_of_four(table, required.row(measures.FOUR_CALLS)["value"]) == 1_100_000
    note = table.set_index("measure_id").at["WA-ANI", "note"]
    assert "0.3 M" in note and "1.1 M" in note


def test_key_figures_are_what_the_notes_say():
    notes = raw.load("measures").set_index("measure_id")["note"]
    figure = raw.load("key_figures").set_index("figure_id")["value"]
    organisations, enti = (int(figure[key]) for key in (measures.M1_ORGANISATIONS, measures.M1_ENTI))
    assert f"{organisations} organisations" in notes["M1"] and f"{enti} enti" in notes["M1"]
    assert "over 6 M euro" in notes["M1"] and figure[strategy.M1_GRANTED_OVER] == 6_000_000
    assert all(f"{int(figure[key]):,}" in notes["FESR"] for key in measures.FESR_LINES.values())
    assert "10.9 (four calls, S015)" in notes["WA-ANI"] and figure[measures.FOUR_CALLS] == 10_900_000
    act = raw.load("strategy_acts").set_index("act_id").at["ACT-08", "note"]
    assert f"{int(figure[measures.M2_REVENUE]):,}" in act
    assert figure[strategy.DISTRICT_COUNT] == len(raw.load("districts"))


def test_texts_with_literal_numbers_say_what_the_rows_say():
    facts = raw.load("wa_fesr_acc_facts").set_index("fact_id")
    assert all(facts.at[key, "figures"].startswith(f"{facts.at[key, 'number']} ") for key in ("WFA-02", "WFA-03"))
    assert "the 22 Misura 1 projects" in facts.at["WFA-21", "figures"]
    assert "15 October" in facts.at["WFA-18", "figures"]
    assert "50-2397 of 27 Nov 2020" in facts.at["WFA-16", "figures"] and "28 Jul 2020" in facts.at["WFA-16", "figures"]
    acts = raw.load("strategy_acts").set_index("act_id")
    assert acts.at["ACT-05", "date"] == "2018-02-23" and acts.at["ACT-12", "date"] == "2019-05-21"


def test_every_row_of_the_tables_is_on_a_page(pages):
    for lang in LANGS:
        ids = {key: {tag["id"] for tag in soup(pages[key, lang][0]).find_all(id=True)} for key in KEYS}
        every = set().union(*ids.values())
        keys = {
            "misura1_projects": "project_id",
            "misura2_facts": "fact_id",
            "welfare_aziendale_projects": "wa_project_id",
            "wa_fesr_acc_facts": "fact_id",
        }
        for table, column in keys.items():
            assert {k.lower() for k in raw.load(table)[column]} <= every, table


@pytest.mark.parametrize("lang", LANGS)
def test_every_link_and_measure_is_named(pages, lang):
    figure = next(b for b in pages["M1", lang][0] if "fig-projects-map" in b.get("text/html", ""))["text/html"]
    for row in raw.load("district_projects").itertuples():
        assert row_text(lang, "district_projects", row.distretto_id, "note") in unescape(figure)
    index = words(pages["all", lang][0])
    for row in raw.load("measures").itertuples():
        key = row.measure_id if pd.isna(row.sub_call_of) else row.sub_call_of
        name = row_text(lang, "measures", row.measure_id, "official_name", row.official_name)
        assert name in words(pages[key, lang][0])
        assert row.por_action_code in index


@pytest.mark.parametrize("lang", LANGS)
def test_all_that_rows_say_is_said(pages, lang):
    """Every text column of every row stands on a page, in the wording of the language."""
    text = " ".join(words(pages[key, lang][0]) for key in KEYS)
    columns = {
        "measures": ("beneficiaries", "note"),
        "misura1_projects": ("project_title",),
        "misura2_facts": ("item", "project_title", "place", "note"),
        "welfare_aziendale_projects": ("project_title", "lead", "partners", "figures", "note"),
        "wa_fesr_acc_facts": ("item", "lead_body", "partners", "place", "figures", "period_note", "note"),
    }
    for table, shown in columns.items():
        frame = raw.load(table)
        for key, row in zip(frame.iloc[:, 0], measures.records(frame), strict=True):
            for column in shown:
                if row[column] is not None:
                    said = row_text(lang, table, key, column, row[column])
                    assert typographic(" ".join(said.split())) in text, (table, key, column)


def test_free_text_is_worded_not_quoted(pages):
    """Notes, items and figures are in English in the tables: the Italian pages word all of them."""
    columns = {
        "measures": ("beneficiaries", "note"),
        "misura1_projects": ("note",),
        "misura1_facts": ("item", "note"),
        "misura2_facts": ("item", "note"),
        "welfare_aziendale_projects": ("figures", "note"),
        "wa_fesr_acc_facts": ("item", "figures", "period_note", "note"),
        "district_projects": ("note",),
    }
    for table, worded in columns.items():
        frame = raw.load(table)
        for key, row in zip(frame.iloc[:, 0], measures.records(frame), strict=True):
            for column in worded:
                if row[column] is not None:
                    assert row_text("it", table, key, column), (table, key, column)
    entries = " ".join(e.text for key in ("M1", "WA") for e in soup(pages[key, "it"][0]).select("div.record"))
    for english in ("single source", "the lead", "not stated", "firms", "inferred from"):
        assert english not in entries


def test_every_confidence_has_its_words():
    tables = ("measures", "misura1_projects", "misura1_partners", "misura1_facts", "misura2_facts")
    tables += ("welfare_aziendale_projects", "wa_fesr_acc_facts")
    found = {c for t in tables for c in raw.load(t)["confidence"].dropna()}
    found |= {c for t in ("events", "strategy_acts") for c in of_measures(raw.load(t))["confidence"].dropna()}
    for lang in LANGS:
        for confidence in found:
            assert f"measure_confidence.{measures.confidence_key(confidence)}" in labels(lang), confidence


def of_measures(table):
    strands = [k for key in KEYS for k in measures.family(raw.load("measures"), key)]
    return table[table["strand"].isin(strands)]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("key", [*KEYS, "all"])
def test_every_sentence_with_a_number_leads_to_a_source(pages, key, lang):
    """Generated texts: a paragraph or item with a digit of data holds a link to the sources."""
    plain = re.compile(r"(?:Misura|Measure) [12]|D\.[GD]\.[RD]\. [\d-]+(/A\d+)?|Wecare3S|FSE ?\d|#WeCaRe|`[^`]*`")
    for bundle in pages[key, lang][0]:
        for block in re.split(r"\n(?=- )|\n\n", bundle.get("text/markdown", "")):
            text = plain.sub("", unescape(re.sub(r"\[[^]]*\]\([^)]*\)", "", block)))
            if re.search(r"\d", text) and not block.startswith("#"):
                assert re.search(r"\]\((\.\./metodo\.html#dati-|#S\d)", block), block


@pytest.mark.parametrize("lang", LANGS)
def test_every_entry_and_fact_names_its_sources(pages, lang):
    known = set(raw.load("sources")["source_id"])
    for key in KEYS:
        page = soup(pages[key, lang][0])
        listed = {a.text for a in page.select("#tbl-sources th a")}
        for piece in page.select("div.record, ul.measure-facts > li, ul.numbers > li"):
            links = {a.text for a in piece.select('a[href^="#S"]')}
            assert links and links <= known and links <= listed, piece.text[:80]


def test_the_map_colours_districts_by_quadrant_and_marks_the_22_towns(pages):
    (chart,) = [b[PLOTLY_MIME] for b in pages["M1", "it"][0] if PLOTLY_MIME in b]
    fills = [t["fillcolor"] for t in chart["data"] if t.get("fill") == "toself"]
    linked = raw.load("district_projects").merge(raw.load("misura1_projects"), on="project_id")
    expected = sorted([*linked["quadrant_id"].value_counts().tolist(), 30 - len(linked)])
    assert sorted(pd.Series(fills).value_counts().tolist()) == expected
    assert len(set(fills)) == 5
    towns = next(t for t in chart["data"] if len(t.get("x", [])) == 22 and t["mode"] == "markers")
    named = {t.split("</b>")[0].removeprefix("<b>") for t in towns["text"]}
    assert named == set(raw.load("misura1_projects")["capofila_town"])


def test_lead_towns_lie_in_the_districts_said_to_be_derived_from_them():
    comuni = raw.load("comune_distretto").set_index("istat")["distretto_id"]
    projects = raw.load("misura1_projects").set_index("project_id")["capofila_istat"]
    for row in raw.load("district_projects").query("status == 'derived'").itertuples():
        assert comuni[projects[row.project_id]] == row.distretto_id


def test_the_index_names_all_measures_and_their_numbers(pages):
    table = next(b for b in pages["all", "it"][0] if "tbl-names" in b.get("text/html", ""))["text/csv"]
    rows = [line.split(",") for line in table.splitlines()]
    numbers = {row[0]: (row[2], row[3]) for row in rows[1:]}
    assert numbers["FESR: imprese sociali"] == ("3", "4") and numbers["Welfare aziendale"] == ("4", "3")
    assert numbers["Accompagnamento"] == ("", "")
    text = words(pages["all", "it"][0])
    assert "senza numero proprio" in text and "oltre 6 milioni di euro" in text and "circa 4 milioni di euro" in text


def test_unknown_is_never_zero(pages):
    for lang, state in zip(LANGS, ("Non disponibile nelle fonti", "Not available in the sources"), strict=True):
        for key in KEYS:
            for dd in soup(pages[key, lang][0]).find_all("dd"):
                assert dd.text.strip() not in ("0", "0 euro", "€0", ""), (key, dd.find_previous("dt").text)
        assert state in words(pages["FESR", lang][0])


def test_both_deadlines_and_both_sums_of_the_last_call_are_shown(pages):
    text = words(pages["WA", "it"][0])
    for part in ("27 febbraio 2020", "5 marzo 2020", "2,5 milioni", "circa 4 milioni", "0,3 milioni", "1,1 milioni"):
        assert part in text
    assert "Il legame con il bando non è confermato" in text


@pytest.mark.parametrize("lang", LANGS)
def test_a_district_words_the_lead_of_its_project(lang):
    text = words(show(district.DistrictReport("D10", lang), "wecare"))
    assert {"it": "oggi Consorzio Ovest Solidale", "en": "now Consorzio Ovest Solidale"}[lang] in text
    assert ") (" not in text


@pytest.mark.parametrize("key", KEYS)
def test_absence_is_said_in_one_line_of_a_sheet(pages, key):
    for entry in soup(show(MeasureReport(key), "sheet")).select("div.record"):
        terms = [dt.text for dt in entry.find_all("dt")]
        assert terms.count("Non disponibile nelle fonti") <= 1 and "n.d." not in entry.text
        absent = entry.find("dt", string="Non disponibile nelle fonti")
        if absent:
            assert not set(absent.find_next_sibling("dd").text.split("; ")) & set(terms)


def test_a_lead_inferred_from_the_town_is_said_to_be():
    projects = {p["project_id"]: p for p in measures.records(raw.load("misura1_projects"))}
    derived = {k for k, p in projects.items() if p["lead_ente_gestore"] and strategy.lead_status(p) == "derived"}
    assert derived == {f"M1-{n:02d}" for n in (2, 3, 6, 8, 10, 14, 17, 21)}
    titles = {k for k, p in projects.items() if p["title_status"] == "derived"}
    assert titles == {"M1-09", "M1-20"}


def test_an_entry_whose_identity_or_lead_is_inferred_says_so(pages):
    page = soup(pages["WA", "it"][0])
    assert page.find(id="wfa-09").find(class_="provenance").find(class_="status-derived")
    assert page.find(id="wap-04").find(class_="status-indicative")
    for key, derived in (("wap-01", 0), ("wap-02", 1), ("wap-03", 1)):
        assert len(page.find(id=key).dd.find_all(class_="status-derived")) == derived


@pytest.mark.parametrize("lang", LANGS)
def test_what_was_not_found_says_so(pages, lang):
    state = labels(lang)["state.not_known"]
    for key, row in (("WA", "wfa-15"), ("FESR", "wfa-20")):
        item = soup(pages[key, lang][0]).find(id=row)
        assert state in item.text and not item.find(class_="status-sourced")


@pytest.mark.parametrize("name", ["WA", "wa", "welfare-aziendale"])
def test_a_measure_is_found_by_key_or_slug(name):
    assert measures.find_measure(raw.load("measures"), name) == "WA"


def test_an_unknown_measure_gets_a_suggestion():
    with pytest.raises(WecareError, match="Did you mean misura-1"):
        measures.find_measure(raw.load("measures"), "misura-11")
    with pytest.raises(WecareError, match="There are M1"):
        measure_inputs("qqq")


def test_families_and_order():
    table = raw.load("measures")
    assert measures.family(table, "WA") == ["WA", "WA-ANI", "WA-DIS", "WA-PRO"]
    assert measures.family(table, "FESR") == ["FESR"]
    assert measures.in_order(table)["measure_id"].tolist() == [
        *("M1", "M2", "FESR", "WA", "WA-ANI", "WA-DIS", "WA-PRO", "ACC")
    ]


@pytest.mark.parametrize(
    ("confidence", "status"),
    [
        ("single source", "sourced"),
        ("conflict", "sourced"),
        ("derived from a single source", "derived"),
        ("year inferred", "derived"),
        ("call still not confirmed", "indicative"),
        (None, "sourced"),
    ],
)
def test_status_by_the_words_of_the_confidence(confidence, status):
    assert measures.status_of(confidence) == status


@given(st.text())
def test_a_confidence_key_can_stand_in_a_label(text):
    assert re.fullmatch(r"([a-z0-9]+(_[a-z0-9]+)*)?", measures.confidence_key(text))


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=40))
@pytest.mark.slow
def test_quadrants_hold_every_project_once(held):
    quadrants = pd.DataFrame({"quadrant_id": ["a", "b", "c"], "name": ["A", "B", "C"]})
    counted = measures.by_quadrant(pd.DataFrame({"quadrant_id": pd.Series(held, dtype="str")}), quadrants)
    assert sum(q["n"] for q in counted) == len(held)
    assert [q["n"] for q in counted] == sorted((held.count(k) for k in "abc"), reverse=True)


def test_records_are_plain():
    frame = pd.DataFrame(
        {
            "a": pd.array([1, None], dtype="Int64"),
            "b": pd.to_datetime(["2020-01-02", None]),
            "c": [("x", "y"), ()],
            "d": [1.5, float("nan")],
            "e": [4.0, None],
        }
    )
    assert measures.records(frame) == [
        {"a": 1, "b": "2020-01-02", "c": ["x", "y"], "d": 1.5, "e": 4},
        {"a": None, "b": None, "c": [], "d": None, "e": None},
    ]


def test_known_counts_what_sources_give():
    empty = dict.fromkeys(("project_title", "lead_ente_gestore", "amount_granted_eur"))
    none, some = empty | {"partners": [], "districts": []}, empty | {"partners": [1], "districts": []}
    named = some | {"project_title": "T"}
    assert measures.known_of([none, some, named]) == {
        **{"title": 1, "lead": 0, "partners": 2, "districts": 0, "amount": 0}
    }


@pytest.mark.slow
def test_inputs_hold_the_sources_of_what_is_shown():
    every = measures_inputs()
    shown = [(every.measures, every.sources)]
    shown += [(page.rows, page.sources) for page in map(measure_inputs, KEYS)]
    for rows, sources in shown:
        assert {i for row in rows for i in row["source_ids"]} <= set(sources["source_id"])


def test_a_map_without_groups_is_plain_ground_with_points():
    ground = processed.load("provinces")[["name", "geometry"]]
    points = ground.assign(geometry=ground.geometry.representative_point())
    chart = go.Figure(towns.grouped_map(ground, [None] * 8, {}, [""] * 8, points, ["p"] * 8, {"points": "P"}))
    fills = {t.fillcolor for t in chart.data if t.fill == "toself"}
    assert fills == {"#E8EDF2"} and sum(t.mode == "markers" for t in chart.data) == 1


def test_bars_stand_in_the_order_given():
    names = {"FSE": "f", "FESR": "g"}
    chart = go.Figure(budgets.budget_bars(["a", "b"], [1, 2], ["FSE", "FESR"], ["1", "2"], names))
    assert list(chart.layout.yaxis.categoryarray) == ["a", "b"] and list(chart.layout.yaxis.range) == [1.5, -0.5]
    assert [list(t.x) for t in chart.data] == [[1], [2]]
