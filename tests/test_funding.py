"""Money: flows that add up, benchmarks that sum to the budget, grants counted once, bounds no truth escapes."""

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from showing import LEAKED, charts, words

from helpers.analysis import funding
from helpers.data import processed, raw
from helpers.figures import flows as drawing
from helpers.pages.resources.inputs import resources_inputs
from helpers.pages.resources.page import Resources
from helpers.subjects import strategy

EXACT = {"rel": 1e-9, "abs": 1e-6}

districts_of = st.lists(st.tuples(st.integers(1, 10**6), st.floats(50, 150)), min_size=1, max_size=40)


def frame(rows):
    return pd.Series([r[0] for r in rows], dtype="float64"), pd.Series([r[1] for r in rows])


# ---- flows


def test_flows_close_at_every_level():
    flows = resources_inputs().flows
    first, second = (flows[flows["level"] == level] for level in (1, 2))
    assert first.groupby("source")["amount_eur"].sum().to_dict() == {"FSE": 15e6, "FESR": 5e6}
    budgets = first.set_index("target")["amount_eur"]
    assert second.groupby("source")["amount_eur"].sum().to_dict() == budgets.to_dict()
    assert set(second["source"]) == {"M1", "ACC", "M2", "WA", "FESR"}


def test_a_call_without_a_known_amount_is_missing_and_what_is_left_is_marked_as_derived():
    flows = funding.flows(raw.load("measures")).set_index("target")
    assert pd.isna(flows.at["WA-ANI", "amount_eur"])
    assert flows.at["WA-rest", "amount_eur"] == 300_000 and flows.at["WA-rest", "status"] == "derived"


def test_every_measure_of_the_raw_table_is_in_the_flows():
    flows = resources_inputs().flows
    assert set(raw.load("measures")["measure_id"]) <= set(flows["target"])


def test_calls_above_their_measure_are_refused():
    measures = raw.load("measures")
    measures.loc[measures["measure_id"] == "WA-DIS", "budget_eur"] = 9_000_000
    with pytest.raises(ValueError, match="WA exceed its budget"):
        funding.flows(measures)


def test_the_diagram_draws_every_known_flow_to_scale():
    links = pd.DataFrame(
        {
            "level": [1, 1, 2, 2, 2],
            "source": ["A", "A", "m", "m", "n"],
            "target": ["m", "n", "c", "d", "e"],
            "amount": [3.0, 1.0, 2.0, float("nan"), 1.0],
        }
    )
    links.loc[2, "amount"] = 3.0
    names = {name: name for name in "Amncde"}
    figure = go.Figure(drawing.sankey(links, names, names))
    bars = {t.text: max(t.y) - min(t.y) for t in figure.data if t.fill == "toself" and len(t.x) == 5}
    assert bars == pytest.approx({"A": 4, "m": 3, "n": 1, "c": 3, "d": 0, "e": 1}, abs=2e-3)
    assert len(figure.layout.annotations) == 6
    # One ribbon per known flow; a dotted line where the amount is not known.
    assert sum(t.fill == "toself" and len(t.x) == 30 for t in figure.data) == 4
    assert sum(t.line.dash == "dot" and t.fill is None for t in figure.data) == 1


# ---- benchmarks


@given(districts_of, st.floats(1, 1e8), st.lists(st.floats(0, 1), min_size=3, max_size=3))
@pytest.mark.slow
def test_every_benchmark_sums_to_the_budget(rows, budget, parts):
    assume(sum(parts) > 0.01)
    mix = dict(zip(("equal", "residents", "need"), [p / sum(parts) for p in parts], strict=True))
    table = funding.benchmarks(*frame(rows), budget, mix)
    assert table.sum().tolist() == pytest.approx([budget] * 3)
    assert (table >= 0).all().all()


@given(districts_of)
@pytest.mark.slow
def test_at_equal_need_the_benchmark_by_need_is_that_by_residents(rows):
    residents, _ = frame(rows)
    table = funding.benchmarks(residents, pd.Series(100.0, index=residents.index), 1e6)
    assert table["need"].tolist() == pytest.approx(table["residents"].tolist())


@given(districts_of, st.data())
@pytest.mark.slow
def test_more_need_is_never_less_money(rows, data):
    residents, index = frame(rows)
    place = data.draw(st.integers(0, len(rows) - 1))
    more = index.copy()
    more[place] *= 1.2
    before, after = (funding.benchmarks(residents, i, 1e6) for i in (index, more))
    for name in ("need", "mix"):
        assert after[name][place] >= before[name][place] - 1e-6
    assert after["residents"].equals(before["residents"])


def test_benchmarks_of_a_hand_worked_case():
    table = funding.benchmarks(pd.Series([100, 300]), pd.Series([120.0, 80.0]), 1000)
    assert table["residents"].tolist() == pytest.approx([250, 750], **EXACT)
    assert table["need"].tolist() == pytest.approx([1000 / 3, 2000 / 3], **EXACT)
    assert table["mix"].tolist() == pytest.approx([100 + 125 + 100, 100 + 375 + 200], **EXACT)


def test_the_benchmark_by_residents_is_the_one_of_the_district_pages():
    money = processed.load("resources").set_index("code")
    residents = processed.load("districts").set_index("code")["residents"]
    expected = strategy.benchmark_by_residents(residents, 6_400_000)["total_eur"]
    assert money["residents_eur"].tolist() == pytest.approx(expected.tolist())


@pytest.mark.parametrize(
    "mix",
    [
        {"equal": 0.5, "residents": 0.5, "need": 0.5},
        {"equal": -0.5, "residents": 1.0, "need": 0.5},
        {"equal": 0.5, "residents": 0.5},
    ],
)
def test_a_mix_that_is_none_is_refused(mix):
    with pytest.raises(ValueError, match="sum to 1"):
        funding.benchmarks(pd.Series([1.0]), pd.Series([1.0]), 1, mix)


# ---- grants


DISTRICTS = pd.DataFrame({"residents": [100, 300, 200, 400]}, index=["D1", "D2", "D3", "D4"])
LINKS = pd.DataFrame({"distretto_id": ["D1", "D2", "D3"], "project_id": ["P1", "P1", "P2"]})


def resources(granted):
    index = pd.Series(100.0, index=DISTRICTS.index)
    return funding.resources(DISTRICTS, index, LINKS, pd.Series(granted), 1000.0)


def test_a_shared_grant_is_counted_once_and_marked_as_shared():
    table = resources({"P1": 800.0, "P2": 500.0})
    assert table["granted_eur"].tolist()[:3] == [200, 600, 500] and pd.isna(table.at["D4", "granted_eur"])
    assert table["granted_eur"].sum() == 1300
    assert table["project_eur"].tolist()[:3] == [800, 800, 500]
    assert table["granted_status"].tolist() == ["derived", "derived", "sourced", "not_known"]
    assert table["shared_by"].tolist()[:3] == [2, 2, 1]


def test_an_unknown_grant_is_missing_and_never_zero():
    table = resources({"P1": float("nan"), "P2": 0.0})
    assert table["granted_eur"].isna().tolist() == [True, True, False, True]
    assert table.at["D3", "granted_eur"] == 0 and table.at["D3", "granted_status"] == "sourced"


#: One district named twice in a project, one with two projects, and one that is not ours.
MORE = pd.DataFrame(
    {"distretto_id": ["D1", "D2", "D3", "D3", "D9", "D1"], "project_id": ["P1", "P1", "P2", "P3", "P2", "P1"]}
)


def test_a_hand_worked_table():
    granted = pd.Series({"P1": 800.0, "P2": 500.0, "P3": float("nan")})
    need = pd.Series([80.0, 120.0, 100.0, 100.0], index=DISTRICTS.index)
    table = funding.resources(DISTRICTS, need, MORE, granted, 1000.0)
    assert table["residents_eur"].tolist() == [100, 300, 200, 400]
    # Residents weighed by need are 8, 36, 20 and 40 of 104 thousand.
    assert table["need_eur"].tolist() == pytest.approx([1000 * n / 104 for n in (8, 36, 20, 40)])
    shares = zip(table["residents_eur"], table["need_eur"], strict=True)
    assert table["mix_eur"].tolist() == pytest.approx([0.2 * 250 + 0.5 * r + 0.3 * n for r, n in shares])
    assert table["project_id"].tolist()[:3] == ["P1", "P1", "P2;P3"] and pd.isna(table.at["D4", "project_id"])
    assert table["granted_eur"].tolist()[:3] == [200, 600, 500] and table["project_eur"].tolist()[:3] == [800, 800, 500]
    assert table["granted_by"].tolist()[:3] == ["grants"] * 3 and pd.isna(table.at["D4", "granted_by"])
    assert table.index.tolist() == DISTRICTS.index.tolist() and str(table["shared_by"].dtype) == "Int64"


def test_what_the_feed_says_fills_what_no_grant_says():
    granted = pd.Series({"P1": float("nan"), "P2": 500.0, "P3": 100.0})
    fed = pd.DataFrame(
        {"eur": [50.0, None, 7.0, 40.0], "status": ["derived", "derived", "derived", "sourced"]}, index=DISTRICTS.index
    )
    table = funding.resources(DISTRICTS, DISTRICTS["residents"], MORE, granted, 1000.0, None, fed)
    assert table["granted_eur"].fillna(-1).tolist() == [50, -1, 600, 40]
    assert table["granted_status"].tolist() == ["derived", "not_known", "sourced", "sourced"]
    assert table["granted_by"].fillna("").tolist() == ["feed", "", "grants", "feed"]


@pytest.mark.slow
@settings(max_examples=30)
@given(st.lists(st.floats(0, 1e6), min_size=22, max_size=22))
def test_no_grant_is_lost_or_counted_twice(amounts):
    districts = processed.load("districts").set_index("code")
    projects = raw.load("misura1_projects")["project_id"]
    table = funding.resources(
        districts,
        pd.Series(100.0, index=districts.index),
        raw.load("district_projects"),
        pd.Series(amounts, index=projects),
        6.4e6,
    )
    assert table["granted_eur"].sum() == pytest.approx(sum(amounts))
    assert table["granted_status"].value_counts().to_dict() == {"sourced": 21, "derived": 5, "not_known": 4}


def test_statistics_turn_to_grants_when_half_of_the_districts_are_known():
    assert funding.bases(resources({"P1": float("nan"), "P2": 500.0})) == funding.BENCHMARKS
    assert funding.bases(resources({"P1": 800.0, "P2": float("nan")})) == ("granted", *funding.BENCHMARKS)


def test_an_imported_grant_wins_and_its_rows_add_up():
    projects = pd.DataFrame({"project_id": ["P1", "P2", "P3"], "amount_granted_eur": [1, 2, None]})
    imported = pd.DataFrame({"project_id": ["P1", "P1"], "amount_eur": [10.0, 5.0]})
    found = funding.grants(projects, imported)
    assert found.to_dict() == pytest.approx({"P1": 15, "P2": 2, "P3": float("nan")}, nan_ok=True)
    assert funding.grants(projects)["P1"] == 1


def test_no_grant_is_known_today():
    assert processed.load("resources")["granted_eur"].isna().all()


# ---- bounds


def test_bounds_of_the_quadrants_worked_by_hand():
    projects = pd.Series({"torino": 10, "vco": 6, "cuneo": 5, "asti": 1})
    table = funding.grant_bounds(projects, 179_000, 867_000, 6e6, 6.5e6)
    assert table.loc["asti"].tolist() == [179_000, 867_000]
    assert table.loc["torino"].tolist() == [1_790_000, 6_500_000 - 12 * 179_000]
    assert table.loc["cuneo"].tolist() == [895_000, 6_500_000 - 17 * 179_000]


@given(st.lists(st.lists(st.floats(10, 100), min_size=1, max_size=6), min_size=1, max_size=5), st.floats(0, 50))
@pytest.mark.slow
def test_no_set_of_grants_that_agrees_with_what_is_known_falls_outside(groups, slack):
    every = [g for group in groups for g in group]
    count = pd.Series([len(g) for g in groups])
    table = funding.grant_bounds(count, min(every), max(every), sum(every) - slack, sum(every) + slack)
    for group, low, high in zip(groups, table["low_eur"], table["high_eur"], strict=True):
        assert low - 1e-6 <= sum(group) <= high + 1e-6


def test_contradictions_are_refused():
    with pytest.raises(ValueError, match="cannot sum"):
        funding.grant_bounds(pd.Series([2]), 10, 20, 50, 60)
    with pytest.raises(ValueError, match="smallest"):
        funding.grant_bounds(pd.Series([2]), 30, 20, 50, 60)


# ---- the page


SECTIONS = ("numbers", "brief", "flows", "grants", "bounds", "projects", "benchmarks", "downloads")


@pytest.mark.parametrize("known", [0, 1, 22])
@pytest.mark.parametrize("lang", ["it", "en"])
@pytest.mark.slow
def test_every_section_is_shown_whatever_is_known(shown, monkeypatch, lang, known):
    projects, read = raw.load("misura1_projects"), raw.load
    projects["amount_granted_eur"] = pd.Series([290_000] * known + [None] * (22 - known), dtype="Int64")
    monkeypatch.setattr(
        raw, "load", lambda name, *_, **given: projects if name == "misura1_projects" else read(name, **given)
    )
    page = Resources(lang)
    page.title()
    for section in SECTIONS:
        before = len(shown)
        getattr(page, section)()
        assert len(shown) > before, section
    charts(shown)
    text = words(shown)
    assert not LEAKED.search(text)
    for name in [*raw.load("districts")["name"], *projects["capofila_town"]]:
        assert name in text
    unpublished = {"it": "non pubblicato", "en": "not published"}[lang]
    # The table of projects says it of each one without a grant; the lists of what is not known may add to it.
    assert text.count(unpublished) >= 22 - known
    assert ("290.000 euro" in text or "€290,000" in text) is (known > 0)


@pytest.mark.slow
def test_a_shared_grant_is_shown_whole_and_as_shared(shown, monkeypatch):
    from helpers.data import analyses

    projects = raw.load("misura1_projects")
    projects["amount_granted_eur"] = pd.Series([290_000] * 22, dtype="Int64")
    comuni = processed.load("comuni").assign(area="")
    tables = processed.load("districts"), comuni, raw.load("district_projects"), projects, raw.load("measures")
    made = analyses.analyse(*tables)
    load, read = processed.load, raw.load
    monkeypatch.setattr(processed, "load", lambda name, folder=None: made[name] if name in made else load(name))
    monkeypatch.setattr(
        raw, "load", lambda name, *_, **given: projects if name == "misura1_projects" else read(name, **given)
    )
    page = Resources()
    page.benchmarks()
    table = next(b["text/html"] for b in shown if 'id="tbl-benchmarks"' in b.get("text/html", ""))
    assert table.count("290.000 euro, condiviso fra 5 distretti") == 5
    assert table.count("<td>290.000 euro</td>") == 21
    assert table.count("<td>n.d.</td>") == 4
    assert page.inputs.districts["granted_eur"].sum() == pytest.approx(22 * 290_000, abs=30)


def test_grants_that_contradict_the_totals_give_no_bounds(shown, monkeypatch):
    projects, read = raw.load("misura1_projects"), raw.load
    projects["amount_granted_eur"] = pd.Series([900_000] * 21 + [None], dtype="Int64")
    monkeypatch.setattr(
        raw, "load", lambda name, *_, **given: projects if name == "misura1_projects" else read(name, **given)
    )
    page = Resources()
    page.bounds()
    assert "non si accordano" in words(shown)


def test_another_mix_moves_the_mixed_benchmark_alone():
    usual, other = resources_inputs().districts, resources_inputs(0.0, 1.0, 0.0).districts
    assert other["mix_eur"].equals(other["residents_eur"]) and not usual["mix_eur"].equals(other["mix_eur"])
    assert usual["need_eur"].equals(other["need_eur"])


@pytest.mark.slow
def test_published_figures_stand_on_the_page(shown):
    page = Resources()
    for section in ("numbers", "flows", "grants", "bounds"):
        getattr(page, section)()
    text = words(shown)
    for figure in ("20 milioni", "6,4 milioni", "oltre 6 milioni", "179.000", "867.000 euro", "6,5 milioni", "300.000"):
        assert figure in text
    quadrants = resources_inputs().quadrants.set_index("quadrant_id")["projects"].to_dict()
    assert quadrants == {"torino": 10, "vco-vercelli-biella-novara": 6, "cuneo": 5, "asti-alessandria": 1}
