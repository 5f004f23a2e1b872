"""The analyst's front door: what ``import helpers as we`` offers, and that its numbers are the site's."""

import doctest
import subprocess
import sys

import pandas as pd
import pytest

import helpers as we
from helpers.data import processed, raw
from helpers.desk import added, door
from helpers.errors import InputError
from helpers.system import dependencies


@pytest.fixture
def forgotten():
    """Indicators added in a test are there no more after it."""
    yield
    added.ADDED.clear()
    added._FORMULAS.clear()


def offered(name):
    return door._TABLES.get(name) or getattr(door, name)


@pytest.mark.parametrize("name", door.__all__)
def test_every_public_thing_is_documented_with_an_example_that_runs(name, forgotten):
    thing = offered(name)
    examples = [test for test in doctest.DocTestFinder(recurse=False).find(thing, name) if test.examples]
    assert examples, f"we.{name} has no example"
    told = []
    for test in examples:
        doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=told.append)
    assert not told, "".join(told)


def test_importing_the_library_loads_nothing_of_the_desk():
    code = (
        "import sys, helpers; from helpers import config; print('helpers.desk' in sys.modules, 'pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_nothing_rests_on_the_desk_that_does_not_ask_for_it():
    assert dependencies.closure("helpers") == {"helpers"}
    of_reports = dependencies.closure("helpers.pages.district.page", "helpers.build.batch", "helpers.publish.site")
    assert not any(module.startswith("helpers.desk") for module in of_reports)


def test_a_notebook_that_uses_the_front_door_rests_on_all_of_it():
    for source in ("import helpers as we\nwe.districts", "from helpers import districts, comuni"):
        assert "helpers.desk.door" in dependencies.imported_in(source)
    assert dependencies.imported_in("from helpers import config") == {"helpers", "helpers.config"}


def test_the_names_are_listed_for_completion_and_a_wrong_one_is_an_attribute_error():
    assert {"districts", "comuni", "series", "measures"} <= set(dir(we))
    with pytest.raises(AttributeError, match="we.district: write districts"):
        _ = we.district


def test_a_table_is_a_copy_each_time():
    we.districts["residents"] = 0
    table = we.districts
    table.loc[0, "name"] = "x"
    assert we.districts["residents"].min() > 0 and we.districts.at[0, "name"] != "x"
    assert processed.load("districts").at[0, "name"] != "x"


def test_one_key_has_one_name_in_every_table():
    keys = {"comuni": we.comuni(), "districts": we.districts, "income": we.table("income"), "projects": we.projects}
    for frame in (*keys.values(), we.provinces, we.measures, we.table("comune_distretto"), we.sources):
        assert not {"code", "istat", "distretto_id", "province_code", "measure_id", "source_id"} & set(frame)
    assert keys["comuni"].merge(keys["districts"], on="district").shape[0] == 1181
    assert set(we.table("comune_distretto")["comune"]) == set(keys["comuni"]["comune"])
    assert set(we.districts["province"]) <= set(we.provinces["province"])


@pytest.mark.parametrize("place", ["Cuneo", "cuneo", "D12", "d12", " CUNEO "])
def test_names_codes_and_slugs_mean_the_same_district(place):
    assert we.comuni(place)["district"].unique().tolist() == ["D12"]


def test_a_lead_town_means_the_district_it_lies_in():
    towns = raw.load("misura1_projects").set_index("capofila_istat")["capofila_town"]
    lies_in = raw.load("comune_distretto").set_index("istat")["distretto_id"]
    for code, town in towns.items():
        assert we.comuni(town)["district"].unique().tolist() == [lies_in[code]], town


def test_a_comune_is_known_by_code_number_and_name():
    for form in ("001272", 1272, "1272", "Torino", "torino (TO)"):
        assert door.series("residents", form, level="comuni")["code"].unique().tolist() == ["001272"]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: we.comuni("Cunoe"),
            r"we.comuni: there is no district of this name. Found: 'Cunoe'. To do: write Cuneo",
        ),
        (lambda: we.comuni("Savigliano"), "Savigliano is a comune of the district Fossano-Saluzzo-Savigliano"),
        (lambda: we.comuni("Cuneo", level="distrits"), "To do: write districts"),
        (lambda: we.series("incomes_per_taxpayer", "Cuneo"), "write income_per_taxpayer"),
        (lambda: we.series("density"), "there are no values of this indicator here"),
        (lambda: we.series("work"), "there is no such indicator"),
        (lambda: we.measure("Misura 9"), "write Misura"),
        (lambda: we.table("populations"), "write population"),
        (lambda: we.add_indicator("density", "residents / 2"), "is one already"),
        (lambda: we.add_indicator("mine", "residents / resident"), "the formula cannot be computed"),
    ],
)
def test_what_is_wrong_is_told_with_the_nearest(call, said):
    with pytest.raises(InputError, match=said) as error:
        call()
    assert "To do: " in str(error.value)


def test_an_indicator_added_here_is_in_every_table_and_computed_from_its_own_counts(forgotten):
    we.add_indicator("share_15_64", "age_15_64 / residents", en="Aged 15–64")
    for frame in (we.districts, we.comuni(), we.region):
        pd.testing.assert_series_equal(
            frame["share_15_64"], frame["age_15_64"] / frame["residents"], check_names=False, obj="the ratio"
        )
    assert we.districts.attrs["units"]["share_15_64"] == "share"
    assert "share_15_64" in set(we.indicators["indicator"])
