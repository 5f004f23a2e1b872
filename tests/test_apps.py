"""The simulator and the explorer as their notebooks show them: whole without any script, the same in both languages."""

import json
import re
from dataclasses import replace
from html import unescape

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from showing import markup, show, words
from test_prose_render import BAD

from helpers.analysis.allocation import CRITERIA, SCENARIOS
from helpers.analysis.classes import COUNTS, SCHEMES, class_of, inner_bounds
from helpers.analysis.indicators import find_present
from helpers.data import processed
from helpers.declarations import BY_ID
from helpers.errors import WecareError
from helpers.figures import outlines
from helpers.pages.common import page as base
from helpers.pages.explorer.page import Explorer
from helpers.pages.whatif import page as whatif
from helpers.pages.whatif.inputs import whatif_inputs
from helpers.pages.whatif.page import WhatIf

WHATIF = ("title", "intro", "tool", "scenarios", "method", "limits", "downloads")
EXPLORER = ("title", "intro", "tool", "all_values", "reading", "downloads")
PIECES = {WhatIf: WHATIF, Explorer: EXPLORER}


def soup_of(outputs):
    return BeautifulSoup(markup(outputs), "html.parser")


def data_of(outputs):
    return json.loads(soup_of(outputs).find("script", class_="app-data").string)


@pytest.mark.parametrize("kind", [WhatIf, Explorer])
def test_both_languages_tell_the_script_the_same_but_for_the_words(shown, kind):
    found = {}
    for lang in ("it", "en"):
        shown.clear()
        kind(lang).tool()
        found[lang] = data_of(shown)
    assert set(found["it"]["words"]) == set(found["en"]["words"])
    holes = lambda text: sorted(re.findall(r"\{\w+\}", text))  # noqa: E731
    for key, text in found["it"]["words"].items():
        assert holes(text) == holes(found["en"]["words"][key]), key
    assert [d["href"] for d in found["it"]["districts"]] == [d["href"] for d in found["en"]["districts"]]


@pytest.mark.parametrize("kind", [WhatIf, Explorer])
def test_every_word_the_script_asks_for_is_given_and_used(shown, kind):
    kind().tool()
    given_ = set(data_of(shown)["words"])
    assets = base.config.ROOT / "reports" / "assets"
    script = "".join((assets / f"{name}.js").read_text() for name in ("districts-view", kind.app))
    used = set(re.findall(r"\bwords\.(\w+)", script))
    shared = set(re.findall(r"\bwords\.(\w+)", (assets / "districts-view.js").read_text()))
    assert used - shared <= given_ and shared <= given_
    modules = [base.config.HELPERS / "pages" / name for name in (f"{kind.app}/page.py", "common/app.py")]
    python = "".join(module.read_text() for module in modules)
    by_name = {"region", "median", *(f"class_{n}" for n in range(5))}  # built from what the reader chose
    assert {w for w in given_ - used - by_name if not re.search(rf"\b{w}\b", python)} == set()


def test_data_for_the_script_can_never_close_its_element(shown):
    page = WhatIf()
    page.districts = page.districts.assign(name="</script><script>alert(1)</script>")
    page.tool()
    html = "".join(b.get("text/html", "") for b in shown)
    assert html.count("<script") == html.count("</script>") == 1
    assert "<script>" not in html


@pytest.mark.parametrize("lang", ["it", "en"])
@pytest.mark.parametrize("kind", [WhatIf, Explorer])
def test_texts_read_well(kind, lang):
    text = unescape("\n\n".join(b["text/markdown"] for b in show(kind(lang), *PIECES[kind]) if "text/markdown" in b))
    text = re.sub(r"\s?\[([^\]]*)\]\([^)]*\)", "", text).replace("**", "").replace("WE.CA.RE.", "WECARE")
    assert not BAD.search(text), BAD.search(text)


# ---- the simulator


@pytest.mark.parametrize("lang", ["it", "en"])
def test_it_says_that_it_is_no_allocation_before_any_amount(shown, lang):
    page = WhatIf(lang)
    page.intro()
    text = words(shown)
    said = "non un’assegnazione" if lang == "it" else "not an allocation"
    assert said in text and text.index(said) < 60
    shown.clear()
    page.tool()
    # The badge stands under every exhibit.
    soup = soup_of(shown)
    assert all(figure.find(class_="status-benchmark") for figure in soup.find_all("figure"))


@pytest.mark.slow
def test_without_scripts_all_scenarios_and_amounts_are_tables(shown):
    page = WhatIf()
    page.scenarios()
    soup = soup_of(shown)
    scenarios, amounts = soup.find(id="tbl-scenarios"), soup.find(id="tbl-amounts")
    assert len(scenarios.select("tbody tr")) == len(SCENARIOS)
    rows = amounts.select("tbody tr")
    assert len(rows) == 30
    for column in range(len(SCENARIOS)):
        cells = [row.find_all("td")[column].text for row in rows]
        assert sum(int(cell.replace(".", "")) for cell in cells) == 6_400_000


def test_a_scenario_of_what_is_nowhere_has_no_row(shown, monkeypatch):
    inputs = whatif_inputs()
    monkeypatch.setattr(whatif, "whatif_inputs", lambda: replace(inputs, counted=inputs.counted.assign(small=0)))
    WhatIf().scenarios()
    soup = soup_of(shown)
    assert len(soup.select("#tbl-scenarios tbody tr")) == len(SCENARIOS) - 1
    assert WhatIf().label("whatif.scenario.small.name") not in soup.get_text()


def test_each_scenario_leads_to_the_simulator_with_its_weights(shown):
    WhatIf().scenarios()
    links = [a["href"] for a in soup_of(shown).select("#tbl-scenarios tbody th a")]
    weights = [".".join(f"{c}-{s.weights[c]}" for c in CRITERIA if c in s.weights) for s in SCENARIOS]
    assert links == [f"simulatore.html?w={w}#app-whatif" for w in weights]


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"residents": 7}, "ogni distretto avrebbe la stessa somma"),
        ({"residents": 0}, "Nessun criterio ha un peso"),
        ({"equal": 1}, "20 distretti avrebbero di più, 10 distretti di meno"),
    ],
)
def test_the_weights_are_parameters_of_the_notebook(shown, weights, said):
    page = WhatIf("it", "", **weights)
    assert said in page.summary()
    page.tool()
    assert data_of(shown)["first"] == [weights.get(c, 0) for c in CRITERIA]
    if not any(weights.values()):
        cells = [row.find_all("td")[2].text for row in soup_of(shown).select("#tbl-whatif tbody tr")]
        assert set(cells) == {"non calcolabile"}


def test_weights_that_are_none_are_refused_in_words():
    with pytest.raises(WecareError, match="A weight is a whole number"):
        WhatIf("it", "", residents=101)


def test_the_conflicting_budget_is_shown_with_its_source(shown):
    WhatIf().limits()
    text = shown[-1]["text/markdown"]
    assert "6,4 milioni" in text and "6,5 milioni" in text and "#S076" in text


# ---- the explorer


def test_every_indicator_is_offered_once(shown):
    Explorer().tool()
    offered = [
        option["value"] for option in soup_of(shown).find("select", attrs={"data-control": "i"}).find_all("option")
    ]
    assert offered == [i.id for i in find_present(processed.load("districts"))]


def test_the_table_without_scripts_holds_every_value(shown):
    page = Explorer()
    page.all_values()
    table = soup_of(shown).find(id="tbl-values")
    assert len(table.select("tbody tr")) == 30 and len(table.select("thead th")) == 3 + len(
        find_present(processed.load("districts"))
    )
    acqui = next(row for row in table.select("tbody tr") if row.th.text == "Acqui Terme e Ovada")
    assert "318,0" in [cell.text for cell in acqui.find_all("td")]


@pytest.mark.parametrize("given_", [{"indicator": "x"}, {"second": "x"}, {"scheme": "x"}, {"classes": 9}])
def test_a_first_view_that_does_not_exist_is_refused(given_):
    with pytest.raises(WecareError, match="none of|must be one of"):
        Explorer(**given_)


@pytest.mark.parametrize("scheme", list(SCHEMES))
@pytest.mark.parametrize("indicator", [i.id for i in find_present(processed.load("districts"))])
def test_bounds_separate_the_printed_values(indicator, scheme):
    page = Explorer()
    values = page.districts[indicator]
    for k in COUNTS:
        bounds = page.bounds(indicator, scheme, k)
        assert bounds == sorted(set(bounds)) and len(bounds) < k
        assert all(round(b, BY_ID[indicator].precision) == b for b in bounds)
        classes = class_of(values, bounds, BY_ID[indicator].precision)
        assert max(classes) == len(bounds) and min(classes) >= 0
        order = np.argsort(values.to_numpy())
        assert np.all(np.diff(np.array(classes)[order]) >= 0)


# ---- drawing and classes


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=40), st.sampled_from(list(SCHEMES)))
@pytest.mark.slow
def test_every_value_has_a_class_whatever_the_values(values, scheme):
    bounds = inner_bounds(pd.Series(values, dtype=float), 0, scheme, 5)
    found = class_of(values, bounds, 0)
    assert min(found) >= 0 and max(found) == len(bounds) <= 4
    assert all(v <= bounds[c] for v, c in zip(values, found, strict=True) if c < len(bounds))


def test_a_missing_value_has_no_class():
    assert class_of((None, float("nan"), pd.NA, 1, 2), [1.0], 0) == [-1, -1, -1, 0, 1]


@pytest.mark.slow
def test_outlines_are_small_and_close(tables):
    drawn = outlines.outlines(tables["districts"])
    assert len(drawn.paths) == 30 and sum(map(len, drawn.paths)) < 40_000
    for path in drawn.paths:
        assert re.fullmatch(r"(M\d+ \d+l-?\d+[ -]\d+([ -]-?\d+[ -]\d+|-\d+[ -]\d+)*z)+", path), path[:80]
