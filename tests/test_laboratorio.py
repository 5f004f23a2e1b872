"""The interregional laboratory: the pact, the good practices, the regions compared."""

import importlib
import re
from html import unescape

import geopandas as gpd
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
import shapely
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from showing import charts as charts_of
from showing import show, words

from helpers.analysis import people
from helpers.analysis.indicators import as_printed
from helpers.data import processed, raw
from helpers.declarations import INDICATORS
from helpers.figures import charts, italy
from helpers.pages.good_practices import page as good_practices
from helpers.pages.laboratorio import inputs as inputs
from helpers.pages.laboratorio import page as laboratorio
from helpers.pages.overview import inputs as region_inputs
from helpers.pages.regions import page as regions_page
from helpers.prose.apostrophes import typographic
from helpers.prose.labels import labels
from helpers.subjects import regions

LANGS = ("it", "en")
PAGES = {
    laboratorio.Laboratorio: (
        *("title", "numbers", "brief", "map", "pact", "forum", "timeline", "later", "others"),
        *("conflicts", "reuse", "limits", "downloads"),
    ),
    good_practices.GoodPractices: ("title", "brief", "comparison", "known_aspects", "cards", "limits", "downloads"),
    regions_page.Regions: ("title", "brief", "map", "strips", "pyramids", "table", "limits", "downloads"),
}
CITED = re.compile(r"metodo\.html#")


@pytest.fixture(scope="module")
def names():
    return raw.load("regions").set_index("region_code")["name"]


# ---- the regions and the pact


def test_seven_signatories_six_of_them_regions():
    facts = inputs.laboratorio_inputs().facts
    assert facts["n_signatories"] == 7
    assert facts["signatories"] == [
        *("Piemonte", "Toscana", "Molise", "Calabria", "Puglia", "Sardegna"),
        "Provincia autonoma di Trento",
    ]
    assert set(facts["presented"]) == {
        *("Piemonte", "Molise", "Puglia", "Sardegna", "Provincia autonoma di Trento"),
        *("Friuli-Venezia Giulia", "Lombardia"),
    }
    assert (facts["presented_conflict"], facts["signed_only"]) == (["Calabria"], ["Toscana"])


def test_every_region_has_one_role(names):
    table = regions.roles(raw.load("patto_regions"), names)
    assert table["role"].value_counts().to_dict() == {
        "none": 11,
        "signed_presented": 4,
        "presented": 2,
        "signed_conflict": 1,
        "signed": 1,
        "signed_part": 1,
    }
    assert table.loc["04", ["body", "role"]].tolist() == ["Provincia autonoma di Trento", "signed_part"]
    assert table.loc["06", "role"] == "presented"
    assert set(table["role"]) <= set(regions.ROLES) == set(laboratorio.LOOKS)


@pytest.mark.parametrize(
    ("part", "signatory", "presented", "expected"),
    [
        (False, True, "yes", "signed_presented"),
        (False, True, "conflict", "signed_conflict"),
        (False, True, None, "signed"),
        (False, False, "yes", "presented"),
        (False, False, np.nan, "none"),
        (True, True, "yes", "signed_part"),
        (True, False, "yes", "presented"),
    ],
)
def test_role_of_a_body(part, signatory, presented, expected):
    assert regions.role(part, signatory, presented) == expected


def test_profile_by_hand():
    ages = pd.DataFrame(
        {
            "region_code": ["01"] * 3 + ["02"] * 3,
            "age": [10, 40, 70] * 2,
            "female": [10, 20, 10, 5, 5, 15],
            "male": [10, 20, 10, 5, 5, 15],
        }
    )
    found = regions.profiles(ages)
    assert found.loc["01", ["residents", "old_age_index", "share_65_plus"]].tolist() == [80, 100.0, 0.25]
    # Italy from its own sums: 50 aged 65 and over, 30 up to 14; not the mean of 100 and 300.
    assert found.loc["IT", "old_age_index"] == pytest.approx(100 * 50 / 30)
    assert found.index.tolist() == ["01", "02", "IT"]


def test_what_is_not_counted_for_regions_is_left_out_and_not_zero():
    columns = set(regions.profiles(raw.load("population_regions")))
    assert not columns & {"density", "share_small_comuni", "area_km2", "residents_small_comuni"}
    assert columns == {*people.AGE_GROUPS, *regions.INDICATORS}
    others = [i for i in INDICATORS if i.id not in regions.INDICATORS]
    assert {"density", "share_small_comuni", "income_per_taxpayer", "residents_change"} <= {i.id for i in others}
    assert all(i.source != "population" or {"area_km2", "residents_small_comuni"} & {*i.counts} for i in others)


def test_published_values_of_2022():
    found = as_printed(regions.profiles(raw.load("population_regions")))
    # ISTAT, indicatori demografici, 1 January 2022.
    assert found.at["IT", "old_age_index"] == 187.6
    assert found.at["01", "old_age_index"] == 219.9
    assert found.at["01", "residents"] == 4_256_350
    processed.ensure()
    piedmont = as_printed(pd.DataFrame(processed.load("region").drop(columns="geometry"))).iloc[0]
    assert found.loc["01", list(regions.INDICATORS)].tolist() == piedmont[list(regions.INDICATORS)].tolist()


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from(["01", "02", "03"]), st.integers(0, 100), st.integers(0, 999), st.integers(0, 999)),
        min_size=1,
        max_size=30,
        unique_by=lambda row: row[:2],
    )
)
@pytest.mark.slow
def test_italy_is_the_sum_of_the_regions(rows):
    ages = pd.DataFrame(rows, columns=["region_code", "age", "female", "male"])
    found = regions.profiles(ages)
    groups = list(people.AGE_GROUPS)
    assert (found.drop(index="IT")[groups].sum() == found.loc["IT", groups]).all()
    assert found.at["IT", "residents"] == ages[["female", "male"]].to_numpy().sum()
    codes = [c for c in found.index if c != "IT"]
    if found.at["IT", "residents"]:
        assert regions.share_living_in(found, codes) == pytest.approx(1)


@pytest.mark.slow
def test_share_of_the_signatories_leaves_trento_out():
    facts = inputs.regions_inputs().facts
    population = raw.load("population_regions").set_index("region_code")
    signed = population.loc[["01", "09", "14", "16", "18", "20"], ["female", "male"]]
    assert facts["signed_residents"] == signed.to_numpy().sum() == 15_577_499
    assert round(facts["signed_share"], 3) == 0.264


# ---- figures


def squares():
    boxes = [shapely.box(x, 0, x + 1e5, 1e5) for x in (0, 1e5, 2e5)]
    return gpd.GeoDataFrame({"name": ["a", "b", "c"]}, geometry=boxes, index=["01", "02", "03"], crs="EPSG:32632")


def test_categories_are_told_by_pattern_and_each_stands_once_in_the_legend():
    looks = {"x": italy.Look("#000000", "/"), "y": italy.Look("#FFFFFF"), "z": italy.Look("#888888")}
    kinds = pd.Series(["x", "y", "x"], index=["01", "02", "03"])
    figure = go.Figure(italy.category_map(squares(), kinds, looks, {"x": "X", "y": "Y", "z": "Z"}, ["p", "q", "r"]))
    assert [(t.name, t.text, t.showlegend, t.fillpattern.shape) for t in figure.data] == [
        ("X", "p", True, "/"),
        ("X", "r", False, "/"),
        ("Y", "q", True, None),
    ]


def test_outlines_skip_islets_and_keep_every_marked_area():
    areas = squares()
    islet = shapely.box(0, 5e5, 1e3, 5.01e5)
    areas.loc["01", "geometry"] = shapely.union(areas.geometry["01"], islet)
    plain = {"data": [], "layout": {}}
    figure = go.Figure(italy.outline(plain, areas, [True, False, True], [False, False, True], ("yes", "part")))
    assert [(t.name, t.line.dash) for t in figure.data] == [("yes", "solid"), ("part", "dot")]
    assert None not in figure.data[0].x


def test_strips_place_lowest_and_highest_at_the_ends():
    table = pd.DataFrame({"old_age_index": [100.0, 150.0, 200.0]}, index=["a", "b", "c"])
    chart = charts.marked_strips(
        table,
        {"others": ["a"], "part": ["b"], "signed": ["c"]},
        {"old_age_index": "I"},
        pd.Series({"a": "A", "b": "B", "c": "C"}),
        {"old_age_index": str},
        pd.Series({"old_age_index": 125.0}),
        "all",
    )
    figure = go.Figure(chart)
    assert [t.x[0] for t in figure.data] == [0, 0.5, 1, 0.25]
    assert len({t.marker.symbol for t in figure.data}) == 4


@pytest.mark.slow
def test_the_classes_of_each_signatory_hold_all_its_residents():
    shares = inputs.regions_inputs().classes.groupby("code")[["female_share", "male_share"]].sum().sum(axis=1)
    assert np.allclose(shares, 1) and len(shares) == 7


# ---- pages


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.slow
def test_every_row_of_the_pact_is_on_its_page(lang):
    # Italian terms are glossed at their first use.
    text = words(show(laboratorio.Laboratorio(lang), *PAGES[laboratorio.Laboratorio]))
    text = text.replace(" (assessore)", "") if lang == "en" else text
    for item in raw.load("patto_text").itertuples():
        kept = getattr(item, f"title_{lang}") if item.kind not in ("objective",) else getattr(item, f"text_{lang}")
        assert kept.lower() in text.lower(), item.item_id
        if pd.notna(item.text_it):
            assert getattr(item, f"text_{lang}") in text or item.kind == "value", item.item_id
    page = laboratorio.Laboratorio(lang)
    for fact in raw.load("patto_facts").itertuples():
        value = None if pd.isna(fact.value) else fact.value
        assert typographic(page.row("patto_facts", fact.fact_id, "item", fact.item)) in text
        assert typographic(page.row("patto_facts", fact.fact_id, "value", value) or page.label("lab.not_found")) in text
    for region in raw.load("patto_regions")["region"]:
        assert typographic(region) in text
    for name in raw.load("regions")["name"]:
        assert typographic(name) in text


@pytest.mark.parametrize("lang", LANGS)
def test_every_practice_has_a_card(lang):
    html = show(good_practices.GoodPractices(lang), "cards")[-1]["text/html"]
    cards = html.split('<section class="practice-card">')[1:]
    practices = raw.load("good_practices")
    assert len(cards) == len(practices) == 8
    page = good_practices.GoodPractices(lang)
    for card, row in zip(cards, practices.itertuples(), strict=True):
        assert f'id="{row.practice_id.lower()}"' in card
        text = unescape(card)
        assert typographic(page.row("good_practices", row.practice_id, "practice", row.practice)) in text
        for source in row.source_ids:
            assert f"metodo.html#{source}" in card
        for aspect in good_practices.ASPECTS:
            said = page.aspect(row.practice_id, aspect)
            assert (said or page.label(f"lab.aspect.{aspect}").lower()) in text


@pytest.mark.parametrize("lang", LANGS)
def test_cards_hold_no_number_their_rows_do_not(lang):
    rows = raw.load("good_practices").set_index("practice_id")
    for key, text in labels(lang).items():
        if key.startswith("card.") and key.split(".")[1] in rows.index:
            held = set(re.findall(r"\d+", " ".join(map(str, rows.loc[key.split(".")[1]]))))
            assert set(re.findall(r"\d+", text)) <= held, key


def test_no_card_claims_evidence_or_transfer():
    """No source consulted has either; a label that says so must come with a source and change this test."""
    assert not [k for k in labels("it") if re.fullmatch(r"card\..*\.(evidence|transfer)", k)]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.slow
def test_regions_page_compares_all_twenty_and_marks_seven(lang):
    page = regions_page.Regions(lang)
    table = show(page, "table")[-1]["text/csv"]
    assert len(table.strip().splitlines()) == 22
    signed, part = labels(lang)["lab.signed.yes"], labels(lang)["lab.signed.part"]
    assert [table.count(f",{signed},"), table.count(f",{part},")] == [6, 1]
    (chart,) = charts_of(show(page, "pyramids"))
    bars = [t for t in chart["data"] if t["type"] == "bar"]
    assert len(bars) == 14 and all(len(t["x"]) == 20 for t in bars)
    titles = [a["text"] for a in chart["layout"]["annotations"]]
    assert titles == ["Piemonte", "Toscana", "Molise", "Puglia", "Calabria", "Sardegna", "Trentino-Alto Adige*"]


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("page", PAGES)
def test_numbers_in_texts_lead_to_their_source(page, lang):
    named = re.compile(r"D\.G\.R\. \S+|WE\.CA\.RE\.|^\d+\. |`[^`]*`|\(\S*\)|[Aa]rt\. 2")
    for name in PAGES[page][1:]:
        for bundle in show(page(lang), name):
            for block in re.split(r"\n+", bundle.get("text/markdown", "")):
                if not block.startswith("#") and re.search(r"\d", named.sub("", re.sub(r"\[.*?\]\(.*?\)", "", block))):
                    assert CITED.search(block), f"{name}: {block}"


# ---- what the guide to another region promises


def test_what_the_guide_names_exists():
    from helpers.cli.main import app, imports

    text = (ROOT / "docs/another-region.md").read_text(encoding="utf-8")
    commands = {c.name or c.callback.__name__ for c in app.registered_commands}
    assert set(re.findall(r"`wecare (\w+)", text)) - {"import"} <= commands
    assert "wecare import territory" in text and "territory" in {c.name for c in imports.registered_commands}
    paths = re.findall(r"`((?:data|src|_site)/[\w./]*)`", text)
    assert len(paths) > 3 and all((ROOT / path).exists() for path in paths if not path.startswith("_site"))
    listed = text[text.index("## The tables") : text.index("## The values")]
    assert set(re.findall(r"`([a-z0-9_]+)`", listed)) <= set(raw.tables())
    constants = re.findall(r"`(helpers\.[\w.]+)\.([A-Z_]+)`", text)
    assert len(constants) == 6
    assert all(hasattr(importlib.import_module(module), constant) for module, constant in constants)


def test_a_table_of_districts_without_doubts_replaces_ours(monkeypatch):
    """The official table has one status only: pages that count by status must not need the others."""
    processed.ensure()
    load = processed.load

    def official(level):
        table = load(level)
        return table.assign(status="sourced") if level == "comuni" else table

    before = region_inputs.region_inputs().districts
    monkeypatch.setattr(processed, "load", official)
    found = region_inputs.region_inputs().districts
    assert found["sourced"].tolist() == found["n_comuni"].tolist()
    assert found["residents_sourced"].tolist() == found["residents"].tolist()
    others = ["derived", "indicative", "residents_derived", "residents_indicative"]
    assert (found[others] == 0).to_numpy().all()
    told = ["geometry", "sourced", "residents_sourced", *others]
    assert_frame_equal(pd.DataFrame(found.drop(columns=told)), pd.DataFrame(before.drop(columns=told)))
