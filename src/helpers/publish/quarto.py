"""Publishes the staged site with Quarto, when it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from ..errors import WecareError
from ..record import Record, Step

#: Where ``_quarto.yml`` tells Quarto to write, inside the stage.
OUTPUT = "_site"

#: Rendering a page alone costs about four pages of a whole site; from this share on, the whole is quicker.
FEW = 0.25

#: Suffixes of pages, and the first letters of folders that hold none.
PAGES = (".ipynb", ".qmd", ".md")
NOT_PAGES = ("_", ".", "notebooks", "assets", "data")


def available() -> Path | None:
    """The ``quarto`` command on PATH, or None."""
    found = shutil.which("quarto")
    return Path(found) if found else None


def version() -> str:
    """Name and version for the footer."""
    return "Quarto " + _run(["--version"]).stdout.strip()


def render(stage: Path, out: Path) -> None:
    """Render the staged project into the folder ``out``, which must not exist.

    What Quarto made is kept inside the stage. Where only a few pages changed since, only these are rendered again;
    a change in what all pages share renders everything.

    Raises
    ------
    WecareError
        When Quarto is missing or fails; holds the end of what it said.
    """
    # Quarto does not support every place outside the project as its output: it writes inside, then we copy. What
    # it made waits beside the stage, where the other publisher does not take it for a part of the site.
    inside, kept = stage / OUTPUT, _kept(stage)
    shutil.rmtree(inside, ignore_errors=True)
    record = Record(kept.with_suffix(".db"))
    steps = {page: _step(stage, page) for page in _pages(stage)}
    whole = Step("site", _shared(stage), {"pages": " ".join(map(str, steps)), "publisher": version()}, (kept,))
    changed = [page for page, step in steps.items() if record.reasons(step)]
    if record.reasons(whole) or len(changed) > len(steps) * FEW:
        shutil.rmtree(kept, ignore_errors=True)
        _render(stage)
        changed = list(steps)
    else:
        kept.rename(inside)
        for page in changed:
            _render(stage / page)
        _copy_files(stage, inside)
    if not inside.is_dir():
        raise WecareError(
            f"Quarto rendered {stage.name}/ but made no {OUTPUT}/. To do: check output-dir in _quarto.yml."
        )
    inside.rename(kept)
    for step in (whole, *(steps[page] for page in changed)):
        record.done(step)
    shutil.copytree(kept, out)


def _kept(stage: Path) -> Path:
    return stage.with_name(stage.name + "-quarto")


def _pages(stage: Path) -> list[Path]:
    """Sources of the pages, relative to the stage."""
    found = (p.relative_to(stage) for p in stage.rglob("*") if p.suffix in PAGES)
    return sorted(p for p in found if not p.parts[0].startswith(NOT_PAGES))


def _step(stage: Path, page: Path) -> Step:
    return Step(f"page {page}", (stage / page,), targets=((_kept(stage) / page).with_suffix(".html"),))


def _shared(stage: Path) -> tuple[Path, ...]:
    """What every page depends on: the description of the site and pieces that pages include."""
    return tuple(sorted(p for p in stage.glob("_*") if p.is_file()))


def _copy_files(stage: Path, inside: Path) -> None:
    """Bring over what is no page (tables, data, notebooks to download): rendering one page leaves it as it was."""
    for folder, keep in (("assets", None), ("data", None), ("notebooks", None), (".", ".csv")):
        for source in (stage / folder).rglob("*" + (keep or "")):
            relative = source.relative_to(stage)
            if source.is_file() and relative.parts[0] not in (OUTPUT, ".quarto"):
                target = inside / relative
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)


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
