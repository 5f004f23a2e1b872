"""The page on monitoring and evaluation, which keeps the two apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from helpers.figures import theory
from helpers.figures.cards import Card, Cards
from helpers.figures.exhibit import Table
from helpers.figures.tables import Column
from helpers.pages.common.page import Page, piece
from helpers.pages.evaluation.inputs import evaluation_inputs
from helpers.prose import numbers
from helpers.subjects import evaluation as plan

#: Kinds of ESF indicators, by the name of their words.
KINDS = {
    "output_participants": "output, participants",
    "output_entities": "output, entities",
    "result_immediate": "result, immediate",
    "result_longer": "result, longer-term (6 months)",
}


class Evaluation(Page):
    """What was done, told from data; then what it would take to know whether it helped."""

    notebook = "evaluation"
    address = "valutazione"
    titles = "evaluation_page"
    inputs_from = staticmethod(evaluation_inputs)

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        self.inputs = evaluation_inputs()
        self.facts = self.inputs.facts
        self.evidence = self.inputs.evidence

    @piece
    def brief(self) -> None:
        """What this page can and cannot say."""
        self.prose("evaluation_brief", self.facts)

    # ---- monitoring

    @piece
    def measures(self) -> None:
        """What was planned and funded, measure by measure."""
        self.section("eval_monitoring")
        self.prose("evaluation_monitoring", self.facts)
        self._heading("measures")
        columns = [
            Column("measure_id", self.label("table.measure"), show=self._measure, row_header=True),
            Column("budget_eur", self.label("table.budget"), show=self._millions, numeric=True),
            Column(
                "projects_funded",
                self.label("table.projects_funded"),
                show=self._count,
                numeric=True,
                unit="projects",
            ),
            Column("amount_granted_eur", self.label("evaluation.table.granted"), show=self._millions, numeric=True),
            self._sources_column(),
        ]
        caption = self.label("evaluation.caption.measures")
        self.exhibit(Table("measures", caption, self.inputs.measures, columns, self.words, self._badge_note()))

    @piece
    def programme(self) -> None:
        """Figures of the whole ESF programme."""
        self._heading("programme")
        self._facts("programme")

    @piece
    def indicators(self) -> None:
        """The common indicators of the ESF, kind by kind, with who could supply their values."""
        self._heading("indicators")
        self.prose("evaluation_indicators", self.facts)
        indicators = self.inputs.indicators
        for kind, value in KINDS.items():
            frame = indicators[indicators["kind"] == value].reset_index(drop=True)
            frame = self._worded("esf_indicators", frame, "code", ("name_en", "confidence", "note"))
            supplier = self.label(f"evaluation.kind_supplier.{kind}")
            caption = f"{self.label(f'evaluation.kind.{kind}')}. {self.label('evaluation.table.supplier')}: {supplier}"
            name = f"esf-{kind.replace('_', '-')}"
            self.exhibit(Table(name, caption, frame, self._indicator_columns(frame), self.words))

    def _indicator_columns(self, frame: pd.DataFrame) -> list[Column]:
        return [
            Column("code", self.label("evaluation.table.code"), row_header=True),
            Column("name_en", self.label("evaluation.table.indicator")),
            Column("confidence", self.label("evaluation.table.certainty"), show=self._certainty(frame)),
            *([Column("note", self.label("table.note"), show=self._or_nothing)] if frame["note"].any() else []),
            self._sources_column(),
        ]

    def _certainty(self, frame: pd.DataFrame) -> Callable[[str], str]:
        """Prints how certain an indicator is, after the badge of its status."""
        status = dict(zip(frame["confidence"], frame["status"], strict=True))
        return lambda text: Markup("{} {}").format(self.badge(status[text]), text or "").rstrip()

    # ---- evaluation

    @piece
    def theory(self) -> None:
        """The theory of change as a diagram and as lists, and what it takes for granted."""
        self.section("eval_evaluation")
        self.prose("evaluation_intro", self.facts)
        self._heading("theory")
        nodes, links = plan.nodes_table(), plan.links_table()
        nodes["text"] = [self.label(f"evaluation.node.{node}") for node in nodes["node"]]
        levels = {level: self.label(f"evaluation.level.{level}") for level in plan.LEVELS}
        legend = {s: self.label(f"evaluation.proposal.legend_{s}") for s in ("sourced", "proposal")}
        alt = self.label("evaluation.alt.theory")
        wide, narrow = (theory.svg(nodes, links, levels, legend, alt, s) for s in (theory.WIDE, theory.NARROW))
        notes = {row.node: self._node_note(row.status, row.source_ids) for row in nodes.itertuples()}
        lists = theory.lists(nodes, links, levels, self.label("evaluation.theory.leads_to"), notes)
        text = dict(zip(nodes["node"], nodes["text"], strict=True))
        joined = links.groupby("source")["target"].agg(lambda t: "; ".join(text[n] for n in t))
        nodes["leads_to"] = nodes["node"].map(joined)
        columns = [
            Column(key, self.label("evaluation.theory.node")) for key in ("node", "level", "text", "status", "leads_to")
        ]
        show = self.label("evaluation.theory.show_lists")
        caption = self.label("evaluation.caption.theory")
        self.exhibit(
            theory.Diagram(
                "theory", caption, wide, narrow, lists, show, nodes, columns, self.words, self._node_sources()
            )
        )
        self.prose("evaluation_assumptions", self.facts)
        items = Markup("").join(
            (
                Markup("<li>{} {}</li>").format(self.label(f"evaluation.assumption.{name}"), self._asked(question))
                for name, question in plan.ASSUMPTIONS.items()
            )
        )
        self.html(Markup("<ul>{}</ul>").format(items))

    def _node_note(self, status: str, source_ids: tuple[str, ...]) -> Markup:
        if status != "sourced":
            return Markup("<em>({})</em>").format(self.label("evaluation.proposal.name"))
        return Markup("({})").format(self.source_links(source_ids))

    def _node_sources(self) -> Markup:
        ids = sorted({i for _, sources in plan.NODES.values() for i in sources})
        return self.sources_note("sourced", ids)

    @piece
    def questions(self) -> None:
        """The questions by criterion: data that would answer, what there is, what is missing, who could supply it."""
        self._heading("questions")
        self.prose("evaluation_questions", self.facts)
        for criterion in plan.CRITERIA:
            own = Markup("").join(self._question(q) for q in plan.QUESTIONS if q.criterion == criterion)
            name, text = (escape(self.label(f"evaluation.criterion.{criterion}.{k}")) for k in ("name", "text"))
            self.html(Markup("<h4>{}</h4><p>{}</p>{}").format(name, text, own))

    def _question(self, question: plan.Question) -> Markup:
        key = f"evaluation.question.{question.id}"
        state = self.label(f"evaluation.state.{self.inputs.states[question.id]}")
        rows = [("state", Markup("<strong>{}</strong>").format(state))]
        rows += [(part, escape(self.label(f"{key}.{part}"))) for part in ("data", "have", "missing")]
        rows.append(
            (
                "suppliers",
                Markup("; ").join(escape(self.label(f"evaluation.supplier.{s}.name")) for s in question.suppliers),
            )
        )
        if question.evidence:
            told = self.evidence.set_index("fact_id")["item"]
            named = {fact: self.row("evaluation_facts", fact, "item", told[fact]) for fact in question.evidence}
            rows.append(
                (
                    "evidence",
                    Markup("; ").join(
                        Markup('<a href="#{}">{}</a>').format(fact, item) for fact, item in named.items()
                    ),
                )
            )
        if question.pages:
            links = (
                Markup('<a href="{}{}.html">{}</a>').format(self.to_root, page, self.label(f"evaluation.page.{page}"))
                for page in question.pages
            )
            rows.append(("pages", Markup(", ").join(links)))
        items = Markup("").join(
            (
                Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(self.label(f"evaluation.field.{part}"), text)
                for part, text in rows
            )
        )
        return Markup('<section class="question" id="{}"><h5 class="asked">{}</h5><dl>{}</dl></section>').format(
            question.id, self.label(f"{key}.text"), items
        )

    def _asked(self, question: str) -> str:
        """A question as a link to its place."""
        return Markup('<a href="#{}">{}</a>').format(question, self.label(f"evaluation.question.{question}.text"))

    @piece
    def evidence_found(self) -> None:
        """The scale of quality, and what was found on the strategy itself."""
        self._heading("evidence")
        self.prose("evaluation_evidence", self.facts)
        scale = pd.DataFrame([{"quality": q, "n": n} for q, n in self.facts["qualities"].items()])
        columns = [
            Column("quality", self.label("evaluation.table.quality"), show=self._quality, row_header=True),
            Column("quality", self.label("table.rule"), show=lambda q: self.label(f"evaluation.quality.{q}.text")),
            Column("n", self.label("evaluation.table.rows"), show=str, numeric=True, unit="rows"),
        ]
        note = self.note("derived", "package")
        self.exhibit(Table("scale", self.label("evaluation.caption.scale"), scale, columns, self.words, note))
        self._facts("reports")

    @piece
    def later(self) -> None:
        """Programmes and initiatives that came after."""
        self._heading("later")
        self._facts("later")

    @piece
    def gaps(self) -> None:
        """Who could supply what is missing, question by question."""
        self._heading("gaps")
        self.prose("evaluation_gaps", self.facts)
        items = ""
        for supplier, questions in plan.by_supplier().items():
            own = Markup("").join(Markup("<li>{}</li>").format(self._asked(q)) for q in questions)
            items += Markup("<li><strong>{}</strong><ul>{}</ul></li>").format(
                self.label(f"evaluation.supplier.{supplier}.text"), own
            )
        self.html(Markup("<ul>{}</ul>").format(items))

    # ---- shared by the sections

    def _heading(self, key: str) -> None:
        self.markdown(f"### {self.label('evaluation.heading.' + key)}")

    def _facts(self, group: str) -> None:
        """The facts of one part of the page, each with how well it is documented."""
        frame = self.evidence.query("group == @group").reset_index(drop=True)
        texts = ("item", "value", "body", "confidence", "note")
        frame = self._worded("evaluation_facts", frame, "fact_id", texts)
        cards = [self._card(row) for row in frame.to_dict("records")]
        frame["source_ids"] = frame["source_ids"].map(";".join)
        columns = ["fact_id", "item", "value", "amount_eur", "year"]
        columns += ["body", "quality", "confidence", "source_ids", "note"]
        caption = self.label(f"evaluation.caption.{group}")
        self.exhibit(Cards(f"facts-{group}", caption, cards, frame, columns, self.words))

    def _card(self, row: dict) -> Card:
        about = _with(row["item"], row["body"])
        amount = None if row["amount_eur"] is None else numbers.euro(row["amount_eur"], self.lang)
        known = "; ".join(str(part) for part in (amount, row["value"]) if part) or self.label("state.not_known")
        quality = self.label(f"evaluation.quality.{row['quality']}.name")
        said = row["confidence"] if row["confidence"] != quality else None
        parts = [Markup("<strong>{}</strong>").format(_with(quality, said))]
        if row["year"] is not None:
            parts.append(escape(str(row["year"]).replace("-", "–")))
        if links := self.source_links(row["source_ids"]):
            parts.append(Markup("{}: {}").format(self.label("table.sources"), links))
        details = () if row["note"] is None else (row["note"],)
        return Card(row["fact_id"], about, known, details, Markup(" · ").join(parts))

    def _worded(self, table: str, frame: pd.DataFrame, key: str, columns: tuple[str, ...]) -> pd.DataFrame:
        """A copy whose texts are in the page's language; what the table leaves blank stays None."""
        frame = frame.astype(object).where(frame.notna(), None)
        for column in columns:
            values = zip(frame[key], frame[column], strict=True)
            worded = [None if v is None else self.row(table, row, column, v) for row, v in values]
            # Without the dtype pandas would take None for a missing text, NaN.
            frame[column] = pd.Series(worded, index=frame.index, dtype=object)
        return frame

    def _or_nothing(self, value: object) -> str:
        return "" if value is None else str(value)

    def _quality(self, quality: str) -> str:
        return self.label(f"evaluation.quality.{quality}.name")

    def _measure(self, measure_id: str) -> str:
        text = self.label(f"measure.{measure_id}")
        return text[:1].upper() + text[1:]

    def _millions(self, value: Any) -> str:
        return self.label("state.not_known") if value is None else numbers.euro_millions(value, self.lang)

    def _count(self, value: Any) -> str:
        return self.label("state.not_known") if value is None else numbers.integer(value, self.lang)

    def _badge_note(self) -> Markup:
        return Markup('<p class="provenance">{} {}</p>').format(
            self.badge("sourced"), self.label("evaluation.rows_note")
        )

    def _sources_column(self) -> Column:
        def links(ids: object) -> Markup:
            return self.source_links(ids) or escape(self.label("state.none"))

        return Column("source_ids", self.label("table.sources"), show=links)


def _with(text: str, detail: str | None) -> str:
    """A text and, in brackets, what it does not say already."""
    return text if detail is None or detail.lower() in text.lower() else f"{text} ({detail})"
