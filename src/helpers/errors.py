"""The errors a person can act on: where, what, which rule, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class WecareError(Exception):
    """An error with a message written for the person at the keyboard: commands and notebooks show it alone."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows of it."""
        return [str(self)]


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the input.

    Attributes
    ----------
    file
        Path of the file, relative to the repository.
    rule
        The rule that does not hold, in words.
    remedy
        What to do about it.
    row
        Line of the file as an editor counts it (the header is line 1), or None for the whole file.
    column, value
        The column and the offending value, or None.
    reports
        Reports that cannot be made for it while the others can; none if nothing can.
    """

    file: str
    rule: str
    remedy: str
    row: int | None = None
    column: str | None = None
    value: object = None
    reports: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = self.file
        if self.row is not None:
            where += f", row {self.row}"
        if self.column is not None:
            where += f", column {self.column}"
        found = "" if self.value is None else f" Found: {str(self.value)!r}."
        needed = f" Needed by: {', '.join(self.reports)}." if self.reports else ""
        return f"{where}: {self.rule}.{found}{needed} To do: {self.remedy}."


class InputError(WecareError):
    """The input breaks a rule; holds every problem found, not just the first."""

    def __init__(self, problems: list[Problem]):
        self.problems = list(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


def refuse(call: str, rule: str, remedy: str, value: object = None) -> InputError:
    """The error for a wrong argument.

    Parameters
    ----------
    call
        What was called, as ``we.map``.
    rule, remedy
        What does not hold, and what to do.
    value
        What was given.
    """
    return InputError([Problem(call, rule, remedy, value=value)])


def nearest(value: object, known: Iterable[object], n: int = 3) -> str:
    """What to write instead: the known values that look like one, or the first of them.

    Examples
    --------
    >>> nearest("densty", ["density", "residents"])
    'write density'
    >>> nearest("xyz", ["density", "residents"])
    'write one of: density, residents'
    """
    names = [str(name) for name in known]
    folded = {name.casefold(): name for name in names}
    near = [folded[name] for name in difflib.get_close_matches(str(value).casefold(), folded, n=n)]
    return f"write {' or '.join(near)}" if near else f"write one of: {_listed(names)}"


def _listed(names: Sequence[str], most: int = 12) -> str:
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")
