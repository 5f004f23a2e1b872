"""The form of ``datapackage.json``: what must be so before anything is read by it.

It is the Data Package profile (version 2) as far as the project uses it, and stricter: a file stands in the folder of
the package, an edition has a version and a day. Whether the entries are complete is the business of the checks.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

from helpers.system.forms import (
    NUMBER,
    WHOLE,
    WORDS,
    YES_NO,
    Fault,
    Listed,
    Plain,
    form,
    is_number,
    is_text,
    is_whole,
    one_of,
    walk,
)

FORMATS = ("csv", "geoparquet")
TYPES = ("string", "integer", "number", "boolean", "date", "list", "any")

#: How a table treats counts of few people (:mod:`helpers.checks.small_counts`).
POLICIES = ("open", "producer", "threshold", "none")

#: Letters a path may have.
LONGEST = 200


def _day(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(dt.datetime.fromisoformat(value))
    except ValueError:
        return False


def _expression(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(re.compile(value))
    except (re.error, RecursionError, OverflowError):
        return False


def _inside(value: Any) -> bool:
    """A path below the folder of the package: names of letters, digits, ``_``, ``-`` and points between them."""
    name = r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*"
    return (
        is_text(value)
        and len(value) <= LONGEST
        and value.lower() != "datapackage.json"
        and re.fullmatch(rf"{name}(?:/{name})*", value) is not None
    )


def _days_of_codes(value: Any) -> bool:
    return is_text(value) or (isinstance(value, dict) and all(map(is_text, value.values())))


YEAR: Plain = (lambda v: is_whole(v) and 1800 <= v < 2200, "it must be a year", "write it like 2024")
DATE: Plain = (_day, "it must be a day that exists", "write it like 2026-11-30T00:00:00Z")
NAME = form(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?", "a name: lower-case letters, digits and underscores")
VERSION = form(r"[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*", "an edition such as 2026.1")
FILE: Plain = (
    _inside,
    "it must be a file of data/raw: no other folder, no address, no way up",
    "put the file into data/raw and write its name",
)
SOURCE = {"title": WORDS, "path": WORDS, "version": WORDS}
LICENCE = {"name": WORDS, "title": WORDS, "path": WORDS}
CONSTRAINTS = {
    "required": YES_NO,
    "unique": YES_NO,
    "minimum": NUMBER,
    "maximum": NUMBER,
    "enum": Listed((lambda v: is_text(v) or is_number(v), "it must be a text or a number", "write one"), 1),
    "pattern": (_expression, "it must be a regular expression", "correct it"),
}
FIELD = {
    "name": WORDS,
    "title": WORDS,
    "description": WORDS,
    "type": one_of(TYPES, "type"),
    "constraints": CONSTRAINTS,
    "delimiter": (lambda v: is_text(v) and len(v) == 1, "it must be one character", 'write ";"'),
    "itemType": WORDS,
    "itemReference": {"resource!": WORDS, "field!": WORDS},
    "mayHold": Listed(WORDS),
}
REFERENCE = {"resource": WORDS, "fields!": Listed(WORDS, 1)}
SCHEMA = {
    "fields!": Listed(FIELD, 1),
    "primaryKey": Listed(WORDS, 1),
    "foreignKeys": Listed({"fields!": Listed(WORDS, 1), "reference!": REFERENCE}),
    "missingValues": Listed(WORDS),
}
RESOURCE = {
    "name!": NAME,
    "path!": FILE,
    "title": WORDS,
    "description": WORDS,
    "format!": one_of(FORMATS, "format"),
    "type": WORDS,
    "mediatype": WORDS,
    "encoding": (lambda v: v == "utf-8", "it must be utf-8", "save the file as UTF-8 and write utf-8"),
    "schema!": SCHEMA,
    "crs": WORDS,
    "bbox": (
        lambda v: isinstance(v, list) and len(v) == 4 and all(map(is_number, v)),
        "it must be four numbers",
        "write west, south, east and north",
    ),
    "sources": Listed(SOURCE),
    "licenses": Listed(LICENCE),
    "usageWarnings": Listed(WORDS),
    "year": YEAR,
    "people": {
        "policy!": one_of(POLICIES, "policy"),
        "least": WHOLE,
        "columns": Listed(WORDS, 1),
        "total": WORDS,
    },
    "editions": Listed({"feed!": WORDS, "edition!": WORDS, "kind": WORDS}),
    "codes_on": (
        _days_of_codes,
        "it must be a day, or a day by the first year it holds for",
        "write it like 2023-01-01",
    ),
    "hash": WORDS,
    "bytes": WHOLE,
    "rowCount": WHOLE,
}
CONTRIBUTOR = {"title": WORDS, "path": WORDS, "email": WORDS, "role": WORDS, "roles": Listed(WORDS)}
PACKAGE = {
    "name!": NAME,
    "title": WORDS,
    "description": WORDS,
    "version!": VERSION,
    "created!": DATE,
    "licenses": Listed(LICENCE),
    "sources": Listed(SOURCE),
    "contributors": Listed(CONTRIBUTOR),
    "usageWarningCodes": {},
    "resources!": Listed(RESOURCE, 1),
}


def read(data: bytes) -> Any:
    """The content of a JSON file; raises `ValueError` for what is none, names a key twice or is nested too deep."""
    try:
        return json.loads(data, object_pairs_hook=_once, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def faults(package: Any) -> list[Fault]:
    """All that keeps a descriptor from being read.

    Parameters
    ----------
    package
        The content of ``datapackage.json``, whatever it is.
    """
    found = list(walk(package, PACKAGE, ""))
    if found:
        return found
    for resource in package["resources"]:
        place = f"resources.{resource['name']}"
        for field in resource["schema"]["fields"]:
            found += _of_field(field, f"{place}.schema.fields")
        if resource["format"] == "geoparquet":
            found += _of_map(resource, place)
    return found


def _of_field(field: dict, place: str) -> Iterator[Fault]:
    if not (name := field.get("name")):
        yield Fault(f"{place}.name", "it is missing", "name the column", None)
    elif "type" not in field:
        yield Fault(f"{place}.{name}.type", "it is missing", f"write one of {', '.join(TYPES)}", None)
    elif field["type"] == "list" and "delimiter" not in field:
        yield Fault(f"{place}.{name}.delimiter", "it is missing", 'write what parts the items, such as ";"', None)


def _of_map(resource: dict, place: str) -> Iterator[Fault]:
    schema = resource["schema"]
    for key, given, remedy in (
        ("crs", resource.get("crs"), "write the reference system, such as EPSG:4326"),
        ("schema.primaryKey", schema.get("primaryKey"), "name the column that tells the shapes apart"),
        ("schema.foreignKeys", schema.get("foreignKeys"), "name the table whose rows the shapes are of"),
    ):
        if not given:
            yield Fault(f"{place}.{key}", "it is missing", remedy, None)
    if schema.get("foreignKeys") and "resource" not in schema["foreignKeys"][0]["reference"]:
        yield Fault(f"{place}.schema.foreignKeys", "a map must refer to another table", "name its resource", None)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {next(name for name in names if names.count(name) > 1)!r} stands twice in an object")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number of JSON")
