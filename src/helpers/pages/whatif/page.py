"""The simulator: how the budget of Misura 1 would be divided if other criteria counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from helpers.analysis import allocation
from helpers.analysis.allocation import SCENARIOS
from helpers.data import processed
from helpers.errors import WecareError
from helpers.figures import outlines, theme
from helpers.figures.exhibit import Table
from helpers.figures.tables import Column
from helpers.pages.common.app import AppPage
from helpers.pages.common.page import piece
from helpers.pages.whatif.inputs import whatif_inputs
from helpers.prose import numbers

#: Columns of the application's table after the name: what, decimals.
COLUMNS = ("change", "difference", "amount", "benchmark", "per_resident")


class WhatIf(AppPage):
    """The simulator of criteria.

    Parameters
    ----------
    lang, edition
        See :class:`helpers.pages.common.page.Page`.
    **weights
        Weight of each criterion of :data:`helpers.analysis.allocation.CRITERIA` in the first view; by default those of
        the first scenario.
    """

    notebook = "whatif"
    address = "simulatore"
    titles = "whatif"
    inputs_from = staticmethod(whatif_inputs)
    app = "whatif"

    def __init__(self, lang: str = "it", edition: str = "", **weights: int):
        super().__init__(lang, edition)
        processed.ensure()
        self.inputs = whatif_inputs()
        self.facts, self.districts, self.counted = self.inputs.facts, self.inputs.districts, self.inputs.counted
        self.budget = int(self.facts.measure["budget_eur"])
        try:
            self.weights = allocation.weights_of(weights or SCENARIOS[0].weights, self.counted)
        except ValueError as error:
            raise WecareError(str(error)) from error
        self.scenario_weights = {s.id: allocation.weights_of(s.weights, self.counted) for s in SCENARIOS}
        self.compared = allocation.against_benchmark(self.budget, self.counted, self.weights)

    @piece
    def intro(self) -> None:
        """That this is a benchmark and no allocation."""
        self.prose("whatif_intro", self.facts)

    @piece
    def tool(self) -> None:
        """The application: scenarios, weights, map, table."""
        self.section("whatif_tool")
        parts = [
            self._presets(),
            Markup('<div class="app-split">'),
            self._sliders(),
            self._map(),
            Markup("</div>"),
            self._table(),
        ]
        self.stage(Markup("").join(parts) + self.actions(), self._data())

    def _data(self) -> dict[str, Any]:
        rows = self.rows_for_script(self.districts, "code", "name", "slug")
        counted = self.counted.to_numpy().tolist()
        return self.shared_data() | {
            "budget": self.budget,
            "first": list(self.weights),
            "criteria": list(self.counted),
            "maxWeight": allocation.MAX_WEIGHT,
            "scenarios": [
                {"weights": list(weights), "text": self.label(f"whatif.scenario.{name}.text")}
                for name, weights in self.scenario_weights.items()
            ],
            "breaks": list(allocation.CHANGE_BREAKS),
            "colours": [*outlines.DIVERGING, theme.MISSING],
            "districts": [r | {"href": self.href(r["slug"]), "counts": c} for r, c in zip(rows, counted, strict=True)],
        }

    def href(self, slug: str) -> str:
        """Address of a district's page."""
        return f"{self.to_root}distretti/{slug}.html"

    def _presets(self) -> Markup:
        chips = Markup("").join(
            (
                Markup('<button type="button" data-scenario="{}" aria-pressed="{}">{}</button>').format(
                    i, str(weights == self.weights).lower(), self._scenario(name, "name")
                )
                for i, (name, weights) in enumerate(self.scenario_weights.items())
            )
        )
        said = next((self._scenario(s, "text") for s, w in self.scenario_weights.items() if w == self.weights), None)
        said = escape(said or self.label("whatif.words.own"))
        return Markup(
            '<fieldset class="chips" data-live hidden><legend>{}</legend>'
            '<div>{}</div></fieldset><p class="sentence"><span data-role="sentence">{}</span>'
            "{}</p>"
        ).format(self.label("whatif.ui.presets"), chips, said, self.cited("benchmark"))

    def _sliders(self) -> Markup:
        rows = Markup("").join(
            (
                Markup(
                    '<div class="weight"><label for="weight-{}">{}'
                    '</label><output for="weight-{}">{}</output>'
                    '<input type="range" id="weight-{}" min="0" max="{}" value="{}"></div>'
                ).format(
                    name, self.label(f"whatif.criterion.{name}.name"), name, weight, name, allocation.MAX_WEIGHT, weight
                )
                for name, weight in zip(self.counted, self.weights, strict=True)
            )
        )
        return Markup(
            '<fieldset class="weights" data-live hidden><legend>{}</legend>'
            "{}<div class='hint'>{}</div>"
            '<button type="button" data-action="reset">{}</button></fieldset>'
        ).format(
            self.label("whatif.ui.weights"), rows, self.label("whatif.weights_hint"), self.label("whatif.ui.reset")
        )

    def summary(self) -> str:
        """Who would have more and who less, in a sentence or two; the script writes the same."""
        words, found = self.words_of("whatif.words"), allocation.summary(self.compared)
        if found is None:
            return words["nothing"]
        if not found["moved"]:
            return words["summary_same"]

        def count(n: int) -> str:
            return words["count_one"] if n == 1 else words["count_many"].format(n=numbers.integer(n, self.lang))

        ends = {}
        for end in ("top", "bottom"):
            ends[end] = self.districts["name"][found[end]]
            ends[f"{end}_change"] = self._change(self.compared["change"][found[end]])
        moved = words["euro"].format(n=numbers.integer(found["moved"], self.lang))
        share = numbers.percent(found["moved_share"], 1, self.lang)
        said = words["summary"].format(moved=moved, share=share, up=count(found["up"]), down=count(found["down"]))
        return f"{said} {words['ends'].format(**ends)}"

    def _change(self, value: float | None) -> str:
        return self._or_missing(value, lambda v: numbers.show_signed(float(v) * 100, 1, self.lang) + "%")

    def _or_missing(self, value: float | None, show: Callable[[float], str]) -> str:
        return self.label("whatif.words.missing") if value is None or pd.isna(value) else show(value)

    def _shown(self, column: str, value: float | None) -> str:
        """A cell of the application's table as text."""
        show: dict[str, Callable[[float | None], str]] = {
            "change": self._change,
            "difference": lambda v: self._or_missing(v, lambda n: numbers.show_signed(int(n), 0, self.lang)),
            "per_resident": lambda v: self._or_missing(v, lambda n: numbers.decimal(float(n), 2, self.lang)),
        }
        whole = lambda v: self._or_missing(v, lambda n: numbers.integer(int(n), self.lang))  # noqa: E731
        return show.get(column, whole)(value)

    def _map(self) -> Markup:
        colours = [*outlines.DIVERGING, theme.MISSING]
        classes = [allocation.change_class(v) for v in self.compared["change"]]
        names = zip(self.districts["name"], self.compared["change"], strict=True)
        said, changes = self.summary(), self.districts.assign(change=self.compared["change"].astype("float64"))
        drawn = self.drawn_map(
            outlines.outlines(self.districts),
            [colours[c] for c in classes],
            [f"{name}: {self._change(change)}" for name, change in names],
            self.label("whatif.words.map_alt").format(summary=self.told_on_map(said, changes, "change")),
        )
        entries = [(c, self.label(f"whatif.words.class_{i}")) for i, c in enumerate(outlines.DIVERGING)]
        legend = self.legend(self.label("whatif.words.legend"), entries)
        return Markup(
            '<figure class="figure-wecare" id="fig-whatif-map"><figcaption class="caption">'
            '<p><span data-role="summary">{}</span>{}</p></figcaption>'
            "{}{}{}</figure>"
        ).format(said, self.cited("benchmark"), drawn, legend, self.note("benchmark", "whatif"))

    def _table(self) -> Markup:
        frame = pd.concat([self.districts[["name", "slug"]], self.compared], axis=1)
        frame["i"] = range(len(frame))
        largest = max(0.1, frame["change"].abs().astype("float64").fillna(0).max())
        ordered = frame.sort_values(["change", "name"], ascending=[False, True], kind="stable", na_position="last")
        head = Markup('<th scope="col">{}</th>').format(self.label("table.district")) + Markup("").join(
            Markup('<th scope="col" class="num" data-column="{}"{}>{}</th>').format(
                c, " aria-sort=descending" if c == "change" else "", self.label(f"whatif.table.{c}")
            )
            for c in COLUMNS
        )
        rows = Markup("").join(self._row(row, largest) for row in ordered.to_dict("records"))
        return Markup(
            '<figure class="table-wecare" id="tbl-whatif"><figcaption class="caption">'
            "{}</figcaption>"
            '<div class="table-scroll" tabindex="0"><table data-role="table"><thead><tr>{}</tr></thead>'
            "<tbody>{}</tbody></table></div>{}</figure>"
        ).format(self.label("whatif.words.table_caption"), head, rows, self.note("benchmark", "whatif"))

    def _row(self, row: dict[str, Any], largest: float) -> Markup:
        name = Markup('<a href="{}">{}</a>').format(self.href(row["slug"]), row["name"])
        size = 0.0 if pd.isna(row["change"]) else float(row["change"]) / largest
        bar = Markup(
            '<svg class="swing {}" viewBox="-1 0 2 1" preserveAspectRatio="none" '
            'aria-hidden="true"><rect width="{:.3f}" height="1"/></svg>'
        ).format("less" if size < 0 else "more", abs(size))
        cells = Markup("").join(
            Markup('<td class="num" data-column="{}">{}<span>{}</span></td>').format(
                c, bar if c == "change" else "", self._shown(c, row[c])
            )
            for c in COLUMNS
        )
        return Markup('<tr data-i="{}"><th scope="row">{}</th>{}</tr>').format(row["i"], name, cells)

    @piece
    def scenarios(self) -> None:
        """The scenarios: what they mean, how far from the benchmark, and every district's amount in each."""
        self.section("whatif_scenarios")
        every, rows = {}, []
        for name, weights in self.scenario_weights.items():
            compared = allocation.against_benchmark(self.budget, self.counted, weights)
            # A criterion of which there is nothing anywhere divides nothing: it has no row.
            if moved := allocation.summary(compared):
                every[name] = compared
                rows.append({"scenario": name, "weights": self._address_of(weights)} | moved)
        columns = [
            Column("scenario", self.label("whatif.table.scenario"), show=self._scenario_link, row_header=True),
            Column("scenario", self.label("whatif.table.meaning"), show=lambda s: self._scenario(s, "text")),
            Column("weights", self.label("whatif.table.weights"), show=self._weights),
            Column(
                "moved",
                self.label("whatif.table.moved"),
                show=lambda v: self._shown("amount", v),
                numeric=True,
                unit="eur",
            ),
            Column(
                "moved_share",
                self.label("whatif.table.moved_share"),
                show=lambda v: numbers.percent(v, 1, self.lang),
                numeric=True,
                unit="share",
            ),
            Column("up", self.label("whatif.table.up"), numeric=True, unit="districts"),
            Column("down", self.label("whatif.table.down"), numeric=True, unit="districts"),
        ]
        note = self.note("benchmark", "whatif")
        caption = self.label("whatif.scenarios_caption")
        frame = pd.DataFrame(rows)[["scenario", "weights", "moved", "moved_share", "up", "down"]]
        self.exhibit(Table("scenarios", caption, frame, columns, self.words, note))
        self._amounts(every, note)

    def _amounts(self, every: dict[str, pd.DataFrame], note: str) -> None:
        slugs = dict(zip(self.districts["name"], self.districts["slug"], strict=True))
        amounts = {name: compared["amount"].astype("int64") for name, compared in every.items()}
        frame = pd.DataFrame({key: self.districts[key] for key in ("code", "name")} | amounts).sort_values("name")
        link = lambda name: Markup('<a href="{}">{}</a>').format(self.href(slugs[name]), name)  # noqa: E731
        columns = [self.name_column("name", "table.district", link)]
        columns += [
            Column(s, self._scenario(s, "name"), show=lambda v: self._shown("amount", v), numeric=True, unit="eur")
            for s in every
        ]
        table = Table("amounts", self.label("whatif.amounts_caption"), frame, columns, self.words, note)
        self.folded(table, self.label("whatif.amounts_show"))

    def _scenario(self, name: str, part: str) -> str:
        return self.label(f"whatif.scenario.{name}.{part}")

    def _scenario_link(self, name: str) -> Markup:
        address = f"{self.address}.html?w={self._address_of(self.scenario_weights[name])}#app-whatif"
        return Markup('<a href="{}">{}</a>').format(address, self._scenario(name, "name"))

    def _weights(self, weights: str) -> str:
        used = [part.rsplit("-", 1) for part in weights.split(".")]
        return ", ".join(f"{self.label(f'whatif.criterion.{c}.short')} {w}" for c, w in used)

    def _address_of(self, weights: tuple[int, ...]) -> str:
        """Weights as they stand in the address of the page: ``residents-40.aged_80-20``."""
        return ".".join(f"{name}-{weight}" for name, weight in zip(self.counted, weights, strict=True) if weight)

    @piece
    def method(self) -> None:
        """How the amounts are calculated."""
        self.section("whatif_method")
        self.prose("whatif_method", self.facts, criteria=list(self.counted))

    @piece
    def limits(self) -> None:
        """What cannot be concluded."""
        self.section("whatif_limits")
        self.prose("whatif_limits", self.facts)
