"""What is cited for a statement is what the tables say speaks of it; what is counted is counted in the data."""

import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from showing import markup, show, words

from helpers.data import raw
from helpers.pages.evaluation.page import Evaluation
from helpers.pages.measure.inputs import measure_inputs
from helpers.pages.strategy.page import StrategyPage
from helpers.prose.render import render

LANGS = ("it", "en")

#: A source named inside a text.
NAMED = re.compile(r"\bS\d{3}\b")

#: Whole texts of sources, and the addresses and titles of all.
LISTS = {"sources", "population", "comune_distretto"}


def tables():
    """The raw tables that are written by hand, as text."""
    for path in sorted((ROOT / "data/raw").glob("*.csv")):
        if path.stem not in LISTS:
            yield path.stem, pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.mark.slow
def test_every_source_named_in_a_text_is_in_the_table_of_sources():
    known, named = set(raw.load("sources")["source_id"]), set()
    for _, table in tables():
        for column in table.columns:
            named |= {source for cell in table[column] for source in NAMED.findall(cell)}
    assert len(named) > 200 and named <= known


def test_a_source_named_in_the_note_of_a_project_speaks_of_that_project():
    """Or of the bodies of its place, where the note says so."""
    facts, projects = raw.load("misura1_facts"), raw.load("misura1_projects")
    cited = pd.concat([facts, projects])[["project_id", "source_ids"]].explode("source_ids")
    own = cited.groupby("project_id")["source_ids"].agg(set)
    bodies = {source for ids in raw.load("enti_gestori_notes")["source_ids"] for source in ids} | {"S044", "S045"}
    for row in pd.concat([facts, projects]).dropna(subset="note").itertuples():
        assert set(NAMED.findall(row.note)) <= own.get(row.project_id, set()) | bodies, row.note


# ---- the accompaniment


@pytest.mark.parametrize("lang", LANGS)
def test_the_body_that_accompanied_the_design_is_cited_from_what_names_it(lang):
    facts = raw.load("strategy_facts").set_index("fact_id")
    assert "Archidata" in facts.at["STF-39", "value"] and list(facts.at["STF-39", "source_ids"]) == ["S037"]
    text = render("measure_brief", lang, **measure_inputs("ACC").facts)
    sentence = re.search(r"[^.]*Archidata\.(\s?\[\w+\]\([^)]*\))+", text)[0]
    assert set(NAMED.findall(sentence.split("Archidata")[1])) == {"S037"}


# ---- the pact


def test_the_principles_of_the_pact_are_the_same_in_the_strategy_and_in_its_text():
    strategy, pact = raw.load("strategy_facts"), raw.load("patto_text")
    assert (strategy["topic"] == "pact principle").sum() == (pact["kind"] == "principle").sum() == 6


@pytest.mark.parametrize(("lang", "six"), [("it", "sei"), ("en", "six")])
def test_the_principles_of_the_pact_are_said_to_be_as_many_as_they_are(lang, six):
    text = words(show(StrategyPage(lang), "aims"))
    told = re.search(
        r"principi fondamentali che vi sono scritti sono (\w+)|it sets out (\w+) fundamental principles", text
    )
    assert (told[1] or told[2]) == six


# ---- what nobody read


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("it", "nessuna finora: il rapporto che dovrebbe darla esiste, ma non è stato letto"),
        ("en", "none so far: the report that should give it exists, but was not read"),
    ],
)
def test_a_report_that_was_not_read_answers_nothing(lang, said):
    questions = BeautifulSoup(markup(show(Evaluation(lang), "questions")), "html.parser").find_all(class_="question")
    unread = [q for q in questions if q.find("a", href="#EVF-01")]
    assert [q["id"] for q in unread] == ["EFT-1"]
    assert [q["id"] for q in questions if said in q.text] == ["EFT-1"]
    assert all(q.strong.text == said for q in unread)
