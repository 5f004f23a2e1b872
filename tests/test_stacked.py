"""On a phone a table's rows stand one under the other, each cell with its heading."""

import re

import pandas as pd
import pytest
from browser import visiting
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from helpers import config
from helpers.figures.tables import Column, html_table
from helpers.publish.stacked import FEWEST, MOST, label_cells

FRAME = pd.DataFrame({"name": ["Asti", "Órta"], "n": [1, 2], "note": ["a “b”", "<c> & d"], "more": ["", "e " * 30]})
COLUMNS = [
    Column("name", "Comune", row_header=True),
    Column("n", "Età “0–14” & più", numeric=True),
    Column("note", "Nota"),
    Column("more", "Altro"),
]


def test_every_cell_says_the_heading_of_its_column():
    table = BeautifulSoup(label_cells(str(html_table(FRAME, COLUMNS))), "html.parser").table
    assert table["class"] == ["stacks"]
    for row in table.select("tbody tr"):
        assert [td["data-label"] for td in row.find_all("td")] == ["Età “0–14” & più", "Nota", "Altro"]
    assert [td["class"] for td in table.select("td.num")] == [["num"], ["num"]]
    assert [td.text for td in table.select("[data-long]")] == [FRAME["more"][1]]


@given(st.integers(1, 20), st.integers(1, 4))
@pytest.mark.slow
def test_what_a_table_holds_stays(columns, rows):
    frame = pd.DataFrame({f"c{n}": [f"<{n}>"] * rows for n in range(columns)})
    html = str(html_table(frame, [Column(name, name, row_header=n == 0) for n, name in enumerate(frame.columns)]))
    made = label_cells(html)
    assert BeautifulSoup(made, "html.parser").text == BeautifulSoup(html, "html.parser").text
    assert ("data-label" in made) == (FEWEST <= columns <= MOST)


@pytest.mark.parametrize("part", [' colspan="2"', ' data-column="amount"'])
def test_tables_that_a_script_fills_or_whose_cells_span_stay(part):
    html = re.sub("<td", f"<td{part}", str(html_table(FRAME, COLUMNS)))
    assert label_cells(html) == html


@pytest.mark.browser
def test_rows_are_cards_on_a_phone_and_rows_elsewhere(tmp_path, browser):
    css = (config.REPORTS / "assets/wecare.css").read_text(encoding="utf-8")
    (tmp_path / "index.html").write_text(
        f'<!doctype html><html lang="it"><meta charset="utf-8"><link rel="icon" href="data:,"><style>{css}</style>'
        f'<div id="quarto-content"><main>{label_cells(str(html_table(FRAME, COLUMNS)))}</main></div>',
        encoding="utf-8",
    )
    with visiting(tmp_path, browser) as visit:
        page = visit.open("index.html", viewport={"width": 390, "height": 800})
        first, second = (page.locator("tbody tr").nth(n).bounding_box() for n in (0, 1))
        assert first["width"] > 300 and second["y"] >= first["y"] + first["height"]
        label = "getComputedStyle(document.querySelector('td'), '::before').content"
        assert page.evaluate(label) == '"Età “0–14” & più"'
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        empty, long = (page.locator("tbody tr").nth(n).locator("td").nth(2) for n in (0, 1))
        assert empty.is_hidden() and long.bounding_box()["width"] > 300
        page = visit.open("index.html", viewport={"width": 900, "height": 800})
        assert page.evaluate(label) == "none"
