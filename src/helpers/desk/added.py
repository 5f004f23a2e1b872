"""Indicators an analyst adds for the notebook at hand; no file is edited, and the site knows nothing of them."""

from __future__ import annotations

import re

import geopandas as gpd
import pandas as pd

from helpers.declarations import BY_ID, Indicator, Words
from helpers.declarations.entries import LEVELS, UNITS
from helpers.errors import nearest, refuse

#: Those added since the kernel started, by id, and the formula of each.
ADDED: dict[str, Indicator] = {}
_FORMULAS: dict[str, str] = {}


def add_indicator(
    indicator: str,
    formula: str,
    it: str = "",
    en: str = "",
    unit: str = "share",
    decimals: int = 1,
    source: str = "population",
) -> None:
    """Add an indicator for this notebook: from now on every table of territories has it, and every chart knows it.

    Parameters
    ----------
    indicator
        Its id, the name of the column: small letters, digits and ``_``.
    formula
        From counts and indicators of the same row: ``(age_0_14 + age_65_plus) / residents``. Of every level it is
        computed from that level's own counts.
    it, en
        What it is called in Italian and English; its id where nothing is given.
    unit
        ``share`` (a fraction that is printed as a percentage), ``per_100``, ``per_1000``, ``per_km2``, ``eur``,
        ``years``, ``minutes`` or ``number``.
    decimals
        Decimals that are printed.
    source
        The dataset it is computed from, for the line under a chart.

    Raises
    ------
    InputError
        If the id is taken by an indicator of the project, the unit is none, or the formula cannot be computed.

    Notes
    -----
    ``wecare new indicator`` adds one to the project for good.

    Examples
    --------
    >>> import helpers as we
    >>> we.add_indicator("share_15_64", "age_15_64 / residents", it="Dai 15 ai 64 anni", en="Aged 15–64")
    >>> round(float(we.region["share_15_64"].iloc[0]), 3)
    0.618
    """
    from helpers.desk.tables import read_level

    call = "we.add_indicator"
    if not re.fullmatch(r"[a-z][a-z0-9_]*", indicator) or indicator in BY_ID:
        raise refuse(call, "this can be no id, or is one already", "choose another, as share_15_64", indicator)
    if unit not in UNITS:
        raise refuse(call, "there is no such unit", nearest(unit, UNITS), unit)
    try:
        read_level("region").eval(formula)
    except Exception as error:
        remedy = "write it from columns of we.districts, as age_15_64 / residents"
        raise refuse(call, f"the formula cannot be computed ({error})", remedy, formula) from None
    names = {"it": it or indicator, "en": en or indicator}
    words = {lang: Words(formula, name, name, name, formula=formula) for lang, name in names.items()}
    ADDED[indicator] = Indicator(
        indicator, "ratio", unit, decimals, 3, source, "", words, "", levels=LEVELS, criterion=""
    )
    _FORMULAS[indicator] = formula


def compute(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The table with the indicators that were added; a ratio over nothing is missing."""
    for indicator, formula in _FORMULAS.items():
        values = pd.to_numeric(frame.eval(formula)).astype("float64")
        frame = frame.assign(**{indicator: values.replace([float("inf"), float("-inf")], float("nan"))})
    return frame
