"""Declarations of indicators: all that is missing or wrong in them is told at once, with file, row and key."""

import shutil

import pytest

from helpers import config
from helpers.checks import run
from helpers.checks.declared import check_declared
from helpers.checks.package import Package
from helpers.data import raw
from helpers.declarations import COUNTS, INDICATORS, SOURCES, THEMES, caveats_of, entries, reader, writer
from helpers.declarations.entries import LEVELS
from helpers.errors import InputError, WecareError

AGE = "age.toml"


@pytest.fixture
def folder(tmp_path):
    """A copy of the declarations."""
    ignore = shutil.ignore_patterns("*.py", "__pycache__")
    return shutil.copytree(reader.FOLDER, tmp_path / "declarations", ignore=ignore)


def edit(folder, before, after, file=AGE):
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")


def problems(folder):
    with pytest.raises(InputError) as found:
        reader.read(folder)
    return found.value.problems


@pytest.mark.parametrize(
    ("before", "after", "column", "value"),
    [
        ('kind = "ratio"', 'kind = "share"', "kind", "share"),
        ('unit = "per_100"', 'unit = "percent"', "unit", "percent"),
        ("decimals = 1", 'decimals = "1"', "decimals", "1"),
        ("prominence = 1", "prominence = 4", "prominence", 4),
        ("compared = true", "compared = 1", "compared", 1),
        ('numerator = ["age_65_plus"]', 'numerator = ["aged"]', "numerator", "aged"),
        ('numerator = ["age_65_plus"]', 'numerator = "age_65_plus"', "numerator", "age_65_plus"),
        ('source = "population"', 'source = "istat"', "source", "istat"),
        ('id = "old_age_index"', 'id = "Old age"', "id", "Old age"),
        ('id = "share_0_14"', 'id = "old_age_index"', "id", None),
        ('statement = "l’indice di vecchiaia è {value}"', 'statement = "x"', "it.statement", None),
        ('[indicator.it]\nshort = "', '[indicator.it]\nshrt = "', "it.shrt", None),
        ("[theme]", '[topic]\nit = "x"\n[theme]', "topic", None),
        ('criterion = "aged_80"', 'criterion = "equal"', "criterion", "equal"),
        ('criterion = "aged_80"', 'criterion = "aged_65"', "criterion", "aged_65"),
    ],
)
def test_what_is_wrong_names_file_key_and_value(folder, before, after, column, value):
    edit(folder, before, after)
    found = problems(folder)
    assert [p for p in found if p.column == column and p.value == value], found
    assert all(p.file == f"src/helpers/declarations/{AGE}" and p.remedy for p in found)


def test_all_that_is_wrong_is_told_at_once(folder):
    edit(folder, 'kind = "ratio"', 'kind = "x"')
    edit(folder, 'unit = "per_km2"', 'unit = "y"', "territory.toml")
    assert {(p.column, p.value) for p in problems(folder)} == {("kind", "x"), ("unit", "y")}


def test_a_file_that_is_no_toml_is_named(folder):
    (folder / AGE).write_text("[theme\n")
    assert any(p.file.endswith(AGE) and "not TOML" in p.rule for p in problems(folder))


def test_a_file_of_indicators_without_a_theme_is_refused(folder):
    text = (folder / AGE).read_text(encoding="utf-8")
    (folder / AGE).write_text(text[text.index("[[indicator]]") :], encoding="utf-8")
    assert any(p.column == "theme" for p in problems(folder))


def test_what_is_declared_is_whole():
    assert [theme.order for theme in THEMES] == sorted({theme.order for theme in THEMES})
    for indicator in INDICATORS:
        assert indicator.source in SOURCES and set(indicator.words) == set(config.LANGUAGES)
        assert set(indicator.levels) <= set(LEVELS)
        assert all(count in COUNTS or entries.age_bounds(count) for count in indicator.counts)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        (('table = "income"\ncolumn', 'table = "incomes"\ncolumn'), "table"),
        (('column = "taxable_n"', 'column = "people"'), "column"),
    ],
)
def test_a_table_that_does_not_exist_is_told_by_the_check(folder, monkeypatch, change, column):
    edit(folder, *change, "income.toml")
    monkeypatch.setattr("helpers.declarations.DECLARED", reader.read(folder))
    found = check_declared(Package({entry["name"]: entry for entry in raw.descriptor()["resources"]}))
    assert [(p.file, p.column) for p in found] == [("src/helpers/declarations/income.toml", column)]


@pytest.mark.slow
def test_the_project_as_it_is_passes():
    assert run.check().problems == []


@pytest.mark.parametrize(
    ("file", "before", "after", "column", "value"),
    [
        ("need.toml", '"old_age_dependency"]', '"aged"]', "indicators", "aged"),
        ("need.toml", 'reversed = ["density"]', 'reversed = ["residents_change"]', "reversed", "residents_change"),
        ("need.toml", '[dimension.it]\nname = "Età"\n', "[dimension.it]\n", "it.name", None),
        ("need.toml", 'index = "need"\n', "", "index", None),
        ("caveats.toml", '"income_growth"', '"wealth"', "indicators", "wealth"),
        ("caveats.toml", "places = ", "codes = ", "places", None),
    ],
)
def test_what_is_wrong_in_a_dimension_or_a_caveat_names_file_key_and_value(folder, file, before, after, column, value):
    edit(folder, before, after, file)
    found = [p for p in problems(folder) if p.column == column]
    assert [(p.file, p.value) for p in found] == [(f"src/helpers/declarations/{file}", value)]


def test_a_caveat_is_told_of_its_territories_only():
    assert [c.id for c in caveats_of(["share_under_10000"], ["D21", "D01"])] == ["income_verbano_cusio_ossola"]
    assert caveats_of(["income_per_taxpayer"]) == caveats_of(["income_per_taxpayer"], ["103"])
    assert not caveats_of(["income_per_taxpayer"], ["D01"]) and not caveats_of(["density"], ["D21"])


@pytest.mark.parametrize(
    ("name", "said"), [("old_age_index", "already"), ("Share", "cannot be an id"), ("residents", "already")]
)
def test_a_new_entry_needs_an_id_of_its_own(folder, name, said):
    with pytest.raises(WecareError, match=said):
        writer.add_indicator(name, "age", {}, folder)


def test_the_first_entry_of_a_theme_makes_its_file(folder):
    path = writer.add_indicator("share_75_plus", "care", {"numerator": ("age_75_plus",)}, folder)
    assert path.name == "care.toml"
    missing = {p.column for p in problems(folder) if p.file.endswith("care.toml")}
    assert {"theme.it", "theme.en", "denominator", "it.short", "en.short"} <= missing
