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
from helpers.subjects.known_names import body_names, comuni_names, district_names
from helpers.system.place_names import Match, NameIndex, describe_repairs, restore_code
from helpers.system.plain_text import words

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
        ``.csv`` or ``.xlsx`` with the columns of ``comune_distretto``; ``istat`` or ``comune``, ``ente_gestore`` and
        ``distretto_id`` (code, name or slug) must be there. A table without a status is taken for sourced.
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
    before, names = draft.cells(TABLE), comuni_names(draft.cells("comuni"), draft.cells("provinces"))
    table = listed.frame.copy()
    problems: list[Problem] = []
    found = Plan(draft)
    _codes(table, listed, names, found, problems)
    _names(table, listed, names, found, problems)
    districts = district_names(draft.cells("districts"))
    _others(table, listed, "distretto_id", districts, "districts", found, problems)
    bodies = body_names(draft.cells("enti_gestori"), draft.cells("enti_gestori_notes"))
    _others(table, listed, "ente_gestore", bodies, "enti gestori", found, problems)
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
    _compare(found, before, table, names, root)
    entry = draft.resource(TABLE)
    if source and draft.changed:
        cite_source(entry, f"Table of the districts: {' '.join(source.split())}", source.strip(), version)
    if (table["status"] == "sourced").all():
        entry["description"] = _DESCRIPTION
        entry.pop("usageWarnings", None)
    return found


def _codes(table: pd.DataFrame, listed: Table, names: NameIndex, found: Plan, problems: list) -> None:
    """Codes that a spreadsheet took the zeros of, or that are blank, where the name of the comune bears them out."""
    table["istat"] = table.get("istat", "")
    table["comune"] = table.get("comune", "")
    if not (table["istat"] + table["comune"]).any():
        remedy = "give the table a column istat, or comune"
        raise InputError([Problem(listed.file, "no column says which comune a row is about", remedy, row=1)])
    restored = 0
    for i in table.index[~table["istat"].str.fullmatch("[0-9]{6}")]:
        cell, name = table.at[i, "istat"], table.at[i, "comune"]
        code = restore_code(cell)
        if not cell and name and (match := names.find(name)):
            if match.code:
                table.at[i, "istat"] = match.code
            else:
                problems.append(listed.problem(i, "comune", f"the name may be {match.name}", "write the code too"))
        elif code and name and names.fits(name, code):
            table.at[i, "istat"] = code
            restored += 1
        elif cell or not name:
            rule, hint = "the code must have six digits with leading zeros", f": {code}" if code else ""
            problems.append(_problem(listed, i, "istat", rule, f"write them{hint}"))
        else:
            near = " or ".join(found for _, found in names.near(name))
            problems.append(listed.problem(i, "comune", "no comune has this name", f"write {near or 'its code'}"))
    if restored:
        found.warnings.append(
            f"{restored:,} codes had lost their leading zeros; the names of the comuni bear them out."
        )
    for i in table.index[table["istat"].duplicated() & table["istat"].str.fullmatch("[0-9]{6}")]:
        first = listed.rows[table.index[table["istat"] == table.at[i, "istat"]][0]]
        rule = f"the comune is in row {first} already: every comune is in one district"
        problems.append(_problem(listed, i, "istat", rule, "keep one of the rows"))


def _names(table: pd.DataFrame, listed: Table, names: NameIndex, found: Plan, problems: list) -> None:
    """Names must be those of the codes, so that a row shifted by one is not taken for the comune below."""
    repaired: dict[str, Match] = {}
    for i, code, name in table[["istat", "comune"]].itertuples():
        due = names.names.get(code)
        if due is None or name == due:
            continue
        match = names.fits(name, code) if name else None
        if name and match is None:
            problems.append(
                listed.problem(i, "comune", f"{code} is the code of {due}", f"write {due}, or correct the code")
            )
        elif match and match.repairs:
            repaired[name] = match
        table.at[i, "comune"] = due
    found.warnings += describe_repairs("names of comuni", repaired)


def _others(
    table: pd.DataFrame,
    listed: Table,
    column: str,
    names: NameIndex,
    what: str,
    found: Plan,
    problems: list,
) -> None:
    """Put the key in place of whatever names a district or an ente gestore; what names none is left to the checks."""
    repaired: dict[str, Match] = {}
    for i, cell in table[column].items():
        match = names.find(cell)
        if match and match.code:
            table.at[i, column] = match.code
            if cell != match.code:
                repaired[cell] = match
        elif match:
            rule = f"the name may be {match.name}"
            problems.append(listed.problem(i, column, rule, "write which of them is meant"))
        elif column == "distretto_id" and any(len(word) > 3 for word in words(cell)):
            near = [f"{name} ({code})" for code, name in names.near(cell, 1)]
            remedy = f"write {', or '.join((*near, 'the code, name or slug of a district'))}"
            problems.append(listed.problem(i, column, "there is no such district", remedy))
    if repaired and column == "distretto_id":
        found.warnings.append(f"{len(repaired)} districts are given by name or slug; their codes are written.")
    found.warnings += describe_repairs(f"names of {what}", repaired)


def _problem(listed: Table, i: int, column: str, rule: str, remedy: str) -> Problem:
    """A problem of a cell, also of a column that the table does not have."""
    if column in listed.frame:
        return listed.problem(i, column, rule, remedy)
    return Problem(listed.file, rule, remedy, listed.rows[i], column)


def _sources(table: pd.DataFrame, listed: Table, source: str | None, problems: list) -> None:
    blank = [column for column in _CITED if column not in table or (table[column] == "").any()]
    if blank and not source:
        rule = f"rows without {blank[0]} need a source"
        problems.append(
            Problem(listed.file, rule, 'give the act with --source, as --source "D.G.R. 21-8447"', None, blank[0])
        )


def _compare(found: Plan, before: pd.DataFrame, after: pd.DataFrame, names: NameIndex, root: Path | None) -> None:
    people = raw.load("population", root)
    residents = people[["female", "male"]].sum(axis=1).groupby(people["istat"]).sum()
    old, new = before.set_index("istat"), after.drop_duplicates("istat").set_index("istat")
    both = old.index.intersection(new.index)
    moved = both[old.loc[both, "distretto_id"] != new.loc[both, "distretto_id"]]
    found.moves = sorted(
        (
            Move(code, names.names.get(code, ""), old.at[code, "distretto_id"], new.at[code, "distretto_id"],
                 int(residents.get(code, 0)))
            for code in moved
        ),
        key=lambda move: (-move.residents, move.istat),
    )  # fmt: skip
    found.bodies = int((old.loc[both, "ente_gestore"] != new.loc[both, "ente_gestore"]).sum())
    were, are = before["status"].value_counts(), after["status"].value_counts()
    every = dict.fromkeys([*were.index, *are.index])
    found.status = {name: (int(were.get(name, 0)), int(are.get(name, 0))) for name in every}
