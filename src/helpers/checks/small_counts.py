"""Counts of people: each table of comuni says how it treats few of them, and keeps to it.

``people`` in its entry has a ``policy``. ``open``: the producer publishes every number, of one person too, as open
data. ``producer``: the producer has hidden small ones, and the rest is as published. ``threshold``: numbers below
``least`` stay blank, and others that would tell them. ``none``: no people are counted.
"""

from __future__ import annotations

import pandas as pd

from helpers.checks.package import Package
from helpers.data import raw
from helpers.data.package_form import POLICIES
from helpers.errors import Problem

#: What a cell says that counts so few that nobody would be hidden among them.
FEW = ("1", "2")


def check_small_counts(package: Package) -> list[Problem]:
    """Check the policy of every table of comuni with numbers, and hold tables with a threshold to it.

    Parameters
    ----------
    package
        The data package, each table already checked by itself.
    """
    found: list[Problem] = []
    for table, entry in package.resources.items():
        fields = entry["schema"]["fields"]
        numbers = [f["name"] for f in fields if f["type"] in ("integer", "number") and f["name"] not in ("year", "age")]
        policy = entry.get("people")
        if policy is None:
            whole = [f["name"] for f in fields if f["type"] == "integer" and f["name"] in numbers]
            frame = package.frame(table)
            if frame is not None and "istat" in frame and frame[whole].isin(FEW).any(axis=None):
                remedy = f'write {{"policy": …}} with one of {", ".join(POLICIES)} (data/raw/README.md tells them)'
                found.append(_problem(table, "it does not say how it treats counts of few people", remedy))
        elif policy["policy"] == "threshold":
            found += _entry(table, policy, numbers) or _cells(package, table, policy)
    return found


def _entry(table: str, policy: dict, numbers: list[str]) -> list[Problem]:
    if policy.get("least", 0) < 2 or not policy.get("columns"):
        remedy = "write least, the smallest number shown (2 or more), and columns"
        return [_problem(table, "a threshold needs a number and columns", remedy)]
    wrong = [name for name in policy["columns"] if name not in numbers]
    if policy.get("total", policy["columns"][0]) not in policy["columns"]:
        wrong.append(policy["total"])
    remedy = f"name some of {', '.join(numbers)}; the total is one of the columns"
    return [_problem(table, "there is no such column of numbers", remedy, name) for name in wrong]


def _cells(package: Package, table: str, policy: dict) -> list[Problem]:
    """Numbers that are shown although they speak of too few people, or tell one that is not shown."""
    frame = package.frame(table)
    if frame is None:
        return []
    counts = frame[policy["columns"]].apply(pd.to_numeric, errors="coerce")
    found = []
    for column in counts:
        few = (counts[column] > 0) & (counts[column] < policy["least"])
        rule = f"the number speaks of fewer than {policy['least']} people, the threshold of this table"
        remedy = f"leave the cell blank, or give the list to `wecare import table {table}`, which does"
        found += [
            package.problem(table, rule, remedy, i, column, frame[column][i])
            for i in package.find_unflagged(table, column, few)
        ]
    if total := policy.get("total"):
        for i in counts.index[counts.isna().sum(axis=1) == 1]:
            blank = str(counts.columns[counts.loc[i].isna()][0])
            rule = f"the only blank cell of a row follows from the others, because {total} is their sum"
            found.append(package.problem(table, rule, "leave another cell of the row blank too", int(i), blank))
    return found


def _problem(table: str, rule: str, remedy: str, value: object = None) -> Problem:
    return Problem(raw.label(raw.DESCRIPTOR), rule, remedy, None, f"resources.{table}.people", value)
