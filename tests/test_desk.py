"""The analyst's front door: what ``import helpers as we`` offers, and that its numbers are the site's."""

import ast
import doctest
import io
import json
import random
import re
import subprocess
import sys
from xml.etree import ElementTree

import geopandas as gpd
import pandas as pd
import pytest
from conftest import ROOT
from showing import displayed, show, words

import helpers as we
from helpers import config
from helpers.analysis.allocation import SCENARIOS
from helpers.data import processed, raw
from helpers.desk import added, door
from helpers.desk.sums import Joined
from helpers.errors import InputError
from helpers.figures.exhibit import PLOTLY_MIME, SVG_MIME
from helpers.pages.district.page import DistrictReport
from helpers.pages.explorer.page import Explorer
from helpers.pages.whatif.page import WhatIf
from helpers.prose import numbers
from helpers.publish.machines.workbooks import district_workbooks
from helpers.system import dependencies


@pytest.fixture
def forgotten():
    """Indicators added in a test are there no more after it."""
    yield
    added.ADDED.clear()
    added._FORMULAS.clear()


def offered(name):
    return Joined.by_district if "." in name else door._TABLES.get(name) or door.given(name)


@pytest.mark.parametrize("name", [*door.__all__, "Joined.by_district"])
@pytest.mark.slow
def test_every_public_thing_is_documented_with_an_example_that_runs(name, forgotten):
    thing = offered(name)
    examples = [test for test in doctest.DocTestFinder(recurse=False).find(thing, name) if test.examples]
    assert examples, f"we.{name} has no example"
    told = []
    for test in examples:
        doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=told.append)
    assert not told, "".join(told)


def test_the_notebooks_for_jupyterlab_show_every_public_thing():
    texts = "".join((ROOT / f"notebooks/{name}.ipynb").read_text(encoding="utf-8") for name in ("gallery", "explore"))
    assert [name for name in door.__all__ if f"we.{name}" not in texts] == []


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


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_lead_town_means_the_district_it_lies_in():
    towns = raw.load("misura1_projects").set_index("capofila_istat")["capofila_town"]
    lies_in = raw.load("comune_distretto").set_index("istat")["distretto_id"]
    for code, town in towns.items():
        assert we.comuni(town)["district"].unique().tolist() == [lies_in[code]], town


@pytest.mark.slow
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
        (lambda: we.divide("Misura 1", resident=70), "there is no such criterion.*write residents"),
        (lambda: we.divide("Misura 1", residents=7.5), "A weight is a whole number from 0 to 100"),
        (lambda: we.divide("Misura 1"), "no criterion has a weight"),
        (lambda: we.divide("Misura 3", residents=1), "there is no measure of this name"),
        (lambda: we.divide("WA-ANI", residents=1), "no source gives the budget of this measure"),
        (lambda: we.query("select * from comunii"), "there is no such table.*write comuni"),
        (lambda: we.query("select foo from comuni"), 'Referenced column "foo" not found'),
        (lambda: we.query("selec"), "syntax error"),
        (lambda: we.query("select * from read_csv('/etc/passwd')"), "file system operations are disabled"),
        (lambda: we.check("x.csv", like="comunii"), "write comuni"),
        (lambda: we.report("Cunoe"), "there is no report of this name.*write Cuneo"),
        (lambda: we.report("Cuneo").html("cuneo.pdf"), "the name must end with .html"),
        (lambda: we.map(we.districts, "density", layer="nowhere.shp"), "nowhere.shp: the file does not exist"),
        (lambda: we.map(we.districts, "density", layer="asili"), "there is no such layer.*give a GeoJSON"),
        (lambda: we.map(we.districts, "density", layer=we.districts.head(0)), "the layer has no shapes"),
        (lambda: we.join("nowhere.csv"), "nowhere.csv: the file does not exist"),
        (lambda: we.join(pd.DataFrame({"a": ["x"], "b": [1]})), "no column names comuni, districts or provinces"),
        (lambda: we.join(we.comuni().head(0)), "the frame has no rows"),
        (lambda: we.join(we.comuni(), key="comunee"), "write comune"),
        (lambda: we.join(we.districts, quiet=True).by_district(sum="density"), "the table is not one of comuni"),
        (lambda: we.join(we.comuni(), quiet=True).by_district(sum="densiti"), "write density"),
        (lambda: we.join(we.comuni(), quiet=True).by_district(), "nothing is summed"),
        (lambda: we.join(we.comuni(), quiet=True).by_district("density", per="resident"), "write residents"),
        (lambda: we.join(we.comuni(), quiet=True).by_district("density", absent="0"), "an absent comune is unknown or"),
        (lambda: we.rank(we.districts, "density").save("rank.pdf"), "write one of .html, .svg, .png, .csv"),
        (lambda: we.rank(we.districts, "density").save("nowhere/rank.svg"), "the folder does not exist"),
        (lambda: we.add_indicator("mine", "residents / resident"), "the formula cannot be computed"),
    ],
)
@pytest.mark.slow
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


@pytest.mark.parametrize(("kind", "symbol"), [("points", None), ("lines", "square-open"), ("areas", "square-open")])
def test_own_shapes_are_drawn_over_a_map_and_marked(kind, symbol):
    cuneo = we.comuni("Cuneo")
    shapes = {
        "points": cuneo.geometry.representative_point(),
        "lines": cuneo.geometry.boundary,
        "areas": cuneo.geometry,
    }[kind]
    own = gpd.GeoDataFrame({"nome": cuneo["name"]}, geometry=shapes, crs=cuneo.crs).head(4).to_crs(4326)
    far = own.assign(geometry=own.geometry.translate(30))
    plain, shown = (we.map(cuneo, "density", layer=layer) for layer in (None, pd.concat([own, far])))
    assert shown.description["data"][: len(plain.description["data"])] == plain.description["data"]
    *drawn, legend = shown.description["data"][len(plain.description["data"]) :]
    assert legend["name"] == "Dati propri" and legend["marker"].get("symbol") == symbol
    told = legend["text"] if kind == "points" else [trace["text"] for trace in drawn]
    assert [text.split("<")[1].removeprefix("b>") for text in told] == own["nome"].tolist()
    assert shown.source.endswith("Dati propri.") and "<svg" in shown.picture


@pytest.mark.slow
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
@pytest.mark.slow
def test_the_classes_are_those_of_the_explorer(scheme, k):
    bounds = Explorer().bounds("old_age_index", scheme, k)
    legend = [
        t.get("name") for t in we.map(we.districts, "old_age_index", scheme=scheme, classes=k).description["data"]
    ]
    said = [text for text in legend[-k:] if text]
    assert len(said) == len(bounds) + 1 and f"{bounds[0]:.1f}".replace(".", ",") in said[0]


@pytest.mark.slow
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


def test_two_drawings_on_one_page_share_no_id():
    pictures = [we.map(we.comuni(place), "density").picture for place in ("Cuneo", "Asti")]
    ids = [set(re.findall(r' id="([^"]+)"', picture)) for picture in pictures]
    assert ids[0] and ids[0].isdisjoint(ids[1])


def test_a_missing_value_is_grey_and_says_so():
    chart = CHARTS["map without geometry"]().description
    assert any("n.d." in trace["text"] for trace in chart["data"] if trace.get("text"))
    assert "#C9CDD2" in {trace.get("fillcolor") for trace in chart["data"]}


# The five questions of an analyst who has never seen the project, each in at most three lines, as README has them.

OWN = "ISTAT;posti\n" + "\n".join(f"{int(code)};{n},5" for n, code in enumerate(raw.load("comuni")["istat"])) + "\n"


@pytest.mark.slow
def test_the_readme_answers_each_question_in_three_lines(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.csv").write_text(OWN)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    space, answers = {}, []
    for block in blocks:
        *before, last = ast.parse(block).body
        exec(compile(ast.Module(before, []), "README.md", "exec"), space)
        answers.append(eval(compile(ast.Expression(last.value), "README.md", "eval"), space))
        assert len([line for line in block.splitlines() if not line.startswith("import ")]) <= 3
    oldest, density, scatter, mine, divided = answers
    assert oldest["name"].iloc[0] == "Acqui Terme e Ovada" and len(density.frame) == 53 and len(scatter.frame) == 30
    assert mine.frame["posti"].sum() == sum(n + 0.5 for n in range(1181)) and divided.loc["Cuneo", "amount"] == 231980


def test_the_five_oldest_districts_are_those_of_the_site():
    oldest = we.districts.nlargest(5, "old_age_index")[["name", "old_age_index", "age_80_plus"]]
    (table,) = [bundle for bundle in show(Explorer(), "all_values") if "text/csv" in bundle]
    site = pd.read_csv(io.StringIO(table["text/csv"])).set_index("name").nlargest(5, "old_age_index [per_100; 2022]")
    assert oldest["name"].tolist() == site.index.tolist()
    assert oldest["old_age_index"].round(6).tolist() == site["old_age_index [per_100; 2022]"].tolist()
    shares = oldest["age_80_plus"].to_numpy() / we.districts.loc[oldest.index, "residents"].to_numpy()
    assert shares.round(6).tolist() == site["share_80_plus [share; 2022]"].tolist()


@pytest.mark.slow
def test_the_density_of_the_comuni_of_cuneo_is_that_of_its_workbook():
    shown = we.map(we.comuni("Cuneo"), "density")
    (book,) = [made for address, made in district_workbooks("D12").items() if not address.startswith("en/")]
    site = pd.read_excel(io.BytesIO(book), sheet_name="Comuni", dtype={"Codice ISTAT": str})
    heading = next(heading for heading in site if heading.startswith("Densità"))
    density = shown.frame.set_index("comune")["density"]
    assert density.to_dict() == pytest.approx(site.set_index("Codice ISTAT")[heading].to_dict())
    assert len(shown.frame) == 53 and "Densità" in shown.picture


def test_the_old_age_index_against_small_comuni_is_that_of_the_site():
    shown = we.scatter("share_small_comuni", "old_age_index").frame
    (table,) = [bundle for bundle in show(Explorer(), "all_values") if "text/csv" in bundle]
    site = pd.read_csv(io.StringIO(table["text/csv"])).set_index("name")
    for column, heading in (
        ("share_small_comuni", "share_small_comuni [share; 2022]"),
        ("old_age_index", "old_age_index [per_100; 2022]"),
    ):
        assert shown.set_index("name")[column].round(6).to_dict() == site[heading].to_dict()


@pytest.mark.slow
def test_an_own_file_is_joined_summed_to_districts_and_mapped_per_thousand(tmp_path):
    ours = pd.DataFrame(we.comuni())[["comune", "name", "district", "residents"]]
    rows = ours.sample(frac=1, random_state=3).assign(value=[n * 1000 + 0.5 for n in range(len(ours))])
    written = [f"{int(r.comune)};{r.name.upper()};{r.value:,.2f}" for r in rows.itertuples(index=False)]
    text = "Posti letto\n\nCodice;Comune;Posti\n" + "\n".join(
        line.replace(",", "|").replace(".", ",").replace("|", ".") for line in written
    )
    path = tmp_path / "mine.csv"
    path.write_bytes(f"{text}\nTotale;;99\n".encode("cp1252"))

    by = we.join(path, quiet=True).by_district(sum="Posti", per="residents")
    shown = we.map(by, "Posti per 1000")

    sums = rows.groupby("district")[["value", "residents"]].sum()
    expected = (1000 * sums["value"] / sums["residents"]).rename("Posti per 1000")
    pd.testing.assert_series_equal(shown.frame.set_index("district")["Posti per 1000"], expected)
    assert (by["known"] == 1).all() and shown.source == "mine.csv"


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_a_budget_is_divided_as_by_the_simulator(scenario):
    divided = we.divide("Misura 1", **scenario.weights)
    tables = [bundle["text/csv"] for bundle in show(WhatIf(), "scenarios") if "text/csv" in bundle]
    site = pd.read_csv(io.StringIO(tables[1])).set_index("name")[f"{scenario.id} [eur]"]
    assert divided["amount"].to_dict() == site.to_dict() and divided["amount"].sum() == 6_400_000


def test_thirty_percent_by_people_over_80_is_what_the_simulator_shows():
    divided = we.divide("Misura 1", residents=70, aged_80=30)
    page = words(show(WhatIf(residents=70, aged_80=30), "tool"))
    for name, row in divided.iterrows():
        assert name in page and numbers.integer(int(row["amount"])) in page, name


# Own tables.


def spoiled(codes, names, rng):
    """How people write comuni: codes without zeros, as numbers or text; names in capitals and with apostrophes."""
    name = rng.choice([names, names.upper(), names.lower(), names.replace("è", "e'")])
    return rng.choice([codes, str(int(codes)), f"{int(codes)}.0", name, f"Comune di {names}"])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "frame"])
def test_a_file_in_any_form_finds_its_comuni(kind, seed, tmp_path):
    rng = random.Random(seed)
    ours = pd.DataFrame(we.comuni()).sample(200, random_state=seed)
    ours = ours[~ours["name"].duplicated(keep=False)]
    way = rng.choice(["code", "name"])
    mine = pd.DataFrame(
        {
            "Denominazione" if way == "name" else "ISTAT": [
                spoiled(c, n, rng) if way == "name" else str(int(c))
                for c, n in zip(ours["comune"], ours["name"], strict=True)
            ],
            "valore": ours["residents"].to_numpy(),
            "nota": ["testo"] * len(ours),
        }
    )
    path = tmp_path / f"mine.{kind}"
    if kind == "frame":
        path = mine
    else:
        {"csv": mine.to_csv, "xlsx": mine.to_excel, "parquet": mine.to_parquet}[kind](path, index=False)
    joined = we.join(path, quiet=True)
    pairs = set(zip(joined["comune"], joined["valore"], strict=True))
    # A name that two comuni have is left out, none goes to a wrong one.
    assert pairs <= set(zip(ours["comune"], ours["residents"], strict=True)) and len(pairs) > 0.97 * len(ours)
    assert joined["nota"].eq("testo").all()


def test_what_did_not_match_is_said_with_the_nearest_and_a_code_beside_is_taken(tmp_path, capsys):
    path = tmp_path / "mine.csv"
    path.write_text("comune;codice;posti\nTorinoo;;1\n;4078;2\nAsti;4003;3\n")
    joined = we.join(path)
    said = capsys.readouterr().out
    assert "Row 2: 'Torinoo'; is it Torino (001272)" in said
    assert "Row 4: '4003' and 'Asti' are two places; the first is taken." in said
    assert joined["comune"].tolist() == ["004078", "004003"]
    assert said.strip().splitlines() == joined.attrs["remarks"]


def test_a_cell_that_is_no_number_is_told_with_its_row(tmp_path):
    path = tmp_path / "mine.csv"
    names = we.comuni("Asti")["name"].head(20)
    path.write_text("comune;posti\n" + "".join(f"{name};{'tre' if n == 4 else n}\n" for n, name in enumerate(names)))
    with pytest.raises(InputError, match="mine.csv, row 6, column posti: .*Found: 'tre'. To do: "):
        we.join(path)


def test_a_sum_that_lacks_a_part_is_made_only_if_nearly_all_is_known():
    comuni = pd.DataFrame(we.comuni("Cuneo"))[["comune", "residents"]].assign(v=1.0)
    without_town = we.join(comuni[comuni["comune"] != "004078"][["comune", "v"]], quiet=True)
    by = without_town.by_district(sum="v", per="residents").set_index("district")
    assert by.loc["D12", "known"] == pytest.approx(1 - 55557 / 160451) and pd.isna(by.loc["D12", "v"])
    assert by.loc["D01", "known"] == 0 and pd.isna(by.loc["D01", "v"])
    zero = without_town.by_district(sum="v", absent="zero").set_index("district")["v"]
    assert zero["D12"] == 52 and zero["D01"] == 0
    without_village = we.join(comuni.tail(52)[["comune", "v"]][:-1], quiet=True)
    assert without_village.by_district(sum="v").set_index("district").loc["D12", "known"] < 0.9


def test_a_mean_is_weighted_by_residents():
    comuni = pd.DataFrame(we.comuni("Cuneo"))[["comune", "share_65_plus", "residents", "age_65_plus"]]
    by = we.join(comuni[["comune", "share_65_plus"]], quiet=True).by_district(mean="share_65_plus")
    share = by.set_index("district").loc["D12", "share_65_plus"]
    assert share == pytest.approx(comuni["age_65_plus"].sum() / comuni["residents"].sum())


def test_a_column_called_like_ours_is_kept_beside_it():
    joined = we.join(pd.DataFrame({"comune": ["004078"], "residents": [1]}), quiet=True)
    assert joined[["residents", "residents (mine)"]].values.tolist() == [[55557, 1]]


@pytest.mark.slow
def test_a_check_says_what_the_command_says(tmp_path):
    broken = (config.RAW / "comune_distretto.csv").read_text().replace(",D12,", ",D99,", 1)
    (tmp_path / "mine.csv").write_text(broken)
    (problem,) = we.check(tmp_path / "mine.csv", like="comune_distretto").to_dict("records")
    row = next(n for n, line in enumerate(broken.splitlines(), 1) if ",D99," in line)
    assert (problem["row"], problem["column"], problem["value"]) == (row, "distretto_id", "D99")
    assert raw.load("comune_distretto")["distretto_id"].ne("D99").all()


@pytest.mark.slow
def test_a_query_knows_every_table_by_the_names_of_the_desk():
    for name in (*processed.LEVELS, *processed.TABLES, *raw.tables()):
        if not name.endswith("_geometry"):
            assert we.query(f"select count(*) as n from {name}")["n"].iloc[0] > 0, name
    joined = we.query(
        "select sum(p.female + p.male) as n from population p join comuni using (comune) where district = 'D12'"
    )
    assert joined["n"].iloc[0] == 160451


@pytest.mark.slow
def test_a_report_is_shown_piece_by_piece_and_in_its_language():
    with displayed() as outputs:
        we.report("Cuneo", lang="en").show()
    shown = words(outputs)
    assert "Who lives" in shown and len([bundle for bundle in outputs if PLOTLY_MIME in bundle]) >= 4
    assert we.report("Misura 1").parameters == {"measure": "misura-1", "lang": "it"}
    assert we.report("equity").notebook.name == "equity.ipynb"


@pytest.mark.slow
def test_a_report_is_written_as_one_file(tmp_path):
    page = we.report("D12").html(tmp_path / "cuneo.html").read_text(encoding="utf-8")
    assert "Indice di vecchiaia" in page and "<svg" in page and "report.brief()" not in page
