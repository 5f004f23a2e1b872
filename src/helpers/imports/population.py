"""People of a new year (ISTAT's POSAS) → ``population``, and ``population_regions`` and ``population_will`` if the file
covers Italy; comuni that merged since are merged in the territory too."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from helpers.analysis.territory import REGION
from helpers.data import raw
from helpers.imports import changes, posas
from helpers.imports.draft import Draft
from helpers.imports.plan import ImportPlan

#: ISTAT's provinces by region. A file with another code is not summed by region: nobody said where it belongs.
PROVINCES = {
    "01": "001 002 003 004 005 006 096 103",
    "02": "007",
    "03": "012 013 014 015 016 017 018 019 020 097 098 108",
    "04": "021 022",
    "05": "023 024 025 026 027 028 029",
    "06": "030 031 032 093",
    "07": "008 009 010 011",
    "08": "033 034 035 036 037 038 039 040 099",
    "09": "045 046 047 048 049 050 051 052 053 100",
    "10": "054 055",
    "11": "041 042 043 044 109",
    "12": "056 057 058 059 060",
    "13": "066 067 068 069",
    "14": "070 094",
    "15": "061 062 063 064 065",
    "16": "071 072 073 074 075 110",
    "17": "076 077",
    "18": "078 079 080 101 102",
    "19": "081 082 083 084 085 086 087 088 089",
    "20": "090 091 092 095 111",
}
REGION_OF = {province: region for region, provinces in PROVINCES.items() for province in provinces.split()}

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
        New code by the code of a comune that ceased.
    italy
        True if the regions and the cities of WILL are replaced too.
    """

    year: int = 0
    before: int = 0
    residents: int = 0
    residents_before: int = 0
    merged: dict[str, str] = field(default_factory=dict)
    italy: bool = False


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
    own = people.frame[people.frame["istat"].str[:3].isin(PROVINCES[REGION].split())]
    names = own.drop_duplicates("istat").set_index("istat")["name"].to_dict()
    matched = changes.match_codes(draft, path.name, set(names), names)
    found.merged = matched.merged
    changes.merge(draft, matched.merged, names)
    _write(draft, "population", _sum_up(own, matched.renamed), people, source)
    _judge(found, own.assign(istat=own["istat"].replace(matched.renamed | matched.merged)), comuni, root)
    _italy(found, people, source)
    found.add_tables(people.table)
    if people.year < found.before:
        found.warnings.append(f"The people of {people.year} would replace those of {found.before}, which are newer.")
    return found


def _sum_up(people: pd.DataFrame, renamed: dict[str, str]) -> pd.DataFrame:
    keys = [people["istat"].replace(renamed), people["age"]]
    return people.groupby(keys)[_COUNTS].sum().reset_index()


def _write(draft: Draft, table: str, frame: pd.DataFrame, people: posas.People, source: str | None) -> None:
    draft.write(table, frame.astype("str"))
    entry = draft.resource(table)
    day = f"1 January {people.year}" + (", provisional" if people.provisional else "")
    entry |= {"year": people.year, "sources": [{"title": SOURCE, "path": source or ADDRESS, "version": day}]}


def _italy(found: Plan, people: posas.People, source: str | None) -> None:
    """Replace the regions and the cities of WILL, if the file has all of them."""
    province = people.frame["istat"].str[:3]
    lacking = sorted(set(REGION_OF) - set(province))
    unknown = sorted(set(province) - set(REGION_OF))
    draft = found.draft
    cities = draft.cells("will_comuni")
    will = people.frame[people.frame["istat"].isin(cities["istat"])]
    absent = cities.loc[~cities["istat"].isin(will["istat"]), "name"].tolist()
    if lacking or unknown or absent:
        why = [
            f"it lacks {len(lacking)} provinces" if lacking else "",
            f"the provinces {', '.join(unknown)} are in no region known here" if unknown else "",
            f"it lacks {', '.join(absent)}" if absent and not lacking else "",
        ]
        found.warnings.append(
            f"The file does not do for all of Italy ({'; '.join(w for w in why if w)}): the people of the regions and "
            f"of the cities of WILL stay those of {draft.resource('population_regions')['year']}."
        )
        return
    found.italy = True
    regions = people.frame.groupby([province.map(REGION_OF).rename("region_code"), "age"])[_COUNTS].sum().reset_index()
    _write(draft, "population_regions", regions, people, source)
    entry = draft.resource("population_regions")
    entry["description"] = _REGIONS_TEXT
    entry.pop("usageWarnings", None)
    _write(draft, "population_will", will.drop(columns="name"), people, source)


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
