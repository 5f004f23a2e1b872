"""The producers' own files of numbers and classes of comuni, as small cuts: what each becomes, and what stops it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from istat_files import posas_lines, write
from raw_fixtures import Copy, copied, reduced, state, with_few_comuni
from typer.testing import CliRunner

from helpers import config
from helpers.checks.run import check, record
from helpers.cli.main import app
from helpers.data import raw
from helpers.errors import InputError
from helpers.imports import balances, classifications, income, population, suppressed_comuni
from helpers.imports.reading.recognise import recognise_file

pytestmark = pytest.mark.slow

PRODUCERS = Path(__file__).parent / "producers"
P2, P3, FLOW = PRODUCERS / "P2_2025_it_Comuni.csv", PRODUCERS / "P3_2025_it_Comuni.csv", PRODUCERS / "29_316.csv"
ASL, CLASSES = PRODUCERS / "asl_comuni.csv", PRODUCERS / "Classificazioni_statistiche_2026.xlsx"
MAP, LIST = PRODUCERS / "Aree_interne_2022.xlsx", PRODUCERS / "Elenco_aree_SNAI.xlsx"
SUPPRESSED = PRODUCERS / "comuni_soppressi.csv"
IRPEF = {
    year: PRODUCERS / f"Redditi_e_principali_variabili_IRPEF_su_base_comunale_CSV_{year}.csv"
    for year in (2008, 2012, 2023)
}

#: The comuni of Piedmont in the cuts, by the codes of 2022.
OURS = ("001001", "001003", "001028", "001063", "001272", "001316", "004034", "005079", "005110")
EMPTY = (
    "demographic_balance",
    "population_totals",
    "population_broad_ages",
    "foreign_residents",
    "income",
    "asl_comuni",
)
TABLES = ("comuni", "comuni_changes", "population", "province_regions", "provinces", "regions", "territory_classes")


def package_of_cuts(root: Path) -> Path:
    """The comuni of the cuts, without any series."""
    reduced(root, TABLES, EMPTY)
    for name in ("comuni", "population", "territory_classes"):
        cells = pd.read_csv(root / f"{name}.csv", dtype=str, keep_default_na=False)
        cells[cells["istat"].isin(OURS)].to_csv(root / f"{name}.csv", index=False, lineterminator="\n")
    record(root)
    assert check(root).problems == []
    return root


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    return package_of_cuts(tmp_path_factory.mktemp("package") / "raw")


@pytest.fixture
def copy(tmp_path, package) -> Copy:
    return copied(tmp_path, package)


def rows(copy: Copy, table: str, *columns: str) -> dict:
    """Cells of a table by its key."""
    cells = pd.read_csv(copy.root / f"{table}.csv", dtype=str, keep_default_na=False)
    key = ["year", "istat"] if "year" in cells else ["istat"]
    return cells.set_index(key)[list(columns)].apply(tuple, axis=1).to_dict()


IMPORTS = {
    P2: ("balance", lambda path, root: balances.plan(path, root=root)),
    P3: ("balance", lambda path, root: balances.plan(path, root=root)),
    FLOW: ("foreigners", lambda path, root: balances.plan_flow(path, root=root)),
    ASL: ("asl", lambda path, root: classifications.plan_asl(path, root=root)),
    CLASSES: ("classes", lambda path, root: classifications.plan_classes(path, root=root)),
    MAP: ("classes", lambda path, root: classifications.plan_classes(path, root=root)),
    LIST: ("classes", lambda path, root: classifications.plan_classes(path, root=root)),
    SUPPRESSED: ("changes", lambda path, root: suppressed_comuni.plan(path, root=root)),
    **{path: ("income", lambda path, root: income.plan(path, root=root)) for path in IRPEF.values()},
}


@pytest.mark.parametrize("path", IMPORTS, ids=lambda path: path.name)
def test_each_file_is_known_imported_and_changes_nothing_twice(copy, path):
    command, plan = IMPORTS[path]
    assert recognise_file(path).importer == command
    first = plan(path, copy.root)
    for account in first.accounts.values():
        assert account.read == account.kept + sum(account.left_out.values())
    first.draft.commit()
    assert copy.problems() == []
    before = state(copy.root)
    again = plan(path, copy.root)
    assert again.draft.changed == [] and again.draft.commit() == []
    assert state(copy.root) == before


def test_one_command_takes_next_years_file(copy, tmp_path, monkeypatch):
    monkeypatch.setattr(config, "RAW", copy.root)
    text = P2.read_text("utf-8-sig").replace("31 dicembre 2025", "31 dicembre 2026")
    path = tmp_path / "P2_2026_it_Comuni.csv"
    path.write_text(text, "utf-8-sig")
    done = CliRunner().invoke(app, ["import", str(path), "--yes"])
    assert done.exit_code == 0 and "(wecare import balance)" in done.output, done.output
    assert sorted({year for year, _ in rows(copy, "population_totals", "residents")}) == ["2026", "2027"]


# Balances


def test_a_balance_gives_its_year_and_the_residents_of_two_days(copy):
    found = balances.plan(P2, root=copy.root)
    found.draft.commit()
    columns = (
        "opening",
        "births",
        "deaths",
        "in_italy",
        "out_italy",
        "in_abroad",
        "out_abroad",
        "closing",
        "provisional",
    )
    balance = rows(copy, "demographic_balance", *columns)
    assert balance["2025", "005122"] == ("408", "5", "15", "27", "9", "4", "0", "420", "true")
    totals = rows(copy, "population_totals", "residents", "date", "provisional")
    assert totals["2025", "005122"] == ("408", "2025-01-01", "false")
    assert totals["2026", "005122"] == ("420", "2026-01-01", "true")
    assert len(totals) == 16 and found.sums["population_totals", 2026] == sum(
        int(cells[0]) for (year, _), cells in totals.items() if year == "2026"
    )
    entry = raw.resource("demographic_balance", copy.root)
    assert entry["codes_on"] == {"2025": "2023-01-01"} and entry["year"] == 2025
    assert [source["title"] for source in entry["sources"]] == ["ISTAT, demographic balance of residents (P2)"]
    assert "unofficial-copy" not in entry["usageWarnings"], "it is the producer's own file"


def test_what_is_final_is_not_replaced_by_what_is_provisional(copy, tmp_path):
    later = tmp_path / "P2_2026_it_Comuni.csv"
    later.write_text(P2.read_text("utf-8-sig").replace("31 dicembre 2025", "31 dicembre 2026"), "utf-8-sig")
    balances.plan(later, root=copy.root).draft.commit()
    final = rows(copy, "population_totals", "residents", "provisional")["2026", "001001"]
    assert final == ("2585", "false")
    found = balances.plan(P2, root=copy.root)
    found.draft.commit()
    assert found.kept == [("population_totals", 2026)]
    totals = rows(copy, "population_totals", "residents", "provisional")
    assert totals["2026", "001001"] == final and totals["2025", "001001"] == ("2585", "false")


def test_foreigners_and_who_became_italian(copy):
    balances.plan_flow(FLOW, root=copy.root).draft.commit()
    before = rows(copy, "foreign_residents", "persons", "became_italian", "provisional")
    assert before["2022", "005079"] == ("12", "", "false") and before["2023", "005122"] == ("26", "", "false")
    assert raw.resource("foreign_residents", copy.root)["codes_on"] == {"2020": "2022-01-01", "2023": "2023-01-01"}
    balances.plan(P3, root=copy.root).draft.commit()
    after = rows(copy, "foreign_residents", "persons", "became_italian", "provisional")
    assert after["2026", "001316"] == ("236", "3", "true")
    assert {key: cells for key, cells in after.items() if key[0] < "2026"} == before, "both say the same of 2025"
    balances.plan_flow(FLOW, root=copy.root).draft.commit()
    assert rows(copy, "foreign_residents", "persons", "became_italian", "provisional") == after


@pytest.mark.parametrize(
    ("change", "column", "rule"),
    [
        (("2585;17", "2585;18"), "closing", "not those of the first"),
        (("2585;17", "2585;n.d."), "births", "whole number"),
        (('"001001"', '"0O1001"'), "istat", "six digits"),
        (('"001001"', '"001272"'), "istat", "twice"),
        (('"001001"', '"001999"'), "istat", "the data package has not"),
    ],
)
def test_a_wrong_balance_is_named(copy, tmp_path, change, column, rule):
    path = tmp_path / P2.name
    assert change[0] in P2.read_text("utf-8-sig")
    path.write_text(P2.read_text("utf-8-sig").replace(*change, 1), "utf-8-sig")
    before = state(copy.root)
    with pytest.raises(InputError) as error:
        balances.plan(path, root=copy.root)
    problem = error.value.problems[0]
    assert problem.column == column and rule in problem.rule and problem.remedy and state(copy.root) == before


def test_the_year_of_a_balance(copy, tmp_path):
    text = P2.read_text("utf-8-sig")
    path = tmp_path / "bilancio.csv"
    path.write_text(text.replace(" al 31 dicembre 2025", ""), "utf-8-sig")
    with pytest.raises(InputError, match="nothing says the year"):
        balances.plan(path, root=copy.root)
    assert ("demographic_balance", 2024) in balances.plan(path, year=2024, root=copy.root).sums
    with pytest.raises(InputError, match="2024, 2025"):
        balances.plan(P2, year=2024, root=copy.root)


def test_the_flow_is_of_foreigners_of_both_sexes_on_a_first_of_january(copy, tmp_path):
    text = FLOW.read_text()
    path = tmp_path / "flow.csv"
    path.write_text(
        text + text.splitlines()[1].replace(",9,", ",1,") + "\n" + text.splitlines()[1].replace("FJAN", "X")
    )
    (account,) = balances.plan_flow(path, root=copy.root).accounts.values()
    assert account.left_out["they are of one sex"] == account.left_out["they are of something else"] == 1
    assert account.left_out["they are of larger territories"] == 1
    path.write_text(text.replace("2020-01-01", "2020-07-01"))
    with pytest.raises(InputError, match="first of January"):
        balances.plan_flow(path, root=copy.root)


# Incomes


def test_no_row_of_the_incomes_lacks_a_home(copy):
    for path in IRPEF.values():
        found = income.plan(path, root=copy.root)
        (account,) = found.accounts.values()
        assert set(account.left_out) == {"they are of other regions"}
        found.draft.commit()
    cells = rows(copy, "income", "taxpayers", "taxable_n", "under_10000_n")
    assert ("2008", "004236") not in cells and int(cells["2008", "004034"][0]) > 6_000
    assert cells["2012", "001316"][:2] == ("4", ""), "too few people: not published, and not zero"
    assert ("2023", "005122") in cells and ("2023", "005079") not in cells and ("2008", "005079") in cells


# Classes


def test_health_authorities(copy):
    classifications.plan_asl(ASL, root=copy.root).draft.commit()
    found = rows(copy, "asl_comuni", "asl_code", "asl_name")
    assert found["2019", "001001"] == ("204", "ASL TO4") and found["2019", "005079"] == ("212", "ASL AT")
    assert len(found) == len(OURS)


def test_a_classification_changes_its_columns_only(copy):
    table = "territory_classes.csv"
    before = copy.read(table)
    names = ("001001", "005079", "001272")
    for code in names:
        row = copy.row_of(table, "istat", code)
        for column, value in (("area_km2", "1"), ("altitude_zone", "1"), ("snai_2020", "F"), ("pole", "")):
            copy.edit(table, row, column, value)
    record(copy.root)
    found = classifications.plan_classes(CLASSES, root=copy.root)
    found.draft.commit()
    after = rows(copy, "territory_classes", "area_km2", "altitude_zone", "snai_2020")
    assert found.changed == 3 and after["001001"] == ("13.1463", "3", "F")
    assert after["005079"] == ("1", "3", "F"), "a class is also that of its parts, an area is not"
    classifications.plan_classes(MAP, root=copy.root).draft.commit()
    assert rows(copy, "territory_classes", "snai_2020", "pole")["001001"] == ("C", "Ivrea")
    row = copy.row_of(table, "istat", "005079")
    copy.edit(table, row, "area_km2", before[row - 1][before[0].index("area_km2")])
    assert copy.read(table) == before


def test_a_list_of_some_comuni_leaves_the_others(copy):
    before = rows(copy, "territory_classes", "minutes_to_pole", "snai_2020")
    copy.edit("territory_classes.csv", copy.row_of("territory_classes.csv", "istat", "001003"), "minutes_to_pole", "1")
    record(copy.root)
    found = classifications.plan_classes(LIST, root=copy.root)
    found.draft.commit()
    assert (found.comuni, found.changed) == (1, 1) and before["001003"] == ("58", "E")
    assert rows(copy, "territory_classes", "minutes_to_pole", "snai_2020") == before


# A new year of the people by single ages


def test_people_of_a_new_year_add_a_year(tmp_path):
    more = ("comuni_geometry", "comune_distretto", "sources", "population_totals", "population_broad_ages")
    tables = {*TABLES, *more, "population_regions", "will_comuni", "population_will"} - {"territory_classes"}
    copy = Copy(with_few_comuni(reduced(tmp_path / "raw", tuple(tables)), OURS))
    names = raw.load("comuni", copy.root)
    people = raw.load("population", copy.root).astype({"age": "int64"})
    merged = people["istat"].replace({"005079": "005122", "005110": "005122"})
    people = people.assign(istat=merged).groupby(["istat", "age"], as_index=False)[["female", "male"]].sum()
    known = names.set_index("istat")["name"].to_dict() | {"005122": "Moransengo-Tonengo"}
    path = write(tmp_path / "POSAS_2027_it_Comuni.csv", posas_lines(people, known, 2027))
    population.plan(path, root=copy.root).draft.commit()
    assert copy.problems() == []
    totals, ages = rows(copy, "population_totals", "residents"), rows(copy, "population_broad_ages", "age_65_plus")
    assert sorted({year for year, _ in totals}) == ["2011", "2020", "2021", "2022", "2024", "2025", "2026", "2027"]
    everybody = people[["female", "male"]].to_numpy().sum()
    assert sum(int(n) for (year, _), (n,) in totals.items() if year == "2027") == everybody
    assert {year for year, _ in ages} == {"2022", "2026", "2027"} and ("2027", "005122") in ages
    assert raw.resource("population_totals", copy.root)["year"] == 2027
    before = state(copy.root)
    assert population.plan(path, root=copy.root).draft.commit() == [] and state(copy.root) == before
    provisional = write(tmp_path / path.name, posas_lines(people, known, 2027, "Dati provvisori al 1° gennaio 2027"))
    population.plan(provisional, root=copy.root).draft.commit()
    assert set(rows(copy, "population_totals", "provisional").values()) == {("true",), ("false",)}
    assert rows(copy, "population_totals", "provisional")["2027", "001001"] == ("false",), "final figures stay"
