"""What is unusual and what is similar, by the rules the pages state."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis import peers
from helpers.declarations import INDICATORS

COMPARED = [i.id for i in INDICATORS if i.compared and i.source == "population"]


def districts(values: dict[str, list[float]]) -> pd.DataFrame:
    n = len(next(iter(values.values())))
    base = {i: np.linspace(1, 2, n) for i in COMPARED}
    return pd.DataFrame(base | values, index=[f"D{i:02d}" for i in range(1, n + 1)])


def test_robust_score_by_hand():
    table = districts({"old_age_index": [1.0, 2.0, 3.0, 4.0, 100.0]})
    scores = peers.robust_scores(table)["old_age_index"]
    # median 3, absolute deviations 2 1 0 1 97, their median 1
    assert scores.tolist() == pytest.approx([(v - 3) / 1.4826 for v in (1, 2, 3, 4, 100)])


def test_the_outlier_is_named_with_rank_and_direction():
    table = districts({"old_age_index": [1.0, 2.0, 3.0, 4.0, 100.0], "density": [5.0, 6.0, 7.0, 8.0, 9.0]})
    found = peers.unusual(table, "D05", most=1)[0]
    assert (found["indicator"], found["rank"], found["direction"]) == ("old_age_index", 1, "high")
    assert found["median"] == 3


def test_nothing_is_unusual_where_all_are_alike():
    table = districts({i: [7.0] * 5 for i in COMPARED})
    assert peers.unusual(table, "D01") == []


def test_no_more_than_asked_for():
    table = districts({i: [1.0, 2.0, 3.0, 4.0, 100.0] for i in COMPARED})
    assert len(peers.unusual(table, "D05")) == 2


def test_twins_are_most_similar_and_oneself_is_not_listed():
    table = districts({"old_age_index": [1.0, 9.0, 3.0, 1.0, 5.0]})
    table.loc["D04"] = table.loc["D01"]
    similar = peers.most_similar(peers.distances(table), "D01")
    assert similar.index[0] == "D04"
    assert similar.iloc[0] == pytest.approx(0, abs=1e-12)
    assert "D01" not in similar.index


@given(st.lists(st.floats(1, 1000), min_size=6, max_size=12), st.floats(0.1, 50), st.floats(1, 100))
def test_distances_do_not_depend_on_the_unit(values, scale, shift):
    """Standardised distances stay the same when an indicator is measured in another unit."""
    if np.std(values) < 1e-3:
        return
    one = districts({"old_age_index": values})
    other = one.assign(old_age_index=one["old_age_index"] * scale + shift)
    same = peers.most_similar(peers.distances(one), "D01", 5).sort_index()
    assert np.allclose(same, peers.most_similar(peers.distances(other), "D01", 5)[same.index], atol=1e-6)
