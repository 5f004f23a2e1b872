"""Composite indices: normalisation, weights and means by hand, laws, other maps, and what was published of need."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis import border_variants, need, need_uncertainty
from helpers.data import processed, raw
from helpers.declarations import BY_ID, DIMENSIONS, Dimension

EXACT = {"rel": 1e-9, "abs": 1e-9}

#: A framework of two dimensions, of indicators that are declared.
AGE = Dimension("age", "need", ("share_80_plus", "old_age_dependency"), {})
SPARSE = Dimension("sparse", "need", ("density",), {}, reversed=("density",))
PARTS = (AGE, SPARSE)


def small(aged=(1.0, 1.0, 1.0), dependent=(1.0, 1.0, 1.0), density=(1.0, 1.0, 1.0)):
    columns = {"share_80_plus": aged, "old_age_dependency": dependent, "density": density}
    return pd.DataFrame(columns, index=["a", "b", "c"], dtype="float64")


@pytest.fixture(scope="module")
def districts():
    processed.ensure()
    return processed.load("districts").set_index("code")


@pytest.fixture(scope="module")
def table():
    processed.ensure()
    return processed.load("need").set_index("code")


# ---- one index


def test_index_of_a_hand_worked_case():
    # 80+: -1.5**0.5, 0, 1.5**0.5 standard deviations; the other indicator of the dimension is alike; so is density.
    whole = small(aged=(1.0, 2.0, 3.0))
    scores = need.dimension_scores(whole, PARTS)
    step = 10 * 1.5**0.5 / 2
    assert scores["age"].tolist() == pytest.approx([100 - step, 100, 100 + step], **EXACT)
    assert scores["sparse"].tolist() == [100, 100, 100]
    assert need.index(scores, PARTS).tolist() == pytest.approx([100 - step / 2, 100, 100 + step / 2], abs=1e-8)
    twice = (AGE, Dimension("sparse", "need", ("density",), {}, ("density",), weight=3))
    assert need.index(scores, twice).tolist() == pytest.approx([100 - step / 4, 100, 100 + step / 4], abs=1e-8)


def test_less_of_a_reversed_indicator_is_more_need_and_what_spans_magnitudes_enters_by_its_logarithm():
    turned = need.turn(small(density=(10.0, 100.0, 1000.0)), PARTS)
    assert turned["density"].tolist() == pytest.approx((-np.log([10, 100, 1000])).tolist(), **EXACT)
    assert BY_ID["density"].logarithmic
    assert need.dimension_scores(small(density=(10.0, 100.0, 1000.0)), PARTS)["sparse"].idxmax() == "a"


@pytest.mark.parametrize(
    ("how", "expected"),
    [("z", [100 - 10 * 1.5**0.5, 100, 100 + 10 * 1.5**0.5]), ("min_max", [1, 50.5, 100]), ("ranks", [1, 2, 3])],
)
def test_normalisations_of_a_hand_worked_case(how, expected):
    found = need.normalise(np.array([[5.0, 7.0], [6.0, 7.0], [7.0, 7.0]]), how)
    assert found[:, 0].tolist() == pytest.approx(expected, **EXACT)
    assert len(set(found[:, 1])) == 1


def test_the_geometric_mean_gives_less_to_who_is_high_in_one_dimension_only():
    scores, weights = np.array([[100.0, 1.0], [50.5, 50.5]]), np.ones(2)
    assert need.join_dimensions(scores, weights).tolist() == pytest.approx([50.5, 50.5], **EXACT)
    assert need.join_dimensions(scores, weights, "geometric").tolist() == pytest.approx([10, 50.5], **EXACT)


values = st.lists(st.integers(-1000, 1000), min_size=6, max_size=6)


@given(values, values, st.integers(0, 5), st.integers(1, 1000), st.sampled_from(need.NORMALISATIONS))
def test_more_need_in_one_indicator_never_lowers_the_own_place_in_it(one, other, place, more, how):
    before = np.array([one, other], dtype="float64").T
    after = before.copy()
    after[place, 0] += more
    first, second = (need.normalise(v, how)[:, 0] for v in (before, after))
    assert (second > second[place] + 1e-9).sum() <= (first > first[place] + 1e-9).sum()


@given(values, values, st.floats(0.1, 100), st.sampled_from(need.AGGREGATIONS))
def test_only_the_ratios_of_the_weights_count_and_the_mean_lies_between(one, other, factor, how):
    scores = np.abs(np.array([one, other], dtype="float64").T) + 1
    weights = np.array([1.0, 2.0])
    found = need.join_dimensions(scores, weights, how)
    assert found == pytest.approx(need.join_dimensions(scores, weights * factor, how))
    assert (found <= scores.max(1) + 1e-6).all() and (found >= scores.min(1) - 1e-6).all()


def test_an_indicator_that_a_district_lacks_counts_for_none(districts):
    gap = districts.assign(minutes_to_pole=districts["minutes_to_pole"].mask(districts.index == "D11"))
    kept = need.indicators(need.dimensions(gap))
    assert set(need.indicators(need.dimensions(districts))) - set(kept) == {"minutes_to_pole"}
    with pytest.raises(ValueError, match="no indicator of the index need"):
        need.dimensions(pd.DataFrame({"share_80_plus": [None, 1.0]}))


# ---- other choices


def two_maps():
    return [
        small((1.0, 2.0, 3.0), (1.0, 3.0, 2.0), (9.0, 3.0, 1.0)),
        small((3.0, 2.0, 1.0), (1.0, 3.0, 2.0), (9.0, 3.0, 1.0)),
    ]


def test_ranks_of_each_draw_are_those_of_the_index_with_its_choices():
    maps = two_maps()
    _, rows = need_uncertainty.draw(PARTS, 2, points=16)
    assert len(rows) == 16 * (len(need_uncertainty.CHOICES) + 2)
    ranked = need_uncertainty.rank_draws(maps, PARTS, rows)
    for row, found in zip(rows, ranked, strict=True):
        of_parts, of_indicators, (left, scale, mean, place) = row[:2], row[2:5].copy(), row[5:].astype(int)
        if left:
            of_indicators[left - 1] = 0
        points = need.normalise(need.turn(maps[place], PARTS).to_numpy(), need.NORMALISATIONS[scale])
        kept = {"age": of_indicators[:2], "sparse": of_indicators[2:]}
        cut = {"age": points[:, :2], "sparse": points[:, 2:]}
        told = [(n, w) for n, w in zip(("age", "sparse"), of_parts, strict=True) if kept[n].sum()]
        columns = np.stack([np.average(cut[n], axis=1, weights=kept[n]) for n, _ in told])
        weights = np.array([w for _, w in told])
        one = np.average(columns if mean == 0 else np.log(columns), axis=0, weights=weights).round(8)
        assert found.tolist() == [1 + int((one > value).sum()) for value in one]


def test_choices_are_drawn_over_all_their_values_and_weights_within_their_bounds():
    _, rows = need_uncertainty.draw(PARTS, 5, points=64)
    assert rows[:, :5].min() >= 0.5 and rows[:, :5].max() <= 1.5
    assert [set(column) for column in rows[:, 5:].T] == [set(range(n)) for n in (4, 3, 2, 5)]


def test_intervals_hold_nine_tenths_of_the_draws():
    ranked = np.tile(np.arange(1, 101), (2, 1)).T
    found = need_uncertainty.intervals(ranked, pd.Index(["a", "b"]))
    assert found.loc["a"].tolist() == [5, 95, 50, 0.1]


def test_effects_of_a_rank_that_depends_on_one_choice_alone_are_all_of_that():
    problem, rows = need_uncertainty.draw(PARTS, 4, points=256)
    ranked = np.stack([rows[:, -1], np.full(len(rows), 7.0), rows[:, 6]], axis=1)
    found = need_uncertainty.effects(problem, ranked, pd.Index(["map", "none", "scale"])).set_index(["code", "choice"])
    assert found.loc[("map", "borders")].tolist() == pytest.approx([1, 1], abs=0.05)
    assert found.loc[("scale", "normalisation")].tolist() == pytest.approx([1, 1], abs=0.05)
    assert found.loc["none"].to_numpy().tolist() == [[0, 0]] * 5
    assert found.loc[""]["total"].sum() == pytest.approx(1, abs=0.05)
    assert found.loc[("", "borders"), "first"] > found.loc[("", "normalisation"), "first"] > 0.2


# ---- other maps


def line(statuses, districts, areas="xxxxx"):
    codes = list("abcde")
    near = [";".join(codes[j] for j in (n - 1, n + 1) if 0 <= j < 5) for n in range(5)]
    columns = {"distretto_id": districts, "status": statuses, "neighbours": near, "area": list(areas)}
    return pd.DataFrame(columns, index=codes)


SURE, UNSURE = "sourced", border_variants.UNSURE


@pytest.mark.slow
def test_only_unsure_comuni_move_and_only_to_a_district_they_reach():
    comuni = line([SURE, UNSURE, UNSURE, UNSURE, SURE], ["D1", "D1", "D1", "D2", "D2"])
    maps = border_variants.variants(comuni, maps=200)
    assert maps[0].tolist() == comuni["distretto_id"].tolist()
    seen = {"".join(column.str[1]) for _, column in maps.items()}
    # In one piece: the border runs anywhere between the two ends, and nowhere else.
    assert seen == {"11112", "11122", "11222", "12222"}
    pd.testing.assert_frame_equal(maps, border_variants.variants(comuni, maps=200))


def test_a_comune_stays_within_its_area_and_where_no_district_reaches_it():
    comuni = line([SURE, UNSURE, UNSURE, UNSURE, SURE], ["D1", "D1", "D1", "D2", "D2"], "xxyyy")
    seen = {"".join(column.str[1]) for _, column in border_variants.variants(comuni, maps=100).items()}
    assert seen == {"11122", "11222"}
    alone = line([UNSURE] * 5, ["D1", "D1", "D1", "D2", "D2"])
    assert set(border_variants.variants(alone, maps=5).T.drop_duplicates().sum(axis=1)) == {"D1D1D1D2D2"}


def test_values_move_by_as_much_as_the_mean_of_the_comuni_does():
    comuni = line([SURE] * 5, ["D1", "D1", "D1", "D2", "D2"]).assign(
        residents=[1, 1, 2, 2, 2], share_80_plus=[0.1, 0.1, 0.3, 0.2, None]
    )
    maps = pd.DataFrame({0: comuni["distretto_id"], 1: ["D1", "D1", "D2", "D2", "D2"]})
    own = pd.DataFrame({"share_80_plus": [0.2, 0.2]}, index=["D1", "D2"])
    first, second = border_variants.values_on(maps, comuni, own)
    assert first is own
    assert second["share_80_plus"].tolist() == pytest.approx([0.1, 0.25], **EXACT)


def test_values_on_other_maps_are_near_to_those_of_summed_counts(districts):
    """Where counts are at hand: ages, whose denominators differ."""
    comuni = processed.load("comuni").set_index("code")
    comuni = comuni.assign(area=comuni["province_code"])
    maps = border_variants.variants(comuni, maps=8)
    ids = ["old_age_dependency", "share_80_plus"]
    found = border_variants.values_on(maps, comuni, districts[ids])
    for number in maps.columns[1:]:
        sums = comuni.groupby(maps[number])[["age_65_plus", "age_15_64", "age_80_plus", "residents"]].sum()
        exact = 100 * sums["age_65_plus"] / sums["age_15_64"]
        spread = districts["old_age_dependency"].std()
        assert (found[number]["old_age_dependency"] - exact.loc[districts.index]).abs().max() < 0.05 * spread
        share = (sums["age_80_plus"] / sums["residents"]).loc[districts.index]
        assert found[number]["share_80_plus"].tolist() == pytest.approx(share.tolist(), **EXACT)


# ---- what is declared and published


def test_the_index_has_the_dimensions_that_were_asked_for(districts):
    parts = need.dimensions(districts)
    assert [part.id for part in parts] == ["need_age", "need_strain", "need_isolation", "need_loss"]
    assert [part for part in DIMENSIONS if part.index == need.NEED] == list(parts)
    made = need.framework(parts)
    assert made["weight"].sum() == pytest.approx(1, **EXACT)
    assert made.groupby("dimension")["weight"].sum().tolist() == pytest.approx([0.25] * 4, **EXACT)
    less = set(made.loc[made["direction"] == "less", "indicator"])
    assert less == {"income_per_taxpayer", "residents_change", "natural_balance_rate"}


def test_no_dimension_is_the_index_and_dispersion_is_not(districts, table):
    parts = need.dimensions(districts)
    found = need.correlations(districts, parts).set_index("part")["index"]
    assert found[[part.id for part in parts]].between(0.6, 0.95).all()
    assert found.min() > 0
    small_comuni = districts["share_small_comuni"]
    # The index of the editions before was this at 0.93.
    assert table["age_dispersion"].corr(small_comuni) == pytest.approx(0.93, abs=0.005)
    assert table["index"].corr(small_comuni) < 0.9


def test_the_index_of_age_and_dispersion_is_the_one_published_before(table):
    assert table.at["D11", "age_dispersion_rank"] == 20
    assert table["age_dispersion"].mean() == pytest.approx(100, **EXACT)
    assert table["age_dispersion"].idxmax() == "D04"


def test_the_ranks_of_need_lie_in_their_intervals(table):
    assert (table["rank_low"] <= table["rank_median"]).all() and (table["rank_median"] <= table["rank_high"]).all()
    assert table["rank"].between(table["rank_low"], table["rank_high"]).all()
    points = table.filter(like=need.POINTS)
    assert (points.sum(axis=1) + 100).tolist() == pytest.approx(table["index"].tolist(), abs=1e-6)
    # Borders count for the districts whose borders are not known, and for no other.
    effects = processed.load("need_effects").set_index(["choice", "code"])["total"]["borders"]
    assert effects["D22"] > 0.1 > effects["D11"]
    assert (effects.drop("").sort_values().index[-3:]).isin(["D22", "D08", "D14", "D13"]).sum() >= 2


def test_citizens_income_is_summed_by_district(table):
    persons = raw.load("citizens_income").set_index("istat")["persons"]
    home = raw.load("comune_distretto").set_index("istat")["distretto_id"]
    residents = raw.load("population_totals").query("year == 2020").set_index("istat")["residents"]
    expected = 1000 * persons.groupby(home).sum() / residents.groupby(home).sum()
    assert table["citizens_income"].astype(float).to_dict() == pytest.approx(expected.astype(float).to_dict())
    check = processed.load("need_check").set_index("part")
    assert check.at["index", "pearson"] == pytest.approx(table["index"].corr(table["citizens_income"]), **EXACT)
    assert (check["n"] == 30).all()


def test_what_is_compared_with_nothing_has_no_rows(table):
    assert need.compare(table, table.filter(like=need.POINTS), None).empty
