"""Which districts resemble each other, by the rule the pages state."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis import peers
from helpers.declarations import INDICATORS

COMPARED = [i.id for i in INDICATORS if i.compared]


def districts(values: dict[str, list[float]]) -> pd.DataFrame:
    n = len(next(iter(values.values())))
    base = {i: np.linspace(1, 2, n) for i in COMPARED}
    return pd.DataFrame(base | values, index=[f"D{i:02d}" for i in range(1, n + 1)])


def test_twins_are_most_similar_and_oneself_is_not_listed():
    table = districts({"old_age_index": [1.0, 9.0, 3.0, 1.0, 5.0]})
    table.loc["D04"] = table.loc["D01"]
    similar = peers.most_similar(peers.distances(table), "D01")
    assert similar.index[0] == "D04"
    assert similar.iloc[0] == pytest.approx(0, abs=1e-12)
    assert "D01" not in similar.index


def test_distances_are_those_of_standardised_indicators():
    table = districts({"old_age_index": [1.0, 3.0, 5.0]}).assign(**{i: 2.0 for i in COMPARED if i != "old_age_index"})
    apart = peers.distances(table)
    step = 2 / np.sqrt(8 / 3)  # the difference by the standard deviation of the three
    assert np.allclose(apart, [[0, step, 2 * step], [step, 0, step], [2 * step, step, 0]])
    other = table.assign(minutes_to_pole=[10.0, 10.0, 40.0])
    second = 30 / np.sqrt(200)
    assert peers.distances(other).loc["D01", "D03"] == pytest.approx(np.hypot(2 * step, second))
    nearest = peers.most_similar(apart, "D02", 2)
    assert (list(nearest.index), nearest.name) == (["D01", "D03"], "distance")
    assert peers.limit_of_likeness(apart) == pytest.approx(np.quantile([step, step, 2 * step], 0.15))
    far = peers.limit_of_likeness(pd.DataFrame([[0, 1, 9], [1, 0, 9], [9, 9, 0]]))
    assert far == pytest.approx(np.quantile([1, 9, 9], 0.15))


@pytest.mark.slow
@given(st.lists(st.floats(1, 1000), min_size=6, max_size=12), st.floats(0.1, 50), st.floats(1, 100))
def test_distances_do_not_depend_on_the_unit(values, scale, shift):
    """Standardised distances stay the same when an indicator is measured in another unit."""
    if np.std(values) < 1e-3:
        return
    one = districts({"old_age_index": values})
    other = one.assign(old_age_index=one["old_age_index"] * scale + shift)
    same = peers.most_similar(peers.distances(one), "D01", 5).sort_index()
    assert np.allclose(same, peers.most_similar(peers.distances(other), "D01", 5)[same.index], atol=1e-6)


def test_a_district_far_from_all_resembles_none():
    table = districts({"old_age_index": [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 99.0]})
    apart = peers.distances(table)
    limit = peers.limit_of_likeness(apart)
    assert peers.most_similar(apart, "D10", 1).item() > limit >= peers.most_similar(apart, "D05", 1).item()


def test_no_dimension_counts_several_times(tables):
    values = tables["districts"][COMPARED]
    likeness = values.corr(method="spearman").abs().to_numpy()
    # The old-age index and the change of residents go together most: -0.82.
    assert np.triu(likeness, 1).max() < 0.85
