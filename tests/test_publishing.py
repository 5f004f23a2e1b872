"""A site under way: files of data and few sheets are made in children, and what goes wrong in them is told."""

import os
import sys
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from helpers import config
from helpers.build import publishing, sheets
from helpers.build.jobs import all_jobs, select
from helpers.build.plan import Plan
from helpers.publish import feeds, site
from helpers.system import processes
from helpers.system.record import Record, Step

pytestmark = pytest.mark.skipif(not processes.AVAILABLE, reason="forking does not exist on this system")


@pytest.fixture
def publish(tmp_path, monkeypatch):
    """Publish the reports of two districts, one of them not made, for someone who keeps what the site is made of."""
    monkeypatch.setattr(config, "SHEETS", tmp_path / "pdf")
    monkeypatch.setattr(config, "REPORTS", tmp_path / "reports")
    monkeypatch.delitem(sys.modules, "typst", raising=False)
    monkeypatch.setattr(feeds, "feeds", lambda: {"data/pid.txt": str(os.getpid()).encode()})
    jobs = select(all_jobs(), ["D12", "D15"])
    for job in select(jobs, ["D12"]):
        path = config.REPORTS / f"{job.address}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    record, found = Record(tmp_path / "record.db"), []

    def published(**given):
        found.append(given | {"late": given["late"]()})
        return SimpleNamespace(pages=1)

    monkeypatch.setattr(site, "publish", published)

    def publish_now():
        steps = {job.name: Step(job.name, {}) for job in jobs}
        plan = Plan(jobs, jobs, {}, {job.name: {} for job in jobs}, steps)
        with ExitStack() as children:
            done = publishing.Publishing(record, children).publish(plan, "embedded")
        return done, found[-1]

    return publish_now


def by_this_process(some):
    return ((sheet.job.name, str(os.getpid()).encode()) for sheet in some)


@pytest.mark.slow
def test_files_of_data_and_few_sheets_are_made_in_children(publish, monkeypatch):
    here = str(os.getpid()).encode()
    monkeypatch.setattr(sheets, "typeset_sheet", by_this_process)
    done, given = publish()
    assert sorted(given["late"]) == ["distretti/cuneo.pdf", "en/distretti/cuneo.pdf"]
    pids = {*given["late"].values(), *given["extra"].values()}
    assert len(pids) == 2 and here not in pids
    assert done.sheets == 2 and given["publisher"] == "embedded"
    again, unchanged = publish()
    assert again.sheets == 0 and unchanged["late"] == given["late"]


@pytest.mark.slow
def test_pages_older_than_the_data_are_named(publish, monkeypatch):
    monkeypatch.setattr(sheets, "typeset_sheet", by_this_process)
    done, given = publish()
    assert done.stale == given["stale"] >= {"distretti/cuneo", "en/distretti/cuneo"}


def test_many_sheets_are_made_before_the_pages(publish, monkeypatch):
    monkeypatch.setattr(sheets, "FEW", 1)
    monkeypatch.setattr(sheets, "can_fork", lambda: False)
    monkeypatch.setattr(sheets, "typeset_sheet", by_this_process)
    done, given = publish()
    assert done.sheets == 2 and set(given["late"].values()) == {str(os.getpid()).encode()}


def test_no_child_is_asked_for_sheets_once_typst_has_threads(publish, monkeypatch):
    # It would wait for them for ever.
    monkeypatch.setitem(sys.modules, "typst", SimpleNamespace())
    monkeypatch.setattr(sheets, "typeset_sheet", by_this_process)
    _, given = publish()
    assert set(given["late"].values()) == {str(os.getpid()).encode()}


@pytest.mark.slow
def test_what_goes_wrong_in_a_child_is_told(publish, monkeypatch):
    monkeypatch.setattr(sheets, "typeset_sheet", lambda some: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        publish()
