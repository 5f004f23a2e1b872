"""The import of a file of the national size beside pandas with the same selection, for each container; GENERATED rows.

Each figure is taken by a fresh process on the same file, in turn; every way must select the same projects with the same
titles, public funding and payments. Writes benchmarks/RESULTS-feed.md. The file (about 1.1 kB a row) is made in a
temporary folder, as CSV, ZIP and Parquet, and removed.
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
import zipfile
from pathlib import Path

import duckdb
import synthetic_feed

RESULTS = Path(__file__).with_name("RESULTS-feed.md")
ROWS = 2_000_000
PEAK_MB = 1_500

OURS = """
from pathlib import Path
from helpers.imports.opencoesione.survey import survey
found = survey([Path(PATH)])
assert not found.problems, found.problems[:3]
table = found.tables["projects"].set_index("project_ref")
selected = {ref: [row.title, row.public_funding_eur, row.paid_eur] for ref, row in table.iterrows()}
"""

#: What an analyst would write: only the needed columns, and of a CSV also in pieces, or everything.
PANDAS = """
import pandas as pd
from helpers.imports.opencoesione.feed_files import PROJECTS, wanted
columns = list(wanted(PROJECTS))
actions = ("II.9v.9.1.01", "II.9v.9.2.01", "1.8iv.3.2.4", "III.3c.7.1")
programmes = ["2014IT05SFOP013", "2014IT16RFOP014"]
def choose(frame):
    return frame[frame["OC_CODICE_PROGRAMMA"].isin(programmes) & frame["OC_COD_SUBARTICOLAZ_PROGRAMMA"].isin(actions)]
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
OURS_IS = "wecare import"
_READ = "table = choose(pd.read_csv(PATH, usecols=columns, **options))"
_PIECES = (
    "pieces = pd.read_csv(PATH, usecols=columns, chunksize=100_000, **options)\n"
    "table = pd.concat([choose(piece) for piece in pieces])"
)
_PARQUET = "table = choose(pd.read_parquet(PATH, columns=columns, filters=[('OC_CODICE_PROGRAMMA', 'in', programmes)]))"
#: By container: the ways to read it.
WAYS = {
    "CSV": {
        OURS_IS: OURS,
        "pandas.read_csv, needed columns": PANDAS.replace("READ", _READ),
        "pandas.read_csv, needed columns, in pieces": PANDAS.replace("READ", _PIECES),
    },
    "ZIP": {OURS_IS: OURS, "pandas.read_csv, needed columns": PANDAS.replace("READ", _READ)},
    "Parquet": {OURS_IS: OURS, "pandas.read_parquet, its columns and filter": PANDAS.replace("READ", _PARQUET)},
}
#: Left out where memory is short: the whole file as text takes many times its size.
WHOLE = {"pandas.read_csv, every column": PANDAS.replace("READ", "table = choose(pd.read_csv(PATH, **options))")}

FRAME = """
import json, resource, time
start = time.perf_counter()
CODE
wall = time.perf_counter() - start
try:
    # What the process that starts another has needed counts as the other's too, but not here.
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
except OSError:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"wall": wall, "cpu": time.process_time(), "peak_mb": peak, "selected": selected}))
"""


def measure(rows: int = ROWS, runs: int = 3, whole: bool = False) -> dict:
    """Take every figure ``runs`` times, in turn.

    Returns
    -------
    dict
        ``rows``, ``projects``, ``bytes`` by container, and ``runs``: by container and way a list of ``wall`` and
        ``cpu`` seconds and ``peak_mb``.

    Raises
    ------
    SystemExit
        If a way fails, or two ways select differently.
    """
    ways = WAYS | ({"CSV": WAYS["CSV"] | WHOLE} if whole else {})
    found: dict = {"rows": rows, "runs": {container: {way: [] for way in own} for container, own in ways.items()}}
    with tempfile.TemporaryDirectory() as folder:
        paths, found["projects"] = containers(Path(folder), rows)
        found["bytes"] = {container: path.stat().st_size for container, path in paths.items()}
        due = None
        for _ in range(runs):
            for container, own in ways.items():
                for name, code in own.items():
                    result = _run(code, paths[container])
                    selected = result.pop("selected")
                    due = due or selected
                    if selected != due or len(selected) != found["projects"]:
                        message = f"another selection, {len(selected)} rows of {found['projects']}"
                        raise SystemExit(f"{container}, {name}: {message}")
                    found["runs"][container][name].append(result)
                    print(f"{container}, {name}: {result}", flush=True)
    return found


def containers(folder: Path, rows: int) -> tuple[dict[str, Path], int]:
    """Write the file as CSV, ZIP and Parquet; gives the paths and how many rows belong to WE.CA.RE."""
    name = f"progetti_esteso_2014-2020_{synthetic_feed.EDITION}"
    paths = {c: folder / f"{name}.{c.lower()}" for c in WAYS}
    count = synthetic_feed.national(paths["CSV"], rows)
    with zipfile.ZipFile(paths["ZIP"], "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(paths["CSV"], f"{name}.csv")
    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit='1GB'; SET temp_directory='{folder}'")
        source = "read_csv(?, delim=';', header=true, all_varchar=true, quote='\"', escape='\"', new_line='\\r\\n')"
        connection.execute(
            f"COPY (SELECT * FROM {source}) TO '{paths['Parquet']}' (FORMAT parquet)", [str(paths["CSV"])]
        )
    return paths, count


def _run(code: str, path: Path) -> dict:
    program = FRAME.replace("CODE", code).replace("PATH", repr(str(path)))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def table(found: dict) -> str:
    """The section of results as Markdown."""
    lines = [
        "## Import of OpenCoesione's feed",
        "",
        f"A GENERATED national file: {found['rows']:,} rows, {len(synthetic_feed.COLUMNS)} columns; "
        f"{found['projects']:,} rows selected, the same by every way. Whole processes.",
        "",
        "| container | | wall | CPU | peak memory | against ours |",
        "|---|---|---|---|---|---|",
    ]
    for container, ways in found["runs"].items():
        for name, runs in ways.items():
            wall, cpu, peak = (statistics.median([run[key] for run in runs]) for key in ("wall", "cpu", "peak_mb"))
            ratio = wall / statistics.median([run["wall"] for run in ways[OURS_IS]])
            against = "1" if name == OURS_IS else f"ours is **{ratio:.1f} times faster**"
            size = f"{container}, {found['bytes'][container] / 1e9:.2f} GB"
            lines.append(f"| {size} | {name} | {wall:.1f} s | {cpu:.1f} s | {peak:,.0f} MB | {against} |")
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
