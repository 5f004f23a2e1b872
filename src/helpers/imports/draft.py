"""Changes to the data package, all or none: tried in a copy of it, then put in place together.

Importers read the package and change tables through a `Draft`; nothing is written before `Draft.commit`, and a commit
that is refused or fails leaves the package as it was; one that is killed is settled by :mod:`helpers.data.transaction`.
"""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from helpers import config
from helpers.checks.run import descriptor_bytes, descriptor_of_accepted
from helpers.data import raw, snapshots, transaction
from helpers.data.comparison import Comparison, compare
from helpers.errors import InputError, Problem, WecareError
from helpers.system.files import read


class Draft:
    """The data package with changes that are not written yet.

    Parameters
    ----------
    root
        Folder of the data package; ``data/raw`` by default.

    Raises
    ------
    WecareError
        If a change of the package was killed half-way and is not settled.
    """

    def __init__(self, root: Path | None = None):
        self.root = config.RAW if root is None else root
        transaction.require_settled(self.root)
        # Before anything is read, so that whatever comes later is noticed.
        self._read = transaction.digests([raw.DESCRIPTOR], self.root)
        self._before = raw.descriptor(root)
        self.descriptor = copy.deepcopy(self._before)
        self._files: dict[str, bytes | None] = {}

    def has(self, table: str) -> bool:
        """Tell whether the package has a table, written or drafted."""
        return any(found["name"] == table for found in self.descriptor["resources"])

    def resource(self, table: str) -> dict:
        """Entry of a table in the descriptor, to be changed in place.

        Raises
        ------
        WecareError
            If the package has no such table.
        """
        for found in self.descriptor["resources"]:
            if found["name"] == table:
                return found
        raise WecareError(f"{raw.DESCRIPTOR} has no table {table!r}, which this import needs. To do: restore it.")

    def cells(self, table: str) -> pd.DataFrame:
        """Cells of a table as text (blank = ""), as drafted so far; no rows if the table is new."""
        found = self.resource(table)
        if (drafted := self._files.get(found["path"])) is not None:
            return _parse(drafted)
        if (self.root / found["path"]).exists():
            return raw.read_text(found, self.root).frame
        return pd.DataFrame(columns=_columns(found), dtype="str")

    def write(self, table: str, frame: pd.DataFrame) -> None:
        """Replace a table's rows by those of ``frame``, text; the schema's columns come first, others are kept."""
        first = _columns(self.resource(table))
        columns = [*first, *(name for name in frame if name not in first)]
        self.put(self.resource(table)["path"], csv_of(frame.reindex(columns=columns, fill_value="")))

    def drop(self, table: str) -> None:
        """Remove a table and its file."""
        found = self.resource(table)
        self.descriptor["resources"].remove(found)
        self.put(found["path"], None)

    def put(self, path: str, data: bytes | None) -> None:
        """Replace the bytes of a file of the package; None removes it."""
        file = self.root / path
        self._read = transaction.digests([path], self.root) | self._read
        if data == (read(file) if file.exists() else None):
            self._files.pop(path, None)
        else:
            self._files[path] = data

    @property
    def changed(self) -> list[str]:
        """Files that a commit would write or remove, as ``data/raw/population.csv``, the descriptor last."""
        files = sorted(self._files)
        if self._describes():
            files.append(raw.DESCRIPTOR)
        return [raw.label(path) for path in files]

    @property
    def removed(self) -> list[str]:
        """Those of :attr:`changed` that a commit would remove."""
        return [raw.label(path) for path in sorted(self._files) if self._files[path] is None]

    def commit(self, reword: Callable[[Problem], Problem] | None = None) -> list[str]:
        """Check the package as it would be, then write every change, or none.

        Parameters
        ----------
        reword
            Rewords a problem of the package, so that it names the file a person gave.

        Returns
        -------
        list of str
            The files written or removed; empty if nothing changes.

        Raises
        ------
        InputError
            If the package would not be valid, or holds an edit that is not recorded: it would be recorded unseen.
        WecareError
            If the package is not the one that was read any more.
        """
        changed = self.changed
        if not changed:
            return []
        transaction.require_unchanged(self._read, self.root)
        _refuse_unrecorded(self._before, self.root)
        transaction.write(self.require_valid(reword), self._read, self.root)
        return changed

    def require_valid(self, reword: Callable[[Problem], Problem] | None = None) -> dict[str, bytes | None]:
        """Check the package as it would be; gives the files that a commit would write, None for one it would remove.

        Parameters
        ----------
        reword
            As of :meth:`commit`.

        Raises
        ------
        InputError
            If the package would not be valid.
        """
        files = {path: self._files[path] for path in sorted(self._files)}
        if self._describes():
            try:
                files[raw.DESCRIPTOR] = self._try_out(files)
            except InputError as error:
                raise InputError([reword(problem) if reword else problem for problem in error.problems]) from error
        return files

    def compare(self) -> Comparison:
        """The difference that a commit would make, as between two editions.

        Raises
        ------
        InputError
            If the package would not be valid.
        """
        files = self.require_valid()
        before = snapshots.read(self.root)
        with transaction.try_out(files, self.root) as folder:
            return compare(before, snapshots.read(folder))

    def _describes(self) -> bool:
        """True if the descriptor changes, be it only in the hash of a table."""
        tables = {found["path"] for package in (self._before, self.descriptor) for found in package["resources"]}
        return self.descriptor != self._before or not tables.isdisjoint(self._files)

    def _try_out(self, files: dict[str, bytes | None]) -> bytes:
        """Check the package as it would be; gives its descriptor with hashes and counts."""
        with transaction.try_out(files | {raw.DESCRIPTOR: descriptor_bytes(self.descriptor)}, self.root) as folder:
            return descriptor_bytes(descriptor_of_accepted(folder)[0])


def csv_of(frame: pd.DataFrame) -> bytes:
    """A table of text as the package writes it."""
    return frame.to_csv(index=False, lineterminator="\n").encode()


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
    number = max((int(i[1:]) for i in sources["source_id"] if re.fullmatch(r"S\d{1,9}", i)), default=0) + 1
    row = {"source_id": f"S{number:03d}", "address": address, "site": site or _host(address) or "document"}
    draft.write("sources", pd.concat([sources, pd.DataFrame([row])], ignore_index=True).fillna(""))
    return row["source_id"]


def cite_source(resource: dict, title: str, address: str, version: str | None = None) -> None:
    """Name a source in a table's entry, once; ``version`` is its edition or date."""
    entry = {"title": title} | ({"path": address} if _host(address) else {}) | ({"version": version} if version else {})
    others = [found for found in resource["sources"] if found["title"] != title]
    resource["sources"] = [*others, entry]


def reword_for_file(file: str, table_file: str, rows: Sequence[int | None]) -> Callable[[Problem], Problem]:
    """Reword problems of a table that was written row by row from a person's file.

    Parameters
    ----------
    file
        The person's file.
    table_file
        The table's, as ``data/raw/comune_distretto.csv``.
    rows
        Line of the person's file for each row of the table; None for one that was there before.
    """

    def reword(problem: Problem) -> Problem:
        if problem.file != table_file:
            return problem
        if problem.row is None or not 2 <= problem.row < len(rows) + 2:
            return replace(problem, file=file)
        row = rows[problem.row - 2]
        return problem if row is None else replace(problem, file=file, row=row)

    return reword


def _refuse_unrecorded(descriptor: dict, root: Path) -> None:
    problems = []
    digests = transaction.digests((found["path"] for found in descriptor["resources"]), root)
    for found in descriptor["resources"]:
        digest = digests[found["path"]]
        if digest is not None and f"sha256:{digest}" != found.get("hash"):
            rule = f"the file is not the one recorded in {raw.DESCRIPTOR}, and an import would record it unseen"
            remedy = "if the change is meant, run `wecare record` first; if not, restore the file"
            problems.append(Problem(raw.label(found["path"]), rule, remedy))
    if problems:
        raise InputError(problems)


def _parse(data: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(data), dtype="str", na_filter=False)


def _columns(resource: dict) -> list[str]:
    return [field["name"] for field in resource["schema"]["fields"]]


def _host(address: str) -> str:
    scheme, found, rest = address.partition("://")
    return rest.split("/")[0] if found and scheme in ("http", "https") else ""
