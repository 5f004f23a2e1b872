"""The catalogue of good practices, each with a replicability card."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from helpers.figures.exhibit import Table
from helpers.figures.tables import Column
from helpers.pages.common.page import piece
from helpers.pages.laboratorio.inputs import good_practices_inputs
from helpers.pages.laboratorio.page import LaboratorioPage
from helpers.prose.labels import labels

#: What a card asks of a practice, in order.
ASPECTS = ("need", "actors", "resources", "conditions", "evidence", "transfer")


class GoodPractices(LaboratorioPage):
    """The pieces of the catalogue; each method shows one."""

    notebook = "good_practices"
    address = "laboratorio/buone-pratiche"
    titles = "practices_page"
    inputs_from = staticmethod(good_practices_inputs)

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        self.inputs = good_practices_inputs()
        shown = ("practice", "region_or_body", "description", "figures", "confidence", "note")
        self.practices = self.word_rows("good_practices", self.inputs.practices, "practice_id", shown)
        self.practices = self.practices.assign(evidence=self.evidence(self.practices))
        self.known_parts = {
            practice: [a for a in ASPECTS if self.aspect(practice, a) is not None]
            for practice in self.practices["practice_id"]
        }
        self.facts = self.inputs.facts | {
            "n_aspects": len(ASPECTS) * len(self.practices),
            "n_known": sum(map(len, self.known_parts.values())),
            "nothing_known": [
                row.practice for row in self.practices.itertuples() if not self.known_parts[row.practice_id]
            ],
        }

    def aspect(self, practice: str, aspect: str) -> str | None:
        """What the sources say of one aspect of a practice; None where they say nothing."""
        return labels(self.lang).get(f"card.{practice}.{aspect}")

    @piece
    def brief(self) -> None:
        """How many practices, and how much is known of them."""
        self.section("brief")
        self.prose("good_practices_brief", self.facts)

    @piece
    def comparison(self) -> None:
        """The practices side by side."""
        self.section("practices_compared")
        known = self.known("state.not_known")
        columns = [
            self.name_column("practice", "lab.table.practice", self._to_card),
            Column("region_or_body", self.label("lab.table.about")),
            Column(
                "named_at_forum",
                self.label("lab.table.named"),
                show=lambda v: self.label("state.not_known" if v is None else f"lab.yes_no.{bool(v)}"),
            ),
            Column("description", self.label("lab.table.description"), show=known),
            Column("figures", self.label("lab.table.figures"), show=known),
            self.evidence_column(),
        ]
        caption = self.label("lab.caption.practices")
        self.exhibit(Table("practices", caption, self.practices, columns, self.words))

    def _to_card(self, practice: str) -> Markup:
        ids = dict(zip(self.practices["practice"], self.practices["practice_id"], strict=True))
        return Markup('<a href="#{}">{}</a>').format(ids[practice].lower(), practice)

    @piece
    def known_aspects(self) -> None:
        """Which aspects of each practice are known at all."""
        self.section("practices_known")
        words = {True: self.label("lab.is_known"), False: self.label("state.not_known")}
        rows = [
            {"practice": row.practice} | {a: words[a in self.known_parts[row.practice_id]] for a in ASPECTS}
            for row in self.practices.itertuples()
        ]
        columns = [self.name_column("practice", "lab.table.practice")]
        columns += [Column(a, self.label(f"lab.aspect.{a}")) for a in ASPECTS]
        note = self.note("derived", "package")
        caption = self.text("caption_practices_known", self.facts)
        self.exhibit(Table("practices-known", caption, pd.DataFrame(rows), columns, self.words, note))

    @piece
    def cards(self) -> None:
        """One card per practice."""
        self.section("practice_cards")
        self.html(Markup("").join(self._card(row) for row in self.practices.to_dict("records")))

    def _card(self, row: dict) -> Markup:
        key = row["practice_id"]
        named = "unknown" if row["named_at_forum"] is None else str(bool(row["named_at_forum"]))
        parts = [("about", row["region_or_body"]), ("named", self.label(f"lab.named.{named}"))]
        parts += [("description", row["description"])]
        shown = [(self.label(f"lab.table.{term}"), text) for term, text in parts if text]
        known = self.known_parts[key]
        shown += [(self.label(f"lab.aspect.{a}"), self.aspect(key, a)) for a in known]
        if row["figures"]:
            figures = f"{row['figures']} ({self.label('lab.table.year').lower()}: {self.years(row['year_of_figures'])})"
            shown.append((self.label("lab.table.figures"), figures))
        unknown = ", ".join(self.label(f"lab.aspect.{a}").lower() for a in ASPECTS if a not in known)
        shown.append((self.label("lab.unknown_aspects"), unknown))
        if row["note"]:
            shown.append((self.label("table.note"), row["note"]))
        if row["confidence"]:
            shown.append((self.label("lab.table.evidence"), row["confidence"]))
        listed = Markup("").join(
            (Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(term, text) for term, text in shown)
        )
        note = self.sources_note("sourced", row["source_ids"])
        heading = Markup('<h3 id="{}">{}</h3>').format(key.lower(), row["practice"])
        return Markup('<section class="practice-card">{}<dl>{}</dl>{}</section>').format(heading, listed, note)

    @piece
    def limits(self) -> None:
        """What is not known and what cannot be concluded."""
        self.section("limits")
        self.prose("good_practices_limits", self.facts)
