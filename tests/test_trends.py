"""The page «Come cambia il Piemonte»: what it says in both languages."""

import pytest
from showing import markup, show, words

from helpers.config import LANGUAGES
from helpers.data import processed
from helpers.pages.trends.inputs import trends_inputs
from helpers.pages.trends.page import Trends


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_text_and_map(lang):
    shown = show(Trends(lang), "title", "brief", "map", "downloads")
    assert "30" in words(shown)
    assert 'id="fig-trends-map"' in markup(shown)


def test_the_facts_are_those_of_the_data():
    facts, districts = trends_inputs().facts, processed.load("districts")
    assert facts["n_districts"] == len(districts)
    assert facts["highest"]["value"] == districts[facts["indicator"]].max()
