"""Merges what an import of the feed found into the data package, the older edition kept for comparison.

A cycle has one current edition. A newer one takes its place, and the rows it had go to
``superseded/<feed>_<day>/``, a data package of its own with the same tables: ``raw.load("projects", folder)`` reads it.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.checks.run import descriptor_bytes
from helpers.data import optional, raw
from helpers.data.feed import TABLES
from helpers.data.snapshots import SUPERSEDED
from helpers.imports.draft import Draft, csv_of
from helpers.system.fingerprints import recorded_form

#: The source; which file and edition of it is told by ``editions``.
SOURCE = "OpenCoesione, open data of the projects"
ADDRESS = "https://opencoesione.gov.it/it/opendata/"
#: What the entry of a table says of its file.
_COUNTED = ("hash", "bytes", "rowCount")


def resources() -> dict[str, dict]:
    """Descriptions of the tables an import makes, by name, in the order in which they refer to each other."""
    return {name: optional.resource(name) for name in TABLES}


def current(name: str, root: Path | None = None) -> pd.DataFrame:
    """Read a table that an import made, as text (blank = ""); without rows if there is none yet."""
    if name in raw.tables(root):
        return raw.read_text(raw.resource(name, root), root).frame
    return pd.DataFrame(columns=_columns(name), dtype="str")


def merge(draft: Draft, tables: dict[str, pd.DataFrame], origins: dict[str, dict[str, str]]) -> None:
    """Merge tables into the data package.

    Parameters
    ----------
    draft
        The package; the tables of the feed are rewritten, and editions that others replace are put aside.
    tables
        As ``Survey.tables``: complete for the feeds they name.
    origins
        As ``Survey.origins``.
    """
    old = {name: current(name, draft.root) for name in resources()}
    fresh = {name: _tidy(tables[name], name) for name in resources() if name in tables}
    aside, put = _older(fresh, old)
    known = _origins(draft.root)
    merged = _merge(put, old, origins, known)
    feeds = {name: _next_origins(name, merged, origins, known) for name in merged}
    _put_aside(draft, aside, old, put, origins)
    for name, found in resources().items():
        before = draft.resource(name) if draft.has(name) else {}
        if before:
            draft.drop(name)
        if len(merged[name]):
            counted = {key: before[key] for key in _COUNTED if key in before}
            draft.descriptor["resources"].append(_describe(found, feeds[name]) | counted)
            draft.write(name, merged[name])


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
        told = pd.Series([*map(_reword, rows["feed"], rows["edition"])], index=rows.index, dtype="object")
        stored = _of(old[name], rows[same])
        # What progetti_esteso says does not take the place of the companion file of the same edition.
        better = rows[same & rows["feed"].isin(weak) & told.isin(strong)]
        better = better[better["project_ref"].isin(stored["project_ref"])]
        new = new[~new["project_ref"].isin(better["project_ref"])]
        merged[name] = pd.concat([stored[~stored["project_ref"].isin(new["project_ref"])], _of(new, rows)])
    return {name: _tidy(table, name) for name, table in merged.items()}


def _reword(feed: str, edition: str) -> tuple[str, str]:
    """A cycle and its edition: which file of it was read does not matter."""
    return feed.partition("_")[2], edition


def _origins(root: Path | None) -> dict[str, dict[tuple[str, str], str]]:
    """Per table, the kind of file that its rows of a cycle and edition were made from."""
    return {
        name: {_reword(e["feed"], e["edition"]): e["kind"] for e in raw.resource(name, root).get("editions", [])}
        for name in resources()
        if name in raw.tables(root)
    }


def _next_origins(name: str, merged: dict, origins: dict, known: dict) -> list[dict[str, str]]:
    """Per feed of a table: its edition and the kind of file, for the descriptor."""
    projects = merged["projects"]
    rows = projects[projects["project_ref"].isin(merged[name]["project_ref"])]
    found = []
    for feed, edition in rows[["feed", "edition"]].drop_duplicates().sort_values("feed").itertuples(index=False):
        before, now = known.get(name, {}).get(_reword(feed, edition)), origins.get(name, {}).get(feed)
        kind = before if before and now in (None, "progetti") else now
        found.append({"feed": feed, "edition": edition, "kind": kind or "progetti"})
    return found


def _put_aside(draft: Draft, aside: dict, old: dict, put: dict, origins: dict) -> None:
    """Write the editions that go aside, each as a data package of its own."""
    leaving = []
    if "projects" in put:
        leaving.append((old["projects"][_before(old["projects"], put["projects"])], old))
    if aside:
        leaving.append((aside["projects"], aside))
    for projects, tables in leaving:
        for (feed, edition), rows in projects.groupby(["feed", "edition"]):
            place = f"{SUPERSEDED}/{feed}_{edition.replace('-', '')}"
            own = {name: _tidy(_of(table, rows), name) for name, table in tables.items()}
            if tables is aside and (draft.root / place / raw.DESCRIPTOR).exists():
                # Brought in again: tables kept with it that this import has not, or has from the project alone, stay.
                weak = [name for name in resources() if origins.get(name, {}).get(feed, "progetti") == "progetti"]
                own |= {name: current(name, draft.root / place) for name in weak if name != "projects"}
            entries = []
            for name, found in resources().items():
                if name not in own or own[name].empty:
                    continue
                data = csv_of(own[name])
                draft.put(f"{place}/{found['path']}", data)
                counted = (recorded_form(data), len(data), len(own[name]))
                entry = _alone(_describe(found, [{"feed": feed, "edition": edition}]))
                entries.append(entry | dict(zip(_COUNTED, counted, strict=True)))
            head = {"name": f"{feed}-{edition}".lower(), "version": edition, "created": f"{edition}T00:00:00Z"}
            head |= {key: draft.descriptor[key] for key in ("licenses", "usageWarningCodes") if key in draft.descriptor}
            draft.put(f"{place}/{raw.DESCRIPTOR}", descriptor_bytes({**head, "resources": entries}))


def _alone(entry: dict) -> dict:
    """An entry without keys that lead to tables which are not put aside."""
    keys = [key for key in entry["schema"].get("foreignKeys", []) if key["reference"]["resource"] in resources()]
    return entry | {"schema": {**entry["schema"], "foreignKeys": keys}}


def _describe(found: dict, feeds: list[dict]) -> dict:
    return found | {"sources": [{"title": SOURCE, "path": ADDRESS}], "editions": feeds}
