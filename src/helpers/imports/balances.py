"""ISTAT's demographic balances and counts of foreign residents → the tables of residents by comune and year.

A balance of residents (P2) gives ``demographic_balance`` and two days of ``population_totals``; one of foreigners (P3)
two days of ``foreign_residents``, and how many became Italian. The data flow 29_316 gives further years of these.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from helpers.errors import InputError, Problem
from helpers.imports import by_comune, changes, italy
from helpers.imports.draft import Draft
from helpers.imports.plan import ImportPlan, years_named
from helpers.imports.reading import Table, read_table
from helpers.imports.reading.recognise import recognise_file

ADDRESS = "https://demo.istat.it"
TITLES = {
    "demographic_balance": "ISTAT, demographic balance of residents (P2)",
    "population_totals": "ISTAT, demographic balance of residents (P2)",
    "foreign_residents": "ISTAT, demographic balance of foreign residents (P3)",
}
FLOW = "ISTAT, data flow 29_316, foreign residents on 1 January"
COUNTS = ("opening", "births", "deaths", "in_italy", "out_italy", "in_abroad", "out_abroad", "territorial", "closing")
#: The persons on 1 January and of a flow that is neither 1 nor 2: men and women together.
TOTAL_SEX, FOREIGNERS = ("9", "T", "TOTAL"), "FJAN"
NOT_WHOLE = "the value must be a whole number, not negative"


@dataclass
class Plan(ImportPlan):
    """What an import would do.

    Attributes
    ----------
    sums
        Persons of Piedmont by table and year that was read.
    kept
        Years of tables that keep what they have, as it is final and the file is not.
    """

    sums: dict[tuple[str, int], int] = field(default_factory=dict)
    kept: list[tuple[str, int]] = field(default_factory=list)


def plan(path: Path, source: str | None = None, year: int | None = None, root: Path | None = None) -> Plan:
    """Read a balance (P2 or P3) and work out what it changes; nothing is written.

    Parameters
    ----------
    path
        ``P2_<year>_it_Comuni.csv`` or ``P3_<year>_it_Comuni.csv``.
    source
        Where it is from; ISTAT's site by default.
    year
        Of the balance, if neither title nor name of the file say it.

    Raises
    ------
    InputError
        If a number is none, the flows do not lead from the first day to the last, or the comuni are not ours.
    """
    layout = recognise_file(path)
    listed = read_table(path, layout if layout.id == "foreign_balance" else "balance")
    draft = Draft(root)
    warnings: list[str] = []
    flows = italy.sum_up(listed, draft, {column: column for column in COUNTS}, warnings)
    own = by_comune.own_rows(listed, draft)
    told = _year(listed, path.name, year)
    counts = [*COUNTS, *(["became_italian"] if "became_italian" in own else [])]
    rows = _numbers(listed, own, counts)
    day = dt.date(told, 12, 31)
    names = own.set_index("istat")["name"].to_dict()
    matched = changes.match_codes(draft, path.name, set(own["istat"]), names, day=day)
    sums = by_comune.sum_up(rows, own["istat"], matched.renamed)
    marked = "remark" in own and bool((own["remark"] == "p").any())
    provisional = marked or "provvisori" in " ".join(listed.found.above).casefold()
    found = Plan(draft, warnings)
    found.warnings += changes.tell(matched, draft.cells("comuni").set_index("istat")["name"].to_dict(), names)
    first, last = dt.date(told, 1, 1), dt.date(told + 1, 1, 1)
    if "became_italian" in own:
        table, more = "foreign_residents", ["became_italian"]
    else:
        table, more = "population_totals", []
        by_comune.write_year(
            draft, "demographic_balance", sums.assign(provisional=_word(provisional)), told, matched, day
        )
        found.sums["demographic_balance", told] = int(sums["closing"].astype("int64").sum())
        declared = flows[flows["column"].isin(italy.declared("demographic_balance"))]
        italy.write(draft, "demographic_balance", told, declared, final=not provisional)
    for then, column in ((first, "opening"), (last, "closing")):
        final = column == "opening" or not provisional
        held = sums[["istat", *(more if column == "closing" else [])]].assign(
            provisional=_word(not final), date=then.isoformat()
        )
        persons = "residents" if table == "population_totals" else "persons"
        held[persons] = sums[column]
        italy.write(draft, table, then.year, flows[flows["column"] == column].assign(column=persons), final)
        if by_comune.write_year(draft, table, held, then.year, matched, day, final):
            found.sums[table, then.year] = int(sums[column].astype("int64").sum())
        else:
            found.kept.append((table, then.year))
    for table in dict.fromkeys(table for table, _ in found.sums):
        version = f"{told}, provisional" if provisional else str(told)
        years = [then for name, then in found.sums if name == table]
        by_comune.cite(draft, table, TITLES[table], source or ADDRESS, years, version)
    found.add_tables(listed)
    return found


def plan_flow(path: Path, source: str | None = None, root: Path | None = None) -> Plan:
    """Read ISTAT's data flow 29_316 and work out what it changes in ``foreign_residents``; nothing is written.

    Raises
    ------
    InputError
        If a number or day is none, or the comuni of a year are not ours.
    """
    listed = read_table(path, "sdmx_foreigners")
    draft = Draft(root)
    listed.leave_out(~listed.frame["istat"].str.fullmatch("[0-9]{6}"), "they are of larger territories")
    listed.leave_out(listed.frame["what"] != FOREIGNERS, "they are of something else")
    listed.leave_out(~listed.frame["sex"].isin(TOTAL_SEX), "they are of one sex")
    warnings: list[str] = []
    days = listed.days("day")
    others = italy.sum_up(listed, draft, {"persons": "persons"}, warnings, days)
    own = by_comune.own_rows(listed, draft, keys=("istat", "day"))
    days = days[own.index]
    listed.tell(~days.str.endswith("-01-01"), "day", "the day must be a first of January")
    rows = _numbers(listed, own, ["persons"])
    found = Plan(draft, warnings)
    for day, part in rows.groupby(days):
        then = dt.date.fromisoformat(str(day))
        codes = own.loc[part.index, "istat"]
        matched = changes.match_codes(draft, f"{path.name}, {then.year}", set(codes), {}, day=then)
        sums = by_comune.sum_up(part, codes, matched.renamed).assign(provisional="false")
        by_comune.write_year(draft, "foreign_residents", sums, then.year, matched, then)
        italy.write(draft, "foreign_residents", then.year, others[others["day"] == day])
        found.sums["foreign_residents", then.year] = int(sums["persons"].astype("int64").sum())
    years = sorted(year for _, year in found.sums)
    version = f"{years[0]} to {years[-1]}" if years[1:] else str(years[0])
    by_comune.cite(draft, "foreign_residents", FLOW, source or "https://www.istat.it", years, version)
    found.add_tables(listed)
    return found


def _numbers(listed: Table, own: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Counts as text, none of them blank; of a balance that adds up."""
    rows = pd.DataFrame("0", index=own.index, columns=columns)
    for column in [name for name in columns if name in own]:
        rows[column] = listed.numbers(column, whole=True)
        form = "-?[0-9]{1,9}" if column == "territorial" else "[0-9]{1,9}"
        listed.tell(~rows[column].str.fullmatch(form), column, NOT_WHOLE)
    listed.stop_if_any()
    if "closing" in rows:
        n = rows.astype("int64")
        flows = n["births"] + n["in_italy"] + n["in_abroad"] + n["territorial"]
        flows -= n["deaths"] + n["out_italy"] + n["out_abroad"] + n.get("became_italian", 0)
        rule = "the residents of the last day are not those of the first and all that came and went"
        listed.tell(n["opening"] + flows != n["closing"], "closing", rule)
        listed.stop_if_any()
    return rows


def _year(listed: Table, file: str, given: int | None) -> int:
    """The year of a balance: as given, as the title says, or the name of the file."""
    told = years_named(" ".join(listed.found.above)) or years_named(file)
    years = {given} if given else set(told[-1:])
    if given and told and given not in told:
        years |= {told[-1]}
    if len(years) == 1:
        return years.pop()
    rule = (
        f"the years differ: {', '.join(map(str, sorted(years)))}" if years else "nothing says the year of the balance"
    )
    raise InputError([Problem(file, rule, "give the right one with --year", None, "year")])


def _word(truth: bool) -> str:
    return "true" if truth else "false"
