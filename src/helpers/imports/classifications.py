"""How classifications place comuni → ``asl_comuni`` (Ministry of Health), ``territory_classes`` (ISTAT, DPCoe).

A class holds for all parts of a comune; an area does not, so that of a comune which merged elsewhere is left as it is.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.analysis.comuni_changes import Matched
from helpers.errors import InputError, Problem
from helpers.imports import by_comune, changes
from helpers.imports.draft import Draft, cite_source
from helpers.imports.plan import ImportPlan, years_named
from helpers.imports.reading import Table, read_table
from helpers.imports.reading.recognise import recognise_file
from helpers.system.plain_text import words

ASL, CLASSES = "asl_comuni", "territory_classes"
ASL_SOURCE, ASL_ADDRESS = "Ministero della Salute, health authorities by comune", "https://www.dati.salute.gov.it"
ADDRESS = "https://www.istat.it"
SOURCES = {
    "statistical_classes": "ISTAT, statistical classifications of the comuni",
    "inner_areas": "DPCoe-NUVAP and ISTAT, map of inner areas 2020",
}
#: Columns of both forms of a classification that are numbers.
NUMBERS = ("area_km2", "altitude_zone", "degurba_2021", "minutes_to_pole")


@dataclass
class Plan(ImportPlan):
    """What an import would do: how many ``comuni`` of Piedmont it places, how many are ``changed``."""

    comuni: int = 0
    changed: int = 0


def plan_asl(path: Path, source: str | None = None, year: int | None = None, root: Path | None = None) -> Plan:
    """Read the Ministry's list of health authorities, a year of ``asl_comuni``; nothing is written.

    Parameters
    ----------
    year
        Of the list, if neither a column nor the name of the file says it.

    Raises
    ------
    InputError
        If a code is none, the year is not known, or the comuni are not ours.
    """
    listed = read_table(path, "asl")
    draft = Draft(root)
    own = by_comune.own_rows(listed, draft)
    own["asl_code"] = listed.codes("asl_code", 3)
    listed.tell(~own["asl_code"].str.fullmatch("[0-9]{3}"), "asl_code", "the code must have three digits")
    bare = ~own["asl_name"].str.contains(r"^(?:ASL|A\.S\.L|AZIENDA)", case=False)
    own["asl_name"] = own["asl_name"].where(~bare, "ASL " + own["asl_name"])
    # A name in capitals says nothing of how it is written.
    known = {"".join(words(name)): name for name in draft.cells(ASL)["asl_name"].unique()}
    own["asl_name"] = own["asl_name"].map(lambda name: known.get("".join(words(name)), name))
    listed.stop_if_any()
    cells = own.reindex(columns=["year"], fill_value="")["year"]
    years = {int(cell) for cell in cells if re.fullmatch("[0-9]{4}", cell)} | ({year} if year else set())
    years = years or set(years_named(path.name)[-1:])
    if len(years) != 1:
        rule = "the file is of several years" if years else "nothing says the year"
        raise InputError([Problem(path.name, rule, "give it with --year", None, "year")])
    told = years.pop()
    placed, _ = _place(listed, own, ["asl_code", "asl_name"], draft, path.name, dt.date(told, 12, 31))
    found = Plan(draft, comuni=len(placed))
    before = draft.cells(ASL).query("year == @year", local_dict={"year": str(told)}).set_index("istat")
    found.changed = int((placed != before.reindex(placed.index)[list(placed)]).any(axis=1).sum())
    by_comune.write_year(draft, ASL, placed.reset_index(), told, Matched(), dt.date(told, 12, 31))
    by_comune.cite(draft, ASL, ASL_SOURCE, source or ASL_ADDRESS, [told], str(told))
    found.add_tables(listed)
    return found


def plan_classes(path: Path, source: str | None = None, version: str | None = None, root: Path | None = None) -> Plan:
    """Read ISTAT's classifications, or a list of the inner areas: the columns it has of ``territory_classes``.

    Rows and columns that the file has not stay as they are. Nothing is written.

    Raises
    ------
    InputError
        If a number is none, or a comune is not ours.
    """
    layout = recognise_file(path)
    known = layout.id if layout.id in SOURCES else "statistical_classes"
    listed = read_table(path, known)
    draft = Draft(root)
    own = by_comune.own_rows(listed, draft)
    columns = [column for column in own if column not in ("istat", "name")]
    for column in [column for column in columns if column in NUMBERS]:
        own[column] = listed.numbers(column, whole=column not in ("area_km2", "minutes_to_pole"))
    listed.stop_if_any()
    placed, merged = _place(listed, own, columns, draft, path.name)
    if "area_km2" in placed:
        placed["area_km2"] = placed["area_km2"].where(~placed.index.isin(merged), "")
    table = draft.cells(CLASSES).set_index("istat")
    new = placed.reindex(table.index)[columns].fillna("")
    both = new.where(new != "", table[columns])
    found = Plan(draft, comuni=len(placed), changed=int((both != table[columns]).any(axis=1).sum()))
    if found.changed:
        table[columns] = both
        draft.write(CLASSES, table.reset_index())
        cite_source(draft.resource(CLASSES), SOURCES[known], source or ADDRESS, version)
    found.add_tables(listed)
    return found


def _place(
    listed: Table, own: pd.DataFrame, columns: list[str], draft: Draft, file: str, day: dt.date | None = None
) -> tuple[pd.DataFrame, set[str]]:
    """The classes of our comuni by code, and which of ours have those of the comune that they merged into."""
    names = own.set_index("istat")["name"].to_dict() if "name" in own else {}
    matched = changes.match_codes(draft, file, set(own["istat"]), names, missing=False, day=day)
    homes = own["istat"].replace(matched.renamed)
    differing = own.groupby(homes)[columns].transform("nunique").gt(1).any(axis=1)
    listed.tell(differing, "istat", "comuni that are one of ours have different classes", "import them by hand")
    listed.stop_if_any()
    placed = own.assign(istat=homes).drop_duplicates("istat").set_index("istat")[columns]
    of = {code: matched.merged.get(code, code) for code in draft.cells("comuni")["istat"]}
    held = {code: placed.loc[there] for code, there in of.items() if there in placed.index}
    return pd.DataFrame(held).T.reindex(columns=columns).rename_axis("istat"), set(matched.merged)
