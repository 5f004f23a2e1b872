"""One classing per indicator and level for the whole site: bounds, legends and colours agree wherever it is mapped."""

import re
from itertools import pairwise

import pytest
from showing import markup, show

from helpers.analysis.classes import class_of, indicator_bounds
from helpers.analysis.indicators import find_present
from helpers.data import processed
from helpers.figures.exhibit import PLOTLY_MIME
from helpers.pages.district.page import MAP_INDICATOR, DistrictReport
from helpers.pages.district.sheet import DistrictSheet
from helpers.pages.explorer.page import Explorer
from helpers.pages.overview.page import DistrictList
from helpers.prose.indicators import is_share
from helpers.prose.indicators import show as printed

CODES = [f"D{n:02}" for n in range(1, 31)]
LANGS = ("it", "en")

#: A number of a legend, in either language.
SHOWN = re.compile(r"\d[\d.,]*")


def legend(chart):
    """Colours and texts of a map's legend, without that of areas that have no value."""
    entries = [t for t in chart["data"] if t.get("mode") == "markers" and t.get("showlegend") is not False]
    return [(t["marker"]["color"], t["name"]) for t in entries]


def first_chart(page):
    """The map of a page."""
    return next(bundle[PLOTLY_MIME] for bundle in show(page, "map") if PLOTLY_MIME in bundle)


def read(text, lang):
    """A printed number as a number: ``24,5%`` is 0.245."""
    plain = (
        text.strip("%+")
        .removesuffix(" euro")
        .replace("−", "-")
        .replace(*((".", "") if lang == "it" else (",", "")))
        .replace(",", ".")
    )
    return float(plain) / 100 if text.endswith("%") else float(plain)


@pytest.mark.parametrize("level", ["comuni", "districts", "provinces"])
@pytest.mark.parametrize("indicator", find_present(processed.load("districts")), ids=lambda i: i.id)
def test_every_value_is_in_the_class_of_what_is_printed_of_it(level, indicator):
    table = processed.load(level)
    values = table[indicator.id].dropna()
    bounds = indicator_bounds(table, indicator.id)
    told = [read(printed(indicator.id, v), "it") for v in values]
    assert class_of(values, bounds, indicator.precision) == class_of(told, bounds, indicator.precision)
    assert not is_share(indicator.id) or indicator.precision == 3


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.slow
def test_the_list_and_the_explorer_class_the_districts_alike(lang):
    listed = legend(first_chart(DistrictList(lang)))
    page = Explorer(lang)
    explored = re.sub(r"\s+", " ", markup(show(page, "tool")))
    for _, text in listed:
        assert f"{text} (" in explored, text
    assert indicator_bounds(processed.load("districts"), "old_age_index") == page.bounds(
        "old_age_index", "quantiles", 5
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "codes"),
    [("it", CODES[::4]), ("en", CODES[:3]), pytest.param("it", CODES, marks=pytest.mark.audit)],
    ids=["it", "en", "every"],
)
def test_all_districts_and_their_sheets_class_the_comuni_alike(lang, codes):
    legends = set()
    for code in codes:
        report = DistrictReport(code, lang)
        if len(report.own) == 1:
            continue  # one area has no classes
        entries = legend(first_chart(report))
        sheet = DistrictSheet(code, lang)._map()["legend"]
        assert [(e["colour"], e["text"]) for e in sheet] == entries
        legends.add(tuple(entries[:5]))
    assert len(legends) == 1
    texts = [text for _, text in legends.pop()]
    assert len(texts) == 5
    # No printed value is in two classes, none between two.
    ends = [[round(read(n, lang) * 1000) for n in re.findall(r"\d[\d.,]*%?", text)] for text in texts]
    assert all(after[0] == before[-1] + 1 for before, after in pairwise(ends))
    assert [e / 1000 for e in (ends[0][0], *(e[1] for e in ends[1:-1]))] == indicator_bounds(
        processed.load("comuni"), MAP_INDICATOR
    )
