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
from helpers.publish.machines.spreadsheet import Sheet, workbook

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
