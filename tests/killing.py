"""Ends a change of the data package at every single operation on files, as a kill would: nothing is tidied up."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from raw_fixtures import state

from helpers.data import transaction

#: How a killed child ends.
KILLED = 9

_WRITES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link")


def kill(work: Callable[[], object], at: int | None = None) -> bool:
    """Do some work in a child that ends just before its n-th operation; False if the work was done before."""
    child = os.fork()
    if not child:
        if at is not None:
            _end_before(at)
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, KILLED), "the work failed"
    return code == KILLED


def _end_before(at: int) -> None:
    count = 0

    def count_and_end(event: str, given: tuple) -> None:
        nonlocal count
        writing = event in _WRITES or (event == "open" and bool(given[2] & (os.O_WRONLY | os.O_RDWR)))
        count += writing
        if writing and count == at:
            os._exit(KILLED)

    sys.addaudithook(count_and_end)


def kills(work: Callable[[], object], root: Path) -> Iterator[int]:
    """Every way to kill some work: each time the package is as the kill left it, and afterwards as it was first."""
    first = root.parent.with_name("first")
    shutil.copytree(root.parent, first)
    at = 1
    while kill(work, at):
        yield at
        shutil.rmtree(root.parent)
        shutil.copytree(first, root.parent)
        at += 1
    shutil.rmtree(first)


def settles_wherever_killed(commit: Callable[[], object], root: Path, edited: str) -> None:
    """Hold a commit to its word: after settling the package is the old one or the new one, and edits are kept.

    Parameters
    ----------
    commit
        What writes the package.
    root
        Its folder; written in the end.
    edited
        A file of the package that the commit replaces.
    """
    before, left, mixed = state(root), {}, None
    for at in kills(commit, root):
        # As a person does who is told that data/raw is wrong: restores the files that were there, then edits one.
        other = root.parent.with_name("edited")
        shutil.copytree(root.parent, other)
        restored = before | {edited: before[edited] + b"edited"}
        for path, data in restored.items():
            (other / root.name / path).write_bytes(data)
        if transaction.pending(other / root.name):
            found = transaction.settle(other / root.name)
            assert (found.done, found.left) == (False, [edited])
            assert state(other / root.name) == restored, at
        shutil.rmtree(other)
        if state(root) != before and mixed is None:
            mixed = root.parent.with_name("mixed")
            shutil.copytree(root.parent, mixed)
        transaction.settle(root)
        assert transaction.settle(root) is None
        left[at] = state(root)
    after = state(root)
    assert after != before and mixed is not None
    assert all(found in (before, after) for found in left.values()), [n for n, f in left.items() if f != before]
    # Settling may be killed as well.
    for _ in kills(lambda: transaction.settle(mixed / root.name), mixed / root.name):
        transaction.settle(mixed / root.name)
        assert state(mixed / root.name) == before
    assert state(mixed / root.name) == before
