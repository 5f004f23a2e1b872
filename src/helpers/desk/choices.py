"""What an explorer shows for a choice of place, indicator, year, comparison and classes, and the code of the same."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import pandas as pd

from helpers.analysis.classes import COUNT, SCHEME, SCHEMES, indicator_bounds, inner_bounds
from helpers.analysis.indicators import find_present
from helpers.data import processed
from helpers.declarations import BY_ID
from helpers.desk import tables
from helpers.desk.maps import draw_map, draw_rank
from helpers.desk.names import KEYS
from helpers.desk.plots import draw_scatter, draw_trend
from helpers.desk.views import View

#: Charts of an explorer, in the order in which they stand.
CHARTS = ("map", "rank", "scatter", "trend")

#: Rows of the ranking and of the table of an explorer.
ROWS = 20


@dataclass(frozen=True)
class Choice:
    """What is chosen.

    Attributes
    ----------
    place
        Code of a district, whose comuni are shown; empty for the districts of the region.
    indicator, versus
        What is shown, and what it is set against: ids.
    year
        Of the values; 0 for the latest.
    focus
        Code of the place that is marked and whose years are drawn; empty for none.
    scheme, classes
        How classes are made, and how many.
    lang
        ``it`` or ``en``.
    """

    place: str = ""
    indicator: str = "old_age_index"
    versus: str = "share_small_comuni"
    year: int = 0
    focus: str = ""
    scheme: str = SCHEME
    classes: int = COUNT
    lang: str = "it"

    @property
    def level(self) -> str:
        """The level whose places are shown."""
        return "comuni" if self.place else "districts"


def indicators_of(choice: Choice) -> list[str]:
    """Ids that the places shown have."""
    table = _level(choice.level, processed.state())
    return [i.id for i in find_present(table) if table[i.id].notna().any()]


def schemes_of(choice: Choice) -> list[str]:
    """Ways to make classes of the places shown: natural ones of all comuni take seconds, and minutes of all years."""
    return [scheme for scheme in SCHEMES if scheme != "natural" or choice.level != "comuni"]


def years_of(choice: Choice) -> list[int]:
    """Years of the indicator on the level shown; none if it has no series."""
    return _years(choice.indicator, choice.level, processed.state()).index.unique("year").sort_values().tolist()


@lru_cache(maxsize=64)
def _years(indicator: str, level: str, state: tuple[str, ...]) -> pd.Series:
    """Known values of an indicator on a level, by year and code."""
    series = processed.load("series")
    own = series[(series["level"] == level) & (series["id"] == indicator) & series["value"].notna()]
    return own.set_index(["year", "code"])["value"]


def frame_of(choice: Choice) -> gpd.GeoDataFrame:
    """The places, with the values of the year that is chosen."""
    table = _level(choice.level, processed.state())
    if choice.place:
        table = table[table["district"] == choice.place].sort_values(
            "residents", ascending=False, kind="stable", ignore_index=True
        )
    frame = table.copy()
    # Pandas copies them, deep, whenever it touches the frame.
    frame.attrs = {}
    if choice.year in years_of(choice):
        values = _years(choice.indicator, choice.level, processed.state()).loc[choice.year]
        frame[choice.indicator] = frame[KEYS[choice.level]].map(values)
    return frame


@lru_cache(maxsize=8)
def _level(level: str, state: tuple[str, ...]) -> gpd.GeoDataFrame:
    return tables.read_level(level)


def views_of(choice: Choice, names: Collection[str] = CHARTS) -> dict[str, View]:
    """The charts of these names; a trend only where the indicator has several years."""
    frame, lang, title = frame_of(choice), choice.lang, titled(choice)
    both = " / ".join(BY_ID[each].words[lang].short for each in (choice.indicator, choice.versus))
    bounds = bounds_of(choice)
    by = KEYS[choice.level]
    makers: dict[str, Callable[[], View | None]] = {
        "map": lambda: draw_map(frame, choice.indicator, bounds=bounds, title=title, lang=lang),
        "rank": lambda: draw_rank(frame, choice.indicator, bounds=bounds, top=ROWS, title=title, lang=lang),
        "scatter": lambda: draw_scatter(choice.versus, choice.indicator, frame, by=by, title=both, lang=lang),
        "trend": lambda: _trend(choice),
    }
    made = {name: makers[name]() for name in CHARTS if name in names}
    return {name: view for name, view in made.items() if view is not None}


def bounds_of(choice: Choice) -> list[float]:
    """Bounds of the classes: those of the site, or of all years where one is chosen, so that colours compare."""
    if choice.year not in years_of(choice):
        return indicator_bounds(processed.load(choice.level), choice.indicator, choice.scheme, choice.classes)
    values = _years(choice.indicator, choice.level, processed.state())
    return inner_bounds(values, BY_ID[choice.indicator].precision, choice.scheme, choice.classes)


def _trend(choice: Choice) -> View | None:
    """The years of the place that is marked, else of the district or the region."""
    place, level = (choice.focus, choice.level) if choice.focus else (choice.place or "01", "districts")
    level = level if choice.focus or choice.place else "region"
    if not years_of(choice) or not _known(choice.indicator, place, level):
        return None
    return draw_trend(choice.indicator, place, level=level, reference=level != "region", lang=choice.lang)


def titled(choice: Choice) -> str | None:
    """The title where a year is chosen; else the charts' own."""
    if not choice.year:
        return None
    return f"{BY_ID[choice.indicator].words[choice.lang].long}, {choice.year}"


def _known(indicator: str, code: str, level: str) -> bool:
    return code in _years(indicator, level, processed.state()).index.unique("code")


def code_of(choice: Choice) -> str:
    """The lines that show the same in a cell."""
    frame = f'we.comuni("{choice.place}")' if choice.place else "we.districts"
    key, indicator, more = KEYS[choice.level], f'"{choice.indicator}"', _differing(choice)
    lines = ["import helpers as we", "", f"frame = {frame}"]
    if choice.year in years_of(choice):
        lines += [
            f'years = we.series({indicator}, level="{choice.level}").query("year == {choice.year}")',
            f'frame[{indicator}] = frame["{key}"].map(years.set_index("code")["value"])',
        ]
    versus = f'"{choice.versus}", {indicator}, frame, by="{key}"'
    lang = "" if choice.lang == "it" else f', lang="{choice.lang}"'
    lines += [f"we.map(frame, {indicator}{more}{lang})", f"we.rank(frame, {indicator}, top={ROWS}{more}{lang})"]
    lines.append(f"we.scatter({versus}{lang})")
    if choice.focus and years_of(choice):
        lines.append(f'we.trend({indicator}, "{choice.focus}", level="{choice.level}"{lang})')
    return "\n".join(lines)


def _differing(choice: Choice) -> str:
    """Arguments for what differs from the defaults; with a year, the bounds that all years share."""
    if choice.year in years_of(choice):
        return f", bounds={bounds_of(choice)}"
    given = {"scheme": choice.scheme, "classes": choice.classes}
    own = {"scheme": SCHEME, "classes": COUNT}
    return "".join(f", {name}={value!r}" for name, value in given.items() if value != own[name])


def rows_of(choice: Choice) -> pd.DataFrame:
    """The table beside the charts: name, residents and both columns, the highest first."""
    frame = pd.DataFrame(frame_of(choice)).sort_values(choice.indicator, ascending=False)
    columns = ["name", "residents", choice.indicator, choice.versus]
    return frame[list(dict.fromkeys(columns))].head(ROWS).reset_index(drop=True)
