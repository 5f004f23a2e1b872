"""The Ministry's incomes by comune: headers that drift, cells that are not published, years that add up."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from istat_files import IRPEF, irpef_line, write
from raw_fixtures import Copy, copied, reduced

from helpers import config
from helpers.analysis.comuni_changes import codes_on
from helpers.analysis.series import Tables
from helpers.data import levels, raw
from helpers.declarations import BY_ID
from helpers.errors import InputError
from helpers.imports import income

pytestmark = pytest.mark.slow

NAME = "Redditi_e_principali_variabili_IRPEF_su_base_comunale_CSV_2030.csv"


#: The tables an import of incomes looks at.
TABLES = ("comuni", "comuni_changes", "population", "province_regions", "provinces", "regions", "sources")


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    return reduced(tmp_path_factory.mktemp("package") / "raw", TABLES, empty=("income",))


@pytest.fixture
def copy(tmp_path, package) -> Copy:
    return copied(tmp_path, package)


@pytest.fixture(scope="module")
def codes() -> list[str]:
    return raw.load("comuni")["istat"].tolist()


def bytes_of(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in root.iterdir() if path.is_file()}


def saved(folder: Path, *lines: str, header: str = IRPEF, name: str = NAME, encoding: str = "utf-8") -> Path:
    return write(folder / name, [header, *lines], encoding)


def problems_of(path: Path, copy: Copy, **options):
    before = bytes_of(copy.root)
    with pytest.raises(InputError) as error:
        income.plan(path, root=copy.root, **options)
    assert bytes_of(copy.root) == before
    return error.value.problems


# From the file to the table


def test_what_is_published_and_what_is_not(copy, tmp_path):
    lines = [
        irpef_line("001001", 2000, 1900, 38_000_000, employment_n=900, employment_eur=20_000_000, pension_n=700),
        irpef_line("001002", 40, "", "", name="AIRASCA"),
        irpef_line("015146", 900_000, 850_000, 30_000_000_000, name="MILANO"),
        irpef_line("", 12, 12, 100, name="Mancante/errata"),
    ]
    plan = income.plan(saved(tmp_path, *lines), root=copy.root)
    assert (plan.year, plan.years, plan.comuni, plan.known) == (2030, [2030], 2, 1)
    assert plan.columns["taxable_eur"] == "Reddito imponibile - Ammontare in euro"
    assert plan.columns["taxpayers"] == "Numero contribuenti" and "total_n" not in plan.columns
    assert "1,179 comuni have no row" in plan.warnings[0] and "of 1 comuni is not published" in plan.warnings[1]
    assert plan.draft.commit() == ["data/raw/income.csv", "data/raw/datapackage.json"]
    assert (copy.root / "income.csv").read_text() == (
        "istat,year,taxpayers,taxable_n,taxable_eur,total_n,total_eur,employment_n,employment_eur,pension_n,pension_eur,"
        "under_10000_n,under_10000_eur\n"
        "001001,2030,2000,1900,38000000,,,900,20000000,700,,,\n"
        "001002,2030,40,,,,,,,,,,\n"
    )
    table = raw.load("income", copy.root)
    assert table["taxable_eur"].isna().tolist() == [False, True]
    entry = raw.resource("income", copy.root)
    assert entry["sources"][0]["version"] == "tax years 2030" and entry["codes_on"] == {"2030": "2022-01-01"}
    assert copy.problems() == []


def test_again_changes_nothing_and_years_add_up(copy, tmp_path):
    path = saved(tmp_path, irpef_line("001001", 2000, 1900, 38_000_000))
    income.plan(path, root=copy.root).draft.commit()
    before = bytes_of(copy.root)
    assert income.plan(path, root=copy.root).draft.commit() == []
    assert bytes_of(copy.root) == before
    older = saved(tmp_path, irpef_line("001001", 1990, 1890, 37_000_000, year=2029), name="a.csv")
    assert income.plan(older, root=copy.root).years == [2029, 2030]
    income.plan(older, root=copy.root).draft.commit()
    better = saved(tmp_path, irpef_line("001001", 2001, 1901, 38_000_001), name="b.csv")
    income.plan(better, root=copy.root).draft.commit()
    table = raw.load("income", copy.root)
    assert table[["year", "taxpayers", "taxable_eur"]].to_numpy().tolist() == [
        [2029, 1990, 37_000_000], [2030, 2001, 38_000_001],
    ]  # fmt: skip
    assert raw.resource("income", copy.root)["sources"][0]["version"] == "tax years 2029, 2030"


@settings(max_examples=20)
@given(
    st.dictionaries(
        st.sampled_from(["001001", "001002", "004003", "103072"]),
        st.tuples(*[st.one_of(st.none(), st.integers(0, 10**11)) for _ in range(3)]),
        min_size=1,
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
    st.booleans(),
)
def test_what_is_written_is_read(tmp_path_factory, rows, encoding, dots):
    def text(number):
        return "" if number is None else f"{number:,}".replace(",", ".") if dots else str(number)

    lines = [irpef_line(code, *map(text, numbers), name="CUORGNÈ") for code, numbers in rows.items()]
    plan = income.plan(saved(tmp_path_factory.mktemp("irpef"), *lines, encoding=encoding))
    cells = plan.draft.cells("income").query("year == '2030'").set_index("istat")
    assert set(cells.index) == set(rows)
    for code, numbers in rows.items():
        found = cells.loc[code, ["taxpayers", "taxable_n", "taxable_eur"]].tolist()
        assert found == ["" if number is None else str(number) for number in numbers]


@pytest.mark.parametrize(
    "header",
    [
        IRPEF.replace(" in euro", ""),
        IRPEF.replace("Ammontare in euro", "Ammontare (in euro)"),
        IRPEF.replace("Numero contribuenti", "Numero di Contribuenti").replace("Anno di imposta", "Anno d'imposta"),
        IRPEF.replace("imponibile - Frequenza", "imponibile  -  Frequenza").upper(),
        IRPEF.removesuffix(";"),
    ],
)
def test_headers_drift(copy, tmp_path, header):
    line = irpef_line("001001", 2000, 1900, 38_000_000)
    plan = income.plan(saved(tmp_path, line, header=header), root=copy.root)
    cells = plan.draft.cells("income").iloc[0]
    assert (cells["taxpayers"], cells["taxable_n"], cells["taxable_eur"]) == ("2000", "1900", "38000000")


def test_the_total_where_an_edition_has_it(copy, tmp_path):
    header = IRPEF.replace("Reddito da fabbricati", "Reddito complessivo")
    plan = income.plan(saved(tmp_path, irpef_line("001001", 2, 2, 2), header=header), root=copy.root)
    # The class of incomes of zero or less is not the total.
    assert plan.columns["total_eur"] == "Reddito complessivo - Ammontare in euro"
    assert plan.draft.cells("income").iloc[0]["total_n"] == "1"


def test_codes_without_their_zeros(copy, tmp_path):
    plan = income.plan(saved(tmp_path, irpef_line("1001", 2000, 1900, 38_000_000)), root=copy.root)
    assert plan.draft.cells("income")["istat"].tolist() == ["001001"]


def test_a_number_that_is_suppressed_is_blank(copy, tmp_path):
    plan = income.plan(saved(tmp_path, irpef_line("001001", 1, "*", 1)), root=copy.root)
    assert plan.draft.cells("income")["taxable_n"].tolist() == [""]
    assert "taxable_n: '*' is taken for suppressed (1 times)." in plan.remarks


def test_every_row_is_accounted_for(copy, tmp_path):
    lines = [irpef_line("001001", 1, 1, 1), irpef_line("015146", 1, 1, 1), irpef_line("", 1, 1, 1), "Totale;;;;;;;9"]
    plan = income.plan(saved(tmp_path, *lines[:3], lines[3] + ";" * 13), root=copy.root)
    (account,) = plan.accounts.values()
    assert (account.read, account.kept) == (4, 1)
    assert account.left_out == {"a total": 1, "they are of no comune": 1, "they are of other regions": 1}


# What stops it


@pytest.mark.parametrize(
    ("line", "row", "column", "rule"),
    [
        (irpef_line("001001", "molti", 1, 1), 2, "taxpayers", "must be a number"),
        (irpef_line("001001", 1, -1, 1), 2, "taxable_n", "not negative"),
        (irpef_line("001001", 1, 1, "1,5"), 2, "taxable_eur", "without decimals"),
        (irpef_line("00A001", 1, 1, 1), 2, "istat", "six digits"),
        (irpef_line("001999", 1, 1, 1), None, "istat", "that the data package has not"),
        (irpef_line("015146", 1, 1, 1), None, None, "no comune of Piedmont"),
        (irpef_line("001001", 1, 1, 1) + ";7", 2, None, "22 cells, the headings are 20"),
        ("001001;1", 2, None, "2 cells"),
    ],
)
def test_a_wrong_line_is_named(copy, tmp_path, line, row, column, rule):
    problem = problems_of(saved(tmp_path, line), copy)[0]
    assert (problem.file, problem.row, problem.column) == (NAME, row, column) and rule in problem.rule, str(problem)


def test_a_comune_twice(copy, tmp_path):
    line = irpef_line("001001", 1, 1, 1)
    (problem,) = problems_of(saved(tmp_path, line, line), copy)
    assert problem.row == 3 and "twice" in problem.rule


@pytest.mark.parametrize("column", ["Codice Istat Comune", "Numero contribuenti", "Reddito imponibile - Frequenza"])
def test_a_needed_column(copy, tmp_path, column):
    header = ";".join("Altro" if name == column else name for name in IRPEF.split(";"))
    (problem,) = problems_of(saved(tmp_path, irpef_line("001001", 1, 1, 1), header=header), copy)
    assert problem.row == 1 and f"the column {column.lower()} is missing" in problem.rule.lower()


def test_a_column_twice(copy, tmp_path):
    header = IRPEF.replace("addizionale - Frequenza", "- Frequenza", 1)
    (problem,) = problems_of(saved(tmp_path, irpef_line("001001", 1, 1, 1), header=header), copy)
    assert problem.column == "taxable_n" and "two columns mean" in problem.rule


def test_the_year(copy, tmp_path):
    both = (irpef_line("001001", 1, 1, 1), irpef_line("001002", 1, 1, 1, year=2029))
    assert "2029, 2030" in problems_of(saved(tmp_path, *both), copy)[0].rule
    blank = irpef_line("001001", 1, 1, 1, year="")
    assert "nothing says" in problems_of(saved(tmp_path, blank, name="a.csv"), copy)[0].rule
    assert income.plan(saved(tmp_path, blank), root=copy.root).year == 2030
    assert income.plan(saved(tmp_path, blank, name="a.csv"), year=2028, root=copy.root).year == 2028
    assert "2028, 2030" in problems_of(saved(tmp_path, both[0]), copy, year=2028)[0].rule


def test_no_file(copy, tmp_path):
    assert "does not exist" in problems_of(tmp_path / "none.csv", copy)[0].rule
    assert "no rows" in problems_of(saved(tmp_path), copy)[0].rule
    (tmp_path / "empty.csv").write_bytes(b"")
    assert "is empty" in problems_of(tmp_path / "empty.csv", copy)[0].rule


def test_comuni_that_merged(copy, tmp_path):
    # Newer than our comuni: one number cannot be split, so it is kept under the code it has.
    newer = saved(tmp_path, irpef_line("005122", 1, 1, 1, name="MORANSENGO-TONENGO"), irpef_line("001001", 1, 1, 1))
    plan = income.plan(newer, root=copy.root)
    assert plan.draft.cells("income")["istat"].tolist() == ["001001", "005122"]
    assert plan.draft.resource("income")["codes_on"] == {"2030": "2023-01-01"}
    assert len(plan.draft.commit()) == 2 and copy.problems() == []
    # Older than our comuni: parts add up, and a part that is not published makes the sum unknown.
    rows = copy.read("comuni_changes.csv")
    copy.write("comuni_changes.csv", [*rows, ["001997", "001001", "", "merger", "generated", "", "", ""]])
    older = saved(tmp_path, irpef_line("001997", 5, 4, "", name="EX"), irpef_line("001001", 10, 9, 90))
    cells = income.plan(older, root=copy.root).draft.cells("income").iloc[0]
    assert (cells["taxpayers"], cells["taxable_n"], cells["taxable_eur"]) == ("15", "13", "")


def test_a_comune_that_took_in_one_of_ours(copy, tmp_path):
    rows = copy.read("comuni_changes.csv")
    copy.write("comuni_changes.csv", [*rows, ["001002", "001001", "2031-01-01", "merger", "generated", "", "", ""]])
    # Its number is that of both: the day of the codes says so.
    lines = irpef_line("001001", 9, 9, 90, name="AGLIE'"), irpef_line("001003", 1, 1, 1)
    plan = income.plan(saved(tmp_path, *lines), root=copy.root)
    assert plan.draft.cells("income")["istat"].tolist() == ["001001", "001003"]
    assert plan.draft.resource("income")["codes_on"] == {"2030": "2031-01-01"}


def test_the_edition_of_the_codes_of_years_that_come_in_any_order(copy, tmp_path):
    old, new = irpef_line("005079", 9, 9, 90), irpef_line("005122", 9, 9, 90)
    for year, line in ((2024, new), (2008, old), (2022, new), (2021, old)):
        path = saved(tmp_path, line.replace("2030", str(year)), name=f"{year}.csv")
        income.plan(path, root=copy.root).draft.commit()
    found = raw.resource("income", copy.root)["codes_on"]
    assert found == {"2008": "2022-01-01", "2022": "2023-01-01"} and copy.problems() == []


#: Comuni of Piedmont in each tax year, as the Ministry's files have them: codes of the year in which they were filed.
LISTED = dict.fromkeys(range(2008, 2012), 1206) | dict.fromkeys(range(2012, 2015), 1207)
LISTED |= {2015: 1203, 2016: 1202, 2017: 1197, 2018: 1181, 2019: 1181, 2020: 1181, 2021: 1181, 2022: 1180, 2023: 1180}


@pytest.mark.parametrize("year", LISTED)
def test_every_tax_year_is_carried_to_the_comuni_of_today(codes, copy, tmp_path, year):
    changes = raw.read_text(raw.resource("comuni_changes"), config.RAW).frame
    old = codes_on(dt.date(year + 1, 12, 31), codes, changes) - ({"001316"} if year < 2012 else set())
    assert len(old) == LISTED[year]
    lines = [irpef_line(code, 10, 9, 100, year=year, name="") for code in sorted(old)]
    plan = income.plan(saved(tmp_path, *lines, name="a.csv"), root=copy.root)
    cells = plan.draft.cells("income").set_index("istat")["taxpayers"].astype("int64")
    newer = {"005122"} if year >= 2022 else set()
    absent = {"001316"} if year < 2012 else {"005079", "005110"} if newer else set()
    assert set(cells.index) == set(codes) - absent | newer and cells.sum() == 10 * len(old), "no row lacks a home"
    parts = {"096088": 40, "006193": 20, "004034": 20, "096087": 20} if year < 2018 else {}
    assert {code: cells[code] for code in parts} == parts
    told = " ".join(plan.warnings)
    assert ("001316 Mappano has no row: it was made of parts of 001028 Borgaro Torinese and" in told) == (year < 2012)
    assert ("comuni that ceased are counted in" in told) == (year < 2018)


# The indicator


COUNTED = ["taxable_n", "taxable_eur"]


def income_of(rows: list[tuple]) -> pd.DataFrame:
    """Income per taxpayer of territories whose comuni are told by territory, residents, taxpayers and euro."""
    comuni = pd.DataFrame(rows, columns=["territory", "residents", *COUNTED])
    comuni = comuni.set_axis([f"{n:06}" for n in range(len(rows))])
    homes = pd.DataFrame({"istat": comuni.index, "year": 2030, "home": comuni.index})
    table = homes[["istat", "year"]].assign(**{c: comuni[c].astype("float64").to_numpy() for c in COUNTED})
    tables = Tables({"income": table}, {"income": homes}, comuni[["territory", "residents"]])
    return tables.values(BY_ID["income_per_taxpayer"], "territory").set_index("code")


def test_income_per_taxpayer_by_hand():
    rows = [
        ("X", 90, 50, 1_000_000), ("X", 10, None, 999), ("Y", 50, 10, 100), ("Y", 50, None, 0),
        ("Z", 20, None, None), ("V", 9, 0, 0),
    ]  # fmt: skip
    found = income_of(rows)
    # X: the first comune alone, nine tenths of the residents. Y: only half of them. Z: nothing known. V: no taxpayer.
    assert found.loc["X", "value"] == 20_000
    assert found["value"].isna().to_dict() == {"V": True, "X": False, "Y": True, "Z": True}
    assert found["known"].to_dict() == {"V": 1.0, "X": 0.9, "Y": 0.5, "Z": 0.0}


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 10**8)), min_size=2, max_size=8))
def test_the_income_of_a_whole_lies_between_those_of_its_parts(pairs):
    whole = income_of([("W", 1, n, eur) for n, eur in pairs])
    each = [eur / n for n, eur in pairs]
    assert min(each) - 1e-6 <= whole["value"].item() <= max(each) + 1e-6
    assert whole["known"].item() == 1


def test_districts_have_the_latest_year(tmp_path, codes):
    copy = copied(tmp_path)
    older = [irpef_line(code, 10, 10, 19_000, year=2028) for code in codes]
    income.plan(saved(tmp_path, *older, name="a.csv"), root=copy.root).draft.commit()
    lines = [irpef_line(code, 10, 10, 200_000 + n) for n, code in enumerate(codes)]
    income.plan(saved(tmp_path, *lines), root=copy.root).draft.commit()
    made = levels.derive(copy.root)
    for level in ("districts", "provinces", "quadrants", "region"):
        assert made[level]["income_per_taxpayer"].between(20_000, 20_119).all(), level
        assert made[level]["income_per_taxpayer_known"].eq(1).all(), level
        assert made[level]["income_per_taxpayer_year"].eq(2030).all(), level
    due = (200_000 * 1181 + sum(range(1181))) / (10 * 1181)
    assert made["region"]["income_per_taxpayer"].item() == pytest.approx(due)
