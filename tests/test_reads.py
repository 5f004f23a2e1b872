"""The build knows what each report reads: nothing stale, and little made twice."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from helpers import config
from helpers.build import inputs, plan
from helpers.build.jobs import all_jobs
from helpers.data import processed, raw, read_state
from helpers.data.data_cache import DataCache
from helpers.data.read_log import Read, kept, note, note_reads
from helpers.system import files, processes
from helpers.system.record import Record

#: In children of a process that has loaded no data: what each report opens in data/raw beyond what it notes.
UNTOLD = """
import json, sys
from helpers import config
from helpers.data import raw
from helpers.pages.common.declared import inputs_from
from helpers.system import processes
from helpers.build.inputs import shown_parameters
from helpers.build.jobs import all_jobs
from helpers.data.read_log import note_reads

def look(job):
    def inside(send):
        opened = set()
        sys.addaudithook(lambda event, args: event == "open" and opened.add(str(args[0])))
        with note_reads() as reads:
            inputs_from(job.template.stem)(**shown_parameters(job))
        raw_files = {path for path in opened if path.startswith(str(config.RAW)) and not path.endswith(raw.DESCRIPTOR)}
        tables = {name.split(" ")[0] for kind, name in reads if kind in ("raw", "rows", "columns")}
        told = {str(config.RAW / raw.resource(name)["path"]) for name in tables}
        everything = any(read.kind == "everything" for read in reads)
        send((job.report, sorted(raw_files), sorted(raw_files - told) if not everything else []))
    return inside

jobs = {job.report: job for job in all_jobs() if job.report in sys.argv[1:]}
print(json.dumps([m for _, m in processes.run_all(((name, look(job)) for name, job in jobs.items()), 2)]))
"""


def read_anew(table, columns, contents):
    """The state of columns without what was kept of it: tests change tables whose files stay the same."""
    return read_state._read_columns(table, columns)


def test_who_listens_hears_what_was_kept_too():
    @kept(maxsize=4)
    def value(name):
        note("raw", name)
        return name

    for _ in range(2):
        with note_reads() as outer:
            note("edition")
            with note_reads() as inner:
                assert value("a") == "a"
        assert inner == {Read("raw", "a")} and outer == {Read("raw", "a"), Read("edition")}


def test_readers_say_what_they_read(tmp_path):
    processed.ensure()
    with note_reads() as reads:
        raw.load("quadrants"), raw.rows("measures"), raw.edition(), raw.year("population"), raw.available("grants")
        assert [row["name"] for row in raw.rows("districts", having=("slug", "cuneo"))] == ["Cuneo"]
        assert list(raw.load("measures", columns=["budget_eur", "measure_id"])) == ["budget_eur", "measure_id"]
        assert raw.form("events")[0] == "events.csv"
        processed.load("region")
    assert reads == {
        ("raw", "quadrants"),
        ("raw", "measures"),
        ("rows", "districts slug cuneo"),
        ("columns", "measures budget_eur measure_id"),
        ("form", "events"),
        ("edition", ""),
        ("year", "population"),
        ("presence", "grants"),
        ("processed", "region"),
    }
    with note_reads() as reads, pytest.raises(Exception, match="does not exist"):
        raw.load("quadrants", tmp_path)
    assert reads == {("everything", "")}


EVERY = {job.report for job in all_jobs()}
#: All reports, but of the districts one with a project and one without, and of the projects two.
SEVERAL = {"district": ("D12", "D27"), "project": ("M1-09", "M1-20")}
FEW = {job.report for job in all_jobs() if job.report in SEVERAL.get(job.template.stem, (job.report,))}


@pytest.mark.slow
@pytest.mark.skipif(not processes.AVAILABLE, reason="forking does not exist on this system")
@pytest.mark.parametrize("reports", [FEW, pytest.param(EVERY, marks=pytest.mark.audit)], ids=["few", "every"])
def test_no_report_opens_a_file_without_saying_so(reports):
    processed.ensure()
    command = [sys.executable, "-c", UNTOLD, *reports]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert {report for report, _, _ in found} == reports
    assert sum(bool(opened) for _, opened, _ in found) > len(reports) // 2
    assert not [(report, untold) for report, _, untold in found if untold]


def altered(monkeypatch, *names):
    """Make files of data/raw with these names count as changed."""
    read = files._read

    def other(path):
        if (found := read(path)) is None:
            return None
        content, known = found
        return content, known + "x" * (path.name in names and path.parent == config.RAW)

    monkeypatch.setattr(files, "_read", other)


def test_a_value_is_computed_again_when_what_it_read_is_another(tmp_path, monkeypatch):
    asked = []

    def compute():
        asked.append(len(raw.load("quadrants")))
        return {"n": asked[-1]}

    def value():
        cache = DataCache(tmp_path / "cache.db")
        found = cache.compute("quadrants", [], compute)
        cache.save()
        return found

    assert value() == value() == {"n": 4} and len(asked) == 1
    altered(monkeypatch, "events.csv")
    assert value() == {"n": 4} and len(asked) == 1
    altered(monkeypatch, "quadrants.csv")
    assert value() == {"n": 4} and len(asked) == 2


@pytest.fixture
def cut(monkeypatch):
    """The reports whose inputs are cut, one set for each time they are hashed."""
    processed.ensure()
    found, original = [], inputs._cut

    def counted(jobs):
        found.append({job.report for job in jobs})
        return original(jobs)

    monkeypatch.setattr(inputs, "_cut", counted)
    return found


def hashes(place, code="code", reports=EVERY):
    jobs = [job for job in all_jobs() if job.report in reports]
    return inputs.input_hashes(jobs, {job.template: code for job in jobs}, place)


@pytest.mark.slow
def test_an_edit_cuts_again_what_reads_the_table_and_nothing_else(tmp_path, monkeypatch, cut):
    place = tmp_path / "inputs.db"
    first = hashes(place, reports=FEW)
    assert hashes(place, reports=FEW) == first
    altered(monkeypatch, "measures.csv")
    assert hashes(place, reports=FEW) == first
    hashes(place, "other code", reports=FEW)
    assert cut[0] == FEW and cut[1] == set() and cut[3] == FEW
    assert {"M1", "measures", "resources"} <= cut[2]
    # A district speaks of one row of the table, and that one has not changed.
    assert not cut[2] & {"D12", "indicators", "regions", "will_cities", "timeline"}


@pytest.mark.slow
def test_where_no_site_follows_only_what_is_asked_for_is_cut(tmp_path, monkeypatch, cut):
    monkeypatch.setattr(config, "BUILD", tmp_path)
    for asked in (["timeline"], ["timeline", "M1-09"]):
        made = plan.plan(Record(tmp_path / "record.db"), asked, site=False)
        assert {job.report for job in made.jobs} == set(asked)
    assert cut == [{"timeline"}, {"M1-09"}]


def test_a_column_is_in_another_state_when_it_changes_and_not_when_others_do(monkeypatch):
    name, load = "misura1_projects", raw._load
    before = read_state.States().of("columns", f"{name} project_id capofila_town")

    def changed(column):
        monkeypatch.setattr(raw, "_load", lambda *given: load(*given).assign(**{column: "Altro"}))
        monkeypatch.setattr(read_state, "_of_columns", read_anew)
        return read_state.States().of("columns", f"{name} project_id capofila_town")

    assert changed("project_title") == before != changed("capofila_town")
    assert read_state.States().of("columns", "none such") == ""


@pytest.mark.slow
def test_an_edit_of_a_project_cuts_again_its_districts_and_no_others(tmp_path, monkeypatch, cut):
    rows, jobs, place = raw._rows, all_jobs(), tmp_path / "inputs.db"
    project = "M1-09"
    first = hashes(place)

    def edited(name, *given):
        return tuple(
            row | {"project_title": "Altro"} if name == "misura1_projects" and row["project_id"] == project else row
            for row in rows(name, *given)
        )

    monkeypatch.setattr(raw, "_rows", edited)
    altered(monkeypatch, "misura1_projects.csv")
    second = hashes(place)
    linked = {row["distretto_id"] for row in raw.rows("district_projects", having=("project_id", project))}
    districts = {report for report in cut[1] if report.startswith("D")}
    assert linked and districts == linked and "M1" in cut[1]
    assert {report for report in cut[1] if report.startswith("M1-")} == {project}
    assert not cut[1] & {"overview", "districts", "method", "resources", "wecare_will", "laboratorio"}
    assert linked <= {job.report for job in jobs if first[job.name] != second[job.name]}
