"""What was funded, committed and paid, per measure, quadrant and district, from the projects of the official feed.

Frames in, frames out. Amounts are of whole projects; those of several districts are split by residents, so that a sum
counts each once. A blank is not known and never a zero: a sum says how many projects it rests on, and progress is
computed only over projects whose two amounts are both known.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from helpers.analysis import project_districts

#: Amounts of a project, from what was promised to what was paid.
AMOUNTS = ("public_funding_eur", "committed_eur", "paid_eur")

#: Days of the payments shown: the last of each quarter.
QUARTER = "QE"


class Feed(NamedTuple):
    """The tables of the feed as imported, and the districts each project is tied to.

    For ``ties`` see :func:`helpers.analysis.project_districts.tie`.
    """

    projects: pd.DataFrame
    payments: pd.DataFrame
    ties: pd.DataFrame


def sum_up(projects: pd.DataFrame) -> dict[str, Any]:
    """Sums over projects, each counted once.

    Parameters
    ----------
    projects
        ``project_ref`` and :data:`AMOUNTS`, euro.

    Returns
    -------
    dict
        ``n`` (projects); per amount its sum (None if none is known) and ``<amount>_known``, on how many it rests;
        ``progress``: payments over public funding of the ``progress_n`` projects of which both are known, None if
        there is none or their funding is zero.
    """
    projects = projects.drop_duplicates("project_ref")
    found: dict[str, Any] = {"n": len(projects)}
    for amount in AMOUNTS:
        eur = projects[amount].sum(min_count=1)
        found |= {amount: None if pd.isna(eur) else float(eur), f"{amount}_known": int(projects[amount].notna().sum())}
    both = projects[projects["public_funding_eur"].notna() & projects["paid_eur"].notna()]
    funded = float(both["public_funding_eur"].sum())
    found["progress"] = float(both["paid_eur"].sum()) / funded if funded > 0 else None
    return found | {"progress_n": len(both)}


def by_measure(feed: Feed) -> pd.DataFrame:
    """Sums per measure (:func:`summed`), in the order of the codes: ``measure_id`` and the sums."""
    groups = feed.projects.groupby("measure_id", sort=True)
    return pd.DataFrame([{"measure_id": key, **sum_up(own)} for key, own in groups]).astype({"n": "int64"})


def shares(feed: Feed, residents: pd.Series) -> pd.DataFrame:
    """Each district's part of each tied project.

    Parameters
    ----------
    residents
        Persons by district.

    Returns
    -------
    DataFrame
        ``project_ref``, ``measure_id``, ``distretto_id``, ``rule``, ``note`` (of the tie), ``n_districts``, and
        :data:`AMOUNTS`: the district's part, euro, by residents where a project has several.
    """
    tied = feed.ties[feed.ties["rule"] != project_districts.UNTIED].reset_index(drop=True)
    table = tied.assign(measure_id=tied["project_ref"].map(feed.projects.set_index("project_ref")["measure_id"]))
    table["n_districts"] = tied.groupby("project_ref")["distretto_id"].transform("size").astype("int64")
    for amount in AMOUNTS:
        table[amount] = project_districts.amounts(feed.projects, tied, residents, amount)["split_eur"].astype("float64")
    return table


def by_group(parts: pd.DataFrame, group: pd.Series) -> pd.DataFrame:
    """Sums of :func:`shares` per group of districts.

    Parameters
    ----------
    parts
        From :func:`shares`, of all measures or of one.
    group
        Group of each district, indexed by its code: a quadrant, or the district itself.

    Returns
    -------
    DataFrame
        Indexed by group: the sums of :func:`summed`, and ``shared``, how many of its projects are other groups' too.
    """
    whole = parts.assign(group=parts["distretto_id"].map(group))
    groups_of = whole.groupby("project_ref")["group"].nunique()
    rows = {}
    for key, own in whole.groupby("group", sort=True):
        once = own.groupby("project_ref", as_index=False)[list(AMOUNTS)].sum(min_count=1)
        rows[key] = sum_up(once) | {"shared": int((once["project_ref"].map(groups_of) > 1).sum())}
    return pd.DataFrame.from_dict(rows, orient="index")


def sum_granted(parts: pd.DataFrame, measure_id: str) -> pd.DataFrame:
    """Public funding per district of one measure, as a grant.

    Returns
    -------
    DataFrame
        Indexed by district: ``eur`` (its part, missing where none is known) and ``status``: ``sourced`` if every
        project is its alone and names it, else ``derived``.
    """
    own = parts[parts["measure_id"] == measure_id]
    named = (own["rule"] == "named-district") & (own["n_districts"] == 1)
    groups = own.assign(named=named).groupby("distretto_id")
    table = groups["public_funding_eur"].sum(min_count=1).to_frame("eur")
    return table.assign(status=groups["named"].all().map({True: "sourced", False: "derived"}))


def over_time(payments: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """What had been paid in all by the end of each quarter.

    Parameters
    ----------
    payments
        ``project_ref``, ``date``, ``paid_eur``: the sum paid to the project up to that day.
    projects
        Those to count.

    Returns
    -------
    DataFrame
        ``date`` (last day of the quarter), ``paid_eur`` (sum over projects of their last known total), ``n`` (projects
        with one). A project counts from its first payment; empty without payments.
    """
    own = payments[payments["project_ref"].isin(projects["project_ref"]) & payments["paid_eur"].notna()]
    if own.empty:
        return pd.DataFrame(columns=["date", "paid_eur", "n"])
    wide = own.pivot_table(index="date", columns="project_ref", values="paid_eur", aggfunc="last").sort_index()
    ends = wide.ffill().resample(QUARTER).last().ffill()
    return pd.DataFrame(
        {"date": ends.index, "paid_eur": ends.sum(axis=1).to_numpy(), "n": ends.notna().sum(axis=1).to_numpy()}
    )
