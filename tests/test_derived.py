"""What is derived from numbers is derived before they are rounded: shares of parts, comparisons, ranks, medians."""

from fractions import Fraction
from itertools import product

import numpy as np
import pandas as pd
import pytest
from showing import show, words

from helpers.analysis.indicators import find_present
from helpers.data import analyses, processed, raw
from helpers.figures import charts
from helpers.pages.common.district_facts import WORDED, district_facts
from helpers.pages.common.facts import indicator_values, region_view
from helpers.pages.district.inputs import district_inputs
from helpers.pages.equity.inputs import equity_inputs
from helpers.pages.equity.page import EquityPage
from helpers.pages.explorer.inputs import explorer_inputs
from helpers.prose import numbers
from helpers.prose.indicators import compare_shown

CODES = [f"D{n:02}" for n in range(1, 31)]


@pytest.fixture(scope="module")
def districts():
    processed.ensure()
    return processed.load("districts").set_index("code")


def theil(amounts, people_):
    """Inequality of amounts per person, each person counted."""
    a, p = amounts / amounts.sum(), people_ / people_.sum()
    return float((a * np.log(a / p)).sum())


# ---- the Theil index


@pytest.mark.parametrize(("basis", "share"), [("need", 0.595), ("mix", 0.125), (analyses.MEASURED, 0.432)])
@pytest.mark.slow
def test_the_part_between_provinces_is_that_of_the_exact_indices(districts, basis, share):
    """Of the indices as they are printed, with four decimals, it would be 61% for need."""
    values = {**processed.load("resources").set_index("code"), f"{analyses.MEASURED}_eur": districts[analyses.MEASURED]}
    values = values[f"{basis}_eur"].loc[districts.index]
    grouped = pd.DataFrame({"a": values, "p": districts["residents"]}).groupby(districts["province_code"]).sum()
    expected = theil(grouped["a"], grouped["p"]) / theil(values, districts["residents"])
    assert expected == pytest.approx(share, abs=5e-4)
    found = equity_inputs().facts["theil_between"]["province"][basis]
    assert found == pytest.approx(expected, rel=1e-6)
    for lang in ("it", "en"):
        assert numbers.percent(expected, lang=lang) in words(show(EquityPage(lang), "theil"))


def test_the_inputs_of_equity_are_what_was_computed(districts):
    found = equity_inputs()
    for name in ("inequality", "curves", "autocorrelation"):
        pd.testing.assert_frame_equal(getattr(found, name), processed.load(name))
    shown, exact = found.need.set_index("code")["index"], processed.load("need").set_index("code")["index"]
    pd.testing.assert_series_equal(pd.Series(shown.loc[exact.index]), exact)


# ---- districts among others


@pytest.mark.parametrize("code", CODES)
def test_a_district_is_compared_with_exact_values(districts, code):
    facts = district_facts(code, processed.load("comuni").query("distretto_id == @code"))
    province = processed.load("provinces").set_index("code").loc[facts["province"]["code"]]
    for name, other in (("region", processed.load("region").iloc[0]), ("province", province)):
        assert facts["outcomes"][name] == {
            key: compare_shown(key, districts.at[code, key], other[key]) for key in WORDED
        }


@pytest.mark.slow
def test_rounded_values_would_have_compared_some_districts_otherwise(districts):
    """Else the test above could not fail."""
    view, region, told = region_view(), processed.load("region").iloc[0], set()
    for code, key in product(CODES, (i.id for i in find_present(districts) if not i.signed)):
        for other in (region, view.provinces.loc[view.main.at[code, "province_code"]]):
            exact, printed = other[key], indicator_values(other, printed=True)[key]
            own = districts.at[code, key]
            if compare_shown(key, own, exact) != compare_shown(key, own, printed):
                told.add((districts.at[code, "name"], key))
    assert told


def test_ranks_are_those_of_exact_values(districts):
    ranks = region_view().ranks
    for indicator in find_present(districts):
        expected = districts[indicator.id].rank(ascending=False, method="min")
        assert (ranks[indicator.id] == expected.astype(ranks[indicator.id].dtype)).all()


def test_the_pyramid_of_the_region_is_rounded_once():
    ages = processed.load("ages")
    exact = charts.age_classes(ages[ages["level"] == "region"])
    total = int(exact[["female", "male"]].to_numpy().sum())
    shown = district_inputs("D01").region_ages
    for sex in ("female", "male"):
        for persons, share in zip(exact[sex], shown[f"{sex}_share"], strict=True):
            assert numbers.percent(float(share)) == numbers.percent(float(Fraction(int(persons), total)))


def test_the_explorer_calculates_with_exact_values(districts):
    shown = explorer_inputs().districts.set_index("code")
    for indicator in find_present(districts):
        pd.testing.assert_series_equal(shown[indicator.id], districts.loc[shown.index, indicator.id])


@pytest.mark.slow
def test_the_budget_of_a_measure_is_divided_before_it_is_rounded(districts):
    residents, budget = districts["residents"], 6_400_000
    for code in CODES:
        facts = district_facts(code, processed.load("comuni").query("distretto_id == @code"))
        share = Fraction(int(residents[code]), int(residents.sum()))
        assert facts["benchmark"]["total_eur"] == round(share * budget, -3)
        assert facts["benchmark"]["per_resident_eur"] == round(budget / int(residents.sum()), 2)
    assert raw.load("measures").set_index("measure_id").at["M1", "budget_eur"] == budget
