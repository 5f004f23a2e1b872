"""The built site, from the command line to the HTML that readers get."""

import json
import re
from html import unescape

import nbformat
import pytest
from readers import read_page, rows_of

from helpers.data import raw
from helpers.prose.apostrophes import typographic

pytestmark = pytest.mark.site

#: Bytes of one executed notebook that a reader may be asked to download; of the page with the series of all districts.
NOTEBOOK_BUDGET, LARGEST = 310_000, {"come-cambia.ipynb": 370_000, "dati.ipynb": 330_000}


@pytest.fixture(scope="module")
def districts():
    return raw.load("districts")


def html(built, address):
    return read_page(built.site / f"{address}.html")


def test_every_district_has_its_page_named_by_its_slug(built, districts):
    pages = {p.stem for p in (built.site / "distretti").glob("*.html")} - {"index"}
    assert pages == set(districts["slug"])
    assert len(pages) == 30


@pytest.mark.parametrize("address", ["index", "distretti/index", "metodo", "distretti/torino"])
def test_pages_are_italian_and_say_who_published_them(built, address):
    page = html(built, address)
    assert re.search(r'<html[^>]* lang="it"', page)
    assert "pubblicato con smalldocs" in page
    assert raw.edition().version in page


def test_tables_say_without_javascript_what_the_maps_show(built, districts):
    comuni = raw.load("comune_distretto")
    for row in districts.itertuples():
        page = unescape(html(built, f"distretti/{row.slug}"))
        for name in comuni.loc[comuni["distretto_id"] == row.distretto_id, "comune"]:
            assert f">{typographic(name)}</th>" in page, (row.slug, name)


def test_the_home_page_links_to_every_district(built, districts):
    page = html(built, "index")
    for slug in districts["slug"]:
        assert f'href="distretti/{slug}.html"' in page


def test_every_source_a_page_links_to_has_its_anchor(built, districts):
    anchors = set(re.findall(r'id="(S\d+)"', html(built, "metodo")))
    for slug in districts["slug"]:
        page = html(built, f"distretti/{slug}")
        cited, own = set(re.findall(r'href="#(S\d+)"', page)), set(re.findall(r'id="(S\d+)"', page))
        described = set(re.findall(r"metodo\.html#(S\d+)", page))
        assert cited and cited <= own == described <= anchors, slug


def test_each_table_can_be_downloaded_and_holds_what_is_shown(built):
    page = html(built, "distretti/torino")
    names = set(re.findall(r'href="(torino-[a-z-]+\.csv)"', page))
    assert {"torino-map.csv", "torino-pyramid.csv", "torino-indicators.csv"} <= names
    (row,) = rows_of(built.site / "distretti/torino-map.csv")
    assert row["name"] == "Torino"
    assert row["residents"] == "848748"


def test_districts_json_holds_the_thirty_districts(built, districts):
    data = json.loads((built.site / "data" / "districts.json").read_text(encoding="utf-8"))
    entries = data["districts"]
    assert [e["id"] for e in entries] == districts["distretto_id"].tolist()
    assert sum(e["residents"] for e in entries) == 4_256_350
    assert sum(len(e["comuni"]) for e in entries) == 1181
    assert sum(sum(e["comuni_by_status"].values()) for e in entries) == 1181
    assert [e["id"] for e in entries if e["misura_1"] is None] == ["D27", "D28", "D29", "D30"]
    for entry in entries:
        assert (built.site / entry["page"]).is_file()


def test_districts_geojson_is_wgs84_within_piedmont(built):
    data = json.loads((built.site / "data" / "districts.geojson").read_text(encoding="utf-8"))
    assert len(data["features"]) == 30

    def points(nested):
        return [nested] if isinstance(nested[0], float) else [p for part in nested for p in points(part)]

    for feature in data["features"]:
        for longitude, latitude in points(feature["geometry"]["coordinates"]):
            assert 6.6 < longitude < 9.3 and 44.0 < latitude < 46.5


def test_executed_notebooks_stay_small_and_without_errors(built):
    for path in (built.root / "reports").rglob("*.ipynb"):
        assert path.stat().st_size < LARGEST.get(path.name, NOTEBOOK_BUDGET), path.name
        for cell in nbformat.read(path, 4).cells:
            assert all(o.output_type != "error" for o in cell.get("outputs", [])), path.name


def test_building_again_gives_the_same_bytes(reported, tmp_path):
    project = reported.copy(tmp_path)
    before = {p: p.read_bytes() for p in (project.root / "reports" / "distretti").glob("*.ipynb")}
    project.wecare("build", "--again", "--only", "D30", "--only", "D03")
    for path, content in before.items():
        assert path.read_bytes() == content, path.name


def test_no_page_holds_what_a_reader_should_not_see(built):
    for path in built.site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        # The documentation shows code, in which braces and names of modules are at home.
        code = path.is_relative_to(built.site / "documentazione")
        for unwanted in ("Traceback", "csv:", "@edition", *(() if code else ("helpers.pages", "{{"))):
            assert unwanted not in text, (path.name, unwanted)


def test_a_report_that_fails_stops_no_other_and_keeps_its_last_version(reported, tmp_path):
    project = reported.copy(tmp_path)
    kept = (project.root / "reports/distretti/nichelino.ipynb").read_bytes()
    template = project.root / "notebooks/district.ipynb"
    nb = nbformat.read(template, 4)
    nb.cells.insert(3, nbformat.v4.new_code_cell('assert district != "D30", "not today"'))
    nbformat.write(nb, template)
    done = project.wecare("build", "--only", "D29", "--only", "D30", ok=False)
    assert done.returncode == 1
    assert "2 of 4 reports made" in done.stdout
    assert re.search(r"D30, D30-en \(notebooks/district.ipynb, cell \d+\): AssertionError: not today", done.stderr)
    assert (project.root / "reports/distretti/nichelino.ipynb").read_bytes() == kept


BREAKS = {
    "comune missing from the mapping": (
        "comune_distretto.csv",
        lambda text: re.sub(r"(?m)^001272,.*\n", "", text),
        ["comune_distretto.csv", "001272"],
    ),
    "unknown ISTAT code": (
        "comune_distretto.csv",
        lambda text: text.replace("\n001272,", "\n009999,"),
        ["comune_distretto.csv", "column istat", "009999"],
    ),
    "code without its zeros": (
        "comune_distretto.csv",
        lambda text: text.replace("\n001272,", "\n1272,"),
        ["column istat", "'1272'", "001272"],
    ),
    "semicolons": ("measures.csv", lambda text: text.replace(",", ";"), ["measures.csv", ";"]),
    "a budget that is text": (
        "measures.csv",
        lambda text: text.replace(",6400000,", ",six million,"),
        ["measures.csv", "column budget_eur", "'six million'"],
    ),
    "budgets that no longer sum": (
        "measures.csv",
        lambda text: text.replace(",6400000,", ",6400001,"),
        ["measures.csv", "planned in 2017", "6400000"],
    ),
}


COMMANDS = ("check", "build", "publish")
#: Every second fault met by one command, in turn; `make audit` tries each with all three.
MET = [(what, COMMANDS[n % len(COMMANDS)]) for n, what in enumerate(BREAKS) if n % 2]
OTHERS = [(what, command) for what in BREAKS for command in COMMANDS if (what, command) not in MET]


@pytest.mark.parametrize(("what", "command"), MET + [pytest.param(*other, marks=pytest.mark.audit) for other in OTHERS])
def test_bad_input_stops_before_publishing_and_leaves_the_site_as_it_was(project, what, command):
    name, breaks, expected = BREAKS[what]
    project.site.mkdir()
    (project.site / "index.html").write_text("published before")
    path = project.root / "data/raw" / name
    text = path.read_text(encoding="utf-8")
    assert breaks(text) != text
    path.write_text(breaks(text), encoding="utf-8")
    done = project.wecare(command, ok=False)
    assert done.returncode == 1
    for part in expected:
        assert part in done.stderr
    assert "To do:" in done.stderr
    assert [p.name for p in project.site.iterdir()] == ["index.html"]
    assert (project.site / "index.html").read_text() == "published before"


def test_the_command_lists_districts_and_names_unknown_ones(built):
    listed = built.wecare("districts").stdout
    assert "D30" in listed and "nichelino" in listed
    done = built.wecare("build", "--only", "torin", ok=False)
    assert done.returncode == 1
    assert "Did you mean torino" in done.stderr


@pytest.mark.parametrize("command", ["check", "record", "build", "publish", "districts", "import"])
def test_every_command_explains_itself(built, command):
    text = built.wecare(command, "--help").stdout
    assert len(text.split()) > 25
