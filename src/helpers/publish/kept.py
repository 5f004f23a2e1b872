"""What a publisher made last time, so that only changed pages are rendered again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from .. import config, forks
from ..errors import WecareError
from ..options import options_of
from ..record import Record, Step
from .folders import files_below
from .memory import code

#: Suffixes of pages.
PAGES = (".ipynb", ".qmd", ".md")
#: Folders that hold no pages, and suffixes of what stands beside pages: all of it goes to the site as it is staged.
FOLDERS, BESIDE = ("notebooks/", "assets/", "data/"), (".csv", ".pdf")


def render(
    stage: Path,
    out: Path,
    *,
    name: str,
    version: str,
    few: float,
    whole: Callable[[Path], None],
    part: Callable[[list[Path], list[Path], Path], None],
) -> None:
    """Render the staged project into the folder ``out``, which must not exist.

    Parameters
    ----------
    stage
        The staged project.
    name, version
        Of the publisher; a new version renders everything, and so does a change of the library's publishing part.
    few
        From this share of changed pages on, the whole site is rendered.
    whole
        Makes the whole site in a folder that does not exist yet.
    part
        Renders the first pages, of all that follow (relative to the stage), into a folder that holds the rest of the
        site.

    Raises
    ------
    WecareError
        When the publisher made nothing.
    """
    # Beside the stage, where no publisher takes it for a part of the site.
    kept = stage.with_name(f"{stage.name}-{name}")
    record = Record(kept.with_suffix(".db"))
    steps = {page: _step(stage, kept, page) for page in _pages(stage)}
    values = {"pages": " ".join(map(str, steps)), "publisher": version, "code": code()}
    site = Step("site", _shared(stage), values, (kept,))
    changed = [page for page, step in steps.items() if record.reasons(step)]
    with forks.beside(lambda: _copy(stage, out, _is_file)) as (copied,):
        if record.reasons(site) or len(changed) > len(steps) * few:
            shutil.rmtree(kept, ignore_errors=True)
            whole(kept)
            changed = list(steps)
        elif changed:
            part(changed, list(steps), kept)
        copied()
    if not kept.is_dir():
        raise WecareError(f"{version} rendered {stage.name}/ but made no site. To do: check output-dir in _quarto.yml.")
    record.all_done([site, *(steps[page] for page in changed)])
    _copy(kept, out, lambda name: not _is_file(name))


def output_dir(stage: Path) -> str:
    """Where the staged ``_quarto.yml`` tells Quarto to write, relative to the stage."""
    return options_of(stage / config.QUARTO_YML.name)["project"].get("output-dir", "_site")


def _pages(stage: Path) -> list[Path]:
    """Sources of the pages, relative to the stage."""
    return [Path(n) for n in files_below(stage) if n.endswith(PAGES) and not n.startswith(("_", ".", *FOLDERS))]


def _step(stage: Path, kept: Path, page: Path) -> Step:
    return Step(f"page {page}", (stage / page,), targets=((kept / page).with_suffix(".html"),))


def _shared(stage: Path) -> tuple[Path, ...]:
    """What every page depends on: the description of the site and pieces that pages include."""
    made = f"{output_dir(stage)}/"
    pieces = (name for name in files_below(stage) if name.rpartition("/")[2].startswith("_"))
    return tuple(stage / name for name in pieces if not name.startswith(made))


def _is_file(name: str) -> bool:
    """Whether a staged file goes to the site as it is; publishers bring these too, but only with the whole site."""
    return not name.startswith(("_", ".")) and (name.startswith(FOLDERS) or name.endswith(BESIDE))


def _copy(source: Path, target: Path, chosen: Callable[[str], bool]) -> None:
    for name in filter(chosen, files_below(source)):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target / name)
