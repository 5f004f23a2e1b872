"""How files for machines write a value: what it is, what it rests on, or why it is not there."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.data import raw
from helpers.publish.machines import base


@pytest.mark.parametrize(
    ("given", "decimals", "written"),
    [
        (3, None, "3"),
        (3.0, None, "3"),
        (-0.0, None, "0"),
        (0.5, None, "0.5"),
        (1 / 3, None, "0.333333"),
        (2_000_000.1234567, None, "2000000.123457"),
        (0.0000004, None, "0"),
        (1 / 3, 2, "0.33"),
        (2.6, 0, "3"),
        (-0.04, 1, "0"),
        (1 / 3, 8, "0.33333333"),
    ],
)
def test_a_number_is_written_with_six_decimals_at_most(given, decimals, written):
    found = base.quantity(given, "eur", "derived", iter(["S001", "S002"]), decimals=decimals)
    assert {key: value for key, value in found.items() if key != "value"} == {
        "unit": "eur",
        "status": "derived",
        "sources": ["S001", "S002"],
    }
    assert base.encode(found["value"]) == f"{written}\n".encode()


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
def test_a_number_that_is_not_there_says_why(missing):
    due = {"value": None, "unit": "share", "status": None, "sources": ["S001"]}
    assert base.quantity(missing, "share", "sourced", ["S001"]) == due | {"reason": "not_known"}
    assert base.quantity(missing, "share", "sourced", ["S001"], "not_published") == due | {"reason": "not_published"}
    assert base.text_or_reason(missing) == {"value": None, "reason": "not_known"}
    assert base.text_or_reason(missing, "not_computable") == {"value": None, "reason": "not_computable"}


@pytest.mark.parametrize(("given", "text"), [("", ""), ("x", "x"), (5, "5")])
def test_a_text_that_is_there_gives_no_reason(given, text):
    assert base.text_or_reason(given, "not_published") == {"value": text}


def test_documents_are_one_line_and_hold_no_number_that_json_has_not():
    assert base.encode({"b": ["à", 1.5, None], "a": True}) == '{"b":["à",1.5,null],"a":true}\n'.encode()
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError):
            base.encode([value])


def test_a_document_begins_with_its_schema_edition_and_licence():
    edition = raw.descriptor()
    assert base.head("district") == {
        "schema": "api/schema/district.json",
        "edition": edition["version"],
        "date": edition["created"][:10],
        "licence": "CC-BY-4.0",
    }


def test_texts_stand_in_both_languages():
    assert base.in_both("state.not_available") == {"it": "non disponibile", "en": "not available"}
    # The English wording of EV-03 stands beside the tables; of no such event there is none.
    assert base.both_rows("events", "EV-03", "event", "x")["en"] == "Position Paper of the Region"
    assert base.both_rows("events", "EV-XX", "event", "As it is") == {"it": "As it is", "en": "As it is"}
    assert base.both_rows("events", "EV-XX", "event", 2015) == {"it": "2015", "en": "2015"}
    for missing in (None, float("nan"), pd.NA):
        assert base.both_rows("events", "EV-XX", "event", missing) == {"it": None, "en": None}


def test_a_page_has_an_address_in_both_languages():
    assert base.pages("index") == {"it": "index.html", "en": "en/index.html"}
    assert base.pages("distretti/asti#persone") == {
        "it": "distretti/asti.html#persone",
        "en": "en/distretti/asti.html#persone",
    }


@pytest.mark.parametrize(
    ("address", "due"),
    [
        (None, ""),
        ("https://esempio.it/we", "https://esempio.it/we/"),
        ("https://esempio.it/we//", "https://esempio.it/we/"),
    ],
)
def test_the_address_of_the_site_ends_with_one_slash(tmp_path, address, due):
    path = tmp_path / "_quarto.yml"
    assert base.site_url(path) == ""
    path.write_text("website:\n  title: x\n" + (f"  site-url: {address}\n" if address else ""))
    assert base.site_url(path) == due


def test_contributors_have_one_role_or_several(monkeypatch):
    one, two = {"title": "A", "role": "publisher"}, {"title": "B", "roles": ["contactPoint", "publisher"]}
    monkeypatch.setattr(raw, "descriptor", lambda: {"contributors": [one, two, {"title": "C"}]})
    assert base.contributors("publisher") == [one, two]
    assert base.contributors("contactPoint") == [two] and base.contributors("rightsHolder") == []
    monkeypatch.setattr(raw, "descriptor", dict)
    assert base.contributors("publisher") == []
