"""Age structure → counts → indicators.

Counts add up over any territory; indicators do not, so every level computes its own from its own summed counts
and no index is ever averaged.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

#: Age groups as inclusive bounds in completed years; the source's last class, 100, means 100 and over.
AGE_GROUPS: dict[str, tuple[int, int]] = {
    "residents": (0, 100),
    "age_0_14": (0, 14),
    "age_15_64": (15, 64),
    "age_65_plus": (65, 100),
    "age_65_74": (65, 74),
    "age_75_84": (75, 84),
    "age_80_plus": (80, 100),
    "age_85_plus": (85, 100),
}


@dataclass(frozen=True)
class Indicator:
    """A ratio of two counts.

    Attributes
    ----------
    id
        Key of the column and of the labels.
    numerator, denominator
        Sums of count columns.
    per
        1 for a share, 100 for "per 100".
    unit
        ``share``, ``per_100`` or ``per_km2``; says how to print the value.
    decimals
        Decimals a reader is shown.
    reference
        Where the definition comes from.
    """

    id: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    per: int
    unit: str
    decimals: int
    reference: str

    @property
    def precision(self) -> int:
        """Decimals of the value itself as it is printed: a share is printed as a percentage."""
        return self.decimals + 2 if self.unit == "share" else self.decimals


_ISTAT = "ISTAT, Indicatori demografici, glossario"
_EUROSTAT = "Eurostat, Population structure indicators (demo_pjanind)"
_OURS = "Osservatorio WE.CA.RE."

INDICATORS: tuple[Indicator, ...] = (
    Indicator("share_0_14", ("age_0_14",), ("residents",), 1, "share", 1, _EUROSTAT),
    Indicator("share_65_plus", ("age_65_plus",), ("residents",), 1, "share", 1, _EUROSTAT),
    Indicator("share_80_plus", ("age_80_plus",), ("residents",), 1, "share", 1, _EUROSTAT),
    Indicator("old_age_index", ("age_65_plus",), ("age_0_14",), 100, "per_100", 1, _ISTAT),
    Indicator("dependency_ratio", ("age_0_14", "age_65_plus"), ("age_15_64",), 100, "per_100", 1, _ISTAT),
    Indicator("youth_dependency", ("age_0_14",), ("age_15_64",), 100, "per_100", 1, _EUROSTAT),
    Indicator("old_age_dependency", ("age_65_plus",), ("age_15_64",), 100, "per_100", 1, _ISTAT),
    Indicator("share_65_74", ("age_65_74",), ("residents",), 1, "share", 1, _EUROSTAT),
    Indicator("share_75_84", ("age_75_84",), ("residents",), 1, "share", 1, _EUROSTAT),
    Indicator("share_85_plus", ("age_85_plus",), ("residents",), 1, "share", 1, _EUROSTAT),
    Indicator("oldest_old_ratio", ("age_80_plus",), ("age_65_plus",), 100, "per_100", 1, _OURS),
    Indicator("density", ("residents",), ("area_km2",), 1, "per_km2", 0, _ISTAT),
    Indicator("share_small_comuni", ("residents_small_comuni",), ("residents",), 1, "share", 1, _OURS),
)

BY_ID: dict[str, Indicator] = {i.id: i for i in INDICATORS}

#: Columns that add up when territories are joined.
COUNTS: tuple[str, ...] = (*AGE_GROUPS, "residents_small_comuni", "n_comuni", "n_small_comuni", "area_km2")


def count_ages(population: pd.DataFrame, key: str = "istat") -> pd.DataFrame:
    """Sum single ages into the age groups.

    Parameters
    ----------
    population
        One row per territory and single age, with ``key``, ``age``, ``female`` and ``male`` (persons).
    key
        Column that names the territory.

    Returns
    -------
    DataFrame
        One row per territory, indexed by ``key``; one column of persons per group of :data:`AGE_GROUPS`.
    """
    people = population["female"] + population["male"]
    age, territory = population["age"], population[key]
    groups = {
        name: people.where(age.between(low, high), 0).groupby(territory).sum()
        for name, (low, high) in AGE_GROUPS.items()
    }
    return pd.DataFrame(groups).astype("int64").rename_axis(key)


def add_indicators(counts: pd.DataFrame) -> pd.DataFrame:
    """Compute every indicator from the counts of the same row.

    Parameters
    ----------
    counts
        One row per territory with the columns of :data:`COUNTS`.

    Returns
    -------
    DataFrame
        The same rows with one float column per indicator added. Where the denominator is zero the value is
        missing: the ratio does not exist, which is neither zero nor unknown.
    """
    out = counts.copy()
    for indicator in INDICATORS:
        numerator = out[list(indicator.numerator)].sum(axis=1)
        denominator = out[list(indicator.denominator)].sum(axis=1)
        out[indicator.id] = (indicator.per * numerator / denominator).where(denominator > 0).astype("float64")
    return out


def as_printed(table: pd.DataFrame) -> pd.DataFrame:
    """Round every indicator to what a reader is shown.

    Parameters
    ----------
    table
        Any columns; those of :data:`INDICATORS` are rounded.

    Returns
    -------
    DataFrame
        The same rows and columns.
    """
    return table.round({i.id: i.precision for i in INDICATORS if i.id in table})


def age_structure(population: pd.DataFrame, territory: pd.Series) -> pd.DataFrame:
    """Sum the single ages of comuni over larger territories.

    Parameters
    ----------
    population
        One row per comune and single age: ``istat``, ``age``, ``female``, ``male``.
    territory
        Code of the larger territory, indexed by ``istat``.

    Returns
    -------
    DataFrame
        ``code``, ``age``, ``female``, ``male``; one row per territory and age, in order.
    """
    code = population["istat"].map(territory)
    sums = population.groupby([code.rename("code"), "age"], observed=True)[["female", "male"]].sum()
    return sums.reset_index()
