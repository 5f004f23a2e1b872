"""The official table of the districts takes our reconstruction's place, or nothing changes."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from raw_fixtures import Copy, copied, reduced

from helpers.data import raw
from helpers.errors import InputError
from helpers.imports import mapping

# Each test checks the data package.
pytestmark = pytest.mark.slow

SOURCE = "D.G.R. 21-8447 (generated for a test)"
SHORT = ["istat", "comune", "ente_gestore", "distretto_id"]


#: The tables that are looked at here, and what they refer to.
TABLES = (
    "comuni",
    "provinces",
    "quadrants",
    "districts",
    "comune_distretto",
    "enti_gestori",
    "enti_gestori_notes",
    "population",
    "sources",
)


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    return reduced(tmp_path_factory.mktemp("package") / "raw", TABLES)


@pytest.fixture
def copy(tmp_path, package) -> Copy:
    return copied(tmp_path, package)


def bytes_of(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in root.iterdir() if path.is_file()}


def table(copy: Copy, columns: list[str] = SHORT) -> list[list[str]]:
    rows = copy.read("comune_distretto.csv")
    at = [rows[0].index(column) for column in columns]
    return [[row[place] for place in at] for row in rows]


def saved(path: Path, rows: list[list[str]], separator: str = ";") -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return path


def set_cell(rows: list[list[str]], code: str, column: str, value: str) -> int:
    """Set a cell; gives the row as an editor counts."""
    line = next(n for n, row in enumerate(rows) if row[0] == code)
    rows[line][rows[0].index(column)] = value
    return line + 1


def problems_of(path: Path, copy: Copy, source: str | None = SOURCE):
    before = bytes_of(copy.root)
    with pytest.raises(InputError) as error:
        plan = mapping.plan(path, source, root=copy.root)
        plan.draft.commit(plan.reword)
    assert bytes_of(copy.root) == before
    return error.value.problems


def test_a_table_without_status_is_sourced_and_cites_the_act(copy, tmp_path):
    rows = table(copy)
    set_cell(rows, "004003", "distretto_id", "D12")
    set_cell(rows, "001001", "distretto_id", "D17")
    plan = mapping.plan(saved(tmp_path / "map.csv", rows), SOURCE, "2019-02-22", copy.root)
    people = raw.load("population", copy.root)
    residents = people[["female", "male"]].sum(axis=1).groupby(people["istat"]).sum()
    assert plan.moves == [
        mapping.Move("004003", "Alba", "D09", "D12", residents["004003"]),
        mapping.Move("001001", "Agliè", "D16", "D17", residents["001001"]),
    ]
    assert (plan.bodies, plan.warnings) == (0, [])
    assert plan.status == {"derived": (685, 0), "sourced": (426, 1181), "indicative": (70, 0)}
    assert plan.draft.commit(plan.reword) == [
        f"data/raw/{name}" for name in ("comune_distretto.csv", "sources.csv", "datapackage.json")
    ]
    after = raw.load("comune_distretto", copy.root).set_index("istat")
    assert after.at["004003", "distretto_id"] == "D12" and after.at["004003", "source_ids"] == ("S273",)
    assert set(after["status"]) == set(after["status_ente"]) == {"sourced"}
    entry = raw.resource("comune_distretto", copy.root)
    assert "usageWarnings" not in entry and "reconstruction" not in entry["description"]
    assert entry["sources"][-1] == {"title": f"Table of the districts: {SOURCE}", "version": "2019-02-22"}
    assert copy.problems() == []


def test_again_changes_nothing(copy, tmp_path):
    path = saved(tmp_path / "map.csv", table(copy))
    plan = mapping.plan(path, SOURCE, root=copy.root)
    plan.draft.commit(plan.reword)
    before = bytes_of(copy.root)
    again = mapping.plan(path, SOURCE, root=copy.root)
    assert again.moves == [] and again.draft.changed == [] and again.draft.commit() == []
    assert bytes_of(copy.root) == before


def test_our_own_table_changes_nothing(copy):
    own = copy.root / "comune_distretto.csv"
    assert mapping.plan(own, root=copy.root).draft.changed == []


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_table_in_any_order_and_form_says_the_same(copy, tmp_path, data):
    rows = copy.read("comune_distretto.csv")
    columns = data.draw(st.permutations(range(len(rows[0]))))
    body = data.draw(st.permutations(rows[1:]))
    path = saved(
        tmp_path / "map.csv",
        [[row[c] for c in columns] for row in [rows[0], *body]],
        data.draw(st.sampled_from([",", ";", "\t"])),
    )
    assert mapping.plan(path, root=copy.root).draft.changed == []


def test_codes_that_lost_their_zeros(copy, tmp_path):
    book = openpyxl.Workbook()
    for n, row in enumerate(table(copy)):
        book.active.append([int(row[0]), *row[1:]] if n else row)
    book.save(tmp_path / "map.xlsx")
    plan = mapping.plan(tmp_path / "map.xlsx", SOURCE, root=copy.root)
    assert plan.moves == [] and "1,107 codes had lost" in plan.warnings[0]
    # Without the name nothing bears the code out.
    rows = [[row[0].lstrip("0"), row[2], row[3]] for row in table(copy)]
    problems = problems_of(saved(tmp_path / "map.csv", [["istat", "ente_gestore", "distretto_id"], *rows[1:]]), copy)
    assert problems[0].column == "istat" and problems[0].remedy == "write them: 001001" and problems[0].row == 2


def apostrophes(name: str) -> str:
    return "".join(c if c.isascii() else f"{unicodedata.normalize('NFD', c)[0]}'" for c in name).upper()


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def district_called(copy: Copy, column: str) -> dict[str, str]:
    return raw.load("districts", copy.root).set_index("distretto_id")[column].to_dict()


#: How a row is written, given the names and slugs of the districts, and what is told of it.
FORMS = {
    "capitals with apostrophes": (
        lambda row, n, s: [row[0], apostrophes(row[1]), *row[2:]],
        ["capitals 1,181, apostrophe for an accent 28"],
    ),
    "no zeros and capitals": (
        lambda row, n, s: [row[0].lstrip("0"), row[1].upper(), *row[2:]],
        ["1,107 codes had lost", "(capitals 1,181)"],
    ),
    "codes as numbers": (lambda row, n, s: [f"{int(row[0])}.0", *row[1:]], ["1,181 codes had lost"]),
    "decomposed": (lambda row, n, s: list(map(decomposed, row)), ["names of comuni", "names of enti gestori"]),
    "names of districts": (lambda row, n, s: [*row[:3], n[row[3]]], ["30 districts are given by name or slug"]),
    "slugs of districts": (lambda row, n, s: [*row[:3], s[row[3]]], ["30 districts are given by name or slug"]),
    "districts in capitals": (lambda row, n, s: [*row[:3], apostrophes(n[row[3]])], ["names of districts"]),
    "bodies without dots": (lambda row, n, s: [*row[:2], row[2].replace(".", "").upper(), row[3]], ["dots"]),
    "no codes": (lambda row, n, s: ["", f"Comune di {row[1]}", *row[2:]], ["words before the name 1,181"]),
    "stars": (lambda row, n, s: ["", f"{row[1].upper()}*", *row[2:]], ["capitals 1,181", "punctuation 1,181"]),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_table_says_the_same_however_it_is_written(copy, tmp_path, form):
    write, told = FORMS[form]
    rows = table(copy)
    plain = mapping.plan(saved(tmp_path / "plain.csv", rows), SOURCE, root=copy.root)
    names, slugs = district_called(copy, "name"), district_called(copy, "slug")
    written = [rows[0], *(write(row, names, slugs) for row in rows[1:])]
    plan = mapping.plan(saved(tmp_path / "map.csv", written), SOURCE, root=copy.root)
    assert plan.draft.cells("comune_distretto").equals(plain.draft.cells("comune_distretto"))
    assert (plan.moves, plan.bodies, plain.warnings) == ([], 0, [])
    for words in told:
        assert any(words in warning for warning in plan.warnings), (words, plan.warnings)


def test_names_are_enough(copy, tmp_path):
    rows = [row[1:] for row in table(copy)]
    assert mapping.plan(saved(tmp_path / "map.csv", rows), SOURCE, root=copy.root).moves == []
    problems = problems_of(saved(tmp_path / "map.csv", [row[1:] for row in rows]), copy)
    assert "istat or comune is missing" in problems[0].rule


@pytest.mark.parametrize(
    ("column", "value", "rule", "remedy"),
    [
        ("comune", "SAN GIORGIO MONFERRATO", "is the code of San Giorgio Canavese", "write San Giorgio Canavese"),
        ("comune", "S. GIORGIO M.TO", "is the code of San Giorgio Canavese", "correct the code"),
        ("ente_gestore", "C.I.S.S.", "may be C.I.S.S. Borgomanero or", "which of them"),
        ("distretto_id", "Ivrea-Cuorgnè", "no such district", "Ivrea-Cuorgnè-Caluso (D16)"),
    ],
)
def test_a_name_of_another_is_refused(copy, tmp_path, column, value, rule, remedy):
    rows = table(copy)
    line = set_cell(rows, "001244", column, value)
    problem = problems_of(saved(tmp_path / "map.csv", rows), copy)[0]
    assert (problem.row, problem.column, problem.value) == (line, column, value)
    assert rule in problem.rule and remedy in problem.remedy


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("istat", "00127", "six digits"),
        ("istat", "004001", "in row"),
        ("comune", "Torino", "is the code of Alba"),
        ("distretto_id", "D31", "does not exist in column distretto_id"),
        ("distretto_id", "12", "must have the form"),
        ("distretto_id", "", "must be filled"),
        ("ente_gestore", "Nessuno", "does not exist in column ente_gestore"),
    ],
)
def test_a_wrong_cell_is_named_in_the_list(copy, tmp_path, column, value, rule):
    rows = table(copy)
    line = set_cell(rows, "004003", column, value)
    problems = problems_of(saved(tmp_path / "map.csv", rows), copy)
    assert (problems[0].file, problems[0].row, problems[0].column) == ("map.csv", line, column)
    assert rule in problems[0].rule and problems[0].value == value or value == ""


def test_rows_are_those_of_the_list_whatever_its_order(copy, tmp_path):
    rows = table(copy)
    rows = [rows[0], *rows[:0:-1]]
    line = set_cell(rows, "004003", "ente_gestore", "Nessuno")
    assert [p.row for p in problems_of(saved(tmp_path / "map.csv", rows), copy)] == [line]


def test_every_comune_and_every_district(copy, tmp_path):
    rows = [row for row in table(copy) if row[0] != "004003"]
    (problem,) = problems_of(saved(tmp_path / "map.csv", rows), copy)
    assert problem.value == "004003 Alba" and "exactly one district" in problem.rule
    rows = [row[:3] + ["D10" if row[3] == "D11" else row[3]] for row in table(copy)]
    (problem,) = problems_of(saved(tmp_path / "map.csv", rows), copy)
    assert problem.value == "D11 Torino" and "at least one comune" in problem.rule


def test_a_source_is_needed(copy, tmp_path):
    (problem,) = problems_of(saved(tmp_path / "map.csv", table(copy)), copy, source=None)
    assert problem.column == "source_ids" and "--source" in problem.remedy


def test_a_needed_column(copy, tmp_path):
    rows = [row[:3] for row in table(copy)]
    (problem,) = problems_of(saved(tmp_path / "map.csv", rows), copy)
    assert (problem.row, problem.column) == (1, "distretto_id") and "missing" in problem.rule
