"""Reads the declarations and says, in one message, all that is missing or wrong in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

# The standard tomllib takes three times as long, and every process reads all entries.
import tomli

from helpers.config import HELPERS, LANGUAGES
from helpers.declarations import entries
from helpers.declarations.entries import (
    Caveat,
    CaveatWords,
    Count,
    Declarations,
    Dimension,
    DimensionWords,
    Indicator,
    Source,
    SourceWords,
    Theme,
    Words,
)
from helpers.errors import InputError, Problem
from helpers.system.files import read as read_file

FOLDER = HELPERS / "declarations"

#: Lists of entries in a file, and what they are.
ENTRIES: dict[str, type] = {
    "source": Source,
    "count": Count,
    "indicator": Indicator,
    "dimension": Dimension,
    "caveat": Caveat,
}

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_IDS = {Source: re.compile(r"[a-z]+"), Count: _NAME, Indicator: _NAME, Dimension: _NAME, Caveat: _NAME}

#: Values a key may have.
_ALLOWED: dict[type, Mapping[str, tuple]] = {
    Source: {},
    Count: {"unit": entries.COUNT_UNITS},
    Dimension: {},
    Caveat: {},
    Indicator: {
        "kind": entries.KINDS,
        "unit": entries.UNITS,
        "prominence": entries.PROMINENCES,
        "levels": entries.LEVELS,
    },
}

#: Words an indicator has to have; it may have the others.
WORDS_NEEDED = ("short", "long", "sentence", "statement", "definition", "formula", "unit", "reading", "caveat")
_CRITERION = ("name", "short", "text")


def read(folder: Path = FOLDER, own: Path | None = None) -> Declarations:
    """Everything the TOML files of a folder declare, and those beside own tables.

    Raises
    ------
    InputError
        With all that is missing or wrong in any file.
    """
    reader = _Reader()
    for path in sorted(folder.glob("*.toml")):
        reader.read(path, f"src/helpers/declarations/{path.name}")
    for path in sorted(own.glob("*.toml")) if own is not None else ():
        reader.read(path, f"data/raw/{path.parent.name}/{path.name}")
    reader.check_references()
    if reader.problems:
        raise InputError(reader.problems)
    themes = tuple(sorted(reader.themes, key=lambda theme: theme.order))
    made: dict[type, list] = {kind: [] for kind in ENTRIES.values()}
    for entry in reader.entries:
        made[type(entry)].append(entry)
    return Declarations(
        themes,
        tuple(i for theme in themes for i in made[Indicator] if i.theme == theme.id),
        {count.id: count for count in made[Count]},
        {source.id: source for source in made[Source]},
        tuple(made[Dimension]),
        tuple(made[Caveat]),
        reader.places,
    )


@dataclass
class _Reader:
    """Entries as read so far, and what is wrong in them."""

    themes: list[Theme] = field(default_factory=list)
    entries: list[Source | Count | Indicator | Dimension | Caveat] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: File and row of each id.
    places: dict[str, tuple[str, int | None]] = field(default_factory=dict)
    file: str = ""
    rows: list[str] = field(default_factory=list)

    def read(self, path: Path, called: str) -> None:
        """Read one file."""
        self.file = called
        try:
            text = read_file(path).decode()
            content = tomli.loads(text)
        except (ValueError, RecursionError) as error:  # of tomli, or of what is not UTF-8
            self.problems.append(Problem(self.file, f"the file is not TOML ({error})", "correct the syntax there"))
            return
        self.rows = text.splitlines()
        if "theme" in content:
            self._theme(path.stem, content["theme"])
        elif content.get("indicator"):
            self._wrong("", "theme", "the file names no theme", "give it [theme] with order and a name per language")
        for key in content.keys() - {"theme", *ENTRIES}:
            self._wrong("", key, "the key is not known", f"use theme, {', '.join(ENTRIES)}")
        for key, kind in ENTRIES.items():
            given = content.get(key, [])
            if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
                self._wrong("", key, "it must be a list of entries", f"begin each with [[{key}]]")
                continue
            for each in given:
                self._entry(each, kind, path.stem)

    def _theme(self, name: str, given: dict) -> None:
        before = len(self.problems)
        if not isinstance(given, dict):
            self._wrong("", "theme", "it must be a table", "begin it with [theme]")
            return
        self._check_keys("", "theme.", given, {"order": int, **dict.fromkeys(LANGUAGES, str)}, ("order", *LANGUAGES))
        if len(self.problems) == before:
            self.themes.append(Theme(name, given["order"], {lang: given[lang] for lang in LANGUAGES}))

    def _entry(self, given: dict, kind: type, theme: str) -> None:
        name, before = given.get("id"), len(self.problems)
        if not isinstance(name, str) or not _IDS[kind].fullmatch(name):
            allowed = "lower-case letters" if kind is Source else "lower-case letters, digits and underscores"
            self._wrong("", "id", f"an id holds {allowed}", "write another one", name)
            return
        self._place(name)
        more = {"theme": theme} if kind is Indicator else {}
        known = {key: hint for key, hint in get_type_hints(kind).items() if key not in ("words", *more)}
        needed = [part.name for part in fields(kind) if part.default is MISSING and part.name in known]
        if kind is Indicator:
            needed += ["of", "since"] if given.get("kind") == "change" else ["numerator", "denominator"]
        self._check_keys(name, "", given, known | dict.fromkeys(LANGUAGES, dict), (*needed, *LANGUAGES))
        self._check_values(name, given, _ALLOWED[kind])
        words = {lang: self._words(name, lang, given.get(lang) or {}, kind, given) for lang in LANGUAGES}
        if len(self.problems) == before:
            values = {key: tuple(v) if isinstance(v, list) else v for key, v in given.items() if key in known}
            self.entries.append(kind(**values, **more, words=words))

    def _place(self, name: str) -> None:
        if name in self.places:
            file, row = self.places[name]
            self._wrong(name, "id", f"the id stands in {file}, row {row}, too", "give one of the two another id")
            return
        row = next((n for n, text in enumerate(self.rows, 1) if re.match(rf'\s*id\s*=\s*"{name}"', text)), None)
        self.places[name] = self.file, row

    def _words(self, name: str, lang: str, given: dict, kind: type, entry: dict) -> Any:
        if not isinstance(given, dict):
            return None  # which has been told
        before = len(self.problems)
        of = {Source: SourceWords, Dimension: DimensionWords, Caveat: CaveatWords}.get(kind, Words)
        whole = [part.name for part in fields(of)]
        needed = {Source: whole, Dimension: whole, Caveat: whole, Count: ["definition"]}.get(kind, WORDS_NEEDED)
        needed = [*needed, "criterion"] if entry.get("criterion") else [*needed]
        self._check_keys(name, f"{lang}.", given, get_type_hints(of), needed)
        for key in ("statement", "brief", "up", "down"):
            if given.get(key) and "{value}" not in str(given[key]):
                self._wrong(
                    name, f"{lang}.{key}", "the clause does not say where the value stands", "write {value} there"
                )
        if isinstance(given.get("criterion"), dict):
            self._check_keys(name, f"{lang}.criterion.", given["criterion"], dict.fromkeys(_CRITERION, str), _CRITERION)
        if len(self.problems) > before:
            return None
        values: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in given.items()}
        return of(**values)

    def _check_keys(self, name: str, within: str, given: dict, known: Mapping[str, object], needed: Iterable) -> None:
        """Each key must be known and of its type, and what is needed there."""
        for key in needed:
            if given.get(key) in (None, "", [], {}):
                self._wrong(name, within + key, "it is missing", "write it")
        for key, value in given.items():
            if key not in known:
                self._wrong(name, within + key, "the key is not known", f"use one of {', '.join(known)}")
                continue
            kind, called = _kind_of(known[key])
            items = value if isinstance(value, list) else []
            if (
                not isinstance(value, kind)
                or isinstance(value, bool) is not (kind is bool)
                or not all(isinstance(item, str) for item in items)
            ):
                self._wrong(name, within + key, f"the value is not {called}", f"write {called}", value)

    def _check_values(self, name: str, given: dict, allowed: Mapping[str, tuple]) -> None:
        for key, values in allowed.items():
            found = given.get(key, [])
            for value in found if isinstance(found, list) else [found]:
                if value not in values:
                    remedy = f"use one of {', '.join(map(str, values))}"
                    self._wrong(name, key, "the value is not known", remedy, value)

    def check_references(self) -> None:
        """Counts and datasets that indicators rest on must be declared, a count may also be an age; criteria differ."""
        counts, sources, indicators = (
            [e.id for e in self.entries if isinstance(e, kind)] for kind in (Count, Source, Indicator)
        )
        for entry in self.entries:
            if isinstance(entry, Dimension | Caveat):
                self._named(entry, indicators)
            if not isinstance(entry, Indicator):
                continue
            self.file = self.places[entry.id][0]
            for side in ("numerator", "denominator"):
                for count in getattr(entry, side):
                    if count.removeprefix("-") not in counts and not entries.AGES.fullmatch(count.removeprefix("-")):
                        remedy = (
                            f"declare it as [[count]], or use an age such as age_0_14, or one of {', '.join(counts)}"
                        )
                        self._wrong(entry.id, side, "the count is not declared", remedy, count)
            if entry.of and entry.of not in (*counts, *(e.id for e in self.entries if isinstance(e, Indicator))):
                remedy = "name an indicator or a count that is declared"
                self._wrong(entry.id, "of", "what changes is not declared", remedy, entry.of)
            if entry.source not in sources:
                remedy = f"declare it as [[source]], or use one of {', '.join(sources)}"
                self._wrong(entry.id, "source", "the dataset is not declared", remedy, entry.source)
            self._criterion(entry)

    def _named(self, entry: Dimension | Caveat, declared: list[str]) -> None:
        """Its indicators must be declared; those of which less means more need must be among them."""
        self.file = self.places[entry.id][0]
        # What is wrong in an entry has been told already.
        broken = self.places.keys() - {other.id for other in self.entries}
        for key, values, among in (
            ("indicators", entry.indicators, [*declared, *broken]),
            ("reversed", getattr(entry, "reversed", ()), entry.indicators),
        ):
            for value in values:
                if value not in among:
                    rule = f"the indicator is not {'declared' if key == 'indicators' else 'one of the dimension'}"
                    self._wrong(entry.id, key, rule, f"use one of {', '.join(among)}", value)

    def _criterion(self, entry: Indicator) -> None:
        if not entry.criterion:
            return
        taken = [e.criterion for e in self.entries if isinstance(e, Indicator) and e.id != entry.id]
        if entry.criterion in (*taken, *entries.OTHER_CRITERIA):
            rule = "the criterion stands for something else already"
            self._wrong(entry.id, "criterion", rule, "write another key", entry.criterion)
        elif not _IDS[Indicator].fullmatch(entry.criterion):
            rule = "a criterion's key holds lower-case letters, digits and underscores"
            self._wrong(entry.id, "criterion", rule, "write another key", entry.criterion)

    def _wrong(self, name: str, key: str, rule: str, remedy: str, value: object = None) -> None:
        row = self.places.get(name, ("", None))[1]
        what = f"{name}: {rule}" if name else rule
        self.problems.append(Problem(self.file, what, remedy, row=row, column=key, value=value))


def _kind_of(hint: Any) -> tuple[type, str]:
    """Type in TOML of a field, and how it is called."""
    called = {str: "a text in quotes", int: "a whole number", bool: "true or false", tuple[str, ...]: "a list of texts"}
    kind = list if hint == tuple[str, ...] else hint if hint in called else dict
    return kind, called.get(hint, "a table")
