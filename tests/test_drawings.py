"""Every drawing of the site is what plotly.js makes of the same chart."""

from __future__ import annotations

import copy

import pandas as pd
import pytest
from chart_judge import NOISE, figures, judging

from helpers.figures import spending
from helpers.publish.drawn import NARROW, WIDE

pytestmark = pytest.mark.browser

#: One figure of each kind: the page and the name of the figure.
KINDS = {
    "map": ("distretti/asti", "map"),
    "pyramid": ("distretti/asti", "pyramid"),
    "strips": ("distretti/asti", "strips"),
    "marked strips": ("laboratorio/regioni", "regions-strips"),
    "ranking": ("distretti/index", "old-age-ranking"),
    "ranking of parts": ("index", "districts-ranking"),
    "map of statuses": ("index", "districts-map"),
    "contributions": ("equita", "need-points"),
    "intervals": ("equita", "need-ranks"),
    "curves": ("equita", "concentration"),
    "stack": ("equita", "theil"),
    "funnel": ("equita", "funnel"),
    "pyramids": ("will/citta", "will-pyramids"),
    "references": ("will/citta", "will-people"),
    "journey": ("will/index", "will-journey"),
    "cities": ("will/index", "will-map"),
    "lanes": ("will/confronto", "wecare-will-time"),
    "map of categories": ("laboratorio/index", "patto-map"),
    "map with outlines": ("laboratorio/regioni", "regions-map"),
    "map of groups": ("misure/misura-1", "projects-map"),
    "budgets": ("misure/index", "budgets"),
    "flows": ("risorse", "flows"),
    "shares": ("strategia", "axes"),
    "gantt": ("cronologia", "rollout"),
}


@pytest.fixture(scope="module")
def judge(browser, tmp_path_factory):
    with judging(browser, tmp_path_factory.mktemp("judge")) as judge:
        yield judge


@pytest.fixture(scope="module")
def charts(reported):
    return figures(reported.root / "reports")


@pytest.mark.parametrize("kind", KINDS)
def test_a_drawing_is_what_plotly_makes_of_it(charts, judge, kind):
    for width in (WIDE, NARROW):
        verdict = judge(charts[KINDS[kind]], width)
        assert verdict.pixels <= NOISE and verdict.words == [], width


def test_every_kind_is_looked_at(charts):
    names = {name for _, name in KINDS.values()}
    builders = {_kind(charts[key]) for key in KINDS.values()}
    assert {name for (_, name), chart in charts.items() if name not in names and _kind(chart) not in builders} == set()


def _kind(chart):
    """What a chart is made of."""
    traces = {
        (t["type"], t.get("mode"), "fill" in t, "pattern" in str(t.get("fillpattern", ""))) for t in chart["data"]
    }
    axes = {
        (key[0], axis.get("type"), axis.get("visible", True)) for key, axis in chart["layout"].items() if "axis" in key
    }
    return frozenset(traces), frozenset(axes)


def test_spending_is_drawn_as_plotly_draws_it(judge):
    days = ["2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31"]
    table = pd.DataFrame(
        {"measure_id": ["M1"] * 4 + ["M2"] * 4, "date": days * 2, "paid_eur": [1e5, 4e5, 9e5, 1.2e6, 0, 2e5, 2e5, 5e5]}
    )
    words = ("granted", "benchmark", "thousands of euro")
    names = ["Asti", "Torino", "Cuneo"]
    show = lambda value: f"{value:g}"  # noqa: E731
    for chart in (
        spending.paid(table, {"M1": "Measure 1", "M2": "Measure 2"}, ["told"] * 8, "millions of euro", show),
        spending.against(names, [2e5, 8e5, 4e5], [3e5, 6e5, 5e5], ["told"] * 3, words, show),
    ):
        for width in (WIDE, NARROW):
            verdict = judge(chart, width)
            assert verdict.pixels <= NOISE and verdict.words == [], width


def longer(chart):
    chart["data"][0]["x"][5] *= 1.06


def without_outline(chart):
    chart["data"] = [trace for trace in chart["data"] if trace["type"] == "bar"]


def other_colour(chart):
    chart["data"][0]["marker"]["color"] = "#0077CC"


def moved_legend(chart):
    chart["layout"]["legend"]["x"] = 0.02


def without_grid(chart):
    chart["layout"]["xaxis"]["showgrid"] = False


def other_word(chart):
    chart["layout"]["yaxis"]["ticktext"][3] = "15–20"


def crowded(chart):
    chart["layout"]["yaxis"]["tickfont"] = {"size": 34}


@pytest.mark.parametrize(
    "change", [longer, without_outline, other_colour, moved_legend, without_grid, other_word, crowded]
)
def test_the_judge_sees_what_differs(charts, judge, change):
    chart = charts[KINDS["pyramid"]]
    other = copy.deepcopy(chart)
    change(other)
    verdict = judge(chart, WIDE, drawn=other)
    assert verdict.words if change in (other_word, crowded) else verdict.pixels > 2 * NOISE


def test_the_judge_sees_a_border_that_moved(charts, judge):
    chart = charts[KINDS["map"]]
    other = copy.deepcopy(chart)
    area = max((t for t in other["data"] if t.get("fill") == "toself"), key=lambda trace: len(trace["x"]))
    area["x"] = [x if x is None else x + 24 for x in area["x"]]
    assert judge(chart, WIDE, drawn=other).pixels > 2 * NOISE


@pytest.mark.audit
def test_every_drawing_of_the_site_is_what_plotly_makes_of_it(charts, judge):
    wrong = {}
    for key, chart in charts.items():
        for width in (WIDE, NARROW):
            verdict = judge(chart, width)
            if verdict.pixels > NOISE or verdict.words:
                wrong[*key, width] = verdict
    assert wrong == {}
