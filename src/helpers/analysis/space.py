"""Spatial autocorrelation of the districts: Moran's I, by PySAL.

The thirty districts are all there are: everything here describes, nothing is inferred to others.

PySAL is imported where it is used: it costs a second and more, which only the step that makes the tables pays.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager

import numpy as np
import pandas as pd

#: Permutations of Moran's I, and the seed that makes them the same everywhere.
PERMUTATIONS, SEED = 999, 20_170_522


def contiguity(neighbours: pd.Series):
    """Queen contiguity weights, row-standardised.

    Parameters
    ----------
    neighbours
        Codes of the units that touch each unit, joined by ``;``, indexed by code.

    Returns
    -------
    libpysal.weights.W
    """
    from libpysal.weights import W

    touching = {code: cell.split(";") if cell else [] for code, cell in neighbours.items()}
    # In the order of the values: PySAL would sort the codes.
    weights = W(touching, id_order=list(touching), silence_warnings=True)
    weights.transform = "r"
    return weights


def moran(values: pd.Series, weights, permutations: int = PERMUTATIONS, seed: int = SEED) -> dict[str, float]:
    """Moran's I (PySAL) with a two-sided p-value from seeded permutations.

    Parameters
    ----------
    values
        One per unit, in the order of the weights.
    weights
        From :func:`contiguity`.
    permutations, seed
        How many, and the seed that makes them the same everywhere.

    Returns
    -------
    dict
        ``i``, ``expected`` (−1/(n − 1), no pattern), ``p_value`` (share of the permutations at least as far from
        their mean as the map itself, the map counted among them), ``permutations``. NaN where all values are alike.
    """
    from esda.moran import Moran

    if np.ptp(values) == 0:
        return {"i": np.nan, "expected": -1 / (len(values) - 1), "p_value": np.nan, "permutations": permutations}
    with _seed(seed):
        found = Moran(values.to_numpy(dtype="float64"), weights, permutations=permutations)
    far = np.abs(found.sim - found.sim.mean()) >= abs(found.I - found.sim.mean())
    p_value = (far.sum() + 1) / (permutations + 1)
    return {
        "i": float(found.I),
        "expected": float(found.EI),
        "p_value": float(p_value),
        "permutations": permutations,
    }


@contextmanager
def _seed(seed: int):
    """PySAL draws from numpy's global generator: seed it, and leave it as it was.

    Its warning that its own one-sided p-values will change is silenced: ours are two-sided already.
    """
    before = np.random.get_state()
    np.random.seed(seed)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        np.random.set_state(before)
