"""The page on the strategy: origin, principles, governance, acts, programmes, conflicts between sources."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from helpers.figures import shares
from helpers.figures.exhibit import Figure, Table
from helpers.figures.tables import Column, of_markup
from helpers.pages.common.page import piece
from helpers.pages.common.source_rows import ToldPage
from helpers.pages.strategy.inputs import AXES, strategy_inputs
from helpers.prose import numbers
from helpers.prose.render import upper_first
from helpers.subjects import timeline


class StrategyPage(ToldPage):
    """Where the strategy comes from and who governs it; each method shows one piece."""

    notebook = "strategy"
    address = "strategia"
    titles = "strategy_page"
    inputs_from = staticmethod(strategy_inputs)

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        self.inputs = strategy_inputs()
        self.told = self.inputs.told
        counts = {
            "n_principles": int((self.told["topic"] == "principle").sum()),
            "n_pact_principles": int((self.told["topic"] == "pact principle").sum()),
        }
        self.facts = self.inputs.facts | counts

    @piece
    def brief(self) -> None:
        """What the strategy is, in one paragraph."""
        self.section("brief")
        self.prose("strategy_brief", self.facts)

    def _facts_on(self, *topics: str) -> None:
        self.fact_list(self.told[self.told["topic"].isin(topics)], "strategy_facts")

    @piece
    def aims(self) -> None:
        """Aims and principles, in the words of those who wanted the strategy."""
        self.section("strategy_aims")
        self.prose("strategy_aims", self.facts)
        self.heading("strategy.aims")
        self._facts_on("aim")
        self.heading("strategy.principles")
        self._facts_on("principle")
        self.heading("strategy.pact_principles")
        self.prose("strategy_pact", self.facts)
        self._facts_on("pact principle", "pact conclusion")

    @piece
    def origin(self) -> None:
        """From the informal group to the act."""
        self.section("strategy_origin")
        self.prose("strategy_origin", self.facts)
        self._facts_on("origin")

    @piece
    def governance(self) -> None:
        """The four regional ministries and the two directorates of the joint table."""
        self.section("strategy_governance")
        self.prose("strategy_governance", self.facts)
        rows = self.told[self.told["topic"].isin(["ministry", "directorate"])]
        frame = self.said("strategy_facts", rows, "item", "value")
        frame["unit"] = of_markup(
            [
                self.joined(item, self.label(f"strategy.{topic}"))
                for item, topic in zip(frame["item"], frame["topic"], strict=True)
            ],
            frame.index,
        )
        columns = [
            Column("unit", self.label("strategy.unit"), row_header=True),
            Column("value", self.label("strategy.person"), show=self._known),
            Column("note", self.label("table.note"), show=_blank),
            self.provenance_column(),
        ]
        file = ("item", "topic", "value", "year", "note", "status", "confidence", "source_ids")
        self._table("ministries", frame, columns, file)
        self._facts_on("coordination")

    @piece
    def actors(self) -> None:
        """Who was heard, who carries out, who accompanies, who evaluates."""
        self.section("strategy_actors")
        self.prose("strategy_actors", self.facts)
        self._facts_on("actor")

    @piece
    def protocol(self) -> None:
        """The protocol with the banking foundations."""
        self.section("strategy_protocol")
        self.prose("strategy_protocol", self.facts)
        self._facts_on("protocol")

    @piece
    def acts(self) -> None:
        """Every act, with date, publication, amount and sources."""
        self.section("strategy_acts")
        self.prose("strategy_acts", self.facts)
        rows = self.inputs.acts.sort_values(["date", "act_id"], na_position="last")
        frame = self.said("strategy_acts", rows, "act", "subject", "publication")
        told = frame.to_dict("records")
        frame["named"] = of_markup(
            [
                self.joined(row["act"], self._date(row["date"], row["precision"]), self._group(row["strand"]))
                for row in told
            ],
            frame.index,
        )
        frame["content"] = of_markup(
            [
                self.joined(row["subject"], row["publication"] or self.label("strategy.no_publication"), row["note"])
                for row in told
            ],
            frame.index,
        )
        columns = [
            Column("named", self.label("strategy.act"), row_header=True),
            Column("content", self.label("strategy.subject")),
            Column("amount_eur", self.label("table.amount"), show=self._amount, numeric=True),
            self.provenance_column(),
        ]
        file = ("act_id", "act", "date", "publication", "subject", "strand", "amount_eur", "note")
        self._table("acts", frame, columns, (*file, "status", "confidence", "source_ids"))

    @piece
    def programmes(self) -> None:
        """The two programmes behind the strategy: axes, totals, the axis whose figures do not fit."""
        self.section("strategy_programmes")
        self.prose("strategy_programmes", self.facts)
        frame = self.inputs.axes.assign(label=[self._axis(key) for key in AXES])
        words = {key: self.label(f"strategy.{key}") for key in ("wecare_axis", "other_axis", "printed_amount")}
        axis = self.facts["axis"]
        where = int(frame.index[frame["share"] == axis["share"]][0])
        chart = shares.shares(frame, (where, axis["printed_share"]), words, self.show("share_65_plus"))
        columns = [
            self.name_column("label", "strategy.axis"),
            self.share_column("share", "strategy.share"),
            Column("wecare", upper_first(words["wecare_axis"]), show=self._yes),
            Column("source_ids", self.label("table.sources"), show=self.sources_of),
        ]
        facts = self.facts | {"axes": frame[["label", "share"]].to_dict("records")}
        caption, alt = self.text("caption_axes", facts), self.text("alt_axes", facts)
        note = self.sources_note("sourced", self.facts["sources"]["axes"])
        self.exhibit(Figure("axes", caption, alt, chart, frame, columns, self.words, note))
        self.prose("strategy_axis", self.facts)
        for part in ("esf", "erdf"):
            self._programme(part)

    @piece
    def duties(self) -> None:
        """What those who receive the funds must show and count."""
        self.section("strategy_duties")
        self.prose("strategy_duties", self.facts)
        self._programme("duties")
        self._programme("indicators")

    @piece
    def conflicts(self) -> None:
        """Where sources disagree, each side with its sources."""
        self.section("strategy_conflicts")
        self.prose("strategy_conflicts", self.facts)
        self.heading("strategy.counts")
        self._facts_on("count")

    @piece
    def limits(self) -> None:
        """What is not known and what cannot be concluded."""
        self.section("strategy_limits")
        self.prose("strategy_limits", self.facts)

    def _programme(self, part: str) -> None:
        programmes = self.inputs.programmes
        frame = self.said("programme_facts", programmes[programmes["part"] == part], "item", "value")
        frame["content"] = of_markup(
            [self.joined(self._known(row["value"]), row["note"]) for row in frame.to_dict("records")], frame.index
        )
        columns = [
            Column("item", self.label("strategy.item"), row_header=True),
            Column("content", self.label("strategy.value")),
            Column("year", self.label("strategy.year"), show=self._years_shown),
            self.provenance_column(),
        ]
        file = ("fact_id", "item", "value", "year", "note", "status", "confidence", "source_ids")
        self._table(part, frame, columns, file)

    def _table(self, name: str, frame: pd.DataFrame, columns: list[Column], file: tuple[str, ...]) -> None:
        """Show a table whose cells join columns for the eye, while its file keeps them apart."""
        first, *rest = columns
        columns = [replace(first, file=file), *(replace(column, file=()) for column in rest)]
        self.exhibit(Table(name, self.label(f"strategy.caption.{name}"), frame, columns, self.words))

    def _known(self, value: str | None) -> str:
        return value or self.label("state.not_known")

    def _date(self, value: str | None, precision: str | None) -> str:
        if value is None or precision is None:
            return self.label("strategy.no_date")
        return numbers.date(value, precision, self.lang)

    def _group(self, strand: str) -> str:
        return self.label(f"timeline.group.{timeline.GROUP_OF[strand]}")

    def _amount(self, value: float | None) -> str:
        return self.label("state.not_known") if value is None else numbers.euro(value, self.lang)

    def _years_shown(self, value: object) -> str:
        return (
            self.label("strategy.confidence.none") if value is None else str(value).replace("-", "–").replace(";", ", ")
        )

    def _yes(self, value: object) -> str:
        return self.label("strategy.yes" if value else "strategy.no")

    def _axis(self, key: str) -> str:
        """Name of an axis, as its row begins."""
        return (self.row("programme_facts", key, "value") or key).split(":")[0]


def _blank(value: object) -> str:
    return "" if value is None else str(value)
