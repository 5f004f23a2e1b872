"""Runs one job through papermill: template × parameters → the executed notebook as bytes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpers.build.guard import keeping_raw
from helpers.system.notebook_bytes import notebook_bytes
from helpers.system.notebooks import as_notebook, read_cells

if TYPE_CHECKING:
    import nbformat

    from helpers.build.jobs import Job

#: Papermill's record of when and how long; left out so that the same inputs give the same bytes.
VOLATILE = ("start_time", "end_time", "duration", "input_path", "output_path", "environment_variables")

#: Bytes an executed notebook may have; those of ours have a hundredth of it.
MOST_BYTES = 20_000_000


@dataclass(frozen=True)
class Outcome:
    """How one job ended.

    Attributes
    ----------
    job
        The job.
    error
        What went wrong in one line, or None.
    cell
        Number of the failing cell in the executed notebook, or None.
    seconds
        Time it took.
    """

    job: Job
    error: str | None = None
    cell: int | None = None
    seconds: float = 0.0


def execute(job: Job, engine: str) -> tuple[Outcome, bytes | None]:
    """Run one job through papermill.

    Returns
    -------
    tuple
        The outcome, and the report as bytes, the same for the same inputs; None if it failed.
    """
    from papermill.exceptions import PapermillExecutionError

    start = time.perf_counter()
    try:
        with keeping_raw():
            executed = _papermill(job, engine)
    except PapermillExecutionError as error:
        return Outcome(job, f"{error.ename}: {error.evalue}", error.cell_index, time.perf_counter() - start), None
    seconds = time.perf_counter() - start
    if (cell := _ended_by_itself(executed)) is not None:
        told = "SystemExit: the notebook ended itself before its last cell. To do: take out what ends it"
        return Outcome(job, told, cell, seconds), None
    report = canonical_bytes(executed)
    if len(report) > MOST_BYTES:
        told = f"the report would be {len(report) / 1e6:,.0f} MB, the most is {MOST_BYTES / 1e6:,.0f}"
        return Outcome(job, f"TooMuch: {told}. To do: let its cells print less", seconds=seconds), None
    return Outcome(job, seconds=seconds), report


def _ended_by_itself(notebook: nbformat.NotebookNode) -> int | None:
    """The cell in which a notebook ended itself: papermill takes ``sys.exit(0)`` for a good end."""
    for number, cell in enumerate(notebook.cells):
        expected = "raises-exception" in cell.metadata.get("tags", [])
        for output in cell.get("outputs", []):
            if output.output_type == "error" and output.ename == "SystemExit" and not expected:
                return number
    return None


def _papermill(job: Job, engine: str) -> nbformat.NotebookNode:
    """The steps of ``papermill.execute_notebook`` without its two writes, a quarter of a warm report's time."""
    from papermill.engines import papermill_engines
    from papermill.execute import prepare_notebook_metadata, raise_for_execution_errors, remove_error_markers
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    notebook = load_notebook_node(as_notebook(read_cells(job.template)))
    if job.parameters:
        notebook = parameterize_notebook(notebook, job.parameters, engine_name=engine)
    notebook = remove_error_markers(prepare_notebook_metadata(notebook, str(job.template), None, report_mode=False))
    executed = papermill_engines.execute_notebook_with_engine(
        engine,
        notebook,
        kernel_name=papermill_engines.nb_kernel_name(engine_name=engine, nb=notebook),
        input_path=str(job.template),
        output_path=None,
        progress_bar=False,
    )
    raise_for_execution_errors(executed, None)
    return executed


def canonical_bytes(notebook: nbformat.NotebookNode) -> bytes:
    """An executed notebook as bytes, without what differs from run to run."""
    for key in VOLATILE:
        notebook.metadata.get("papermill", {}).pop(key, None)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
        cell.metadata.pop("execution", None)
        for key in VOLATILE:
            cell.metadata.get("papermill", {}).pop(key, None)
    return notebook_bytes(notebook)
