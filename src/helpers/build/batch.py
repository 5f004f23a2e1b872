"""Runs many jobs: a warm parent, forked children, each report written whole or not at all.

Most of what a fork costs is the memory that the first report touches, so a child makes reports one after the other,
drawing the next one when it is free: each in a shell of its own, and none after one that failed or left the process in
another state.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import struct
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from helpers import config
from helpers.build.execute import Outcome, execute
from helpers.build.jobs import Job, validate
from helpers.errors import WecareError
from helpers.system import files, processes

#: What came of a job: what :func:`helpers.build.execute.execute` gave, or the exception that stands for it.
Result = tuple[Outcome, bytes | None] | Exception

#: Seconds a report may take unless told otherwise: a thousand times what one takes.
REPORT_SECONDS = 300.0

#: Seconds a template's first run may take in the parent.
WARM_UP_SECONDS = 60.0

#: Reports a child makes at most: what they leave behind in memory ends with it.
REPORTS_OF_A_CHILD = 30

#: How a job's number is written in the queue, and so many that they fit into a pipe.
_NUMBER = struct.Struct("=I")
MOST_QUEUED = 10_000

#: Up to so many reports for each worker are made sooner by children of a parent that has made none.
FEW = 8


def run(
    jobs: list[Job],
    reports: Path | None = None,
    workers: int | None = None,
    engine: str = "wecare-warm",
    on_done: Callable[[Outcome], None] | None = None,
    memory_mb: int | None = None,
    timeout: float = REPORT_SECONDS,
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
    with files.holding():
        return _run(jobs, reports, workers or os.cpu_count() or 1, engine, on_done, memory_mb, timeout)


def _run(
    jobs: list[Job],
    reports: Path | None,
    workers: int,
    engine: str,
    on_done: Callable[[Outcome], None] | None,
    memory_mb: int | None,
    timeout: float,
) -> list[Outcome]:
    for job in jobs:
        validate(job)
    if engine != "wecare-warm":
        _require_engine(engine)
    # A limit of memory is for one report, so what all share must be loaded before.
    few = not memory_mb and len(jobs) <= workers * FEW
    if engine == "wecare-warm":
        engine = "wecare-inline"
        if few:
            get_ready()
        else:
            warm_up(jobs, min(timeout, WARM_UP_SECONDS))
    arriving = _made(jobs, engine, workers, memory_mb, timeout)
    return collect(jobs, arriving, reports, on_done)


def _require_engine(name: str) -> None:
    """Refuse an engine that papermill does not know, before any report asks for it."""
    from papermill.engines import papermill_engines
    from papermill.exceptions import PapermillException

    try:
        papermill_engines.get_engine(name)
    except PapermillException:
        raise WecareError(f"There is no engine {name!r}. To do: use wecare-warm or nbclient.") from None


def _made(
    jobs: list[Job], engine: str, workers: int, memory_mb: int | None, timeout: float
) -> Iterator[tuple[Job, Result]]:
    """Each job once, with what :func:`execute` gave in a child, or what became of the child."""
    waiting = list(range(len(jobs)))
    while waiting:
        arrived = set()
        for number, message in _numbers_to_draw(jobs, waiting, engine, workers, memory_mb, timeout):
            arrived.add(number)
            yield jobs[number], message
        if not arrived:
            yield from ((jobs[number], processes.ChildDied("no child got as far as to begin")) for number in waiting)
            return
        # A child that was ended when it had drawn a job and not yet said so takes the job with it.
        waiting = [number for number in waiting if number not in arrived]


def _numbers_to_draw(
    jobs: list[Job], waiting: list[int], engine: str, workers: int, memory_mb: int | None, timeout: float
) -> Iterator[tuple[int, Result]]:
    """Numbers of jobs with what came of them, as children draw and make them."""
    begun: set[int] = set()
    with _queue(waiting) as draw:
        task = _task(jobs, draw, engine, 1 if memory_mb else REPORTS_OF_A_CHILD)

        def children() -> Iterator[tuple[list[int], processes.Task]]:
            for _ in range(workers + len(waiting)):
                if len(begun) < len(waiting):
                    yield [], task

        for doing, message in processes.run_all(children(), min(workers, len(waiting)), memory_mb, timeout):
            if isinstance(message, int):
                begun.add(message)
                doing.append(message)
            elif doing:
                yield doing.pop(), message


@contextlib.contextmanager
def _queue(numbers: list[int]) -> Iterator[Callable[[], int | None]]:
    """Numbers in a pipe that this process and its children read: yields what draws the next one, None at the end."""
    reading, writing = os.pipe()
    try:
        with open(writing, "wb") as file:
            file.write(b"".join(map(_NUMBER.pack, numbers[:MOST_QUEUED])))

        def draw() -> int | None:
            found = os.read(reading, _NUMBER.size)
            return _NUMBER.unpack(found)[0] if found else None

        yield draw
    finally:
        os.close(reading)


def collect(
    jobs: list[Job],
    arriving: Iterable[tuple[Job, Result]],
    reports: Path | None,
    on_done: Callable[[Outcome], None] | None,
) -> list[Outcome]:
    """Write each report and tell each outcome as it arrives.

    Parameters
    ----------
    jobs
        All jobs under way.
    arriving
        Each job once, with what :func:`execute` gave, or the exception that stands for it.
    reports, on_done
        As in :func:`run`.

    Returns
    -------
    list of Outcome
        In the order of the jobs.
    """
    outcomes: dict[str, Outcome] = {}
    for job, result in arriving:
        if isinstance(result, Exception):
            outcome, report = Outcome(job, error=f"{type(result).__name__}: {result}"), None
        else:
            outcome, report = result
            # A job that comes back from another machine names that machine's copy of the template.
            outcome = replace(outcome, job=job)
        if report is not None:
            try:
                files.write((reports or config.REPORTS) / f"{job.address}.ipynb", report)
            except OSError as error:
                told = f"{error.strerror}: the report could not be written. To do: make room, then build again"
                outcome = replace(outcome, error=told)
        outcomes[job.name] = outcome
        if on_done:
            on_done(outcome)
    return [outcomes[job.name] for job in jobs]


def get_ready() -> None:
    """Import here what every report needs, and do to this process what a first one would do to its child."""
    import papermill.execute  # noqa: F401

    from helpers.build.warm import inline

    inline.new_shell()  # it sets environment variables


def warm_up(jobs: list[Job], timeout: float = WARM_UP_SECONDS) -> None:
    """Run one report here and forget it: what it imports and loads, all children share.

    It is the first one of the template with most jobs, in all languages asked for; the others import nearly the same.
    An error in it, or one that takes longer than ``timeout`` seconds, is left to the child that runs the same job. It
    is not kept: this process prints its progress meanwhile, and a cell would take that for its own output.
    """
    templates = Counter(job.template for job in jobs)
    first = next(job for job in jobs if job.template == templates.most_common(1)[0][0])
    editions = [job for job in jobs if job is first or (job.report and job.report == first.report)]
    with contextlib.suppress(TimeoutError, EndOfProcess), _at_most(timeout), _staying():
        for job in editions:
            execute(job, "wecare-inline")
    gc.collect()
    # Shared objects stay out of the children's collections, which would copy their pages; and a child that lives
    # for some reports collects seldom.
    gc.freeze()
    gc.set_threshold(*config.SELDOM)


class EndOfProcess(RuntimeError):
    """A notebook would end the process it runs in."""


@contextlib.contextmanager
def _staying() -> Iterator[None]:
    """Raise EndOfProcess where the block would end this process on the spot; in a child it may."""

    def refuse(status: int) -> NoReturn:
        raise EndOfProcess

    leave, os._exit = os._exit, refuse
    try:
        yield
    finally:
        os._exit = leave


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


def _task(jobs: list[Job], draw: Callable[[], int | None], engine: str, most: int) -> processes.Task:
    """What a child does: it draws a job, says which, and hands over what comes of it; then the next one."""

    def make(send: Callable[[object], None]) -> None:
        found = _surroundings()
        for _ in range(most):
            number = draw()
            if number is None:
                return
            send(number)
            outcome, report = execute(jobs[number], engine)
            send((outcome, report))
            if outcome.error or _surroundings() != found:
                return

    return make


def _surroundings() -> tuple:
    """What cells may change of their process and later ones would notice: a child that differs is not used again."""
    import random

    import numpy as np
    import pandas as pd

    chance = random.getstate(), np.random.get_state(legacy=False)["state"]
    # As text: options hold other options, which cells change in place.
    return os.getcwd(), dict(os.environ), list(sys.path), repr(chance), repr(vars(pd.options))
