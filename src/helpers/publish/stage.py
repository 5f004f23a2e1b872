"""Lays the sources of the site out in ``build/site`` as they stand on the site."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from helpers import config
from helpers.data.csv_form import add_columns
from helpers.errors import WecareError
from helpers.pages.common.search_field import SITE, search_field
from helpers.prose import numbers
from helpers.publish import documentation, reference
from helpers.publish.folders import files_below
from helpers.publish.frame import owner
from helpers.publish.markup import ancestors, notebook_file, owns_notebook, staged_notebook, table_file
from helpers.publish.notebook import HEAD, Page, download, read_page
from helpers.system.cache import Cache
from helpers.system.files import fingerprint_of, read, read_text
from helpers.system.yaml_options import options

WRITTEN = {".qmd", ".md"}
#: Lines of the site's description that are for the root of the repository only.
ROOT_ONLY = re.compile(rb"^  (?:output-dir|pre-render|post-render):.*\n|^.*# in the root only\n", re.MULTILINE)
#: Quarto's filter, by the name under which the site's description has it.
FILTER = "src/quarto/documents.lua"
#: Files beside written pages that go to the site as they are.
BESIDE = {".svg", ".png", ".jpg", ".webp"}
#: Scripts made by others, with their licences; what the site uses of them gets a place of its own.
VENDOR = "assets/vendor/"
EDITION = re.compile(r"[A-Za-z0-9._-]+\Z")


@dataclass(frozen=True)
class StageResult:
    """What has been laid out.

    Attributes
    ----------
    pages
        Address of every page (without extension) and its language.
    edition, edition_date
        The newest edition among the generated pages.
    titles
        Of the generated pages, by address.
    changed, removed
        Files written because their content differs, and files deleted, relative to the stage.
    """

    target: Path
    pages: dict[str, str]
    edition: str
    edition_date: str
    titles: dict[str, str]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


def stage(
    reports: Path,
    target: Path,
    *,
    publisher: str,
    quarto_yml: Path = config.QUARTO_YML,
    extra: Mapping[str, bytes] | None = None,
    stale: frozenset[str] = frozenset(),
) -> StageResult:
    """Lay out everything a publisher needs; only files whose content changed are written.

    Parameters
    ----------
    reports
        Executed notebooks, written pages and ``assets/``.
    target
        Folder of the site's sources; what no longer belongs there is deleted.
    publisher
        Name and version for the footer.
    quarto_yml
        The site's description.
    extra
        More files of the site by address, as ``helpers.publish.feeds.feeds`` gives them.

    Raises
    ------
    WecareError
        When a notebook cannot be published; nothing has been written then.
    """
    cache = _cache(target)
    found = [path for path in _visible(reports) if path.suffix == ".ipynb"]
    if not found:
        raise WecareError(f"No executed notebook under {reports.name}/. To do: `wecare build` runs the notebooks.")
    pages = [_page(path, path.relative_to(reports).as_posix(), cache) for path in found]
    newest = max(pages, key=lambda page: (page.edition_date, page.edition))
    if not EDITION.match(newest.edition):
        raise WecareError(f"{newest.source.name}: {newest.edition!r} is not an edition. To do: write it as 2026.1.")
    files = _written_files(reports, quarto_yml, publisher, newest.edition, newest.edition_date) | _write_documentation(
        cache
    )
    written = {_without_suffix(name): _language(name, files) for name in files if _is_page(name)}
    files |= extra or {}
    files |= _generate_pages(pages, set(written), stale, cache)
    cache.save()
    changed = tuple(name for name, content in sorted(files.items()) if _write(target / name, content))
    removed = _remove_others(target, set(files))
    languages = written | {page.path: page.lang for page in pages}
    titles = {page.path: page.title for page in pages}
    return StageResult(target, languages, newest.edition, newest.edition_date, titles, changed, removed)


def stage_some(
    reports: Path, addresses: Collection[str], whole: StageResult, *, publisher: str, quarto_yml: Path
) -> tuple[str, ...]:
    """Lay out anew some pages of a site that was laid out before, and what people write; gives the changed files.

    Parameters
    ----------
    reports, publisher, quarto_yml
        As for :func:`stage`.
    addresses
        Of the pages.
    whole
        What :func:`stage` gave for the whole site.
    """
    files = _written_files(reports, quarto_yml, publisher, whole.edition, whole.edition_date)
    if any(address.startswith(f"{documentation.FOLDER}/") for address in addresses):
        files |= _write_documentation(_cache(whole.target))
    for address in addresses:
        path = reports / f"{address}.ipynb"
        if path.is_file():
            page = read_page(path)
            page.translation = page.translation if page.translation in whole.titles else ""
            trail = {above: whole.titles[above] for above in ancestors(page) if above in whole.titles}
            files |= _lay_out(page, trail, False)
    return tuple(name for name, content in sorted(files.items()) if _write(whole.target / name, content))


def _cache(target: Path) -> Cache:
    return Cache(target.with_name(f"{target.name}-pages.db"), __name__)


def plotly_file() -> tuple[str, Path]:
    """Name on the site and source of the one shared copy of plotly.js, made by others.

    The name carries the content's hash, so that browsers may keep it for ever.

    Raises
    ------
    WecareError
        When there is not exactly one.
    """
    found = sorted((config.REPORTS / VENDOR).glob("plotly-*.min.js"))
    if len(found) != 1:
        raise WecareError(
            f"{len(found)} files reports/{VENDOR}plotly-*.min.js; the site needs exactly one. To do: restore what was "
            "committed there."
        )
    return f"plotly-{fingerprint_of(found[0])[:8]}.min.js", found[0]


def _page(path: Path, name: str, cache: Cache) -> Page:
    """A page as far as other pages need to know it."""

    def head() -> dict[str, Any]:
        page = read_page(path)
        return {name: getattr(page, name) for name in HEAD}

    return Page(source=path, **cache.value(f"page of {name}", [read(path)], head))


def _generate_pages(pages: list[Page], taken: set[str], stale: frozenset[str], cache: Cache) -> dict[str, bytes]:
    """Files of the pages."""
    files: dict[str, bytes] = {}
    owner = dict.fromkeys(taken, "a written page")
    titles = {page.path: page.title for page in pages}
    for page in pages:
        if page.path in owner:
            raise WecareError(
                f"{page.source.name}: the address {page.path!r} already belongs to {owner[page.path]}. "
                "To do: change the path of one of the two."
            )
        owner[page.path] = page.source.name
        # Where the other edition has not been made there is nothing to lead to.
        page.translation = page.translation if page.translation in titles else ""
        trail = {path: titles[path] for path in ancestors(page) if path in titles}
        around = [trail, page.translation, page.path in stale]
        files |= cache.value(
            f"files of {page.path}",
            [read(page.source), around],
            partial(_files_of, page, trail, page.path in stale),
        )
    return files


def _files_of(described: Page, trail: dict[str, str], stale: bool) -> dict[str, bytes]:
    """Everything one page lays out, by address."""
    page = read_page(described.source)
    page.translation = described.translation
    return _lay_out(page, trail, stale)


def _lay_out(page: Page, trail: dict[str, str], stale: bool) -> dict[str, bytes]:
    edition = {"data_edition": page.edition, "data_date": page.edition_date}
    origin = {**page.key_columns, "page": page.title, **edition}
    own = {
        f"{page.path}.ipynb": staged_notebook(page, trail, stale),
        **{table_file(page, name): add_columns(text, origin).encode() for name, text in page.tables.items()},
    }
    if owns_notebook(page):
        own[notebook_file(page)] = download(page)
    return own


def _written_files(reports: Path, quarto_yml: Path, publisher: str, edition: str, date: str) -> dict[str, bytes]:
    """What no report makes: pages that people write, assets, the description of the site."""
    plotly_name, plotly_source = plotly_file()
    tokens = {
        "@publisher@": publisher,
        "@edition@": edition,
        "@edition_date@": numbers.date(date),
        "@plotly@": plotly_name,
    }
    for lang in config.LANGUAGES:
        tokens[f"@edition_date_{lang}@"] = numbers.date(date, lang=lang)
        tokens[f"@find_{lang}@"] = search_field(
            lang, config.edition_path(lang, ""), SITE, f"find-{lang}", "search.lost"
        )
        tokens[f"@contact_{lang}@"] = owner(quarto_yml).contact(lang)
        tokens[f"@whose_{lang}@"] = owner(quarto_yml).whose(lang)
    return _write_pages(reports, tokens) | {
        FILTER: read(config.ROOT / FILTER),
        "_quarto.yml": ROOT_ONLY.sub(b"", _fill(quarto_yml, tokens)),
        f"assets/{plotly_name}": read(plotly_source),
    }


def _write_pages(reports: Path, tokens: dict[str, str]) -> dict[str, bytes]:
    files = {}
    for path in _visible(reports):
        name = path.relative_to(reports).as_posix()
        if path.name == "_metadata.yml" or (path.suffix in WRITTEN and path.stem.lower() != "readme"):
            files[name] = _fill(path, tokens)
        elif name.startswith(VENDOR):
            continue
        elif name.startswith("assets/") or path.suffix in BESIDE:
            files[name] = read(path)
    return files


def _write_documentation(cache: Cache) -> dict[str, bytes]:
    """The pages of the documentation; those on the library's functions are made of their docstrings."""
    sources = [read(path) for path in reference.modules()]
    return documentation.pages(cache.value("reference", sources, reference.write))


def _visible(folder: Path) -> list[Path]:
    """Files below a folder, in order, without hidden ones (``.ipynb_checkpoints`` holds old notebooks)."""
    return [folder / name for name in files_below(folder) if "/." not in f"/{name}"]


def _fill(path: Path, tokens: dict[str, str]) -> bytes:
    text = read_text(path)
    for token, value in tokens.items():
        text = text.replace(token, value)
    return text.encode()


def _is_page(name: str) -> bool:
    # A leading underscore marks a piece that other pages include.
    return Path(name).suffix in WRITTEN and not any(part.startswith("_") for part in name.split("/"))


def _language(name: str, files: dict[str, bytes]) -> str:
    """Language of a written page: its own, else its folder's, else the site's."""
    front = re.match(rb"---\n(.*?\n)---", files[name], re.DOTALL)
    folders = [folder.as_posix() + "/" for folder in Path(name).parents][:-1]
    sources = [front[1] if front else b"", *(files.get(f"{folder}_metadata.yml", b"") for folder in folders)]
    try:
        told = [options(source) for source in [*sources, files["_quarto.yml"]]]
    except yaml.YAMLError as error:
        said = " ".join(str(error).split())
        raise WecareError(f"The options of {name} cannot be read as YAML ({said}). To do: correct them.") from None
    return next((str(options["lang"]) for options in told if "lang" in options), "")


def _without_suffix(name: str) -> str:
    return Path(name).with_suffix("").as_posix()


def _write(path: Path, content: bytes) -> bool:
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True


def _remove_others(target: Path, names: set[str]) -> tuple[str, ...]:
    """Delete staged files that no longer belong; hidden folders are the publisher's own memory."""
    there = (path.relative_to(target).as_posix() for path in _visible(target))
    removed = tuple(name for name in there if name not in names)
    for name in removed:
        (target / name).unlink()
        for folder in (target / name).relative_to(target).parents[:-1]:
            if not any((target / folder).iterdir()):
                (target / folder).rmdir()
    return removed
