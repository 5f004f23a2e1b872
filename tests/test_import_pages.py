"""Pages after GENERATED people of a new year and incomes have been imported: new years, one component more."""

from __future__ import annotations

import json
import re
from html import unescape

import pandas as pd
import pytest
from istat_files import IRPEF, irpef_line, posas_lines, write
from raw_fixtures import copied

from helpers.data import csv_form, levels, raw
from helpers.imports import income, population
from helpers.prose import render

MERGED = {"005079": "005122", "005110": "005122"}


def incomes(folder, codes, year=2029):
    lines = [irpef_line(code, 20, 20, 400_000 + 200 * n, year=year) for n, code in enumerate(codes)]
    return write(folder / f"Redditi_IRPEF_{year}.csv", [IRPEF, *lines])


def people(folder, year=2030):
    """Everybody of the data package, and one woman more of each age in Asti; two comuni have merged."""
    found = raw.load("population")[["istat", "age", "female", "male"]].astype({"age": "int64"})
    found["female"] += found["istat"].eq("005005")
    names = raw.load("comuni").set_index("istat")["name"].to_dict() | {"005122": "Moransengo-Tonengo"}
    found = found.assign(istat=found["istat"].replace(MERGED)).groupby(["istat", "age"], as_index=False).sum()
    return write(folder / f"POSAS_{year}_it_Comuni.csv", posas_lines(found, names, year))


def text(project, address):
    """What a reader of an executed report sees."""
    cells = json.loads((project.root / f"reports/{address}.ipynb").read_text(encoding="utf-8"))["cells"]
    data = [output.get("data", {}) for cell in cells for output in cell.get("outputs", ())]
    told = " ".join("".join(found.get(kind, "")) for found in data for kind in ("text/markdown", "text/html"))
    return " ".join(unescape(re.sub(r"<[^>]+>|\[([^]]*)\]\([^)]*\)", r" \1 ", told)).split())


@pytest.mark.audit
def test_series_are_carried_to_a_comune_that_merges(tmp_path):
    copy = copied(tmp_path)
    lines = [irpef_line("005110", 100, "", "", year=2029), irpef_line("005079", 100, 100, 5, year=2029)]
    income.plan(write(tmp_path / "2029.csv", [IRPEF, *lines]), root=copy.root).draft.commit()
    before = (copy.root / "income.csv").read_bytes()
    population.plan(people(tmp_path), root=copy.root).draft.commit()
    assert copy.problems() == [] and (copy.root / "income.csv").read_bytes() == before, "the codes are of their day"
    made = levels.derive(copy.root)
    own = made["series"].query("level == 'comuni' and code == '005122'").set_index(["id", "year"])["value"]
    table = raw.load("income").query("year == 2021 and istat in @MERGED").sum(numeric_only=True)
    assert own["income_per_taxpayer", 2021] == pytest.approx(table["taxable_eur"] / table["taxable_n"])
    # One of the two is not published, so neither is the sum.
    assert pd.isna(own["income_per_taxpayer", 2029])
    assert not made["comuni"]["counted_with"].any()
    # The region has the people of the file, one woman more of each age, in one comune fewer.
    assert made["region"][["n_comuni", "residents"]].iloc[0].tolist() == [1180, 4_256_350 + 101]


@pytest.mark.audit
def test_pages_say_the_new_years_and_show_incomes(project, tmp_path):
    codes = raw.load("comuni")["istat"]
    project.wecare("import", "income", str(incomes(tmp_path, codes)), "--yes")
    project.wecare("import", "population", str(people(tmp_path)), "--yes")
    project.wecare("build", *(w for name in ("equity", "D01", "indicators") for w in ("--only", name)))
    years = {"it": ("ISTAT 2030", "anno d’imposta 2029"), "en": ("population( ISTAT)? 2030", "tax year 2029")}
    for lang, (population_year, tax_year) in years.items():
        edition = "" if lang == "it" else "en/"
        for address in ("equita", "distretti/asti", "indicatori"):
            page = text(project, edition + address)
            assert re.search(population_year, page), address
            # The index of need is told without the years of what it is made of.
            assert (tax_year in page) == (address != "equita"), address
            assert not re.search(
                r"(ISTAT|population) 2022|ISTAT resident population 2022|\b(nan|None|undefined)\b", page
            ), address
    asti = text(project, "distretti/asti")
    assert "nel 2029 è il" in asti and "euro correnti" in asti and "Reddito imponibile per contribuente" in asti
    comuni = raw.load("comune_distretto").query("distretto_id == 'D01'")
    assert f"riunisce {len(comuni) - 1} comuni" in asti, "two of its comuni have merged"
    assert "Reddito imponibile per contribuente" in text(project, "indicatori")


INCOME = {"year": 2029, "value": 20_346.0, "province": 19_929.0, "region": 20_283.0, "known": 1.0, "rank": 8, "n": 30}


@pytest.mark.parametrize(
    ("changes", "it", "en"),
    [
        ({}, "", ""),
        ({"known": 0.95}, "hanno il 95,0% dei residenti", "have 95.0% of the residents"),
        ({"value": None, "rank": None, "known": 0.5}, "non è noto", "is not known"),
    ],
)
def test_incomes_in_words(changes, it, en):
    province = {"code": "004", "name": "Cuneo"}
    for lang, words in (("it", it), ("en", en)):
        told = unescape(render("district_income", lang, name="Cuneo", province=province, income=INCOME | changes))
        told = re.sub(r"\]\([^)]*\)", "]", told)
        assert words in told and not re.search(r"\b(nan|None)\b", told), told


def test_marks_of_text_are_put_and_taken_away():
    data = b'a,b,n\n=1+1,x,-5\n"\'=2","y\nz",7\n'
    safe = csv_form.mark_formulas(data, ["a", "b"])
    assert safe == b"a,b,n\n'=1+1,x,-5\n''=2,\"y\nz\",7\n"
    assert [csv_form.unmark(cell) for cell in ("'=1+1", "''=2", "'text", "-")] == ["=1+1", "'=2", "'text", "-"]
    assert csv_form.mark_formulas(b"a\nx\n", ["a"]) == b"a\nx\n"
