"""Figures and tables have numbers, in captions and where a text speaks of them."""

from __future__ import annotations

import re

import pytest
from conftest import ROOT

from helpers.errors import WecareError
from helpers.publish.numbering import numbered


def figure(name: str, more: str = "") -> tuple[str, str]:
    kind = "table" if name.startswith("tbl") else "figure"
    return (
        "html",
        f'<figure class="{kind}-wecare" id="{name}"{more}><figcaption class="caption">Testo.</figcaption></figure>',
    )


def captions(blocks: list[tuple[str, str]]) -> list[str]:
    text = "".join(text for kind, text in blocks if kind == "html")
    return re.findall(r'<figcaption class="caption">(?:<a class="nth" href="#[^"]+">(.*?)</a> )?Testo', text)


def test_figures_and_tables_are_counted_apart_in_the_order_of_the_page():
    names = ["fig-a", "tbl-a", "fig-b", "tbl-b", "fig-c"]
    shown = [("html", figure("fig-a")[1] + figure("tbl-a")[1]), *map(figure, names[2:])]
    assert captions(numbered(shown, "it", "x")) == ["Figura 1.", "Tabella 1.", "Figura 2.", "Tabella 2.", "Figura 3."]
    assert captions(numbered(shown, "en", "x")) == ["Figure 1.", "Table 1.", "Figure 2.", "Table 2.", "Figure 3."]


def test_what_a_script_shows_in_the_place_of_another_is_not_counted():
    assert captions(numbered([figure("fig-a", " data-live hidden"), figure("fig-b")], "it", "x")) == ["", "Figura 1."]


def test_a_text_says_the_number_wherever_it_stands():
    blocks = [
        ("markdown", r"Come dice [la *mappa* \[1\]](#fig-b) e [altro](x.html#fig-b)."),
        *map(figure, ("fig-a", "fig-b")),
    ]
    told = numbered(blocks, "it", "x")[0][1]
    assert told == r"Come dice [la *mappa* \[1\] (figura 2)](#fig-b) e [altro](x.html#fig-b)."


def test_a_text_that_speaks_of_a_figure_which_is_not_there_is_refused():
    with pytest.raises(WecareError, match="esplora.ipynb.*#fig-b"):
        numbered([figure("fig-a"), ("markdown", "[la mappa](#fig-b)")], "it", "esplora.ipynb")


def test_both_languages_speak_of_the_same_figures():
    found = {
        lang: sorted(
            (path.name, name)
            for path in (ROOT / "src/helpers/prose" / lang).glob("*.md.j2")
            for name in re.findall(r"\]\(#((?:fig|tbl)-[\w-]+)\)", path.read_text(encoding="utf-8"))
        )
        for lang in ("it", "en")
    }
    assert found["it"] == found["en"] and len(found["it"]) > 5
