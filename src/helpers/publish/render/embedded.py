"""Publishes the staged site without Quarto, from the same ``_quarto.yml``."""

from __future__ import annotations

import html
import re
import shutil
import string
import tempfile
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path, PurePosixPath

import smalldocs
from smalldocs.config import BuildError, ConfigError, Project, load
from smalldocs.site import Page, Site

from helpers import config
from helpers.errors import WecareError
from helpers.prose.labels import labels
from helpers.publish.render import incremental

#: From this share of changed pages on, the whole site is rendered.
FEW = 0.5

#: Warnings about options that only Quarto needs, or that are read although they are reported.
EXPECTED = {
    "unknown key lang",  # read from the top level all the same
    "unknown key from",  # likewise
    "unknown key osservatorio",  # helpers.publish.frame reads it
    "filter src/quarto/documents.lua is not run: smalldocs runs no Lua",  # which is for formats that are not HTML
    "execute.enabled is ignored: smalldocs runs no code",
    "format.html.html-table-processing is ignored",  # it never touches raw tables
}

#: Words the publisher has in English only, and the labels that say them in every language.
WORDS = {
    'aria-label="Toggle navigation"': 'aria-label="{menu}"',
    'title="Copy to Clipboard"': 'title="{copy}"',
}

FROM_ROOT = re.compile(r'\b(src|href)="/(?!/)')
DESCRIPTION = re.compile(r'(?<=<meta name="description" content=")[^"]*')
ESCAPED = re.compile(rf"\\([{re.escape(string.punctuation)}])")
LANG = re.compile(r'<html[^>]* lang="([^"]*)"')
#: A script of the publisher, and the site's own, which brings them once a reader does something.
LIBRARY = re.compile(r'<script\b[^>]*\bsrc="([^"]*site_libs/[^"]*)"[^>]*></script>')
BRINGER = re.compile(r'<script defer src="[^"]*/figures\.js"')


def version() -> str:
    """Name and version for the footer."""
    return f"smalldocs {smalldocs.__version__}"


def render(stage: Path, out: Path, last: Path) -> None:
    """Render the staged project into the folder ``out``, which must not exist; unchanged pages stay as they were.

    ``last`` is the site whose place it takes, which may be missing.

    Raises
    ------
    WecareError
        When the publisher stops or warns of something a reader would see.
    """

    def whole(target: Path) -> None:
        _build(stage, lambda: Site(load(stage), quiet=True), target)
        # It copies no resource that could have been a page.
        if (stage / "notebooks").is_dir():
            shutil.copytree(stage / "notebooks", target / "notebooks", dirs_exist_ok=True)

    incremental.render(
        stage, out, last, name="embedded", version=version(), few=FEW, whole=whole, part=partial(_render_part, stage)
    )


def render_some(stage: Path, addresses: Collection[str]) -> dict[str, bytes]:
    """See :func:`helpers.publish.render.incremental.render_some`."""
    return incremental.render_some(stage, addresses, name="embedded", part=partial(_render_part, stage))


def _render_part(stage: Path, pages: list[Path], every: list[Path], target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        made = Path(folder) / "site"
        _build(stage, lambda: _SomePages(load(stage), pages, every), made)
        for path in made.rglob("*.html"):
            (target / path.relative_to(made)).write_bytes(path.read_bytes())


class _SomePages(Site):
    """A site of which only some pages are rendered; links know all of them.

    Parameters
    ----------
    pages
        Sources to render, relative to the project.
    every
        Sources of all pages.
    """

    pages: dict[PurePosixPath, Page]

    def __init__(self, project: Project, pages: list[Path], every: list[Path]):
        super().__init__(project, quiet=True)
        self.chosen = sorted(PurePosixPath(page) for page in pages)
        sources = (PurePosixPath(page) for page in set(every) - set(pages))
        self.others = {source: Page(source, source.with_suffix(".html"), {}, {}, "") for source in sources}

    def discover(self) -> list[PurePosixPath]:
        return self.chosen

    def find_page(self, target: PurePosixPath) -> Page | None:
        if found := super().find_page(target):
            return found
        rendered, self.pages = self.pages, self.others
        try:
            return super().find_page(target)
        finally:
            self.pages = rendered

    def copy_resources(self) -> None:
        """They are there already."""

    def write_search(self) -> None:
        """The index is made for the whole site afterwards, by :mod:`helpers.publish.machines.search`."""


def _build(stage: Path, described: Callable[[], Site], out: Path) -> None:
    try:
        site = described()
        site.out = out
        site.build()
    except OSError:
        raise
    except Exception as error:  # a description or a page of a form it does not expect raises anything there
        told = str(error) if isinstance(error, BuildError | ConfigError) else f"{type(error).__name__}: {error}"
        raise WecareError(
            f"The embedded publisher could not render {stage.name}/: {told}. To do: correct it in _quarto.yml or in "
            "the page that is named."
        ) from error
    warnings = [w for w in site.warnings if w not in EXPECTED]
    if warnings:
        told = "\n".join(warnings)
        raise WecareError(
            f"The embedded publisher cannot render this as written:\n{told}\n"
            "To do: correct what is named; if links lead to pages that are not made yet, run `wecare build`."
        )
    for page in site.pages.values():
        _finish(out / page.out, "../" * (len(page.out.parts) - 1))


def _finish(path: Path, up: str) -> None:
    """Do to one page what Quarto does by itself."""
    text = path.read_text(encoding="utf-8")
    # Addresses from the root in included HTML; the site must also work in a subfolder and from disk.
    text = FROM_ROOT.sub(lambda m: f'{m[1]}="{up}', text)
    # The description is shown as Markdown but stands in the head as it was written, escapes included.
    text = DESCRIPTION.sub(lambda m: _unescape(m[0]), text, count=1)
    if BRINGER.search(text):
        text, later = LIBRARY.sub("", text), " ".join(LIBRARY.findall(text))
        text = BRINGER.sub(lambda m: f'{m[0]} data-later="{later}"', text, count=1)
    found = LANG.search(text)
    text = _replace(text, WORDS, _said(config.language_or_first(found[1] if found else "")))
    path.write_text(text, encoding="utf-8")


def _said(lang: str) -> dict[str, str]:
    """What stands around pages, in a language."""
    return {key.removeprefix("site."): text for key, text in labels(lang).items() if key.startswith("site.")}


def _unescape(attribute: str) -> str:
    return html.escape(ESCAPED.sub(r"\1", html.unescape(attribute)).replace("\u2060", ""))


def _replace(text: str, words: dict[str, str], said: dict[str, str]) -> str:
    for old, new in words.items():
        text = text.replace(old, new.format_map(said))
    return text
