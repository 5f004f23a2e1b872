"""Writes what an import found into the data package: all of it or nothing, the older edition kept for comparison.

A cycle has one current edition. A newer one takes its place, and the rows it had go to
``superseded/<feed>_<day>/``, a data package of its own with the same tables: ``raw.load("projects", folder)`` reads it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from helpers import config, raw
from helpers.feed import TABLES

from . import optional

SUPERSEDED = "superseded"
#: The source; which file and edition of it is told by ``editions``.
SOURCE = "OpenCoesione, open data of the projects"
ADDRESS = "https://opencoesione.gov.it/it/opendata/"


class Stored(NamedTuple):
    """What an import changed: files of ``data/raw`` in the order written, and feeds moved aside or put aside."""

    files: list[str]
    superseded: list[str]


class Superseded(NamedTuple):
    """An edition kept for comparison: its feed, its day, and the folder that ``raw.load`` takes as ``root``."""

    feed: str
    edition: str
    root: Path


def resources() -> dict[str, dict]:
    """Descriptions of the tables an import makes, by name, in the order in which they refer to each other."""
    return {name: optional.resource(name) for name in TABLES}


def current(name: str, root: Path | None = None) -> pd.DataFrame:
    """Read a table that an import made, as text (blank = ""); without rows if there is none yet."""
    if name in raw.tables(root):
        return raw.read_text(raw.resource(name, root), root).frame
    return pd.DataFrame(columns=_columns(name), dtype="str")


def editions(root: Path | None = None) -> list[Superseded]:
    """The editions kept for comparison, oldest first."""
    folders = sorted((_folder(root) / SUPERSEDED).glob("*/" + raw.DESCRIPTOR))
    found = []
    for path in folders:
        feed, _, day = path.parent.name.rpartition("_")
        found.append(Superseded(feed, f"{day[:4]}-{day[4:6]}-{day[6:]}", path.parent))
    return sorted(found, key=lambda edition: (edition.edition, edition.feed))


def store(tables: dict[str, pd.DataFrame], origins: dict[str, dict[str, str]], root: Path | None = None) -> Stored:
    """Merge tables into the data package.

    Parameters
    ----------
    tables
        As ``Survey.tables``: complete for the feeds they name.
    origins
        As ``Survey.origins``.
    root
        Folder of the data package; ``data/raw`` by default.

    Returns
    -------
    Stored
        Empty if the package already said the same.

    Raises
    ------
    InputError
        If the package would not be valid; nothing is changed then.
    """
    folder = _folder(root)
    old = {name: current(name, root) for name in resources()}
    fresh = {name: _tidy(tables[name], name) for name in resources() if name in tables}
    aside, put = _older(fresh, old)
    known = _origins(root)
    merged = _merge(put, old, origins, known)
    feeds = {name: _next_origins(name, merged, origins, known) for name in merged}
    # Beside the package, on the same disk, so that a rename is enough and a killed import leaves nothing inside.
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".import-") as scratch:
        draft = Path(scratch)
        changed = _draft(draft, folder, merged, feeds, root)
        kept = _draft_superseded(draft, aside, old, put, origins, folder)
        if changed:
            _require_valid(draft, folder)
        _publish(draft, folder, [*kept, *changed])
    return Stored([raw.label(name) for name in changed], sorted({Path(name).parts[1] for name in kept}))


def _folder(root: Path | None) -> Path:
    return config.RAW if root is None else root


def _columns(name: str) -> list[str]:
    return [field["name"] for field in resources()[name]["schema"]["fields"]]


def _tidy(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Columns and rows in the order of the file: the same content gives the same bytes."""
    keys = resources()[name]["schema"]["primaryKey"]
    return table[_columns(name)].astype("str").sort_values(keys, ignore_index=True)


def _of(table: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    return table[table["project_ref"].isin(projects["project_ref"])]


def _older(fresh: dict, old: dict) -> tuple[dict, dict]:
    """Split what is new into editions older than the current one, to be put aside, and the rest."""
    if "projects" not in fresh:
        return {}, fresh
    projects = fresh["projects"]
    late = _before(projects, old["projects"])
    aside = {name: _of(table, projects[late]) for name, table in fresh.items()}
    # A companion may also speak of stored projects, so what is not put aside is kept.
    put = {name: table[~table["project_ref"].isin(projects[late]["project_ref"])] for name, table in fresh.items()}
    return ({} if aside["projects"].empty else aside), put


def _before(projects: pd.DataFrame, others: pd.DataFrame) -> pd.Series:
    """Which projects are of an older edition than others of their cycle."""
    day = dict(zip(others["cycle"], others["edition"], strict=True))
    pairs = zip(projects["cycle"], projects["edition"], strict=True)
    return pd.Series([edition < day.get(cycle, "") for cycle, edition in pairs], projects.index, dtype="bool")


def _merge(put: dict, old: dict, origins: dict, known: dict) -> dict[str, pd.DataFrame]:
    projects = put.get("projects", old["projects"].iloc[:0])
    replaced = old["projects"]["cycle"].isin(projects["cycle"])
    merged = {"projects": pd.concat([old["projects"][~replaced], projects])}
    rows = merged["projects"].sort_values("edition", ascending=False, kind="stable").drop_duplicates("project_ref")
    merged["projects"] = rows
    day = old["projects"].set_index("project_ref")["edition"]
    # Companions stored before stay for projects of the same edition, unless this import brings better ones.
    same = rows["edition"] == rows["project_ref"].map(day)
    for name in ("project_places", "project_parties", "payments"):
        new = put.get(name, old[name].iloc[:0])
        weak = [feed for feed, kind in origins.get(name, {}).items() if kind == "progetti"]
        strong = [told for told, kind in known.get(name, {}).items() if kind != "progetti"]
        told = pd.Series([*map(_told, rows["feed"], rows["edition"])], index=rows.index, dtype="object")
        stored = _of(old[name], rows[same])
        # What progetti_esteso says does not take the place of the companion file of the same edition.
        better = rows[same & rows["feed"].isin(weak) & told.isin(strong)]
        better = better[better["project_ref"].isin(stored["project_ref"])]
        new = new[~new["project_ref"].isin(better["project_ref"])]
        merged[name] = pd.concat([stored[~stored["project_ref"].isin(new["project_ref"])], _of(new, rows)])
    return {name: _tidy(table, name) for name, table in merged.items()}


def _told(feed: str, edition: str) -> tuple[str, str]:
    """A cycle and its edition: which file of it was read does not matter."""
    return feed.partition("_")[2], edition


def _origins(root: Path | None) -> dict[str, dict[tuple[str, str], str]]:
    """Per table, the kind of file that its rows of a cycle and edition were made from."""
    return {
        name: {_told(e["feed"], e["edition"]): e["kind"] for e in raw.resource(name, root).get("editions", [])}
        for name in resources()
        if name in raw.tables(root)
    }


def _next_origins(name: str, merged: dict, origins: dict, known: dict) -> list[dict[str, str]]:
    """Per feed of a table: its edition and the kind of file, for the descriptor."""
    projects = merged["projects"]
    rows = projects[projects["project_ref"].isin(merged[name]["project_ref"])]
    found = []
    for feed, edition in rows[["feed", "edition"]].drop_duplicates().sort_values("feed").itertuples(index=False):
        before, now = known.get(name, {}).get(_told(feed, edition)), origins.get(name, {}).get(feed)
        kind = before if before and now in (None, "progetti") else now
        found.append({"feed": feed, "edition": edition, "kind": kind or "progetti"})
    return found


def _draft(draft: Path, folder: Path, merged: dict, feeds: dict, root: Path | None) -> list[str]:
    """Write the next package beside the present one; gives the names of the files that differ, descriptor last."""
    package = json.loads((folder / raw.DESCRIPTOR).read_text(encoding="utf-8"))
    described = {found["name"]: found for found in package["resources"]}
    changed = []
    for name, found in resources().items():
        described.pop(name, None)
        if merged[name].empty:
            continue
        data = _csv(merged[name])
        described[name] = _described(found, feeds[name], data, len(merged[name]))
        if not (folder / found["path"]).exists() or (folder / found["path"]).read_bytes() != data:
            (draft / found["path"]).write_bytes(data)
            changed.append(found["path"])
    package["resources"] = list(described.values())
    text = _json(package)
    if text != (folder / raw.DESCRIPTOR).read_bytes():
        (draft / raw.DESCRIPTOR).write_bytes(text)
        changed.append(raw.DESCRIPTOR)
    return changed


def _draft_superseded(draft: Path, aside: dict, old: dict, put: dict, origins: dict, folder: Path) -> list[str]:
    """Write the editions that go aside, each as a data package; gives the names of files that differ."""
    leaving = []
    if "projects" in put:
        leaving.append((old["projects"][_before(old["projects"], put["projects"])], old))
    if aside:
        leaving.append((aside["projects"], aside))
    names = []
    for projects, tables in leaving:
        for (feed, edition), rows in projects.groupby(["feed", "edition"]):
            place = f"{SUPERSEDED}/{feed}_{edition.replace('-', '')}"
            own = {name: _tidy(_of(table, rows), name) for name, table in tables.items()}
            if tables is aside and (folder / place / raw.DESCRIPTOR).exists():
                # Brought in again: tables kept with it that this import has not, or has from the project alone, stay.
                weak = [name for name in resources() if origins.get(name, {}).get(feed, "progetti") == "progetti"]
                own |= {name: current(name, folder / place) for name in weak if name != "projects"}
            files = {f"{name}.csv": _csv(table) for name, table in own.items() if len(table)}
            told = [{"feed": feed, "edition": edition}]
            entries = [
                _described(found, told, files[found["path"]], len(own[name]))
                for name, found in resources().items()
                if found["path"] in files
            ]
            head = {"name": f"{feed}-{edition}".lower(), "version": edition, "created": f"{edition}T00:00:00Z"}
            files[raw.DESCRIPTOR] = _json({**head, "resources": entries})
            for name, data in files.items():
                path = folder / place / name
                if not path.exists() or path.read_bytes() != data:
                    (draft / place).mkdir(parents=True, exist_ok=True)
                    (draft / place / name).write_bytes(data)
                    names.append(f"{place}/{name}")
    return names


def _described(found: dict, feeds: list[dict], data: bytes, rows: int) -> dict:
    return found | {
        "sources": [{"title": SOURCE, "path": ADDRESS}],
        "editions": feeds,
        "hash": "sha256:" + hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "rowCount": rows,
    }


def _require_valid(draft: Path, folder: Path) -> None:
    """Check the package as it would be, in a folder that borrows what does not change."""
    from helpers.checks.run import require_valid

    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch)
        fresh = json.loads((draft / raw.DESCRIPTOR).read_text(encoding="utf-8"))
        (whole / raw.DESCRIPTOR).write_text(json.dumps(fresh), encoding="utf-8")
        for found in fresh["resources"]:
            ours = draft / found["path"]
            (whole / found["path"]).symlink_to((ours if ours.exists() else folder / found["path"]).resolve())
        require_valid(whole)


def _publish(draft: Path, folder: Path, names: list[str]) -> None:
    """Rename the new files into place, the descriptor last; on failure put everything back."""
    done: list[tuple[Path, Path | None]] = []
    try:
        for n, name in enumerate(names):
            target, backup = folder / name, None
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                backup = draft / f".old-{n}"
                shutil.copy2(target, backup)
            os.replace(draft / name, target)
            done.append((target, backup))
    except BaseException:
        for target, backup in reversed(done):
            target.unlink() if backup is None else os.replace(backup, target)
        raise
    # A table that no edition has any more is no longer described: its file goes too.
    for name, found in resources().items():
        path = folder / found["path"]
        if raw.DESCRIPTOR in names and path.exists() and name not in raw.tables(folder):
            path.unlink()


def _csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, lineterminator="\n").encode()


def _json(package: dict) -> bytes:
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()
