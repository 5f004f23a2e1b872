"""Runs many jobs: a warm parent, a forked child per report, each report written whole or not at all."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat

from .. import config
from . import forks
from .jobs import Job, validate

# jsonschema would build the grammar of this optional format at import, 0.9 s that no notebook needs.
sys.modules.setdefault("rfc3987_syntax", None)

#: Seconds a template's first run may take in the parent.
WARM_UP_SECONDS = 60.0

#: Papermill's record of when and how long; left out so that the same inputs give the same bytes.
VOLATILE = ("start_time", "end_time", "duration", "input_path", "output_path", "environment_variables")


@dataclass(frozen=True)
class Outcome:
    """How one job ended.

    Attributes
    ----------
    job
        The job.
    seconds
        Wall time in the child.
    error
        What went wrong in one line, or None.
    cell
        Number of the failing cell in the executed notebook, or None.
    """

    job: Job
    seconds: float = 0.0
    error: str | None = None
    cell: int | None = None


def run(
    jobs: list[Job],
    reports: Path | None = None,
    workers: int | None = None,
    engine: str = "wecare-warm",
    on_done: Callable[[Outcome], None] | None = None,
    memory_mb: int | None = None,
    timeout: float | None = None,
) -> list[Outcome]:
    """Run jobs side by side; one that fails does not stop the others.

    Parameters
    ----------
    jobs
        All are validated before the first starts.
    reports
        Folder of the executed notebooks; ``reports/`` by default.
    workers
        Children at a time; as many as cores by default.
    engine
        ``wecare-warm`` runs the cells in the forked child; any other name is a papermill engine, and each child
        then starts a kernel of its own.
    on_done
        Called with each outcome as it arrives.
    memory_mb
        Megabytes a report may need beyond what it shares.
    timeout
        Seconds a report may take.

    Returns
    -------
    list of Outcome
        In the order of the jobs. A failed job leaves its last good report where it was.
    """
    for job in jobs:
        validate(job)
    if engine == "wecare-warm":
        engine = "wecare-inline"
        warm_up(jobs, timeout or WARM_UP_SECONDS)
    outcomes: dict[str, Outcome] = {}
    tasks = ((job, _task(job, engine)) for job in jobs)
    for job, message in forks.run_all(tasks, workers or os.cpu_count() or 1, memory_mb, timeout):
        if isinstance(message, Exception):
            outcome = Outcome(job, timeout or 0.0, f"{type(message).__name__}: {message}")
        else:
            outcome, report = message
            if report is not None:
                write_report(report, (reports or config.REPORTS) / f"{job.address}.ipynb")
        outcomes[job.name] = outcome
        if on_done:
            on_done(outcome)
    return [outcomes[job.name] for job in jobs]


def warm_up(jobs: Iterable[Job], timeout: float = WARM_UP_SECONDS) -> None:
    """Run the first job of each template here and forget it: what it imports and loads, all children share.

    An error in it, or one that takes longer than ``timeout`` seconds, is left to the child that runs the same job.
    """
    for job in {job.template: job for job in reversed(list(jobs))}.values():
        with contextlib.suppress(TimeoutError), _at_most(timeout):
            execute(job, "wecare-inline")
    gc.collect()
    # Shared objects stay out of the children's collections, which would copy their pages.
    gc.freeze()


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the block after so many seconds; signals reach only the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def execute(job: Job, engine: str) -> tuple[Outcome, bytes | None]:
    """Run one job through papermill.

    Returns
    -------
    tuple
        The outcome, and the report as bytes, the same for the same inputs; None if it failed.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError

    start = time.perf_counter()
    outcome = Outcome(job)
    report = None
    try:
        executed = papermill.execute_notebook(
            job.template, None, job.parameters, engine_name=engine, progress_bar=False
        )
        report = canonical_bytes(executed)
    except PapermillExecutionError as error:
        outcome = replace(outcome, error=f"{error.ename}: {error.evalue}", cell=error.cell_index)
    return replace(outcome, seconds=time.perf_counter() - start), report


def canonical_bytes(notebook: nbformat.NotebookNode) -> bytes:
    """An executed notebook as bytes, without what differs from run to run."""
    for key in VOLATILE:
        notebook.metadata.get("papermill", {}).pop(key, None)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
        cell.metadata.pop("execution", None)
        for key in VOLATILE:
            cell.metadata.get("papermill", {}).pop(key, None)
    # nbformat puts every coordinate of a map on a line of its own; compact, a report is half the size.
    document = json.loads(nbformat.writes(notebook))
    return (json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def write_report(report: bytes, output: Path) -> None:
    """Put a report in place in one step: a reader sees the old one or the new one."""
    output.parent.mkdir(parents=True, exist_ok=True)
    part = output.with_name(f".{output.name}.part")
    part.write_bytes(report)
    os.replace(part, output)


def _task(job: Job, engine: str) -> Callable[[Callable[[object], None]], None]:
    return lambda send: send(execute(job, engine))
