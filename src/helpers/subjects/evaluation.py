"""The observatory's proposal for evaluating the strategy: questions, theory of change, scale of quality.

What the pieces say is in ``prose/*/labels/evaluation.toml``; here is how they hang together. Nothing is a finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

#: Criteria of evaluation, in the order of the page.
CRITERIA = ("relevance", "coherence", "effectiveness", "efficiency", "impact", "sustainability")

#: How well a fact is documented, from the best to none.
QUALITIES = ("agreed", "single", "contested", "unread", "absent")

#: Levels of the theory of change, from what it starts from to what it aims at.
LEVELS = ("needs", "inputs", "activities", "outputs", "outcomes", "impacts")

#: Topics of the table of facts, by the part of the page: what was done, what was studied, what came after.
TOPICS = {
    "programme": ("POR FSE 2014-2020",),
    "reports": ("report",),
    "later": ("PR FSE+ 2021-2027", "successor"),
}


@dataclass(frozen=True)
class Question:
    """One question for the evaluation.

    Attributes
    ----------
    id
        Stable; also the place on the page.
    criterion
        One of :data:`CRITERIA`.
    suppliers
        Who could supply what is missing.
    evidence
        Rows of the table of facts that bear on it.
    pages
        Pages of the site with data that bear on it.
    """

    id: str
    criterion: str
    suppliers: tuple[str, ...]
    evidence: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


QUESTIONS = (
    Question("REL-1", "relevance", ("region", "opencoesione"), pages=("equita", "simulatore")),
    Question("REL-2", "relevance", ("region", "bodies"), pages=("strategia",)),
    Question("COH-1", "coherence", ("region", "opencoesione"), pages=("misure/index",)),
    Question("COH-2", "coherence", ("region",), ("EVF-05", "EVF-07", "EVF-12", "EVF-13"), ("risorse",)),
    Question(
        "EFT-1",
        "effectiveness",
        ("leads", "accompanier", "region"),
        ("EVF-01", "EVF-02", "EVF-03"),
        ("misure/misura-1",),
    ),
    Question("EFT-2", "effectiveness", ("region", "leads")),
    Question("EFC-1", "efficiency", ("opencoesione", "region")),
    Question("EFC-2", "efficiency", ("region", "leads"), pages=("cronologia",)),
    Question("IMP-1", "impact", ("region", "ires"), ("EVF-04",)),
    Question("IMP-2", "impact", ("bodies", "leads", "ires")),
    Question(
        "SUS-1", "sustainability", ("leads", "bodies", "region"), ("EVF-15", "EVF-16", "EVF-17", "EVF-18", "EVF-22")
    ),
    Question(
        "SUS-2",
        "sustainability",
        ("region", "regions"),
        ("EVF-19", "EVF-20", "EVF-21"),
        ("laboratorio/buone-pratiche",),
    ),
)

#: Nodes of the theory of change: level and, where the node is what a source says, its sources.
NODES = {
    "N1": ("needs", ("S030",)),
    "N2": ("needs", ("S030",)),
    "N3": ("needs", ("S019",)),
    "R1": ("inputs", ("S001", "S030")),
    "R2": ("inputs", ("S030",)),
    "R3": ("inputs", ("S030", "S076")),
    "A1": ("activities", ("S003", "S030")),
    "A2": ("activities", ("S003", "S016")),
    "A3": ("activities", ("S012", "S030")),
    "O1": ("outputs", ()),
    "O2": ("outputs", ()),
    "O3": ("outputs", ()),
    "E1": ("outcomes", ("S120",)),
    "E2": ("outcomes", ()),
    "E3": ("outcomes", ("S030",)),
    "I1": ("impacts", ("S030",)),
    "I2": ("impacts", ("S030",)),
    "I3": ("impacts", ("S030",)),
}

#: What each node is expected to lead to: all of it the observatory's reading, none of it found.
LINKS = (
    *(("N1", "R1"), ("N1", "R2"), ("N2", "R2"), ("N2", "R3"), ("N3", "R1")),
    *(("R1", "A1"), ("R1", "A2"), ("R1", "A3"), ("R2", "A1"), ("R2", "A2"), ("R3", "A1")),
    *(("A1", "O1"), ("A1", "O2"), ("A2", "O2"), ("A3", "O3")),
    *(("O1", "E1"), ("O2", "E2"), ("O1", "E2"), ("O3", "E3")),
    *(("E1", "I1"), ("E2", "I2"), ("E3", "I2"), ("E1", "I3"), ("E3", "I3")),
)

#: Assumptions of the theory of change, each with the question that would test it.
ASSUMPTIONS = {"together": "IMP-2", "reached": "EFT-2", "after": "SUS-1", "elsewhere": "SUS-2"}


def group_of(topic: str) -> str:
    """Part of the page that shows a fact, by its topic."""
    return next(group for group, topics in TOPICS.items() if topic in topics)


def state(question: Question, qualities: Mapping[str, str]) -> str:
    """Whether anything at hand bears on a question; nothing here answers one in full.

    Parameters
    ----------
    question
        The question.
    qualities
        Quality by id of the fact.

    Returns
    -------
    str
        ``unread`` if a document that should answer it exists and was not read: what else bears on it tells less;
        ``partly`` if a fact that was found or a page with data bears on it; ``open`` otherwise.
    """
    found = {qualities[fact] for fact in question.evidence}
    if "unread" in found:
        return "unread"
    return "partly" if found - {"absent"} or question.pages else "open"


def nodes_table() -> pd.DataFrame:
    """Nodes of the theory of change: ``node``, ``level``, ``status`` (``sourced`` or ``proposal``), ``source_ids``."""
    rows = [
        {"node": node, "level": level, "status": "sourced" if ids else "proposal", "source_ids": ids}
        for node, (level, ids) in NODES.items()
    ]
    return pd.DataFrame(rows)


def links_table() -> pd.DataFrame:
    """Links of the theory of change: ``source``, ``target``."""
    return pd.DataFrame(LINKS, columns=["source", "target"])


def by_supplier(questions: tuple[Question, ...] = QUESTIONS) -> dict[str, list[str]]:
    """Ids of the questions each supplier could help with, the most asked first."""
    asked: dict[str, list[str]] = {}
    for question in questions:
        for supplier in question.suppliers:
            asked.setdefault(supplier, []).append(question.id)
    return dict(sorted(asked.items(), key=lambda item: -len(item[1])))
