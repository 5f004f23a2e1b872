"""Changes to the data package, all or none: tried in a copy of it, then put in place together.

Importers read the package and change tables through a `Draft`; nothing is written before `Draft.commit`, and a commit
that is refused, fails or is killed leaves the package as it was.
"""

from __future__ import annotations

import copy
import csv
import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from helpers import config, raw
from helpers.checks import record
from helpers.errors import InputError, Problem
from helpers.imports import optional

#: Beside the data package, so that a file is put in place by renaming it.
STAGE = ".raw-import"
_MOVES = "moves.json"


class Draft:
    """The data package with changes that are not written yet.

    Parameters
    ----------
    root
        Folder of the data package; ``data/raw`` by default. What a killed commit left half done is undone first.
    """

    def __init__(self, root: Path | None = None):
        self.root = config.RAW if root is None else root
        roll_back(self.root)
        self._before = raw.descriptor(root)
        self.descriptor = copy.deepcopy(self._before)
        self._files: dict[str, bytes] = {}

    def has(self, table: str) -> bool:
        """Tell whether the package has a table, written or drafted."""
        return any(found["name"] == table for found in self.descriptor["resources"])

    def resource(self, table: str) -> dict:
        """Entry of a table in the descriptor, to be changed in place."""
        return next(found for found in self.descriptor["resources"] if found["name"] == table)

    def describe(self, table: str) -> None:
        """Add the entry of an optional table (:mod:`helpers.imports.optional`) if the package lacks it."""
        if not self.has(table):
            self.descriptor["resources"].append(optional.resource(table))

    def cells(self, table: str) -> pd.DataFrame:
        """Cells of a table as text (blank = ""), as drafted so far; no rows if an optional table is new."""
        found = self.resource(table)
        if found["path"] in self._files:
            return _parse(self._files[found["path"]])
        if (self.root / found["path"]).exists():
            return raw.read_text(found, self.root).frame
        return pd.DataFrame(columns=_columns(found), dtype="str")

    def write(self, table: str, frame: pd.DataFrame) -> None:
        """Replace a table's rows by those of ``frame``, text; the schema's columns come first, others are kept."""
        first = _columns(self.resource(table))
        columns = [*first, *(name for name in frame if name not in first)]
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(frame.reindex(columns=columns, fill_value="").itertuples(index=False, name=None))
        self.put(self.resource(table)["path"], buffer.getvalue().encode("utf-8"))

    def put(self, path: str, data: bytes) -> None:
        """Replace the bytes of a file of the package."""
        file = self.root / path
        if file.exists() and file.read_bytes() == data:
            self._files.pop(path, None)
        else:
            self._files[path] = data

    @property
    def changed(self) -> list[str]:
        """Files that a commit would write, as ``data/raw/population.csv``, the descriptor last; empty: none."""
        files = sorted(self._files)
        if files or self.descriptor != self._before:
            files.append(raw.DESCRIPTOR)
        return [raw.label(path) for path in files]

    def commit(self, told: Callable[[Problem], Problem] | None = None) -> list[str]:
        """Check the package as it would be, then write every change, or none.

        Parameters
        ----------
        told
            Rewords a problem of the package, so that it names the file a person gave.

        Returns
        -------
        list of str
            The files written; empty if nothing changes.

        Raises
        ------
        InputError
            If the package would not be valid, or holds an edit that is not recorded: it would be recorded unseen.
        """
        if not self.changed:
            return []
        _refuse_unrecorded(self._before, self._files, self.root)
        stage = self.root.with_name(STAGE)
        new = stage / "new"
        try:
            self._try_out(new)
            written = [*sorted(self._files), raw.DESCRIPTOR]
            _swap(stage, self.root, written)
        except InputError as error:
            raise InputError([told(problem) if told else problem for problem in error.problems]) from error
        finally:
            roll_back(self.root)
        return [raw.label(path) for path in written]

    def _try_out(self, folder: Path) -> None:
        """Make the package as it would be, check it, and record its hashes."""
        shutil.copytree(self.root, folder, copy_function=_link)
        for path, data in self._files.items():
            (folder / path).unlink(missing_ok=True)
            (folder / path).write_bytes(data)
        (folder / raw.DESCRIPTOR).unlink()
        text = json.dumps(self.descriptor, ensure_ascii=False, indent=2) + "\n"
        (folder / raw.DESCRIPTOR).write_text(text, encoding="utf-8")
        record(folder)


def roll_back(root: Path) -> None:
    """Undo a commit that was killed half-way, and clear what it left beside the package."""
    stage = root.with_name(STAGE)
    if (stage / _MOVES).exists():
        for path in json.loads((stage / _MOVES).read_text(encoding="utf-8")):
            before = stage / "old" / path
            if before.exists():
                os.replace(before, root / path)
            else:
                (root / path).unlink(missing_ok=True)
    shutil.rmtree(stage, ignore_errors=True)


def add_source(draft: Draft, address: str, site: str | None = None) -> str:
    """Give a source its id: the one it has, or a new row of ``sources``.

    Parameters
    ----------
    address
        Web address, or title of an act or document.
    site
        Who publishes it, for a reader; by default the host of the address, or "document".

    Raises
    ------
    InputError
        If the address is blank.
    """
    address = " ".join(address.split())
    if not address:
        rule, remedy = "a source must have an address or a title", "give it with --source"
        raise InputError([Problem("--source", rule, remedy)])
    sources = draft.cells("sources")
    known = sources.loc[sources["address"] == address, "source_id"]
    if len(known):
        return known.iloc[0]
    number = max((int(i.removeprefix("S")) for i in sources["source_id"]), default=0) + 1
    row = {"source_id": f"S{number:03d}", "address": address, "site": site or _host(address) or "document"}
    draft.write("sources", pd.concat([sources, pd.DataFrame([row])], ignore_index=True))
    return row["source_id"]


def cite_source(resource: dict, title: str, address: str, version: str | None = None) -> None:
    """Name a source in a table's entry, once; ``version`` is its edition or date."""
    entry = {"title": title} | ({"path": address} if _host(address) else {}) | ({"version": version} if version else {})
    others = [found for found in resource["sources"] if found["title"] != title]
    resource["sources"] = [*others, entry]


def join_ids(*cells: str | Iterable[str]) -> str:
    """Join lists of source ids, each once, in order."""
    parts = [part for cell in cells for part in (cell.split(";") if isinstance(cell, str) else cell)]
    return ";".join(dict.fromkeys(part for part in parts if part))


def renamed(file: str, table_file: str, rows: list[int]) -> Callable[[Problem], Problem]:
    """Reword problems of a table that was written row by row from a person's file.

    Parameters
    ----------
    file
        The person's file.
    table_file
        The table's, as ``data/raw/comune_distretto.csv``.
    rows
        Line of the person's file for each row of the table.
    """

    def told(problem: Problem) -> Problem:
        if problem.file != table_file:
            return problem
        row = rows[problem.row - 2] if problem.row is not None and 2 <= problem.row < len(rows) + 2 else problem.row
        return replace(problem, file=file, row=row)

    return told


def _swap(stage: Path, root: Path, paths: list[str]) -> None:
    """Put the new files in place; what was there is kept until all are."""
    (stage / "old").mkdir()
    for path in paths:
        if (root / path).exists():
            _link(root / path, stage / "old" / path)
    part = stage / (_MOVES + ".part")
    part.write_text(json.dumps(paths), encoding="utf-8")
    os.replace(part, stage / _MOVES)
    for path in paths:
        os.replace(stage / "new" / path, root / path)
    (stage / _MOVES).unlink()


def _refuse_unrecorded(descriptor: dict, files: dict[str, bytes], root: Path) -> None:
    problems = []
    for found in descriptor["resources"]:
        path = root / found["path"]
        if path.exists() and "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest() != found.get("hash"):
            rule = f"the file is not the one recorded in {raw.DESCRIPTOR}, and an import would record it unseen"
            remedy = "if the change is meant, run `wecare record` first; if not, restore the file"
            problems.append(Problem(raw.label(found["path"]), rule, remedy))
    if problems:
        raise InputError(problems)


def _parse(data: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(data), dtype="str", na_filter=False)


def _columns(resource: dict) -> list[str]:
    return [field["name"] for field in resource["schema"]["fields"]]


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _host(address: str) -> str:
    scheme, found, rest = address.partition("://")
    return rest.split("/")[0] if found and scheme in ("http", "https") else ""
