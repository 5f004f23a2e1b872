"""The errors a person can act on: where, what, which rule, and what to do."""

from __future__ import annotations

from dataclasses import dataclass


class WecareError(Exception):
    """An error with a message written for the person at the keyboard; the command prints it without a traceback."""


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
