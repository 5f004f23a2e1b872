"""The explorer of a notebook: every control changes what it says, and the code it shows makes the same."""

import ast
import threading
from types import SimpleNamespace

import pytest

import helpers as we
from helpers.desk import explore
from helpers.desk.choices import Choice, code_of, frame_of, views_of, years_of
from helpers.errors import InputError


@pytest.fixture(scope="module")
def explorer():
    return we.explore("old_age_index", "density")


def colours(chart):
    return [trace["fillcolor"] for trace in chart["data"] if trace.get("fill") == "toself"]


def drawn(chart):
    """What a chart shows: colours of areas, and all texts."""
    data = [trace if isinstance(trace, dict) else trace.to_plotly_json() for trace in chart["data"]]
    return [
        (trace.get("fillcolor"), _plain(trace.get("text")), trace.get("name"), _plain(trace.get("hovertext")))
        for trace in data
    ]


def _plain(texts):
    return [str(text) for text in texts] if isinstance(texts, (list, tuple)) else str(texts)


@pytest.mark.slow
def test_the_first_charts_are_whole_when_they_are_made():
    # What is changed before a browser shows it may be lost.
    charts = we.explore("income", "density", place="Cuneo").charts
    assert len(charts) == 4
    for chart in charts.values():
        state = chart.get_state()
        assert len(state["_widget_data"]) == len(chart.data) > 0 and state["_widget_layout"]["width"]
        assert not state["_py2js_addTraces"] and not state["_py2js_relayout"]


@pytest.mark.slow
def test_a_control_moved_while_another_one_is_followed_is_followed_too(monkeypatch):
    """JupyterLab may hand two changes to two threads."""
    explorer, begun, go = we.explore("income_per_taxpayer", "density"), threading.Event(), threading.Event()

    def waiting(*given):
        begun.set()
        assert go.wait(60)
        return views_of(*given)

    monkeypatch.setattr(explore, "views_of", waiting)
    first, second = (
        threading.Thread(target=setattr, args=(explorer.controls[name], "value", value))
        for name, value in (("year", 2010), ("classes", 4))
    )
    first.start()
    assert begun.wait(60)
    second.start()
    second.join(0.5)
    go.set()
    first.join(60)
    second.join(60)
    assert (explorer.choice.year, explorer.choice.classes) == (2010, 4)


STEPS = [
    ("indicator", "income_per_taxpayer"),
    ("year", 2010),
    ("classes", 4),
    ("focus", "D12"),
    ("versus", "share_65_plus"),
    ("scheme", "equal"),
    ("year", 0),
    ("place", "D12"),
    ("focus", "004078"),
    ("year", 2015),
    ("indicator", "density"),
    ("place", ""),
]


@pytest.mark.slow
def test_controls_drive_all_charts_and_stay_in_step(explorer):
    before = None
    for control, value in STEPS:
        explorer.controls[control].value = value
        assert getattr(explorer.choice, control) == value
        made = views_of(explorer.choice)
        assert made.keys() == explorer.views.keys()
        for name, view in made.items():
            assert drawn(explorer.charts[name]) == drawn(view.described()), (control, name)
        assert {name: control.value for name, control in explorer.controls.items()} == {
            name: getattr(explorer.choice, name) for name in explorer.controls
        }
        shown = list(explorer.grid.children)
        assert shown == [explorer.charts[name] for name in ("map", "rank", "scatter", "trend") if name in made]
        now = [drawn(explorer.charts[name]) for name in made], explorer.choice.focus
        assert now != before, control
        before = now


@pytest.mark.slow
def test_a_change_of_place_forgets_what_only_the_other_had(explorer):
    explorer.controls["scheme"].value = "natural"
    explorer.controls["place"].value = "D01"
    assert explorer.choice.scheme == "quantiles" and "natural" not in dict(explorer.controls["scheme"].options).values()
    explorer.controls["indicator"].value = "income_per_taxpayer"
    explorer.controls["focus"].value = "005005"
    explorer.controls["year"].value = 2012
    explorer.controls["place"].value = ""
    assert (explorer.choice.focus, explorer.choice.year) == ("", 0)
    assert explorer.controls["focus"].value == "" and len(explorer.views["map"].frame) == 30


@pytest.mark.slow
def test_the_colours_of_two_years_compare(explorer):
    made = [views_of(Choice(indicator="income_per_taxpayer", year=year))["map"].description for year in (2008, 2024)]
    legends = [[trace["name"] for trace in chart["data"] if trace.get("name")] for chart in made]
    assert legends[0] == legends[1] and len(legends[0]) == 5
    assert colours(made[0]) != colours(made[1])


def test_a_click_marks_the_place_everywhere(explorer):
    explorer.controls["place"].value = ""
    codes = explorer.views["rank"].frame["district"].tolist()
    explorer._marking(codes)(None, SimpleNamespace(point_inds=[2]), None)
    assert explorer.choice.focus == codes[2] == explorer.controls["focus"].value
    wide = [trace.line.width for trace in explorer._areas()]
    places = explorer.views["map"].frame["district"].tolist()
    assert [code for code, width in zip(places, wide, strict=True) if width > 1] == [codes[2]]


@pytest.mark.slow
def test_the_table_has_the_values_of_the_year(explorer):
    explorer.controls["place"].value = ""
    explorer.controls["indicator"].value = "income_per_taxpayer"
    explorer.controls["year"].value = 2008
    highest = frame_of(explorer.choice)["income_per_taxpayer"].max()
    site = we.series("income_per_taxpayer").query("year == 2008")["value"].max()
    assert highest == site and f"{site:,.0f}".replace(",", ".") in explorer.table.value


@pytest.mark.parametrize(
    "choice",
    [
        Choice(),
        Choice(scheme="equal", classes=6, lang="en"),
        Choice(place="D12", indicator="density", versus="share_65_plus"),
        Choice(indicator="income_per_taxpayer", year=2010, classes=4, focus="D12"),
        Choice(place="D01", indicator="income_per_taxpayer", year=2015, focus="005005"),
    ],
    ids=str,
)
@pytest.mark.slow
def test_the_code_shown_makes_the_same_charts(choice):
    tree, space, made = ast.parse(code_of(choice)), {}, []
    for line in tree.body:
        if isinstance(line, ast.Expr):
            made.append(eval(compile(ast.Expression(line.value), "cell", "eval"), space))
        else:
            exec(compile(ast.Module([line], []), "cell", "exec"), space)
    views = views_of(choice)
    assert len(made) == (4 if choice.focus and years_of(choice) else 3)
    for own, name in zip(made, views, strict=False):
        assert drawn(own.description) == drawn(views[name].description), name


def test_the_button_shows_and_hides_the_code(explorer):
    explorer.button.click()
    assert "we.map(frame" in explorer.code.value
    explorer.controls["indicator"].value = "old_age_index"
    assert "old_age_index" in explorer.code.value
    explorer.button.click()
    assert explorer.code.value == ""


@pytest.mark.parametrize(("given", "said"), [({"indicator": "densty"}, "write density"), ({"place": "Cunoe"}, "Cuneo")])
def test_what_is_wrong_is_told(given, said):
    with pytest.raises(InputError, match=said):
        we.explore(**given)
