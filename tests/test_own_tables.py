"""An analyst's own table stands beside the project's, makes an indicator, is marked as own, and can be taken away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest

from helpers import config
from helpers.build import own_tables
from helpers.data import own_package, raw
from helpers.declarations import reader
from helpers.errors import InputError
from helpers.imports.any_table import read_any

ABOUT = own_tables.About("Posti nido", "Posti autorizzati", "Regione Piemonte", year=2024)


def listed() -> pd.DataFrame:
    """A table of comuni as an Italian spreadsheet writes it."""
    codes = raw.load("comuni")["istat"]
    posts = [f"{1000 + n:,}".replace(",", ".") for n in range(len(codes))]
    return pd.DataFrame({"Codice ISTAT": codes.str.lstrip("0"), "Posti": posts})


def test_a_project_without_own_tables_is_read_as_its_files_are():
    assert raw.content() == (config.RAW / raw.DESCRIPTOR).read_bytes()
    assert list(own_package.parts(raw.descriptor())) == [raw.DESCRIPTOR]


@pytest.mark.slow
def test_a_layer_a_workbook_and_a_parquet_file_say_what_the_csv_says(tmp_path):
    few = listed().head(30)
    few.to_csv(tmp_path / "list.csv", index=False, sep=";", encoding="cp1252")
    few.to_excel(tmp_path / "list.xlsx", index=False)
    few.to_parquet(tmp_path / "list.parquet")
    shapes = gpd.GeoDataFrame(few, geometry=gpd.points_from_xy(range(30), range(30)), crs=4326)
    shapes.to_file(tmp_path / "list.geojson", driver="GeoJSON")
    shapes.rename(columns={"Codice ISTAT": "Cod_ISTAT"}).to_file(tmp_path / "list.shp")
    wanted = read_any(tmp_path / "list.csv").frame
    assert list(wanted) == ["istat", "posti"] and wanted["posti"].iloc[1] == "1001"
    for name in ("list.xlsx", "list.parquet", "list.geojson", "list.shp"):
        assert read_any(tmp_path / name).frame.equals(wanted), name


def test_a_broken_layer_is_an_error_for_a_person(tmp_path):
    (tmp_path / "list.geojson").write_text('{"type": "FeatureCollection", "features": [')
    with pytest.raises(InputError, match="list.geojson: the layer cannot be read"):
        read_any(tmp_path / "list.geojson")


@pytest.fixture
def table(tmp_path):
    listed().head(30).to_csv(tmp_path / "list.csv", index=False, sep=";")
    return read_any(tmp_path / "list.csv")


def test_what_a_person_types_becomes_words_and_nothing_else(table, tmp_path):
    hostile = own_tables.About('Posti "nido"\n[theme]\norder = 1 {value} <b>', "x", "y\\", year=2024)
    text = own_tables._declaration("mine_posti", hostile, ["posti"])
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mine_posti.toml").write_text(text, encoding="utf-8")
    declared = reader.read(own=tmp_path / "own")
    words = next(i for i in declared.indicators if i.id == "mine_posti_posti_rate").words["it"]
    assert words.long.startswith('Posti "nido" [theme] order = 1 (value) <b>: posti')


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"year": None}, "the year of the numbers is not known"),
        ({"counts": ["prezzo"]}, "the column holds no numbers of places"),
        ({"repeat": True}, "rows repeat their istat"),
    ],
)
def test_what_cannot_be_believed_is_refused_before_anything_is_written(table, change, rule):
    about = own_tables.About("Posti nido", "x", "y", year=change.get("year", 2024))
    if change.get("repeat"):
        table.frame.loc[1, "istat"] = table.frame.loc[0, "istat"]
    with pytest.raises(InputError, match=rule):
        own_tables.add(table, "mine_posti", about, change.get("counts", ["posti"]))
    assert not config.MINE.exists()


def test_numbers_of_one_or_two_say_whether_they_count_people(tmp_path):
    listed().head(3).assign(Posti=["1", "2", "30"]).to_csv(tmp_path / "list.csv", index=False)
    table = read_any(tmp_path / "list.csv")
    for people in ("", "some"):
        with pytest.raises(InputError, match="how the table treats counts of few people") as found:
            own_tables.add(table, "mine_posti", replace(ABOUT, people=people), ["posti"])
        assert "--people none" in found.value.problems[0].remedy
    assert not config.MINE.exists()


@pytest.mark.parametrize("year", ["1028,5", "2023/24", "duemila"])
@pytest.mark.slow
def test_a_year_that_is_none_is_told_with_its_row(tmp_path, year):
    listed().head(3).assign(Anno=["2024", year, "2024"]).to_csv(tmp_path / "list.csv", index=False)
    with pytest.raises(InputError, match="list.csv, row 3, column year: the value is no year") as found:
        own_tables.add(read_any(tmp_path / "list.csv"), "mine_posti", replace(ABOUT, year=None), ["posti"])
    assert "such as 2024" in str(found.value) and not config.MINE.exists()


@pytest.mark.slow
def test_what_the_checks_refuse_is_not_written(tmp_path):
    listed().head(3).assign(Nota=["a", "<b>b</b>", "c"]).to_csv(tmp_path / "list.csv", index=False)
    with pytest.raises(InputError, match="mine/mine_posti.csv, row 3, column nota: the text holds markup"):
        own_tables.add(read_any(tmp_path / "list.csv"), "mine_posti", ABOUT, ["posti"])
    assert not config.MINE.exists()


def test_names_of_own_tables_say_so():
    assert own_tables.name_of("Posti nido (2024)-fixed") == "mine_posti_nido_2024"
    assert own_tables.name_of("---") == "mine_table"


def test_an_own_table_is_checked_derived_shown_and_taken_away(derived, tmp_path):
    listed().to_csv(tmp_path / "posti.csv", index=False, sep=";", encoding="cp1252")
    project = (derived.root / "data/raw/datapackage.json").read_bytes()
    told = derived.wecare(
        "add", str(tmp_path / "posti.csv"), "--title", "Posti nido", "--source", "Regione", "--year", "2024", "--yes"
    ).stdout
    assert "zeros given back" in told and "data/raw/mine/mine_posti.csv" in told
    own = json.loads((derived.root / "data/raw/mine/datapackage.json").read_text())
    assert [found["name"] for found in own["resources"]] == ["mine_posti"]
    assert (derived.root / "data/raw/datapackage.json").read_bytes() == project
    # An edit of it must be recorded like any other, in the file that describes it.
    table = derived.root / "data/raw/mine/mine_posti.csv"
    table.write_text(table.read_text().replace("001001,1000", "001001,1001"))
    assert "data/raw/mine/mine_posti.csv" in derived.wecare("build", "--data-only", ok=False).stderr
    derived.wecare("record")
    assert (derived.root / "data/raw/datapackage.json").read_bytes() == project
    # What is counted by district is known of districts alone.
    counts = {f"D{n:02d}": 100 * n for n in range(1, 31)}
    (tmp_path / "letti.csv").write_text("Distretto;Letti\n" + "".join(f"{d};{n}\n" for d, n in counts.items()))
    derived.wecare("add", str(tmp_path / "letti.csv"), "--source", "Regione", "--year", "2024", "--yes")
    asked = (part for name in ("indicators", "catalogue", "explorer", "D12") for part in ("--only", name))
    assert f"Checked {len(raw.tables()) + 2} tables" in derived.wecare("build", *asked).stdout
    districts = gpd.read_parquet(derived.root / "data/processed/districts.parquet").set_index("code")
    assert districts["mine_posti_posti_rate"].notna().all()
    assert districts["mine_letti_letti_rate"].to_dict() == pytest.approx(
        {code: 1000 * n / districts.at[code, "residents"] for code, n in counts.items()}
    )
    assert "mine_letti_letti_rate" not in gpd.read_parquet(derived.root / "data/processed/comuni.parquet")
    for page in ("indicatori", "dati", "esplora", "en/indicatori", "distretti/cuneo"):
        text = (derived.root / "reports" / f"{page}.ipynb").read_text(encoding="utf-8")
        assert ("own data" if page.startswith("en/") else "dati propri") in text, page
    derived.wecare("add", "letti", "--remove")
    derived.wecare("add", "posti", "--remove")
    assert not (derived.root / "data/raw/mine").exists()
    derived.wecare("build", "--data-only")
    assert "mine_posti_posti_rate" not in gpd.read_parquet(derived.root / "data/processed/districts.parquet")


def test_the_shapes_of_a_layer_are_drawn_over_maps_by_the_name_of_its_table(derived, tmp_path):
    comuni = gpd.read_parquet(config.PROCESSED / "comuni.parquet").query("distretto_id == 'D12'")
    points = gpd.GeoDataFrame(
        {"istat": comuni["code"], "posti": range(100, 153), "nome": "Asilo " + comuni["name"]},
        geometry=comuni.geometry.representative_point(),
        crs=comuni.crs,
    )
    points.to_crs(4326).to_file(tmp_path / "asili.geojson", driver="GeoJSON")
    told = derived.wecare("add", str(tmp_path / "asili.geojson"), "--title", "Asili", "--year", "2024", "--yes").stdout
    assert "data/raw/mine/mine_asili_shapes.parquet" in told
    assert "Data valid" in derived.wecare("check").stdout
    code = (
        "import json, helpers as we\nfrom helpers.pages.district.page import DistrictReport\n"
        "report = DistrictReport('D12').map('density', layer='mine_asili')\n"
        "own = we.map(we.comuni('Cuneo'), 'density', layer='mine_asili')\n"
        "charts = report.exhibits[0].chart, own.description\n"
        "print(json.dumps([[len(c['data'][-1]['x']), c['data'][-1]['name'], c['data'][-1]['text'][0]] for c in charts]"
        " + [report.exhibits[0].note[-40:], own.source[-22:]]))"
    )
    environment = os.environ | {"WECARE_ROOT": str(derived.root)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    *charts, note, source = json.loads(done.stdout)
    for n, name, hover in charts:
        assert (n, name) == (53, "Asili (dati propri)") and hover.startswith("<b>Asilo ") and name in hover
    assert "Asili (dati propri)." in note and source.endswith("Asili (dati propri).")
    derived.wecare("add", "asili", "--remove")
    assert not (derived.root / "data/raw/mine").exists()
