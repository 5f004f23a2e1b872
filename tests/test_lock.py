"""One command at a time: the second one is told which is running and since when, and changes nothing."""

import os
import subprocess
import sys
import threading
import time

import pytest

#: A command that holds the lock, with little to do.
AT_WORK = ("build", "--data-only")


@pytest.fixture
def held(derived, request):
    """Somebody else who holds the lock of a project until told to end."""
    command = getattr(request, "param", "publish")
    code = (
        f"from helpers.system.lock import exclusive\nwith exclusive({command!r}):\n"
        "    print('held', flush=True)\n    input()"
    )
    environment = os.environ | {"WECARE_ROOT": str(derived.root)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", code], env=environment, **pipes) as other:
        assert other.stdout.readline() == "held\n"
        yield other
        other.kill()


def test_a_second_command_is_told_who_is_at_work(derived, held):
    before = {path: path.read_bytes() for path in (derived.root / "data").rglob("*") if path.is_file()}
    for command in (
        AT_WORK, ("publish",), ("record",), ("keep",), ("pdf", "--only", "D12"), ("adopt", "overview"),
        ("new", "report", "mobility"), ("new", "indicator", "x", "--theme", "age", "--numerator", "residents"),
    ):  # fmt: skip
        done = derived.wecare(*command, ok=False)
        told = " ".join(done.stderr.split())
        assert done.returncode == 1 and "Traceback" not in told, told
        assert f"Another wecare is running: `wecare publish` since {time.strftime('%H:')}" in told
        assert f"process {held.pid}. To do: wait until it has ended" in told
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize("held", ["preview"], indirect=True)
def test_a_preview_is_waited_for(derived, held):
    threading.Timer(3, lambda: held.communicate("\n")).start()
    before = time.monotonic()
    derived.wecare(*AT_WORK)
    assert time.monotonic() - before > 2


def test_a_killed_command_holds_nothing(derived, held):
    held.kill()
    held.wait()
    derived.wecare(*AT_WORK)


def test_children_of_a_killed_command_hold_nothing(derived):
    code = (
        "import os, time\nfrom helpers.system.lock import exclusive\nwith exclusive('build'):\n"
        "    child = os.fork()\n    print(child or time.sleep(60), flush=True)\n    time.sleep(60)"
    )
    environment = os.environ | {"WECARE_ROOT": str(derived.root)}
    with subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True) as parent:
        child = int(parent.stdout.readline())
        with pytest.raises(AssertionError, match="Another wecare is running: `wecare build`"):
            derived.wecare(*AT_WORK)
        parent.kill()
        parent.wait()
        os.kill(child, 0)  # it lives on, with all that its parent had opened
        derived.wecare(*AT_WORK)
        os.kill(child, 9)
