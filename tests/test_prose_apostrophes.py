"""Apostrophes are typographic in all that is shown, and stay what they are in addresses, styles and scripts."""

import pytest

from helpers.prose.apostrophes import show, typographic_markup


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<td>Diano d'Alba</td>", "<td>Diano d’Alba</td>"),
        ("<td>Valle d&#39;Aosta</td>", "<td>Valle d’Aosta</td>"),
        ("Distretti dell&#39;economia, citizens' income", "Distretti dell’economia, citizens’ income"),
        ('<p title="Vezza d&#39;Alba">x</p>', '<p title="Vezza d’Alba">x</p>'),
        ("""<a href="/l'arte" title="l'arte">l'arte</a>""", """<a href="/l'arte" title="l’arte">l’arte</a>"""),
        ("""<p style="font-family:'Lora'">5' 'a</p>""", """<p style="font-family:'Lora'">5' 'a</p>"""),
        ("<script>let a = {b: 'x'};</script>", "<script>let a = {b: 'x'};</script>"),
    ],
)
def test_markup(written, shown):
    assert typographic_markup(written) == shown == typographic_markup(shown)


def test_an_output_changes_only_where_a_reader_sees_it():
    chart = {"data": [{"text": ["Diano d'Alba", None, 3], "src": "https://a.it/l'a"}]}
    given = {"text/html": "<b>d'Alba</b>", "text/csv": "name\nDiano d'Alba\n", "application/json": chart}
    shown = show(given)
    assert shown["text/html"] == "<b>d’Alba</b>"
    assert shown["text/csv"] == given["text/csv"]
    assert shown["application/json"] == {"data": [{"text": ["Diano d’Alba", None, 3], "src": "https://a.it/l'a"}]}
