"""Sets an edition of the whole data package aside, so that the next one can be compared with it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from helpers import raw, snapshots
from helpers.errors import WecareError


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
        If its version cannot name a folder.
    """
    version = raw.edition(root).version
    if not version.replace(".", "").replace("-", "").isalnum():
        raise WecareError(f"The version {version!r} cannot name a folder: letters, digits, dots and hyphens only.")
    folder = snapshots.superseded(raw_root) / snapshots.KEPT
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".keep-") as scratch:
        draft = Path(scratch) / version
        draft.mkdir()
        for path in [raw.DESCRIPTOR, *(raw.resource(name, root)["path"] for name in raw.tables(root))]:
            (draft / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / path, draft / path)
        if (folder / version).exists():
            shutil.rmtree(folder / version)
        draft.rename(folder / version)
    return folder / version
