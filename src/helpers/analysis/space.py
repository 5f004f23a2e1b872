"""Spatial autocorrelation of the districts: Moran's I and its local form, by PySAL.

The thirty districts are all there are: everything here describes, nothing is inferred to others.

PySAL is imported where it is used: it costs a second and more, which only the step that makes the tables pays.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager

import numpy as np
import pandas as pd

#: Permutations of Moran's I and of each district's LISA, and the seed that makes them the same everywhere.
PERMUTATIONS, LOCAL_PERMUTATIONS, SEED = 999, 9_999, 20_170_522

#: Expected share of false discoveries among the districts that LISA marks (Benjamini–Hochberg).
FALSE_DISCOVERY_RATE = 0.05

#: Names of PySAL's quadrants 1 to 4: own value and neighbours' mean, high or low.
QUADRANTS = {1: "high_high", 2: "low_high", 3: "low_low", 4: "high_low"}


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


def local_moran(values: pd.Series, weights, permutations: int = LOCAL_PERMUTATIONS, seed: int = SEED) -> pd.DataFrame:
    """Local Moran's I (LISA, PySAL) with seeded conditional permutations and Benjamini–Hochberg control.

    Parameters
    ----------
    values, weights, permutations, seed
        As in :func:`moran`.

    Returns
    -------
    DataFrame
        Same index: ``z`` (standardised value), ``lag`` (mean of the neighbours' z), ``i``, ``quadrant`` (a value of
        :data:`QUADRANTS`), ``p_value`` (two-sided), ``q_value`` (adjusted for the number of units) and ``found``
        (True where the adjusted one is at most :data:`FALSE_DISCOVERY_RATE`).
    """
    from esda.moran import Moran_Local
    from esda.significance import calculate_significance
    from libpysal.weights import lag_spatial
    from scipy.stats import false_discovery_control

    with _seed(seed):
        found = Moran_Local(values.to_numpy(dtype="float64"), weights, permutations=permutations, seed=seed)
    p_value = np.minimum(calculate_significance(found.Is, found.rlisas, "two-sided"), 1.0)
    q_value = false_discovery_control(p_value, method="bh")
    return pd.DataFrame(
        {
            "z": found.z,
            "lag": lag_spatial(weights, found.z),
            "i": found.Is,
            "quadrant": [QUADRANTS[int(q)] for q in found.q],
            "p_value": p_value,
            "q_value": q_value,
            "found": q_value <= FALSE_DISCOVERY_RATE,
        },
        index=values.index,
    )


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
