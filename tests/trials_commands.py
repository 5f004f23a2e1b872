"""Trials of commands on a whole project: two at once, what stands in a file's place, disks that refuse, elsewhere."""

from __future__ import annotations

import errno
import os
import random
import shutil
from collections.abc import Callable
from itertools import combinations_with_replacement
from pathlib import Path

from raw_fixtures import state
from tally import More, Tally, begin, do, ended, note, with_library

ONLY = ("--only", "D12", "--only", "timeline")
#: Commands that change no answer of the others but by their work.
COMMANDS = (
    ("check",), ("status",), ("build", "--data-only"), ("build", *ONLY), ("record",), ("keep",), ("publish",),
    ("pdf", "--only", "D12"), ("districts",), ("reports",), ("diff", "data/raw"), ("new", "report", "altro"),
    ("edition", "2099.1", "--changes-it", "Prova.", "--changes-en", "Test.", "--date", "2099-01-01"),
)  # fmt: skip


def pairs(chance: random.Random, folder: Path, more: More) -> Tally:
    """Two commands at once: each does its work, or says that the other one is at work."""
    tally, whole = Tally(), with_library(folder / "whole", "--publish")
    chosen = list(combinations_with_replacement(COMMANDS, 2))
    chance.shuffle(chosen)
    for one, other in chosen:
        if not more():
            break
        project = whole.copy_with_site(folder / "pair")
        began = [begin(project, *one), begin(project, *other)]
        wrong = []
        for command, process in zip((one, other), began, strict=True):
            _, found = ended(process, 600)
            wrong += [f"{' '.join(one)} beside {' '.join(other)}: {' '.join(command)}: {found}"] * bool(found)
        _, found = ended(begin(project, "check"))
        wrong += [f"{' '.join(one)} beside {' '.join(other)}: afterwards: {found}"] * bool(found)
        tally.faults += wrong
        tally.taken += not wrong
        shutil.rmtree(project.root)
    return tally


# ---- what stands in a file's place


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.mkdir()


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _of(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


STANDINS: dict[str, Callable[[Path], object]] = {
    "a pipe": _pipe,
    "a folder": _folder,
    "a link to itself": _loop,
    "an empty file": _of(b""),
    "bytes of no encoding": _of(b"\xff\xfe\x00\x01" * 200),
    "lists without end": _of(b"[" * 100_000),
    "a list": _of(b"[1]"),
    "a number": _of(b"7\n"),
    "a database of another": _of(b"SQLite format 3\x00" + b"\x01" * 4_000),
    "nothing": lambda path: None,
}
#: Files that a command reads, by kind; patterns below the project.
READ = (
    "data/raw/*.csv", "data/raw/*.parquet", "data/raw/datapackage.json", "data/processed/*.parquet",
    "notebooks/*.ipynb", "reports/**/*.ipynb", "reports/*.qmd", "reports/assets/*.css", "_quarto.yml", "build/*.db",
    "build/running.json", "build/lock", "data/.raw-import/journal.json", "data/raw/mine/datapackage.json",
    "pyproject.toml", "requirements.lock", "CITATION.cff", "data/raw/superseded/kept/2026.1/datapackage.json",
    "build/runs.html", "_site/data/tables/datapackage.json", "reports/.cronologia.ipynb.part",
    "data/processed/series.part",
)  # fmt: skip
READERS = (
    ("check",), ("status",), ("build", "--only", "timeline"), ("record",), ("keep",), ("publish",), ("doctor",),
    ("pdf", "--only", "D12"), ("districts",), ("reports",), ("diff", "data/raw"), ("new", "report", "altro"),
)  # fmt: skip


def stand_ins(chance: random.Random, folder: Path, more: More) -> Tally:
    """Something else in the place of a file that a command reads: one message, or the file is made anew; no waiting."""
    tally, whole = Tally(), with_library(folder / "whole", "--only", "timeline")
    while more():
        pattern, (name, put) = chance.choice(READ), chance.choice(list(STANDINS.items()))
        command = chance.choice(READERS)
        project = whole.copy_with_site(folder / "trial")
        found = sorted(project.root.glob(pattern)) or [project.root / pattern]
        path = chance.choice(found)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        put(path)
        shown = path.relative_to(project.root).as_posix()
        note(tally, f"{name} in the place of {shown}: {' '.join(command)}", begin(project, *command), 120)
        shutil.rmtree(project.root)
    return tally


# ---- disks that refuse

#: Runs first in a process: the disk refuses the n-th operation on files of the project and all that follow, or takes
#: no more than so many bytes of a file.
REFUSE = """
import os, resource, signal, sys
at, number, most, root = {at}, {number}, {most}, {root!r}
if most:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
count = 0
def refuse(event, given):
    global count
    if event == "open":
        if not (isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)):
            return
    elif event not in ("os.rename", "os.mkdir", "os.link"):
        return
    if not isinstance(given[0], (str, bytes)) or not os.path.abspath(os.fsdecode(given[0])).startswith(root):
        return
    count += 1
    if count >= at:
        raise OSError(number, os.strerror(number), os.fsdecode(given[0]))
if at:
    sys.addaudithook(refuse)
"""
WRITERS = (("build", "--only", "timeline"), ("record",), ("keep",), ("build", "--data-only"), ("pdf", "--only", "D12"),
           ("new", "report", "altro"), ("publish", "--folder", "build/elsewhere"))  # fmt: skip


def disks(chance: random.Random, folder: Path, more: More) -> Tally:
    """A disk that refuses from some operation on, or is full: one message, nothing lost, the next run whole."""
    tally, whole = Tally(), with_library(folder / "whole", "--publish")
    (whole.root / "data/raw/events.csv").write_bytes(
        (whole.root / "data/raw/events.csv").read_bytes().replace(b"EV-02,2015-10-19", b"EV-02,2015-10-20")
    )
    while more():
        command = chance.choice(WRITERS)
        project = whole.copy_with_site(folder / "trial")
        if command != ("record",):
            do(project, "record")
        raw, reports = state(project.root / "data/raw"), state(project.root / "reports")
        number = chance.choice((errno.ENOSPC, errno.EROFS, errno.EIO, errno.EACCES))
        at, most = (
            (chance.randrange(1, 30), 0) if chance.random() < 0.7 else (0, chance.choice((0, 1_000, 20_000)) or 1)
        )
        before = REFUSE.format(at=at, number=number, most=most, root=str(project.root))
        what = f"{' '.join(command)}, operation {at}, error {number}, at most {most} bytes"
        faults = len(tally.faults)
        note(tally, what, begin(project, *command, before=before))
        if command[0] not in ("record", "keep", "new") and state(project.root / "data/raw") != raw:
            tally.faults.append(f"{what}: data/raw was changed")
        parts = [path.name for path in project.root.rglob("*.part")]
        lost = [name for name in reports if not (project.root / "reports" / name).is_file()]
        tally.faults += [f"{what}: {name} was left" for name in parts] + [f"{what}: {name} was lost" for name in lost]
        if faults == len(tally.faults):
            _, wrong = ended(begin(project, *command))
            if wrong:
                tally.faults.append(f"{what}: the next run: {wrong}")
        shutil.rmtree(project.root)
    return tally


# ---- arguments

WORDS = (
    "", " ", "x", "-1", "0", "nan", "inf", "1e308", "9" * 30, "../x", "[red]x[/b]", "<b>", "à\u202e",
    b"\xff".decode(errors="surrogateescape"), "D12", "x" * 5_000, "2026-13-45", "--", "index", "a\nb", "{{ 7*7 }}",
    "data/raw", "https://x.it", "~", "*", "con", "None", "true",
)  # fmt: skip
CALLS = (
    "build --only {}", "build --jobs {} --data-only", "build --timeout {} --data-only",
    "build --memory {} --data-only", "build --engine {} --only timeline", "build --scheduler {} --only timeline",
    "publish --publisher {}", "publish --folder {}", "pdf --only {}", "pdf --lang {}", "diff {}", "diff data/raw {}",
    "keep {}", "edition {}", "edition 2099.1 --date {} --changes-it a --changes-en b",
    "edition 2099.1 --changes-it {} --changes-en {}", "adopt {}", "new report {}", "new report altro --title {}",
    "new report altro --address {}", "new report altro --menu {}", "new report altro --indicator {}",
    "new indicator {} --theme age --numerator residents --denominator residents",
    "new indicator altro --theme {} --numerator residents", "new indicator altro --theme age --numerator {}",
    "new table {} --title a --description b --source c --licence CC-BY-4.0", "import {}",
    "import grants {} --source a", "new table data/raw/x.csv --title {} --description {} --source {} --licence {}",
    "import mapping {}", "import grants --template {}", "import mapping --template {}", "import territory --wheel {}",
    "import income {}", "import opencoesione {}", "import opencoesione list.csv --edition {}",
    "import table {} list.csv", "import population {}", "import grants list.csv --source {}",
    "import grants list.csv --source a --date {}", "fix {}", "fix list.csv --out {}", "fix list.csv --key {}",
    "fix list.csv --sheet {}", "add list.csv --yes --title {}", "add list.csv --yes --year {}",
    "add list.csv --yes --count {}", "add list.csv --yes --people {} --count posti --year 2024", "add {} --remove",
    "add list.csv --yes --name {}", "add list.csv --yes --licence {}", "add list.csv --yes --address {}", "{}",
    "new {}",
)  # fmt: skip


def arguments(chance: random.Random, folder: Path, more: More) -> Tally:
    """Any word in the place of a command's argument: it does its work, or says what is wrong."""
    tally, whole = Tally(), with_library(folder / "whole", "--data-only")
    (whole.root / "list.csv").write_text("comune;posti\nTorino;12\nCuneo;3\nAsti;4\n", "utf-8")
    (whole.root / "data/raw/x.csv").write_text("istat,n\n001272,4\n", "utf-8")
    while more():
        project = whole.copy_with_site(folder / "trial")
        call = chance.choice(CALLS)
        if "x.csv" not in call:
            (project.root / "data/raw/x.csv").unlink()
        typed = [chance.choice(WORDS) if word == "{}" else word for word in call.split()]
        process = begin(project, *typed)
        note(tally, f"wecare {' '.join(typed)!r:.200}", process, 120)
        _, wrong = ended(begin(project, "districts"))
        if wrong:
            tally.faults.append(f"after wecare {' '.join(typed)!r:.200}: {wrong}")
        shutil.rmtree(project.root)
    return tally
