"""The glossary: the same entries in both languages; an abbreviation is spelled out where a page first has it."""

import re

import pytest
from showing import markup, show, words

from helpers.config import LANGUAGES
from helpers.pages.glossary.page import Glossary
from helpers.prose.glossary import entries, spell_out


def test_both_languages_have_the_same_entries():
    italian, english = ({entry.key for entry in entries(lang)} for lang in LANGUAGES)
    assert italian == english and len(italian) > 40


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_every_entry_once(lang):
    shown = show(Glossary(lang), "title", "abbreviations", "terms")
    found = re.findall(r'<dt id="(\w+)">', markup(shown))
    assert sorted(found) == sorted(entry.key for entry in entries(lang))
    assert all(entry.text in words(shown) for entry in entries(lang))


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        (
            "La D.G.R. 22-5076 del 2017 e la D.G.R. 21-8447.",
            "La D.G.R. 22-5076 ([deliberazione della Giunta regionale](../glossario.html#dgr)) del 2017 "
            "e la D.G.R. 21-8447.",
        ),
        ("## La D.D. 134\n\nLa [D.D.](x.html) e `D.D.`", "## La D.D. 134\n\nLa [D.D.](x.html) e `D.D.`"),
        ("D&#46;D&#46; 179", "D&#46;D&#46; 179 ([determinazione dirigenziale](../glossario.html#dd))"),
        (
            "il FSC (CIPE 41/2020)",
            "il FSC ([Fondo per lo sviluppo e la coesione](../glossario.html#fsc)) "
            "(CIPE 41/2020, [Comitato interministeriale per la programmazione economica](../glossario.html#cipe))",
        ),
        ("Fondo per lo sviluppo e la coesione (FSC)", "Fondo per lo sviluppo e la coesione (FSC)"),
        ("il BU45 e BUONO", "il BU45 ([Bollettino Ufficiale della Regione Piemonte](../glossario.html#bu)) e BUONO"),
    ],
)
def test_the_first_use_is_spelled_out(text, spelled):
    assert spell_out(text, "it", "../", set()) == spelled


def test_what_is_part_of_a_name_or_stands_in_quotation_marks_is_not_spelled_out():
    text = "“ISTAT”, ISTAT’s indices, the OECD–EU handbook, Territorio di Novara e VCO, VCO-Vercelli, the Region’s news"
    assert spell_out(text, "en", "", set()) == text


def test_a_page_spells_out_a_term_once():
    told = set()
    first = spell_out("The social-services bodies and D.D. 1.", "en", "", told)
    assert "social-services bodies ([ente gestore](glossario.html#ente_gestore))" in first
    assert spell_out("The social-services body and D.D. 2.", "en", "", told) == "The social-services body and D.D. 2."
