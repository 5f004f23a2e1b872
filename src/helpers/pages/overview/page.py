"""The home page, which says what became of the strategy district by district, and the list of districts."""

from __future__ import annotations

from markupsafe import Markup

from helpers.figures import budgets, maps, theme
from helpers.figures.exhibit import Figure, Table
from helpers.figures.tables import Column
from helpers.pages.common.page import piece
from helpers.pages.common.ranked_map import MAP_HEIGHT, districts
from helpers.pages.common.told_places import told_kinds
from helpers.pages.overview.inputs import CHANGE, UNKNOWN, home_inputs, region_inputs
from helpers.pages.overview.region import RegionPage
from helpers.prose import numbers
from helpers.prose.render import fill

#: What the map of the list page shows.
MAP_INDICATOR = "old_age_index"

#: Where readers of each kind begin: key of the words, pages in their order.
DOORS = {
    "administrators": ("distretti/index", "risorse", "confini"),
    "workers": ("misure/misura-1", "laboratorio/buone-pratiche", "will/index"),
    "press": ("cronologia", "come-cambia", "valutazione"),
    "researchers": ("dati", "indicatori", "equita"),
}

#: What is known and what is not: keys of the words.
KNOWN, NOT_KNOWN = ("plan", "calls", "projects", "people"), ("amounts", "spending", "results", "boundaries")


class Overview(RegionPage):
    """The home page."""

    notebook = "overview"
    address = "index"
    titles = "site"
    inputs_from = staticmethod(home_inputs)

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        self.home = home_inputs()
        self.facts = self.facts | dict(self.home.facts)

    @piece
    def numbers(self) -> None:
        """The strategy in four numbers: what was planned and done, and what of it has been published."""
        facts, sources = self.facts, self.facts["sources"]
        cards = [
            ("planned_budget", numbers.euro_millions(facts["budget_eur"], self.lang), "sourced", sources["budget"]),
            ("m1_projects", numbers.integer(facts["projects_funded"], self.lang), "sourced", sources["m1_projects"]),
            ("amounts_published", self._of(facts["amounts_known"], facts["n_projects"]), "derived", ["package"]),
            ("results_published", self._of(0, facts["n_results"]), "derived", ["package"]),
        ]
        items = Markup("").join(
            Markup('<li class="number"><strong>{}</strong><span>{}</span>{}<small>{}</small></li>').format(
                value, self.label("home." + key), self.badge(status), self.source_links(ids)
            )
            for key, value, status, ids in cards
        )
        self.html(Markup('<ul class="numbers">{}</ul>').format(items))

    def _of(self, part: int, whole: int) -> str:
        return self.label("home.part_of").format(part=part, whole=whole)

    @piece
    def brief(self) -> None:
        """What the strategy was, for whom, when, and with what result; what a district is."""
        self.section("brief")
        self.prose("overview_brief", self.facts)

    @piece
    def map(self) -> None:
        """The thirty districts, coloured by how it is known which project each took part in."""
        self.section("home_map")
        table = self.districts
        statuses = self.home.project_status
        labels = {s: self.label(f"home.project.{s}") for s in (*theme.STATUS_COLOURS, UNKNOWN)}
        hover = [
            Markup("<b>{}</b><br>{}").format(row["name"], labels[statuses[row["code"]]])
            for row in table.to_dict("records")
        ]
        colours = theme.STATUS_COLOURS | {UNKNOWN: theme.MISSING}
        ground = table[["geometry"]].assign(status=table["code"].map(statuses))
        chart = maps.status_map(ground, table, hover, self.links(), labels, MAP_HEIGHT, colours)
        frame = table.drop(columns="geometry").assign(project_status=table["code"].map(statuses))
        columns = [
            *self.district_columns()[:1],
            Column("project_town", self.label("table.lead_town"), show=self._known),
            Column("project_status", self.label("table.status"), show=lambda s: labels[s]),
        ]
        caption = self.text("caption_home_map", self.facts)
        named = table[["name", "geometry"]].assign(status=ground["status"])
        alt = f"{self.text('alt_home_map', self.facts)} {told_kinds(self, named, 'status', labels)}"
        note = self.sources_note("derived", self.facts["link_sources"])
        self.exhibit(Figure("projects-map", caption, alt, chart, frame, columns, self.words, note, districts(frame)))

    @piece
    def money(self) -> None:
        """The planned budgets, each leading to its measure."""
        self.section("home_money")
        self.prose("overview_money", self.facts)
        table = self.home.measures
        table = table.assign(name=[self.label(f"measure_short.{m}") for m in table["measure_id"]])
        printed = [numbers.euro_millions(v, self.lang) for v in table["budget_eur"]]
        chart = budgets.budget_bars(
            table["name"].tolist(),
            (table["budget_eur"] / 1_000_000).tolist(),
            table["fund"].tolist(),
            printed,
            {fund: self.label(f"measure_fund.{fund}") for fund in budgets.FUNDS},
        )
        links = dict(zip(table["name"], table["slug"], strict=True))
        columns = [
            self.name_column(
                "name", "measure_table.measure", lambda n: Markup('<a href="misure/{}.html">{}</a>').format(links[n], n)
            ),
            Column(
                "budget_eur", self.label("measure_table.budget"), lambda v: numbers.euro_millions(v, self.lang), True
            ),
        ]
        facts = {"budgets": list(zip(table["name"], table["budget_eur"], strict=True))}
        caption, alt = self.text("caption_home_money", self.facts), self.text("alt_home_money", facts)
        note = self.sources_note("sourced", self.facts["sources"]["budget"])
        self.exhibit(Figure("money", caption, alt, chart, table, columns, self.words, note))

    @piece
    def known(self) -> None:
        """What is known and what is not, side by side."""
        self.section("home_known")
        halves = [
            Markup("<section><h3>{}</h3><ul>{}</ul></section>").format(
                self.label(f"home.{name}.title"),
                Markup("").join(
                    Markup("<li>{}{}</li>").format(
                        fill(self.lang, f"home.{name}.{key}", **self._told()), self._marks(key)
                    )
                    for key in keys
                ),
            )
            for name, keys in (("known", KNOWN), ("not_known", NOT_KNOWN))
        ]
        self.html(Markup('<div class="halves">{}</div>').format(Markup("").join(halves)))

    def _marks(self, key: str) -> Markup:
        """Links to the sources of what is said with numbers."""
        facts = self.facts
        sources = {
            "projects": [*facts["sources"]["m1_projects"], *facts["sources"]["m2_projects"]],
            "people": ["population", "residentseries", "income"],
            "amounts": facts["measure"]["grant_source_ids"],
            "boundaries": ["boundaries"],
        }
        if key not in sources:
            return Markup("")
        status = "derived" if key in ("people", "boundaries") else "sourced"
        return Markup(" {} <small>{}</small>").format(self.badge(status), self.source_links(sources[key]))

    def _told(self) -> dict[str, str]:
        facts = self.facts
        whole = ("projects_funded", "m2_projects", "n_projects", "amounts_known", "n_results", "n_districts")
        return {key: numbers.integer(facts[key], self.lang) for key in whole} | {
            "grant_min": numbers.euro(facts["measure"]["grant_min_eur"], self.lang),
            "grant_max": numbers.euro(facts["measure"]["grant_max_eur"], self.lang),
            "comuni": numbers.integer(facts["n_comuni"], self.lang),
            "sourced": numbers.percent(facts["status"]["sourced"]["share"], 0, self.lang),
        }

    @piece
    def findings(self, indicator: str = CHANGE) -> None:
        """Three things the site shows: a map of the districts, the bounds of the grants, the simulator.

        Parameters
        ----------
        indicator
            What the map shows, in its unit: one that districts have, by its id, a name in either language or a synonym.

        Raises
        ------
        InputError
            If districts have no such indicator; says the nearest.
        """
        self.section("home_findings")
        if self.home.change:
            facts = self.facts_of(indicator, self.home.change, "findings")
            shown = facts["indicator"]
            if shown == CHANGE:
                self.prose("overview_change", self.facts | {"change": facts})
            self.exhibit(self.mapped(shown, facts, (shown, "residents"), self.district_columns()[:3]))
        self.prose("overview_findings", self.facts)

    @piece
    def timeline(self) -> None:
        """From the approval to the day on which the projects were presented."""
        self.section("home_timeline")
        items = Markup("").join(
            Markup('<li><time datetime="{}">{}</time> {} {} {}</li>').format(
                row["date"],
                numbers.date(row["date"], row["precision"], self.lang),
                self.row("events", row["event_id"], "event", row["event"]),
                self.badge("sourced"),
                self.source_links(row["source_ids"]),
            )
            for row in self.home.events
        )
        self.html(Markup('<ol class="steps">{}</ol>').format(items))
        self.html(Markup('<p><a href="cronologia.html">{}</a></p>').format(self.label("home.whole_timeline")))

    @piece
    def doors(self) -> None:
        """Where readers of each kind begin."""
        self.section("home_doors")
        items = Markup("").join(
            Markup("<section><h3>{}</h3><ul>{}</ul></section>").format(
                self.label(f"home.doors.{reader}"),
                Markup("").join(
                    Markup('<li><a href="{}.html">{}</a></li>').format(
                        page, self.label(f"home.page.{page.replace('/', '_')}")
                    )
                    for page in pages
                ),
            )
            for reader, pages in DOORS.items()
        )
        self.html(Markup('<div class="doors">{}</div>').format(items))

    @piece
    def list(self) -> None:
        """The list of districts, each with a link to its page; how their boundaries are known, in one line."""
        self.section("districts")
        frame = self.districts.drop(columns="geometry").sort_values("name")
        caption = self.label("caption.districts")
        note = self.note("derived", "population")
        self.exhibit(Table("districts", caption, frame, self.district_columns(), self.words, note))
        self.prose("overview_boundaries", self.facts)


class DistrictList(RegionPage):
    """The list of districts with a map that compares them."""

    notebook = "districts"
    address = "distretti/index"
    titles = "districts_page"
    inputs_from = staticmethod(region_inputs)
    to_districts = ""

    @piece
    def intro(self) -> None:
        """What the list holds and how to read it."""
        self.prose("districts_list", self.facts)

    @piece
    def map(self, indicator: str = MAP_INDICATOR) -> None:
        """The districts coloured by an indicator, beside their ranking.

        Parameters
        ----------
        indicator
            One that districts have, in its unit: its id, a name in either language or a synonym.

        Raises
        ------
        InputError
            If districts have no such indicator; says the nearest.
        """
        self.section("map")
        facts = self.facts_of(indicator, self.facts, "map")
        shown = facts["indicator"]
        name = "old-age" if shown == MAP_INDICATOR else shown
        self.exhibit(self.mapped(name, facts, ("residents", shown, "share_80_plus"), self.district_columns()[:5]))

    @piece
    def list(self) -> None:
        """Every district with its numbers, its project and the status of its boundary."""
        self.section("districts")
        frame = self.districts.drop(columns="geometry").sort_values("name")
        columns = [*self.district_columns(), *self.status_columns()]
        caption = self.label("caption.districts")
        note = self.note("derived", "population")
        self.exhibit(Table("districts", caption, frame, columns, self.words, note))
