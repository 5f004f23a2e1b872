"""Scanned rows of the feed → our tables ``projects``, ``project_places``, ``project_parties``, ``payments``.

Every cell of the tables is text as it will stand in the CSV; blank is not known.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from helpers.errors import Problem
from helpers.imports.opencoesione.cells import Cells, items
from helpers.imports.opencoesione.feed_files import KEY
from helpers.imports.opencoesione.matching_rules import Rule
from helpers.system.place_names import NameIndex

#: ``OC_COD_CICLO``.
CYCLES = {"1": "2007-2013", "2": "2014-2020", "3": "2021-2027", "9": "2000-2006"}
#: ``SOGG_COD_RUOLO``; a code without a word here keeps its number.
ROLES = {"1": "programming", "2": "implementing"}
PIEDMONT = "01"

_TEXTS = {
    "title": "OC_TITOLO_PROGETTO",
    "summary": "OC_SINTESI_PROGETTO",
    "cup": "CUP",
    "programme": "OC_CODICE_PROGRAMMA",
    "fund": "FONDO_COMUNITARIO",
    "status": "OC_STATO_PROGETTO",
    "programming_body": "OC_DENOM_PROGRAMMATORE",
    "implementing_body": "OC_DENOM_ATTUATORE",
    "beneficiary": "OC_DENOM_BENEFICIARIO",
}
_AMOUNTS = {
    "public_funding_eur": "FINANZ_TOTALE_PUBBLICO",
    "net_public_funding_eur": "OC_FINANZ_TOT_PUB_NETTO",
    "eu_eur": "FINANZ_UE",
    "esf_eur": "FINANZ_UE_FSE",
    "erdf_eur": "FINANZ_UE_FESR",
    "committed_eur": "IMPEGNI",
    "paid_eur": "TOT_PAGAMENTI",
}
_DAYS = {
    "start": "OC_DATA_INIZIO_PROGETTO",
    "end_planned": "OC_DATA_FINE_PROGETTO_PREVISTA",
    "end_actual": "OC_DATA_FINE_PROGETTO_EFFETTIVA",
    "updated": "DATA_AGGIORNAMENTO",
}


class Territory(NamedTuple):
    """What codes of places are checked against: names of comuni by code, codes of provinces and regions."""

    comuni: dict[str, str]
    provinces: set[str]
    regions: set[str]


def projects(cells: Cells, rules: list[Rule], scope: str, edition: str) -> pd.DataFrame:
    """One row per project that a rule with a measure fits; the first such rule counts.

    Also reports keys that come twice, and amounts and days that contradict each other.
    """
    measures = {rule.rule_id: rule.measure_id for rule in rules if rule.measure_id}
    first = cells.frame["rules"].map(lambda held: next((rule for rule in held if rule in measures), ""))
    cells.frame["rule_id"] = first.astype("str")
    cells.keep(cells.frame["rule_id"] != "")
    cells.drop_persons(KEY)
    _drop_twice(cells, [KEY], [c for c in cells.frame if c not in ("line", "rules")])
    frame = cells.frame
    table = pd.DataFrame({"project_ref": cells.key(KEY), "rule_id": frame["rule_id"]})
    table["measure_id"] = frame["rule_id"].map(measures)
    table["cycle"] = cells.words("OC_COD_CICLO", CYCLES)
    table["feed"] = scope + "_" + table["cycle"]
    table["edition"] = edition
    for name, column in _TEXTS.items():
        table[name] = cells.text(column)
    table["link"] = cells.link("OC_LINK")
    action = cells.text("OC_COD_SUBARTICOLAZ_PROGRAMMA")
    table["action"] = action.where(action != "", cells.text("OC_COD_ARTICOLAZ_PROGRAMMA"))
    call = cells.text("DESCR_PROCED_ATTIVAZIONE")
    table["call"] = call.where(call != "", cells.text("COD_PROCED_ATTIVAZIONE"))
    for name, column in _AMOUNTS.items():
        table[name] = cells.amount(column)
    for name, column in _DAYS.items():
        table[name] = cells.day(column)
    _contradictions(cells, table)
    return table


def places(cells: Cells, territory: Territory) -> pd.DataFrame:
    """One row per project and place: its code as published, its level, and ISTAT's codes."""
    found, told = [], set()
    for i, row in enumerate(cells.frame.itertuples()):
        codes, names = items(row.COD_COMUNE), items(row.DEN_COMUNE)
        if names and len(codes) != len(names):
            rule = f"the list has {len(codes)} codes, DEN_COMUNE has {len(names)} names"
            cells.problems.append(cells.at(i, "COD_COMUNE", rule, "download the file again", row.COD_COMUNE))
            continue
        column, width = "COD_COMUNE", 9
        if not any(codes):
            column, width = ("COD_PROVINCIA", 6) if row.COD_PROVINCIA.strip() else ("COD_REGIONE", 3)
            codes, names = items(getattr(row, column)), []
        names = names or [""] * len(codes)
        for code, name in zip(codes, names, strict=True):
            if not code:
                continue
            if not (code.isascii() and code.isdigit() and len(code) == width):
                rule = f"the code must have {width} digits"
                cells.problems.append(cells.at(i, column, rule, "write the leading zeros", code))
                continue
            place = _place(code, territory)
            found.append({"project_ref": row.COD_LOCALE_PROGETTO.strip(), "code": code, **place, "name": name})
            if (code, name) not in told:
                told.add((code, name))
                cells.warnings += _doubts(cells, i, column, code, name, place, territory)
    columns = ["project_ref", "code", "level", "region_code", "province_code", "istat", "name"]
    return pd.DataFrame(found, columns=columns, dtype="str").drop_duplicates(["project_ref", "code"])


def parties(projects: pd.DataFrame, cells: Cells | None, territory: Territory) -> pd.DataFrame:
    """One row per project, role and body: from ``soggetti`` if given, else from the columns of the project.

    Natural persons are left out. The beneficiary always comes from the project, with the seat that ``soggetti``
    gives for a body of that name.
    """
    columns = ["project_ref", "role", "name", "seat_istat"]
    named = {"beneficiary": "beneficiary"}
    listed = []
    if cells is None:
        named = {"programming": "programming_body", "implementing": "implementing_body"} | named
    else:
        listed = _list(cells, territory)
    seats = {(row["project_ref"], row["name"]): row["seat_istat"] for row in listed if row["seat_istat"]}
    for role, column in named.items():
        for ref, cell in zip(projects["project_ref"], projects[column], strict=True):
            bodies = [body for body in items(cell) if body]
            listed += [
                dict(zip(columns, (ref, role, body, seats.get((ref, body), "")), strict=True)) for body in bodies
            ]
    return pd.DataFrame(listed, columns=columns, dtype="str").drop_duplicates(["project_ref", "role", "name"])


def payments(cells: Cells, projects: pd.DataFrame) -> pd.DataFrame:
    """One row per project and day: what had been paid in all by then, as the source says."""
    _drop_twice(cells, [KEY, "OC_DATA_PAGAMENTI"], ["TOT_PAGAMENTI"])
    table = pd.DataFrame({"project_ref": cells.key(KEY), "date": cells.day("OC_DATA_PAGAMENTI")})
    table["paid_eur"] = cells.amount("TOT_PAGAMENTI")
    blank = cells.frame["OC_DATA_PAGAMENTI"].str.strip() == ""
    cells.problems += [
        cells.at(i, "OC_DATA_PAGAMENTI", "a payment must have a day", "download the file again", "")
        for i in blank.index[blank]
    ]
    order = table.assign(number=pd.to_numeric(table["paid_eur"], errors="coerce")).sort_values(["project_ref", "date"])
    fell = order.groupby("project_ref")["number"].diff() < 0
    rule = "the sum paid is smaller than at the day before: a recovery, or no running total"
    cells.warnings += [cells.at(i, "TOT_PAGAMENTI", rule, "look at the project") for i in sorted(fell.index[fell])]
    last = order.groupby("project_ref")["number"].last()
    due = pd.to_numeric(projects.set_index("project_ref")["paid_eur"], errors="coerce").reindex(last.index)
    for ref in last.index[(last - due).abs() >= 0.01]:
        rule = f"the last payment is not the total of the project ({due[ref]:,.2f})"
        cells.warnings.append(cells.at(order.index[order["project_ref"] == ref][-1], "TOT_PAGAMENTI", rule, "know it"))
    return table


def _place(code: str, territory: Territory) -> dict[str, str]:
    region, province, istat = code[1:3], code[3:6], code[3:9]
    known = code[0] == "0" and region in territory.regions
    inside = known and region == PIEDMONT
    if len(code) == 9 and (istat in territory.comuni if inside else known and not istat.endswith("000")):
        return {"level": "comune", "region_code": region, "province_code": province, "istat": istat}
    if known and (province in territory.provinces if inside else province not in ("", "000")):
        return {"level": "province", "region_code": region, "province_code": province, "istat": ""}
    if known:
        return {"level": "region", "region_code": region, "province_code": "", "istat": ""}
    return {"level": "other", "region_code": "", "province_code": "", "istat": ""}


def _doubts(cells: Cells, i: int, column: str, code: str, name: str, place: dict, known: Territory) -> list[Problem]:
    if len(code) == 9 and place["level"] != "comune":
        rule = f"the code is no comune (a filler code); kept as a place at the level {place['level']}"
        return [cells.at(i, column, rule, "nothing, if the project is not of one comune", f"{code} {name}".strip())]
    due = known.comuni.get(place["istat"], "")
    if due and name and NameIndex({place["istat"]: due}).fits(name, place["istat"]) is None:
        rule = f"the code {code} is of {due}, the name is another; the code counts"
        return [cells.at(i, "DEN_COMUNE", rule, "look at the project", name)]
    return []


def _list(cells: Cells, territory: Territory) -> list[dict[str, str]]:
    names, rows = cells.text("OC_DENOMINAZIONE_SOGG"), []
    for i, row in enumerate(cells.frame.itertuples()):
        role, seat = row.SOGG_COD_RUOLO.strip(), row.COD_COMUNE_SEDE_SOGG.strip()
        if row.person:
            rule = "the party is a natural person; the row was left out"
            cells.warnings.append(cells.at(i, "OC_DENOMINAZIONE_SOGG", rule, "nothing", "[persona]"))
            continue
        if seat and not (seat.isascii() and seat.isdigit() and len(seat) == 9):
            rule, remedy = "the code must have 9 digits", "write the leading zeros"
            cells.problems.append(cells.at(i, "COD_COMUNE_SEDE_SOGG", rule, remedy, seat))
            continue
        rows.append(
            {
                "project_ref": row.COD_LOCALE_PROGETTO.strip(),
                "role": ROLES.get(role, f"role {role}"),
                "name": names[i],
                "seat_istat": _place(seat, territory)["istat"] if seat else "",
            }
        )
    return [row for row in rows if row["name"]]


def _drop_twice(cells: Cells, keys: list[str], values: list[str]) -> None:
    """Keep one of rows that are the same; report rows of one key that are not."""
    frame = cells.frame
    first = frame.drop_duplicates(keys).set_index(keys)
    again = frame.index[frame.duplicated(keys)]
    for i in again:
        key = tuple(frame.loc[i, keys]) if len(keys) > 1 else frame.loc[i, keys[0]]
        due = first.loc[key]
        differing = [column for column in values if column not in keys and frame.loc[i, column] != due[column]]
        if differing:
            told = ", ".join(map(repr, frame.loc[i, keys]))
            rule = f"the key {told} is also in row {due['line']}, with another {differing[0]}"
            cells.problems.append(
                cells.at(i, differing[0], rule, "keep one of the two rows, or download the file again")
            )
        else:
            rule = f"the row repeats row {due['line']}; it was left out"
            cells.warnings.append(cells.at(i, keys[0], rule, "nothing"))
    cells.keep(~frame.duplicated(keys))


def _contradictions(cells: Cells, table: pd.DataFrame) -> None:
    number = {name: pd.to_numeric(table[name], errors="coerce") for name in _AMOUNTS}
    doubts = (
        ("TOT_PAGAMENTI", "more was paid than committed", number["paid_eur"] > number["committed_eur"]),
        ("FINANZ_UE", "the Union gives more than all public funding", number["eu_eur"] > number["public_funding_eur"]),
        ("OC_DATA_FINE_PROGETTO_EFFETTIVA", "the project ends before it starts",
         (table["end_actual"] != "") & (table["start"] > table["end_actual"])),
    )  # fmt: skip
    for column, rule, bad in doubts:
        cells.warnings += [
            cells.at(i, column, rule + "; kept as published", "look at the project") for i in bad.index[bad]
        ]
