"""Sets an edition of the whole data package aside, so that the next one can be compared with it."""

from __future__ import annotations

from pathlib import Path

from helpers.data import own_package, raw, snapshots, transaction
from helpers.system.files import read


def keep(root: Path, raw_root: Path | None = None) -> Path:
    """Keep an edition for comparison; one of the same version is replaced.

    Parameters
    ----------
    root
        Folder of its data package.
    raw_root
        Where to keep it: below ``data/raw`` by default.

    Returns
    -------
    Path
        The folder it was kept in.

    Raises
    ------
    WecareError
        If a change of ``data/raw`` was killed half-way and is not settled.
    """
    version = raw.edition(root).version
    place = f"{snapshots.SUPERSEDED}/{snapshots.KEPT}/{version}"
    folder = snapshots.find_superseded(raw_root) / snapshots.KEPT / version
    before = [f"{place}/{path.relative_to(folder).as_posix()}" for path in folder.rglob("*") if path.is_file()]
    described = [raw.resource(name, root) for name in raw.tables(root)]
    paths = [*(found["path"] for found in described if not own_package.is_own(found)), raw.DESCRIPTOR]
    kept = {f"{place}/{path}": read(root / path) for path in paths}
    files = dict.fromkeys(path for path in before if path not in kept) | kept
    transaction.write(files, {}, raw_root, by="`wecare keep`")
    return folder
