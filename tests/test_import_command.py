"""The commands ``wecare import …`` as people type them."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from istat_files import IRPEF, irpef_line, write
from raw_fixtures import Copy, copied
from typer.testing import CliRunner

from helpers import config
from helpers.cli.imports import imports
from helpers.cli.main import app
from helpers.imports import own_table

pytestmark = pytest.mark.slow

NAME = "Redditi_IRPEF_2030.csv"


@pytest.fixture
def copy(tmp_path, monkeypatch) -> Copy:
    found = copied(tmp_path)
    monkeypatch.setattr(config, "RAW", found.root)
    return found


def run(*arguments: str | Path, answer: str | None = None):
    done = CliRunner().invoke(app, ["import", *map(str, arguments)], input=answer)
    return done, " ".join(done.output.split())


def bytes_of(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in root.iterdir() if path.is_file()}


def test_a_file_is_known_by_its_headings(copy, tmp_path):
    path = write(tmp_path / "scaricato.csv", [IRPEF, irpef_line("001001", 2000, 1900, 38_000_000)], "utf-8")
    done, told = run(path, "--yes")
    assert done.exit_code == 0, told
    assert "incomes declared for IRPEF by comune (wecare import income)" in told
    assert told.endswith("then `wecare build`.") and (copy.root / "income.csv").exists()


def test_files_of_two_years_at_once(copy, tmp_path):
    paths = [
        write(tmp_path / f"{year}.csv", [IRPEF, irpef_line("001001", year, 1, 1, year=year)], "utf-8")
        for year in (2029, 2030)
    ]
    done, told = run(*paths, "--yes")
    assert done.exit_code == 0 and "2023, 2024, 2029, 2030." in told
    done, told = run(paths[0], paths[0])
    assert done.exit_code != 0 and "several files are of one tax year" in str(done.exception)


def test_files_for_different_imports(copy, tmp_path):
    income = write(tmp_path / "a.csv", [IRPEF, irpef_line("001001", 1, 1, 1)], "utf-8")
    grants = write(tmp_path / "b.csv", ["project_id;importo", "M1-01;200000"], "utf-8")
    done, _ = run(income, grants)
    assert "different imports" in str(done.exception) and "`wecare import grants" in str(done.exception)


@pytest.mark.parametrize(
    ("text", "rule"),
    [("a;b\n1;2\n", "no import knows the columns"), ("", "is empty"), ("<html></html>", "a web page")],
)
def test_a_file_nobody_knows(copy, tmp_path, text, rule):
    (tmp_path / "file.csv").write_text(text)
    done, _ = run(tmp_path / "file.csv")
    (problem,) = done.exception.problems
    assert rule in problem.rule and problem.remedy


def test_a_file_that_is_not_there():
    done, _ = run("nessuno.csv")
    assert "does not exist" in str(done.exception)


def test_a_dry_run_shows_what_readers_would_see_and_writes_nothing(copy, tmp_path):
    before = bytes_of(copy.root)
    path = write(tmp_path / "grants.csv", ["project_id;importo", "M1-01;200.000,00"], "utf-8")
    done, told = run("grants", path, "--source", "D.D. 1", "--dry-run")
    assert done.exit_code == 0 and bytes_of(copy.root) == before
    assert "grants_known 0 1" in told and "grants_eur not known 200,000" in told
    assert told.endswith("Nothing was written. Next: run it without --dry-run to write it.")


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_the_last_line_says_what_happened_and_what_to_type(copy, tmp_path, answer):
    before = bytes_of(copy.root)
    path = write(tmp_path / "grants.csv", ["project_id;importo", "M1-01;200000"], "utf-8")
    done, told = run("grants", path, "--source", "D.D. 1", answer=answer)
    assert done.exit_code == 1 and bytes_of(copy.root) == before
    assert told.count("Nothing was written") == 1 and "--yes" in told.rpartition("Nothing was written")[2]


def test_one_missing_set_of_columns_is_one_line(copy, tmp_path):
    path = write(tmp_path / "grants.csv", ["titolo;importo", *["a;1"] * 30], "utf-8")
    done, _ = run("grants", path, "--source", "D.D. 1")
    (problem,) = done.exception.problems
    assert "project_id or capofila_town is missing" in problem.rule and "--template" in problem.remedy


def test_help_says_every_word():
    runner = CliRunner(env={"COLUMNS": "400", "NO_COLOR": "1", "FORCE_COLOR": None})
    for command in imports.registered_commands:
        told = runner.invoke(app, ["import", command.name, "--help"]).output
        shown = re.sub(r"[`*\s│─╭╮╰╯]+", "", re.sub(r"\x1b\[[0-9;]*m", "", told))
        for paragraph in inspect.getdoc(command.callback).split("\n\n"):
            assert re.sub(r"[`*\s]+", "", paragraph) in shown, (command.name, paragraph)
        assert "<year>" not in told


# Any table


def test_a_template_comes_back_as_it_was(copy, tmp_path):
    for name in ("key_figures", "districts", "comune_distretto", "events", "measures"):
        path = tmp_path / f"{name}.xlsx"
        own_table.template(path, name, copy.root)
        plan = own_table.plan(path, name, root=copy.root)
        assert (plan.added, plan.changed, plan.removed, plan.draft.changed) == (0, 0, 0, []), name


def test_a_table_from_a_list_somebody_corrected(copy, tmp_path):
    import openpyxl

    path = tmp_path / "distretti.xlsx"
    own_table.template(path, "province_quadrant", copy.root)
    book = openpyxl.load_workbook(path)
    page = book["Elenco"]
    # A spreadsheet takes the zeros of a code, and a person writes a name of the list in capitals.
    page["A2"] = int(page["A2"].value)
    page["B2"] = page["B2"].value.lower()
    page.append(["TOTALE", None])
    book.save(path)
    plan = own_table.plan(path, "province_quadrant", root=copy.root)
    assert plan.draft.changed == [] and plan.accounts.popitem()[1].left_out == {"a total": 1}
    assert any("leading zeros" in remark for remark in plan.remarks)


def test_the_lists_of_a_template_hold_what_may_be_chosen(copy, tmp_path):
    import openpyxl

    own_table.template(tmp_path / "a.xlsx", "province_quadrant", copy.root)
    page = openpyxl.load_workbook(tmp_path / "a.xlsx")["Elenco"]
    rules = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in page.data_validations.dataValidation}
    assert rules == {"A2": "Valori!$A$1:$A$8", "B2": "Valori!$B$1:$B$4"}


def test_a_wrong_cell_of_a_table_is_named_in_the_file(copy, tmp_path):
    rows = (copy.root / "province_quadrant.csv").read_text().splitlines()
    rows[3] = re.sub(r"^\d+", "999", rows[3])
    (tmp_path / "a.csv").write_text("Titolo\n\n" + "\n".join(rows) + "\n")
    plan = own_table.plan(tmp_path / "a.csv", "province_quadrant", root=copy.root)
    with pytest.raises(Exception) as error:
        plan.draft.commit(plan.reword)
    assert any(p.file == "a.csv" and p.row == 6 and p.value == "999" for p in error.value.problems), str(error.value)


def test_there_is_no_such_table():
    done, _ = run("table", "key_figure", "a.csv")
    assert "Did you mean 'key_figures'?" in str(done.exception)
