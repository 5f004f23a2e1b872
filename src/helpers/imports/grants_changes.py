"""Values that a list of grants brings, written into the tables of Misura 1."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from helpers.imports.draft import Draft
from helpers.system.id_lists import join_ids

TABLE, PARTNERS, LINKS = "misura1_projects", "misura1_partners", "district_projects"
AMOUNT = "amount_granted_eur"

#: Between the parts of a value that is a list.
LISTS = "; "


@dataclass(frozen=True)
class Change:
    """One value the list brings: of which project, in which field, from what (blank: not known) to what."""

    project_id: str
    field: str
    before: str
    after: str


def apply(draft: Draft, changes: Iterable[Change], new: str) -> None:
    """Write changes into the draft, each row with the source ``new`` among its sources."""
    projects = draft.cells(TABLE).set_index("project_id", drop=False)
    partners, links = draft.cells(PARTNERS), draft.cells(LINKS)
    for change in changes:
        key = change.project_id
        if change.field in ("project_title", AMOUNT):
            projects.at[key, change.field] = change.after
            if change.field == "project_title":
                projects.at[key, "title_status"] = "sourced"
            projects.at[key, "source_ids"] = join_ids(projects.at[key, "source_ids"], [new])
        elif change.field == "partners":
            partners = _with_partners(partners, key, change.after.split(LISTS), new)
        else:
            names = change.after.split(LISTS) if change.field == "districts" else None
            links = _with_links(links, key, names, new)
    for table, frame in ((TABLE, projects), (PARTNERS, partners), (LINKS, links)):
        draft.write(table, frame)


def _with_partners(partners: pd.DataFrame, project: str, names: list[str], source_id: str) -> pd.DataFrame:
    mine = partners["project_id"] == project
    before = partners[mine].set_index("partner").to_dict("index")
    rows = []
    for name in names:
        known = before.get(name, {"kind": "", "confidence": "single source", "source_ids": ""})
        ids = join_ids(known["source_ids"], [source_id])
        rows.append(known | {"project_id": project, "partner": name, "source_ids": ids})
    return _in_order(pd.concat([partners[~mine], pd.DataFrame(rows)], ignore_index=True), "project_id")


def _with_links(links: pd.DataFrame, project: str, codes: list[str] | None, source_id: str) -> pd.DataFrame:
    mine = links["project_id"] == project
    before = links[mine].set_index("distretto_id").to_dict("index")
    rows = []
    for code in codes if codes is not None else list(before):
        known = before.get(code, {"source_ids": "", "note": ""})
        ids = join_ids(known["source_ids"], [source_id])
        rows.append(known | {"project_id": project, "distretto_id": code, "status": "sourced", "source_ids": ids})
    return _in_order(pd.concat([links[~mine], pd.DataFrame(rows)], ignore_index=True), "distretto_id")


def _in_order(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    return frame.sort_values(column, kind="stable", ignore_index=True)
