"""The district report: thirty pages from one notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from markupsafe import Markup

from helpers import config
from helpers.data import processed
from helpers.declarations.names import find_indicator
from helpers.errors import nearest, refuse
from helpers.figures import charts, maps
from helpers.figures.exhibit import Figure, Places, Table
from helpers.figures.tables import Column
from helpers.pages.boundaries.page import Boundaries
from helpers.pages.common.own_layers import Layer, find_layer
from helpers.pages.common.page import piece
from helpers.pages.common.spending import Spending
from helpers.pages.common.told_places import told_groups
from helpers.pages.district.beside import Beside
from helpers.pages.district.change import show_change
from helpers.pages.district.change_inputs import first_years
from helpers.pages.district.inputs import BESIDE, MAP_INDICATOR, DistrictInputs, district_inputs, indicators_of

#: Names written on the map, the most populous first.
LABELLED_COMUNI = 6

#: A table of more comuni is open, with a field to filter it.
FILTERED = 8


class DistrictReport(Beside):
    """The pieces of one district's report; each method gives what it shows, and its arguments are what may be varied.

    Parameters
    ----------
    district
        Code or slug.
    lang, edition
        See :class:`helpers.pages.common.page.Page`.
    """

    notebook = "district"
    address = "distretti/{slug}"
    each = "districts"
    parameter = "district"
    inputs_from = staticmethod(district_inputs)
    lists_sources = True

    def __init__(self, district: str, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition, district=district)
        processed.ensure()
        self.inputs = district_inputs(district)
        self.facts, self.own = self.inputs.facts, self.inputs.comuni
        self.code, self.name, self.slug = self.inputs.code, self.inputs.name, self.inputs.slug
        self.key_columns = {"distretto_id": self.code}

    @piece
    def title(self) -> None:
        """Title, subtitle and what the publishing step must know."""
        self.head(
            self.address.format(slug=self.slug),
            self.text("district_title", self.facts),
            self.text("district_subtitle", self.facts),
            self.text("district_description", self.facts),
        )

    @piece
    def brief(self) -> None:
        """Three to five sentences that pick out what is unusual here, by a stated rule."""
        self.markdown(f"## {self.label('district.distinct')}")
        self.prose("district_brief", self.facts)

    @piece
    def map(
        self,
        indicator: str = MAP_INDICATOR,
        names: int = LABELLED_COMUNI,
        layer: str | Path | gpd.GeoDataFrame | None = None,
    ) -> None:
        """The comuni, coloured by an indicator, among their neighbours.

        Parameters
        ----------
        indicator
            One that comuni have, by its id, a name in either language or a synonym; shown with its own unit, in the
            classes of all comuni of the region.
        names
            How many names are written on the map, the most populous first.
        layer
            Shapes of your own over it: a GeoJSON, a shapefile, a GeoDataFrame, or the name of a table that
            ``wecare add`` made of one; marked as your own.

        Raises
        ------
        InputError
            If comuni have no such indicator (says the nearest), or the layer has no shapes or no coordinates.
        """
        inputs = self.inputs
        if indicator != inputs.indicator:
            inputs = self.varied(indicator=find_indicator(indicator, indicators_of("comuni"), "report.map"))
        self.section("comuni")
        facts = self._map_facts(inputs)
        caption = self.text("caption_map", self.facts, **facts)
        frame, columns, note = self._comuni(inputs)
        if len(frame) == 1:
            # A map of classes with one area says nothing; where it is, the map of the region shows.
            self.exhibit(Table("map", caption, frame, columns, self.words, note))
        else:
            alt = self._map_alt(inputs, facts)
            own = None if layer is None else find_layer(layer, self, "report.map")
            if own:
                alt = f"{alt} {own.title}."
                note += Markup('<p class="provenance">{}.</p>').format(own.title)
            self._show_map(inputs, names, own, caption, alt, frame, columns, note)
        self.prose("district_boundary", self.facts)

    def _show_map(
        self,
        inputs: DistrictInputs,
        names: int,
        layer: Layer | None,
        caption: str,
        alt: str,
        frame: pd.DataFrame,
        columns: list[Column],
        note: Markup,
    ) -> None:
        own, around = inputs.comuni, inputs.neighbours
        chart = maps.choropleth(
            own,
            own[inputs.indicator],
            self.classes_of(inputs.indicator, inputs.bounds),
            hover=[self._hover(row, inputs.indicator) for row in own.to_dict("records")],
            missing_label=self.label("map.no_value"),
            context=around,
            context_hover=[f"{name} ({self.label('map.neighbours')})" for name in around["name"]],
            labels=own.head(names) if names else None,
        )
        if layer:
            chart = layer.over(chart, own)
        places = Places(frame["code"].tolist(), f"data/comuni/{self.slug}.geojson", "istat")
        filter_ = self.label("district.filter") if len(frame) > FILTERED else ""
        self.exhibit(Figure("map", caption, alt, chart, frame, columns, self.words, note, places, filter=filter_))

    def _comuni(self, inputs: DistrictInputs) -> tuple[pd.DataFrame, list[Column], Markup]:
        """The table of comuni: frame, columns and note."""
        columns = [
            self.name_column("name", "table.comune"),
            Column("ente_gestore", self.label("table.lead_ente")),
            *(self.number_column(i) for i in dict.fromkeys(("residents", inputs.indicator, BESIDE))),
            Column("status", self.label("table.boundary_status"), self.badge, file=("status", "rules", "source_ids")),
        ]
        note = self.indicators_note((inputs.indicator, BESIDE), [self.code, *inputs.comuni["code"]])
        return inputs.comuni.drop(columns="geometry"), columns, note + self._boundary_note()

    def _boundary_note(self) -> Markup:
        """The sources of all comuni together, and where those of each stand with its rule."""
        ids = sorted({i for cell in self.own["source_ids"] for i in cell.split(";") if i})
        page = Markup('<a href="{}{}.html">{}</a>').format(
            self.to_root, Boundaries.address, self.label("district.rules")
        )
        told = Markup("{}: {}. ").format(self.label("district.boundary_sources"), self.source_links(ids)) if ids else ""
        return Markup('<p class="provenance">{}{}.</p>').format(told, page)

    def _hover(self, row: dict[str, Any], indicator: str) -> Markup:
        lines: list[str] = [Markup("<b>{}</b>").format(row["name"])]
        lines += [f"{self.label(f'indicator.{i}.short')}: {self.value(i, row[i])}" for i in ("residents", indicator)]
        lines.append(f"{self.label('table.boundary_status')}: {self.label('status.' + row['status'] + '.name')}")
        return Markup("<br>").join(lines)

    def _map_facts(self, inputs: DistrictInputs) -> dict[str, Any]:
        """What caption and text alternative of the map speak of.

        Highest and lowest are sought among comuni large enough for a share to mean something, where there are two.
        """
        own, shown = inputs.comuni, inputs.indicator
        large = own[own["residents"] >= config.SMALL_COMUNE]
        ranked = (large if len(large) > 1 else own).dropna(subset=shown).sort_values(shown)
        ends = {"lowest": ranked.iloc[0], "highest": ranked.iloc[-1]} if len(ranked) else {}
        return {
            "indicator": shown,
            "value": self.facts["values"].get(shown),
            "min_residents": config.SMALL_COMUNE if len(large) > 1 else None,
            "n_missing": int(own[shown].isna().sum()),
            "lowest": None,
            "highest": None,
        } | {end: {"name": row["name"], "value": float(row[shown])} for end, row in ends.items()}

    def _map_alt(self, inputs: DistrictInputs, facts: dict[str, Any]) -> str:
        """The text alternative of the map: its ends, and on which sides the highest and the lowest values lie."""
        told = told_groups(self, inputs.comuni, inputs.indicator, "district", facts["min_residents"] or 0)
        return f"{self.text('alt_map', self.facts, **facts)} {told}".strip()

    @piece
    def population(self) -> None:
        """Who lives there: the age pyramid against the region's."""
        self.section("population")
        self.prose("district_population", self.facts)
        own, region = self.inputs.ages, self.inputs.region_ages
        words = self.pyramid_words() | {"age": self.label("axis.age").capitalize()}
        names = (self.label("axis.district"), self.label("axis.region"))
        chart = charts.pyramid(own, region, names, words, self.show("share_0_14"))
        frame = own.assign(
            age=own["age_from"].map(charts.class_label),
            region_female_share=region["female_share"],
            region_male_share=region["male_share"],
        )
        columns = [
            self.name_column("age", "table.age"),
            *self.pyramid_columns(),
            self.share_column("region_male_share", "pyramid.region_male_share", self.year_of("residents")),
            self.share_column("region_female_share", "pyramid.region_female_share", self.year_of("residents")),
        ]
        peak = largest_class(own)
        caption = self.text("caption_pyramid", self.facts, peak=peak)
        alt = self.text("alt_pyramid", self.facts, peak=peak)
        note = self.note("derived", "population")
        self.exhibit(Figure("pyramid", caption, alt, chart, frame, columns, self.words, note))

    @piece
    def change(self, since: int | None = None) -> None:
        """How residents (persons, and an index) and incomes (euro per taxpayer) have changed, beside the region's.

        Parameters
        ----------
        since
            The first year, whose residents are 100; by default the first of each series that compares with the last.

        Raises
        ------
        InputError
            If one of the series does not have the year; says those both have.
        """
        change = self.inputs.change
        if since is not None and change:
            if since not in (years := first_years()):
                raise refuse("report.change", "the series do not begin in this year", nearest(since, years), since)
            change = self.varied(since=since).change
        if change:
            show_change(self, self.name, self.code, change)

    @piece
    def spending(self) -> None:
        """What was funded, committed and paid here, as far as it has been imported."""
        if self.inputs.spending.facts or self.inputs.spending.actual:
            Spending(self).district(self.inputs.spending, self.facts)

    @piece
    def sources(self) -> None:
        """The sources this page rests on, with their addresses."""
        self.section("sources")
        caption, note = self.text("caption_sources", self.facts), self.note("sourced", "sources")
        self.source_table(self.inputs.sources, caption, note)

    @piece
    def limits(self) -> None:
        """What is not known and what cannot be concluded."""
        self.section("limits")
        self.prose("district_limits", self.facts)

    @piece
    def downloads(self, *own: tuple[str, str]) -> None:
        """Offer the printable sheet (made when the site is published), this district for other programs, its card."""
        data, card = self.to_site, f"{self.to_root}embed/{self.slug}.html"
        super().downloads(
            (f"{self.slug}.pdf", self.label("sheet.download")),
            (f"{self.to_root}data/xlsx/{self.slug}.xlsx", self.label("workbook.download_district")),
            (f"{data}api/districts/{self.slug}.json", self.label("machines.file.district")),
            (f"{data}data/comuni/{self.slug}.geojson", self.label("machines.file.comuni")),
            *own,
        )
        embedding = self.embedding(card, f"embed/{self.slug}.html", self.name)
        self.html(Markup('<div id="embed">{}</div>').format(embedding))


def largest_class(classes: pd.DataFrame) -> dict[str, Any]:
    """The five-year class with most residents: ``from_age``, ``to_age`` (None: and over) and ``share``."""
    share = classes["female_share"] + classes["male_share"]
    start = int(classes.at[share.idxmax(), "age_from"])
    end = None if start == charts.PYRAMID_STARTS[-1] else start + 4
    return {"from_age": start, "to_age": end, "share": float(share.max())}
