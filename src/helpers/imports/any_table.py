"""A table of comuni or districts that nobody has described, in the form that ``data/raw`` wants.

What a column is follows from its cells: the one whose cells are codes or names of places is the key, those whose cells
are numbers or days are written in the one way, the others stay text. What was changed is told.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pandas as pd

from helpers.data import raw
from helpers.errors import InputError, Problem
from helpers.imports.reading import LISTED, Table, containers, workbook
from helpers.imports.reading.find import TOP, find
from helpers.imports.reading.grids import Grid
from helpers.imports.reading.layouts import Column, Layout, plain
from helpers.imports.reading.numbers import read_days, read_numbers
from helpers.subjects.known_names import comuni_names, district_names
from helpers.system.place_names import NameIndex, describe_repairs, fold_name, restore_code

#: The key of each level, and how many digits its codes have.
KEYS = {"comuni": "istat", "districts": "distretto_id"}
DIGITS = {"comuni": 6}

#: A column names places, or holds numbers, if at least this share of its cells that are filled does.
PLACES, MOST = 0.5, 0.8

#: Suffixes of layers.
LAYERS = (".geojson", ".json", ".shp", ".gpkg")

#: Cells of a column shown as they were and as they are.
EXAMPLES = 3

#: A number that begins with a zero which is no decimal: a code, as a postcode, which stays text.
_CODE = re.compile(r"0\d+")


@dataclass(frozen=True)
class AnyTable:
    """A table as it was understood.

    Attributes
    ----------
    file
        How a person finds it: the file, and its member or sheet.
    level, key
        What its rows are, of :data:`KEYS`, and the column that was found to say which; both empty if none does.
    frame
        The cells as ``data/raw`` holds them, text, blank = ""; the key first.
    rows
        The row of each in its file.
    remarks
        What was understood and changed, in words.
    lost
        Rows whose place is not known, by their text.
    numbers
        Columns of numbers.
    """

    file: str
    level: str
    key: str
    frame: pd.DataFrame
    rows: pd.Series
    remarks: list[str]
    lost: list[Problem] = field(default_factory=list)
    numbers: tuple[str, ...] = ()


def read_any(path: Path, key: str | None = None, sheet: str | None = None, root: Path | None = None) -> AnyTable:
    """Read a file and repair it; nothing is written.

    Parameters
    ----------
    path
        CSV in any form, XLSX, Parquet, or one of them packed.
    key
        The column that names comuni or districts; found by its cells where it is not said.
    sheet
        Name of the sheet, if several hold a table.
    root
        Folder of the data package; ``data/raw`` by default.

    Raises
    ------
    InputError
        If there is no table, the key is no column, or a column of numbers or days holds something else.
    """
    table = _read(path, sheet)
    indexes = {"comuni": comuni_names(raw.load("comuni", root), raw.load("provinces", root))}
    indexes["districts"] = district_names(raw.load("districts", root))
    names = _names(list(table.frame))
    if key is not None and plain(key) not in {plain(heading) for heading in names}:
        rule, remedy = "the file has no such column", f"use one of {', '.join(names)}"
        raise InputError([Problem(table.file, rule, remedy, column=key)])
    level, column = _find_key(table.frame, indexes, key)
    changed: list[str] = []
    numbers: list[str] = []
    made: dict[str, pd.Series] = {}
    lost: list[Problem] = []
    if column:
        codes, lost = _codes(table, column, indexes[level], DIGITS.get(level), changed)
        made[KEYS[level]] = codes
    for heading, name in names.items():
        cells = table.frame[heading]
        if heading == column and _are_codes(cells, indexes[level], DIGITS.get(level)):
            changed += [f"Column {heading!r} is called {KEYS[level]}."] if heading != KEYS[level] else []
            continue
        cells, kind = _typed(table, heading)
        while name in made:
            name += "_"
        made[name] = cells
        numbers += [name] if kind == "number" else []
        if heading != name:
            changed.append(f"Column {heading!r} is called {name}.")
        changed += _examples(table, heading, cells)
    table.stop_if_any()
    remarks = [*table.remarks, *changed]
    return AnyTable(table.file, level, column, pd.DataFrame(made), table.rows, remarks, lost, tuple(numbers))


def _read(path: Path, sheet: str | None) -> Table:
    grids = [_layer(path)] if _is_layer(path) else containers.open_grids(path)
    if sheet is None:
        grids = [max(grids, key=lambda grid: len(_headings(grid)))]
    headings = next((found for grid in grids if (found := _headings(grid))), [])
    names = list(dict.fromkeys(filter(None, headings)))
    if len(names) < 2:
        rule, remedy = "the file holds no table of several columns", "name the columns in one row, with rows below it"
        raise InputError([Problem(path.name, rule, remedy)])
    every = Layout("any", "a table", "", {name: Column((), needed=True) for name in names})
    return Table(find(grids, every, sheet), every)


def _is_layer(path: Path) -> bool:
    return path.suffix.lower() in LAYERS or (path.suffix.lower() == ".zip" and _holds_shapes(path))


def _holds_shapes(path: Path) -> bool:
    return zipfile.is_zipfile(path) and any(name.lower().endswith(".shp") for name in zipfile.ZipFile(path).namelist())


def _layer(path: Path) -> Grid:
    """What a layer says of its shapes; the shapes themselves are those of our comuni and districts."""
    import geopandas as gpd

    if not path.is_file():
        raise InputError([Problem(path.name, "the file does not exist", "give the path of the file")])
    try:
        frame = pd.DataFrame(gpd.read_file(path, ignore_geometry=True))
    except Exception as error:  # whatever the reader of layers makes of a broken file
        raise InputError([Problem(path.name, f"the layer cannot be read ({error})", "save it again")]) from error
    columns = [workbook.texts(frame[name].astype(object).where(frame[name].notna(), None)) for name in frame]
    rows = [[str(name) for name in frame], *map(list, zip(*columns, strict=True))]
    remark = "of the layer the table is read, not the shapes: maps draw our borders"
    return Grid(path.name, lambda: enumerate(rows, 1), "a layer", remarks=(remark,))


def _headings(grid: Grid) -> list[str]:
    """The first row that is filled as most rows are, and holds words; none if the grid has no such row."""
    try:
        rows = [cells for _, cells in islice(grid.rows(), TOP)]
    except InputError:
        return []  # the wrong separator
    filled = [sum(map(bool, cells)) for cells in rows]
    usual = Counter(n for n in filled if n > 1).most_common(1)
    width = usual[0][0] if usual else 0
    worded = (cells for cells, n in zip(rows, filled, strict=True) if n >= width and not any(map(_is_number, cells)))
    return next(worded, []) if width > 1 else []


def _is_number(cell: str) -> bool:
    """Whether a cell is a number; a year may be a heading."""
    return bool(re.fullmatch(r"[\d.,'\s]*\d", cell)) and not re.fullmatch(r"(19|20)\d\d", cell)


def _names(headings: list[str]) -> dict[str, str]:
    """Names as our tables have them: small letters, digits, underscores."""
    made: dict[str, str] = {}
    for heading in headings:
        name = fold_name(heading).replace(" ", "_") or "column"
        name = name if name[0].isalpha() else f"c_{name}"
        while name in made.values():
            name += "_"
        made[heading] = name
    return made


def _find_key(frame: pd.DataFrame, indexes: Mapping[str, NameIndex], key: str | None) -> tuple[str, str]:
    """Level and column of the places: codes before names, comuni before districts; empty if no column names places."""
    best, found = (False, 0.0), ("", "")
    for level, index in indexes.items():
        for column in frame:
            if key is not None and plain(column) != plain(key):
                continue
            cells = frame[column][frame[column] != ""].unique()[:400]
            coded = _share([_code(cell, index, DIGITS.get(level)) for cell in cells])
            if level == "comuni" and _counts(column) and key is None:
                coded = 0.0
            share = coded if coded >= PLACES else max(coded, _share([_by_name(cell, index) for cell in cells]))
            if share >= (0.01 if key else PLACES) and (coded >= PLACES, share) > best:
                best, found = (coded >= PLACES, share), (level, column)
    return found


def _share(found: Sequence[str | None]) -> float:
    return sum(code is not None for code in found) / len(found) if found else 0.0


def _counts(heading: str) -> bool:
    """Whether a heading says that small numbers below it are counts, not codes without their zeros."""
    return not re.search(r"istat|cod|pro_?com|comune|lau", fold_name(heading))


def _code(text: str, index: NameIndex, digits: int | None) -> str | None:
    code = restore_code(text, digits) if digits else text.strip().upper()
    return code if code in index.names else None


def _by_name(text: str, index: NameIndex) -> str | None:
    match = index.find(text)
    return match.code if match else None


def _are_codes(cells: pd.Series, index: NameIndex, digits: int | None) -> bool:
    filled = cells[cells != ""]
    return sum(_code(cell, index, digits) is not None for cell in filled) >= PLACES * len(filled)


def _codes(
    table: Table, column: str, index: NameIndex, digits: int | None, changed: list[str]
) -> tuple[pd.Series, list[Problem]]:
    """The code of each row, and what to do where none is known; tells what was repaired.

    What looks like a code stays, whether or not it is one of ours; a name that is not known leaves a blank.
    """
    cells = table.frame[column]
    known = {cell: _code(cell, index, digits) or _by_name(cell, index) for cell in cells.unique() if cell}
    short = [cell for cell, code in known.items() if code and cell != code and _code(cell, index, digits)]
    if short:
        changed.append(f"{column}: zeros given back to {len(short):,} codes, as {short[0]!r} for {known[short[0]]}.")
    named = {cell: match for cell in known if cell not in short and (match := index.find(cell)) and match.code}
    if named:
        changed.append(f"{column}: {len(named):,} names got their codes.")
    changed += describe_repairs("names", named)
    lost = []
    for at, cell in cells.items():
        if not known.get(cell):
            match = index.find(cell) if cell else None
            near = (match.candidates if match else index.near(cell)) if cell else []
            meant = " or ".join(f"{name} ({code})" for code, name in near)
            rule = "several places are called so" if match else "no place of ours has this code or name"
            lost.append(table.problem(at, column, rule, f"write {meant}" if meant else "write its code"))
    lacking = {cell: (restore_code(cell, digits) if digits and cell else None) or "" for cell in [*known, ""]}
    return cells.map(lambda cell: known.get(cell) or lacking[cell]).astype("str"), lost


def _typed(table: Table, heading: str) -> tuple[pd.Series, str]:
    """A column in the one way of writing, and what it holds; a few cells that are something else are told."""
    cells = table.frame[heading]
    filled = int((cells != "").sum())
    if not filled or cells.str.fullmatch(_CODE).any():
        return cells, "text"
    for kind, read in (("number", read_numbers), ("day", read_days)):
        known = read(cells)
        said = sum(value != "" for value in known.values)
        if said and len(known.bad) <= (1 - MOST) * filled:
            remedy = "write digits, as 1234,5" if kind == "number" else "write it like 31/12/2025"
            typed = table.numbers(heading, remedy=remedy) if kind == "number" else table.days(heading, remedy)
            return typed, kind
    return cells, "text"


def _examples(table: Table, heading: str, cells: pd.Series) -> list[str]:
    """Some cells as they were and as they are."""
    before = table.frame[heading]
    other = before.index[before != cells]
    if not len(other):
        return []
    shown = ", ".join(f"row {table.rows[n]:,} {before[n]!r} → {cells[n]!r}" for n in other[:EXAMPLES])
    return [f"{heading}: {len(other):,} cells written as data/raw wants them: {shown}."]


def told(problems: list[Problem]) -> list[str]:
    """The first few of some problems, and how many more."""
    more = len(problems) - LISTED
    return [*map(str, problems[:LISTED]), *([f"… and {more:,} more rows."] if more > 0 else [])]
