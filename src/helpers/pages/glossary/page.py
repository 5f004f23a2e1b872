"""The page «Glossario»."""

from __future__ import annotations

from markupsafe import Markup

from helpers.pages.common.page import Page, piece
from helpers.pages.glossary.inputs import glossary_inputs
from helpers.prose.glossary import Entry, entries


class Glossary(Page):
    """What the abbreviations stand for and what the words of the trade mean."""

    notebook = "glossary"
    address = "glossario"
    titles = "glossary_page"
    inputs_from = staticmethod(glossary_inputs)

    @piece
    def abbreviations(self) -> None:
        """The abbreviations and short names, spelled out."""
        self._list("glossary_abbreviations", [e for e in entries(self.lang) if is_abbreviation(e)])

    @piece
    def terms(self) -> None:
        """The words of the trade."""
        self._list("glossary_terms", [e for e in entries(self.lang) if not is_abbreviation(e)])

    def _list(self, section: str, listed: list[Entry]) -> None:
        self.section(section)
        items = Markup("").join(
            Markup('<dt id="{}">{}</dt><dd>{}{}</dd>').format(
                entry.key,
                entry.term,
                Markup("<strong>{}.</strong> ").format(entry.long[:1].upper() + entry.long[1:]) if entry.long else "",
                entry.text,
            )
            for entry in listed
        )
        self.html(Markup('<dl class="glossary">{}</dl>').format(items))


def is_abbreviation(entry: Entry) -> bool:
    """Whether a term is written in capitals, as ``D.G.R.`` and ``EaSI`` are."""
    return sum(letter.isupper() for letter in entry.term) > 1
