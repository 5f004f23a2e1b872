"""What this machine lacks to build, publish and test, with what to do about it."""

from __future__ import annotations

import os
import platform
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import tomli
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from helpers import config
from helpers.system import processes

#: Bytes that a build from nothing writes, with some to spare.
SPACE = 1_000_000_000

#: One package of the lock file.
LOCKED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*==[^\\\n]+)", re.MULTILINE)

INSTALL = "`make site` installs requirements.lock into .venv; elsewhere `python -m pip install -r requirements.lock`"

#: Commands that only some work asks for: what for, and how to get them.
COMMANDS = (
    (("git",), "comparing editions and releases", "install git"),
    (("quarto",), "publishing by Quarto; without it the embedded publisher is used", "see https://quarto.org"),
    (("chromium", "chromium-browser", "google-chrome"), "tests in a browser", "install chromium, or set CHROMIUM"),
    (("pdftotext",), "tests of the sheets", "install poppler-utils"),
    (("node",), "tests of the built site's HTML and speed", "install nodejs and npm"),
    (("java",), "tests of the built site's HTML", "install a Java runtime"),
)


@dataclass(frozen=True)
class Finding:
    """One thing looked at.

    Attributes
    ----------
    name, found
        What it is, and what was found.
    good
        Whether it is as it should be.
    needed
        Whether building needs it; otherwise only some tests or another publisher do.
    remedy
        What to do where it is not good.
    """

    name: str
    found: str
    good: bool
    needed: bool = True
    remedy: str = ""


def examine(root: Path | None = None, lock: Path | None = None) -> list[Finding]:
    """Look at Python, packages, commands, space and rights.

    Parameters
    ----------
    root, lock
        The project and its lock file; those of :mod:`helpers.config` by default.
    """
    root = root or config.ROOT
    return [
        _python(root),
        _packages(lock or config.LOCK),
        Finding(
            "Warm engine", "forks" if processes.AVAILABLE else "this system cannot fork: reports run in kernels", True
        ),
        *_commands(),
        _tools(root),
        _space(root),
        *_rights(root),
    ]


def _python(root: Path) -> Finding:
    described, here = root / "pyproject.toml", platform.python_version()
    try:
        wanted = SpecifierSet(tomli.loads(described.read_text("utf-8"))["project"]["requires-python"])
    except FileNotFoundError:
        wanted = SpecifierSet()
    except (OSError, ValueError, KeyError, TypeError) as error:
        told = f"{here}; {described.name} does not say which is wanted ({error})"
        return Finding("Python", told, False, remedy="restore the file from git")
    return Finding("Python", here, here in wanted, remedy=f"install Python {wanted}")


def _packages(lock: Path) -> Finding:
    if not lock.is_file():
        return Finding("Packages", f"no {lock.name}", False, remedy="restore the file from git")
    wanted = [Requirement(line.strip()) for line in LOCKED.findall(lock.read_text(encoding="utf-8"))]
    wanted = [package for package in wanted if package.marker is None or package.marker.evaluate()]
    other = [
        f"{package.name} {has or 'missing'} ({package.specifier})"
        for package in wanted
        if (has := _version(package.name)) is None or has not in package.specifier
    ]
    if not other:
        return Finding("Packages", f"all {len(wanted)} as in {lock.name}", True)
    shown = ", ".join(other[:8]) + (f" and {len(other) - 8} more" if len(other) > 8 else "")
    return Finding("Packages", f"{len(other)} of {len(wanted)} not as in {lock.name}: {shown}", False, remedy=INSTALL)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _commands() -> Iterator[Finding]:
    for names, purpose, remedy in COMMANDS:
        own = os.environ.get("CHROMIUM") if "chromium" in names else None
        found = own or next((path for name in names if (path := shutil.which(name))), None)
        told = Path(found).name if found else "not found"
        yield Finding(f"{names[0]} ({purpose})", told, bool(found), needed=False, remedy=remedy)


def _tools(root: Path) -> Finding:
    there = (root / "build" / "tools" / "node_modules").is_dir()
    remedy = "copy the two files of .ci/tools to build/tools and run `npm ci --ignore-scripts` there"
    name = "tools of npm (tests of the built site's HTML and speed)"
    return Finding(name, "installed" if there else "not in build/tools", there, needed=False, remedy=remedy)


def _space(root: Path) -> Finding:
    free = shutil.disk_usage(root).free
    told = f"{free / 1e9:.1f} GB free"
    return Finding(
        "Space", told, free >= SPACE, remedy=f"free {SPACE / 1e9:.0f} GB; `make clean` removes what is generated"
    )


def _rights(root: Path) -> Iterator[Finding]:
    for name in ("data/raw", "data/processed", "reports", "build", "."):
        folder = root / name
        # What does not exist yet is made in the folder above.
        above = next(path for path in (folder, *folder.parents) if path.is_dir())
        try:
            with tempfile.TemporaryFile(dir=above):
                good = True
        except OSError:
            good = False
        shown = "the project's folder" if name == "." else name
        remedy = f"give yourself the right to write in {above}"
        yield Finding(f"Writing in {shown}", "allowed" if good else "refused", good, remedy=remedy)
