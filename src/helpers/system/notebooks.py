"""Notebooks read for what they say: kind, source, tags and order of their cells.

Outputs, counts and metadata say who ran a notebook and how: a template that was only run and saved is the same one.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from helpers.errors import WecareError
from helpers.system import dependencies, files
from helpers.system.fingerprints import fingerprint_of_value

if TYPE_CHECKING:
    import nbformat

#: Cell tag by which papermill finds the parameters of a template.
PARAMETERS_TAG = "parameters"

#: Tag of the cell in which papermill writes the parameters it was given.
INJECTED_TAG = "injected-parameters"

#: All notebooks of the project run in the same kernel.
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class Cell(NamedTuple):
    """What one cell says: ``kind`` (``code``, ``markdown`` or ``raw``), ``source``, ``tags``, ``attachments``."""

    kind: str
    source: str
    tags: tuple[str, ...] = ()
    attachments: dict = {}


#: First cell of every template: how Quarto shows what was made from it.
FRONT = Cell(
    "raw",
    "---\nformat:\n  html:\n    embed-resources: true\n    toc: true\nipynb-filters:\n  - wecare page\n---",
    ("remove-cell",),
)


def read_cells(path: Path) -> list[Cell]:
    """What a notebook says.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    WecareError
        If it is no notebook.
    """
    try:
        return cells_of(json.loads(files.read(path)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise WecareError(
            f"{path.name} is not a notebook that can be read ({error}). To do: open it in JupyterLab and save it, or "
            "restore it with `git checkout`."
        ) from None


def cells_of(notebook: dict) -> list[Cell]:
    """What a notebook of format 4 says, from its content."""
    if notebook["nbformat"] != 4:
        raise ValueError(f"format {notebook['nbformat']}")
    return [_cell(cell) for cell in notebook["cells"]]


def as_notebook(cells: list[Cell]) -> nbformat.NotebookNode:
    """A notebook that says this and was never run."""
    import nbformat

    return nbformat.from_dict(document(cells))


def document(cells: list[Cell]) -> dict:
    """The same as plain values, as a file of the format 4.5 holds them."""
    written = []
    for number, cell in enumerate(cells):
        own: dict = {"cell_type": cell.kind, "id": f"cell-{number}", "metadata": {}, "source": cell.source}
        if cell.tags:
            own["metadata"]["tags"] = list(cell.tags)
        if cell.kind == "code":
            own |= {"execution_count": None, "outputs": []}
        if cell.attachments:
            own["attachments"] = cell.attachments
        written.append(own)
    return {"cells": written, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}


def as_bytes(notebook: dict) -> bytes:
    """A notebook as JupyterLab writes it."""
    import nbformat

    return nbformat.writes(nbformat.from_dict(notebook)).encode() + b"\n"


def fingerprint_of(path: Path) -> str:
    """Fingerprint of what a notebook says."""
    return fingerprint_of_value(read_cells(path))


def imports_of(path: Path) -> set[str]:
    """Modules of the library that a notebook imports."""
    code = [cell.source for cell in read_cells(path) if cell.kind == "code"]
    return {module for source in code for module in dependencies.imported_in(source)}


def declared_parameters(path: Path) -> dict[str, Any]:
    """Names and defaults of a template's parameters cell.

    Raises
    ------
    WecareError
        If the notebook has no cell tagged ``parameters``, or assigns something else than plain values there.
    """
    cell = next((cell for cell in read_cells(path) if PARAMETERS_TAG in cell.tags), None)
    if cell is None:
        raise WecareError(f"{path} has no cell tagged {PARAMETERS_TAG!r}. To do: tag its parameters cell.")
    try:
        assigned: list[Any] = [node for node in ast.parse(cell.source).body if isinstance(node, ast.Assign)]
        return {node.targets[0].id: ast.literal_eval(node.value) for node in assigned}
    except (SyntaxError, ValueError, AttributeError) as error:
        raise WecareError(
            f"The parameters cell of {path} cannot be read ({error}). To do: assign a plain value to each name, "
            'such as district = "D12".'
        ) from None


def _cell(cell: dict) -> Cell:
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    tags = tuple(cell.get("metadata", {}).get("tags", ()))
    return Cell(cell["cell_type"], source, tags, cell.get("attachments") or {})
