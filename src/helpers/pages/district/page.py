"""The district report: thirty pages from one notebook."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from helpers import config
from helpers.analysis.indicators import find_present
from helpers.data import processed
from helpers.declarations import caveats_of
from helpers.figures import charts, maps
from helpers.figures.exhibit import Figure, Places, Table
from helpers.figures.tables import Column
from helpers.pages.boundaries.page import Boundaries
from helpers.pages.common.income_inputs import INCOME
from helpers.pages.common.records import Records
from helpers.pages.common.spending import Spending
from helpers.pages.district.change import show_change
from helpers.pages.district.inputs import MAP_INDICATOR, district_inputs

#: Names written on the map, the most populous first.
LABELLED_COMUNI = 6


class DistrictReport(Records):
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
        self.section("brief")
        self.prose("district_brief", self.facts)

    def map(self) -> None:
        """The comuni, coloured by the share of older residents, among their neighbours."""
        self.section("comuni")
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
        facts = self._map_facts()
        columns = [
            self.name_column("name", "table.comune"),
            Column("ente_gestore", self.label("table.lead_ente")),
            self.number_column("residents"),
            self.number_column(MAP_INDICATOR),
            self.number_column("old_age_index"),
            Column("status", self.label("table.boundary_status"), show=self.badge),
            Column("rules", self.label("table.rule"), show=self._rules),
            Column("source_ids", self.label("table.sources"), show=self.source_links),
        ]
        frame = self.own.drop(columns="geometry")
        caption, alt = self.text("caption_map", self.facts, **facts), self.text("alt_map", self.facts, **facts)
        note = self.note("derived", "population")
        places = Places(frame["code"].tolist(), f"data/comuni/{self.slug}.geojson", "istat")
        self.exhibit(Figure("map", caption, alt, chart, frame, columns, self.words, note, places))
        self.prose("district_boundary", self.facts)

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

    def _rules(self, codes: str) -> Markup:
        """Links from the rules of a comune to their rows on the page of the boundaries."""
        page = f"{self.to_root}{Boundaries.address}.html"
        return Markup(", ").join(
            Markup('<a href="{}#{}">{}</a>').format(page, code, code) for code in codes.split(";") if code
        )

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
            self.share_column("region_male_share", "pyramid.region_male_share"),
            self.share_column("region_female_share", "pyramid.region_female_share"),
        ]
        peak = largest_class(own)
        caption = self.text("caption_pyramid", self.facts, peak=peak)
        alt = self.text("alt_pyramid", self.facts, peak=peak)
        note = self.note("derived", "population")
        self.exhibit(Figure("pyramid", caption, alt, chart, frame, columns, self.words, note))

    def change(self) -> None:
        """How residents and incomes have changed, beside the region's."""
        if self.inputs.change:
            show_change(self, self.name, [self.code], self.inputs.change)

    def comparison(self) -> None:
        """The district against the region, its province and the other twenty-nine."""
        self.section("comparison")
        self.prose("district_comparison", self.facts)
        if self.facts["income"]:
            self.prose("district_income", self.facts)
            for caveat in caveats_of([INCOME], [self.code]):
                self.markdown(self.label(f"caveat.{caveat.id}.text"))
        shown = self.facts["compared"]
        compared = self.inputs.compared
        chart = charts.strips(
            compared[shown],
            self.code,
            {i: self.label(f"indicator.{i}.short") for i in shown},
            compared["name"],
            {i: self.show(i) for i in shown},
            pd.Series(self.facts["region"])[shown].astype(float),
            (self.label("axis.other_districts"), self.name, self.label("axis.region")),
            logarithmic=self.facts["logarithmic"],
        )
        frame = self._indicator_table()
        columns = [
            self.indicator_column(),
            *(self.printed_column(c, f"table.{c}") for c in ("district", "province", "region")),
            Column("rank", self.label("table.rank"), numeric=True, unit="rank"),
            Column("year", self.label("change.calendar_year"), show=str, numeric=True, unit="year"),
        ]
        places = [self.code, self.facts["province"]["code"]]
        printed = self.printed(frame, "district", "province", "region")
        strip = printed[printed["indicator"].isin(shown)]
        caption, alt = self.text("caption_strips", self.facts), self.text("alt_strips", self.facts)
        # The strips show every district.
        note = self.indicators_note(shown)
        self.exhibit(Figure("strips", caption, alt, chart, strip, columns, self.words, note))
        note = self.indicators_note(frame["indicator"], places)
        caption = self.text("caption_indicators", self.facts)
        note = self.indicators_note(frame["indicator"], [self.code, self.facts["province"]["code"]])
        self.exhibit(Table("indicators", caption, printed, columns, self.words, note))

    def _indicator_table(self) -> pd.DataFrame:
        columns = {
            "district": "values",
            "province": "province_values",
            "region": "region",
            "rank": "ranks",
            "year": "years",
        }
        shown = [i.id for i in find_present(self.facts["values"], prominence=2)]
        rows = {c: [self.facts[values].get(i) for i in shown] for c, values in columns.items()}
        return pd.DataFrame({"indicator": shown} | rows)

    def similar(self) -> None:
        """The most similar districts, by a stated method."""
        self.section("peers")
        self.prose("district_peers", self.facts)
        slugs = {p["name"]: p["slug"] for p in self.facts["peers"]}
        frame = self.inputs.similar

        def link(name: str) -> Markup:
            text = escape(name)
            return Markup('<a href="{}.html">{}</a>').format(slugs[name], text) if name in slugs else text

        columns = [self.name_column("name", "table.district", link), self.number_column("residents")]
        columns += [self.number_column(i, f"indicator.{i}.short") for i in self.facts["compared"]]
        caption = self.text("caption_peers", self.facts)
        note = self.indicators_note(self.facts["compared"], frame["code"])
        self.exhibit(Table("peers", caption, frame, columns, self.words, note))

    def wecare(self) -> None:
        """WE.CA.RE. in the district: the project, its partners, what is known of its work, the benchmark."""
        self.section("wecare")
        self.prose("district_wecare", self.facts)
        project = self.facts["project"]
        if self.inputs.work:
            self.markdown(f"### {self.label('project.known')}")
            self.html(self.fact_items("misura1_facts", self.inputs.work))
        # The project's own page where it is known, else that of the measure.
        address = f"progetti/{project['slug']}" if project else "misure/misura-1"
        text = self.label("project.page" if project else "measure_link.district")
        self.html(Markup('<p><a href="{}{}.html">{}</a></p>').format(self.to_root, address, text))

    def spending(self) -> None:
        """What was funded, committed and paid here, as far as it has been imported."""
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
        self.html(self.embedding(card, f"embed/{self.slug}.html", self.name))


def largest_class(classes: pd.DataFrame) -> dict[str, Any]:
    """The five-year class with most residents: ``from_age``, ``to_age`` (None: and over) and ``share``."""
    share = classes["female_share"] + classes["male_share"]
    start = int(classes.at[share.idxmax(), "age_from"])
    end = None if start == charts.PYRAMID_STARTS[-1] else start + 4
    return {"from_age": start, "to_age": end, "share": float(share.max())}
