"""What the four founding documents say stands in its place, in both languages, beside the document that says it."""

import re
from html import unescape

import pytest
from showing import displayed, markup, pieces_of

from helpers.pages.good_practices.page import GoodPractices
from helpers.pages.laboratorio.page import Laboratorio
from helpers.pages.strategy.page import StrategyPage
from helpers.pages.will.page import Will

LIST = re.compile(r'<div class="facts-card">(.*?)<p class="provenance">(.*?)</p></div>', re.DOTALL)
INTERVIEW, PACT, NEWS, WILL = "S030", "S019", "S120", "S136"

#: Page and notebook, source, what the Italian page says, what the English page says.
SAID = [
    (StrategyPage, INTERVIEW, "realistico e creativo", "realistic and creative"),
    (StrategyPage, INTERVIEW, "settori verticali", "vertical sectors"),
    (StrategyPage, INTERVIEW, "contaminazione", "contamination"),
    (StrategyPage, INTERVIEW, "microclima", "microclimate"),
    (Laboratorio, PACT, "distribuzione più equa della ricchezza", "fairer distribution of wealth"),
    (Laboratorio, PACT, "solida classe media", "solid middle class"),
    (Laboratorio, PACT, "condizione dello sviluppo locale", "condition of local development"),
    (Laboratorio, PACT, "Più una società è coesa", "The more cohesive a society"),
    (Laboratorio, PACT, "dipendenza, degrado e insostenibilità", "dependency, decline and unsustainability"),
    (Laboratorio, PACT, "guida e mappa", "guide and map"),
    (Laboratorio, PACT, "Politiche che durano", "Policies that last"),
    (
        Laboratorio,
        PACT,
        "sempre meno dagli investimenti in ricerca e sviluppo",
        "less and less on investment in research",
    ),
    (Laboratorio, PACT, "il suo interno e il suo intorno", "what is within and what is around them"),
    (Laboratorio, NEWS, "avanguardia", "at the forefront of a Europe"),
    (Laboratorio, NEWS, "innovazione tecnologica", "technological innovation"),
    (Laboratorio, NEWS, "sostenibili gli effetti della crescita", "effects of growth sustainable"),
    (Laboratorio, NEWS, "perso il lavoro a una certa età", "lost their job at a certain age"),
    (Laboratorio, NEWS, "lavora bene", "works well"),
    (GoodPractices, NEWS, "Carpediem", "Carpediem"),
    (
        Will,
        WILL,
        "innovazioni di servizio e cambiamenti amministrativi",
        "innovation in services and administrative change",
    ),
    (Will, WILL, "mutuo apprendimento", "learn from one another"),
    (Will, WILL, "canne d’organo", "organ pipes"),
    (Will, WILL, "legittimazione di filiera", "the approval of the whole chain of services"),
    (Will, WILL, "analisi previsionali", "technology for forecasting"),
    (Will, WILL, "servizi già presenti", "services already there"),
]


def entries(page, lang):
    """What a page says, piece by piece as a reader meets it: paragraphs, items, cells."""
    with displayed() as outputs:
        shown = page(lang)
        for piece in pieces_of(page.notebook):
            getattr(shown, piece)()
    ends = r"\n|</(?:li|p|dd|tr|article)>"
    told = LIST.sub(with_its_sources, markup(outputs))
    return [unescape(re.sub(r"<(?!a\b)[^>]+>", " ", entry)) for entry in re.split(ends, told)]


def with_its_sources(found):
    """A list of facts in which each that tells no source has those that are told once, below the list."""
    facts, below = found.groups()
    return "".join(f"{fact}{'' if '#S' in fact else below}</dd>" for fact in facts.split("</dd>"))


@pytest.fixture(scope="module")
def said():
    pages = dict.fromkeys(page for page, *_ in SAID)
    return {(page, lang): entries(page, lang) for page in pages for lang in ("it", "en")}


@pytest.mark.parametrize(("page", "source", "italian", "english"), SAID, ids=[f"{s}-{it}" for _, s, it, _ in SAID])
def test_what_a_document_says_stands_beside_its_source(said, page, source, italian, english):
    for lang, words in (("it", italian), ("en", english)):
        found = [entry for entry in said[page, lang] if words in entry]
        assert found, (lang, words)
        assert any(f"#{source}" in entry for entry in found), (lang, words)
