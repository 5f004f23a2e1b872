"""The regions of Italy and the cities of WILL over the years: what is summed, what is computed, what an import adds."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from raw_fixtures import copied, reduced

from helpers.checks.run import check, record
from helpers.data import raw
from helpers.imports import balances, italy
from helpers.imports.draft import Draft
from helpers.subjects import italy as subject
from helpers.subjects import regions

HEAD = (
    "Codice comune;Comune;Popolazione censita al 1° gennaio - Totale;Nati vivi - Totale;Morti - Totale;Immigrati da "
    "altro comune - Totale;Emigrati per altro comune - Totale;Immigrati dall'estero - Totale;Emigrati per l'estero - "
    "Totale;Unità in più/meno dovute a variazioni territoriali - Totale;Popolazione al 31 dicembre - Totale"
)


@pytest.fixture(scope="module")
def counts() -> pd.DataFrame:
    return raw.load("italy_counts")


def total(counts: pd.DataFrame, table: str, column: str, year: int) -> int:
    own = counts[(counts["table"] == table) & (counts["column"] == column) & (counts["year"] == year)]
    assert sorted(own["territory"][own["territory"].str.len() == 2]) == [f"{n:02}" for n in range(1, 21)]
    return int(own["value"][own["territory"].str.len() == 2].sum())


def test_the_regions_sum_to_the_country_as_published(counts):
    assert total(counts, "foreign_residents", "persons", 2025) == 5_371_251
    # The Ministry's national total of 2024 holds also returns that it gives to no comune.
    assert total(counts, "income", "taxable_n", 2024) == 40_704_841


@pytest.mark.parametrize("table", ["demographic_balance", "foreign_residents", "income"])
def test_piedmont_is_the_sum_of_its_comuni(counts, table):
    """Where every comune is known, under whatever code it had, both tables say the same."""
    own = counts[(counts["territory"] == "01") & (counts["table"] == table) & (counts["known"] == counts["comuni"])]
    ours, compared = raw.load(table), 0
    for row in own.itertuples():
        held = ours.loc[ours["year"] == row.year, row.column]
        if held.notna().all() and len(held) == row.comuni:
            assert int(held.sum()) == row.value, row
            compared += 1
    assert compared >= (8 if table == "demographic_balance" else 4)


@pytest.mark.slow
def test_an_indicator_is_that_of_the_summed_counts(counts):
    people = regions.profiles(raw.load("population_regions"))[["residents"]]
    table = subject.indicators(subject.with_italy(counts, people.drop(index="IT").index), people)
    italy_births, closing, opening = (
        total(counts, "demographic_balance", column, 2025) for column in ("births", "closing", "opening")
    )
    assert table.at["IT", "birth_rate"] == pytest.approx(2_000 * italy_births / (opening + closing))
    assert table.at["01", "birth_rate_year"] == 2025
    assert table.at["01", "foreign_share"] == pytest.approx(462_407 / 4_255_006)
    assert table.at["01", "income_per_taxpayer"] == pytest.approx(81_258_368_747 / 3_099_642, rel=1e-9)


@pytest.mark.slow
def test_a_value_needs_nine_tenths_of_the_comuni(counts):
    few = counts.assign(known=counts["known"].where(counts["territory"] != "07", counts["comuni"] // 2))
    people = regions.profiles(raw.load("population_regions"))[["residents"]]
    table = subject.indicators(few, people.drop(index="IT"))
    assert pd.isna(table.at["07", "income_per_taxpayer"]) and table.at["08", "income_per_taxpayer"] > 0
    whole = subject.with_italy(few[few["territory"] != "07"], people.drop(index="IT").index)
    assert "IT" not in set(whole["territory"]), "Italy is all twenty"


def balance(folder: Path, package: Path, leave_out: str = "", of: str = "") -> Path:
    """A GENERATED balance of 2026 in ISTAT's form: the comuni of Italy by number, each with ten residents."""
    provinces = pd.read_csv(package / "province_regions.csv", dtype=str, keep_default_na=False)
    own = set(pd.read_csv(package / "comuni.csv", dtype=str)["istat"])
    rows = []
    for row in provinces[provinces["valid_to"] == ""].itertuples():
        if row.region_code == leave_out or (of and row.region_code != of):
            continue
        codes = sorted(c for c in own if c[:3] == row.province_code) if row.region_code == "01" else None
        codes = codes or [f"{row.province_code}{n:03}" for n in range(1, int(row.comuni) + 1)]
        rows += [f"{code};Comune {code};10;2;1;0;0;0;0;0;11" for code in codes]
    path = folder / "P2_2026_it_Comuni.csv"
    path.write_text("\n".join(["Bilancio demografico anno 2026", HEAD, *rows]) + "\n", encoding="utf-8-sig")
    return path


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    tables = ("comuni", "comuni_changes", "population", "province_regions", "provinces", "regions", "will_comuni")
    root = reduced(
        tmp_path_factory.mktemp("italy") / "raw",
        (*tables, "italy_counts"),
        ("demographic_balance", "population_totals", "foreign_residents"),
    )
    record(root)
    assert check(root).problems == []
    return root


@pytest.mark.slow
def test_a_new_balance_adds_every_region_and_city(tmp_path, package):
    found = balances.plan(balance(tmp_path, package), root=package)
    cells = found.draft.cells(italy.TABLE)
    new = cells[(cells["year"] == "2026") & (cells["table"] == "demographic_balance")]
    assert set(new["territory"][new["territory"].str.len() == 2]) >= {f"{n:02}" for n in range(2, 21)}
    births = new[(new["column"] == "births") & (new["territory"] == "07")].iloc[0]
    assert int(births["value"]) == 2 * int(births["comuni"]) > 400
    before = Draft(package).cells(italy.TABLE)
    gone = before.merge(cells, how="left", indicator=True)["_merge"] == "left_only"
    assert set(before.loc[gone, "table"] + before.loc[gone, "year"]) == {"population_totals2026"}, "final now"


@pytest.mark.slow
def test_a_region_that_is_not_whole_is_told_and_not_summed(tmp_path, package):
    path = balance(tmp_path, package)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    path.write_text("\n".join(line for line in lines if not line.startswith("010")) + "\n", encoding="utf-8-sig")
    found = balances.plan(path, root=package)
    assert any(warning.startswith("Liguria is not summed: the file has") for warning in found.warnings)
    cells = found.draft.cells(italy.TABLE)
    new = cells[(cells["year"] == "2026") & (cells["table"] == "demographic_balance")]
    assert "08" in set(new["territory"]) and "07" not in set(new["territory"])


@pytest.mark.slow
def test_a_file_of_one_region_adds_nothing_elsewhere(tmp_path, package):
    found = balances.plan(balance(tmp_path, package, of="01"), root=package)
    assert found.draft.cells(italy.TABLE).equals(Draft(package).cells(italy.TABLE))


def test_what_is_provisional_replaces_nothing_final(tmp_path, package):
    root = copied(tmp_path, package).root
    draft = Draft(root)
    sums = pd.DataFrame(
        {"territory": ["07"], "column": ["persons"], "value": [1], "comuni": [234], "known": [234], "day": [""]}
    )
    italy.write(draft, "foreign_residents", 2025, sums, final=False)
    assert draft.cells(italy.TABLE).equals(Draft(root).cells(italy.TABLE))
    italy.write(draft, "foreign_residents", 2025, sums)
    held = draft.cells(italy.TABLE)
    assert held[held["value"] == "1"][["territory", "year"]].to_numpy().tolist() == [["07", "2025"]]
