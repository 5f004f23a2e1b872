"""The page on resources: from funds to calls, what is known of the grants, benchmarks per district."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
from markupsafe import Markup

from helpers.analysis import funding
from helpers.analysis.classes import inner_bounds
from helpers.data import processed
from helpers.figures import flows, maps, ranges, scales
from helpers.figures.exhibit import Figure, Pair, Table
from helpers.figures.tables import Column
from helpers.pages.common.page import Page, piece
from helpers.pages.common.ranked_map import MAP_HEIGHT, districts, ranking_beside
from helpers.pages.common.spending import Spending
from helpers.pages.common.told_places import told_groups
from helpers.pages.resources.inputs import resources_inputs
from helpers.prose import numbers

#: What the map shows: the mixed benchmark in euro per resident, with these decimals.
MAP_BENCHMARK, MAP_DECIMALS = "mix_per_resident", 2


class Resources(Page):
    """Planned money, known grants and benchmarks, kept apart.

    Parameters
    ----------
    lang, edition
        See :class:`helpers.pages.common.page.Page`.
    equal_share, residents_share, need_share
        The mixed benchmark's shares of the budget; they sum to 1.
    """

    notebook = "resources"
    address = "risorse"
    titles = "resources_page"
    inputs_from = staticmethod(resources_inputs)

    def __init__(
        self,
        lang: str = "it",
        edition: str = "",
        equal_share: float = funding.MIX["equal"],
        residents_share: float = funding.MIX["residents"],
        need_share: float = funding.MIX["need"],
    ):
        super().__init__(lang, edition)
        processed.ensure()
        self.inputs = resources_inputs(equal_share, residents_share, need_share)
        self.facts = self.inputs.facts

    @piece
    def numbers(self) -> None:
        """Four numbers: planned, Misura 1, granted in all, grants known one by one."""
        facts, measure = self.facts, self.facts["measure"]
        known = self.label("resources.card.known").format(n=measure["projects"])
        cards = [
            (facts["budget_eur"], self.label("resources.card.planned"), "sourced", facts["budget_sources"]),
            (measure["budget_eur"], self.label("resources.card.m1"), "sourced", measure["source_ids"][:1]),
        ]
        items = [
            self._card(numbers.euro_millions(value, self.lang), text, status, ids) for value, text, status, ids in cards
        ]
        total = numbers.euro_millions(measure["total_over_eur"], self.lang)
        over = self.label("resources.card.over").format(amount=total)
        items.append(self._card(over, self.label("resources.card.granted"), "sourced", ["S027"]))
        items.append(self._card(numbers.integer(facts["n_known"], self.lang), known, "derived", ["S027"]))
        self.html(Markup('<ul class="numbers">{}</ul>').format(Markup("").join(items)))

    def _card(self, value: str, text: str, status: str, source_ids: list[str]) -> Markup:
        links = self.source_links(source_ids)
        return Markup('<li class="number"><strong>{}</strong><span>{}</span>{}<small>{}</small></li>').format(
            value, text, self.badge(status), links
        )

    @piece
    def brief(self) -> None:
        """What was planned, what is known, what a benchmark is."""
        spent = self.inputs.spending
        self.prose("resources_brief", self.facts, spending=spent.facts if spent else None)

    @piece
    def flows(self) -> None:
        """Funds, measures and calls as a Sankey diagram."""
        self.section("resources_flows")
        table = self.inputs.flows
        named = table.assign(
            source=[self._node(n, level - 1) for n, level in zip(table["source"], table["level"], strict=True)],
            target=[self._node(n, level) for n, level in zip(table["target"], table["level"], strict=True)],
        )
        # Fund and measure FESR share their id; a node of the diagram must be one.
        drawn = table.assign(
            amount=table["amount_eur"],
            target=table["target"].where(table["level"] > 1, "m:" + table["target"]),
            source=table["source"].where(table["level"] == 1, "m:" + table["source"]),
        )
        chart = flows.sankey(drawn, *self._node_texts(drawn))
        links = named.astype(object).where(named.notna(), None).to_dict("records")
        caption, alt = self.text("caption_flows", self.facts), self.text("alt_flows", {"links": links})
        columns = [
            self.name_column("target", "resources.table.to"),
            Column("source", self.label("resources.table.from")),
            Column("amount_eur", self.label("table.budget"), show=self._euro, numeric=True),
            Column("status", self.label("table.status"), show=self.badge),
            Column("source_ids", self.label("table.sources"), show=self.source_links),
        ]
        note = self.note("sourced", "flows")
        self.exhibit(Figure("flows", caption, alt, chart, named, columns, self.words, note))
        self.prose("resources_flows", self.facts)

    def _node(self, name: str, level: int) -> str:
        if level == 0:
            return self.label(f"resources.fund.{name}")
        if level == 2:
            return self.label(f"resources.call_long.{name}")
        return self.label("resources.short.FESR-measure" if name == "FESR" else f"resources.short.{name}")

    def _node_texts(self, drawn: pd.DataFrame) -> tuple[dict[str, str], dict[str, str]]:
        """Label and hover text of each node of the diagram."""
        labels: dict[str, str] = {}
        hover: dict[str, str] = {}
        funds = drawn[drawn["level"] == 1].groupby("source")["amount"].sum()
        rows = [(name, 0, amount) for name, amount in funds.items()]
        rows += list(zip(drawn["target"], drawn["level"], drawn["amount"], strict=True))
        for name, level, amount in rows:
            plain = name.removeprefix("m:")
            short = (
                self.label(f"resources.short.{plain}")
                if level == 0
                # Between two columns of nodes there is room for a short name.
                else ranges.wrap(self._node(plain, 1), 20)
                if level == 1
                else self.label(f"resources.call.{plain}")
            )
            known = not numbers.is_missing(amount)
            millions = self.label("resources.caption.million").format(n=self._millions(amount)) if known else ""
            sum_text = millions or self.label("state.not_known")
            labels[name] = Markup("{}<br><b>{}</b>").format(short, sum_text)
            hover[name] = Markup("<b>{}</b><br>{}").format(self._node(plain, level), self._euro(amount))
        return labels, hover

    def _millions(self, amount: float) -> str:
        return numbers.decimal(amount / 1e6, 0 if amount % 1e6 == 0 else 1, self.lang)

    @piece
    def grants(self) -> None:
        """What is known of the grants, what is not, and how to supply them."""
        self.section("resources_grants")
        self.prose("resources_grants", self.facts)

    @piece
    def spending(self) -> None:
        """What was funded, committed and paid, as far as it has been imported."""
        Spending(self).region(self.inputs.spending)

    @piece
    def bounds(self) -> None:
        """Between which amounts per resident each quadrant's grants lie."""
        self.section("resources_bounds")
        self.prose("resources_bounds", self.facts)
        if not self.facts["consistent"]:
            return
        table = self.inputs.quadrants
        shown = pd.DataFrame({"low": table["low_per_resident"], "high": table["high_per_resident"]})
        if (whole := table["known"] == table["projects"]).any():
            shown["point"] = (table["granted_eur"] / table["residents"]).where(whole)
        hover = [
            Markup("<b>{}</b><br>{} – {}").format(
                row.name_, self._cents(row.low_per_resident), self._cents(row.high_per_resident)
            )
            for row in table.rename(columns={"name": "name_"}).itertuples()
        ]
        words = {key: self.label(f"resources.bounds.{key}") for key in ("interval", "point", "reference", "axis")}
        names = [ranges.wrap(name) for name in table["name"]]
        axis = scales.scale(shown["high"], self.tick, zero=True)
        chart = ranges.intervals(shown, names, words, hover, self.facts["per_resident_eur"], row=46, axis=axis)
        columns = [
            self.name_column("name", "table.quadrant"),
            Column(
                "projects",
                self.label("resources.table.projects"),
                show=lambda v: str(int(v)),
                numeric=True,
                unit="projects",
            ),
            self.number_column("residents", "table.residents"),
            Column("low_eur", self.label("resources.table.low"), show=self._integer, numeric=True),
            Column("high_eur", self.label("resources.table.high"), show=self._integer, numeric=True),
            *(self._benchmark(f"{end}_per_resident", f"{end}_per_resident", self._cents) for end in ("low", "high")),
            Column("granted_eur", self.label("resources.table.granted"), show=self._grant, numeric=True),
        ]
        caption, alt = self.text("caption_bounds", self.facts), self.text("alt_bounds", self.facts)
        note = self.note("derived", "bounds")
        self.exhibit(Figure("bounds", caption, alt, chart, table, columns, self.words, note))

    @piece
    def projects(self) -> None:
        """The projects of Misura 1, with the grant of each where it is known."""
        self.section("resources_projects")
        columns = [
            self.name_column("capofila_town", "table.lead_town"),
            Column("granted_eur", self.label("resources.table.granted"), show=self._grant, numeric=True),
            Column("districts", self.label("resources.table.sharing"), show=self._districts),
            Column("quadrant", self.label("table.quadrant")),
            Column("source_ids", self.label("table.sources"), show=self.source_links),
        ]
        caption = self.label("resources.caption.projects")
        self.exhibit(Table("projects", caption, self.inputs.projects, columns, self.words))

    @piece
    def benchmarks(self) -> None:
        """Three benchmarks per district: what they are, the map of the mixed one, the table of all."""
        self.section("resources_benchmarks")
        self.prose("resources_benchmarks", self.facts)
        table = self.inputs.districts
        plain = table.drop(columns="geometry").sort_values("name")
        links = [f"distretti/{slug}.html" for slug in table["slug"]]
        hover = [
            Markup("<b>{}</b><br>{}").format(row.name_, self._cents(row.mix_per_resident))
            for row in table.rename(columns={"name": "name_"}).itertuples()
        ]
        classes = self.classes(inner_bounds(table[MAP_BENCHMARK], MAP_DECIMALS), MAP_DECIMALS, self._cents)
        missing = self.label("map.no_value")
        values = table[MAP_BENCHMARK]
        chart = maps.choropleth(table, values, classes, hover, missing, links=links, height=MAP_HEIGHT)
        caption = self.text("caption_benchmark_map", self.facts)
        alt = f"{self.text('alt_benchmark_map', self.facts)} {told_groups(self, table, MAP_BENCHMARK)}"
        note = self.note("benchmark", "benchmarks")
        slugs = dict(zip(table["name"], table["slug"], strict=True))
        name = self.name_column(
            "name", "table.district", lambda n: Markup('<a href="distretti/{}.html">{}</a>').format(slugs[n], n)
        )
        mapped = [
            name,
            self._benchmark("mix_per_resident", "per_resident", self._cents),
            self._benchmark("need_per_resident", "need_per_resident", self._cents),
            Column("index", self.label("resources.table.index"), show=self._index, numeric=True, unit="points"),
        ]
        figure = Figure("benchmark-map", caption, alt, chart, plain, mapped, self.words, note, districts(plain))
        shown = table.drop(columns="geometry").assign(hover=hover, link=links)
        level = (self.facts["per_resident_eur"], "budget")
        what = ("ranking.benchmark", level, note)
        self.exhibit(
            Pair(figure, ranking_beside(self, "benchmark-ranking", shown, MAP_BENCHMARK, self._cents, classes, *what))
        )
        columns = [
            name,
            self.number_column("residents"),
            *(self._benchmark(f"{b}_eur", f"by_{b}", self._thousands) for b in funding.BENCHMARKS),
            Column(
                "granted",
                self.label("resources.table.granted"),
                file=("granted_eur", "granted_state", "granted_by", "project_eur"),
            ),
        ]
        if plain["granted_eur"].notna().any():
            columns.append(Column("granted_eur", self.label("resources.table.part"), show=self._part, numeric=True))
        rows = plain.to_dict("records")
        shown = plain.assign(
            granted=[self._grant_of(row) for row in rows], granted_state=[self._grant_state(row) for row in rows]
        )
        caption = self.label("resources.caption.benchmarks")
        self.exhibit(Table("benchmarks", caption, shown, columns, self.words, note))

    def _benchmark(self, source: str, heading: str, show: Callable[..., str]) -> Column:
        unit = "" if source.endswith("_eur") else "eur_per_resident"
        return Column(source, self.label(f"resources.table.{heading}"), show=show, numeric=True, unit=unit)

    def _euro(self, value: float | None) -> str:
        return self.label("state.not_known") if numbers.is_missing(value) else numbers.euro(value, self.lang)

    def _integer(self, value: float | None) -> str:
        return numbers.integer(value, self.lang)

    def _thousands(self, value: float) -> str:
        """A benchmark: more than whole thousands would look like an allocation."""
        return numbers.integer(numbers.round_half_up(value, -3), self.lang)

    def _index(self, value: float | None) -> str:
        return numbers.decimal(value, 1, self.lang)

    def _cents(self, value: float | None) -> str:
        return numbers.decimal(value, 2, self.lang)

    def _grant(self, value: float | None) -> str:
        return self.label("state.not_published") if numbers.is_missing(value) else numbers.euro(value, self.lang)

    def _grant_of(self, row: dict[str, Any]) -> str:
        """What a district's grant is: of its own, shared, of the feed, not published, or of a project nobody names."""
        state = self._grant_state(row)
        if state in ("not_published", "not_known"):
            return self.label(f"state.{state}")
        if row["granted_by"] == "feed":
            return f"{self._grant(row['granted_eur'])} ({self.label('spending.given_by.feed')})"
        if row["granted_status"] == "sourced":
            return self._grant(row["granted_eur"])
        text = self.label("resources.table.shared")
        return text.format(amount=self._grant(row["project_eur"]), n=int(row["shared_by"]))

    def _grant_state(self, row: dict[str, Any]) -> str:
        """How a district's grant is known; an amount that is not there is not published, or of no known project."""
        if numbers.is_missing(row["granted_eur"]):
            return "not_published" if pd.notna(row["shared_by"]) else "not_known"
        return row["granted_status"]

    def _part(self, value: float | None) -> str:
        return self.label("state.not_known") if numbers.is_missing(value) else self._integer(value)

    def _districts(self, value: str | None) -> str:
        return self.label("state.not_known") if numbers.is_missing(value) else str(value)
