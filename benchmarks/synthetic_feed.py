"""Files in the exact format of OpenCoesione, made up for tests and measurements. GENERATED, never published.

Codes, names, titles and amounts are invented: a run of the importer on them says how it reads, never what was funded.
"""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

GENERATED = "GENERATO"
EDITION = "20260228"

#: What the importer needs, in the order in which the official file is said to have them.
NEEDED = (
    *("COD_LOCALE_PROGETTO", "CUP", "OC_TITOLO_PROGETTO", "OC_SINTESI_PROGETTO", "OC_LINK", "OC_COD_CICLO"),
    *("FONDO_COMUNITARIO", "OC_CODICE_PROGRAMMA", "OC_DESCRIZIONE_PROGRAMMA"),
    *("OC_COD_ARTICOLAZ_PROGRAMMA", "OC_DESCR_ARTICOLAZ_PROGRAMMA"),
    *("OC_COD_SUBARTICOLAZ_PROGRAMMA", "OC_DESCR_SUBARTICOLAZ_PROGRAMMA"),
    *("COD_PROCED_ATTIVAZIONE", "DESCR_PROCED_ATTIVAZIONE"),
    *("COD_REGIONE", "COD_PROVINCIA", "COD_COMUNE", "DEN_COMUNE"),
    *("FINANZ_UE", "FINANZ_UE_FESR", "FINANZ_UE_FSE", "FINANZ_TOTALE_PUBBLICO", "OC_FINANZ_TOT_PUB_NETTO"),
    *("IMPEGNI", "TOT_PAGAMENTI"),
    *("OC_DATA_INIZIO_PROGETTO", "OC_DATA_FINE_PROGETTO_PREVISTA", "OC_DATA_FINE_PROGETTO_EFFETTIVA"),
    *("OC_STATO_PROGETTO", "OC_DENOM_PROGRAMMATORE", "OC_DENOM_ATTUATORE", "OC_DENOM_BENEFICIARIO"),
    "DATA_AGGIORNAMENTO",
)
_INDICATORS = tuple(
    f"{name}_INDICATORE_{n}"
    for n in range(1, 5)
    for name in ("COD", "DESCR", "UNITA_MISURA", "PROGRAMMATO", "REALIZZATO")
)
#: 200 columns: those needed, the indicators, and names nobody reads. The key is the first, as in the official file.
COLUMNS = (*NEEDED, *_INDICATORS, *(f"{GENERATED}_{n:03d}" for n in range(1, 201 - len(NEEDED) - len(_INDICATORS))))

PLACES = ("COD_LOCALE_PROGETTO", "COD_REGIONE", "DEN_REGIONE", "COD_PROVINCIA", "DEN_PROVINCIA", "COD_COMUNE",
          "DEN_COMUNE", "INDIRIZZO_PROG", "CAP_PROG")  # fmt: skip
PARTIES = ("COD_LOCALE_PROGETTO", "SOGG_COD_RUOLO", "SOGG_DESCR_RUOLO", "SOGG_PROGR_RUOLO", "OC_CODICE_FISCALE_SOGG",
           "OC_DENOMINAZIONE_SOGG", "COD_COMUNE_SEDE_SOGG", "INDIRIZZO_SOGG", "CAP_SOGG")  # fmt: skip
PAYMENTS = ("COD_LOCALE_PROGETTO", "OC_DATA_PAGAMENTI", "TOT_PAGAMENTI", "OC_TOT_PAGAMENTI_RENDICONTAB_UE")

#: One valid row of Misura 1, to be varied.
ROW = {
    "COD_LOCALE_PROGETTO": "1PIEGEN0001",
    "CUP": "J19G17000000001",
    "OC_TITOLO_PROGETTO": "Progetto generato",
    "OC_SINTESI_PROGETTO": "Sintesi generata",
    "OC_LINK": "https://opencoesione.gov.it/progetti/1piegen0001/",
    "OC_COD_CICLO": "2",
    "FONDO_COMUNITARIO": "FSE",
    "OC_CODICE_PROGRAMMA": "2014IT05SFOP013",
    "OC_DESCRIZIONE_PROGRAMMA": "POR FSE PIEMONTE",
    "OC_COD_ARTICOLAZ_PROGRAMMA": "II",
    "OC_DESCR_ARTICOLAZ_PROGRAMMA": "Inclusione sociale",
    "OC_COD_SUBARTICOLAZ_PROGRAMMA": "II.9v.9.1.01",
    "OC_DESCR_SUBARTICOLAZ_PROGRAMMA": "Azione generata",
    "COD_PROCED_ATTIVAZIONE": "GEN-1",
    "DESCR_PROCED_ATTIVAZIONE": "Bando generato",
    "COD_REGIONE": "001",
    "COD_PROVINCIA": "001001",
    "COD_COMUNE": "001001272",
    "DEN_COMUNE": "TORINO",
    "FINANZ_UE": "100000,00",
    "FINANZ_UE_FESR": "",
    "FINANZ_UE_FSE": "100000,00",
    "FINANZ_TOTALE_PUBBLICO": "200000,50",
    "OC_FINANZ_TOT_PUB_NETTO": "199000,5",
    "IMPEGNI": "180000,00",
    "TOT_PAGAMENTI": "90000",
    "OC_DATA_INIZIO_PROGETTO": "20180401",
    "OC_DATA_FINE_PROGETTO_PREVISTA": "20200331",
    "OC_DATA_FINE_PROGETTO_EFFETTIVA": "",
    "OC_STATO_PROGETTO": "In corso",
    "OC_DENOM_PROGRAMMATORE": "REGIONE PIEMONTE",
    "OC_DENOM_ATTUATORE": "ENTE GENERATO",
    "OC_DENOM_BENEFICIARIO": "ENTE GENERATO",
    "DATA_AGGIORNAMENTO": EDITION,
}

#: Actions of WE.CA.RE. with their programme and fund, and how many of a thousand rows of theirs the file holds.
_ACTIONS = (
    ("2014IT05SFOP013", "FSE", "II.9v.9.1.01"),
    ("2014IT05SFOP013", "FSE", "II.9v.9.2.01"),
    ("2014IT05SFOP013", "FSE", "1.8iv.3.2.4"),
    ("2014IT16RFOP014", "FESR", "III.3c.7.1"),
)
_COMUNI = (("001001272", "TORINO"), ("001004078", "CUNEO"), ("001005005", "ASTI"), ("001002158", "VERCELLI"))
_WORDS = [
    "servizi",
    "sostegno",
    "inclusione",
    "formazione",
    "lavoro",
    "famiglie",
    "giovani",
    "energia",
    "scuola",
    "rete",
    "imprese",
    "ricerca",
]


def lines(columns: Iterable[str], rows: Iterable[Mapping[str, str]], end: str = "\r\n") -> bytes:
    """Write rows as the official CSV: UTF-8 with BOM, ``;``, every field quoted; absent cells are blank."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator=end)
    columns = tuple(columns)
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def write(path: Path, rows: Iterable[Mapping[str, str]], columns: Iterable[str] = COLUMNS, end: str = "\r\n") -> Path:
    """Write rows to a CSV, or to a zip that holds it, as the suffix of ``path`` says.

    In a zip the CSV carries the date of the edition in its name, as the official ones do.
    """
    data = lines(columns, rows, end)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{path.stem}_{EDITION}.csv", data)
    else:
        path.write_bytes(data)
    return path


def national(path: Path, rows: int, share: int = 2_000, seed: int = 0) -> int:
    """Write a file of the size of the national one: one row of ``share`` belongs to WE.CA.RE.

    Parameters
    ----------
    path
        The CSV to write; about 1 kB a row.
    rows
        Number of rows.
    share
        One row of so many is made to match a rule, another one nearly.
    seed
        The same seed gives the same bytes.

    Returns
    -------
    int
        How many rows belong to WE.CA.RE.
    """
    rng = random.Random(seed)
    size = min(rows, 20_000)
    block = [_row(rng, n, share) for n in range(size)]
    # Blocks differ in their keys alone: writing must not take longer than what is measured.
    body = lines(COLUMNS, block).split(b"\r\n", 1)
    ours = [int(row["CUP"].startswith("W")) for row in block]
    found = 0
    with path.open("wb") as file:
        file.write(body[0] + b"\r\n")
        for start in range(0, rows, size):
            part, count = body[1], min(size, rows - start)
            if count < size:
                part = b"".join(part.splitlines(keepends=True)[:count])
            file.write(part.replace(b"@@@@@", b"%05d" % (start // size)))
            found += sum(ours[:count])
    return found


def _row(rng: random.Random, n: int, share: int) -> dict[str, str]:
    mine, near = n % share == 7, n % share == 11
    programme, fund, action = (
        rng.choice(_ACTIONS) if mine or near else (f"2014IT{rng.randrange(30):02d}M2OP", "FSE", "1.1")
    )
    if near:
        action += "9"
    code, name = rng.choice(_COMUNI)
    total = rng.randrange(10_000, 900_000_00)
    words = [rng.choice(_WORDS) for _ in range(24)]
    quoted = f'{" ".join(words[:6])} "{" ".join(words[6:8])}"'
    broken = f"{' '.join(words[8:16])};\n{' '.join(words[16:])}"
    return ROW | {
        "COD_LOCALE_PROGETTO": f"{GENERATED[:3]}@@@@@{n:06d}",
        "CUP": ("W" if mine else "J") + f"{rng.randrange(10**14):014d}",
        "OC_TITOLO_PROGETTO": quoted if n % 5 == 0 else " ".join(words[:8]),
        "OC_SINTESI_PROGETTO": broken if n % 50 == 0 else " ".join(words[8:]),
        "OC_LINK": f"https://opencoesione.gov.it/progetti/gen@@@@@{n:06d}/",
        "FONDO_COMUNITARIO": fund,
        "OC_CODICE_PROGRAMMA": programme,
        "OC_COD_SUBARTICOLAZ_PROGRAMMA": action,
        "COD_COMUNE": code,
        "COD_PROVINCIA": code[:6],
        "DEN_COMUNE": name,
        "FINANZ_TOTALE_PUBBLICO": _euro(total),
        "OC_FINANZ_TOT_PUB_NETTO": _euro(total - total // 50),
        "FINANZ_UE": _euro(total // 2),
        "FINANZ_UE_FSE": _euro(total // 2) if fund == "FSE" else "",
        "FINANZ_UE_FESR": _euro(total // 2) if fund == "FESR" else "",
        "IMPEGNI": _euro(total - total // 10),
        "TOT_PAGAMENTI": _euro(total // 3),
    }  # fmt: skip


def _euro(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"
