"""The page on need and equity: an index with its uncertainty, inequality, concentration, funnel, space."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd

from helpers.analysis import need
from helpers.analysis.classes import inner_bounds
from helpers.figures import maps, ranges, statistics
from helpers.figures.exhibit import Figure, Pair, Table
from helpers.figures.maps import Classes
from helpers.figures.tables import Column
from helpers.pages.common.ranked_map import MAP_HEIGHT, districts, ranking_beside
from helpers.pages.equity.inputs import EQUAL, equity_inputs
from helpers.pages.equity.words import EquityWords
from helpers.prose import numbers

#: Rows named at each end in the text alternative of a long chart.
ENDS = 3

#: Fill of a district by its position and that of its neighbours: pale, and strong where LISA marks it.
POSITIONS = {
    "high_high": ("#FDD0A2", "#B35806"),
    "high_low": ("#FFF3E0", "#7F3B08"),
    "low_high": ("#E3ECF5", "#5B8DC2"),
    "low_low": ("#BDD3EA", "#08519C"),
}


class EquityPage(EquityWords):
    """Need, inequality and space, each explained beside its figure."""

    notebook = "equity"
    address = "equita"
    titles = "equity_page"
    inputs_from = staticmethod(equity_inputs)

    def brief(self) -> None:
        """What stands out, and what resources the statistics rest on."""
        self.section("brief")
        self.prose("equity_brief", self.facts)

    def need(self) -> None:
        """The index: what it is, its map, and what each component adds."""
        self.section("equity_need")
        self.prose("equity_need", self.facts)
        table = self.inputs.need
        plain = table.drop(columns="geometry")
        hover = [self._hover(n, self._one(v)) for n, v in zip(table["name"], table["index"], strict=True)]
        classes = self.classes(inner_bounds(table["index"], 1), 1, self._one)
        missing, links = self.label("map.no_value"), self._links(table)
        chart = maps.choropleth(table, table["index"], classes, hover, missing, links=links, height=MAP_HEIGHT)
        caption, alt = self.text("caption_need_map", self.facts), self.text("alt_need_map", self.facts)
        note = self.note("derived", self.basis)
        columns = [self._district(), self._number("index", self._one), self._number("rank", str)]
        figure = Figure("need-map", caption, alt, chart, plain, columns, self.words, note, districts(plain))
        shown = plain.assign(hover=hover, link=links)
        what = ("ranking.need", (need.MEAN, "mean"), note)
        self.exhibit(Pair(figure, ranking_beside(self, "need-ranking", shown, "index", self._one, classes, *what)))
        self._parts(plain, note)
        self._correlations(note)

    def _parts(self, plain: pd.DataFrame, note: str) -> None:
        names = [need.POINTS + i for i in self.components]
        labels = [self.label(f"equity.short.{i}") for i in self.components]
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
        self.exhibit(Figure("need-points", caption, alt, chart, plain, columns, self.words, note))

    def _without(self, component: str) -> Column:
        name = f"without_{component}"
        return Column(name, self._alternative(name), show=str, numeric=True, unit="rank")

    def _correlations(self, note: str) -> None:
        columns = [
            Column("component", self.label("equity.component"), show=self._indicator, row_header=True),
            *(
                Column(i, self.label(f"equity.short.{i}"), show=self._two, numeric=True, unit="correlation")
                for i in self.components
            ),
        ]
        caption = self.label("equity.caption.correlations")
        frame = self.inputs.correlations
        self.exhibit(Table("need-correlations", caption, frame, columns, self.words, note))

    def sensitivity(self) -> None:
        """Ranks under random weights, and under other constructions."""
        self.section("equity_sensitivity")
        self.prose("equity_sensitivity", self.facts)
        table = self.inputs.need.drop(columns="geometry")
        shown = pd.DataFrame({"low": table["rank_low"], "high": table["rank_high"], "point": table["rank"]})
        words = {"interval": "rank_interval", "point": "rank_point", "axis": "ranks_title"}
        words = {key: self.label(f"equity.{name}") for key, name in words.items()}
        spans = table["rank_low"].astype(str) + "–" + table["rank_high"].astype(str)
        hover = [self._hover(*row) for row in zip(table["name"], spans, strict=True)]
        axis = {"range": [0.3, len(table) + 0.7], "tickvals": [1, 5, 10, 15, 20, 25, 30]}
        chart = ranges.intervals(shown, table["name"], words, hover, axis=axis, links=self._links(table))
        columns = [
            self._district(),
            self._number("rank", str),
            Column("span", self.label("equity.rank_range"), numeric=True, unit="rank", file=("rank_low", "rank_high")),
            self._number("top_share", partial(numbers.percent, digits=0, lang=self.lang)),
        ]
        columns += [self._without(i) for i in self.components]
        caption, alt = self.text("caption_ranks", self.facts), self.text("alt_ranks", self.facts)
        note = self.note("derived", self.basis)
        frame = table.assign(span=spans)
        self.exhibit(Figure("need-ranks", caption, alt, chart, frame, columns, self.words, note))
        changes = [
            Column("alternative", self.label("equity.construction"), show=self._alternative, row_header=True),
            self._number("spearman", self._two),
            self._number("mean_change", self._one),
            self._number("max_change", str),
            Column("name", self.label("equity.moved"), show=self._linked, html=True),
        ]
        caption = self.label("equity.caption.changes")
        self.exhibit(Table("need-changes", caption, self.inputs.changes, changes, self.words, note))

    def lorenz(self) -> None:
        """Lorenz curves and Gini indices."""
        self.section("equity_lorenz")
        self.prose("equity_lorenz", self.facts)
        curves = self.inputs.curves.query("curve == 'lorenz'")
        words = self._curve_words("population_share", "amounts_share")
        chart = statistics.cumulative(curves, *self._bases(), words, self.tick)
        rows = self._rows(gini="gini_residents")
        self._curve_figure("lorenz", chart, rows, ("n", "gini_districts", "gini_residents"))

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
        self, name: str, chart: dict[str, Any], rows: list[dict[str, Any]], shown: tuple[str, ...]
    ) -> None:
        shows = {"n": str} | {c: self._signed for c in ("concentration", "against_need")}
        columns = [self._basis_column(), self._status_column()]
        columns += [self._number(c, shows.get(c, self._three)) for c in shown]
        frame = self._with_status()
        caption, alt = self.text(f"caption_{name}", self.facts), self.text(f"alt_{name}", {"rows": rows})
        note = self.note("derived" if self.facts["granted_known"] else "benchmark", "equity")
        self.exhibit(Figure(name, caption, alt, chart, frame, columns, self.words, note))

    def _with_status(self) -> pd.DataFrame:
        frame = self.inputs.inequality
        benchmark = frame["basis"].isin(self.facts["benchmarks"])
        return frame.assign(status=benchmark.map({True: "benchmark", False: "derived"}))

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

    def funnel(self) -> None:
        """Rates of residents of 80 and over against the limits of chance."""
        self.section("equity_funnel")
        self.prose("equity_funnel", self.facts)
        table = self.inputs.funnel
        words = {"people": "funnel_people", "rate": "rate", "all": "limit_all", "thousands": "thousands"}
        words |= {k: f"limit_{k}" for k in ("95", "998", "adjusted")}
        words |= {k: f"funnel_{k}" for k in ("inside", "outside")}
        words = {key: self.label(f"equity.{name}") for key, name in words.items()}
        hover = [self._hover(n, self._percent(v)) for n, v in zip(table["name"], table["rate"], strict=True)]
        points = table[["people", "rate"]].assign(wide=table["outside_adjusted"])
        rate = self.facts["funnel"]["rate"]
        chart = statistics.funnel(points, self.inputs.limits, rate, hover, self._links(table), words)
        low, high = table["wilson_low"].map(self._two_percent), table["wilson_high"].map(self._two_percent)
        columns = [
            self._district(),
            Column("people", self.label("table.residents"), show=self.show("residents"), numeric=True, unit="persons"),
            self._number("rate", self._percent),
            self._number("low_998", self._two_percent),
            self._number("high_998", self._two_percent),
            Column(
                "wilson",
                self.label("equity.wilson"),
                numeric=True,
                unit="share",
                file=("wilson_low", "wilson_high"),
            ),
            self._number("z", self._points),
        ]
        caption, alt = self.text("caption_funnel", self.facts), self.text("alt_funnel", self.facts)
        note = self.note("derived", "need")
        frame = table.assign(wilson=low + " – " + high)
        self.exhibit(Figure("funnel", caption, alt, chart, frame, columns, self.words, note))

    def space(self) -> None:
        """Moran's I of the index and its components; LISA on the map."""
        self.section("equity_space")
        self.prose("equity_space", self.facts)
        note = self.note("derived", self.basis)
        columns = [
            Column("variable", self.label("equity.variable"), show=self._indicator, row_header=True),
            Column("i", self.label("equity.moran_i"), show=self._two, numeric=True, unit="index"),
            self._number("expected", self._two),
            self._number("p_value", self._p),
        ]
        caption = self.label("equity.caption.moran")
        self.exhibit(Table("moran", caption, self.inputs.autocorrelation, columns, self.words, note))
        table = self.inputs.lisa
        kinds = [(q, found) for found in (True, False) for q in POSITIONS]
        present = [k for k in kinds if ((table["quadrant"] == k[0]) & (table["found"] == k[1])).any()]
        position = {kind: n for n, kind in enumerate(present, start=1)}
        labels = [self._place(*kind) for kind in present]
        classes = Classes(
            tuple(position.values())[:-1], 0, tuple(POSITIONS[q][found] for q, found in present), tuple(labels)
        )
        values = pd.Series([position[k] for k in zip(table["quadrant"], table["found"], strict=True)])
        counts = [{"label": labels[n - 1], "n": int((values == n).sum())} for n in position.values()]
        hover = [
            self._hover(
                r["name"],
                self._place(r["quadrant"], r["found"]),
                f"{self.label('equity.q_value')}: {self._p(r['q_value'])}",
            )
            for r in table.to_dict("records")
        ]
        chart = maps.choropleth(table, values, classes, hover, "", links=self._links(table))
        frame = table.drop(columns="geometry").sort_values("p_value")
        found = {True: self.label("equity.found_yes"), False: self.label("equity.found_no")}
        columns = [
            self._district(),
            Column("quadrant", self.label("equity.place"), show=lambda q: self.label(f"equity.quadrant.{q}")),
            Column("z", self.label("equity.own"), show=self._two, numeric=True, unit="standard_deviations"),
            Column("lag", self.label("equity.neighbours"), show=self._two, numeric=True, unit="standard_deviations"),
            Column("i", self.label("equity.local_i"), show=self._two, numeric=True, unit="index"),
            self._number("p_value", self._p),
            self._number("q_value", self._p),
            Column("found", self.label("equity.found"), show=lambda marked: found[bool(marked)]),
        ]
        caption = self.text("caption_lisa", self.facts)
        alt = self.text("alt_lisa", {"counts": counts, "n_districts": len(table)})
        self.exhibit(Figure("lisa", caption, alt, chart, frame, columns, self.words, note, districts(frame)))

    def limits(self) -> None:
        """What thirty districts, reconstructed borders and benchmarks allow to conclude."""
        self.section("equity_limits")
        self.prose("equity_limits", self.facts)
