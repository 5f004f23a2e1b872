"""What a publisher made last time, so that only changed pages are rendered again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from pathlib import Path

from helpers import config
from helpers.errors import WecareError
from helpers.publish.folders import files_below, put
from helpers.system import dependencies, processes
from helpers.system.fingerprints import fingerprint
from helpers.system.record import Record, Step
from helpers.system.yaml_options import options

#: Suffixes of pages.
PAGES = (".ipynb", ".qmd", ".md")
#: Folders that hold no pages, and suffixes of what stands beside pages: all of it goes to the site as it is staged.
FOLDERS, BESIDE = ("notebooks/", "assets/", "data/"), (".csv", ".pdf")


def render(
    stage: Path,
    out: Path,
    last: Path,
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
    last
        The site whose place it takes, which may be missing; see :func:`helpers.publish.folders.put`.
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
        When the publisher made nothing of a page.
    """
    kept, record = _memory(stage, name)
    sources = _sources(stage)
    steps = {page: _step(stage, kept, page) for page in sources}
    site = _site_step(stage, steps, version, f"{__package__}.{name}")
    changed = [page for page, step in steps.items() if record.reasons(step)]
    again = bool(record.reasons(site)) or len(changed) > len(steps) * few
    with processes.beside(lambda: _put_files(stage, out, last)) as (copied,):
        if again:
            record.forget([site.name])
            shutil.rmtree(kept, ignore_errors=True)
            whole(kept)
            changed = sources
        elif changed:
            part(changed, sources, kept)
        copied()
    for name in filter(is_file, files_below(kept)):
        (kept / name).unlink()
    missing = [page for page in changed if not _is_written(steps[page].targets[0])]
    if missing:
        raise WecareError(f"{version} made nothing of {', '.join(map(str, missing))}. To do: publish again.")
    made = [steps[page] for page in changed]
    if again:
        beside = tuple(kept / name for name in files_below(kept) if not name.endswith(".html"))
        made.append(replace(site, targets=beside))
    record.all_done(made)
    _copy(kept, out)


def render_some(
    stage: Path, addresses: Collection[str], *, name: str, part: Callable[[list[Path], list[Path], Path], None]
) -> dict[str, bytes]:
    """Render some pages again where the whole site was rendered before; the others stay as they were.

    Parameters
    ----------
    stage, name, part
        As for :func:`render`, which still makes whatever else has changed.
    addresses
        Of the pages.

    Returns
    -------
    dict
        The pages as rendered, by address; none if the site was never rendered.
    """
    kept, record = _memory(stage, name)
    sources = _sources(stage)
    steps = {page: _step(stage, kept, page) for page in sources if page.with_suffix("").as_posix() in addresses}
    if not steps or not kept.is_dir():
        return {}
    part(list(steps), sources, kept)
    made = {page: step for page, step in steps.items() if _is_written(step.targets[0])}
    record.all_done(made.values())
    return {page.with_suffix("").as_posix(): step.targets[0].read_bytes() for page, step in made.items()}


def _memory(stage: Path, name: str) -> tuple[Path, Record]:
    """Where a publisher's pages are kept, and what they were made from: where no publisher takes it for the site."""
    kept = stage.with_name(f"{stage.name}-{name}")
    return kept, Record(kept.with_suffix(".db"))


def _sources(stage: Path) -> list[Path]:
    return [Path(n) for n in files_below(stage) if n.endswith(PAGES) and not n.startswith(("_", ".", *FOLDERS))]


def output_dir(stage: Path) -> str:
    """Where the staged ``_quarto.yml`` tells Quarto to write, relative to the stage."""
    described = options((stage / config.QUARTO_YML.name).read_bytes())
    return described.get("project", {}).get("output-dir", "_site")


def _step(stage: Path, kept: Path, page: Path) -> Step:
    source = fingerprint((stage / page).read_bytes())
    return Step(f"page {page}", {page.as_posix(): source}, ((kept / page).with_suffix(".html"),))


def _site_step(stage: Path, pages: Iterable[Path], version: str, module: str) -> Step:
    """What every page depends on besides itself, and what stands beside the pages."""
    shared = {name: fingerprint((stage / name).read_bytes()) for name in _share_libraries(stage)}
    listed = {"pages": " ".join(map(str, pages)), "publisher": version}
    return Step("site", shared | listed | dependencies.fingerprints(module))


def _is_written(page: Path) -> bool:
    return page.is_file() and page.stat().st_size > 0


def _share_libraries(stage: Path) -> list[str]:
    """The description of the site and pieces that pages include."""
    made = f"{output_dir(stage)}/"
    pieces = (name for name in files_below(stage) if name.rpartition("/")[2].startswith("_"))
    return [name for name in pieces if not name.startswith(made)]


def is_file(name: str) -> bool:
    """Whether a staged file goes to the site as it is; publishers bring these too, but only with the whole site."""
    return not name.startswith(("_", ".")) and (name.startswith(FOLDERS) or name.endswith(BESIDE))


def _put_files(stage: Path, out: Path, last: Path) -> None:
    for name in filter(is_file, files_below(stage)):
        put((stage / name).read_bytes(), out / name, last / name)


def _copy(source: Path, target: Path) -> None:
    for name in files_below(source):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target / name)
