"""Figures: what is drawn, what is said, and that data never become markup or a formula."""

import json
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from helpers.analysis.classes import COUNTS, SCHEMES, class_of, class_texts, inner_bounds
from helpers.data import csv_form
from helpers.figures import charts, exhibit, maps, tables
from helpers.figures.tables import Column

WORDS = exhibit.Words("Show", "CSV")
OF_CLASSES = {"up_to": "up to {high}", "between": "{low} to {high}", "from": "{low} and over", "only": "one value"}


def checked(chart: dict) -> go.Figure:
    """The chart as plotly's own objects, which refuse unknown properties and wrong values."""
    return go.Figure(chart)


def squares(n=3):
    shapes = [box(x * 10_000, 0, (x + 1) * 10_000, 10_000) for x in range(n)]
    return gpd.GeoDataFrame({"name": [f"C{x}" for x in range(n)]}, geometry=shapes, crs="EPSG:32632")


CLASSES = maps.Classes((1.0, 2.0), 0, ("#aa0000", "#00bb00", "#0000cc"), ("up to 1", "2", "3 and over"))


def test_values_fall_into_classes_whose_upper_bound_they_reach():
    assert CLASSES.index(pd.Series([0.5, 1.0, 1.5, 2.0, 3.0, None])).tolist() == [0, 0, 1, 1, 2, -1]


def test_every_area_is_drawn_with_the_colour_of_its_class():
    areas = squares()
    chart = checked(maps.choropleth(areas, pd.Series([0.5, 1.5, None]), CLASSES, ["a", "b", "c"], "missing"))
    filled = [t for t in chart.data if t.fill == "toself"]
    assert [t.fillcolor for t in filled] == ["#aa0000", "#00bb00", maps.theme.MISSING]
    assert [t.text for t in filled] == ["a", "b", "c"]
    assert [t.name for t in chart.data if t.showlegend is not False] == ["up to 1", "2", "3 and over", "missing"]


def test_a_hole_stays_open():
    ring = Polygon(box(0, 0, 10_000, 10_000).exterior, [box(4000, 4000, 6000, 6000).exterior])
    areas = gpd.GeoDataFrame({"name": ["x"]}, geometry=[ring], crs="EPSG:32632")
    chart = checked(maps.choropleth(areas, pd.Series([1.0]), CLASSES, ["x"], "missing"))
    (trace,) = [t for t in chart.data if t.fill == "toself"]
    gap = trace.x.index(None)
    outer = shapely.Polygon(zip(trace.x[:gap], trace.y[:gap], strict=True))
    inner = shapely.Polygon(zip(trace.x[gap + 1 :], trace.y[gap + 1 :], strict=True))
    # Opposite directions: the non-zero rule of SVG leaves the hole unfilled.
    assert outer.exterior.is_ccw != inner.exterior.is_ccw


def test_maps_ask_for_no_topology():
    chart = checked(maps.choropleth(squares(), pd.Series([1.0, 2.0, 3.0]), CLASSES, ["a", "b", "c"], "missing"))
    assert {t.type for t in chart.data} == {"scatter"}
    assert "geo" not in chart.to_plotly_json()["layout"]


def test_crowded_labels_give_way_to_more_important_ones():
    near = squares(20)
    chart = checked(maps.choropleth(near, pd.Series(range(20)), CLASSES, ["t"] * 20, "missing", labels=near))
    shown = [a.text for a in chart.layout.annotations]
    assert shown[0] == "C0"
    assert 1 < len(shown) < 20


@given(st.lists(st.floats(0, 1), min_size=5, max_size=50, unique=True))
def test_classes_cover_every_value(values):
    series = pd.Series(values)
    classes = maps.classes(inner_bounds(series, 3), 3, str, OF_CLASSES)
    index = classes.index(series)
    assert index.min() >= 0
    assert index.max() < len(classes.colours)
    assert len(classes.colours) == len(classes.labels) == len(classes.bounds) + 1


NUMBER = re.compile(r"-?\d+")


@given(
    st.lists(st.integers(-9_999, 9_999), min_size=2, max_size=40),
    st.sampled_from(list(SCHEMES)),
    st.sampled_from(COUNTS),
    st.integers(0, 3),
)
@pytest.mark.slow
def test_a_legend_puts_every_printed_value_into_one_class_the_one_whose_colour_it_has(whole, scheme, k, decimals):
    """Classes of 10–20 and 20–30 would leave a reader who looks up 20 without an answer."""
    values = pd.Series(whole, dtype=float) / 10**decimals
    bounds = inner_bounds(values, decimals, scheme, k)
    show = lambda v: str(round(v * 10**decimals))  # noqa: E731
    texts = class_texts(bounds, decimals, show, OF_CLASSES)
    ends = [[int(n) for n in NUMBER.findall(text)] for text in texts]
    if not bounds:
        assert texts == [OF_CLASSES["only"]]
        return
    low, high = [-(10**9), *(e[0] for e in ends[1:])], [*(e[-1] for e in ends[:-1]), 10**9]
    for value, found in zip(whole, class_of(values, bounds, decimals), strict=True):
        assert [low[n] <= value <= high[n] for n in range(len(texts))] == [n == found for n in range(len(texts))]


def test_a_value_is_classed_as_it_is_printed():
    assert class_of([0.2444, 0.2446, 0.245], [0.244], 3) == [0, 1, 1]


@given(st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 9999)), min_size=101, max_size=101))
@pytest.mark.slow
def test_pyramid_classes_keep_every_person(people):
    ages = pd.DataFrame(people, columns=["female", "male"]).assign(age=range(101))
    table = charts.age_classes(ages)
    assert len(table) == 20
    assert table[["female", "male"]].to_numpy().sum() == ages[["female", "male"]].to_numpy().sum()


def test_pyramid_shares_sum_to_one():
    ages = pd.DataFrame({"age": range(101), "female": 3, "male": 2})
    table = charts.age_classes(ages)
    assert table["female_share"].sum() + table["male_share"].sum() == pytest.approx(1)
    assert charts.class_label(95) == "95+"


def test_text_from_data_never_becomes_markup():
    frame = pd.DataFrame({"a": ["<script>alert(1)</script>", 'x" onmouseover="y'], "b": [1.0, None]})
    html = tables.html_table(frame, [Column("a", "<b>"), Column("b", "B", show=lambda v: "—" if v is None else str(v))])
    assert "<script" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html
    assert "—" in html


@given(st.text(min_size=1))
def test_csv_cells_are_no_formulas_and_survive_the_round_trip(text):
    import csv
    import io

    frame = pd.DataFrame({"a": [text]})
    (header, row) = csv.reader(io.StringIO(tables.csv_text(frame, [Column("a", "A")]), newline=""))
    assert header == ["a"]
    assert not row[0].startswith(("=", "+", "-", "@", "\t"))
    assert csv_form.unmark(row[0]) == text.replace("\r\n", "\n").replace("\r", "\n")


def test_csv_keeps_zero_and_missing_apart():
    frame = pd.DataFrame({"a": [0.0, None], "b": ["x", None]})
    assert tables.csv_text(frame, [Column("a", "A"), Column("b", "B")]) == "a,b\n0.0,x\n,\n"


def test_a_figure_comes_with_caption_alternative_table_and_csv():
    areas = squares()
    chart = maps.choropleth(areas, pd.Series([0.5, 1.5, 2.5]), CLASSES, ["a", "b", "c"], "missing")
    frame = areas.drop(columns="geometry")
    figure = exhibit.Figure("map", "Message <", 'Alt "', chart, frame, [Column("name", "Name")], WORDS)
    (drawn, metadata), (said, _) = figure.outputs()
    assert metadata == {"wecare": {"figure": "map"}}
    json.dumps(drawn[exhibit.PLOTLY_MIME], allow_nan=False)
    html = said["text/html"]
    assert "Message &lt;" in html
    assert 'aria-label="Alt &#34;"' in html
    assert re.findall(r"<td>(C\d)</td>", html) == ["C0", "C1", "C2"]
    assert said["text/csv"].splitlines() == ["name", "C0", "C1", "C2"]


def test_strips_mark_groups_on_the_scale_of_each_indicator():
    table = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [1.0, 10.0, 100.0]}, index=["D1", "D2", "D3"])
    names = pd.Series({"D1": "One", "D2": "Two", "D3": "Three"})
    groups, labels, reference = {"o": ["D1", "D3"], "Two": ["D2"]}, {"x": "X", "y": "Y"}, pd.Series({"x": 1.5, "y": 10})
    show = dict.fromkeys(labels, str)
    chart = checked(charts.marked_strips(table, groups, labels, names, show, reference, "R", logarithmic=["y"]))
    marked = next(t for t in chart.data if t.name == "Two")
    assert marked.x == (0.5, 0.5)
    assert marked.hovertext == ("Two: 2.0", "Two: 10.0")


@given(st.lists(st.floats(0, 1000).map(lambda value: round(value, 6)), min_size=12, max_size=60))
@pytest.mark.slow
def test_bounds_are_those_of_mapclassify(values):
    import mapclassify

    if len(set(values)) < 6:
        return
    bins = np.unique(np.round(mapclassify.Quantiles(np.array(values), k=5).bins[:-1], 6))
    # A bound at the highest value would separate nothing.
    assert inner_bounds(pd.Series(values), 6) == pytest.approx(bins[bins < max(values)], abs=1e-5)


def test_the_outline_of_a_pyramid_runs_along_the_bars():
    """Each class's share holds over all its years: at no age does the line stand between two shares."""
    own = charts.age_classes(pd.DataFrame({"age": range(101), "female": 1.0, "male": 1.0}))
    words = {"male": "M", "female": "F", "age": "age"}
    figure = charts.pyramid(own, own, ("here", "there"), words, "{:.1%}".format)
    bars = {trace["name"]: trace for trace in figure["data"] if trace["type"] == "bar"}
    lines = [trace for trace in figure["data"] if trace["type"] == "scatter"]
    assert len(lines) == 2 and not any("shape" in trace["line"] for trace in lines)
    for bar, line in zip(bars.values(), lines, strict=True):
        assert line["x"][::2] == line["x"][1::2] == bar["x"]
        middles = [(low + high) / 2 for low, high in zip(line["y"][::2], line["y"][1::2], strict=True)]
        assert middles == bar["y"] and line["y"][0] == 0 and line["y"][-1] == 100
        assert line["y"][1:-1:2] == line["y"][2::2]
