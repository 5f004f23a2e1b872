"""The measures side by side."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from helpers.figures import budgets
from helpers.figures.exhibit import Figure, Table
from helpers.figures.tables import Column
from helpers.pages.common.page import piece
from helpers.pages.common.records import Records
from helpers.pages.measure.inputs import measures_inputs
from helpers.prose import numbers

#: How a sum granted is known: more than so much, or about so much.
GRANTED_KINDS = ("over", "about")

#: Columns of whole numbers, some of them blank.
WHOLE = ("number_in_2018_articles", "order_in_2019_press", "budget_eur", "projects_funded")


class MeasuresIndex(Records):
    """The page that compares the measures and leads to theirs."""

    notebook = "measures"
    address = "misure/index"
    titles = "measure_page.all"
    inputs_from = staticmethod(measures_inputs)
    lists_sources = True

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        self.inputs = measures_inputs()
        self.facts = self.inputs.facts
        self.table = pd.DataFrame(self.inputs.measures).astype(dict.fromkeys(WHOLE, "Int64"))
        self.table["name"] = [self.name(row) for row in self.inputs.measures]
        self.table["fund_name"] = [self.label(f"measure_fund.{row['fund']}") for row in self.inputs.measures]
        self.table["source_ids"] = self.table["source_ids"].map(";".join)

    @piece
    def brief(self) -> None:
        """The plan, the measures with their links, what is known of the results."""
        self.section("brief")
        self.prose("measures_brief", self.facts)

    def name(self, row: dict) -> str:
        """A measure's short name; of a call that is part of a measure, after the measure's."""
        own = self.label(f"measure_short.{row['measure_id']}")
        return f"{self.label('measure_short.' + row['sub_call_of'])}: {own}" if row["sub_call_of"] else own

    @piece
    def budgets(self) -> None:
        """The planned budgets as bars."""
        self.section("measure_budgets")
        top = self.table[self.table["sub_call_of"].isna()]
        chart = budgets.budget_bars(
            top["name"].tolist(),
            (top["budget_eur"] / 1_000_000).tolist(),
            top["fund"].tolist(),
            [numbers.euro_millions(v, self.lang) for v in top["budget_eur"]],
            {fund: self.label(f"measure_fund.{fund}") for fund in budgets.FUNDS},
        )
        columns = [
            self._name_column(),
            self._fund_column(),
            self._budget_column(),
            self._sources_column(),
        ]
        caption, alt = self.text("caption_measure_budgets", self.facts), self.text("alt_measure_budgets", self.facts)
        note = self.sources_note("sourced", self.facts["plan_source_ids"])
        self.exhibit(Figure("budgets", caption, alt, chart, top, columns, self.words, note))

    @piece
    def names(self) -> None:
        """Label, numbers, fund and code of each measure."""
        self.section("measure_names")
        own, part = self.label("measure_state.no_own_number"), self.label("measure_state.part")
        columns = [
            self._name_column(),
            Column("label_in_act", self.label("measure_table.label"), show=lambda v: v or part),
            Column("number_in_2018_articles", self.label("measure_table.number_2018"), self.whole(own), unit="ordinal"),
            Column("order_in_2019_press", self.label("measure_table.order_2019"), self.whole(own), unit="ordinal"),
            self._fund_column(),
            Column("por_action_code", self.label("measure_table.code"), show=self.or_unknown),
            self._sources_column(),
        ]
        self.exhibit(Table("names", self.label("measure_caption.names"), self.table, columns, self.words))

    @piece
    def calls(self) -> None:
        """Acts, dates, projects and sums granted."""
        self.section("measure_calls")
        rows, unknown = self.inputs.measures, self.label("state.not_known")
        frame = self.table.assign(
            call=[self._call(row) for row in rows],
            published=[row["publication_date"] and self.dated(row["publication_date"]) for row in rows],
            closed=[self._closed(row) for row in rows],
            closed_what=[row["deadline"] and self._closed_what(row) for row in rows],
            granted=[self._granted(row["measure_id"]) for row in rows],
            **{
                f"granted_{kind}_eur": [self._granted_eur(row["measure_id"], kind) for row in rows]
                for kind in GRANTED_KINDS
            },
        )
        columns = [
            self._name_column(),
            self._budget_column(),
            Column(
                "call",
                self.label("measure_table.call"),
                show=self.or_unknown,
                file=("call_act", "call_act_date"),
            ),
            Column(
                "published",
                self.label("measure_table.publication"),
                show=self.or_unknown,
                file=("publication_date",),
            ),
            Column(
                "closed",
                self.label("measure_table.deadline"),
                show=self.or_unknown,
                file=("deadline", "closed_what"),
            ),
            Column(
                "projects_funded",
                self.label("measure_table.projects"),
                show=self.whole(unknown),
                numeric=True,
                unit="projects",
            ),
            Column(
                "granted",
                self.label("measure_table.granted"),
                show=self.or_unknown,
                file=[f"granted_{kind}_eur" for kind in GRANTED_KINDS],
            ),
            self._sources_column(),
        ]
        self.exhibit(Table("calls", self.label("measure_caption.calls"), frame, columns, self.words))

    def _call(self, row: dict) -> str | None:
        if row["call_act"] is None:
            return None
        dated = self.dated(row["call_act_date"])
        return self.label("measure_state.act_dated").format(act=row["call_act"], date=dated)

    def _closed(self, row: dict) -> str | None:
        if row["deadline"] is None:
            return None
        return f"{self.dated(row['deadline'])} ({self._closed_what(row)})"

    def _closed_what(self, row: dict) -> str:
        """What ended with the last deadline."""
        return self.label(f"measure_deadline.{row['measure_id']}")

    def _granted(self, key: str) -> str | None:
        """What is known of the sum granted: a lower bound, or about how much."""
        for kind in GRANTED_KINDS:
            if (eur := self._granted_eur(key, kind)) is not None:
                return self.label(f"measure_number.{kind}").format(value=numbers.euro_millions(eur, self.lang))
        return None

    def _granted_eur(self, key: str, kind: str) -> float | None:
        return self.facts["granted"].get(key, {}).get(f"{kind}_eur")

    def _name_column(self) -> Column:
        slugs = self.facts["slugs"]
        pages = {self.name(row): slugs[row["sub_call_of"] or row["measure_id"]] for row in self.inputs.measures}
        return self.name_column(
            "name", "measure_table.measure", lambda n: Markup('<a href="{}.html">{}</a>').format(pages[n], n)
        )

    def _fund_column(self) -> Column:
        return Column("fund_name", self.label("measure_table.fund"))

    def _budget_column(self) -> Column:
        return Column(
            "budget_eur",
            self.label("measure_table.budget"),
            show=self.whole(self.label("state.not_known")),
            numeric=True,
        )

    def _sources_column(self) -> Column:
        return Column("source_ids", self.label("measure_table.sources"), show=self.source_cell)

    @piece
    def conflicts(self) -> None:
        """Where the sources disagree on numbers and funds: shown, not settled."""
        self.section("measure_conflicts")
        self.prose("measures_conflicts", self.facts)

    @piece
    def sources(self) -> None:
        """The sources this page rests on, with their addresses."""
        self.section("sources")
        self.source_table(self.inputs.sources, self.label("measure_caption.sources"))
