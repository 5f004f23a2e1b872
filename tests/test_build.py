"""Only what changed: on real edits, never stale and rarely too much; interrupted builds are resumed."""

import os
import re
import signal
import subprocess
import sys
import time

import nbformat
import pandas as pd
import pytest

from helpers.build import jobs
from helpers.checks.run import record

#: Pages that show the residents of the region or of all districts.
REGION = {
    *("overview", "districts", "method", "resources", "equity", "whatif", "explorer", "wecare_will"),
    *("boundaries", "indicators", "catalogue", "trends"),
}

EVERY = len(jobs.all_jobs())

OSSOLA = "distretti/verbano-cusio-ossola"
#: Enough reports for a build to be interrupted among them.
SOME = [part for n in range(1, 7) for part in ("--only", f"D{n:02d}")]


@pytest.fixture(scope="module")
def edited(reported, tmp_path_factory):
    """A project with all its reports made, which the tests edit one after the other."""
    return reported.copy(tmp_path_factory.mktemp("edited"))


def explained(project):
    """Reports that would run, with the reasons."""
    lines = project.wecare("build", "--explain").stdout.splitlines()
    pairs = [line.split(": ", 1) for line in lines if ": " in line]
    reports = {job.name: job.report for job in jobs.all_jobs()}
    found = {name: why for name, why in pairs if why != "up to date" and name in reports}
    # Both editions of a report run, or neither.
    assert all(f"{name}-en" in found for name in found if name == reports[name])
    return {name: why for name, why in found.items() if name == reports[name]}


def edit(project, table, old, new):
    path = project.root / "data/raw" / table
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")
    project.wecare("record")


def reports(project):
    folder = project.root / "reports"
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*.ipynb")}


def build(project, every=False):
    """Build what changed and give what was said; what is left alone must be what making it now would make of it.

    Looked at are all reports; unless it is said, in Italian, and of the districts and projects a few.
    """
    several = {"district": ("D03", "D20", "D30"), "project": ("M1-05", "M1-20")}
    files = {
        job.name: project.root / f"reports/{job.address}.ipynb"
        for job in jobs.all_jobs()
        if every or (job.name == job.report and job.report in several.get(job.template.stem, (job.report,)))
    }
    stamps = {name: file.stat().st_mtime_ns for name, file in files.items()}
    said = project.wecare("build").stdout
    alone = [name for name, file in files.items() if file.stat().st_mtime_ns == stamps[name]]
    assert {"D03", "D20", "D30", "M1-05", "M1-20"} & set(alone)
    left = reports(project)
    project.wecare("build", "--again", *(part for name in alone for part in ("--only", name)))
    assert all(files[name].stat().st_mtime_ns > stamps[name] for name in files)
    assert reports(project) == left
    return said


def test_nothing_changed_runs_nothing(edited):
    before = {p: p.stat().st_mtime_ns for p in (edited.root / "reports").rglob("*.ipynb")}
    assert f"Nothing changed: {EVERY} reports are up to date" in edited.wecare("build").stdout
    assert {p: p.stat().st_mtime_ns for p in before} == before


def test_a_touched_file_is_not_a_changed_file(edited):
    for name in ("data/raw/population.csv", "notebooks/district.ipynb"):
        os.utime(edited.root / name)
    assert explained(edited) == {}


def test_a_typo_in_a_project_title_runs_the_pages_that_show_it(edited):
    edit(edited, "misura1_projects.csv", ",La Cura è di Casa,", ",La cura è di casa,")
    why = explained(edited)
    # The project, its district, the measure that lists all, and the catalogue, which states the hash of every table.
    assert set(why) == {"D21", "M1", "M1-09", "catalogue"} and why["D21"] == "facts.project changed"
    assert f"8 of 8 reports made in reports/, {EVERY - 8} unchanged" in edited.wecare("build").stdout
    assert "La cura è di casa" in (edited.root / f"reports/{OSSOLA}.ipynb").read_text()


def test_a_source_nobody_cites_on_a_district_page_runs_the_sources_page(edited):
    sources = (edited.root / "data/raw/sources.csv").read_text()
    line = re.search(r"(?m)^S165,.*$", sources)[0]
    edit(edited, "sources.csv", line, line.replace("https://", "https://www.", 1) if "https" in line else line + "x")
    assert set(explained(edited)) == {"method", "catalogue"}


def test_one_resident_more_runs_the_district_and_the_pages_with_totals(edited):
    population = (edited.root / "data/raw/population.csv").read_text()
    row = re.search(r"(?m)^004078,40,(\d+),(\d+)$", population)
    female, male = map(int, row.groups())
    edit(edited, "population.csv", row[0] + "\n", f"004078,40,{female + 1},{male}\n")
    why = explained(edited)
    # Cuneo itself and what shows its exact residents: the region's pages, and districts that list it as similar.
    assert {"D12"} | REGION <= set(why)
    others = set(why) - {"D12"} - REGION
    assert all(why[name] == "similar changed" for name in others)
    assert len(others) < 10
    assert "comuni changed" in why["D12"] and "ages changed" in why["D12"]
    # Neither did the edits before this one leave anything stale.
    assert f"of {EVERY} reports" not in build(edited)
    assert explained(edited) == {}
    page = (edited.root / "reports/metodo.ipynb").read_text()
    assert "4.256.351" in page and "4.256.350" not in page


def more_in_torino(project):
    population = (project.root / "data/raw/population.csv").read_text()
    row = re.search(r"(?m)^001272,70,(\d+),(\d+)$", population)
    female, male = map(int, row.groups())
    edit(project, "population.csv", row[0] + "\n", f"001272,70,{female + 30_000},{male}\n")


@pytest.mark.audit
def test_many_residents_more_run_every_page_that_shows_the_difference(reported, tmp_path):
    project = reported.copy(tmp_path)
    more_in_torino(project)
    assert {f"D{n:02d}" for n in range(1, 31)} | REGION <= set(explained(project))


@pytest.mark.audit
def test_many_residents_more_change_no_page_that_is_left_alone_and_fewer_again_none(reported, tmp_path):
    project = reported.copy(tmp_path)
    path = project.root / "data/raw/population.csv"
    before, descriptor = path.read_bytes(), (project.root / "data/raw/datapackage.json").read_bytes()
    more_in_torino(project)
    explained(project)
    path.write_bytes(before)
    project.wecare("record")
    assert (project.root / "data/raw/datapackage.json").read_bytes() == descriptor
    assert explained(project) == {}
    more_in_torino(project)
    assert f"of {EVERY} reports" not in build(project, every=True)


def test_pages_not_asked_for_are_published_as_they_were_and_say_so(built, tmp_path):
    project = built.copy_with_site(tmp_path / "project")
    edit(project, "misura1_projects.csv", ",La Cura è di Casa,", ",La Cura in Casa,")
    said = " ".join(project.wecare("build", "--only", "D21", "--publish").stdout.split())
    assert "2 of 2 reports made" in said and "6 pages are not up to date and say so" in said
    pages = {name: (project.site / name).read_text() for name in ("misure/misura-1.html", f"{OSSOLA}.html")}
    assert [("La Cura in Casa" in page, "note stale" in page) for page in pages.values()] == [
        (False, True),
        (True, False),
    ]


def test_a_changed_template_runs_its_reports_only(edited):
    path = edited.root / "notebooks/overview.ipynb"
    before, nb = path.read_bytes(), nbformat.read(path, 4)
    nb.cells[0].source += " "
    nbformat.write(nb, path)
    assert explained(edited) == {"overview": "notebooks/overview.ipynb changed"}
    path.write_bytes(before)


def test_a_report_or_table_that_is_not_what_was_made_or_was_removed_is_made_again(edited):
    report, removed = (edited.root / f"reports/{edition}distretti/bra.ipynb" for edition in ("", "en/"))
    table = edited.root / "data/processed/districts.parquet"
    before = [path.read_bytes() for path in (report, removed, table)]
    report.write_bytes(before[0].replace(b"Bra", b"Bar"))
    removed.unlink()
    districts = pd.read_parquet(table)
    districts.assign(residents=districts["residents"] * 10).to_parquet(table, index=False)
    lines = edited.wecare("build", "--explain", "--only", "D12", "--only", "D15").stdout.splitlines()
    assert [line for line in lines if line.startswith("D1") and "up to date" not in line] == [
        "D15: reports/distretti/bra.ipynb is not what was made",
        "D15-en: reports/en/distretti/bra.ipynb missing",
    ]
    edited.wecare("build")
    assert [path.read_bytes() for path in (report, removed, table)] == before


def test_a_notebook_that_was_only_run_and_saved_is_the_same_template(edited):
    path = edited.root / "notebooks/measure.ipynb"
    before, nb = path.read_bytes(), nbformat.read(path, 4)
    for cell in nb.cells:
        cell.metadata["collapsed"] = True
        if cell.cell_type == "code":
            cell.execution_count, cell.outputs = 7, [nbformat.v4.new_output("stream", text="run by hand")]
    nb.metadata["language_info"] = {"name": "python", "version": "3.99"}
    nbformat.write(nb, path)
    assert explained(edited) == {}
    nb.cells[-1].metadata["tags"] = ["remove-cell"]
    nbformat.write(nb, path)
    assert set(explained(edited)) == {job.report for job in jobs.all_jobs() if job.template.stem == "measure"}
    path.write_bytes(before)


def test_an_edit_that_keeps_size_and_time_is_seen(edited):
    path = edited.root / "data/raw/comuni.csv"
    before, times = path.read_bytes(), path.stat()
    path.write_bytes(before.replace(b",Torino,", b",Torinx,", 1))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    for command in ("build", "publish"):
        done = edited.wecare(command, ok=False)
        assert done.returncode == 1 and "comuni.csv" in done.stderr
    path.write_bytes(before)


def test_an_unrecorded_edit_stops_the_build(edited):
    path = edited.root / "data/raw/districts.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("one ambito of three enti", "one ambito of 3 enti", 1), encoding="utf-8")
    done = edited.wecare("build", ok=False)
    assert done.returncode == 1
    assert "districts.csv" in done.stderr and "wecare record" in done.stderr
    path.write_text(text, encoding="utf-8")
    assert explained(edited) == {}


def start(project, *arguments):
    command = [sys.executable, "-c", "from helpers.cli.main import main; main()", *arguments]
    environment = os.environ | {"WECARE_ROOT": str(project.root)}
    return subprocess.Popen(
        command, env=environment, cwd=project.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.mark.parametrize("how", [signal.SIGKILL, pytest.param(signal.SIGINT, marks=pytest.mark.audit)])
def test_an_interrupted_build_is_resumed_where_it_was(derived, how):
    project = derived
    asked = len(jobs.select(jobs.all_jobs(), SOME[1::2]))
    process = start(project, "build", "--jobs", "1", *SOME)
    folder = project.root / "reports"
    deadline = time.monotonic() + 120
    while len(list(folder.rglob("*.ipynb"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(how)
    process.wait(30)
    made = reports(project)
    assert 3 <= len(made) < asked
    for path in folder.rglob("*.ipynb"):
        nbformat.read(path, 4)
    stamps = {p: p.stat().st_mtime_ns for p in folder.rglob("*.ipynb")}
    said = project.wecare("build", *SOME).stdout
    again = asked - int(re.search(r"(\d+) unchanged", said)[1])
    # The one report that was written but not yet noted down may be made twice.
    assert asked - len(made) <= again <= asked - len(made) + 1
    assert sum(p.stat().st_mtime_ns != stamp for p, stamp in stamps.items()) <= 1
    assert len(reports(project)) == asked


def build_while(project, module, function, edit, *arguments):
    """Build in a process in which ``edit`` (Python) happens right after a function of the library has returned."""
    code = (
        f"import pathlib, {module} as m\nroot = pathlib.Path({str(project.root)!r})\n"
        f"real = m.{function}\ndef after(*given, **named):\n    made = real(*given, **named)\n"
        f"    {edit}\n    return made\nm.{function} = after"
    )
    return project.wecare("build", *arguments, first=code).stdout


def test_what_is_edited_while_it_is_checked_is_not_built_as_checked(derived):
    project = derived
    path = project.root / "data/raw/events.csv"
    # An edit, so that there is something to check.
    path.write_text(path.read_text().replace("single source,S030,", "one source,S030,", 1))
    record(project.root / "data/raw")
    spoil = "p = root / 'data/raw/events.csv'; p.write_text(p.read_text() + 'EV-99,no date,,,,,,\\n')"
    said = build_while(project, "helpers.checks.run", "require_valid", spoil, "--only", "timeline")
    assert "2 of 2 reports made" in said and "Edited while this ran" in said and "data/raw/events.csv" in said
    assert "EV-99" not in (project.root / "reports/cronologia.ipynb").read_text()
    done = project.wecare("build", "--only", "timeline", ok=False)
    assert done.returncode == 1 and "events.csv" in done.stderr
    path.write_text(path.read_text().replace("EV-99,no date,,,,,,\n", ""))
    assert "Nothing changed" in project.wecare("build", "--only", "timeline").stdout


@pytest.mark.parametrize("engine", ["wecare-warm", pytest.param("nbclient", marks=pytest.mark.audit)])
def test_a_notebook_edited_while_it_runs_does_not_count_as_built(derived, engine):
    project = derived
    edit = "p = root / 'notebooks/timeline.ipynb'; p.write_text(p.read_text().replace('page.', 'page. ', 1))"
    said = build_while(project, "helpers.build.batch", "validate", edit, "--only", "timeline", "--engine", engine)
    assert "notebooks/timeline.ipynb" in said and "2 of 2 reports made" in said
    lines = project.wecare("build", "--only", "timeline", "--explain").stdout.splitlines()
    why = "notebooks/timeline.ipynb changed" if engine == "wecare-warm" else "never made before"
    assert lines[0] == f"timeline: {why}"
