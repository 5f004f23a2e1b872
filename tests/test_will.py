"""WILL: who took part, what sources say differently, who lives in the cities, and WILL beside WE.CA.RE."""

import re
from html import unescape

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st
from showing import pieces_of, show, words
from test_prose_render import BAD

from helpers import config
from helpers.data import processed, raw
from helpers.figures import journey, lanes, pyramids, reference_points
from helpers.figures.cities import roomy_point
from helpers.figures.exhibit import PLOTLY_MIME
from helpers.pages.wecare_will.inputs import wecare_will_inputs
from helpers.pages.wecare_will.page import DATASETS, DIMENSIONS, SIDES, UNKNOWN, WecareWill
from helpers.pages.will import inputs as inputs
from helpers.pages.will.page import Will
from helpers.pages.will_cities.page import WillCities
from helpers.prose import numbers
from helpers.prose.labels import label, row_texts
from helpers.subjects import will

PAGES = {"will": Will, "will_cities": WillCities, "wecare_will": WecareWill}


@pytest.fixture(scope="module")
def pages() -> dict[tuple[str, str], list[dict]]:
    return {
        (template, lang): show(PAGES[template](lang), *pieces_of(template))
        for template in PAGES
        for lang in config.LANGUAGES
    }


# ---- who took part


def test_eleven_cities_of_which_ten_joined_and_eight_finished():
    facts = inputs.will_inputs().facts
    assert (facts["n_cities"], facts["n_initial"], facts["n_nine"], facts["n_completed"]) == (11, 10, 9, 8)
    assert facts["n_both"] == 7 and facts["n_named"] == 12
    assert facts["by_state"]["joined_later"] == ["Monza"]
    assert facts["by_state"]["left_after_nine"] == ["Ravenna"]
    assert sorted(facts["by_state"]["left_before_nine"]) == ["Mantova", "Verona"]


def test_the_eight_are_those_the_presentation_names():
    named = "Bergamo, Como, Monza, Novara, Parma, Reggio Emilia, Padova, Rovigo"
    cities = raw.load("will_cities")
    assert set(cities.loc[cities["completed_8"], "city"]) == set(named.split(", "))


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=20))
@pytest.mark.slow
def test_every_city_gets_one_state_and_none_is_lost(flags):
    table = pd.DataFrame(flags, columns=list(will.STAGES)).assign(city=[str(n) for n in range(len(flags))])
    found = will.journeys(table)
    assert sorted(found["city"]) == sorted(table["city"])
    assert (found["state"].isin(["completed", "joined_later"]) == found["completed_8"]).all()
    order = found["state"].map(will.STATES.index)
    assert order.is_monotonic_increasing


@pytest.mark.parametrize("lang", config.LANGUAGES)
@pytest.mark.slow
def test_the_diagram_marks_each_city_in_each_list(pages, lang):
    chart = next(b[PLOTLY_MIME] for b in pages["will", lang] if PLOTLY_MIME in b)
    finished, left, absent = chart["data"]
    cities = raw.load("will_cities")
    full = sum(y is not None for trace in (finished, left) for y in trace["y"])
    assert full == int(cities[list(will.STAGES)].sum().sum()) == 27
    assert len(absent["y"]) == 33 - 27
    assert {y for y in left["y"] if y} == {"Ravenna", "Mantova", "Verona"}
    assert ("Monza" in absent["y"]) and chart["layout"]["yaxis"]["categoryarray"].count("Monza") == 1


# ---- every row is on a page, in both languages


@pytest.mark.parametrize("lang", config.LANGUAGES)
@pytest.mark.slow
def test_every_fact_is_on_a_page_with_its_sources(pages, lang):
    html = "".join(b.get("text/html", "") for t in ("will", "will_cities") for b in pages[t, lang])
    items = dict(re.findall(r'<li id="((?:WCF|WT|WP)-\d+)">(.*?)</li>', html, re.DOTALL))
    for table, key in (
        ("will_city_facts", "fact_id"),
        ("will_text", "item_id"),
        ("will_publications", "publication_id"),
    ):
        for row in raw.load(table).to_dict("records"):
            item = items[row[key]]
            for source in row["source_ids"] or ["dati-package"]:
                assert f"metodo.html#{source}" in item, row[key]
            if table == "will_city_facts" and pd.isna(row["value"]):
                assert label(lang, "state.not_known") in item


@pytest.mark.parametrize("lang", config.LANGUAGES)
def test_free_text_is_worded_for_every_row(lang):
    facts = raw.load("will_city_facts").set_index("fact_id")
    worded = row_texts(lang, "will_city_facts")
    for key, row in facts.iterrows():
        needed = {"item"} | ({"value"} & ({"value"} if isinstance(row["value"], str) else set()))
        assert needed <= set(worded[key]), key
    # A note that only says which source is meant by what is worded elsewhere may go; all others are told.
    assert {k for k, row in facts.iterrows() if isinstance(row["note"], str)} == {
        k for k, texts in worded.items() if "note" in texts
    }
    assert set(row_texts(lang, "will_text")) == set(raw.load("will_text")["item_id"])
    noted = raw.load("will_cities").set_index("city")["note"].dropna()
    assert set(row_texts(lang, "will_cities")) == set(noted.index)


def test_the_italian_account_is_that_of_the_table():
    worded = row_texts("it", "will_text")
    for row in raw.load("will_text").itertuples():
        assert worded[row.item_id]["text_it"] == row.text_it and worded[row.item_id]["title_it"] == row.title_it


def test_four_results_four_obstacles_five_conditions_each_in_order():
    texts = raw.load("will_text")
    counts = texts["kind"].value_counts()
    assert (counts["result"], counts["obstacle"], counts["condition"]) == (4, 4, 5)
    for _, group in texts.groupby("kind"):
        assert group["position"].tolist() == list(range(1, len(group) + 1))
    assert set(texts["source_ids"]) == {("S136",)}


@pytest.mark.parametrize("lang", config.LANGUAGES)
def test_each_conflict_is_shown(pages, lang):
    text = words(pages["will", lang])
    facts = raw.load("will_city_facts")
    html = "".join(b.get("text/html", "") for b in pages["will", lang])
    for key in facts.loc[facts["confidence"] == "conflict", "fact_id"]:
        assert f'id="{key}"' in html
    for name in ("Verona", "Cuneo", "Monza", "Novara"):
        assert name in text
    assert label(lang, "will_confidence.conflict").lower() in text.lower()


@pytest.mark.parametrize("lang", config.LANGUAGES)
@pytest.mark.parametrize("template", PAGES)
def test_pages_read_well(pages, template, lang):
    prose = [b["text/markdown"] for b in pages[template, lang] if set(b) == {"text/markdown", "text/plain"}]
    assert len(prose) >= 4
    for block in prose:
        cited = re.sub(r"\s?\[[^\]]*\]\([^)]*\"[^)]*\)", "", block)
        plain = unescape(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", cited)).replace("WE.CA.RE.", "WECARE")
        assert not BAD.search(plain.replace("ON!", "ON")), BAD.search(plain)


@pytest.mark.parametrize("template", PAGES)
def test_both_editions_have_the_same_pieces(pages, template):
    kinds = [[sorted(b) for b in pages[template, lang]] for lang in config.LANGUAGES]
    assert kinds[0] == kinds[1]


# ---- who lives there


@pytest.mark.slow
def test_people_of_each_city_are_the_sums_of_the_raw_table():
    cities = inputs.will_inputs().cities.set_index("istat")["residents"]
    people = raw.load("population_will")
    for istat, group in people.groupby("istat"):
        assert cities[istat] == group["female"].sum() + group["male"].sum()
    profiles = inputs.will_cities_inputs().profiles.set_index("code")["residents"]
    assert profiles[cities.index].equals(cities.rename_axis("code"))


@pytest.mark.slow
def test_published_figures_hold():
    """ISTAT, 1 January 2022: the region; and Bergamo's own count of residents over 65, two years earlier."""
    profiles = inputs.will_cities_inputs().profiles.set_index("code")
    assert profiles.at["01", "residents"] == 4_256_350
    assert round(profiles.at["01", "old_age_index"], 1) == 219.9
    bergamo = profiles.loc["016024"]
    assert bergamo["share_65_plus"] == pytest.approx(0.25, abs=0.005)
    assert bergamo["share_65_plus"] * bergamo["residents"] == pytest.approx(28_800, rel=0.05)


@pytest.mark.slow
def test_novara_and_piedmont_have_the_same_profile_here_as_everywhere():
    profiles = inputs.will_cities_inputs().profiles.set_index("code")
    processed.ensure()
    novara = processed.load("comuni").set_index("code").loc["003106"]
    region = processed.load("region").iloc[0]
    for indicator in will.INDICATOR_IDS:
        assert profiles.at["003106", indicator] == pytest.approx(novara[indicator], rel=1e-12), indicator
        # Borders of the region come from another file, so its area is not the same to the last metre.
        assert profiles.at["01", indicator] == pytest.approx(
            region[indicator], abs=0.6 if indicator == "density" else 1e-9
        )


def test_a_profile_by_hand():
    people = pd.DataFrame(
        {"code": ["x"] * 4, "age": [5, 30, 70, 85], "female": [10, 30, 20, 5], "male": [10, 30, 10, 5]}
    )
    found = will.profiles(people, pd.Series({"x": 60.0}), "code").loc["x"]
    assert found["residents"] == 120 and found["density"] == 2.0
    assert found["old_age_index"] == 200.0
    assert found["share_65_plus"] == pytest.approx(40 / 120)
    assert "share_small_comuni" not in found


def test_cities_stand_inside_their_region():
    import shapely

    page = inputs.will_inputs()
    ground = page.ground.set_index("region")
    names = (
        raw.load("will_comuni")
        .set_index("istat")["region_code"]
        .map(raw.load("regions").set_index("region_code")["name"])
    )
    for city in page.cities.itertuples():
        assert shapely.contains_xy(ground.at[names[city.istat], "geometry"], city.x, city.y), city.city
    assert ground["own"].sum() == page.facts["n_regions"] == 4


@pytest.mark.parametrize("lang", config.LANGUAGES)
def test_every_city_has_its_card_and_its_pyramid(pages, lang):
    outputs = pages["will_cities", lang]
    headings = [b["text/markdown"] for b in outputs if b.get("text/markdown", "").startswith("### ")]
    cities = raw.load("will_cities")["city"].tolist()
    assert sorted(headings) == sorted(f"### {city}" for city in [*cities, "Cuneo"])
    charts = [b[PLOTLY_MIME] for b in outputs if PLOTLY_MIME in b]
    titles = [a["text"] for a in charts[-1]["layout"]["annotations"]]
    assert sorted(titles) == sorted(cities)


# ---- the comparison


@pytest.mark.parametrize("lang", config.LANGUAGES)
def test_every_cell_says_where_it_comes_from_or_that_it_is_not_known(pages, lang):
    table = next(b["text/html"] for b in pages["wecare_will", lang] if "tbl-wecare-will" in b.get("text/html", ""))
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    assert len(rows) == len(DIMENSIONS)
    for dimension, row in zip(DIMENSIONS, rows, strict=True):
        cells = re.findall(r"<td>(.*?)</td>", row, re.DOTALL)
        for side, cell in zip(SIDES, cells, strict=True):
            known = f"{dimension}.{side}" not in UNKNOWN
            assert ("metodo.html#" in cell) is known
            assert ("not-known" in cell) is not known
            assert len(re.sub(r"<[^>]+>", "", cell)) > 40


def test_what_is_compared_matches_the_tables():
    page = wecare_will_inputs()
    facts, sources = page.facts, page.sources
    assert set(sources) == {f"{d}.{side}" for d in DIMENSIONS for side in SIDES}
    assert {cell for cell, ids in sources.items() if not ids} == set(UNKNOWN) | {"population.wecare", "population.will"}
    assert set(DATASETS) | {c for c, ids in sources.items() if ids} | set(UNKNOWN) == set(sources)
    assert {i for ids in sources.values() for i in ids} <= set(raw.load("sources")["source_id"])
    assert (facts["wa_beneficiaries"], facts["wa_enterprises"]) == (38, 176)
    assert facts["residents_completed"] == 1_048_373 and facts["residents_all"] == 1_508_635
    assert sum(facts["by_region"].values()) == 8 and facts["by_region"]["Lombardia"] == 3
    assert facts["town"]["n_comuni"] == 1 and facts["town"]["slug"] == "novara"


@pytest.mark.parametrize("cell", ["duration.wecare", "outcome.wecare", "object.will"])
def test_what_a_cell_says_in_words_is_what_the_tables_say(cell):
    events = raw.load("events").set_index("event_id")["date"]
    facts = raw.load("will_city_facts").set_index("fact_id")
    text = WecareWill("en")._said(cell)
    expected = {
        "duration.wecare": [str(pd.Timestamp(events[e]).year) for e in ("EV-05", "EV-56", "EV-58")],
        "outcome.wecare": [raw.load("misura1_facts").set_index("fact_id").at["M1F-12", "value"], "22", "33"],
        "object.will": ["two cities"] if (facts["item"].eq("theme") & facts["value"].notna()).sum() == 2 else [],
    }[cell]
    assert expected and all(part in text for part in expected)


def test_dates_are_those_of_the_events():
    text = WecareWill("it")._said("duration.wecare")
    events = raw.load("events").set_index("event_id")["date"]
    for event in ("EV-05", "EV-10", "EV-56", "EV-58"):
        assert numbers.date(events[event], "day", "it") in text


def test_no_page_says_that_one_thing_caused_another(pages):
    causal = r"\b(grazie a|ha causato|ha prodotto|effetto di|dovut[oa] a|thanks to|caused|led to|due to)\b"
    for outputs in pages.values():
        assert not re.search(causal, words(outputs), re.IGNORECASE)


# ---- the figures


def test_drawn_days():
    assert lanes.drawn_day("2019-01-23", "day") == "2019-01-23"
    assert lanes.drawn_day("2019-autumn", "season") == "2019-10-31"
    assert lanes.drawn_day("2018-10", "month") == "2018-10-15"
    assert lanes.drawn_day("2015", "year") == "2015-07-01"


def test_a_name_is_written_away_from_border_and_towns():
    import shapely

    towns = pd.DataFrame({"x": [10.0], "y": [50.0]})
    x, y = roomy_point(shapely.box(0, 0, 100, 100), towns)
    assert x > 30 and 10 < y < 90
    thin = shapely.box(0, 0, 100, 1e-6)
    x, y = roomy_point(thin, towns)
    assert 0 <= x <= 100


def test_against_draws_each_place_and_its_reference():
    chart = reference_points.against(["A", "B"], [1.0, 2.0], [3.0, 4.0], ["X", "Y"], str, ("place", "region"), str)
    _, references, values = chart["data"]
    assert values["x"] == [1.0, 2.0] and references["x"] == [3.0, 4.0]
    assert values["hovertext"][0] == "A: 1.0<br>X: 3.0"


@pytest.mark.slow
def test_pyramids_share_one_scale_and_draw_every_class():
    ages = inputs.will_cities_inputs().ages
    drawn = ages.rename(columns=lambda name: name.replace("region_", "reference_")).assign(place=ages["city"])
    chart = pyramids.pyramids(drawn, {"male": "M", "female": "F", "reference": "R"}, lambda v: f"{v:.1%}")
    go.Figure(chart)
    ranges = {tuple(axis["range"]) for key, axis in chart["layout"].items() if key.startswith("xaxis")}
    assert len(ranges) == 1
    bars = [trace for trace in chart["data"] if trace["type"] == "bar"]
    assert len(bars) == 2 * 11 and all(len(trace["x"]) == 20 for trace in bars)
    total = sum(float(np.abs(trace["x"]).sum()) for trace in bars)
    assert total == pytest.approx(1100, abs=2)


def test_journey_breaks_the_line_between_names():
    table = pd.DataFrame({"n": ["a", "b"], "one": [True, True], "two": [True, False]})
    chart = journey.journey(table, "n", {"one": "1", "two": "2"}, "two", ("in", "out", "-"), [["", ""], ["", ""]])
    done, left, absent = (trace["x"] for trace in chart["data"])
    assert done == ["1", "2", None] and left == ["1", None] and absent == ["2"]
