"""Values that cannot be, by what is known: residents of the year before, days in order."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from helpers.checks.package import Package
from helpers.errors import Problem

#: Addresses that are pages of their own, or that no system keeps as a name of a file.
RESERVED = ("index", "404", "con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10)))
#: How much of one number another may be: beyond the outer bounds it cannot be, beyond the inner ones it is told.
CANNOT, PERHAPS = (1 / 3, 3), (0.6, 1.5)
#: How many times the numbers of the years beside it one may be: beyond the first it cannot be, if there are years on
#: both sides; beyond the other it is told. What is less than this is too few to say so.
LEAPS, FEW = (100, 4), 100
#: Numbers of a table against the residents of the comune: table, columns that are added up, the most that they may be
#: for each resident (payers of taxes are those of another day; who works in a comune may live elsewhere).
AMONG_RESIDENTS = (
    ("foreign_residents", ("persons",), 1.0),
    ("population_broad_ages", ("female", "male"), 1.5),
    ("commuting", ("leave", "within"), 1.0),
    ("citizens_income", ("persons",), 1.0),
    ("commuting", ("enter",), 50.0),
    ("local_units", ("persons_employed",), 50.0),
    ("local_units", ("local_units",), 5.0),
    ("demographic_balance", ("births", "deaths"), 1.0),
    ("demographic_balance", ("in_italy", "in_abroad", "out_italy", "out_abroad"), 1.5),
    ("foreign_residents", ("became_italian",), 1.0),
    ("income", ("taxpayers",), 1.5),
    ("income", ("taxable_n",), 1.5),
)
#: The most that a number of a table may be.
MOST = (("territory_classes", "minutes_to_pole", 300),)
#: Days that have been, and those of them that may be still to come if another column says so.
PAST = (
    ("events", "date", ("date_is", "planned")),
    ("events", "other_date", ("date_is", "planned")),
    ("strategy_acts", "date", None),
    ("strategy_acts", "other_date", None),
    ("measures", "call_act_date", None),
    ("measures", "publication_date", None),
    ("welfare_aziendale_projects", "period_start", None),
    ("wa_fesr_acc_facts", "period_start", None),
    ("editions", "date", None),
)
#: Days of a row that follow each other.
IN_ORDER = (
    ("measures", ("call_act_date", "publication_date", "deadline")),
    ("welfare_aziendale_projects", ("period_start", "period_end")),
    ("wa_fesr_acc_facts", ("period_start", "period_end")),
    ("projects", ("start", "end_actual")),
    ("projects", ("start", "end_planned")),
)
#: Years after the edition in which something may be planned, and in which data may be that come before its new day.
FIRST_YEAR, YEARS_AHEAD, YEARS_SOON = 1990, 10, 5


def check_plausible(package: Package) -> list[Problem]:
    """Check values against what else is known.

    Parameters
    ----------
    package
        The data package, each table already checked by itself; what may be true is added to its ``warnings``.
    """
    return [*_people(package), *_leaps(package), *_most(package), *_days(package), *_years(package), *_slugs(package)]


def _sound(package: Package, table: str) -> pd.DataFrame | None:
    """A table that could be read and in which no cell was told."""
    return None if any(cell[0] == table for cell in package.flagged) else package.frame(table)


def _people(package: Package) -> list[Problem]:
    found: list[Problem] = []
    people = _sound(package, "population")
    if people is not None:
        counts = people[["female", "male"]].astype("int64").sum(axis=1).groupby(people["istat"]).sum()
        found += [
            package.problem("population", "a comune must have residents", "import the file again", None, "istat", code)
            for code in counts.index[counts == 0]
        ]
    totals = _sound(package, "population_totals")
    if totals is None or totals.duplicated(["istat", "year"]).any():
        return found
    residents = totals.set_index(["istat", "year"])["residents"].astype("int64")
    blank = totals["residents"].astype("int64") == 0
    rule, remedy = "a comune must have residents", "correct the number, or import the file again"
    found += [package.problem("population_totals", rule, remedy, i, "residents", 0) for i in totals.index[blank]]
    if people is not None and (year := str(package.resources["population"].get("year", ""))):
        due = residents[residents.index.get_level_values("year") == year].droplevel("year")
        there = counts.index.intersection(due.index)
        ratio = (counts[there] / due[there]).replace(float("inf"), pd.NA).dropna()
        rule = f"the residents are not those of {year} in {package.file('population_totals')}"
        for code, value in ratio[(ratio < 0.95) | (ratio > 1.05)].items():
            told = f"{code}: {counts[code]:,}, there {due[code]:,}"
            _tell(package, found, value, "population", rule, None, "istat", told)
    found += _steps(package, totals)
    for table, columns, most in AMONG_RESIDENTS:
        frame = _sound(package, table)
        if frame is None:
            continue
        number = frame[list(columns)].apply(pd.to_numeric).sum(axis=1)
        there = residents.reindex(pd.MultiIndex.from_frame(frame[["istat", "year"]])).to_numpy()
        # Of a year without residents, the most of any year.
        ever = frame["istat"].map(residents.groupby("istat").max()).to_numpy()
        most_there = pd.Series(there).fillna(pd.Series(ever)).to_numpy() * most
        rule = f"more people than residents of the comune in that year ({package.file('population_totals')})"
        wrong = pd.Series(number.to_numpy() > most_there, frame.index)
        found += [
            package.problem(table, rule, "correct one of the two numbers", i, columns[0], frame[columns[0]][i])
            for i in package.find_unflagged(table, columns[0], wrong)
        ]
    return found


def _steps(package: Package, totals: pd.DataFrame) -> list[Problem]:
    """Residents of a comune from one year to the next."""
    found: list[Problem] = []
    ordered = totals.assign(n=totals["residents"].astype("int64")).sort_values(["istat", "year"])
    before = ordered.groupby("istat")
    next_year = pd.to_numeric(ordered["year"]) - pd.to_numeric(before["year"].shift()) == 1
    ratio = (ordered["n"] / before["n"].shift()).replace(float("inf"), pd.NA).dropna()
    ratio = ratio[next_year | (ratio < CANNOT[0]) | (ratio > CANNOT[1])]
    for i, value in ratio[(ratio < PERHAPS[0]) | (ratio > PERHAPS[1])].items():
        rule = "the residents are far from those of the year before"
        _tell(package, found, value, "population_totals", rule, int(i), "residents", totals["residents"][i])
    return found


def _leaps(package: Package) -> list[Problem]:
    """Numbers of a row that are far from those of the years before and after it."""
    found: list[Problem] = []
    for table, entry in package.resources.items():
        key = entry["schema"].get("primaryKey", [])
        kinds = {field["name"]: field["type"] for field in entry["schema"]["fields"]}
        frame = _sound(package, table) if "year" in key and len(key) > 1 and table != "population_totals" else None
        if frame is None or frame.duplicated(key).any():
            continue
        ordered = frame.sort_values(key)
        of = [ordered[column] for column in key if column != "year"]
        rule = "the number is far from those of the years beside it"
        remedy = "correct the number, or import the file again"
        for column in [name for name, kind in kinds.items() if kind in ("integer", "number") and name not in key]:
            numbers = pd.to_numeric(ordered[column], errors="coerce")
            beside = numbers.groupby(of, sort=False)
            around = pd.concat([beside.shift(), beside.shift(-1)], axis=1)
            up = (numbers / around.max(axis=1).clip(lower=FEW)).where(numbers >= FEW)
            least = around.min(axis=1, skipna=False)
            down = (least / numbers.clip(lower=1)).where(least >= FEW)
            times, between = pd.concat([up, down], axis=1).max(axis=1).dropna(), around.notna().all(axis=1)
            for i, value in times[times > LEAPS[1]].items():
                problem = package.problem(table, rule, remedy, int(i), column, frame[column][i])
                # With one year beside it, it may be the first of a new comune.
                (found if value > LEAPS[0] and between[i] else package.warnings).append(problem)
    return found


def _most(package: Package) -> list[Problem]:
    found: list[Problem] = []
    for table, column, most in MOST:
        frame = package.frame(table)
        if frame is not None:
            wrong = pd.to_numeric(frame[column], errors="coerce") > most
            rule, remedy = f"the number cannot be more than {most}", "correct it, or import the file again"
            found += [
                package.problem(table, rule, remedy, i, column, frame[column][i])
                for i in package.find_unflagged(table, column, wrong)
            ]
    return found


def _tell(
    package: Package,
    found: list[Problem],
    ratio: float,
    table: str,
    rule: str,
    row: int | None,
    column: str,
    value: object,
) -> None:
    """A problem where the number cannot be, a warning where it may be true."""
    problem = package.problem(table, rule, "correct the number, or import the file again", row, column, value)
    (package.warnings if CANNOT[0] <= ratio <= CANNOT[1] else found).append(problem)


def _days(package: Package) -> list[Problem]:
    found: list[Problem] = []
    for table, column, planned in PAST:
        frame = package.frame(table)
        if frame is None or not package.day:
            continue
        late = frame[column].where(frame[column].str[:4].str.isdigit(), "")
        day = late.str.extract(r"^(\d{4}(?:-\d{2}){0,2})", expand=False).fillna("")
        after = pd.Series([bool(d) and d > package.day[: len(d)] for d in day], frame.index)
        if planned:
            still = (frame[planned[0]] == planned[1]) & (day.str[:4] <= str(int(package.day[:4]) + YEARS_AHEAD))
            after &= ~still
        years = pd.to_numeric(day.str[:4], errors="coerce")
        _tell_time(package, found, table, column, after | (years < FIRST_YEAR), years)
    for table, columns in IN_ORDER:
        frame = package.frame(table)
        if frame is None:
            continue
        for first, second in pairwise(columns):
            wrong = pd.Series(
                [not in_order(a, b) for a, b in zip(frame[first], frame[second], strict=True)], frame.index
            )
            rule = f"the day is before that in column {first}"
            found += [
                package.problem(table, rule, "correct one of them", i, second, frame[second][i])
                for i in package.find_unflagged(table, second, wrong)
            ]
    return found


def in_order(first: str, second: str) -> bool:
    """Whether a day, month or year is not after another, as far as both are known.

    Examples
    --------
    >>> in_order("2017-11", "2017-11-02"), in_order("2018-01", "2017-12-31"), in_order("", "2017")
    (True, False, True)
    """
    known = min(len(first), len(second))
    return first[:known] <= second[:known]


def _years(package: Package) -> list[Problem]:
    """What was counted, was counted before the edition."""
    found: list[Problem] = []
    for table, entry in package.resources.items():
        frame = package.frame(table)
        kinds = {field["name"]: field["type"] for field in entry["schema"]["fields"]}
        if frame is None or kinds.get("year") != "integer" or not package.day:
            continue
        years = pd.to_numeric(frame["year"], errors="coerce")
        _tell_time(package, found, table, "year", (years > int(package.day[:4])) | (years < FIRST_YEAR), years)
    return found


def _tell_time(
    package: Package, found: list[Problem], table: str, column: str, wrong: pd.Series, years: pd.Series
) -> None:
    """A problem where the time cannot be, a warning where the edition may only not have got its new day yet."""
    rule = f"what has been cannot be after the edition ({package.day}), or before {FIRST_YEAR}"
    remedy = "correct it, or give the edition in datapackage.json its new day"
    for i in package.find_unflagged(table, column, wrong):
        problem = package.problem(table, rule, remedy, i, column, package.texts[table].frame[column][i])
        soon = FIRST_YEAR <= years[i] <= int(package.day[:4]) + YEARS_SOON
        (package.warnings if soon else found).append(problem)


def _slugs(package: Package) -> list[Problem]:
    found: list[Problem] = []
    for table in package.texts:
        frame = package.frame(table)
        if frame is not None and "slug" in frame:
            rule = "the word is the address of another page, or no name of a file"
            found += [
                package.problem(table, rule, "choose another word for the address", i, "slug", frame["slug"][i])
                for i in package.find_unflagged(table, "slug", frame["slug"].str.lower().isin(RESERVED))
            ]
    return found
