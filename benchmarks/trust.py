"""Runs the trials of ``tests/trials.py`` and writes what came of them into ``docs/trust.md``.

``python benchmarks/trust.py --minutes 110`` shares the time among all kinds; ``--only kills`` runs those in whose names
the word stands. What was found of each kind last is kept in ``build/trust.json``, so that it may be tried in parts.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE, KEPT = ROOT / "docs" / "trust.md", ROOT / "build" / "trust.json"
sys.path.insert(0, str(ROOT / "tests"))

import trials  # noqa: E402

#: Between these lines stand the figures.
BEGIN, END = "<!-- figures of make trust -->", "<!-- end of the figures -->"


def main() -> None:
    """Run the trials and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=110, help="for all kinds together")
    parser.add_argument("--only", action="append", help="a group, as kills, or a part of a name; repeat for more")
    parser.add_argument("--seed", type=int, default=dt.date.today().toordinal())
    given = parser.parse_args()
    kinds = trials.named(given.only) if given.only else list(trials.KINDS)
    if not kinds:
        parser.error(f"no kind has such a name; there are: {'; '.join(trials.KINDS)}")
    shares = sum(trials.KINDS[kind].share for kind in kinds)
    faults = 0
    with tempfile.TemporaryDirectory(prefix="trust-") as folder:
        for number, kind in enumerate(kinds):
            seconds = given.minutes * 60 * trials.KINDS[kind].share / shares
            tally = trials.run(kind, given.seed, Path(folder) / str(number), seconds)
            faults += len(tally.faults)
            found = tally.numbers(f"{dt.date.today():%d %B %Y}")
            print(trials.as_table({kind: found}), *tally.faults, sep="\n", flush=True)
            write(kind, found | {"seed": given.seed})
    sys.exit(faults > 0)


def write(kind: str, found: dict) -> None:
    """Keep what came of a kind, and put what is kept of all into the page."""
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.is_file() else {}
    kept[kind] = found
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    shown = {name: kept[name] for name in trials.KINDS if name in kept}
    seeds = ", ".join(map(str, sorted({one["seed"] for one in shown.values()})))
    said = [f"Seeds: {seeds}.", "", trials.as_table(shown)]
    left_out = [name for name in trials.KINDS if name not in kept]
    said += [f"Not run: {'; '.join(left_out)}.", ""] * bool(left_out)
    faults = [f"* {name}: `{_plain(fault)}`" for name, one in shown.items() for fault in one["faults"]]
    said += ["Faults:", "", *faults, ""] if faults else ["No fault was found.", ""]
    figures = "\n".join([BEGIN, *said, END])
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(re.sub(f"(?s){BEGIN}.*{END}", lambda _: figures, text), encoding="utf-8")


def _plain(fault: str) -> str:
    """A fault as a page may hold it: on one line, and no command of a publisher."""
    return " ".join(fault.split()).replace("`", "'").replace("{{", "{ {")[:300]


if __name__ == "__main__":
    main()
