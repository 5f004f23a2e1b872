"""The entries of ``datapackage.json``: what each table must have there to be checked, catalogued and offered.

That the file can be read at all is the business of :mod:`helpers.data.package_form`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from helpers.checks import texts
from helpers.data import optional, raw
from helpers.errors import Problem

_FILE = raw.label(raw.DESCRIPTOR)
#: Texts that must be there, and what they say.
_WORDS = {"title": "what the table is called", "description": "what it holds and what a row is"}
_LISTS = {
    "sources": "where it comes from: a list of title and path",
    "licenses": "under which licence it may be reused: a list of name, title and path",
}

#: Place in an entry, rule, remedy and value of what is wrong.
Wrong = tuple[str, str, str, object]


def check_entries(package: dict) -> list[Problem]:
    """Check that every entry has all that a table needs, and that what entries name exists.

    Parameters
    ----------
    package
        The descriptor, in a form that can be read.

    Returns
    -------
    list of Problem
        All that is missing or not known, named by its place: ``resources.projects.title``.
    """
    columns = {found["name"]: _columns(found) for found in package["resources"]}
    # Some tables come with an import only; others may refer to them before.
    columns = {name: _columns(optional.resource(name)) for name in optional.names()} | columns
    codes = package.get("usageWarningCodes", {})
    twice = {key: Counter(str(found[key]).lower() for found in package["resources"]) for key in ("name", "path")}
    problems = [_problem(*wrong) for wrong in _in_words(package, "")]
    if not package.get("licenses"):
        problems.append(_problem("licenses", "it is missing", f"write {_LISTS['licenses']}", None))
    for found in package["resources"]:
        place = f"resources.{found['name']}."
        wrong = [*_missing(found), *_in_words(found, ""), *_twice(found, twice), *_keys(found, columns)]
        wrong += [
            ("usageWarnings", "the warning is not explained", "explain it in usageWarningCodes", code)
            for code in found.get("usageWarnings", ())
            if code not in codes
        ]
        problems += [_problem(place + key, rule, remedy, value) for key, rule, remedy, value in wrong]
    return problems


def _columns(found: dict) -> list[str]:
    return [field["name"] for field in found["schema"]["fields"]]


def _missing(found: dict) -> Iterator[Wrong]:
    for key, what in (_WORDS | _LISTS).items():
        if not found.get(key):
            yield key, "it is missing", f"write {what}", None
    for key in _LISTS:
        for number, item in enumerate(found.get(key, ())):
            if not item.get("title"):
                yield f"{key}.{number}.title", "it is missing", "write it", None
    for licence in found.get("licenses", ()):
        if not (licence.get("name") or licence.get("path")):
            yield "licenses", "a licence has neither name nor path", "write its name, such as CC-BY-4.0", None
    for field in found["schema"]["fields"]:
        if not field.get("description"):
            yield f"schema.fields.{field['name']}.description", "it is missing", "write it", None
    if not found["schema"].get("primaryKey"):
        yield "schema.primaryKey", "it is missing", "name the columns that tell the rows apart", None


def _in_words(part: object, place: str) -> Iterator[Wrong]:
    """Texts that a reader sees are text: no markup, no control characters."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("title", "description", "name") and isinstance(value, str) and (told := texts.wrong_with(value)):
                yield f"{place}{key}", *told, value
            elif key not in ("resources", "constraints"):
                yield from _in_words(value, f"{place}{key}.")
    elif isinstance(part, list):
        for number, value in enumerate(part):
            name = value.get("name", number) if isinstance(value, dict) else number
            yield from _in_words(value, f"{place}{name}.")


def _twice(found: dict, counts: dict[str, Counter]) -> Iterator[Wrong]:
    for key, told, remedy in (("name", "name", "rename one of them"), ("path", "file", "remove one of them")):
        if counts[key][found[key].lower()] > 1:
            yield key, f"two entries have this {told}", remedy, found[key]
    for column, count in Counter(_columns(found)).items():
        if count > 1:
            yield f"schema.fields.{column}", "two columns have this name", "rename one of them", column


def _keys(found: dict, columns: dict[str, list[str]]) -> Iterator[Wrong]:
    schema, own = found["schema"], _columns(found)
    place, rule = "schema.primaryKey", "there is no such column"
    yield from ((place, rule, "name columns of the table", c) for c in schema.get("primaryKey", ()) if c not in own)
    for key in schema.get("foreignKeys", ()):
        other, ours, theirs = key["reference"].get("resource", found["name"]), key["fields"], key["reference"]["fields"]
        place = "schema.foreignKeys"
        if len(ours) != 1 or len(theirs) != 1:
            yield place, "a key of several columns cannot be followed", "name one column on each side", ", ".join(ours)
        else:
            yield from _leads(place, ours[0], own, other, theirs[0], columns)
    for field in schema["fields"]:
        place = f"schema.fields.{field['name']}"
        if reference := field.get("itemReference"):
            at = f"{place}.itemReference"
            yield from _leads(at, field["name"], own, reference["resource"], reference["field"], columns)
        for name in field.get("mayHold", ()):
            if name not in texts.FORBIDDEN:
                yield f"{place}.mayHold", "there is no such rule", f"use {', '.join(texts.FORBIDDEN)}", name


def _leads(place: str, ours: str, own: list[str], other: str, theirs: str, columns: dict) -> Iterator[Wrong]:
    """A reference leads from a column of the table to a column of a table that there is."""
    if ours not in own:
        yield place, "there is no such column", "name a column of the table", ours
    if other not in columns:
        yield place, "there is no such table", f"name one of {', '.join(columns)}", other
    elif theirs not in columns[other]:
        yield place, f"{other} has no such column", f"name one of {', '.join(columns[other])}", theirs


def _problem(place: str, rule: str, remedy: str, value: object) -> Problem:
    return Problem(_FILE, rule, remedy, None, place, value)
