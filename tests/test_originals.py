"""A title in Italian on an English page is said in Italian."""

import pytest
from readers import soup_of

from helpers.publish.originals import is_original, mark_originals

PAGE = "<title>Reti per il futuro di domani</title><main>{}</main><footer>La fine del sito</footer>"


@pytest.mark.parametrize(
    "text",
    [
        *("Una comunità che cura", "La Cura è di Casa", "Unione Montana dei Comuni della Valsesia"),
        "Verso il 2030: un nuovo modello di welfare in Piemonte",
        "Sperimentazione di azioni innovative di welfare territoriale",
    ],
)
def test_titles_in_italian_are_known(text):
    assert is_original(text, "en")


@pytest.mark.parametrize(
    "text",
    [
        *("", "Torino", "Lead town", "The approval of the Patto per il sociale di allora", "Valle di Susa"),
        "Comune di Novara (public body); Centro Servizi per il Territorio di Novara",
    ],
)
def test_names_and_english_stay_as_they_are(text):
    assert not is_original(text, "en")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<h1>Una comunità che cura</h1>", '<h1><span lang="it">Una comunità che cura</span></h1>'),
        ("<p>Its title is “La Cura è di Casa”.</p>", '<p>Its title is “<span lang="it">La Cura è di Casa</span>”.</p>'),
        *((kept, kept) for kept in ('<span lang="it">La Cura è di Casa</span>', "<option>La Cura è di Casa</option>")),
        *((kept, kept) for kept in ('<img alt="La Cura è di Casa">', "<svg><text>La Cura è di Casa</text></svg>")),
    ],
)
def test_what_is_said_in_italian_is_marked_where_it_may_be(before, after):
    assert mark_originals(PAGE.format(before), "en") == PAGE.format(after)
    assert mark_originals(PAGE.format(before), "it") == PAGE.format(before)


@pytest.mark.site
def test_titles_on_english_pages_are_marked(built):
    said = {
        tag.get_text()
        for page in ("progetti/novara", "misure/misura-1", "metodo")
        for tag in soup_of(built.site / f"en/{page}.html").select('main [lang="it"]')
    }
    assert {
        "Una comunità che cura",
        "La Cura è di Casa",
        "Un laboratorio delle Regioni per l’innovazione sociale",
    } <= said
