"""Changes the modules that compute or publish numbers, one by one; what no test notices goes into ``docs/mutation.md``.

``python benchmarks/mutation.py --minutes 60`` shares the time among all modules; ``--only classes`` runs one of them.
Each module is tried against its own tests alone, in a copy of the project. What was found of each last is kept in
``build/mutation.json``, so that they may be tried one by one.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from mutmut.stats import status_by_exit_code

ROOT = Path(__file__).resolve().parents[1]
PAGE, KEPT = ROOT / "docs" / "mutation.md", ROOT / "build" / "mutation.json"
#: Between these lines stand the figures.
BEGIN, END = "<!-- figures of make mutation -->", "<!-- end of the figures -->"
#: What a copy needs for its tests.
PARTS = (
    "src",
    "tests",
    "data",
    "notebooks",
    "reports",
    "benchmarks",
    "_quarto.yml",
    "requirements.lock",
    "CITATION.cff",
)
#: The modules, and the files of tests that hold each.
MODULES: dict[str, tuple[str, ...]] = {
    "analysis/peers": ("test_peers",),
    "analysis/classes": ("test_class_bounds",),
    "analysis/compass": ("test_compass",),
    "analysis/territory": ("test_territory",),
    "analysis/people": ("test_people",),
    "analysis/allocation": ("test_allocation",),
    "analysis/spending": ("test_spending",),
    "analysis/funding": ("test_funding", "test_spending"),
    "analysis/insight": ("test_insight",),
    "analysis/project_districts": ("test_ties",),
    "analysis/comuni_changes": ("test_comuni_changes",),
    "analysis/equity": ("test_equity",),
    "analysis/space": ("test_equity",),
    "analysis/indicators": ("test_indicators", "test_people", "test_derived", "test_series"),
    "analysis/series": ("test_series_rules", "test_series", "test_italy"),
    "analysis/code_editions": ("test_code_editions", "test_series"),
    "analysis/need": ("test_need_by_hand", "test_need"),
    "analysis/need_uncertainty": ("test_need_by_hand", "test_need"),
    "analysis/border_variants": ("test_need",),
    "analysis/small_counts": ("test_hidden_cells", "test_small_counts"),
    "prose/numbers": ("test_prose_numbers",),
    "data/csv_form": ("test_csv_form",),
    "data/totals": ("test_totals",),
    "figures/drawing/axes": ("test_axes",),
    "figures/scales": ("test_scales",),
    "figures/tables": ("test_tables", "test_figures"),
    "publish/machines/base": ("test_published_values",),
    "publish/machines/geo": ("test_geo_files",),
    "publish/machines/spreadsheet": ("test_spreadsheets",),
}
#: How the tests are run: one by one, and their examples as the profile of tests/conftest.py has them.
OPTIONS = ("-p", "no:nbval", "-n0", "--hypothesis-profile=mutation")
OPTIONS += ("-m", "not slow and not site and not browser and not audit")
#: What counts as noticed, and what as not.
NOTICED, NOT = ("killed", "timeout", "suspicious", "segfault", "caught by type check"), ("survived", "no tests")
#: Survivors listed of a module.
LISTED = 40


def main() -> None:
    """Run the modules and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=120, help="for all modules together")
    parser.add_argument("--only", action="append", help="a part of a module's name; repeat for more")
    parser.add_argument("--children", type=int, default=os.cpu_count() or 1, help="mutants tried at a time")
    given = parser.parse_args()
    modules = [name for name in MODULES if not given.only or any(word in name for word in given.only)]
    if not modules:
        parser.error(f"no module has such a name; there are: {', '.join(MODULES)}")
    end = time.monotonic() + given.minutes * 60
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = Path(folder) / "project"
        _copy(copy)
        for number, name in enumerate(modules):
            seconds = (end - time.monotonic()) / (len(modules) - number)
            found = _try(copy, name, max(seconds, 60), given.children)
            print(name, {key: value for key, value in found.items() if key != "survivors"}, flush=True)
            write(name, found)


def _copy(copy: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__", "*.ipynb_checkpoints", "lab")
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, copy / part, ignore=ignored)
        elif source.is_file():
            shutil.copy(source, copy / part)


def _try(copy: Path, name: str, seconds: float, children: int) -> dict:
    """Change one module in all ways for some seconds; what came of it."""
    shutil.rmtree(copy / "mutants", ignore_errors=True)
    described = {
        "source_paths": ["src"],
        "only_mutate": [f"src/helpers/{name}.py"],
        "also_copy": [part for part in PARTS if part not in ("src", "tests")],
        "pytest_add_cli_args": list(OPTIONS),
        "pytest_add_cli_args_test_selection": [f"tests/{test}.py" for test in MODULES[name]],
    }
    own = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in described.items())
    (copy / "pyproject.toml").write_text(f"{own}\n[tool.mutmut]\n{lines}", encoding="utf-8")
    began = time.monotonic()
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "WECARE_ROOT")}
    process = subprocess.Popen(
        [sys.executable, "-m", "mutmut", "run", "--max-children", str(children)],
        cwd=copy, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        said, _ = process.communicate()
    kept = copy / "mutants/src/helpers" / f"{name}.py.meta"
    codes = json.loads(kept.read_text(encoding="utf-8"))["exit_code_by_key"] if kept.is_file() else {}
    status = {key: status_by_exit_code[code] for key, code in codes.items() if code is not None}
    survivors = [key for key, found in status.items() if found in NOT]
    return {
        "day": f"{dt.date.today():%d %B %Y}",
        "mutants": len(codes),
        "tried": len(status),
        "noticed": sum(found in NOTICED for found in status.values()),
        "statuses": Counter(status.values()),
        "minutes": round((time.monotonic() - began) / 60, 1),
        "survivors": [_shown(copy, key, environment) for key in survivors[:LISTED]],
        "not listed": max(0, len(survivors) - LISTED),
        "said": "" if status else said[-500:],
    }


def _shown(copy: Path, key: str, environment: dict[str, str]) -> str:
    """A change that no test notices: its function, the line before and after."""
    command = [sys.executable, "-m", "mutmut", "show", key]
    shown = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
    lines = [line for line in shown.stdout.splitlines() if re.match(r"[-+](?![-+])", line)]
    function = re.sub(r"^x_?|__mutmut_\d+$", "", key.rpartition(".")[2])
    return f"{function}: {' → '.join(' '.join(line[1:].split()) for line in lines[:4])}"


def write(name: str, found: dict) -> None:
    """Keep what came of a module, and put what is kept of all into the page."""
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.is_file() else {}
    kept[name] = found
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    shown = {module: kept[module] for module in MODULES if module in kept}
    columns = ("module", "day", "changes", "tried", "noticed", "score", "minutes")
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    for module, one in shown.items():
        score = f"{one['noticed'] / one['tried']:.0%}" if one["tried"] else "—"
        numbers = [f"{one[key]:,}" for key in ("mutants", "tried", "noticed")]
        lines.append("| " + " | ".join([f"`{module}`", one["day"], *numbers, score, str(one["minutes"])]) + " |")
    tried, noticed = (sum(one[key] for one in shown.values()) for key in ("tried", "noticed"))
    said = [f"{noticed:,} of {tried:,} changes were noticed: {noticed / max(tried, 1):.0%}.", "", *lines, ""]
    left_out = [f"`{module}`" for module in MODULES if module not in kept]
    said += [f"Not tried: {', '.join(left_out)}.", ""] * bool(left_out)
    for module, one in shown.items():
        if one["survivors"]:
            more = f" and {one['not listed']} more" if one["not listed"] else ""
            said += [f"## Not noticed in {module}", "", *(f"* `{_plain(text)}`" for text in one["survivors"]), ""]
            said += [f"…{more}.", ""] * bool(more)
    figures = "\n".join([BEGIN, *said, END])
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(re.sub(f"(?s){BEGIN}.*{END}", lambda _: figures, text), encoding="utf-8")


def _plain(text: str) -> str:
    return text.replace("`", "'").replace("{{", "{ {")[:240]


if __name__ == "__main__":
    main()
