"""A page says what is known, and each absence once: few sentences of home and districts deny or disclaim."""

import pytest
from denials import denials, sentences
from readers import PAGES, pages_of, read_page

from helpers import config

#: The largest share of sentences that may.
MOST = 0.10


def page(body):
    return f"<html><body><main>{body}</main></body></html>"


@pytest.mark.parametrize(
    "lang, text",
    [
        ("it", "Non si sa."),
        ("it", "Le fonti tacciono e nessuna lo dice."),
        ("it", "Il confine è una ricostruzione."),
        ("it", "Il legame è indicativo."),
        ("it", "Un calcolo senza valore di stima."),
        ("en", "It is not known."),
        ("en", "No source says so."),
        ("en", "The boundary is a reconstruction."),
        ("en", "This can’t be told."),
    ],
)
def test_what_denies_or_disclaims_is_seen(lang, text):
    other = {"it": "Vi abitano molti.", "en": "Many live there."}[lang]
    assert denials(page(f"<p>{text} {other}</p>"), lang) == ([text], 2)


@pytest.mark.parametrize(
    "lang, text",
    [
        ("it", "La quota è del 13%: nessun distretto ha un valore più alto."),
        ("it", "Il consorzio nonché il comune."),
        ("en", "The share is 13%: no district has a higher value."),
        ("en", "The local health board of Novara, ASL NO."),
    ],
)
def test_what_only_sounds_like_it_is_not(lang, text):
    assert denials(page(f"<p>{text}</p>"), lang)[0] == []


def test_only_sentences_are_read():
    body = (
        '<p>Uno, secondo la D.G.R. Piemonte. Due.</p><ul><li>Tre<p class="provenance">Non quattro.</p></li></ul>'
        '<table><tr><td>Non cinque.</td></tr></table><dl><dt>Sei</dt><dd><abbr class="not-known">n.d.</abbr></dd></dl>'
        '<details class="cited"><ol><li>Non sette</li></ol></details>'
    )
    assert sentences(page(body)) == ["Uno, secondo la D.G.R. Piemonte.", "Due.", "Tre"]


@pytest.mark.site
@PAGES
@pytest.mark.parametrize("lang", config.LANGUAGES)
def test_home_and_districts_deny_little(built, lang, which):
    root = built.site / config.edition_path(lang, "")
    for path in (root / "index.html", *pages_of(root / "distretti", which)):
        found, n = denials(read_page(path), lang)
        assert n >= 10 and len(found) <= MOST * n, (path.name, found)
