"""The analyst's front door: what ``import helpers as we`` offers, and that its numbers are the site's."""

import doctest
import json
import subprocess
import sys
from xml.etree import ElementTree

import geopandas as gpd
import pandas as pd
import pytest

import helpers as we
from helpers.data import processed, raw
from helpers.desk import added, door
from helpers.errors import InputError
from helpers.figures.exhibit import PLOTLY_MIME, SVG_MIME
from helpers.pages.district.page import DistrictReport
from helpers.pages.explorer.page import Explorer
from helpers.system import dependencies


@pytest.fixture
def forgotten():
    """Indicators added in a test are there no more after it."""
    yield
    added.ADDED.clear()
    added._FORMULAS.clear()


def offered(name):
    return door._TABLES.get(name) or getattr(door, name)


@pytest.mark.parametrize("name", door.__all__)
def test_every_public_thing_is_documented_with_an_example_that_runs(name, forgotten):
    thing = offered(name)
    examples = [test for test in doctest.DocTestFinder(recurse=False).find(thing, name) if test.examples]
    assert examples, f"we.{name} has no example"
    told = []
    for test in examples:
        doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=told.append)
    assert not told, "".join(told)


def test_importing_the_library_loads_nothing_of_the_desk():
    code = (
        "import sys, helpers; from helpers import config; print('helpers.desk' in sys.modules, 'pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_nothing_rests_on_the_desk_that_does_not_ask_for_it():
    assert dependencies.closure("helpers") == {"helpers"}
    of_reports = dependencies.closure("helpers.pages.district.page", "helpers.build.batch", "helpers.publish.site")
    assert not any(module.startswith("helpers.desk") for module in of_reports)


def test_a_notebook_that_uses_the_front_door_rests_on_all_of_it():
    for source in ("import helpers as we\nwe.districts", "from helpers import districts, comuni"):
        assert "helpers.desk.door" in dependencies.imported_in(source)
    assert dependencies.imported_in("from helpers import config") == {"helpers", "helpers.config"}


def test_the_names_are_listed_for_completion_and_a_wrong_one_is_an_attribute_error():
    assert {"districts", "comuni", "series", "measures"} <= set(dir(we))
    with pytest.raises(AttributeError, match="we.district: write districts"):
        _ = we.district


def test_a_table_is_a_copy_each_time():
    we.districts["residents"] = 0
    table = we.districts
    table.loc[0, "name"] = "x"
    assert we.districts["residents"].min() > 0 and we.districts.at[0, "name"] != "x"
    assert processed.load("districts").at[0, "name"] != "x"


def test_one_key_has_one_name_in_every_table():
    keys = {"comuni": we.comuni(), "districts": we.districts, "income": we.table("income"), "projects": we.projects}
    for frame in (*keys.values(), we.provinces, we.measures, we.table("comune_distretto"), we.sources):
        assert not {"code", "istat", "distretto_id", "province_code", "measure_id", "source_id"} & set(frame)
    assert keys["comuni"].merge(keys["districts"], on="district").shape[0] == 1181
    assert set(we.table("comune_distretto")["comune"]) == set(keys["comuni"]["comune"])
    assert set(we.districts["province"]) <= set(we.provinces["province"])


@pytest.mark.parametrize("place", ["Cuneo", "cuneo", "D12", "d12", " CUNEO "])
def test_names_codes_and_slugs_mean_the_same_district(place):
    assert we.comuni(place)["district"].unique().tolist() == ["D12"]


def test_a_lead_town_means_the_district_it_lies_in():
    towns = raw.load("misura1_projects").set_index("capofila_istat")["capofila_town"]
    lies_in = raw.load("comune_distretto").set_index("istat")["distretto_id"]
    for code, town in towns.items():
        assert we.comuni(town)["district"].unique().tolist() == [lies_in[code]], town


def test_a_comune_is_known_by_code_number_and_name():
    for form in ("001272", 1272, "1272", "Torino", "torino (TO)"):
        assert door.series("residents", form, level="comuni")["code"].unique().tolist() == ["001272"]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: we.comuni("Cunoe"),
            r"we.comuni: there is no district of this name. Found: 'Cunoe'. To do: write Cuneo",
        ),
        (lambda: we.comuni("Savigliano"), "Savigliano is a comune of the district Fossano-Saluzzo-Savigliano"),
        (lambda: we.comuni("Cuneo", level="distrits"), "To do: write districts"),
        (lambda: we.series("incomes_per_taxpayer", "Cuneo"), "write income_per_taxpayer"),
        (lambda: we.series("density"), "there are no values of this indicator here"),
        (lambda: we.series("work"), "there is no such indicator"),
        (lambda: we.measure("Misura 9"), "write Misura"),
        (lambda: we.table("populations"), "write population"),
        (lambda: we.add_indicator("density", "residents / 2"), "is one already"),
        (lambda: we.map(we.districts, "densty"), "the frame has no such column. Found: 'densty'. To do: write density"),
        (lambda: we.map(we.districts, "anziani"), "several columns are meant.*write old_age_index or share_65_plus"),
        (lambda: we.map(we.districts, "name"), "the column holds no numbers"),
        (lambda: we.map(we.districts.head(0), "density"), "the frame has no rows"),
        (lambda: we.map("Cuneo", "density"), "the first argument must be a frame"),
        (lambda: we.map(we.sources, "date"), "no column of the frame tells its rows apart as places"),
        (lambda: we.map(we.districts, "density", classes=9), "a map has from 2 to 6 classes"),
        (lambda: we.map(we.districts, "density", scheme="quantile"), "To do: write quantiles"),
        (lambda: we.map(we.districts, "density", bounds=[3, 2]), "bounds must increase"),
        (lambda: we.map(we.districts, "density", lang="fr"), "there is no such language"),
        (lambda: we.map(pd.DataFrame({"comune": ["1001"], "v": [1]}), "v"), "there is no such comune.*we.join"),
        (lambda: we.rank(we.districts, "density", label="nome"), "To do: write name"),
        (lambda: we.scatter("density", "income", by="distretto"), "To do: write district"),
        (lambda: we.scatter("density", "income", centre="mean"), "the lines cannot cross there"),
        (lambda: we.trend("income"), "one place to five"),
        (lambda: we.trend("income", "Cuneo", base=1999), "there are no values of this year"),
        (lambda: we.pyramid("Savigliano"), "single ages are kept of districts"),
        (lambda: we.compare(["Asti", "Savigliano"]), "the places are of several levels"),
        (lambda: we.compare(["Asti"], ["densty"]), "write density"),
        (lambda: we.rank(we.districts, "density").save("rank.pdf"), "write one of .html, .svg, .png, .csv"),
        (lambda: we.rank(we.districts, "density").save("nowhere/rank.svg"), "the folder does not exist"),
        (lambda: we.add_indicator("mine", "residents / resident"), "the formula cannot be computed"),
    ],
)
def test_what_is_wrong_is_told_with_the_nearest(call, said):
    with pytest.raises(InputError, match=said) as error:
        call()
    assert "To do: " in str(error.value)


def test_an_indicator_added_here_is_in_every_table_and_computed_from_its_own_counts(forgotten):
    we.add_indicator("share_15_64", "age_15_64 / residents", en="Aged 15–64")
    for frame in (we.districts, we.comuni(), we.region):
        pd.testing.assert_series_equal(
            frame["share_15_64"], frame["age_15_64"] / frame["residents"], check_names=False, obj="the ratio"
        )
    assert we.districts.attrs["units"]["share_15_64"] == "share"
    assert "share_15_64" in set(we.indicators["indicator"])


#: Every kind of chart once, with what may go wrong in its own way: gaps, own columns, words that look like markup.
CHARTS = {
    "map": lambda: we.map(we.comuni("Cuneo"), "density"),
    "map of six classes": lambda: we.map(we.districts, "old_age_index", classes=6, lang="en"),
    "map without geometry": lambda: we.map(pd.DataFrame({"district": ["D01", "D12"], "mine": [1.5, None]}), "mine"),
    "rank": lambda: we.rank(we.districts, "residents_change"),
    "rank of names with marks": lambda: we.rank(pd.DataFrame({"name": ["a<b>", "c & d"], "v": [1, 2]}), "v"),
    "scatter": lambda: we.scatter("share_small_comuni", "old_age_index"),
    "trend": lambda: we.trend("income", "Cuneo", "Asti"),
    "trend from a year": lambda: we.trend("residents", "Cuneo", base=2011, lang="en"),
    "pyramid": lambda: we.pyramid("Cuneo"),
    "compare": lambda: we.compare(["Asti", "Alba", "Bra"]),
}


@pytest.fixture(params=CHARTS, scope="module")
def view(request):
    return CHARTS[request.param]()


def test_a_chart_is_shown_by_every_viewer(view):
    bundle = view._repr_mimebundle_()
    assert {PLOTLY_MIME, SVG_MIME, "text/plain"} == bundle.keys()
    json.dumps(bundle, allow_nan=False)
    root = ElementTree.fromstring(view.picture)
    written = "".join(root.itertext())
    assert view.title.split(" ")[0] in written and bundle["text/plain"] == root.attrib["aria-label"]
    assert all(word in written for word in view.source.split(" ")[:2])


def test_a_chart_is_plotlys_own_object_with_title_and_source(view):
    figure = view.chart
    assert figure.layout.title.text and (figure.layout.title.subtitle.text or not view.source)
    figure.update_layout(title_text="mine")
    assert view.chart.layout.title.text != "mine"


@pytest.mark.parametrize(("kind", "begins"), [("html", b"<!doctype html>"), ("svg", b"<svg"), ("png", b"\x89PNG")])
def test_a_chart_is_saved_by_the_end_of_the_name(kind, begins, tmp_path):
    made = CHARTS["rank of names with marks"]().save(tmp_path / f"rank.{kind}")
    assert made.read_bytes().startswith(begins)
    assert b"<b>a<b>" not in made.read_bytes() and b'src="http' not in made.read_bytes()


def test_a_csv_holds_the_numbers_with_their_units(tmp_path, view):
    saved = pd.read_csv(view.save(tmp_path / "view.csv"))
    assert len(saved) == len(view.frame)
    density = pd.read_csv(we.map(we.districts, "density").save(tmp_path / "d.csv"), dtype={"district": str})
    assert list(density) == ["district", "name", "density [per_km2]"]
    expected = we.districts.set_index("district")["density"]
    pd.testing.assert_series_equal(
        density.set_index("district")["density [per_km2]"], expected, check_names=False, atol=1e-6
    )


def test_a_map_of_a_district_is_that_of_its_page(shown):
    DistrictReport("D12").map()
    page = next(bundle[PLOTLY_MIME] for bundle in shown if PLOTLY_MIME in bundle)
    own = we.map(we.comuni("D12"), "share_65_plus").description
    assert _areas(own) == _areas(page) and len(_areas(own)) > 53
    names = [trace["name"] for trace in page["data"] if trace.get("name")]
    assert [trace["name"] for trace in own["data"] if trace.get("name")] == names


def _areas(chart):
    """Outline and colour of each area."""
    filled = [trace for trace in chart["data"] if trace.get("fill") == "toself"]
    return {(tuple(trace["x"]), tuple(trace["y"])): trace["fillcolor"] for trace in filled}


@pytest.mark.parametrize(("scheme", "k"), [("quantiles", 5), ("equal", 4), ("quantiles", 6)])
def test_the_classes_are_those_of_the_explorer(scheme, k):
    bounds = Explorer().bounds("old_age_index", scheme, k)
    legend = [
        t.get("name") for t in we.map(we.districts, "old_age_index", scheme=scheme, classes=k).description["data"]
    ]
    said = [text for text in legend[-k:] if text]
    assert len(said) == len(bounds) + 1 and f"{bounds[0]:.1f}".replace(".", ",") in said[0]


def test_a_part_of_the_region_has_the_classes_of_the_whole():
    whole, part = (we.map(we.comuni(place), "density").description for place in (None, "Asti"))
    assert [t["name"] for t in part["data"] if t.get("name")] == [t["name"] for t in whole["data"] if t.get("name")]


def test_a_map_follows_the_frame_and_not_its_order_or_projection():
    frame = we.comuni("Asti")
    turned = frame.to_crs("EPSG:4326").sample(frac=1, random_state=1)
    colours = {t["text"]: t["fillcolor"] for t in we.map(frame, "density").description["data"] if t.get("text")}
    assert {
        t["text"]: t["fillcolor"] for t in we.map(turned, "density").description["data"] if t.get("text")
    } == colours
    assert isinstance(frame, gpd.GeoDataFrame)


def test_a_missing_value_is_grey_and_says_so():
    chart = CHARTS["map without geometry"]().description
    assert any("n.d." in trace["text"] for trace in chart["data"] if trace.get("text"))
    assert "#C9CDD2" in {trace.get("fillcolor") for trace in chart["data"]}
