"""A table of comuni, districts or provinces that nobody has described: read, repaired, and the place of each row known.

What a column is follows from its cells: those whose cells are codes or names of places say which place a row is, those
whose cells are numbers or days are written in the one way, the others stay text. What was changed is told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import geopandas as gpd
import pandas as pd

from helpers.data import raw
from helpers.errors import InputError, Problem, nearest
from helpers.imports.layers import is_layer, read_layer
from helpers.imports.place_columns import DIGITS, Places, find_places
from helpers.imports.reading import LISTED, Table, containers, workbook
from helpers.imports.reading.find import TOP, find
from helpers.imports.reading.grids import Grid
from helpers.imports.reading.layouts import Column, Layout, plain
from helpers.imports.reading.numbers import read_days, read_numbers
from helpers.subjects.known_names import comuni_names, district_names
from helpers.system.place_names import NameIndex, fold_name, restore_code

#: The key of each level in ``data/raw``.
KEYS = {"comuni": "istat", "districts": "distretto_id", "provinces": "province_code"}

#: A column holds numbers or days if at least this share of its cells that are filled does.
MOST = 0.8

#: What errors and remarks call a frame.
FRAME = "the frame"

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
    places
        The place of each row; None if no column names places.
    headings
        What each column of the frame is called in the file; the key is not among them where it took a column's place.
    lost
        Rows whose place is not known, by their text.
    numbers, typed
        Columns of numbers, and those whose cells were read as texts; the others a frame has as they are.
    shapes
        The shape of each row, of a layer; None of another file.
    """

    file: str
    level: str
    key: str
    frame: pd.DataFrame
    rows: pd.Series
    remarks: list[str]
    places: Places | None = None
    headings: Mapping[str, str] = field(default_factory=dict)
    lost: list[Problem] = field(default_factory=list)
    numbers: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()
    shapes: gpd.GeoSeries | None = None


def read_any(
    source: Path | pd.DataFrame,
    key: str | None = None,
    sheet: str | None = None,
    root: Path | None = None,
    indexes: Mapping[str, NameIndex] | None = None,
) -> AnyTable:
    """Read a table and repair it; nothing is written.

    Parameters
    ----------
    source
        CSV in any form, XLSX, Parquet, GeoJSON, shapefile, or one of them packed; or a frame, whose columns of numbers
        stay as they are.
    key
        The column that names the places; found by its cells where it is not said.
    sheet
        Name of the sheet, if several hold a table.
    root
        Folder of the data package; ``data/raw`` by default.
    indexes
        Names of the levels its rows may be of, the finest first; comuni and districts by default.

    Raises
    ------
    InputError
        If there is no table, the key is no column, or a column of numbers or days holds something else.
    """
    layer = read_layer(source) if isinstance(source, Path) and is_layer(source) else None
    table = _read(source, layer, sheet)
    if indexes is None:
        indexes = {"comuni": comuni_names(raw.load("comuni", root), raw.load("provinces", root))}
        indexes["districts"] = district_names(raw.load("districts", root))
    names = _names(list(table.frame))
    if key is not None:
        called = [heading for heading in names if plain(heading) == plain(key)]
        if not called:
            raise InputError([Problem(table.file, "the table has no such column", nearest(key, names), column=key)])
        key = called[0]
    places = find_places(table.frame, table.rows, indexes, key)
    changed = list(places.remarks) if places else []
    made: dict[str, pd.Series] = {}
    if places:
        made[KEYS[places.level]] = _codes(places)
    numbers: list[str] = []
    typed: list[str] = []
    headings: dict[str, str] = {}
    for heading, name in names.items():
        cells = table.frame[heading]
        if places and places.coded and heading == places.column:
            own = KEYS[places.level]
            changed += [f"Column {heading!r} is called {own}."] if heading != own else []
            continue
        while name in made:
            name += "_"
        kind = ""
        if not isinstance(source, pd.DataFrame) or _is_text(source[heading]):
            cells, kind = _typed(table, heading)
            typed.append(name)
        made[name], headings[name] = cells, heading
        numbers += [name] if kind == "number" else []
        if heading != name:
            changed.append(f"Column {heading!r} is called {name}.")
        changed += _examples(table, heading, cells)
    table.stop_if_any()
    return AnyTable(
        table.file,
        places.level if places else "",
        places.column if places else "",
        pd.DataFrame(made),
        table.rows,
        [*table.remarks[isinstance(source, pd.DataFrame) :], *changed],
        places,
        headings,
        _lost(table, places) if places else [],
        tuple(numbers),
        tuple(typed),
        # The first row is the second of a sheet.
        None if layer is None else layer.geometry.iloc[table.rows - 2].set_axis(table.frame.index),
    )


def _read(source: Path | pd.DataFrame, layer: gpd.GeoDataFrame | None, sheet: str | None) -> Table:
    if isinstance(source, pd.DataFrame):
        grids, headings = [_grid(source, FRAME)], list(source)
    else:
        if layer is None:
            grids = containers.open_grids(source)
        else:
            grids = [_grid(pd.DataFrame(layer.drop(columns="geometry")), source.name, "a layer")]
        if sheet is None:
            grids = [max(grids, key=lambda grid: len(_headings(grid)))]
        headings = next((found for grid in grids if (found := _headings(grid))), [])
    names = list(dict.fromkeys(filter(None, headings)))
    if len(names) < (1 if isinstance(source, pd.DataFrame) else 2):
        rule, remedy = "the file holds no table of several columns", "name the columns in one row, with rows below it"
        raise InputError([Problem(grids[0].label, rule, remedy)])
    every = Layout("any", "a table", "", {name: Column((), needed=True) for name in names})
    return Table(find(grids, every, sheet), every)


def _is_text(cells: pd.Series) -> bool:
    return not pd.api.types.is_numeric_dtype(cells) and all(isinstance(cell, str) or pd.isna(cell) for cell in cells)


def _grid(frame: pd.DataFrame, label: str, form: str = "") -> Grid:
    """A frame as rows of cells."""
    columns = [workbook.texts(frame[name].astype(object).where(frame[name].notna(), None)) for name in frame]
    rows = [[str(name) for name in frame], *map(list, zip(*columns, strict=True))]
    return Grid(label, lambda: enumerate(rows, 1), form)


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


def _codes(places: Places) -> pd.Series:
    """The code of each row: what looks like a code stays, whether or not it is one of ours; else a blank."""
    digits = DIGITS.get(places.level)
    kept = places.texts.map(lambda text: (restore_code(text, digits) if digits and text else None) or "")
    return places.codes.where(places.codes.notna(), kept).astype("str")


def _lost(table: Table, places: Places) -> list[Problem]:
    """What to do where the place of a row is not known."""
    lost = []
    for at in places.codes.index[places.codes.isna()]:
        match, near = places.index.find(places.texts[at]), places.nearest(places.texts[at])
        rule = "several places are called so" if match else "no place of ours has this code or name"
        remedy = f"write {near}" if near else "write its code"
        lost.append(Problem(table.file, rule, remedy, int(table.rows[at]), places.column, places.texts[at] or None))
    return lost


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
