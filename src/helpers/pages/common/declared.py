"""The pages as their classes declare them: every ``pages/<topic>/page.py`` is looked through, there is no list.

A class that names a ``notebook`` is a page. What it declares is read from its source, without importing it: that takes
milliseconds, and importing all pages with what they draw with takes seconds.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from helpers import config
from helpers.errors import InputError, Problem
from helpers.system.files import read

FOLDER = config.HELPERS / "pages"


@dataclass(frozen=True)
class Declared:
    """What a page declares of itself, as attributes of its class.

    Attributes
    ----------
    notebook
        Name of its notebook, which is also that of its report.
    address
        Where it stands on the site, without extension; with ``{slug}`` where there is one page for each row of a table.
    each, parameter
        That raw table, which has a ``slug`` for each row with a page, and the parameter of the notebook that takes the
        row's key; empty for a page there is once.
    module, name
        Of its class.
    file, row
        Where the class stands.
    """

    notebook: str
    address: str
    module: str
    name: str
    file: str
    row: int
    each: str = ""
    parameter: str = ""

    def load(self) -> type[Any]:
        """Import the class."""
        return getattr(import_module(self.module), self.name)


def declared_pages(folder: Path = FOLDER, notebooks: Path | None = None) -> list[Declared]:
    """Every page, by the name of its notebook.

    Raises
    ------
    InputError
        With all that is wrong: an attribute that is no text in quotes, an address that is missing or taken, a notebook
        that does not exist or has two pages.
    """
    found: list[Declared] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*/page.py")):
        file, module = f"src/helpers/pages/{path.parent.name}/page.py", f"helpers.pages.{path.parent.name}.page"
        for node in _classes(read(path)):
            given, wrong = _attributes(node, file)
            problems += wrong
            if "notebook" in given:
                given = {"address": "", **given}
                found.append(Declared(**given, module=module, name=node.name, file=file, row=node.lineno))
    problems += _wrong(found, notebooks or config.NOTEBOOKS)
    if problems:
        raise InputError(problems)
    return sorted(found, key=lambda page: page.notebook)


def page_class(notebook: str) -> type[Any]:
    """The class of the page of a notebook."""
    return next(page for page in declared_pages() if page.notebook == notebook).load()


def inputs_from(notebook: str) -> Callable[..., Any]:
    """What the page of a notebook shows: its function from the parameters, without the language, to its inputs."""
    return page_class(notebook).inputs_from


@lru_cache
def _classes(source: bytes) -> tuple[ast.ClassDef, ...]:
    return tuple(node for node in ast.parse(source).body if isinstance(node, ast.ClassDef))


def _attributes(node: ast.ClassDef, file: str) -> tuple[dict[str, str], list[Problem]]:
    """The declared attributes of a class, and what is wrong in them."""
    given, problems = {}, []
    for line in (line for line in node.body if isinstance(line, ast.Assign)):
        for target in line.targets:
            if not isinstance(target, ast.Name) or target.id not in ("notebook", "address", "each", "parameter"):
                continue
            if isinstance(line.value, ast.Constant) and isinstance(line.value.value, str):
                given[target.id] = line.value.value
            else:
                rule = f"{target.id} of the class {node.name} is not a text in quotes"
                remedy = "write the text itself: it is read without running it"
                problems.append(Problem(file, rule, remedy, line.lineno))
    return given, problems


def _wrong(pages: list[Declared], notebooks: Path) -> list[Problem]:
    problems = []
    for n, page in enumerate(pages):
        if not page.address:
            problems.append(_problem(page, "the page has no address", "give its class an address", "address"))
        if bool(page.each) != ("{slug}" in page.address) or bool(page.each) != bool(page.parameter):
            rule = "a page for each row of a table needs each, parameter and an address with {slug}, or none of them"
            problems.append(_problem(page, rule, "complete them", "each", page.each or None))
        if not (notebooks / f"{page.notebook}.ipynb").exists():
            rule = f"there is no notebooks/{page.notebook}.ipynb"
            problems.append(_problem(page, rule, "make it, or correct the name", "notebook", page.notebook))
        for key in ("notebook", "address"):
            others = [other for other in pages[:n] if getattr(other, key) == getattr(page, key)]
            if others and getattr(page, key):
                rule = f"{others[0].name} in {others[0].file} has the same {key}"
                problems.append(_problem(page, rule, "give each page its own", key, getattr(page, key)))
    return problems


def _problem(page: Declared, rule: str, remedy: str, column: str, value: object = None) -> Problem:
    return Problem(page.file, f"{page.name}: {rule}", remedy, page.row, column, value)
