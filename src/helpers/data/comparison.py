"""Two editions against each other: everything that a person, the command or a page wants to know of it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from helpers.data import editions, totals
from helpers.data.editions import Change, Edition


@dataclass(frozen=True)
class Comparison:
    """What changed.

    Attributes
    ----------
    changes
        The tables that differ.
    findings
        See :func:`helpers.data.totals.findings`.
    totals, moved
        Sums in all and of districts that differ: (``distretto_id``,) ``what``, ``old``, ``new``; missing: not known.
    districts
        Districts concerned, by rows or by figures: ``distretto_id``, ``name``, ``tables``, ``moved`` (boolean).
    """

    old: Edition
    new: Edition
    changes: list[Change]
    findings: pd.DataFrame
    totals: pd.DataFrame
    moved: pd.DataFrame
    districts: pd.DataFrame

    @property
    def severity(self) -> str | None:
        """The gravest of all differences; None if there is none."""
        return editions.worst(self.findings["severity"])


def compare(old: Edition, new: Edition) -> Comparison:
    """Compare two editions."""
    changes = editions.compare(old, new)
    if changes:
        sums, moved = totals.moved_totals(old, new), totals.moved_districts(old, new)
    else:
        sums = pd.DataFrame(columns=["what", "old", "new"])
        moved = pd.DataFrame(columns=["distretto_id", "what", "old", "new"])
    found = totals.findings(changes, sums, moved)
    return Comparison(old, new, changes, found, sums, moved, _districts(old, new, changes, moved))


def _districts(old: Edition, new: Edition, changes: list[Change], moved: pd.DataFrame) -> pd.DataFrame:
    tables = totals.find_touched(old, new, changes).set_index("distretto_id")["tables"]
    codes = sorted({*tables.index, *moved["distretto_id"]})
    names = {
        row.distretto_id: row.name
        for edition in (old, new)
        if "districts" in edition.tables
        for row in edition.tables["districts"].itertuples(index=False)
    }
    rows = [(c, names.get(c, c), tables.get(c, ""), c in set(moved["distretto_id"])) for c in codes]
    return pd.DataFrame(rows, columns=["distretto_id", "name", "tables", "moved"])
