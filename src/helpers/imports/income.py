"""Incomes declared for IRPEF by comune (Ministry of Economy and Finance) → the table ``income``.

Headers drift from year to year, so columns are found by what they say. A blank cell is a number that is not published
because it speaks of too few people: it stays blank, and a sum that lacks a part is not known.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from helpers.analysis.comuni_changes import Matched
from helpers.errors import InputError, Problem
from helpers.imports import by_comune, changes, italy
from helpers.imports.draft import Draft
from helpers.imports.plan import ImportPlan, years_named
from helpers.imports.reading import LISTED, Table, read_table

TABLE = "income"

#: Numbers of a comune, in the order of the table.
NUMBERS = (
    "taxpayers", "taxable_n", "taxable_eur", "total_n", "total_eur", "employment_n", "employment_eur", "pension_n",
    "pension_eur", "under_10000_n", "under_10000_eur",
)  # fmt: skip


@dataclass
class Plan(ImportPlan):
    """What an import would do.

    Attributes
    ----------
    year
        Tax year of the file.
    years
        Tax years the table holds afterwards.
    comuni, known
        Comuni of Piedmont in the file, and those whose taxable income is published.
    columns
        Heading of the file that each column of ours was taken from.
    """

    year: int = 0
    years: list[int] = field(default_factory=list)
    comuni: int = 0
    known: int = 0
    columns: dict[str, str] = field(default_factory=dict)


def plan(
    path: Path,
    source: str | None = None,
    year: int | None = None,
    root: Path | None = None,
    draft: Draft | None = None,
    sheet: str | None = None,
) -> Plan:
    """Read a file and work out what it changes; nothing is written.

    Parameters
    ----------
    path
        ``Redditi_e_principali_variabili_IRPEF_su_base_comunale_CSV_<year>.csv``, or the same in another container.
    source
        Address the file is from; the Ministry's page by default.
    year
        Tax year, if the file has no column that says it.
    draft
        Changes to add to, as of other years; the package as it is by default.
    sheet
        Name of the sheet, if several hold such a table.

    Raises
    ------
    InputError
        If a needed column is missing, a number is none, a comune comes twice, or one of Piedmont is not ours.
    """
    listed = read_table(path, "irpef", sheet)
    draft = draft or Draft(root)
    warnings: list[str] = []
    others = italy.sum_up(listed, draft, {column: column for column in italy.declared(TABLE)}, warnings)
    own = _own_rows(listed, draft)
    headings = {column: listed.found.headings[place] for column, place in listed.found.places.items()}
    found = Plan(draft, warnings, year=_year(own, path.name, year), columns=headings)
    comuni = draft.cells("comuni").set_index("istat")["name"].to_dict()
    names = dict(zip(own["istat"], own["name"], strict=True)) if "name" in own else {}
    # Returns of a tax year are filed in the year after, and a comune is the one of the end of that year.
    day = dt.date(found.year + 1, 12, 31)
    matched = changes.match_codes(draft, path.name, set(own["istat"]), names, missing=False, day=day)
    missing = {code: comuni[code] for code in matched.missing}
    found.warnings += changes.tell(matched, comuni, names)
    listed.leave_out(own["istat"].isin(matched.unplaced), "comuni whose numbers cannot be given to one of ours")
    _write(found, own.loc[listed.frame.index], matched, day, source)
    italy.write(draft, TABLE, found.year, others)
    _judge(found, missing)
    found.add_tables(listed)
    return found


def plan_years(
    paths: Sequence[Path], source: str | None = None, year: int | None = None, root: Path | None = None
) -> list[Plan]:
    """Read files of several tax years; the plans are on one draft, the last one knows all years.

    Raises
    ------
    InputError
        With everything that is wrong with any file.
    """
    draft = Draft(root)
    plans, problems = [], []
    for path in paths:
        try:
            plans.append(plan(path, source, year, root, draft))
        except InputError as error:
            problems += error.problems
    twice = [
        path.name for path, found in zip(paths, plans, strict=False) if [p.year for p in plans].count(found.year) > 1
    ]
    if not problems and twice:
        problems.append(Problem(", ".join(twice), "several files are of one tax year", "give one file of each year"))
    if problems:
        raise InputError(problems)
    return plans


def _own_rows(listed: Table, draft: Draft) -> pd.DataFrame:
    """The rows of Piedmont's comuni: numbers whole, or blank; counts not negative."""
    own = by_comune.own_rows(listed, draft)
    for column in [name for name in NUMBERS if name in own]:
        own[column] = listed.numbers(column, whole=True)
        if not column.endswith("_eur"):
            listed.tell(own[column].str.startswith("-"), column, "a count is not negative")
    listed.stop_if_any()
    return own


def _year(own: pd.DataFrame, file: str, given: int | None) -> int:
    years = {int(cell) for cell in own["year"] if re.fullmatch("[0-9]{4}", cell)} if "year" in own else set()
    if not years:
        years = set(years_named(file)[-1:])
    years |= {given} if given else set()
    if len(years) == 1:
        return years.pop()
    rule = f"the tax years differ: {', '.join(map(str, sorted(years)))}" if years else "nothing says the tax year"
    remedy = "import one year at a time" if years else "give it with --year"
    raise InputError([Problem(file, rule, remedy, None, "year")])


def _write(found: Plan, own: pd.DataFrame, matched: Matched, day: dt.date, source: str | None) -> None:
    draft = found.draft
    table = by_comune.sum_up(own.reindex(columns=list(NUMBERS), fill_value=""), own["istat"], matched.renamed)
    by_comune.write_year(draft, TABLE, table, found.year, matched, day)
    found.years = sorted(int(year) for year in draft.cells(TABLE)["year"].unique())
    found.comuni, found.known = len(table), int((table["taxable_eur"] != "").sum())
    entry = draft.resource(TABLE)
    if source:
        entry["sources"][0]["path"] = source
    entry["sources"][0]["version"] = f"tax years {', '.join(map(str, found.years))}"


def _judge(found: Plan, missing: dict[str, str]) -> None:
    if missing:
        shown = ", ".join(f"{code} {name}" for code, name in list(missing.items())[:LISTED])
        more = f" and {len(missing) - LISTED:,} more" if len(missing) > LISTED else ""
        found.warnings.append(f"{len(missing):,} comuni have no row, so their incomes are not known: {shown}{more}.")
    blank = found.comuni - found.known
    if blank:
        found.warnings.append(f"The taxable income of {blank:,} comuni is not published (too few people).")
