"""Everything side by side in one run on one machine; writes benchmarks/RESULTS.md.

Each figure is the wall time of a whole process (or of the part named), the median of several runs taken in turn, so
that a drift of the machine's speed touches all alike. Run it with ``make bench`` on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.metadata
import json
import os
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import bench_explore
import bench_preview
import synthetic

from helpers.imports.territory import download

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).with_name("RESULTS.md")
PACKAGES = ("papermill", "nbclient", "ipykernel", "plotly", "pandas", "geopandas", "smalldocs")

#: Runs in a turn of what takes seconds; the rest is run once in a turn.
SHORT = 5

#: Edits of each kind that a preview shows, one after the other.
PREVIEWED = 15

#: Cold starts of the explorer in JupyterLab, and changes of each of its controls.
STARTS, CHANGES = 3, 15

#: Each is run by a fresh interpreter with a list of report names; it prints one JSON object.
PAPERMILL_LOOP = """
import papermill
for job in jobs:
    papermill.execute_notebook(job.template, out / (job.name + ".ipynb"), job.parameters, progress_bar=False)
"""

PAPERMILL_PAIR = """
from concurrent.futures import ProcessPoolExecutor
import papermill
with ProcessPoolExecutor(2) as pool:
    tasks = [pool.submit(papermill.execute_notebook, str(job.template), str(out / (job.name + ".ipynb")),
                         job.parameters, progress_bar=False) for job in jobs]
    for task in tasks:
        task.result()
"""

OURS = """
from helpers.build import batch
batch.warm_up(jobs)
result["startup"] = time.perf_counter() - start
outcomes = batch.run(jobs, out, workers=WORKERS, engine="wecare-inline")
assert not [o for o in outcomes if o.error]
"""

FLOOR = """
from helpers.system import files
from helpers.build import batch
from helpers.build.execute import execute
from helpers.build.warm import inline
batch.warm_up(jobs)
spent = 0.0
run = inline._Kernel.run
def timed(self, source):
    global spent
    before = time.process_time()
    try:
        return run(self, source)
    finally:
        spent += time.process_time() - before
inline._Kernel.run = timed
with files.holding():
    for job in jobs:
        execute(job, "wecare-inline")
result["cells_cpu"] = spent
"""

FRAME = """
import json, pathlib, resource, sys, tempfile, time
start = time.perf_counter()
result = {}
# As the command does where it starts; for papermill's loop too.
from helpers.system import startup
startup.block_unused_modules()
from helpers.build import jobs as known
jobs = [job for job in known.all_jobs() if job.template.stem == "district" and job.parameters["lang"] == "it"][:COUNT]
with tempfile.TemporaryDirectory() as folder:
    out = pathlib.Path(folder)
    exec(compile(CODE, "bench", "exec"))
result["wall"] = time.perf_counter() - start
result["reports"] = len(jobs)
# What rusage says of a process itself begins with the size of the one that started it.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
result["parent_mb"] = int(peak.split()[1]) / 1024
result["child_mb"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(json.dumps(result))
"""


class Project:
    """A copy of the project to build in, so that the working tree stays as it is."""

    def __init__(self, root: Path):
        self.root = root
        for name in ("data/raw", "docs", "notebooks", "reports", "src/quarto", "_quarto.yml", "requirements.lock"):
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(
                    source, root / name, ignore=shutil.ignore_patterns("*.ipynb" if name == "reports" else "lab")
                )
            else:
                shutil.copy(source, root / name)
        # As Python does unless told otherwise, modules are compiled once and not by every process.
        compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        self.environment = compiled | {"WECARE_ROOT": str(root)}

    def python(self, code: str, **names: object) -> dict:
        """Run code in a fresh interpreter on this project; gives what it measured."""
        count = names.pop("COUNT", None)
        for name, value in names.items():
            code = code.replace(name, repr(value))
        program = FRAME.replace("CODE", repr(code)).replace("COUNT", repr(count))
        done = subprocess.run([sys.executable, "-c", program], env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr)
        return json.loads(done.stdout.splitlines()[-1])

    def wecare(self, *arguments: str) -> float:
        """Run the command; gives the wall time of the whole process in seconds."""
        before = dt.datetime.now().timestamp()
        command = [str(Path(sys.executable).with_name("wecare")), *arguments]
        done = subprocess.run(command, env=self.environment, cwd=self.root, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        return dt.datetime.now().timestamp() - before

    def publish(self, publisher: str, again: bool = False) -> dict:
        """Publish the site; from nothing if asked. Gives wall time and pages."""
        if again:
            for path in (self.root / "build").glob("site*"):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        wall = self.wecare("publish", "--publisher", publisher)
        return {"wall": wall, "pages": len(list((self.root / "_site").rglob("*.html")))}

    def with_library(self) -> tuple[Path, dict[str, str]]:
        """Folder and environment of the project with a library of its own, so that its texts can be edited."""
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "src", self.root / "src", ignore=ignore, dirs_exist_ok=True)
        return self.root, self.environment | {"PYTHONPATH": str(self.root / "src")}

    def edit_population(self) -> None:
        """One resident more in one comune of one district, and the edit recorded."""
        self._edit("population.csv", r"(?m)^004078,40,(\d+),", lambda m: f"004078,40,{int(m[1]) + 1},")

    def edit_title(self) -> None:
        """One letter more in the title of one district's project, and the edit recorded."""
        self._edit("misura1_projects.csv", r"La Cura è di Casa", lambda m: m[0] + "a")

    def _edit(self, table: str, pattern: str, change: Callable[[re.Match], str]) -> None:
        path = self.root / "data/raw" / table
        text, times = re.subn(pattern, change, path.read_text(encoding="utf-8"))
        assert times == 1, f"{table}: {times} places to edit"
        path.write_text(text, encoding="utf-8")
        self.wecare("record")


def median(values: list[float]) -> float:
    """The figure to quote of several."""
    return statistics.median(values)


def measure(runs: int, sizes: tuple[int, ...]) -> dict:
    """Take every figure ``runs`` times, in turn; gives lists of measurements by name."""
    found: dict[str, list] = {}

    def note(name: str, value: object) -> None:
        found.setdefault(name, []).append(value)
        print(f"{name}: {value}", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder) / "thirty")
        project.wecare("build", "--data-only")
        for _ in range(runs):
            note("loop", project.python(PAPERMILL_LOOP))
            note("pair", project.python(PAPERMILL_PAIR))
            note("ours1", project.python(OURS, WORKERS=1))
            # Short, and compared with each other: taken more often, one after the other.
            note("floor", project.python(FLOOR))
            for _ in range(SHORT):
                note("ours2", project.python(OURS, WORKERS=2))
                note("floor", project.python(FLOOR))
        for _ in range(runs):
            shutil.rmtree(project.root / "build", ignore_errors=True)
            note("whole", project.wecare("build", "--again"))
            note("nothing", project.wecare("build"))
            note("published", project.publish("embedded", again=True))
            note("published, nothing changed", project.publish("embedded"))
            project.edit_population()
            note("one", project.wecare("build", "--publish", "--publisher", "embedded"))
            for _ in range(SHORT):
                project.edit_title()
                note("title", project.wecare("build", "--publish", "--publisher", "embedded"))
            if shutil.which("quarto"):
                note("quarto", project.publish("quarto", again=True))
                note("quarto, nothing changed", project.publish("quarto"))
                project.edit_title()
                project.wecare("build")
                note("quarto, one project", project.publish("quarto"))
        found |= bench_explore.measure(project.root, STARTS, CHANGES)
        found |= bench_preview.measure(*project.with_library(), PREVIEWED)
        italy = Project(Path(folder) / "italy")
        synthetic.areas(italy.root / "data/raw", download(Path(folder)), max(sizes))
        italy.python("from helpers.data import analyses, levels\nlevels.build()\nanalyses.build()")
        for _ in range(runs):
            for size in sizes:
                note(f"areas{size}", italy.python(OURS, WORKERS=2, COUNT=size))
    return found


def table(found: dict, cores: int) -> str:
    """The results as Markdown."""

    def wall(name: str) -> float:
        return median([m["wall"] if isinstance(m, dict) else m for m in found[name]])

    loop, floor = wall("loop"), median([m["cells_cpu"] for m in found["floor"]]) / cores
    startup = median([m["startup"] for m in found["ours2"]])
    running = median([m["wall"] - m["startup"] for m in found["ours2"]])
    # The speed of a machine changes by the minute, so each run is held against the floors right before and after it.
    floors = [f["cells_cpu"] / cores for f in found["floor"]]
    around = [pair for n in range(0, len(floors), SHORT + 1) for pair in pairwise(floors[n : n + SHORT + 1])]
    pairs = zip(found["ours2"], around, strict=True)
    against_floor = median([(ours["wall"] - ours["startup"]) / (sum(pair) / 2) for ours, pair in pairs])
    rows = [
        ("papermill, one after the other", f"{loop:.1f} s", "1"),
        ("papermill, two processes", f"{wall('pair'):.1f} s", f"{loop / wall('pair'):.1f} times faster"),
        ("wecare-warm, cold, 1 worker", f"{wall('ours1'):.1f} s", f"{loop / wall('ours1'):.1f} times faster"),
        ("wecare-warm, cold, 2 workers", f"{wall('ours2'):.1f} s", f"**{loop / wall('ours2'):.1f} times faster**"),
        ("— of which start-up (imports, first run)", f"{startup:.1f} s", ""),
        ("— of which the reports", f"{running:.1f} s", f"**{against_floor:.2f} times the floor**"),
        ("floor: CPU of the cells, warm, by cores", f"{floor:.1f} s", ""),
    ]
    commands = [
        ("`wecare build` from nothing (check, derive, every report)", wall("whole")),
        ("`wecare build`, nothing changed", wall("nothing")),
        ("one comune's residents edited: `wecare build --publish`", wall("one")),
        ("one district changed (its project's title): `wecare build --publish`", wall("title")),
    ]
    pages = found["published"][0]["pages"]
    for publisher, name in (("embedded", "published"), ("quarto", "quarto")):
        if name in found:
            each = 1000 * wall(name) / pages
            commands += [
                (f"`wecare publish`, {publisher}, {pages} pages from nothing ({each:.0f} ms a page)", wall(name)),
                (f"`wecare publish`, {publisher}, nothing changed", wall(f"{name}, nothing changed")),
            ]
    if "quarto" in found:
        commands.append(("`wecare publish`, quarto, after one project's title", wall("quarto, one project")))
    previewed = [
        (name, median(found[kind]), max(found[kind]), len(found[kind]))
        for kind, name in (
            ("style", "a style (`wecare.css`)"),
            ("text", "a text (a template of all districts)"),
            ("value", "a value (a project's title), not recorded"),
        )
    ]
    explored = [
        (name, median(found[kind]), max(found[kind]), len(found[kind])) for kind, name in bench_explore.KINDS.items()
    ]
    sized = [name for name in found if name.startswith("areas")]
    scale = []
    for name in sized:
        runs = found[name]
        each = median([(m["wall"] - m["startup"]) / m["reports"] for m in runs])
        parent = median([m["parent_mb"] for m in runs])
        child = median([m["child_mb"] for m in runs])
        scale.append((runs[0]["reports"], each, parent, child))
    base = scale[0][1] if scale else 1.0
    lines = [
        "# Results",
        "",
        f"Written by `make bench` on {dt.date.today().isoformat()}: {cores} cores, Python {platform.python_version()}, "
        + ", ".join(f"{p} {importlib.metadata.version(p)}" for p in PACKAGES)
        + (f". Medians of {len(found['loop'])} runs" if len(found["loop"]) > 1 else ". One run")
        + f", taken in turn on one machine ({len(found['ours2'])} of the build"
        " with 2 workers, each between two of the floor, and of one district changed); compare the ratios, not the"
        " seconds.",
        "",
        "## Thirty district reports",
        "",
        "| | wall | against |",
        "|---|---|---|",
        *(f"| {a} | {b} | {c} |" for a, b, c in rows),
        "",
        "## The commands, as whole processes",
        "",
        "| | wall |",
        "|---|---|",
        *(f"| {name} | {seconds:.1f} s |" for name, seconds in commands),
        "",
        "## From an edit to the page that is open, `wecare preview`",
        "",
        "| | median | longest | edits |",
        "|---|---|---|---|",
        *(f"| {name} | {middle:.2f} s | {longest:.2f} s | {n} |" for name, middle, longest, n in previewed),
        "",
        "## JupyterLab, to the picture",
        "",
        "| | median | longest | times |",
        "|---|---|---|---|",
        *(f"| {name} | {middle:.2f} s | {longest:.2f} s | {n} |" for name, middle, longest, n in explored),
        "",
        "## From thirty to all of Italy",
        "",
        "All Italian comuni in areas made up for this benchmark; synthetic, never published.",
        "",
        "| reports | per report | against 30 | parent, peak | largest child, peak |",
        "|---|---|---|---|---|",
        *(f"| {n} | {each:.3f} s | {each / base:.2f} | {p:.0f} MB | {c:.0f} MB |" for n, each, p, c in scale),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure and write the results."""
    # A run started in the background may have inherited that Ctrl-C is ignored; the preview is ended by it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs per figure; medians are shown")
    parser.add_argument("--sizes", type=int, nargs="*", default=[30, 120, 480], help="numbers of synthetic areas")
    arguments = parser.parse_args()
    found = measure(arguments.runs, tuple(arguments.sizes))
    text = table(found, os.cpu_count() or 1)
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
