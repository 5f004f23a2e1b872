"""A text whose cells are parted by a separator → grids, one for each separator it may have."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from helpers.data.csv_form import unmark
from helpers.errors import InputError, Problem
from helpers.imports.reading.grids import Grid, Row

SEPARATORS = {";": "semicolons", ",": "commas", "\t": "tabs", "|": "vertical bars"}
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
#: Bytes that Windows-1252 has no letter for.
_NO_LETTER = bytes.maketrans(b"\x81\x8d\x8f\x90\x9d", b"?????")


def grids(label: str, data: bytes) -> list[Grid]:
    """The grids of a text; which separator is right is for who knows the headings to say.

    Parameters
    ----------
    label
        How a person finds the file.
    data
        Its bytes: UTF-8 or UTF-16 with a mark, UTF-8, or Windows-1252; lines end in LF, CR LF or CR.

    Raises
    ------
    InputError
        If it is no text.
    """
    text, encoding = decode(label, data)
    head = text[:200_000]
    found = [separator for separator in SEPARATORS if separator in head] or [";"]
    return [_grid(label, text, separator, encoding) for separator in found]


def decode(label: str, data: bytes) -> tuple[str, str]:
    r"""A file's bytes as text, and the name of the encoding.

    A file that is UTF-8 but for some lines, as when rows were pasted from another, is read line by line.

    Examples
    --------
    >>> decode("list.csv", "Agliè".encode("cp1252"))
    ('Agliè', 'Windows-1252')
    >>> decode("list.csv", "Agliè\n".encode() + "Viù".encode("cp1252"))
    ('Agliè\nViù', 'UTF-8, some lines Windows-1252')
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            text, told = data[len(mark) :].decode(name, "replace"), name.upper().removesuffix("-LE").removesuffix("-BE")
            if told == "UTF-8" and "\ufffd" in text:
                break
            return text, told
    if b"\0" in data[:100_000]:
        raise InputError([Problem(label, "the file is no text", "give a CSV, an XLSX or a Parquet file")])
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        pass
    lines, strange, beyond = [], 0, 0
    for line in data.split(b"\n"):
        try:
            lines.append(line.decode("utf-8"))
            beyond += not line.isascii()
        except UnicodeDecodeError:
            lines.append(line.translate(_NO_LETTER).decode("cp1252"))
            strange += 1
    return "\n".join(lines), "UTF-8, some lines Windows-1252" if beyond else "Windows-1252"


def _one_line(cell: str) -> str:
    bare = cell.strip()
    return " ".join(bare.split()) if "  " in bare or "\n" in bare or "\r" in bare or "\t" in bare else bare


def _grid(label: str, text: str, separator: str, encoding: str) -> Grid:
    def rows() -> Iterator[Row]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        before = 0
        try:
            for cells in reader:
                yield before + 1, [unmark(_one_line(cell)) for cell in cells]
                before = reader.line_num
        except csv.Error as error:
            rule = f"the row cannot be read ({error})"
            remedy = "close the double quotes, or double one that stands inside a text"
            raise InputError([Problem(label, rule, remedy, before + 1)]) from error

    return Grid(label, rows, f"{encoding}, {SEPARATORS[separator]}", whole=True)
