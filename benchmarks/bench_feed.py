"""The import of a file of the national size beside ``pandas.read_csv`` with the same selection; GENERATED rows.

Each figure is taken by a fresh process on the same file, in turn; every way must select the same projects with the same
titles, public funding and payments. Writes benchmarks/RESULTS-feed.md. The file (about 1.1 kB a row) is made in a
temporary folder and removed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import synthetic_feed

RESULTS = Path(__file__).with_name("RESULTS-feed.md")
ROWS = 2_000_000
PEAK_MB = 1_500

OURS = """
from pathlib import Path
from helpers.imports.opencoesione import survey
found = survey([Path(PATH)])
assert not found.problems, found.problems[:3]
table = found.tables["projects"].set_index("project_ref")
selected = {ref: [row.title, row.public_funding_eur, row.paid_eur] for ref, row in table.iterrows()}
"""

#: What an analyst would write, in three wordings: everything, only the needed columns, and in pieces.
PANDAS = """
import pandas as pd
from helpers.imports.feedfiles import NEEDED, PROJECTS
actions = ("II.9v.9.1.01", "II.9v.9.2.01", "1.8iv.3.2.4", "III.3c.7.1")
def choose(frame):
    programme = frame["OC_CODICE_PROGRAMMA"].isin(["2014IT05SFOP013", "2014IT16RFOP014"])
    return frame[programme & frame["OC_COD_SUBARTICOLAZ_PROGRAMMA"].isin(actions)]
options = dict(sep=";", dtype="str", keep_default_na=False, encoding="utf-8-sig")
READ
table = table.set_index("COD_LOCALE_PROGETTO")
def euro(cell):
    return cell.replace(",", ".")
selected = {
    ref: [" ".join(row["OC_TITOLO_PROGETTO"].split()), euro(row["FINANZ_TOTALE_PUBBLICO"]), euro(row["TOT_PAGAMENTI"])]
    for ref, row in table.iterrows()
}
"""
WAYS = {
    "wecare import": OURS,
    "pandas.read_csv, needed columns": PANDAS.replace(
        "READ", "table = choose(pd.read_csv(PATH, usecols=list(NEEDED[PROJECTS]), **options))"
    ),
    "pandas.read_csv, needed columns, in pieces": PANDAS.replace(
        "READ",
        "pieces = pd.read_csv(PATH, usecols=list(NEEDED[PROJECTS]), chunksize=100_000, **options)\n"
        "table = pd.concat([choose(piece) for piece in pieces])",
    ),
}
#: Left out where memory is short: the whole file as text takes many times its size.
WHOLE = {"pandas.read_csv, every column": PANDAS.replace("READ", "table = choose(pd.read_csv(PATH, **options))")}

FRAME = """
import json, resource, time
start = time.perf_counter()
CODE
wall = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"wall": wall, "cpu": time.process_time(), "peak_mb": peak, "selected": selected}))
"""


def measure(rows: int = ROWS, runs: int = 3, whole: bool = False) -> dict:
    """Take every figure ``runs`` times, in turn.

    Returns
    -------
    dict
        ``rows``, ``bytes``, ``projects``, and by way a list of ``wall`` and ``cpu`` seconds and ``peak_mb``.

    Raises
    ------
    SystemExit
        If a way fails, or two ways select differently.
    """
    ways = WAYS | (WHOLE if whole else {})
    found: dict = {"rows": rows, **{name: [] for name in ways}}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"progetti_esteso_2014-2020_{synthetic_feed.EDITION}.csv"
        found["projects"] = synthetic_feed.national(path, rows)
        found["bytes"] = path.stat().st_size
        due = None
        for _ in range(runs):
            for name, code in ways.items():
                result = _run(code, path)
                selected = result.pop("selected")
                due = due or selected
                if selected != due or len(selected) != found["projects"]:
                    raise SystemExit(f"{name}: another selection, {len(selected)} rows of {found['projects']}")
                found[name].append(result)
                print(f"{name}: {result}", flush=True)
    return found


def _run(code: str, path: Path) -> dict:
    program = FRAME.replace("CODE", code).replace("PATH", repr(str(path)))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def table(found: dict) -> str:
    """The section of results as Markdown."""

    def of(name: str, key: str) -> float:
        return statistics.median([run[key] for run in found[name]])

    ways = [name for name in found if isinstance(found[name], list)]
    ours = of(ways[0], "wall")
    lines = [
        "## Import of OpenCoesione's feed",
        "",
        f"A GENERATED national file: {found['rows']:,} rows, {len(synthetic_feed.COLUMNS)} columns, "
        f"{found['bytes'] / 1e9:.2f} GB; {found['projects']:,} rows selected, the same by every way. Whole processes.",
        "",
        "| | wall | CPU | peak memory | against ours |",
        "|---|---|---|---|---|",
    ]
    for name in ways:
        ratio = of(name, "wall") / ours
        against = "1" if name == ways[0] else f"ours is **{ratio:.1f} times faster**"
        seconds = f"{of(name, 'wall'):.1f} s | {of(name, 'cpu'):.1f} s"
        lines.append(f"| {name} | {seconds} | {of(name, 'peak_mb'):,.0f} MB | {against} |")
    return "\n".join([*lines, ""])


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--runs", type=int, default=3, help="runs per figure; medians are shown")
    parser.add_argument("--whole", action="store_true", help="also read every column with pandas (needs much memory)")
    arguments = parser.parse_args()
    found = measure(arguments.rows, arguments.runs, arguments.whole)
    head = (
        f"# Results of the import\n\nWritten by `make bench` on {dt.date.today().isoformat()}: {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, "
        + ", ".join(f"{p} {importlib.metadata.version(p)}" for p in ("pandas", "duckdb", "numpy"))
        + f". Medians of {arguments.runs} runs taken in turn on one machine; compare the ratios, not the seconds.\n\n"
    )
    RESULTS.write_text(head + table(found), encoding="utf-8")
    print(table(found))


if __name__ == "__main__":
    main()
