"""An edition made from nothing out of what is committed, and frozen: data, site, and a hash of every file."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from helpers import config
from helpers.data import raw
from helpers.errors import WecareError
from helpers.publish.folders import files_below
from helpers.system.fingerprints import sha256

#: Where releases stand, each in a folder of its edition.
FOLDER = config.BUILD / "release"

#: What is frozen of the checkout that was built: by its place there, and in the release.
PARTS = {"data/raw": "data", "_site": "site"}


@dataclass(frozen=True)
class Release:
    """A release.

    Attributes
    ----------
    version, commit
        Edition of its data, and what it was made of.
    folder
        Where it stands.
    files
        How many files it holds.
    """

    version: str
    commit: str
    folder: Path
    files: int


def make(publisher: str | None = None, say: Callable[[str], None] = lambda text: None) -> Release:
    """Build and publish what is committed, in a checkout of its own, and freeze what came of it.

    Parameters
    ----------
    publisher
        Name of the publisher, or None to choose.
    say
        Called with each step.

    Raises
    ------
    WecareError
        If the working tree is not that of a commit, a command fails (with what it said), or a release of the same
        edition and another content stands there.
    """
    commit = _require_clean()
    FOLDER.mkdir(parents=True, exist_ok=True)
    work = FOLDER / ".work"
    shutil.rmtree(work, ignore_errors=True)
    try:
        say(f"Commit {commit[:12]} is laid out from nothing.")
        _lay_out(commit, work)
        chosen = ["--publisher", publisher] if publisher else []
        for command in (["check"], ["build"], ["publish", *chosen]):
            say(f"wecare {' '.join(command)}")
            _wecare(work, command)
        return _freeze(work, commit)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _require_clean() -> str:
    """The commit that the working tree is of."""
    done = _git("status", "--porcelain")
    if done.returncode:
        raise WecareError("This is no checkout of git, so nothing says what a release is made of. To do: clone it.")
    if changed := done.stdout.decode().splitlines():
        shown = ", ".join(line[3:] for line in changed[:5]) + (" …" if len(changed) > 5 else "")
        raise WecareError(f"Not committed: {shown}. To do: commit or remove it; a release is made of a commit.")
    return _git("rev-parse", "HEAD").stdout.decode().strip()


def _git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", "-C", str(config.ROOT), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise WecareError("git is not on PATH. To do: install it.") from None


def _lay_out(commit: str, folder: Path) -> None:
    packed = _git("archive", commit)
    if packed.returncode:
        raise WecareError(
            f"git could not lay out {commit[:12]}: {packed.stderr.decode().strip()}. To do: see `git fsck`."
        )
    with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")


def _wecare(root: Path, command: list[str]) -> None:
    """Run a command of the checkout, with the library of the checkout."""
    environment = os.environ | {"WECARE_ROOT": str(root), "PYTHONPATH": str(root / "src")}
    run = [sys.executable, "-m", "helpers", *command]
    done = subprocess.run(run, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-20:])
        raise WecareError(
            f"No release: `wecare {' '.join(command)}` failed for what is committed.\n{said}\n"
            "To do: correct what is named and commit it."
        )


def _freeze(work: Path, commit: str) -> Release:
    edition = raw.edition(work / "data" / "raw")
    next_one = FOLDER / f".{edition.version}"
    shutil.rmtree(next_one, ignore_errors=True)
    next_one.mkdir()
    for place, name in PARTS.items():
        (work / place).rename(next_one / name)
    hashes = {name: sha256((next_one / name).read_bytes()) for name in files_below(next_one)}
    manifest = {
        "edition": edition.version,
        "date": edition.date.isoformat(),
        "commit": commit,
        "python": platform.python_version(),
        "lock": sha256((work / config.LOCK.name).read_bytes()),
        "files": {name: {"sha256": found, "bytes": (next_one / name).stat().st_size} for name, found in hashes.items()},
    }
    (next_one / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sums = "".join(f"{found}  {name}\n" for name, found in hashes.items())
    (next_one / "SHA256SUMS").write_text(sums, encoding="utf-8")
    folder = FOLDER / edition.version
    if folder.exists():
        if (folder / "SHA256SUMS").read_text(encoding="utf-8") != sums:
            shutil.rmtree(next_one)
            raise WecareError(
                f"{folder.relative_to(config.ROOT)} holds another content of edition {edition.version}, and what was "
                "released stays. To do: `wecare edition` names a new one; or remove that folder, if nobody has it yet."
            )
        shutil.rmtree(folder)
    next_one.rename(folder)
    for name in files_below(folder):
        (folder / name).chmod(0o444)
    return Release(edition.version, commit, folder, len(hashes))
