"""What the page on the strategy shows: facts told by the documents, acts, programmes, conflicts between sources."""

from __future__ import annotations

import re

import pandas as pd

from helpers.data import raw
from helpers.pages.common.facts import M1_GRANTED_OVER_EUR
from helpers.subjects import timeline

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


def strategy_inputs() -> dict[str, object]:
    """Everything the page on the strategy shows.

    Returns
    -------
    dict
        ``facts``; ``told`` (the raw table strategy_facts), ``acts`` (with precision of the date and strand's group),
        ``programmes`` (programme_facts with ``part``), ``axes`` (share of each axis of the ESF programme).
    """
    acts = raw.load("strategy_acts")
    acts = acts.assign(precision=[None if pd.isna(d) else timeline.precision(d) for d in acts["date"]])
    programmes = raw.load("programme_facts")
    parts = {topic: part for part, topic in PROGRAMMES.items()}
    axes = axis_shares(programmes)
    told = raw.load("strategy_facts")
    return {
        "facts": _facts(programmes, axes),
        "told": told.assign(status=_status(told)),
        "acts": acts.assign(status=_status(acts)),
        "programmes": programmes.assign(part=programmes["topic"].map(parts), status=_status(programmes)),
        "axes": axes,
    }


def axis_shares(programmes: pd.DataFrame) -> pd.DataFrame:
    """Share of each axis of the ESF programme, read from its row.

    Parameters
    ----------
    programmes
        The raw table ``programme_facts``.

    Returns
    -------
    DataFrame
        ``fact_id``, ``share`` (fraction, as printed by the Region), ``wecare`` (carries measures of the strategy),
        ``source_ids``.
    """
    rows = programmes.set_index("fact_id").loc[list(AXES)]
    return pd.DataFrame(
        {
            "fact_id": list(AXES),
            "share": [round(first_number(v, "%") / 100, 4) for v in rows["value"]],
            "wecare": [key in WECARE_AXES for key in AXES],
            "source_ids": rows["source_ids"].tolist(),
        }
    )


def first_number(text: str, after: str) -> float:
    """The number in Italian or English writing that stands before a word or sign: ``20,4`` before ``%``.

    Raises
    ------
    ValueError
        If there is none.
    """
    found = re.search(rf"(\d[\d.,]*?)\s*{re.escape(after)}", text)
    if not found:
        raise ValueError(f"No number before {after!r} in {text!r}.")
    whole = found[1].replace(".", "") if "," in found[1] else found[1]
    return float(whole.replace(",", "."))


def _facts(programmes: pd.DataFrame, axes: pd.DataFrame) -> dict:
    measures, rows = raw.load("measures"), programmes.set_index("fact_id")
    top = measures[measures["sub_call_of"].isna()]
    by_fund = top.groupby("fund")["budget_eur"].sum()
    measure = measures.set_index("measure_id")
    acts = raw.load("strategy_acts").set_index("act_id")
    told = raw.load("strategy_facts")
    esf_total = first_number(rows.at["PRF-09", "value"], "euro")
    erdf_total = first_number(rows.at["PRF-23", "value"], "milioni") * 1e6
    return {
        "act_date": acts.at["ACT-02", "date"],
        "act_published": raw.load("events").set_index("event_id").at["EV-06", "date"],
        "protocol_date": acts.at["ACT-04", "date"],
        "budget_eur": float(top["budget_eur"].sum()),
        "esf_eur": float(by_fund["FSE"]),
        "erdf_eur": float(by_fund["FESR"]),
        "n_ministries": int((told["topic"] == "ministry").sum()),
        "n_directorates": int((told["topic"] == "directorate").sum()),
        "n_acts": len(acts),
        "n_acts_unnumbered": int(_says(acts, "act number not found").sum()),
        "n_acts_amount": int(acts["amount_eur"].notna().sum()),
        "esf_total_eur": esf_total,
        "erdf_total_eur": erdf_total,
        "esf_share": float(by_fund["FSE"]) / esf_total,
        "erdf_share": float(by_fund["FESR"]) / erdf_total,
        "axes_sum": float(axes["share"].sum()),
        "axis": _conflicting_axis(rows, axes, esf_total),
        "sources": {
            "act": list(acts.at["ACT-02", "source_ids"]),
            "funds": ["S005"],
            "published": ["S001"],
            "protocol": list(acts.at["ACT-04", "source_ids"]),
            "interview": ["S030"],
            "esf_total": list(rows.at["PRF-09", "source_ids"]),
            "erdf_total": list(rows.at["PRF-23", "source_ids"]),
            "axes": list(rows.at["PRF-11", "source_ids"]),
        },
        "conflicts": _conflicts(measure, acts),
    }


def _status(rows: pd.DataFrame) -> pd.Series:
    """Sourced, or derived where the row says that part of it is our reading."""
    return _says(rows, "inference|taken as|derived|our translation").map({True: "derived", False: "sourced"})


def _says(rows: pd.DataFrame, words: str) -> pd.Series:
    """Rows whose note or confidence holds some words."""
    return (rows["note"].fillna("") + " " + rows["confidence"].fillna("")).str.lower().str.contains(words)


def _conflicting_axis(rows: pd.DataFrame, axes: pd.DataFrame, total: float) -> dict:
    """The two figures of one axis: share, amount printed, and what each would mean."""
    share = float(axes.set_index("fact_id").at[CONFLICTING_AXIS, "share"])
    printed = float(re.search(r"scrive (\d+) milioni", rows.at[CONFLICTING_AXIS, "value"])[1]) * 1e6
    return {
        "share": share,
        "printed_eur": printed,
        "printed_share": printed / total,
        "implied_eur": round(share * total, -6),
        "source_ids": list(rows.at[CONFLICTING_AXIS, "source_ids"]),
    }


def _conflicts(measure: pd.DataFrame, acts: pd.DataFrame) -> dict:
    """Both sides of each conflict, with the sources of each."""
    events = raw.load("events").set_index("event_id")
    evaluation = raw.load("evaluation_facts").set_index("fact_id")
    firms = raw.load("wa_fesr_acc_facts").set_index("fact_id")
    reprint = re.search(r"(\d\d)/(\d\d)/(\d{4})", events.at["EV-05", "note"])
    other_bulletin, other_sources = timeline.OTHER_DATES["EV-11"]
    return {
        "labels": {
            "labels": [label for label in measure["label_in_act"] if not pd.isna(label)],
            "source_ids": ["S028"],
        },
        "m1": {
            "planned_eur": float(acts.at["ACT-03", "amount_eur"]),
            "planned_sources": list(acts.at["ACT-03", "source_ids"]),
            "granted_over_eur": M1_GRANTED_OVER_EUR,
            "granted_sources": ["S027"],
            "end_eur": first_number(evaluation.at["EVF-02", "value"], "million") * 1e6,
            "end_sources": list(evaluation.at["EVF-02", "source_ids"]),
        },
        "approval": {
            "date": events.at["EV-05", "date"],
            "source_ids": list(events.at["EV-05", "source_ids"]),
            "reprint": f"{reprint[3]}-{reprint[2]}-{reprint[1]}",
            "reprint_sources": ["S117"],
        },
        "bulletin": {
            "date": events.at["EV-11", "date"],
            "source_ids": [i for i in events.at["EV-11", "source_ids"] if i not in other_sources],
            "other": other_bulletin,
            "other_sources": list(other_sources),
        },
        "wa_pro": {
            "deadline": events.at["EV-43", "date"],
            "deadline_sources": list(events.at["EV-43", "source_ids"]),
            "other": events.at["EV-44", "date"],
            "other_sources": list(events.at["EV-44", "source_ids"]),
            "call_eur": float(measure.at["WA-PRO", "budget_eur"]),
            "call_sources": list(measure.at["WA-PRO", "source_ids"]),
            "ranking_eur": float(firms.at["WFA-01", "amount_eur"]),
            "ranking_sources": list(firms.at["WFA-01", "source_ids"]),
        },
        "erdf": {
            "date": events.at["EV-50", "date"],
            "source_ids": list(events.at["EV-50", "source_ids"]),
            "planned_sources": list(acts.at["ACT-09", "source_ids"]),
        },
        "start": {"source_ids": ["S033"], "admitted": acts.at["ACT-05", "date"],
                  "admitted_sources": list(acts.at["ACT-05", "source_ids"])},
    }  # fmt: skip


def words_of_confidence(text: object) -> str:
    """The key by which the words for a degree of confidence are found: ``two-sources-agree``; ``none`` if blank."""
    if not isinstance(text, str):
        return "none"
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
