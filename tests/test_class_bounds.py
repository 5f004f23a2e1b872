"""Bounds between classes, number by number."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from helpers.analysis.classes import COUNTS, SCHEMES, class_bounds, class_of, class_texts, inner_bounds
from helpers.analysis.indicators import find_present
from helpers.declarations import BY_ID

TEN = pd.Series([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 100])
WORDS = {"up_to": "≤ {high}", "between": "{low} – {high}", "from": "≥ {low}", "only": "all"}


@pytest.mark.parametrize(
    ("scheme", "k", "bounds"),
    [
        ("quantiles", 5, [2.8, 4.6, 6.4, 8.2]),
        ("quantiles", 4, [3.2, 5.5, 7.8]),
        ("equal", 5, [20.8, 40.6, 60.4, 80.2]),
        ("natural", 4, [3.0, 6.0, 9.0]),
    ],
)
def test_bounds_by_each_scheme(scheme, k, bounds):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert inner_bounds(TEN, 1, scheme, k) == bounds


def test_values_that_repeat_make_fewer_classes():
    assert inner_bounds(pd.Series([7.0, 7.0, np.nan]), 1) == []
    assert inner_bounds(pd.Series([1.0, 2.0]), 1) == [1.5]
    assert inner_bounds(pd.Series([1.0, 5, 5, 5, 5, 5]), 1) == []
    assert inner_bounds(pd.Series([1.04, 1.01]), 1) == [] and inner_bounds(pd.Series([1.04, 1.01]), 2) == [1.02]


def test_a_value_is_in_the_first_class_whose_bound_it_does_not_exceed():
    values = [None, float("nan"), pd.NA, 0, 2.8, 2.84, 2.85, 100]
    assert class_of(values, [2.8, 4.6], 1) == [-1, -1, -1, 0, 0, 0, 0, 2]
    assert class_of([2.86, 4.6, 4.61], [2.8, 4.6], 1) == [1, 1, 1]
    assert class_of([1, 2], [], 0) == [0, 0]


def test_a_class_begins_a_step_above_the_one_before():
    show = "{:.1f}".format
    assert class_texts([2.8, 4.6], 1, show, WORDS) == ["≤ 2.8", "2.9 – 4.6", "≥ 4.7"]
    assert class_texts([2.8, 2.9], 1, show, WORDS) == ["≤ 2.8", "2.9", "≥ 3.0"]
    assert class_texts([2.8], 1, "{:.3f}".format, WORDS) == ["≤ 2.800", "≥ 2.900"]
    assert class_texts([], 1, show, WORDS) == ["all"]


def test_all_bounds_are_those_of_each_indicator_scheme_and_number():
    table = pd.DataFrame({"old_age_index": TEN * 10, "density": TEN})
    found = class_bounds(table)
    assert list(found) == ["indicator", "scheme", "k", "bound"]
    assert set(found["indicator"]) == {i.id for i in find_present(table)} == {"old_age_index", "density"}
    for (indicator, scheme, k), rows in found.groupby(["indicator", "scheme", "k"]):
        decimals = BY_ID[indicator].precision
        assert rows["bound"].tolist() == inner_bounds(table[indicator], decimals, scheme, k)
    assert set(found["scheme"]) == set(SCHEMES) and set(found["k"]) == set(COUNTS)
