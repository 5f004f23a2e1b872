"""A CSV table against its Table Schema: header, types, constraints."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from helpers.checks import texts
from helpers.checks.package import Package
from helpers.data import raw
from helpers.errors import Problem

EMPTY = "the cell is empty, and this column must be filled"
TWICE = "the value must appear once in the column"
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
    fields = {field["name"]: field for field in package.resources[table]["schema"]["fields"]}
    rules = {name: _rules(field) for name, field in fields.items()}
    schema = pa.DataFrameSchema(
        {name: pa.Column(checks=pa.Check(_keeps(field, rules[name]))) for name, field in fields.items()}
    )
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        return list(_problems(package, table, errors.failure_cases, rules))
    return []


def _keeps(field: dict, rules: list[Rule]) -> Callable[[pd.Series], pd.Series]:
    """Whether the cells of a column keep all its rules; each text is judged once, however many cells hold it."""
    limits = field.get("constraints", {})

    def keep(cells: pd.Series) -> pd.Series:
        places, texts = pd.factorize(cells)
        distinct = pd.Series(texts)
        blank = (distinct == "").to_numpy(dtype=bool)
        good = ~blank if limits.get("required") else np.ones_like(blank)
        for holds, _, _ in rules:
            good &= blank | holds(distinct).to_numpy(dtype=bool)
        kept = pd.Series(good.take(places), cells.index)
        return kept & ~(cells.duplicated() & (cells != "")) if limits.get("unique") else kept

    return keep


def _problems(package: Package, table: str, cases: pd.DataFrame, rules: dict[str, list[Rule]]) -> Iterator[Problem]:
    frame = package.texts[table].frame
    for case in cases.sort_values("index", kind="stable").itertuples():
        index, column = int(case.index), case.column
        package.flagged.add((table, index, column))
        value = frame[column].iloc[index]
        if not value:
            yield package.problem(table, EMPTY, "fill the cell", index, column)
            continue
        alone = pd.Series([value], dtype=frame[column].dtype)
        broken = ((words, remedy(value)) for holds, words, remedy in rules[column] if not holds(alone).all())
        yield package.problem(table, *next(broken, (TWICE, _correct(value))), index, column, value)


def _rules(field: dict) -> list[Rule]:
    """Rules that each cell of a column keeps by itself, the type first: one of the wrong type is told that alone."""
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
    """Cells as numbers, NaN where a text is none."""
    return pd.to_numeric(cells, errors="coerce")


def _correct(value: str) -> str:
    return "correct the value"
