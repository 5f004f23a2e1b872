"""A build on a real dask cluster: a scheduler and workers in processes of their own, no disk shared with the build."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import nbformat
import psutil
import pytest
from conftest import ROOT

from helpers.build import batch, cluster
from helpers.build.jobs import Job, all_jobs, select
from helpers.errors import WecareError
from helpers.system import processes

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not processes.AVAILABLE, reason="forking does not exist on this system"),
]

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
        self.folder, self.started = folder, []
        file = folder / "scheduler.json"
        self.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", file)
        wait_until(file.exists, "the scheduler")
        self.address = wait_until(lambda: file.read_text() and json.loads(file.read_text()), "its address")["address"]

    def start(self, what, *arguments, **environment):
        own = self.folder / f"{what}-{len(self.started)}"
        (own / "tmp").mkdir(parents=True)
        clean = {k: v for k, v in os.environ.items() if k not in ("WECARE_ROOT", "PYTHONPATH")}
        clean |= (
            {"TMPDIR": str(own / "tmp"), "DASK_TEMPORARY_DIRECTORY": str(own / "tmp")}
            | {"PYTHONPATH": str(ROOT / "src")}
            | environment
        )
        with (own / "log").open("w") as log:
            process = subprocess.Popen([DASK, what, *map(str, arguments)], cwd=own, env=clean, stdout=log, stderr=log)
        self.started.append(process)

    def add_worker(self, **environment):
        options = ("--host", "127.0.0.1", "--no-dashboard", "--no-nanny", "--nthreads", "1")
        self.start("worker", self.address, *options, **environment)

    def ready(self, workers):
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=PATIENCE_S)
        return self

    def stop(self):
        # Workers first: one that loses its scheduler while it ends may hang in dask.
        for group in (self.started[1:], self.started[:1]):
            for process in group:
                process.terminate()
            for process in group:
                process.wait(PATIENCE_S)


@pytest.fixture
def alone(tmp_path):
    """A scheduler that has no workers yet."""
    started = Cluster(tmp_path / "alone")
    yield started
    started.stop()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A cluster of two workers; one of them may be gone when a test comes to it, and one is enough."""
    started = Cluster(tmp_path_factory.mktemp("shared"))
    started.add_worker()
    started.add_worker()
    yield started.ready(2)
    started.stop()


@pytest.fixture
def written(monkeypatch):
    """How often each report was written, by its file."""
    count, write = Counter(), batch.files.write

    def counting(output, report):
        count[output] += 1
        write(output, report)

    monkeypatch.setattr(batch.files, "write", counting)
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


def warm_processes(cluster):
    """The processes that workers keep warm, by the folder they were started in."""
    every = psutil.process_iter(["cmdline", "cwd"])
    warm = [p.info["cwd"] or "" for p in every if "helpers.build.warm_server" in (p.info["cmdline"] or [])]
    return [cwd for cwd in warm if cwd.startswith(str(cluster.folder))]


def test_reports_are_byte_for_byte_those_of_one_machine(shared, reported, tmp_path, written):
    jobs = named("overview", "D29")
    arrived = []
    remote = cluster.run(jobs, shared.address, tmp_path / "remote", on_done=arrived.append)
    assert [o.error for o in remote] == [None] * len(jobs)
    assert [o.job for o in remote] == jobs
    assert sorted(o.job.name for o in arrived) == sorted(j.name for j in jobs)
    local = content(reported.root / "reports")
    assert content(tmp_path / "remote") == {f"{job.address}.ipynb": local[f"{job.address}.ipynb"] for job in jobs}
    assert len(written) == len(jobs) and set(written.values()) == {1}
    assert not warm_processes(shared)
    assert not list(shared.folder.rglob("wecare-*"))


def test_a_failing_report_is_told_and_the_others_are_made(shared, tmp_path):
    raising = Job("raising", template(tmp_path / "a", "raise ValueError('no')"), "raising", {"x": 2})
    # Its template has the same file name; it takes with it any process that warms up with it.
    deadly = Job("deadly", template(tmp_path / "b", "import os", "os.kill(os.getpid(), 9)"), "deadly")
    fine = Job("fine", template(tmp_path / "c", "print(x)"), "fine", {"x": 3})
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "raising.ipynb").write_text("the last good one")
    outcomes = cluster.run([raising, deadly, fine], shared.address, reports)
    assert [o.error for o in outcomes] == ["ValueError: no", "ChildDied: killed by SIGKILL", None]
    assert outcomes[0].cell == 2
    assert (reports / "raising.ipynb").read_text() == "the last good one"
    assert '"text":["3\\n"]' in (reports / "fine.ipynb").read_text()
    assert sorted(path.name for path in reports.iterdir()) == ["fine.ipynb", "raising.ipynb"]


def test_a_report_that_takes_too_long_is_ended(shared, tmp_path):
    own = template(tmp_path / "a", "import time\ntime.sleep(60 * (x - 1))")
    jobs = [Job("quick", own, "quick"), Job("slow", own, "slow", {"x": 9})]
    quick, slow = cluster.run(jobs, shared.address, tmp_path / "reports", timeout=3)
    assert quick.error is None
    assert slow.error == "TimeoutError: no sign of life for 3 s"


def test_an_interrupted_build_leaves_nothing_running(shared, tmp_path):
    own = template(tmp_path / "a", "import time\ntime.sleep(600 * (x - 1))")
    jobs = [Job("quick", own, "quick"), Job("slow", own, "slow", {"x": 2})]

    def interrupt(outcome):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cluster.run(jobs, shared.address, tmp_path / "reports", on_done=interrupt)
    wait_until(lambda: not warm_processes(shared), "the warm processes have ended")


def test_a_killed_worker_loses_nothing_and_nothing_is_written_twice(shared, tmp_path, written):
    from distributed import Client

    jobs = [job for job in all_jobs() if job.name in {f"D{n:02}" for n in range(1, 7)}]
    killed = []

    def kill_one(outcome):
        if not killed:
            with Client(shared.address, set_as_default=False) as client:
                busiest = max(client.processing().items(), key=lambda item: len(item[1]))
                pid = client.run(os.getpid, workers=[busiest[0]])[busiest[0]]
            os.kill(pid, signal.SIGKILL)
            killed.append(busiest[1])

    outcomes = cluster.run(jobs, shared.address, tmp_path / "reports", on_done=kill_one)
    assert killed[0], "the worker had something to do when it was killed"
    assert [o.error for o in outcomes] == [None] * len(jobs)
    assert [o.job for o in outcomes] == jobs
    assert len(written) == len(jobs) and set(written.values()) == {1}
    assert len(content(tmp_path / "reports")) == len(jobs)
    assert not [path for path in (tmp_path / "reports").rglob("*.part")]
    wait_until(lambda: not warm_processes(shared), "the killed worker's warm process has ended too")


def test_a_worker_with_another_library_is_refused(alone, tmp_path):
    shutil.copytree(ROOT / "src" / "helpers", tmp_path / "other" / "helpers")
    with (tmp_path / "other" / "helpers" / "people.py").open("a") as module:
        module.write("# edited\n")
    alone.add_worker(PYTHONPATH=str(tmp_path / "other"))
    with pytest.raises(WecareError, match=r"worker tcp://127.0.0.1:\d+ would .*: code of helpers \w+ there, \w+ here"):
        cluster.run(named("D30"), alone.ready(1).address, tmp_path / "reports")
    assert not content(tmp_path)


@pytest.mark.audit
def test_a_worker_with_another_library_that_joins_late_gets_nothing(alone, tmp_path):
    shutil.copytree(ROOT / "src" / "helpers", tmp_path / "other" / "helpers")
    with (tmp_path / "other" / "helpers" / "errors.py").open("a") as module:
        module.write("# edited\n")
    alone.add_worker(PYTHONPATH=str(ROOT / "src"))
    alone.ready(1)
    # All but the first wait until the other worker has joined.
    joined = tmp_path / "joined"
    wait = f"import pathlib, time\nwhile x and not pathlib.Path({str(joined)!r}).exists():\n    time.sleep(0.05)"
    own = template(tmp_path / "a", wait)
    jobs = [Job(f"job {n}", own, f"job-{n}", {"x": n}) for n in range(8)]

    def join(outcome):
        if len(alone.started) == 2:
            alone.add_worker(PYTHONPATH=str(tmp_path / "other"))
            alone.ready(2)
            joined.touch()

    outcomes = cluster.run(jobs, alone.address, tmp_path / "reports", on_done=join)
    assert [o.error for o in outcomes] == [None] * 8 and len(alone.started) == 3


@pytest.mark.audit
def test_a_worker_that_was_alone_and_is_killed_is_told_soon(alone, tmp_path, monkeypatch):
    assert cluster.SILENCE_S * cluster.SILENCES <= 15
    monkeypatch.setattr(cluster, "SILENCE_S", 1)
    alone.add_worker(PYTHONPATH=str(ROOT / "src"))
    alone.ready(1)
    own = template(tmp_path / "a", "import time\ntime.sleep(60 * (x - 1))")
    jobs = [Job("quick", own, "quick"), Job("slow", own, "slow", {"x": 9})]
    killed = []

    def kill(outcome):
        alone.started[1].kill()
        killed.append(time.monotonic())

    with pytest.raises(WecareError, match="All workers have left; reports not made: 1"):
        cluster.run(jobs, alone.address, tmp_path / "reports", on_done=kill)
    assert time.monotonic() - killed[0] < 30


class Leaving:
    """A client of a cluster whose workers leave while they are given what a build needs, some times."""

    def __init__(self, times, workers=1):
        self.times, self.workers, self.given, self.status = times, workers, 0, "running"

    def register_plugin(self, bench, name):
        self.times -= 1
        if self.times >= 0:
            raise OSError("Stream is closed")
        self.given += 1

    def scheduler_info(self):
        return {"workers": dict.fromkeys(range(self.workers), {})}


def test_a_worker_that_leaves_while_it_is_given_a_build_ends_nothing(monkeypatch):
    monkeypatch.setattr(cluster, "LEAVING_S", 0)
    client = Leaving(2)
    cluster._register(client, None, "build")
    assert client.given == 1
    for gone in (Leaving(1, workers=0), Leaving(9)):
        with pytest.raises(WecareError, match="To do: "):
            cluster._register(gone, None, "build")


def test_a_worker_without_the_library_is_refused(alone, tmp_path):
    (tmp_path / "other" / "helpers").mkdir(parents=True)
    (tmp_path / "other" / "helpers" / "__init__.py").touch()
    alone.add_worker(PYTHONPATH=str(tmp_path / "other"))
    with pytest.raises(WecareError, match=r"could not take .*No module named 'helpers.build'.*install the same"):
        cluster.run(named("D30"), alone.ready(1).address, tmp_path / "reports")


def test_without_a_scheduler_the_error_says_how_to_start_one(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_S", 2)
    start = time.monotonic()
    with pytest.raises(
        WecareError, match=r"No scheduler answers at tcp://127.0.0.1:9 .*`dask scheduler`.*`dask worker"
    ):
        cluster.run(named("D30"), "tcp://127.0.0.1:9", tmp_path)
    assert time.monotonic() - start < 30


def test_without_workers_the_error_says_how_to_start_one(alone, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_S", 2)
    with pytest.raises(WecareError, match=r"has no workers. To do: `dask worker tcp://127.0.0.1:\d+`"):
        cluster.run(named("D30"), alone.address, tmp_path)


def test_a_lost_scheduler_ends_the_build_with_one_error(alone, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_S", 2)
    alone.add_worker()
    alone.ready(1)
    own = template(tmp_path / "a", "import time\ntime.sleep(60 * (x - 1))")
    jobs = [Job("quick", own, "quick"), Job("slow", own, "slow", {"x": 9})]
    with pytest.raises(WecareError, match="The scheduler has left; reports not made: 1"):
        cluster.run(jobs, alone.address, tmp_path / "reports", on_done=lambda outcome: alone.started[0].kill())
    assert list(content(tmp_path / "reports")) == ["quick.ipynb"]
    wait_until(lambda: not warm_processes(alone), "the warm processes have ended")


def test_without_the_package_the_error_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(WecareError, match=r"pip install osservatorio-wecare\[cluster\]"):
        cluster.run(named("D30"), "tcp://127.0.0.1:9", tmp_path)


def test_parameters_are_checked_before_anything_is_sent(tmp_path):
    job = Job("D30", named("D30")[0].template, "a", {"distrct": "D30"})
    with pytest.raises(WecareError, match="has no parameter 'distrct'"):
        cluster.run([job], "tcp://127.0.0.1:9", tmp_path)
