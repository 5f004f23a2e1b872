"""How every importer begins: the file a person gives as text, its year, what is wrong with it, what would change."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from helpers.errors import InputError, Problem
from helpers.imports.draft import Draft

AGAIN = "download the file again, and import it without opening it in a spreadsheet"
#: Rows listed for one rule; more are counted.
LISTED = 5


@dataclass
class Plan:
    """What an import would do.

    Attributes
    ----------
    draft
        The changes, to be committed.
    warnings
        What is odd about the file without being wrong.
    reword
        Names the row of the file in a problem that the package's own checks find; None if rows do not correspond.
    """

    draft: Draft
    warnings: list[str] = field(default_factory=list)
    reword: Callable[[Problem], Problem] | None = None


def content(path: Path, what: str = "downloaded file") -> bytes:
    """The bytes of a file.

    Raises
    ------
    InputError
        If it does not exist.
    """
    if not path.is_file():
        raise InputError([Problem(path.name, "the file does not exist", f"give the path of the {what}")])
    return path.read_bytes()


def text(path: Path) -> str:
    """A downloaded file as text: UTF-8, or Windows-1252 as in some editions, where only names of comuni tell."""
    data = content(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def years_named(file: str) -> list[int]:
    """Years in the name of a file, in order."""
    return [int(year) for year in re.findall(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", file)]


class Findings:
    """What is wrong with the cells of a file.

    Parameters
    ----------
    file
        Its name, for a person.
    cells
        Text by column, the index being the line of the file.
    """

    def __init__(self, file: str, cells: pd.DataFrame):
        self.file, self.cells = file, cells
        self.problems: list[Problem] = []

    def tell(self, bad: pd.Series, column: str, rule: str, remedy: str = AGAIN) -> None:
        """Note the lines where ``bad`` is true: the first few, and how many more."""
        found = bad.index[bad]
        for line in found[:LISTED]:
            self.problems.append(Problem(self.file, rule, remedy, int(line), column, self.cells.at[line, column]))
        if len(found) > LISTED:
            more = f"{rule} ({len(found) - LISTED:,} more like these)"
            self.problems.append(Problem(self.file, more, remedy, column=column))

    def stop_if_any(self) -> None:
        """Raise what was noted."""
        if self.problems:
            raise InputError(self.problems)
