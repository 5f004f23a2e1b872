"""Method, boundaries, indicators, catalogue: what they show is what the tables hold."""

import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from showing import markup, show, words

from helpers.analysis.indicators import as_printed, find_present
from helpers.config import LANGUAGES
from helpers.data import processed, raw
from helpers.pages.boundaries.inputs import boundaries_inputs
from helpers.pages.boundaries.page import Boundaries
from helpers.pages.catalogue import page as catalogue
from helpers.pages.indicators import page as indicators
from helpers.pages.indicators.inputs import indicators_inputs
from helpers.pages.method import page as method
from helpers.prose.labels import row_text
from helpers.prose.texts import rule_code, texts, word
from helpers.publish import feeds
from helpers.subjects import boundaries

PAGES = {
    method.Method: ("title", "reading", "boundaries", "text_sections", "editions", "citing", "sources", "downloads"),
    Boundaries: (
        *("title", "brief", "statuses", "districts", "mismatches", "rules", "bodies", "notes", "provinces"),
        "downloads",
    ),
    indicators.Indicators: ("title", "brief", "overview", "all_sheets", "limits", "downloads"),
    catalogue.Catalogue: ("title", "brief", "overview", "warnings", "tables", "derived", "units", "downloads"),
}


# ---- boundaries


def assignment(*rows):
    return pd.DataFrame(rows, columns=["istat", "ente_gestore", "distretto_id", "status", "rule", "residents"])


SMALL = assignment(
    ("1", "A", "D01", "sourced", None, 100),
    ("2", "A", "D01", "derived", "by hand | by sight", 300),
    ("3", "B", "D02", "derived", "by hand", 50),
)


def test_rules_are_counted_where_they_were_used():
    counts = boundaries.rule_counts(SMALL)
    assert counts.to_dict("records") == [
        {"rule": "by hand", "n_comuni": 2, "districts": ["D01", "D02"]},
        {"rule": "by sight", "n_comuni": 1, "districts": ["D01"]},
    ]


def test_statuses_are_counted_in_comuni_and_residents():
    table = boundaries.status_by_district(SMALL, ("sourced", "derived", "indicative"))
    assert table.loc["D01", ["n_comuni", "sourced", "derived", "indicative"]].tolist() == [2, 1, 1, 0]
    assert table.loc["D01", ["sourced_share", "derived_share"]].tolist() == [0.25, 0.75]
    assert table.loc["D02", "derived_share"] == 1 and table.loc["D02", "sourced"] == 0


def test_counts_are_set_against_what_is_published():
    bodies = pd.DataFrame(
        {
            "ente_gestore": ["A", "B", "C"],
            "published_comuni": pd.array([2, 3, None], "Int64"),
            "source_ids": [(), (), ()],
        }
    )
    found = boundaries.against_published(bodies, SMALL)
    assert found["counted"].tolist() == [2, 1, 0]
    assert found["difference"].tolist()[:2] == [0, -2] and pd.isna(found["difference"][2])
    assert found["districts"].tolist() == [["D01"], ["D02"], []]


@given(st.lists(st.text(alphabet="ab;,. ", min_size=1).map(str.strip).filter(bool), max_size=4))
def test_rules_survive_joining_and_splitting(rules):
    assert boundaries.split_rules(boundaries.SEPARATOR.join(rules) or None) == rules


def test_the_reconstruction_covers_every_comune_once():
    inputs = boundaries_inputs()
    assert inputs.districts["n_comuni"].sum() == 1181 == inputs.bodies["counted"].sum()
    assert {s: v["n"] for s, v in inputs.facts["status"].items()} == {
        "sourced": 426,
        "derived": 685,
        "indicative": 70,
    }
    shares = inputs.districts[["sourced_share", "derived_share", "indicative_share"]].sum(axis=1)
    assert shares.to_numpy() == pytest.approx(1)


def test_the_mismatches_are_those_the_data_are_known_to_have():
    bodies = boundaries_inputs().bodies.set_index("ente_gestore")
    differing = bodies[bodies["difference"].fillna(0) != 0]["difference"].to_dict()
    assert differing == {
        "I.R.I.S. Biella": 1, "C.I.S.S. 38 Cuorgnè": -5, "C.I.S.S. Cusio": -1,
        "C.I.S.S. Borgomanero": -5, "C.I.S.A.S. Castelletto Sopra Ticino": 7, "C.I.S.S. Chivasso": 1,
    }  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_row_of_the_tables_on_boundaries_is_on_the_page(lang):
    page = words(show(Boundaries(lang), *PAGES[Boundaries]))
    for table, column in (
        ("districts", "name"), ("enti_gestori", "ente_gestore"), ("enti_gestori_notes", "name_in_source"),
        ("provinces", "name"), ("quadrants", "name"),
    ):  # fmt: skip
        for value in raw.load(table)[column]:
            assert value in page, (table, value)
    for table, key in (
        ("districts", "distretto_id"),
        ("enti_gestori", "ente_gestore"),
        ("enti_gestori_notes", "note_id"),
    ):
        rows = raw.load(table).dropna(subset="note")
        for row, note in rows[[key, "note"]].to_numpy():
            assert row_text(lang, table, row, "note", note) in page, (table, row)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.slow
def test_every_rule_has_its_words_and_its_place(lang):
    shown = show(Boundaries(lang), *PAGES[Boundaries])
    html = markup(shown)
    for rule in boundaries.rule_counts(raw.load("comune_distretto"))["rule"]:
        assert rule in texts(lang, "rules"), f"{lang}/texts/rules.toml lacks: {rule}"
        assert f'id="{rule_code(rule)}"' in html
        assert word(lang, "rules", rule) in words(shown)


def test_a_rule_without_words_is_named_by_its_content_and_shown_as_it_is():
    assert re.fullmatch(r"R[0-9a-f]{6}", rule_code("a rule nobody has worded"))
    assert rule_code("a rule nobody has worded") != rule_code("another")
    assert word("it", "rules", "a rule nobody has worded") == "a rule nobody has worded"


@pytest.mark.parametrize("topic", ["rules", "bodies", "catalogue"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_wordings_add_no_number(topic, lang):
    for text, wording in texts(lang, topic).items():
        assert wording.strip()
        # Thousands are written otherwise in each language.
        held, said = (set(re.findall(r"\d+", re.sub(r"(?<=\d)[.,](?=\d{3}\b)", "", t))) for t in (text, wording))
        assert said <= held, (text, wording)


# ---- indicators


@pytest.fixture(scope="module")
def sheets():
    return indicators_inputs().sheets.set_index("indicator")


@pytest.mark.slow
def test_there_is_one_sheet_per_indicator_with_every_part(sheets):
    assert list(sheets.index) == [i.id for i in find_present(processed.load("districts"))]
    for lang in LANGUAGES:
        html = markup(show(indicators.Indicators(lang), *PAGES[indicators.Indicators]))
        assert re.findall(r'<article class="sheet" id="(\w+)"', html) == list(sheets.index)
        assert html.count("<dt>") == 8 * len(sheets)


@pytest.mark.slow
def test_published_figures_stand_on_the_sheets(sheets, tables):
    printed = as_printed(sheets["region"].to_frame().T)
    assert printed.iloc[0][["old_age_index", "share_65_plus", "dependency_ratio"]].tolist() == [219.9, 0.262, 61.7]
    assert (sheets["lowest"] <= sheets["median"]).all() and (sheets["median"] <= sheets["highest"]).all()
    districts = tables["districts"].set_index("name")
    for name, sheet in sheets.iterrows():
        for end, best in (("lowest", "min"), ("highest", "max")):
            exact = getattr(districts[name], best)()
            assert sheet[end] == exact == districts.at[sheet[f"{end}_name"], name]
        assert sheet["median"] == districts[name].median()


def test_districts_that_share_an_extreme_are_counted(sheets):
    zero = sheets.loc["share_small_comuni"]
    assert zero["lowest"] == 0 and zero["lowest_others"] > 0


# ---- catalogue


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_catalogue_holds_every_table_column_and_hash(lang):
    html = markup(show(catalogue.Catalogue(lang), *PAGES[catalogue.Catalogue]))
    for table in raw.descriptor()["resources"]:
        entry = re.search(rf'<article class="dataset" id="tabella-{table["name"]}">.*?</article>', html, re.DOTALL)[0]
        assert table["hash"].removeprefix("sha256:") in entry
        assert re.search(rf'data/tables/{re.escape(table["path"])}"', entry)
        for field in table["schema"]["fields"]:
            assert f'<th scope="row"><code>{field["name"]}</code></th>' in entry
    assert set(re.findall(r'href="#(tabella-[\w-]+)"', html)) <= set(re.findall(r'id="(tabella-[\w-]+)"', html))


def test_every_text_of_the_data_package_has_italian_words():
    package = raw.descriptor()
    said = set(package["usageWarningCodes"].values())
    for table in package["resources"]:
        said |= {table["title"], table["description"]} | {f["description"] for f in table["schema"]["fields"]}
        said |= {s["title"] for s in (*table["sources"], *table["licenses"])}
    missing = said - set(texts("it", "catalogue"))
    assert not missing, f"it/texts/catalogue.toml lacks: {sorted(missing)}"


def test_a_table_of_no_group_is_listed_all_the_same():
    page = catalogue.Catalogue()
    page.inputs = replace(page.inputs, tables=[*page.inputs.tables, {"name": "brand_new"}])
    grouped = [t["name"] for group in catalogue.ORDER for t in page._group(group)]
    assert sorted(grouped) == sorted(t["name"] for t in page.inputs.tables)


def test_constraints_are_told_in_words():
    page = catalogue.Catalogue("en")
    table = {
        "name": "t",
        "schema": {"primaryKey": ["a"], "foreignKeys": [{"fields": ["a"], "reference": {"fields": ["b"]}}]},
    }
    field = {
        "name": "a",
        "constraints": {"required": True, "minimum": 1, "maximum": 1000, "pattern": "<x>", "enum": ["p"]},
    }
    assert page._rules(field, table) == [
        "key", 'refers to <a href="#tabella-t"><code>t</code></a>', "never blank", "from 1 to 1,000",
        "pattern <code>&lt;x&gt;</code>", "one of <code>p</code>",
    ]  # fmt: skip


# ---- files


def test_the_published_package_is_the_package(tmp_path):
    for address, content in feeds.package_files().items():
        path = tmp_path / address.removeprefix("data/tables/")
        path.write_bytes(content)
    told = {r["name"]: r for r in json.loads((tmp_path / "datapackage.json").read_text())["resources"]}
    for table in raw.descriptor()["resources"]:
        own = told[table["name"]]
        assert own == table
        assert (tmp_path / table["path"]).read_bytes() == raw.content(table["name"])


@pytest.mark.slow
def test_no_cell_of_a_stored_table_would_run_as_a_formula():
    for name in raw.tables():
        found = raw.resource(name)
        if found["format"] == "csv":
            cells = raw.read_text(found).frame.astype(str)
            for column in cells:
                assert not cells[column].str.match(r"[=+@\t\r]").any(), (name, column)


def test_derived_tables_are_published_without_geometry(parts):
    files = feeds.derived_files(parts)
    header = files["data/derived/districts.csv"].decode().splitlines()
    assert len(header) == 31 and "geometry" not in header[0] and "old_age_index" in header[0]
    assert len(files["data/derived/comuni.csv"].decode().splitlines()) == 1182


# ---- editions


def test_the_latest_edition_is_that_of_the_data_package():
    latest = raw.load("editions").sort_values("date").iloc[-1]
    edition = raw.edition()
    assert (latest["edition"], latest["date"].date()) == (edition.version, edition.date)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_editions_and_the_citation_are_on_the_method_page(lang):
    page = words(show(method.Method(lang), *PAGES[method.Method]))
    assert raw.edition().version in page and "CC BY 4.0" in page
    for edition, changes in raw.load("editions")[["edition", "changes"]].to_numpy():
        assert row_text(lang, "editions", edition, "changes", changes) in page
