"""Tables sort by their headings, by pointer and by keyboard, and paper holds all their columns."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from browser import until, visiting
from bs4 import BeautifulSoup
from readers import read_page

from helpers import config
from helpers.publish.drawn import WIDE

pytestmark = pytest.mark.browser

ROWS = {
    "it": (
        ("Ivrea", "1.234", "6,4 milioni", "2018-05-22"),
        ("Asti", "98,5", "n.d.", ""),
        ("Órta", "−3", "179.000 euro", "2017-01-02"),
    ),
    "en": (
        ("Ivrea", "1,234", "6.4 million", "2018-05-22"),
        ("Asti", "98.5", "n.a.", ""),
        ("Órta", "−3", "€179,000", "2017-01-02"),
    ),
}
#: Names in the order of each column.
UPWARDS = {
    0: ["Asti", "Ivrea", "Órta"],
    1: ["Órta", "Asti", "Ivrea"],
    2: ["Órta", "Ivrea", "Asti"],
    3: ["Órta", "Ivrea", "Asti"],
}


def table(rows):
    heads = "".join(f'<th scope="col"{" class=num" * (n in (1, 2))}>H{n}</th>' for n in range(4))
    body = "".join(
        f'<tr><th scope="row">{name}</th><td class="num">{number}</td><td class="num">{money}</td>'
        f"<td>{f'<time datetime={day}>un giorno</time>' if day else ''}</td></tr>"
        for name, number, money, day in rows
    )
    return f'<div class="table-scroll"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'


@pytest.mark.parametrize("lang", ROWS)
def test_a_heading_sorts_upwards_downwards_and_back(tmp_path, browser, lang):
    shutil.copy(config.REPORTS / "assets/tables.js", tmp_path)
    (tmp_path / "index.html").write_text(
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><link rel="icon" href="data:,">'
        f'<main>{table(ROWS[lang])}</main><script src="tables.js"></script>',
        encoding="utf-8",
    )
    with visiting(tmp_path, browser) as visit:
        page = visit.open("index.html")
        names = lambda: page.locator("tbody th").all_inner_texts()  # noqa: E731
        before = names()
        for column, upwards in UPWARDS.items():
            heading = page.locator("thead th").nth(column)
            heading.get_by_role("button").focus()
            page.keyboard.press("Enter")
            assert names() == upwards and heading.get_attribute("aria-sort") == "ascending", column
            assert page.locator("[aria-sort]").count() == 1
            page.keyboard.press("Space")
            # What is not known stays last.
            known = [name for name in upwards if not (name == "Asti" and column > 1)]
            assert names() == known[::-1] + [name for name in upwards if name not in known], column
            heading.get_by_role("button").click()
            assert names() == before and heading.get_attribute("aria-sort") is None
        assert visit.errors == []


@pytest.mark.site
def test_nothing_moves_when_a_table_can_be_sorted_and_its_edge_fades(visit):
    height = "document.documentElement.scrollHeight"
    for width in (390, 520):  # rows as cards, rows as rows
        page = visit.turn_to("distretti/index.html", viewport={"width": width, "height": 844})
        before = page.evaluate(height)
        assert page.evaluate("!document.querySelector('.sorts')")
        page.mouse.move(50, 300)
        until(page, "document.querySelector('#tbl-districts .sorts')")
        assert page.evaluate(height) == before, width
    box = page.locator("#tbl-districts .table-scroll")
    assert box.get_attribute("data-more") == ""
    box.evaluate("(box) => { box.scrollLeft = box.scrollWidth; }")
    until(page, "!document.querySelector('#tbl-districts .table-scroll[data-more]')")


@pytest.mark.site
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="no pdftotext (poppler)")
def test_paper_holds_every_column_of_the_widest_table(built, visit, tmp_path):
    soup = BeautifulSoup(read_page(built.site / "esplora.html"), "html.parser").find(id="tbl-values")
    cells = [cell.get_text() for cell in soup.find("th", string="Asti").find_parent("tr").find_all(["th", "td"])]
    assert len(cells) > 12
    page = visit.turn_to("esplora.html")
    page.wait_for_load_state("networkidle")
    page.pdf(path=tmp_path / "esplora.pdf", prefer_css_page_size=True)
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "esplora.pdf", "-"], capture_output=True, text=True
    ).stdout
    assert any(line.split() == " ".join(cells).split() for line in text.splitlines())


def test_a_field_keeps_the_rows_whose_name_holds_what_is_written(tmp_path, browser):
    shutil.copy(config.REPORTS / "assets/tables.js", tmp_path)
    field = '<label class="filter" data-live>Filtra <input type="search"></label>'
    (tmp_path / "index.html").write_text(
        f'<!doctype html><html lang="it"><meta charset="utf-8"><link rel="icon" href="data:,">'
        f"<main><details open><summary>x</summary>{field}{table(ROWS['it'])}</details></main>"
        '<script src="tables.js"></script>',
        encoding="utf-8",
    )
    with visiting(tmp_path, browser) as visit:
        page = visit.open("index.html")
        for written, kept in (
            ("OR", ["Órta"]),
            ("a", ["Ivrea", "Asti", "Órta"]),
            ("x", []),
            ("", ["Ivrea", "Asti", "Órta"]),
        ):
            page.get_by_label("Filtra").fill(written)
            assert page.locator("tbody tr:visible th").all_inner_texts() == kept, written
        assert visit.errors == []


#: Widths of a table and of a chart; where what is read ends, and where the list of contents begins.
BOXES = """() => {
    const box = (selector) => document.querySelector(selector).getBoundingClientRect();
    const parts = [...document.querySelectorAll("main figure, main p")];
    const ends = parts.map((part) => part.getBoundingClientRect().right);
    return [box("#tbl-indicators .table-scroll").width, box("#fig-change-income .plot").width, Math.max(...ends),
        box("#TOC").left, document.documentElement.scrollWidth];
}"""


@pytest.mark.site
def test_a_large_screen_gives_tables_more_room_and_leaves_charts_as_they_are_drawn(visit):
    page = visit.turn_to("distretti/biella.html")
    for width, least in ((1024, 650), (1280, 930), (1440, 970), (1920, 970)):
        page.set_viewport_size({"width": width, "height": 900})
        table, chart, end, contents, whole = page.evaluate(BOXES)
        assert table >= least and chart <= WIDE and end < contents and whole <= width, width
