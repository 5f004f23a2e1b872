"""An analyst's own table beside ours: which column names the places, what was repaired, what did not match."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.data import processed
from helpers.desk.names import KEYS, index_of
from helpers.desk.sums import Joined
from helpers.errors import InputError, Problem, refuse
from helpers.imports.any_table import FRAME, AnyTable, read_any
from helpers.imports.place_columns import HEADINGS, TOLD, Places


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
    source = _plain(table) if isinstance(table, pd.DataFrame) else Path(table)
    found = read_any(source, key, sheet, indexes={level: index_of(level) for level in HEADINGS})
    places = found.places
    if places is None:
        rule = "no column names comuni, districts or provinces"
        remedy = "say which with key=…" if key is None else "give another column"
        raise InputError([Problem(found.file, rule, remedy, value=", ".join(found.headings.values()))])
    known = places.codes.notna()
    if not known.any():
        raise InputError([Problem(found.file, "no row names a place of ours", "give key=…", column=places.column)])
    remarks = [*found.remarks, *_unmatched(found, places)]
    frame = _beside(places.codes[known], _own(found, source, places)[known], places.level)
    if repeated := int(frame.duplicated(KEYS[places.level]).sum()):
        remarks.append(f"{repeated:,} rows repeat a {KEYS[places.level]}; sums add them up.")
    frame.attrs = {"level": places.level, "source": found.file, "remarks": remarks}
    if not quiet:
        print("\n".join(remarks))
    return frame


def _own(found: AnyTable, source: pd.DataFrame | Path, places: Places) -> pd.DataFrame:
    """The columns beside that of the places, under their own names: numbers, texts, and what a frame has otherwise."""
    made = {}
    for name, heading in found.headings.items():
        if heading == places.column:
            continue
        cells = found.frame[name]
        if isinstance(source, pd.DataFrame) and name not in found.typed:
            # Its first row is the second of a sheet.
            made[heading] = source[heading].iloc[found.rows - 2].set_axis(cells.index)
        elif name in found.numbers:
            values = pd.to_numeric(cells.where(cells != "")).astype("float64")
            whole = values.notna().all() and (values == values.round()).all()
            made[heading] = values.astype("int64") if whole else values
        else:
            made[heading] = cells.where(cells != "", None)
    return pd.DataFrame(made, index=found.frame.index)


def _beside(codes: pd.Series, own: pd.DataFrame, level: str) -> Joined:
    """Our columns of each place, and the own ones; one that is called like ours gets `` (mine)``."""
    ours = processed.load(level).rename(columns={"distretto_id": "district", "province_code": "province"})
    more = [c for c in ("name", "district", "province", "residents") if c in ours and KEYS[level] != c]
    rows = ours.set_index("code").loc[codes, more].reset_index(drop=True)
    renamed = {name: f"{name} (mine)" for name in own if name in (KEYS[level], *more)}
    own = own.rename(columns=renamed).reset_index(drop=True)
    return Joined(pd.concat([codes.rename(KEYS[level]).reset_index(drop=True), pd.DataFrame(rows), own], axis=1))


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame whose index, if it has a name, and columns are columns with names that are texts."""
    frame = frame.drop(columns="geometry", errors="ignore")
    if isinstance(frame.index, pd.MultiIndex) or frame.index.name is not None:
        frame = frame.reset_index()
    frame = pd.DataFrame(frame.set_axis([str(column) for column in frame.columns], axis=1)).reset_index(drop=True)
    # Pandas copies them, deep, whenever it touches the frame.
    frame.attrs = {}
    if frame.empty:
        raise refuse("we.join", f"{FRAME} has no rows", "look at how it was made")
    return frame


def _unmatched(found: AnyTable, places: Places) -> list[str]:
    """What did not match, a few rows by themselves with the nearest names."""
    lost = places.texts[places.codes.isna()]
    if lost.empty:
        return []
    said = [f"{len(lost):,} of {len(places.texts):,} rows did not match and are left out."]
    for at, text in lost.head(TOLD).items():
        near = places.nearest(text)
        said.append(f"Row {found.rows[at]:,}: {text!r}{f'; is it {near}?' if near else '.'}")
    return said
