"""The papermill engine ``wecare-warm``: a forked child per notebook instead of a new kernel.

Whatever the process that calls papermill has imported and loaded is there for the cells at once. Works alone:
``papermill --engine wecare-warm template.ipynb report.ipynb -r district D12``.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.engines import Engine, NBClientEngine, NotebookExecutionManager
from papermill.log import logger
from papermill.utils import remove_args

from helpers.build.warm.inline import InlineClient
from helpers.system import processes

#: Arguments that concern a kernel process, which there is none of.
_KERNEL_ARGUMENTS = [
    "input_path",
    "start_timeout",
    "startup_timeout",
    "timeout",
    "stdout_file",
    "stderr_file",
]


class InlineEngine(Engine):
    """Runs the cells in the calling process, which must be thrown away afterwards."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, kernel_name: str, **kwargs: Any) -> Any:
        """Run all cells of ``nb_man.nb``."""
        return _client(nb_man, kernel_name, kwargs).execute()


class WarmEngine(Engine):
    """Runs the cells in a forked child; the parent keeps papermill's record as with the standard engine."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        execution_timeout: float | None = None,
        memory_limit_mb: int | None = None,
        **kwargs: Any,
    ) -> Any:
        """Run all cells of ``nb_man.nb`` in a child.

        Parameters
        ----------
        execution_timeout
            Seconds one cell may take.
        memory_limit_mb
            Megabytes the child may add to what it shares with this process.

        Raises
        ------
        CellTimeoutError
            If a cell takes longer.
        DeadKernelError
            If the child dies, for instance for want of memory.
        """
        if not processes.AVAILABLE or nb_man.nb.metadata.get("kernelspec", {}).get("language", "python") != "python":
            kwargs["execution_timeout"] = execution_timeout
            return NBClientEngine.execute_managed_notebook(nb_man, kernel_name, **kwargs)

        def in_child(send: Callable[[object], None]) -> None:
            # The record is the parent's; the child only reports.
            remote = _RemoteRecord(nb_man.nb, send)
            send(("notebook", _client(remote, kernel_name, kwargs).execute()))

        current = -1
        timeout = execution_timeout or kwargs.get("timeout")
        for _, message in processes.run_all(iter([(None, in_child)]), 1, memory_limit_mb, timeout):
            if isinstance(message, Exception):
                cell = nb_man.nb.cells[current]
                nb_man.cell_exception(cell, cell_index=current)
                nb_man.cell_complete(cell, cell_index=current)
                raise _as_nbclient(message, timeout, cell)
            kind, *content = message
            if kind == "start":
                (current,) = content
                nb_man.cell_start(nb_man.nb.cells[current], current)
            elif kind == "done":
                cell, failed = content
                _finish_cell(nb_man, current, cell, failed, kwargs)
            else:
                _finish_notebook(nb_man, *content)
        return nb_man.nb


class _RemoteRecord(SimpleNamespace):
    """What the client in the child takes for papermill's record; passes each step on."""

    def __init__(self, nb: NotebookNode, send: Callable[[object], None]):
        super().__init__(nb=nb, send=send, failed=False)

    def cell_start(self, cell: dict, cell_index: int) -> None:
        self.send(("start", cell_index))

    def cell_exception(self, cell: dict, cell_index: int, exception: Exception | None = None) -> None:
        self.failed = True

    def cell_complete(self, cell: dict, cell_index: int) -> None:
        self.send(("done", cell, self.failed))

    def autosave_cell(self) -> None:
        """The parent saves."""


def _client(nb_man: NotebookExecutionManager | _RemoteRecord, kernel_name: str, kwargs: dict) -> InlineClient:
    return InlineClient(nb_man, kernel_name=kernel_name, log=logger, **remove_args(_KERNEL_ARGUMENTS, **kwargs))


def _finish_cell(nb_man: NotebookExecutionManager, index: int, done: NotebookNode, failed: bool, kwargs: dict) -> None:
    cell = nb_man.nb.cells[index]
    for key in ("outputs", "execution_count"):
        if key in done:
            cell[key] = done[key]
    if "execution" in done.metadata:
        cell.metadata["execution"] = done.metadata["execution"]
    logged = SimpleNamespace(
        log=logger,
        log_output=kwargs.get("log_output", False),
        stdout_file=kwargs.get("stdout_file"),
        stderr_file=kwargs.get("stderr_file"),
    )
    for output in cell.get("outputs", []):
        InlineClient.log_output_message(logged, output)
    if failed:
        nb_man.cell_exception(cell, cell_index=index)
    nb_man.cell_complete(cell, cell_index=index)


def _finish_notebook(nb_man: NotebookExecutionManager, done: NotebookNode) -> None:
    """Take over what concerns the whole: metadata, and outputs that later cells updated."""
    nb_man.nb.metadata = done.metadata | {"papermill": nb_man.nb.metadata["papermill"]}
    for cell, finished in zip(nb_man.nb.cells, done.cells, strict=True):
        if "outputs" in cell:
            cell["outputs"] = finished["outputs"]


def _as_nbclient(problem: Exception, timeout: Any, cell: NotebookNode) -> Exception:
    """The error that the standard engine raises in the same case."""
    if isinstance(problem, TimeoutError):
        return CellTimeoutError.error_from_timeout_and_cell("Cell execution timed out", timeout, cell)
    return DeadKernelError(f"Kernel died: {problem}")
