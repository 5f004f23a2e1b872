"""A file of OpenCoesione as it was downloaded: what it is, whose edition it is, and whether its form is right.

Nothing of its content is read here but the header.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

from helpers.errors import InputError, Problem

KEY = "COD_LOCALE_PROGETTO"
PROJECTS, PLACES, PARTIES, PAYMENTS = "progetti", "localizzazioni", "soggetti", "pagamenti"

#: Columns each kind of file must have; all others are ignored, so new editions may bring new ones.
NEEDED = {
    PROJECTS: (
        *(KEY, "CUP", "OC_TITOLO_PROGETTO", "OC_SINTESI_PROGETTO", "OC_LINK", "OC_COD_CICLO", "FONDO_COMUNITARIO"),
        *("OC_CODICE_PROGRAMMA", "OC_COD_ARTICOLAZ_PROGRAMMA", "OC_COD_SUBARTICOLAZ_PROGRAMMA"),
        *("COD_PROCED_ATTIVAZIONE", "DESCR_PROCED_ATTIVAZIONE"),
        *("COD_REGIONE", "COD_PROVINCIA", "COD_COMUNE", "DEN_COMUNE"),
        *("FINANZ_UE", "FINANZ_UE_FESR", "FINANZ_UE_FSE", "FINANZ_TOTALE_PUBBLICO", "OC_FINANZ_TOT_PUB_NETTO"),
        *("IMPEGNI", "TOT_PAGAMENTI", "OC_DATA_INIZIO_PROGETTO", "OC_DATA_FINE_PROGETTO_PREVISTA"),
        *("OC_DATA_FINE_PROGETTO_EFFETTIVA", "OC_STATO_PROGETTO"),
        *("OC_DENOM_PROGRAMMATORE", "OC_DENOM_ATTUATORE", "OC_DENOM_BENEFICIARIO", "DATA_AGGIORNAMENTO"),
    ),
    PLACES: (KEY, "COD_REGIONE", "COD_PROVINCIA", "COD_COMUNE", "DEN_COMUNE"),
    PARTIES: (KEY, "SOGG_COD_RUOLO", "OC_DENOMINAZIONE_SOGG", "COD_COMUNE_SEDE_SOGG"),
    PAYMENTS: (KEY, "OC_DATA_PAGAMENTI", "TOT_PAGAMENTI"),
}
#: The column by which a kind is known, whatever the file is called. The first that is there decides.
_MARKS = (
    ("OC_TITOLO_PROGETTO", PROJECTS),
    ("SOGG_COD_RUOLO", PARTIES),
    ("OC_DATA_PAGAMENTI", PAYMENTS),
    ("COD_COMUNE", PLACES),
)
_NAME = re.compile(r"(?:_(?P<scope>[A-Z]{3}))?(?:_(?P<cycle>\d{4}-\d{4}))?(?:_(?P<day>\d{8}))?\.(?:csv|zip)$", re.I)
_SEPARATORS = {",": "commas", "\t": "tabs", "|": "vertical bars"}
_HEADER_BYTES = 1_000_000
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class FeedFile:
    """A file of the feed whose form is right.

    Attributes
    ----------
    path, member
        The file, and the CSV in it if it is a zip.
    kind
        ``progetti``, ``localizzazioni``, ``soggetti`` or ``pagamenti``, told by the columns.
    columns
        The header.
    scope
        ``PIE`` for a region's file, ``ITA`` for the national one.
    edition
        Day of the edition, as ``2026-02-28``.
    start, line
        Where the first row starts: byte, and line of the file.
    """

    path: Path
    member: str | None
    kind: str
    columns: tuple[str, ...]
    scope: str
    edition: str
    start: int
    line: int

    @property
    def name(self) -> str:
        """Name of the CSV."""
        return self.member or self.path.name

    @property
    def label(self) -> str:
        """How a person finds the CSV."""
        return _label(self.path, self.member)

    @contextmanager
    def rows(self) -> Iterator[IO[bytes]]:
        """Open the CSV after its header.

        Raises
        ------
        InputError
            If the zip turns out to be damaged while it is read.
        """
        with _stream(self.path, self.member) as stream:
            stream.read(self.start)
            yield stream


def open_feed(path: Path, edition: str | None = None) -> FeedFile:
    """Look at a downloaded file.

    Parameters
    ----------
    path
        A CSV, or a zip that holds one.
    edition
        Day of the edition (``2026-02-28``) if the name of the CSV does not say it.

    Raises
    ------
    InputError
        If it is missing, empty, damaged, holds several CSVs, is not text separated by semicolons, or lacks a needed
        column or has it twice; with every such column.
    """
    member = _member(path)
    label = _label(path, member)
    with _stream(path, member) as stream:
        head, start = _header(stream, label)
    columns = _columns(head, label)
    kind = next((kind for mark, kind in _MARKS if mark in columns), None)
    if kind is None:
        rule = "the file is none of progetti_esteso, localizzazioni, soggetti and pagamenti: its columns are others"
        remedy = "give a file downloaded from opencoesione.gov.it"
        raise InputError([Problem(label, rule, remedy, row=1, value=";".join(columns)[:200])])
    _require(columns, NEEDED[kind], label)
    scope, day = _name(member or path.name, path.name, label, edition)
    return FeedFile(path, member, kind, columns, scope, day, start, head.count("\n") + 2)


def _label(path: Path, member: str | None) -> str:
    name = path.name if member is None else f"{path.name}/{member}"
    # A name in a zip may be anything, and this one is printed.
    return "".join(c if c.isprintable() else "?" for c in name)


def _member(path: Path) -> str | None:
    """Name of the CSV in a zip; None for a CSV."""
    if not path.is_file():
        raise _fault(path.name, "the file does not exist", "give the path of the downloaded file")
    if path.stat().st_size == 0:
        raise _fault(path.name, "the file is empty (0 bytes)", "download it again")
    if path.suffix.lower() != ".zip":
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(".csv")]
    except zipfile.BadZipFile as error:
        rule = f"the zip is damaged or cut off ({error})"
        raise _fault(path.name, rule, "download it again, whole") from error
    names = [name for name in names if not Path(name).name.startswith((".", "__"))]
    if len(names) != 1:
        rule = f"the zip must hold one CSV; it holds {len(names)}"
        raise _fault(path.name, rule, "unpack it and give the CSV you mean", value=", ".join(names) or None)
    return names[0]


@contextmanager
def _stream(path: Path, member: str | None) -> Iterator[IO[bytes]]:
    if member is None:
        with path.open("rb", buffering=0) as stream:
            yield stream
        return
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member) as stream:
            yield stream
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        rule = f"the zip is damaged, cut off or protected ({error})"
        raise _fault(_label(path, member), rule, "download it again, whole") from error


def _header(stream: IO[bytes], label: str) -> tuple[str, int]:
    """Text of the header and the byte after it."""
    head = b""
    while len(head) < _HEADER_BYTES and (block := stream.read(65_536)):
        head += block
        if b"\n" in head:
            break
    if not head.removeprefix(_BOM).strip():
        raise _fault(label, "the file is empty", "download it again")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head:
        raise _fault(label, "the file must be UTF-8; this one is UTF-16 or not text at all", "download it again", row=1)
    end = head.find(b"\n")
    if end < 0 and len(head) >= _HEADER_BYTES:
        raise _fault(label, "no line ends in the first million bytes", "give a CSV of OpenCoesione", row=1)
    line = head if end < 0 else head[: end + 1]
    try:
        return line.decode("utf-8-sig").rstrip("\r\n"), len(line)
    except UnicodeDecodeError as error:
        rule, remedy = "the file must be UTF-8; its header is in another encoding", "save or download it as UTF-8"
        raise _fault(label, rule, remedy, row=1, value=line.decode("latin-1")[:200]) from error


def _columns(head: str, label: str) -> tuple[str, ...]:
    columns = tuple(name.strip() for name in next(csv.reader(io.StringIO(head), delimiter=";"), []))
    if len(columns) < 2:
        used = [words for separator, words in _SEPARATORS.items() if separator in head]
        rule = "the columns must be separated by semicolons (;)" + (f"; this file uses {used[0]}" if used else "")
        raise _fault(label, rule, "give the file as it was downloaded", row=1, value=head[:200])
    return columns


def _require(columns: tuple[str, ...], needed: tuple[str, ...], label: str) -> None:
    remedy = (
        "give the file as it was downloaded; if OpenCoesione renamed the column, tell those who keep this importer "
        "(NEEDED in imports/feedfiles.py)"
    )
    found = [
        Problem(label, "the column is missing", remedy, row=1, column=name) for name in needed if name not in columns
    ]
    found += [
        Problem(label, f"the column appears {columns.count(name)} times", "keep the right one", row=1, column=name)
        for name in needed
        if columns.count(name) > 1
    ]
    if found:
        raise InputError(found)


def _name(name: str, outer: str, label: str, edition: str | None) -> tuple[str, str]:
    """Scope and edition, from the name of the CSV, else from that of the zip, else as asked."""
    found = [_NAME.search(Path(text).name) for text in (name, outer)]
    scope = next((match["scope"].upper() for match in found if match and match["scope"]), "ITA")
    day = edition or next((match["day"] for match in found if match and match["day"]), None)
    remedy = "give it: --edition 2026-02-28"
    if day is None:
        raise _fault(label, "the name of the file does not say the day of its edition", remedy)
    try:
        return scope, date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise _fault(label, "the day of the edition does not exist", remedy, value=day) from error


def _fault(file: str, rule: str, remedy: str, **where: Any) -> InputError:
    return InputError([Problem(file, rule, remedy, **where)])
