"""Scanned rows of the feed → our tables ``projects``, ``project_places``, ``project_parties``.

Every cell of the tables is text as it will stand in the CSV; blank is not known.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import pandas as pd

from helpers.errors import Problem
from helpers.imports.opencoesione.cells import Cells, counted, items, one_line
from helpers.imports.opencoesione.feed_files import KEY
from helpers.imports.opencoesione.matching_rules import Rule
from helpers.system.place_names import NameIndex
from helpers.system.plain_text import fold

#: ``OC_COD_CICLO``.
CYCLES = {"1": "2007-2013", "2": "2014-2020", "3": "2021-2027", "9": "2000-2006"}
#: Roles that have a word of ours, by ``SOGG_COD_RUOLO`` and by ``SOGG_DESCR_RUOLO``; others keep the published word.
ROLES = {
    "1": "programming",
    "2": "implementing",
    "programmatore": "programming",
    "attuatore": "implementing",
    "beneficiario": "beneficiary",
}
#: What OpenCoesione writes in place of a natural person's name or fiscal code.
_WITHHELD = re.compile(r"\*[^*]+\*")
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
    cells.keep(cells.frame["rule_id"] != "", "only a near rule fits")
    cells.drop_persons(KEY)
    cells.drop_repeats([KEY], [c for c in cells.frame if c not in ("line", "rules")])
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
    table = table.join(cells.amounts(_AMOUNTS))
    for name, column in _DAYS.items():
        table[name] = cells.day(column)
    _contradictions(cells, table)
    return table


def places(cells: Cells, territory: Territory) -> pd.DataFrame:
    """One row per project and place: its code as published, its level, ISTAT's codes, and its position (``row``)."""
    found, told, mended = [], set(), 0
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
        for published, name in zip(codes, names, strict=True):
            if not published:
                continue
            code = _whole_code(published, width)
            mended += code != published
            if not code:
                rule = f"the code must have {width} digits"
                cells.problems.append(cells.at(i, column, rule, "write the leading zeros", published))
                continue
            place = _place(code, territory)
            found.append(
                {"project_ref": row.COD_LOCALE_PROGETTO.strip(), "code": code, **place, "name": name, "row": i}
            )
            if (code, name) not in told:
                told.add((code, name))
                cells.warnings += _doubts(cells, i, column, code, name, place, territory)
    if mended:
        number = counted(mended, "code of a place was", "codes of places were")
        cells.remarks.append(f"{number} given back the leading zeros")
    columns = ["project_ref", "code", "level", "region_code", "province_code", "istat", "name", "row"]
    return pd.DataFrame(found, columns=columns, dtype="str").drop_duplicates(["project_ref", "code"])


def listed_places(cells: Cells, territory: Territory) -> tuple[pd.DataFrame, int]:
    """Places as ``localizzazioni`` lists them, and how many of its rows name one that no row before names."""
    before = len(cells.problems)
    table = places(cells, territory)
    kept = table["row"].nunique()
    unreadable = len({problem.row for problem in cells.problems[before:]})
    named = cells.frame[["COD_COMUNE", "COD_PROVINCIA", "COD_REGIONE"]].ne("").any(axis=1)
    cells.leave(unreadable, "cannot be read")
    cells.leave(int((~named).sum()), "names no place")
    cells.leave(int(named.sum()) - kept - unreadable, "repeats another row")
    return table, kept


def parties(projects: pd.DataFrame, listed: pd.DataFrame | None) -> pd.DataFrame:
    """One row per project, role and body: as ``soggetti`` lists them, if given, else from the columns of the project.

    Natural persons are left out. The beneficiary always comes from the project too, with the seat that ``soggetti``
    gives for a body of that name.
    """
    columns = ["project_ref", "role", "name", "seat_istat"]
    named = {"beneficiary": "beneficiary"}
    rows = []
    if listed is None:
        named = {"programming": "programming_body", "implementing": "implementing_body"} | named
    else:
        rows = listed[columns].to_dict("records")
    seats = {(row["project_ref"], row["name"]): row["seat_istat"] for row in rows if row["seat_istat"]}
    for role, column in named.items():
        for ref, cell in zip(projects["project_ref"], projects[column], strict=True):
            bodies = [body for body in items(cell) if body and not _WITHHELD.fullmatch(body)]
            rows += [dict(zip(columns, (ref, role, body, seats.get((ref, body), "")), strict=True)) for body in bodies]
    return pd.DataFrame(rows, columns=columns, dtype="str").drop_duplicates(["project_ref", "role", "name"])


def listed_parties(cells: Cells, territory: Territory) -> pd.DataFrame:
    """Bodies as ``soggetti`` lists them, one row each: ``project_ref``, ``role``, ``name``, ``seat_istat``."""
    frame = cells.frame
    person = frame["person"] | frame["OC_DENOMINAZIONE_SOGG"].str.strip().str.fullmatch(_WITHHELD)
    rule = "the party is a natural person; the row was left out"
    cells.warnings += [cells.at(i, "OC_DENOMINAZIONE_SOGG", rule, "nothing", "[persona]") for i in frame.index[person]]
    cells.keep(~person, "a natural person")
    cells.keep(one_line(cells.frame["OC_DENOMINAZIONE_SOGG"]) != "", "no name")
    frame = cells.frame
    seats = [_whole_code(seat, 9) if seat else "" for seat in frame["COD_COMUNE_SEDE_SOGG"].str.strip()]
    for i, published in enumerate(frame["COD_COMUNE_SEDE_SOGG"].str.strip()):
        if published and not seats[i]:
            rule, remedy = "the code must have 9 digits", "write the leading zeros"
            cells.problems.append(cells.at(i, "COD_COMUNE_SEDE_SOGG", rule, remedy, published))
    table = pd.DataFrame(
        {
            "project_ref": frame[KEY].str.strip(),
            "role": list(map(_role, frame["SOGG_COD_RUOLO"].str.strip(), one_line(frame["SOGG_DESCR_RUOLO"]))),
            "name": cells.text("OC_DENOMINAZIONE_SOGG"),
            "seat_istat": [_place(seat, territory)["istat"] if seat else "" for seat in seats],
        },
        dtype="str",
    )
    again = table.duplicated(["project_ref", "role", "name"])
    cells.keep(~again, "repeats another row")
    return table[~again].reset_index(drop=True)


def _role(code: str, word: str) -> str:
    """A role in our word, else in the published one, not all in capitals, else by its code."""
    if known := ROLES.get(fold(word)) or ROLES.get(code):
        return known
    return word.capitalize() if word.isupper() or word.islower() else word or f"role {code}"


def _whole_code(code: str, width: int) -> str:
    """A code with the leading zeros that a spreadsheet took from it; blank if it can be none.

    All codes of regions begin with a zero, and half of them with two.
    """
    return code.zfill(width) if code.isascii() and code.isdigit() and width - 2 <= len(code) <= width else ""


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
