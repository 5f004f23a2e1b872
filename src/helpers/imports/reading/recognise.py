"""Which of the layouts a file has."""

from __future__ import annotations

from pathlib import Path

from helpers.errors import InputError, Problem
from helpers.imports.reading import containers
from helpers.imports.reading.find import find, find_headings
from helpers.imports.reading.grids import Grid
from helpers.imports.reading.layouts import Layout, load, names


def recognise_file(path: Path) -> Layout:
    """The layout of a file, by its first rows.

    Raises
    ------
    InputError
        If it cannot be read, or its layout is none that an importer takes; with the right file where it is known.
    """
    found = recognise(containers.open_grids(path, head=True))
    if not found:
        known = ", ".join(sorted({load(name).importer for name in names()} - {""}))
        remedy = f"name the import it is for ({known}, or table NAME for a table of data/raw)"
        raise InputError([Problem(path.name, "no import knows the columns of this file", remedy)])
    if not found[0].importer:
        remedy = found[0].instead or "no import takes it; `wecare new table` adds a table of your own"
        raise InputError([Problem(path.name, f"the file is {found[0].title}", remedy)])
    return found[0]


def recognise(grids: list[Grid]) -> list[Layout]:
    """The layouts whose needed columns a file has, the one with most columns first.

    Parameters
    ----------
    grids
        Those of the file.
    """
    held = []
    for name in names():
        layout = load(name)
        try:
            held.append((len(find(grids, layout).places), layout))
        except InputError:
            continue
    return [layout for _, layout in sorted(held, key=lambda found: -found[0])]


def other_file(file: str, grids: list[Grid], asked: Layout) -> Problem | None:
    """One line for a file that is known and is not the one that was asked for; None if it is not known."""
    held = max((len(best.places) for grid in grids if (best := find_headings(grid, asked))), default=0)
    found = next((layout for layout in recognise(grids) if layout.id != asked.id), None)
    if found is None:
        return None
    # A file that has as many columns of what was asked for is rather that, with some missing.
    more = len(find(grids, found).places) - held
    if more < 0 or (more == 0 and not found.instead):
        return None
    if found.instead:
        remedy = found.instead
    elif found.importer:
        remedy = f"run `wecare import {found.importer} {file}`, or give {asked.file or asked.title}"
    else:
        remedy = f"give {asked.file or asked.title}"
    return Problem(file, f"the file is another: {found.title}", remedy)
