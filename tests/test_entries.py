"""Entries of datapackage.json: what a table lacks is told at once; a new one is enough for everything else."""

import json

import pandas as pd
import pytest
from raw_fixtures import Copy, copied, reduced

from helpers.checks import run
from helpers.checks.entries import check_entries
from helpers.data import raw
from helpers.errors import InputError, WecareError
from helpers.imports import describe

WORDS = {"title": "Plates", "description": "Vehicle plate code of each province.", "source": "ISTAT", "address": ""}


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return reduced(tmp_path_factory.mktemp("package") / "raw", ("provinces", "comuni", "sources", "measures"))


@pytest.fixture
def copy(tmp_path, package) -> Copy:
    made = copied(tmp_path, package)
    (made.root / "plates.csv").write_text("province_code,plate,since\n001,TO,1927\n004,CN,1927\n")
    return made


def test_an_entry_without_anything_is_told_all_it_lacks():
    bare = {"name": "x", "path": "x.csv", "format": "csv", "schema": {"fields": [{"name": "a", "type": "string"}]}}
    keyed = bare | {"schema": {"fields": [{"name": "a", "type": "any"}], "primaryKey": ["b"]}}
    places = {p.column for p in check_entries({"licenses": [{"name": "CC-BY-4.0"}], "resources": [bare, keyed]})}
    assert {f"resources.x.{key}" for key in ("path", "name", "title", "description", "sources", "licenses")} <= places
    assert {"resources.x.schema.primaryKey", "resources.x.schema.fields.a.description"} <= places


@pytest.mark.parametrize("key", ["name", "path", "title", "description", "sources", "licenses", "format", "schema"])
def test_an_entry_that_lacks_a_key_stops_the_check_in_words(copy, key):
    path = copy.root / raw.DESCRIPTOR
    package = json.loads(path.read_text())
    del package["resources"][3][key]
    path.write_text(json.dumps(package))
    assert any(p.column.endswith(f".{key}") for p in run.check(copy.root).problems)


@pytest.mark.slow
def test_a_table_is_described_from_its_file(copy):
    columns = {"province_code": "ISTAT code", "plate": "Plate", "since": "Year"}
    assert describe.add(copy.root / "plates.csv", WORDS, columns, "CC-BY-4.0", copy.root) == "plates"
    entry = raw.resource("plates", copy.root)
    assert [field["type"] for field in entry["schema"]["fields"]] == ["string", "string", "integer"]
    assert entry["schema"]["primaryKey"] == ["province_code"]
    assert entry["schema"]["foreignKeys"][0]["reference"]["resource"] == "provinces"
    assert run.record(copy.root) == ["data/raw/plates.csv"]
    assert run.check(copy.root).problems == []
    assert raw.load("plates", copy.root)["since"].tolist() == [1927, 1927]


def test_columns_left_to_describe_are_named(copy):
    describe.add(copy.root / "plates.csv", WORDS, {"plate": "Plate"}, "CC-BY-4.0", copy.root)
    named = [p.column for p in run.check(copy.root).problems]
    assert named == [f"resources.plates.schema.fields.{name}.description" for name in ("province_code", "since")]


@pytest.mark.parametrize(
    ("file", "columns", "licence", "said"),
    [
        ("none.csv", {}, "CC-BY-4.0", "no CSV file in data/raw"),
        ("measures.csv", {}, "CC-BY-4.0", "described in datapackage.json already"),
        ("plates.csv", {"colour": "x"}, "CC-BY-4.0", "no column 'colour'"),
        ("plates.csv", {}, "CC-BY", "Did you mean 'CC-BY-"),
    ],
)
def test_a_table_that_cannot_be_described_is_refused_in_words(copy, file, columns, licence, said):
    before = (copy.root / raw.DESCRIPTOR).read_bytes()
    with pytest.raises(WecareError, match=said):
        describe.add(copy.root / file, WORDS, columns, licence, copy.root)
    assert (copy.root / raw.DESCRIPTOR).read_bytes() == before


def test_types_are_those_all_cells_have():
    cells = pd.DataFrame({"a": ["01", "02"], "b": ["1", ""], "c": ["1.5", "2"], "d": ["2024-01-31", ""], "e": ["", ""]})
    kinds = [field["type"] for field in describe.schema(cells, {})["fields"]]
    assert kinds == ["string", "integer", "number", "date", "string"]


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe\x00", b'a,b\n"x', b"a,b\r1,2\r", b"a,b\n1\n"])
def test_a_file_that_is_no_table_is_told_before_it_is_described(copy, content):
    (copy.root / "x.csv").write_bytes(content)
    before = (copy.root / raw.DESCRIPTOR).read_bytes()
    with pytest.raises(InputError):
        describe.add(copy.root / "x.csv", WORDS, {}, "CC-BY-4.0", copy.root)
    assert (copy.root / raw.DESCRIPTOR).read_bytes() == before


@pytest.mark.parametrize("name", ["città.csv", "Measures.csv", "a b.csv"])
def test_a_name_that_the_package_cannot_have_is_told_before_it_is_described(copy, name):
    (copy.root / name).write_text("a,b\n1,2\n", encoding="utf-8")
    before = (copy.root / raw.DESCRIPTOR).read_bytes()
    with pytest.raises(WecareError):
        describe.add(copy.root / name, WORDS, {}, "CC-BY-4.0", copy.root)
    assert (copy.root / raw.DESCRIPTOR).read_bytes() == before


@pytest.mark.slow
def test_a_table_of_many_columns_has_its_key_soon():
    cells = pd.DataFrame({f"c{n}": ["1"] * 3 for n in range(60)})
    assert len(describe.schema(cells, {})["primaryKey"]) == 60
