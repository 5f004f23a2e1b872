"""How long an edit takes to be seen in the page that is open in a browser, with ``wecare preview`` at work.

An edit is a file written; it is seen when a look at the page in a real Chromium, 50 times a second, finds it. Between
two edits the preview has some seconds for the rest of the site, as it has between those of a person; an edit ends what
it is still doing.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

#: The district whose page is open, and the title of its project.
PAGE, TITLE = "distretti/verbano-cusio-ossola.html", "La Cura è di Casa"

#: Seconds after which something has gone wrong, and which the preview has for the rest of the site.
PATIENCE_S, REST_S = 600, 6


class Preview:
    """A preview of a project, and a page of it that is open.

    Parameters
    ----------
    root
        The project, with a copy of the library in ``src``.
    environment
        Of its process.
    page
        Of a browser.
    """

    def __init__(self, root: Path, environment: dict[str, str], page):
        self.root, self.page, self.runs = root, page, 0
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "helpers", "preview", "--publisher", "embedded", "--port", "0"],
            env=environment,
            cwd=root,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        threading.Thread(target=lambda: self.lines.extend(self.process.stdout), daemon=True).start()
        told = self._line("http://", PATIENCE_S)
        assert self._line("The whole site", PATIENCE_S), "the site was not made"
        page.goto(re.search(r"http://\S+/", told)[0] + PAGE)
        time.sleep(1)

    def time(self, path: str, change: Callable[[str], str], seen: str) -> float:
        """Seconds from an edit until an expression is true in the page."""
        file = self.root / path
        self.lines.clear()
        edited = change(file.read_text(encoding="utf-8"))
        start = time.perf_counter()
        file.write_text(edited, encoding="utf-8")
        while not self._finds(seen):
            assert time.perf_counter() - start < PATIENCE_S, seen
            time.sleep(0.02)
        found = time.perf_counter() - start
        self._line("The whole site", REST_S)
        time.sleep(0.5)
        return found

    def style(self) -> float:
        """A rule more in the style sheet."""
        self.runs += 1
        rule = f"\nh1 {{ outline-width: {self.runs}px; outline-style: solid }}\n"
        seen = f"getComputedStyle(document.querySelector('h1')).outlineWidth === '{self.runs}px'"
        return self.time("reports/assets/wecare.css", lambda text: text + rule, seen)

    def text(self) -> float:
        """A sentence more in the template of the page's first paragraph."""
        self.runs += 1
        said = f"Frase numero {self.runs}."
        path = "src/helpers/prose/it/district_brief.md.j2"
        return self.time(path, lambda text: f"{text}\n\n{said}\n", f"document.body.innerText.includes('{said}')")

    def value(self) -> float:
        """Another title of the district's project, not recorded."""
        self.runs += 1
        said = f"{TITLE} {self.runs}"
        title = re.compile(rf"{TITLE}( \d+)?")
        path = "data/raw/misura1_projects.csv"
        return self.time(path, lambda text: title.sub(said, text), f"document.body.innerText.includes('{said}')")

    def end(self) -> None:
        """End the preview."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)

    def _finds(self, seen: str) -> bool:
        try:
            return self.page.evaluate(seen)
        except Exception:  # the page is being loaded
            return False

    def _line(self, wanted: str, patience: float) -> str:
        """The next line with these words that the preview prints, and forget those up to it; empty if none comes."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            at = next((n for n, line in enumerate(self.lines) if wanted in line), None)
            if at is not None:
                found = self.lines[at]
                del self.lines[: at + 1]
                return found
            time.sleep(0.02)
        return ""


@contextmanager
def previewing(root: Path, environment: dict[str, str]):
    """A preview of a project that is built, with a page open in a browser."""
    from browser import launched

    with launched() as browser:
        preview = Preview(root, environment, browser.new_page())
        try:
            yield preview
        finally:
            preview.end()


def measure(root: Path, environment: dict[str, str], runs: int) -> dict[str, list[float]]:
    """Seconds of each kind of edit, taken in turn; the first of each is left out, as a template's is compiled by it."""
    kinds = ("style", "text", "value")
    found: dict[str, list[float]] = {kind: [] for kind in kinds}
    with previewing(root, environment) as preview:
        for _ in range(runs + 1):
            for kind in kinds:
                found[kind].append(getattr(preview, kind)())
                print(f"preview, {kind}: {found[kind][-1]:.2f}", flush=True)
    return {kind: times[1:] for kind, times in found.items()}
