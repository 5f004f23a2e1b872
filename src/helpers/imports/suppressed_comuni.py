"""ISTAT's list of suppressed comuni → ``comuni_changes``, for the comuni of Piedmont.

It tells which comuni ceased, not which were made of parts of others that stay: such rows of the table are kept.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from helpers.analysis.comuni_changes import SPLIT
from helpers.analysis.territory import REGION
from helpers.imports import changes, provinces
from helpers.imports.draft import Draft, cite_source
from helpers.imports.plan import ImportPlan
from helpers.imports.reading import Table, read_table
from helpers.system.plain_text import fold

SOURCE = "ISTAT, list of suppressed comuni"
ADDRESS = "https://www.istat.it/classificazione/codici-dei-comuni-delle-province-e-delle-regioni/"
#: Older changes are left out: no table of numbers by comune that is imported here goes so far back.
SINCE = dt.date(1991, 1, 1)
#: How a cell says that a comune was parted among several, and that it was not.
_YES, _NO = ("1", "x", "si", "vero", "true"), ("", "0", "no", "falso", "false")
_COLUMNS = ["old_istat", "new_istat", "date", "kind", "source", "note", "old_name", "new_name"]


@dataclass
class Plan(ImportPlan):
    """What an import would do.

    Attributes
    ----------
    rows
        Changes of Piedmont in the file, in the columns of ``comuni_changes``.
    added, replaced
        How many the table has not, and how many it has with other words or another day.
    kept
        How many stay that the file does not speak of.
    """

    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    added: int = 0
    replaced: int = 0
    kept: int = 0


def plan(path: Path, source: str | None = None, version: str | None = None, root: Path | None = None) -> Plan:
    """Read the list and work out what it changes; nothing is written.

    Parameters
    ----------
    path
        The list: a row for each comune that ceased and each comune that has its territory since.
    source
        Where it is from; ISTAT's page by default.
    version
        Edition or date of the file.

    Raises
    ------
    InputError
        If the list has another form, a code or day is none, or a change of Piedmont comes twice.
    """
    listed = read_table(path, "suppressed_comuni")
    draft = Draft(root)
    rows = _rows(listed, provinces.codes_of(draft.cells(provinces.TABLE), REGION))
    rows["source"] = f"{SOURCE} ({version})" if version else SOURCE
    before = draft.cells(changes.TABLE)
    keys = ["old_istat", "new_istat"]
    told = pd.MultiIndex.from_frame(before[keys]).isin(pd.MultiIndex.from_frame(rows[keys]))
    both = pd.concat([before[~told], rows], ignore_index=True).sort_values(keys, ignore_index=True)
    draft.write(changes.TABLE, both)
    same = before[told].merge(rows, on=_COLUMNS)
    found = Plan(draft, rows=rows, added=len(rows) - int(told.sum()), replaced=int(told.sum()) - len(same))
    found.kept = int((~told).sum())
    if draft.changed:
        cite_source(draft.resource(changes.TABLE), SOURCE, source or ADDRESS, version)
    found.warnings += _contradictions(before[~told], rows)
    found.add_tables(listed)
    return found


def _rows(listed: Table, own: set[str]) -> pd.DataFrame:
    """The changes of Piedmont, in the columns of ``comuni_changes``."""
    codes = pd.DataFrame({column: listed.codes(column) for column in ("istat", "new_istat")})
    elsewhere = ~codes["istat"].str[:3].isin(own) & ~codes["new_istat"].str[:3].isin(own)
    listed.leave_out(elsewhere & codes["istat"].str.fullmatch("[0-9]{6}"), "they are of other regions")
    days = listed.days("date")
    listed.tell(days == "", "date", "the day of the change is missing")
    listed.leave_out((days != "") & (days < SINCE.isoformat()), f"they happened before {SINCE.year}")
    frame, codes = listed.frame, codes.loc[listed.frame.index]
    for column in codes:
        listed.tell(~codes[column].str.fullmatch("[0-9]{6}"), column, "the code must have six digits")
    listed.tell(codes.duplicated(), "istat", "the change comes twice", "keep one row of each")
    part = frame["split"].map(fold) if "split" in frame else pd.Series("", index=frame.index)
    listed.tell(~part.isin([*_YES, *_NO]), "split", "the cell must be 1 for a comune that was parted, or blank")
    listed.stop_if_any()
    made = {
        "old_istat": codes["istat"],
        "new_istat": codes["new_istat"],
        "date": days.loc[frame.index],
        "kind": part.isin(_YES).map({True: SPLIT, False: "merger"}),
        "source": "",
        "note": frame["name"] + " → " + frame["new_name"],
        "old_name": frame["name"],
        "new_name": frame["new_name"],
    }
    return pd.DataFrame(made, columns=_COLUMNS).sort_values(["old_istat", "new_istat"], ignore_index=True)


def _contradictions(before: pd.DataFrame, rows: pd.DataFrame) -> list[str]:
    """Changes that stay in the table, and say of an old code something else than the list."""
    whole = before[before["kind"] != SPLIT].merge(rows, on="old_istat", suffixes=("", "_listed"))
    return [
        f"{old} became {new} in the table, and {listed} in the list: both stay, look at them."
        for old, new, listed in whole[["old_istat", "new_istat", "new_istat_listed"]].to_numpy()
    ]
