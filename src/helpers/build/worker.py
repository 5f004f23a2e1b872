"""What a dask worker does for a build: lays out the data once, keeps one warm process, asks it for one report a task.

A dask worker runs threads, and a process with threads must not fork: locks that another thread holds stay shut in the
child. So the children are forked by a process of its own, :mod:`helpers.build.warm_server`.
"""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from importlib import metadata
from multiprocessing import Pipe, reduction
from pathlib import Path
from typing import Any

from distributed import Worker, WorkerPlugin, get_worker

from helpers import config
from helpers.build.batch import REPORT_SECONDS, WARM_UP_SECONDS
from helpers.build.execute import Outcome
from helpers.build.jobs import Job
from helpers.build.warm_server import end_session
from helpers.errors import WecareError
from helpers.system.fingerprints import fingerprint, fingerprint_of_value

#: Distributions that decide how a report looks, byte for byte, and how it travels.
LIBRARIES = (
    *("osservatorio-wecare", "babel", "distributed", "geopandas", "ipykernel", "ipython", "jinja2", "mapclassify"),
    *("nbclient", "nbformat", "numpy", "pandas", "papermill", "plotly", "pyarrow", "shapely"),
)

#: Seconds the warm process may take to import everything, beside what its notebooks take.
IMPORTS_S = 60

#: Reports that a worker may have at a time, as far as this matters here: its threads decide.
MOST_AT_ONCE = 1_000_000

#: Seconds a process that closes its line takes to end.
ENDING_S = 5

#: Held while the warm process is looked at and started: tasks run in threads.
_LOCK = threading.Lock()


class Bench(WorkerPlugin):
    """All that a worker needs for one build.

    Parameters
    ----------
    files
        Content by path below the root of a project: data and templates.
    jobs
        Jobs to warm up with. Templates are paths below that root, here as in :meth:`run`.
    wanted
        What :func:`identity` is where the build was started.
    build
        Name of the build: what a worker has that can make its reports.
    timeout, memory_mb
        Limits of each report, as in :func:`helpers.build.batch.run`.
    """

    def __init__(
        self,
        files: dict[str, bytes],
        jobs: list[Job],
        wanted: dict[str, str],
        build: str,
        timeout: float = REPORT_SECONDS,
        memory_mb: int | None = None,
    ):
        self.files, self.jobs, self.wanted, self.build = files, jobs, wanted, build
        self.timeout, self.memory_mb = timeout, memory_mb
        self.root: Path | None = None
        #: Why no report is made here, while there is no root.
        self.closed = "The build has ended."
        self.process: _Process | None = None

    async def setup(self, worker: Worker) -> None:
        """Lay the files out in a folder of the worker's own; only then does it get reports of the build.

        Raises
        ------
        WecareError
            If something here has another version than where the build was started.
        """
        here = identity()
        other = [f"{k} {here.get(k)} there, {v} here" for k, v in self.wanted.items() if here.get(k) != v]
        if other:
            self.closed = (
                f"The worker {worker.address} would make other reports: {'; '.join(other)}. To do: install the same "
                "checkout and the same requirements.lock on every machine."
            )
            raise WecareError(self.closed)
        root = Path(tempfile.mkdtemp(prefix=f"wecare-{_hash(self.files)}-", dir=worker.local_directory))
        for name, content in self.files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
        self.root = root
        await worker.set_resources(**{self.build: MOST_AT_ONCE})

    def teardown(self, worker: Worker) -> None:
        """End the warm process with all that runs in it, and remove the files."""
        # Without the lock: a task holds it while the process warms up, and that may take long.
        root, self.root = self.root, None
        if self.process:
            self.process.end()
        if root:
            shutil.rmtree(root, ignore_errors=True)

    def run(self, job: Job) -> tuple[Outcome, bytes | None]:
        """Run one job in a child of the warm process.

        Returns
        -------
        tuple
            The outcome, and the report as bytes; None if it failed.
        """
        # Twice: the process may have been killed for want of memory, or for another notebook's sake.
        for _ in range(2):
            process = self._warm()
            try:
                return process.ask((self._here(job), self.timeout, self.memory_mb))
            except (EOFError, OSError):
                process.may_have_ended()
        return Outcome(job, error="ChildDied: the process that runs the report ended, twice"), None

    def _here(self, job: Job) -> Job:
        if self.root is None:
            raise WecareError(self.closed)
        return replace(job, template=self.root / job.template)

    def _warm(self) -> _Process:
        with _LOCK:
            process = self.process
            if process is None or process.popen.poll() is not None:
                # A notebook that takes its process with it fails alone: if warming up fails, we do without.
                process, ready = self._start(self.jobs)
                if not ready:
                    process, _ = self._start([])
            return process

    def _start(self, jobs: list[Job]) -> tuple[_Process, bool]:
        """Start the process; false if it does not become ready."""
        if self.root is None:
            raise WecareError(self.closed)
        process = self.process = _Process(self.root)
        patience = IMPORTS_S + WARM_UP_SECONDS * len(jobs)
        ready = process.warm_up([self._here(job) for job in jobs], patience)
        if not ready:
            process.end()
        return process, ready


class _Process:
    """The warm process and the line to it."""

    def __init__(self, root: Path):
        self.control, theirs = Pipe()
        with theirs:
            # A session of its own, by which all it starts is found; and Ctrl-C at a worker is for the worker.
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "helpers.build.warm_server", str(theirs.fileno())],
                cwd=root,
                env=os.environ | {"WECARE_ROOT": str(root)},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def warm_up(self, jobs: list[Job], patience: float) -> bool:
        """Say with what to warm up and wait until it is; false if it ends before, or takes too long."""
        with contextlib.suppress(EOFError, OSError):
            self.control.send(jobs)
            return self.control.poll(patience) and self.control.recv()
        return False

    def ask(self, request: object) -> Any:
        """Hand over a request on a line of its own, so that threads need not wait for each other."""
        ours, theirs = Pipe()
        with ours:
            with theirs:
                reduction.send_handle(self.control, theirs.fileno(), self.popen.pid)
            ours.send(request)
            return ours.recv()

    def may_have_ended(self) -> None:
        """Give it the time to end, if it is about to."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.popen.wait(ENDING_S)

    def end(self) -> None:
        """End it and all it started."""
        self.popen.kill()
        self.popen.wait()
        end_session(self.popen.pid)
        self.control.close()


def make_report(build: str, job: Job) -> tuple[Outcome, bytes | None]:
    """The task: one report, on the worker that dask chose."""
    bench: Any = get_worker().plugins[build]
    return bench.run(job)


def identity() -> dict[str, str]:
    """What must be the same on every machine, by name: Python, this library's code, what it rests on."""
    kept = sorted(p for p in config.HELPERS.rglob("*") if p.suffix in (".py", ".j2", ".toml"))
    code = {path.relative_to(config.HELPERS).as_posix(): path.read_bytes() for path in kept}
    versions = {name: _version(name) for name in LIBRARIES}
    return {"Python": platform.python_version(), "code of helpers": _hash(code)} | versions


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing"


def _hash(files: dict[str, bytes]) -> str:
    return fingerprint_of_value({name: fingerprint(content) for name, content in files.items()})
