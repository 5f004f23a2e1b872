"""What a table shows and what its file holds, cell by cell."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from markupsafe import Markup

from helpers.figures.tables import Column, csv_heading, csv_text, html_table, of_markup

FRAME = pd.DataFrame({"code": ["001", "002"], "name": ["A & B", "C"], "n": [1234, 5], "share": [0.25, None]})


def file_of(values: object, **options: object) -> list[list[str]]:
    """The rows of the file of a table of one column, without the heading."""
    frame = pd.DataFrame({"x": pd.Series(values, **options)})
    return list(csv.reader(io.StringIO(csv_text(frame, [Column("x", "X")]), newline="")))[1:]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (3, "3"),
        (np.int32(-3), "-3"),
        (2.5, "2.5"),
        (np.float32(0.5), "0.5"),
        (1 / 3, "0.333333"),
        (-0.0000001, "0.0"),
        (True, "true"),
        (np.bool_(False), "false"),
        ("text", "text"),
        ("=1+1", "'=1+1"),
        ("", ""),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        (["a", "b"], "a;b"),
        (("=a", 2), "'=a;2"),
        (["a\r", "b"], "a\n;b"),
        ([], ""),
        (None, ""),
        (float("nan"), ""),
        (pd.NA, ""),
        (date(2022, 1, 9), "2022-01-09"),
        (pd.Timestamp(2022, 1, 9, 12), "2022-01-09"),
    ],
)
def test_a_cell_of_the_file_is_what_was_printed_from(value, cell):
    # The second row keeps a blank line from being none.
    assert file_of([value, "end"], dtype=object) == [[cell], ["end"]]


def test_columns_of_numbers_are_written_as_their_cells_are():
    assert file_of([1 / 3, float("nan"), -0.0000001, 2.0]) == [["0.333333"], [""], ["0.0"], ["2.0"]]
    assert file_of([1, -20_000], dtype="int64") == [["1"], ["-20000"]]
    assert file_of([True, False]) == [["true"], ["false"]]
    assert file_of([1, None], dtype="Int64") == [["1"], [""]]


@pytest.mark.parametrize("value", [Decimal("1.5"), {"a": 1}, object])
def test_what_is_no_cell_is_refused(value):
    frame = pd.DataFrame({"x": pd.Series([value], dtype=object)})
    with pytest.raises(TypeError) as caught:
        csv_text(frame, [Column("x", "X")])
    said = f"{value!r} cannot stand in a CSV: a cell is a number, a text, a date or a list of texts."
    assert str(caught.value) == said


def test_a_file_has_the_names_of_the_frame_with_units_and_years():
    columns = [
        Column("name", "Comune", row_header=True),
        Column("n", "Residenti", unit="persons", year="2011-2022"),
        Column("share", "Quota", unit="share"),
    ]
    assert csv_text(FRAME, columns) == (
        "code,name,n [persons; 2011-2022],share [share]\n001,A & B,1234,0.25\n002,C,5,\n"
    )
    # Without names of rows no code is put before; a code that is shown is not told twice.
    assert csv_text(FRAME, columns[1:]).startswith("n [persons; 2011-2022],share [share]\n1234,")
    shown = [Column("name", "Comune", row_header=True), Column("code", "Codice")]
    assert csv_text(FRAME, shown) == "name,code\nA & B,001\nC,002\n"
    assert csv_text(FRAME.drop(columns="code"), columns[:1]) == "name\nA & B\nC\n"


def test_a_file_holds_what_a_cell_was_made_from():
    joined = Column("name", "Tutto", unit="eur", file=("n", "share"))
    assert csv_text(FRAME, [joined]) == "n [eur],share [eur]\n1234,0.25\n5,\n"
    apart = Column("name", "Tutto", unit="eur", file={"n": "persons", "share": ""}, year="2022")
    assert csv_text(FRAME, [apart]) == "n [persons; 2022],share [2022]\n1234,0.25\n5,\n"
    assert Column("n", "N", unit="eur").units == {"n": "eur"} and Column("n", "N", file=()).units == {}


@pytest.mark.parametrize(
    ("years", "year", "heading"),
    [
        ([2023, 2023], "", "n [eur; 2023]"),
        ([2023.0, None], "2022", "n [eur; 2023]"),
        ([2023, 2023], "2011-2022", "n [eur; 2011-2023]"),
        ([2022, 2023], "2011-2022", "n [eur; 2011-2022]"),
        ([None, None], "2022", "n [eur; 2022]"),
    ],
)
def test_the_last_year_is_the_one_that_the_frame_says_if_it_is_one(years, year, heading):
    assert csv_heading(FRAME.assign(n_year=years), Column("n", "N", unit="eur", year=year)) == heading


def test_what_a_reader_sees():
    columns = [
        Column("name", "<Comune>", row_header=True),
        Column("n", "N", numeric=True, show="{:,}".format),
        Column("share", "Quota", show=lambda value: "—" if value is None else Markup("<b>{}</b>").format(value)),
        Column("code", "C", row_header=True, numeric=True),
    ]
    head = '<th scope="col">&lt;Comune&gt;</th><th scope="col" class="num">N</th><th scope="col">Quota</th>'
    first = '<th scope="row">A &amp; B</th><td class="num">1,234</td><td><b>0.25</b></td>'
    second = '<th scope="row">C</th><td class="num">5</td><td>—</td>'
    assert html_table(FRAME, columns) == (
        f'<div class="table-scroll" tabindex="0"><table><thead><tr>{head}'
        '<th scope="col" class="num">C</th></tr></thead>'
        f'<tbody><tr>{first}<th scope="row" class="num">001</th></tr>'
        f'<tr>{second}<th scope="row" class="num">002</th></tr></tbody></table></div>'
    )
    assert "<tbody><tr><td>1234</td></tr><tr><td>5</td></tr></tbody>" in html_table(FRAME, [Column("n", "N")])


def test_markup_in_a_frame_stays_markup():
    found = of_markup(iter([Markup("<b>1</b>"), Markup("<i>2</i>")]), pd.Index(["a", "b"]))
    assert found.index.tolist() == ["a", "b"] and all(isinstance(value, Markup) for value in found)
    assert "<td><b>1</b></td>" in html_table(pd.DataFrame({"x": found}), [Column("x", "X")])
    assert of_markup([Markup("x")]).index.tolist() == [0]
