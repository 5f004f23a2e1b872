"""The district report: thirty pages from one notebook."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from helpers import config
from helpers.analysis.indicators import logarithmic
from helpers.data import processed
from helpers.figures import charts, maps
from helpers.figures.exhibit import Figure, Places, Table
from helpers.figures.tables import Column
from helpers.pages.boundaries.page import Boundaries
from helpers.pages.common.spending import Spending
from helpers.pages.common.told_places import told_groups
from helpers.pages.district.change import show_change
from helpers.pages.district.inputs import MAP_INDICATOR, district_inputs
from helpers.pages.district.opening import Opening

#: Names written on the map, the most populous first.
LABELLED_COMUNI = 6

#: A table of more comuni is open, with a field to filter it.
FILTERED = 8

#: The page on which districts stand side by side.
COMPARISON = "esplora"


class DistrictReport(Opening):
    """The pieces of one district's report; each method shows one.

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

    def title(self) -> None:
        """Title, subtitle and what the publishing step must know."""
        self.head(
            self.address.format(slug=self.slug),
            self.text("district_title", self.facts),
            self.text("district_subtitle", self.facts),
            self.text("district_description", self.facts),
        )

    def brief(self) -> None:
        """Three to five sentences that pick out what is unusual here, by a stated rule."""
        self.markdown(f"## {self.label('district.distinct')}")
        self.prose("district_brief", self.facts)

    def map(self) -> None:
        """The comuni, coloured by the share of older residents, among their neighbours."""
        self.section("comuni")
        caption = self.text("caption_map", self.facts, **self._map_facts())
        frame, columns, note = self._comuni()
        if len(frame) == 1:
            # A map of classes with one area says nothing; where it is, the map of the region shows.
            self.exhibit(Table("map", caption, frame, columns, self.words, note))
        else:
            self._show_map(caption, frame, columns, note)
        self.prose("district_boundary", self.facts)

    def _show_map(self, caption: str, frame: pd.DataFrame, columns: list[Column], note: Markup) -> None:
        classes = self.classes_of(MAP_INDICATOR, self.inputs.bounds)
        around = self.inputs.neighbours
        chart = maps.choropleth(
            self.own,
            self.own[MAP_INDICATOR],
            classes,
            hover=[self._hover(row) for row in self.own.to_dict("records")],
            missing_label=self.label("map.no_value"),
            context=around,
            context_hover=[f"{name} ({self.label('map.neighbours')})" for name in around["name"]],
            labels=self.own.head(LABELLED_COMUNI),
        )
        alt = self._map_alt()
        places = Places(frame["code"].tolist(), f"data/comuni/{self.slug}.geojson", "istat")
        filter_ = self.label("district.filter") if len(frame) > FILTERED else ""
        self.exhibit(Figure("map", caption, alt, chart, frame, columns, self.words, note, places, filter=filter_))

    def _comuni(self) -> tuple[pd.DataFrame, list[Column], Markup]:
        """The table of comuni: frame, columns and note."""
        columns = [
            self.name_column("name", "table.comune"),
            Column("ente_gestore", self.label("table.lead_ente")),
            self.number_column("residents"),
            self.number_column(MAP_INDICATOR),
            self.number_column("old_age_index"),
            Column("status", self.label("table.boundary_status"), self.badge, file=("status", "rules", "source_ids")),
        ]
        return self.own.drop(columns="geometry"), columns, self.note("derived", "population") + self._boundary_note()

    def _boundary_note(self) -> Markup:
        """The sources of all comuni together, and where those of each stand with its rule."""
        ids = sorted({i for cell in self.own["source_ids"] for i in cell.split(";") if i})
        page = Markup('<a href="{}{}.html">{}</a>').format(
            self.to_root, Boundaries.address, self.label("district.rules")
        )
        told = Markup("{}: {}. ").format(self.label("district.boundary_sources"), self.source_links(ids)) if ids else ""
        return Markup('<p class="provenance">{}{}.</p>').format(told, page)

    def _hover(self, row: dict[str, Any]) -> Markup:
        lines: list[str] = [Markup("<b>{}</b>").format(row["name"])]
        lines += [
            f"{self.label(f'indicator.{i}.short')}: {self.value(i, row[i])}" for i in ("residents", MAP_INDICATOR)
        ]
        lines.append(f"{self.label('table.boundary_status')}: {self.label('status.' + row['status'] + '.name')}")
        return Markup("<br>").join(lines)

    def _map_facts(self) -> dict[str, Any]:
        """What caption and text alternative of the map speak of.

        Highest and lowest are sought among comuni large enough for a share to mean something, where there are two.
        """
        large = self.own[self.own["residents"] >= config.SMALL_COMUNE]
        ranked = (large if len(large) > 1 else self.own).dropna(subset=MAP_INDICATOR).sort_values(MAP_INDICATOR)
        ends = {"lowest": ranked.iloc[0], "highest": ranked.iloc[-1]}
        return {
            "indicator": MAP_INDICATOR,
            "value": self.facts["values"][MAP_INDICATOR],
            "min_residents": config.SMALL_COMUNE if len(large) > 1 else None,
            "n_missing": int(self.own[MAP_INDICATOR].isna().sum()),
        } | {end: {"name": row["name"], "value": float(row[MAP_INDICATOR])} for end, row in ends.items()}

    def _map_alt(self) -> str:
        """The text alternative of the map: its ends, and on which sides the highest and the lowest values lie."""
        facts = self._map_facts()
        told = told_groups(self, self.own, MAP_INDICATOR, "district", facts["min_residents"] or 0)
        return f"{self.text('alt_map', self.facts, **facts)} {told}".strip()

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

    def change(self) -> None:
        """How residents and incomes have changed, beside the region's."""
        if self.inputs.change:
            show_change(self, self.name, self.code, self.inputs.change)

    def comparison(self) -> None:
        """The district against the region, its province and the other twenty-nine."""
        self.section("comparison")
        self.prose("district_comparison", self.facts)
        if self.facts["income"]:
            self.prose("district_income", self.facts)
        frame = self.indicator_rows()
        printed = self.printed(frame, "district", "province", "region")
        printed["rank_printed"] = [self.rank(None if pd.isna(rank) else int(rank)) for rank in frame["rank"]]
        columns = [
            self.indicator_column(),
            Column("indicator", self.label("district.strip"), self.strip, file=()),
            *(self.printed_column(c, f"table.{c}") for c in ("district", "province", "region")),
            Column("rank_printed", self.label("table.rank"), numeric=True, file={"rank": "rank"}),
            Column("year", self.label("change.calendar_year"), show=str, numeric=True),
        ]
        strips = self.text("caption_sheet_strips", {"logarithmic": logarithmic(frame["indicator"])})
        caption = f"{self.text('caption_indicators', self.facts)} {strips}"
        # The strips show every district.
        note = self.indicators_note(frame["indicator"])
        self.exhibit(Table("indicators", caption, printed, columns, self.words, note))

    def similar(self) -> None:
        """The most similar districts, by a stated method: cards that open the comparison."""
        self.section("peers")
        self.prose("district_peers", self.facts)
        slugs = {p["name"]: p["slug"] for p in self.facts["peers"]}
        if not slugs:
            return
        shown = self.facts["compared"]
        cards = Markup("").join(
            self._card(row, slugs[row["name"]], shown) for row in self.inputs.similar.to_dict("records")
        )
        note = self.indicators_note(shown, self.inputs.similar["code"])
        self.html(
            Markup('<figure class="peers"><figcaption class="caption">{}</figcaption><ul>{}</ul>{}</figure>').format(
                self.text("caption_peers", self.facts), cards, note
            )
        )

    def _card(self, row: dict[str, Any], slug: str, shown: list[str]) -> Markup:
        """A district like this one, with what it is compared by."""
        values = Markup("").join(
            Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(
                self.label(f"indicator.{i}.short"), self.value(i, row[i])
            )
            for i in ("residents", *shown)
        )
        return Markup('<li><h3><a href="{}.html">{}</a></h3><dl>{}</dl><a href="{}{}.html?d={},{}">{}</a></li>').format(
            slug, row["name"], values, self.to_root, COMPARISON, self.slug, slug, self.label("district.compare")
        )

    def spending(self) -> None:
        """What was funded, committed and paid here, as far as it has been imported."""
        if self.inputs.spending.facts or self.inputs.spending.actual:
            Spending(self).district(self.inputs.spending, self.facts)

    def sources(self) -> None:
        """The sources this page rests on, with their addresses."""
        self.section("sources")
        caption, note = self.text("caption_sources", self.facts), self.note("sourced", "sources")
        self.source_table(self.inputs.sources, caption, note)

    def limits(self) -> None:
        """What is not known and what cannot be concluded."""
        self.section("limits")
        self.prose("district_limits", self.facts)

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
