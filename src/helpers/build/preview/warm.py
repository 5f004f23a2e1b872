"""The warm process of a preview: it has imported everything and forks a child for each request.

``python -m helpers.build.preview.warm FD``: FD is its end of a line on which requests arrive and answers leave. It
keeps nothing that an edit could make untrue: what it holds of the data is kept by content, and of texts it holds none.
Edited code needs another process.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection, wait

import nbformat
import psutil

from helpers import config
from helpers.build import batch, plan
from helpers.build.inputs import shown_parameters
from helpers.build.jobs import all_jobs
from helpers.build.preview.making import Request, make
from helpers.checks.run import check
from helpers.pages.common.declared import declared_pages, inputs_from
from helpers.publish.frame import owner
from helpers.system import files, processes, startup
from helpers.system.record import Record


def serve(line: Connection) -> None:
    """Answer requests until None comes or the line closes; a new one ends the work on the one before."""
    child: processes.Child | None = None
    pages: tuple[str, ...] = ()
    try:
        while True:
            ready = wait([line, *([child.pipe] if child else [])])
            if child and child.pipe in ready:
                messages, closed = child.receive()
                for message in messages:
                    line.send(message)
                if closed:
                    _end(child)
                    child = None
                    if not line.poll():
                        _keep_data(pages)
            if line in ready:
                request = line.recv()
                if request is None:
                    raise EOFError
                pages = request.pages or pages
                if child:
                    _end(child)
                child = processes.fork(None, _answering(line, request))
    except (EOFError, OSError):
        if child:
            _end(child)


def _answering(line: Connection, request: Request) -> processes.Task:
    def task(send: Callable[[object], None]) -> None:
        line.close()
        send(make(request))

    return task


def _end(child: processes.Child) -> None:
    """End a child with all it has started: cells would take an interruption for their own, and go on.

    What it was making is made again: files are put in place whole, and noted when they are.
    """
    os.close(child.pipe)
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(child.pid)
        process.suspend()  # so that it starts no more
        for each in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()
    os.waitpid(child.pid, 0)


def get_ready() -> None:
    """Import what the pages need, and read the import graph."""
    batch.get_ready()
    for page in declared_pages():
        # What is wrong in it is told by the report that needs it.
        with contextlib.suppress(Exception):
            importlib.import_module(page.module)
    with contextlib.suppress(Exception):
        for template in {job.template for job in all_jobs()}:
            plan.report_code(template)
    for name in ("helpers.publish.feeds", "nbconvert", "smalldocs.site"):
        importlib.import_module(name)
    nbformat.validate(nbformat.v4.new_notebook())
    # What the first check loads, in a second or more, no child has to load.
    with contextlib.suppress(Exception), files.holding():
        check()
    _keep_data(())


def _keep_data(pages: tuple[str, ...]) -> None:
    """Read here what children would each read again, data for the pages that are open; they tell what is wrong."""
    with contextlib.suppress(Exception), files.holding():
        owner(config.QUARTO_YML)
        plan.is_derived(Record(plan.RECORD))
        for job in all_jobs():
            if job.address in pages:
                inputs_from(job.template.stem)(**shown_parameters(job))
    for name, module in sys.modules.items():
        if name.startswith("helpers.prose."):
            for value in vars(module).values():
                getattr(value, "cache_clear", lambda: None)()


if __name__ == "__main__":
    startup.block_unused_modules()
    get_ready()
    with Connection(int(sys.argv[1])) as theirs:
        serve(theirs)
