"""A process that warms up once and then forks a child for each request; a dask worker starts it.

``python -m helpers.build.warm_server FD``: FD is the server's end of a line to the worker, on which first the jobs to
warm up with arrive, then one line per request. Each is answered on its own line with the outcome and the report.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from multiprocessing import reduction
from multiprocessing.connection import Connection, wait

import psutil

from helpers import config
from helpers.build import batch
from helpers.build.execute import Outcome
from helpers.build.jobs import Job
from helpers.system import files, processes, startup

#: Seconds without a request after which the process ends, in case whoever started the build is gone for good.
IDLE_S = 300


def serve(control: Connection) -> None:
    """Warm up, say so, answer requests until the line closes; then end what still runs."""
    batch.warm_up(control.recv())
    control.send(True)
    answering: dict[int, processes.Child] = {}
    try:
        while ready := wait([control, *answering], IDLE_S if not answering else None):
            for pipe in answering.keys() & set(ready):
                os.close(pipe)
                os.waitpid(answering.pop(pipe).pid, 0)
            if control in ready:
                child = _fork(control)
                answering[child.pipe] = child
    except EOFError:
        end_session(os.getpid())


def end_session(leader: int) -> None:
    """Kill all that was started from a process that leads a session, whatever its parent and group are by now."""
    killed = {os.getpid()}
    while found := {pid for pid in psutil.pids() if pid not in killed and _session(pid) == leader}:
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        killed |= found


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except (ProcessLookupError, PermissionError):
        return None


def _fork(control: Connection) -> processes.Child:
    """Take the line of the next request and answer it in a child: this process stays free, and as it was."""
    with Connection(reduction.recv_handle(control)) as line:

        def answer(send: object) -> None:
            # A line sent to a server that is gone must close, although this child may live on.
            control.close()
            line.send(_run(*line.recv()))

        return processes.fork(None, answer)


def _run(job: Job, timeout: float, memory_mb: int | None) -> tuple[Outcome, bytes | None]:
    (outcome,) = batch.run([job], workers=1, engine="wecare-inline", timeout=timeout, memory_mb=memory_mb)
    report = config.REPORTS / f"{job.address}.ipynb"
    return outcome, report.read_bytes() if outcome.error is None else None


if __name__ == "__main__":
    startup.block_unused_modules()
    # The files of a build are laid out for it alone, and never change.
    with files.holding():
        serve(Connection(int(sys.argv[1])))
