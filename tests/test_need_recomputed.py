"""The index of need computed again as a reader would: from the words of the page and the files it offers.

Nothing of this project's code is used.
"""

import re
from statistics import fmean, pstdev

import pytest
from readers import pdf_text, rows_of, soup_of, tables_of

PAGES = {
    "it": ("equita.html", r"si moltiplica per (\d+) e si aggiunge a (\d+)", "Dove la tabella dice che «meno»", "meno"),
    "en": (
        "en/equita.html",
        r"Multiply the sum by (\d+) and add it to (\d+)",
        "Where the table says that “less”",
        "less",
    ),
}


def offered(page, figure):
    """The rows of the file that is offered under a figure."""
    owner = soup_of(page).find(id=re.compile(rf"(fig|tbl)-{figure}$"))
    (link,) = [a["href"] for a in owner.find_all("a", download=True) if a["href"].endswith(".csv")]
    return rows_of((page.parent / link).resolve())


def recompute(page, pattern, reverse, less):
    """The index of each district, by the four steps of the page."""
    text = soup_of(page).get_text(" ", strip=True)
    times, mean = (float(number) for number in re.search(pattern, text).groups())
    assert reverse in text
    framework, districts = offered(page, "need-framework"), offered(page, "need-map")
    _, *shown = tables_of(page)["need-framework"]
    index = dict.fromkeys([row["name"] for row in districts], 0.0)
    # The file has the ids of the indicators, the table has the words that say which way they point.
    for (_, _, direction, weight), row in zip(shown, framework, strict=True):
        assert float(re.sub(r"[^\d.]", "", weight.replace(",", "."))) / 100 == pytest.approx(
            float(row["weight"]), abs=5e-4
        )
        values = {district["name"]: float(district[row["indicator"]]) for district in districts}
        centre, spread = fmean(values.values()), pstdev(values.values())
        sign = -1 if direction == less else 1
        for name, value in values.items():
            index[name] += float(row["weight"]) * sign * (value - centre) / spread
    return {name: mean + times * value for name, value in index.items()}, districts


@pytest.mark.parametrize("lang", PAGES)
def test_a_reader_computes_the_index_and_the_ranks_again(built, lang):
    name, *words = PAGES[lang]
    index, districts = recompute(built.site / name, *words)
    assert len(index) == 30
    assert index == pytest.approx({row["name"]: float(row["index"]) for row in districts}, abs=1e-3)
    order = sorted(index, key=index.get, reverse=True)
    assert {name: n for n, name in enumerate(order, 1)} == {row["name"]: int(row["rank"]) for row in districts}
    # As they are printed.
    _, *rows = tables_of(built.site / name)["need-map"]
    printed = {row[0]: float(row[1].replace(",", ".")) for row in rows}
    assert index == pytest.approx(printed, abs=0.0501)


def test_the_weights_and_dimensions_are_those_the_page_names(built):
    page = built.site / "equita.html"
    framework = offered(page, "need-framework")
    assert sum(float(row["weight"]) for row in framework) == pytest.approx(1, abs=1e-5)
    by_dimension = {}
    for row in framework:
        by_dimension[row["dimension"]] = by_dimension.get(row["dimension"], 0) + float(row["weight"])
    assert list(by_dimension.values()) == pytest.approx([1 / 4] * 4, abs=1e-5)
    text = soup_of(page).get_text(" ", strip=True)
    for missing in ("salute", "disabilità", "istruzione", "casa"):
        assert missing in re.search(r"Mancano ([^.]*)\.", text).group(1)


#: Page, exhibit, and whether it shows incomes of Verbano Cusio Ossola.
SHOWN = [
    ("equita", "fig-need-map", True),
    ("equita", "tbl-moran", False),
    ("distretti/verbano-cusio-ossola", "tbl-indicators", True),
    ("distretti/asti", "tbl-indicators", True),
    ("distretti/asti", "fig-pyramid", False),
]


@pytest.mark.parametrize(("name", "exhibit", "shown"), SHOWN)
def test_what_is_said_of_incomes_in_verbano_stands_wherever_they_are_shown(built, name, exhibit, shown):
    figure = soup_of(built.site / "en" / f"{name}.html").find(id=exhibit)
    assert ("low incomes in the returns do not mean poverty" in figure.get_text(" ", strip=True)) is shown


def test_it_stands_in_the_brief_that_tells_them_and_on_paper(built):
    said = "redditi bassi nelle dichiarazioni non vogliono dire povertà"
    page = built.site / "distretti" / "verbano-cusio-ossola.html"
    assert said in soup_of(page).find(id="che-cosa-lo-distingue").get_text(" ", strip=True)
    assert said in " ".join(pdf_text(page.with_suffix(".pdf")).split())
