"""ISTAT's POSAS: people of a new year take the old ones' place, whole, and comuni that merged are merged."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from istat_files import HEADER, posas_lines, write
from raw_fixtures import Copy, copied

from helpers.data import levels, raw
from helpers.errors import InputError
from helpers.imports import changes, population, posas

# Each test checks the whole data package.
pytestmark = pytest.mark.slow

MERGED = {"005079": "005122", "005110": "005122"}


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    return raw.load("population")


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    return raw.load("comuni").set_index("istat")["name"].to_dict() | {"005122": "Moransengo-Tonengo"}


@pytest.fixture
def copy(tmp_path) -> Copy:
    return copied(tmp_path)


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
    assert plan.merged == {} and not plan.italy
    assert any("lacks 99 provinces" in warning for warning in plan.warnings)
    assert plan.draft.commit() == ["data/raw/population.csv", "data/raw/datapackage.json"]
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
    plan = population.plan(path, root=copy.root)
    assert plan.merged == MERGED and plan.residents == plan.residents_before == 4_256_350
    plan.draft.commit()
    comuni = raw.load("comuni", copy.root).set_index("istat")
    assert len(comuni) == 1180 and comuni.loc["005122"].tolist() == ["Moransengo-Tonengo", "005"]
    link = raw.load("comune_distretto", copy.root).set_index("istat").loc["005122"]
    assert (link["distretto_id"], link["status"], link["comune"]) == ("D01", "derived", "Moransengo-Tonengo")
    before, after = (
        raw.load_geometry("comuni_geometry", root).set_index("istat").geometry for root in (None, copy.root)
    )
    same = after.index.drop("005122")
    assert after[same].geom_equals(before[same]).all()
    parts = before["005079"].union(before["005110"])
    assert after["005122"].symmetric_difference(parts).area < 1e-12 < parts.area
    assert copy.problems() == []
    # The whole journey goes on: the region has the same people in one comune fewer.
    region = levels.derive(copy.root)["region"].iloc[0]
    assert (region["n_comuni"], region["residents"]) == (1180, 4_256_350)
    assert population.plan(path, root=copy.root).draft.changed == []
    # Older people again: their two codes now mean the one comune.
    old = write(tmp_path / "POSAS_2021_it_Comuni.csv", posas_lines(people, names, 2021))
    back = population.plan(old, root=copy.root)
    assert back.merged == {} and "which are newer" in " ".join(back.warnings)
    back.draft.commit()
    assert raw.load("population", copy.root)[["female", "male"]].sum().sum() == 4_256_350


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
    copy.write("comuni_changes.csv", [*rows, ["001001", "001098", "", "merger", "generated", ""]])
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


@pytest.mark.audit
def test_all_of_italy(copy, tmp_path, people, names):
    rest = [p for region, provinces in population.PROVINCES.items() if region != "01" for p in provinces.split()]
    cities = raw.load("will_comuni")
    codes = {f"{province}999": 5 for province in rest} | {code: 7 for code in cities["istat"] if code != "003106"}
    italy = pd.concat([people, few(codes)])
    known = names | dict.fromkeys(codes, "Altrove")
    path = write(tmp_path / "POSAS_2030_it_Comuni.csv", posas_lines(italy, known))
    plan = population.plan(path, root=copy.root)
    assert plan.italy and plan.warnings == []
    plan.draft.commit()
    regions = raw.load("population_regions", copy.root)
    sums = regions[["female", "male"]].sum(axis=1).groupby(regions["region_code"]).sum()
    assert len(sums) == 20 and sums["01"] == 4_256_350 and sums["02"] == 101 * 6
    # Lombardia: twelve provinces, and three cities of WILL.
    own = cities[cities["region_code"] == "03"]
    assert sums["03"] == 101 * (12 * 6 + 8 * len(own))
    will = raw.load("population_will", copy.root)
    assert set(will["istat"]) == set(cities["istat"])
    assert {raw.year(t, copy.root) for t in ("population", "population_regions", "population_will")} == {2030}
    assert "usageWarnings" not in raw.resource("population_regions", copy.root)
    assert copy.problems() == []
    # A province nobody knows: whose region it is in is not guessed.
    strange = write(path, posas_lines(pd.concat([italy, few({"312999": 1})]), known | {"312999": "Nuova"}))
    assert any("312" in warning for warning in population.plan(strange, root=copy.root).warnings)


# Following codes


def test_codes_are_followed_either_way():
    table = pd.DataFrame([("a", "b"), ("b", "c"), ("x", "y"), ("z", "y")], columns=["old_istat", "new_istat"])
    assert changes.successors(table) == {"a": ["b", "c"], "b": ["c"], "x": ["y"], "z": ["y"]}
    newer = changes.match({"c", "y", "k"}, {"a", "x", "z", "k"}, table)
    assert newer.merged == {"a": "c", "x": "y", "z": "y"} and not (newer.unknown or newer.missing or newer.renamed)
    older = changes.match({"a", "x", "z"}, {"c", "y"}, table)
    assert older.renamed == {"a": "c", "x": "y", "z": "y"} and not (older.unknown or older.missing or older.merged)
    lost = changes.match({"q"}, {"a"}, table)
    assert (lost.unknown, lost.missing) == (["q"], ["a"])


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=6))
def test_following_ends(pairs):
    table = pd.DataFrame(dict(pairs).items(), columns=["old_istat", "new_istat"])
    for old, chain in changes.successors(table).items():
        assert old not in chain and len(set(chain)) == len(chain)


@given(st.sets(st.sampled_from("abcdefgh"), min_size=1))
def test_the_same_codes_always_match(codes):
    found = changes.match(codes, codes, pd.DataFrame([("a", "b")], columns=["old_istat", "new_istat"]))
    assert found == changes.Matched()
