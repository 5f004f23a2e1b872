"""Need, inequality and space: PySAL's documented examples, cases worked by hand, laws, and the page that shows them."""

import shutil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from showing import LEAKED, charts, words

from helpers.analysis import equity, funding, funnel, need, space
from helpers.data import analyses, processed, raw
from helpers.pages.equity.page import EquityPage

EXACT = {"rel": 1e-9, "abs": 1e-9}

#: The components without incomes, and their equal weights.
IDS = tuple(c.id for c in need.ALWAYS)
WEIGHTS = pd.Series(0.25, index=list(IDS))


@pytest.fixture(scope="module")
def districts():
    processed.ensure()
    return processed.load("districts").set_index("code")


def people_and_amounts(minimum=0):
    pair = st.tuples(st.integers(1, 60), st.integers(minimum, 500))
    return st.lists(pair, min_size=2, max_size=12).filter(lambda rows: sum(a for _, a in rows) > 0)


def series(rows):
    people, amounts = zip(*rows, strict=True)
    return pd.Series(people, dtype="float64"), pd.Series(amounts, dtype="float64")


# ---- Gini, Lorenz, concentration


def test_gini_of_hand_worked_cases():
    assert equity.gini(pd.Series([1.0, 2, 3, 4])) == pytest.approx(0.25, **EXACT)
    assert equity.gini(pd.Series([0.0, 0, 0, 1])) == pytest.approx(0.75, **EXACT)
    assert equity.gini(pd.Series([7.0, 7, 7])) == pytest.approx(0, **EXACT)


def test_lorenz_curve_of_a_hand_worked_case():
    # Per person 1, 2 and 4: 2 people hold 2 of 16, 3 hold 6, 2 hold 8.
    shares = equity.lorenz(pd.Series([8.0, 2, 6]), pd.Series([2.0, 2, 3]))
    assert shares["people"].tolist() == pytest.approx([0, 2 / 7, 5 / 7, 1], **EXACT)
    assert shares["amounts"].tolist() == pytest.approx([0, 2 / 16, 8 / 16, 1], **EXACT)
    expected = 1 - (2 / 7 * 2 / 16 + 3 / 7 * 10 / 16 + 2 / 7 * 24 / 16)
    assert equity.area_index(shares) == pytest.approx(expected, **EXACT)


@given(people_and_amounts())
def test_gini_of_people_is_pysal_on_one_entry_per_person(rows):
    people, amounts = series(rows)
    expanded = np.repeat((amounts / people).to_numpy(), people.astype(int))
    assert equity.gini_of_people(amounts, people) == pytest.approx(equity.gini(pd.Series(expanded)), **EXACT)


@given(people_and_amounts(), st.floats(0.01, 1e6))
def test_gini_lies_below_one_and_ignores_the_unit(rows, factor):
    people, amounts = series(rows)
    for found, scaled in (
        (equity.gini_of_people(amounts, people), equity.gini_of_people(amounts * factor, people)),
        (equity.gini(amounts), equity.gini(amounts * factor)),
    ):
        assert 0 <= found < 1
        assert scaled == pytest.approx(found, rel=1e-7, abs=1e-7)


@given(people_and_amounts(), st.data())
def test_a_concentration_curve_runs_from_nothing_to_all_and_lies_above_the_lorenz_curve(rows, data):
    people, amounts = series(rows)
    order = pd.Series(data.draw(st.lists(st.integers(0, 5), min_size=len(rows), max_size=len(rows))), dtype="float64")
    shares = equity.curve(amounts, people, order)
    assert shares.iloc[0].tolist() == [0, 0] and shares.iloc[-1].tolist() == [1, 1]
    assert (np.diff(shares["people"]) > 0).all() and (np.diff(shares["amounts"]) >= -1e-12).all()
    index = equity.area_index(shares)
    # No order concentrates more than that of the amounts themselves.
    assert abs(index) <= equity.gini_of_people(amounts, people) + 1e-9
    assert equity.concentration(amounts, people, -order) == pytest.approx(-index, **EXACT)


def test_concentration_says_where_the_money_lies():
    people, needs = pd.Series([1.0, 1, 1]), pd.Series([1.0, 2, 3])
    assert equity.concentration(pd.Series([0.0, 0, 3]), people, needs) == pytest.approx(2 / 3, **EXACT)
    assert equity.concentration(pd.Series([3.0, 0, 0]), people, needs) == pytest.approx(-2 / 3, **EXACT)
    assert equity.concentration(needs, people * needs, needs) == pytest.approx(0, **EXACT)


# ---- Theil


def mexico():
    import libpysal

    table = pd.read_csv(libpysal.examples.get_path("mexico.csv"))
    return table, [f"pcgdp{decade}" for decade in range(1940, 2010, 10)]


def test_theil_agrees_with_the_documented_results_of_pysal():
    table, years = mexico()
    found = [equity.theil(table[y], table["hanson98"]) for y in years]
    total = [0.20894344, 0.15222451, 0.10472941, 0.10194725, 0.09560113, 0.10511256, 0.10660832]
    between = [0.0345889, 0.02816853, 0.05260921, 0.05931219, 0.03205257, 0.02963731, 0.03635872]
    within = [0.17435454, 0.12405598, 0.0521202, 0.04263506, 0.06354856, 0.07547525, 0.0702496]
    for part, values in (("total", total), ("between", between), ("within", within)):
        assert [f[part] for f in found] == pytest.approx(values, abs=5e-9)


def test_theil_of_a_hand_worked_case():
    found = equity.theil(pd.Series([1.0, 3.0]), pd.Series(["a", "b"]))
    assert found["total"] == pytest.approx(0.25 * np.log(0.5) + 0.75 * np.log(1.5), **EXACT)
    assert found["within"] == pytest.approx(0, **EXACT)
    # Shares 1/8, 3/8 and 1/2; the group of the first two holds a half, with two thirds of the units.
    found = equity.theil(pd.Series([1.0, 3, 4]), pd.Series(["a", "a", "b"]))
    between = 1 / 2 * np.log(3 / 4) + 1 / 2 * np.log(3 / 2)
    within = 1 / 2 * (1 / 4 * np.log(1 / 2) + 3 / 4 * np.log(3 / 2))
    assert [found["between"], found["within"]] == pytest.approx([between, within], **EXACT)
    assert found["total"] == pytest.approx(between + within, **EXACT)


def test_theil_of_people_of_a_hand_worked_case():
    # 1, 2 and 1 people with 2, 2 and 4: half of the money with three of the four, half with one.
    found = equity.theil_of_people(pd.Series([2.0, 2, 4]), pd.Series([1.0, 2, 1]), pd.Series(["a", "a", "b"]))
    between = 1 / 2 * np.log(2 / 3) + 1 / 2 * np.log(2)
    within = 1 / 2 * (1 / 2 * np.log(3 / 2) + 1 / 2 * np.log(3 / 4))
    assert [found["between"], found["within"]] == pytest.approx([between, within], **EXACT)


@given(people_and_amounts(minimum=1), st.data())
def test_theil_of_people_is_pysal_on_one_entry_per_person_and_its_parts_sum(rows, data):
    people, amounts = series(rows)
    groups = pd.Series(data.draw(st.lists(st.sampled_from("abc"), min_size=len(rows), max_size=len(rows))))
    found = equity.theil_of_people(amounts, people, groups)
    times = people.astype(int)
    expected = equity.theil(pd.Series(np.repeat((amounts / people).to_numpy(), times)), groups.repeat(times))
    for part in ("total", "between", "within"):
        assert found[part] == pytest.approx(expected[part], abs=1e-9)
        assert found[part] >= 0
    assert found["between"] + found["within"] == pytest.approx(found["total"], **EXACT)


# ---- funnel


def test_funnel_limits_are_exact_binomial_quantiles_interpolated():
    # Three tosses: F(0) = 1/8, F(1) = 4/8, so the tail of 2.5 % ends at 0.025 / 0.125 of the way to none.
    limits = funnel.funnel_limits(0.5, pd.Series([3]))
    assert limits.at[0, "low_95"] == pytest.approx((0 - (0.125 - 0.025) / 0.125) / 3, **EXACT)
    assert limits.at[0, "high_95"] == pytest.approx((3 - (1 - 0.975) / 0.125) / 3, **EXACT)


@given(st.floats(0.02, 0.5), st.integers(500, 10**6))
def test_limits_narrow_with_size_and_widen_with_confidence(rate, size):
    limits = funnel.funnel_limits(rate, pd.Series([size, 4 * size])).join(
        funnel.adjusted_limits(rate, pd.Series([size, 4 * size]), 3.0)
    )
    for name in ("95", "998", "adjusted"):
        widths = limits[f"high_{name}"] - limits[f"low_{name}"]
        assert widths[1] < widths[0]
    first = limits.iloc[0]
    assert first["low_998"] < first["low_95"] < rate < first["high_95"] < first["high_998"]


@given(st.integers(1, 5000), st.floats(0, 1))
def test_wilson_agrees_with_scipy(people, share):
    from scipy.stats import binomtest

    events = round(people * share)
    found = funnel.wilson(pd.Series([events]), pd.Series([people])).iloc[0]
    expected = binomtest(events, people).proportion_ci(0.95, method="wilson")
    assert found["wilson_low"] == pytest.approx(expected.low, abs=1e-9)
    assert found["wilson_high"] == pytest.approx(expected.high, abs=1e-9)


def test_overdispersion_is_the_mean_square_and_ignores_the_extremes():
    assert funnel.overdispersion(pd.Series([-2.0, 2.0] * 10)) == pytest.approx(4, **EXACT)
    assert funnel.overdispersion(pd.Series([-2.0, 2.0] * 10 + [1000.0])) == pytest.approx(4, **EXACT)


def test_the_limits_widened_for_chance_alone_are_the_normal_ones():
    found = funnel.adjusted_limits(0.1, pd.Series([10_000]), factor=0.3)
    assert found.at[0, "high_adjusted"] == pytest.approx(0.1 + 1.959963984540054 * 0.003, **EXACT)


# ---- space


def documented(weights, values):
    """An example of PySAL as our functions take it."""
    import libpysal

    w = libpysal.io.open(libpysal.examples.get_path(weights)).read()
    file, column = values
    y = libpysal.io.open(libpysal.examples.get_path(file)).by_col[column]
    codes = [str(i) for i in w.id_order]
    neighbours = pd.Series([";".join(map(str, w.neighbors[i])) for i in w.id_order], index=codes)
    return pd.Series(np.array(y, dtype="float64"), index=codes), space.contiguity(neighbours)


@pytest.mark.parametrize(
    ("weights", "values", "documented_i"),
    [
        ("stl.gal", ("stl_hom.txt", "HR8893"), 0.24365582621771659),
        ("sids2.gal", ("sids2.dbf", "SIDR74"), 0.24772519320480135),
    ],
)
def test_moran_agrees_with_the_documented_results_of_pysal(weights, values, documented_i):
    y, w = documented(weights, values)
    found = space.moran(y, w)
    assert found["i"] == pytest.approx(documented_i, **EXACT)
    assert found["expected"] == pytest.approx(-1 / (len(y) - 1), **EXACT)
    if weights == "stl.gal":
        assert found["expected"] == pytest.approx(-0.012987012987012988, **EXACT)
    assert found["p_value"] < 0.01


def test_moran_of_a_hand_worked_case():
    # A line of four, values 1 2 3 4: neighbours' means 2, 2, 3, 3; deviations -1.5 -.5 .5 1.5.
    w = space.contiguity(pd.Series({"a": "b", "b": "a;c", "c": "b;d", "d": "c"}))
    values = pd.Series([1.0, 2, 3, 4], index=list("abcd"))
    expected = (1.5 * 0.5 + 0.5 * 0.5 + 0.5 * 0.5 + 1.5 * 0.5) / 5
    assert space.moran(values, w)["i"] == pytest.approx(expected, **EXACT)


def test_local_moran_of_a_hand_worked_case():
    # The same line: each deviation times its neighbours' mean, over the mean square with n - 1.
    w = space.contiguity(pd.Series({"a": "b", "b": "a;c", "c": "b;d", "d": "c"}))
    found = space.local_moran(pd.Series([1.0, 2, 3, 4], index=list("abcd")), w)
    expected = [3 * product / 5 for product in (1.5 * 0.5, 0.5 * 0.5, 0.5 * 0.5, 1.5 * 0.5)]
    assert found["i"].tolist() == pytest.approx(expected, **EXACT)
    assert found["z"].tolist() == pytest.approx([d / 1.25**0.5 for d in (-1.5, -0.5, 0.5, 1.5)], **EXACT)
    assert found["lag"].tolist() == pytest.approx([d / 1.25**0.5 for d in (-0.5, -0.5, 0.5, 0.5)], **EXACT)
    assert found["quadrant"].tolist() == ["low_low", "low_low", "high_high", "high_high"]


def test_the_quadrants_of_lisa_are_those_pysal_documents():
    y, w = documented("desmith.gal", ("desmith.txt", "z"))
    names = ["high_low"] * 3 + ["low_high", "low_low", "low_low", "high_high", "high_low", "low_low", "low_low"]
    assert space.local_moran(y, w)["quadrant"].tolist() == names


def test_local_values_sum_to_the_global_one_and_q_is_benjamini_hochberg(districts):
    w = space.contiguity(districts["neighbours"])
    values = need.index(districts)
    local, whole = space.local_moran(values, w), space.moran(values, w)
    assert local["i"].sum() / (len(values) - 1) == pytest.approx(whole["i"], **EXACT)
    p = local["p_value"].sort_values(ascending=False)
    by_hand = (p * len(p) / np.arange(len(p), 0, -1)).cummin().clip(upper=1)
    assert local["q_value"].to_dict() == pytest.approx(by_hand.to_dict(), **EXACT)
    assert (local["q_value"] >= local["p_value"]).all()
    assert local["found"].tolist() == (local["q_value"] <= space.FALSE_DISCOVERY_RATE).tolist()


def test_permutations_are_the_same_each_time_and_leave_the_generator_alone(districts):
    w, values = space.contiguity(districts["neighbours"]), districts["share_80_plus"]
    np.random.seed(1)
    first = space.moran(values, w)
    after = np.random.random()
    np.random.seed(1)
    assert np.random.random() == after
    assert space.moran(values, w) == first
    pd.testing.assert_frame_equal(space.local_moran(values, w), space.local_moran(values, w))


def test_no_pattern_is_sought_where_all_are_alike(districts):
    found = space.moran(pd.Series(1.0, index=districts.index), space.contiguity(districts["neighbours"]))
    assert np.isnan(found["i"]) and np.isnan(found["p_value"])


def test_neighbours_of_districts_are_mutual_and_none_is_an_island(districts):
    touching = districts["neighbours"].str.split(";")
    assert all(code in touching[other] for code, others in touching.items() for other in others)
    assert set(touching["D12"]) == {"D13", "D14"}


# ---- need


def test_scores_are_standardised_and_turned_towards_need(districts):
    table = need.scores(districts)
    assert table.mean().abs().max() < 1e-12
    assert table.std(ddof=0).tolist() == pytest.approx([1] * 4, **EXACT)
    assert table["density"].idxmin() == districts["density"].idxmax() == "D11"


def test_the_contributions_sum_to_the_index(districts):
    assert tuple(c.id for c in need.components(districts)) == IDS
    index = need.index(districts)
    assert index.tolist() == pytest.approx(need.index(districts, WEIGHTS).tolist(), **EXACT)
    assert index.mean() == pytest.approx(100, **EXACT)
    assert (need.contributions(districts).sum(axis=1) + 100).tolist() == pytest.approx(index.tolist(), **EXACT)


def small(values):
    """Districts with one component that varies, in the order of the values."""
    table = pd.DataFrame({i: [1.0] * len(values) for i in IDS})
    return table.assign(old_age_dependency=values)


def test_index_of_a_hand_worked_case():
    # One component of four varies: -1 and 1 standard deviation, a quarter of ten points each.
    assert need.index(small([1.0, 3.0])).tolist() == pytest.approx([97.5, 102.5], **EXACT)
    alone = pd.Series([1.0, 0, 0, 0], index=list(IDS))
    assert need.index(small([1.0, 3.0]), alone).tolist() == pytest.approx([90, 110], **EXACT)


def test_income_is_a_component_once_every_district_has_one(districts):
    incomes = pd.Series(np.linspace(15_000, 30_000, len(districts)), index=districts.index)
    table = districts.assign(income_per_taxpayer=incomes)
    assert tuple(c.id for c in need.components(table)) == (*IDS, "income_per_taxpayer")
    found = need.need_table(table)
    assert need.split_parts(found) == [*IDS, "income_per_taxpayer"]
    # Less income is more need: the poorest district gains most, the richest loses most.
    points = found["points_income_per_taxpayer"]
    assert points.idxmax() == incomes.idxmin() and points.idxmin() == incomes.idxmax()
    assert points.max() == pytest.approx(2 * (15_000 - incomes.mean()) / -incomes.std(ddof=0), **EXACT)
    # Left out, the index is again that of the four.
    without = need.ranks(need.index(districts).round(9))
    assert found["without_income_per_taxpayer"].tolist() == without.tolist()
    gap = table.assign(income_per_taxpayer=incomes.mask(incomes == incomes.max()))
    pd.testing.assert_frame_equal(need.need_table(gap), need.need_table(districts))


@given(st.sampled_from(IDS), st.integers(0, 29), st.floats(1.01, 3))
def test_more_need_in_one_component_never_lowers_a_rank(districts, component, place, factor):
    code = districts.index[place]
    sign = next(c.sign for c in need.ALWAYS if c.id == component)
    table = districts[list(IDS)].copy()
    table.loc[code, component] *= factor**sign
    # Standardising with itself moves the scale too, never the own place backwards in its component.
    before, after = need.scores(districts)[component], need.scores(table)[component]
    assert need.ranks(after)[code] <= need.ranks(before)[code]
    assert np.argsort(after.drop(code).to_numpy()).tolist() == np.argsort(before.drop(code).to_numpy()).tolist()


@given(st.floats(0.1, 100))
def test_only_the_ratios_of_the_weights_count(districts, factor):
    assert need.index(districts, WEIGHTS * factor).tolist() == pytest.approx(need.index(districts).tolist())


@pytest.mark.parametrize("weights", [[-1, 1, 1, 1], [0, 0, 0, 0]])
def test_impossible_weights_are_refused(districts, weights):
    with pytest.raises(ValueError, match="none negative and not all zero"):
        need.index(districts, pd.Series(weights, index=list(IDS)))


def test_rank_intervals_agree_with_ranking_each_draw(districts):
    found = need.rank_intervals(districts, draws=200, seed=3)
    weights = np.random.default_rng(3).dirichlet(np.ones(4), size=200)
    each = pd.DataFrame([need.ranks(need.index(districts, pd.Series(w, index=list(IDS)))) for w in weights])
    # The fifth and the ninety-fifth per cent of 200 are the 10th and the 190th in order.
    ordered = np.sort(each.to_numpy(), axis=0)
    assert found["rank_low"].tolist() == ordered[9].tolist()
    assert found["rank_high"].tolist() == ordered[189].tolist()
    assert found["top_share"].tolist() == pytest.approx((each <= need.TOP).mean().tolist(), **EXACT)


def test_rank_intervals_of_a_hand_worked_case():
    # One is ahead in one component, the other in another: each is first when its component weighs more, half the time.
    table = pd.DataFrame({i: [1.0, 1.0] for i in IDS}).assign(
        old_age_dependency=[2.0, 1.0], oldest_old_ratio=[1.0, 2.0]
    )
    assert need.index(table).tolist() == pytest.approx([100, 100], **EXACT)
    found = need.rank_intervals(table)
    assert found[["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 2], [1, 2]]


def test_a_need_that_is_greatest_in_every_component_is_first_whatever_the_weights():
    table = pd.DataFrame({i: [1.0, 2, 3] for i in IDS}).assign(density=[300.0, 200, 100])
    found = need.need_table(table)
    assert found["rank"].tolist() == [3, 2, 1]
    assert found[["rank_low", "rank_high"]].to_numpy().tolist() == [[3, 3], [2, 2], [1, 1]]
    assert (need.rank_changes(found)["max_change"] == 0).all()


def test_the_table_is_the_same_each_time(districts):
    pd.testing.assert_frame_equal(need.need_table(districts), need.need_table(districts))


def test_a_component_left_out_no_longer_counts(districts):
    changed = districts.assign(density=districts["density"].to_numpy()[::-1])
    before, after = need.alternatives(districts), need.alternatives(changed)
    assert before["without_density"].equals(after["without_density"])
    assert not before["without_old_age_dependency"].equals(after["without_old_age_dependency"])


# ---- tables and page


def granted_tables(known):
    """The tables of analysis as they would be with grants of so many projects, and the projects."""
    projects = raw.load("misura1_projects")
    amounts = pd.Series(range(200_000, 200_000 + 10_000 * len(projects), 10_000), dtype="Int64")
    projects["amount_granted_eur"] = amounts.where(amounts.index < known)
    made = analyses.analyse(processed.load("districts"), raw.load("district_projects"), projects, raw.load("measures"))
    return made, projects


@pytest.mark.slow
def test_benchmarks_are_shown_today_and_grants_once_they_are_known():
    today = processed.load("inequality")["basis"].tolist()
    assert today == [*funding.BENCHMARKS, analyses.MEASURED]
    made, _ = granted_tables(known=22)
    row = made["inequality"].set_index("basis").loc["granted"]
    assert row["n"] == 26 and row["gini_residents"] > 0
    assert set(made) == set(processed.ANALYSES)
    few, _ = granted_tables(known=3)
    assert "granted" not in set(few["inequality"]["basis"])


def test_by_need_follows_need_and_by_residents_is_equal():
    rows = processed.load("inequality").set_index("basis")
    assert rows.at["residents", "gini_residents"] == pytest.approx(0, abs=1e-9)
    assert rows.at["need", "against_need"] == pytest.approx(0, abs=1e-9)
    assert rows.at["need", "concentration"] == pytest.approx(rows.at["need", "gini_residents"], abs=1e-9)


SECTIONS = (
    "brief",
    "need",
    "sensitivity",
    "lorenz",
    "concentration",
    "theil",
    "funnel",
    "space",
    "limits",
    "downloads",
)


def with_grants(monkeypatch):
    made, projects = granted_tables(known=22)
    load, read = processed.load, raw.load
    monkeypatch.setattr(processed, "load", lambda name, folder=None: made[name] if name in made else load(name))
    monkeypatch.setattr(
        raw, "load", lambda name, *_, **given: projects if name == "misura1_projects" else read(name, **given)
    )


@pytest.mark.slow
@pytest.mark.parametrize("grants", [False, True])
@pytest.mark.parametrize("lang", ["it", "en"])
def test_every_section_is_shown_and_no_raw_missing_value(shown, monkeypatch, lang, grants):
    if grants:
        with_grants(monkeypatch)
    page = EquityPage(lang)
    page.title()
    for section in SECTIONS:
        before = len(shown)
        getattr(page, section)()
        assert len(shown) > before, section
    charts(shown)
    text = words(shown)
    assert not LEAKED.search(text)
    for name in raw.load("districts")["name"]:
        assert name in text
    unpublished = {"it": "non sono pubblicati", "en": "are not published"}[lang]
    assert (unpublished in text) is not grants
    assert ({"it": "26 distretti su 30", "en": "26 districts out of 30"}[lang] in text) is grants


def test_the_figures_of_the_page_are_those_of_the_tables(shown):
    page = EquityPage()
    page.brief()
    page.sensitivity()
    text = words(shown)
    table = processed.load("need").set_index("code").join(raw.load("districts").set_index("distretto_id")["name"])
    top = table.sort_values("rank").iloc[0]
    assert top["name"] in text and f"{top['index']:.1f}".replace(".", ",") in text
    assert f"{table.loc['D11', 'rank_low']}–{table.loc['D11', 'rank_high']}" in text


def test_pages_need_no_pysal():
    import subprocess
    import sys

    code = (
        "import sys; from helpers.pages.equity.page import EquityPage;"
        "from helpers.pages.explorer.page import Explorer;"
        "Explorer().tool(); EquityPage().space();"
        "print([m for m in ('inequality', 'esda', 'libpysal', 'mapclassify', 'sklearn') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.endswith("[]\n")


def read_for_analyses(tmp_path):
    """What the analyses read, with the state it is in."""
    from helpers.data.read_log import note_reads
    from helpers.data.read_state import States

    with note_reads() as reads:
        analyses.build(tmp_path)
    return States().of_all(reads)


def test_the_analyses_rest_on_few_columns_and_not_on_comuni(tmp_path):
    shutil.copy(processed.level_files()[1], tmp_path)
    reads = read_for_analyses(tmp_path)
    assert {"processed districts", "columns misura1_projects project_id amount_granted_eur"} <= set(reads)
    assert not {"raw population", "processed comuni", "processed ages", "raw misura1_projects"} & set(reads)
    assert {path.stem for path in tmp_path.iterdir()} == {"districts", *processed.ANALYSES}


@pytest.mark.slow
def test_a_title_is_no_reason_to_compute_the_analyses_again_but_an_amount_is(tmp_path, monkeypatch):
    shutil.copy(processed.level_files()[1], tmp_path)
    before, load = read_for_analyses(tmp_path), raw._load

    def edited(column, value):
        def changed(name, *given):
            table = load(name, *given)
            return table.assign(**{column: value}) if name == "misura1_projects" else table

        monkeypatch.setattr(raw, "_load", changed)
        return read_for_analyses(tmp_path)

    assert edited("project_title", "x") == before
    assert edited("amount_granted_eur", 1.0) != before
