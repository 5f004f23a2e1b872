"""Forked children: one task each, results through a pipe, all ended when the parent ends."""

from __future__ import annotations

import contextlib
import os
import pickle
import selectors
import signal
import struct
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import FrameType
from typing import Any, Generic, NoReturn, TypeVar

from helpers.system.kinship import bind_to, end_descendants

Item = TypeVar("Item")
Key = TypeVar("Key")
Made = TypeVar("Made")

#: Work of a child: it sends messages by what it is given.
Task = Callable[[Callable[[object], None]], None]

#: Length of each message that comes through the pipe; none at all says that the task has come to its end.
_HEADER = struct.Struct(">Q")
_END = _HEADER.pack(0)

AVAILABLE = hasattr(os, "fork")

#: Size asked for a pipe; the usual limit for processes without privileges.
PIPE_BYTES = 1 << 20


class ChildDied(RuntimeError):
    """A child ended before its task did (killed, out of memory, crashed, or ended by what it ran)."""


@dataclass
class Child(Generic[Key]):
    """One forked process and what it has sent so far.

    Attributes
    ----------
    key
        What the caller knows the task by.
    pid
        Process number.
    started
        Monotonic time of its last message, or of the fork.
    finished
        Whether its task has come to its end.
    """

    key: Key
    pid: int
    pipe: int
    started: float
    buffer: bytearray = field(default_factory=bytearray)
    finished: bool = False

    def receive(self) -> tuple[list[Any], bool]:
        """Messages that are complete by now, and whether the pipe has closed."""
        chunk = os.read(self.pipe, 1 << 20)
        self.buffer += chunk
        messages = []
        while len(self.buffer) >= _HEADER.size:
            (length,) = _HEADER.unpack_from(self.buffer)
            end = _HEADER.size + length
            if len(self.buffer) < end:
                break
            if length:
                messages.append(pickle.loads(bytes(self.buffer[_HEADER.size : end])))
            else:
                self.finished = True
            del self.buffer[:end]
        return messages, not chunk

    def end(self, how: int = signal.SIGKILL) -> None:
        """Kill the child and everything it started."""
        end_descendants(self.pid)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, how)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, how)


def fork(key: Key, task: Task, memory_mb: int | None = None) -> Child[Key]:
    """Start a child that runs ``task(send)`` and ends.

    Parameters
    ----------
    key
        What the caller knows the task by.
    task
        Runs in the child; what it passes to ``send`` arrives in the parent, in order.
    memory_mb
        Megabytes the child may add to what it shares with its parent; none by default.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    import fcntl

    if hasattr(fcntl, "F_SETPIPE_SZ"):
        # A report fits in: the child hands it over in one go instead of taking turns with the parent.
        with contextlib.suppress(OSError):
            fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    # A child of a thread would end with the thread.
    parent = os.getpid() if threading.current_thread() is threading.main_thread() else None
    pid = os.fork()
    if pid == 0:
        _be_child(reading, writing, task, memory_mb, parent)
    os.close(writing)
    with contextlib.suppress(OSError):
        os.setpgid(pid, pid)
    return Child(key, pid, reading, time.monotonic())


@contextlib.contextmanager
def beside(*works: Callable[[], Made]) -> Iterator[list[Callable[[], Made]]]:
    """Do some work in a child while the block runs, one piece after the other.

    Yields
    ------
    list of callable
        One for each piece: it waits for what the work gave, and gives it. What the child could not do is done when it
        is asked for, so whoever asks is told what went wrong.
    """
    if not AVAILABLE:
        yield list(works)
        return
    child = fork(None, lambda send: _one_by_one(works, send))
    arrived: dict[int, tuple[bool, Any]] = {}

    def result(number: int) -> Made:
        closed = False
        while number not in arrived and not closed:
            messages, closed = child.receive()
            arrived.update(messages)
        done, made = arrived.get(number, (False, None))
        return made if done else works[number]()

    try:
        yield [partial(result, number) for number in range(len(works))]
    finally:
        child.end()
        _reap(child)
        os.close(child.pipe)


def run_each(items: Sequence[Item], work: Callable[[Item], Made]) -> list[Made]:
    """Do some work on each item, shared out among this process and a child for each other core.

    Returns
    -------
    list
        What the work gave, in the order of the items. What it raises comes through.
    """
    cores = min(os.cpu_count() or 1, len(items)) if AVAILABLE else 1
    if cores < 2:
        return [work(item) for item in items]

    def share(first: int) -> list[Made]:
        return [work(item) for item in items[first::cores]]

    with contextlib.ExitStack() as children:
        others = [children.enter_context(beside(partial(share, n)))[0] for n in range(1, cores)]
        shares = [share(0), *(result() for result in others)]
    return [shares[n % cores][n // cores] for n in range(len(items))]


def _one_by_one(works: Sequence[Callable[[], object]], send: Callable[[object], None]) -> None:
    for number, work in enumerate(works):
        try:
            made = True, work()
        except Exception:
            made = False, None
        send((number, made))


def _be_child(reading: int, writing: int, task: Task, memory_mb: int | None, parent: int | None) -> NoReturn:
    """Everything a child does; never returns."""
    code = 0
    try:
        if parent:
            bind_to(parent)
        os.close(reading)
        os.setpgid(0, 0)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if memory_mb is not None:
            _limit_memory(memory_mb)

        def send(message: object) -> None:
            data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
            _write(writing, _HEADER.pack(len(data)) + data)

        task(send)
        _write(writing, _END)
    except BaseException:
        traceback.print_exc()
        code = 1
    finally:
        end_descendants(os.getpid())
        # Not sys.exit: what the parent registered to run at exit is the parent's.
        os._exit(code)


def _write(pipe: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def _limit_memory(megabytes: int) -> None:
    import resource

    with open("/proc/self/status") as status:
        used = next(int(line.split()[1]) for line in status if line.startswith("VmData"))
    limit = used * 1024 + megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def run_all(
    tasks: Iterator[tuple[Key, Task]],
    workers: int,
    memory_mb: int | None = None,
    timeout: float | None = None,
) -> Iterator[tuple[Key, Any]]:
    """Run tasks in at most ``workers`` children at a time.

    Parameters
    ----------
    tasks
        Pairs of key and task, see :func:`fork`; drawn one by one as children become free.
    timeout
        Seconds a child may stay silent; longer, and it is killed.

    Yields
    ------
    tuple
        Key and message, as messages arrive. A child that ends before its task does, with whatever code, yields a
        :class:`ChildDied`, one that stays silent too long a ``TimeoutError``. When the caller stops early, or is
        interrupted, all children are killed.
    """
    with selectors.DefaultSelector() as selector, _interruption() as interrupted:
        running: dict[int, Child[Key]] = {}
        try:
            while True:
                if interrupted:
                    raise KeyboardInterrupt
                while len(running) < workers and (following := next(tasks, None)) is not None:
                    child = fork(*following, memory_mb=memory_mb)
                    running[child.pipe] = child
                    selector.register(child.pipe, selectors.EVENT_READ)
                if not running:
                    return
                wait = None if timeout is None else max(0.0, _next_deadline(running, timeout))
                for ready, _ in selector.select(wait):
                    child = running[ready.fd]
                    messages, closed = child.receive()
                    child.started = time.monotonic()
                    for message in messages:
                        yield child.key, message
                    if closed:
                        del running[_forget(selector, child)]
                        if failure := _reap(child):
                            yield child.key, failure
                for child in _overdue(running, timeout):
                    child.end()
                    del running[_forget(selector, child)]
                    _reap(child)
                    yield child.key, TimeoutError(f"no sign of life for {timeout:g} s")
        finally:
            for child in running.values():
                child.end()
                _reap(child)
                os.close(child.pipe)


@contextlib.contextmanager
def _interruption() -> Iterator[list[bool]]:
    """Remember Ctrl-C: Python drops an exception that comes up in the hooks it runs around a fork.

    Yields
    ------
    list
        Empty until the first interrupt. Signals reach only the main thread; elsewhere it stays empty.
    """
    seen: list[bool] = []
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield seen
        return

    def remember(number: int, frame: FrameType | None) -> None:
        seen.append(True)
        before(number, frame)

    signal.signal(signal.SIGINT, remember)
    try:
        yield seen
    finally:
        signal.signal(signal.SIGINT, before)


def _next_deadline(running: dict[int, Child], timeout: float) -> float:
    return min(child.started for child in running.values()) + timeout - time.monotonic()


def _overdue(running: dict[int, Child], timeout: float | None) -> list[Child]:
    if timeout is None:
        return []
    return [child for child in running.values() if time.monotonic() - child.started >= timeout]


def _forget(selector: selectors.BaseSelector, child: Child) -> int:
    selector.unregister(child.pipe)
    os.close(child.pipe)
    return child.pipe


def _reap(child: Child) -> ChildDied | None:
    _, status = os.waitpid(child.pid, 0)
    # What a cell left running would outlive the report.
    child.end()
    if os.WIFSIGNALED(status):
        return ChildDied(f"killed by {signal.Signals(os.WTERMSIG(status)).name}")
    code = os.WEXITSTATUS(status)
    return None if child.finished and not code else ChildDied(f"the process was ended, with code {code}")
