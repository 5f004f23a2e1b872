"""The table of the districts, comune by comune → ``comune_distretto``, in place of our reconstruction."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from helpers.data import raw
from helpers.errors import InputError, Problem
from helpers.imports import templates
from helpers.imports.draft import Draft, add_source, cite_source, reword_for_file
from helpers.imports.plan import ImportPlan
from helpers.imports.reading import Table, read_table
from helpers.imports.reading.layouts import load

TABLE = "comune_distretto"
#: What a table that does not say so is taken for: published by who decides, in the source that is given.
_GIVEN = {"status": "sourced", "status_ente": "sourced"}
_CITED = ("source_ids", "source_ids_ente")
_DESCRIPTION = (
    "The 30 districts comune by comune: the ente gestore and the district of each, how that is known, and from which "
    "source."
)


@dataclass(frozen=True)
class Move:
    """A comune that changes district: code, name, districts before and after, residents."""

    istat: str
    name: str
    before: str
    after: str
    residents: int


@dataclass
class Plan(ImportPlan):
    """What an import would do.

    Attributes
    ----------
    moves
        Comuni that change district, the most populous first.
    bodies
        How many comuni change their ente gestore.
    status
        Comuni by status before and after, as ``sourced``: (426, 1181).
    """

    moves: list[Move] = field(default_factory=list)
    bodies: int = 0
    status: dict[str, tuple[int, int]] = field(default_factory=dict)


def template(path: Path, root: Path | None = None) -> int:
    """Write the table as it is, with how sure each row is, as a list to correct; returns how many comuni.

    Raises
    ------
    InputError
        If the file exists, or is neither ``.csv`` nor ``.xlsx``.
    """
    resource = raw.resource(TABLE, root)
    fields = resource["schema"]["fields"]
    columns = [found["name"] for found in fields]
    rows = raw.read_text(resource, root).frame[columns].to_numpy().tolist()
    choices = {
        "ente_gestore": raw.load("enti_gestori", root)["ente_gestore"].tolist(),
        "distretto_id": raw.load("districts", root)["distretto_id"].tolist(),
        "status": list(next(f["constraints"]["enum"] for f in fields if f["name"] == "status")),
    }
    about = {found["name"]: found.get("description", "") for found in fields}
    widths = {"istat": 9, "ente_gestore": 48, "rule": 40}
    templates.write(path, templates.Template(columns, rows, about, choices, widths))
    return len(rows)


def plan(
    path: Path,
    source: str | None = None,
    version: str | None = None,
    root: Path | None = None,
    sheet: str | None = None,
) -> Plan:
    """Read a table of the districts and work out what it changes; nothing is written.

    Parameters
    ----------
    path
        ``.csv`` or ``.xlsx`` with the columns of ``comune_distretto``; ``istat``, ``ente_gestore`` and
        ``distretto_id`` must be there. A table without a status is taken for sourced.
    source
        Address or title of the table; needed unless its rows have ``source_ids``.
    version
        Its edition or date, as it says itself.
    sheet
        Name of the sheet, if several hold such a table.

    Raises
    ------
    InputError
        With everything that is wrong with the list by itself. What is wrong with the package it would make,
        as a comune without a district, is told by ``draft.commit(plan.reword)``.
    """
    draft = Draft(root)
    fields = [found["name"] for found in draft.resource(TABLE)["schema"]["fields"]]
    listed = read_table(path, load("mapping").with_columns(fields), sheet, "list")
    before, comuni = draft.cells(TABLE), draft.cells("comuni").set_index("istat")["name"]
    table = listed.frame.copy()
    problems: list[Problem] = []
    found = Plan(draft)
    _codes(table, listed, comuni, found, problems)
    _names(table, listed, comuni, problems)
    _sources(table, listed, source, problems)
    if problems:
        raise InputError(problems)
    if source:
        cited = add_source(draft, source)
        for column in _CITED:
            table[column] = table[column].where(table[column] != "", cited) if column in table else cited
    for column, status in _GIVEN.items():
        table[column] = table[column].where(table[column] != "", status) if column in table else status
    table = table.reindex(columns=fields, fill_value="")
    order = table["istat"].sort_values(kind="stable").index
    table = table.loc[order].reset_index(drop=True)
    found.reword = reword_for_file(
        listed.file, raw.label(draft.resource(TABLE)["path"]), [listed.rows[i] for i in order]
    )
    found.add_tables(listed)
    draft.write(TABLE, table)
    _compare(found, before, table, comuni, root)
    entry = draft.resource(TABLE)
    if source and draft.changed:
        cite_source(entry, f"Table of the districts: {' '.join(source.split())}", source.strip(), version)
    if (table["status"] == "sourced").all():
        entry["description"] = _DESCRIPTION
        entry.pop("usageWarnings", None)
    return found


def _codes(table: pd.DataFrame, listed: Table, comuni: pd.Series, found: Plan, problems: list) -> None:
    """Give codes back the zeros that a spreadsheet took, where the name of the comune bears it out."""
    short = table["istat"].str.fullmatch("[0-9]{1,5}")
    padded = table["istat"].str.zfill(6)
    named = table["comune"] if "comune" in table else pd.Series("", index=table.index)
    sure = short & (padded.map(comuni).fillna("") == named) & (named != "")
    table.loc[sure, "istat"] = padded[sure]
    if sure.any():
        found.warnings.append(
            f"{sure.sum():,} codes had lost their leading zeros; the names of the comuni bear them out."
        )
    for i in table.index[~table["istat"].str.fullmatch("[0-9]{6}")]:
        hint = f": {padded[i]}" if short[i] else ""
        problems.append(
            listed.problem(i, "istat", "the code must have six digits with leading zeros", f"write them{hint}")
        )
    for i in table.index[table["istat"].duplicated() & table["istat"].str.fullmatch("[0-9]{6}")]:
        first = listed.rows[table.index[table["istat"] == table.at[i, "istat"]][0]]
        rule = f"the comune is in row {first} already: every comune is in one district"
        problems.append(listed.problem(i, "istat", rule, "keep one of the rows"))


def _names(table: pd.DataFrame, listed: Table, comuni: pd.Series, problems: list) -> None:
    """Names must be those of the codes, so that a row shifted by one is not taken for the comune below."""
    due = table["istat"].map(comuni)
    if "comune" not in table:
        table["comune"] = due.fillna("")
        return
    for i in table.index[due.notna() & (table["comune"] != "") & (table["comune"] != due.fillna(""))]:
        if table.at[i, "comune"].casefold() != due[i].casefold():
            rule = f"{table.at[i, 'istat']} is the code of {due[i]}"
            problems.append(listed.problem(i, "comune", rule, f"write {due[i]}, or correct the code"))
    table["comune"] = due.fillna(table["comune"])


def _sources(table: pd.DataFrame, listed: Table, source: str | None, problems: list) -> None:
    blank = [column for column in _CITED if column not in table or (table[column] == "").any()]
    if blank and not source:
        rule = f"rows without {blank[0]} need a source"
        problems.append(
            Problem(listed.file, rule, 'give the act with --source, as --source "D.G.R. 21-8447"', None, blank[0])
        )


def _compare(found: Plan, before: pd.DataFrame, after: pd.DataFrame, comuni: pd.Series, root: Path | None) -> None:
    people = raw.load("population", root)
    residents = people[["female", "male"]].sum(axis=1).groupby(people["istat"]).sum()
    old, new = before.set_index("istat"), after.drop_duplicates("istat").set_index("istat")
    both = old.index.intersection(new.index)
    moved = both[old.loc[both, "distretto_id"] != new.loc[both, "distretto_id"]]
    found.moves = sorted(
        (
            Move(code, comuni.get(code, ""), old.at[code, "distretto_id"], new.at[code, "distretto_id"],
                 int(residents.get(code, 0)))
            for code in moved
        ),
        key=lambda move: (-move.residents, move.istat),
    )  # fmt: skip
    found.bodies = int((old.loc[both, "ente_gestore"] != new.loc[both, "ente_gestore"]).sum())
    were, are = before["status"].value_counts(), after["status"].value_counts()
    names = dict.fromkeys([*were.index, *are.index])
    found.status = {name: (int(were.get(name, 0)), int(are.get(name, 0))) for name in names}
