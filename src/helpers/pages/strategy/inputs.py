"""What the page on the strategy shows: facts told by the documents, acts, programmes, conflicts between sources."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.data import raw, required
from helpers.subjects import strategy, timeline

#: Rows of the programme table by the table of the page they stand in.
PROGRAMMES = {
    "esf": "POR FSE Piemonte 2014-2020",
    "erdf": "POR FESR Piemonte 2014-2020",
    "duties": "duty of the beneficiary",
    "indicators": "ESF indicators",
}

#: The five axes of the ESF programme; the first two carry measures of the strategy (PRF-18).
AXES = ("PRF-11", "PRF-12", "PRF-13", "PRF-14", "PRF-15")
WECARE_AXES = ("PRF-11", "PRF-12")

#: The axis whose amount and share cannot both be right.
CONFLICTING_AXIS = "PRF-12"


@dataclass(frozen=True)
class StrategyInputs:
    """Everything the page on the strategy shows.

    Attributes
    ----------
    facts
        What its texts speak of.
    told
        The raw table strategy_facts.
    acts
        Those of the strategy, with the ``precision`` of their date.
    programmes
        The raw table programme_facts with ``part``, a key of :data:`PROGRAMMES`.
    axes
        From :func:`axis_shares`.
    """

    facts: dict[str, Any]
    told: pd.DataFrame
    acts: pd.DataFrame
    programmes: pd.DataFrame
    axes: pd.DataFrame


def strategy_inputs() -> StrategyInputs:
    """Cut what the page shows from the data."""
    required.rows_of("strategy")
    acts = raw.load("strategy_acts")
    acts = acts.assign(precision=[None if pd.isna(d) else timeline.precision(d) for d in acts["date"]])
    programmes = raw.load("programme_facts")
    parts = {topic: part for part, topic in PROGRAMMES.items()}
    axes = axis_shares(required.rows(*AXES))
    told = raw.load("strategy_facts")
    return StrategyInputs(
        facts=_facts(axes),
        told=told,
        acts=acts,
        programmes=programmes.assign(part=programmes["topic"].map(parts)),
        axes=axes,
    )


def axis_shares(axes: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Share of each axis of the ESF programme.

    Parameters
    ----------
    axes
        The rows :data:`AXES` of the raw table ``programme_facts``.

    Returns
    -------
    DataFrame
        ``fact_id``, ``share`` (fraction, as printed by the Region), ``wecare`` (carries measures of the strategy),
        ``source_ids``.
    """
    rows = pd.DataFrame(axes)
    return pd.DataFrame(
        {
            "fact_id": rows["fact_id"],
            "share": rows["share"].astype("float64"),
            "wecare": rows["fact_id"].isin(WECARE_AXES),
            "source_ids": rows["source_ids"],
        }
    )


def _facts(axes: pd.DataFrame) -> dict:
    measures, acts, told = raw.load("measures"), raw.load("strategy_acts"), raw.load("strategy_facts")
    top = measures[measures["sub_call_of"].isna()]
    by_fund = top.groupby("fund")["budget_eur"].sum()
    act, protocol, published = required.rows(strategy.APPROVAL, "ACT-04", "EV-06")
    esf, erdf = required.rows("PRF-09", "PRF-23")
    esf_total, erdf_total = float(esf["amount_eur"]), float(erdf["amount_eur"])
    return {
        "act_date": act["date"],
        "act_published": published["date"],
        "protocol_date": protocol["date"],
        "budget_eur": float(top["budget_eur"].sum()),
        "esf_eur": float(by_fund["FSE"]),
        "erdf_eur": float(by_fund["FESR"]),
        "n_ministries": int((told["topic"] == "ministry").sum()),
        "n_directorates": int((told["topic"] == "directorate").sum()),
        "n_acts": len(acts),
        "n_acts_unnumbered": int((~acts["number_found"]).sum()),
        "n_acts_amount": int(acts["amount_eur"].notna().sum()),
        "esf_total_eur": esf_total,
        "erdf_total_eur": erdf_total,
        "esf_share": float(by_fund["FSE"]) / esf_total,
        "erdf_share": float(by_fund["FESR"]) / erdf_total,
        "axes_sum": float(axes["share"].sum()),
        "axis": _conflicting_axis(axes, esf_total),
        "sources": {
            "act": list(act["source_ids"]),
            "funds": ["S005"],
            "published": ["S001"],
            "protocol": list(protocol["source_ids"]),
            "interview": ["S030"],
            "esf_total": list(esf["source_ids"]),
            "erdf_total": list(erdf["source_ids"]),
            "axes": list(axes["source_ids"].iloc[0]),
        },
        "conflicts": _conflicts(measures),
    }


def _conflicting_axis(axes: pd.DataFrame, total: float) -> dict:
    """The two figures of one axis: share, amount printed, and what each would mean."""
    row = required.row(CONFLICTING_AXIS)
    share, printed = float(axes.set_index("fact_id").at[CONFLICTING_AXIS, "share"]), float(row["amount_eur"])
    return {
        "share": share,
        "printed_eur": printed,
        "printed_share": printed / total,
        "implied_eur": round(share * total, -6),
        "source_ids": list(row["source_ids"]),
    }


def _conflicts(measures: pd.DataFrame) -> dict:
    """Both sides of each conflict, with the sources of each."""
    act, m1_call, admitted, erdf_call = required.rows(strategy.APPROVAL, "ACT-03", "ACT-05", "ACT-09")
    approval, bulletin, deadline, other, change = required.rows("EV-05", "EV-11", "EV-43", "EV-44", "EV-50")
    granted, end = required.rows(strategy.M1_GRANTED_OVER, strategy.M1_COMMITMENT)
    call, ranking = required.rows("WA-PRO", "WFA-01")
    return {
        "labels": {"labels": measures["label_in_act"].dropna().tolist(), "source_ids": ["S028"]},
        "m1": {
            "planned_eur": float(m1_call["amount_eur"]),
            "planned_sources": list(m1_call["source_ids"]),
            "granted_over_eur": float(granted["value"]),
            "granted_sources": list(granted["source_ids"]),
            "end_eur": float(end["amount_eur"]),
            "end_sources": list(end["source_ids"]),
        },
        "approval": {
            "date": approval["date"],
            "source_ids": list(approval["source_ids"]),
            "reprint": act["other_date"],
            "reprint_sources": list(act["other_source_ids"]),
        },
        "bulletin": {
            "date": bulletin["date"],
            "source_ids": [i for i in bulletin["source_ids"] if i not in bulletin["other_source_ids"]],
            "other": bulletin["other_date"],
            "other_sources": list(bulletin["other_source_ids"]),
        },
        "wa_pro": {
            "deadline": deadline["date"],
            "deadline_sources": list(deadline["source_ids"]),
            "other": other["date"],
            "other_sources": list(other["source_ids"]),
            "call_eur": float(call["budget_eur"]),
            "call_sources": list(call["source_ids"]),
            "ranking_eur": float(ranking["amount_eur"]),
            "ranking_sources": list(ranking["source_ids"]),
        },
        "erdf": {
            "date": change["date"],
            "source_ids": list(change["source_ids"]),
            "planned_sources": list(erdf_call["source_ids"]),
        },
        "start": {
            "source_ids": ["S033"],
            "admitted": admitted["date"],
            "admitted_sources": list(admitted["source_ids"]),
        },
    }


def words_of_confidence(text: object) -> str:
    """The key by which the words for a degree of confidence are found: ``two-sources-agree``; ``none`` if blank."""
    if not isinstance(text, str):
        return "none"
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
