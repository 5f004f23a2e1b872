"""Rows of the raw tables as entries a person reads: what they say, how sure it is, where it comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from markupsafe import Markup, escape

from helpers import config
from helpers.pages.common.page import Page
from helpers.prose import numbers
from helpers.subjects.measures import confidence_key, precision, status_of

#: Confidence of a row that says something was looked for and not found.
NOT_FOUND = "not found"

#: What facts of a project count, so that a number says its year or that it is not known.
COUNTING = ("before", "people", "results", "work")
_NUMBER = re.compile(r"\d")

#: Columns that together say what a fact is.
FACT_COLUMNS = ("project_title", "value", "figures", "lead_body", "place")


class Records(Page):
    """Pages that show rows one by one."""

    def said(self, table: str, key: str, row: dict, column: str) -> str | None:
        """What a row says in a column, worded in the page's language, as plain text; None where blank."""
        return None if row[column] is None else self.row(table, key, column, otherwise=row[column])

    def event_note(self, row: dict) -> str | None:
        """The note of an event where it is worded; otherwise what its date is, if not the day of the event."""
        worded = self.row("events", row["event_id"], "note")
        return worded or (self.label(f"timeline.about.{row['date_is']}") if row["date_is"] else None)

    def original(self, text: str) -> Markup:
        """A title or name that stays in Italian, marked as such in the other editions, as HTML."""
        return escape(text) if self.lang == config.LANGUAGES[0] else Markup('<span lang="it">{}</span>').format(text)

    def confidence(self, text: str | None) -> str:
        """How far the sources agree, in words."""
        return (
            self.worded(f"measure_confidence.{confidence_key(text)}", text) if text else self.label("state.not_known")
        )

    def missing(self, state: str = "not_known") -> Markup:
        """A value that is not there, told apart from a zero, as HTML."""
        return Markup('<abbr class="not-known" title="{}">{}</abbr>').format(
            self.label(f"state_text.{state}"), self.label(f"state.{state}")
        )

    def evidence(self, row: dict, status: str | None = None) -> Markup:
        """Status, confidence and sources of a row, on a line of HTML; an empty ``status`` shows none."""
        confidence = row.get("confidence")
        parts = []
        if confidence != NOT_FOUND and status != "":
            parts.append(self.badge(status or status_of(confidence)))
        if confidence:
            parts.append(escape(self.confidence(confidence)))
        links = self.source_links(row["source_ids"])
        return Markup("{} · {}: {}").format(Markup(" ").join(parts), self.label("table.sources"), links)

    def entry(self, heading: str, level: int, pairs: Sequence[tuple[str, str]], row: dict, **extra: str) -> Markup:
        """One row as an entry.

        Parameters
        ----------
        heading
            HTML.
        level
            Of the heading, 3 or 4; 0 for none.
        pairs
            Name of a label below ``measure_record`` or ``measure_sheet`` in full, and HTML.
        row
            For confidence and sources.
        extra
            ``anchor`` (id of the entry), ``status`` (instead of that of the confidence), ``after`` (HTML inside).
        """
        title = Markup("<h{}>{}</h{}>").format(level, heading, level) if level else ""
        anchor = Markup(' id="{}"').format(extra["anchor"]) if "anchor" in extra else ""
        listed = Markup("").join(
            (Markup("<dt>{}</dt><dd>{}</dd>").format(self.label(name), value) for name, value in pairs)
        )
        return Markup('<div class="record"{}>{}<dl>{}</dl>{}<p class="provenance">{}</p></div>').format(
            anchor, title, listed, extra.get("after", ""), self.evidence(row, extra.get("status"))
        )

    def dated(self, date: str, fine: str | None = None) -> str:
        """A date no finer than it is written."""
        return numbers.date(date, fine or precision(date), self.lang)

    def period(self, row: dict) -> str | None:
        """The period of a row in words; None where no source gives one."""
        start, end = row["period_start"], row["period_end"]
        if not (start or end):
            return None
        if start and end and start != end:
            text = self.label("measure_state.period").format(start=self.dated(start), end=self.dated(end))
        elif start:
            text = self.dated(start)
        else:
            text = self.label("measure_state.until").format(end=self.dated(end))
        return text

    def fact_value(self, table: str, row: dict) -> str:
        """What a fact says, where and when, as text or HTML; that it was not found where it says nothing."""
        key = row["fact_id"]
        parts = [self.said(table, key, row, column) for column in FACT_COLUMNS if column in row]
        if row.get("amount_eur") is not None:
            parts.insert(0, numbers.euro(row["amount_eur"], self.lang))
        text = "; ".join(part for part in parts if part)
        when = self.period(row) if "period_start" in row else row["year"]
        if row["confidence"] == NOT_FOUND:
            beside = "; ".join(part for part in (text, when) if part)
            unknown = self.label("state.not_known")
            return f"{unknown} ({beside})" if beside else unknown
        if not when and row.get("aspect") in COUNTING and _NUMBER.search(text):
            unknown = self.label("measure_state.no_year").format(unknown=self.label("state.not_known"))
            return Markup('{} <span class="not-known">({})</span>').format(text, unknown)
        if when and when not in text:
            text = f"{text} ({when})" if text else when
        return text or self.label("state.not_known")

    def fact_items(self, table: str, rows: list[dict]) -> Markup:
        """Facts as a list, each with its own confidence and sources."""
        items = []
        for row in rows:
            key = row["fact_id"]
            value = self.fact_value(table, row)
            text = Markup("<strong>{}</strong>: {}.").format(self.or_unknown(self.said(table, key, row, "item")), value)
            note = self.said(table, key, row, "note")
            text += Markup(" {}").format(note) if note else ""
            items.append(
                Markup('<li id="{}">{} <span class="evidence">{}</span></li>').format(
                    key.lower(), text, self.evidence(row)
                )
            )
        return Markup('<ul class="measure-facts">{}</ul>').format(Markup("").join(items))

    def or_unknown(self, value: object) -> str:
        """A cell's text; one that no source fills says so."""
        return self.label("state.not_known") if value is None else str(value)

    def whole(self, otherwise: str) -> Callable[[float | None], str]:
        """The printer of whole numbers, with what stands where there is none."""
        return lambda value: otherwise if value is None else numbers.integer(value, self.lang)

    def source_cell(self, value: object) -> str:
        """Links to sources as a cell, as HTML."""
        return self.source_links(value) if value else ""
