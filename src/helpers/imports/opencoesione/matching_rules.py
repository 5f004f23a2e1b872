"""Which rows of the feed belong to WE.CA.RE.: the table ``feed_rules.csv`` as conditions of SQL.

A rule is one row of the table or several with the same ``rule_id``, which must then hold together. ``pattern`` is a
regular expression (RE2) that must fit a whole value, or one value of a ``:::`` list, of one of the columns named. A
rule without a measure is never imported: it says which rows are shown as near.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import duckdb
import pandas as pd

from helpers.data import raw
from helpers.errors import InputError, Problem

TABLE = "feed_rules"
#: Literal patterns at least so long are looked for in the bytes before anything is parsed.
_NEEDLE = 8


class Rule(NamedTuple):
    """A rule: its id, the measure (None for a near one), and its conditions as (columns, pattern)."""

    rule_id: str
    measure_id: str | None
    conditions: tuple[tuple[tuple[str, ...], str], ...]


def load(root=None) -> list[Rule]:
    """Read the rules in the order of the table.

    Raises
    ------
    InputError
        If a pattern is no regular expression, or a rule names two measures.
    """
    return from_table(raw.load(TABLE, root))


def from_table(table: pd.DataFrame) -> list[Rule]:
    """Make rules of the rows of the table (columns ``rule_id``, ``column``, ``pattern``, ``measure_id``)."""
    problems = []
    with duckdb.connect() as connection:
        for i, pattern in enumerate(table["pattern"]):
            try:
                connection.execute("SELECT regexp_matches('', ?)", [_anchor(pattern)])
            except duckdb.Error as error:
                rule = f"the pattern is not a regular expression of RE2 ({str(error).splitlines()[0]})"
                where = {"row": i + 2, "column": "pattern", "value": pattern}
                problems.append(Problem(raw.label(f"{TABLE}.csv"), rule, "correct it", **where))
    rules = []
    for rule_id, rows in table.groupby("rule_id", sort=False):
        measures = set(rows["measure_id"].dropna())
        if len(measures) > 1:
            rule = f"the rule {rule_id} names several measures"
            where = {"row": int(rows.index[0]) + 2, "column": "measure_id", "value": ", ".join(sorted(measures))}
            problems.append(Problem(raw.label(f"{TABLE}.csv"), rule, "name one", **where))
        conditions = tuple((tuple(row.column), row.pattern) for row in rows.itertuples())
        rules.append(Rule(str(rule_id), next(iter(measures), None), conditions))
    if problems:
        raise InputError(problems)
    return rules


def needles(rules: list[Rule]) -> tuple[bytes, ...]:
    """Texts one of which every matching row holds; none if a rule has no literal condition, so all rows are parsed."""
    found = []
    for rule in rules:
        literal = [p for _, p in rule.conditions if len(p) >= _NEEDLE and re.fullmatch(r"[\w ]+", p)]
        if not literal:
            return ()
        found.append(max(literal, key=len).encode())
    return tuple(dict.fromkeys(found))


def unusable(rules: list[Rule], columns: tuple[str, ...], file: str) -> list[Problem]:
    """Rules that cannot be asked of a file, because it has none of the columns of a condition."""
    remedy = f"name a column of this edition in {raw.label(f'{TABLE}.csv')}"
    return [
        Problem(file, f"the column that rule {rule.rule_id} looks into is missing", remedy, 1, " or ".join(named))
        for rule in rules
        for named, _ in rule.conditions
        if not any(column in columns for column in named)
    ]


def condition(rule: Rule, columns: dict[str, str]) -> str:
    """SQL that holds for the rows of a rule; ``columns`` tells the SQL name of each column of the file."""
    return " AND ".join(
        "("
        + " OR ".join(f"coalesce(regexp_matches({columns[name]}, {_quote(_anchor(pattern))}), false)" for name in named)
        + ")"
        for named, pattern in _present(rule, columns)
    )


def shortcut(rules: list[Rule], columns: dict[str, str]) -> tuple[str, str] | None:
    """A column into which every rule looks alone, and SQL that holds for its values that any rule fits; None if none.

    Rows with other values need not be looked at further.
    """
    own = [{named[0]: pattern for named, pattern in _present(rule, columns) if len(named) == 1} for rule in rules]
    shared = [name for name in own[0] if all(name in found for found in own)] if own else []
    if not shared:
        return None
    column = columns[shared[0]]
    fits = [f"regexp_matches({column}, {_quote(_anchor(pattern))})" for pattern in {o[shared[0]] for o in own}]
    return column, " OR ".join(sorted(fits))


def _present(rule: Rule, columns: dict[str, str]) -> list[tuple[list[str], str]]:
    return [([name for name in named if name in columns], pattern) for named, pattern in rule.conditions]


def _anchor(pattern: str) -> str:
    return rf"(?s)(?:^|:::)\s*(?:{pattern})\s*(?:$|:::)"


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
