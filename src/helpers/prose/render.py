"""Templates and facts → text, in Markdown or plain."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache, partial
from html import unescape
from pathlib import Path
from types import ModuleType

import jinja2
from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    UndefinedError,
)
from jinja2.bccache import Bucket
from markupsafe import Markup

from helpers import config
from helpers.prose import english, indicators, italian, numbers, rules
from helpers.prose.escape import md
from helpers.prose.labels import FOLDER, ProseError, check_language, label, labels, row_text
from helpers.prose.provenance import cite
from helpers.system import files
from helpers.system.fingerprints import fingerprint, fingerprint_of_value

__all__ = ["fill", "label", "labels", "render", "render_text", "templates", "upper_first"]

#: Agreement, names of places: what a language needs beside its words.
_GRAMMAR: dict[str, ModuleType] = dict(zip(config.LANGUAGES, (italian, english), strict=True))
_SUFFIX = ".md.j2"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

#: Lines that mean something by standing on their own: headings, list items, table rows.
_OWN_LINE = re.compile(r"(#|[-*] |\d+\. |\|)")


def _public(module: ModuleType) -> dict:
    return {
        name: function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


def _link(text: str, path: str, slug: str) -> Markup:
    """A link to a generated page; only a plain slug is taken, since it becomes part of an address."""
    if not _SLUG.fullmatch(slug):
        raise ProseError(f"{slug!r} cannot be part of an address: use lower-case letters, digits, hyphens.")
    return Markup("[{}]({}{}.html)").format(md(text), path, slug)


def upper_first(text: str) -> str:
    """The text with a capital first letter, and the rest as it is: ``con misure di WE.CA.RE.`` keeps its capitals."""
    return text[:1].upper() + text[1:]


class _Compiled(BytecodeCache):
    """Compiled templates in a folder, each behind its fingerprint: Python runs what it is given, damaged or not."""

    def __init__(self, folder: Path, mine: str):
        self.folder, self.mine = folder, mine

    def _path(self, bucket: Bucket) -> Path:
        return self.folder / f"{self.mine}-{bucket.key}.cache"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was kept, if it is as it was written."""
        with suppress(OSError):
            told, _, code = self._path(bucket).read_bytes().partition(b"\n")
            if told == fingerprint(code).encode():
                bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it for the next process."""
        code = bucket.bytecode_to_string()
        # Of two processes that write the same one, one may find it done.
        with suppress(OSError):
            files.write(self._path(bucket), fingerprint(code).encode() + b"\n" + code)


@lru_cache(maxsize=1)
def _bytecode_cache() -> BytecodeCache:
    """Templates as compiled by an earlier process: compiling takes as long as the rest of a page.

    What is compiled has been through ``finalize``, so it belongs to the code of this package.
    """
    code = [files.fingerprint_of(file) for file in sorted(FOLDER.glob("*.py"))]
    mine = fingerprint_of_value([jinja2.__version__, code])[:12]
    config.TEMPLATES.mkdir(parents=True, exist_ok=True)
    for file in config.TEMPLATES.glob("*.cache"):
        if not file.name.startswith(mine):
            file.unlink(missing_ok=True)
    return _Compiled(config.TEMPLATES, mine)


class _Templates(FileSystemLoader):
    """Templates by their content, which :mod:`helpers.system.files` holds; Jinja itself goes by the times of files."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        path = Path(self.searchpath[0], template)
        content = files.fingerprint_of(path)
        if not content:
            raise TemplateNotFound(template)
        return files.read(path).decode(), str(path), lambda: files.fingerprint_of(path) == content


@lru_cache(maxsize=len(config.LANGUAGES))
def _environment(lang: str) -> Environment:
    """Jinja for one language: the functions of prose with the language filled in, values escaped by ``md``.

    ``finalize`` escapes before Jinja's own HTML escaping sees the value; ``autoescape`` makes macros return
    text that counts as escaped.
    """
    env = Environment(
        loader=_Templates(FOLDER / lang),
        bytecode_cache=_bytecode_cache(),
        autoescape=True,
        finalize=md,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    bound = {
        name: partial(function, lang=lang) if "lang" in inspect.signature(function).parameters else function
        for name, function in {**_public(numbers), **_public(indicators), **_public(rules)}.items()
    }
    env.globals.update(bound | _public(_GRAMMAR[lang]))
    env.globals.update(label=partial(label, lang), row_text=partial(row_text, lang), link=_link, cite=cite)
    env.globals.update(lang=lang, edition_root="", sources_here=False)
    env.globals.update(SMALL_COMUNE=config.SMALL_COMUNE)
    env.filters["upper_first"] = upper_first
    env.filters["inline"] = lambda key: label(lang, f"indicator.{key}.sentence")
    return env


def templates(lang: str) -> list[str]:
    """Names of the templates of a language, without suffix."""
    names = _environment(check_language(lang)).list_templates(filter_func=lambda n: n.endswith(_SUFFIX))
    return [n.removesuffix(_SUFFIX) for n in names if not n.startswith("_")]


def fill(lang: str, key: str, **values: object) -> str:
    """A label whose places are filled, as plain text; articles agree with what comes after them."""
    return _agreeing(lang, label(lang, key).format(**values))


def _agreeing(lang: str, text: str) -> str:
    return _GRAMMAR[lang].agree(text)


def render(template: str, lang: str, **facts: object) -> str:
    """Write a text.

    Parameters
    ----------
    template
        Name without suffix, as ``district_brief``.
    lang
        ``it`` or ``en``.
    **facts
        What the first comment of the template lists. Plain values: text, numbers, lists, dicts, None.

    Returns
    -------
    str
        Markdown. Text from the facts is escaped and cannot become markup.

    Raises
    ------
    ProseError
        When the language or template does not exist or a fact is missing.
    """
    try:
        page = _environment(check_language(lang)).get_template(template + _SUFFIX)
        return _agreeing(lang, _tidy(page.render(facts)))
    except TemplateNotFound as error:
        raise ProseError(f"No template {error.name!r} in {lang}/.") from error
    except UndefinedError as error:
        raise ProseError(f"Template {template!r} ({lang}): {error.message}.") from error


def render_text(template: str, lang: str, **facts: object) -> str:
    """Write a caption or a text alternative as plain text, to be escaped by whoever puts it on a page.

    Same parameters and errors as :func:`render`. Only for templates without links, lists or headings.
    """
    return unescape(render(template, lang, **facts))


def _tidy(text: str) -> str:
    """One line per paragraph, heading and list item; one blank line between blocks; no stray spaces."""
    blocks = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [re.sub(r"[ \t]+", " ", line.strip()) for line in block.splitlines() if line.strip()]
        own = any(_OWN_LINE.match(line) for line in lines)
        blocks.append(("\n" if own else " ").join(lines))
    return "\n\n".join(block for block in blocks if block)
