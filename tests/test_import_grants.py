"""The Region's list of grants: what it may fill in, what stops it, and that nothing is written half-way."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from raw_fixtures import Copy, copied, reduced

from helpers.data import raw
from helpers.errors import InputError
from helpers.imports import grants
from helpers.imports.reading.numbers import read_numbers

# Each test checks the data package.
pytestmark = pytest.mark.slow

SOURCE = "https://www.regione.piemonte.it/elenco-generato.pdf"
HEADER = "project_id,capofila_town,project_title,amount_granted_eur,partners,districts"


#: The tables that are looked at here, and what they refer to.
TABLES = (
    *("comuni", "provinces", "quadrants", "districts", "sources", "comune_distretto", "key_figures"),
    *("enti_gestori", "enti_gestori_notes"),
    *("measures", "misura1_projects", "misura1_partners", "misura1_facts", "district_projects"),
)


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    return reduced(tmp_path_factory.mktemp("package") / "raw", TABLES)


@pytest.fixture
def copy(tmp_path, package) -> Copy:
    return copied(tmp_path, package)


def listed(folder: Path, *rows: str, header: str = HEADER, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def bytes_of(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in root.iterdir() if path.is_file()}


def only_problem(path: Path, copy: Copy, **options):
    before = bytes_of(copy.root)
    with pytest.raises(InputError) as error:
        grants.plan(path, SOURCE, root=copy.root, **options)
    assert bytes_of(copy.root) == before
    assert len(error.value.problems) == 1, str(error.value)
    return error.value.problems[0]


def row_of(copy: Copy, table: str, key: str) -> dict[str, str]:
    rows = copy.read(f"{table}.csv")
    return next(dict(zip(rows[0], row, strict=True)) for row in rows[1:] if key in row[:2])


# What the list says, and where it goes


def test_a_grant_is_filled_in_with_its_source(copy, tmp_path):
    plan = grants.plan(
        listed(tmp_path, "M1-20,,,412.345,67 €,,".replace("412.345,67 €", '"412.345,67 €"')), SOURCE, root=copy.root
    )
    assert plan.changes == [grants.Change("M1-20", "amount_granted_eur", "", "412345.67")]
    assert (plan.known, str(plan.total_eur), plan.warnings) == (1, "412345.67", [])
    written = plan.draft.commit()
    assert written == [f"data/raw/{name}" for name in ("misura1_projects.csv", "sources.csv", "datapackage.json")]
    project = raw.load("misura1_projects", copy.root).set_index("project_id").loc["M1-20"]
    assert project["amount_granted_eur"] == 412_345.67
    new = raw.load("sources", copy.root).iloc[-1]
    assert (new["source_id"], new["address"], new["site"]) == ("S273", SOURCE, "www.regione.piemonte.it")
    assert project["source_ids"] == ("S027", "S036", "S057", "S038", "S058", "S273")
    others = raw.load("misura1_projects", copy.root).set_index("project_id").drop("M1-20")
    assert others["amount_granted_eur"].isna().all()
    assert copy.problems() == []


def test_edition_and_origin_are_recorded(copy, tmp_path):
    path = listed(tmp_path, "M1-20,,,400000,,")
    grants.plan(path, SOURCE, version="2018-03-01", root=copy.root).draft.commit()
    assert {
        "title": f"List of the grants of Misura 1: {SOURCE}",
        "path": SOURCE,
        "version": "2018-03-01",
    } in raw.resource("misura1_projects", copy.root)["sources"]
    assert raw.edition(copy.root) == raw.edition()


def test_the_town_is_enough_whatever_its_case(copy, tmp_path):
    path = listed(tmp_path, "cuorgne;300.000", header="Comune capofila;Contributo concesso (€)")
    assert grants.plan(path, SOURCE, root=copy.root).changes[0] == grants.Change(
        "M1-06", "amount_granted_eur", "", "300000"
    )


@pytest.mark.parametrize(
    ("subject", "project"),
    [
        ("CUORGNE'", "M1-06"),
        ("Comune di Cuorgnè", "M1-06"),
        ("C.I.S.S. 38", "M1-06"),
        ("consorzio ciss 38", "M1-06"),
        ("Consorzio dei Servizi Socio-Assistenziali del Chierese (C.S.S.A.C.)", "M1-08"),
        ("Monviso Solidale", "M1-14"),
        ("ivrea-cuorgne-caluso", "M1-06"),
        ("D16", "M1-06"),
    ],
)
@pytest.mark.parametrize("heading", ["capofila", "Ente gestore", "progetto"])
def test_a_project_is_named_by_town_body_or_district(copy, tmp_path, heading, subject, project):
    plan = grants.plan(listed(tmp_path, f"{subject};300.000", header=f"{heading};importo"), SOURCE, root=copy.root)
    assert [(change.project_id, change.after) for change in plan.changes] == [(project, "300000")]
    assert any(repr(subject) in warning for warning in plan.warnings) or subject == project


def test_a_body_of_several_projects_is_told(copy, tmp_path):
    problem = only_problem(listed(tmp_path, "C.A.S.A. Gattinara;300.000", header="capofila;importo"), copy)
    assert "M1-12 or M1-18" in problem.rule and "M1-12" in problem.remedy
    problem = only_problem(listed(tmp_path, "C.I.S. Ciriè;300.000", header="capofila;importo"), copy)
    assert "no project of Misura 1" in problem.rule and "a lead body" in problem.remedy


@pytest.mark.parametrize(
    "district", ["D16", "d16", "ivrea-cuorgne-caluso", "IVREA-CUORGNE'-CALUSO", "Ivrea Cuorgnè Caluso"]
)
def test_a_district_is_given_by_code_name_or_slug(copy, tmp_path, district):
    plan = grants.plan(listed(tmp_path, f"M1-06,,,,,{district}"), SOURCE, root=copy.root)
    assert plan.changes == [grants.Change("M1-06", "districts_status", "derived", "sourced")]


def test_again_changes_nothing(copy, tmp_path):
    path = listed(tmp_path, "M1-20,Cuneo,,400000,,D12", "M1-01,,,800000,,")
    grants.plan(path, SOURCE, root=copy.root).draft.commit()
    before = bytes_of(copy.root)
    again = grants.plan(path, SOURCE, root=copy.root)
    assert again.changes == [] and again.draft.changed == []
    assert again.draft.commit() == []
    assert bytes_of(copy.root) == before


def test_title_partners_and_districts_where_nothing_is_known(copy, tmp_path):
    path = listed(tmp_path, "M1-08,Chieri,Un titolo generato,,Ente A; Ente B,", "M1-06,,,,,")
    plan = grants.plan(path, SOURCE, root=copy.root)
    assert [(c.field, c.after) for c in plan.changes] == [
        ("project_title", "Un titolo generato"),
        ("partners", "Ente A; Ente B"),
    ]
    plan.draft.commit()
    partners = raw.load("misura1_partners", copy.root)
    mine = partners[partners["project_id"] == "M1-08"]
    assert list(mine["partner"]) == ["Ente A", "Ente B"] and set(mine["source_ids"]) == {("S273",)}
    assert mine["kind"].isna().all()
    assert len(partners) == len(raw.load("misura1_partners")) + 2
    assert row_of(copy, "misura1_projects", "M1-08")["project_title"] == "Un titolo generato"


def test_a_district_without_project_gets_one(copy, tmp_path):
    path = listed(tmp_path, "M1-06,,,,,ivrea-cuorgne-caluso; D27")
    problem = only_problem(path, copy)
    assert (problem.row, problem.column) == (2, "districts") and "D16" in problem.rule and "--replace" in problem.remedy
    plan = grants.plan(path, SOURCE, replace=True, root=copy.root)
    plan.draft.commit()
    links = raw.load("district_projects", copy.root)
    mine = links[links["project_id"] == "M1-06"].set_index("distretto_id")
    assert list(mine.index) == ["D16", "D27"] and set(mine["status"]) == {"sourced"}
    assert mine.at["D16", "source_ids"] == ("S027", "S036", "S062", "S273")


def test_a_district_named_by_the_list_is_no_longer_derived(copy, tmp_path):
    plan = grants.plan(listed(tmp_path, "M1-20,,,,,Cuneo"), SOURCE, root=copy.root)
    assert plan.changes == [grants.Change("M1-20", "districts_status", "derived", "sourced")]
    plan.draft.commit()
    link = row_of(copy, "district_projects", "M1-20")
    assert (link["status"], link["source_ids"]) == ("sourced", "S027;S036;S273")


def test_a_district_of_two_projects_is_told(copy, tmp_path):
    plan = grants.plan(listed(tmp_path, "M1-08,,,,,D20; D12"), SOURCE, replace=True, root=copy.root)
    assert plan.warnings == ["D12 would take part in 2 projects: M1-08, M1-20."]


def test_a_known_value_is_replaced_only_if_asked(copy, tmp_path):
    path = listed(tmp_path, "M1-20,,Altro titolo,,,")
    problem = only_problem(path, copy)
    assert (problem.file, problem.row, problem.column, problem.value) == (
        "list.csv",
        2,
        "project_title",
        "Altro titolo",
    )
    assert "Re&Ti" in problem.rule and "--replace" in problem.remedy
    grants.plan(path, SOURCE, replace=True, root=copy.root).draft.commit()
    assert row_of(copy, "misura1_projects", "M1-20")["project_title"] == "Altro titolo"


def test_replaced_partners_keep_what_is_known_of_them(copy, tmp_path):
    path = listed(tmp_path, "M1-20,,,,Momo; Ente nuovo,")
    grants.plan(path, SOURCE, replace=True, root=copy.root).draft.commit()
    rows = [row for row in copy.read("misura1_partners.csv") if row[0] == "M1-20"]
    assert rows == [
        ["M1-20", "Momo", "cooperativa", "single source, attribution inferred", "S057;S273"],
        ["M1-20", "Ente nuovo", "", "single source", "S273"],
    ]


# What stops it: each wrong input by itself


@pytest.mark.parametrize(
    ("row", "column", "rule", "remedy"),
    [
        ("M1-23,,,300000,,", "project_id", "no project of Misura 1", "M1-2"),
        (",Cuneoo,,300000,,", "capofila_town", "no project of Misura 1", "write Cuneo"),
        ("M1-20,Alba,,300000,,", "capofila_town", "that of M1-04, not of M1-20", "correct"),
        (",,,300000,,", "project_id", "says no project", "M1-01"),
        ("M1-20,,,molto,,", "amount_granted_eur", "must be a number", "250.000,50"),
        ('M1-20,,,"300,000",,', "amount_granted_eur", "can be 300000 or 300.000", "250.000,50"),
        ("M1-20,,,-5,,", "amount_granted_eur", "no amount in euro", "blank"),
        ("M1-20,,,3e5,,", "amount_granted_eur", "must be a number", "blank"),
        ("M1-20,,,,,Cunio", "districts", "no district 'Cunio'", "write D12"),
        ("M1-20,,,,,D31", "districts", "no district 'D31'", "write D"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named(copy, tmp_path, row, column, rule, remedy):
    problem = only_problem(listed(tmp_path, row), copy)
    assert (problem.file, problem.row, problem.column) == ("list.csv", 2, column)
    assert rule in problem.rule and remedy in problem.remedy


def test_a_project_twice(copy, tmp_path):
    problem = only_problem(listed(tmp_path, "M1-20,,,300000,,", ",Cuneo,,300000,,"), copy)
    assert (problem.row, problem.column) == (3, "capofila_town") and "row 2 already" in problem.rule


def test_every_problem_is_told_at_once(copy, tmp_path):
    with pytest.raises(InputError) as error:
        grants.plan(listed(tmp_path, "M1-99,,,molto,,", "M1-20,,,,,nowhere"), SOURCE, root=copy.root)
    assert {(p.row, p.column) for p in error.value.problems} == {
        (2, "project_id"), (2, "amount_granted_eur"), (3, "districts"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "rule"),
    [
        ("titolo,importo", "project_id or capofila_town is missing"),
        ("project_id,nota", "amount_granted_eur or partners or districts is missing"),
        ("project_id,importo,grant", "two columns mean amount_granted_eur"),
    ],
)
def test_a_wrong_header(copy, tmp_path, header, rule):
    problem = only_problem(listed(tmp_path, ",".join(["M1-20"] * (header.count(",") + 1)), header=header), copy)
    assert problem.row == 1 and rule in problem.rule


def test_files_that_are_no_lists(copy, tmp_path):
    assert "does not exist" in only_problem(tmp_path / "none.csv", copy).rule
    assert "no rows" in only_problem(listed(tmp_path), copy).rule
    assert "cells" in only_problem(listed(tmp_path, "M1-20,a,b,c,d,e,f"), copy).rule
    (tmp_path / "list.xlsx").write_bytes(b"not a spreadsheet")
    assert "are missing" in only_problem(tmp_path / "list.xlsx", copy).rule
    (tmp_path / "list.pdf").write_bytes(b"%PDF")
    assert "is a PDF, not a table" in only_problem(tmp_path / "list.pdf", copy).rule
    assert "quotes" in only_problem(listed(tmp_path, 'M1-20,"open,,3,,'), copy).remedy


def test_a_source_must_be_said(copy, tmp_path):
    with pytest.raises(InputError, match="address or a title"):
        grants.plan(listed(tmp_path, "M1-20,,,300000,,"), "  ", root=copy.root)


def test_an_unrecorded_edit_is_not_recorded_by_the_way(copy, tmp_path):
    copy.edit("measures.csv", 2, "note", "edited by hand")
    before = bytes_of(copy.root)
    with pytest.raises(InputError, match=r"measures\.csv.*wecare record"):
        grants.plan(listed(tmp_path, "M1-20,,,300000,,"), SOURCE, root=copy.root).draft.commit()
    assert bytes_of(copy.root) == before


# What is odd without being wrong


def test_grants_are_held_against_what_is_published(copy, tmp_path):
    plan = grants.plan(listed(tmp_path, "M1-20,,,178400,,", "M1-01,,,867400,,", "M1-02,,,0,,"), SOURCE, root=copy.root)
    assert len(plan.warnings) == 2
    assert "M1-02: 0 euro" in plan.warnings[0] and "M1-20: 178,400 euro" in plan.warnings[1]


@pytest.mark.parametrize(
    ("each", "words"), [(250_000, "over 6,000,000"), (300_000, "more than the 6,400,000"), (280_000, "")]
)
def test_the_sum_is_held_against_what_is_published(copy, tmp_path, each, words):
    rows = [f"M1-{n:02d},,,{each},," for n in range(1, 23)]
    plan = grants.plan(listed(tmp_path, *rows), SOURCE, root=copy.root)
    assert (plan.known, int(plan.total_eur)) == (22, 22 * each)
    assert len(plan.warnings) == bool(words) and words in " ".join(plan.warnings)


def test_unknown_columns_are_told(copy, tmp_path):
    plan = grants.plan(listed(tmp_path, "M1-20,300000,x", header="project_id,importo,colore"), SOURCE, root=copy.root)
    assert "Columns not known, left out: 'colore'." in plan.remarks


# The empty list


@pytest.mark.parametrize("name", ["empty.csv", "empty.xlsx"])
def test_the_template_says_nothing_by_itself(copy, tmp_path, name):
    assert grants.template(tmp_path / name, copy.root) == 22
    plan = grants.plan(tmp_path / name, SOURCE, root=copy.root)
    assert plan.changes == [] and plan.draft.changed == []
    with pytest.raises(InputError, match="exists already"):
        grants.template(tmp_path / name, copy.root)


def test_the_template_filled_in_as_a_spreadsheet(copy, tmp_path):
    path = tmp_path / "list.xlsx"
    grants.template(path, copy.root)
    book = openpyxl.load_workbook(path)
    rows = {row[0].value: row for row in book.active.iter_rows(min_row=2)}
    rows["M1-20"][3].value = 412_345.67
    rows["M1-01"][3].value = "800.000,00"
    rows["M1-02"][3].value = 250_000
    rows["M1-03"][2].value = "=1+1"
    rows["M1-03"][2].data_type = "s"
    book.save(path)
    plan = grants.plan(path, SOURCE, root=copy.root)
    assert {(c.project_id, c.after) for c in plan.changes} == {
        ("M1-20", "412345.67"), ("M1-01", "800000"), ("M1-02", "250000"), ("M1-03", "=1+1"),
    }  # fmt: skip


# Spreadsheets that say one thing and hold another


def book(folder: Path, *rows: tuple, merged: tuple[str, ...] = (), edits: tuple[tuple[str, str], ...] = ()) -> Path:
    """A spreadsheet of rows, the header first; ``edits`` are patterns of its XML and what takes their place."""
    made = openpyxl.Workbook()
    made.active.title = "Elenco"
    for row in rows:
        made.active.append(row)
    for cells in merged:
        made.active.merge_cells(cells)
    plain, path = folder / "plain.xlsx", folder / "list.xlsx"
    made.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        parts = {name: source.read(name).decode() for name in source.namelist()}
        for pattern, text in edits:
            assert any(re.search(pattern, part) for part in parts.values()), pattern
            parts = {name: re.sub(pattern, text, part) for name, part in parts.items()}
        for name, part in parts.items():
            target.writestr(name, part)
    return path


FILLED = [("project_id", "importo"), *((f"M1-{n:02d}", 200_000 + n) for n in range(1, 23))]
DIMENSION = r'<dimension ref="A1:B23" ?/>'


@pytest.mark.parametrize("size", ["A1", "A1:A6", "A1:B6", "C3:D9", "A1:XFD1048576", None])
def test_every_row_is_read_whatever_size_the_sheet_says_it_has(copy, tmp_path, size):
    said = f'<dimension ref="{size}"/>' if size else ""
    plan = grants.plan(book(tmp_path, *FILLED, edits=((DIMENSION, said),)), SOURCE, root=copy.root)
    assert (plan.known, int(plan.total_eur)) == (22, 22 * 200_000 + sum(range(1, 23)))


NO_VALUE = r"<f>100000\+1</f><v ?/>"


def with_formula(folder: Path, *edits: tuple[str, str]) -> Path:
    return book(folder, ("project_id", "nota", "importo"), ("M1-20", "=A2", "=100000+1"), edits=edits)


def test_a_formula_that_was_never_calculated_is_refused(copy, tmp_path):
    problem = only_problem(with_formula(tmp_path), copy)
    assert (problem.row, problem.column, problem.value) == (2, "amount_granted_eur", "=100000+1")
    assert "cell C2 of the sheet 'Elenco' was never calculated" in problem.rule
    assert "save it again" in problem.remedy and "paste the values" in problem.remedy


def test_a_zero_that_stands_for_a_formula_not_yet_calculated_is_refused(copy, tmp_path):
    zero = (NO_VALUE, "<f>100000+1</f><v>0</v>")
    assert "C2" in only_problem(with_formula(tmp_path, zero), copy).rule
    # Saved by a program that calculates: a zero is a zero.
    path = with_formula(tmp_path, zero, (' fullCalcOnLoad="1"', ""))
    assert grants.plan(path, SOURCE, root=copy.root).changes[0].after == "0"


@pytest.mark.parametrize("calculates", [True, False])
def test_the_value_of_a_formula_is_read(copy, tmp_path, calculates):
    edits = [(NO_VALUE, "<f>100000+1</f><v>100001</v>")]
    edits += [(' fullCalcOnLoad="1"', "")] if calculates else []
    plan = grants.plan(with_formula(tmp_path, *edits), SOURCE, root=copy.root)
    assert [(c.project_id, c.after) for c in plan.changes] == [("M1-20", "100001")]


def test_a_formula_that_gives_no_text_says_nothing(copy, tmp_path):
    path = with_formula(tmp_path, (r'<c r="C2" ?><f>100000\+1</f><v ?/>', '<c r="C2" t="str"><f>A9</f><v></v>'))
    assert grants.plan(path, SOURCE, root=copy.root).changes == []


def test_a_formula_that_gives_an_error_is_refused(copy, tmp_path):
    path = with_formula(tmp_path, (r'<c r="C2" ?><f>100000\+1</f><v ?/>', '<c r="C2" t="e"><f>A9</f><v>#REF!</v>'))
    problem = only_problem(path, copy)
    assert (problem.row, problem.value) == (2, "=A9") and "gives the error #REF!" in problem.rule


def test_a_heading_that_was_never_calculated_is_refused(copy, tmp_path):
    problem = only_problem(book(tmp_path, ("project_id", "titolo", '="importo"'), ("M1-20", "", 300_000)), copy)
    assert (problem.row, problem.column) == (1, None) and "cell C1" in problem.rule


@pytest.mark.parametrize(("cells", "row"), [("B2:B3", 2), ("B3:C3", 3), ("A1:B1", 1)])
def test_merged_cells_of_a_column_are_refused(copy, tmp_path, cells, row):
    rows = (("project_id", "importo", "nota"), ("M1-20", 300_000, ""), ("M1-01", 400_000, ""))
    with pytest.raises(InputError) as error:
        grants.plan(book(tmp_path, *rows, merged=(cells,)), SOURCE, root=copy.root)
    problem = next(p for p in error.value.problems if "merged" in p.rule)
    assert problem.row == row and f"the cells {cells} of the sheet 'Elenco'" in problem.rule
    assert "unmerge" in problem.remedy


def test_merged_cells_that_hide_nothing_are_no_matter(copy, tmp_path):
    rows = (("project_id", "importo", "nota", "colore"), ("M1-20", 300_000, "a", "b"), ("M1-01",), (None, None))
    path = book(tmp_path, *rows, merged=("C2:D2", "B3:C3", "A4:D5"))
    assert [c.after for c in grants.plan(path, SOURCE, root=copy.root).changes] == ["300000"]


# Amounts


@given(st.integers(0, 10**9), st.integers(0, 99), st.sampled_from(["", " €", " euro"]))
def test_an_amount_means_the_same_however_it_is_written(whole, cents, unit):
    due = f"{whole}.{cents:02d}".rstrip("0") if cents else str(whole)
    thousands = f"{whole:,}".replace(",", ".")
    same = [f"{thousands},{cents:02d}{unit}", f"{whole},{cents:02d}{unit}", f"{whole}.{cents:02d}{unit}"]
    same += [f"{thousands}{unit}", f"{whole}{unit}"] if not cents else []
    assert {value for cell in same for value in read_numbers([cell]).values} == {due}


@given(st.text(max_size=12))
def test_an_amount_is_digits_or_nothing(text):
    found = read_numbers([text])
    assert re.fullmatch(r"(-?[0-9]+(\.[0-9]+)?)?", found.values[0])
    assert found.values[0] or found.missing[0] or found.bad or not text.strip()


# From the list to the pages


#: Only the pages of the districts, to be quicker.
DISTRICTS = [part for n in range(1, 31) for part in ("--only", f"D{n:02d}")]


def test_only_pages_of_touched_districts_change(reported, tmp_path):
    project = reported.copy(tmp_path / "project")
    (project.root / "list.csv").write_text(f"{HEADER}\nM1-20,,,412345,,\nM1-01,,,800000,,\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in (project.root / "reports").rglob("*.ipynb")}
    done = project.wecare("import", "grants", "list.csv", "--source", SOURCE, "--yes")
    assert "412345" in done.stdout and "Wrote data/raw/misura1_projects.csv" in done.stdout
    project.wecare("build", *DISTRICTS)
    folder = project.root / "reports"
    changed = {path.relative_to(folder).as_posix() for path, data in before.items() if path.read_bytes() != data}
    slugs = {r.slug: r.distretto_id for r in raw.load("districts").itertuples()}
    districts = {
        slugs[path.split("/")[-1].removesuffix(".ipynb")]
        for path in changed
        if "distretti/" in path and "index" not in path
    }
    # The project of Cuneo, and the five districts of the one project of its quadrant.
    assert districts == {"D12", "D01", "D02", "D03", "D04", "D05"}
    for address in ("distretti/cuneo", "en/distretti/cuneo"):
        text = (folder / f"{address}.ipynb").read_text(encoding="utf-8")
        assert ("412.345" in text) or ("412,345" in text)
        assert "S273" in text
