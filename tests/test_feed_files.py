"""Files of the feed as people have them: every container, encoding and separator, and the wrong file in one line."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from feed_forms import DAY, FORMS, KEY, PAYMENTS, TEXTS, a_row, feed, payment, write
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_fixtures import reduced

from helpers.imports.opencoesione import feed_containers, read_ahead, row_filter
from helpers.imports.opencoesione.feed_files import PAYMENTS as PAID
from helpers.imports.opencoesione.feed_files import PROJECTS
from helpers.imports.opencoesione.survey import Survey, survey
from helpers.imports.reading import layouts, recognise

pytestmark = pytest.mark.slow

TABLES = ("sources", "measures", "provinces", "regions", "comuni", "feed_rules", "comuni_changes")


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    return reduced(tmp_path_factory.mktemp("package") / "raw", TABLES)


def only(problems):
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def said(found: Survey) -> list[str]:
    return [remark for told in found.remarks.values() for remark in told]


#: Rows with what is hard in each form: line ends, quotes and separators in a cell, accents, amounts without decimals.
ROWS = [
    a_row("1", OC_TITOLO_PROGETTO='Città; "Agliè", e\taltro', OC_SINTESI_PROGETTO="una riga\ne un’altra"),
    a_row("2", FINANZ_TOTALE_PUBBLICO="1234567,5", TOT_PAGAMENTI="0", OC_DATA_FINE_PROGETTO_EFFETTIVA="20200401"),
    a_row("3", OC_CODICE_PROGRAMMA="2014IT99"),
    a_row("4", OC_COD_SUBARTICOLAZ_PROGRAMMA="", OC_TITOLO_PROGETTO="We.Ca.Re."),
    a_row("5", OC_CODICE_PROGRAMMA="ALTRO:::2014IT16RFOP014", OC_COD_SUBARTICOLAZ_PROGRAMMA="X:::III.3c.7.1"),
]
PAID_ROWS = [payment("20190331", "30000,10", "1"), payment("20190930", "59999,9", "1"), payment("20190930", "1", "9")]


@pytest.mark.parametrize("form", FORMS[1:])
def test_every_container_gives_the_same_rows(package, tmp_path, form):
    for folder in ("plain", "other"):
        (tmp_path / folder).mkdir()
    plain, other = (
        survey(
            [
                write(tmp_path / folder, PROJECTS, ROWS, feed.COLUMNS, kind),
                write(tmp_path / folder, PAID, PAID_ROWS, PAYMENTS, kind),
            ],
            package,
        )
        for folder, kind in (("plain", "csv"), ("other", form))
    )
    assert [file.kind for file in other.files] == [PROJECTS, PAID]
    assert (plain.problems, other.problems) == ([], [])
    assert plain.tables["projects"]["project_ref"].tolist() == ["1", "2", "5"]
    for name, table in plain.tables.items():
        pd.testing.assert_frame_equal(table, other.tables[name])
    pd.testing.assert_frame_equal(plain.near, other.near)
    assert list(plain.accounts.values()) == list(other.accounts.values())
    # Nothing is wrong with a good file in another container; that lines are not UTF-8 is told.
    assert len(other.warnings) - len(plain.warnings) == (form == "cp1252")


@pytest.mark.parametrize("form", TEXTS)
def test_a_problem_has_the_line_of_the_file_in_every_text(package, tmp_path, form):
    first = a_row("1", OC_SINTESI_PROGETTO="una riga\ne un'altra" if form != "cr" else "una riga\re un'altra")
    path = write(tmp_path, PROJECTS, [first, a_row("2", IMPEGNI="molto")], feed.COLUMNS, form)
    problem = only(survey([path], package).problems)
    assert (problem.row, problem.column) == (4, "IMPEGNI")


@settings(max_examples=18)
@given(
    cells=st.lists(st.text(st.sampled_from('ab"\n\r;,\té'), max_size=8), min_size=1, max_size=6),
    form=st.sampled_from(["gz", "utf-16", "commas", "tabs", "parquet", "no mark"]),
    block=st.integers(40, 4_000),
)
def test_any_text_survives_every_container(package, tmp_path_factory, cells, form, block):
    rows = [a_row(f"{n}", OC_TITOLO_PROGETTO=cell) for n, cell in enumerate(cells)]
    size, row_filter.BLOCK = row_filter.BLOCK, block
    try:
        found = survey([write(tmp_path_factory.mktemp("any"), PROJECTS, rows, feed.COLUMNS, form)], package)
    finally:
        row_filter.BLOCK = size
    assert found.problems == []
    assert found.tables["projects"]["title"].tolist() == [" ".join(cell.split()) for cell in cells]


def test_a_file_of_which_some_rows_are_in_another_encoding_is_read_and_told(package, tmp_path):
    data = feed.lines(feed.COLUMNS, [a_row("1", OC_TITOLO_PROGETTO="Agliè"), a_row("2", OC_TITOLO_PROGETTO="Viù")])
    path = tmp_path / f"progetti_esteso_{DAY}.csv"
    path.write_bytes(data.replace("Viù".encode(), "Viù".encode("cp1252")))
    found = survey([path], package)
    assert found.problems == []
    assert found.tables["projects"]["title"].tolist() == ["Agliè", "Viù"]
    warning = only(found.warnings)
    assert (warning.row, warning.rule) == (3, "1 row is not UTF-8 and read as Windows-1252")


def test_what_reading_ahead_meets_is_raised_where_it_is_read():
    class Broken(io.BytesIO):
        def read(self, size=-1):
            block = super().read(size)
            if not block:
                raise EOFError("cut off")
            return block

    ahead = read_ahead.Ahead(Broken(b"ab"), 2)
    buffer = memoryview(bytearray(4))
    assert ahead.readinto(buffer) == 2 and bytes(buffer[:2]) == b"ab"
    with pytest.raises(EOFError):
        ahead.readinto(buffer)
    ahead.close()
    # One that nobody reads to its end can be closed too.
    read_ahead.Ahead(io.BytesIO(b"x" * 100), 1).close()


# --- amounts and days -------------------------------------------------------------------------------------------------

AMOUNTS = [
    ("1221,72", "1221.72", ""),
    ("1.221,72", "1221.72", "dots part thousands"),
    ("1221.72", "1221.72", "commas part thousands, dots decimals"),
    ("1,221.72", "1221.72", "commas part thousands, dots decimals"),
    ("1.221.000", "1221000.00", "dots part thousands"),
    ("250.000", "250000.00", "250.000 was taken for 250000"),
    ("1221.7", "1221.70", "dots decimals"),
    ("€ 1.221,72", "1221.72", ""),
    ("n.d.", "", "'n.d.' is taken for not known (1 times)"),
    ("0,125", "0.125", ""),
]


@pytest.mark.parametrize(("written", "meant", "remark"), AMOUNTS)
def test_amounts_as_people_write_them(package, tmp_path, written, meant, remark):
    path = write(tmp_path, PROJECTS, [a_row(IMPEGNI=written)], feed.COLUMNS)
    found = survey([path], package)
    assert found.problems == []
    assert found.tables["projects"]["committed_eur"].tolist() == [meant]
    assert any(f"IMPEGNI: {remark}" in told or remark in told for told in said(found)) or not remark
    assert bool(said(found)) == bool(remark) or written.startswith("€")


def test_a_comma_before_three_digits_is_a_decimal_only_if_other_amounts_say_so(package, tmp_path):
    official = write(tmp_path, PROJECTS, [a_row(IMPEGNI="250,000")], feed.COLUMNS)
    assert survey([official], package).tables["projects"]["committed_eur"].tolist() == ["250.00"]
    (tmp_path / "thousands").mkdir()
    amounts = [c for c in feed.COLUMNS if c.startswith(("FINANZ", "OC_FINANZ", "IMPEGNI", "TOT_"))]
    row = a_row(**dict.fromkeys(amounts, "250,000"))
    problems = survey([write(tmp_path / "thousands", PROJECTS, [row], feed.COLUMNS)], package).problems
    assert {problem.column for problem in problems} == set(amounts)
    assert all("250000 or 250.000" in problem.rule for problem in problems)
    english = row | {"IMPEGNI": "1,250,000.50"}
    found = survey([write(tmp_path / "thousands", PROJECTS, [english], feed.COLUMNS)], package)
    # A column speaks for itself.
    assert {problem.column for problem in found.problems} == set(amounts) - {"IMPEGNI"}


@pytest.mark.parametrize("written", ["20180401", "2018-04-01", "01/04/2018", "1.4.2018", "2018-04-01 00:00:00"])
def test_days_as_people_write_them(package, tmp_path, written):
    found = survey([write(tmp_path, PROJECTS, [a_row(OC_DATA_INIZIO_PROGETTO=written)], feed.COLUMNS)], package)
    assert (found.problems, found.tables["projects"]["start"].tolist()) == ([], ["2018-04-01"])


def test_codes_of_places_get_back_the_zeros_a_spreadsheet_takes(package, tmp_path):
    row = a_row(COD_COMUNE="1001272:::1004078", DEN_COMUNE="TORINO:::CUNEO")
    found = survey([write(tmp_path, PROJECTS, [row], feed.COLUMNS)], package)
    assert found.problems == []
    assert found.tables["project_places"]["istat"].tolist() == ["001272", "004078"]
    assert said(found) == ["2 codes of places were given back the leading zeros"]


# --- several tables in a file -----------------------------------------------------------------------------------------


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_a_zip_of_which_one_table_is_of_the_feed_is_read_and_the_others_named(package, tmp_path):
    members = {
        "leggimi.csv": b"a;b\r\n1;2\r\n",
        f"progetti_esteso_PIE_2014-2020_{DAY}.csv": feed.lines(feed.COLUMNS, [a_row()]),
        "__MACOSX/._progetti.csv": b"x",
        "nota.pdf": b"%PDF-1.7",
    }
    found = survey([zipped(tmp_path / "tutto.zip", **members)], package)
    assert found.problems == []
    assert [file.passed for file in found.files] == [("tutto.zip/leggimi.csv",)]
    assert len(found.tables["projects"]) == 1


def test_a_zip_of_a_file_and_its_companions_is_read_whole(package, tmp_path):
    members = {
        f"pagamenti_{DAY}.csv": feed.lines(PAYMENTS, PAID_ROWS),
        f"progetti_esteso_{DAY}.csv": feed.lines(feed.COLUMNS, ROWS),
    }
    found = survey([zipped(tmp_path / "tutto.zip", **members)], package)
    assert found.problems == []
    assert len(found.tables["payments"]) == 2


def test_a_zip_with_several_tables_of_one_kind_names_them(package, tmp_path):
    data = feed.lines(feed.COLUMNS, [a_row()])
    problem = only(survey([zipped(tmp_path / "a.zip", **{"x_20260228.csv": data, "y.csv": data})], package).problems)
    assert "2 tables of the kind progetti: a.zip/x_20260228.csv, a.zip/y.csv" in problem.rule
    none = only(survey([zipped(tmp_path / "b.zip", **{"x.csv": b"a;b\r\n", "y.csv": b"c;d\r\n"})], package).problems)
    assert "none of the 2 tables in the file" in none.rule and none.value == "x.csv, y.csv"


def test_a_heading_that_does_not_stand_in_the_first_row_is_found(package, tmp_path):
    path = tmp_path / f"progetti_esteso_{DAY}.csv"
    data = feed.lines(feed.COLUMNS, [a_row("1"), a_row("2", IMPEGNI="molto")]).removeprefix(b"\xef\xbb\xbf")
    path.write_bytes(b'"Scaricato da\r\nOpenCoesione"\r\n\r\n' + data)
    found = survey([path], package)
    assert only(found.problems).row == 6 and next(iter(found.accounts.values())).read == 2


def test_a_formula_without_a_value_in_a_row_that_is_read_is_told(package, tmp_path):
    path = write(tmp_path, PROJECTS, [a_row("1"), a_row("2", OC_CODICE_PROGRAMMA="X")], feed.COLUMNS, "xlsx")
    book = openpyxl.load_workbook(path)
    column = feed.COLUMNS.index("IMPEGNI") + 1
    for row in (2, 3):
        book.worksheets[0].cell(row, column).value = "=1+1"
    book.save(path)
    problem = only(survey([path], package).problems)
    assert (problem.row, problem.column) == (2, "IMPEGNI") and "never calculated" in problem.rule


# --- the wrong file ---------------------------------------------------------------------------------------------------

#: Columns that the short file of projects does without.
LONG = ("COD_", "DEN_", "OC_DENOM", "DESCR_PROCED", "OC_COD_ART", "OC_COD_SUB", "OC_CODICE_PRO", "OC_DESCRIZ")
SHORT = [KEY, *(c for c in feed.NEEDED if not c.startswith(LONG))]


def test_the_short_file_of_projects_is_told_in_one_line(package, tmp_path):
    path = tmp_path / "progetti_20260630.csv"
    path.write_bytes(feed.lines(SHORT, [a_row()]))
    problem = only(survey([path], package).problems)
    assert problem.rule == "the file is OpenCoesione's short progetti, which has neither programmes nor places"
    assert "progetti_esteso_PIE_2014-2020.zip" in problem.remedy


OTHERS = {
    "scheda.csv": (b"%PDF-1.7 ...", "a PDF"),
    "progetti_esteso.zip": (b"<!DOCTYPE html><html>", "a web page"),
    "progetti.csv": (b'{"results": []}', "a JSON file"),
    "progetti.xls": (b"\xd0\xcf\x11\xe0 ...", "an old Excel file"),
    f"impegni_{DAY}.csv": (b'"COD_LOCALE_PROGETTO";"OC_DATA_IMPEGNI";"IMPEGNI"\r\n', "commitments by day (impegni)"),
    f"fasi_{DAY}.csv": (b'"COD_LOCALE_PROGETTO";"OC_COD_FASE";"OC_DESCR_FASE"\r\n', "steps of the projects (fasi)"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_another_file_is_told_in_one_line(package, tmp_path, name):
    data, told = OTHERS[name]
    path = tmp_path / name
    path.write_bytes(data)
    problem = only(survey([path], package).problems)
    assert problem.file == name and told in problem.rule


def test_a_damaged_parquet_is_told_in_one_line(package, tmp_path):
    whole = write(tmp_path, PROJECTS, ROWS, feed.COLUMNS, "parquet").read_bytes()
    for name, data in {"cut.parquet": whole[:-100], "hurt.parquet": whole[:2_000] + b"?" * 600 + whole[2_600:]}.items():
        path = tmp_path / name
        path.write_bytes(data)
        problem = only(survey([path], package, edition="2026-02-28").problems)
        assert "Parquet file cannot be read" in problem.rule and "\n" not in str(problem)


def test_a_file_of_another_producer_leads_to_its_command(package, tmp_path, monkeypatch):
    columns = {
        "istat": layouts.Column(("codice istat comune",), True),
        "taxpayers": layouts.Column(("numero contribuenti",), True),
    }
    irpef = layouts.Layout("irpef", "incomes declared for IRPEF", "", columns, importer="income")
    monkeypatch.setattr(recognise, "names", lambda: ("irpef",))
    monkeypatch.setattr(recognise, "load", lambda name: irpef)
    path = tmp_path / "redditi_2022.csv"
    path.write_bytes(b"Anno di imposta,Codice Istat Comune,Numero contribuenti\r\n2022,001001,1000\r\n")
    problem = only(survey([path], package).problems)
    assert problem.rule == "the file is another: incomes declared for IRPEF"
    assert "run `wecare import income redditi_2022.csv`" in problem.remedy


def test_every_file_of_the_feed_has_a_layout_that_recognises_it(tmp_path):
    for kind, columns, name in (
        (PROJECTS, feed.COLUMNS, "opencoesione_progetti_esteso"),
        ("localizzazioni", feed.PLACES, "opencoesione_localizzazioni"),
        ("soggetti", feed.PARTIES, "opencoesione_soggetti"),
        (PAID, PAYMENTS, "opencoesione_pagamenti"),
        ("progetti", SHORT, "opencoesione_progetti"),
    ):
        tops = [part.top for part in feed_containers.parts(write(tmp_path, kind, [a_row()], columns))]
        assert recognise.recognise(tops)[0].id == name
