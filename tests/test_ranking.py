"""Rankings: every row once, the highest first, bars and words that agree; pairs share one table."""

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.figures import exhibit
from helpers.figures.ranking import ranking
from helpers.figures.tables import Column
from helpers.pages.common.facts import _holding_half
from helpers.prose.render import render_text

WORDS = exhibit.Words("Show", "CSV")
FRAME = pd.DataFrame({"name": ["a", "b"], "v": [2.0, 1.0], "code": ["D02", "D01"]})
COLUMNS = [Column("name", "Name", row_header=True), Column("v", "V", numeric=True)]


def chart(**more):
    return ranking(FRAME[["v"]], ["#0066CC"], FRAME["name"], ["2,0", "1,0"], ["A", "B"], ["a.html", "b.html"], **more)


def figure(name, frame=FRAME, places=None):
    return exhibit.Figure(name, "Caption", "Alt", chart(), frame, COLUMNS, WORDS, places=places)


def test_one_bar_per_row_and_one_trace_that_answers_for_it():
    made = go.Figure(chart(reference=(1.5, "mean")))
    bars, told, line = made.data
    assert list(bars.x) == [2.0, 1.0] and [text.strip() for text in told.text] == ["2,0", "1,0"]
    assert set(told.x) == {2.0}
    assert list(bars.y) == list(told.y) == [0, 1]
    assert list(told.customdata) == ["a.html", "b.html"] and bars.hoverinfo == line.hoverinfo == "skip"
    low, high = made.layout.yaxis.range
    assert low > high, "the first row stands at the top"
    assert made.layout.xaxis.range[0] == 0
    assert [n.text for n in made.layout.annotations] == ["mean"]


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=40))
@pytest.mark.slow
def test_parts_of_a_bar_add_up_to_the_value_beside_it(parts):
    frame = pd.DataFrame(parts, columns=["one", "two"])
    words = [str(n) for n in frame.sum(axis=1)]
    made = ranking(frame, ["#000000", "#ffffff"], words, words, words, legend=["one", "two"])
    one, two, told = made["data"]
    sums = [a + b for a, b in zip(one["x"], two["x"], strict=True)]
    assert [int(text) for text in told["text"]] == sums
    low, high = made["layout"]["xaxis"]["range"]
    assert low == 0 and set(told["x"]) == {max(sums)}
    assert max(sums) <= high <= 1.01 * max(sums), "the border of the longest bar is not cut"


def test_names_from_data_do_not_become_markup():
    made = ranking(FRAME[["v"]], ["#0066CC"], ["<b>", "&"], ["1", "2"], ["", ""], reference=(1, "<i>"))
    assert made["layout"]["yaxis"]["ticktext"] == ["&lt;b&gt;", "&amp;"]
    assert made["layout"]["annotations"][0]["text"] == "&lt;i&gt;"


def test_a_pair_is_two_charts_and_one_piece_with_one_table():
    *charts, (bundle, _) = exhibit.Pair(figure("m"), figure("r", frame=None)).outputs()
    assert [metadata["wecare"]["figure"] for _, metadata in charts] == ["m", "r"]
    html = bundle["text/html"]
    assert html.count("<details") == html.count('href="csv:m"') == 1 and "csv:r" not in html
    assert html.count("<figcaption") == html.count('role="img"') == 2
    assert bundle["text/csv"].splitlines()[1:] == ["D02,a,2.0", "D01,b,1.0"]


def test_places_name_the_rows_of_the_table():
    places = exhibit.Places(FRAME["code"].tolist(), "data/districts.geojson")
    ((bundle, _), _) = figure("m", places=places).outputs()
    described = bundle[exhibit.PLOTLY_MIME]["places"]
    assert described == {"file": "site:data/districts.geojson", "key": "id", "ids": ["D02", "D01"]}
    points = exhibit.Places(["001272"], key="istat", points=[(7.686856, 45.070312)]).description()
    assert points == {"key": "istat", "ids": ["001272"], "points": [[7.68686, 45.07031]]}


@pytest.mark.parametrize(
    ("residents", "n"), [([60, 20, 20], 1), ([50, 30, 20], 1), ([49, 30, 21], 2), ([1, 1, 1, 1], 2), ([7], 1)]
)
def test_how_few_districts_hold_half_of_the_residents(residents, n):
    assert _holding_half(pd.Series(residents)) == n


@pytest.mark.parametrize(
    ("n_above", "lang", "text"),
    [
        (0, "it", "nessun distretto su 30 supera il valore"),
        (1, "it", "un distretto su 30 supera il valore"),
        (2, "it", "due distretti su 30 superano il valore"),
        (12, "it", "12 distretti su 30 superano il valore"),
        (0, "en", "none of the 30 districts are above"),
        (1, "en", "one of the 30 districts is above"),
        (12, "en", "12 of the 30 districts are above"),
    ],
)
def test_captions_agree_with_their_number(n_above, lang, text):
    facts = {"what": "X", "n": 30, "n_above": n_above, "reference": "il valore", "level": "1,0"}
    assert text in render_text("caption_ranking", lang, **facts)


def test_dots_begin_below_the_least_value_and_end_before_the_printed_ones():
    made = ranking(FRAME[["v"]], [["#000000", "#0066CC"]], FRAME["name"], ["2,0", "1,0"], ["A", "B"], dots=True)
    *dots, told = made["data"]
    assert [(d["type"], d["mode"], d["x"], d["marker"]["color"]) for d in dots] == [
        ("scatter", "markers", [2.0], "#000000"),
        ("scatter", "markers", [1.0], "#0066CC"),
    ]
    low, high = made["layout"]["xaxis"]["range"]
    assert 0 < low < 1 and high > 2 and set(told["x"]) == {high}
