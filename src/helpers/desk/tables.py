"""The tables of the project as plain frames: a fresh copy each time, one name for one key, units in ``attrs``.

The key of a thing is named after the thing, in every table: ``comune``, ``district``, ``province``, ``quadrant``,
``measure``, ``project``, ``source``, ``indicator``.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from helpers.analysis.indicators import YEAR, find_present
from helpers.analysis.people import COUNTS as SUMMED
from helpers.data import processed, raw
from helpers.declarations import BY_ID, COUNTS, INDICATORS
from helpers.declarations.entries import age_bounds
from helpers.desk import added
from helpers.desk.names import KEYS, find_anywhere, find_indicator, find_level, find_places

#: Names of keys in the files, and on the desk.
RENAMED = {"istat": "comune", "distretto_id": "district", "province_code": "province", "quadrant_id": "quadrant"}
RENAMED |= {"region_code": "region", "measure_id": "measure", "project_id": "project", "source_id": "source"}
RENAMED |= {"capofila_istat": "lead_comune", "capofila_town": "lead_town"}

#: Columns that stand first in a table of territories.
_FIRST = ("name", "slug", "district", "province", "quadrant", "ente_gestore", "residents")


def read_level(name: str) -> gpd.GeoDataFrame:
    """One level of territories: key, name, counts, indicators, geometry."""
    processed.ensure()
    table = processed.load(name)
    frame = table.rename(columns=RENAMED | {"code": KEYS[name]})
    if name == "districts":
        frame = frame.assign(slug=frame["district"].map(raw.load("districts").set_index("distretto_id")["slug"]))
    frame = added.compute(frame)
    indicators = [i for i in [*(i.id for i in find_present(frame)), *added.ADDED] if i in frame]
    counts = [count for count in SUMMED if count in frame]
    ordered = [KEYS[name], *(c for c in _FIRST if c in frame), *indicators, *counts]
    rest = [column for column in frame if column not in (*ordered, "geometry")]
    frame = frame[[*dict.fromkeys((*ordered, *rest)), "geometry"]].copy()
    frame.attrs = {"level": name, **_described(frame, [*indicators, *counts])}
    return frame


def _described(frame: pd.DataFrame, columns: list[str]) -> dict[str, Any]:
    """Edition of the data, unit of each column, and year of those that have one of their own."""
    years = {c: int(frame[c + YEAR].iloc[0]) for c in columns if c + YEAR in frame}
    return {"edition": raw.edition().version, "units": {c: unit_of(c) for c in columns}, "years": years}


def unit_of(column: str) -> str:
    """The unit of an indicator or count, as files name it; empty of anything else."""
    if column in added.ADDED:
        return added.ADDED[column].unit
    if column in BY_ID or column in COUNTS:
        return (BY_ID.get(column) or COUNTS[column]).unit
    return "persons" if age_bounds(column) else ""


def districts() -> gpd.GeoDataFrame:
    """The 30 districts of social cohesion.

    Returns
    -------
    GeoDataFrame
        One row per district: ``district`` (code), ``name``, ``slug``, ``province`` and ``quadrant`` (where most
        residents live), every indicator and count, ``geometry`` (EPSG:32632). ``attrs["units"]`` gives the units:
        shares are fractions from 0 to 1, counts of ages are persons, areas km². ``…_known`` is the share of residents
        for whom an indicator is known, ``…_year`` its year.

    Notes
    -----
    Source: ISTAT and the other datasets of ``we.indicators``; boundaries are a reconstruction (``we.comuni()`` has the
    status of each comune).

    Examples
    --------
    >>> import helpers as we
    >>> we.districts.nlargest(2, "old_age_index")[["name", "old_age_index", "age_80_plus"]].round(1).values.tolist()
    [['Acqui Terme e Ovada', 318.0, 7310], ['Biella', 287.7, 16381]]
    """
    return read_level("districts")


def comuni(place: object = None, level: str = "districts") -> gpd.GeoDataFrame:
    """The comuni, all of them or those of a place.

    Parameters
    ----------
    place
        A district, or another territory of ``level``: name, code, slug or lead town; several as a list.
    level
        What the place is: ``districts``, ``provinces`` or ``quadrants``.

    Returns
    -------
    GeoDataFrame
        One row per comune, the most populous first: ``comune`` (ISTAT code of six digits), ``name``, ``district``,
        ``province``, ``quadrant``, ``status`` of its assignment to the district, indicators, counts, ``geometry``
        (EPSG:32632). Units as in :func:`districts`.

    Raises
    ------
    InputError
        If there is no such place; says the nearest.

    Notes
    -----
    Source: ISTAT and the other datasets of ``we.indicators``; ``source_ids`` are the sources of each assignment.

    Examples
    --------
    >>> import helpers as we
    >>> cuneo = we.comuni("Cuneo")
    >>> len(cuneo), cuneo["name"].iloc[0], len(we.comuni("CN", level="provinces")), len(we.comuni())
    (53, 'Cuneo', 247, 1181)
    """
    find_level(level, "we.comuni")
    frame = read_level("comuni").sort_values("residents", ascending=False, kind="stable", ignore_index=True)
    if place is None:
        return frame
    codes = find_places(place, level, "we.comuni")
    return frame[frame[KEYS[level]].isin(codes)].reset_index(drop=True)


def provinces() -> gpd.GeoDataFrame:
    """The eight provinces, laid out as :func:`districts`, with ``province`` as their key.

    Notes
    -----
    Source: ISTAT and the other datasets of ``we.indicators``.

    Examples
    --------
    >>> import helpers as we
    >>> we.provinces.nlargest(1, "residents")["name"].tolist()
    ['Torino']
    """
    return read_level("provinces")


def region() -> gpd.GeoDataFrame:
    """Piedmont as one row, laid out as :func:`districts`, with ``region`` as its key.

    Notes
    -----
    Source: ISTAT and the other datasets of ``we.indicators``.

    Examples
    --------
    >>> import helpers as we
    >>> we.region[["name", "residents"]].values.tolist()
    [['Piemonte', 4256350]]
    """
    return read_level("region")


def indicators() -> pd.DataFrame:
    """The indicators that tables, charts and reports know.

    Returns
    -------
    DataFrame
        ``indicator`` (id, the name of its column), ``name_it``, ``name_en``, ``unit`` (as in ``attrs["units"]``),
        ``decimals`` printed, ``theme``, ``formula_it``, ``formula_en``, ``definition_it``, ``definition_en``,
        ``dataset`` it is computed from, ``levels`` on which it exists.

    Notes
    -----
    Source: the declarations of the project; ``reference`` says where each definition comes from.

    Examples
    --------
    >>> import helpers as we
    >>> we.indicators.set_index("indicator").loc["density", ["name_en", "unit"]].tolist()
    ['Population density', 'per_km2']
    """
    rows = [
        {
            "indicator": i.id,
            **{f"name_{lang}": words.long for lang, words in i.words.items()},
            "unit": i.unit,
            "decimals": i.decimals,
            "theme": i.theme,
            **{f"formula_{lang}": words.formula for lang, words in i.words.items()},
            **{f"definition_{lang}": words.definition for lang, words in i.words.items()},
            "dataset": i.source,
            "reference": i.reference,
            "levels": ", ".join(i.levels),
        }
        for i in (*INDICATORS, *added.ADDED.values())
    ]
    return pd.DataFrame(rows)


def series(indicator: str, *places: object, level: str | None = None) -> pd.DataFrame:
    """An indicator over the years.

    Parameters
    ----------
    indicator
        Its id, name or first word, in English or Italian: ``income_per_taxpayer``, ``reddito imponibile``, ``income``;
        ``residents`` are the residents over time.
    *places
        Names, codes or slugs; all of ``level`` where none is given.
    level
        Where to look for the places; by default each is sought among districts, provinces, then comuni.

    Returns
    -------
    DataFrame
        One row per place and year: ``level``, ``code``, ``name``, ``year``, ``value`` (unit in ``attrs["unit"]``),
        ``known`` (share of the residents for whom it is known, 0–1). A value that is not known is missing.

    Raises
    ------
    InputError
        If the indicator has no series, or a place is not found; says the nearest.

    Notes
    -----
    Source: the dataset that ``we.indicators`` names. Series of different codes of comuni are made comparable first.

    Examples
    --------
    >>> import helpers as we
    >>> income = we.series("income", "Cuneo")
    >>> income.tail(1)[["name", "year", "value"]].round(0).values.tolist(), income.attrs["unit"]
    ([['Cuneo', 2024, 25258.0]], 'eur')
    """
    processed.ensure()
    known = processed.load("series")
    found = find_indicator(indicator, known["id"].unique().tolist(), "we.series")
    wanted = [find_anywhere(place, "we.series", level) for place in places]
    if level is not None:
        find_level(level, "we.series")
    of_it = known[known["id"] == found]
    if wanted:
        chosen = pd.DataFrame(wanted, columns=["level", "code"]).drop_duplicates().assign(order=range(len(wanted)))
        rows = of_it.merge(chosen, on=["level", "code"]).sort_values(["order", "year"])
    else:
        rows = of_it[of_it["level"] == (level or "districts")].sort_values(["code", "year"])
    names = pd.concat([processed.load(each).set_index("code")["name"] for each in rows["level"].unique()])
    frame = rows.assign(name=rows["code"].map(names[~names.index.duplicated()]))
    frame = frame[["level", "code", "name", "year", "value", "known"]].reset_index(drop=True)
    frame.attrs = {"indicator": found, "unit": unit_of(found), "edition": raw.edition().version}
    return frame
