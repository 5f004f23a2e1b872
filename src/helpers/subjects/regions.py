"""The regions of Italy: who signed the interregional pact, and the people of each.

A signatory may be an autonomous province: it is told by name, and the region it lies in is marked as signed in part.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from helpers.analysis import people
from helpers.analysis.indicators import add_indicators
from helpers.declarations import INDICATORS as DECLARED
from helpers.declarations.entries import age_bounds

#: Where a region stands, from most to least; the order of legends.
ROLES: tuple[str, ...] = ("signed_presented", "signed_conflict", "signed", "signed_part", "presented", "none")

#: Roles of a region that signed as such.
SIGNED: tuple[str, ...] = ("signed_presented", "signed_conflict", "signed")

#: Indicators that follow from the ages alone: nothing else is counted of the regions, whose areas are only known
#: simplified and comuni only for Piedmont.
INDICATORS: tuple[str, ...] = tuple(
    i.id for i in DECLARED if i.counts and all(count == "residents" or age_bounds(count) for count in i.counts)
)


def role(part: bool, signatory: bool, presented: Any) -> str:
    """Where a body of the pact stands.

    Parameters
    ----------
    part
        Whether it is only a part of a region.
    signatory
        Whether it signed.
    presented
        ``yes``, ``conflict`` (the sources disagree) or missing (not in their lists).

    Returns
    -------
    str
        One of :data:`ROLES`.
    """
    if part and signatory:
        return "signed_part"
    if not signatory:
        return "none" if pd.isna(presented) else "presented"
    return {"yes": "signed_presented", "conflict": "signed_conflict"}.get(presented, "signed")


def roles(pact: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """Every region with its role in the pact.

    Parameters
    ----------
    pact
        ``region``, ``region_code``, ``part_of_region``, ``signatory``, ``presented_practice``.
    names
        ISTAT's name of each region, indexed by code.

    Returns
    -------
    DataFrame
        Indexed by code: ``name``, ``body`` (as the pact names it; missing where it does not) and ``role``.
    """
    by_code = pact.set_index("region_code")
    found = {
        code: role(bool(row.part_of_region), bool(row.signatory), row.presented_practice)
        for code, row in zip(by_code.index, by_code.itertuples(), strict=True)
    }
    table = pd.DataFrame({"name": names, "body": by_code["region"].reindex(names.index)})
    return table.assign(role=[found.get(code, "none") for code in names.index]).rename_axis("code")


def profiles(population: pd.DataFrame) -> pd.DataFrame:
    """Counts and indicators of each region and of Italy, each from its own summed counts.

    Parameters
    ----------
    population
        ``region_code``, ``age``, ``female``, ``male`` (persons).

    Returns
    -------
    DataFrame
        Indexed by region code, ``IT`` last: the age groups of :data:`helpers.analysis.people.AGE_GROUPS` (persons) and
        the indicators of :data:`INDICATORS`. Density and small comuni are left out: what they need is not counted.
    """
    counts = people.count_ages(population, "region_code")
    counts.loc["IT"] = counts.sum()
    computed = add_indicators(counts)
    return computed[[*people.AGE_GROUPS, *INDICATORS]].rename_axis("code")


def share_living_in(profile: pd.DataFrame, codes: list[str]) -> float:
    """Share of Italy's residents who live in these regions, 0 to 1."""
    return float(profile.loc[codes, "residents"].sum() / profile.at["IT", "residents"])
