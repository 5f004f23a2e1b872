"""Runs the cells of a notebook in this very process, with the outputs a kernel would have sent.

The shell is ipykernel's own and the messages are handled by nbclient's own code; only the wire between the two is
left out. Callers fork first (:mod:`helpers.system.processes`): what cells change beyond their own names stays in the
process.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import comm
from comm.base_comm import BaseComm
from ipykernel.compiler import XCachingCompiler
from ipykernel.jsonutil import json_clean
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from jupyter_client.session import Session
from nbclient.client import timestamp
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from nbformat.v4 import nbbase, new_output
from papermill.clientwrap import PapermillNotebookClient
from traitlets.config import Config

#: What a kernel says of itself; standard engines copy it into the notebook.
LANGUAGE_INFO = {
    "name": "python",
    "version": sys.version.split()[0],
    "mimetype": "text/x-python",
    "codemirror_mode": {"name": "ipython", "version": sys.version_info[0]},
    "pygments_lexer": f"ipython{sys.version_info[0]}",
    "nbconvert_exporter": "python",
    "file_extension": ".py",
}


class InlineClient(PapermillNotebookClient):
    """Papermill's client without a kernel process behind it."""

    def execute(self, **kwargs: object) -> NotebookNode:
        """Run all cells; a failing cell ends the run and keeps its traceback, as in the standard engine."""
        self.reset_execution_trackers()
        with _Kernel(self._deliver) as self.kernel:
            self.papermill_execute_cells()
        self.nb.metadata["language_info"] = LANGUAGE_INFO
        self.set_widgets_metadata()
        return self.nb

    def execute_cell(self, cell: NotebookNode, cell_index: int, *args: object, **kwargs: object) -> NotebookNode:
        """Run one cell and collect what it sends.

        Raises
        ------
        CellExecutionError
            If the cell fails and is not tagged ``raises-exception``.
        """
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        cell["metadata"]["execution"] = {}
        cell.outputs = []
        self.clear_before_next_output = False
        self.cell, self.cell_index = cell, cell_index
        reply = self.kernel.run(cell.source)
        cell["execution_count"] = reply["execution_count"]
        allowed = self.allow_errors or reply.get("ename") in self.allow_error_names or "raises-exception" in tags
        if reply["status"] == "error" and (self.force_raise_errors or not allowed):
            if not any(output.output_type == "error" for output in cell.outputs):
                # IPython sends none when it cannot format the traceback, as for errors in some templates.
                cell.outputs.append(new_output("error", **{k: reply[k] for k in ("ename", "evalue", "traceback")}))
            raise CellExecutionError.from_cell_and_msg(cell, reply)
        return cell

    def _deliver(self, message: dict) -> None:
        if self.record_timing and message["msg_type"] == "execute_input":
            self.cell["metadata"]["execution"]["iopub.execute_input"] = timestamp(message)
        self.process_message(message, self.cell, self.cell_index)


class _Wire(Session):
    """Stands where the kernel's session stands: a message sent is a message handled."""

    def __init__(self, deliver: Callable[[dict], None]):
        super().__init__(key=b"")
        self.deliver = deliver

    def send(
        self,
        stream: object,
        msg_or_type: dict[str, Any] | str,
        content: dict[str, Any] | None = None,
        parent: dict[str, Any] | None = None,
        ident: object = None,
        buffers: list | None = None,
        *rest: object,
        **more: object,
    ) -> dict[str, Any]:
        message = msg_or_type if isinstance(msg_or_type, dict) else self.msg(msg_or_type, content, parent)
        message["buffers"] = buffers or []
        # What a client receives went through JSON; what it keeps must not change with the sender's objects.
        message["content"] = json_clean(message["content"])
        self.deliver(message)
        return message


class _Stream(io.TextIOBase):
    """Standard output or error of the cells; consecutive writes become one output, as a kernel's mostly do."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, name: str, wire: _Wire):
        self.name, self.wire = name, wire
        self.parts: list[str] = []

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self.parts.append(text)
        return len(text)

    def flush(self) -> None:
        """Keep collecting: Python flushes after every print, and one text is one output."""

    def send(self) -> None:
        """Send what was written since the last time."""
        if self.parts:
            text, self.parts = "".join(self.parts), []
            self.wire.send(None, "stream", {"name": self.name, "text": text})


class _Kernel(contextlib.AbstractContextManager):
    """The shell with its surroundings replaced by ours; on leaving, the surroundings are put back."""

    def __init__(self, deliver: Callable[[dict], None]):
        self.wire = _Wire(self._put_in_order(deliver))
        self.streams = {name: _Stream(name, self.wire) for name in ("stdout", "stderr")}

    def _put_in_order(self, deliver: Callable[[dict], None]) -> Callable[[dict], None]:
        """Text written before a message comes before it."""

        def in_order(message: dict) -> None:
            if message["msg_type"] != "stream":
                self.flush()
            deliver(message)

        return in_order

    def flush(self) -> None:
        """Send all text so far: standard output first, then errors, as a kernel flushes them."""
        self.descriptors.drain()
        for stream in self.streams.values():
            stream.send()

    def __enter__(self) -> _Kernel:
        self.shell = new_shell()
        self.shell.displayhook.session = self.shell.display_pub.session = self.wire
        self.stack = contextlib.ExitStack()
        # A kernel has shown no warning yet: this forgets which ones this process has.
        self.stack.enter_context(warnings.catch_warnings())
        self.descriptors = self.stack.enter_context(_Descriptors(self.streams))
        self.stack.enter_context(_replace(sys, **self.streams))
        self.stack.enter_context(_replace(builtins, input=_no_input))
        # Each output would be checked by itself; who writes the notebook checks it whole, in a tenth of the time.
        self.stack.enter_context(_replace(nbbase, validate=lambda node, ref=None: None))
        self.stack.enter_context(_replace(comm, create_comm=lambda **kw: _InlineComm(self.wire, **kw)))
        return self

    def __exit__(self, *exc: object) -> None:
        self.stack.close()

    def run(self, source: str) -> dict:
        """Run one cell; the answer is what a kernel's ``execute_reply`` holds."""
        result = self.shell.run_cell(source, store_history=True)
        self.flush()
        failure = result.error_before_exec or result.error_in_exec
        reply = {"status": "ok", "execution_count": self.shell.execution_count - 1}
        if not result.success or self.shell._last_traceback_during_displayhook:
            reply |= {
                "status": "error",
                "ename": type(failure).__name__,
                "evalue": str(failure),
                "traceback": self.shell._last_traceback or [],
            }
        self.shell.payload_manager.clear_payload()
        return json_clean(reply)


class _InlineComm(BaseComm):
    """A comm whose messages go the way of all outputs, so that widgets leave their state in the notebook."""

    def __init__(self, wire: _Wire, **kwargs: Any):
        self.wire = wire
        super().__init__(**kwargs)

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        content = {"data": data or {}, "comm_id": self.comm_id, **keys}
        self.wire.send(None, msg_type, content, buffers=buffers)


def new_shell() -> Any:
    """A shell as a kernel has it, in place of the last one; the first one sets environment variables."""
    ZMQInteractiveShell.clear_instance()
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    config = Config()
    # The kernel's own history file would be written by every report and read by none.
    config.HistoryManager.enabled = False
    _show_figures()
    return ZMQInteractiveShell.instance(config=config, compiler_class=XCachingCompiler)


def _show_figures() -> None:
    """Have plotly show figures as in a kernel: it chose when it was imported, perhaps where there was no notebook."""
    plotly = sys.modules.get("plotly.io._renderers")
    if plotly and "PLOTLY_RENDERER" not in os.environ:
        plotly.renderers.default = "plotly_mimetype"


def _no_input(prompt: str = "") -> str:
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


@contextlib.contextmanager
def _replace(owner: object, **values: object) -> Iterator[None]:
    before = {name: getattr(owner, name) for name in values}
    for name, value in values.items():
        setattr(owner, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(owner, name, value)


class _Descriptors(contextlib.AbstractContextManager):
    """Collects what C code and child processes write straight to descriptors 1 and 2."""

    def __init__(self, streams: dict[str, _Stream]):
        self.streams = streams

    def __enter__(self) -> _Descriptors:
        self.stack = contextlib.ExitStack()
        self.files, self.positions = {}, {}
        for number, name in ((1, "stdout"), (2, "stderr")):
            file = self.stack.enter_context(tempfile.TemporaryFile())
            kept = os.dup(number)
            os.dup2(file.fileno(), number)
            self.stack.callback(os.close, kept)
            self.stack.callback(os.dup2, kept, number)
            self.files[name], self.positions[name] = file, 0
        return self

    def __exit__(self, *exc: object) -> None:
        self.stack.close()

    def drain(self) -> None:
        """Hand what has been written since the last time to the streams."""
        for name, file in self.files.items():
            # pread: a child process that still writes shares the file's position.
            size = os.fstat(file.fileno()).st_size
            if size > self.positions[name]:
                data = os.pread(file.fileno(), size - self.positions[name], self.positions[name])
                self.positions[name] = size
                self.streams[name].parts.append(data.decode(errors="replace"))
