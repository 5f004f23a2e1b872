"""Working copies of the notebooks: JupyterLab runs and changes these, and the templates stay as they are in git.

Copies stand in ``notebooks/lab/``, which git ignores, with the templates beside them. Each remembers in its metadata
which template it was copied from, and what that said.
"""

from __future__ import annotations

import difflib
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from helpers import config
from helpers.errors import WecareError
from helpers.system import files
from helpers.system.fingerprints import fingerprint_of_value
from helpers.system.notebooks import (
    INJECTED_TAG,
    PARAMETERS_TAG,
    Cell,
    as_bytes,
    cells_of,
    declared_parameters,
    document,
    fingerprint_of,
    read_cells,
)

#: Name in a copy's metadata of what it was copied from.
ORIGIN = "wecare"


@dataclass(frozen=True)
class Copies:
    """What became of the working copies.

    Attributes
    ----------
    made, renewed
        Names of copies made now, and of those that follow a template that has changed.
    behind
        Names of copies that somebody has edited although their template has changed since: they stay as they are.
    """

    made: list[str]
    renewed: list[str]
    behind: list[str]


def make_copies() -> Copies:
    """Give every template a working copy; one whose cells were edited is never written over."""
    made, renewed, behind = [], [], []
    for template in templates():
        copy, now = config.LAB / template.name, fingerprint_of(template)
        if not copy.exists():
            made.append(template.name)
        elif (copied := _origin(copy).get("fingerprint")) == now:
            continue
        elif fingerprint_of(copy) == copied:
            renewed.append(template.name)
        else:
            behind.append(template.name)
            continue
        notebook = document(read_cells(template))
        notebook["metadata"] = notebook["metadata"] | {ORIGIN: {"template": template.name, "fingerprint": now}}
        files.write(copy, as_bytes(notebook))
    return Copies(made, renewed, behind)


def adopt(copy: Path, force: bool = False) -> list[str]:
    """Take the cells of a working copy as its template's: kind, source, tags, order; no output, no count.

    Parameters
    ----------
    copy
        The working copy, or its name in ``notebooks/lab``.
    force
        Also if the template has changed since it was copied.

    Returns
    -------
    list of str
        How the template differs now, as lines of a unified diff; empty if it said the same already.

    Raises
    ------
    WecareError
        If there is no such copy or it is no notebook, if it is copied from no template, if the template has changed
        since, or if it does not declare the same parameters.
    """
    if not copy.is_file() and (config.LAB / copy.name).is_file():
        copy = config.LAB / copy.name
    if not copy.is_file():
        raise WecareError(f"There is no working copy {copy}. To do: `make lab` makes them in notebooks/lab.")
    origin = _origin(copy)
    template = config.NOTEBOOKS / str(origin.get("template", copy.name))
    if template not in templates():
        names = ", ".join(path.name for path in templates())
        raise WecareError(f"{copy.name} is no copy of a template. To do: give it the name of one of them: {names}.")
    before = read_cells(template)
    if origin.get("fingerprint") != fingerprint_of_value(before) and not force:
        raise WecareError(
            f"{template.name} has changed since {copy.name} was copied from it, and its changes would be lost. To do: "
            "take them over into the copy, then run the same with --force."
        )
    cells = [cell for cell in read_cells(copy) if INJECTED_TAG not in cell.tags]
    _require_parameters(copy, template)
    now = [cell._replace(source=cell.source.rstrip()) for cell in cells if cell.source.strip()]
    if now != before:
        files.write(template, as_bytes(document(now)))
        stamp = json.loads(files.read(copy))
        stamp["metadata"][ORIGIN] = {"template": template.name, "fingerprint": fingerprint_of_value(now)}
        files.write(copy, as_bytes(stamp))
    return list(difflib.unified_diff(_lines(before), _lines(now), "before", "after", lineterm="", n=1))


def templates() -> list[Path]:
    """The notebooks of the project: those that reports are made from, and those for JupyterLab alone."""
    return sorted(config.NOTEBOOKS.glob("*.ipynb"))


def keep_template_clean(model: dict, path: str, **kwargs: object) -> None:
    """Save only what a template says; JupyterLab calls it before it saves anything (``pre_save_hook``).

    Parameters
    ----------
    model
        What will be saved; its content is changed in place.
    path
        Where, below ``notebooks/``.
    """
    if model.get("type") == "notebook" and "/" not in path.strip("/"):
        model["content"].update(document(cells_of(model["content"])))


def command(*arguments: str) -> list[str]:
    """The command that opens JupyterLab on the working copies; further arguments are JupyterLab's."""
    return [
        *(sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={config.NOTEBOOKS}"),
        f"--LabApp.default_url=/lab/tree/{config.LAB.name}/district.ipynb",
        f"--ContentsManager.pre_save_hook={__name__}.{keep_template_clean.__name__}",
        *arguments,
    ]


def _require_parameters(copy: Path, template: Path) -> None:
    if not any(PARAMETERS_TAG in cell.tags for cell in read_cells(template)):
        return
    wanted, found = declared_parameters(template), declared_parameters(copy)
    if missing := wanted.keys() - found.keys():
        raise WecareError(
            f"{copy.name} does not declare {', '.join(sorted(missing))}, which the reports of {template.name} are "
            "given. To do: declare it in the cell tagged 'parameters'."
        )


def _origin(copy: Path) -> dict:
    """What a copy remembers; nothing if it is no notebook or remembers nothing."""
    try:
        return dict(json.loads(files.read(copy))["metadata"][ORIGIN])
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}


def _lines(cells: list[Cell]) -> list[str]:
    lines = []
    for number, cell in enumerate(cells):
        lines += [f"--- cell {number}: {cell.kind} {' '.join(cell.tags)}".rstrip(), *cell.source.splitlines()]
    return lines
