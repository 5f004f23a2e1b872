"""A file that nobody has described is read, repaired and keyed, and nothing of it is lost without a word."""

from __future__ import annotations

import os

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from helpers.cli.main import app
from helpers.data import raw
from helpers.errors import InputError, WecareError
from helpers.imports.any_table import read_any

ITALIAN = """Posti nido 2024;;;
Codice ISTAT;Comune;Posti autorizzati;Spesa (€);CAP;Data
4078;Cuneo;1.250;12.345,60;00100;31/12/2024
4003;ALBA;320;1.200,5;12051;1/1/2024
1272;Torino;9.876;n.d.;10100;2/1/2024
9999;Altrove;0;0,00;14020;3/1/2024
Totale;;11.446;13.546,10;;
"""


def written(tmp_path, text: str, encoding: str = "cp1252"):
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_spreadsheets_file_becomes_what_data_raw_wants(tmp_path):
    found = read_any(written(tmp_path, ITALIAN))
    assert (found.level, found.key) == ("comuni", "Codice ISTAT")
    assert list(found.frame) == ["istat", "comune", "posti_autorizzati", "spesa", "cap", "data"]
    assert found.frame.iloc[0].tolist() == ["004078", "Cuneo", "1250", "12345.6", "00100", "2024-12-31"]
    # Not known is blank; a postcode is no number; a code that is none of ours stays, and is told.
    assert found.frame["spesa"].tolist() == ["12345.6", "1200.5", "", "0"]
    assert found.frame["istat"].tolist() == ["004078", "004003", "001272", "009999"]
    assert [(problem.row, problem.value) for problem in found.lost] == [(6, "9999")]
    assert found.numbers == ("posti_autorizzati", "spesa")
    said = " ".join(found.remarks)
    for words in ("Windows-1252, semicolons", "Row 7 is a total", "zeros given back to 3 codes", "'1.250' → '1250'"):
        assert words in said


def test_names_get_their_codes_and_a_name_that_is_none_is_told(tmp_path):
    found = read_any(written(tmp_path, "Comune;Posti\nAglie';3\nLEINI;2\nCuneooo;1\nCuneo;4\n"))
    assert list(found.frame) == ["istat", "comune", "posti"]
    assert found.frame["istat"].tolist() == ["001001", "001130", "", "004078"]
    assert "Cuneo (004078)" in found.lost[0].remedy and found.lost[0].row == 4


def test_counts_are_not_taken_for_codes_without_their_zeros(tmp_path):
    found = read_any(written(tmp_path, "Posti;Comune\n1272;Torino\n4078;Cuneo\n"))
    assert found.key == "Comune" and found.frame["posti"].tolist() == ["1272", "4078"]


def test_districts_are_known_by_code_and_name(tmp_path):
    by_code = read_any(written(tmp_path, "Distretto;Posti\nD12;3\nd01;4\n"))
    by_name = read_any(written(tmp_path, "Distretto;Posti\nCuneo;3\nAsti;4\n"), key="Distretto")
    assert by_code.level == "districts" and by_code.frame["distretto_id"].tolist() == ["D12", "D01"]
    assert by_name.frame.iloc[:, 0].tolist() in (["D12", "D01"], ["004078", "005005"])


def test_what_is_no_number_among_numbers_is_an_error_with_its_place(tmp_path):
    rows = "".join(f"{code};{n},5\n" for n, code in enumerate(raw.load("comuni")["istat"][:20]))
    with pytest.raises(InputError) as found:
        read_any(written(tmp_path, f"istat;Posti\n{rows}004078;tanti\n"))
    (problem,) = found.value.problems
    assert (problem.file, problem.row, problem.column, problem.value) == ("list.csv", 22, "Posti", "tanti")


@pytest.mark.parametrize("text", ["", "una riga sola\n", "a;b\n"])
def test_a_file_that_holds_no_table_is_an_error(tmp_path, text):
    with pytest.raises(InputError):
        read_any(written(tmp_path, text))


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 30), st.floats(0, 9e5)), min_size=2, max_size=20))
@pytest.mark.slow
def test_whatever_the_form_the_numbers_are_the_same(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("forms")
    codes = raw.load("comuni")["istat"].tolist()
    frame = pd.DataFrame({"istat": [codes[n] for n, _ in rows], "posti": [f"{value:.2f}" for _, value in rows]})
    frame.to_csv(folder / "plain.csv", index=False)
    italian = frame.assign(istat=frame["istat"].str.lstrip("0"), posti=frame["posti"].str.replace(".", ","))
    italian.to_csv(folder / "italian.csv", index=False, sep=";", encoding="cp1252")
    assert read_any(folder / "plain.csv").frame.equals(read_any(folder / "italian.csv").frame)


@pytest.mark.slow
def test_fix_shows_what_it_did_leaves_the_file_and_asks_before_writing_over_another(tmp_path):
    path, run = written(tmp_path, ITALIAN), CliRunner()
    before = path.read_bytes()
    done = run.invoke(app, ["fix", str(path)])
    fixed = tmp_path / "list-fixed.csv"
    assert done.exit_code == 0 and "zeros given back" in done.output and "Not found" in done.output
    assert fixed.read_bytes().startswith(b"istat,comune,") and path.read_bytes() == before
    fixed.write_text("mine")
    assert run.invoke(app, ["fix", str(path)], input="n\n").exit_code == 1
    assert fixed.read_text() == "mine"
    assert run.invoke(app, ["fix", str(path), "--yes"]).exit_code == 0
    # What is fixed has nothing left to fix.
    again = read_any(fixed)
    assert again.frame.equals(read_any(path).frame)


def test_a_name_beside_says_the_place_that_a_code_leaves_open_and_years_are_no_codes(tmp_path):
    rows = "".join(f"{code};{name};2021\n" for code, name in (("4078", "Cuneo"), ("", "Asti"), ("4003", "Asti")))
    found = read_any(written(tmp_path, f"Codice;Comune;Anno del comune\n{rows}"))
    assert found.frame["istat"].tolist() == ["004078", "005005", "004003"] and found.lost == []
    assert "Row 4: '4003' and 'Asti' are two places; the first is taken." in found.remarks


def test_small_numbers_without_a_heading_that_says_so_are_counts(tmp_path):
    found = read_any(written(tmp_path, "Distretto;Posti\nD12;1272\nD13;4078\nD1x;4003\n"))
    assert (found.level, found.key) == ("districts", "Distretto") and found.numbers == ("posti",)
    assert read_any(written(tmp_path, "a;b\n1272;3\n4078;4\n")).places is None


@pytest.mark.parametrize("put", [os.mkfifo, os.mkdir])
def test_nothing_but_a_file_is_written_over(tmp_path, put):
    given = written(tmp_path, "comune;posti\nTorino;12\nCuneo;3\n")
    put(tmp_path / "out.csv")
    done = CliRunner().invoke(app, ["fix", str(given), "--out", str(tmp_path / "out.csv"), "--yes"])
    assert isinstance(done.exception, WecareError) and "no file that can be written over" in str(done.exception)
