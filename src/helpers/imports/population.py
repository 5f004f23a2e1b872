"""People of a new year (ISTAT's POSAS) → ``population``, and a year more of the series of residents and ages; what a
file of Italy covers of ``population_regions`` and ``population_will``; comuni that merged, or took another code or name
since, change in the territory too."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from helpers.analysis import comuni_changes
from helpers.analysis.comuni_changes import Matched
from helpers.analysis.territory import REGION
from helpers.data import raw
from helpers.imports import by_comune, changes, merging, posas, provinces
from helpers.imports.draft import Draft
from helpers.imports.plan import ImportPlan, years_named

ADDRESS = "https://demo.istat.it"
SOURCE = "ISTAT, population by single year of age and sex (POSAS)"
_REGIONS_TEXT = "Residents of each region by single year of age and sex, summed from the comuni."
_COUNTS = ["female", "male"]

#: From one file to the next the people of the region, and of a comune of some size, change less than this.
ODD_REGION, ODD_COMUNE, SOME_SIZE = 0.03, 0.2, 500


@dataclass
class Plan(ImportPlan):
    """What an import would do.

    Attributes
    ----------
    year, before
        Year of the file, and of the people it replaces.
    residents, residents_before
        Of Piedmont.
    merged
        New code by the code of a comune that ceased, or took another code.
    names
        New name by code of comuni that took another name.
    regions, cities
        Names of the regions, and of the cities of WILL, whose people are replaced too.
    """

    year: int = 0
    before: int = 0
    residents: int = 0
    residents_before: int = 0
    merged: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    regions: list[str] = field(default_factory=list)
    cities: list[str] = field(default_factory=list)


def plan(path: Path, source: str | None = None, year: int | None = None, root: Path | None = None) -> Plan:
    """Read a file and work out what it changes; nothing is written.

    Parameters
    ----------
    path
        ``POSAS_<year>_it_Comuni.csv``, of Italy or of Piedmont alone.
    source
        Where it is from; ISTAT's site by default.
    year
        Of the people, if neither title nor name of the file say it.

    Raises
    ------
    InputError
        If the file is wrong in itself, or lacks a comune, or has one that ``comuni_changes`` does not explain.
    """
    people = posas.read(path, year)
    draft = Draft(root)
    found = Plan(draft, year=people.year, before=raw.year("population", root))
    comuni = draft.cells("comuni").set_index("istat")["name"].to_dict()
    own = _own(people.frame, draft)
    names = own.drop_duplicates("istat").set_index("istat")["name"].to_dict()
    day = dt.date(people.year, 1, 1)
    matched = changes.match_codes(draft, path.name, set(names), names, day=day)
    found.merged = matched.merged
    merging.merge(draft, matched.merged, names)
    _rename(found, comuni, names)
    residents = _sum_up(own, matched.renamed)
    _write(draft, "population", residents, people, source)
    _add_year(draft, residents, people, source)
    found.warnings += changes.tell(matched, comuni, names)
    _judge(found, own.assign(istat=own["istat"].replace(matched.renamed | matched.merged)), comuni, root)
    taken = set(own["istat"])
    if taken != set(people.frame["istat"]):
        taken |= _regions(found, people, day, source) | _cities(found, people, source)
    else:
        stays = sorted({*_years(draft, "population_regions"), *_years(draft, "population_will")})
        found.warnings.append(
            "The file is of Piedmont alone: the people of the regions and of the cities of WILL stay those of "
            f"{', '.join(map(str, stays))}, so that they can be compared."
        )
    listed = people.table
    listed.leave_out(~listed.codes("istat").isin(taken), "they are of regions whose people stay as they are")
    found.add_tables(listed)
    if people.year < found.before:
        found.warnings.append(f"The people of {people.year} would replace those of {found.before}, which are newer.")
    return found


def _own(people: pd.DataFrame, draft: Draft) -> pd.DataFrame:
    """The people of Piedmont, and of comuni elsewhere that became one of it or were one."""
    codes = provinces.codes_of(draft.cells(provinces.TABLE), REGION)
    own = people["istat"].str[:3].isin(codes)
    tied = comuni_changes.codes_of(draft.cells(changes.TABLE), draft.cells("comuni")["istat"])
    return people[own | people["istat"].isin(tied)]


def _sum_up(people: pd.DataFrame, renamed: dict[str, str]) -> pd.DataFrame:
    keys = [people["istat"].replace(renamed), people["age"]]
    return people.groupby(keys)[_COUNTS].sum().reset_index()


def _rename(found: Plan, ours: dict[str, str], theirs: dict[str, str]) -> None:
    """Take over the names of a newer file; in capitals it does not say how a name is written."""
    other = {code: name for code, name in changes.find_renamed(ours, theirs).items() if code not in found.merged}
    told = {code: f"{code} {ours[code]} is called {name} in the file" for code, name in other.items()}
    found.names = {c: name for c, name in other.items() if found.year >= found.before and not name.isupper()}
    merging.rename(found.draft, found.names)
    found.warnings += [f"{told[code]}: its name changes." for code in found.names]
    found.warnings += [f"{told[code]}: its name stays." for code in other if code not in found.names]


def _write(draft: Draft, table: str, frame: pd.DataFrame, people: posas.People, source: str | None) -> None:
    """Write a table of people, and name its source; where rows of other years stay, theirs too."""
    draft.write(table, frame.astype("str"))
    entry = draft.resource(table)
    day = f"1 January {people.year}" + (", provisional" if people.provisional else "")
    cited = {"title": SOURCE, "path": source or ADDRESS, "version": day}
    years = set(frame["year"].astype("int64")) if "year" in frame else {people.year}
    others = [found for found in entry["sources"] if years - {people.year} and _is_used(found, years - {people.year})]
    entry |= {"year": max(years), "sources": [cited, *others]}


def _add_year(draft: Draft, residents: pd.DataFrame, people: posas.People, source: str | None) -> None:
    """Add the year to the series of residents and ages, unless these have final figures of it and the file has not."""
    ages = pd.cut(residents["age"], [-1, 14, 64, posas.AGES], labels=["age_0_14", "age_15_64", "age_65_plus"])
    both = residents["female"] + residents["male"]
    broad = (
        both.groupby([residents["istat"], ages], observed=False)
        .sum()
        .unstack()
        .set_axis([*ages.cat.categories], axis=1)
    )
    broad = broad.join(residents.groupby("istat")[_COUNTS].sum())
    broad["residents"] = broad["female"] + broad["male"]
    day = dt.date(people.year, 1, 1)
    rows = broad.astype("str").assign(date=day.isoformat(), provisional="true" if people.provisional else "false")
    for table in ("population_totals", "population_broad_ages"):
        if draft.has(table):
            columns = [name for name in rows if name in draft.cells(table)]
            new = rows[columns].reset_index()
            if by_comune.write_year(draft, table, new, people.year, Matched(), day, not people.provisional):
                version = f"1 January {people.year}" + (", provisional" if people.provisional else "")
                by_comune.cite(draft, table, SOURCE, source or ADDRESS, [people.year], version)


def _is_used(source: dict, years: set[int]) -> bool:
    """Whether people of these years may be from a source."""
    named = years_named(source.get("version", source["title"]))
    return not named or not years.isdisjoint(named)


def _years(draft: Draft, table: str) -> set[int]:
    return set(draft.cells(table)["year"].astype("int64"))


def _regions(found: Plan, people: posas.People, day: dt.date, source: str | None) -> set[str]:
    """Replace the people of the regions that the file covers whole; the others keep theirs, with their year.

    Returns the codes of the comuni whose people were summed.
    """
    draft = found.draft
    names = draft.cells("regions").set_index("region_code")["name"].to_dict()
    covered = provinces.cover(set(people.frame["istat"]), draft.cells(provinces.TABLE), day)
    before = draft.cells("population_regions")
    region = people.frame["istat"].str[:3].map(covered.region_of).rename("region_code")
    new = people.frame[region.isin(covered.whole)].groupby([region, "age"])[_COUNTS].sum().reset_index()
    stays = before[~before["region_code"].isin(covered.whole)]
    if covered.unknown:
        found.warnings.append(
            f"The provinces {', '.join(covered.unknown)} are in no region known here: add their rows to "
            f"{raw.label(provinces.TABLE + '.csv')}, run `wecare record`, and import the file again."
        )
    found.warnings += [
        f"{names[code]} stays of {year}: {covered.behind[code]}."
        for code, year in stays.drop_duplicates("region_code")[["region_code", "year"]].to_numpy()
    ]
    found.warnings += [
        f"{names[code]} has {here:,} comuni in the file, of {known:,} known."
        for code, (here, known) in covered.few.items()
    ]
    if not covered.whole:
        return set()
    found.regions = [names[code] for code in covered.whole]
    both = pd.concat([stays, new.assign(year=people.year).astype("str")])
    both = both.sort_values(["region_code", "age"], key=lambda c: c.astype("int64"), ignore_index=True)
    _write(draft, "population_regions", both, people, source)
    if stays.empty:
        entry = draft.resource("population_regions")
        entry["description"] = _REGIONS_TEXT
        entry.pop("usageWarnings", None)
    return set(people.frame["istat"][region.isin(covered.whole)])


def _cities(found: Plan, people: posas.People, source: str | None) -> set[str]:
    """Replace the people of the cities of WILL that the file has; the others keep theirs, with their year.

    Returns the codes of the cities.
    """
    draft = found.draft
    before, names = draft.cells("population_will"), draft.cells("will_comuni").set_index("istat")["name"]
    new = people.frame[people.frame["istat"].isin(names.index)].drop(columns="name")
    stays = before[~before["istat"].isin(new["istat"])]
    found.warnings += [
        f"{names[code]}, a city of WILL, stays of {year}: the file lacks {code}."
        for code, year in stays.drop_duplicates("istat")[["istat", "year"]].to_numpy()
    ]
    if new.empty:
        return set()
    found.cities = [name for code, name in names.items() if code in set(new["istat"])]
    both = pd.concat([stays, new.assign(year=people.year).astype("str")])
    both = both.sort_values(["istat", "age"], key=lambda c: c.astype("int64"), ignore_index=True)
    _write(draft, "population_will", both, people, source)
    return set(new["istat"])


def _judge(found: Plan, people: pd.DataFrame, comuni: dict[str, str], root: Path | None) -> None:
    """Hold the people against those they replace."""
    before = raw.load("population", root)
    then = before[_COUNTS].sum(axis=1).groupby(before["istat"].replace(found.merged)).sum()
    now = people[_COUNTS].sum(axis=1).groupby(people["istat"]).sum()
    found.residents, found.residents_before = int(now.sum()), int(then.sum())
    if abs(now.sum() / then.sum() - 1) > ODD_REGION:
        found.warnings.append(f"Piedmont would go from {then.sum():,} residents to {now.sum():,}: more than 3 % apart.")
    apart = (now / then - 1)[(then >= SOME_SIZE) & ((now / then - 1).abs() > ODD_COMUNE)]
    found.warnings += [
        f"{code} {comuni.get(code, '')} would go from {then[code]:,} residents to {now[code]:,}."
        for code in apart.index
    ]
