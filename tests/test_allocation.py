"""Dividing a budget: by hand, by law, and the page's script against Python in a real Chromium."""

import re

import pandas as pd
import pytest
from browser import visiting
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.analysis import allocation, people
from helpers.analysis.allocation import (
    CRITERIA,
    SCENARIOS,
    against_benchmark,
    change_class,
    divide,
    quantities,
    summary,
    weights_of,
)
from helpers.data import raw
from helpers.subjects import strategy

ASSETS = ROOT / "reports" / "assets"
BUDGET = 6_400_000

COUNTS = st.integers(0, 5_000_000)
WEIGHTS = st.integers(0, allocation.MAX_WEIGHT)


@pytest.fixture(scope="module")
def districts(tables):
    return tables["districts"].set_index("code")


@st.composite
def problems(draw):
    """A budget, what is counted, weights: any sizes, zeros everywhere."""
    criteria = draw(st.integers(1, 6))
    counted = draw(st.lists(st.lists(COUNTS, min_size=criteria, max_size=criteria), min_size=1, max_size=12))
    weights = draw(st.lists(WEIGHTS, min_size=criteria, max_size=criteria))
    return draw(st.integers(0, 20_000_000)), counted, weights


# ---- by hand


def test_one_criterion_divides_in_proportion():
    assert divide(100, [[1], [3]], [7]) == [25, 75]


def test_two_criteria_divide_by_the_weighted_mean_of_shares():
    # Shares 1/4 and 3/4, and 1/2 and 1/2; weights 1 and 3: (0.25 + 1.5) / 4 = 0.4375 of 1,600.
    assert divide(1600, [[1, 5], [3, 5]], [1, 3]) == [700, 900]


def test_euros_left_by_rounding_go_to_the_largest_remainders_and_then_to_the_first():
    assert divide(10, [[1], [1], [1]], [1]) == [4, 3, 3]
    assert divide(11, [[1], [1], [1]], [1]) == [4, 4, 3]
    # 0.6, 3.6 and 5.8 of ten: two euros are left, for the remainders 0.8 and 0.6 (the first of the two).
    assert divide(10, [[3], [18], [29]], [1]) == [1, 3, 6]


def test_without_weights_there_is_nothing_to_divide_by():
    assert divide(100, [[1, 2], [3, 4]], [0, 0]) is None


def test_a_criterion_of_which_there_is_nothing_is_left_out():
    assert divide(100, [[0, 1], [0, 3]], [50, 1]) == [25, 75]
    assert divide(100, [[0], [0]], [1]) is None


@pytest.mark.parametrize("problem", [(-1, [[1]], [1]), (1, [[-1]], [1]), (1, [[1]], [-1]), (1, [[0.5]], [1])])
def test_what_is_negative_or_no_whole_number_is_refused(problem):
    with pytest.raises(ValueError, match="whole numbers"):
        divide(*problem)


def test_the_comparison_by_hand():
    counted = pd.DataFrame({"residents": [100, 300], "equal": [1, 1]}, index=["a", "b"])
    compared = against_benchmark(1000, counted, [0, 1])
    assert compared.loc["a"].tolist() == [250, 500, 250, 1.0, 5.0]
    assert compared.loc["b"].tolist() == [750, 500, -250, pytest.approx(-1 / 3), pytest.approx(5 / 3)]
    found = summary(compared)
    assert found == {"moved": 250, "moved_share": 0.25, "up": 1, "down": 1, "same": 0, "top": "a", "bottom": "b"}


def test_the_comparison_without_weights_is_missing_and_not_zero():
    compared = against_benchmark(1000, pd.DataFrame({"residents": [1, 3]}), [0])
    assert compared["benchmark"].tolist() == [250, 750]
    assert compared[["amount", "difference", "change", "per_resident"]].isna().all(axis=None)
    assert summary(compared) is None


def test_who_has_no_benchmark_has_no_relative_change():
    compared = against_benchmark(10, pd.DataFrame({"residents": [0, 1], "equal": [1, 1]}), [0, 1])
    assert compared["change"].isna().tolist() == [True, False]
    assert compared["per_resident"].isna().tolist() == [True, False]


# ---- laws


@given(problems())
@pytest.mark.slow
def test_the_sum_is_the_budget_and_nobody_is_a_euro_from_the_exact_share(problem):
    budget, counted, weights = problem
    euros = divide(budget, counted, weights)
    totals = [sum(row[j] for row in counted) for j in range(len(weights))]
    used = [j for j, w in enumerate(weights) if w and totals[j]]
    if not used:
        assert euros is None
        return
    assert sum(euros) == budget
    for euro, row in zip(euros, counted, strict=True):
        share = sum(weights[j] * row[j] / totals[j] for j in used) / sum(weights[j] for j in used)
        assert abs(euro - budget * share) < 1 + 1e-6


@given(problems(), st.integers(2, 9))
def test_only_the_proportions_of_weights_count(problem, times):
    budget, counted, weights = problem
    assert divide(budget, counted, weights) == divide(budget, counted, [w * times for w in weights])


@given(problems())
def test_who_counts_more_of_everything_never_has_less(problem):
    euros = divide(*problem)
    if euros is None:
        return
    for a, one in zip(euros, problem[1], strict=True):
        for b, other in zip(euros, problem[1], strict=True):
            if all(x >= y for x, y in zip(one, other, strict=True)):
                assert a >= b - 1  # among equals one euro goes to the first


# ---- the districts


@pytest.mark.slow
def test_the_criteria_count_what_the_districts_have(districts):
    counted = quantities(districts)
    assert list(counted) == list(CRITERIA)
    assert counted["residents"].sum() == 4_256_350
    assert counted["equal"].sum() == 30
    assert counted["area"].sum() / 100 == pytest.approx(districts["area_km2"].sum(), abs=1)
    for criterion, counts in CRITERIA.items():
        assert set(counts) <= {*people.COUNTS}, criterion


def test_the_budget_is_that_of_the_measure():
    assert strategy.measure_budget(raw.load("measures")) == BUDGET


@pytest.mark.slow
def test_the_benchmark_is_the_one_of_the_district_pages_to_the_euro(districts):
    ours = against_benchmark(BUDGET, quantities(districts), weights_of(SCENARIOS[0].weights))["benchmark"]
    theirs = strategy.benchmark_by_residents(districts["residents"], BUDGET)["total_eur"]
    assert (ours - theirs).abs().max() < 1


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.id)
def test_every_scenario_divides_the_whole_budget(districts, scenario):
    compared = against_benchmark(BUDGET, quantities(districts), weights_of(scenario.weights))
    assert compared["amount"].sum() == BUDGET and compared["difference"].sum() == 0
    found = summary(compared)
    assert found["up"] + found["down"] + found["same"] == 30
    assert (found["moved"] == 0) == (scenario.id == "residents")


def test_scenarios_are_known_once_each():
    assert len({s.id for s in SCENARIOS}) == len({weights_of(s.weights) for s in SCENARIOS}) == len(SCENARIOS)
    for scenario in SCENARIOS:
        assert (
            dict(zip(CRITERIA, weights_of(scenario.weights), strict=True))
            == dict.fromkeys(CRITERIA, 0) | scenario.weights
        )


@pytest.mark.parametrize("given_", [{"resident": 1}, {"area": 101}, {"area": -1}, {"area": 0.5}, {"area": True}])
def test_weights_that_are_none_are_refused(given_):
    with pytest.raises(ValueError, match="No criterion|A weight is"):
        weights_of(given_)


@given(st.floats(-2, 2), st.sampled_from([1, -1]))
@pytest.mark.slow
def test_what_is_more_and_what_is_less_are_classed_alike(change, side):
    assert change_class(-change) == 4 - change_class(change)
    assert [change_class(side * bound) - 2 for bound in (0, 0.03, 0.0301, 0.25, 0.2501)] == [
        side * steps for steps in (0, 0, 1, 1, 2)
    ]
    assert change_class(None) == change_class(pd.NA) == -1


# ---- the page's script finds the same euros


@pytest.fixture(scope="module")
def divide_in_browser(tmp_path_factory, browser):
    """The function of ``whatif.js``, many problems at a time."""
    root = tmp_path_factory.mktemp("script")
    for name in ("address.js", "districts-view.js", "whatif.js"):
        (root / name).write_text((ASSETS / name).read_text(encoding="utf-8"), encoding="utf-8")
    (root / "index.html").write_text(
        '<!doctype html><link rel="icon" href="data:,"><script src="address.js"></script>'
        '<script src="districts-view.js"></script>'
        '<script src="whatif.js"></script>'
    )
    with visiting(root, browser) as visit:
        page = visit.open("index.html")
        yield lambda problems: page.evaluate("all => all.map((one) => window.Wecare.divide(...one))", problems)
        assert visit.errors == [] and visit.foreign == []


@pytest.mark.browser
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(every=st.lists(problems(), min_size=1, max_size=8))
def test_the_script_divides_alike(divide_in_browser, every):
    assert divide_in_browser(every) == [divide(*problem) for problem in every]


@pytest.mark.browser
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(st.tuples(*[WEIGHTS] * len(CRITERIA)), min_size=1, max_size=10))
def test_the_script_divides_the_budget_among_the_districts_alike(divide_in_browser, districts, drawn):
    counted = quantities(districts).to_numpy().tolist()
    edges = [(0,) * 6, (1,) * 6, (100,) * 6, *(tuple(int(i == j) for i in range(6)) for j in range(6))]
    every = [(BUDGET, counted, weights) for weights in [*edges, *drawn, *(weights_of(s.weights) for s in SCENARIOS)]]
    found = divide_in_browser(every)
    assert found == [divide(*problem) for problem in every]
    assert found[0] is None and all(sum(euros) == BUDGET for euros in found[1:] if euros)


def test_the_script_works_with_whole_numbers_and_runs_nothing_from_text():
    for name in ("address.js", "districts-view.js", "whatif.js", "explorer.js", "timeline.js"):
        text = (ASSETS / name).read_text(encoding="utf-8")
        assert not re.search(r"\beval\b|new Function|innerHTML|document\.cookie|(local|session)Storage", text), name
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text), name


def compared_by(benchmark: list[int], amounts: list[int]) -> pd.DataFrame:
    table = pd.DataFrame({"benchmark": benchmark, "amount": amounts}, index=list("abc"))
    table["difference"] = table["amount"] - table["benchmark"]
    return table.assign(change=table["difference"] / table["benchmark"])


def test_who_has_more_and_who_less_to_the_last_euro():
    found = summary(compared_by([10, 10, 10], [11, 10, 9]))
    assert found == {"moved": 1, "moved_share": 1 / 30, "up": 1, "down": 1, "same": 1, "top": "a", "bottom": "c"}
    same = summary(compared_by([10, 10, 10], [10, 10, 10]))
    assert (same["moved"], same["same"], same["top"], same["bottom"]) == (0, 3, None, None)


def test_a_criterion_that_is_not_known_leaves_the_others():
    known = {name for counts in allocation.CRITERIA.values() for name in counts}
    whole = pd.DataFrame({name: [1.0, 2.0] for name in known}, index=["a", "b"])
    first = next(counts[0] for counts in allocation.CRITERIA.values() if counts)
    for table in (whole.drop(columns=first), whole.assign(**{first: [1.0, None]})):
        found = allocation.quantities(table)
        left = [name for name, counts in allocation.CRITERIA.items() if first not in counts]
        assert list(found) == left and (found.dtypes == "int64").all() and list(found.index) == ["a", "b"]
