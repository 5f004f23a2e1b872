"""The index of need from frames of three or four districts whose numbers are worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.analysis import need, need_uncertainty
from helpers.declarations import Dimension

NAN = float("nan")

#: Of three values at equal distances, the outer ones are so many standard deviations from their mean.
OUTER = 1.5**0.5

AGE = Dimension("age", "need", ("share_80_plus", "old_age_dependency"), {})
SPARSE = Dimension("sparse", "need", ("density",), {}, reversed=("density",), weight=3)
PARTS = (AGE, SPARSE)

#: Three districts with one indicator of each of two dimensions, of either index.
DISTRICTS = pd.DataFrame(
    {
        "share_80_plus": [0.1, 0.2, 0.3],
        # Less of it is more need.
        "residents_change": [-0.3, -0.1, -0.2],
        "oldest_old_ratio": [30, 10, 20],
        "density": [1, 10, 100],
        "old_age_dependency": [40.0, NAN, 50.0],
        "names": ["one", "two", "three"],
    },
    index=pd.Index(["D1", "D2", "D3"], name="code"),
)


def close(*numbers: float) -> object:
    return pytest.approx(list(numbers), abs=1e-8, nan_ok=True)


# What an index is made of


def test_an_index_has_the_dimensions_of_which_all_districts_have_an_indicator():
    found = need.dimensions(DISTRICTS)
    assert [part.id for part in found] == ["need_age", "need_loss"]
    assert need.indicators(found) == ["share_80_plus", "residents_change"]
    other = need.dimensions(DISTRICTS, need.AGE_DISPERSION)
    assert need.indicators(other) == ["oldest_old_ratio", "density"]
    with pytest.raises(ValueError, match="^no indicator of the index age_dispersion is known for all districts$"):
        need.dimensions(DISTRICTS[["share_80_plus"]], need.AGE_DISPERSION)


def test_weights_of_indicators_are_their_shares_of_the_whole():
    found = need.framework(PARTS)
    assert list(found) == ["dimension", "indicator", "direction", "weight"]
    assert found.to_numpy().tolist() == [
        ["age", "share_80_plus", "more", 0.125],
        ["age", "old_age_dependency", "more", 0.125],
        ["sparse", "density", "less", 0.75],
    ]


def test_what_is_turned_keeps_its_rows_and_is_a_number_however_it_is_stored():
    stored = DISTRICTS.assign(share_80_plus=pd.array([1, 2, 3], dtype="Int64")).drop(columns="old_age_dependency")
    parts = need.dimensions(stored.assign(density=[1, 10, 100]), need.AGE_DISPERSION)
    turned = need.turn(stored, (*need.dimensions(stored), *parts))
    assert turned.index.tolist() == ["D1", "D2", "D3"] and set(turned.dtypes) == {np.dtype("float64")}
    assert turned["share_80_plus"].tolist() == [1, 2, 3]
    assert turned["residents_change"].tolist() == [0.3, 0.1, 0.2]
    assert turned["oldest_old_ratio"].tolist() == [30, 10, 20]
    assert turned["density"].tolist() == close(0, -np.log(10), -2 * np.log(10))


# One scale


@pytest.mark.parametrize(("how", "same"), [("z", 100), ("min_max", 1), ("ranks", 2)])
def test_what_is_alike_is_alike_on_every_scale(how, same):
    assert need.normalise(np.full((3, 1), 7.0), how)[:, 0].tolist() == [same] * 3


@pytest.mark.parametrize(
    "values", [[0.1 + 0.2, 0.3, 0.3], [1e6, 1e6 + 1e-8, 1e6], [-1e6, -1e6 - 1e-8, -1e6], [1e-13, 0, 0]]
)
@pytest.mark.parametrize(("how", "same"), [("z", 100), ("min_max", 1)])
def test_the_last_bits_tell_no_districts_apart(values, how, same):
    assert need.normalise(np.array(values)[:, None], how)[:, 0].tolist() == [same] * 3


def test_small_differences_tell_districts_apart():
    for values in ([1e-9, 2e-9, 3e-9], [1e6, 1e6 + 1, 1e6 + 2]):
        found = need.normalise(np.array(values)[:, None])[:, 0]
        assert found.tolist() == pytest.approx([100 - 10 * OUTER, 100, 100 + 10 * OUTER], abs=1e-4)


def test_each_repetition_is_brought_to_its_own_scale():
    twice = np.array([[[1.0], [2.0], [3.0]], [[30.0], [10.0], [20.0]]])
    assert need.normalise(twice, "min_max")[..., 0].tolist() == [[1, 50.5, 100], [100, 1, 50.5]]
    assert need.normalise(twice, "ranks")[..., 0].tolist() == [[1, 2, 3], [3, 1, 2]]
    low, high = 100 - 10 * OUTER, 100 + 10 * OUTER
    assert need.normalise(twice)[..., 0].ravel().tolist() == close(low, 100, high, high, low, 100)


# Means


def test_the_mean_of_the_indicators_of_a_dimension():
    normalised = np.array([[90.0, 110, 70], [100, 100, 130]])
    scores, present = need.join_indicators(normalised, PARTS)
    assert scores.tolist() == [[100, 70], [100, 130]] and present.tolist() == [True, True]
    # By repetition: the first indicator counts three times; the second dimension has none left.
    scores, present = need.join_indicators(normalised, PARTS, np.array([[3.0, 1, 1], [0, 0.5, 0]]))
    assert scores.tolist() == [[[95, 70], [100, 130]], [[110, 0], [100, 0]]]
    assert present.tolist() == [[True, True], [True, False]]


def test_the_mean_of_the_dimensions():
    scores = np.array([[4.0, 9.0], [0.25, 4.0]])
    assert need.join_dimensions(scores, np.array([1.0, 1])).tolist() == close(6.5, 2.125)
    assert need.join_dimensions(scores, np.array([1.0, 1]), "geometric").tolist() == close(6, 1)
    # By repetition, each with its weights: 1 to 3, and one alone.
    weights = np.array([[2.0, 6.0], [5.0, 0.0]])
    twice = np.stack([scores, scores])
    assert need.join_dimensions(twice, weights).ravel().tolist() == close(7.75, 3.0625, 4, 0.25)
    # A dimension without indicators has score and weight zero.
    empty = np.array([[4.0, 0.0], [9.0, 0.0]])
    assert need.join_dimensions(empty, np.array([1.0, 0]), "geometric").tolist() == close(4, 9)


def test_points_sum_to_what_the_index_is_above_its_mean():
    scores = pd.DataFrame({"age": [80.0, 120.0], "sparse": [100.0, 104.0]}, index=["D1", "D2"])
    assert need.index(scores, PARTS).to_dict() == {"D1": 95, "D2": 108}
    points = need.contributions(scores, PARTS)
    assert points.to_dict("list") == {"age": [-5, 5], "sparse": [0, 3]} and points.index.tolist() == ["D1", "D2"]


def test_the_index_is_rounded_so_that_the_last_bit_decides_no_rank():
    third = (AGE, Dimension("sparse", "need", ("density",), {}, weight=2))
    scores = pd.DataFrame({"age": [100.0, 100 + 1e-12], "sparse": [0.0, 0.0]}, index=["D1", "D2"])
    found = need.index(scores, third)
    assert found.tolist() == [33.333333333, 33.333333333]
    assert need.ranks(found).tolist() == [1, 1]


def test_the_most_need_is_first_and_equal_values_share_the_best_rank():
    found = need.ranks(pd.Series([5.0, 9, 5, 1, 9, 9], index=list("abcdef")))
    assert found.to_dict() == {"a": 4, "b": 1, "c": 4, "d": 6, "e": 1, "f": 1} and found.dtype == "int64"


# Tables


def test_the_table_of_need_of_three_districts():
    found = need.need_table(DISTRICTS)
    assert list(found) == [
        *("index", "rank", "points_need_age", "points_need_loss", "age_dispersion", "age_dispersion_rank"),
    ]
    assert found.index.tolist() == ["D1", "D2", "D3"]
    step = 5 * OUTER
    # Age: low, middle, high; loss: high, low, middle. Each weighs a half.
    assert found["points_need_age"].tolist() == close(-step, 0, step)
    assert found["points_need_loss"].tolist() == close(step, -step, 0)
    assert found["index"].tolist() == close(100, 100 - step, 100 + step)
    assert found["rank"].tolist() == [2, 3, 1]
    # The oldest: high, low, middle; by the logarithm of their density: high, middle, low.
    assert found["age_dispersion"].tolist() == close(100 + 2 * step, 100 - step, 100 - step)
    assert found["age_dispersion_rank"].tolist() == [1, 2, 2]


def test_scores_of_dimensions_of_three_districts():
    found = need.dimension_scores(DISTRICTS, need.dimensions(DISTRICTS))
    assert list(found) == ["need_age", "need_loss"] and found.index.tolist() == ["D1", "D2", "D3"]
    assert found["need_age"].tolist() == close(100 - 10 * OUTER, 100, 100 + 10 * OUTER)


def test_how_the_index_goes_with_its_parts():
    found = need.correlations(DISTRICTS, need.dimensions(DISTRICTS))
    # The deviations are (-1, 0, 1), (1, -1, 0) and their sum (0, -1, 1).
    assert list(found) == ["part", "index", "need_age", "need_loss"]
    assert found["part"].tolist() == ["need_age", "need_loss", "share_80_plus", "residents_change"]
    assert found["index"].tolist() == close(0.5, 0.5, 0.5, 0.5)
    assert found["need_age"].tolist() == close(1, -0.5, 1, -0.5)
    assert found["need_loss"].tolist() == close(-0.5, 1, -0.5, 1)


def test_how_indices_go_with_what_is_measured_apart_where_it_is():
    codes = ["D1", "D2", "D3", "D4"]
    table = pd.DataFrame({"index": [1.0, 2, 6, -99], "rank": 1, "age_dispersion": [6.0, 1, 2, 500]}, index=codes)
    scores = pd.DataFrame({"need_age": [3.0, 2, 1, 70]}, index=codes)
    found = need.compare(table, scores, pd.Series([10.0, 20, 30, NAN], index=codes))
    assert list(found) == ["part", "pearson", "spearman", "n"]
    assert found["part"].tolist() == ["index", "age_dispersion", "need_age"]
    # Deviations (-2, -1, 3), (3, -2, -1) and (1, 0, -1), against (-10, 0, 10).
    assert found["pearson"].tolist() == close(50 / 2800**0.5, -40 / 2800**0.5, -1)
    assert found["spearman"].tolist() == close(1, -0.5, -1)
    assert found["n"].tolist() == [3, 3, 3]


def test_nothing_to_compare_with_gives_the_same_columns():
    found = need.compare(pd.DataFrame(), pd.DataFrame(), None)
    assert found.dtypes.astype("str").to_dict() == {
        "part": "str", "pearson": "float64", "spearman": "float64", "n": "int64",
    }  # fmt: skip
    assert found.empty


# Other choices


@pytest.mark.parametrize(("n", "least", "greatest"), [(1, 1, 1), (2, 0.25, 0.75), (3, 1 / 7, 0.6), (4, 0.1, 0.5)])
def test_the_share_that_one_dimension_can_have(n, least, greatest):
    assert need_uncertainty.weight_range(n) == pytest.approx((least, greatest))


def test_the_design_tells_what_is_drawn():
    problem, rows = need_uncertainty.draw(PARTS, 6, points=8)
    weighed = ["age", "sparse", "share_80_plus", "old_age_dependency", "density"]
    assert problem["names"] == [*weighed, "omission", "normalisation", "aggregation", "borders"]
    assert problem["groups"] == ["weights"] * 5 + ["omission", "normalisation", "aggregation", "borders"]
    assert problem["bounds"] == [[0.5, 1.5]] * 5 + [[0, 4], [0, 3], [0, 2], [0, 6]]
    assert problem["num_vars"] == 9 and rows.shape == (8 * 7, 9)
    assert (rows[:, 5:] == rows[:, 5:].astype(int)).all()
    assert (rows == need_uncertainty.draw(PARTS, 6, points=8)[1]).all(), "the same everywhere"
    assert (rows != need_uncertainty.draw(PARTS, 6, points=8, seed=1)[1]).any()
    assert need_uncertainty.draw(PARTS, 1)[1].shape[0] == need_uncertainty.DRAWS == 7168


def four(aged: list[float], dependent: list[float], density: list[float]) -> pd.DataFrame:
    columns = {"share_80_plus": aged, "old_age_dependency": dependent, "density": density}
    return pd.DataFrame(columns, index=list("abcd"), dtype="float64")


def test_each_draw_ranks_by_its_own_choices():
    first = four([1, 2, 3, 4], [40, 40, 40, 40], [1, 1, 1, 1])
    maps = [first, four([4, 3, 2, 1], [40, 40, 40, 40], [1, 1, 1, 1])]
    turned = four([1, 1, 1, 4], [4, 3, 2, 1], [1, 1, 10, 10])
    # Weights of both dimensions and three indicators; omission, normalisation, aggregation, map.
    rows = np.array(
        [
            [1, 1, 1, 1, 1, 0, 0, 0, 0],
            [1, 1, 1, 1, 1, 0, 0, 0, 1],
            # Without the first indicator all districts are alike: they share the best rank.
            [1, 1, 1, 1, 1, 1, 0, 0, 0],
            [1, 1, 1, 1, 1, 2, 2, 1, 1],
        ],
        dtype="float64",
    )
    ranked = need_uncertainty.rank_draws(maps, PARTS, rows)
    assert ranked.tolist() == [[4, 3, 2, 1], [1, 2, 3, 4], [1, 1, 1, 1], [1, 2, 3, 4]] and ranked.dtype == "int64"
    rows = np.array(
        [
            # The dimension of age alone, by standard deviations: 0.38, -0.07, -0.51, 0.2.
            [1, 1, 1, 1, 1, 3, 0, 0, 0],
            # By ranks: 2, 2, 2, 4 of its first indicator, 4, 3, 2, 1 of its second, one weighing thrice the other.
            [1, 1, 1.5, 0.5, 1, 3, 2, 0, 0],
            [1, 1, 0.5, 1.5, 1, 3, 2, 0, 0],
            # Its first indicator and density, 3.5, 3.5, 1.5, 1.5 by ranks, which weighs 3 to 1, then 0.3 to 1.5.
            [1, 1, 1, 1, 1, 2, 2, 0, 0],
            [1.5, 0.1, 1, 1, 1, 2, 2, 0, 0],
        ],
        dtype="float64",
    )
    assert need_uncertainty.rank_draws([turned], PARTS, rows).tolist() == [
        [1, 3, 4, 2], [2, 3, 4, 1], [1, 2, 3, 4], [1, 1, 4, 3], [2, 2, 4, 1],
    ]  # fmt: skip


def test_a_dimension_weighs_what_is_declared_times_what_is_drawn():
    # By ranks age gives 1 to 4, density 4 to 1; the second weighs three times, or a tenth of that.
    own = four([1, 2, 3, 4], [1, 2, 3, 4], [1, 10, 100, 1000])
    rows = np.array([[1.0, 1, 1, 1, 1, 0, 2, 0, 0], [1.0, 0.1, 1, 1, 1, 0, 2, 0, 0], [1.5, 0.5, 1, 1, 1, 0, 2, 0, 0]])
    found = need_uncertainty.rank_draws([own], PARTS, rows)
    # 1.5 to 3 * 0.5 is even: all have 2.5.
    assert found.tolist() == [[1, 2, 3, 4], [4, 3, 2, 1], [1, 1, 1, 1]]


def test_intervals_are_of_each_district():
    ranked = np.array([range(1, 101), [7] * 100, [1] * 5 + [30] * 95]).T
    found = need_uncertainty.intervals(ranked, pd.Index(["a", "b", "c"]))
    assert list(found) == ["rank_low", "rank_high", "rank_median", "top_share"]
    assert found.loc["a"].tolist() == [5, 95, 50, 0.1] and found.loc["b"].tolist() == [7, 7, 7, 1]
    assert found.loc["c"].tolist() == [1, 30, 30, 0.05]
    assert found[["rank_low", "rank_high", "rank_median"]].dtypes.eq("int64").all()


def test_effects_of_all_districts_are_the_means_weighted_by_their_variance():
    problem, rows = need_uncertainty.draw(PARTS, 4, points=32)
    ranked = np.stack([rows[:, -1], rows[:, 6] + rows[:, -1], np.full(len(rows), 7.0)], axis=1)
    found = need_uncertainty.effects(problem, ranked, pd.Index(["one", "two", "none"]))
    assert list(found) == ["code", "choice", "first", "total"] and found.index.tolist() == list(range(20))
    assert found["code"].tolist() == [*["one"] * 5, *["two"] * 5, *["none"] * 5, *[""] * 5]
    assert found["choice"].tolist() == [*need_uncertainty.CHOICES] * 4
    assert found[["first", "total"]].dtypes.eq("float64").all()
    assert (found[["first", "total"]] >= 0).all(axis=None)
    shares = found.set_index(["code", "choice"])
    # What does not choose has no effect, first or in the end.
    assert (shares.loc[["one", "none"]].drop(index="borders", level="choice") == 0).all(axis=None)
    one, two = np.var(ranked[:, 0]), np.var(ranked[:, 1])
    for column in ("first", "total"):
        for choice in need_uncertainty.CHOICES:
            expected = (one * shares.at[("one", choice), column] + two * shares.at[("two", choice), column]) / (
                one + two
            )
            assert shares.at[("", choice), column] == pytest.approx(expected)


def test_where_no_rank_ever_changes_nothing_has_an_effect():
    problem, rows = need_uncertainty.draw(PARTS, 4, points=8)
    found = need_uncertainty.effects(problem, np.full((len(rows), 2), 3), pd.Index(["a", "b"]))
    assert len(found) == 15 and (found[["first", "total"]] == 0).all(axis=None)


def test_there_are_as_many_codes_as_ranks():
    problem, rows = need_uncertainty.draw(PARTS, 4, points=8)
    with pytest.raises(ValueError, match="longer than argument 1"):
        need_uncertainty.effects(problem, np.full((len(rows), 2), 3), pd.Index(["a"]))
