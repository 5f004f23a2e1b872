"""The Region's list of grants of Misura 1 → ``misura1_projects``, its partners and its districts.

The list is shown against what the package holds before anything is written; what it leaves blank stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from helpers.data import raw, required
from helpers.errors import InputError, Problem
from helpers.imports import templates
from helpers.imports.draft import Draft, add_source, cite_source
from helpers.imports.grants_changes import AMOUNT, LINKS, LISTS, PARTNERS, TABLE, Change, apply
from helpers.imports.plan import ImportPlan
from helpers.imports.reading import Table, read_table
from helpers.imports.reading.layouts import load
from helpers.subjects.known_names import district_names, project_names
from helpers.subjects.strategy import M1_GRANTED_OVER, MISURA_1
from helpers.system.place_names import OTHER_NAME, Match, NameIndex, describe_repairs

COLUMNS = tuple(load("grants").columns)

#: How a replaced value is told; the list wins only if a person says so.
_REPLACE = "correct the list, or run the import again with --replace to take the list's value"
#: What names a project or a district.
_PROJECT = "a project_id (M1-01…), a lead town, a lead body, or a district of one project"
_ACCEPTED = {
    "project_id": _PROJECT,
    "capofila_town": _PROJECT,
    "districts": "codes, names or slugs of districts (`wecare districts` lists them); separate several with semicolons",
}


@dataclass
class Plan(ImportPlan):
    """What an import would do.

    Attributes
    ----------
    changes
        Each value that changes, in the order of the list.
    source_id
        Source of the new values.
    known, total_eur
        Projects with a known grant afterwards, and their sum in euro.
    """

    changes: list[Change] = field(default_factory=list)
    source_id: str = ""
    known: int = 0
    total_eur: Decimal = Decimal(0)


def template(path: Path, root: Path | None = None) -> int:
    """Write the list to fill in: the projects and their lead towns; returns how many.

    What we hold of titles, partners and districts is left out: part of it is derived, and would come back as sourced.

    Raises
    ------
    InputError
        If the file exists, or is neither ``.csv`` nor ``.xlsx``.
    """
    projects = raw.load(TABLE, root)
    blank = [""] * (len(COLUMNS) - 2)
    rows = [[row.project_id, row.capofila_town, *blank] for row in projects.itertuples()]
    widths = {"project_id": 11, "project_title": 48, AMOUNT: 22, "partners": 60, "districts": 24}
    about = {
        "project_id": "Codice del progetto, M1-01 … M1-22.",
        "capofila_town": "Comune del capofila; anche il nome del capofila.",
        "project_title": "Titolo del progetto.",
        AMOUNT: "Contributo concesso in euro, per esempio 250.000,50; vuoto se non si conosce.",
        "partners": "Partner, separati da punto e virgola.",
        "districts": "Distretti per nome o codice, separati da punto e virgola.",
    }
    templates.write(path, templates.Template(COLUMNS, rows, about, widths=widths))
    return len(rows)


def plan(
    path: Path,
    source: str,
    version: str | None = None,
    replace: bool = False,
    root: Path | None = None,
    sheet: str | None = None,
) -> Plan:
    """Read a list and work out what it changes; nothing is written.

    Parameters
    ----------
    path
        ``.csv`` or ``.xlsx`` with the columns of :data:`COLUMNS`; ``project_id`` or ``capofila_town`` names the
        project by its key, its lead town, its lead body, or a district that takes part in no other. Blank cells say
        nothing, partners and districts (code, name or slug) are separated by semicolons.
    source
        Address or title of the list, for the table of sources.
    version
        Its edition or date, as it says itself.
    replace
        Let the list win where it disagrees with a value that is known.
    sheet
        Name of the sheet, if several hold such a table.

    Raises
    ------
    InputError
        With everything that is wrong with the list, or that it disagrees with.
    """
    draft = Draft(root)
    listed = read_table(path, "grants", sheet, "list")
    problems: list[Problem] = []
    repaired: dict[str, dict[str, Match]] = {"projects": {}, "districts": {}}
    of = _projects_of(listed, draft, problems, repaired)
    wanted = {
        column: _values_wanted(column, listed, draft, problems, repaired)
        for column in ("project_title", AMOUNT, *_SETS)
    }
    if problems:
        raise InputError(problems)
    found = Plan(draft)
    _compare(found, listed, of, wanted, replace, problems)
    if problems:
        raise InputError(problems)
    if found.changes:
        found.source_id = add_source(draft, source)
        apply(draft, found.changes, found.source_id)
        title = "List of the grants of Misura 1" if any(c.field == AMOUNT for c in found.changes) else "Misura 1"
        cite_source(draft.resource(TABLE), f"{title}: {' '.join(source.split())}", source.strip(), version)
    found.add_tables(listed)
    for what, names in repaired.items():
        found.warnings += describe_repairs(f"names of {what}", names)
    _judge(found, root)
    return found


_SETS = ("partners", "districts")


def _projects_of(
    listed: Table, draft: Draft, problems: list[Problem], repaired: dict[str, dict[str, Match]]
) -> dict[int, str]:
    """Project of each row of the list; a row about none, several or one already told is a problem."""
    tables = (TABLE, LINKS, "comune_distretto", "districts", "enti_gestori_notes")
    names = project_names(*map(draft.cells, tables))
    towns = set(draft.cells(TABLE)["capofila_town"])
    found: dict[int, str] = {}
    for i, row in enumerate(listed.frame.to_dict("records")):
        code, town = row.get("project_id", ""), row.get("capofila_town", "")
        if not code and not town:
            rule, remedy = "the row says no project", "write its project_id (M1-01…) or its lead town"
            problems.append(Problem(listed.file, rule, remedy, listed.rows[i], "project_id"))
            continue
        told: dict[str, str | None] = {}
        for column, value in (("project_id", code), ("capofila_town", town)):
            match = _find(names, value, (listed, i, column), "no project of Misura 1 has this value", problems)
            told[column] = match.code if match else None
            if match and match.repairs and value not in towns:
                repaired["projects"][value] = match
        each = {project for project in told.values() if project}
        if len(each) == 2:
            rule = f"the lead town is that of {told['capofila_town']}, not of {told['project_id']}"
            problems.append(listed.problem(i, "capofila_town", rule, "correct the town or the project_id"))
        elif each and not (code and not told["project_id"]) and not (town and not told["capofila_town"]):
            project = each.pop()
            if project in found.values():
                first = listed.rows[next(j for j, other in found.items() if other == project)]
                column = "project_id" if code else "capofila_town"
                rule = f"the project {project} is in row {first} already"
                problems.append(listed.problem(i, column, rule, "keep one row of a project"))
            else:
                found[i] = project
    return found


def _find(
    names: NameIndex, value: str, place: tuple[Table, int, str], unknown: str, problems: list[Problem]
) -> Match | None:
    """What a value names; None if it is blank, or names none or several, which is a problem."""
    match = names.find(value)
    listed, i, column = place
    if match and match.code:
        return match
    if match:
        rule = f"{value!r} may be {' or '.join(match.codes)}"
        problems.append(listed.problem(i, column, rule, f"write {match.codes[0]} or the other that is meant"))
    elif value:
        near = [code if column == "districts" else name for code, name in names.near(value, 1)]
        remedy = f"write {', or '.join((*near, _ACCEPTED[column]))}"
        problems.append(listed.problem(i, column, unknown, remedy))
    return None


def _values_wanted(
    column: str, listed: Table, draft: Draft, problems: list[Problem], repaired: dict[str, dict[str, Match]]
) -> dict[int, Any]:
    """What the list says in a column, by row: text, or a tuple of names; blank cells say nothing."""
    if column not in listed.frame:
        return {}
    cells = {i: cell for i, cell in listed.frame[column].items() if cell}
    if column == "project_title":
        return {i: " ".join(cell.split()) for i, cell in cells.items()}
    if column == AMOUNT:
        remedy = "write digits, as 250000 or 250.000,50; leave it blank if unknown"
        amounts = listed.numbers(AMOUNT, remedy=remedy)
        below = amounts.str.startswith("-") | amounts.str.fullmatch(r".*\.[0-9]{3,}")
        listed.tell(below, AMOUNT, "the value is no amount in euro", remedy)
        problems += listed.problems
        return {i: amount for i, amount in amounts.items() if amount}
    parts = {
        i: tuple(dict.fromkeys(" ".join(p.split()) for p in cell.split(";") if p.strip())) for i, cell in cells.items()
    }
    if column == "partners":
        return parts
    districts = district_names(draft.cells("districts"))
    codes: dict[int, Any] = {}
    for i, names in parts.items():
        found = [
            _find(districts, name, (listed, i, column), f"there is no district {name!r}", problems) for name in names
        ]
        codes[i] = tuple(sorted({match.codes[0] for match in found if match}))
        repaired["districts"] |= {
            name: match for name, match in zip(names, found, strict=True) if match and set(match.repairs) - {OTHER_NAME}
        }
    return codes


def _compare(
    found: Plan,
    listed: Table,
    of: dict[int, str],
    wanted: dict[str, dict],
    replace: bool,
    problems: list[Problem],
) -> None:
    """List the changes; where the list disagrees with a known value, a problem unless it may replace it."""
    draft = found.draft
    projects = draft.cells(TABLE).set_index("project_id")
    partners, links = draft.cells(PARTNERS), draft.cells(LINKS)
    for i, project in of.items():
        own = {
            "project_title": projects.at[project, "project_title"],
            AMOUNT: projects.at[project, AMOUNT],
            "partners": tuple(partners.loc[partners["project_id"] == project, "partner"]),
            "districts": tuple(sorted(links.loc[links["project_id"] == project, "distretto_id"])),
        }
        for column, before in own.items():
            after = wanted[column].get(i)
            if after is None or _same(column, before, after):
                continue
            told = (before, after) if column not in _SETS else (LISTS.join(before), LISTS.join(after))
            if before and not replace:
                rule = f"the data package has another value for {project}: {told[0]!r}"
                problems.append(listed.problem(i, column, rule, _REPLACE))
            found.changes.append(Change(project, column, *told))
        confirmed = links[(links["project_id"] == project) & (links["status"] != "sourced")]
        if wanted["districts"].get(i) and wanted["districts"][i] == own["districts"] and len(confirmed):
            found.changes.append(
                Change(project, "districts_status", LISTS.join(confirmed["status"].unique()), "sourced")
            )


def _same(column: str, before: Any, after: Any) -> bool:
    if column == AMOUNT:
        return before != "" and Decimal(before) == Decimal(after)
    return set(before) == set(after) if column in _SETS else before == after


def _judge(found: Plan, root: Path | None) -> None:
    """Hold the grants, as they would be, against what is published of all of them."""
    cells = found.draft.cells(TABLE)
    known = {r["project_id"]: Decimal(r[AMOUNT]) for r in cells.to_dict("records") if r[AMOUNT]}
    found.known, found.total_eur = len(known), sum(known.values(), Decimal(0))
    measure = raw.load("measures", root).set_index("measure_id").loc[MISURA_1]
    low, high = Decimal(int(measure["grant_min_eur"])), Decimal(int(measure["grant_max_eur"]))
    # The bounds are published rounded to thousands.
    found.warnings += [
        f"{project}: {amount:,} euro is not between {low:,} and {high:,}, the smallest and largest grant published."
        for project, amount in known.items()
        if not low - 500 <= amount <= high + 500
    ]
    over, budget = Decimal(int(required.row(M1_GRANTED_OVER, root)["value"])), Decimal(int(measure["budget_eur"]))
    rest, told = len(cells) - len(known), f"The grants sum to {found.total_eur:,} euro"
    if found.total_eur + rest * low > budget:
        others = f", and at least {rest * low:,} for the other {rest}" if rest else ""
        found.warnings.append(f"{told}{others}: more than the {budget:,} of the call.")
    if known and found.total_eur + rest * high <= over:
        others = f", and at most {rest * high:,} for the other {rest}" if rest else ""
        found.warnings.append(f"{told}{others}: the Region says over {over:,}.")
    links = found.draft.cells(LINKS)
    if any(change.field.startswith("districts") for change in found.changes):
        for code, own in links.groupby("distretto_id")["project_id"]:
            if len(own) > 1:
                found.warnings.append(f"{code} would take part in {len(own)} projects: {', '.join(sorted(own))}.")
