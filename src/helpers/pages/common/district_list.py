"""The districts at a glance, for who asks the command for them."""

from __future__ import annotations

import pandas as pd

from helpers.data import processed, raw
from helpers.pages.common.facts import boundary_status


def district_list() -> pd.DataFrame:
    """The districts at a glance: ``code``, ``slug``, ``name``, ``comuni``, ``residents``, and comuni by status."""
    comuni, rows = processed.load("comuni"), []
    for row in raw.load("districts").itertuples():
        own = comuni[comuni["distretto_id"] == row.distretto_id]
        status = {name: part["n"] for name, part in boundary_status(own).items()}
        listed = {"code": row.distretto_id, "slug": row.slug, "name": row.name, "comuni": len(own)}
        rows.append(listed | {"residents": int(own["residents"].sum())} | status)
    return pd.DataFrame(rows)
