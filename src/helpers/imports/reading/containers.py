"""What kind of file a person gave, by its first bytes and not by its name → the grids in it."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from helpers.errors import InputError, Problem
from helpers.imports.reading import delimited, workbook
from helpers.imports.reading.grids import Grid

#: Bytes a file may have when unpacked; the feed of OpenCoesione, which is larger, is read as a stream elsewhere.
LARGEST = 1 << 30
#: Bytes, and rows, by which a table is known.
HEAD = 1 << 18
_ROWS = 100
#: How deep files may be packed in one another.
_DEPTH = 3

#: What can be unpacked, by its first bytes.
_PACKED: dict[bytes, tuple[str, Callable[[IO[bytes]], Any]]] = {
    b"\x1f\x8b": (".gz", lambda stream: gzip.GzipFile(fileobj=stream)),
    b"\xfd7zXZ\x00": (".xz", lzma.LZMAFile),
    b"BZh": (".bz2", bz2.BZ2File),
}
_ZIP, _PARQUET = b"PK\x03\x04", b"PAR1"
#: What no table can be read from, by its first bytes: what it is, and what to do.
_OTHERS = (
    (b"%PDF", "a PDF", "ask for the list as XLSX or CSV: a PDF holds drawn text, not cells"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls), or one with a password", "save it as .xlsx without a password"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it and give the file in it"),
    (b"Rar!", "a RAR archive", "unpack it and give the file in it"),
    (b"\x89PNG", "a picture", "ask for the list as XLSX or CSV"),
    (b"\xff\xd8\xff", "a picture", "ask for the list as XLSX or CSV"),
)
_TEXTS = (".csv", ".txt", ".tsv")
_MARKUP = ((b"<!doctype html", b"<html"), (b"<?xml", b"<"))
_IN_ZIP = {
    "word/document.xml": ("a Word document", "copy its table into a spreadsheet and save that as .xlsx"),
    "content.xml": ("an OpenDocument file", "save it as .xlsx, or as CSV UTF-8"),
}


def open_grids(path: Path, what: str = "file", head: bool = False) -> list[Grid]:
    """The grids of a file: CSV in any form, XLSX, Parquet; or a zip, gz, xz or bz2 that holds one.

    Parameters
    ----------
    path
        The file; its name need not say what it is.
    what
        What the person was asked for, as "list".
    head
        True to read of a text no more than is needed to know which table it is.

    Raises
    ------
    InputError
        If it does not exist, is empty, damaged or protected, or nothing that holds a table.
    """
    if not path.is_file():
        raise _fault(path.name, "the file does not exist", f"give the path of the {what}")
    with path.open("rb") as stream:
        found = list(_grids(printable(path.name), stream, HEAD if head else LARGEST, _DEPTH))
    if not found:
        raise _fault(path.name, "the file holds no table, such as a workbook without sheets", "save it again")
    return found


def printable(name: str) -> str:
    """The name of a file as it may be printed: in a zip it may be anything."""
    return "".join(c if c.isprintable() else "?" for c in name)


def kind(head: bytes) -> tuple[str, str] | None:
    """What a file is that holds no table, by its first bytes, and what to do; None if it may hold one.

    Examples
    --------
    >>> kind(b"%PDF-1.7")[0]
    'a PDF'
    >>> kind(b"a;b\\r\\n1;2\\r\\n")
    """
    for magic, name, remedy in _OTHERS:
        if head.startswith(magic):
            return name, remedy
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_MARKUP[0]):
        return "a web page", "it may be the page of a login or an error: open the address and download the file itself"
    if start.startswith(_MARKUP[1]):
        return "an XML file", "download the same data as CSV or XLSX"
    if start[:1] in (b"{", b"["):
        return "a JSON file", "download the same data as CSV or XLSX"
    return None


def _grids(label: str, stream: IO[bytes], most: int, depth: int) -> Iterator[Grid]:
    head = stream.read(512)
    stream.seek(0)
    if not head.strip():
        raise _fault(label, "the file is empty", "download or save it again")
    if other := kind(head):
        raise _fault(label, f"the file is {other[0]}, not a table", other[1])
    packed = next((found for magic, found in _PACKED.items() if head.startswith(magic)), None)
    if packed and depth:
        suffix, unpack = packed
        inner = _content(label, unpack(stream), most)
        yield from _grids(label.removesuffix(suffix), io.BytesIO(inner), most, depth - 1)
    elif head.startswith(_ZIP):
        yield from _zip_grids(label, stream, most, depth)
    elif head.startswith(_PARQUET):
        yield _parquet_grid(label, stream, most < LARGEST)
    else:
        yield from delimited.grids(label, _content(label, stream, most))


def _zip_grids(label: str, stream: IO[bytes], most: int, depth: int) -> Iterator[Grid]:
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
            if "xl/workbook.xml" in names or any(name.startswith("xl/workbook") for name in names):
                yield from workbook.grids(label, _content(label, stream))
                return
            for part, (name, remedy) in _IN_ZIP.items():
                if part in names:
                    raise _fault(label, f"the file is {name}, not a table", remedy)
            members = [name for name in names if is_table(name)]
            if not members or not depth:
                held = ", ".join(map(printable, names[:5])) or "nothing"
                raise _fault(label, "the zip holds no table", "unpack it and give the table", value=held)
            for name in members:
                with archive.open(name) as member:
                    text = Path(name).suffix.lower() in _TEXTS
                    inner = _content(label, member, most if text else LARGEST)
                    yield from _grids(f"{label}/{printable(name)}", io.BytesIO(inner), most, depth - 1)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as error:
        raise _fault(
            label, f"the zip is damaged, cut off or protected ({error})", "download it again, whole"
        ) from error


def is_table(name: str) -> bool:
    """Whether a member of a zip may hold a table, by its name; what systems add to a zip does not."""
    path = Path(name)
    hidden = name.endswith("/") or path.name.startswith((".", "__")) or "__MACOSX" in path.parts
    return not hidden and path.suffix.lower() in (*_TEXTS, ".xlsx", ".parquet", ".gz", ".xz", ".zip")


def _parquet_grid(label: str, stream: IO[bytes], head: bool) -> Grid:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(stream)
        names = [" ".join(name.split()) for name in file.schema_arrow.names]
        some = next(file.iter_batches(_ROWS), None) if head else file.read()
        columns = [workbook.texts(column.to_pylist()) for column in some.columns] if some is not None else []
    except (pa.ArrowException, OSError) as error:
        raise _fault(label, f"the Parquet file cannot be read ({error})", "download it again, whole") from error

    def rows() -> Iterator[tuple[int, list[str]]]:
        yield 1, names
        yield from enumerate(map(list, zip(*columns, strict=True)), start=2)

    return Grid(label, rows, "Parquet")


def _content(label: str, stream: IO[bytes], most: int = LARGEST) -> bytes:
    """All bytes of a stream; if fewer are asked for, those up to the last end of a line."""
    try:
        stream.seek(0)
        data = stream.read(most + 1)
    except (EOFError, lzma.LZMAError, zlib.error, OSError) as error:
        raise _fault(label, f"the file is damaged or cut off ({error})", "download it again, whole") from error
    if len(data) <= most:
        return data
    if most == LARGEST:
        raise _fault(label, f"the file has more than {most >> 20:,} MB", "give a file of one region, or of one table")
    return data[: max(data.rfind(b"\n"), data.rfind(b"\r")) + 1] or data


def _fault(file: str, rule: str, remedy: str, value: object = None) -> InputError:
    return InputError([Problem(file, rule, remedy, value=value)])
