"""Runs the trials of ``tests/trials.py`` and writes what came of them into ``docs/trust.md``.

``python benchmarks/trust.py --minutes 110`` shares the time among all kinds; ``--only`` runs some of them.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "trust.md"
sys.path.insert(0, str(ROOT / "tests"))

import trials  # noqa: E402

#: Between these lines stand the figures.
BEGIN, END = "<!-- figures of make trust -->", "<!-- end of the figures -->"


def main() -> None:
    """Run the trials and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=110, help="for all kinds together")
    parser.add_argument("--only", action="append", choices=list(trials.KINDS), help="some kinds; repeat for more")
    parser.add_argument("--seed", type=int, default=dt.date.today().toordinal())
    given = parser.parse_args()
    kinds = given.only or list(trials.KINDS)
    shares = sum(trials.KINDS[kind][1] for kind in kinds)
    found: dict[str, trials.Tally] = {}
    with tempfile.TemporaryDirectory(prefix="trust-") as folder:
        for number, kind in enumerate(kinds):
            seconds = given.minutes * 60 * trials.KINDS[kind][1] / shares
            found[kind] = trials.run(kind, given.seed, Path(folder) / str(number), seconds)
            print(trials.as_table({kind: found[kind]}), *found[kind].faults, sep="\n", flush=True)
    write(found, given.seed, given.minutes)
    sys.exit(any(tally.faults for tally in found.values()))


def write(found: dict[str, trials.Tally], seed: int, minutes: float) -> None:
    """Put the figures into the page, with what was asked for and every fault."""
    said = [f"Seed {seed}, {minutes:g} minutes asked for, {dt.date.today():%d %B %Y}.", "", trials.as_table(found)]
    left_out = [kind for kind in trials.KINDS if kind not in found]
    said += [f"Not run this time: {', '.join(left_out)}.", ""] * bool(left_out)
    faults = [f"* {kind}: `{fault[:300]}`" for kind, tally in found.items() for fault in tally.faults]
    said += [*faults, ""] if faults else ["No fault was found.", ""]
    text = PAGE.read_text(encoding="utf-8")
    figures = "\n".join([BEGIN, *said, END])
    PAGE.write_text(re.sub(f"(?s){BEGIN}.*{END}", lambda _: figures, text), encoding="utf-8")


if __name__ == "__main__":
    main()
