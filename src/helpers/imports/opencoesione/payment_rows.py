"""Rows of ``pagamenti`` → the table ``payments``: what had been paid to a project by each day.

The file does not say whether an amount is one payment or all that was paid by then. Both have been published: the first
editions had one row per project and edition, with all that was paid by it; current ones have a row per day, programme
and kind of payment, recoveries among them. What the rows of a project add up to, beside the total that ``progetti`` has
of it, tells which it is.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from helpers.errors import Problem
from helpers.imports.opencoesione.cells import Cells, counted
from helpers.imports.opencoesione.feed_files import KEY, PAYMENTS, wanted

DAY, EUR, KIND = "OC_DATA_PAGAMENTI", "TOT_PAGAMENTI", "OC_TIPO_PAGAMENTI"
FLOWS, CUMULATED = "flows", "cumulated"
#: What tells one series of running totals from another of the same project.
_SERIES = [KIND, "OC_CODICE_PROGRAMMA", "CODICE_PROGRAMMA"]
#: Cents by which a sum may miss its total.
_ROUNDING = 1
_TOLD = {FLOWS: "single payments, summed up day by day", CUMULATED: "all that was paid by each day"}


class _Readings(NamedTuple):
    """Cents paid by each project and day, as each reading has it.

    Of each row, what it is as a payment (``paid``), and whether it counts although it repeats another (``counted``).
    """

    flows: pd.Series
    cumulated: pd.Series
    paid: pd.Series
    counted: pd.Series


def payments(cells: Cells, projects: pd.DataFrame, meaning: str | None = None) -> pd.DataFrame:
    """One row per project and day: what had been paid in all by then, less what was taken back.

    Parameters
    ----------
    cells
        Rows of ``pagamenti``; what was taken for what is noted in their remarks.
    projects
        ``project_ref``, and ``paid_eur``, the total to which the rows are held.
    meaning
        ``flows`` or ``cumulated``, if a person says what the rows are.

    Returns
    -------
    DataFrame
        ``project_ref``, ``date``, ``paid_eur`` as text.
    """
    rows = _rows(cells)
    if rows.empty:
        return pd.DataFrame(columns=["project_ref", "date", "paid_eur"], dtype="str")
    due = _cents(projects.set_index("project_ref")["paid_eur"])
    readings = _read(rows, due)
    chosen = _choose(cells, rows, readings, due, meaning)
    for i in rows.index[rows["first"].notna() & ~readings.counted]:
        cells.tell_repeat(i, KEY, int(rows["first"][i]))
    _tell(cells, rows, readings, chosen, due)
    cells.keep(rows["first"].isna() | readings.counted, "repeats another row")
    flows = readings.flows.index.get_level_values("ref").map(chosen) == FLOWS
    cents = readings.flows.where(flows, readings.cumulated)
    table = pd.DataFrame({"cents": cents}).reset_index()
    return pd.DataFrame(
        {
            "project_ref": table["ref"],
            "date": table["date"],
            "paid_eur": table["cents"].astype("int64").map(_euro),
        },
        dtype="str",
    )


def _rows(cells: Cells) -> pd.DataFrame:
    """``ref``, ``date``, ``cents``, ``series``, whether a recovery has no sign, and the line of the row it repeats."""
    cells.keep(cells.frame[EUR].str.strip() != "", "no amount")
    days = cells.day(DAY)
    blank = cells.frame[DAY].str.strip() == ""
    rule = "a payment must have a day"
    cells.problems += [cells.at(i, DAY, rule, "download the file again", "") for i in blank.index[blank]]
    eur = cells.amounts({EUR: EUR}, negative=True)[EUR]
    cells.keep((days != "") & (eur != ""), "cannot be read")
    readable = (days != "") & (eur != "")
    days, eur = days[readable].reset_index(drop=True), eur[readable].reset_index(drop=True)
    frame = cells.frame
    first = frame.groupby(list(wanted(PAYMENTS)))["line"].transform("first")
    rows = pd.DataFrame({"ref": cells.key(KEY), "date": days, "cents": _cents(eur).fillna(0).astype("int64")})
    rows["series"] = frame[_SERIES].agg("|".join, axis=1) if len(frame) else ""
    rows["unsigned"] = frame[KIND].str.strip().str.upper().str.startswith("R") & (rows["cents"] > 0)
    return rows.assign(first=first.where(first != frame["line"]))


def _read(rows: pd.DataFrame, due: pd.Series) -> _Readings:
    ref, once = rows["ref"], rows["first"].isna()
    # The monitoring system sends recoveries (R) without a sign, and two payments may be alike: where the total of the
    # project bears only that out, it is right.
    signed = rows["cents"].where(~rows["unsigned"], -rows["cents"])
    paid, counted, done = signed.where(once, 0), once & False, set[str]()
    for cents, own in ((c, o) for o in (once, once | True) for c in (signed, rows["cents"])):
        sums = cents.where(own, 0).groupby(ref).sum()
        fit = set(sums.index[_equal(sums, due.reindex(sums.index))]) - done
        paid = paid.where(~ref.isin(fit), cents.where(own, 0))
        counted = counted.where(~ref.isin(fit), own & ~once)
        done |= fit
    by_day = paid.groupby([ref, rows["date"]]).sum().groupby(level="ref").cumsum()
    wide = rows[once].pivot_table(index=["ref", "date"], columns="series", values="cents", aggfunc="last")
    return _Readings(by_day, wide.groupby(level="ref").ffill().sum(axis=1).reindex(by_day.index), paid, counted)


def _choose(cells: Cells, rows: pd.DataFrame, readings: _Readings, due: pd.Series, meaning: str | None) -> pd.Series:
    """What the rows of each project are, and say why."""
    ends = pd.DataFrame({way: getattr(readings, way).groupby(level="ref").last() for way in (FLOWS, CUMULATED)})
    fits = ends.apply(_equal, due=due.reindex(ends.index))
    same = readings.flows.eq(readings.cumulated).groupby(level="ref").all()
    clear = fits[FLOWS] != fits[CUMULATED]
    votes = {way: int((clear & fits[way]).sum()) for way in (FLOWS, CUMULATED)}
    most = meaning or (max(votes, key=lambda way: votes[way]) if len(set(votes.values())) > 1 else None)
    chosen = pd.Series(most, index=ends.index, dtype="object")
    if meaning is None:
        chosen = chosen.where(~clear, fits[FLOWS].map({True: FLOWS, False: CUMULATED}))
    chosen = chosen.where(~same, FLOWS)
    if chosen.isna().any():
        ref = chosen.index[chosen.isna()][0]
        own = rows[rows["ref"] == ref]
        value = "; ".join(f"{day} {cents / 100:,.2f}" for day, cents in zip(own["date"], own["cents"], strict=True))
        rule = (
            f"the rows may be single payments or all that was paid by each day: no total of a project tells "
            f"({counted(int(chosen.isna().sum()), 'project')}); of {ref} they are"
        )
        remedy = (
            f"say which: --payments {FLOWS} if each row is one payment, --payments {CUMULATED} if each is all that was "
            "paid by then"
        )
        cells.problems.append(Problem(cells.file, rule, remedy, column=EUR, value=value[:200]))
        return chosen.fillna(FLOWS)
    for way in (FLOWS, CUMULATED):
        own = (chosen == way) & ~same
        told = int((own & clear & fits[way]).sum())
        why = f"{told:,} by their total" if meaning is None else "as --payments says"
        like = int(own.sum()) - told
        more = f", {like:,} like most" if like and meaning is None else ""
        if own.any():
            rows_of = counted(int(own.sum()), "project")
            cells.remarks.append(f"the rows of {rows_of} are {_TOLD[way]} ({why}{more})")
    if meaning and votes[CUMULATED if meaning == FLOWS else FLOWS] > votes[meaning]:
        rule = f"by the totals of the projects most rows are not {meaning}, as --payments says"
        cells.warnings.append(Problem(cells.file, rule, "leave --payments out", column=EUR))
    return chosen


def _tell(cells: Cells, rows: pd.DataFrame, readings: _Readings, chosen: pd.Series, due: pd.Series) -> None:
    """Recoveries, rows that contradict each other, and sums that are not the total of the project."""
    way = rows["ref"].map(chosen)
    if (taken := (readings.paid < 0) & (way == FLOWS)).any():
        number = counted(int(taken.sum()), "row is a recovery", "rows are recoveries")
        cells.remarks.append(f"{number}, {readings.paid[taken].sum() / 100:,.2f} euro in all, and taken off")
    days = rows[rows["first"].isna() | readings.counted].groupby(["ref", "date"]).size()
    if (several := days[days > 1]).any():
        places = "one project and day" if len(several) == 1 else f"{len(several):,} projects and days"
        cells.remarks.append(f"{int(several.sum()):,} rows of {places} were summed up")
    totals = rows[(way == CUMULATED) & rows["first"].isna()]
    for i in totals.index[totals.duplicated(["ref", "date", "series"])]:
        alike = (totals[["ref", "date", "series"]] == totals.loc[i, ["ref", "date", "series"]]).all(axis=1)
        line = cells.frame["line"][totals.index[alike][0]]
        rule = f"the key ({totals['ref'][i]!r}, {totals['date'][i]!r}) is also in row {line}, with another {EUR}"
        cells.problems.append(cells.at(i, EUR, rule, "keep one of the two rows, or download the file again"))
    last = rows.sort_values(["ref", "date"], kind="stable").groupby("ref").tail(1).set_index("ref")
    for ref, told in chosen.items():
        paid = (readings.flows if told == FLOWS else readings.cumulated).loc[[ref]]
        where = rows.index[(rows["ref"] == ref) & (rows["date"] == last["date"][ref])][-1]
        if told == CUMULATED and (paid.diff() < 0).any():
            rule = "the sum paid is smaller than at the day before: a recovery, or no running total"
            fell = paid.index[paid.diff() < 0][0][1]
            at = rows.index[(rows["ref"] == ref) & (rows["date"] == fell)][-1]
            cells.warnings.append(cells.at(at, EUR, rule, "look at the project"))
        if (paid < 0).any():
            rule = "by some day more was taken back than had been paid; kept as published"
            cells.warnings.append(cells.at(where, EUR, rule, "look at the project"))
        if abs(paid.iloc[-1] - due.get(ref, float("nan"))) > _ROUNDING:
            sums = f"{paid.iloc[-1] / 100:,.2f} in all, the project's total is {due[ref] / 100:,.2f}"
            rule = f"the payments come to {sums}"
            cells.warnings.append(cells.at(where, EUR, rule, "know it"))


def _euro(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _equal(cents: pd.Series, due: pd.Series) -> pd.Series:
    return (cents - due).abs() <= _ROUNDING


def _cents(eur: pd.Series) -> pd.Series:
    return (pd.to_numeric(eur, errors="coerce") * 100).round()
