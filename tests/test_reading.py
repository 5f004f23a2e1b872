"""The reading room: the same table in every form gives the same rows, and no row is lost without a word."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from table_forms import Form, write

from helpers.errors import InputError
from helpers.imports.reading import containers, read_table
from helpers.imports.reading.delimited import decode
from helpers.imports.reading.layouts import Column, Layout, load, names
from helpers.imports.reading.numbers import read_days, read_numbers
from helpers.imports.reading.recognise import recognise_file

LAYOUT = Layout(
    "prova",
    "a table of the tests",
    "",
    {
        "istat": Column(("codice comune",), needed=True),
        "comune": Column(("denominazione",)),
        "euro": Column(("contributo concesso",), needed=True),
    },
)
HEADINGS = ("Codice comune", "Denominazione", "Contributo concesso (€)")
ROWS = (("001001", "Agliè", "1.234,56"), ("001312", "Viù", "250.000,00"), ("004130", "Mondovì; capoluogo", "900,50"))
EURO = ["1234.56", "250000", "900.5"]


def problems_of(path: Path, layout: Layout | str = LAYOUT, **options):
    with pytest.raises(InputError) as error:
        read_table(path, layout, **options)
    return error.value.problems


FORMS = st.builds(
    Form,
    container=st.sampled_from(["csv", "zip", "gz", "xz", "bz2", "xlsx"]),
    separator=st.sampled_from([";", ",", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    above=st.sampled_from([(), (("Regione Piemonte",), ()), (("Elenco", "", "2018"), ("", "", ""), ("Allegato A",))]),
    below=st.sampled_from([(), (("", "", ""), ("Totale", "", "252.135,06")), (("Fonte: Regione Piemonte",),)]),
    sheets_before=st.sampled_from([(), ("Leggimi",)]),
    hidden=st.sampled_from([(), ("vecchio",)]),
)
CELLS = st.text(st.sampled_from("abcèàù' -;,|\"1"), min_size=1, max_size=8).map(lambda text: f"a{text.strip()}a")
TABLES = st.lists(
    st.tuples(st.from_regex("0[0-9]{5}", fullmatch=True), CELLS, st.integers(0, 10**8)), min_size=1, max_size=6
)


def italian(cents: int) -> str:
    return f"{cents // 100:,}".replace(",", ".") + f",{cents % 100:02d}"


@settings(max_examples=150, deadline=None)
@given(TABLES, FORMS)
@pytest.mark.slow
def test_every_form_gives_the_same_rows(tmp_path_factory, table, form):
    rows = [(code, name, italian(cents)) for code, name, cents in table]
    found = read_table(write(tmp_path_factory.mktemp("forms"), HEADINGS, rows, form), LAYOUT)
    assert found.frame["istat"].tolist() == [code for code, _, _ in rows]
    assert found.frame["comune"].tolist() == [" ".join(name.split()) for _, name, _ in rows]
    assert [float(value) for value in found.numbers("euro")] == [cents / 100 for _, _, cents in table]
    found.stop_if_any()
    account = found.account
    assert account.read == account.kept + sum(account.left_out.values())
    assert account.kept == len(rows) and account.read == len(rows) + sum(any(line) for line in form.below)


def test_parquet_gives_the_same_rows(tmp_path):
    found = read_table(write(tmp_path, HEADINGS, ROWS, Form("parquet")), LAYOUT)
    assert found.numbers("euro").tolist() == EURO and "Parquet" in found.remarks[0]


# Which rows are the table


def test_the_row_and_the_sheet_are_told(tmp_path):
    form = Form(
        "xlsx", above=(("Contributi",), ()), below=(("TOTALE", "", "3"),), sheets_before=("Leggimi",), hidden=("a",)
    )
    found = read_table(write(tmp_path, HEADINGS, ROWS, form), LAYOUT)
    assert found.remarks[:4] == [
        "Read tabella.xlsx, sheet 'Dati': headings in row 3, 4 rows below.",
        "Passed over: 'Leggimi', 'a' (hidden).",
        "Above the headings: 'Contributi'.",
        "Row 7 is a total: 'TOTALE 3'.",
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("Totale", "", "12"), "a total"),
        (("", "Totale generale", "12"), "a total"),
        (("SUBTOTALE Torino", "", "12"), "a total"),
        (("Somma", "", "12"), "a total"),
        (HEADINGS, "the headings again"),
        (("Fonte: Regione Piemonte, 2018", "", ""), "a note"),
        (("(1) Importo rideterminato", "", ""), "a note"),
        (("", "* importo presunto", ""), "a note"),
        (("", "", "", "fuori tabella"), "nothing in a column that is read"),
    ],
)
def test_what_is_no_row_of_the_table_is_named(tmp_path, row, why):
    headings = (*HEADINGS, "Altro") if len(row) == 4 else HEADINGS
    found = read_table(write(tmp_path, headings, [*ROWS, row], Form()), LAYOUT)
    assert found.account.left_out == {why: 1} and len(found.frame) == 3
    assert found.passed[0].row == 5


@pytest.mark.parametrize(
    "row", [("001272", "Totale inclusione", "12"), ("001272", "", ""), ("001272", "Notaresco", "1")]
)
def test_what_only_looks_like_a_total_or_a_note_is_kept(tmp_path, row):
    assert len(read_table(write(tmp_path, HEADINGS, [*ROWS, row], Form()), LAYOUT).frame) == 4


def test_units_below_the_headings(tmp_path):
    found = read_table(write(tmp_path, HEADINGS, [("", "", "(euro)"), *ROWS], Form()), LAYOUT)
    assert found.account.left_out == {"units below the headings": 1}


def two_sheets(folder: Path) -> Path:
    book = openpyxl.Workbook()
    for name, page in (("2017", book.active), ("2018", book.create_sheet())):
        page.title = name
        for row in (HEADINGS, *ROWS[: 1 + (name == "2018")]):
            page.append(row)
    book.save(folder / "anni.xlsx")
    return folder / "anni.xlsx"


def test_several_sheets_of_this_form_are_asked_for(tmp_path):
    (problem,) = problems_of(two_sheets(tmp_path))
    assert "2 tables of this form" in problem.rule and "--sheet '2017'" in problem.remedy
    assert len(read_table(two_sheets(tmp_path), LAYOUT, sheet="2018").frame) == 2
    (problem,) = problems_of(two_sheets(tmp_path), sheet="2019")
    assert "'2017', '2018'" in problem.remedy


def test_all_missing_columns_are_one_problem_with_what_may_be_meant(tmp_path):
    path = write(tmp_path, ("Codice del comune", "Contributo conceso"), [("001001", "1")], Form())
    (problem,) = problems_of(path)
    assert problem.row == 1 and "codice comune, contributo concesso are missing" in problem.rule
    assert "'Contributo conceso' for euro" in problem.remedy


def test_a_heading_with_more_words_is_the_one_that_is_meant(tmp_path):
    headings = ("Codice Istat del Comune (alfanumerico)", "Codice Istat del Comune (numerico)", "euro")
    layout = Layout(
        "a",
        "a",
        "",
        LAYOUT.columns | {"istat": Column(("codice istat del comune alfanumerico", "codice istat del comune"), True)},
    )
    found = read_table(write(tmp_path, headings, [("001001", "1001", "1")], Form()), layout)
    assert found.frame["istat"].tolist() == ["001001"]
    (problem,) = problems_of(write(tmp_path, ("Codice comune", "Codice Comune", "euro"), ROWS, Form()))
    assert "two columns mean istat" in problem.rule


# What a spreadsheet says of itself


def test_hidden_rows_are_read_and_told(tmp_path):
    path = write(tmp_path, HEADINGS, ROWS, Form("xlsx"))
    book = openpyxl.load_workbook(path)
    book["Dati"].row_dimensions[3].hidden = True
    book.save(path)
    found = read_table(path, LAYOUT)
    assert len(found.frame) == 3 and "1 rows that the sheet hides were read too." in found.remarks


def test_an_error_in_a_cell_is_refused(tmp_path):
    path = write(tmp_path, HEADINGS, [("001001", "Agliè", "#N/A")], Form("xlsx"))
    (problem,) = problems_of(path)
    assert (problem.row, problem.column) == (2, "euro") and "C2" in problem.rule and "#N/A" in problem.rule


def test_many_formulas_that_were_never_calculated_are_counted(tmp_path):
    rows = [(f"00{1001 + n}", "a", f"=1+{n}") for n in range(20)]
    problems = problems_of(write(tmp_path, HEADINGS, rows, Form("xlsx")))
    assert len(problems) == 6 and "never calculated" in problems[0].rule and "15 more" in problems[-1].rule


# The container


@pytest.mark.parametrize(
    ("data", "rule", "remedy"),
    [
        (b"", "is empty", "again"),
        (b"%PDF-1.7\n", "a PDF", "XLSX or CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel file", ".xlsx"),
        (b"<!DOCTYPE html><html><body>Accesso</body></html>", "a web page", "download the file itself"),
        (b"\xef\xbb\xbf  <html><table></table></html>", "a web page", "download the file itself"),
        (b'{"data": []}', "a JSON file", "CSV or XLSX"),
        (b"Rar!\x1a\x07", "a RAR archive", "unpack"),
        (b"PK\x03\x04 broken", "damaged", "again"),
        (b"\x1f\x8b\x08\x00broken", "damaged", "again"),
        (b"PAR1broken", "Parquet", "again"),
        (b"\x00\x01\x02", "no text", "CSV"),
    ],
)
def test_what_is_no_table_is_named_in_one_line(tmp_path, data, rule, remedy):
    path = tmp_path / "dati.csv"
    path.write_bytes(data)
    (problem,) = problems_of(path)
    assert rule in problem.rule and remedy in problem.remedy, str(problem)
    assert "\n" not in str(problem) and len(str(problem)) < 400


def test_a_zip_of_several_tables(tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("leggimi.txt", "Questo archivio contiene i dati")
        archive.writestr("altro.csv", "a;b\n1;2\n")
        archive.writestr("dati.csv", ";".join(HEADINGS) + "\n001001;Agliè;12,50\n")
    found = read_table(tmp_path / "a.zip", LAYOUT)
    assert found.file == "a.zip/dati.csv" and "Passed over: a.zip/leggimi.txt, a.zip/altro.csv." in found.remarks


def test_a_name_says_nothing(tmp_path):
    path = write(tmp_path, HEADINGS, ROWS, Form("xlsx"))
    path.rename(tmp_path / "dati.csv")
    assert len(read_table(tmp_path / "dati.csv", LAYOUT).frame) == 3


def test_only_the_head_is_read_to_recognise(tmp_path, monkeypatch):
    path = tmp_path / "big.csv"
    path.write_text(";".join(HEADINGS) + "\n" + "001001;Agliè;1\n" * 100_000)
    (grid,) = containers.open_grids(path, head=True)[:1]
    assert 0 < sum(1 for _ in grid.rows()) < 20_000


def test_only_the_head_of_parquet_is_read_to_recognise(tmp_path):
    path = write(tmp_path, HEADINGS, ROWS * 1_000, Form("parquet"))
    (grid,) = containers.open_grids(path, head=True)
    assert sum(1 for _ in grid.rows()) == 101
    (grid,) = containers.open_grids(path)
    assert sum(1 for _ in grid.rows()) == 3_001


# Encodings


@given(st.text(st.characters(codec="cp1252", exclude_categories=["Cc"]), max_size=20))
def test_a_text_is_read_in_its_encoding(text):
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert decode("a.csv", f"a{text}".encode(encoding))[0] == f"a{text}"
    found = decode("a.csv", f"a{text}è".encode("cp1252"))[0]
    # What happens to be UTF-8 too is taken for it.
    assert found == f"a{text}è" or f"a{text}è".encode("cp1252").decode("utf-8", "ignore") == found


# Numbers and days


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1.234,56", "250.000"], ["1234.56", "250000"]),
        (["1,234.56", "250,000"], ["1234.56", "250000"]),
        (["1234.56", "12"], ["1234.56", "12"]),
        (["1.234", "5.678"], ["1234", "5678"]),
        (["€ 1.234,5", "12 euro", "EUR 3"], ["1234.5", "12", "3"]),
        (["1 234 567,80", "1'234,5", "12\u202f000"], ["1234567.8", "1234.5", "12000"]),
        (["-12,5", "−3", "+4"], ["-12.5", "-3", "4"]),
        (["12 (1)", "13*", "14¹", "15 [a]"], ["12", "13", "14", "15"]),
        (["0,123", "007"], ["0.123", "7"]),
        (["n.d.", "-", "..", "…", "N.D.", "n/a", ""], [""] * 7),
    ],
)
def test_numbers(cells, values):
    found = read_numbers(cells)
    assert (found.values, found.bad) == (values, {})


@pytest.mark.parametrize(
    ("cells", "bad"),
    [
        (["1.234,56", "1,234.56", "1.234"], {2: "the number can be 1234 or 1.234"}),
        (["250,000"], {0: "the number can be 250000 or 250.000"}),
        (["1234.56", "1.234"], {1: "the number can be 1234 or 1.234"}),
        (["1,234.56", "1.234"], {1: "the number can be 1234 or 1.234"}),
        (["1.234,56", "1,234"], {1: "the number can be 1234 or 1.234"}),
        (["12,5,1"], {0: "the value must be a number"}),
        (["molto"], {0: "the value must be a number"}),
        (["1e5"], {0: "the value must be a number"}),
    ],
)
def test_what_could_be_two_numbers_is_told(cells, bad):
    assert read_numbers(cells).bad == bad


def test_not_known_and_suppressed_are_two_things():
    found = read_numbers(["n.d.", "*", "", "0"])
    assert found.missing == ["not known", "suppressed", "", ""] and found.values == ["", "", "", "0"]
    assert found.remarks == ["'n.d.' is taken for not known (1 times)", "'*' is taken for suppressed (1 times)"]


def test_cells_of_the_same_text_are_read_alike_and_all_counted():
    found = read_numbers(["12 (1)", "molto", "n.d.", "", "7"] * 3)
    assert found.values == ["12", "", "", "", "7"] * 3 and found.missing == ["", "", "not known", "", ""] * 3
    assert list(found.bad) == [1, 6, 11]
    assert found.remarks == [
        "'n.d.' is taken for not known (3 times)",
        "notes behind numbers are left out: (1) (3 times)",
    ]
    assert read_days(["31/12/2025", "presto", "2025-12-31"] * 2).bad.keys() == {1, 4}


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1), st.booleans())
def test_counts_however_they_are_parted(counts, dots):
    cells = [f"{count:,}".replace(",", "." if dots else " ") for count in counts]
    assert read_numbers(cells, whole=True).values == [str(count) for count in counts]


@given(st.dates(), st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d 00:00:00"]))
def test_days(day, form):
    text = day.strftime(form)
    if day.year >= 1000:
        assert read_days([text]).values == [day.isoformat()]


def test_a_day_that_does_not_exist():
    assert read_days(["31/02/2025", "presto", "n.d."]).bad == {
        0: "the value is no day that exists",
        1: "the value is no day that exists",
    }


def test_codes_get_their_zeros_back(tmp_path):
    found = read_table(write(tmp_path, HEADINGS, [("1001", "Agliè", "1"), ("001312", "Viù", "2")], Form()), LAYOUT)
    assert found.codes("istat").tolist() == ["001001", "001312"]
    assert "istat: leading zeros given back to 1 of 2 codes." in found.remarks


def test_a_workbook_without_sheets_is_told(tmp_path):
    path = write(tmp_path, HEADINGS, [("1001", "Agliè", "1")], Form("xlsx"))
    emptied = io.BytesIO()
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(emptied, "w") as other:
        for name in whole.namelist():
            other.writestr(name, re.sub(rb"(?s)<sheets>.*</sheets>", b"<sheets></sheets>", whole.read(name)))
    path.write_bytes(emptied.getvalue())
    for read in (recognise_file, containers.open_grids):
        with pytest.raises(InputError, match=r"holds no table.*To do: "):
            read(path)


# Layouts


def test_every_layout_is_recognised_by_its_own_headings(tmp_path):
    for name in names():
        layout = load(name)
        if not layout.importer:
            continue
        headings = [column.headings[0] if column.headings else key for key, column in layout.columns.items()]
        path = write(tmp_path, headings, [["1"] * len(headings)], Form(), name)
        assert recognise_file(path).importer == layout.importer, name


def test_no_layout_has_a_heading_twice():
    for name in names():
        columns = load(name).columns
        said = [re.sub(r"\W+", " ", h.casefold()) for key, c in columns.items() for h in {key, *c.headings}]
        assert len(said) == len(set(said)), name


def test_a_file_of_another_kind_is_named_with_its_import(tmp_path):
    posas = load("posas")
    headings = [column.headings[0] for column in posas.columns.values()]
    (problem,) = problems_of(write(tmp_path, headings, [["1"] * len(headings)], Form()), "irpef")
    assert "single year of age" in problem.rule and "`wecare import population tabella.csv`" in problem.remedy
