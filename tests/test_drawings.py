"""Every drawing of the site is what plotly.js makes of the same chart."""

from __future__ import annotations

import copy
import re
from xml.etree import ElementTree

import nbformat
import pandas as pd
import pytest
from chart_judge import NOISE, figures, judging, misplaced
from nbconvert import HTMLExporter

from helpers import config
from helpers.figures import spending
from helpers.figures.drawing import draw
from helpers.figures.text import text_width
from helpers.publish.drawn import NARROW, WIDE

pytestmark = pytest.mark.browser

#: One figure of each kind: the page and the name of the figure.
KINDS = {
    "map": ("distretti/asti", "map"),
    "pyramid": ("distretti/asti", "pyramid"),
    "marked strips": ("laboratorio/regioni", "regions-strips"),
    "ranking": ("distretti/index", "old-age-ranking"),
    "map of statuses": ("index", "projects-map"),
    "contributions": ("equita", "need-points"),
    "intervals": ("equita", "need-ranks"),
    "curves": ("equita", "concentration"),
    "stack": ("equita", "theil"),
    "ranking of dots": ("equita", "need-ranking"),
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
    "small multiples": ("come-cambia", "trends-residents"),
    "slopes": ("come-cambia", "trends-ageing"),
    "slopes of ranks": ("come-cambia", "trends-income"),
    "ranking of shares": ("come-cambia", "trends-minutes"),
    "quadrants": ("come-cambia", "trends-quadrants"),
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


def test_no_words_are_cut_or_over_others_in_any_drawing(charts):
    pictures = {(*key, width): draw(chart, width) for key, chart in charts.items() for width in (WIDE, NARROW)}
    lengths = {key: [text_width(word.text, word.size, word.bold) for word in p.words] for key, p in pictures.items()}
    found = {key: misplaced(picture, lengths[key]) for key, picture in pictures.items()}
    assert {key: wrong for key, wrong in found.items() if wrong} == {}


@pytest.mark.audit
def test_every_drawing_of_the_site_is_what_plotly_makes_of_it(charts, judge):
    wrong = {}
    for key, chart in charts.items():
        for width in (WIDE, NARROW):
            verdict = judge(chart, width)
            if verdict.pixels > NOISE or verdict.words:
                wrong[*key, width] = verdict
    assert wrong == {}


#: Of lines, bars and dots against a dark page.
CONTRAST = 3


def luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_no_mark_is_lost_on_a_dark_page(charts):
    css = (config.REPORTS / "assets/wecare.css").read_text()
    dark = css[css.index("prefers-color-scheme: dark") :]
    paper = luminance(re.search(r"--wecare-paper: (#\w{6})", dark)[1])
    named = dict(re.findall(r"(--wecare-[a-z-]+): (#\w{6})", dark))
    rules = re.findall(r'\[(fill|stroke)="(#\w{6})"\]\)+ \{ \w+: ([^;]+);', dark)
    given = {(form, old): new for form, old, new in rules}
    lost = set()
    for key, chart in charts.items():
        for group in ElementTree.fromstring(draw(chart, WIDE).svg()).iter():
            for mark in group.iter() if group.get("class") == "mark" else ():
                for form in ("fill", "stroke"):
                    colour = mark.get(form)
                    if colour in (None, "none") or colour.startswith("url("):
                        continue
                    shown = given.get((form, colour), colour)
                    shown = named[shown[4:-1]] if shown.startswith("var(") else shown
                    if (luminance(shown) + 0.05) / (paper + 0.05) < CONTRAST:
                        lost.add((form, colour, key[1]))
    assert lost == set()


def test_a_notebook_turned_into_a_page_by_hand_shows_every_figure(reported):
    path = reported.root / "reports/equita.ipynb"
    html, _ = HTMLExporter().from_notebook_node(nbformat.read(path, as_version=4))
    names = [name for page, name in figures(path.parent) if page == "equita"]
    assert len(names) > 5 and len(re.findall(r"<img[^>]*data:image/svg", html)) == len(names)
