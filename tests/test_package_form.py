"""The data package itself is an input: whatever stands in its descriptor, it is read or told, never a traceback."""

from __future__ import annotations

import copy
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_fixtures import copied, reduced

from helpers import config
from helpers.checks.entries import check_entries
from helpers.checks.run import check, record
from helpers.data import package_form, raw
from helpers.errors import InputError

#: What stands in the place of any value.
OTHERS = (
    None, True, 0, -1, 1.5, "", " ", "x", [], [None], ["x"], [[]], {}, {"x": 1}, "../x", "../../outside.csv",
    "/etc/passwd", "https://x.it/a.csv", "a/../b.csv", "x\\y.csv", "datapackage.json", "\x00", "(", "<script>", 
    "x" * 5_000, 10**40,
)  # fmt: skip


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    tables = ("provinces", "comuni", "quadrants", "province_quadrant", "sources", "measures")
    return reduced(tmp_path_factory.mktemp("package") / "raw", tables)


def set_(package, place, value):
    """Put a value at a place such as ``resources.0.path``; the ellipsis takes it away."""
    *way, last = place.split(".")
    for part in way:
        package = package[int(part) if isinstance(package, list) else part]
    last = int(last) if isinstance(package, list) else last
    if value is ...:
        del package[last]
    else:
        package[last] = value


CASES = [
    *[(f"resources.0.{key}", ...) for key in ("name", "path", "format", "schema", "title", "description", "licenses")],
    *[(key, ...) for key in ("name", "version", "created", "licenses", "resources")],
    *[("version", value) for value in ("../x", 2026.1, "2026.1/..", "2026.1 <b>", "")],
    *[("created", value) for value in ("yesterday", "2026-02-30", 20261130, "")],
    *[("resources.0.path", value) for value in OTHERS if value != "x"],
    *[("resources.0.name", value) for value in ("../x", "A B", "", 7, ".x", "x/y")],
    *[("resources", value) for value in ([], {}, "x", [1], [[]], None)],
    *[("resources.0.schema", value) for value in ([], {}, "x", {"fields": []}, {"fields": [1]}, {"fields": {}})],
    ("resources.0.schema.fields.0.type", "text"),
    ("resources.0.schema.fields.0.type", ["string"]),
    ("resources.0.schema.fields.0.name", ...),
    ("resources.0.schema.fields.0.constraints", "required"),
    ("resources.0.schema.fields.0.constraints.pattern", "["),
    ("resources.0.schema.fields.0.constraints.enum", []),
    ("resources.0.schema.fields.0.constraints.minimum", "a"),
    ("resources.0.schema.fields.0.mayHold", ["anything"]),
    ("resources.0.schema.primaryKey", ["nothing"]),
    ("resources.0.schema.primaryKey", "province_code"),
    ("resources.0.schema.foreignKeys", [{"fields": ["name"], "reference": {"resource": "no", "fields": ["name"]}}]),
    ("resources.0.schema.foreignKeys", [{"fields": ["no"], "reference": {"resource": "sources", "fields": ["title"]}}]),
    ("resources.0.schema.foreignKeys", [{"fields": ["name"], "reference": {"resource": "sources", "fields": ["no"]}}]),
    ("resources.0.schema.foreignKeys", [{"fields": ["name"]}]),
    ("resources.2.name", "provinces"),
    ("resources.2.path", "provinces.csv"),
    *[("resources.0.year", value) for value in (99999999999, 0, -1, "2024", 10**40, True)],
    ("resources.0.title", "<img src=x onerror=y>"),
    ("resources.0.description", "a\nb"),
    ("resources.0.licenses", [{}]),
    ("resources.0.sources", [{"title": 7}]),
    ("resources.0.usageWarnings", ["no-such"]),
    ("resources.0.encoding", "latin-1"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "value"), CASES, ids=[f"{place}={str(value)[:30]!r}" for place, value in CASES])
def test_each_wrong_place_is_told(package, tmp_path, place, value):
    made = copied(tmp_path, package)
    descriptor = json.loads((made.root / raw.DESCRIPTOR).read_bytes())
    set_(descriptor, place, value)
    (made.root / raw.DESCRIPTOR).write_text(json.dumps(descriptor), encoding="utf-8")
    problems = check(made.root).problems
    assert problems and all(p.file == "data/raw/datapackage.json" and p.rule and p.remedy for p in problems)
    before = (made.root / raw.DESCRIPTOR).read_bytes()
    with pytest.raises(InputError):
        record(made.root)
    assert (made.root / raw.DESCRIPTOR).read_bytes() == before and not (tmp_path / "outside.csv").exists()


@pytest.mark.parametrize(
    "text",
    [
        "[]", "{}", "null", "7", '"x"', "[" * 100_000, '{"a": NaN}', "\x00", '{"name": "a", "name": "b"}', "", "{",
        '{"a": 1' + "0" * 5000 + "}",
    ],
    ids=range(12),
)  # fmt: skip
def test_a_descriptor_that_is_none_is_told(package, tmp_path, text):
    made = copied(tmp_path, package)
    (made.root / raw.DESCRIPTOR).write_text(text, encoding="utf-8")
    problems = made.problems()
    assert problems and all(p.file == "data/raw/datapackage.json" and p.remedy for p in problems)


def test_a_path_never_leads_out_of_the_folder():
    for path in (
        "../x.csv",
        "a/../../x",
        "/x",
        "C:/x",
        "a//b",
        "./x.csv",
        "x/",
        "~/x",
        "a b.csv",
        "\u202ex.csv",
        "x\n",
    ):
        assert not package_form.FILE[0](path), path
    assert all(map(package_form.FILE[0], ("x.csv", "2026/a-b_c.v2.csv")))


def test_what_the_code_needs_and_the_package_has_not_is_told():
    with pytest.raises(InputError, match=r"there is no table nothing.*To do: put its entry back"):
        raw.resource("nothing")
    with pytest.raises(InputError, match=r"sources\.year: it is missing.*To do: write the year"):
        raw.year("sources")


def places(value, place=""):
    """Every place of a descriptor."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield f"{place}{key}"
            yield from places(inner, f"{place}{key}.")


@settings(max_examples=75)
@given(seed=st.integers(0, 2**32))
@pytest.mark.slow
def test_the_descriptor_with_anything_anywhere_is_read_or_told(seed):
    chance = random.Random(seed)
    descriptor = json.loads((config.RAW / raw.DESCRIPTOR).read_bytes())
    for _ in range(chance.choice((1, 1, 2, 5))):
        where = [place for place in places(descriptor) if place.count(".") < chance.choice((1, 2, 4, 7))]
        set_(descriptor, chance.choice(where), copy.deepcopy(chance.choice((..., *OTHERS))))
    told = package_form.faults(package_form.read(json.dumps(descriptor).encode()))
    if not told:
        told = check_entries(descriptor)
    assert all(fault.rule and fault.remedy for fault in told)


def test_ours_is_a_data_package():
    whole = json.loads((config.RAW / raw.DESCRIPTOR).read_bytes())
    assert package_form.faults(whole) == [] and check_entries(whole) == []
