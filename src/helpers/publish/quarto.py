"""Publishes the staged site with Quarto, when it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from ..errors import WecareError

#: Where ``_quarto.yml`` tells Quarto to write, inside the stage.
OUTPUT = "_site"


def available() -> Path | None:
    """The ``quarto`` command on PATH, or None."""
    found = shutil.which("quarto")
    return Path(found) if found else None


def version() -> str:
    """Name and version for the footer."""
    return "Quarto " + _run(["--version"]).stdout.strip()


def render(stage: Path, out: Path) -> None:
    """Render the staged project into the folder ``out``, which must not exist.

    Raises
    ------
    WecareError
        When Quarto is missing or fails; holds the end of what it said.
    """
    # Quarto does not support every place outside the project as its output: it writes inside, then we move.
    inside = stage / OUTPUT
    shutil.rmtree(inside, ignore_errors=True)
    done = _run(["render", str(stage)])
    if done.returncode or not inside.is_dir():
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-20:])
        raise WecareError(f"Quarto could not render {stage.name}/ (exit code {done.returncode}):\n{said}")
    shutil.move(inside, out)


def _run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    command = available()
    if command is None:
        raise WecareError("Quarto is not on PATH. Install it, or publish with --publisher embedded.")
    return subprocess.run([str(command), *arguments], capture_output=True, text=True, check=False)
