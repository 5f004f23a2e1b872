"""Publishes the staged site with Quarto, when it is installed."""

from __future__ import annotations

import posixpath
import re
import shutil
import subprocess
from collections.abc import Collection
from functools import partial
from pathlib import Path

import yaml

from helpers import config
from helpers.errors import WecareError
from helpers.publish.render import incremental

#: From this share of changed pages on, the whole site is rendered: a page costs about the same in either.
FEW = 0.5
#: A link to the source of a page.
_SOURCE = re.compile(r'(\bhref=")(?!\w+:)([^"#?]+\.(ipynb|qmd|md))([#?"])')


def available() -> Path | None:
    """The ``quarto`` command on PATH, or None."""
    found = shutil.which("quarto")
    return Path(found) if found else None


def version() -> str:
    """Name and version for the footer."""
    return "Quarto " + _run(["--version"]).stdout.strip()


def render(stage: Path, out: Path, last: Path) -> None:
    """Render the staged project into the folder ``out``, which must not exist.

    Where only a few pages changed since the last time, only these are rendered again; a change in what all pages
    share renders everything. ``last`` is the site whose place it takes, which may be missing.

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

    incremental.render(
        stage, out, last, name="quarto", version=version(), few=FEW, whole=whole, part=partial(_render_part, stage)
    )


def render_some(stage: Path, addresses: Collection[str]) -> dict[str, bytes]:
    """See :func:`helpers.publish.render.incremental.render_some`."""
    return incremental.render_some(stage, addresses, name="quarto", part=partial(_render_part, stage))


def _render_part(stage: Path, pages: list[Path], every: list[Path], target: Path) -> None:
    inside = stage / incremental.output_dir(stage)
    shutil.rmtree(inside, ignore_errors=True)
    target.rename(inside)
    description = stage / config.QUARTO_YML.name
    whole_site = description.read_bytes()
    try:
        description.write_bytes(_listing_only(whole_site, pages))
        _render(stage, "--no-clean")
        for page in pages:
            _lead_to_pages((inside / page).with_suffix(".html"), page, every)
    finally:
        description.write_bytes(whole_site)
        # Where Quarto failed, or was interrupted, the pages made before are there still.
        inside.rename(target)


def _listing_only(description: bytes, pages: list[Path]) -> bytes:
    """The site's description with these pages to be rendered, all in one process."""
    listed = yaml.safe_load(description)
    listed["project"]["render"] = [page.as_posix() for page in pages]
    return yaml.safe_dump(listed, allow_unicode=True, sort_keys=False).encode()


def _lead_to_pages(rendered: Path, page: Path, every: list[Path]) -> None:
    """Lead links to pages that were not rendered with this one to where they are: Quarto leaves them as sources."""
    if not rendered.is_file():
        return
    sources = {path.as_posix() for path in every}

    def address(match: re.Match) -> str:
        name = posixpath.normpath(posixpath.join(page.parent.as_posix(), match[2]))
        return f"{match[1]}{match[2].rpartition('.')[0]}.html{match[4]}" if name in sources else match[0]

    text = rendered.read_text(encoding="utf-8")
    rendered.write_text(_SOURCE.sub(address, text), encoding="utf-8")


def _render(what: Path, *options: str) -> None:
    done = _run(["render", str(what), *options])
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-20:])
        raise WecareError(
            f"Quarto could not render {what.name} (exit code {done.returncode}):\n{said}\n"
            "To do: correct what it names, then publish again."
        )


def _run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    command = available()
    if command is None:
        raise WecareError("Quarto is not on PATH. To do: install it, or publish with --publisher embedded.")
    return subprocess.run([str(command), *arguments], capture_output=True, text=True, check=False)
