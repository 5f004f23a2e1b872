"""The form of ``datapackage.json``: what must be so before anything is read by it.

It is the Data Package profile (version 2) as far as the project uses it, and stricter: a file stands in the folder of
the package, an edition has a version and a day. Whether the entries are complete is the business of the checks.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

FORMATS = ("csv", "geoparquet")
TYPES = ("string", "integer", "number", "boolean", "date", "list", "any")

#: How a table treats counts of few people (:mod:`helpers.checks.small_counts`).
POLICIES = ("open", "producer", "threshold", "none")

#: Letters a path may have.
LONGEST = 200

#: What must hold of a plain value; in words; what to write instead.
Plain = tuple[Callable[[Any], bool], str, str]


class Fault(NamedTuple):
    """Something wrong: its place, such as ``resources.comuni.path``, rule, remedy and value."""

    place: str
    rule: str
    remedy: str
    value: object


class Listed(NamedTuple):
    """A list whose items have a form; ``least`` items at least."""

    item: Any
    least: int = 0


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _form(pattern: str, what: str) -> Plain:
    return lambda v: isinstance(v, str) and re.fullmatch(pattern, v) is not None, f"it must be {what}", f"write {what}"


def _one_of(choice: tuple[str, ...], what: str) -> Plain:
    return lambda v: isinstance(v, str) and v in choice, f"the {what} is not known", f"use one of {', '.join(choice)}"


def _day(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(dt.datetime.fromisoformat(value))
    except ValueError:
        return False


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: Any) -> bool:
    return _whole(value) or isinstance(value, float)


def _expression(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(re.compile(value))
    except (re.error, RecursionError, OverflowError):
        return False


def _inside(value: Any) -> bool:
    """A path below the folder of the package: names of letters, digits, ``_``, ``-`` and points between them."""
    name = r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*"
    return (
        _text(value)
        and len(value) <= LONGEST
        and value.lower() != "datapackage.json"
        and re.fullmatch(rf"{name}(?:/{name})*", value) is not None
    )


def _days_of_codes(value: Any) -> bool:
    return _text(value) or (isinstance(value, dict) and all(map(_text, value.values())))


WORDS: Plain = (_text, "it must be a text", "write it between double quotes")
YES_NO: Plain = (lambda v: isinstance(v, bool), "it must be true or false", "write true or false")
WHOLE: Plain = (_whole, "it must be a whole number", "write digits only")
NUMBER: Plain = (_number, "it must be a number", "write a number")
DATE: Plain = (_day, "it must be a day that exists", "write it like 2026-11-30T00:00:00Z")
NAME = _form(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?", "a name: lower-case letters, digits and underscores")
VERSION = _form(r"[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*", "an edition such as 2026.1")
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
    "enum": Listed((lambda v: _text(v) or _number(v), "it must be a text or a number", "write one"), 1),
    "pattern": (_expression, "it must be a regular expression", "correct it"),
}
FIELD = {
    "name": WORDS,
    "title": WORDS,
    "description": WORDS,
    "type": _one_of(TYPES, "type"),
    "constraints": CONSTRAINTS,
    "delimiter": (lambda v: _text(v) and len(v) == 1, "it must be one character", 'write ";"'),
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
    "format!": _one_of(FORMATS, "format"),
    "type": WORDS,
    "mediatype": WORDS,
    "encoding": (lambda v: v == "utf-8", "it must be utf-8", "save the file as UTF-8 and write utf-8"),
    "schema!": SCHEMA,
    "crs": WORDS,
    "bbox": (
        lambda v: isinstance(v, list) and len(v) == 4 and all(map(_number, v)),
        "it must be four numbers",
        "write west, south, east and north",
    ),
    "sources": Listed(SOURCE),
    "licenses": Listed(LICENCE),
    "usageWarnings": Listed(WORDS),
    "year": WHOLE,
    "people": {
        "policy!": _one_of(POLICIES, "policy"),
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
    found = list(_walk(package, PACKAGE, ""))
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


def _walk(value: Any, form: Any, place: str) -> Iterator[Fault]:
    shown = place.lstrip(".") or "the file"
    if isinstance(form, Listed):
        if not isinstance(value, list):
            yield Fault(shown, "it must be a list", "write it between [ and ]", _short(value))
        elif len(value) < form.least:
            yield Fault(shown, "it is empty", "list at least one", None)
        else:
            for number, item in enumerate(value):
                told = item.get("name") if isinstance(item, dict) else None
                yield from _walk(item, form.item, f"{place}.{told if _text(told) and told else number}")
    elif isinstance(form, dict):
        if not isinstance(value, dict):
            yield Fault(shown, "it must be an object", "write it between { and }", _short(value))
            return
        for key, inner in form.items():
            name = key.removesuffix("!")
            if name in value:
                yield from _walk(value[name], inner, f"{place}.{name}")
            elif key != name:
                yield Fault(f"{place}.{name}".lstrip("."), "it is missing", "write it", None)
    else:
        holds, rule, remedy = form
        if not holds(value):
            yield Fault(shown, rule, remedy, _short(value))


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {next(name for name in names if names.count(name) > 1)!r} stands twice in an object")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number of JSON")
