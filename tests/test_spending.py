"""Spending: sums that count each amount once, payments over time, and pages that follow an import by themselves."""

import csv
import json
import os
import re
import subprocess
import sys
from html import unescape

import generated_feed as generated
import pandas as pd
import plotly.graph_objects as go
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from showing import show, words

from helpers import config
from helpers.analysis import funding, project_districts, spending
from helpers.analysis.spending import Feed
from helpers.data import comparison, snapshots
from helpers.figures import spending as charts

sys.path.insert(0, str(ROOT / "benchmarks"))
import synthetic_feed as synthetic

NAN = float("nan")
RESIDENTS = pd.Series({"D1": 100.0, "D2": 300.0, "D3": 50.0})


def feed(projects, tied, payments=()):
    columns = ["project_ref", "measure_id", *spending.AMOUNTS]
    return Feed(
        pd.DataFrame(projects, columns=columns),
        pd.DataFrame(payments, columns=["project_ref", "date", "paid_eur"]).astype({"date": "datetime64[s]"}),
        pd.DataFrame([(*row, "") for row in tied], columns=project_districts.COLUMNS),
    )


SMALL = feed(
    [("A", "M1", 400.0, 300.0, 100.0), ("B", "M1", NAN, NAN, 50.0), ("C", "WA", 80.0, NAN, 0.0)],
    [
        ("A", "D1", "comuni"),
        ("A", "D2", "comuni"),
        ("B", "D1", "named-district"),
        ("C", None, project_districts.UNTIED),
    ],
)


def test_sums_say_what_they_rest_on_and_progress_only_where_both_amounts_are_known():
    found = spending.sum_up(SMALL.projects)
    assert (found["n"], found["public_funding_eur"], found["public_funding_eur_known"]) == (3, 480, 2)
    assert (found["committed_eur"], found["committed_eur_known"]) == (300, 1)
    assert found["paid_eur"] == 150
    # Project B was paid 50, but of what is not known.
    assert found["progress"] == pytest.approx(100 / 480) and found["progress_n"] == 2


def test_a_sum_of_nothing_known_is_none_and_never_zero():
    found = spending.sum_up(SMALL.projects[SMALL.projects["project_ref"] == "B"])
    assert found["public_funding_eur"] is None and found["committed_eur"] is None and found["progress"] is None
    nothing_paid = spending.sum_up(SMALL.projects[SMALL.projects["project_ref"] == "C"])
    assert nothing_paid["paid_eur"] == 0 and nothing_paid["progress"] == 0


def test_a_shared_amount_is_split_by_residents_and_counted_once():
    parts = spending.shares(SMALL, RESIDENTS).set_index(["project_ref", "distretto_id"])
    assert parts["public_funding_eur"].to_dict() == pytest.approx(
        {("A", "D1"): 100, ("A", "D2"): 300, ("B", "D1"): NAN}, nan_ok=True
    )
    own = spending.by_group(parts.reset_index(), pd.Series(RESIDENTS.index, index=RESIDENTS.index))
    assert own["public_funding_eur"].to_dict() == {"D1": 100, "D2": 300}
    assert own["n"].to_dict() == {"D1": 2, "D2": 1} and own["shared"].to_dict() == {"D1": 1, "D2": 1}
    # One quadrant that holds both: the project counts once and belongs to it alone.
    quadrant = spending.by_group(parts.reset_index(), pd.Series({"D1": "q", "D2": "q"})).loc["q"]
    assert (quadrant["n"], quadrant["public_funding_eur"], quadrant["shared"]) == (2, 400, 0)


amounts = st.lists(
    st.tuples(st.integers(0, 10**8), st.sets(st.sampled_from(["D1", "D2", "D3"]), min_size=1)), min_size=1
)


@pytest.mark.slow
@settings(max_examples=40)
@given(amounts)
def test_no_euro_is_lost_or_counted_twice(rows):
    projects = [(f"P{n}", "M1", cents / 100, NAN, NAN) for n, (cents, _) in enumerate(rows)]
    tied = [(f"P{n}", district, "comuni") for n, (_, own) in enumerate(rows) for district in sorted(own)]
    found = feed(projects, tied)
    parts = spending.shares(found, RESIDENTS)
    total = sum(cents for cents, _ in rows) / 100
    for group in (pd.Series(RESIDENTS.index, index=RESIDENTS.index), pd.Series("all", index=RESIDENTS.index)):
        assert spending.by_group(parts, group)["public_funding_eur"].sum() == pytest.approx(total)
    assert spending.sum_granted(parts, "M1")["eur"].sum() == pytest.approx(total)
    assert spending.by_measure(found)["public_funding_eur"].sum() == pytest.approx(total)


def test_payments_over_time_add_the_last_known_total_of_each_project():
    found = feed(
        [("A", "M1", NAN, NAN, NAN), ("B", "M1", NAN, NAN, NAN), ("C", "M1", NAN, NAN, NAN)],
        [],
        [("A", "2019-01-15", 10.0), ("A", "2019-08-01", 30.0), ("B", "2019-05-05", 5.0), ("C", "2019-05-05", NAN)],
    )
    table = spending.over_time(found.payments, found.projects)
    assert table["date"].dt.strftime("%Y-%m-%d").tolist() == ["2019-03-31", "2019-06-30", "2019-09-30"]
    assert table["paid_eur"].tolist() == [10, 15, 35] and table["n"].tolist() == [1, 2, 2]
    assert spending.over_time(found.payments.iloc[:0], found.projects).empty


def test_a_recovery_lowers_what_had_been_paid_and_the_line_of_the_chart():
    found = feed(
        [("A", "M1", NAN, NAN, 90.0)],
        [],
        [("A", "2019-01-15", -5.0), ("A", "2019-04-01", 100.0), ("A", "2019-08-01", 90.0)],
    )
    table = spending.over_time(found.payments, found.projects)
    assert table["paid_eur"].tolist() == [-5, 100, 90] and table["n"].tolist() == [1, 1, 1]
    told = table.assign(measure_id="M1", date=table["date"].astype(str), paid_eur=table["paid_eur"] * 1e6)
    assert charts.paid(told, {"M1": "Misura 1"}, ["", "", ""], "x", str)["data"][0]["y"] == [-5, 100, 90]


def test_public_funding_fills_only_grants_that_are_not_known():
    districts = pd.DataFrame({"residents": RESIDENTS})
    links = pd.DataFrame({"distretto_id": ["D1"], "project_id": ["P1"]})
    fed = pd.DataFrame({"eur": [70.0, 90.0], "status": ["sourced", "derived"]}, index=["D1", "D2"])
    index = pd.Series(100.0, index=RESIDENTS.index)
    for grant, expected in ((500.0, (500, "grants", "sourced")), (NAN, (70, "feed", "sourced"))):
        table = funding.resources(districts, index, links, pd.Series({"P1": grant}), 1000, fed=fed)
        assert tuple(table.loc["D1", ["granted_eur", "granted_by", "granted_status"]]) == expected
        assert tuple(table.loc["D2", ["granted_eur", "granted_by", "granted_status"]]) == (90, "feed", "derived")
        assert pd.isna(table.at["D3", "granted_eur"]) and table.at["D3", "granted_status"] == "not_known"


def test_a_district_named_by_its_only_project_is_sourced_and_a_shared_one_derived():
    table = spending.sum_granted(spending.shares(SMALL, RESIDENTS), "M1")
    assert table["status"].to_dict() == {"D1": "derived", "D2": "derived"}
    own = feed([("A", "M1", 9.0, NAN, NAN)], [("A", "D1", "named-district")])
    assert spending.sum_granted(spending.shares(own, RESIDENTS), "M1")["status"].to_dict() == {"D1": "sourced"}


def test_charts_are_what_plotly_takes():
    table = pd.DataFrame({"measure_id": ["M1", "M1"], "date": ["2019-03-31", "2019-06-30"], "paid_eur": [1e6, 2e6]})
    figure = go.Figure(charts.paid(table, {"M1": "Misura 1"}, ["a", "b"], "x", str))
    assert list(figure.data[0].y) == [1, 2] and figure.data[0].line.shape == "hv"
    figure = go.Figure(charts.against(["a", "b"], [1e3, 2e3], [2e3, 1e3], ["", ""], ("x", "y", "z"), str))
    assert list(figure.data[2].x) == [1, 2] and list(figure.data[1].x) == [2, 1]


# ---- the whole path: import, build, what changed


def shown(project, address):
    """The text of the section on spending of an executed report."""
    cells = json.loads((project.root / f"reports/{address}.ipynb").read_text(encoding="utf-8"))["cells"]
    outputs = next(cell["outputs"] for cell in cells if "spending()" in "".join(cell["source"]))
    text = " ".join(
        "".join(output.get("data", {}).get(kind, "")) for output in outputs for kind in ("text/markdown", "text/html")
    )
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.fixture
def comune():
    """A comune of each district, of those that no other rule could tie elsewhere."""
    member = pd.read_csv(config.RAW / "comune_distretto.csv", dtype="str", keep_default_na=False)
    return member.groupby("distretto_id")["istat"].first()


#: A title that a spreadsheet would run and a browser too.
TITLE = '=HYPERLINK("http://x") <b>Generato</b>'


def official(folder, comune):
    """A generated download: a project of one district, one of two, one that no rule ties; and its payments."""

    def row(ref, *districts, **cells):
        codes = ["001" + comune[d] for d in districts]
        place = {"COD_COMUNE": ":::".join(codes), "DEN_COMUNE": "", "COD_PROVINCIA": ""}
        return synthetic.ROW | {"COD_LOCALE_PROGETTO": ref} | place | cells

    call = "Progettazione e attuazione di interventi di welfare aziendale"
    welfare = {"OC_COD_SUBARTICOLAZ_PROGRAMMA": "I.8iv.3.2.04", "DESCR_PROCED_ATTIVAZIONE": call}
    rows = [
        row("GEN1", "D12", FINANZ_TOTALE_PUBBLICO="250000,50", IMPEGNI="200000", TOT_PAGAMENTI="90000"),
        row("GEN2", "D05", "D06", OC_TITOLO_PROGETTO=TITLE, FINANZ_TOTALE_PUBBLICO="400000", IMPEGNI="",
            TOT_PAGAMENTI=""),
        row("GEN3", **welfare, FINANZ_TOTALE_PUBBLICO="50000", IMPEGNI="", TOT_PAGAMENTI="0"),
    ]  # fmt: skip
    days = (("20190305", "30000"), ("20200701", "90000"))
    paid = [{"COD_LOCALE_PROGETTO": "GEN1", "OC_DATA_PAGAMENTI": d, "TOT_PAGAMENTI": eur} for d, eur in days]
    return (
        synthetic.write(folder / "progetti_esteso_PIE_2014-2020.zip", rows),
        synthetic.write(folder / "pagamenti_PIE_2014-2020_20260228.csv", paid, synthetic.PAYMENTS),
    )


@pytest.mark.audit
def test_pages_follow_an_import_and_only_those_it_touches(reported, comune, tmp_path):
    project = reported.copy(tmp_path / "project")
    raw = project.root / "data/raw"
    project.wecare("keep")
    project.wecare("import", "opencoesione", *map(str, official(tmp_path, comune)), "--yes")
    lines = project.wecare("build", "--explain").stdout.splitlines()
    project.wecare(
        "build", "--only", "resources", "--only", "D12", "--only", "D05", "--only", "D09", "--only", "changes"
    )

    # That there are data at all now is told by every page of a district or measure; of what the data say, those that a
    # project is tied to are touched, the measures that have one, and what speaks of all.
    reasons = {
        name: set(why.split("; ")) for name, _, why in (line.partition(": ") for line in lines) if "changed" in why
    }
    told = {name for name, why in reasons.items() if "spending.fed changed" in why and not name.endswith("-en")}
    assert told == {"M1", "M2", "WA", "ACC", "FESR", *(f"D{n:02}" for n in range(1, 31))}
    touched = {name for name, why in reasons.items() if why - {"spending.fed changed"} and not name.endswith("-en")}
    assert {name for name in touched if re.fullmatch(r"D\d\d", name)} == {"D05", "D06", "D12"}
    assert touched & {"M1", "M2", "WA", "ACC", "FESR"} == {"M1", "WA"}
    assert touched >= {"resources", "changes", "catalogue"}
    assert not touched & {"overview", "districts", "boundaries", "timeline", "indicators", "explorer", "whatif"}
    found = comparison.compare(snapshots.previous(raw), snapshots.read(raw))
    assert found.severity == "major"
    assert found.districts["distretto_id"].tolist() == ["D05", "D06", "D12"]
    assert found.totals.set_index("what")["new"].to_dict() == pytest.approx(
        {"feed_projects": 3, "feed_public_eur": 700_000.5, "feed_committed_eur": 200_000, "feed_paid_eur": 90_000}
    )

    region = shown(project, "risorse")
    assert "sono stati importati 3 progetti" in region and "700.000 euro" in region
    assert "Un progetto non è legato ad alcun distretto" in region
    assert "Quanto era stato pagato in tutto alla fine di ogni trimestre" in region
    cuneo, novi = shown(project, "distretti/cuneo"), shown(project, "distretti/novi-ligure-e-tortona")
    # What is not known of a district is told on the method page alone.
    assert shown(project, "distretti/alba") == shown(reported, "distretti/alba") == ""
    assert "non contiene dati di OpenCoesione" not in cuneo + novi
    assert "250.000 euro" in cuneo and "il valore di riferimento per residenti" in cuneo
    assert "la parte secondo i residenti" in novi and "Pagamenti.** Non noti" in novi
    assert "three districts" in shown(project, "en/risorse")
    page = (project.root / "reports/cambiamenti.ipynb").read_text(encoding="utf-8")
    assert "Novi Ligure e Tortona" in page and "Vercelli" in page and "Asti" not in page
    for address in ("risorse", "en/risorse", "distretti/cuneo", "distretti/novi-ligure-e-tortona"):
        assert not re.search(r"\b(nan|None|undefined)\b", shown(project, address)), address
        html = (project.root / f"reports/{address}.ipynb").read_text(encoding="utf-8")
        assert "<b>Generato" not in html, address
    assert "&lt;b&gt;Generato" in (project.root / "reports/distretti/novi-ligure-e-tortona.ipynb").read_text()

    published(project, tmp_path / "tables")
    with (tmp_path / "tables/projects.csv").open(encoding="utf-8", newline="") as file:
        titles = {row["project_ref"]: row["title"] for row in csv.DictReader(file)}
    # The raw table keeps the truth, the published one is safe, and the way back is exact.
    assert titles["GEN2"] == "'" + TITLE and f'"{TITLE}' not in (tmp_path / "tables/projects.csv").read_text()
    assert comparison.compare(snapshots.read(raw), snapshots.read(tmp_path / "tables")).severity in (None, "cosmetic")
    assert snapshots.read(tmp_path / "tables").tables["projects"]["title"].tolist()[1] == TITLE


def published(project, folder):
    """Write the tables as the site offers them."""
    program = (
        "import sys, pathlib\n"
        "from helpers.publish.feeds import package_files\n"
        "for name, data in package_files().items():\n"
        "    path = pathlib.Path(sys.argv[1]) / name.removeprefix('data/tables/')\n"
        "    path.parent.mkdir(parents=True, exist_ok=True); path.write_bytes(data)"
    )
    environment = os.environ | {"WECARE_ROOT": str(project.root)}
    subprocess.run([sys.executable, "-c", program, str(folder)], check=True, env=environment)


@pytest.mark.parametrize(("lang", "words"), [("it", "non contiene dati di spesa"), ("en", "holds no spending data")])
def test_where_nothing_is_imported_the_pages_say_so(lang, words, monkeypatch):
    from helpers.pages.common import page as base
    from helpers.pages.resources.page import Resources

    outputs = []
    monkeypatch.setattr(base, "display", lambda bundle, raw=True, metadata=None: outputs.append(bundle))
    Resources(lang).spending().show()
    assert any(words in str(bundle.get("text/markdown", "")) for bundle in outputs)


@pytest.mark.slow
def test_an_edition_of_the_feed_that_was_replaced_is_compared_with_the_one_at_hand(tmp_path, comune):
    from raw_fixtures import copied

    raw = copied(tmp_path).root
    old, new = (generated.project("GEN1", paid_eur=eur) for eur in ("10", "20"))
    place = [generated.place("GEN1", comune["D12"])]
    generated.add(raw, projects=[new], project_places=place, project_parties=[], payments=[])
    folder = raw / "superseded/PIE_2014-2020_20251031"
    folder.mkdir(parents=True)
    (folder / "datapackage.json").write_text(
        json.dumps({"name": "x", "version": "2025-10-31", "created": "2025-10-31T00:00:00Z", "resources": []})
    )
    generated.add(folder, projects=[old], project_places=place)
    ((name, before, after),) = snapshots.feeds(raw)
    found = comparison.compare(before, after)
    assert name == "PIE_2014-2020_20251031"
    assert found.districts["distretto_id"].tolist() == ["D12"]
    assert found.totals[["what", "old", "new"]].to_numpy().tolist() == [["feed_paid_eur", 10, 20]]


@pytest.mark.parametrize("lang", ["it", "en"])
def test_the_page_of_changes_tells_that_the_edition_before_was_not_kept(lang):
    from helpers.pages.changes.page import Changes

    text = words(show(Changes(lang), "brief"))
    assert {"it": "non è stata conservata", "en": "has not been kept"}[lang] in text
