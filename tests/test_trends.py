"""The page on how Piedmont changes: its numbers, the laws of its charts, what it says in both languages."""

import copy
import io
import re
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from showing import LEAKED, charts, markup, pieces_of, refuse_tables, show, words
from test_prose_render import BAD

from helpers.config import LANGUAGES
from helpers.data import processed, raw
from helpers.figures import multiples, quadrants, slopes
from helpers.figures.text import widest
from helpers.pages.trends import inputs
from helpers.pages.trends.inputs import INCOME, OLD_AGE, RESIDENTS, trends_inputs
from helpers.pages.trends.page import Trends
from helpers.prose.render import render, templates

CHARTS = ("residents", "ageing", "income", "distance", "minutes", "quadrants", "balance")


@pytest.fixture(scope="module")
def shown():
    return {lang: show(Trends(lang), *pieces_of("trends")) for lang in LANGUAGES}


@pytest.fixture(scope="module")
def found():
    processed.ensure()
    return trends_inputs()


def series(name, level):
    rows = processed.load("series")
    return rows[(rows["id"] == name) & (rows["level"] == level)].pivot(index="code", columns="year", values="value")


# ---- the numbers


def test_the_districts_come_to_the_region_in_every_year(found):
    residents = found.series[RESIDENTS]
    assert residents.drop(index="region").sum().tolist() == residents.loc["region"].tolist()
    assert residents.shape == (31, 7) and not residents.isna().any().any()
    assert residents.loc["region"].iloc[[0, -1]].tolist() == [4_363_916, 4_255_006]
    balance = raw.load("demographic_balance")
    assert (found.districts["birth_rate"].notna()).all() and balance["births"].sum() == 23_839


def test_the_facts_are_those_of_the_series(found):
    facts = found.facts
    for part, name in (("residents", RESIDENTS), ("ageing", OLD_AGE), ("income", INCOME)):
        own = series(name, "region").iloc[0].dropna()
        assert [facts[part][key] for key in ("first_year", "last_year")] == [own.index[0], own.index[-1]]
        assert [facts[part][key] for key in ("first", "last")] == [own.iloc[0], own.iloc[-1]]
    residents = series(RESIDENTS, "districts")
    change = residents[2026] / residents[2011] - 1
    assert facts["residents"]["n_losing"] == (change < 0).sum() == 24
    names = dict(zip(found.districts["code"], found.districts["name"], strict=True))
    assert [row["name"] for row in facts["residents"]["lowest"]] == [names[c] for c in change.sort_values().index[:3]]
    assert facts["residents"]["missing"] == [(2012, 2019), (2023, 2023)]
    assert facts["residents"]["provisional"] == [2024, 2026] and facts["residents"]["break_year"] == 2018
    assert sum(map(len, facts["quadrants"].values())) == 30
    assert facts["balance"]["year"] == 2025


def test_published_values(found):
    by_name = found.districts.set_index("name")
    assert round(by_name.at["Casale Monferrato", "residents_change"], 3) == -0.098
    assert round(by_name.at["Romentino (Ovest Ticino)", "residents_change"], 3) == 0.029
    assert round(by_name.at["Verbano Cusio Ossola", INCOME]) == 23_436
    assert round(by_name.at["Torino", INCOME]) == 28_860
    assert round(found.region[OLD_AGE], 1) == 248.3


def test_total_balance_is_what_residents_changed_by(found):
    table = raw.load("demographic_balance").set_index("istat")
    homes = raw.load("comune_distretto").set_index("istat")["distretto_id"]
    # Merged in 2023 from two comuni of this district.
    homes["005122"] = homes["005079"]
    sums = table[["opening", "closing"]].groupby(table.index.map(homes)).sum()
    assert sums["closing"].sum() == 4_255_006
    rows = found.districts.set_index("code")
    total = rows["natural_balance_rate"] + rows["migration_balance_rate"]
    mean = (sums["opening"] + sums["closing"]) / 2
    changed = sums["closing"] - sums["opening"]
    assert np.allclose(total, 1000 * changed / mean)


def test_residents_of_every_class_are_those_of_the_district(found):
    shares = found.districts[[f"area_{area}" for area in inputs.AREAS]]
    assert np.allclose(shares.sum(axis=1), 1)
    inner = shares[["area_intermediate", "area_peripheral", "area_ultra"]].sum(axis=1)
    assert np.allclose(inner, found.districts["share_inner_areas"])
    assert set(found.ground["status"]) == set(inputs.AREAS)


# ---- ranks and gaps


def test_gaps_are_the_years_that_are_missing():
    assert inputs.gaps([2011, 2020, 2021, 2022, 2024]) == [(2012, 2019), (2023, 2023)]
    assert inputs.gaps([2022]) == inputs.gaps([]) == []


@given(st.sets(st.integers(1990, 2030), min_size=2))
def test_gaps_and_years_are_all_years(years):
    missing = {year for first, last in inputs.gaps(sorted(years)) for year in range(first, last + 1)}
    assert missing | years == set(range(min(years), max(years) + 1)) and not missing & years


def test_who_moved_most():
    values = pd.DataFrame({2008: [9, 8, 7, 6, 5], 2024: [5, 9, 8, 6, 7]}, index=list("abcde"))
    places = inputs.ranks(values)
    assert places[2024].tolist() == [5, 1, 2, 4, 3]
    assert inputs.movers(places, 1) == {"up": ["e"], "down": ["a"]}
    # Who went as far as the last that is named is named too; who stands still never is.
    assert inputs.movers(places, 2) == {"up": ["e", "b", "c"], "down": ["a"]}
    assert inputs.movers(places[[2008, 2008]]) == {"up": [], "down": []}


# ---- small multiples

WORDS = dict.fromkeys(("lost", "gained", "reference", "open", "break"), "word")


def small(values, **more):
    texts = [[f"{y}" for y in values] for _ in range(len(values))]
    ends = [f"{n}" for n in range(len(values))]
    ticks = ((90, 100), (int(values.columns[0]), int(values.columns[-1])))
    return multiples.multiples(values, values.mean(), 100, ticks, WORDS, str, texts, ends, **more)


@st.composite
def tables(draw):
    years = sorted(draw(st.sets(st.integers(2000, 2030), min_size=2, max_size=9)))
    rows = draw(st.integers(1, 8))
    cells = st.lists(st.floats(80, 120), min_size=len(years), max_size=len(years))
    frame = pd.DataFrame([draw(cells) for _ in range(rows)], columns=years, index=[f"P{n}" for n in range(rows)])
    hidden = draw(st.sets(st.tuples(st.integers(0, rows - 1), st.integers(1, len(years) - 1)), max_size=5))
    for row, column in hidden:
        frame.iat[row, column] = np.nan
    return frame


def grid_of(values, columns=3):
    low, high = values.min().min(), values.max().max()
    room = (high - low) * 0.07
    years = int(values.columns[0]), int(values.columns[-1])
    return multiples.Grid(years, (low - room, high + room), columns, -(-len(values) // columns))


@given(tables().filter(lambda t: t.max().max() - t.min().min() > 1))
@pytest.mark.slow
def test_a_point_stands_where_there_are_data_and_nowhere_else(values):
    chart, grid = small(values, open_years=[int(values.columns[-1])]), grid_of(values)
    seen = {}
    for trace in chart["data"]:
        if trace["mode"] == "markers" and trace["x"] != [None]:
            for x, y in zip(trace["x"], trace["y"], strict=True):
                cell, year, value = grid.back(x, y)
                seen[cell, year] = value
                assert (trace["marker"].get("symbol") == "circle-open") == (year == values.columns[-1])
    known = {(n, year): row[year] for n, (_, row) in enumerate(values.iterrows()) for year in row.dropna().index}
    assert set(seen) == set(known)
    assert all(abs(seen[key] - known[key]) < 0.02 for key in known)


@given(tables().filter(lambda t: t.max().max() - t.min().min() > 1))
@pytest.mark.slow
def test_a_line_joins_only_years_that_follow_each_other(values):
    grid = grid_of(values)
    for trace in small(values)["data"]:
        if trace["mode"] == "lines" and "dash" not in trace["line"]:
            ends = list(zip(trace["x"], trace["y"], strict=True))
            for (x0, y0), (x1, y1) in pairwise(ends):
                if x0 is not None and x1 is not None:
                    (cell, year, _), (other, next_year, _) = grid.back(x0, y0), grid.back(x1, y1)
                    assert (other, next_year) == (cell, year + 1)


@pytest.mark.slow
def test_the_residents_of_the_page_are_drawn_as_they_are(shown, found):
    chart = charts(shown["it"])[0]
    wide = found.series[RESIDENTS].drop(index="region")
    index = 100 * wide.div(wide[2011], axis=0)
    index = index.loc[index[2026].sort_values(ascending=False, kind="stable").index]
    grid = grid_of(index)
    marks = {}
    for trace in chart["data"]:
        if trace["mode"] == "markers" and trace["x"] != [None]:
            for x, y in zip(trace["x"], trace["y"], strict=True):
                cell, year, value = grid.back(x, y)
                marks[cell, year] = (value, trace["marker"].get("symbol") == "circle-open")
    assert {year for _, year in marks} == {2011, 2020, 2021, 2022, 2024, 2025, 2026} and len(marks) == 210
    assert all(
        abs(value - index.iat[cell, list(index).index(year)]) < 0.01 for (cell, year), (value, _) in marks.items()
    )
    assert {year for (_, year), (_, is_open) in marks.items() if is_open} == {2024, 2026}
    dotted = next(trace for trace in chart["data"] if trace.get("line", {}).get("dash") == "dot")
    assert {grid.back(x, y)[1] for x, y in zip(dotted["x"], dotted["y"], strict=True) if x is not None} == {2018}


# ---- slopes


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=40), st.floats(0.1, 50))
def test_names_keep_their_distance_and_their_order(values, least):
    values = np.array(values)
    found = slopes.spread(values, least)
    order = np.argsort(values, kind="stable")
    assert (np.diff(found[order]) >= least * (1 - 1e-9)).all()
    assert abs((found - values).sum()) < 1e-6 * (1 + np.abs(values).sum() + least * len(values) ** 2)


def test_names_that_have_room_stay_where_they_are():
    assert slopes.spread(np.array([3.0, 9.0, 1.0]), 1.5).tolist() == [3.0, 9.0, 1.0]


@pytest.mark.slow
def test_a_line_over_missing_years_is_dashed_and_provisional_points_are_open(shown):
    _, ageing, income, *_ = charts(shown["it"])
    lines = [t for t in ageing["data"] if t["mode"] == "lines" and set(t["x"]) == {2022, 2026, None}]
    assert lines and all(t["line"]["dash"] == "dash" for t in lines)
    for trace in ageing["data"]:
        if trace["mode"] == "markers":
            assert set(trace["x"]) == ({2026} if trace["marker"].get("symbol") == "circle-open" else {2022})
    lines = [t for t in income["data"] if t["mode"] == "lines" and 2008 in t["x"]]
    assert lines and all("dash" not in t["line"] for t in lines)
    # In each year every place is held once.
    held = [(x, y) for t in lines for x, y in zip(t["x"], t["y"], strict=True) if x is not None]
    assert sorted(held) == [(year, place) for year in range(2008, 2025) for place in range(1, 31)]


# ---- quadrants


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(0, 300)), min_size=1, max_size=25, unique=True))
def test_no_name_covers_a_point_a_line_or_another_name(points):
    x, y = (np.array(values) for values in zip(*points, strict=True))
    names = [f"Name of place {n}" for n in range(len(points))]
    found = quadrants.sides_of(x, y, names, range(len(points)), (150.0, 150.0), (300.0, 300.0))
    boxes = {n: quadrants._box(float(x[n]), float(y[n]), *found[n]) for n in found}
    for n, (x0, y0, x1, y1) in boxes.items():
        assert x0 >= 0 and y0 >= 0 and x1 <= 300 and y1 <= 300
        assert not x0 <= 150 <= x1 and not y0 <= 150 <= y1
        assert x1 - x0 <= widest(names[n], quadrants.SMALL) + 1e-9
        for m, (a0, b0, a1, b1) in boxes.items():
            assert n == m or min(x1, a1) <= max(x0, a0) or min(y1, b1) <= max(y0, b0)
        others = [(a, b) for m, (a, b) in enumerate(points) if m != n]
        assert not any(x0 < a < x1 and y0 < b < y1 for a, b in others)


# ---- the page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_all_charts_with_text_table_and_sources(shown, lang):
    page = markup(shown[lang])
    assert len(charts(shown[lang])) == len(CHARTS)
    assert re.findall(r'<figure class="figure-wecare" id="fig-trends-(\w+)"', page) == list(CHARTS)
    figures = page.split("<figure ")[1:]
    assert all("<figcaption" in figure and 'class="provenance"' in figure for figure in figures)
    assert sum("<table" in figure for figure in figures) == len(CHARTS) - 1, "the map's table serves its ranking"
    assert not LEAKED.search(words(shown[lang]))


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "it",
            [
                "4.363.916",
                "4.255.006",
                "24 distretti su 30",
                "Casale Monferrato (−9,8%)",
                "euro correnti",
                "provvisori",
            ],
        ),
        (
            "en",
            [
                "4,363,916",
                "4,255,006",
                "24 districts out of 30",
                "Casale Monferrato (−9.8%)",
                "current euro",
                "provisional",
            ],
        ),
    ],
)
def test_the_page_says_what_the_data_say(shown, lang, said):
    text = words(shown[lang])
    assert [piece for piece in said if piece not in text] == []
    assert len(re.findall(r"Svizzera|Switzerland", text)) >= 3, "income carries its caveat wherever it is shown"


CAUSES = r"\b(perché (?:sono|ha)|a causa|grazie a|dovut[oaie] a|because|due to|thanks to|caused|leads? to)\b"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("template", [name for name in templates("it") if "trends_" in name])
def test_every_text_reads_well_and_names_no_cause(found, lang, template):
    text = render(template, lang, **found.facts)
    plain = " ".join(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("**", "").split())
    assert not BAD.search(plain.replace("&#40;", "(").replace("&#41;", ")")), plain
    assert not re.search(CAUSES, plain), plain


@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_of_a_region_that_only_gains_or_only_loses(found, lang):
    facts = copy.deepcopy(found.facts)
    for end in ("highest", "lowest"):
        for row in facts["residents"][end]:
            row["value"] = abs(row["value"])
    facts["residents"] |= {"n_losing": 0, "missing": [], "provisional": [], "break_year": None}
    facts["income"] |= {"up": [], "down": []}
    for template in ("trends_brief", "trends_limits", "caption_trends_residents", "caption_trends_income"):
        text = render(template, lang, **facts)
        assert not LEAKED.search(text) and "in nessun distretto" not in text.replace("in nessun distretto", "", 1)
        assert not re.search(r"\s[.;,]|\.\.", text.replace("\u00a0", "")), text


def test_files_are_long_tables_with_their_units(shown):
    files = [pd.read_csv(io.StringIO(b["text/csv"])) for b in shown["it"] if b.get("text/csv")]
    assert len(files) == len(CHARTS) - 1
    for file in files:
        assert {"code", "name", "indicator", "year", "value", "unit"} <= set(file)
        assert file["value"].dtype == "float64" and file["value"].notna().all() and file["year"].notna().all()
        assert not file.duplicated(["code", "indicator", "year"]).any()
    residents = files[0]
    assert len(residents) == 210 and residents.groupby("year")["value"].sum()[2026] == 4_255_006
    assert set(residents.loc[residents["provisional"], "year"]) == {2024, 2026}


def test_a_region_without_series_says_so(monkeypatch):
    monkeypatch.setattr(inputs, "_series", lambda name: pd.DataFrame())
    page = show(Trends("it"), *pieces_of("trends"))
    assert charts(page) == [] and "non sono fra i dati" in words(page)


@pytest.mark.slow
def test_the_page_reads_its_inputs_only():
    page = Trends("en")
    with pytest.MonkeyPatch.context() as patch:
        refuse_tables(patch)
        show(page, *(piece for piece in pieces_of("trends") if piece != "downloads"))
