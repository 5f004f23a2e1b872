"""Where on a map the values lie, in words: what its text alternative says beside its highest and lowest value."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely

from helpers.analysis import compass
from helpers.pages.common.page_words import PageWords
from helpers.prose import numbers

#: Places named at each end of a map, and of a kind at most.
GROUP = 5


def told_groups(page: PageWords, table: pd.DataFrame, value: str, whole: str = "region", least: int = 0) -> str:
    """Which places have the highest and the lowest values, and on which side of the map each group lies.

    Parameters
    ----------
    page
        Whose language it is.
    table
        ``name``, geometry in metres and the column ``value`` per place; ``residents`` where some have too few.
    whole
        What the map shows: ``region``, ``district`` or ``italy``.
    least
        Places with fewer residents are in no group.

    Returns
    -------
    str
        Empty where there are not two values.
    """
    known = table.dropna(subset=value)
    order = np.argsort(-known[value].to_numpy(float), kind="stable")
    if least:
        order = order[known["residents"].to_numpy()[order] >= least]
    size = min(GROUP, len(order) // 2)
    if known[value].nunique() < 2 or not size:
        return ""
    places, names = centres(known), known["name"].to_numpy()
    told = {
        end: _named(page, _where(page, places, rows, whole), names[rows])
        for end, rows in (("highest", order[:size]), ("lowest", order[::-1][:size]))
    }
    form = ("many" if size > 1 else "one") + ("_of" if least else "")
    return page.label(f"map.groups.{form}").format(least=numbers.integer(least, page.lang), **told)


def told_kinds(page: PageWords, table: pd.DataFrame, kind: str, labels: Mapping[str, str]) -> str:
    """How many places of a map of the region are of each kind, where they lie and, of a few, their names.

    Kinds of which there is no place are not told, as no legend has them.

    Parameters
    ----------
    page
        Whose language it is.
    table
        Geometry in metres and the column ``kind`` per place; ``name`` where kinds of a few places are to be named.
    labels
        What each kind is called, in order.
    """
    places, told = centres(table), []
    for key, label in labels.items():
        rows = np.flatnonzero((table[kind] == key).to_numpy())
        if not len(rows):
            continue
        where = _where(page, places, rows, "region")
        if len(rows) <= GROUP and "name" in table:
            where = _named(page, where, table["name"].to_numpy()[rows])
        n = numbers.integer(len(rows), page.lang)
        told.append(page.label("map.groups.kind").format(kind=label, n=n, where=where))
    text = "; ".join(told)
    return f"{text[:1].upper()}{text[1:]}."


def centres(table: pd.DataFrame) -> np.ndarray:
    """East and north of the middle of each place, in metres, shape (n, 2)."""
    return shapely.get_coordinates(shapely.centroid(table["geometry"].to_numpy()))


def _named(page: PageWords, where: str, names: np.ndarray) -> str:
    return page.label("map.groups.group").format(where=where, names=", ".join(names.tolist()))


def _where(page: PageWords, places: np.ndarray, rows: np.ndarray, whole: str) -> str:
    """On which side of a map some of its places lie."""
    side = compass.side(places, np.isin(np.arange(len(places)), rows))
    if side is None:
        return page.label(f"map.where.{whole}")
    if side == compass.MIDDLE:
        return page.label("map.where.middle")
    return page.label(f"map.where.{'mostly' if len(rows) > 1 else 'at'}").format(side=page.label(f"map.side.{side}"))
