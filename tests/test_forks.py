"""Work beside, and work shared out: what it gives arrives, what goes wrong is told, nothing is left running."""

import os
import time

import pytest

from helpers.system import processes

pytestmark = pytest.mark.skipif(not processes.AVAILABLE, reason="forking does not exist on this system")


def test_work_beside_gives_what_it_made_piece_by_piece():
    with processes.beside(os.getpid, lambda: b"x" * (3 * processes.PIPE_BYTES)) as (pid, large):
        assert len(large()) == 3 * processes.PIPE_BYTES
        assert pid() == pid() != os.getpid()


def test_what_could_not_be_done_beside_is_done_here_and_told():
    here = os.getpid()

    def only_here():
        assert os.getpid() == here
        return "made"

    with processes.beside(lambda: 1 / 0, only_here, lambda: "beside", lambda: lambda: "no message") as works:
        wrong, late, fine, unsendable = works
        with pytest.raises(ZeroDivisionError):
            wrong()
        assert (late(), fine(), unsendable()()) == ("made", "beside", "no message")


def test_work_beside_that_dies_is_done_here():
    here = os.getpid()
    with processes.beside(lambda: os.getpid() if os.getpid() == here else os._exit(3)) as (work,):
        assert work() == here


def test_work_beside_ends_with_the_block():
    start = time.monotonic()
    with pytest.raises(KeyError), processes.beside(lambda: time.sleep(60)):
        raise KeyError
    with processes.beside(lambda: time.sleep(60)):
        pass
    assert time.monotonic() - start < 30


@pytest.mark.slow
def test_work_on_each_item_is_shared_out_and_keeps_its_order(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    made = processes.run_each(range(8), lambda item: (item * item, os.getpid()))
    assert [value for value, _ in made] == [item * item for item in range(8)]
    assert len({pid for _, pid in made}) == 3 and made[0][1] == os.getpid()
    assert processes.run_each([], abs) == [] and processes.run_each([-1], abs) == [1]
    for wrong in range(8):
        with pytest.raises(ZeroDivisionError):
            processes.run_each(range(8), lambda item, wrong=wrong: 1 / (item - wrong))
