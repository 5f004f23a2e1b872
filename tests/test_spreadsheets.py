"""Workbooks hold numbers as numbers with their units, and are the same bytes whenever they are made."""

from __future__ import annotations

import datetime as dt
import io
import time
import zipfile

import openpyxl
import pandas as pd
import pytest

from helpers.data import raw
from helpers.publish.machines.spreadsheet import Sheet, Shown, workbook

SHEET = Sheet(
    "Prova",
    ("Nome", "Quota", "Persone"),
    [("=1+1", 0.131, 1234), ("Agliè", None, float("nan"))],
    (None, "0.0%", "#,##0"),
)
DAY = dt.date(2026, 11, 22)


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def test_numbers_are_numbers_text_is_never_a_formula_and_what_is_not_known_is_blank():
    page = opened(workbook([SHEET], "Titolo", DAY))["Prova"]
    assert [[cell.value for cell in row] for row in page.iter_rows(min_row=2)] == [
        ["=1+1", 0.131, 1234],
        ["Agliè", None, None],
    ]
    assert page["A2"].data_type == "s" and page["B2"].number_format == "0.0%" and page["C2"].number_format == "#,##0"
    assert page.freeze_panes == "B2"


def test_a_number_may_have_a_form_of_its_own_and_a_column_none():
    rows = [
        ("a", Shown(0.5, "0%"), 0),
        ("b", 0.25, -2.5),
        ("c", Shown(None, "0%"), 0.0),
        ("d", Shown(1, "0.00"), "n.d."),
    ]
    page = opened(workbook([Sheet("S", ("A", "B", "C"), rows, (None, "0.0%"))], "T", DAY))["S"]
    assert [[(cell.value, cell.number_format) for cell in row[1:]] for row in page.iter_rows(min_row=2)] == [
        [(0.5, "0%"), (0, "General")],
        [(0.25, "0.0%"), (-2.5, "General")],
        [(None, "General"), (0, "General")],
        [(1, "0.00"), ("n.d.", "General")],
    ]
    assert page["A2"].data_type == "s" and page["C3"].data_type == "n" and page["C5"].data_type == "s"


def test_the_first_row_holds_the_headings():
    book = opened(workbook([SHEET, Sheet("Altro", ("X",), [])], "Titolo", DAY))
    assert book.sheetnames == ["Prova", "Altro"]
    heads = [cell for page in book for cell in page[1]]
    assert [cell.value for cell in heads] == ["Nome", "Quota", "Persone", "X"]
    for cell in heads:
        assert cell.font.bold and cell.alignment.wrap_text and cell.alignment.vertical in (None, "bottom")
    assert not book["Prova"]["A2"].font.bold
    assert book["Altro"].max_row == 1 and book["Altro"].freeze_panes == "B2"


def test_the_file_says_its_title_author_and_day():
    said = opened(workbook([SHEET], "Titolo", DAY)).properties
    assert (said.title, said.creator) == ("Titolo", "Osservatorio WE.CA.RE.")
    assert said.created == dt.datetime(2026, 11, 22)


@pytest.mark.parametrize(
    ("heading", "cells", "wide"),
    [
        ("Nome", [], 9 + 2),
        ("Nome", ["x" * 9], 9 + 2),
        ("Nome", ["x", "x" * 12, "xx"], 12 + 2),
        ("Nome", ["x" * 58], 60),
        ("Nome", ["x" * 200], 60),
        ("H" * 14, ["x"], 14 + 2),
        ("H" * 40, ["x" * 10], 16 + 2),
        # A number is as wide as its form makes it, which the file does not know.
        ("Nome", [123456789012.25], 9 + 2),
    ],
)
def test_a_column_is_as_wide_as_its_longest_text_within_bounds(heading, cells, wide):
    page = opened(workbook([Sheet("S", (heading,), [(cell,) for cell in cells])], "T", DAY))["S"]
    # The file adds 5 pixels of 7 to a character for the margins.
    assert page.column_dimensions["A"].width == pytest.approx(wide + 5 / 7, abs=0.01)


@pytest.mark.parametrize(("count", "filters"), [(0, None), (1, None), (2, "A1:C3"), (3, "A1:C4")])
def test_rows_can_be_filtered_where_there_are_some(count, filters):
    page = opened(workbook([Sheet("S", ("A", "B", "C"), [("a", 1, 2)] * count)], "T", DAY))["S"]
    assert page.auto_filter.ref == filters


@pytest.mark.parametrize("row", [("a", 1), ("a", 1, 2, 3)])
def test_a_row_has_as_many_cells_as_there_are_headings(row):
    with pytest.raises((ValueError, IndexError)):
        workbook([Sheet("S", ("A", "B", "C"), [row])], "T", DAY)


@pytest.mark.slow
def test_the_same_sheets_give_the_same_bytes():
    first = workbook([SHEET], "Titolo", DAY)
    time.sleep(2.1)  # times in an archive are of two seconds
    assert workbook([SHEET], "Titolo", DAY) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert b"2026-11-22" in archive.read("docProps/core.xml")


@pytest.mark.site
@pytest.mark.parametrize(("root", "names"), [("", ("Leggimi", "Gli indicatori", "Comuni")), ("en/", ("Read me",))])
def test_a_district_has_its_workbook(built, root, names):
    book = opened((built.site / f"{root}data/xlsx/pinerolo.xlsx").read_bytes())
    assert set(names) <= set(book.sheetnames)
    comuni = book["Comuni"]
    mapped = raw.load("comune_distretto")
    wanted = set(mapped.loc[mapped["distretto_id"] == "D07", "istat"])
    assert {row[0].value for row in comuni.iter_rows(min_row=2)} == wanted
    heads = [cell.value for cell in comuni[1]]
    # Every indicator names its unit.
    assert all("[" in head for head in heads[7:]) and len(heads) > 20
    units = book.worksheets[1]
    assert all(units.cell(row, 2).value for row in range(2, units.max_row + 1))


@pytest.mark.site
def test_the_region_has_its_workbook_which_sums_to_its_people(built):
    book = opened((built.site / "data/xlsx/piemonte.xlsx").read_bytes())
    frames = {name: pd.DataFrame(book[name].iter_rows(min_row=2, values_only=True)) for name in ("Distretti", "Comuni")}
    assert len(frames["Distretti"]) == 30 and len(frames["Comuni"]) == len(raw.load("comuni"))
    assert frames["Distretti"][3].sum() == frames["Comuni"][6].sum()
    projects = opened((built.site / "data/xlsx/misura-1.xlsx").read_bytes())["Progetti della Misura 1"]
    amounts = [cell.value for cell in projects["F"][1:]]
    assert amounts == [None if pd.isna(a) else a for a in raw.load("misura1_projects")["amount_granted_eur"]]
