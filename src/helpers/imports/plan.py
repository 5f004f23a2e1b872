"""What every import gives to who asked for it: what it would change, and what it understood of the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from helpers.errors import Problem
from helpers.imports.draft import Draft
from helpers.imports.reading import Account, Table


@dataclass
class ImportPlan:
    """What an import would do.

    Attributes
    ----------
    draft
        The changes, to be committed.
    warnings
        What is odd about the file without being wrong.
    remarks
        What was understood of the file: which table, what was passed over, what was taken for what.
    accounts
        What became of the rows of each file, by the table's label.
    reword
        Names the row of the file in a problem that the package's own checks find; None if rows do not correspond.
    """

    draft: Draft
    warnings: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    accounts: dict[str, Account] = field(default_factory=dict)
    reword: Callable[[Problem], Problem] | None = None

    def add_tables(self, *tables: Table) -> None:
        """Take over what was understood of tables, and the accounts of their rows."""
        for table in tables:
            self.remarks += table.remarks
            self.accounts[table.file] = table.account

    def join(self, others: Iterable[ImportPlan]) -> None:
        """Take over what other plans on the same draft say."""
        for other in others:
            self.warnings += other.warnings
            self.remarks += other.remarks
            self.accounts |= other.accounts


def years_named(file: str) -> list[int]:
    """Years in the name of a file, in order."""
    return [int(year) for year in re.findall(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", file)]
