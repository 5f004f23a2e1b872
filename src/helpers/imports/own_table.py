"""Any table of ``data/raw`` from a person's file, by what ``datapackage.json`` says of it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.analysis import small_counts
from helpers.data import raw
from helpers.errors import WecareError
from helpers.imports import templates
from helpers.imports.draft import Draft, cite_source, reword_for_file
from helpers.imports.plan import ImportPlan
from helpers.imports.reading import Table, read_table
from helpers.imports.reading.layouts import Column, Layout
from helpers.system.plain_text import fold

#: Words for yes and no.
_TRUE, _FALSE = ("true", "vero", "si", "yes", "1", "x"), ("false", "falso", "no", "0")


@dataclass
class Plan(ImportPlan):
    """What an import would do.

    Attributes
    ----------
    table
        Name of the table.
    added, changed, removed
        Rows by whether their key is new, is there with other values, or is in the file no more.
    """

    table: str = ""
    added: int = 0
    changed: int = 0
    removed: int = 0


def template(path: Path, name: str, root: Path | None = None) -> int:
    """Write a table as a list to fill in, with what it holds; returns how many rows.

    Raises
    ------
    InputError
        If the file exists, or is neither ``.csv`` nor ``.xlsx``.
    WecareError
        If there is no such CSV table.
    """
    resource = _resource(name, root)
    fields = resource["schema"]["fields"]
    cells = raw.read_text(resource, root).frame
    choices = {found["name"]: values for found in fields if (values := _choices(found["name"], resource, root))}
    about = {found["name"]: found.get("description", "") for found in fields}
    columns = [found["name"] for found in fields]
    rows = cells.reindex(columns=columns, fill_value="").to_numpy().tolist()
    templates.write(path, templates.Template(columns, rows, about, choices))
    return len(cells)


def plan(
    path: Path,
    name: str,
    source: str | None = None,
    version: str | None = None,
    keep: bool = False,
    root: Path | None = None,
    sheet: str | None = None,
) -> Plan:
    """Read a file and work out what it changes in a table; nothing is written.

    Parameters
    ----------
    path
        A file with the columns of the table, under their names or titles.
    name
        Name of the table.
    source
        Address or title of the file, if it is another than the one the table names.
    version
        Its edition or date, as it says itself.
    keep
        Keep the rows of the table whose keys are not in the file; by default the file is the whole table.
    sheet
        Name of the sheet, if several hold such a table.

    Raises
    ------
    InputError
        With everything that is wrong with the file by itself. What is wrong with the package it would make is told by
        ``draft.commit(plan.reword)``.
    WecareError
        If there is no such CSV table.
    """
    resource = _resource(name, root)
    listed = read_table(path, layout_of(resource), sheet)
    draft = Draft(root)
    before = draft.cells(name)
    fields = {found["name"]: found for found in resource["schema"]["fields"]}
    columns = {column: _cells(listed, fields[column], resource, root) for column in listed.frame}
    fresh = pd.DataFrame(columns, index=listed.frame.index).reindex(columns=list(before), fill_value="")
    keys = resource["schema"].get("primaryKey") or list(fields)
    listed.tell(fresh.duplicated(keys), keys[0], f"the key ({', '.join(keys)}) comes twice", "keep one of the rows")
    listed.stop_if_any()
    found = Plan(draft, table=name)
    old, new = _by_key(before, keys), _by_key(fresh, keys)
    for column in [column for column in before if column not in listed]:
        new[column] = old[column].reindex(new.index).fillna("")
        listed.remark(column, "the file has no such column; rows that are there keep their value")
    both = new.index.intersection(old.index)
    found.added, found.changed = len(new) - len(both), int((new.loc[both] != old.loc[both]).any(axis=1).sum())
    new = _without_few(new, resource, listed, root)
    rest = old[~old.index.isin(new.index)]
    found.removed = 0 if keep else len(rest)
    table = pd.concat([rest, new]) if keep else new
    draft.write(name, table.reset_index(drop=True))
    if source and draft.changed:
        cite_source(draft.resource(name), " ".join(source.split()), source.strip(), version)
    rows = [None] * len(rest) * keep + listed.rows[listed.frame.index].tolist()
    found.reword = reword_for_file(listed.file, raw.label(resource["path"]), rows)
    found.add_tables(listed)
    return found


def _without_few(new: pd.DataFrame, resource: Mapping, listed: Table, root: Path | None) -> pd.DataFrame:
    """The rows without the numbers that the policy of the table keeps back, and a word on how many these are."""
    policy = resource.get("people", {})
    if policy.get("policy") != "threshold" or "istat" not in new:
        return new
    columns, total, codes = policy["columns"], policy.get("total"), new["istat"].reset_index(drop=True)
    mapping = raw.load("comune_distretto", root).set_index("istat")["distretto_id"]
    provinces = raw.load("comuni", root).set_index("istat")["province_code"]
    years = new["year"].reset_index(drop=True) if "year" in new else pd.Series("", codes.index)
    groups = {
        level: years + " " + codes.map(known).fillna("") if known is not None else years
        for level, known in (("district", mapping), ("province", provinces), ("region", None))
    }
    counts = new[columns].apply(pd.to_numeric).reset_index(drop=True)
    parts = [
        small_counts.hide(part, {level: group[part.index] for level, group in groups.items()}, policy["least"], total)
        for _, part in counts.groupby(years)
    ]
    shown = pd.concat(parts).reindex(counts.index)
    for column in columns:
        hidden = (shown[column].isna() & counts[column].notna()).to_numpy()
        if hidden.any():
            new = new.assign(**{column: new[column].mask(hidden, "")})
            few = int((counts[column][hidden] < policy["least"]).sum())
            more = f"and {hidden.sum() - few:,} that would tell them"
            listed.remark(column, f"{few:,} numbers below {policy['least']} are left blank, {more}")
    return new


def layout_of(resource: Mapping) -> Layout:
    """The layout of a table, by its schema: each column under its name or its title."""
    columns = {
        found["name"]: Column(
            (found["title"],) if found.get("title") else (),
            needed=bool(found.get("constraints", {}).get("required")),
        )
        for found in resource["schema"]["fields"]
    }
    name = resource["name"]
    command = f"wecare import table {name} --template FILE"
    return Layout(name, f"the table {name}", "", columns, f"table {name}", template=command)


def _resource(name: str, root: Path | None) -> dict:
    tables = [found for found in raw.tables(root) if raw.resource(found, root)["path"].endswith(".csv")]
    if name not in tables:
        near = difflib.get_close_matches(name, tables, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise WecareError(f"There is no table {name!r} in data/raw as CSV.{hint} To do: `wecare new table` adds one.")
    return raw.resource(name, root)


def _by_key(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return frame.set_index(pd.MultiIndex.from_frame(frame[keys]))


def _cells(listed: Table, described: Mapping, resource: Mapping, root: Path | None) -> pd.Series:
    """A column as the package writes it, by its type."""
    name, kind = described["name"], described["type"]
    if kind in ("integer", "number"):
        return listed.numbers(
            name, whole=kind == "integer", remedy="write digits, as 1234,5; leave it blank if unknown"
        )
    if kind == "date":
        return listed.days(name)
    cells = listed.frame[name]
    if kind == "boolean":
        plain = cells.map(fold)
        listed.tell(
            ~plain.isin(("", *_TRUE, *_FALSE)), name, "the value must be yes or no", "write true or false, or sì or no"
        )
        return plain.map(lambda cell: "true" if cell in _TRUE else "false" if cell in _FALSE else "").astype("str")
    if allowed := _choices(name, resource, root):
        return _chosen(listed, name, allowed)
    return cells


def _chosen(listed: Table, column: str, allowed: list[str]) -> pd.Series:
    """Values of a list, whatever their letters; codes with their zeros. What is none is told by the checks."""
    width = {len(value) for value in allowed}
    cells = listed.frame[column]
    if len(width) == 1 and all(value.isdigit() for value in allowed):
        cells = listed.codes(column, width.pop())
    meant = {fold(value): value for value in allowed}
    found = cells.map(lambda cell: cell if cell in allowed else meant.get(fold(cell), cell)).astype("str")
    if (repaired := int((found != cells).sum())) > 0:
        listed.remark(column, f"{repaired:,} values were written as the table writes them")
    return found


def _choices(column: str, resource: Mapping, root: Path | None) -> list[str]:
    """Values a column may have, by its enumeration or the table it refers to; none if any, or too many to choose."""
    described = next(found for found in resource["schema"]["fields"] if found["name"] == column)
    if values := described.get("constraints", {}).get("enum"):
        return [str(value) for value in values]
    for key in resource["schema"].get("foreignKeys", ()):
        if key["fields"] == [column] and (table := key["reference"].get("resource")):
            return raw.load(table, root)[key["reference"]["fields"][0]].astype("str").tolist()
    return []
