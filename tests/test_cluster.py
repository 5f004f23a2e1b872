"""A build on a real dask cluster: a scheduler and workers in processes of their own, no disk shared with the build."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT

from helpers.errors import WecareError
from helpers.run import batch, cluster, forks
from helpers.run.jobs import Job, all_jobs, select

pytestmark = pytest.mark.skipif(not forks.AVAILABLE, reason="forking does not exist on this system")

DASK = Path(sys.executable).parent / "dask"

#: Seconds a process may take to come up on a busy machine.
PATIENCE_S = 60


def wait_until(true, what):
    deadline = time.monotonic() + PATIENCE_S
    while not (found := true()):
        assert time.monotonic() < deadline, f"not within {PATIENCE_S} s: {what}"
        time.sleep(0.05)
    return found


class Cluster:
    """A scheduler on loopback and workers in empty folders, which know nothing of the project's."""

    def __init__(self, folder):
        self.folder, self.started, self.workers = folder, [], []
        file = folder / "scheduler.json"
        self.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", file)
        wait_until(file.exists, "the scheduler")
        import json

        self.address = wait_until(lambda: file.read_text() and json.loads(file.read_text()), "its address")["address"]

    def start(self, what, *arguments, **environment):
        own = self.folder / f"{what}-{len(self.started)}"
        (own / "tmp").mkdir(parents=True)
        clean = {k: v for k, v in os.environ.items() if k not in ("WECARE_ROOT", "PYTHONPATH")}
        # Dask counts its scratch space, ours included, as temporary files.
        clean |= {"TMPDIR": str(own / "tmp"), "DASK_TEMPORARY_DIRECTORY": str(own / "tmp")} | environment
        with (own / "log").open("w") as log:
            process = subprocess.Popen([DASK, what, *map(str, arguments)], cwd=own, env=clean, stdout=log, stderr=log)
        self.started.append(process)
        return process

    def add_worker(self, **environment):
        options = ("--host", "127.0.0.1", "--no-dashboard", "--no-nanny", "--nthreads", "1")
        self.workers.append(self.start("worker", self.address, *options, **environment))
        return self.workers[-1]

    def ready(self, workers):
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=PATIENCE_S)
        return self

    def stop(self):
        for process in reversed(self.started):
            process.terminate()
        for process in self.started:
            process.wait(PATIENCE_S)


@pytest.fixture
def alone(tmp_path):
    """A scheduler that has no workers yet."""
    started = Cluster(tmp_path / "alone")
    yield started
    started.stop()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A cluster of two workers for tests that leave it as it was."""
    started = Cluster(tmp_path_factory.mktemp("shared"))
    started.add_worker()
    started.add_worker()
    yield started.ready(2)
    started.stop()


@pytest.fixture
def written(monkeypatch):
    """How often each report was written, by the name of its file."""
    count = Counter()

    def counting(report, output):
        count[output.stem] += 1
        batch.write_report(report, output)

    monkeypatch.setattr(cluster, "write_report", counting)
    return count


def named(*names):
    return select(all_jobs(), list(names))


def template(folder, *cells):
    """A template that knows nothing of the project."""
    nb = nbformat.v4.new_notebook()
    nb.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nb.cells = [nbformat.v4.new_code_cell("x = 1", metadata={"tags": ["parameters"]})]
    nb.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
    folder.mkdir(parents=True)
    nbformat.write(nb, folder / "own.ipynb")
    return folder / "own.ipynb"


def content(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.ipynb")}


def left_behind(cluster):
    """Processes and folders of a build that are still there."""
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [a for a in listed.splitlines() if "helpers.run.warm" in a], list(cluster.folder.rglob("wecare-*"))


def test_reports_are_byte_for_byte_those_of_one_machine(shared, tmp_path, written):
    jobs = named("overview", "D29", "D11", "D30")
    local = batch.run(jobs, tmp_path / "local")
    arrived = []
    remote = cluster.run(jobs, shared.address, tmp_path / "remote", on_done=arrived.append)
    assert [o.error for o in local + remote] == [None] * 8
    assert [o.job for o in remote] == jobs
    assert sorted(o.job.name for o in arrived) == sorted(j.name for j in jobs)
    assert content(tmp_path / "remote") == content(tmp_path / "local")
    assert len(written) == 4 and set(written.values()) == {1}
    assert left_behind(shared) == ([], [])


def test_a_failing_report_is_told_and_the_others_are_made(shared, tmp_path):
    raising = Job("raising", template(tmp_path / "a", "raise ValueError('no')"), "raising", {"x": 2})
    # Of the same file name, and it takes its process with it, also the one that would warm up with it.
    deadly = Job("deadly", template(tmp_path / "b", "import os, signal", "os.kill(os.getpid(), signal.SIGKILL)"), "dead")
    endless = Job("endless", template(tmp_path / "c", "print(x)" if False else "import time", "time.sleep(x)"), "slow")
    fine = Job("fine", template(tmp_path / "d", "print(x)"), "fine", {"x": 3})
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "raising.ipynb").write_text("the last good one")
    outcomes = cluster.run([raising, deadly, endless, fine], shared.address, reports)
    assert [o.error and o.error.split(":")[0] for o in outcomes] == ["ValueError", "ChildDied", None, None]
    assert "SIGKILL" in outcomes[1].error
    assert outcomes[0].cell is not None
    assert (reports / "raising.ipynb").read_text() == "the last good one"
    assert '"text":["3\\n"]' in (reports / "fine.ipynb").read_text()
    assert not (reports / "dead.ipynb").exists()


def test_a_report_that_takes_too_long_is_ended(shared, tmp_path):
    slow = Job("slow", template(tmp_path / "a", "import time", "time.sleep(x * 60)"), "slow", {"x": 10})
