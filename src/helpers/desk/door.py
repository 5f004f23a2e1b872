"""What ``import helpers as we`` offers: tables as attributes, the rest as functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpers.desk import records, tables
from helpers.desk.added import add_indicator
from helpers.desk.comparing import draw_compare as compare
from helpers.desk.comparing import draw_pyramid as pyramid
from helpers.desk.maps import draw_map as map
from helpers.desk.maps import draw_rank as rank
from helpers.desk.money import divide
from helpers.desk.own import join
from helpers.desk.plots import draw_scatter as scatter
from helpers.desk.plots import draw_trend as trend
from helpers.desk.records import measure, table
from helpers.desk.tables import comuni, series
from helpers.desk.work import check, new_report, query, report
from helpers.errors import nearest
from helpers.system import startup

#: Tables that stand as attributes: each time asked for, a new copy.
_TABLES = {
    "districts": tables.districts,
    "provinces": tables.provinces,
    "region": tables.region,
    "indicators": tables.indicators,
    "measures": records.measures,
    "projects": records.projects,
    "sources": records.sources,
}

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from helpers.desk.explore import explore

    districts: gpd.GeoDataFrame
    provinces: gpd.GeoDataFrame
    region: gpd.GeoDataFrame
    indicators: pd.DataFrame
    measures: pd.DataFrame
    projects: pd.DataFrame
    sources: pd.DataFrame

__all__ = [
    "add_indicator",
    "check",
    "compare",
    "comuni",
    "divide",
    "explore",
    "join",
    "map",
    "measure",
    "new_report",
    "pyramid",
]
__all__ += ["query", "rank", "report", "scatter", "series", "table", "trend"]
__all__ += ["districts", "indicators", "measures", "projects", "provinces", "region", "sources"]


def given(name: str) -> Any:
    """What ``we.<name>`` is.

    Raises
    ------
    AttributeError
        If there is no such thing; says the nearest.
    """
    if name in _TABLES:
        return _TABLES[name]()
    if name == "explore":
        startup.load_jsonschema()
        from helpers.desk.explore import explore

        return explore
    if name in __all__:
        return globals()[name]
    raise AttributeError(f"There is no we.{name}: {nearest(name, __all__)}.")
