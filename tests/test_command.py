"""The command as people type it: whole lists, sane limits, typed parameters, clean logs."""

import csv
import io
import os
import subprocess
import sys

import pytest
from conftest import ROOT


def piped(*arguments, **environment):
    """The command with its output in a pipe, by whatever width that has."""
    given = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "FORCE_COLOR")} | environment
    command = [sys.executable, "-m", "helpers", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=given, cwd=ROOT)


@pytest.mark.slow
@pytest.mark.parametrize("columns", [{}, {"COLUMNS": "40"}, {"COLUMNS": "100"}])
def test_the_list_of_districts_is_whole_however_narrow(columns):
    lines = piped("districts", **columns).stdout.splitlines()
    assert lines[0].split() == ["code", "slug", "name", "comuni", "residents", "sourced", "derived", "indicative"]
    assert [line.split()[0] for line in lines[1:31]] == [f"D{n:02d}" for n in range(1, 31)]
    assert "160,451" in next(line for line in lines if line.startswith("D12"))


@pytest.mark.slow
def test_the_list_of_districts_as_csv():
    rows = list(csv.DictReader(io.StringIO(piped("districts", "--csv").stdout)))
    assert len(rows) == 30 and rows[11]["code"] == "D12" and rows[11]["residents"] == "160451"
    assert sum(int(row["comuni"]) for row in rows) == 1181


@pytest.mark.slow
@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--memory", "-5"),
        ("--memory", "0"),
        ("--jobs", "0"),
        ("--jobs", "99999"),
        ("--timeout", "0"),
        ("--timeout", "inf"),
    ],
)
def test_limits_that_cannot_be_meant_are_refused(option, value):
    done = piped("build", option, value)
    told = " ".join(done.stderr.replace("│", "").split())
    assert done.returncode == 2 and f"Invalid value for '{option}'" in told and "than or equal to" in told


def test_a_log_gets_no_codes_that_move_a_cursor(derived):
    done = derived.wecare("build", "--only", "timeline")
    assert "\x1b" not in done.stdout + done.stderr and "2 of 2 reports made" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("district", "12"),
        pytest.param("edition", "2026.10", marks=pytest.mark.audit),
        pytest.param("district", "None", marks=pytest.mark.audit),
        pytest.param("lang", "1", marks=pytest.mark.audit),
    ],
)
def test_a_parameter_that_papermill_made_into_something_else_is_refused_with_the_remedy(tmp_path, parameter, value):
    out = tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", "--log-level", "ERROR", "notebooks/district.ipynb", str(out)]
    done = subprocess.run([*command, "-p", parameter, value], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode != 0
    assert f"use -r {parameter} VALUE" in " ".join(done.stderr.split())


def test_a_table_asked_for_in_the_wrong_place_is_told_where_it_is():
    from helpers.data import processed
    from helpers.errors import WecareError

    with pytest.raises(WecareError, match=r"no derived table 'measures'.*comuni, districts.*raw\.load"):
        processed.load("measures")


@pytest.mark.parametrize(
    "arguments", [("build", "--only", "\udcff"), ("add", "x.csv", "--title", "a\udcff"), ("\udcfe",)]
)
def test_what_is_typed_in_no_encoding_is_told(arguments):
    done = piped(*arguments)
    assert done.returncode == 1 and "is not text in UTF-8. To do: " in done.stderr and "Traceback" not in done.stderr
