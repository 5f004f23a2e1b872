"""A CSV table against its Table Schema: header, types, constraints."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pandas as pd

from helpers.checks import texts
from helpers.checks.package import Package
from helpers.data import raw
from helpers.errors import Problem

EMPTY = "the cell is empty, and this column must be filled"
_WORDS = {2: "two", 3: "three", 4: "four", 6: "six"}
_TYPES = {
    "integer": ("the value must be a whole number", "write digits only, without separators, units or words"),
    "number": ("the value must be a number", "write digits with a decimal point, without separators, units or words"),
    "boolean": ("the value must be true or false", "write true or false"),
    "date": ("the value must be a date that exists, as year-month-day", "write it like 2017-05-22"),
}

#: A rule of a column: what must hold (cells as text → boolean), in words, and the remedy for a value.
Rule = tuple[Callable[[pd.Series], pd.Series], str, Callable[[str], str]]


def check_header(package: Package, table: str, header: list[str]) -> list[Problem]:
    """Compare a header with the schema, as its ``fieldsMatch`` says.

    Parameters
    ----------
    package
        The data package.
    table
        Name of the table.
    header
        Names of the columns as in the file.

    Returns
    -------
    list of Problem
        Empty if every column is there once and, unless the match is ``subset``, no other, in this order.
    """
    schema = package.resources[table]["schema"]
    expected = [field["name"] for field in schema["fields"]]
    match = schema.get("fieldsMatch", "exact")
    match = match if isinstance(match, str) else match[0]
    exactly = f"the header must have the columns {', '.join(expected)}"

    def problem(rule: str, remedy: str, column: str) -> Problem:
        return Problem(package.file(table), rule, remedy, row=1, column=column, value=",".join(header))

    found = [problem("the column is missing", exactly, name) for name in expected if name not in header]
    twice = sorted({name for name in header if header.count(name) > 1})
    found += [problem("the column appears twice", "keep one of them", name) for name in twice]
    if match == "exact":
        extra = [name for name in header if name not in expected]
        found += [problem("the column is not in the schema", exactly, name) for name in extra]
        if not found and header != expected:
            first = next(name for name, due in zip(header, expected, strict=True) if name != due)
            found.append(problem("the columns are in another order", exactly, first))
    return found


def check_cells(package: Package, table: str) -> list[Problem]:
    """Check types and constraints of every cell, all at once.

    Parameters
    ----------
    package
        The data package; the cells found wrong are added to its ``flagged``.
    table
        Name of a table whose text was read.

    Returns
    -------
    list of Problem
        One per wrong cell, in order of the file; a cell is reported for its first fault only.
    """
    # Slow to load, and an import that ends before its check needs none.
    import pandera.pandas as pa

    frame = package.texts[table].frame
    rules = {field["name"]: _rules(field) for field in package.resources[table]["schema"]["fields"]}
    remedies = {(name, words): remedy for name, own in rules.items() for _, words, remedy in own}
    schema = pa.DataFrameSchema(
        {
            field["name"]: pa.Column(
                nullable=not field.get("constraints", {}).get("required", False),
                checks=[pa.Check(holds, error=words) for holds, words, _ in rules[field["name"]]],
            )
            for field in package.resources[table]["schema"]["fields"]
        }
    )
    try:
        schema.validate(frame.mask(frame == ""), lazy=True)
    except pa.errors.SchemaErrors as errors:
        return list(_problems(package, table, errors.failure_cases, remedies))
    return []


def _problems(package: Package, table: str, cases: pd.DataFrame, remedies: dict) -> Iterator[Problem]:
    frame = package.texts[table].frame
    for case in cases.sort_values("index", kind="stable").itertuples():
        index, column = int(case.index), case.column
        if (table, index, column) in package.flagged:
            continue
        package.flagged.add((table, index, column))
        if case.check == "not_nullable":
            yield package.problem(table, EMPTY, "fill the cell", index, column)
            continue
        value = frame[column].iloc[index]
        yield package.problem(table, case.check, remedies[column, case.check](value), index, column, value)


def _rules(field: dict) -> list[Rule]:
    """Rules of a column, the type first: a cell of the wrong type is told that and no more."""
    limits = field.get("constraints", {})
    rules: list[Rule] = []
    if field["type"] in _TYPES:
        words, remedy = _TYPES[field["type"]]
        rules.append((_fits(field["type"]), words, lambda value: remedy))
    if field["type"] in texts.TYPES:
        rules += texts.rules(field.get("mayHold", ()))
    if "minimum" in limits:
        low = limits["minimum"]
        rules.append((lambda s: ~(_numbers(s) < low), f"the value must be at least {low}", _correct))
    if "maximum" in limits:
        high = limits["maximum"]
        rules.append((lambda s: ~(_numbers(s) > high), f"the value must be at most {high}", _correct))
    if "enum" in limits:
        choice = ", ".join(map(str, limits["enum"]))
        allowed = [str(value) for value in limits["enum"]]
        remedy_enum = f"write one of: {choice}"
        rules.append((lambda s: s.isin(allowed), "the value is not in the list", lambda value: remedy_enum))
    if "pattern" in limits:
        rules.append(_form(limits["pattern"]))
    if limits.get("unique"):
        rules.append((lambda s: ~s.duplicated(), "the value must appear once in the column", _correct))
    return rules


def _form(pattern: str) -> Rule:
    digits = re.fullmatch(r"\[0-9\]\{(\d+)\}", pattern)
    if not digits:
        return (lambda s: s.str.fullmatch(pattern), f"the value must have the form {pattern}", _correct)
    width = int(digits[1])
    words = f"{_WORDS.get(width, width)} digits with leading zeros"

    def remedy(value: str) -> str:
        short = value.isascii() and value.isdigit() and len(value) < width
        return f"write {words}: {value.zfill(width)}" if short else f"write the code as {words}"

    return (lambda s: s.str.fullmatch(pattern), f"the code must have {words}", remedy)


def _fits(kind: str) -> Callable[[pd.Series], pd.Series]:
    if kind == "integer":
        return lambda s: s.str.fullmatch(r"[+-]?[0-9]{1,15}")
    if kind == "number":
        return lambda s: s.str.fullmatch(r"[+-]?[0-9]{1,15}([.][0-9]{1,15})?")
    if kind == "boolean":
        return lambda s: s.isin(raw.TRUE + raw.FALSE)
    return lambda s: pd.to_datetime(s, format="%Y-%m-%d", errors="coerce").notna() & (s.str.len() == 10)


def _numbers(cells: pd.Series) -> pd.Series:
    """Cells as numbers, NaN where a text is none; each text is read once, however many cells hold it."""
    places, texts = pd.factorize(cells, use_na_sentinel=False)
    return pd.Series(pd.to_numeric(texts, errors="coerce").take(places), cells.index)


def _correct(value: str) -> str:
    return "correct the value"
