"""The law of every file of the feed: rows in = rows kept + rows told of, by why they were left out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from feed_forms import DAY, KEY, PAYMENTS, a_row, feed, payment, write
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_fixtures import reduced

from helpers.cli.imports import _show as show
from helpers.imports.opencoesione import row_filter
from helpers.imports.opencoesione.feed_files import PARTIES, PLACES, PROJECTS
from helpers.imports.opencoesione.feed_files import PAYMENTS as PAID
from helpers.imports.opencoesione.survey import Survey, survey
from helpers.imports.reading import Account

pytestmark = pytest.mark.slow

TABLES = ("sources", "measures", "provinces", "regions", "comuni", "feed_rules", "comuni_changes")
PERSON = "RSSMRA80A01H501U"
OURS = ("A", "B", "C")

#: Rows of progetti by what becomes of them; %s numbers them.
PROJECT_ROWS = {
    "kept": a_row(TOT_PAGAMENTI="100"),
    "no rule fits": a_row(OC_CODICE_PROGRAMMA="2014IT99"),
    "only a near rule fits": a_row(OC_COD_SUBARTICOLAZ_PROGRAMMA="X", OC_TITOLO_PROGETTO="We.Ca.Re."),
    "the key is a person's fiscal code": a_row(),
}
#: Rows of companions by what becomes of them, for a number that makes them differ.
COMPANIONS = {
    PLACES: (
        feed.PLACES,
        {
            "kept": lambda n: {KEY: OURS[n % 3], "COD_REGIONE": "001", "COD_COMUNE": f"001001{n + 1:03d}"},
            "of another project": lambda n: {KEY: f"Z{n}", "COD_COMUNE": "001001272"},
            "names no place": lambda n: {KEY: "A"},
            "repeats another row": lambda n: {KEY: "A", "COD_COMUNE": "001004078", "DEN_COMUNE": "CUNEO"},
        },
    ),
    PARTIES: (
        feed.PARTIES,
        {
            "kept": lambda n: {KEY: OURS[n % 3], "SOGG_COD_RUOLO": "4", "OC_DENOMINAZIONE_SOGG": f"ENTE {n}"},
            "of another project": lambda n: {KEY: f"Z{n}", "OC_DENOMINAZIONE_SOGG": "X"},
            "a natural person": lambda n: {KEY: "A", "OC_DENOMINAZIONE_SOGG": "X", "OC_CODICE_FISCALE_SOGG": PERSON},
            "no name": lambda n: {KEY: "A", "SOGG_COD_RUOLO": "1"},
            "repeats another row": lambda n: {KEY: "B", "SOGG_COD_RUOLO": "2", "OC_DENOMINAZIONE_SOGG": "DOPPIO"},
        },
    ),
    PAID: (
        PAYMENTS,
        {
            "kept": lambda n: payment(f"2019{n % 12 + 1:02d}{n % 28 + 1:02d}", f"{n + 1}", OURS[n % 3]),
            "of another project": lambda n: payment("wrong", "wrong", f"Z{n}"),
            "no amount": lambda n: payment("20190101", "", "A"),
            "repeats another row": lambda n: payment("20180101", "7", "B"),
        },
    ),
}


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    return reduced(tmp_path_factory.mktemp("package") / "raw", TABLES)


def account(found: Survey, kind: str) -> Account:
    return found.accounts[next(file.label for file in found.files if file.kind == kind)]


def of_projects(counts: dict[str, int]) -> list[dict]:
    rows = [PROJECT_ROWS["kept"] | {KEY: ref} for ref in OURS]
    for why, count in counts.items():
        key = f"PIE_{PERSON}" if "fiscal" in why else why[:4].strip()
        rows += [PROJECT_ROWS[why] | {KEY: f"{key}{'' if 'fiscal' in why else n}"} for n in range(count)]
    return rows


@settings(max_examples=15)
@given(
    counts=st.fixed_dictionaries({why: st.integers(0, 4) for why in PROJECT_ROWS}),
    repeats=st.integers(0, 3),
    form=st.sampled_from(["csv", "zip", "gz", "cr", "utf-16", "xlsx", "parquet", "typed parquet"]),
    block=st.integers(200, 5_000),
)
def test_every_row_of_the_projects_is_accounted_for(package, tmp_path_factory, counts, repeats, form, block):
    rows = of_projects(counts)
    rows += [rows[0]] * repeats
    size, row_filter.BLOCK = row_filter.BLOCK, block
    try:
        found = survey([write(tmp_path_factory.mktemp("law"), PROJECTS, rows, feed.COLUMNS, form)], package)
    finally:
        row_filter.BLOCK = size
    assert found.problems == []
    told = account(found, PROJECTS)
    due = {why: count for why, count in counts.items() if why != "kept"} | {"repeats another row": repeats}
    assert told == Account(len(rows), 3 + counts["kept"], {why: count for why, count in due.items() if count})
    assert told.kept == len(found.tables["projects"])


@pytest.mark.parametrize("kind", COMPANIONS)
@settings(max_examples=9)
@given(
    whys=st.lists(st.integers(0, 4), max_size=14),
    form=st.sampled_from(["csv", "zip", "commas", "xlsx", "parquet"]),
)
def test_every_row_of_a_companion_is_accounted_for(package, tmp_path_factory, kind, whys, form):
    columns, makers = COMPANIONS[kind]
    names = [list(makers)[why % len(makers)] for why in whys]
    rows = [makers[why](n) for n, why in enumerate(names)]
    folder = tmp_path_factory.mktemp("law")
    files = [write(folder, PROJECTS, of_projects({}), feed.COLUMNS), write(folder, kind, rows, columns, form)]
    found = survey(files, package, payments="flows")
    assert found.problems == []
    due = Counter(names)
    # The first of those that repeat one another is kept.
    first = min(1, due["repeats another row"])
    due["kept"] += first
    due["repeats another row"] -= first
    kept = due.pop("kept", 0)
    assert account(found, kind) == Account(len(rows), kept, {why: count for why, count in due.items() if count})


def test_rows_that_cannot_be_read_and_blank_lines(package, tmp_path):
    data = feed.lines(feed.COLUMNS, [a_row("1"), a_row("2"), a_row("3", OC_CODICE_PROGRAMMA="X")])
    lines = data.split(b"\r\n")
    lines[2] += b';"more"'
    path = tmp_path / f"progetti_esteso_{DAY}.csv"
    path.write_bytes(b"\r\n".join([*lines[:2], b"", *lines[2:], b"", b""]))
    found = survey([path], package)
    assert account(found, PROJECTS) == Account(3, 1, {"cannot be read": 1, "no rule fits": 1})
    assert [(problem.row, "more cells" in problem.rule) for problem in found.problems] == [(4, True)]


def test_a_project_that_is_in_two_files_is_accounted_for_in_both(package, tmp_path):
    (tmp_path / "other").mkdir()
    paths = [
        write(tmp_path, PROJECTS, [a_row("1"), a_row("2")], feed.COLUMNS),
        write(tmp_path / "other", PROJECTS, [a_row("2"), a_row("3")], feed.COLUMNS),
    ]
    # The same file twice is read once.
    found = survey([*paths, paths[0]], package)
    assert found.problems == []
    assert [file.label for file in found.files] == [paths[0].name, f"{tmp_path}/other/{paths[1].name}"]
    left = {"the project is in another file, whose row counts": 1}
    assert list(found.accounts.values()) == [Account(2, 2, {}), Account(2, 1, left)]
    assert len(found.tables["projects"]) == 3


def test_the_generated_national_file_is_accounted_for(package, tmp_path):
    path = tmp_path / f"progetti_esteso_2014-2020_{DAY}.csv"
    ours = feed.national(path, 3_000, share=100)
    told = account(survey([path], package), PROJECTS)
    assert told == Account(3_000, ours, {"no rule fits": 3_000 - 2 * ours, "only a near rule fits": ours})


def shown(found: Survey, capsys) -> list[str]:
    show(found)
    return [line for line in capsys.readouterr().out.splitlines() if line]


def test_the_command_shows_what_became_of_the_rows_of_each_file(package, tmp_path, capsys):
    files = [
        write(tmp_path, PROJECTS, of_projects({"no rule fits": 2_000}), feed.COLUMNS, "parquet"),
        write(tmp_path, PAID, [payment("20190331", "100", ref) for ref in "ABZ"], PAYMENTS, "commas"),
    ]
    lines = shown(survey(files, package), capsys)
    edition = "PIE, edition 2026-02-28"
    assert lines[:2] == [
        f"{files[0].name} (Parquet): progetti, {edition}; 2,003 rows, 3 kept; 2,000 left out: no rule fits.",
        f"{files[1].name} (commas): pagamenti, {edition}; 3 rows, 2 kept; 1 left out: of another project.",
    ]


def test_that_nothing_matches_is_said_once(package, tmp_path, capsys):
    found = survey([write(tmp_path, PROJECTS, [PROJECT_ROWS["no rule fits"]], feed.COLUMNS)], package)
    lines = shown(found, capsys)
    assert len(lines) == 1 and lines[0].endswith("1 row, 0 kept; 1 left out: no rule fits.")
    assert [problem.rule for problem in found.problems] == ["no row fits a rule that ties it to a measure"]
