"""The entries of ``datapackage.json``: what each table must have there to be read, checked, catalogued and offered."""

from __future__ import annotations

from collections import Counter

from helpers.data import raw
from helpers.errors import Problem

FORMATS = ("csv", "geoparquet")
TYPES = ("string", "integer", "number", "boolean", "date", "list", "any")

_FILE = raw.label(raw.DESCRIPTOR)


def check_entries(resources: list[dict]) -> list[Problem]:
    """Check that every entry has all that a table needs.

    Parameters
    ----------
    resources
        The entries, as the file has them.

    Returns
    -------
    list of Problem
        All that is missing or not known, named by its place: ``resources.projects.title``.
    """
    names = Counter(found.get("name") for found in resources)
    problems = []
    for number, found in enumerate(resources):
        name = found.get("name") or f"{number}"
        problems += [
            _problem(f"{name}.{key}", rule, remedy, value) for key, rule, remedy, value in _wrong(found, names)
        ]
    return problems


def _wrong(found: dict, names: Counter) -> list[tuple[str, str, str, object]]:
    """Place in the entry, rule, remedy and value of what is wrong."""
    wrong: list[tuple[str, str, str, object]] = [
        (key, "it is missing", f"write {what}", None)
        for key, what in (
            ("name", "a name: lower-case letters, digits and underscores"),
            ("path", "the name of the file"),
            ("title", "what the table is called"),
            ("description", "what it holds and what a row is"),
            ("sources", "where it comes from: a list of title and path"),
            ("licenses", "under which licence it may be reused: a list of name, title and path"),
            ("schema", "its columns and its key"),
        )
        if not found.get(key)
    ]
    if names[found.get("name")] > 1:
        wrong.append(("name", "two entries have this name", "rename one of them", found["name"]))
    if found.get("format") not in FORMATS:
        wrong.append(("format", "the format is not known", f"use {' or '.join(FORMATS)}", found.get("format")))
    schema = found.get("schema") or {}
    fields = schema.get("fields") or []
    if schema and not fields:
        wrong.append(("schema.fields", "it is missing", "list the columns", None))
    for n, field in enumerate(fields):
        column = field.get("name") or f"{n}"
        wrong += [
            (f"schema.fields.{column}.{key}", "it is missing", "write it", None)
            for key in ("name", "type", "description")
            if not field.get(key)
        ]
        if field.get("type", "any") not in TYPES:
            place = f"schema.fields.{column}.type"
            wrong.append((place, "the type is not known", f"use one of {', '.join(TYPES)}", field["type"]))
    key = schema.get("primaryKey") or []
    if fields and not key:
        wrong.append(("schema.primaryKey", "it is missing", "name the columns that tell the rows apart", None))
    for column in set(key) - {field.get("name") for field in fields}:
        wrong.append(("schema.primaryKey", "there is no such column", "name columns of the table", column))
    return wrong


def _problem(place: str, rule: str, remedy: str, value: object) -> Problem:
    return Problem(_FILE, rule, remedy, None, f"resources.{place}", value)
