"""What a row of ``pagamenti`` is: one payment, or all that was paid by then; and the roles of ``soggetti``."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

import pytest
from feed_forms import KEY, PAYMENTS, a_row, feed, payment, write
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_fixtures import reduced

from helpers.imports.opencoesione import row_scan
from helpers.imports.opencoesione.cells import Cells
from helpers.imports.opencoesione.feed_files import PARTIES, PROJECTS, open_feed
from helpers.imports.opencoesione.feed_files import PAYMENTS as PAID
from helpers.imports.opencoesione.payment_rows import payments
from helpers.imports.opencoesione.survey import Survey, survey

pytestmark = pytest.mark.slow

TABLES = ("sources", "measures", "provinces", "regions", "comuni", "feed_rules", "comuni_changes")
REF = "1PIEGEN0001"


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    return reduced(tmp_path_factory.mktemp("package") / "raw", TABLES)


def only(problems):
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def brought(package: Path, folder: Path, rows: list[dict], projects: list[dict] | None = None, **more) -> Survey:
    """Survey of a file of projects, of 90,000 euro unless they say otherwise, and their payments."""
    files = [write(folder, PROJECTS, projects or [a_row()], feed.COLUMNS), write(folder, PAID, rows, PAYMENTS)]
    return survey(files, package, **more)


def paid(found: Survey, ref: str = REF) -> list[tuple[str, str]]:
    table = found.tables["payments"]
    own = table[table["project_ref"] == ref]
    return list(zip(own["date"], own["paid_eur"], strict=True))


def said(found: Survey) -> list[str]:
    return found.remarks[found.files[-1].label]


#: Rows of a project of 90,000 euro, and the sums paid by each day.
CASES = {
    "flows": (
        [payment("20190331", "30000,00"), payment("20190930", "40000,00"), payment("20200331", "20000,00")],
        [("2019-03-31", "30000.00"), ("2019-09-30", "70000.00"), ("2020-03-31", "90000.00")],
    ),
    "kinds": (
        [payment("20190331", "50000,00"), payment("20190331", "40000,00", kind="TR")],
        [("2019-03-31", "90000.00")],
    ),
    "programmes": (
        [payment("20190331", "50000,00"), payment("20190331", "40000,00", programme="2014IT16RFOP014")],
        [("2019-03-31", "90000.00")],
    ),
    "recovery": (
        [payment("20190331", "100000,00"), payment("20190930", "-10000,00", kind="R")],
        [("2019-03-31", "100000.00"), ("2019-09-30", "90000.00")],
    ),
    "a recovery without a sign": (
        [payment("20190331", "70000"), payment("20190331", "30000"), payment("20190930", "10000", kind="R")],
        [("2019-03-31", "100000.00"), ("2019-09-30", "90000.00")],
    ),
    "cumulated": (
        [payment("20190331", "30000,00"), payment("20190930", "70000,00"), payment("20200331", "90000,00")],
        [("2019-03-31", "30000.00"), ("2019-09-30", "70000.00"), ("2020-03-31", "90000.00")],
    ),
    "cumulated by programme": (
        [
            payment("20190331", "30000"),
            payment("20190930", "20000", programme="X"),
            payment("20200331", "70000"),
        ],
        [("2019-03-31", "30000.00"), ("2019-09-30", "50000.00"), ("2020-03-31", "90000.00")],
    ),
    "two payments that are alike": (
        [payment("20190331", "30000"), payment("20190331", "30000"), payment("20190930", "30000")],
        [("2019-03-31", "60000.00"), ("2019-09-30", "90000.00")],
    ),
    "a row that is there twice": (
        [payment("20190331", "30000"), payment("20190930", "60000"), payment("20190930", "60000")],
        [("2019-03-31", "30000.00"), ("2019-09-30", "90000.00")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_total_of_the_project_tells_what_its_rows_are(package, tmp_path, name):
    rows, due = CASES[name]
    found = brought(package, tmp_path, rows)
    assert (found.problems, paid(found)) == ([], due)
    assert [w.rule for w in found.warnings] == (
        ["the row repeats row 3; it was left out"] if name == "a row that is there twice" else []
    )


def test_what_was_taken_for_what_is_told_with_the_counts(package, tmp_path):
    projects = [a_row("A"), a_row("B"), a_row("C"), a_row("D", TOT_PAGAMENTI=""), a_row("E")]
    rows = [
        *(payment(day, eur, ref) for ref in "AB" for day, eur in (("20190331", "60000"), ("20190930", "30000"))),
        *(payment(day, eur, "C") for day, eur in (("20190331", "60000"), ("20190930", "90000"))),
        *(payment(day, eur, "D") for day, eur in (("20190331", "100"), ("20190930", "50"))),
        payment("20190331", "1", "E"),
        payment("20190331", "-0,5", "E", kind="R"),
    ]
    found = brought(package, tmp_path, rows, projects)
    assert found.problems == []
    assert said(found) == [
        "the rows of 3 projects are single payments, summed up day by day (2 by their total, 1 like most)",
        "the rows of 1 project are all that was paid by each day (1 by their total)",
        "1 row is a recovery, -0.50 euro in all, and taken off",
        "2 rows of one project and day were summed up",
    ]
    assert [paid(found, ref)[-1][1] for ref in "ABCDE"] == ["90000.00", "90000.00", "90000.00", "150.00", "0.50"]
    assert only(found.warnings).rule == "the payments come to 0.50 in all, the project's total is 90,000.00"


def test_what_no_total_tells_is_asked_and_never_guessed(package, tmp_path):
    rows = [payment("20190101", "500"), payment("20200101", "400")]
    problem = only(brought(package, tmp_path, rows).problems)
    assert problem.rule.startswith("the rows may be single payments or all that was paid by each day")
    assert problem.value == "2019-01-01 500.00; 2020-01-01 400.00"
    assert "--payments flows" in problem.remedy and "--payments cumulated" in problem.remedy
    flows = brought(package, tmp_path, rows, payments="flows")
    assert (flows.problems, paid(flows)[-1]) == ([], ("2020-01-01", "900.00"))
    assert said(flows) == [
        "the rows of 1 project are single payments, summed up day by day (as --payments says)"
    ]  # fmt: skip
    totals = brought(package, tmp_path, rows, payments="cumulated")
    assert (totals.problems, paid(totals)[-1]) == ([], ("2020-01-01", "400.00"))
    assert [w.rule for w in totals.warnings] == [
        "the sum paid is smaller than at the day before: a recovery, or no running total",
        "the payments come to 400.00 in all, the project's total is 90,000.00",
    ]


def test_as_many_totals_on_either_side_tell_nothing_of_the_rest(package, tmp_path):
    projects = [a_row("A"), a_row("B"), a_row("C", TOT_PAGAMENTI="")]
    days = {"A": ("60000", "30000"), "B": ("60000", "90000"), "C": ("1", "2")}
    rows = [
        payment(d, eur, ref) for ref, own in days.items() for d, eur in zip(("20190331", "20190930"), own, strict=True)
    ]
    problem = only(brought(package, tmp_path, rows, projects).problems)
    assert "(1 project); of C they are" in problem.rule


def test_a_person_who_says_what_most_totals_deny_is_told(package, tmp_path):
    found = brought(package, tmp_path, CASES["flows"][0], payments="cumulated")
    assert paid(found)[-1] == ("2020-03-31", "20000.00")
    assert "by the totals of the projects most rows are not cumulated" in found.warnings[0].rule


def test_running_totals_of_one_day_that_differ_are_refused(package, tmp_path):
    rows = [payment("20190331", "30000"), payment("20190331", "40000"), payment("20190930", "90000")]
    problem = only(brought(package, tmp_path, rows).problems)
    assert (problem.row, problem.rule) == (
        3,
        f"the key ('{REF}', '2019-03-31') is also in row 2, with another TOT_PAGAMENTI",
    )


def test_more_taken_back_than_paid_is_kept_and_told(package, tmp_path):
    rows = [payment("20190331", "-500", kind="R"), payment("20190930", "90500")]
    found = brought(package, tmp_path, rows)
    assert (found.problems, paid(found)) == ([], [("2019-03-31", "-500.00"), ("2019-09-30", "90000.00")])
    assert [w.rule for w in found.warnings] == ["by some day more was taken back than had been paid; kept as published"]


def test_rows_without_a_day_or_an_amount(package, tmp_path):
    rows = [payment("", "5"), payment("20190331", ""), payment("20190331", "90000")]
    found = brought(package, tmp_path, rows)
    assert (only(found.problems).row, only(found.problems).rule) == (2, "a payment must have a day")
    account = found.accounts[found.files[-1].label]
    assert (account.kept, account.left_out) == (1, {"no amount": 1, "cannot be read": 1})


SUMS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["P", "TR", "R"]), st.sampled_from("AB"), st.integers(1, 10**6)),
    min_size=1,
    max_size=10,
)


@settings(max_examples=30)
@given(flows=SUMS, meaning=st.sampled_from(["flows", "cumulated"]), said=st.booleans())
def test_payments_give_the_same_sums_however_they_are_written(package, tmp_path_factory, flows, meaning, said):
    # One row per day, kind and programme, as the feed has it; recoveries are negative.
    cents = {(day, kind, code): -eur if kind == "R" else eur for day, kind, code, eur in flows}
    days = sorted({day for day, _, _ in cents})
    by_day = [sum(eur for (day, _, _), eur in cents.items() if day == d) for d in days]
    due = list(accumulate(by_day))
    written, so_far = [], dict[tuple[str, str], int]()
    for (day, kind, code), eur in sorted(cents.items()):
        so_far[kind, code] = so_far.get((kind, code), 0) + eur
        shown = eur if meaning == "flows" else so_far[kind, code]
        written.append(payment(f"2019{day + 1:02d}01", f"{shown / 100:.2f}".replace(".", ","), "1", kind, code))
    total = "" if said else f"{due[-1] / 100:.2f}".replace(".", ",")
    folder = tmp_path_factory.mktemp("sums")
    file = open_feed(write(folder, PAID, written, PAYMENTS))[0]
    scan = row_scan.of_projects(file, ["1"])
    cells = Cells(scan.frame, file.label)
    projects = scan.frame[[KEY]].head(1).rename(columns={KEY: "project_ref"}).assign(paid_eur=total.replace(",", "."))
    table = payments(cells, projects, meaning if said else None)
    if cells.problems:
        # By chance the total is what both readings come to, though they differ on the way.
        assert not said and "no total of a project tells" in only(cells.problems).rule
    else:
        assert [round(float(eur) * 100) for eur in table["paid_eur"]] == due
        assert table["date"].tolist() == [f"2019-{day + 1:02d}-01" for day in days]
    account = cells.account(scan.read, len(cells.frame))
    assert account.read == len(written) == account.kept + sum(account.left_out.values())


# --- roles ------------------------------------------------------------------------------------------------------------


def party(code: str, word: str, name: str, fiscal: str = "00000000001", seat: str = "001001272") -> dict[str, str]:
    return {
        KEY: REF,
        "SOGG_COD_RUOLO": code,
        "SOGG_DESCR_RUOLO": word,
        "OC_CODICE_FISCALE_SOGG": fiscal,
        "OC_DENOMINAZIONE_SOGG": name,
        "COD_COMUNE_SEDE_SOGG": seat,
    }


def test_roles_keep_the_word_that_is_published(package, tmp_path):
    rows = [
        party("1", "Programmatore", "REGIONE PIEMONTE"),
        party("2", "Attuatore", "ENTE GENERATO"),
        party("3", "Beneficiario/Destinatario", "COOPERATIVA ALFA"),
        party("4", "Realizzatore", "IMPRESA BETA"),
        party("4", "REALIZZATORE", "IMPRESA GAMMA", seat="1004078"),
        party("3", "Beneficiario", "COOPERATIVA DELTA"),
        party("2", "", "SENZA PAROLA"),
        party("7", "", "SENZA PAROLA"),
        party("4", "Realizzatore", "IMPRESA BETA"),
        party("4", "Realizzatore", ""),
        party("3", "Beneficiario", "*INDIVIDUO*", "*CODICE FISCALE*"),
        party("3", "Beneficiario", "ROSSI", "*CODICE FISCALE*"),
        party("3", "Beneficiario", "BIANCHI", "BNCMRA80A01H501U"),
    ]
    project = a_row(OC_DENOM_BENEFICIARIO="*INDIVIDUO*:::COOPERATIVA ALFA")
    files = [write(tmp_path, PROJECTS, [project], feed.COLUMNS), write(tmp_path, PARTIES, rows, feed.PARTIES)]
    found = survey(files, package)
    assert found.problems == []
    table = found.tables["project_parties"]
    assert table[["role", "name", "seat_istat"]].to_numpy().tolist() == [
        ["programming", "REGIONE PIEMONTE", "001272"],
        ["implementing", "ENTE GENERATO", "001272"],
        ["Beneficiario/Destinatario", "COOPERATIVA ALFA", "001272"],
        ["Realizzatore", "IMPRESA BETA", "001272"],
        ["Realizzatore", "IMPRESA GAMMA", "004078"],
        ["beneficiary", "COOPERATIVA DELTA", "001272"],
        ["implementing", "SENZA PAROLA", "001272"],
        ["role 7", "SENZA PAROLA", "001272"],
        ["beneficiary", "COOPERATIVA ALFA", "001272"],
    ]
    account = found.accounts[found.files[1].label]
    assert (account.read, account.kept) == (13, 8)
    assert account.left_out == {"a natural person": 3, "no name": 1, "repeats another row": 1}
    assert not {"ROSSI", "BIANCHI"} & set(" ".join(map(str, found.warnings)).split())
