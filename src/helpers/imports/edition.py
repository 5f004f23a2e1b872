"""A new edition of the data: its version and day, a row of what it brings, and the one before set aside."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from helpers import config
from helpers.checks.texts import wrong_with
from helpers.data import raw, snapshots
from helpers.errors import InputError, Problem, WecareError
from helpers.imports.draft import Draft
from helpers.imports.keep_edition import keep
from helpers.system.files import read_text, write

#: Editions are counted within a year.
VERSION = re.compile(r"(\d{4})\.(\d+)")

#: Where the editions are told.
TABLE = "editions"


@dataclass(frozen=True)
class NewEdition:
    """What was done.

    Attributes
    ----------
    before
        Version of the edition before.
    kept
        Folder in which it was set aside; None if it was already.
    written
        Files that were written.
    """

    before: str
    kept: Path | None
    written: list[str]


def begin(version: str, day: dt.date, changes: dict[str, str]) -> NewEdition:
    """Begin an edition: the data at hand are what it holds.

    Parameters
    ----------
    version
        Such as ``2026.3``, later than the one at hand.
    day
        Its date, not before that of the one at hand.
    changes
        What it brings, for readers, by language; the last language's text stands in the table, the others with the
        words of their languages.

    Raises
    ------
    InputError
        If version, day or texts cannot be those of a new edition, or an edit of the data is not recorded.
    """
    before = raw.edition()
    _refuse(version, day, changes, before)
    folder = snapshots.find_superseded() / snapshots.KEPT / before.version
    draft = Draft()
    draft.descriptor |= {"version": version, "created": f"{day.isoformat()}T00:00:00Z"}
    rows = draft.cells(TABLE)
    *others, main = config.LANGUAGES
    rows.loc[len(rows)] = {"edition": version, "date": day.isoformat(), "changes": " ".join(changes[main].split())}
    draft.write(TABLE, rows)
    # The edition before is what readers saw; the data at hand have perhaps been edited since.
    kept = None if folder.is_dir() else keep(_published(before.version) or config.RAW)
    beside = {
        config.HELPERS / "prose" / lang / "rows" / f"{TABLE}.toml": partial(_with_words, version, changes[lang])
        for lang in others
    }
    if (cited := config.ROOT / "CITATION.cff").is_file():
        beside[cited] = partial(_cited, version, day)
    texts = {path: write_in(read_text(path)).encode() for path, write_in in beside.items()}
    draft.require_valid()
    # First what may be written again: the edition is there once the data package says so.
    for path, text in texts.items():
        write(path, text)
    shown = [
        f"src/helpers/prose/{path.parents[1].name}/rows/{path.name}" if path != cited else path.name for path in texts
    ]
    return NewEdition(before.version, kept, [*draft.commit(), *shown])


def _with_words(version: str, changes: str, text: str) -> str:
    """A file of words with what an edition brings, in place of what it says of it."""
    words = json.dumps(" ".join(changes.split()), ensure_ascii=False)
    others = re.sub(rf'(?m)^\["{re.escape(version)}"\]\n(?:(?!\[).*\n)*', "", text).rstrip()
    return f'{others}\n\n["{version}"]\nchanges = {words}\n'


def _cited(version: str, day: dt.date, text: str) -> str:
    text = re.sub(r"(?m)^version: .*$", f'version: "{version}"', text)
    return re.sub(r"(?m)^date-released: .*$", f"date-released: {day.isoformat()}", text)


def _published(version: str) -> Path | None:
    """The data of the published site, if these are of this version."""
    tables = config.SITE / "data" / "tables"
    try:
        return tables if raw.edition(tables).version == version else None
    except (WecareError, OSError):
        return None


def _refuse(version: str, day: dt.date, changes: dict[str, str], before: raw.Edition) -> None:
    file, problems = raw.label(raw.DESCRIPTOR), []
    found, last = VERSION.fullmatch(version), VERSION.fullmatch(before.version)
    if found is None:
        rule = "an edition is a year and its number in that year"
        problems.append(Problem(file, rule, f"write it like {day.year}.1", column="version", value=version))
    elif last and tuple(map(int, found.groups())) <= tuple(map(int, last.groups())):
        rule = f"the edition is not later than the one at hand, {before.version}"
        problems.append(Problem(file, rule, "write a later one", column="version", value=version))
    if day < before.date:
        rule = f"the day is before that of the edition at hand, {before.date.isoformat()}"
        problems.append(Problem(file, rule, "write a later day", column="created", value=day.isoformat()))
    for lang in config.LANGUAGES:
        if not changes.get(lang, "").strip():
            rule = f"what the edition brings is not told in {lang}"
            problems.append(
                Problem(raw.label(f"{TABLE}.csv"), rule, f"say it: --changes-{lang} TEXT", column="changes")
            )
        elif told := wrong_with(" ".join(changes[lang].split())):
            problems.append(Problem(raw.label(f"{TABLE}.csv"), *told, column="changes", value=changes[lang]))
    if problems:
        raise InputError(problems)
