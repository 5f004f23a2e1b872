"""Other maps of the districts that what is known of the borders allows.

Where the assignment of a comune to a district is only indicative, another one is possible. A variant takes all these
comuni out and gives them back one by one, each to a district it touches, so that districts stay in one piece.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

#: Status of an assignment that may be another.
UNSURE = "indicative"

#: Number of maps, the one of the site included, and the seed that makes them the same everywhere.
MAPS, SEED = 64, 20_190_222


def variants(comuni: pd.DataFrame, maps: int = MAPS, seed: int = SEED) -> pd.DataFrame:
    """Draw maps of the districts.

    Parameters
    ----------
    comuni
        Indexed by code: ``distretto_id``, ``status``, ``neighbours`` (codes joined by ``;``) and ``area``: a comune is
        only given to a district that surely has comuni of the same area.
    maps, seed
        As :data:`MAPS` and :data:`SEED`.

    Returns
    -------
    DataFrame
        Same index, one column of district ids per map; the first is the map as it is.
    """
    random = np.random.default_rng(seed)
    unsure = comuni["status"] == UNSURE
    touching = {code: cell.split(";") if cell else [] for code, cell in comuni.loc[unsure, "neighbours"].items()}
    area = comuni["area"].to_dict()
    surely = comuni[~unsure]
    present = set(zip(surely["distretto_id"], surely["area"], strict=True))
    drawn = [comuni["distretto_id"]]
    for _ in range(maps - 1):
        placed = _give_back(random, surely["distretto_id"].to_dict(), touching, area, present)
        drawn.append(pd.Series({code: placed.get(code, own) for code, own in drawn[0].items()}))
    return pd.concat(drawn, axis=1, keys=range(maps))


def values_on(maps: pd.DataFrame, comuni: pd.DataFrame, districts: pd.DataFrame) -> list[pd.DataFrame]:
    """Indicators of the districts on each map.

    On another map a district's value moves by as much as the mean of its comuni, weighted by residents, does. That is
    exact where residents are the denominator, and elsewhere off by a few hundredths of what districts differ by.

    Parameters
    ----------
    maps
        From :func:`variants`.
    comuni
        Indexed by code: ``residents`` and the indicators; where a value is missing the comune is left out.
    districts
        Their values on the first map, indexed by code, one column per indicator.

    Returns
    -------
    list of DataFrame
        Per map, the same rows and columns; the first is ``districts``.
    """
    values = comuni.reindex(columns=districts.columns).astype("float64")
    known = values.notna()
    people = comuni["residents"].to_numpy(dtype="float64")[:, None]
    above, below = (values.fillna(0.0).to_numpy() * people), known.to_numpy() * people

    def means(own: pd.Series) -> np.ndarray:
        inside = (own.to_numpy()[None, :] == districts.index.to_numpy()[:, None]).astype("float64")
        total = inside @ below
        return np.divide(inside @ above, total, out=np.zeros_like(total), where=total > 0)

    first = means(maps[0])
    return [districts, *(districts + means(maps[m]) - first for m in maps.columns[1:])]


def _give_back(random: np.random.Generator, placed: dict, touching: dict, area: dict, present: set) -> dict:
    """Give the unsure comuni, in chance order, to a district they touch; what no district reaches has none."""
    waiting = list(touching)
    while waiting:
        before = len(waiting)
        for code in random.permutation(waiting):
            near = [placed[n] for n in touching[code] if n in placed and (placed[n], area[code]) in present]
            if near:
                placed[code] = near[random.integers(len(near))]
        waiting = [code for code in waiting if code not in placed]
        if len(waiting) == before:
            break
    return placed
