"""Publishes the staged site with Quarto, when it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from helpers.errors import WecareError
from helpers.publish.render import incremental

#: Rendering a page alone costs about four pages of a whole site; from this share on, the whole is quicker.
FEW = 0.25


def available() -> Path | None:
    """The ``quarto`` command on PATH, or None."""
    found = shutil.which("quarto")
    return Path(found) if found else None


def version() -> str:
    """Name and version for the footer."""
    return "Quarto " + _run(["--version"]).stdout.strip()


def render(stage: Path, out: Path) -> None:
    """Render the staged project into the folder ``out``, which must not exist.

    Where only a few pages changed since the last time, only these are rendered again; a change in what all pages
    share renders everything.

    Raises
    ------
    WecareError
        When Quarto is missing or fails; holds the end of what it said.
    """
    # Quarto does not support every place outside the project as its output: it writes inside.
    inside = stage / incremental.output_dir(stage)

    def whole(target: Path) -> None:
        shutil.rmtree(inside, ignore_errors=True)
        _render(stage)
        if inside.is_dir():
            inside.rename(target)

    def part(pages: list[Path], every: list[Path], target: Path) -> None:
        shutil.rmtree(inside, ignore_errors=True)
        target.rename(inside)
        for page in pages:
            _render(stage / page)
        inside.rename(target)

    incremental.render(stage, out, name="quarto", version=version(), few=FEW, whole=whole, part=part)


def _render(what: Path) -> None:
    done = _run(["render", str(what)])
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-20:])
        raise WecareError(f"Quarto could not render {what.name} (exit code {done.returncode}):\n{said}")


def _run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    command = available()
    if command is None:
        raise WecareError("Quarto is not on PATH. Install it, or publish with --publisher embedded.")
    return subprocess.run([str(command), *arguments], capture_output=True, text=True, check=False)
