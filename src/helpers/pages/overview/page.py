"""The region's pages: home and the list of districts."""

from __future__ import annotations

from markupsafe import Markup

from helpers.data import processed
from helpers.figures import maps, theme
from helpers.figures.exhibit import Figure, Pair, Table
from helpers.figures.ranking import ranking
from helpers.figures.tables import Column
from helpers.pages.common.facts import STATUSES
from helpers.pages.common.page import Page
from helpers.pages.common.ranked_map import MAP_HEIGHT, districts, indicator_map, ranking_alt
from helpers.pages.overview.inputs import region_inputs
from helpers.prose import numbers

#: What the map of the list page shows.
MAP_INDICATOR = "old_age_index"


class RegionPage(Page):
    """What the region's pages share: the thirty districts with address, status and project."""

    #: From the page to the folder of the districts.
    to_districts = "distretti/"

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        processed.ensure()
        self.inputs = region_inputs()
        self.facts = {**self.inputs.facts, "districts_path": self.to_districts}
        self.districts = self.inputs.districts

    def href(self, slug: str) -> str:
        """Address of a district's page from this one."""
        return f"{self.to_districts}{slug}.html"

    def district_columns(self) -> list[Column]:
        """Columns of the list of districts; shared by both pages."""
        slugs = dict(zip(self.districts["name"], self.districts["slug"], strict=True))
        columns = [
            self.name_column(
                "name", "table.district", lambda n: Markup('<a href="{}">{}</a>').format(self.href(slugs[n]), n)
            ),
            self.number_column("n_comuni"),
            self.number_column("residents"),
            self.number_column("share_65_plus", "indicator.share_65_plus.short"),
            self.number_column("old_age_index", "indicator.old_age_index.short"),
            Column("project_town", self.label("table.lead_town"), show=self._known),
        ]
        return columns

    def status_columns(self) -> list[Column]:
        """Comuni of each district by status of their boundary."""
        return [
            Column(s, self.label(f"status.{s}.name"), show=lambda v: str(int(v)), numeric=True, unit="comuni")
            for s in STATUSES
        ]

    def _known(self, value: str | None) -> str:
        return self.label("state.not_known") if value is None else str(value)

    def hovers(self, *indicators: str) -> list[str]:
        """Text of each district on a map."""
        return [
            Markup("<br>").join(
                [
                    Markup("<b>{}</b>").format(row["name"]),
                    *(f"{self.label(f'indicator.{i}.short')}: {self.value(i, row[i])}" for i in indicators),
                ]
            )
            for row in self.districts.to_dict("records")
        ]

    def links(self) -> list[str]:
        """Address of each district, for the map."""
        return [self.href(slug) for slug in self.districts["slug"]]


class Overview(RegionPage):
    """The home page."""

    notebook = "overview"
    address = "index"
    titles = "site"
    inputs_from = staticmethod(region_inputs)

    def numbers(self) -> None:
        """The strategy in a few key numbers, each with its status."""
        facts = self.facts
        sources = facts["sources"]
        cards = [
            ("planned_budget", numbers.euro_millions(facts["budget_eur"], self.lang), "sourced", sources["budget"]),
            ("districts", numbers.integer(facts["n_districts"], self.lang), "sourced", sources["districts"]),
            ("m1_projects", numbers.integer(facts["projects_funded"], self.lang), "sourced", sources["m1_projects"]),
            ("residents", numbers.integer(facts["residents"], self.lang), "derived", ["population"]),
        ]
        items = Markup("").join(
            (
                Markup('<li class="number"><strong>{}</strong><span>{}</span>{}<small>{}</small></li>').format(
                    value, self.label("home." + key), self.badge(status), self.source_links(ids)
                )
                for key, value, status, ids in cards
            )
        )
        self.html(Markup('<ul class="numbers">{}</ul>').format(items))

    def brief(self) -> None:
        """What the strategy is and what the site shows."""
        self.prose("overview_brief", self.facts)

    def map(self) -> None:
        """The thirty districts, their ground coloured by how well each boundary is known."""
        self.section("map")
        labels = {status: self.label(f"status.{status}.name") for status in STATUSES}
        chart = maps.status_map(
            self.inputs.ground,
            self.districts,
            self.hovers("residents", "n_comuni", "old_age_index"),
            self.links(),
            labels,
            MAP_HEIGHT,
        )
        columns = [*self.district_columns()[:3], *self.status_columns(), *self._residents_columns()]
        frame = self.districts.drop(columns="geometry")
        caption, alt = self.text("caption_status_map", self.facts), self.text("alt_status_map", self.facts)
        note = self.note("derived", "boundaries")
        places = districts(frame)
        figure = Figure("districts-map", caption, alt, chart, frame, columns, self.words, note, places)
        self.exhibit(Pair(figure, self._residents()))
        self.prose("overview_map", self.facts)

    def _residents_columns(self) -> list[Column]:
        """Residents of each district by status of their comune."""
        heading = self.label("ranking.residents_of")
        return [
            Column(
                f"residents_{s}",
                heading.format(status=self.label(f"status.{s}.name")),
                show=self.show("residents"),
                numeric=True,
                unit="persons",
            )
            for s in STATUSES
        ]

    def _residents(self) -> Figure:
        """The districts by residents, each bar divided as the ground of the map is."""
        table = self.districts.drop(columns="geometry").assign(
            hover=self.hovers("residents", "n_comuni", "old_age_index"), link=self.links()
        )
        rows = table.sort_values("residents", ascending=False, kind="stable")
        printed = [self.value("residents", n) for n in rows["residents"]]
        chart = ranking(
            rows[[f"residents_{s}" for s in STATUSES]],
            [theme.STATUS_COLOURS[s] for s in STATUSES],
            rows["name"],
            printed,
            rows["hover"],
            rows["link"],
            legend=[self.label(f"status.{s}.name") for s in STATUSES],
        )
        caption = self.text("caption_residents_ranking", self.facts)
        alt = ranking_alt(self, "ranking.residents", rows["name"], printed)
        note = self.note("derived", "population")
        return Figure("districts-ranking", caption, alt, chart, None, [], self.words, note)

    def list(self) -> None:
        """The list of districts, each with a link to its page."""
        self.section("districts")
        frame = self.districts.drop(columns="geometry").sort_values("name")
        caption = self.label("caption.districts")
        note = self.note("derived", "population")
        self.exhibit(Table("districts", caption, frame, self.district_columns(), self.words, note))


class DistrictList(RegionPage):
    """The list of districts with a map that compares them."""

    notebook = "districts"
    address = "distretti/index"
    titles = "districts_page"
    inputs_from = staticmethod(region_inputs)
    to_districts = ""

    def intro(self) -> None:
        """What the list holds and how to read it."""
        self.prose("districts_list", self.facts)

    def map(self) -> None:
        """The districts coloured by their old-age index."""
        self.section("map")
        table = self.districts.assign(link=self.links())
        hover = self.hovers("residents", MAP_INDICATOR, "share_80_plus")
        self.exhibit(indicator_map(self, "old-age", table, self.facts, hover, self.district_columns()[:5]))

    def list(self) -> None:
        """Every district with its numbers, its project and the status of its boundary."""
        self.section("districts")
        frame = self.districts.drop(columns="geometry").sort_values("name")
        columns = [*self.district_columns(), *self.status_columns()]
        caption = self.label("caption.districts")
        note = self.note("derived", "population")
        self.exhibit(Table("districts", caption, frame, columns, self.words, note))
