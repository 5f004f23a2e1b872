"""WILL, the experiment of Italian cities: its first page, and what its pages share."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd
from markupsafe import Markup, escape

from helpers.figures import cities, journey, theme
from helpers.figures.exhibit import Figure, Places
from helpers.figures.tables import Column
from helpers.pages.common.page import Page, piece
from helpers.pages.will.inputs import RESULT_FACTS, will_inputs
from helpers.prose import numbers
from helpers.prose.escape import md
from helpers.prose.provenance import SOURCES_PAGE, anchor
from helpers.prose.render import upper_first
from helpers.subjects import will

#: Where a city's name stands on the map, so that neighbours do not write over each other.
NAME_SIDES = {
    "Como": "top left",
    "Monza": "bottom right",
    "Bergamo": "top right",
    "Novara": "bottom center",
    "Mantova": "middle left",
    "Parma": "middle left",
    "Reggio Emilia": "bottom center",
    "Verona": "top center",
    "Rovigo": "bottom center",
    "Ravenna": "bottom center",
}

#: Colour and marker of the cities on the map, by whether they finished.
GROUPS = {"finished": (theme.BLUE, "circle"), "not_finished": (theme.ORANGE, "square")}

#: What comes before the lists of results and obstacles.
INTRODUCTIONS = {"result": "will_results", "obstacle": "will_obstacles"}


class WillPage(Page):
    """What the pages on WILL share: how facts, lists and confidence are shown."""

    people_year, of_piedmont = "will_year", False

    def confidence(self, value: object) -> str:
        """How far the sources agree, worded; a blank says that nothing was found."""
        key = re.sub(r"[^a-z0-9]+", "_", str(value).lower()).strip("_") if value == value and value else "none"
        return self.worded(f"will_confidence.{key}", str(value))

    def cited(self, source_ids: Iterable[str]) -> Markup:
        """Small links to sources, each saying the status; to the table itself where no source is named."""
        if ids := list(source_ids):
            title = self.label("status.sourced.cited")
            marks = (Markup('<a href="{}" title="{}">{}</a>').format(self.source_address(i), title, i) for i in ids)
            return Markup("\u00a0") + Markup(" ").join(marks)
        title, text = self.label("status.derived.cited"), self.label("provenance.package.short")
        return Markup('\u00a0<a href="{}" title="{}">{}</a>').format(self.source_address("package"), title, text)

    def links(self, source_ids: Iterable[str]) -> Markup:
        """Badge and links to sources."""
        return Markup("{} {}").format(self.badge("sourced"), self.source_links(list(source_ids)))

    def fact_list(self, facts: pd.DataFrame, with_city: bool = False) -> None:
        """Facts as a list: what it is about, the fact or that it is not known, when, how sure, from where."""
        items = [self._fact(row, with_city) for row in facts.to_dict("records")]
        self.html(Markup('<ul class="facts">{}</ul>').format(Markup("").join(items)))

    def _fact(self, row: dict, with_city: bool) -> Markup:
        table, key = "will_city_facts", row["fact_id"]
        item, note = self.row(table, key, "item") or row["item"], self.row(table, key, "note")
        if with_city and row["city"] != "all":
            item = f"{row['city']}: {item[:1].lower()}{item[1:]}"
        known = isinstance(row["value"], str)
        value = escape((self.row(table, key, "value") or row["value"]) if known else self.label("state.not_known"))
        value = value if known else Markup('<span class="not-known">{}</span>').format(value)
        year = Markup(" ({})").format(self._year(row["year"])) if isinstance(row["year"], str) else ""
        # That no source says it is what such a note explains.
        sure = f"{upper_first(self.confidence(row['confidence']))}. " if known or not note else ""
        told = f"{sure}{note}." if note else sure.strip()
        return Markup('<li id="{}"><strong>{}</strong>{}: {}{}. <span class="note">{}</span></li>').format(
            key, item, year, value, self.cited(row["source_ids"]), told
        )

    def _year(self, year: str) -> str:
        return self.label("will.undated") if year == "undated" else year.replace("-", "–")

    def named(self, table: pd.DataFrame, *indicators: str) -> list[str]:
        """Text of each city on a map."""
        return [
            Markup("<br>").join(
                [
                    Markup("<b>{}</b>").format(row["city"]),
                    escape(self.label(f"will_state.{row['state']}")),
                    *(f"{self.label(f'indicator.{i}.short')}: {self.value(i, row[i])}" for i in indicators),
                ]
            )
            for row in table.to_dict("records")
        ]

    def yes_no(self, value: object) -> str:
        """A flag in words."""
        return self.label("will.yes" if value else "will.no")

    def sources_column(self) -> Column:
        """The column of links to sources."""
        return Column("source_ids", self.label("table.sources"), show=self.source_links)


class Will(WillPage):
    """The first page: what WILL is, who took part, what came of it."""

    notebook = "will"
    address = "will/index"
    titles = "will_page"
    inputs_from = staticmethod(will_inputs)

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        self.inputs = will_inputs()
        self.facts, self.cities = self.inputs.facts, self.inputs.cities

    @piece
    def numbers(self) -> None:
        """WILL in a few numbers, each with its status."""
        facts = self.facts
        cards = [
            ("years", self.label("will_card.years_value"), facts["duration_sources"]),
            ("initial", numbers.integer(facts["n_initial"], self.lang), facts["count_sources"]),
            ("completed", numbers.integer(facts["n_completed"], self.lang), facts["count_sources"]),
        ]
        items = [
            Markup('<li class="number"><strong>{}</strong><span>{}</span>{}<small>{}</small></li>').format(
                value, self.label(f"will_card.{key}"), self.badge("sourced"), self.source_links(ids)
            )
            for key, value, ids in cards
        ]
        residents = numbers.integer(facts["residents_completed"], self.lang)
        text, to = self.label("provenance.regions.short"), f"{self.to_root}{SOURCES_PAGE}#{anchor('regions')}"
        items.append(
            Markup(
                '<li class="number"><strong>{}</strong><span>{}</span>{}<small><a href="{}">{}</a></small></li>'
            ).format(residents, self.label("will_card.residents"), self.badge("derived"), to, text)
        )
        self.html(Markup('<ul class="numbers">{}</ul>').format(Markup("").join(items)))

    @piece
    def brief(self) -> None:
        """What WILL is, in a few sentences."""
        self.prose("will_brief", self.facts)

    @piece
    def model(self) -> None:
        """Where it comes from and the welfare it proposes."""
        self.section("will_model")
        self._texts("origin")
        self.markdown(f"### {self.label('will.model')}")
        self._texts("model")

    @piece
    def path(self) -> None:
        """Who promotes it and how it works, fact by fact."""
        self.section("will_path")
        self._texts("path")
        self.markdown(f"### {self.label('will.overall')}")
        self.fact_list(self.inputs.overall)

    @piece
    def journey(self) -> None:
        """The cities through the three lists."""
        self.section("will_journey")
        self.prose("will_journey", self.facts)
        labels = {stage: self.label(f"will_stage.{stage}") for stage in will.STAGES}
        names = {stage: self.label(f"will_stage_name.{stage}") for stage in will.STAGES}
        hover = [
            [Markup("<b>{}</b><br>{}: {}").format(row["city"], names[s], self.yes_no(row[s])) for s in will.STAGES]
            for row in self.cities.to_dict("records")
        ]
        finished, left, absent = (self.label(f"will_legend.{key}") for key in ("finished", "not_finished", "absent"))
        chart = journey.journey(self.cities, "city", labels, will.STAGES[-1], (finished, left, absent), hover)
        columns = [
            self.name_column("city", "will.city"),
            Column("region", self.label("will.region")),
            *(Column(s, names[s], show=self.yes_no) for s in will.STAGES),
            Column("confidence", self.label("will.confidence"), show=self.confidence),
            Column("note", self.label("table.note")),
            self.sources_column(),
        ]
        notes = [self.row("will_cities", city, "note", "") for city in self.cities["city"]]
        frame = self.cities.assign(source_ids=self.cities["source_ids"].map(";".join), note=notes)
        caption, alt = self.text("caption_will_journey", self.facts), self.text("alt_will_journey", self.facts)
        note = self.sources_note("sourced", self.facts["lists_sources"])
        self.exhibit(Figure("will-journey", caption, alt, chart, frame, columns, self.words, note))

    @piece
    def conflicts(self) -> None:
        """Where the sources disagree on who took part."""
        self.section("will_conflicts")
        self.prose("will_conflicts", self.facts)
        self.fact_list(self.inputs.conflicts, with_city=True)

    @piece
    def map(self) -> None:
        """Where the cities are."""
        self.section("will_map")
        finished = self.cities["completed_8"].astype(bool)
        points = self.cities.assign(group=finished.map({True: "finished", False: "not_finished"}))
        groups = {key: (self.label(f"will_legend.{key}"), *look) for key, look in GROUPS.items()}
        ground = self.inputs.ground
        chart = cities.city_map(
            ground, points, groups, self.named(points, "residents"), NAME_SIDES, ground["region"].map(escape)
        )
        columns = [
            self.name_column("city", "will.city"),
            Column("region", self.label("will.region")),
            Column("state", self.label("will.state"), show=lambda s: self.label(f"will_state.{s}")),
            self.number_column("residents"),
        ]
        caption, alt = self.text("caption_will_map", self.facts), self.text("alt_will_map", self.facts)
        note = self.note("derived", "will_population")
        places = Places(self.cities["istat"].tolist(), "data/geo/will.geojson", "istat")
        self.exhibit(Figure("will-map", caption, alt, chart, self.cities, columns, self.words, note, places))

    @piece
    def results(self) -> None:
        """The four results."""
        self._list_facts("result")

    @piece
    def obstacles(self) -> None:
        """The four obstacles."""
        self._list_facts("obstacle")

    @piece
    def conditions(self) -> None:
        """The five conditions."""
        self.section("will_condition")
        self._texts("premise")
        self._texts("condition", ordered=True)

    def _list_facts(self, kind: str) -> None:
        self.section(f"will_{kind}")
        self.prose(INTRODUCTIONS[kind], self.facts)
        self._texts(kind, ordered=True)
        facts = self.inputs.results
        self.fact_list(facts[facts["fact_id"] == RESULT_FACTS[kind]])

    def _texts(self, kind: str, ordered: bool = False) -> None:
        """What WILL says of itself, one item after the other."""
        texts = self.inputs.texts
        own = texts[texts["kind"] == kind].sort_values("position")
        tag = "ol" if ordered else "ul"
        items = []
        for row in own.to_dict("records"):
            key, table = row["item_id"], "will_text"
            note = self.row(table, key, "note")
            told = Markup(' <span class="note">{}.</span>').format(note) if note else ""
            title, text = (self.row(table, key, column) or row[column] for column in ("title_it", "text_it"))
            items.append(
                Markup('<li id="{}"><strong>{}.</strong> {}{}{}</li>').format(
                    key, title, text, self.cited(row["source_ids"]), told
                )
            )
        self.html(Markup('<{} class="facts">{}</{}>').format(tag, Markup("").join(items), tag))

    @piece
    def publications(self) -> None:
        """What has been written on WILL."""
        self.section("will_publications")
        items = Markup("").join(self._publication(row) for row in self.inputs.publications.to_dict("records"))
        self.html(Markup('<ul class="facts">{}</ul>').format(items))

    def _publication(self, row: dict) -> Markup:
        table, key = "will_publications", row["publication_id"]
        named = row["authors_or_editors"] if isinstance(row["authors_or_editors"], str) else None
        authors = self.row(table, key, "authors_or_editors", named) or self.label("will.no_authors")
        year = self.label("will.undated") if pd.isna(row["year"]) else str(row["year"])
        publisher = row["publisher"] if isinstance(row["publisher"], str) else self.label("will.no_publisher")
        note = self.row(table, key, "note")
        sure = upper_first(self.confidence(row["confidence"]))
        said = f"{sure}. {note}." if note else f"{sure}."
        return Markup('<li id="{}"><cite>{}</cite>. {}; {}; {}; {}{}. <span class="note">{}</span></li>').format(
            key,
            row["title"],
            upper_first(authors),
            publisher,
            year,
            self.row(table, key, "type") or row["type"],
            self.cited(row["source_ids"]),
            said,
        )

    @piece
    def more(self) -> None:
        """Where to read on: the single cities, and WE.CA.RE. beside WILL."""
        links = (("citta.html", "will.to_cities"), ("confronto.html", "will.to_comparison"))
        self.markdown("\n".join(f"- [{md(self.label(key))}]({address})" for address, key in links))
