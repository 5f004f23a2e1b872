"""An analyst's own table beside ours: which column names the places, what was repaired, what did not match."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.data import processed
from helpers.desk.names import KEYS, index_of
from helpers.desk.sums import Joined
from helpers.errors import InputError, Problem, nearest, refuse
from helpers.imports.reading import Table, containers
from helpers.imports.reading.find import find
from helpers.imports.reading.layouts import Column, Layout, plain
from helpers.imports.reading.numbers import read_numbers
from helpers.system.place_names import describe_repairs, restore_code

#: Levels a file may speak of, the finest first, and what their columns are often called.
HEADINGS = {
    "comuni": ("istat", "codice istat", "cod istat", "pro com", "pro com t", "procom", "codice comune", "comune")
    + ("comune code", "denominazione", "denominazione comune", "municipality", "lau", "code", "codice"),
    "districts": ("distretto", "distretto id", "district", "distretto della coesione sociale"),
    "provinces": ("provincia", "province", "cod prov", "codice provincia", "sigla"),
}
DIGITS = {"comuni": 6, "provinces": 3}

#: A column names the places if at least this share of its cells does; holds numbers if this share of its cells does.
NAMES_PLACES, HOLDS_NUMBERS = 0.5, 0.8

#: Rows told one by one, and cells looked at to tell which column names the places.
TOLD, LOOKED_AT = 5, 60

#: From a text to the code of the place it names; None if it names none.
_Find = Callable[[str], str | None]


@dataclass(frozen=True)
class _Sheet:
    """Cells of a table as text, the row of each in its file, and what was understood in reading it."""

    label: str
    cells: pd.DataFrame
    rows: pd.Series
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Key:
    """The column that names the places, their level, and the code of each of its texts."""

    column: str
    level: str
    codes: Mapping[str, str]
    remarks: tuple[str, ...]


def join(
    table: str | Path | pd.DataFrame, key: str | None = None, *, sheet: str | None = None, quiet: bool = False
) -> Joined:
    """Put your own table beside ours: find its places, repair it, and say what did not match.

    Parameters
    ----------
    table
        A file (CSV in any form, XLSX, Parquet, or one of them in a zip), or a frame. Rows above the headings, totals
        and notes are passed over; lost zeros of codes, decimal commas and names written another way are repaired.
    key
        The column that names comuni, districts or provinces, by code or name; found by itself where it is not said.
    sheet
        Name of the sheet, if a workbook has several tables.
    quiet
        Do not print what was understood and what did not match; ``attrs["remarks"]`` has it all the same.

    Returns
    -------
    Joined
        A frame: the key (``comune``, ``district`` or ``province``), ``name``, of comuni also ``district`` and
        ``province``, ``residents`` (persons), then your columns; rows that did not match are left out. It has
        :meth:`Joined.by_district` and :meth:`Joined.by_province`.

    Raises
    ------
    InputError
        If no column names places, none of its rows matches, or a column of numbers holds something else; with file,
        row, column and value.

    Notes
    -----
    Source: your file, which stands under each chart of its columns.

    Examples
    --------
    >>> import helpers as we, pandas as pd
    >>> mine = pd.DataFrame({"codice": ["4078", "4003"], "posti": ["1.250", "37,5"]})
    >>> joined = we.join(mine, quiet=True)
    >>> joined[["comune", "name", "district", "posti"]].values.tolist()
    [['004078', 'Cuneo', 'D12', 1250.0], ['004003', 'Alba', 'D09', 37.5]]
    """
    processed.ensure()
    read = _of_frame(table) if isinstance(table, pd.DataFrame) else _of_file(Path(table), key, sheet)
    found, *others = _find_keys(read, key)
    texts, codes = _codes(read, found)
    told = [*found.remarks, *(remark for other in others for remark in _borne_out(read, codes, texts, other))]
    for other in others:
        beside, meant = _codes(read, other)
        texts, codes = texts.where(texts != "", beside), codes.fillna(meant)
    own = read.cells.drop(columns=found.column)
    numbers = pd.DataFrame({name: _typed(read, name) for name in own}, index=own.index)
    remarks = [*read.remarks, *told, *_unmatched(read, texts, codes, found)]
    if codes.notna().sum() == 0:
        raise InputError([Problem(read.label, "no row names a place of ours", "give key=…", column=found.column)])
    frame = _beside(codes[codes.notna()], numbers[codes.notna()], found.level)
    if repeated := int(frame.duplicated(KEYS[found.level]).sum()):
        remarks.append(f"{repeated:,} rows repeat a {KEYS[found.level]}; sums add them up.")
    frame.attrs = {"level": found.level, "source": read.label, "remarks": remarks}
    if not quiet:
        print("\n".join(remarks))
    return frame


def _beside(codes: pd.Series, own: pd.DataFrame, level: str) -> Joined:
    """Our columns of each place, and the own ones; one that is called like ours gets `` (mine)``."""
    ours = processed.load(level).rename(columns={"distretto_id": "district", "province_code": "province"})
    more = [c for c in ("name", "district", "province", "residents") if c in ours and KEYS[level] != c]
    rows = ours.set_index("code").loc[codes, more].reset_index(drop=True)
    renamed = {name: f"{name} (mine)" for name in own if name in (KEYS[level], *more)}
    own = own.rename(columns=renamed).reset_index(drop=True)
    return Joined(pd.concat([codes.rename(KEYS[level]).reset_index(drop=True), pd.DataFrame(rows), own], axis=1))


def _of_frame(frame: pd.DataFrame) -> _Sheet:
    frame = frame.drop(columns="geometry", errors="ignore")
    if isinstance(frame.index, pd.MultiIndex) or frame.index.name is not None:
        frame = frame.reset_index()
    frame = frame.set_axis([str(column) for column in frame.columns], axis=1).reset_index(drop=True)
    # Pandas copies them, deep, whenever it touches the frame.
    frame.attrs = {}
    if frame.empty:
        raise refuse("we.join", "the frame has no rows", "look at how it was made")
    return _Sheet("the frame", frame, pd.Series(range(len(frame))))


def _of_file(path: Path, key: str | None, sheet: str | None) -> _Sheet:
    """The table of a file whose columns nobody has described: every heading is a column."""
    grids = containers.open_grids(path)
    known = {name: Column(headings) for name, headings in HEADINGS.items()}
    wanted = {key: Column((), needed=True)} if key else known
    groups = () if key else (tuple(known),)
    layout = Layout("mine", "a table of comuni, districts or provinces", "", wanted, one_of=groups)
    try:
        headings = find(grids, layout, sheet).headings
    except InputError:
        if key:
            raise
        # No heading says what the column is: the first row that has several cells is that of the headings.
        first = (cells for grid in grids for _, cells in grid.rows() if sum(map(bool, cells)) > 1)
        headings = next(first, [])
    names = [heading for heading in dict.fromkeys(headings) if heading]
    if not names:
        raise InputError([Problem(path.name, "the file has no headings", "name its columns in the first row")])
    every = Layout("mine", layout.title, "", {name: Column((), needed=True) for name in names})
    table = Table(find(grids, every, sheet), every)
    return _Sheet(table.file, table.frame, table.rows, tuple(table.remarks))


def _find_keys(read: _Sheet, key: str | None) -> list[_Key]:
    """The column whose cells name places (codes before names, then the finest level), then others of the same level."""
    if key is not None and key not in read.cells:
        named = [column for column in read.cells if plain(column) == plain(key)]
        if not named:
            raise refuse("we.join", f"{read.label} has no such column", nearest(key, read.cells.columns), key)
        key = named[0]
    finders = {(level, named): _finders(level, named) for level in HEADINGS for named in (True, False)}
    tried = []
    for place, column in enumerate([key] if key else list(read.cells)):
        some = _texts(read, column).drop_duplicates().head(LOOKED_AT)
        for depth, level in enumerate(HEADINGS if len(some) else ()):
            called = plain(column) in HEADINGS[level] or plain(column) == KEYS[level]
            by_code, find_one = finders[level, key is not None or called]
            share, coded = (sum(find(text) is not None for text in some) / len(some) for find in (find_one, by_code))
            tried.append(((round(share, 2), called, round(coded, 2), -depth, -place), column, level, find_one))
    tried.sort(key=lambda each: each[0], reverse=True)
    if not tried or tried[0][0][0] < (NAMES_PLACES if key is None else 0.01):
        rule = "no column names comuni, districts or provinces"
        remedy = "say which with key=…" if key is None else "give another column"
        raise InputError([Problem(read.label, rule, remedy, value=", ".join(map(str, read.cells.columns)))])
    level = tried[0][2]
    same = {column: find_one for rank, column, at, find_one in tried[::-1] if at == level and rank[0] >= NAMES_PLACES}
    same = {tried[0][1]: tried[0][3]} | same
    return [_key(read, column, level, find_one) for column, find_one in same.items()]


def _key(read: _Sheet, column: str, level: str, find_one: _Find) -> _Key:
    """The codes of a column, and what had to be repaired."""
    codes = {text: code for text in _texts(read, column).unique() if (code := find_one(text))}
    said = [f"Places: {len(codes):,} {level} by the column {column!r}."]
    digits = DIGITS.get(level, 6)
    short = [text for text, code in codes.items() if code != text and restore_code(text, digits) == code]
    if short:
        said.append(f"Leading zeros given back to {len(short):,} codes, as {short[0]!r} for {codes[short[0]]}.")
    index = index_of(level)
    names = {text: match for text in codes if text not in short and (match := index.find(text)) and match.repairs}
    return _Key(column, level, codes, (*said, *describe_repairs("names", names)))


def _texts(read: _Sheet, column: str) -> pd.Series:
    """The cells of a column that are not blank, as text."""
    texts = read.cells[column].dropna().astype("str").str.strip()
    return texts[texts != ""]


def _codes(read: _Sheet, found: _Key) -> tuple[pd.Series, pd.Series]:
    """Texts of the column that names the places, and the code of each; missing where there is none."""
    texts = _texts(read, found.column).reindex(read.cells.index).fillna("")
    return texts, texts.map(found.codes).astype("object")


def _borne_out(read: _Sheet, codes: pd.Series, texts: pd.Series, other: _Key) -> list[str]:
    """Where another column names another place: the first column is taken, and it is said."""
    beside, meant = _codes(read, other)
    apart = codes.index[codes.notna() & meant.notna() & (codes != meant)]
    return [
        f"Row {read.rows[n]:,}: {texts[n]!r} and {beside[n]!r} are two places; the first is taken."
        for n in apart[:TOLD]
    ] + ([f"{len(apart) - TOLD:,} more rows name two places."] if len(apart) > TOLD else [])


def _finders(level: str, named: bool) -> tuple[_Find, _Find]:
    """What finds a place by its code, and what finds it by code or name.

    Small numbers are provinces only if a heading says so.
    """
    index = index_of(level)

    def by_code(text: str) -> str | None:
        if level == "provinces" and not named:
            return text if text in index.names else None
        code = restore_code(text, DIGITS[level]) if level in DIGITS else text.upper()
        return code if code in index.names else None

    def by_either(text: str) -> str | None:
        if code := by_code(text):
            return code
        match = index.find(text) if any(map(str.isalpha, text)) else None
        return match.code if match else None

    return by_code, by_either


def _unmatched(read: _Sheet, texts: pd.Series, codes: pd.Series, found: _Key) -> list[str]:
    """What did not match, a few rows by themselves with the nearest names."""
    lost = texts[codes.isna()]
    if lost.empty:
        return []
    said = [f"{len(lost):,} of {len(texts):,} rows did not match and are left out."]
    index = index_of(found.level)
    for place, text in lost.head(TOLD).items():
        match = index.find(text)
        near = match.candidates if match else index.near(text)
        hint = f"; is it {' or '.join(f'{name} ({code})' for code, name in near)}?" if near else "."
        said.append(f"Row {read.rows[place]:,}: {text!r}{hint}")
    return said


def _typed(read: _Sheet, name: str) -> pd.Series:
    """A column as numbers where its cells are; a few that are none among them are told."""
    cells = read.cells[name]
    if pd.api.types.is_numeric_dtype(cells) or not cells.map(lambda cell: isinstance(cell, str) or pd.isna(cell)).all():
        return cells
    texts = cells.fillna("").astype("str").str.strip()
    if (texts != "").sum() == 0:
        return cells
    numbers = read_numbers(texts.tolist())
    filled = int((texts != "").sum())
    if len(numbers.bad) > (1 - HOLDS_NUMBERS) * filled:
        return cells.mask(texts == "") if texts.eq("").any() else cells
    if numbers.bad:
        remedy = "write digits, as 1234,5; leave it blank if it is not known"
        problems = [
            Problem(read.label, rule, remedy, int(read.rows.iloc[n]), name, texts.iloc[n])
            for n, rule in list(numbers.bad.items())[:TOLD]
        ]
        raise InputError(problems)
    values = pd.Series([float(value) if value else None for value in numbers.values], cells.index, dtype="float64")
    return values.astype("int64") if values.notna().all() and (values == values.round()).all() else values
