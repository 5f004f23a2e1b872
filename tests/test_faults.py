"""Faults around a build: what stands in a file's place, what a notebook does, a disk that is full; one message each."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pandas as pd
import psutil
import pytest
from raw_fixtures import copied, reduced

from helpers import config
from helpers.build import batch, sheets
from helpers.build.jobs import Job
from helpers.data import csv_form, processed
from helpers.errors import InputError, WecareError
from helpers.system import files, lock, processes
from helpers.system.cache import Cache
from helpers.system.record import Record, Step

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return reduced(tmp_path_factory.mktemp("package") / "raw", ("provinces", "sources"))


# ---- something else in a file's place


def a_folder(path):
    path.mkdir()


def a_loop(path):
    path.symlink_to(path)


@pytest.mark.parametrize("put", [a_folder, os.mkfifo, a_loop], ids=["folder", "pipe", "loop"])
@pytest.mark.parametrize("name", ["provinces.csv", "datapackage.json"])
def test_what_is_no_file_is_told(package, tmp_path, put, name):
    copy = copied(tmp_path, package)
    (copy.root / name).unlink()
    put(copy.root / name)
    (problem,) = copy.problems()
    assert name in problem.file and problem.rule and problem.remedy


@pytest.mark.parametrize("spoil", [a_folder, lambda path: path.write_bytes(b"x" * 9_000)], ids=["folder", "bytes"])
def test_a_record_and_a_cache_that_are_none_are_made_anew(tmp_path, spoil):
    for make in (Record, lambda path: Cache(path, "helpers.errors")):
        path = tmp_path / "x.db"
        spoil(path)
        make(path)
        path.unlink()


def test_a_record_with_pages_overwritten_is_read_or_made_anew(tmp_path):
    path = tmp_path / "record.db"
    record = Record(path)
    record.all_done([Step(f"step {n}", {f"file {m}": "0" * 64 for m in range(50)}) for n in range(40)])
    whole = path.read_bytes()
    for at in range(100, len(whole), len(whole) // 12):
        path.write_bytes(whole[:at] + b"\xff" * 300 + whole[at + 300 :])
        again = Record(path)
        again.done(Step("new", {"a": "b"}))
        assert Record(path).inputs("new") == {"a": "b"}


def test_a_cell_longer_than_csv_allows_is_told_with_its_row():
    text = 'a,b\n1,2\n3,"' + "x" * 140_000 + '"\n'
    with pytest.raises(InputError) as caught:
        csv_form.parse(text.encode(), "data/raw/x.csv", 2)
    (problem,) = caught.value.problems
    assert problem.row == 3 and "131,072" in problem.rule


@pytest.mark.parametrize("text", ["", "\r", "a,b\r1,2\r", "a,b\n1,x\ry\n", "a,b\n1,2\r\r\n", 'a,b\n1,2"\n3,"4\n'])
def test_rows_that_programs_part_differently_are_told(text):
    with pytest.raises(InputError) as caught:
        csv_form.parse(text.encode(), "data/raw/x.csv", 2)
    assert all(problem.rule and problem.remedy for problem in caught.value.problems)


@pytest.mark.parametrize("put", [a_folder, os.mkfifo, a_loop], ids=["folder", "pipe", "loop"])
def test_a_file_is_written_whatever_stands_beside_it(tmp_path, put):
    put(tmp_path / ".x.part")
    files.write(tmp_path / "x", b"new")
    assert (tmp_path / "x").read_bytes() == b"new"


@pytest.mark.parametrize("put", [a_folder, os.mkfifo, a_loop], ids=["folder", "pipe", "loop"])
def test_a_command_notes_that_it_runs_whatever_stands_there(tmp_path, monkeypatch, put):
    monkeypatch.setattr(config, "BUILD", tmp_path)
    put(tmp_path / "running.json")
    with lock.exclusive("build"), pytest.raises(WecareError, match="Another wecare is running"), lock.exclusive("x"):
        pass
    assert not (tmp_path / "running.json").exists()


def test_what_a_terminal_cannot_show_and_a_closed_one_stop_nothing(tmp_path):
    code = "from helpers.cli.console import out\nout.print('Forlì → \\udcff')\nprint('end')"
    for more in ({"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=os.environ | more)
        assert done.returncode == 0 and done.stdout.endswith(b"\\udcff\nend\n"), done.stderr
    closed = subprocess.run(["sh", "-c", '"$0" -c "$1" >&-', sys.executable, code], capture_output=True, text=True)
    assert (closed.returncode, closed.stderr) == (0, "")


# ---- a full disk


def test_a_full_disk_leaves_no_part_and_stops_no_other_report(tmp_path, monkeypatch):
    whole = Path.write_bytes

    def full(path, data):
        if path.name == ".a.ipynb.part":
            whole(path, data[:10])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return whole(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    outcomes = run(tmp_path, a="x", b="x", c="x")
    assert [outcome.error and outcome.error.split(".")[0] for outcome in outcomes] == [
        "No space left on device: the report could not be written",
        None,
        None,
    ]
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == ["b.ipynb", "c.ipynb"]


def test_a_table_or_sheet_that_a_full_disk_cuts_off_leaves_the_old_one_and_no_part(tmp_path, monkeypatch):
    frame = pd.DataFrame({"a": range(2_000)})
    record, sheet = Record(tmp_path / "record.db"), SimpleNamespace(job=SimpleNamespace(name="D12"))
    sheet.file, sheet.step = tmp_path / "sheet.pdf", Step("sheet", {}, (tmp_path / "sheet.pdf",))
    writers = {
        "table.parquet": lambda: processed.write(frame, "table", tmp_path),
        "sheet.pdf": lambda: sheets.keep(record, [sheet], [("D12", b"x" * 9_000)]),
    }
    for name in writers:
        (tmp_path / name).write_bytes(b"old")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))
    try:
        for write in writers.values():
            with pytest.raises(OSError):
                write()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.suffix != ".db"} == dict.fromkeys(
        writers, b"old"
    )


def test_a_compiled_module_that_a_full_disk_cut_off_is_told(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(tmp_path)
    command = [sys.executable, "-m", "helpers", "districts"]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    (compiled,) = tmp_path.rglob("helpers/data/raw.*.pyc")
    compiled.write_bytes(compiled.read_bytes()[:1_000])
    done = subprocess.run(command, env=environment, text=True, capture_output=True)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "ends too early" in done.stderr and "To do: " in done.stderr


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_a_fault_of_the_disk_is_one_message(number, tmp_path):
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom helpers.system import lock\n"
        f"def full(*a, **k): raise OSError({number}, os.strerror({number}), 'build/running.json')\n"
        "Path.write_bytes = full\nfrom helpers.cli.main import main\nsys.argv = ['wecare', 'record']\nmain()"
    )
    environment = os.environ | {"WECARE_ROOT": str(tmp_path), "COLUMNS": "200"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert os.strerror(number) in done.stderr and "To do: " in done.stderr


# ---- what a notebook does


def run(folder, timeout=60.0, **cells):
    """Make a report of each cell, by its name."""
    jobs = []
    for name, source in cells.items():
        notebook = nbformat.v4.new_notebook()
        notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
        notebook.cells = [
            nbformat.v4.new_code_cell("x = 1", metadata={"tags": ["parameters"]}),
            nbformat.v4.new_code_cell(source),
            nbformat.v4.new_code_cell("y = x"),
        ]
        nbformat.write(notebook, folder / f"{name}.ipynb")
        jobs.append(Job(name, folder / f"{name}.ipynb", name))
    return batch.run(jobs, folder / "reports", workers=2, timeout=timeout)


def test_a_notebook_that_ends_itself_prints_too_much_or_writes_into_the_data_is_not_made(tmp_path):
    raw = config.RAW / "sources.csv"
    before = {path.name: path.read_bytes() for path in config.RAW.iterdir() if path.is_file()}
    outcomes = run(
        tmp_path,
        ends="import sys\nsys.exit(0)",
        ends_too="raise SystemExit",
        prints="print('x' * 50_000_000)",
        writes=f"open({str(raw)!r}, 'a').write('x')",
        makes=f"from pathlib import Path\nPath({str(config.RAW / 'new.csv')!r}).write_text('x')",
        removes=f"import os\nos.remove({str(raw)!r})",
        frames=f"import pandas as pd\npd.DataFrame({{'a': [1]}}).to_csv({str(config.RAW / 'b.csv')!r})",
        reads=f"len(open({str(raw)!r}).read())",
    )
    errors = {outcome.job.name: outcome.error for outcome in outcomes}
    assert errors.pop("reads") is None
    assert errors["ends"].startswith("SystemExit: the notebook ended itself") and errors["ends_too"]
    assert errors["prints"].startswith("TooMuch: the report would be 50 MB")
    for name in ("writes", "makes", "removes", "frames"):
        assert errors[name].startswith("WecareError: A notebook may not write into data/raw"), errors[name]
    assert [path.name for path in (tmp_path / "reports").iterdir()] == ["reads.ipynb"]
    assert before == {path.name: path.read_bytes() for path in config.RAW.iterdir() if path.is_file()}


SLEEPER = "import subprocess, sys\np = subprocess.Popen(['sleep', '{}'], start_new_session=True)\n"


def sleeping(seconds):
    return [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", str(seconds)]]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="by Linux's own means")
def test_what_a_notebook_leaves_running_in_a_session_of_its_own_is_ended(tmp_path):
    run(tmp_path, timeout=4, leaves=SLEEPER.format(98761), hangs=SLEEPER.format(98762) + "import time\ntime.sleep(60)")
    deadline = time.monotonic() + 10
    while (left := sleeping(98761) + sleeping(98762)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="by Linux's own means")
def test_children_of_a_killed_command_end_without_a_word(tmp_path):
    code = (
        "import time\nfrom helpers.system import processes\n"
        "child = processes.fork(None, lambda send: [send(time.sleep(0.05)) for _ in range(10_000)])\n"
        "print(child.pid, flush=True)\ntime.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as parent:
        child = psutil.Process(int(parent.stdout.readline()))
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        child.wait(10)
        assert parent.stderr.read() == ""


def test_a_child_made_by_a_thread_is_not_bound_to_it():
    import threading

    made = []
    thread = threading.Thread(
        target=lambda: made.append(processes.fork("k", lambda send: send(time.sleep(0.3) or "done")))
    )
    thread.start()
    thread.join()
    messages, closed = [], False
    while not closed:
        found, closed = made[0].receive()
        messages += found
    assert messages == ["done"]
    processes._reap(made[0])


def test_files_are_written_whole_or_not_at_all(tmp_path, monkeypatch):
    files.write(tmp_path / "a", b"old")
    monkeypatch.setattr(os, "replace", lambda *given: (_ for _ in ()).throw(OSError(errno.EROFS, "read-only")))
    with pytest.raises(OSError):
        files.write(tmp_path / "a", b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"old"}
