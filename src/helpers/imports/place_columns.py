"""Which columns of a table name places of ours, by code or name, and which place each of its rows is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.imports.reading.layouts import plain
from helpers.system.place_names import NameIndex, describe_repairs, fold_name, restore_code

#: Levels a table may speak of, the finest first, and what their columns are often called.
HEADINGS = {
    "comuni": ("istat", "codice istat", "cod istat", "pro com", "pro com t", "procom", "codice comune", "comune")
    + ("comune code", "denominazione", "denominazione comune", "municipality", "lau", "code", "codice"),
    "districts": ("distretto", "distretto id", "district", "distretto della coesione sociale"),
    "provinces": ("provincia", "province", "cod prov", "codice provincia", "sigla"),
}

#: What else says that small numbers below it are codes of comuni without their zeros, not counts.
_CODES = re.compile(r"\b(istat|cod\w*|pro ?com\w*|comune|lau)\b")

#: Digits of the codes of a level.
DIGITS = {"comuni": 6, "provinces": 3}

#: A column names places if at least this share of its cells does; of one that a person names, few are enough.
MOST, FEW = 0.5, 0.01

#: Cells looked at to tell which column names the places, and rows told one by one.
LOOKED_AT, TOLD = 100, 5

#: From a text to the code of the place it names; None if it names none.
_Find = Callable[[str], str | None]


@dataclass(frozen=True)
class Places:
    """The place of each row of a table.

    Attributes
    ----------
    level, column
        A key of :data:`HEADINGS`, and the column that names the places.
    texts, codes
        What each row calls its place, and its code; "" and missing where there is none.
    coded
        Whether the column holds codes, not names.
    index
        The names of the level.
    remarks
        What was repaired, and where two columns name two places.
    """

    level: str
    column: str
    texts: pd.Series
    codes: pd.Series
    coded: bool
    index: NameIndex
    remarks: tuple[str, ...]

    def nearest(self, text: str) -> str:
        """Which places a text that names none may mean, in words; empty if none look like it."""
        match = self.index.find(text) if text else None
        near = match.candidates if match else self.index.near(text) if text else []
        return " or ".join(f"{name} ({code})" for code, name in near)


def find_places(
    cells: pd.DataFrame, rows: pd.Series, indexes: Mapping[str, NameIndex], key: str | None = None
) -> Places | None:
    """Find the columns that name places (codes before names, then the finest level) and what each row names.

    Parameters
    ----------
    cells
        Text; blank = "".
    rows
        The row of each in its file, for remarks.
    indexes
        The names of each level that may be meant, the finest first.
    key
        The column that names the places, where a person says it.

    Returns
    -------
    Places or None
        None if no column names places. Other columns of the same level say what the first leaves open.
    """
    finders = {
        (level, called): _finders(level, index, called) for level, index in indexes.items() for called in (False, True)
    }
    tried = []
    for place, column in enumerate([key] if key else list(cells)):
        some = cells.loc[cells[column] != "", column].drop_duplicates().head(LOOKED_AT)
        for depth, level in enumerate(indexes if len(some) else ()):
            called = _is_called(column, level)
            by_code, find_one = finders[level, key is not None or called > 0]
            share, coded = (sum(find(text) is not None for text in some) / len(some) for find in (find_one, by_code))
            tried.append(((round(share, 2), called, round(coded, 2), -depth, -place), column, level, find_one))
    tried.sort(key=lambda each: each[0], reverse=True)
    if not tried or tried[0][0][0] < (FEW if key else MOST):
        return None
    (_, _, coded, _, _), column, level, find_one = tried[0]
    texts, codes, remarks = _named(cells, column, level, indexes[level], find_one)
    for rank, other, at, find_other in tried[1:]:
        if at == level and rank[0] >= MOST:
            beside, meant, _ = _named(cells, other, level, indexes[level], find_other)
            remarks += _two_places(rows, codes, texts, meant, beside)
            texts, codes = texts.where(texts != "", beside), codes.fillna(meant)
    return Places(level, column, texts, codes, coded >= MOST, indexes[level], tuple(remarks))


def _is_called(column: str, level: str) -> int:
    """Whether the heading of a column says that it names places of a level: 2 wholly, 1 in a word of it, 0 not."""
    if plain(column) in HEADINGS[level]:
        return 2
    return int(level == "comuni" and _CODES.search(fold_name(column)) is not None)


def _named(
    cells: pd.DataFrame, column: str, level: str, index: NameIndex, find_one: _Find
) -> tuple[pd.Series, pd.Series, list[str]]:
    """Texts of a column, the code of each, and what had to be repaired."""
    texts = cells[column]
    codes = {text: code for text in texts.unique() if text and (code := find_one(text))}
    said = [f"Places: {len(codes):,} {level} by the column {column!r}."]
    digits = DIGITS.get(level)
    short = [text for text, code in codes.items() if digits and code != text and restore_code(text, digits) == code]
    if short:
        said.append(f"{column}: zeros given back to {len(short):,} codes, as {short[0]!r} for {codes[short[0]]}.")
    named = {text: match for text in codes if text not in short and (match := index.find(text)) and match.code}
    return texts, texts.map(codes).astype("object"), said + describe_repairs("names", named)


def _two_places(rows: pd.Series, codes: pd.Series, texts: pd.Series, meant: pd.Series, beside: pd.Series) -> list[str]:
    """Where another column names another place: the first column is taken, and it is said."""
    apart = codes.index[codes.notna() & meant.notna() & (codes != meant)]
    said = [
        f"Row {rows[n]:,}: {texts[n]!r} and {beside[n]!r} are two places; the first is taken." for n in apart[:TOLD]
    ]
    return said + ([f"{len(apart) - TOLD:,} more rows name two places."] if len(apart) > TOLD else [])


def _finders(level: str, index: NameIndex, called: bool) -> tuple[_Find, _Find]:
    """What finds a place by its code, and what finds it by code or name.

    Numbers without their zeros are codes only if the heading says so.
    """

    def by_code(text: str) -> str | None:
        if level in DIGITS and not called:
            return text if text in index.names else None
        code = restore_code(text, DIGITS[level]) if level in DIGITS else text.upper()
        return code if code in index.names else None

    def by_either(text: str) -> str | None:
        if code := by_code(text):
            return code
        match = index.find(text) if any(map(str.isalpha, text)) else None
        return match.code if match else None

    return by_code, by_either
