"""A copy of ``data/raw`` to break, and how to break it."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from helpers import config
from helpers.checks.run import check, record
from helpers.data import raw
from helpers.errors import Problem
from helpers.system.fingerprints import recorded_form


class Copy:
    """A copy of the data package; each method edits one file of it as a person would."""

    def __init__(self, root: Path):
        self.root = root

    def read(self, name: str) -> list[list[str]]:
        text = (self.root / name).read_text(encoding="utf-8")
        return list(csv.reader(io.StringIO(text, newline="")))

    def write(self, name: str, rows: list[list[str]], **dialect) -> None:
        with (self.root / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n", **dialect).writerows(rows)

    def edit(self, name: str, row: int, column: str, value: str) -> None:
        """Set one cell; ``row`` as an editor counts (the header is 1)."""
        rows = self.read(name)
        rows[row - 1][rows[0].index(column)] = value
        self.write(name, rows)

    def row_of(self, name: str, column: str, value: str) -> int:
        rows = self.read(name)
        at = rows[0].index(column)
        return next(line for line, row in enumerate(rows, start=1) if row[at] == value)

    def problems(self) -> list[Problem]:
        return check(self.root).problems

    def only(self) -> Problem:
        """The one problem of the copy."""
        problems = self.problems()
        assert len(problems) == 1, [str(problem) for problem in problems]
        return problems[0]


def copied(folder: Path, package: Path | None = None) -> Copy:
    """Copy a data package into a folder: the project's, or one that is quick to check (see `reduced`)."""
    shutil.copytree(package or config.RAW, folder / "raw")
    return Copy(folder / "raw")


def reduced(root: Path, tables: tuple[str, ...], empty: tuple[str, ...] = ()) -> Path:
    """A data package of a few tables of ours, quick to check; of ``empty`` ones only the headings."""
    root.mkdir(parents=True)
    whole = json.loads((config.RAW / raw.DESCRIPTOR).read_text(encoding="utf-8"))
    whole["resources"] = [found for found in whole["resources"] if found["name"] in (*tables, *empty)]
    _forget_references(whole["resources"])
    for found in whole["resources"]:
        shutil.copy(config.RAW / found["path"], root)
    for found in whole["resources"]:
        if found["name"] in empty:
            headings = (root / found["path"]).read_text(encoding="utf-8").splitlines()[0] + "\n"
            (root / found["path"]).write_text(headings, encoding="utf-8")
            found |= {"hash": recorded_form(headings.encode()), "bytes": len(headings), "rowCount": 0, "codes_on": {}}
    (root / raw.DESCRIPTOR).write_text(json.dumps(whole), encoding="utf-8")
    assert check(root).problems == []
    return root


def with_few_comuni(root: Path, codes: Iterable[str]) -> Path:
    """Leave these comuni in a data package, each with another that it touches in its province, and their rows only."""
    shapes, kept = raw.load_geometry("comuni_geometry").set_index("istat").geometry, set(codes)
    touching = {code: shapes.index[shapes.touches(shapes[code])].difference(kept) for code in kept}
    kept |= {next(near for near in found if near[:3] == code[:3]) for code, found in touching.items()}
    of_comuni = {"comuni", "comuni_geometry", "comune_distretto", "population", "population_totals"}
    for table in {*of_comuni, "population_broad_ages"} & set(raw.tables(root)):
        path = root / raw.resource(table, root)["path"]
        if path.suffix == ".parquet":
            borders = raw.load_geometry(table, root)
            borders[borders["istat"].isin(kept)].to_parquet(path, index=False)
        else:
            cells = pd.read_csv(path, dtype="str", keep_default_na=False)
            cells[cells["istat"].isin(kept)].to_csv(path, index=False, lineterminator="\n")
    record(root)
    assert check(root).problems == []
    return root


def _forget_references(resources: list[dict]) -> None:
    """Leave out what refers to tables that are not in the package."""
    there = {found["name"] for found in resources}
    for schema in (found["schema"] for found in resources):
        keys = schema.get("foreignKeys", [])
        schema["foreignKeys"] = [key for key in keys if key["reference"].get("resource") in {None, *there}]
        for field in schema["fields"]:
            if field.get("itemReference", {}).get("resource", None) not in {None, *there}:
                del field["itemReference"]


def state(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
