"""Money: from funds to measures to calls, what was granted, and benchmarks per district.

A benchmark is what a district would receive if a budget followed a stated rule; it is no allocation. An amount that no
source publishes is missing, never zero and never estimated.
"""

from __future__ import annotations

import pandas as pd

from helpers.system.id_lists import split_ids

#: Name of an optional raw table of imported grants: ``project_id``, ``amount_eur`` (several rows of a project add up).
GRANTS_TABLE = "grants"

#: Shares of the budget in the mixed benchmark: the same for every district, by residents, by need.
MIX = {"equal": 0.2, "residents": 0.5, "need": 0.3}

#: The benchmarks, in the order in which pages show them.
BENCHMARKS: tuple[str, ...] = ("residents", "need", "mix")

#: Statistics rest on grants once at least this share of the districts has a known amount.
ENOUGH_KNOWN = 0.5

#: End of the id of what is left of a measure's budget after the calls with a known amount.
NOT_ALLOCATED = "rest"


def flows(measures: pd.DataFrame, parts: pd.DataFrame | None = None) -> pd.DataFrame:
    """The planned money from funds to measures to calls.

    Parameters
    ----------
    measures
        The raw table; rows with ``sub_call_of`` are parts of another row.
    parts
        Shares of a measure's call that a source gives: ``measure_id``, ``part``, ``amount_eur``, ``source_ids``.

    Returns
    -------
    DataFrame
        ``level`` (1: fund to measure, 2: measure to call), ``source``, ``target`` (ids), ``amount_eur`` (missing where
        no source gives it), ``status`` (``sourced``; ``derived`` for what is left of a measure), ``source_ids``.
        At each level the known amounts of a measure sum to its budget.

    Raises
    ------
    ValueError
        If the calls of a measure exceed its budget.
    """
    top = measures[measures["sub_call_of"].isna()]
    rows = [
        (1, m.fund, m.measure_id, float(m.budget_eur), "sourced", split_ids(m.source_ids)) for m in top.itertuples()
    ]
    for m in top.itertuples():
        below = _calls(m.measure_id, measures, parts)
        rows += below
        rest = float(m.budget_eur) - sum(r[3] for r in below if pd.notna(r[3]))
        if below and round(rest, 2) > 0:
            rows.append((2, m.measure_id, f"{m.measure_id}-{NOT_ALLOCATED}", rest, "derived", split_ids(m.source_ids)))
        elif round(rest, 2) < 0:
            raise ValueError(f"the calls of {m.measure_id} exceed its budget by {-rest:,.2f} euro")
        if not below:
            rows.append((2, m.measure_id, f"{m.measure_id}-call", rest, "sourced", split_ids(m.source_ids)))
    table = pd.DataFrame(rows, columns=["level", "source", "target", "amount_eur", "status", "source_ids"])
    order = {name: n for n, name in enumerate([*top["fund"].unique(), *top["measure_id"]])}
    position = table["source"].map(order)
    return table.iloc[position.argsort(kind="stable")].sort_values("level", kind="stable", ignore_index=True)


def _calls(measure: str, measures: pd.DataFrame, parts: pd.DataFrame | None) -> list[tuple]:
    own = measures[measures["sub_call_of"] == measure]
    found = [(r.measure_id, r.budget_eur, r.source_ids) for r in own.itertuples()]
    if parts is not None:
        mine = parts[parts["measure_id"] == measure]
        found += [(f"{measure}-{r.part}", r.amount_eur, r.source_ids) for r in mine.itertuples()]
    return [
        (2, measure, name, float(amount) if pd.notna(amount) else float("nan"), "sourced", split_ids(ids))
        for name, amount, ids in found
    ]


def benchmarks(
    residents: pd.Series, need_index: pd.Series, budget_eur: float, mix: dict[str, float] | None = None
) -> pd.DataFrame:
    """What each district would receive under three stated rules.

    Parameters
    ----------
    residents
        Persons, indexed by district.
    need_index
        Need of a resident relative to others (100 on average), same index. Need is residents × index.
    budget_eur
        The sum to share out, in euro.
    mix
        Shares of the budget: ``equal`` (the same to all), ``residents``, ``need``; they sum to 1. :data:`MIX` by
        default.

    Returns
    -------
    DataFrame
        Same index: ``residents``, ``need``, ``mix`` in euro; each column sums to the budget.

    Raises
    ------
    ValueError
        If the mix does not sum to 1, or has a negative or unknown share.
    """
    mix = MIX if mix is None else mix
    if set(mix) != set(MIX) or min(mix.values()) < 0 or abs(sum(mix.values()) - 1) > 1e-9:
        raise ValueError(f"the mix must give {', '.join(MIX)} shares that are not negative and sum to 1: {mix}")
    need = residents * need_index
    table = pd.DataFrame(
        {"residents": budget_eur * residents / residents.sum(), "need": budget_eur * need / need.sum()}
    )
    flat = budget_eur / len(residents)
    table["mix"] = mix["equal"] * flat + mix["residents"] * table["residents"] + mix["need"] * table["need"]
    return table


def grants(projects: pd.DataFrame, imported: pd.DataFrame | None = None) -> pd.Series:
    """The grant of each project in euro, missing where it is not published; an imported one wins.

    Parameters
    ----------
    projects
        The raw table of the projects of Misura 1.
    imported
        The raw table :data:`GRANTS_TABLE`, if there is one.

    Returns
    -------
    Series
        Euro, indexed by ``project_id`` in the order of ``projects``.
    """
    known = projects.set_index("project_id")["amount_granted_eur"].astype("float64")
    if imported is None:
        return known
    brought = imported.groupby("project_id")["amount_eur"].sum(min_count=1).astype("float64")
    return brought.reindex(known.index).combine_first(known)


def resources(
    districts: pd.DataFrame,
    need_index: pd.Series,
    links: pd.DataFrame,
    granted: pd.Series,
    budget_eur: float,
    mix: dict[str, float] | None = None,
    fed: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Money per district: the benchmarks today, the grants once they are known.

    Parameters
    ----------
    districts
        Indexed by code, with ``residents``.
    need_index
        From :func:`helpers.analysis.need.index`.
    links
        The raw table ``district_projects``: which project each district takes part in.
    granted
        From :func:`grants`.
    budget_eur, mix
        As in :func:`benchmarks`.
    fed
        Public funding of the measure per district from the official feed
        (:func:`helpers.analysis.spending.sum_granted`): taken where no grant is known.

    Returns
    -------
    DataFrame
        Same index: ``residents_eur``, ``need_eur``, ``mix_eur`` (benchmarks); ``project_id`` (missing: not known),
        ``shared_by`` (districts of that project), ``project_eur`` (grant of the whole project), ``granted_eur``
        (the district's part of it) and ``granted_status``: ``sourced`` if the project is the district's alone,
        ``derived`` if the grant is shared, split by residents so that it is counted once, ``not_known``; and
        ``granted_by``: ``grants``, ``feed``, or missing.
    """
    residents = districts["residents"]
    table = benchmarks(residents, need_index, budget_eur, mix).add_suffix("_eur")
    members = links.drop_duplicates(["distretto_id", "project_id"])
    members = members[members["distretto_id"].isin(table.index)]
    total = residents.reindex(members["distretto_id"]).groupby(members["project_id"].to_numpy()).sum()
    share = residents.reindex(members["distretto_id"]).to_numpy() / members["project_id"].map(total).to_numpy()
    part = (members["project_id"].map(granted).astype("float64") * share).groupby(members["distretto_id"])
    whole = members["project_id"].map(granted).astype("float64").groupby(members["distretto_id"])
    size = members.groupby("project_id")["distretto_id"].transform("size")
    table["project_id"] = members.groupby("distretto_id")["project_id"].agg(";".join).reindex(table.index)
    table["shared_by"] = size.groupby(members["distretto_id"]).max().reindex(table.index).astype("Int64")
    table["project_eur"] = whole.sum(min_count=1).reindex(table.index)
    table["granted_eur"] = part.sum(min_count=1).reindex(table.index)
    status = table["shared_by"].map(lambda n: "derived" if pd.notna(n) and n > 1 else "sourced")
    table["granted_status"] = status.where(table["granted_eur"].notna(), "not_known")
    table["granted_by"] = pd.Series("grants", index=table.index, dtype="object").where(table["granted_eur"].notna())
    return table if fed is None else _fill(table, fed)


def _fill(table: pd.DataFrame, fed: pd.DataFrame) -> pd.DataFrame:
    """Public funding of the feed where no grant is known."""
    known = fed.loc[fed["eur"].notna()].reindex(table.index)
    gap = table["granted_eur"].isna() & known["eur"].notna()
    return table.assign(
        granted_eur=table["granted_eur"].where(~gap, known["eur"]),
        granted_status=table["granted_status"].where(~gap, known["status"]),
        granted_by=table["granted_by"].where(~gap, "feed"),
    )


def bases(table: pd.DataFrame) -> tuple[str, ...]:
    """What statistics of resources rest on: the benchmarks, and first of all the grants once enough are known.

    Parameters
    ----------
    table
        From :func:`resources`.

    Returns
    -------
    tuple of str
        :data:`BENCHMARKS`, after ``granted`` where the grants of at least :data:`ENOUGH_KNOWN` of the districts are
        known.
    """
    enough = table["granted_eur"].notna().mean() >= ENOUGH_KNOWN
    return ("granted", *BENCHMARKS) if enough else BENCHMARKS


def grant_bounds(
    projects: pd.Series, smallest: float, largest: float, total_over: float, total_under: float
) -> pd.DataFrame:
    """Between which sums the grants of each group of projects must lie, from what is known of all of them.

    Parameters
    ----------
    projects
        Number of projects per group.
    smallest, largest
        The smallest and the largest grant of all projects, euro.
    total_over, total_under
        Between which sums the grants of all projects lie, euro.

    Returns
    -------
    DataFrame
        Same index: ``low_eur``, ``high_eur``. No set of grants that agrees with what is known falls outside.

    Raises
    ------
    ValueError
        If what is known contradicts itself.
    """
    count = int(projects.sum())
    if not (smallest <= largest and total_over <= total_under):
        raise ValueError("a smallest grant above the largest, or a sum over more than under")
    if count * smallest > total_under or count * largest < total_over:
        raise ValueError(f"{count} grants from {smallest} to {largest} cannot sum to {total_over} – {total_under}")
    others = count - projects
    low = pd.concat([projects * smallest, total_over - others * largest], axis=1).max(axis=1)
    high = pd.concat([projects * largest, total_under - others * smallest], axis=1).min(axis=1)
    return pd.DataFrame({"low_eur": low.astype("float64"), "high_eur": high.astype("float64")})
