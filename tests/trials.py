"""Trials of what must never happen: each kind draws its own from a seed, for as long as it is given.

A trial holds, or it is a fault with a line that tells it: a traceback, a problem without a remedy, a site that is
neither the old nor the new one, other bytes, a command that does not end. ``make trust`` runs them long, ``make test``
a few of each.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import trials_commands as on_commands
import trials_inputs as on_inputs
import trials_kills as on_kills
import trials_made as on_made
from tally import Kind, More, Tally, clock
from trials_cluster import killed_clusters

HERE = Path(__file__).parent


class Trials(NamedTuple):
    """A kind of trials: what runs them, its share of the time, and the number after which it is enough."""

    kind: Kind
    share: int
    most: int = 1_000_000


def tests(*files: str) -> Kind:
    """Tests that are trials of their own: each that passes has held."""

    def run_them(chance: random.Random, folder: Path, more: More) -> Tally:
        said = folder / "said.xml"
        options = ["-q", "-p", "no:nbval", "-n0", "-m", "not audit", f"--junitxml={said}"]
        chosen = [str(HERE / file) for file in files]
        subprocess.run([sys.executable, "-m", "pytest", *options, *chosen], cwd=HERE.parent)
        cases = ElementTree.parse(said).iter("testcase")
        results = {f"{case.get('classname')}.{case.get('name')}": {part.tag for part in case} for case in cases}
        wrong = [name for name, tags in results.items() if tags & {"failure", "error"}]
        held = [name for name, tags in results.items() if not tags & {"failure", "error", "skipped"}]
        return Tally(taken=len(held), faults=wrong)

    return run_them


#: Every kind, by what is tried; the first word is its group.
KINDS: dict[str, Trials] = {
    "inputs: valid cells changed": Trials(on_inputs.cells, 10),
    "inputs: bytes of tables changed": Trials(on_inputs.tables, 2, 20_000),
    "inputs: anything in datapackage.json": Trials(on_inputs.package, 2, 5_000),
    "inputs: anything in _quarto.yml": Trials(on_inputs.description, 1, 2_000),
    "inputs: anything in declarations": Trials(on_inputs.declared, 1, 2_000),
    "inputs: producers' files spoilt": Trials(on_inputs.imports, 10, 2_000),
    "inputs: analysts' own files spoilt": Trials(on_inputs.own_files, 5, 2_000),
    "commands: any word as an argument": Trials(on_commands.arguments, 10, 400),
    "commands: another thing in a file's place": Trials(on_commands.stand_ins, 10, 400),
    "made: any content in caches": Trials(on_made.caches, 1, 2_000),
    "commands: disks that refuse": Trials(on_commands.disks, 10, 200),
    "commands: two at once": Trials(on_commands.pairs, 10),
    "kills: publications": Trials(on_kills.publications, 14, 120),
    "kills: builds": Trials(on_kills.builds, 8, 40),
    "kills: records, before each operation": Trials(on_kills.records, 1),
    "kills: imports, before each operation": Trials(on_kills.imports, 1),
    "kills: records, imports and kept editions": Trials(on_kills.commands, 6, 40),
    "kills: workers and schedulers of dask": Trials(killed_clusters, 4, 40),
    "tests: text from data in pages, drawings, feeds, notebooks": Trials(
        tests("test_text.py", "test_texts.py", "test_hostile.py"), 8
    ),
    "tests: counts of few people, solved for": Trials(tests("test_small_counts.py"), 1),
    "tests: faults of files, disks, notebooks, machines": Trials(
        tests("test_faults.py", "test_swap.py", "test_cluster.py", "test_plausible.py", "test_package_form.py"), 6
    ),
    "made: bytes flipped": Trials(on_made.flips, 6),
    "made: elsewhere": Trials(on_made.elsewhere, 6),
}


def run(kind: str, seed: int, folder: Path, seconds: float, most: int | None = None) -> Tally:
    """Trials of a kind for some seconds, or until there are enough; at least one round of them."""
    folder.mkdir(parents=True, exist_ok=True)
    began, trials, time_left = time.monotonic(), KINDS[kind], clock(seconds)
    asked = []

    def more() -> bool:
        asked.append(True)
        return time_left() and len(asked) <= (most or trials.most)

    tally = trials.kind(random.Random(f"{kind} {seed}"), folder, more)
    tally.seconds = time.monotonic() - began
    return tally


def named(words: list[str]) -> list[str]:
    """The kinds in whose names all of one of some texts stand: a group, as ``kills``, or a part of a name."""
    return [kind for kind in KINDS if any(word in kind for word in words)]


def as_table(found: dict[str, dict]) -> str:
    """What was tried, as a table of Markdown: by kind the numbers of a tally, and the day."""
    columns = ("what was tried", "day", "trials", "told as a problem", "held or taken as valid", "faults", "minutes")
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    for name, one in found.items():
        numbers = [f"{one[key]:,}" for key in ("tried", "told", "taken")] + [f"{len(one['faults']):,}"]
        lines.append("| " + " | ".join([name, one["day"], *numbers, f"{one['seconds'] / 60:.1f}"]) + " |")
    return "\n".join(lines) + "\n"
