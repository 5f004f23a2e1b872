"""Files in the formats of ISTAT (POSAS) and of the Ministry (IRPEF), made up for tests: GENERATED, never published."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

HEADER = "Codice comune;Comune;Età;Totale maschi;Totale femmine;Totale"


def posas_lines(people: pd.DataFrame, names: dict[str, str], year: int = 2030, title: str | None = None) -> list[str]:
    """Lines of POSAS for ``istat, age, female, male``, a total row after the ages of each comune."""
    sums = people.groupby("istat", as_index=False)[["male", "female"]].sum().assign(age=999)
    rows = pd.concat([people, sums]).sort_values(["istat", "age"])[["istat", "age", "male", "female"]]
    cells = rows.itertuples(index=False, name=None)
    lines = [f'"{code}";"{names[code]}";{age};{m};{f};{m + f}' for code, age, m, f in cells]
    return [title or f"Popolazione residente per età, sesso e stato civile al 1° gennaio {year}", HEADER, *lines]


def write(path: Path, lines: Iterable[str], encoding: str = "utf-8-sig", end: str = "\r\n") -> Path:
    """Write lines as the official sites do."""
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return path


#: A header of IRPEF by comune; the last column has no name.
IRPEF = (
    "Anno di imposta;Codice catastale;Codice Istat Comune;Denominazione Comune;Sigla Provincia;Regione;"
    "Codice Istat Regione;Numero contribuenti;Reddito da fabbricati - Frequenza;"
    "Reddito da fabbricati - Ammontare in euro;Reddito da lavoro dipendente e assimilati - Frequenza;"
    "Reddito da lavoro dipendente e assimilati - Ammontare in euro;Reddito da pensione - Frequenza;"
    "Reddito da pensione - Ammontare in euro;Reddito imponibile - Frequenza;Reddito imponibile - Ammontare in euro;"
    "Reddito imponibile addizionale - Frequenza;Reddito imponibile addizionale - Ammontare in euro;"
    "Reddito complessivo minore o uguale a zero euro - Frequenza;"
    "Reddito complessivo minore o uguale a zero euro - Ammontare in euro;"
)


def irpef_line(
    code: str, taxpayers: object, taxable_n: object, taxable_eur: object, year: int = 2030, **more: object
) -> str:
    """A row of IRPEF; ``more``: name, employment_n, employment_eur, pension_n, pension_eur."""
    get = {"name": "COMUNE"} | more
    cells = [year, "X000", code, get["name"], "TO", "Piemonte", "01", taxpayers, 1, 1]
    cells += [get.get(name, "") for name in ("employment_n", "employment_eur", "pension_n", "pension_eur")]
    return ";".join(map(str, [*cells, taxable_n, taxable_eur, 8, 8, "", "", ""]))


#: Headings of ISTAT's list of suppressed comuni, with the columns without name or content that end it.
SUPPRESSED = (
    "Anno;Sigla Automobilistica;Codice Unità territoriale sovracomunale (Uts);Codice Comune;Denominazione Comune;"
    "Comune soppresso per scorporo;Data evento;Codice del Comune associato alla variazione;"
    "Denominazione Comune associato alla variazione;Codice Unità territoriale sovracomunale associato alla variazione;"
    "Sigla Automobilistica associata alla variazione;;;;;"
)


def suppressed_line(old: str, new: str, date: str, split: str = "", names: tuple[str, str] = ("Già", "Ora")) -> str:
    """A row of the list: a comune that ceased and one that has its territory since; ``date`` as 31/12/2025."""
    cells = [date[-4:], "TO", f"2{old[1:3]}", old, names[0], split, date, new, names[1], f"2{new[1:3]}", "TO"]
    return ";".join([*cells, "", "", "", "", ""])
