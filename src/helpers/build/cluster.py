"""Runs many jobs on a dask.distributed cluster: the data travel out, bytes travel back, only this side writes reports.

A worker needs the library installed and nothing else: no shared disk. What it does is in :mod:`helpers.build.worker`.
"""

from __future__ import annotations

import contextlib
import queue
import time
import uuid
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, cast

from helpers import config
from helpers.build.batch import REPORT_SECONDS, Result, collect
from helpers.build.execute import Outcome
from helpers.build.jobs import Job, validate
from helpers.data import processed, raw
from helpers.errors import WecareError
from helpers.system import files

if TYPE_CHECKING:
    from distributed import Client, Future

    from helpers.build.worker import Bench

#: Seconds in which a scheduler must answer, and have a worker.
CONNECT_S = 5

#: Seconds without a result after which a cluster is asked whether it still has workers, and how often it may say that
#: it has none: one that was killed may be started again.
SILENCE_S, SILENCES = 4, 3

#: Seconds after which a scheduler has noticed that a worker left.
LEAVING_S = 1

START = "`dask scheduler` on one machine and `dask worker tcp://ITS-NAME:8786` on each that shall work"


def run(
    jobs: list[Job],
    scheduler: str,
    reports: Path | None = None,
    on_done: Callable[[Outcome], None] | None = None,
    memory_mb: int | None = None,
    timeout: float = REPORT_SECONDS,
) -> list[Outcome]:
    """Run jobs on the workers of a cluster; the same otherwise as :func:`helpers.build.batch.run`.

    A job whose worker dies runs again on another one. Its report is written here, when the one result it has
    arrives, so it is written once however often the job was run.

    Parameters
    ----------
    jobs
        All are validated before the first is sent.
    scheduler
        Address of the scheduler, ``tcp://host:8786``.
    reports
        Folder of the executed notebooks; ``reports/`` by default.
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

    Raises
    ------
    WecareError
        If ``distributed`` is not installed, the scheduler does not answer, there are no workers (any more), or one
        of them has another version of something that takes part in a report.
    """
    for job in jobs:
        validate(job)
    with (
        _connect(scheduler) as client,
        _ship(client, jobs, timeout, memory_mb) as (build, send),
        contextlib.closing(_arriving(client, build, {send(job): job for job in jobs})) as arriving,
    ):
        return collect(jobs, arriving, reports, on_done)


def _connect(scheduler: str) -> Client:
    """A client of the scheduler, once it has a worker."""
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise WecareError("`distributed` is missing. To do: pip install osservatorio-wecare[cluster]") from None
    try:
        client = Client(scheduler, timeout=CONNECT_S, set_as_default=False, name="wecare")
    except (OSError, ValueError) as error:
        raise WecareError(f"No scheduler answers at {scheduler} ({error}). To do: start {START}.") from None
    try:
        client.wait_for_workers(1, timeout=CONNECT_S)
    except TimeoutError:
        client.close()
        raise WecareError(
            f"The scheduler at {scheduler} has no workers. To do: `dask worker {scheduler}` where they shall work."
        ) from None
    return client


@contextlib.contextmanager
def _ship(
    client: Client, jobs: list[Job], timeout: float, memory_mb: int | None
) -> Iterator[tuple[str, Callable[[Job], Future]]]:
    """Give every worker, also one that joins later, what the jobs need, and take it away at the end; yields the name of
    the build and what sends a job. A worker that is another gets nothing.
    """
    from helpers.build.worker import Bench, identity, make_report

    numbers = {template: n for n, template in enumerate(dict.fromkeys(job.template for job in jobs))}

    def remote(job: Job) -> Job:
        # Numbered: templates of different folders may have the same name. Pure: another system may have sent it.
        name = PurePosixPath("notebooks", str(numbers[job.template]), job.template.name)
        return replace(job, template=cast(Path, name))

    content = _data() | {str(remote(job).template): files.read(job.template) for job in jobs}
    # batch.warm_up runs one job of each template; no others need travel for it.
    first = {job.template: remote(job) for job in reversed(jobs)}
    build = f"wecare-{uuid.uuid4().hex[:12]}"
    bench = Bench(content, list(first.values()), identity(), build, timeout, memory_mb)
    try:
        _register(client, bench, build)
        # A job may be run again, with the same result; but a key of an earlier build must not answer for this one.
        able = {build: 1}
        yield (
            build,
            lambda job: client.submit(make_report, build, remote(job), key=f"{job.name}-{build}", resources=able),
        )
    finally:
        _at_parting(client.unregister_worker_plugin, build)


def _register(client: Client, bench: Bench, build: str, again: int = 3) -> None:
    try:
        client.register_plugin(bench, name=build)
    except WecareError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and again:
            # A worker left while it was given this; those that stay are given it again.
            time.sleep(LEAVING_S)
            if client.status == "running" and client.scheduler_info()["workers"]:
                return _register(client, bench, build, again - 1)
            raise WecareError(
                f"The scheduler or its workers have left before they were given anything. To do: start {START}, then "
                "run the same command again."
            ) from None
        # Dask says in many ways, plain Exception among them, that a worker could not import what it was sent.
        raise WecareError(
            f"A worker could not take what the reports need ({error}). To do: install the same checkout and the same "
            "requirements.lock on every machine, then run the command again."
        ) from None


def _data() -> dict[str, bytes]:
    """The data packages, raw and processed, as files below the root of a project."""
    processed.ensure()
    tables = [config.RAW / found["path"] for found in raw.descriptor()["resources"]]
    paths = [
        config.RAW / raw.DESCRIPTOR,
        *config.MINE.glob("*.json"),
        *config.MINE.glob("*.toml"),
        *tables,
        *processed.all_files(),
    ]
    return {path.relative_to(config.ROOT).as_posix(): files.read(path) for path in paths}


def _arriving(client: Client, build: str, waiting: dict[Future, Job]) -> Generator[tuple[Job, Result], None, None]:
    """Jobs with their result, or the exception that stands for it, as they arrive."""
    arrived: queue.SimpleQueue[Future] = queue.SimpleQueue()
    for future in waiting:
        future.add_done_callback(arrived.put)
    silences = 0
    try:
        while waiting:
            try:
                future = arrived.get(timeout=SILENCE_S)
            except queue.Empty:
                silences = 0 if _has_workers(client, build) else silences + 1
                if silences == SILENCES:
                    raise _left("All workers have", waiting) from None
                continue
            if future.cancelled():
                raise _left("The scheduler has", waiting)
            result: Result
            try:
                result = future.result()
            except Exception as error:
                result = error
            yield waiting.pop(future), result
            future.release()
    finally:
        _at_parting(client.cancel, list(waiting))


def _has_workers(client: Client, build: str) -> bool:
    """Whether there is a worker that can make reports of the build."""
    return any(build in worker["resources"] for worker in client.scheduler_info()["workers"].values())


def _left(who: str, waiting: dict[Future, Job]) -> WecareError:
    return WecareError(
        f"{who} left; reports not made: {len(waiting)}. To do: start {START}, then run the same command again: what "
        "is made stays made."
    )


def _at_parting(call: Callable, *arguments: object) -> None:
    """Clean up as far as there is still something to clean: a lost scheduler or worker has nothing of ours any more."""
    with contextlib.suppress(Exception):
        call(*arguments)
