"""The timeline: the phases of the rollout, then every event, year by year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
from markupsafe import Markup, escape

from helpers.figures import gantt
from helpers.figures.exhibit import Figure
from helpers.figures.tables import Column, csv_text
from helpers.pages.common.page import piece
from helpers.pages.common.source_rows import ToldPage, sentence
from helpers.pages.timeline.inputs import timeline_inputs
from helpers.prose import numbers
from helpers.prose.render import fill
from helpers.subjects import timeline

#: Columns of the file of events.
EVENT_COLUMNS = (
    *("event_id", "date", "precision", "event", "strand", "about", "other_date", "other_row"),
    *("status", "confidence", "source_ids", "note"),
)


@dataclass(frozen=True)
class _Listing:
    """The events as one output, so that their file and the link to it stay together."""

    html: str
    csv: str

    def outputs(self) -> list[tuple[dict, dict]]:
        return [({"text/html": self.html, "text/csv": self.csv, "text/plain": ""}, {})]


class TimelinePage(ToldPage):
    """Every event once, with its date as precise as its source; each method shows one piece."""

    notebook = "timeline"
    address = "cronologia"
    titles = "timeline_page"
    inputs_from = staticmethod(timeline_inputs)

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        self.inputs = timeline_inputs()
        self.facts, self.events = self.inputs.facts, self.inputs.events

    @piece
    def intro(self) -> None:
        """How many events there are, and between which years."""
        self.section("brief")
        self.prose("timeline_intro", self.facts)

    @piece
    def rollout(self) -> None:
        """Calls and phases on a line of time."""
        self.section("timeline_rollout")
        self.prose("timeline_rollout", self.facts)
        phases = self.inputs.phases
        frame = phases.assign(
            label=[self.label(f"timeline.phase_name.{p}") for p in phases["phase_id"]],
            kind_name=[self.label(f"timeline.kind_name.{k}") for k in phases["kind"]],
            start_said=[self._dates(a, b) for a, b in zip(phases["start"], phases["start_other"], strict=True)],
            end_said=[self._dates(a, b) for a, b in zip(phases["end"], phases["end_other"], strict=True)],
        )
        words = {kind: self.label(f"timeline.kind_name.{kind}") for kind in gantt.COLOURS}
        approval = date.fromisoformat(self.facts["approval"]["date"])
        chart = gantt.gantt(
            frame["label"].tolist(),
            frame["kind"].tolist(),
            [timeline.certain(row) for row in frame.to_dict("records")],
            [timeline.uncertain(row) for row in frame.to_dict("records")],
            [self._hover(row) for row in frame.to_dict("records")],
            words | {"uncertain": self.label("timeline.uncertain")},
            (int(frame["start_first"].min()[:4]), int(frame["end_last"].max()[:4])),
            (approval, self.label("timeline.gantt_mark")),
        )
        columns = [
            self.name_column("label", "timeline.phase"),
            Column("kind_name", self.label("timeline.kind")),
            Column("start_said", self.label("timeline.from"), file=("start", "start_other")),
            Column("end_said", self.label("timeline.to"), file=("end", "end_other")),
            Column("status", self.label("table.status"), show=self.badge),
            Column("source_ids", self.label("table.sources"), show=self.sources_of),
        ]
        told = [{"label": r["label"], "start": r["start_said"], "end": r["end_said"]} for r in frame.to_dict("records")]
        caption, alt = self.text("caption_gantt", self.facts), self.text("alt_gantt", {"phases": told})
        sources = sorted({source for ids in frame["source_ids"] for source in ids})
        note = self.sources_note("derived", sources)
        self.exhibit(Figure("rollout", caption, alt, chart, frame, columns, self.words, note))

    def _hover(self, row: dict) -> Markup:
        between = fill(self.lang, "timeline.open_until", start=row["start_said"], end=row["end_said"])
        status = self.label(f"status.{row['status']}.name")
        return Markup("<b>{}</b><br>{}<br>{}<br>{}").format(row["label"], row["kind_name"], between, status)

    @piece
    def list(self) -> None:
        """Every event, grouped by year; a script lets the reader choose strands."""
        self.section("timeline_events")
        years = sorted(self.events["year"].unique())
        links = Markup("").join(Markup('<li><a href="#anno-{}">{}</a></li>').format(y, y) for y in years)
        menu = Markup('<nav class="years" aria-label="{}"><ol>{}</ol></nav>').format(
            self.label("timeline.years"), links
        )
        lists = Markup("").join(self._year(year) for year in years)
        download = Markup('<p class="downloads"><a href="csv:events" download>{}</a></p>').format(
            self.label("timeline.download")
        )
        html = Markup('<div class="timeline" id="timeline">{}{}{}{}</div>').format(
            self._filter(), menu, lists, download
        )
        columns = [Column(name, name) for name in EVENT_COLUMNS]
        self.exhibit(_Listing(html, csv_text(self._file(), columns)))

    def _file(self) -> pd.DataFrame:
        """The events as a file: text in the page's language, the other columns as in the raw table."""
        said = [self.words_for("events", row, "event") for row in self.events.to_dict("records")]
        notes = [self.note_of("events", row) for row in self.events.to_dict("records")]
        sources = [";".join(ids) for ids in self.events["source_ids"]]
        return self.events.assign(event=said, note=notes, source_ids=sources)

    def _filter(self) -> Markup:
        """The choice of strands, not seen until the script that serves it runs."""
        counts = self.facts["n_groups"]
        boxes = Markup("").join(
            Markup('<label><input type="checkbox" value="{}"> {} <span>{}</span></label>').format(
                group, self.label(f"timeline.group.{group}"), counts[group]
            )
            for group in timeline.GROUPS
        )
        words = {name: escape(self.label(f"timeline.{name}")) for name in ("filter", "all", "shown", "shown_all")}
        return Markup(
            '<form class="timeline-filter" data-app="timeline" data-parts="address" data-live hidden '
            'data-shown="{}" data-all="{}">'
            "<fieldset><legend>{}</legend>{}</fieldset>"
            '<p><span role="status"></span> <button type="reset">{}</button></p></form>'
        ).format(words["shown"], words["shown_all"], words["filter"], boxes, words["all"])

    def _year(self, year: int) -> Markup:
        items = Markup("").join(self._event(row) for row in self.events[self.events["year"] == year].to_dict("records"))
        heading = Markup('<h3 id="anno-{}">{}</h3>').format(year, year)
        return Markup('<section class="year" aria-labelledby="anno-{}">{}<ol>{}</ol></section>').format(
            year, heading, items
        )

    def _event(self, row: dict) -> Markup:
        known = self.label(f"timeline.precision.{row['precision']}") if row["precision"] != "day" else ""
        about = self.label(f"timeline.about.{row['about']}") if row["about"] else ""
        small = Markup("").join(Markup("<small>{}</small>").format(text) for text in (known, about) if text)
        group = escape(self.label(f"timeline.group.{row['group']}"))
        text = escape(sentence(self.words_for("events", row, "event") or row["event"]))
        return Markup(
            '<li id="{}" data-group="{}">'
            '<p class="when">{}{}</p>'
            '<div class="what"><p>{} <span class="strand strand-{}">{}</span></p>'
            "{}{}</div></li>"
        ).format(
            row["event_id"].lower(),
            row["group"],
            self._time(row),
            small,
            text,
            row["group"],
            group,
            self._conflict(row),
            self.under(row, self.note_of("events", row)),
        )

    def _time(self, row: dict) -> Markup:
        """The date in words, with a machine's date where HTML has one as precise: it knows no seasons."""
        said = escape(numbers.date(row["date"], row["precision"], self.lang))
        machine = row["date"][:4] if row["precision"] == "season" else row["date"]
        return Markup('<time datetime="{}">{}</time>').format(machine, said)

    def _conflict(self, row: dict) -> str:
        """Another date that sources give or leave open, told beside the first."""
        if not row["conflict"]:
            return ""
        if row["other_row"] is None:
            # Where all sources of the row give the other date too, they leave open which it is.
            kind = "other_date" if set(row["other_source_ids"]) >= set(row["source_ids"]) else "other_source"
            said = self.label(f"timeline.{kind}"), escape(self._date(row["other_date"]))
        else:
            other = self.events.set_index("event_id").at[row["other_row"], "date"]
            link = Markup('<a href="#{}">{}</a>').format(row["other_row"].lower(), self._date(other))
            said = self.label("timeline.other_row"), link
        sources = Markup(" ({})").format(self.sources_of(row["other_source_ids"])) if row["other_source_ids"] else ""
        return Markup('<p class="conflict">{} {}{}.</p>').format(said[0], said[1], sources)

    def _date(self, value: str) -> str:
        return numbers.date(value, timeline.precision(value), self.lang)

    def _dates(self, value: str, other: str | None) -> str:
        """A date, and the one that conflicts with it."""
        shown = self._date(value)
        return Markup("{} {} {}").format(shown, self.label("timeline.or"), self._date(other)) if other else shown

    @piece
    def dates(self) -> None:
        """How to read the dates."""
        self.section("timeline_dates")
        self.prose("timeline_dates", self.facts)
