"""Need, inequality and space: PySAL's documented examples, cases worked by hand, laws, and the page that shows them."""

import shutil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from showing import LEAKED, charts, words

from helpers.analysis import equity, funding, space
from helpers.data import analyses, processed, raw
from helpers.pages.equity.page import EquityPage

EXACT = {"rel": 1e-9, "abs": 1e-9}


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


@pytest.mark.slow
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
@pytest.mark.slow
def test_gini_of_people_is_pysal_on_one_entry_per_person(rows):
    people, amounts = series(rows)
    expanded = np.repeat((amounts / people).to_numpy(), people.astype(int))
    assert equity.gini_of_people(amounts, people) == pytest.approx(equity.gini(pd.Series(expanded)), **EXACT)


@given(people_and_amounts(), st.floats(0.01, 1e6))
@pytest.mark.slow
def test_gini_lies_below_one_and_ignores_the_unit(rows, factor):
    people, amounts = series(rows)
    for found, scaled in (
        (equity.gini_of_people(amounts, people), equity.gini_of_people(amounts * factor, people)),
        (equity.gini(amounts), equity.gini(amounts * factor)),
    ):
        assert 0 <= found < 1
        assert scaled == pytest.approx(found, rel=1e-7, abs=1e-7)


@given(people_and_amounts(), st.data())
@pytest.mark.slow
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


@pytest.mark.slow
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
@pytest.mark.slow
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


def test_alone_or_alike_there_is_no_pattern_to_measure(recwarn):
    # A unit that touches none has no neighbours, not one without a name; nothing is said of it on the way.
    w = space.contiguity(pd.Series({"b": "a", "a": "b", "island": ""}))
    assert (w.id_order, w.neighbors["island"], w.weights["a"]) == (["b", "a", "island"], [], [1.0])
    assert not [warning for warning in recwarn if "island" in str(warning.message)]
    alike = space.moran(pd.Series([7.0, 7.0, 7.0]), w, permutations=9)
    assert list(alike) == ["i", "expected", "p_value", "permutations"]
    assert (alike["expected"], alike["permutations"]) == (-0.5, 9) and np.isnan([alike["i"], alike["p_value"]]).all()


def test_moran_of_a_hand_worked_case():
    # A line of four, values 1 2 3 4: neighbours' means 2, 2, 3, 3; deviations -1.5 -.5 .5 1.5.
    w = space.contiguity(pd.Series({"a": "b", "b": "a;c", "c": "b;d", "d": "c"}))
    values = pd.Series([1.0, 2, 3, 4], index=list("abcd"))
    expected = (1.5 * 0.5 + 0.5 * 0.5 + 0.5 * 0.5 + 1.5 * 0.5) / 5
    assert space.moran(values, w)["i"] == pytest.approx(expected, **EXACT)


def test_permutations_are_the_same_each_time_and_leave_the_generator_alone(districts):
    w, values = space.contiguity(districts["neighbours"]), districts["share_80_plus"]
    np.random.seed(1)
    first = space.moran(values, w)
    after = np.random.random()
    np.random.seed(1)
    assert np.random.random() == after
    assert space.moran(values, w) == first


def test_no_pattern_is_sought_where_all_are_alike(districts):
    found = space.moran(pd.Series(1.0, index=districts.index), space.contiguity(districts["neighbours"]))
    assert np.isnan(found["i"]) and np.isnan(found["p_value"])


def test_neighbours_of_districts_are_mutual_and_none_is_an_island(districts):
    touching = districts["neighbours"].str.split(";")
    assert all(code in touching[other] for code, others in touching.items() for other in others)
    assert set(touching["D12"]) == {"D13", "D14"}


# ---- tables and page


def granted_tables(known):
    """The tables of analysis as they would be with grants of so many projects, and the projects."""
    projects = raw.load("misura1_projects")
    amounts = pd.Series(range(200_000, 200_000 + 10_000 * len(projects), 10_000), dtype="Int64")
    projects["amount_granted_eur"] = amounts.where(amounts.index < known)
    comuni = processed.load("comuni").assign(area=lambda table: table["province_code"])
    tables = processed.load("districts"), comuni, raw.load("district_projects"), projects, raw.load("measures")
    return analyses.analyse(*tables, analyses.sum_measured(None, comuni)), projects


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
    "check",
    "lorenz",
    "concentration",
    "theil",
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_the_analyses_rest_on_few_columns_of_raw_tables(tmp_path):
    levels = [path for path in processed.level_files() if path.stem in ("districts", "comuni")]
    for path in levels:
        shutil.copy(path, tmp_path)
    reads = read_for_analyses(tmp_path)
    assert {"processed districts", "columns misura1_projects project_id amount_granted_eur"} <= set(reads)
    assert not {"raw population", "processed ages", "raw misura1_projects"} & set(reads)
    assert {path.stem for path in tmp_path.iterdir()} == {"districts", "comuni", *processed.ANALYSES}


@pytest.mark.slow
def test_a_title_is_no_reason_to_compute_the_analyses_again_but_an_amount_is(tmp_path, monkeypatch):
    from helpers.data import read_state

    # The files stay the same.
    monkeypatch.setattr(read_state, "_of_columns", lambda table, columns, _: read_state._read_columns(table, columns))
    for path in processed.level_files()[:2]:
        shutil.copy(path, tmp_path)
    before, load = read_for_analyses(tmp_path), raw._load

    def edited(column, value):
        def changed(name, *given):
            table = load(name, *given)
            return table.assign(**{column: value}) if name == "misura1_projects" else table

        monkeypatch.setattr(raw, "_load", changed)
        return read_for_analyses(tmp_path)

    assert edited("project_title", "x") == before
    assert edited("amount_granted_eur", 1.0) != before


def test_without_citizens_income_the_page_does_not_speak_of_it(shown, monkeypatch):
    load = processed.load
    bare = {"need": load("need").drop(columns="citizens_income"), "need_check": load("need_check").iloc[:0]}
    monkeypatch.setattr(processed, "load", lambda name, folder=None: bare.get(name, load(name)))
    page = EquityPage()
    page.brief()
    page.check()
    text = words(shown)
    assert "indice di bisogno" in text and "cittadinanza" not in text
