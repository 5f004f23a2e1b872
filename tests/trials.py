"""Trials of what must never happen: each kind draws its own from a seed, for as long as it is given.

A trial holds, or it is a fault with a line that tells it: a traceback, a problem without a remedy, a site that is
neither the old nor the new one, other bytes. ``make trust`` runs them long, ``make test`` a few of each.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from pathlib import Path

import pandas as pd
from conftest import Project
from killing import kills
from raw_fixtures import copied, reduced, state
from samples import QUARTO_YML, markdown, notebook, page_output, small_site
from test_package_form import OTHERS, places, set_
from test_texts import HOSTILE

from helpers import config
from helpers.checks import codes, keys, plausible, required, rules, schema, small_counts
from helpers.checks.entries import check_entries
from helpers.checks.package import Package
from helpers.checks.run import record
from helpers.data import package_form, raw, transaction
from helpers.errors import Problem

#: Cells of a table's column that are drawn; of tables with fewer rows than `WHOLE`, all are.
DRAWN, WHOLE = 20, 100
#: Columns of a table that are changed at once.
TOGETHER = 4


@dataclass
class Tally:
    """What came of trials: how many held, told as a problem or taken as valid, and the faults."""

    told: int = 0
    taken: int = 0
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def tried(self) -> int:
        return self.told + self.taken + len(self.faults)


#: A kind of trial: it gets chance, a folder of its own, and what says whether there is time for one more.
Kind = Callable[[random.Random, Path, Callable[[], bool]], Tally]


def clock(seconds: float) -> Callable[[], bool]:
    """Says whether there is time left; the first answer is always yes."""
    end, asked = time.monotonic() + seconds, []

    def more() -> bool:
        asked.append(True)
        return len(asked) == 1 or time.monotonic() < end

    return more


# ---- cells


def other_values(cell: str, column: list[str], chance: random.Random) -> Iterator[str]:
    """Values in the place of a valid one: of its own kind, of another, and hostile ones."""
    yield from ("", chance.choice(column), chance.choice(column)[::-1], cell + " ", cell.upper(), cell[:-1])
    yield from (f"-{cell}", f"{cell}000", "0", "inf", "1e308", "NaN", "2051-01-01", "9" * 40, "x" * 5_000)
    yield from (chance.choice(texts) for texts in HOSTILE.values())


def look(package: Package, table: str) -> list[Problem]:
    """All checks that may feel a change of one table, the others being as they are."""
    problems = schema.check_cells(package, table) + keys.check_primary_key(package, table)
    for other in package.texts:
        refers = [key["reference"].get("resource") for key in package.resources[other]["schema"].get("foreignKeys", [])]
        if other == table or table in refers or table == "sources":
            problems += keys.check_references(package, other)
    for check in (codes.check_codes, rules.check_rules, plausible.check_plausible, required.check_required):
        problems += check(package)
    return problems + small_counts.check_small_counts(package)


def cells(chance: random.Random, folder: Path, more: Callable[[], bool]) -> Tally:
    """Valid cells of every column changed: each is told with its row and column, or it is a valid one."""
    tally, entries = Tally(), {found["name"]: found for found in raw.descriptor()["resources"]}
    texts = {name: raw.read_text(found) for name, found in entries.items() if found["format"] == "csv"}
    # Tables of hundred thousands of rows take a second for each look: they are only there where they are tried.
    small = {name: text for name, text in texts.items() if len(text.frame) < 15_000}
    columns = {name: [field["name"] for field in entries[name]["schema"]["fields"]] for name in texts}
    # A few columns at a time: where all are wrong, rules that join tables have nothing left to look at.
    looks = [(name, all_[at : at + TOGETHER]) for name, all_ in columns.items() for at in range(0, len(all_), TOGETHER)]
    chance.shuffle(looks)
    for table, together in looks:
        if not more():
            break
        frame, lines = texts[table].frame, texts[table].lines
        changed, due = frame.copy(), set()
        for column in together:
            values = frame[column].tolist()
            rows = range(len(frame)) if len(frame) < WHOLE else chance.sample(range(len(frame)), DRAWN)
            due |= {(lines[row], column) for row in rows}
            changed.loc[list(rows), column] = [
                chance.choice(list(other_values(values[r], values, chance))) for r in rows
            ]
        given = {**small, table: raw.Text(changed, lines)}
        try:
            problems = look(Package({name: entries[name] for name in given}, given, day="2026-11-30"), table)
        except Exception as error:
            tally.faults.append(f"{table}, {together}: {type(error).__name__}: {error}")
            continue
        tally.faults += [
            f"{table}: told without a remedy: {p}" for p in problems if not (p.file and p.rule and p.remedy)
        ]
        told = due & {(p.row, p.column) for p in problems}
        tally.told, tally.taken = tally.told + len(told), tally.taken + len(due) - len(told)
    return tally


def package(chance: random.Random, folder: Path, more: Callable[[], bool]) -> Tally:
    """Anything anywhere in ``datapackage.json``: it is read, or told with its place and a remedy."""
    tally, whole = Tally(), (config.RAW / raw.DESCRIPTOR).read_bytes()
    where = list(places(json.loads(whole)))
    while more():
        for _ in range(20):
            descriptor = json.loads(whole)
            place, value = chance.choice(where), chance.choice((..., *OTHERS))
            try:
                set_(descriptor, place, value)
                found = package_form.read(json.dumps(descriptor).encode())
                told = package_form.faults(found) or check_entries(found)
                good = all(fault.rule and fault.remedy for fault in told)
            except Exception as error:
                tally.faults.append(f"{place}={value!r:.40}: {type(error).__name__}: {error}")
                continue
            if not good:
                tally.faults.append(f"{place}={value!r:.40}: told without a remedy")
            tally.told, tally.taken = tally.told + bool(told and good), tally.taken + (not told)
    return tally


# ---- kills


def _publish(root: Path) -> None:
    from helpers.publish.site import publish

    publish(root / "reports", root / "build", root / "_site", publisher="embedded", quarto_yml=QUARTO_YML)


def killed_publications(chance: random.Random, folder: Path, more: Callable[[], bool]) -> Tally:
    """A publication killed at any moment: there is the old site or the new one; the next run ends in the new one."""
    tally, root = Tally(), folder / "site"
    small_site(root / "reports")
    _publish(root)
    old = state(root / "_site")
    began = time.monotonic()
    shutil.copytree(root, folder / "new")
    page = [page_output("nota", "Nota"), markdown("Un testo.")]
    notebook(folder / "new/reports/nota.ipynb", *page)
    _publish(folder / "new")
    took, new = time.monotonic() - began, state(folder / "new/_site")
    while more():
        notebook(root / "reports/nota.ipynb", *page)
        child = os.fork()
        if not child:
            with open(os.devnull, "w") as nothing:
                os.dup2(nothing.fileno(), 2)
                _publish(root)
            os._exit(0)
        time.sleep(chance.uniform(0, took * 1.2))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = state(root / "_site")
        if found not in (old, new):
            tally.faults.append("the site was neither the old nor the new one")
        _publish(root)
        if state(root / "_site") != new:
            tally.faults.append("the run after a kill did not end in the site of an undisturbed one")
        tally.taken += 1
        (root / "reports/nota.ipynb").unlink()
        _publish(root)
        if state(root / "_site") != old:
            tally.faults.append("the site without the page is not the one before")
    return tally


def killed_records(chance: random.Random, folder: Path, more: Callable[[], bool]) -> Tally:
    """``wecare record`` killed before each of its operations on files: the package is the old one or the new one."""
    tally = Tally()
    copy = copied(folder / "record", reduced(folder / "package" / "raw", ("provinces", "sources", "quadrants")))
    copy.edit("quadrants.csv", 2, "name", "Altro")
    before = state(copy.root)
    record(copy.root)
    after = state(copy.root)
    for path, data in before.items():
        (copy.root / path).write_bytes(data)
    for at in kills(lambda: record(copy.root), copy.root):
        transaction.settle(copy.root)
        if state(copy.root) not in (before, after):
            tally.faults.append(f"after a kill before operation {at} the package is half new")
        tally.taken += 1
        if not more():
            break
    return tally


# ---- commands on a whole project


def _command(project: Project, *arguments: str, **environment: str) -> subprocess.Popen:
    command = [sys.executable, "-c", "from helpers.cli.main import main; main()", *arguments]
    own = os.environ | {"WECARE_ROOT": str(project.root), "COLUMNS": "200"} | environment
    return subprocess.Popen(
        command, env=own, cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


ONLY = ("--only", "D12", "--only", "timeline")
COMMANDS = (
    ("check",), ("build", "--data-only"), ("build", *ONLY), ("record",), ("keep",), ("publish",),
    ("pdf", "--only", "D12"), ("districts",),
)  # fmt: skip


def pairs(chance: random.Random, folder: Path, more: Callable[[], bool]) -> Tally:
    """Two commands at once: each does its work, or says that the other one is at work."""
    tally, project = Tally(), Project.fresh(folder / "pairs")
    project.wecare("build", *ONLY)
    chosen = list(combinations_with_replacement(COMMANDS, 2))
    chance.shuffle(chosen)
    for one, other in chosen:
        if not more():
            break
        began = [_command(project, *one), _command(project, *other)]
        for command, process in zip((one, other), began, strict=True):
            said, _ = process.communicate(timeout=600)
            if "Traceback" in said or (
                process.returncode and "To do: " not in said and "Reports that failed" not in said
            ):
                tally.faults.append(f"{' '.join(one)} beside {' '.join(other)}: {' '.join(command)}: {said[-300:]}")
        tally.taken += 1
    return tally


def flips(chance: random.Random, folder: Path, more: Callable[[], bool]) -> Tally:
    """One byte flipped in twenty files of each kind of what is made: the next build makes them as they were."""
    tally, project = Tally(), Project.fresh(folder / "flips")

    def make() -> dict[str, bytes]:
        project.wecare("build", *ONLY)
        made = {f"reports/{k}": v for k, v in state(project.root / "reports").items()}
        return made | {f"data/{k}": v for k, v in state(project.root / "data/processed").items()}

    made = make()
    kinds: dict[str, list[Path]] = {}
    for place in ("build", "data/processed", "reports"):
        for path in sorted((project.root / place).rglob("*")):
            if path.is_file() and path.stat().st_size and (place != "reports" or path.suffix == ".ipynb"):
                kinds.setdefault(f"{place}/*{path.suffix}", []).append(path)
    for kind, paths in kinds.items():
        if not more():
            break
        flipped = chance.sample(paths, min(20, len(paths)))
        for path in flipped:
            data = bytearray(path.read_bytes())
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            path.write_bytes(data)
        try:
            again = make()
            wrong = [name for name in made if again.get(name) != made[name]]
        except AssertionError as error:
            wrong = [str(error)[-300:]]
        tally.faults += [f"{kind}: {name}" for name in wrong]
        tally.taken += len(flipped)
    return tally


def elsewhere(chance: random.Random, folder: Path, more: Callable[[], bool]) -> Tally:
    """The same bytes from another folder, time zone, locale, number of workers and engine."""
    tally, first = Tally(), None
    ways = {
        "as it is": ((), {}),
        "another folder, time zone and locale": (
            (),
            {"TZ": "Pacific/Apia", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
        ),
        "one worker": (("--jobs", "1"), {"TZ": "UTC", "LC_ALL": "C"}),
        "the engine of Jupyter": (("--engine", "nbclient"), {"PYTHONHASHSEED": "7"}),
    }
    for number, (way, (options, environment)) in enumerate(ways.items()):
        # One alone has nothing to be the same as.
        if number > 1 and not more():
            break
        project = Project.fresh(folder / f"way {number}")
        process = _command(project, "build", *ONLY, *options, **environment)
        said, _ = process.communicate(timeout=900)
        found = {path.relative_to(project.root).as_posix(): path.read_bytes() for path in project.root.rglob("*.ipynb")}
        found |= state(project.root / "data/processed")
        first = first or found
        if process.returncode or found != first:
            names = sorted(name for name in {*found, *first} if found.get(name) != first.get(name))
            tally.faults.append(f"{way}: {names[:5]} {said[-200:] if process.returncode else ''}")
        else:
            tally.taken += 1
    return tally


#: Every kind, by what is tried, with its share of the time.
KINDS: dict[str, tuple[Kind, int]] = {
    "valid cells changed": (cells, 6),
    "anything in datapackage.json": (package, 1),
    "publications killed at random": (killed_publications, 5),
    "records killed before each operation": (killed_records, 1),
    "commands in pairs": (pairs, 4),
    "bytes flipped in what is made": (flips, 4),
    "builds elsewhere": (elsewhere, 4),
}


def run(kind: str, seed: int, folder: Path, seconds: float) -> Tally:
    """Trials of a kind for some seconds; at least one."""
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    tally = KINDS[kind][0](random.Random(f"{kind} {seed}"), folder, clock(seconds))
    tally.seconds = time.monotonic() - began
    return tally


def as_table(found: dict[str, Tally]) -> str:
    """What was tried, as a table of Markdown."""
    rows = [
        (name, f"{t.tried:,}", f"{t.told:,}", f"{t.taken:,}", f"{len(t.faults):,}", f"{t.seconds / 60:.1f}")
        for name, t in found.items()
    ]
    columns = ("what was tried", "trials", "told as a problem", "held or taken as valid", "faults", "minutes")
    frame = pd.DataFrame(rows, columns=columns)
    lines = ["| " + " | ".join(row) + " |" for row in [columns, *frame.to_numpy().tolist()]]
    return "\n".join([lines[0], "|" + "---|" * len(columns), *lines[1:]]) + "\n"
