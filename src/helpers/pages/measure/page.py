"""The report of one measure: five pages from one notebook."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup, escape

from helpers.data import processed
from helpers.figures.exhibit import Figure, Places, Table
from helpers.figures.tables import Column
from helpers.figures.towns import grouped_map
from helpers.pages.common.page import piece
from helpers.pages.common.spending import Spending
from helpers.pages.measure.inputs import measure_inputs
from helpers.pages.measure.misura1 import Projects
from helpers.prose import numbers
from helpers.prose.render import fill

#: Sums granted that are a bound or rounded, by the number they are among the key numbers.
GRANTED = {"M1": "granted", "WA-PRO": "ranking"}

#: The table of projects of corporate welfare.
FIRMS = "welfare_aziendale_projects"

#: Columns that become lines of an entry, and the labels of those called otherwise.
ENTRY_LINES = ("lead", "lead_body", "partners", "figures", "place")
LABELS = {"lead_body": "lead"}


class MeasureReport(Projects):
    """The pieces of one measure's report; each method shows one, or nothing where the measure has none.

    Parameters
    ----------
    measure
        Key (``M1``) or slug (``misura-1``).
    lang, edition
        See :class:`helpers.pages.common.page.Page`.
    """

    notebook = "measure"
    address = "misure/{slug}"
    each = "measures"
    parameter = "measure"
    inputs_from = staticmethod(measure_inputs)
    lists_sources = True

    def __init__(self, measure: str, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition, measure=measure)
        processed.ensure()
        self.inputs = measure_inputs(measure)
        self.facts = self.inputs.facts
        self.key = self.facts["measure"]
        self.key_columns = {"measure": self.key}

    @piece
    def title(self) -> None:
        """Title, subtitle and what the publishing step must know."""
        self.head_of(self.address.format(slug=self.facts["m"]["slug"]), f"measure_page.{self.key}")

    @piece
    def numbers(self) -> None:
        """The measure in a few key numbers, each with its status and sources."""
        items = Markup("").join(
            Markup('<li class="number"><strong>{}</strong><span>{}</span>{}<small>{}</small></li>').format(
                self._printed(n),
                self.label("measure_number." + n["label"]),
                self.badge(n["status"]),
                self.source_links(n["source_ids"]),
            )
            for n in self.facts["numbers"]
        )
        self.html(Markup('<ul class="numbers">{}</ul>').format(items))

    def _printed(self, number: dict) -> str:
        kind, value = number["kind"], number["value"]
        if kind == "integer":
            return numbers.integer(value, self.lang)
        if kind == "range":
            low, high = (numbers.integer(v / 1000, self.lang) for v in value)
            return self.label("measure_number.thousands").format(low=low, high=high)
        text = numbers.euro_millions(value, self.lang)
        return text if kind == "millions" else self.label(f"measure_number.{kind}").format(value=text)

    @piece
    def brief(self) -> None:
        """What the measure is, who could apply, what is known of it."""
        self.section("brief")
        self.prose("measure_brief", self.facts)

    @piece
    def aims(self) -> None:
        """What the measure was to bring, in the words of who presented it; not told of every measure."""
        if self.facts["aims_by"]:
            self.section("measure_aims")
            self.prose("measure_aims", {"measure": self.key, "aims_by": self.facts["aims_by"]})

    @piece
    def sheet(self) -> None:
        """Names, fund, code, budget, call and results of the measure and of each of its parts; the acts."""
        self.section("measure_sheet")
        for row in self.inputs.rows:
            heading = escape(self.label(f"measure_short.{row['measure_id']}"))
            level = 3 if len(self.inputs.rows) > 1 else 0
            self.html(self.entry(heading, level, self._sheet(row), row))
        if self.inputs.acts:
            items = Markup("").join(Markup("<li>{}</li>").format(self._act(row)) for row in self.inputs.acts)
            self.html(
                Markup('<h3>{}</h3><ul class="measure-facts">{}</ul>').format(self.label("measure_record.calls"), items)
            )

    def _sheet(self, row: dict) -> list[tuple[str, str]]:
        """Lines of the sheet: label and HTML; what no source gives stands together in one line."""
        key = row["measure_id"]
        name = self.said("measures", key, row, "official_name")
        own = self.label("measure_state.no_own_number")

        def amount(low: float | None, high: float | None) -> str | None:
            if low is None:
                return None
            ends = {"low": numbers.integer(low, self.lang), "high": numbers.integer(high, self.lang)}
            return self.label("measure_number.range").format(**ends)

        lines = {
            "official_name": self.original(name) if name else None,
            "label_in_act": row["label_in_act"] or self.label("measure_state.part"),
            "fund": self.label(f"measure_fund.{row['fund']}"),
            "code": row["por_action_code"],
            "number_2018": row["number_in_2018_articles"] or own,
            "order_2019": row["order_in_2019_press"] or own,
            "budget": None if row["budget_eur"] is None else numbers.euro(row["budget_eur"], self.lang),
            "beneficiaries": self.said("measures", key, row, "beneficiaries"),
            "call_act": self.call_act(row),
            "publication": self.dated(row["publication_date"]) if row["publication_date"] else None,
            "deadline": self.deadline(row),
            "projects": row["projects_funded"],
            "granted": self.granted(key),
            "grants": amount(row["grant_min_eur"], row["grant_max_eur"]),
        }
        missing = [self.label(f"measure_sheet.{line}") for line, value in lines.items() if value is None]
        if row["project_value_min_eur"] is not None:
            lines["values"] = amount(row["project_value_min_eur"], row["project_value_max_eur"])
        lines["missing"] = "; ".join(missing) or None
        lines["note"] = self.said("measures", key, row, "note")
        return [(f"measure_sheet.{line}", escape(value)) for line, value in lines.items() if value is not None]

    def call_act(self, row: dict) -> str | None:
        """The act that opened the call, with its date, as HTML; None where no source gives it."""
        if row["call_act"] is None:
            return None
        date = fill(self.lang, "measure_state.of", date=self.dated(row["call_act_date"]))
        return escape(f"{row['call_act']} {date}")

    def deadline(self, row: dict) -> str | None:
        """The last deadline and what ended with it, as HTML; None where no source gives it."""
        if row["deadline"] is None:
            return None
        form = self.label(f"measure_deadline.{row['measure_id']}")
        return escape(f"{self.dated(row['deadline'])} ({form})")

    def granted(self, key: str) -> str | None:
        """The sum granted, where a source gives a bound or says about how much, as HTML."""
        found = next((n for n in self.facts["numbers"] if n["label"] == GRANTED.get(key)), None)
        if found and found["kind"] == "over":
            sum_ = numbers.euro_millions(found["value"], self.lang)
            return escape(self.label("measure_state.granted_unknown").format(value=sum_))
        return escape(self._printed(found)) if found else None

    def _act(self, row: dict) -> Markup:
        key = row["act_id"]
        text = escape(self.said("strategy_acts", key, row, "act") or key)
        if row["date"]:
            text += Markup(", {}").format(self.dated(row["date"]))
        subject = self.or_unknown(self.said("strategy_acts", key, row, "subject"))
        return Markup('{}: {}. <span class="evidence">{}</span>').format(text, subject, self.evidence(row))

    @piece
    def where(self) -> None:
        """Where the measure reached, as far as the sources say."""
        self.section("measure_where")
        self.prose("measure_where", self.facts)
        if self.key == "M1":
            self.map_of_projects()
        elif len(self.inputs.places):
            self._map_of_places()

    def _map_of_places(self) -> None:
        ground, found = self.inputs.ground, self.inputs.places
        rows = {row["fact_id"]: row for row in self.inputs.records}
        frame = pd.DataFrame(found.drop(columns="geometry"))
        frame["fact"] = [self.said("wa_fesr_acc_facts", i, rows[i], "item") for i in found["fact_id"]]
        frame["source_ids"] = [";".join(rows[i]["source_ids"]) for i in found["fact_id"]]
        hover = [Markup("<b>{}</b><br>{}").format(n, f) for n, f in zip(frame["name"], frame["fact"], strict=True)]
        words = {"points": self.label("measure_map.places"), "unknown": ""}
        nobody = [None] * len(ground)
        chart = grouped_map(ground, nobody, {}, [escape(n) for n in ground["name"]], found, hover, words)
        columns = [
            self.name_column("name", "measure_table.place"),
            Column("fact", self.label("measure_table.fact")),
            Column("source_ids", self.label("measure_table.sources"), show=self.source_cell),
        ]
        facts = self.facts | {"places": sorted(found["name"])}
        caption, alt = self.text("caption_measure_places", facts), self.text("alt_measure_places", facts)
        note = self.sources_note("sourced", sorted({i for cell in frame["source_ids"] for i in cell.split(";")}))
        degrees = found.to_crs("EPSG:4326").geometry
        places = Places(found["code"].tolist(), key="istat", points=list(zip(degrees.x, degrees.y, strict=True)))
        self.exhibit(Figure("places-map", caption, alt, chart, frame, columns, self.words, note, places))

    @piece
    def records(self) -> None:
        """What single rows say of the measure, under the call they belong to: projects and bodies, then facts."""
        firms, facts = self.inputs.firms, self.inputs.records
        if not firms + facts:
            return
        self.section("measure_records")
        self.prose("measure_records", self.facts)
        many = len(self.inputs.rows) > 1
        for measure in self.inputs.rows:
            key = measure["measure_id"]
            own = [r for r in firms + facts if r.get("measure_id", self.key) == key]
            if own and many:
                self.markdown(f"### {self.label('measure_short.' + key)}")
            self.html(Markup("").join(self._project_entry(r, 4 if many else 3) for r in own if names_a_body(r)))
            for table in ("wa_fesr_acc_facts", "misura2_facts"):
                single = [r for r in own if not names_a_body(r) and table_of(r) == table]
                if single:
                    self.html(self.fact_items(table, single))

    def _project_entry(self, row: dict, level: int) -> Markup:
        """A project or a body that did something, as an entry."""
        table = table_of(row)
        key = row["wa_project_id" if table == FIRMS else "fact_id"]
        name = row["project_title"] if table == FIRMS else self.or_unknown(self.said(table, key, row, "item"))
        heading = self.original(name) if table == FIRMS else escape(name)
        lines = [
            (LABELS.get(column, column), escape(said))
            for column in ENTRY_LINES
            if column in row and (said := self.said(table, key, row, column)) is not None
        ]
        if row.get("lead_status") == "derived" and row["lead"] is not None:
            lines[0] = (lines[0][0], Markup("{} {}").format(lines[0][1], self.badge("derived")))
        if row.get("amount_eur") is not None:
            lines.append(("sum", escape(numbers.euro(row["amount_eur"], self.lang))))
        if period := self.period(row):
            remark = self.said(table, key, row, "period_note")
            lines.append(("period", escape(f"{period} ({remark})" if remark else period)))
        if note := self.said(table, key, row, "note"):
            lines.append(("note", escape(note)))
        if not row["measure_confirmed"]:
            lines.append(("confidence", escape(self.label("measure_state.unconfirmed"))))
        pairs = [(f"measure_record.{name}", html) for name, html in lines]
        return self.entry(heading, level, pairs, row, anchor=key.lower(), status=row["status"])

    @piece
    def spending(self) -> None:
        """What was funded, committed and paid, as far as it has been imported."""
        Spending(self).measure(self.inputs.spending, self.facts)

    @piece
    def timeline(self) -> None:
        """The dated events of the measure."""
        self.section("measure_timeline")
        frame = pd.DataFrame(
            [
                {
                    "event_id": row["event_id"],
                    "date": row["date"],
                    "precision": row["precision"],
                    "dated": self.dated(row["date"], row["precision"]),
                    "event": self.said("events", row["event_id"], row, "event"),
                    "note": self.event_note(row),
                    "confidence": self.confidence(row["confidence"]),
                    "source_ids": ";".join(row["source_ids"]),
                }
                for row in self.inputs.events
            ]
        )
        columns = [
            Column("dated", self.label("measure_table.date"), row_header=True, file=("date", "precision")),
            Column("event", self.label("measure_table.event")),
            Column("note", self.label("measure_table.note"), show=lambda n: n or ""),
            Column("confidence", self.label("measure_table.confidence")),
            Column("source_ids", self.label("measure_table.sources"), show=self.source_cell),
        ]
        self.exhibit(Table("timeline", self.label("measure_caption.timeline"), frame, columns, self.words))

    @piece
    def conflicts(self) -> None:
        """Where the sources disagree: shown, not settled."""
        self.section("measure_conflicts")
        self.prose("measure_conflicts", self.facts)

    @piece
    def unknown(self) -> None:
        """What is not known, and how to supply it."""
        self.section("measure_unknown")
        self.prose("measure_unknown", self.facts)

    @piece
    def sources(self) -> None:
        """The sources this page rests on, with their addresses."""
        self.section("sources")
        self.source_table(self.inputs.sources, self.label("measure_caption.sources"))
        link = Markup('<a href="index.html">{}</a>').format(self.label("measure_link.index"))
        self.html(Markup("<p>{}</p>").format(link))


def table_of(row: dict) -> str:
    """The raw table a project or fact comes from, by its key."""
    if "wa_project_id" in row:
        return FIRMS
    return "misura2_facts" if row["fact_id"].startswith("M2F") else "wa_fesr_acc_facts"


def names_a_body(row: dict) -> bool:
    """True for a project, or a fact that says who did something with whom."""
    return "wa_project_id" in row or bool(row.get("partners"))
