"""What the page on differences between editions shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.data import comparison, raw, snapshots
from helpers.data.comparison import Comparison

#: Rows and cells listed per comparison before the rest is only counted.
LISTED = 200

#: Longest text listed.
LONGEST = 160

ROWS = ["table", "what", "key", "column", "old", "new"]


@dataclass(frozen=True)
class ChangesInputs:
    """Everything the page on differences shows; the rows of each frame have the number of their ``part``.

    Attributes
    ----------
    facts
        ``n_editions``, and ``parts``, one per comparison: ``kind`` (``edition`` or ``feed``), ``name``, ``old`` and
        ``new`` with version and date, ``severity``, and counts.
    findings, totals, moved, districts
        Those of :class:`helpers.data.comparison.Comparison`, the districts with their ``slug``.
    rows
        The columns :data:`ROWS`, at most :data:`LISTED` per part.
    """

    facts: dict[str, Any]
    findings: pd.DataFrame
    totals: pd.DataFrame
    moved: pd.DataFrame
    districts: pd.DataFrame
    rows: pd.DataFrame


def changes_inputs() -> ChangesInputs:
    """The data at hand against the last edition kept, and feeds against the editions they replaced."""
    previous = snapshots.previous()
    pairs = [] if previous is None else [("edition", "", previous, snapshots.read())]
    pairs += [("feed", name, old, new) for name, old, new in snapshots.feeds()]
    compared = [(kind, name, comparison.compare(old, new)) for kind, name, old, new in pairs]
    tables: dict[str, list[pd.DataFrame]] = {"findings": [], "totals": [], "moved": [], "districts": [], "rows": []}
    parts = []
    slugs = raw.load("districts").set_index("distretto_id")["slug"]
    for n, (kind, name, found) in enumerate(compared):
        rows = _rows(found)
        districts = found.districts.assign(slug=found.districts["distretto_id"].map(slugs))
        own = {"findings": found.findings, "totals": found.totals, "moved": found.moved, "districts": districts}
        for key, table in {**own, "rows": rows.head(LISTED)}.items():
            tables[key].append(table.assign(part=n))
        parts.append(
            {
                "kind": kind,
                "name": name,
                "old": {"version": found.old.version, "date": found.old.date},
                "new": {"version": found.new.version, "date": found.new.date},
                "severity": found.severity,
                "n_tables": len(found.changes),
                "n_districts": len(found.districts),
                "n_rows": len(rows),
                "n_listed": min(len(rows), LISTED),
            }
        )
    facts = {"parts": parts, "n_editions": len(raw.load("editions"))}
    joined = {key: pd.concat(held, ignore_index=True) if held else pd.DataFrame() for key, held in tables.items()}
    return ChangesInputs(facts, **joined)


def _rows(found: Comparison) -> pd.DataFrame:
    """Rows added and removed, whole, and cells that differ: the columns :data:`ROWS`, all text."""
    rows = []
    for change in found.changes:
        for what, held in (("removed", change.removed), ("added", change.added)):
            for row in held.to_dict("records"):
                key = " · ".join(str(row[column]) for column in change.key if column in row)
                text = "; ".join(f"{c}: {v}" for c, v in row.items() if c not in change.key and v != "")
                rows.append(
                    (change.table, what, key, "", text if what == "removed" else "", text if what == "added" else "")
                )
                if len(rows) > 50 * LISTED:
                    break
        for key, column, old, new in change.cells.itertuples(index=False):
            rows.append((change.table, "changed", " · ".join(map(str, key[:-1])), column, old, new))
    table = pd.DataFrame(rows, columns=ROWS, dtype="object")
    for column in ("key", "old", "new"):
        table[column] = table[column].map(_short)
    return table


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
