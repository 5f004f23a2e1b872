"""The drawing of a chart: where things stand, what is written, and that nothing from data becomes markup."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from helpers.figures import theme
from helpers.figures.drawing import draw
from helpers.figures.drawing.areas import outline
from helpers.figures.drawing.picture import paint
from helpers.figures.letters import WIDTHS
from helpers.figures.text import lines_of, text_width
from helpers.sheet.typeset import FONTS

FONT = Path(FONTS) / "titillium-web-latin-400-normal.ttf"


def bars(**layout):
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": [10, 40],
        "y": [0, 1],
        "marker": {"color": theme.BLUE},
        "name": "A",
    }
    base = theme.layout(
        200,
        barmode="overlay",
        bargap=0.5,
        xaxis=theme.axis(range=[0, 40], tickvals=[0, 20, 40], ticktext=["0", "20", "40"]),
        yaxis=theme.axis(range=[1.5, -0.5], tickvals=[0, 1], ticktext=["one", "two"]),
        margin={"l": 100, "r": 20, "t": 10, "b": 50},
        showlegend=False,
    )
    return {"data": [trace], "layout": base | layout}


def elements(svg, tag):
    return [e for e in ElementTree.fromstring(svg).iter() if e.tag.endswith("}" + tag)]


def test_letters_are_as_wide_as_the_font_says():
    font = TTFont(FONT)
    names, widths = font.getBestCmap(), font["hmtx"]
    assert {letter: width for width, letters in WIDTHS.items() for letter in letters} == {
        chr(code): widths[name][0] for code, name in names.items()
    }


@pytest.mark.parametrize(
    ("text", "size", "pixels"),
    # As Chromium measures them.
    [
        ("Indice di dipendenza", 14, 118.98),
        ("da 24,5% a 26,6%", 14, 99.8),
        ("Nizza Monferrato", 12, 87.91),
        ("San Damiano d'Asti", 12, 97.36),
        ("Villanova d'Asti", 12, 76.08),
    ],
)
def test_a_text_is_as_wide_as_a_browser_draws_it(text, size, pixels):
    assert text_width(text, size) == pytest.approx(pixels, abs=0.4)


def test_lines_of_a_text():
    assert lines_of("<b>a</b><br>b &amp; <i>c</i>") == [("a", True, False), ("b & c", False, True)]
    assert lines_of("a < b") == [("a < b", False, False)]


whole = st.integers(-5000, 5000)


@given(st.lists(st.lists(st.tuples(whole, whole), min_size=1, max_size=6), min_size=1, max_size=4))
def test_an_outline_gives_its_points_back(rings):
    x = [v for ring in rings for v in (*(p[0] for p in ring), None)][:-1]
    y = [v for ring in rings for v in (*(p[1] for p in ring), None)][:-1]
    found = []
    for ring in outline(x, y).split("M")[1:]:
        numbers = [int(n) for n in re.findall(r"-?\d+", ring)]
        at, points = (0, 0), []
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            at = (at[0] + dx, at[1] + dy)
            points.append((at[0], -at[1]))
        found.append(points)
    assert found == rings


def test_bars_stand_where_their_values_are():
    (path,) = elements(draw(bars(), 520).svg(), "path")[2:]
    # 400 pixels for 40, rows of 70 pixels, bars half of them.
    assert path.get("d") == "M100 27.5H200V62.5H100zM100 97.5H500V132.5H100z"


def test_words_stand_beside_and_under_the_axes():
    words = {word.text: word for word in draw(bars(), 520).words}
    assert (words["one"].x, words["one"].anchor) == (99, "end")
    assert words["one"].y == pytest.approx(45 + 0.35 * 14)
    assert (words["20"].x, words["20"].anchor) == (300, "middle")
    assert words["20"].y == pytest.approx(150 + 1 + 14)


def test_a_legend_wraps_where_it_has_no_room():
    chart = bars(showlegend=True)
    chart["data"] = [chart["data"][0] | {"name": f"A long name of a trace {n}"} for n in range(3)]
    rows = lambda width: len({word.y for word in draw(chart, width).words if "long" in word.text})  # noqa: E731
    assert [rows(900), rows(520), rows(300)] == [1, 2, 3]


def test_what_is_left_open_is_refused():
    for axis in ({"tickvals": [0]}, {"range": [0, 1]}):
        with pytest.raises(ValueError, match="The axis x does not say its"):
            draw(bars(xaxis=theme.axis(**axis)), 520)
    chart = bars()
    chart["data"][0]["orientation"] = "v"
    with pytest.raises(ValueError, match="horizontal"):
        draw(chart, 520)


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1))
@pytest.mark.slow
def test_texts_from_data_never_become_markup(text):
    chart = bars(showlegend=True)
    chart["data"][0]["name"] = f"{text}<script>alert(1)</script>"
    chart["layout"]["yaxis"]["ticktext"] = [text, '" onload="x']
    svg = draw(chart, 520).svg(alt=text)
    root = ElementTree.fromstring(svg)
    allowed = {"svg", "g", "path", "text", "rect", "defs"}
    assert {e.tag.split("}")[1] for e in root.iter()} <= allowed
    assert not [name for e in root.iter() for name in e.attrib if name == "style" or name.startswith("on")]
    assert root.get("aria-label") == text


def test_a_drawing_is_the_same_each_time():
    assert draw(bars(), 520).svg() == draw(bars(), 520).svg()


def test_colours():
    assert paint("fill", "#fff") == {"fill": "#FFFFFF"}
    assert paint("fill", "rgba(0,102,204,0.28)") == {"fill": "#0066CC", "fill_opacity": "0.28"}
    assert paint("stroke", theme.TRANSPARENT) == {"stroke": "none"}
