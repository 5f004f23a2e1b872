"""Nobody is counted out: what is hidden follows from nothing that is published."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_fixtures import copied, reduced
from scipy.optimize import linprog

from helpers.analysis.small_counts import hide
from helpers.data import raw
from helpers.imports import own_table

TABLES = ("comuni", "provinces", "comune_distretto", "districts", "sources", "citizens_income", "comuni_changes")


def recovered(counts, shown, groups, total=None):
    """Cells that an attacker knows who has all that is published: each sum of a group or row, and the shown cells.

    Each hidden cell is made as small and as large as all sums allow: where both are one number, it is known.
    """
    place = {cell: n for n, cell in enumerate(zip(*np.where(shown.isna()), strict=True))}
    if not place:
        return []
    equations, sums = [], []

    def known(cells, signs, value):
        row = np.zeros(len(place))
        for cell, sign in zip(cells, signs, strict=True):
            if cell in place:
                row[place[cell]] = sign
            else:
                value -= sign * shown.iloc[cell]
        if row.any():
            equations.append(row)
            sums.append(value)

    columns = list(counts)
    for codes in groups.values():
        for code in codes.unique():
            rows = np.flatnonzero((codes == code).to_numpy())
            if len(rows) == 1:
                continue  # the sum is the cell itself, and hidden with it
            for at in range(len(columns)):
                known([(r, at) for r in rows], [1] * len(rows), counts.iloc[rows, at].sum())
    if total:
        for r in range(len(counts)):
            known([(r, at) for at in range(len(columns))], [-1 if c == total else 1 for c in columns], 0)
    found = []
    for cell, n in place.items():
        wanted = np.zeros(len(place))
        wanted[n] = 1
        low, high = (
            linprog(sign * wanted, A_eq=np.array(equations), b_eq=sums, bounds=(0, None)).fun for sign in (1, -1)
        )
        if high is not None and low is not None and abs(-high - low) < 1e-6:
            found.append(cell)
    return found


def table(chance, rows, classes):
    counts = pd.DataFrame(
        chance.poisson(chance.choice([1, 4, 40], size=(rows, classes))), columns=list("abcd")[:classes]
    )
    district = pd.Series(chance.integers(0, max(1, rows // 6), rows)).astype(str)
    province = pd.Series(chance.integers(0, max(1, rows // 12), rows)).astype(str)
    return counts, {"district": district, "province": province, "region": pd.Series("r", counts.index)}


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32), with_total=st.booleans())
@pytest.mark.slow
def test_no_hidden_cell_follows_from_all_sums(seed, with_total):
    chance = np.random.default_rng(seed)
    counts, groups = table(chance, 12, 3)
    total = "n" if with_total else None
    if total:
        counts["n"] = counts.sum(axis=1)
    shown = hide(counts, groups, 4, total)
    assert not ((shown > 0) & (shown < 4)).any(axis=None)
    assert shown[shown.notna()].equals(counts.where(shown.notna()).astype(shown.dtypes))
    few = (counts > 0) & (counts < 4)
    alone = ~(groups["district"] + groups["province"]).duplicated(keep=False)  # the difference of two territories
    # Cells that were hidden although nobody is few in them may be known: they tell of no few people.
    assert [cell for cell in recovered(counts, shown, groups, total) if few.iloc[cell] and not alone[cell[0]]] == []


def test_the_attack_finds_what_a_threshold_alone_leaves_open():
    counts = pd.DataFrame({"a": [1, 10, 20], "b": [9, 2, 30]})
    groups = {"district": pd.Series(["x", "x", "x"])}
    alone = counts.mask((counts > 0) & (counts < 4))
    assert sorted(recovered(counts, alone, groups)) == [(0, 0), (1, 1)]
    assert recovered(counts, hide(counts, groups, 4), groups) == []


def test_ones_that_add_up_to_their_number_are_not_left_alone():
    counts = pd.DataFrame({"a": [1, 1, 30, 40]})
    groups = {"district": pd.Series(["x"] * 4)}
    assert hide(counts, groups, 4)["a"].isna().tolist() == [True, True, True, False]


# ---- the policy of each table


def test_every_table_of_comuni_says_its_policy():
    silent = [
        name
        for name in raw.tables()
        if any(field["name"] == "istat" for field in raw.resource(name)["schema"]["fields"])
        and any(
            f["type"] in ("integer", "number") and f["name"] != "year" for f in raw.resource(name)["schema"]["fields"]
        )
        and "people" not in raw.resource(name)
    ]
    assert silent == []


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return reduced(tmp_path_factory.mktemp("package") / "raw", TABLES)


def with_policy(copy, policy):
    path = copy.root / raw.DESCRIPTOR
    descriptor = json.loads(path.read_bytes())
    entry = next(found for found in descriptor["resources"] if found["name"] == "citizens_income")
    entry.pop("people")
    entry |= {"people": policy} if policy else {}
    path.write_text(json.dumps(descriptor), encoding="utf-8")


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (None, "does not say how it treats counts of few people"),
        ({"policy": "threshold"}, "a threshold needs a number and columns"),
        ({"policy": "threshold", "least": 4, "columns": ["none"]}, "no such column of numbers"),
        ({"policy": "threshold", "least": 4, "columns": ["persons"], "total": "year"}, "no such column of numbers"),
        ({"policy": "threshold", "least": 4, "columns": ["persons"]}, "fewer than 4 people"),
        ({"policy": "secret"}, "the policy is not known"),
    ],
)
@pytest.mark.slow
def test_a_table_that_does_not_keep_to_its_policy_is_told(package, tmp_path, policy, said):
    copy = copied(tmp_path, package)
    with_policy(copy, policy)
    assert said in copy.problems()[0].rule


@pytest.mark.slow
def test_an_imported_list_is_shown_without_the_numbers_of_few(package, tmp_path):
    copy = copied(tmp_path, package)
    with_policy(copy, {"policy": "threshold", "least": 4, "columns": ["persons"]})
    rows = copy.read("citizens_income.csv")
    at = rows[0].index("persons")
    (tmp_path / "list.csv").write_text("\n".join(",".join([*row[:at], row[at] or "2", *row[at + 1 :]]) for row in rows))
    plan = own_table.plan(tmp_path / "list.csv", "citizens_income", root=copy.root)
    assert any("numbers below 4 are left blank, and" in remark for remark in plan.remarks)
    written = plan.draft.cells("citizens_income")
    numbers = pd.to_numeric(written["persons"])
    assert not numbers.between(1, 3).any() and numbers.isna().sum() > 339
    assert numbers.isna().sum() < 400
    district = written["istat"].map(raw.load("comune_distretto").set_index("istat")["distretto_id"])
    blank = numbers.isna().groupby(district).agg(["sum", "size"])
    assert not ((blank["sum"] == 1) & (blank["size"] > 1)).any()
