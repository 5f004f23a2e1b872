"""How a district has changed, beside the region: the two figures of its page."""

from __future__ import annotations

import pandas as pd

from helpers.figures import theme
from helpers.figures.exhibit import Figure
from helpers.figures.tables import Column
from helpers.figures.trends import Line, trend
from helpers.pages.common.long_files import long_file, long_rows
from helpers.pages.common.page import Page
from helpers.pages.common.page_words import unit_of
from helpers.pages.district.change_inputs import DECIMALS, INCOME, RESIDENTS, DistrictChange
from helpers.prose import numbers

#: The region as the files of series call it.
REGION = "region"


def show_change(page: Page, name: str, code: str, change: DistrictChange) -> None:
    """Residents since the census and incomes since they compare; ``code`` is the district's."""
    page.section("change")
    facts = {"name": name} | dict(change.facts)
    page.prose("district_change", facts)
    # Of a series without a value there is nothing to draw.
    if change.residents["index"].notna().any():
        _show_residents(page, name, code, facts, change.residents)
    if change.income["district"].notna().any():
        _show_income(page, name, code, facts, change.income)


def _show_residents(page: Page, name: str, code: str, facts: dict, frame: pd.DataFrame) -> None:
    by_year = frame.set_index("year")
    provisional = by_year.index[by_year["provisional"]].tolist()
    lines = [
        Line(page.label("axis.region"), by_year["region_index"], theme.MUTED, "dash", provisional),
        Line(name, by_year["index"], theme.BLUE, open_years=provisional),
    ]

    def show(value: float) -> str:
        return numbers.decimal(value, DECIMALS, page.lang)

    chart = trend(lines, page.label("change.index"), page.tick, show)
    columns = [
        Column("year", page.label("change.calendar_year"), numeric=True, row_header=True),
        page.number_column("residents"),
        Column("index", page.label("change.index_of_district"), show, numeric=True, unit="index"),
        Column("region_index", page.label("change.index_of_region"), show, numeric=True, unit="index"),
        Column("provisional", page.label("change.state"), show=lambda is_open: _state(page, is_open)),
    ]
    caption, alt = page.text("caption_change_residents", facts), page.text("alt_change_residents", facts)
    note = page.note("derived", "residentseries")
    names = {code: name, REGION: page.label("ranking.region.short")}
    index = by_year[["index", "region_index"]].set_axis([code, REGION], axis=1).T
    own = by_year[["residents"]].set_axis([code], axis=1).T
    rows = long_rows(names, RESIDENTS, unit_of(RESIDENTS), own, provisional)
    file = long_file(rows + long_rows(names, "residents_index", "index", index, provisional))
    page.exhibit(Figure("change-residents", caption, alt, chart, frame, columns, page.words, note, file=file))


def _show_income(page: Page, name: str, code: str, facts: dict, frame: pd.DataFrame) -> None:
    by_year = frame.set_index("year")
    lines = [
        Line(page.label("axis.region"), by_year["region"], theme.MUTED, "dash"),
        Line(name, by_year["district"], theme.BLUE),
    ]
    chart = trend(lines, page.label("change.euro"), page.tick, page.show(INCOME))
    columns = [
        Column("year", page.label("change.calendar_year"), numeric=True, row_header=True),
        *(
            Column(c, page.label(f"table.{c}"), page.show(INCOME), numeric=True, unit="eur")
            for c in ("district", "region")
        ),
    ]
    caption, alt = page.text("caption_change_income", facts), page.text("alt_change_income", facts)
    note = page.indicators_note([INCOME], [code])
    names = {code: name, REGION: page.label("ranking.region.short")}
    wide = by_year[["district", "region"]].set_axis([code, REGION], axis=1).T
    file = long_file(long_rows(names, INCOME, unit_of(INCOME), wide))
    page.exhibit(Figure("change-income", caption, alt, chart, frame, columns, page.words, note, file=file))


def _state(page: Page, provisional: bool) -> str:
    return page.label("change.provisional" if provisional else "change.final")
