"""Reads the optional tables of the official feed, through ``raw.py``, and ties its projects to districts."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.analysis import project_districts
from helpers.analysis.spending import Feed
from helpers.data import raw, totals
from helpers.data.read_log import kept

#: The tables an import of the feed makes; only the first must be there.
TABLES: tuple[str, ...] = ("projects", "project_places", "project_parties", "payments")

#: What ties rest on besides.
TIED_BY: tuple[str, ...] = ("comune_distretto", "districts", "comuni_changes")

#: Columns of the tables that may be missing.
_COLUMNS = {
    "project_places": ["project_ref", "level", "istat"],
    "project_parties": ["project_ref", "role", "name", "seat_istat"],
    "comuni_changes": list(totals.NO_CHANGES.columns),
}


def sources(root: Path | None = None) -> list[str]:
    """Raw tables that the feed rests on; none if it has not been imported."""
    if not raw.available(TABLES[0], root):
        return []
    return [name for name in (*TABLES, *TIED_BY) if raw.available(name, root)]


def load(root: Path | None = None) -> Feed | None:
    """The feed with its ties; None if nothing has been imported."""
    if not raw.available(TABLES[0], root):
        return None
    return _load(root, tuple(raw.fingerprint_of(name, root) for name in sources(root)))


@kept(maxsize=2)
def _load(root: Path | None, contents: tuple) -> Feed:
    projects = raw.load("projects", root)
    payments = _table("payments", root, ["project_ref", "date", "paid_eur"])
    tied = project_districts.tie(
        projects,
        _table("project_places", root),
        _table("project_parties", root),
        raw.load("comune_distretto", root),
        raw.load("districts", root),
        _table("comuni_changes", root),
    )
    return Feed(projects, payments, tied)


def _table(name: str, root: Path | None, columns: list[str] | None = None) -> pd.DataFrame:
    if raw.available(name, root):
        return raw.load(name, root)
    return pd.DataFrame(columns=columns or _COLUMNS[name], dtype="str")
