"""The page on evaluation: its plan hangs together, its diagram says what its lists say, monitoring stays apart."""

import inspect
import re
from xml.etree import ElementTree

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from showing import markup, show, words

from helpers import config
from helpers.data import raw
from helpers.figures import theory
from helpers.figures.exhibit import Words
from helpers.pages.evaluation import page as page_module
from helpers.pages.evaluation.page import Evaluation
from helpers.prose.labels import labels, row_texts
from helpers.prose.render import templates
from helpers.subjects import evaluation

SECTIONS = (
    *("title", "brief", "measures", "programme", "indicators", "theory", "questions"),
    *("evidence_found", "later", "gaps", "downloads"),
)
MONITORING = SECTIONS[2:5]
#: Words that say one thing made another happen; monitoring has no ground for them.
CAUSAL = re.compile(
    r"\b(grazie a|effett\w+ di|ha prodotto|hanno prodotto|ha causato|ha permesso|dovut\w a|impatt\w+|"
    r"thanks to|because of|led to|caused|due to|resulted in|impacts?|effects?)\b",
    re.IGNORECASE,
)


# ---- the plan


def test_the_weakest_part_of_what_is_known_decides_the_quality():
    """The column says of each row what its words say: not found, not read, conflict, one source, several."""
    words = {
        "absent": "not found",
        "unread": "not read",
        "contested": "conflict",
        "single": "single source|one source each",
        "agreed": "(two|several) sources",
    }
    for fact in raw.load("evaluation_facts").itertuples():
        assert next(level for level, said in words.items() if re.search(said, fact.confidence)) == fact.quality


def test_every_fact_has_a_quality_and_a_part_of_the_page():
    facts = raw.load("evaluation_facts")
    assert set(facts["quality"]) == set(evaluation.QUALITIES)
    assert {evaluation.group_of(t) for t in facts["topic"]} == set(evaluation.TOPICS)


def test_a_question_is_answered_in_part_only_by_something_found_and_read():
    facts = {"A": "absent", "B": "single", "C": "unread"}
    question = evaluation.Question("X-1", "impact", ("region",))
    cases = [((), (), "open"), (("A",), (), "open"), (("A", "B"), (), "partly"), ((), ("equita",), "partly")]
    cases += [(("C",), (), "unread"), (("A", "B", "C"), ("equita",), "unread")]
    for evidence, pages, expected in cases:
        asked = evaluation.Question("X-1", "impact", question.suppliers, evidence, pages)
        assert evaluation.state(asked, facts) == expected


def test_every_criterion_has_questions_and_every_question_its_evidence_and_supplier():
    facts = set(raw.load("evaluation_facts")["fact_id"])
    assert [q.criterion for q in evaluation.QUESTIONS] == [c for c in evaluation.CRITERIA for _ in range(2)]
    assert len({q.id for q in evaluation.QUESTIONS}) == len(evaluation.QUESTIONS)
    for question in evaluation.QUESTIONS:
        assert set(question.evidence) <= facts and question.suppliers
    assert set(evaluation.ASSUMPTIONS.values()) <= {q.id for q in evaluation.QUESTIONS}


def test_suppliers_get_every_question_they_could_help_with():
    asked = evaluation.by_supplier()
    pairs = {(s, q) for s, questions in asked.items() for q in questions}
    assert pairs == {(s, q.id) for q in evaluation.QUESTIONS for s in q.suppliers}
    assert [len(q) for q in asked.values()] == sorted((len(q) for q in asked.values()), reverse=True)


@pytest.mark.parametrize("lang", config.LANGUAGES)
def test_words_of_the_plan_are_all_there_and_all_used(lang):
    known = {k.removeprefix("evaluation.") for k in labels(lang) if k.startswith("evaluation.")}
    parts = {f"question.{q.id}.{p}" for q in evaluation.QUESTIONS for p in ("text", "data", "have", "missing")}
    assert {k for k in known if k.startswith("question.")} == parts
    assert {k for k in known if k.startswith("node.")} == {f"node.{n}" for n in evaluation.NODES}
    assert {k for k in known if k.startswith("level.")} == {f"level.{n}" for n in evaluation.LEVELS}
    assert {k for k in known if k.startswith("assumption.")} == {f"assumption.{n}" for n in evaluation.ASSUMPTIONS}
    suppliers = {f"supplier.{s}.{p}" for s in evaluation.by_supplier() for p in ("name", "text")}
    assert {k for k in known if k.startswith("supplier.")} == suppliers
    pages = {f"page.{p}" for q in evaluation.QUESTIONS for p in q.pages}
    assert {k for k in known if k.startswith("page.")} == pages


def test_nodes_said_to_be_sourced_name_known_sources():
    known = set(raw.load("sources")["source_id"])
    nodes = evaluation.nodes_table()
    for row in nodes.itertuples():
        assert set(row.source_ids) <= known and (row.status == "sourced") == bool(row.source_ids)
    links = evaluation.links_table()
    inner = set(nodes.loc[nodes["level"] != "impacts", "node"])
    assert set(links["source"]) == inner and not links.duplicated().any()
    assert set(links["target"]) == set(nodes.loc[nodes["level"] != "needs", "node"])


# ---- the diagram

LEVELS = {"a": "First", "b": "Second"}
LEGEND = {"sourced": "in a source", "proposal": "proposed"}
LINKS = pd.DataFrame([("1", "3"), ("2", "3")], columns=["source", "target"])
SVG = "{http://www.w3.org/2000/svg}"


def some_nodes(text="A box"):
    rows = [("1", "a", text, "sourced"), ("2", "a", "Other", "proposal"), ("3", "b", text, "sourced")]
    return pd.DataFrame(rows, columns=["node", "level", "text", "status"])


def drawn(nodes, links=LINKS, levels=LEVELS, size=theory.NARROW):
    return ElementTree.fromstring(theory.svg(nodes, links, levels, LEGEND, "alt", size))


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1).filter(str.strip))
@pytest.mark.slow
def test_text_stays_text_in_the_diagram_and_in_the_lists(text):
    root = drawn(some_nodes(text))
    assert {e.tag for e in root.iter()} == {SVG + n for n in ("svg", "rect", "text", "tspan", "path", "polygon")}
    listed = theory.lists(some_nodes(text), LINKS, LEVELS, "to", dict.fromkeys("123", ""))
    assert {t.name for t in BeautifulSoup(listed, "html.parser").find_all()} == {
        "ol",
        "ul",
        "li",
        "strong",
        "br",
        "small",
    }


@pytest.mark.parametrize("lang", config.LANGUAGES)
@pytest.mark.parametrize("size", [theory.WIDE, theory.NARROW])
def test_boxes_keep_apart_and_hold_their_text(lang, size):
    nodes, links = evaluation.nodes_table(), evaluation.links_table()
    nodes["text"] = [labels(lang)[f"evaluation.node.{n}"] for n in nodes["node"]]
    levels = {level: labels(lang)[f"evaluation.level.{level}"] for level in evaluation.LEVELS}
    root = drawn(nodes, links, levels, size)
    boxes = [[float(r.get(k)) for k in ("x", "y", "width", "height")] for r in root.iter(SVG + "rect")]
    boxes = boxes[: -len(LEGEND)]
    assert len(boxes) == len(nodes) and len(list(root.iter(SVG + "path"))) == len(links)
    for n, (x, y, w, h) in enumerate(boxes):
        assert x >= 0 and x + w <= size[0]
        for x2, y2, w2, h2 in boxes[n + 1 :]:
            assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y
    texts = [t for t in root.iter(SVG + "text") if len(t)]
    assert [" ".join(s.text for s in t) for t in texts] == nodes["text"].tolist()
    for text, (_, y, w, h) in zip(texts, boxes, strict=True):
        assert all(len(s.text) * size[1] * theory.LETTER <= w for s in text), [s.text for s in text]
        assert all(y < float(s.get("y")) < y + h for s in text)


def test_lists_say_what_the_diagram_says():
    nodes, links = some_nodes(), LINKS
    soup = BeautifulSoup(theory.lists(nodes, links, LEVELS, "leads to", dict.fromkeys("123", "")), "html.parser")
    levels = soup.ol.find_all("li", recursive=False)
    assert [level.strong.text for level in levels] == list(LEVELS.values())
    first = levels[0].ul.find_all("li", recursive=False)
    assert [[li.text for li in node.ul.find_all("li")] for node in first] == [["A box"], ["A box"]]
    assert levels[1].ul.li.ul is None


@pytest.mark.parametrize(
    ("link", "message"), [(("1", "2"), "next level"), (("3", "1"), "next level"), (("1", "9"), "does not exist")]
)
def test_links_lead_to_the_next_level_only(link, message):
    with pytest.raises(ValueError, match=message):
        theory.check(some_nodes(), pd.DataFrame([link], columns=["source", "target"]), LEVELS)


def test_a_level_needs_a_title():
    with pytest.raises(ValueError, match="without a title: b"):
        theory.check(some_nodes(), LINKS, {"a": "First"})


def test_a_diagram_shows_one_width_and_offers_its_table():
    frame = pd.DataFrame({"node": ["1"]})
    columns = [page_module.Column("node", "Node")]
    made = theory.Diagram("t", "A & B", "<svg/>", "<svg/>", "<ol></ol>", "List", frame, columns, Words("d", "c"))
    ((bundle, _),) = made.outputs()
    assert "A &amp; B" in bundle["text/html"] and 'href="csv:t"' in bundle["text/html"]
    assert bundle["text/html"].count(" hidden>") == 1 and bundle["text/csv"] == "node\n1\n"


# ---- the page


@pytest.mark.parametrize("lang", config.LANGUAGES)
def test_every_row_stands_on_the_page(lang):
    html = markup(show(Evaluation(lang), *SECTIONS))
    for fact in raw.load("evaluation_facts")["fact_id"]:
        assert html.count(f'id="{fact}"') == 1, fact
    for code in raw.load("esf_indicators")["code"]:
        assert f'<th scope="row">{code}</th>' in html, code
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


@pytest.mark.parametrize("lang", config.LANGUAGES)
@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("evaluation_facts", ("item", "value", "confidence", "note")),
        ("esf_indicators", ("name_en", "confidence", "note")),
    ],
)
def test_every_text_of_a_row_is_worded(lang, table, columns):
    texts = row_texts(lang, table)
    frame = raw.load(table)
    key = frame.columns[0]
    for row in frame.to_dict("records"):
        for column in columns:
            assert not isinstance(row[column], str) or column in texts[row[key]], (row[key], column)


@pytest.mark.parametrize("lang", config.LANGUAGES)
def test_monitoring_stands_before_evaluation_and_claims_no_effects(lang):
    page = Evaluation(lang)
    text = monitoring = words(show(page, *MONITORING))
    for measure in raw.load("measures")["measure_id"]:
        # A measure may be named after the effects it is meant to have.
        text = re.sub(re.escape(labels(lang)[f"measure.{measure}"]), "", text, flags=re.IGNORECASE)
    assert not CAUSAL.search(text), CAUSAL.search(text)
    assert labels(lang)["section.eval_monitoring"] in monitoring
    assert labels(lang)["section.eval_evaluation"] not in monitoring
    assert labels(lang)["section.eval_evaluation"] in words(show(page, "theory")[:1])


def test_counts_and_budget_are_those_of_the_tables():
    inputs = Evaluation().inputs
    facts = inputs.facts
    assert facts["budget_eur"] == 20_000_000
    assert (facts["n_indicators"], facts["n_to_check"], facts["n_evidence"]) == (32, 13, 21)
    assert facts["qualities"] == {"agreed": 5, "single": 11, "contested": 1, "unread": 1, "absent": 3}
    assert facts["n_partly"] + facts["n_open"] == facts["n_questions"] == 12
    assert facts["n_unread"] == 1
    # The caption says that no total granted is known.
    assert inputs.measures["amount_granted_eur"].isna().all()
    assert all(facts["rule_sources"][name] for name in ("participant", "total", "time"))


def test_the_codes_said_to_be_unchecked_are_those_of_the_table():
    table = raw.load("esf_indicators")
    unchecked = set(table.loc[table["confidence"].str.contains("to be checked"), "code"])
    assert unchecked == {f"CO{n}" for n in range(20, 24)} | {f"CR0{n}" for n in range(1, 10)}


def test_every_template_of_the_page_is_used():
    source = inspect.getsource(page_module)
    own = [name for name in templates("it") if name.startswith("evaluation_")]
    assert own and all(f'"{name}"' in source for name in own)
