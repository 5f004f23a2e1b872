"""What differs between two editions of the data, row by row and cell by cell, and how much it matters.

Pure: two :class:`Edition` in, frames out. Rows are matched by the primary key of the schema; cells are compared by what
they mean (``5`` and ``5.0`` are the same number), so another way of writing the same is told apart from a change.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

import pandas as pd

#: From what breaks who uses the data to what nobody needs to know.
SEVERITIES = ("breaking", "major", "minor", "cosmetic")

#: The rule: each kind of difference and how much it matters.
KINDS = {
    "table_gone": "breaking",
    "column_gone": "breaking",
    "type_changed": "breaking",
    "key_changed": "breaking",
    "rows_removed": "breaking",
    "total_moved": "major",
    "district_moved": "major",
    "figures_added": "major",
    "figures_changed": "major",
    "links_changed": "major",
    "borders_changed": "major",
    "table_new": "minor",
    "type_widened": "minor",
    "column_new": "minor",
    "rows_added": "minor",
    "texts_changed": "minor",
    "described": "minor",
    "reordered": "cosmetic",
    "rewritten": "cosmetic",
}

NUMERIC = ("integer", "number")
GEOMETRY = "geometry"

#: What a resource says of itself, besides its schema.
DESCRIBED = ("title", "description", "licenses", "sources", "usageWarnings")


class Edition(NamedTuple):
    """One edition: its version and date, the resource of each table, its cells as text (blank = "").

    ``hashes`` tells one file of a table from another; a table without one is compared by its cells alone.
    """

    version: str
    date: str
    resources: dict[str, dict]
    tables: dict[str, pd.DataFrame]
    hashes: dict[str, str] = {}


@dataclass(frozen=True)
class Change:
    """What differs in one table.

    Attributes
    ----------
    key
        Columns by which rows are matched; all shared columns where there is no common primary key.
    added, removed
        Whole rows, with the columns of the newer or the older table.
    cells
        ``key`` (tuple: values of the key columns, then a number that tells equal keys apart), ``column``, ``old``,
        ``new``; one row per cell of a row that both editions have. Of a column that only one has, its filled cells.
    columns
        Of the newer table, in order.
    kinds
        Kind of difference (:data:`KINDS`) to how many rows, cells or columns it concerns.
    """

    table: str
    key: tuple[str, ...]
    added: pd.DataFrame
    removed: pd.DataFrame
    cells: pd.DataFrame
    columns: tuple[str, ...]
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    kinds: dict[str, int] = field(default_factory=dict)

    @property
    def severity(self) -> str | None:
        """The gravest of its kinds; None if nothing differs."""
        return worst(KINDS[kind] for kind in self.kinds)


def worst(severities) -> str | None:
    """The gravest of some severities; None of none."""
    return min(severities, key=SEVERITIES.index, default=None)


def compare(old: Edition, new: Edition) -> list[Change]:
    """The tables that differ, in the order of the newer edition, those gone last."""
    names = [*new.tables, *(name for name in old.tables if name not in new.tables)]
    changes = [_compare(name, old, new) for name in names]
    return [change for change in changes if change.kinds]


def _compare(name: str, old: Edition, new: Edition) -> Change:
    if name not in old.tables or name not in new.tables:
        return _only_one(name, old, new)
    before, after = old.resources.get(name, {}), new.resources.get(name, {})
    if before.get("schema") == after.get("schema") and old.tables[name].equals(new.tables[name]):
        # Most tables of two editions: rows need not be matched.
        nothing = new.tables[name].iloc[:0]
        change = Change(name, _key(after, nothing.columns), nothing, nothing, _cells([]), tuple(nothing.columns))
    else:
        change = compare_tables(name, old.tables[name], new.tables[name], before, after)
    told = sum(before.get(what) != after.get(what) for what in DESCRIBED)
    if told:
        change.kinds["described"] = told
    hashes = old.hashes.get(name), new.hashes.get(name)
    if not set(change.kinds) - {"described"} and None not in hashes and hashes[0] != hashes[1]:
        change.kinds["rewritten"] = 1
    return change


def _only_one(name: str, old: Edition, new: Edition) -> Change:
    gone = name in old.tables
    held, resource = (old if gone else new).tables[name], (old if gone else new).resources.get(name, {})
    key = _key(resource, held.columns) or tuple(held.columns)
    # What figures a new table brings shows in the totals it moves.
    kinds = {"table_gone" if gone else "table_new": len(held)}
    empty = held.iloc[:0]
    columns = () if gone else tuple(held.columns)
    return Change(name, key, empty if gone else held, held if gone else empty, _cells([]), columns, (), (), kinds)


def compare_tables(
    name: str, old: pd.DataFrame, new: pd.DataFrame, before: dict | None = None, after: dict | None = None
) -> Change:
    """What differs between two versions of one table.

    Parameters
    ----------
    old, new
        Cells as text, blank = "".
    before, after
        Their resources; without a schema every cell is text and rows are matched whole.
    """
    before, after = before or {}, after or before or {}
    shared = [column for column in new.columns if column in old.columns]
    gone = tuple(column for column in old.columns if column not in new.columns)
    fresh = tuple(column for column in new.columns if column not in old.columns)
    keys = _key(before, old.columns), _key(after, new.columns)
    key = keys[0] if keys[0] and keys[0] == keys[1] else tuple(shared)
    was, now = _normal(old, before), _normal(new, after)
    was.index, now.index = _index(was, key), _index(now, key)
    there = now.index.get_indexer(was.index)
    here, there, kept = (there >= 0).nonzero()[0], there[there >= 0], was.index[there >= 0]
    added, removed = new[~now.index.isin(was.index)], old[~was.index.isin(now.index)]
    left, right, texts = was.iloc[here], now.iloc[there], (old.iloc[here], new.iloc[there])
    cells, rewritten = [], 0
    for column in shared:
        differs = left[column].to_numpy() != right[column].to_numpy()
        cells += _differing(kept, differs, column, texts[0][column], texts[1][column])
        rewritten += int(((texts[0][column].to_numpy() != texts[1][column].to_numpy()) & ~differs).sum())
    for column in gone:
        cells += _differing(kept, (left[column] != "").to_numpy(), column, texts[0][column], None)
    for column in fresh:
        cells += _differing(kept, (right[column] != "").to_numpy(), column, None, texts[1][column])
    widened = sum((_type(before, c), _type(after, c)) == NUMERIC for c in shared)
    kinds = {
        "column_gone": len(gone),
        "type_changed": sum(_type(before, c) != _type(after, c) for c in shared) - widened,
        "type_widened": widened,
        "key_changed": int(before.get("schema") is not None and keys[0] != keys[1]),
        "rows_removed": len(removed),
        **_find_added(added, after),
        **_find_changed([cell for cell in cells if cell[1] in shared], after),
        "column_new": len(fresh),
        "reordered": int(
            (there[1:] < there[:-1]).any() or shared != [column for column in old.columns if column in shared]
        ),
        "rewritten": rewritten,
    }
    found = {kind: n for kind, n in kinds.items() if n}
    return Change(name, key, added, removed, _cells(cells), tuple(new.columns), fresh, gone, found)


def apply(old: pd.DataFrame, change: Change, resource: dict | None = None) -> pd.DataFrame:
    """Make the newer table from the older one and what differs; rows may stand in another order.

    Parameters
    ----------
    old
        The older table.
    resource
        Its resource, by which keys are read.
    """
    frame = old.set_axis(_index(_normal(old, resource or {}), change.key))
    gone = _index(_normal(change.removed, resource or {}), change.key) if len(change.removed) else pd.Index([])
    # Equal keys are told apart by their number in the whole table, so whole rows that go are found from its end.
    kept = frame[~frame.index.isin(gone)] if not _find_repeated(frame.index) else _without(frame, change)
    kept = kept.drop(columns=list(change.columns_removed)).reindex(columns=list(change.columns), fill_value="")
    places = {key: n for n, key in enumerate(kept.index)}
    for key, column, _, value in change.cells.itertuples(index=False):
        if column in kept.columns:
            kept.iat[places[key], kept.columns.get_loc(column)] = value
    return pd.concat([kept, change.added]).reset_index(drop=True)


def _find_repeated(index: pd.Index) -> bool:
    return any(key[-1] for key in index)


def _without(frame: pd.DataFrame, change: Change) -> pd.DataFrame:
    lost = Counter(tuple(row) for row in change.removed.itertuples(index=False, name=None))
    keep = []
    for row in list(frame.itertuples(index=False, name=None))[::-1]:
        keep.append(not lost[row])
        lost[row] -= lost[row] > 0
    return frame[keep[::-1]]


def _key(resource: dict, columns: pd.Index) -> tuple[str, ...]:
    key = resource.get("schema", {}).get("primaryKey", [])
    key = (key,) if isinstance(key, str) else tuple(key)
    return key if set(key) <= set(columns) else ()


def _fields(resource: dict) -> dict[str, dict]:
    return {f["name"]: f for f in resource.get("schema", {}).get("fields", [])}


def _type(resource: dict, column: str) -> str:
    return _fields(resource).get(column, {}).get("type", "string")


def _links(resource: dict) -> set[str]:
    """Columns whose values are keys of other tables."""
    keys = resource.get("schema", {}).get("foreignKeys", [])
    return {c for key in keys for c in ([key["fields"]] if isinstance(key["fields"], str) else key["fields"])}


def _find_added(rows: pd.DataFrame, resource: dict) -> dict[str, int]:
    """Rows that came, as ``figures_added`` if one of their cells is a number that is no key, else ``rows_added``."""
    if rows.empty:
        return {}
    key = _key(resource, rows.columns)
    numbers = [c for c in rows.columns if c not in key and _type(resource, c) in NUMERIC]
    return {"figures_added" if (rows[numbers] != "").to_numpy().any() else "rows_added": len(rows)}


def _find_changed(cells: list[tuple], resource: dict) -> dict[str, int]:
    links, count = _links(resource), Counter[str]()
    for _, column, _, _ in cells:
        if column == GEOMETRY:
            count["borders_changed"] += 1
        elif _type(resource, column) in NUMERIC:
            count["figures_changed"] += 1
        else:
            count["links_changed" if column in links else "texts_changed"] += 1
    return dict(count)


def _differing(keys: pd.Index, differs, column: str, old: pd.Series | None, new: pd.Series | None) -> list[tuple]:
    at = differs.nonzero()[0]
    return [
        (keys[i], column, "" if old is None else old.iloc[i], "" if new is None else new.iloc[i]) for i in at.tolist()
    ]


def _cells(rows: list[tuple]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["key", "column", "old", "new"], dtype="object")


def _index(frame: pd.DataFrame, key: tuple[str, ...]) -> pd.Index:
    """The key of each row as a tuple that ends in how many equal ones stand before it."""
    seen: Counter = Counter()
    found = []
    for values in zip(*(frame[column] for column in key), strict=True) if key else [()] * len(frame):
        found.append((*values, seen[values]))
        seen[values] += 1
    return pd.Index(found, dtype="object", tupleize_cols=False)


def _normal(frame: pd.DataFrame, resource: dict) -> pd.DataFrame:
    """Cells by what they mean: equal if and only if the text is."""
    fields = _fields(resource)
    return pd.DataFrame({c: _meaning(frame[c], fields.get(c, {})) for c in frame.columns}, index=frame.index)


def _meaning(cells: pd.Series, described: dict) -> pd.Series:
    kind = described.get("type", "string")
    if kind in NUMERIC:
        return cells.map({text: _number(text) for text in cells.unique()}).astype("object")
    if kind == "boolean":
        return cells.map({text: text.lower().replace("1", "true").replace("0", "false") for text in cells.unique()})
    if kind == "list":
        mark = described.get("delimiter", ";")
        return cells.map({t: mark.join(part.strip() for part in t.split(mark)) for t in cells.unique()})
    return cells.astype("object")


def _number(text: str) -> str:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return text
    # A written exponent may ask for more digits than there is memory.
    if not number.is_finite() or abs(number.adjusted()) > 40:
        return text
    plain = format(number.normalize(), "f")
    return "0" if number == 0 else plain
