"""Pieces shared by pages that tell what sources say, row by row: facts in lists and tables, confidence in words."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from helpers.figures.tables import Column, of_markup
from helpers.pages.common.page import Page
from helpers.pages.strategy.inputs import words_of_confidence

#: How a fact is known: status, how far the sources agree, and which these are.
Known = tuple[str, Any, tuple[str, ...]]


class ToldPage(Page):
    """A page of facts told by sources, each with its status, how far the sources agree, and links to them."""

    def confidence(self, text: object) -> str:
        """How far the sources agree, in words."""
        return self.worded(f"strategy.confidence.{words_of_confidence(text)}", str(text))

    def sources_of(self, source_ids: object) -> Markup:
        """Links to the sources of a row, as HTML; says so where there is none."""
        links = self.source_links(source_ids)
        return links or escape(self.label("strategy.no_source"))

    def words_for(self, table: str, row: dict, column: str) -> str | None:
        """What a row says in one column in the page's language; None where the table is blank.

        The key of the row is its first column.
        """
        return self.row(table, _key(row), column, None if pd.isna(row[column]) else row[column])

    def note_of(self, table: str, row: dict) -> str:
        """The note of a row where it is worded; other notes are for those who keep the tables."""
        return self.row(table, _key(row), "note") or ""

    def said(self, table: str, frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
        """The rows with ``columns`` and ``note`` worded in the page's language; blanks stay blank."""
        rows = [row for row in frame.to_dict("records")]
        worded = {column: [self.words_for(table, row, column) for row in rows] for column in columns}
        sources = [";".join(ids) for ids in frame["source_ids"]]
        notes = [self.note_of(table, row) or None for row in rows]
        told = [self._provenance(row) for row in rows]
        said = frame.assign(**worded, note=notes, source_ids=sources, provenance=of_markup(told, frame.index)).astype(
            object
        )
        return said.where(said.notna(), None)

    def _provenance(self, row: dict) -> Markup:
        """The cell that tells how a row is known, as HTML."""
        told = escape(self.confidence(row["confidence"]))
        return Markup("{} <small>{}</small> {}").format(
            self.badge(row["status"]), told, self.sources_of(row["source_ids"])
        )

    def joined(self, *parts: object) -> Markup:
        """A cell of several lines, the first in full size, as HTML; blanks left out."""
        first, *rest = [escape(part) for part in parts if part]
        return first + Markup("").join(Markup("<small>{}</small>").format(part) for part in rest)

    def provenance_column(self) -> Column:
        """The column made by :meth:`said`."""
        return Column("provenance", self.label("strategy.provenance"))

    def under(self, row: dict, note: str = "") -> Markup:
        """What stands under a fact, as HTML: status, agreement of the sources, links, note."""
        sources = Markup("{}: {}").format(self.label("table.sources"), self.sources_of(row["source_ids"]))
        confidence = escape(self.confidence(row["confidence"]))
        after = Markup("<br>{}").format(note) if note else ""
        return Markup('<p class="provenance">{} {} · {}{}</p>').format(
            self.badge(row["status"]), confidence, sources, after
        )

    def fact_list(self, rows: pd.DataFrame, table: str) -> None:
        """Show rows of a table of facts as a list of terms; how most of them are known is told once, below it."""
        facts = rows.to_dict("records")
        known = [(row["status"], row["confidence"], tuple(row["source_ids"])) for row in facts]
        most, times = Counter(known).most_common(1)[0]
        shared = most if times > 1 else ("sourced", None, ())
        items = []
        for row, own in zip(facts, known, strict=True):
            item, value = (self.words_for(table, row, c) or self.label("state.not_known") for c in ("item", "value"))
            note = self.note_of(table, row)
            items.append(
                Markup('<div id="{}"><dt>{}</dt><dd>{}{}{}</dd></div>').format(
                    _key(row).lower(),
                    item,
                    sentence(value),
                    self._told_apart(own, shared),
                    Markup("<small>{}</small>").format(note) if note else "",
                )
            )
        told = Markup("{} {}").format(self.badge(shared[0]), self._told_by(shared) if times > 1 else "")
        if 1 < times < len(facts):
            told += Markup(" ({})").format(self.label("strategy.unless"))
        self.html(
            Markup('<div class="facts-card"><dl class="facts">{}</dl><p class="provenance">{}</p></div>').format(
                Markup("").join(items), told
            )
        )

    def _told_apart(self, own: Known, shared: Known) -> Markup:
        """How a fact is known, as far as not in the way of most of its list."""
        badge = self.badge(own[0]) if own[0] != shared[0] else Markup("")
        sources = self._told_by(own) if own[1:] != shared[1:] else Markup("")
        told = Markup(" ").join(part for part in (badge, sources) if part)
        return Markup(' <span class="told">{}</span>').format(told) if told else told

    def _told_by(self, known: Known) -> Markup:
        return Markup("{}: {}").format(self.confidence(known[1]), self.sources_of(known[2]))

    def heading(self, key: str) -> None:
        """Show a heading below that of the section."""
        self.markdown(f"### {self.label(key)}")


def sentence(text: str) -> str:
    """A fact as a sentence: first letter large, one full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _key(row: dict) -> str:
    """The key of a row: its first column."""
    return str(next(iter(row.values())))
