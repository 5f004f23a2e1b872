"""Codes of comuni in tables of numbers: each is of the edition of the codes that the table's entry names.

An entry has ``codes_on``: a day, or a day by the first year of the rows that it holds for.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd

from helpers.analysis.comuni_changes import codes_on
from helpers.checks.package import Package
from helpers.data import raw
from helpers.errors import Problem


def check_codes(package: Package) -> list[Problem]:
    """Find rows of comuni that did not exist on the day whose codes the table has.

    Parameters
    ----------
    package
        The data package, each table already checked by itself.
    """
    comuni, changes = package.frame("comuni"), package.frame("comuni_changes")
    if comuni is None or changes is None:
        return []
    editions: dict[str, set[str]] = {}
    found = []
    for name, entry in package.resources.items():
        frame = package.frame(name)
        if frame is None or "codes_on" not in entry:
            continue
        try:
            days = days_of(frame, entry["codes_on"])
        except ValueError as error:
            rule = f"codes_on must be a day, or a day by the first year of the rows it holds for ({error})"
            place = f"resources.{name}.codes_on"
            found.append(Problem(raw.label(raw.DESCRIPTOR), rule, "write it like 2023-01-01", None, place))
            continue
        for day in sorted(set(days)):
            if day not in editions:
                editions[day] = codes_on(dt.date.fromisoformat(day), comuni["istat"], changes)
            wrong = (days == day) & ~frame["istat"].isin(editions[day])
            rule = f"no such comune of Piedmont existed on {day}, the day of the codes of these rows"
            remedy = f"correct the code, or add what became of it to {package.file('comuni_changes')}"
            found += [
                package.problem(name, rule, remedy, i, "istat", frame["istat"][i])
                for i in package.find_unflagged(name, "istat", wrong)
            ]
    return found


def days_of(frame: pd.DataFrame, told: str | dict[str, str]) -> pd.Series:
    """The day of the codes of each row, as ``codes_on`` tells it; raises `ValueError` if it does not.

    Examples
    --------
    >>> days_of(pd.DataFrame({"year": ["2021", "2022"]}), {"2008": "2022-01-01", "2022": "2023-01-01"}).tolist()
    ['2022-01-01', '2023-01-01']
    """
    if isinstance(told, str):
        return pd.Series(dt.date.fromisoformat(told).isoformat(), frame.index)
    days = {int(first): dt.date.fromisoformat(day).isoformat() for first, day in told.items()}
    years = pd.to_numeric(frame["year"]).astype("int64")
    of_year = {year: max((first for first in days if first <= year), default=0) for year in years.unique()}
    if before := [year for year, first in of_year.items() if not first]:
        raise ValueError(f"no day for {min(before)}")
    return years.map(of_year).map(days)
