"""Differences between editions: rows, cells, totals, districts, and how much each matters."""

import json
import subprocess

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_fixtures import Copy, copied, reduced
from typer.testing import CliRunner

from helpers import config
from helpers.cli.main import app
from helpers.data import comparison, editions, snapshots, totals
from helpers.data.editions import Edition, compare_tables
from helpers.errors import WecareError
from helpers.imports.keep_edition import keep

SCHEMA = {
    "schema": {
        "fields": [
            {"name": "code", "type": "string"},
            {"name": "year", "type": "integer"},
            {"name": "eur", "type": "number"},
            {"name": "ids", "type": "list", "delimiter": ";"},
            {"name": "other", "type": "string"},
            {"name": "note", "type": "string"},
        ],
        "primaryKey": ["code", "year"],
        "foreignKeys": [{"fields": ["other"], "reference": {"resource": "others", "fields": ["other"]}}],
    }
}
COLUMNS = [field["name"] for field in SCHEMA["schema"]["fields"]]


def table(*rows):
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")


BASE = table(("A", "1", "10", "S1;S2", "X", "n"), ("B", "1", "", "", "X", ""))


def kinds(old, new, before=SCHEMA, after=SCHEMA):
    return compare_tables("t", old, new, before, after).kinds


# ---- one table


@pytest.mark.parametrize(
    ("change", "expected", "severity"),
    [
        (lambda t: t, {}, None),
        (lambda t: t.iloc[:1], {"rows_removed": 1}, "breaking"),
        (lambda t: t.drop(columns="note"), {"column_gone": 1}, "breaking"),
        (lambda t: t.assign(eur=["11", ""]), {"figures_changed": 1}, "major"),
        (lambda t: t.assign(eur=["", ""]), {"figures_changed": 1}, "major"),
        (lambda t: t.assign(eur=["10", "0"]), {"figures_changed": 1}, "major"),
        (lambda t: t.assign(other=["X", "Y"]), {"links_changed": 1}, "major"),
        (lambda t: t.assign(note=["m", ""]), {"texts_changed": 1}, "minor"),
        (lambda t: t.assign(ids=["S1", ""]), {"texts_changed": 1}, "minor"),
        (lambda t: t.assign(more=["", "x"]), {"column_new": 1}, "minor"),
        (lambda t: pd.concat([t, table(("C", "1", "5", "", "X", ""))]), {"figures_added": 1}, "major"),
        (lambda t: pd.concat([t, table(("C", "1", "", "", "X", ""))]), {"rows_added": 1}, "minor"),
        (lambda t: t.iloc[::-1], {"reordered": 1}, "cosmetic"),
        (lambda t: t[COLUMNS[::-1]], {"reordered": 1}, "cosmetic"),
        (lambda t: t.assign(eur=["10.00", ""]), {"rewritten": 1}, "cosmetic"),
        (lambda t: t.assign(year=["01", "1"]), {"rewritten": 1}, "cosmetic"),
        (lambda t: t.assign(ids=["S1; S2", ""]), {"rewritten": 1}, "cosmetic"),
    ],
)
def test_each_kind_of_difference_has_its_severity(change, expected, severity):
    found = compare_tables("t", BASE, change(BASE).reset_index(drop=True), SCHEMA, SCHEMA)
    assert found.kinds == expected
    assert found.severity == severity


def test_not_known_becoming_zero_is_a_change_of_figures():
    cells = compare_tables("t", BASE, BASE.assign(eur=["10", "0"]), SCHEMA, SCHEMA).cells
    assert cells.to_dict("records") == [{"key": ("B", "1", 0), "column": "eur", "old": "", "new": "0"}]


def test_another_key_or_type_is_breaking_and_more_decimals_are_not():
    other = json.loads(json.dumps(SCHEMA))
    other["schema"]["primaryKey"] = ["code"]
    assert kinds(BASE, BASE, SCHEMA, other) == {"key_changed": 1}
    other = json.loads(json.dumps(SCHEMA))
    other["schema"]["fields"][2]["type"] = "string"
    assert kinds(BASE, BASE, SCHEMA, other) == {"type_changed": 1}
    other["schema"]["fields"][2]["type"] = "number"
    other["schema"]["fields"][1]["type"] = "number"
    assert kinds(BASE, BASE, SCHEMA, other) == {"type_widened": 1}


def test_rows_without_a_primary_key_are_matched_whole_and_counted():
    old = pd.DataFrame({"a": ["x", "x", "y"]})
    change = compare_tables("t", old, pd.DataFrame({"a": ["x", "z"]}))
    assert change.added["a"].tolist() == ["z"] and sorted(change.removed["a"]) == ["x", "y"]


def test_every_kind_has_a_severity_and_words():
    from helpers.cli.editions import KINDS

    assert set(editions.KINDS.values()) == set(editions.SEVERITIES)
    assert set(KINDS) == set(editions.KINDS)


# ---- laws

cell = st.sampled_from(["", "0", "1", "1.0", "01", "-1", "1E+9", "1e999999999", "x", "NaN", "a;b", "a; b", "à", "\x1f"])
rows_of = st.lists(st.tuples(*[cell] * len(COLUMNS)), max_size=8)


@st.composite
def tables_of(draw):
    frame = table(*draw(rows_of))
    keep = draw(st.lists(st.sampled_from(COLUMNS[2:]), unique=True))
    return frame[[*COLUMNS[:2], *keep]]


def bag(frame):
    columns = sorted(frame.columns)
    return sorted(map(tuple, editions._normal(frame, SCHEMA)[columns].to_numpy().tolist())), columns


@given(tables_of())
@settings(max_examples=30)
@pytest.mark.slow
def test_a_table_does_not_differ_from_itself(frame):
    change = compare_tables("t", frame, frame.copy(), SCHEMA, SCHEMA)
    assert not change.kinds and change.added.empty and change.removed.empty and change.cells.empty


@pytest.mark.slow
@given(tables_of(), tables_of())
@settings(max_examples=50)
def test_what_one_way_adds_the_other_way_removes(old, new):
    there, back = (compare_tables("t", a, b, SCHEMA, SCHEMA) for a, b in ((old, new), (new, old)))
    assert bag(there.added) == bag(back.removed) and bag(there.removed) == bag(back.added)
    turned = back.cells.rename(columns={"old": "new", "new": "old"})

    def said(cells):
        key = [tuple(map(editions._number, k[:-1])) + k[-1:] for k in cells["key"]]
        return sorted(zip(map(str, key), cells["column"], cells["old"], cells["new"], strict=True))

    assert said(there.cells) == said(turned)
    assert there.columns_added == tuple(c for c in new.columns if c in back.columns_removed)


@given(tables_of(), tables_of())
@settings(max_examples=50)
@pytest.mark.slow
def test_the_older_table_with_the_differences_is_the_newer_one(old, new):
    change = compare_tables("t", old, new, SCHEMA, SCHEMA)
    assert bag(editions.apply(old, change, SCHEMA)) == bag(new)


# ---- whole editions


def small(**changed):
    """Two districts of one comune each, a shared project and a budget; tables given replace these."""
    tables = {
        "districts": pd.DataFrame({"distretto_id": ["D1", "D2"], "name": ["Uno", "Due"]}),
        "comune_distretto": pd.DataFrame(
            {"istat": ["001", "002"], "comune": ["A", "B"], "distretto_id": ["D1", "D2"], "status": "sourced"}
        ),
        "population": pd.DataFrame(
            {
                "istat": ["001", "001", "002"],
                "age": ["30", "70", "30"],
                "female": ["5", "1", "2"],
                "male": ["4", "0", "0"],
            }
        ),
        "measures": pd.DataFrame(
            {"measure_id": ["M1", "M1-A"], "sub_call_of": ["", "M1"], "budget_eur": ["100", "60"]}
        ),
        "misura1_projects": pd.DataFrame({"project_id": ["P1", "P2"], "amount_granted_eur": ["", "8"]}),
        "district_projects": pd.DataFrame({"distretto_id": ["D1", "D2"], "project_id": ["P1", "P1"]}),
    } | changed
    keys = {"population": ["istat", "age"], "comune_distretto": ["istat"], "misura1_projects": ["project_id"]}
    numbers = {"population": ["female", "male"], "misura1_projects": ["amount_granted_eur"], "measures": ["budget_eur"]}
    resources = {
        name: {
            "schema": {
                "fields": [
                    {"name": c, "type": "integer" if c in numbers.get(name, ()) else "string"} for c in frame.columns
                ],
                "primaryKey": keys.get(name, list(frame.columns[:1])),
            }
        }
        for name, frame in tables.items()
    }
    return Edition("1", "2026-01-01", resources, {name: frame.astype("str") for name, frame in tables.items()})


def test_totals_of_a_hand_made_edition():
    found = totals.totals(small())
    assert found[["residents", "residents_65_plus", "comuni", "districts", "budget_eur"]].tolist() == [12, 1, 2, 2, 100]
    assert found[["projects", "grants_known", "grants_eur"]].tolist() == [2, 1, 8]
    assert found[["feed_projects", "feed_paid_eur"]].isna().all()


def test_a_grant_that_becomes_known_moves_the_total_and_its_districts_by_residents():
    projects = pd.DataFrame({"project_id": ["P1", "P2"], "amount_granted_eur": ["24", "8"]})
    found = comparison.compare(small(), small(misura1_projects=projects))
    assert found.severity == "major"
    assert found.totals.set_index("what")["new"].to_dict() == {"grants_known": 2, "grants_eur": 32}
    moved = found.moved.set_index("distretto_id")
    assert moved["new"].to_dict() == {"D1": 20, "D2": 4} and moved["old"].isna().all()
    assert found.districts["distretto_id"].tolist() == ["D1", "D2"]


def test_only_the_district_of_the_comune_that_changed_is_concerned():
    people = small().tables["population"].assign(female=["6", "1", "2"])
    found = comparison.compare(small(), small(population=people))
    assert found.districts.to_dict("records") == [
        {"distretto_id": "D1", "name": "Uno", "tables": "population", "moved": True}
    ]
    assert found.totals["what"].tolist() == ["residents"]
    assert found.findings["kind"].tolist() == ["figures_changed", "total_moved", "district_moved"]


def test_a_comune_that_changes_district_concerns_both():
    member = small().tables["comune_distretto"].assign(distretto_id=["D2", "D2"])
    found = comparison.compare(small(), small(comune_distretto=member))
    assert found.districts["distretto_id"].tolist() == ["D1", "D2"] and found.totals.empty


def test_a_text_on_a_project_concerns_its_districts_and_moves_nothing():
    facts = pd.DataFrame({"fact_id": ["F1"], "project_id": ["P1"], "value": ["x"]})
    found = comparison.compare(small(facts=facts), small(facts=facts.assign(value="y")))
    assert found.severity == "minor" and found.moved.empty
    assert found.districts["moved"].tolist() == [False, False]


def test_a_table_that_is_gone_is_breaking_and_a_new_one_minor():
    more = small(extra=pd.DataFrame({"a": ["1"]}))
    assert comparison.compare(more, small()).severity == "breaking"
    assert comparison.compare(small(), more).severity == "minor"


# ---- where editions stand


@pytest.mark.slow
def test_two_folders_are_compared_by_what_they_hold(tmp_path):
    copy = copied(tmp_path)
    assert comparison.compare(snapshots.read(config.RAW), snapshots.read(copy.root)).severity is None
    row = copy.row_of("misura1_projects.csv", "project_id", "M1-03")
    copy.edit("misura1_projects.csv", row, "amount_granted_eur", "250000")
    found = comparison.compare(snapshots.read(config.RAW), snapshots.read(copy.root))
    districts = pd.read_csv(config.RAW / "district_projects.csv")
    expected = districts.loc[districts["project_id"] == "M1-03", "distretto_id"].tolist()
    assert found.districts["distretto_id"].tolist() == expected and found.districts["moved"].all()
    assert found.totals.set_index("what")["new"]["grants_eur"] == 250_000


#: Tables enough for a package of their own.
SMALL = ("sources", "quadrants", "provinces", "province_quadrant")


@pytest.fixture
def copy(tmp_path):
    return Copy(reduced(tmp_path / "data" / "raw", SMALL))


def test_other_line_endings_are_cosmetic(copy):
    before = snapshots.read(copy.root)
    path = copy.root / "quadrants.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    found = comparison.compare(before, snapshots.read(copy.root))
    assert found.findings[["severity", "kind", "table"]].to_numpy().tolist() == [["cosmetic", "rewritten", "quadrants"]]


@pytest.mark.slow
def test_totals_of_the_data_at_hand_are_the_published_ones():
    found = totals.totals(snapshots.read())
    assert found[["residents", "comuni", "districts", "budget_eur"]].tolist() == [4_256_350, 1_181, 30, 20_000_000]
    assert found["projects"] == 22


def git(folder, *arguments):
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", folder, *identity, *arguments], check=True, capture_output=True)


@pytest.mark.slow
def test_two_revisions_of_git_are_compared(copy, tmp_path, monkeypatch):
    monkeypatch.setattr(config, "ROOT", tmp_path)
    monkeypatch.setattr(config, "RAW", copy.root)

    def diff(*arguments):
        return CliRunner(env={"COLUMNS": "200"}).invoke(app, ["diff", *arguments])

    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "data/raw")
    git(tmp_path, "commit", "-qm", "one")
    path = copy.root / "quadrants.csv"
    path.write_text(path.read_text().replace("Città metropolitana", "Area metropolitana"))
    assert diff("HEAD", "HEAD", "--exit-code").output.count("No difference") == 1
    git(tmp_path, "commit", "-qam", "two")
    done = diff("HEAD~1", "HEAD", "--exit-code", "--rows")
    assert done.exit_code == 1 and "texts changed" in done.output and "Area metropolitana" in done.output
    assert "Gravest: minor" in done.output
    at_hand = diff("HEAD~1")
    assert at_hand.exit_code == 0 and "Gravest: minor" in at_hand.output
    for wrong in ("nowhere", "--upload-pack=x"):
        refused = diff("--", wrong)
        assert isinstance(refused.exception, WecareError)
        assert "neither a folder nor a revision" in str(refused.exception)


def test_a_kept_edition_is_the_previous_one_and_is_replaced_by_one_of_its_version(copy):
    assert snapshots.previous(copy.root) is None
    keep(copy.root, copy.root)
    copy.edit("quadrants.csv", 2, "name", "Altro")
    kept = snapshots.previous(copy.root)
    assert comparison.compare(kept, snapshots.read(copy.root)).severity == "minor"
    keep(copy.root, copy.root)
    assert comparison.compare(snapshots.previous(copy.root), snapshots.read(copy.root)).severity is None
    package = json.loads((copy.root / "datapackage.json").read_text())
    (copy.root / "datapackage.json").write_text(json.dumps(package | {"version": "../x"}))
    with pytest.raises(WecareError, match="an edition such as"):
        keep(copy.root, copy.root)
