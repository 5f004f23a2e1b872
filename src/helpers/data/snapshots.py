"""Finds and reads editions: a folder, a published site, a revision of git, or one kept for comparison.

A kept edition is a whole data package below ``data/raw/superseded/editions/<version>``; editions of a feed that an
import replaced are data packages of its tables in ``data/raw/superseded/<feed>_<day>``.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from helpers import config
from helpers.data import own_package, raw
from helpers.data.csv_form import unmark
from helpers.data.editions import GEOMETRY, Edition
from helpers.data.read_log import note
from helpers.errors import WecareError
from helpers.system.fingerprints import fingerprint, sha256

#: Below a working tree.
RAW = config.RAW.relative_to(config.ROOT).as_posix()

#: Where a data package stands: in the folder itself, in a working tree, in a published site, in the tree above it.
PLACES = ("", RAW, "data/tables", f"{config.SITE.name}/data/tables")

SUPERSEDED = "superseded"
KEPT = "editions"

#: Tables of a feed, all tied to its projects.
FEED_TABLES = ("projects", "project_places", "project_parties", "payments")


def read(root: Path | None = None) -> Edition:
    """Read a data package, ``data/raw`` by default; borders as a hash per row."""
    at_hand = raw.edition(root)
    resources = {name: found for name in raw.tables(root) if not own_package.is_own(found := raw.resource(name, root))}
    hashes = {name: _hash(name, found, root) for name, found in resources.items()}
    tables = {name: _cells(name, found, root) for name, found in resources.items()}
    return Edition(at_hand.version, at_hand.date.isoformat(), resources, tables, hashes)


def _hash(name: str, resource: dict, root: Path | None) -> str:
    """Of the file as it is stored, which a published one with marked texts tells of."""
    stored = resource.get("storedHash", "").removeprefix("sha256:")
    return stored or sha256(raw.content(name, root))


def _cells(name: str, resource: dict, root: Path | None) -> pd.DataFrame:
    if not resource["path"].endswith(".parquet"):
        frame = raw.read_text(resource, root).frame
        return frame.map(unmark) if resource.get("formulaMark") else frame
    table = raw.load_geometry(name, root)
    drawn = [fingerprint(shape.wkb) for shape in table.geometry]
    plain = pd.DataFrame(table.drop(columns=GEOMETRY)).astype("str")
    return plain.assign(**{GEOMETRY: drawn})


@contextmanager
def open_snapshot(where: str) -> Iterator[Path]:
    """The folder of the data package that a person means by a folder or a revision of git.

    Raises
    ------
    WecareError
        If there is neither, or no data package in it.
    """
    folder = Path(where)
    if folder.is_dir():
        found = next((folder / p for p in PLACES if (folder / p / raw.DESCRIPTOR).is_file()), None)
        if found is None:
            raise WecareError(
                f"There is no data package in {where}. To do: name a folder that holds {raw.DESCRIPTOR}, a working "
                "tree, a published site, or a revision of git."
            )
        yield found
        return
    with tempfile.TemporaryDirectory(prefix="wecare-edition-") as scratch:
        target = Path(scratch)
        _extract(where, target)
        yield target / RAW


def _extract(revision: str, target: Path) -> None:
    """Write ``data/raw`` of a revision into a folder."""
    # A name that starts with a dash would be taken for an option.
    command = ["git", "-C", str(config.ROOT), "rev-parse", "--verify", "--quiet", "--end-of-options"]
    try:
        known = subprocess.run([*command, f"{revision}^{{commit}}"], capture_output=True, text=True)
    except FileNotFoundError as error:
        raise WecareError(f"{revision} is no folder. To do: name one, or install git to name a revision.") from error
    if known.returncode:
        raise WecareError(
            f"{revision} is neither a folder nor a revision of git. To do: `git log --oneline {RAW}` lists those "
            "that changed the data."
        )
    archive = ["git", "-C", str(config.ROOT), "archive", "--format=tar", known.stdout.strip(), RAW]
    made = subprocess.run(archive, capture_output=True)
    if made.returncode:
        raise WecareError(
            f"The revision {revision} has no {RAW}. To do: `git log --oneline {RAW}` lists those that have."
        )
    with tarfile.open(fileobj=io.BytesIO(made.stdout)) as files:
        files.extractall(target, filter="data")


def previous(raw_root: Path | None = None) -> Edition | None:
    """The last edition kept; None if none is."""
    roots = [path.parent for path in (find_superseded(raw_root) / KEPT).glob("*/" + raw.DESCRIPTOR)]
    newest = max(roots, key=lambda root: (raw.edition(root).date, raw.edition(root).version), default=None)
    return None if newest is None else read(newest)


def feeds(raw_root: Path | None = None) -> list[tuple[str, Edition, Edition]]:
    """Editions of feeds that an import replaced, each against what stands in its place, the newest first.

    Returns
    -------
    list of tuple
        Name of the feed, the older edition, and the same tables of the one at hand, of the feed's cycle alone. Of each
        cycle only the last edition replaced.
    """
    found: dict[str, tuple[str, Path]] = {}
    for path in sorted(find_superseded(raw_root).glob("*/" + raw.DESCRIPTOR)):
        feed, _, day = path.parent.name.rpartition("_")
        cycle = feed.partition("_")[2]
        if cycle and day > found.get(cycle, ("", path))[0]:
            found[cycle] = day, path.parent
    pairs = []
    for cycle, (_, root) in sorted(found.items(), key=lambda item: item[1][0], reverse=True):
        older, tables = read(root), _feed_tables(cycle, raw_root)
        base = {name: raw.read_text(raw.resource(name, raw_root), raw_root).frame for name in _BASE}
        resources = {name: raw.resource(name, raw_root) for name in tables}
        day = max(tables["projects"]["edition"], default="") if "projects" in tables else ""
        newer = Edition(day, day, resources, tables | base)
        # Texts of the resource name the edition itself, so only rows are compared.
        pairs.append(
            (
                root.name,
                older._replace(tables=older.tables | base, resources=older.resources | resources, hashes={}),
                newer,
            )
        )
    return pairs


#: What amounts of a feed are tied to districts with.
_BASE = ("districts", "comune_distretto", "population")


def _feed_tables(cycle: str, root: Path | None) -> dict[str, pd.DataFrame]:
    """The tables of the feed at hand, of one cycle."""
    held = {
        name: raw.read_text(raw.resource(name, root), root).frame for name in FEED_TABLES if raw.available(name, root)
    }
    if "projects" not in held:
        return {}
    held["projects"] = held["projects"][held["projects"]["cycle"] == cycle].reset_index(drop=True)
    refs = set(held["projects"]["project_ref"])
    return {name: table[table["project_ref"].isin(refs)].reset_index(drop=True) for name, table in held.items()}


def find_superseded(root: Path | None = None) -> Path:
    """Where editions that others have replaced are kept: below ``data/raw`` by default."""
    note("everything")
    return (config.RAW if root is None else root) / SUPERSEDED
