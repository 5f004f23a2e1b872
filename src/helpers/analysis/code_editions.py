"""Rows of a table whose comuni are those of another year → the comuni of ours whose people they count."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.comuni_changes import Graph, match


def find_homes(codes: pd.DataFrame, ours: set[str], changes: pd.DataFrame) -> pd.DataFrame:
    """Find which of our comuni each row of a table speaks of.

    Parameters
    ----------
    codes
        One row per row of the table: ``istat``, ``year``.
    ours
        Codes of our comuni.
    changes
        The table ``comuni_changes`` as text.

    Returns
    -------
    DataFrame
        ``istat``, ``year``, ``home``: a code of ours; several rows where the people of several comuni of ours are in
        one row of the table, or may be. Left out are rows that no change leads to one of ours, and those of a comune
        that is a part of one of ours, where the table lacks the other parts.

    Examples
    --------
    >>> rows = pd.DataFrame({"istat": ["005122", "001001"], "year": [2023, 2023]})
    >>> merged = pd.DataFrame({"old_istat": ["005079", "005110"], "new_istat": "005122", "date": "2023-01-01"})
    >>> find_homes(rows, {"005079", "005110", "001001"}, merged.assign(kind="merger"))
        istat  year    home
    0  001001  2023  001001
    1  005122  2023  005079
    2  005122  2023  005110
    """
    graph = Graph(changes)
    known: dict[frozenset[str], list[tuple[str, str]]] = {}
    parts = []
    for year, listed in codes.groupby("year")["istat"]:
        key = frozenset(listed)
        if key not in known:
            known[key] = sorted(_homes(set(key), ours, changes, graph))
        parts.append(pd.DataFrame(known[key], columns=["istat", "home"]).assign(year=year))
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["istat", "home", "year"])
    return found[["istat", "year", "home"]]


def join_broken(homes: pd.DataFrame, breaks: pd.DataFrame) -> pd.DataFrame:
    """Tie rows from before a break of the territory to every comune that the break concerns: none has its own number.

    Parameters
    ----------
    homes
        From :func:`find_homes`.
    breaks
        Of the table: ``istat``, ``year`` (the first after the break); breaks of the same year belong together.

    Examples
    --------
    >>> homes = pd.DataFrame({"istat": ["001063", "001063"], "year": [2015, 2016], "home": "001063"})
    >>> join_broken(homes, pd.DataFrame({"istat": ["001063", "001316"], "year": 2016}))
        istat  year    home
    0  001063  2015  001063
    1  001063  2015  001316
    2  001063  2016  001063
    """
    for year, codes in breaks.groupby("year")["istat"]:
        early = homes[homes["istat"].isin(codes) & (homes["year"] < year)]
        shared = early[["istat", "year"]].drop_duplicates().merge(codes.rename("home"), how="cross")
        homes = pd.concat([homes, shared]).drop_duplicates()
    return homes.sort_values(["istat", "year", "home"], ignore_index=True)


def find_shared(homes: pd.DataFrame) -> pd.Series:
    """Comuni of ours without a number of their own in the latest year, as it stands in a row with that of others.

    Parameters
    ----------
    homes
        From :func:`find_homes`.

    Returns
    -------
    Series
        By code of ours, the codes of the others, in order.

    Examples
    --------
    >>> homes = pd.DataFrame({"istat": ["005122", "005122"], "year": 2023, "home": ["005079", "005110"]})
    >>> find_shared(homes).to_dict()
    {'005079': ['005110'], '005110': ['005079']}
    """
    latest = homes[homes["year"] == homes["year"].max()]
    pairs = latest.merge(latest, on="istat", suffixes=("", "_other"))
    pairs = pairs[pairs["home"] != pairs["home_other"]]
    return pairs.groupby("home")["home_other"].agg(lambda others: sorted(set(others)))


def _homes(listed: set[str], ours: set[str], changes: pd.DataFrame, graph: Graph) -> set[tuple[str, str]]:
    """Pairs of a code of the table and a code of ours."""
    found = match(listed, ours, changes)
    pairs = {(code, code) for code in listed & ours}
    pairs |= set(found.renamed.items()) | {(code, own) for own, code in found.merged.items()}
    pairs |= {(code, own) for own, codes in found.unborn.items() for code in codes if code in listed}
    for code in found.unplaced:
        heirs, _ = graph.heirs(code, ours, lambda _: True)
        # What is counted of a part of a comune, where no row has the other parts, would be taken for the whole.
        whole = {own for own in heirs if own in listed or not graph.lacking(own, listed)}
        pairs |= {(code, own) for own in (whole if heirs else graph.origins(code, ours, lambda _: True) & ours)}
    return pairs
