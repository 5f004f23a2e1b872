"""What a downloaded file is made of, by its first bytes and not its name → the tables in it, none of them read yet."""

from __future__ import annotations

import bz2
import codecs
import csv
import gzip
import io
import lzma
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

import duckdb

from helpers.errors import InputError, Problem
from helpers.imports.opencoesione.read_ahead import Ahead
from helpers.imports.opencoesione.row_filter import BLOCK, Rows
from helpers.imports.opencoesione.zip_member import open_member
from helpers.imports.reading import containers, delimited
from helpers.imports.reading.find import TOP
from helpers.imports.reading.grids import Grid

AGAIN = "download it again, whole"
#: What can be unpacked as a stream, by its first bytes.
_PACKED: dict[bytes, Callable[[Path], Any]] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\x00": lzma.open}
_ZIP, _PARQUET = b"PK\x03\x04", b"PAR1"
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, NotImplementedError)
_HEAD = 1_000_000
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: Text up to the first line end outside quotes.
_FIRST_ROW = re.compile(rb'(?:[^"\r\n]++|"[^"]*+")*+')


@dataclass(frozen=True)
class Text:
    """A CSV.

    Attributes
    ----------
    label, name
        How a person finds it, and the name of the CSV alone.
    top
        Its first rows.
    separator, end
        What parts cells, and the last byte of a line end.
    """

    label: str
    name: str
    top: Grid
    separator: str
    end: bytes
    head: bytes = field(repr=False)
    open: Callable[[], Any] = field(repr=False)
    packed: bool = False

    @contextmanager
    def rows(self, heading: int) -> Iterator[Rows]:
        """Open the rows below the heading, which starts on the line ``heading``.

        Raises
        ------
        InputError
            If it turns out to be damaged.
        """
        start = 0
        for _ in range(heading - 1):
            start = self.head.index(self.end, start) + 1
        found = cast("re.Match[bytes]", _FIRST_ROW.match(self.head, start))
        after = self.head.find(self.end, found.end()) + 1 or len(self.head)
        line = heading + self.head.count(self.end, start, after)
        with ExitStack() as stack:
            with _told(self.label):
                stream = stack.enter_context(self.open())
                _read(stream, after)
            if self.packed:
                stream = Ahead(stream, BLOCK)
                stack.callback(stream.close)
            yield Rows(_Checked(stream, self.label), self.label, line, self.separator.encode(), self.end)


class _Checked:
    """A stream that says in words what is damaged."""

    def __init__(self, stream: Any, label: str):
        self._stream, self._label = stream, label

    def readinto(self, buffer: memoryview, /) -> int | None:
        with _told(self._label):
            return self._stream.readinto(buffer)


class _Recoded:
    """A stream of UTF-16 as UTF-8."""

    def __init__(self, stream: Any):
        self._stream, self._rest = codecs.EncodedFile(stream, "utf-8", "utf-16"), b""

    def read(self, size: int, /) -> bytes:
        while len(self._rest) < size and (block := self._stream.read(BLOCK)):
            self._rest += block
        found, self._rest = self._rest[:size], self._rest[size:]
        return found

    def readinto(self, buffer: memoryview, /) -> int:
        block = self.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook; ``top`` is the whole sheet."""

    label: str
    name: str
    top: Grid


@dataclass(frozen=True)
class Parquet:
    """A Parquet file.

    Attributes
    ----------
    label, name, top
        As of :class:`Text`; its headings stand in row 1, as they would in a CSV.
    path
        The file.
    count
        Number of its rows.
    folder
        What the file was unpacked into, and ends with this.
    """

    label: str
    name: str
    top: Grid
    path: Path
    count: int
    folder: Any = field(default=None, repr=False)


Part = Text | Sheet | Parquet


def parts(path: Path) -> list[Part]:
    """The tables of a file.

    Parameters
    ----------
    path
        A CSV, an XLSX or a Parquet file; or a zip, gz, xz or bz2 that holds such.

    Raises
    ------
    InputError
        If it is missing, empty, damaged or protected, or nothing that holds a table: in one line.
    """
    if not path.is_file():
        raise _fault(path.name, "the file does not exist", "give the path of the downloaded file")
    if path.stat().st_size == 0:
        raise _fault(path.name, "the file is empty (0 bytes)", "download it again")
    with path.open("rb") as stream:
        head = stream.read(512)
    if head.startswith(_ZIP):
        return _in_zip(path)
    unpack = next((found for magic, found in _PACKED.items() if head.startswith(magic)), None)
    if unpack is None:
        return _tables(containers.printable(path.name), path.name, path, lambda: path.open("rb", buffering=0))
    return _tables(containers.printable(path.name), path.name, None, lambda: unpack(path))


def _in_zip(path: Path) -> list[Part]:
    label = containers.printable(path.name)
    with _told(label), zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    if any(name.startswith("xl/workbook") for name in names):
        return _sheets(label, path.name, path)
    members = [name for name in names if containers.is_table(name)]
    if not members:
        containers.open_grids(path)  # which says what it is in place of a table
    found: list[Part] = []
    for name in members:
        found += _tables(
            f"{label}/{containers.printable(name)}", Path(name).name, None, partial(open_member, path, name)
        )
    return found


def _tables(label: str, name: str, path: Path | None, opened: Callable[[], Any]) -> list[Part]:
    """The tables of a stream that is no zip; ``path`` if it is a file as it stands."""
    with _told(label), opened() as stream:
        head = _read(stream, 512)
        if other := containers.kind(head):
            raise _fault(label, f"the file is {other[0]}, not a table", other[1])
        if not head.startswith((_ZIP, _PARQUET)):
            return [_text(label, name, head + _read(stream, _HEAD), opened, packed=path is None)]
        folder = None
        if path is None:
            # Neither can be read as a stream.
            folder = tempfile.TemporaryDirectory()
            path = Path(folder.name) / "table"
            with path.open("wb") as file:
                file.write(head)
                shutil.copyfileobj(stream, file)
    if head.startswith(_PARQUET):
        return [_parquet(label, name, path, folder)]
    return _sheets(label, name, path)


def _read(stream: IO[bytes], size: int) -> bytes:
    """So many bytes, fewer only at the end."""
    found = b""
    while len(found) < size and (block := stream.read(size - len(found))):
        found += block
    return found


def _text(label: str, name: str, head: bytes, opened: Callable[[], Any], packed: bool) -> Text:
    form = []
    if head.startswith(_UTF_16):
        plain = opened

        @contextmanager
        def recoded() -> Iterator[Any]:
            with plain() as stream:
                yield _Recoded(stream)

        opened, form = recoded, ["UTF-16"]
        with opened() as stream:
            head = _read(stream, _HEAD)
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise _fault(label, "the file is empty", "download it again")
    first = cast("re.Match[bytes]", _FIRST_ROW.match(head)).end()
    if len(head) >= _HEAD and head.find(b"\n", 0, _HEAD) < 0 and head.find(b"\r", 0, _HEAD) < 0:
        raise _fault(label, "no line ends in the first million bytes", "give a CSV of OpenCoesione", row=1)
    end = b"\r" if head[first : first + 1] == b"\r" and head[first + 1 : first + 2] != b"\n" else b"\n"
    text = delimited.decode(label, head)[0]
    rows = {separator: _top(text, separator) for separator in delimited.SEPARATORS}
    separator = max(rows, key=lambda s: sum(len(cells) for _, cells in rows[s]))
    if separator != ";":
        form.append(delimited.SEPARATORS[separator])
    if end == b"\r":
        form.append("lines that end in CR")
    top = Grid(label, lambda: iter(rows[separator]), ", ".join(form))
    return Text(label, name, top, separator, end, head, opened, packed)


def _top(text: str, separator: str) -> list[tuple[int, list[str]]]:
    """The first rows of a text: the line each starts on and its cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    found, before = [], 0
    try:
        for cells in islice(reader, TOP):
            found.append((before + 1, [cell.strip() for cell in cells]))
            before = reader.line_num
    except csv.Error:
        pass  # a quote that is not closed; whoever reads the rows says where
    return found


def _sheets(label: str, name: str, path: Path) -> list[Part]:
    found: list[Part] = []
    for grid in containers.open_grids(path):
        whole = label if grid.sheet is None else f"{label}, sheet {grid.sheet!r}"
        found.append(Sheet(whole, name, replace(grid, label=whole)))
    return found


def _parquet(label: str, name: str, path: Path, folder: Any) -> Parquet:
    try:
        with duckdb.connect() as connection:
            cursor = connection.execute("SELECT * FROM read_parquet(?) LIMIT 0", [str(path)])
            headings = [column[0] for column in cursor.description or ()]
            counted = connection.execute("SELECT num_rows FROM parquet_file_metadata(?)", [str(path)]).fetchone()
    except duckdb.Error as error:
        rule = f"the Parquet file cannot be read ({str(error).splitlines()[0]})"
        raise _fault(label, rule, AGAIN) from error
    top = Grid(label, lambda: iter([(1, headings)]), "Parquet")
    return Parquet(label, name, top, path, int(counted[0]) if counted else 0, folder)


@contextmanager
def _told(label: str) -> Iterator[None]:
    """What reading raises if a file is damaged, in words."""
    try:
        yield
    except _DAMAGED as error:
        zipped = isinstance(error, zipfile.BadZipFile)
        what = "the zip is damaged or cut off" if zipped else "the file is damaged, cut off or protected"
        raise _fault(label, f"{what} ({error})", AGAIN) from error


def _fault(file: str, rule: str, remedy: str, **where: Any) -> InputError:
    return InputError([Problem(file, rule, remedy, **where)])
