"""What the page on monitoring and evaluation shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.data import raw, required
from helpers.subjects.evaluation import ASSUMPTIONS, CRITERIA, QUALITIES, QUESTIONS, group_of, state
from helpers.subjects.strategy import APPROVAL

#: Rows of the table of programmes that say what the ESF indicators count and when.
RULES = {"participant": "PRF-28", "total": "PRF-29", "time": "PRF-30", "names": "PRF-27"}


@dataclass(frozen=True)
class EvaluationInputs:
    """Everything the page on monitoring and evaluation shows.

    Attributes
    ----------
    facts
        Counts and sources for the texts.
    evidence
        Every row of evaluation_facts with ``group`` and ``quality``.
    indicators
        Every row of esf_indicators.
    measures
        The measures with a budget of their own: euro, number of projects.
    states
        How far each question can be answered, by its id.
    """

    facts: dict[str, Any]
    evidence: pd.DataFrame
    indicators: pd.DataFrame
    measures: pd.DataFrame
    states: dict[str, str]


def evaluation_inputs() -> EvaluationInputs:
    """Cut what the page shows from the data."""
    required.rows(*(fact for question in QUESTIONS for fact in question.evidence))
    evidence = raw.load("evaluation_facts")
    evidence = evidence.assign(group=evidence["topic"].map(group_of))
    qualities = dict(zip(evidence["fact_id"], evidence["quality"], strict=True))
    states = {question.id: state(question, qualities) for question in QUESTIONS}
    indicators = raw.load("esf_indicators")
    measures = raw.load("measures")
    shown = ["measure_id", "budget_eur", "projects_funded", "amount_granted_eur", "source_ids"]
    measures = measures.loc[measures["sub_call_of"].isna(), shown].reset_index(drop=True)
    facts = {
        "n_questions": len(QUESTIONS),
        "n_criteria": len(CRITERIA),
        "n_partly": sum(s == "partly" for s in states.values()),
        "n_open": sum(s in ("open", "unread") for s in states.values()),
        "n_unread": sum(s == "unread" for s in states.values()),
        "n_indicators": len(indicators),
        "n_to_check": int((indicators["status"] == "indicative").sum()),
        "n_evidence": len(evidence),
        "qualities": {q: int((evidence["quality"] == q).sum()) for q in QUALITIES},
        "budget_eur": int(measures["budget_eur"].sum()),
        "budget_sources": required.sources(APPROVAL),
        "rule_sources": {name: required.sources(row) for name, row in RULES.items()},
        "assumptions": list(ASSUMPTIONS),
    }
    return EvaluationInputs(facts, evidence, indicators, measures, states)
