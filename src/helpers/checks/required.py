"""The rows that the site speaks of one by one: each must be there, and filled where the site says what it holds."""

from __future__ import annotations

from helpers.checks.package import Package
from helpers.data import required
from helpers.errors import Problem


def check_required(package: Package) -> list[Problem]:
    """Check the rows that ``data/required.toml`` declares.

    Parameters
    ----------
    package
        The data package, each table already checked by itself.

    Returns
    -------
    list of Problem
        Each names the reports that speak of the row: the others can be made. A table that the package has not, or that
        could not be read, is left out.
    """
    return [
        problem
        for wanted in required.read_required().values()
        if wanted.table in package.texts
        for problem in wanted.problems(package.texts[wanted.table], package.resources[wanted.table]["path"])
    ]
