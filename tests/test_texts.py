"""What no cell of text holds, in every table: one problem each, with its cell."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from raw_fixtures import copied, reduced

from helpers.checks import texts
from helpers.data import raw
from helpers.imports.opencoesione.cells import one_line

HOSTILE = {
    "markup": ["Vercelli <meta http-equiv=refresh>", "a </title>", "<!-- a", "{{ 7 * 7 }}", "{% x %}",
               "[a](javascript:b)", "&lt;b", "&#60;b"],
    "control": ["a\x00b", "a\nb", "a\x1b[2Jb", "a\x9fb", "a\u2028b", "a\ufffeb"],
    "direction": ["abc\u202ecba", "\u2066a\u2069"],
    "blank": [" ", "\u00a0\u200b", "\u2800", "\u3164"],
}  # fmt: skip
HARMLESS = [
    "S&T; Sunday Group",
    "meno di 5 (<5)",
    "a < b > c",
    "L’«Età» {x}",
    "[1] (due)",
    "Città di\u00a0Asti",
    "None",
    "0",
]


def holds(cells, may_hold=()):
    return all(rule(pd.Series(cells, dtype="str")).all() for rule, _, _ in texts.rules(may_hold))


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, found in HOSTILE.items() for text in found])
def test_each_kind_is_found_and_may_be_allowed(name, text):
    assert not holds(["a", text]) and holds(["a", text], [name])
    assert texts.wrong_with(text) == texts.FORBIDDEN[name][1:]


def test_what_people_write_is_right():
    assert holds(HARMLESS) and not any(map(texts.wrong_with, HARMLESS))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_the_importer_of_the_feed_takes_over_is_on_one_line(text):
    (line,) = one_line(pd.Series([text], dtype="str"))
    assert holds([line] if line else [], ["markup", "blank"])


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return reduced(tmp_path_factory.mktemp("package") / "raw", ("districts", "quadrants", "provinces", "sources"))


@pytest.mark.parametrize(
    "text", ["Vercelli <meta http-equiv=refresh content=0;url=x.html>", "Vercelli\u202e", "\u200b"]
)
def test_the_name_of_a_district_is_a_name(package, tmp_path, text):
    copy = copied(tmp_path, package)
    copy.edit("districts.csv", 4, "name", text)
    problem = copy.only()
    assert (problem.file, problem.row, problem.column, problem.value) == ("data/raw/districts.csv", 4, "name", text)
    assert problem.remedy == texts.wrong_with(text)[1]


@pytest.mark.slow
def test_every_column_of_text_has_these_rules():
    """Payload × column: the rules of each column of each table find each payload."""
    from helpers.checks.schema import _rules

    missed = [
        (table, field["name"], text)
        for table in raw.tables()
        for field in raw.resource(table)["schema"]["fields"]
        if field["type"] in texts.TYPES
        for found in HOSTILE.values()
        for text in found
        if all(rule(pd.Series([text], dtype="str")).all() for rule, _, _ in _rules(field))
    ]
    assert missed == []
