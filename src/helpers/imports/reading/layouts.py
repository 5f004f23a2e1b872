"""Layouts of tables as people and producers write them: which columns, under which headings. One TOML file each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources

import tomli

from helpers.system.plain_text import words

#: Units and remarks that some editions write behind a heading.
_UNITS = ("in euro", "euro", "eur", "in eur", "n", "v a")


@dataclass(frozen=True)
class Column:
    """A column of a layout.

    Attributes
    ----------
    headings
        What it is called, the name in our tables not among them; compared without case, accents and punctuation.
    needed
        True if no table does without it.
    """

    headings: tuple[str, ...]
    needed: bool = False


@dataclass(frozen=True)
class Layout:
    """How a table is known and read.

    Attributes
    ----------
    id
        Name of the layout.
    title
        What it is, as a person would say.
    file
        The name its producer gives it, or how a person may call it.
    columns
        By the name in our tables.
    importer
        The command that takes it; "" if none does.
    instead
        For a file that is often taken for another: which one to give.
    one_of
        Groups of columns of each of which one is needed.
    template
        The command that writes an empty one; "" if there is none.
    """

    id: str
    title: str
    file: str
    columns: Mapping[str, Column]
    importer: str = ""
    instead: str = ""
    one_of: tuple[tuple[str, ...], ...] = ()
    template: str = ""
    _meant: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(
            self,
            "_meant",
            {
                plain(heading): name
                for name, column in self.columns.items()
                for heading in (name, *column.headings)
            },
        )  # fmt: skip

    def column(self, heading: str) -> str | None:
        """Name of the column that a heading means; None if it means none."""
        return next((self._meant[form] for form in _forms(heading) if form in self._meant), None)

    def places(self, headings: Sequence[str]) -> dict[str, list[int]]:
        """Places of the headings that mean each column; those that say it best, if some say it with more words."""
        found: dict[str, list[tuple[int, int]]] = {}
        for place, heading in enumerate(headings):
            forms = _forms(heading) if heading else []
            rank = next((n for n, form in enumerate(forms) if form in self._meant), None)
            if rank is not None:
                found.setdefault(self._meant[forms[rank]], []).append((rank, place))
        return {name: [place for rank, place in held if rank == min(held)[0]] for name, held in found.items()}

    def lacking(self, found: Iterable[str]) -> list[tuple[str, ...]]:
        """What is needed and not among the columns found: groups of which one would do."""
        have = set(found)
        groups = [(name,) for name, column in self.columns.items() if column.needed] + list(self.one_of)
        return [group for group in groups if have.isdisjoint(group)]

    def with_columns(self, names: Iterable[str]) -> Layout:
        """The same layout with further columns that are called as in our tables."""
        return replace(self, columns=dict(self.columns) | {n: Column(()) for n in names if n not in self.columns})


@cache
def load(name: str) -> Layout:
    """A layout of the project.

    Examples
    --------
    >>> load("posas").column("Età")
    'age'
    """
    text = resources.files("helpers.imports").joinpath("layouts", f"{name}.toml").read_text("utf-8")
    found = tomli.loads(text)
    columns = {
        key: Column(tuple(entry.get("headings", ())), entry.get("needed", False))
        for key, entry in found.pop("columns").items()
    }
    groups = tuple(tuple(group) for group in found.pop("one_of", ()))
    return Layout(id=name, columns=columns, one_of=groups, **found)


@cache
def names() -> tuple[str, ...]:
    """All layouts, in alphabetical order."""
    folder = resources.files("helpers.imports").joinpath("layouts")
    return tuple(sorted(path.name.removesuffix(".toml") for path in folder.iterdir() if path.name.endswith(".toml")))


def plain(heading: str) -> str:
    """A heading as it is compared: words in small letters, without accents and punctuation."""
    return " ".join(words(heading))


def _forms(heading: str) -> list[str]:
    """A heading as it stands, then without what is in brackets, then without a unit or a day behind it."""
    whole = plain(heading)
    bare = plain(re.sub(r"\(.*?\)", " ", heading))
    unit = next((bare.removesuffix(f" {unit}") for unit in _UNITS if bare.endswith(f" {unit}")), bare)
    return list(dict.fromkeys((whole, bare, unit, re.sub(r" al \d\d \d\d \d{4}$", "", bare))))
