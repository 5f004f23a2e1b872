"""How well the boundaries of the districts are known: statuses, rules, numbers against those that sources publish."""

from __future__ import annotations

import pandas as pd

#: Between the rules of one comune: how its ente gestore was found, then its district.
SEPARATOR = " | "


def split_rules(rule: object) -> list[str]:
    """The rules in one cell; a missing cell gives none."""
    return [] if pd.isna(rule) else [part.strip() for part in str(rule).split(SEPARATOR) if part.strip()]


def rule_counts(assignment: pd.DataFrame) -> pd.DataFrame:
    """Where each rule of the reconstruction was used.

    Parameters
    ----------
    assignment
        One row per comune: ``distretto_id``, ``rule``.

    Returns
    -------
    DataFrame
        One row per rule, the most used first: ``rule``, ``n_comuni``, ``districts`` (codes, in order).
    """
    each = assignment[["distretto_id"]].assign(rule=assignment["rule"].map(split_rules)).explode("rule")
    groups = each.dropna(subset="rule").groupby("rule")["distretto_id"]
    counts = pd.DataFrame({"n_comuni": groups.size(), "districts": groups.agg(lambda ids: sorted(set(ids)))})
    counts = counts.rename_axis("rule").reset_index()
    return counts.sort_values(["n_comuni", "rule"], ascending=[False, True], ignore_index=True)


def status_by_district(comuni: pd.DataFrame, statuses: tuple[str, ...]) -> pd.DataFrame:
    """Comuni and residents of each district by status of their assignment.

    Parameters
    ----------
    comuni
        One row per comune: ``distretto_id``, ``status``, ``residents`` (persons).
    statuses
        The statuses to count, in order.

    Returns
    -------
    DataFrame
        Indexed by ``distretto_id``: ``n_comuni``, and per status its number of comuni (``sourced``) and its share of
        the district's residents (``sourced_share``, a fraction).
    """
    groups = comuni.groupby("distretto_id")
    table = groups.size().rename("n_comuni").to_frame()
    counts = comuni.groupby(["distretto_id", "status"])["residents"].agg(["size", "sum"]).unstack(fill_value=0)
    total = groups["residents"].sum()
    for status in statuses:
        absent = ("size", status) not in counts
        table[status] = 0 if absent else counts["size", status]
        table[f"{status}_share"] = 0.0 if absent else counts["sum", status] / total
    return table


def against_published(bodies: pd.DataFrame, assignment: pd.DataFrame) -> pd.DataFrame:
    """Comuni of each body in the reconstruction against the number a source publishes.

    Parameters
    ----------
    bodies
        ``ente_gestore``, ``published_comuni`` (missing where no source gives one), ``source_ids``, ``note``.
    assignment
        One row per comune: ``ente_gestore``, ``distretto_id``.

    Returns
    -------
    DataFrame
        The rows of ``bodies`` with ``counted`` (comuni), ``difference`` (counted minus published; missing where
        nothing is published) and ``districts`` (codes, in order).
    """
    groups = assignment.groupby("ente_gestore")["distretto_id"]
    counted = bodies["ente_gestore"].map(groups.size()).fillna(0).astype("Int64")
    districts = bodies["ente_gestore"].map(groups.agg(lambda ids: sorted(set(ids))))
    return bodies.assign(
        counted=counted,
        difference=counted - bodies["published_comuni"],
        districts=[found if isinstance(found, list) else [] for found in districts],
    )
