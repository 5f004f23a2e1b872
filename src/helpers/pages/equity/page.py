"""The page on need and equity: an index with its uncertainty, inequality, concentration, space."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd

from helpers.analysis import need
from helpers.analysis.classes import inner_bounds
from helpers.figures import maps, ranges, statistics
from helpers.figures.exhibit import Figure, Pair, Table
from helpers.figures.tables import Column
from helpers.pages.common.page import piece
from helpers.pages.common.ranked_map import MAP_HEIGHT, districts, ranking_beside
from helpers.pages.common.told_places import told_groups
from helpers.pages.equity.inputs import EQUAL, equity_inputs
from helpers.pages.equity.words import EquityWords
from helpers.prose import numbers

#: Rows named at each end in the text alternative of a long chart.
ENDS = 3

#: Rank of a district and the interval it lies in, as columns of the table.
RANKS = ("rank", "rank_low", "rank_high")


class EquityPage(EquityWords):
    """Need, inequality and space, each explained beside its figure."""

    notebook = "equity"
    address = "equita"
    titles = "equity_page"
    inputs_from = staticmethod(equity_inputs)

    @piece
    def brief(self) -> None:
        """What stands out, and what resources the statistics rest on."""
        self.section("brief")
        self.prose("equity_brief", self.facts)

    @piece
    def need(self) -> None:
        """The index: what it is, how it is computed, its map, and what each dimension adds."""
        self.section("equity_need")
        self.prose("equity_need", self.facts)
        self._framework()
        self.prose("equity_formula", self.facts)
        table = self.inputs.need
        plain = table.drop(columns="geometry")
        hover = [self._hover(n, self._one(v)) for n, v in zip(table["name"], table["index"], strict=True)]
        classes = self.classes(inner_bounds(table["index"], 1), 1, self._one)
        missing, links = self.label("map.no_value"), self._links(table)
        chart = maps.choropleth(table, table["index"], classes, hover, missing, links=links, height=MAP_HEIGHT)
        caption = self.text("caption_need_map", self.facts)
        alt = f"{self.text('alt_need_map', self.facts)} {told_groups(self, table, 'index')}"
        columns = [self._district(), self._number("index", self._one), self._ranks(), *self._indicators()]
        columns += [self._number("age_dispersion", self._one), self._number("age_dispersion_rank", str)]
        frame = self._spanned(plain)
        figure = Figure(
            "need-map", caption, alt, chart, frame, columns, self.words, self.district_basis, districts(frame)
        )
        shown = plain.assign(hover=hover, link=links)
        what = ("ranking.need", (need.MEAN, "mean"), self.add_caveats(self.basis, self.ids))
        ranked = ranking_beside(self, "need-ranking", shown, "index", self._one, classes, *what, dots=True)
        self.exhibit(Pair(figure, ranked))
        self._parts(plain)
        self._correlations()

    def _framework(self) -> None:
        columns = [
            Column("dimension", self.label("equity.dimension"), show=self._part, row_header=True),
            Column("indicator", self.label("table.indicator"), show=self._named),
            Column("direction", self.label("equity.direction"), show=lambda d: self.label(f"equity.direction_{d}")),
            Column(
                "weight",
                self.label("equity.weight"),
                show=partial(numbers.percent, lang=self.lang),
                numeric=True,
                unit="share",
            ),
        ]
        caption = self.text("caption_framework", self.facts)
        self.exhibit(Table("need-framework", caption, self.inputs.framework, columns, self.words, self.basis))

    def _named(self, indicator: object) -> str:
        return self.label(f"indicator.{indicator}.long")

    def _indicators(self) -> list[Column]:
        return [self.number_column(i) for i in self.ids]

    def _ranks(self) -> Column:
        """Rank and the interval of ranks, which are never shown one without the other."""
        return Column("span", self.label("equity.rank_range"), file=RANKS, numeric=True, unit="rank")

    def _spanned(self, table: pd.DataFrame) -> pd.DataFrame:
        text = self.label("equity.span")
        spans = [text.format(rank=a, low=b, high=c) for a, b, c in zip(*(table[c] for c in RANKS), strict=True)]
        return table.assign(span=spans)

    def _parts(self, plain: pd.DataFrame) -> None:
        names = [need.POINTS + i for i in self.dimensions]
        labels = [self._part(i) for i in self.dimensions]
        rows = [
            {
                "name": r["name"],
                "index": r["index"],
                "points": [{"label": n, "value": r[c]} for n, c in zip(labels, names, strict=True)],
            }
            for r in plain.to_dict("records")
        ]
        hover = [
            self._hover(r["name"], *(f"{p['label']}: {self._points(p['value'])}" for p in r["points"])) for r in rows
        ]
        legend = [*labels, self.label("equity.index_minus")]
        chart = ranges.contributions(
            plain[names], plain["name"], legend, self.label("equity.points_title"), hover, self._links(plain), self.tick
        )
        columns = [self._district(), self._number("index", self._one)]
        columns += [
            Column(c, text, show=self._points, numeric=True, unit="points")
            for c, text in zip(names, labels, strict=True)
        ]
        caption, alt = (
            self.text("caption_points", self.facts),
            self.text("alt_points", {"first": rows[:ENDS], "last": rows[-ENDS:]}),
        )
        note = self.add_caveats(self.basis, self.ids)
        self.exhibit(Figure("need-points", caption, alt, chart, plain, columns, self.words, note))

    def _correlations(self) -> None:
        columns = [
            Column("part", self.label("equity.part"), show=self._part, row_header=True),
            *(
                Column(i, self._part(i), show=self._two, numeric=True, unit="correlation")
                for i in ("index", *self.dimensions)
            ),
        ]
        caption = self.label("equity.caption.correlations")
        self.exhibit(Table("need-correlations", caption, self.inputs.correlations, columns, self.words, self.basis))

    @piece
    def sensitivity(self) -> None:
        """Ranks under other choices, and what they depend on."""
        self.section("equity_sensitivity")
        self.prose("equity_sensitivity", self.facts)
        table = self.inputs.need.drop(columns="geometry")
        shown = pd.DataFrame({"low": table["rank_low"], "high": table["rank_high"], "point": table["rank"]})
        words = {"interval": "rank_interval", "point": "rank_point", "axis": "ranks_title"}
        words = {key: self.label(f"equity.{name}") for key, name in words.items()}
        frame = self._spanned(table)
        hover = [self._hover(*row) for row in zip(table["name"], frame["span"], strict=True)]
        axis = {"range": [0.3, len(table) + 0.7], "tickvals": [1, 5, 10, 15, 20, 25, 30]}
        chart = ranges.intervals(shown, table["name"], words, hover, axis=axis, links=self._links(table))
        columns = [self._district(), self._ranks(), self._number("rank_median", str)]
        columns += [self._number("top_share", self._percent)]
        columns += [Column("choice", self.label("equity.most"), show=self._choice)]
        caption, alt = self.text("caption_ranks", self.facts), self.text("alt_ranks", self.facts)
        note = self.add_caveats(self.basis, self.ids)
        self.exhibit(Figure("need-ranks", caption, alt, chart, frame, columns, self.words, note))
        columns = [Column("choice", self.label("equity.choice_heading"), show=self._choice, row_header=True)]
        columns += [self._number(name, self._percent) for name in ("first", "total")]
        caption = self.label("equity.caption.effects")
        self.exhibit(Table("need-effects", caption, self.inputs.effects, columns, self.words, self.basis))

    @piece
    def check(self) -> None:
        """The index beside what is measured apart from it."""
        if self.inputs.check.empty:
            return
        self.section("equity_check")
        self.prose("equity_check", self.facts)
        columns = [Column("part", self.label("equity.part"), show=self._part, row_header=True)]
        columns += [self._number(name, self._two) for name in ("pearson", "spearman")]
        caption = self.label("equity.caption.check")
        note = self.note("derived", "citizensincome")
        self.exhibit(Table("need-check", caption, self.inputs.check, columns, self.words, note))
        rows = self.inputs.need.drop(columns="geometry").sort_values("citizens_income", ascending=False)
        columns = [self._district(), self._number("citizens_income", self._one), self._number("index", self._one)]
        caption = self.label("equity.caption.citizens_income")
        frame = self._spanned(rows)
        self.exhibit(Table("citizens-income", caption, frame, [*columns, self._ranks()], self.words, note))

    @piece
    def lorenz(self) -> None:
        """Gini indices, and Lorenz curves where grants are known: those of the benchmarks alone lie on each other."""
        self.section("equity_lorenz")
        self.prose("equity_lorenz", self.facts)
        curves = self.inputs.curves.query("curve == 'lorenz'")
        words = self._curve_words("population_share", "amounts_share")
        chart = statistics.cumulative(curves, *self._bases(), words, self.tick)
        rows = self._rows(gini="gini_residents")
        shown = ("n", "gini_districts", "gini_residents")
        self._curve_figure("lorenz", chart if self.facts["granted_known"] else None, rows, shown)

    @piece
    def concentration(self) -> None:
        """Concentration curves of resources by need, and their indices."""
        self.section("equity_concentration")
        self.prose("equity_concentration", self.facts)
        curves = self.inputs.curves.query("curve == 'concentration'")
        words = self._curve_words("population_by_need", "gap")
        chart = statistics.cumulative(curves, *self._bases(), words, self.tick, gap=True)
        rows = self._rows(concentration="concentration")
        self._curve_figure("concentration", chart, rows, ("n", "concentration", "against_need"))

    def _curve_words(self, people: str, amounts: str) -> dict[str, str]:
        words = {"people": people, "amounts": amounts, "equality": "equality"}
        return {key: self.label(f"equity.{name}") for key, name in words.items()}

    def _bases(self) -> tuple[list[str], dict[str, str]]:
        order = self.inputs.inequality["basis"].tolist()
        return order, {basis: self._basis(basis) for basis in order}

    def _rows(self, **wanted: str) -> list[dict[str, Any]]:
        """Facts of a text alternative: a label per basis and the columns wanted."""
        return [
            {"label": self._basis(row["basis"])} | {name: row[column] for name, column in wanted.items()}
            for row in self.inputs.inequality.to_dict("records")
        ]

    def _curve_figure(
        self, name: str, chart: dict[str, Any] | None, rows: list[dict[str, Any]], shown: tuple[str, ...]
    ) -> None:
        """Curves with their indices; these alone without a chart."""
        shows = {"n": str} | {c: self._signed for c in ("concentration", "against_need")}
        columns = [self._basis_column(), self._status_column()]
        columns += [self._number(c, shows.get(c, self._three)) for c in shown]
        frame = self._with_status()
        caption, alt = self.text(f"caption_{name}", self.facts), self.text(f"alt_{name}", {"rows": rows})
        note = self.note("derived" if self.facts["granted_known"] else "benchmark", "equity")
        exhibit = (
            Table(name, caption, frame, columns, self.words, note)
            if chart is None
            else Figure(name, caption, alt, chart, frame, columns, self.words, note)
        )
        self.exhibit(exhibit)

    def _with_status(self) -> pd.DataFrame:
        frame = self.inputs.inequality
        benchmark = frame["basis"].isin(self.facts["benchmarks"])
        return frame.assign(status=benchmark.map({True: "benchmark", False: "derived"}))

    @piece
    def theil(self) -> None:
        """The Theil index and its parts between and within provinces and quadrants."""
        self.section("equity_theil")
        self.prose("equity_theil", self.facts)
        frame = self._with_status()
        drawn = frame[frame["theil_residents"] > EQUAL]
        parts = drawn[["theil_residents_between_province", "theil_residents_within_province"]] * 1000
        bases = [self._basis(b) for b in drawn["basis"]]
        labels = [self.label("equity.between_province"), self.label("equity.within_province")]
        hover = [
            [self._hover(b, f"{label}: {self._one(v)}") for b, v in zip(bases, values, strict=True)]
            for label, (_, values) in zip(labels, parts.items(), strict=True)
        ]
        names, title = list(map(ranges.wrap, bases)), self.label("equity.theil_axis")
        chart = ranges.stack(parts, names, labels, title, hover, self.tick)
        rows = self._rows(between="theil_residents_between_province", within="theil_residents_within_province")
        columns = [self._basis_column(), self._status_column()]
        heads = ("theil_total", "between_province", "within_province", "between_quadrant", "within_quadrant")
        sources = ("", "_between_province", "_within_province", "_between_quadrant", "_within_quadrant")
        columns += [
            Column(
                f"theil_residents{source}", self.label(f"equity.{head}"), show=self._four, numeric=True, unit="index"
            )
            for head, source in zip(heads, sources, strict=True)
        ]
        every = f"{self.label('equity.theil_total')}, {self.label('equity.scheme_districts')}"
        columns.append(Column("theil_districts", every, show=self._four, numeric=True, unit="index"))
        caption, alt = self.text("caption_theil", self.facts), self.text("alt_theil", {"rows": rows})
        note = self.note("derived" if self.facts["granted_known"] else "benchmark", "equity")
        self.exhibit(Figure("theil", caption, alt, chart, frame, columns, self.words, note))

    @piece
    def space(self) -> None:
        """Moran's I of the index and its dimensions."""
        self.section("equity_space")
        self.prose("equity_space", self.facts)
        columns = [
            Column("variable", self.label("equity.variable"), show=self._part, row_header=True),
            Column("i", self.label("equity.moran_i"), show=self._two, numeric=True, unit="index"),
            self._number("expected", self._two),
            self._number("p_value", self._p),
        ]
        caption = self.label("equity.caption.moran")
        self.exhibit(Table("moran", caption, self.inputs.autocorrelation, columns, self.words, self.basis))

    @piece
    def limits(self) -> None:
        """What thirty districts, reconstructed borders and benchmarks allow to conclude."""
        self.section("equity_limits")
        self.prose("equity_limits", self.facts)
