"""The official feed: what is selected, what is refused and where, and that nothing is ever half written.

Every file here is made up by ``benchmarks/synthetic_feed.py``.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from killing import settles_wherever_killed
from raw_fixtures import reduced, state

from helpers import config
from helpers.checks.run import check
from helpers.data import raw
from helpers.errors import InputError
from helpers.imports.draft import Draft
from helpers.imports.opencoesione import matching_rules, row_filter, store
from helpers.imports.opencoesione.cells import MASK
from helpers.imports.opencoesione.feed_files import PROJECTS, open_feed, wanted
from helpers.imports.opencoesione.row_filter import Rows
from helpers.imports.opencoesione.survey import survey
from helpers.prose.texts import texts

sys.path.insert(0, str(ROOT / "benchmarks"))
import synthetic_feed as feed

pytestmark = pytest.mark.slow

KEY = "COD_LOCALE_PROGETTO"
NAME = "progetti_esteso_PIE_2014-2020_20260228.csv"
TABLES = ("sources", "measures", "provinces", "regions", "comuni", "feed_rules", "comuni_changes")


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    """The tables an import looks at, as a data package that is quick to check."""
    return reduced(tmp_path_factory.mktemp("package") / "raw", TABLES)


@pytest.fixture
def root(package, tmp_path) -> Path:
    """A copy of the package to import into."""
    return Path(shutil.copytree(package, tmp_path / "data" / "raw"))


def a_row(ref: str = "1PIEGEN0001", **cells: str) -> dict[str, str]:
    return feed.ROW | {KEY: ref} | cells


def written(folder: Path, *rows: dict[str, str], name: str = NAME, columns=feed.COLUMNS, **more) -> Path:
    return feed.write(folder / name, rows or [a_row()], columns, **more)


def only(problems):
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


# --- what is read -----------------------------------------------------------------------------------------------------


def test_a_row_becomes_a_project(package, tmp_path):
    found = survey([written(tmp_path)], package)
    assert (found.problems, found.warnings) == ([], [])
    assert list(found.tables["projects"].columns.sort_values()) == sorted(
        field["name"] for field in store.resources()["projects"]["schema"]["fields"]
    )
    assert found.tables["projects"].iloc[0].to_dict() == {
        "project_ref": "1PIEGEN0001",
        "feed": "PIE_2014-2020",
        "edition": "2026-02-28",
        "measure_id": "M1",
        "rule_id": "M1",
        "title": "Progetto generato",
        "summary": "Sintesi generata",
        "cup": "J19G17000000001",
        "link": "https://opencoesione.gov.it/progetti/1piegen0001/",
        "cycle": "2014-2020",
        "programme": "2014IT05SFOP013",
        "action": "II.9v.9.1.01",
        "call": "Bando generato",
        "fund": "FSE",
        "public_funding_eur": "200000.50",
        "net_public_funding_eur": "199000.50",
        "eu_eur": "100000.00",
        "esf_eur": "100000.00",
        "erdf_eur": "",
        "committed_eur": "180000.00",
        "paid_eur": "90000.00",
        "start": "2018-04-01",
        "end_planned": "2020-03-31",
        "end_actual": "",
        "status": "In corso",
        "programming_body": "REGIONE PIEMONTE",
        "implementing_body": "ENTE GENERATO",
        "beneficiary": "ENTE GENERATO",
        "updated": "2026-02-28",
    }


#: Programme and action as they are written in the feed, and the measure.
SPELLINGS = [
    ("2014IT05SFOP013", "II.9v.9.1.01", "M1"),
    ("2014IT05SFOP013", "II.9V.9.1.1", "M1"),
    ("2014IT05SFOP013", "AZIONE II.9v.9.1.01 - Welfare", "M1"),
    ("2014IT05SFOP013", "II.9v.9.2.01", "M2"),
    ("2014IT05SFOP013", "II.9v.9.1.02", "ACC"),
    ("2014IT05SFOP013", "I.8iv.3.2.04", "WA"),
    ("2014IT05SFOP013", "1.8iv.3.2.4", "WA"),
    ("2014IT05SFOP013", "I.8iv.3.2.05", "WA-ANI"),
    ("2014IT05SFOP013", "1.8iv.3.2.6", "WA-DIS"),
    ("2014IT16RFOP014", "III.3c.7.1", "FESR"),
    ("ALTRO:::2014IT16RFOP014", "X:::III.3c.7.1", "FESR"),
    ("2014IT05SFOP013", "II.9v.9.1.011", None),
    ("2014IT05SFOP013", "II.9v.9.1.03", None),
    ("2014IT05SFOP013", "VIII.9v.9.1.01", None),
    ("2014IT05SFOP013", "III.3c.7.1", None),
    ("2014IT05SFOP099", "II.9v.9.1.01", None),
    ("2014IT16RFOP014", "III.3c.7.11", None),
]


def test_actions_of_the_measures_and_their_spellings(package, tmp_path):
    rows = [
        a_row(str(n), OC_CODICE_PROGRAMMA=programme, OC_COD_SUBARTICOLAZ_PROGRAMMA=action)
        for n, (programme, action, _) in enumerate(SPELLINGS)
    ]
    found = survey([written(tmp_path, *rows)], package).tables["projects"].set_index("project_ref")["measure_id"]
    told = [(programme, action, found.get(str(n))) for n, (programme, action, _) in enumerate(SPELLINGS)]
    assert told == SPELLINGS


def test_a_sub_call_is_known_by_the_name_of_its_call(package, tmp_path):
    call = "Progettazione e attuazione di interventi di welfare aziendale"
    row = a_row(OC_COD_SUBARTICOLAZ_PROGRAMMA="I.8iv.3.2.04", DESCR_PROCED_ATTIVAZIONE=call)
    found = survey([written(tmp_path, row)], package)
    assert found.tables["projects"]["measure_id"].tolist() == ["WA-PRO"]
    # The general rule fits too: both measures are told, the first counts.
    assert found.several["rules"].tolist() == ["WA-PRO, WA"]


def test_what_came_near_is_shown_and_not_imported(package, tmp_path):
    rows = [
        a_row("1"),
        a_row("2", OC_COD_SUBARTICOLAZ_PROGRAMMA="II.9v.9.1.03"),
        a_row("3", OC_COD_SUBARTICOLAZ_PROGRAMMA="", OC_TITOLO_PROGETTO="We.Ca.Re. in valle"),
        a_row("4", OC_COD_SUBARTICOLAZ_PROGRAMMA="X", OC_CODICE_PROGRAMMA="2014IT16RFOP014"),
        a_row("5", OC_CODICE_PROGRAMMA="2014IT05SFOP099"),
    ]
    found = survey([written(tmp_path, *rows)], package)
    assert found.tables["projects"]["project_ref"].tolist() == ["1"]
    assert found.near.set_index("project_ref")["rule_id"].to_dict() == {"2": "NEAR-FSE-CODE", "3": "NEAR-FSE-TEXT"}
    matched = found.matches.set_index("rule_id")
    assert matched["projects"].to_dict() | {"M1": 1} == matched["projects"].to_dict()
    assert matched.loc["M1", "public_funding_eur"] == 200_000.5
    assert pd.isna(matched.loc["M2", "public_funding_eur"])


def test_columns_by_name_in_any_order_with_new_ones(package, tmp_path):
    plain = survey([written(tmp_path)], package)
    mixed = ["NUOVA", *reversed(feed.NEEDED), "ALTRA", "ALTRA"]
    (tmp_path / "mixed").mkdir()
    other = survey([written(tmp_path / "mixed", columns=mixed, end="\n")], package)
    assert other.problems == []
    for name, table in plain.tables.items():
        pd.testing.assert_frame_equal(table, other.tables[name])


def test_zip_and_csv_of_region_and_nation_say_the_same(package, tmp_path):
    regional = survey([written(tmp_path, name="progetti_esteso_PIE_2014-2020.zip")], package)
    national = survey([written(tmp_path, name="progetti_esteso_2014-2020_20260228.csv")], package)
    assert regional.files[0].label == "progetti_esteso_PIE_2014-2020.zip/" + NAME
    assert regional.tables["projects"]["feed"].tolist() == ["PIE_2014-2020"]
    assert national.tables["projects"]["feed"].tolist() == ["ITA_2014-2020"]
    columns = regional.tables["projects"].columns.drop("feed")
    pd.testing.assert_frame_equal(regional.tables["projects"][columns], national.tables["projects"][columns])


def test_several_cycles_in_one_file_or_two(package, tmp_path):
    rows = [a_row("1"), a_row("2", OC_COD_CICLO="3")]
    one = survey([written(tmp_path, *rows, name="progetti_esteso_20260228.csv")], package)
    assert one.tables["projects"]["feed"].tolist() == ["ITA_2014-2020", "ITA_2021-2027"]
    names = ("progetti_esteso_2014-2020_20260228.csv", "progetti_esteso_2021-2027_20260430.csv")
    two = survey([written(tmp_path, row, name=n) for row, n in zip(rows, names, strict=True)], package)
    assert two.problems == []
    assert two.tables["projects"]["edition"].tolist() == ["2026-02-28", "2026-04-30"]


def test_the_day_of_the_edition_must_be_known(package, tmp_path):
    path = written(tmp_path, name="scaricato.csv")
    assert "does not say the day" in only(survey([path], package).problems).rule
    assert survey([path], package, edition="2026-02-28").tables["projects"]["edition"].tolist() == ["2026-02-28"]
    wrong = written(tmp_path, name="progetti_esteso_PIE_2014-2020_20261331.csv")
    assert only(survey([wrong], package).problems).value == "20261331"


def test_needed_columns_are_those_the_format_notes_list():
    assert set(wanted(PROJECTS)) <= set(feed.COLUMNS)
    assert len(feed.COLUMNS) == len(set(feed.COLUMNS)) == 200


# --- places, bodies, payments -----------------------------------------------------------------------------------------


def test_places_have_their_level(package, tmp_path):
    rows = [
        a_row("1", COD_COMUNE="001001272:::001004078", DEN_COMUNE="TORINO:::CUNEO"),
        a_row("2", COD_COMUNE="001004000", DEN_COMUNE=""),
        a_row("3", COD_COMUNE="001000000", DEN_COMUNE=""),
        a_row("4", COD_COMUNE="", DEN_COMUNE="", COD_PROVINCIA="001001:::001004"),
        a_row("5", COD_COMUNE="", DEN_COMUNE="", COD_PROVINCIA=""),
        a_row("6", COD_COMUNE="003015146", DEN_COMUNE="MILANO"),
        a_row("7", COD_COMUNE="001005122", DEN_COMUNE="MORANSENGO-TONENGO"),
        a_row("8", COD_COMUNE="001001999", DEN_COMUNE="NESSUNO"),
    ]
    found = survey([written(tmp_path, *rows)], package)
    assert found.problems == []
    places = found.tables["project_places"]
    told = places.groupby("project_ref")[["level", "region_code", "province_code", "istat"]].agg(list)
    assert told["level"].to_dict() == {
        "1": ["comune", "comune"],
        "2": ["province"],
        "3": ["region"],
        "4": ["province", "province"],
        "5": ["region"],
        "6": ["comune"],
        "7": ["comune"],
        "8": ["province"],
    }
    assert told.loc["1", "istat"] == ["001272", "004078"]
    assert told.loc["4", "province_code"] == ["001", "004"]
    assert told.loc["6", ["region_code", "istat"]].tolist() == [["03"], ["015146"]]
    fillers = [w.value for w in found.warnings]
    assert fillers == ["001004000", "001000000", "001001999 NESSUNO"]


def test_a_name_that_is_not_of_the_code_is_told(package, tmp_path):
    rows = [a_row("1", DEN_COMUNE="CUNEO"), a_row("2", COD_COMUNE="001001001", DEN_COMUNE="AGLIE'")]
    spelled = {"001001244": "S.GIORGIO CANAVESE", "001004130": "MONDOVI`", "001001199": "PONT CANAVESE"}
    rows += [a_row(f"9{n}", COD_COMUNE=code, DEN_COMUNE=name) for n, (code, name) in enumerate(spelled.items())]
    warning = only(survey([written(tmp_path, *rows)], package).warnings)
    assert (warning.row, warning.column, warning.value) == (2, "DEN_COMUNE", "CUNEO")


def companions(folder: Path, day: str = "20260228") -> list[Path]:
    places = [{KEY: "1", "COD_REGIONE": "001", "COD_COMUNE": "001004078", "DEN_COMUNE": "CUNEO"}, {KEY: "other"}]
    role, name, seat, code = "SOGG_COD_RUOLO", "OC_DENOMINAZIONE_SOGG", "COD_COMUNE_SEDE_SOGG", "OC_CODICE_FISCALE_SOGG"
    parties = [
        {KEY: "1", role: "1", name: "REGIONE PIEMONTE", seat: "001001272"},
        {KEY: "1", role: "2", name: "ENTE GENERATO", seat: "001004078"},
        {KEY: "1", role: "4", name: "Rossi", code: "RSSMRA80A01H501U"},
    ]
    payments = [
        {KEY: "1", "OC_DATA_PAGAMENTI": "20190630", "TOT_PAGAMENTI": "30000,10"},
        {KEY: "1", "OC_DATA_PAGAMENTI": "20200630", "TOT_PAGAMENTI": "90000"},
        {KEY: "other", "OC_DATA_PAGAMENTI": "wrong", "TOT_PAGAMENTI": "wrong"},
    ]
    kinds = (("localizzazioni", feed.PLACES, places), ("soggetti", feed.PARTIES, parties),
             ("pagamenti", feed.PAYMENTS, payments))  # fmt: skip
    return [feed.write(folder / f"{kind}_PIE_2014-2020_{day}.csv", rows, columns) for kind, columns, rows in kinds]


def test_companion_files_speak_of_the_selected_projects_only(package, tmp_path):
    found = survey([*companions(tmp_path), written(tmp_path, a_row("1"), a_row("2"))], package)
    assert found.problems == []
    assert found.tables["project_places"][["project_ref", "istat"]].to_numpy().tolist() == [
        ["1", "004078"],
        ["2", "001272"],
    ]
    parties = found.tables["project_parties"]
    assert parties[parties["project_ref"] == "1"].iloc[:, 1:].to_numpy().tolist() == [
        ["programming", "REGIONE PIEMONTE", "001272"],
        ["implementing", "ENTE GENERATO", "004078"],
        ["beneficiary", "ENTE GENERATO", "004078"],
    ]
    assert set(parties.loc[parties["project_ref"] == "2", "role"]) == {"programming", "implementing", "beneficiary"}
    assert found.tables["payments"].to_numpy().tolist() == [
        ["1", "2019-06-30", "30000.10"],
        ["1", "2020-06-30", "90000.00"],
    ]
    person = only(found.warnings)
    assert (person.row, person.column) == (4, "OC_DENOMINAZIONE_SOGG")
    assert "Rossi" not in str(person) and "Rossi" not in str(parties.to_dict())


def test_companions_of_another_edition_or_without_projects_are_refused(package, tmp_path):
    found = survey([*companions(tmp_path, "20260430"), written(tmp_path, a_row("1"))], package)
    assert {"the file is of the edition 2026-04-30, the projects it speaks of are of 2026-02-28"} == {
        problem.rule for problem in found.problems
    }
    alone = survey(companions(tmp_path), package)
    assert {problem.rule for problem in alone.problems} == {"there are no projects yet that the file could speak of"}


# --- what is refused --------------------------------------------------------------------------------------------------

#: Cells that stop the import: column, value, words of the rule.
BAD_CELLS = [
    ("TOT_PAGAMENTI", "-5,00", "cannot be negative"),
    ("FINANZ_UE", "99999999999,00", "more than 1,000,000,000 euro"),
    ("FINANZ_UE", "molto", "the value must be a number"),
    ("OC_DATA_INIZIO_PROGETTO", "20171332", "a date that exists"),
    ("OC_DATA_INIZIO_PROGETTO", "31 dicembre", "a date that exists"),
    ("OC_DATA_FINE_PROGETTO_PREVISTA", "00010101", "a date that exists"),
    ("OC_COD_CICLO", "7", "the code is unknown"),
    ("COD_COMUNE", "001001272:::001004078", "2 codes, DEN_COMUNE has 1 names"),
    ("COD_COMUNE", "001272", "must have 9 digits"),
    (KEY, "", "the key of the project is empty"),
]


@pytest.mark.parametrize(("column", "value", "rule"), BAD_CELLS)
def test_a_bad_cell_is_told_with_line_and_column(package, tmp_path, column, value, rule):
    # The row before has a summary of two lines, so the third row of the file starts on line 4.
    first = a_row("1", OC_SINTESI_PROGETTO='one\ntwo; "three"')
    found = survey([written(tmp_path, first, a_row("2") | {column: value})], package)
    problem = only(found.problems)
    assert (problem.file, problem.row, problem.column) == (NAME, 4, column)
    assert rule in problem.rule
    assert problem.value == value or column == KEY


def test_every_bad_cell_at_once(package, tmp_path):
    cells = [*BAD_CELLS[:-1], ("OC_TITOLO_PROGETTO", "fine", "")]
    rows = [a_row(f"{n}") | {column: value} for n, (column, value, _) in enumerate(cells)]
    payments = feed.write(tmp_path / "pagamenti_20260228.csv", [{KEY: "0", "TOT_PAGAMENTI": "molto"}], feed.PAYMENTS)
    empty = tmp_path / "empty.csv"
    empty.touch()
    found = survey([empty, written(tmp_path, *rows), payments], package)
    told = sorted((p.row, p.column) for p in found.problems if p.file == NAME)
    assert told == sorted((n + 2, column) for n, (column, _, rule) in enumerate(cells) if rule)
    assert len([p for p in found.problems if p.file == NAME]) == len(cells) - 1
    assert {p.column for p in found.problems if p.file.startswith("pagamenti")} == {
        "OC_DATA_PAGAMENTI",
        "TOT_PAGAMENTI",
    }
    assert only([p for p in found.problems if p.file == "empty.csv"]).rule == "the file is empty (0 bytes)"


def test_wrong_forms_of_a_file(package, tmp_path):
    good = feed.lines(feed.COLUMNS, [a_row("1"), a_row("2", OC_TITOLO_PROGETTO="Città")])
    cases = {
        "a.csv": (b"", "the file is empty (0 bytes)", None),
        "b.zip": (b"", "the file is empty (0 bytes)", None),
        "c.csv": (b"\xef\xbb\xbf\r\n", "the file is empty", None),
        "d.csv": (b"\0" * 5_000, "the file is no text", None),
        "h_20260228.csv": (good[:-300], "", 3),
        "i_20260228.csv": (good.replace(b'"Citt', b'"Ci"tt'), "a double quote is not closed", 3),
        "j_20260228.csv": (good[:-2] + b';"more"\r\n', "more cells than the header", 3),
        "k.csv": (b'"A";"B"\r\n"1";"2"\r\n', "none of progetti_esteso", None),
        "l.zip": (b"PK\x03\x04 cut", "damaged or cut off", None),
    }
    for name, (data, rule, row) in cases.items():
        path = tmp_path / name
        path.write_bytes(data)
        found = survey([path], package)
        problem = found.problems[0]
        assert (problem.file, problem.row) == (name, row), str(problem)
        assert rule in problem.rule, name
    together = survey([tmp_path / name for name in cases], package)
    assert {problem.file for problem in together.problems} == set(cases)
    assert "does not exist" in only(survey([tmp_path / "nowhere.csv"], package).problems).rule


def test_a_file_cut_off_between_cells_or_inside_one(package, tmp_path):
    good = feed.lines(feed.COLUMNS, [a_row("1"), a_row("2")])
    for cut, rule in ((good[: good.rindex(b'"Bando') + 8], "ends inside a quoted cell"),
                      (good[: good.rindex(b'"Bando')], "fewer cells than the header")):  # fmt: skip
        path = tmp_path / NAME
        path.write_bytes(cut)
        problem = only(survey([path], package).problems)
        assert (problem.row, rule in problem.rule) == (3, True), str(problem)


def test_zips_that_are_cut_off(package, tmp_path):
    whole = written(tmp_path, *[a_row(str(n)) for n in range(300)], name="progetti_esteso_PIE_2014-2020.zip")
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole.read_bytes()[:-200])
    assert "damaged or cut off" in only(survey([cut], package).problems).rule
    broken = bytearray(whole.read_bytes())
    broken[len(broken) // 2] ^= 0xFF
    damaged = tmp_path / "damaged_20260228.zip"
    damaged.write_bytes(broken)
    assert "damaged" in survey([damaged], package).problems[0].rule


def test_needed_columns_missing_or_twice(package, tmp_path):
    columns = [c for c in feed.COLUMNS if c not in ("CUP", "IMPEGNI")]
    problem = only(survey([written(tmp_path, columns=columns)], package).problems)
    assert (problem.file, problem.row, problem.rule) == (NAME, 1, "columns CUP, IMPEGNI are missing")
    twice = only(survey([written(tmp_path, columns=[*feed.COLUMNS, "FINANZ_UE"])], package).problems)
    assert (twice.row, twice.rule) == (1, "two columns mean FINANZ_UE")


def test_duplicated_keys(package, tmp_path):
    same = survey([written(tmp_path, a_row("1"), a_row("1"))], package)
    assert same.problems == []
    assert len(same.tables["projects"]) == 1
    assert only(same.warnings).rule == "the row repeats row 2; it was left out"
    other = survey([written(tmp_path, a_row("1"), a_row("1", IMPEGNI="1,00", FINANZ_UE="2,00"))], package)
    problem = only(other.problems)
    assert (problem.row, problem.column, problem.value) == (3, "FINANZ_UE", "2,00")
    assert problem.rule == "the key '1' is also in row 2, with another FINANZ_UE"


def test_one_project_in_two_files(package, tmp_path):
    names = (NAME, "progetti_esteso_2014-2020_20260228.csv")
    same = survey([written(tmp_path, name=name) for name in names], package)
    assert (same.problems, len(same.tables["projects"])) == ([], 1)
    paths = [written(tmp_path, name=NAME), written(tmp_path, a_row(IMPEGNI="1,00"), name=names[1])]
    problem = only(survey(paths, package).problems)
    assert (problem.file, problem.row, problem.column) == (names[1], 2, KEY)
    later = written(tmp_path, a_row("9"), name="progetti_esteso_2014-2020_20260430.csv")
    assert "several editions of the cycle 2014-2020" in only(survey([paths[0], later], package).problems).rule


def test_contradictions_are_warnings_and_the_values_stay(package, tmp_path):
    row = a_row(TOT_PAGAMENTI="180000,01", OC_DATA_FINE_PROGETTO_EFFETTIVA="20170101", FINANZ_UE="300000,00")
    found = survey([written(tmp_path, row)], package)
    assert found.problems == []
    assert [(w.row, w.column) for w in found.warnings] == [
        (2, "TOT_PAGAMENTI"),
        (2, "FINANZ_UE"),
        (2, "OC_DATA_FINE_PROGETTO_EFFETTIVA"),
    ]
    assert found.tables["projects"]["paid_eur"].tolist() == ["180000.01"]


def test_no_row_that_matches(package, tmp_path):
    row = a_row(OC_COD_SUBARTICOLAZ_PROGRAMMA="II.9v.9.1.09")
    found = survey([written(tmp_path, row)], package)
    assert only(found.problems).rule == "no row fits a rule that ties it to a measure"
    assert len(found.near) == 1
    nothing = survey([written(tmp_path, a_row(OC_CODICE_PROGRAMMA="2014IT99"))], package)
    assert len(nothing.problems) == 1 and nothing.near.empty
    header = tmp_path / "header_20260228.csv"
    header.write_bytes(feed.lines(feed.COLUMNS, []).strip())
    assert len(survey([header], package).problems) == 1


def test_the_fiscal_code_of_a_person_is_never_stored(package, tmp_path):
    code = "RSSMRA80A01H501U"
    rows = [
        a_row("1", OC_TITOLO_PROGETTO=f"Tirocinio di {code}.", OC_DENOM_BENEFICIARIO=code.lower()),
        a_row(f"PIE_{code}"),
    ]
    found = survey([written(tmp_path, *rows)], package)
    assert found.problems == []
    assert found.tables["projects"]["title"].tolist() == [f"Tirocinio di {MASK}."]
    assert [(w.row, w.column) for w in found.warnings] == [
        (2, "OC_TITOLO_PROGETTO"),
        (2, "OC_DENOM_BENEFICIARIO"),
        (3, KEY),
    ]
    everything = str({n: t.to_dict() for n, t in found.tables.items()}) + " ".join(map(str, found.warnings))
    assert code not in everything.upper()


def test_text_stays_text(package, tmp_path):
    title = "=HYPERLINK(\"http://x\") <script>alert(1)</script> [red]{{ x }} 'it''s'"
    found = survey([written(tmp_path, a_row(OC_TITOLO_PROGETTO=title, OC_LINK="javascript:alert(1)"))], package)
    assert found.tables["projects"][["title", "link"]].to_numpy().tolist() == [[title, ""]]
    assert only(found.warnings).column == "OC_LINK"


def test_rules_that_are_wrong(package, tmp_path, root):
    table = raw.load("feed_rules", package)
    bad = table.copy()
    bad.loc[1, "pattern"] = "(unclosed"
    with pytest.raises(InputError, match=r"feed_rules\.csv, row 3, column pattern: .*regular expression"):
        matching_rules.from_table(bad)
    bad = table.copy()
    bad.loc[1, "measure_id"] = "M2"
    with pytest.raises(InputError, match="the rule M1 names several measures"):
        matching_rules.from_table(bad)
    path = root / "feed_rules.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("COD_PROCED_ATTIVAZIONE,(", "AZIONE_NUOVA,(", 1))
    assert survey([written(tmp_path)], root).problems == []
    path.write_text(path.read_text(encoding="utf-8").replace("OC_CODICE_PROGRAMMA", "PROGRAMMA"))
    assert {p.column for p in survey([written(tmp_path)], root).problems} == {"PROGRAMMA"}


def test_a_rule_without_a_literal_reads_every_row(package, tmp_path, root):
    rows = [a_row("1"), a_row("2", OC_CODICE_PROGRAMMA="2014IT05SFOP014"), a_row("3", OC_CODICE_PROGRAMMA="X")]
    path = root / "feed_rules.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2014IT05SFOP013", "2014IT05SFOP01[34]"))
    assert matching_rules.needles(matching_rules.load(root)) == ()
    assert survey([written(tmp_path, *rows)], root).tables["projects"]["project_ref"].tolist() == ["1", "2"]


# --- the sieve --------------------------------------------------------------------------------------------------------

CELLS = st.text(st.sampled_from('ab"\n\r;,é:'), max_size=6)


@settings(max_examples=150)
@given(rows=st.lists(st.tuples(st.sampled_from(["KEY1", "KEY2", "x"]), CELLS, CELLS), max_size=12),
       block=st.integers(1, 40), end=st.sampled_from(["\n", "\r\n"]))  # fmt: skip
def test_the_sieve_keeps_whole_rows_and_their_lines(rows, block, end):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator=end).writerows(rows)
    data = out.getvalue().encode()
    due, line = [], 2
    for row in rows:
        due.append((line, row))
        line += "".join(row).count("\n") + 1

    def read(kept):
        return [(k.line, tuple(next(csv.reader(io.StringIO(k.row.decode(), newline=""), delimiter=";")))) for k in kept]

    size, row_filter.BLOCK = row_filter.BLOCK, block
    try:
        every = Rows(io.BytesIO(data), "f")
        assert read(every.holding(())) == due
        some = Rows(io.BytesIO(data), "f")
        assert read(some.holding((b"KEY1", b"KEY2"))) == [(n, row) for n, row in due if row[0] != "x"]
        assert every.count == some.count == len(rows)
        for column in (0, 1):
            found = read(Rows(io.BytesIO(data), "f").with_keys({b"KEY1", b"a"}, column))
            assert found == [(n, row) for n, row in due if row[column].strip() in ("KEY1", "a")]
    finally:
        row_filter.BLOCK = size


def test_a_quote_that_is_never_closed_stops_the_sieve(monkeypatch):
    monkeypatch.setattr(row_filter, "BLOCK", 100)
    monkeypatch.setattr(row_filter, "LONGEST", 1_000)
    data = b'"1";"a"\n"2";"' + b"x" * 5_000
    with pytest.raises(InputError, match="row 3: a double quote is never closed"):
        list(Rows(io.BytesIO(data), "f").holding((b"1",)))


# --- round trip -------------------------------------------------------------------------------------------------------

WORD = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp", "Cn", "Co"]), min_size=1, max_size=8)
TITLE = st.lists(st.one_of(WORD, st.sampled_from(['"', ";", "=1+1", "<b>", "'", ":::", "\\"])), max_size=6).map(
    " ".join
)
CENTS = st.none() | st.integers(0, 10**11)
DAYS = st.none() | st.dates(pd.Timestamp("1990-01-01").date(), pd.Timestamp("2099-12-31").date())
VALID = st.fixed_dictionaries(
    {
        "action": st.sampled_from(["II.9v.9.1.01", "II.9v.9.2.01", "1.8iv.3.2.6"]),
        "title": TITLE,
        "summary": TITLE,
        "amounts": st.tuples(CENTS, CENTS, CENTS),
        "days": st.tuples(DAYS, DAYS),
        "comuni": st.lists(
            st.sampled_from([("001272", "TORINO"), ("004078", "CUNEO"), ("005005", "ASTI")]), unique=True
        ),
    }
)
MEASURE = {"II.9v.9.1.01": "M1", "II.9v.9.2.01": "M2", "1.8iv.3.2.6": "WA-DIS"}


def official(cents: int | None) -> str:
    return "" if cents is None else f"{cents // 100},{cents % 100:02d}"


@settings(max_examples=20)
@given(values=st.lists(VALID, min_size=1, max_size=6), zipped=st.booleans(), end=st.sampled_from(["\n", "\r\n"]))
def test_any_valid_table_imports_to_itself(package, tmp_path_factory, values, zipped, end):
    amounts, days = (
        ("FINANZ_TOTALE_PUBBLICO", "IMPEGNI", "TOT_PAGAMENTI"),
        ("OC_DATA_INIZIO_PROGETTO", "DATA_AGGIORNAMENTO"),
    )
    rows = [
        a_row(
            f"P{n}",
            OC_COD_SUBARTICOLAZ_PROGRAMMA=v["action"],
            OC_TITOLO_PROGETTO=v["title"],
            OC_SINTESI_PROGETTO=v["summary"],
            COD_COMUNE=":::".join("001" + code for code, _ in v["comuni"]),
            DEN_COMUNE=":::".join(name for _, name in v["comuni"]),
            **{column: official(cents) for column, cents in zip(amounts, v["amounts"], strict=True)},
            **{column: day.strftime("%Y%m%d") if day else "" for column, day in zip(days, v["days"], strict=True)},
        )
        for n, v in enumerate(values)
    ]
    name = "progetti_esteso_PIE_2014-2020.zip" if zipped else NAME
    found = survey([written(tmp_path_factory.mktemp("feed"), *rows, name=name, end=end)], package)
    assert found.problems == []
    table = found.tables["projects"]
    assert table["title"].tolist() == [v["title"].strip() for v in values]
    assert table["summary"].tolist() == [v["summary"].strip() for v in values]
    assert table["measure_id"].tolist() == [MEASURE[v["action"]] for v in values]
    for position, column in enumerate(("public_funding_eur", "committed_eur", "paid_eur")):
        read = [Decimal(cell) * 100 if cell else None for cell in table[column]]
        assert read == [v["amounts"][position] for v in values]
    for position, column in enumerate(("start", "updated")):
        assert table[column].tolist() == [d.isoformat() if (d := v["days"][position]) else "" for v in values]
    places = found.tables["project_places"]
    told = places[places["level"] == "comune"].groupby("project_ref")["istat"].agg(list).to_dict()
    assert told == {f"P{n}": [code for code, _ in v["comuni"]] for n, v in enumerate(values) if v["comuni"]}


# --- what is stored ---------------------------------------------------------------------------------------------------


def brought(root: Path, *paths: Path, **more) -> list[str]:
    """Import files; gives what was written, without ``data/raw/``."""
    draft, found = Draft(root), survey(paths, root, **more)
    assert found.problems == [], [str(p) for p in found.problems]
    store.merge(draft, found.tables, found.origins)
    return [name.removeprefix("data/raw/") for name in draft.commit()]


def kept(root: Path) -> Path:
    """The one edition that was put aside."""
    return only([path.parent for path in (root / "superseded").glob("*/datapackage.json")])


def test_stored_described_valid_and_the_same_when_read(root, tmp_path):
    import frictionless

    title = 'a "quoted"; =1+1, <b>è</b>'
    path = written(tmp_path, a_row("2"), a_row("1", OC_TITOLO_PROGETTO=title, OC_FINANZ_TOT_PUB_NETTO=""))
    assert "projects" not in raw.tables(root)
    done = brought(root, path, *companions(tmp_path))
    assert done[-1] == "datapackage.json"
    assert check(root).problems == []
    assert frictionless.Package(str(root / raw.DESCRIPTOR)).validate().flatten(["name", "message"]) == []
    table = raw.load("projects", root)
    assert table["project_ref"].tolist() == ["1", "2"]
    assert table["title"][0] == title
    assert table["public_funding_eur"].tolist() == [200_000.5, 200_000.5]
    assert pd.isna(table["net_public_funding_eur"][0])
    assert table["start"][0] == pd.Timestamp("2018-04-01")
    for name in store.resources():
        found = raw.resource(name, root)
        assert found["licenses"][0]["name"] == "CC-BY-4.0"
        assert found["sources"] == [{"title": store.SOURCE, "path": store.ADDRESS}]
        kinds = {"projects": "progetti", "payments": "pagamenti", "project_places": "localizzazioni"}
        kind = kinds.get(name, "soggetti")
        assert found["editions"] == [{"feed": "PIE_2014-2020", "edition": "2026-02-28", "kind": kind}]
        assert found["rowCount"] == len(raw.load(name, root))


def test_the_same_file_twice_changes_nothing(root, tmp_path):
    files = [written(tmp_path, a_row("1"), a_row("2")), *companions(tmp_path)]
    brought(root, *files)
    before = state(root)
    for again in (files, files[:1], files[1:], files[3:], [*reversed(files)]):
        assert brought(root, *again) == []
        assert state(root) == before


def test_companions_may_come_later(root, tmp_path):
    main, others = written(tmp_path, a_row("1"), a_row("2")), companions(tmp_path)
    at_once = Path(shutil.copytree(root, tmp_path / "other" / "raw"))
    brought(at_once, main, *others)
    for path in (main, *others):
        brought(root, path)
    assert state(root) == state(at_once)


def test_a_newer_edition_takes_the_place_and_the_older_can_be_read(root, tmp_path):
    old = [written(tmp_path, a_row("1"), a_row("2")), *companions(tmp_path)]
    brought(root, *old)
    before = {name: raw.load(name, root) for name in store.resources()}
    new = written(tmp_path, a_row("1", TOT_PAGAMENTI="170000,00"), name="progetti_esteso_2014-2020_20260430.csv")
    assert {f"superseded/PIE_2014-2020_20260228/{name}.csv" for name in before} < set(brought(root, new))
    assert raw.load("projects", root)[["project_ref", "paid_eur"]].to_numpy().tolist() == [["1", 170_000.0]]
    # Payments of February are not payments of April: they went with their edition.
    assert "payments" not in raw.tables(root) and not (root / "payments.csv").exists()
    assert kept(root).name == "PIE_2014-2020_20260228"
    for name, table in before.items():
        pd.testing.assert_frame_equal(raw.load(name, kept(root)), table)
    assert check(root).problems == check(kept(root)).problems == []
    now = state(root)
    # The older edition, brought again, is put beside the kept one, not in the place of the newer.
    for again in (old, old[:1], [new]):
        assert brought(root, *again) == []
        assert state(root) == now


def test_an_older_edition_is_put_aside_at_once(root, tmp_path):
    brought(root, written(tmp_path))
    before = (root / "projects.csv").read_bytes()
    older = written(tmp_path, a_row(IMPEGNI="100000,00"), name="progetti_esteso_PIE_2014-2020_20251231.csv")
    done = brought(root, older)
    assert {Path(name).parent.as_posix() for name in done} == {"superseded/PIE_2014-2020_20251231"}
    assert (root / "projects.csv").read_bytes() == before
    assert raw.load("projects", kept(root))["committed_eur"].tolist() == [100_000.0]


def test_cycles_do_not_touch_each_other(root, tmp_path):
    brought(root, written(tmp_path, a_row("1")))
    later = written(tmp_path, a_row("2", OC_COD_CICLO="3"), name="progetti_esteso_PIE_2021-2027_20260430.csv")
    assert not any(name.startswith("superseded") for name in brought(root, later))
    assert raw.load("projects", root)["feed"].tolist() == ["PIE_2014-2020", "PIE_2021-2027"]
    assert [entry["edition"] for entry in raw.resource("projects", root)["editions"]] == ["2026-02-28", "2026-04-30"]


@pytest.mark.audit
def test_a_commit_killed_anywhere_is_settled_whole(root, tmp_path, monkeypatch):
    brought(root, written(tmp_path, a_row("1")), *companions(tmp_path))
    new = written(tmp_path, a_row("3"), name="progetti_esteso_PIE_2014-2020_20260430.csv")
    draft, found = Draft(root), survey([new], root)
    store.merge(draft, found.tables, found.origins)
    # Tables are replaced, one is removed, others go to a folder of their own.
    assert draft.removed == ["data/raw/payments.csv"]
    # Tried out once for all; being killed meanwhile is tested with another import.
    descriptor = draft._try_out(draft._files)
    monkeypatch.setattr(draft, "_try_out", lambda files: descriptor)
    settles_wherever_killed(draft.commit, root, edited="projects.csv")


def test_a_package_that_would_not_be_valid_is_not_written(root, tmp_path):
    draft, found = Draft(root), survey([written(tmp_path)], root)
    found.tables["projects"]["measure_id"] = "M9"
    store.merge(draft, found.tables, found.origins)
    before = state(root.parent)
    with pytest.raises(InputError, match="measure_id"):
        draft.commit()
    assert state(root.parent) == before


def test_descriptions_fit_the_tables():
    whole = {found["name"]: found for found in json.loads((config.RAW / raw.DESCRIPTOR).read_text())["resources"]}
    for name, found in store.resources().items():
        assert set(found) | {"sources", "hash", "bytes", "rowCount"} >= set(whole["measures"]) - {"usageWarnings"}
        assert all(field["description"] for field in found["schema"]["fields"])
        assert name not in whole, "generated tables must not be committed"
        said = {found["title"], found["description"], *(field["description"] for field in found["schema"]["fields"])}
        assert said | {store.SOURCE} <= set(texts("it", "catalogue")), name


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_shows_asks_and_writes(project, tmp_path):
    title = "We.Ca.Re. [red]\x1b[31m=1+1"
    rows = [
        a_row("1"),
        a_row("2", OC_COD_SUBARTICOLAZ_PROGRAMMA="X", OC_TITOLO_PROGETTO=title),
    ]
    path = str(written(tmp_path, *rows, name="progetti_esteso_PIE_2014-2020.zip"))
    before = state(project.root / "data/raw")
    refused = project.wecare("import", "opencoesione", path, ok=False)
    assert refused.returncode == 1 and "Write this to data/raw?" in refused.stdout
    assert (refused.stdout + refused.stderr).count("Nothing was") == 1
    assert state(project.root / "data/raw") == before
    finished = project.wecare("import", "opencoesione", path, "--yes")
    # DuckDB has its own back when the command ends; it would list what it had not.
    assert [refused.stderr, finished.stderr] == ["", ""]
    done = finished.stdout
    assert "We.Ca.Re. [red] [31m=1+1" in done and "\x1b[31m" not in done
    assert "Near, but no rule fits: 1 rows" in done
    assert "Wrote data/raw/projects.csv" in done
    assert "Nothing would change" in project.wecare("import", "opencoesione", path, "--yes").stdout
    project.wecare("check")
    bad = written(tmp_path, a_row("1", IMPEGNI="molto"), name="progetti_esteso_PIE_2014-2020_20260430.csv")
    before = state(project.root / "data/raw")
    stopped = project.wecare("import", "opencoesione", str(bad), "--yes", ok=False)
    assert stopped.returncode == 1
    assert stopped.stderr.startswith(f"{bad.name}, row 2, column IMPEGNI: the value must be a number")
    assert len(stopped.stderr.splitlines()) == 2, stopped.stderr
    assert "Nothing was changed" in stopped.stderr and "Nothing was" not in stopped.stdout
    assert state(project.root / "data/raw") == before


# --- the generator ----------------------------------------------------------------------------------------------------


def test_the_generated_national_file_is_read_as_pandas_reads_it(package, tmp_path):
    path = tmp_path / "progetti_esteso_2014-2020_20260228.csv"
    ours = feed.national(path, 3_000, share=100)
    found = survey([path], package)
    assert (found.problems, len(found.tables["projects"])) == ([], ours)
    read = pd.read_csv(path, sep=";", dtype="str", keep_default_na=False, encoding="utf-8-sig")
    assert read.shape == (3_000, 200)
    due = read[read["CUP"].str.startswith("W")].set_index(KEY)
    table = found.tables["projects"].set_index("project_ref")
    assert sorted(table.index) == sorted(due.index)
    euro = due["FINANZ_TOTALE_PUBBLICO"].str.replace(",", ".").loc[table.index]
    assert table["public_funding_eur"].tolist() == euro.tolist()
    again = tmp_path / "again.csv"
    feed.national(again, 3_000, share=100)
    assert again.read_bytes() == path.read_bytes()
    with duckdb.connect() as connection:
        counted = connection.execute("SELECT count(*) FROM read_csv(?, delim=';', all_varchar=true)", [str(path)])
        assert counted.fetchone() == (3_000,)


def test_names_in_a_zip_are_printed_safely(package, tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../\x1b[2Jx.csv", "A;B")
    assert only(survey([path], package).problems).file == "a.zip/../?[2Jx.csv"


def test_the_kind_of_a_file_is_told_by_its_columns(tmp_path):
    for path in companions(tmp_path):
        renamed = path.rename(tmp_path / f"x{path.name.split('_')[0]}_20260228.csv")
        assert renamed.name[1:].startswith(open_feed(renamed)[0].kind)
