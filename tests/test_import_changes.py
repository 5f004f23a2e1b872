"""ISTAT's list of suppressed comuni: Piedmont's rows, each once, and what the table says besides."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from istat_files import SUPPRESSED, suppressed_line, write
from raw_fixtures import Copy, copied, reduced
from typer.testing import CliRunner

from helpers import config
from helpers.cli import main
from helpers.data import raw
from helpers.errors import InputError
from helpers.imports import suppressed_comuni

pytestmark = pytest.mark.slow

NAME = "Elenco_comuni_soppressi.csv"


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    tables = ("comuni", "comuni_changes", "provinces", "regions", "province_regions")
    return reduced(tmp_path_factory.mktemp("package") / "raw", tables)


@pytest.fixture
def copy(tmp_path, package) -> Copy:
    return copied(tmp_path, package)


def saved(folder: Path, *lines: str, encoding: str = "latin-1", header: str = SUPPRESSED) -> Path:
    return write(folder / NAME, [header, *lines], encoding)


def problems_of(path: Path, copy: Copy):
    before = (copy.root / "comuni_changes.csv").read_bytes()
    with pytest.raises(InputError) as error:
        suppressed_comuni.plan(path, root=copy.root)
    assert (copy.root / "comuni_changes.csv").read_bytes() == before
    return error.value.problems


def test_rows_of_piedmont_are_added_and_the_others_told(copy, tmp_path):
    lines = [
        suppressed_line("001001", "001002", "22/01/2030", names=("Agliè", "Airasca")),
        suppressed_line("001003", "001320", "01/02/2031", "1", ("Ala di Stura", "Prima")),
        suppressed_line("001003", "001321", "01/02/2031", "1", ("Ala di Stura", "Seconda")),
        suppressed_line("003001", "018500", "01/01/2030"),
        suppressed_line("018501", "003002", "01/01/2030"),
        suppressed_line("024044", "024128", "22/01/2024"),
        suppressed_line("001804", "001015", "29/04/1955", "1"),
        suppressed_line("004805", "", "16/09/1947"),
        suppressed_line("031701", "", "16/09/1947"),
    ]
    before = copy.read("comuni_changes.csv")
    plan = suppressed_comuni.plan(saved(tmp_path, *lines), root=copy.root)
    assert (plan.added, plan.replaced, plan.kept) == (5, 0, len(before) - 1) and plan.warnings == []
    (account,) = plan.accounts.values()
    assert (account.read, account.kept) == (9, 5)
    assert account.left_out == {"they are of other regions": 2, "they happened before 1991": 2}
    assert plan.draft.commit() == ["data/raw/comuni_changes.csv", "data/raw/datapackage.json"]
    rows = copy.read("comuni_changes.csv")
    assert [row for row in rows if row not in before] == [
        [
            "001001",
            "001002",
            "2030-01-22",
            "merger",
            "ISTAT, list of suppressed comuni",
            "Agliè → Airasca",
            "Agliè",
            "Airasca",
        ],
        [
            "001003",
            "001320",
            "2031-02-01",
            "split",
            "ISTAT, list of suppressed comuni",
            "Ala di Stura → Prima",
            "Ala di Stura",
            "Prima",
        ],
        [
            "001003",
            "001321",
            "2031-02-01",
            "split",
            "ISTAT, list of suppressed comuni",
            "Ala di Stura → Seconda",
            "Ala di Stura",
            "Seconda",
        ],
        ["003001", "018500", "2030-01-01", "merger", "ISTAT, list of suppressed comuni", "Già → Ora", "Già", "Ora"],
        ["018501", "003002", "2030-01-01", "merger", "ISTAT, list of suppressed comuni", "Già → Ora", "Già", "Ora"],
    ]
    assert [row for row in before if row not in rows] == []
    assert copy.problems() == []
    assert suppressed_comuni.plan(saved(tmp_path, *lines), root=copy.root).draft.changed == []


def test_a_row_of_the_list_takes_the_place_of_ours_and_the_rest_stays(copy, tmp_path):
    path = saved(tmp_path, suppressed_line("001063", "001316", "18/04/2017", "1", ("Caselle Torinese", "Mappano")))
    plan = suppressed_comuni.plan(path, "https://example.org/list", "2030", copy.root)
    assert (plan.added, plan.replaced) == (0, 1)
    plan.draft.commit()
    rows = [row for row in copy.read("comuni_changes.csv") if row[1] == "001316"]
    assert [row[:4] for row in rows] == [
        ["001028", "001316", "", "split"],
        ["001063", "001316", "2017-04-18", "split"],
    ]
    assert rows[1][4] == "ISTAT, list of suppressed comuni (2030)"
    cited = [found for found in raw.resource("comuni_changes", copy.root)["sources"] if "ISTAT" in found["title"]]
    assert cited == [{"title": suppressed_comuni.SOURCE, "path": "https://example.org/list", "version": "2030"}]


def test_a_change_that_the_table_tells_otherwise(copy, tmp_path):
    path = saved(tmp_path, suppressed_line("004236", "004001", "01/01/2019"))
    assert suppressed_comuni.plan(path, root=copy.root).warnings == [
        "004236 became 004034 in the table, and 004001 in the list: both stay, look at them."
    ]


@pytest.mark.parametrize(
    ("line", "column", "rule"),
    [
        (suppressed_line("00100A", "001002", "22/01/2030"), "istat", "six digits"),
        (suppressed_line("001001", "", "22/01/2030"), "new_istat", "six digits"),
        (suppressed_line("001001", "001002", "31/02/2030"), "date", "no day that exists"),
        (suppressed_line("001001", "001002", ""), "date", "is missing"),
        (suppressed_line("001001", "001002", "22/01/2030", "forse"), "split", "must be 1"),
    ],
)
def test_a_wrong_cell_is_named(copy, tmp_path, line, column, rule):
    problem = problems_of(saved(tmp_path, suppressed_line("024044", "024128", "22/01/2024"), line), copy)[0]
    assert (problem.file, problem.row, problem.column) == (NAME, 3, column) and rule in problem.rule, str(problem)


def test_a_change_twice(copy, tmp_path):
    line = suppressed_line("001001", "001002", "22/01/2030")
    (problem,) = problems_of(saved(tmp_path, line, line), copy)
    assert problem.row == 3 and "comes twice" in problem.rule


def test_another_file(copy, tmp_path):
    header = SUPPRESSED.replace("Data evento", "Quando")
    (problem,) = problems_of(saved(tmp_path, suppressed_line("1001", "001002", "1/1/2030"), header=header), copy)
    assert "data evento" in problem.rule and "ISTAT's list of suppressed comuni" in problem.remedy
    assert "does not exist" in problems_of(tmp_path / "none.csv", copy)[0].rule


ROW = st.tuples(
    st.sampled_from(["001001", "003002", "096003", "024044", "112001"]),
    st.sampled_from(["001010", "103011", "024128", "113002"]),
    st.dates(min_value=suppressed_comuni.SINCE.replace(year=1920)),
    st.sampled_from(["", "1"]),
)


@settings(max_examples=20, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=8, unique_by=lambda row: row[:2]), st.sampled_from(["latin-1", "utf-8-sig"]))
def test_every_row_is_kept_or_told(tmp_path_factory, rows, encoding):
    lines = [suppressed_line(old, new, f"{day:%d/%m/%Y}", part) for old, new, day, part in rows]
    plan = suppressed_comuni.plan(saved(tmp_path_factory.mktemp("list"), *lines, encoding=encoding))
    (account,) = plan.accounts.values()
    assert account.read == len(rows) == account.kept + sum(account.left_out.values())
    own = set(raw.load("provinces")["province_code"])
    due = {
        (old, new, day.isoformat(), "split" if part else "merger")
        for old, new, day, part in rows
        if {old[:3], new[:3]} & own and day >= suppressed_comuni.SINCE
    }
    assert set(plan.rows[["old_istat", "new_istat", "date", "kind"]].itertuples(index=False, name=None)) == due


def test_the_command_says_what_was_left_out(copy, tmp_path, monkeypatch):
    monkeypatch.setattr(config, "RAW", copy.root)
    path = saved(
        tmp_path, suppressed_line("001001", "001002", "22/01/2030"), suppressed_line("024044", "024128", "22/01/2024")
    )
    done = CliRunner().invoke(main.app, ["import", "changes", str(path)], input="n\n")
    assert done.exit_code == 1 and "1 row left out: they are of other regions." in done.output
    assert "Changes of Piedmont: 1 (1 new, 0 with other words; 49 others stay)." in " ".join(done.output.split())
    assert "Nothing was written." in done.output
