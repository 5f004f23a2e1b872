"""Counts of few people: which cells of a table must stay blank so that nobody can work out any of them.

A cell below the threshold is hidden. Whoever knows the sums of districts, provinces and the region, or of a row, could
subtract the others from them: so more cells are hidden, until no hidden one follows from what is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

#: How often more is hidden around a cell that follows from the rest.
TRIES = 6

#: A sum that may be known: the cells in it by their place, and the sign each has there.
Line = dict[int, int]


def hide(counts: pd.DataFrame, groups: Mapping[str, pd.Series], least: int, total: str | None = None) -> pd.DataFrame:
    """Blank what speaks of too few people, and what would tell it.

    Parameters
    ----------
    counts
        Persons, one column per class; missing where the producer has hidden them. A zero is shown.
    groups
        Codes of each row by level: every sum of a column over one code may be known.
    least
        Smallest number above zero that is shown.
    total
        Column that is the sum of the others in every row, if there is one.

    Returns
    -------
    DataFrame
        ``counts`` with further cells missing. Where two territories differ by one comune, whoever knows the true sums
        of both knows it, whatever is blank: such sums are not to be shown. Ours leave hidden cells out.
    """
    values = counts.to_numpy("float64", na_value=np.nan)
    flat = values.ravel()
    few = np.isnan(flat) | ((flat > 0) & (flat < least))
    hidden = few.copy()
    # The sum of one cell is the cell: nobody publishes it where the cell is hidden.
    lines = [line for line in _lines(counts, groups, total) if len(line) > 1]
    tried: Counter[int] = Counter()
    while True:
        more = {cell for line in lines if (cell := _next(line, flat, hidden)) is not None}
        if not more:
            asked = [cell for cell in np.flatnonzero(few).tolist() if tried[cell] < TRIES]
            known = solvable(lines, flat, hidden, asked)
            # What the difference of two territories tells alone stays known.
            tried.update(known)
            more = _around(lines, flat, hidden, known)
        if not more:
            break
        hidden[sorted(more)] = True
    return counts.mask(hidden.reshape(values.shape))


def _lines(counts: pd.DataFrame, groups: Mapping[str, pd.Series], total: str | None) -> list[Line]:
    """Every sum that may be known: of columns over each group, and of each row."""
    columns, rows = list(counts), len(counts)
    place = np.arange(rows * len(columns)).reshape(rows, len(columns))
    lines: list[Line] = []
    for codes in groups.values():
        for members in codes.reset_index(drop=True).groupby(codes.to_numpy()).indices.values():
            lines += [dict.fromkeys(place[members, at].tolist(), 1) for at in range(len(columns))]
    if total is not None:
        signs = [-1 if column == total else 1 for column in columns]
        lines += [dict(zip(place[row].tolist(), signs, strict=True)) for row in range(rows)]
    return lines


def _next(line: Line, values: np.ndarray, hidden: np.ndarray) -> int | None:
    """The cell to hide too, if those that are hidden in a line follow from the others."""
    inside = [cell for cell in line if hidden[cell]]
    if not inside:
        return None
    # All of one person: a sum as large as their number tells each of them.
    sum_of_ones = np.nansum(values[inside]) <= len(inside) and not np.isnan(values[inside]).any()
    return _smallest(line, values, hidden) if len(inside) == 1 or sum_of_ones else None


def _around(lines: Sequence[Line], values: np.ndarray, hidden: np.ndarray, known: Sequence[int]) -> set[int]:
    """Cells to hide beside those that are known: one in each of their sums, or of those of hidden cells in these."""
    near = [line for line in lines if not line.keys().isdisjoint(known)]
    more = {cell for line in near if (cell := _smallest(line, values, hidden)) is not None}
    if more or not near:
        return more
    beside = {cell for line in near for cell in line}
    further = (line for line in lines if not line.keys().isdisjoint(beside))
    return {cell for line in further if (cell := _smallest(line, values, hidden)) is not None}


def _smallest(line: Line, values: np.ndarray, hidden: np.ndarray) -> int | None:
    """The shown cell of a line with the fewest people, none of them first left out; None if all are hidden."""
    shown = [cell for cell in line if not hidden[cell]]
    return min(shown, key=lambda cell: (values[cell] == 0, values[cell], cell), default=None)


def solvable(lines: Sequence[Line], values: np.ndarray, hidden: np.ndarray, cells: Sequence[int]) -> list[int]:
    """Those of some hidden cells for which the sums and what is shown leave a single whole number.

    Parameters
    ----------
    lines
        Sums that are known, with the sign of each cell.
    values
        Persons by cell.
    hidden
        Which cells are hidden.
    cells
        Those that are asked for.
    """
    from scipy.optimize import linprog

    at = {cell: number for number, cell in enumerate(np.flatnonzero(hidden).tolist())}
    inside = [{cell: sign for cell, sign in line.items() if cell in at} for line in lines]
    inside = [line for line in inside if line]
    if not inside:
        return []
    sums = [sum(sign * np.nan_to_num(values[cell], nan=1.0) for cell, sign in line.items()) for line in inside]
    system = np.zeros((len(inside), len(at)))
    for row, line in enumerate(inside):
        for cell, sign in line.items():
            system[row, at[cell]] = sign
    # Cells in the same sums can exchange persons: none of them follows, and they need no programme of their own.
    room: dict[bytes, list[float]] = {}
    for cell, number in at.items():
        room.setdefault(system[:, number].tobytes(), []).append(np.nan_to_num(values[cell], nan=1.0))
    found = []
    for cell in cells:
        alike = room[system[:, at[cell]].tobytes()]
        if len(alike) > 1 and sum(alike) >= 1:
            continue
        wanted = np.zeros(len(at))
        wanted[at[cell]] = 1
        low, high = (linprog(sign * wanted, A_eq=system, b_eq=sums, bounds=(0, None)).fun for sign in (1, -1))
        if low is not None and high is not None and np.floor(-high + 1e-6) - np.ceil(low - 1e-6) < 1:
            found.append(int(cell))
    return found
