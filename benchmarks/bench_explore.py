"""How long ``explore.ipynb`` takes in JupyterLab, in a real Chromium: to its first map, from a control to the picture.

A cold start is a kernel that has just started and has loaded nothing: from pressing *run* in the first cell until the
first area of the map is drawn. A change is told from the event of the control until the colours of the map are others.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.request import Request, urlopen

from playwright.sync_api import Error as PlaywrightError

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

#: What is measured, and what it is called in the table of results.
KINDS = {
    "explore, first map": "`explore.ipynb`, cold kernel, to its first map",
    "explore, indicator": "another indicator",
    "explore, place": "another place (the comuni of a district, or the districts)",
}

PATIENCE_MS = 120_000

#: How often the key is pressed at most.
PRESSED = 10

#: Chooses an option of a control and waits for other areas or colours; gives milliseconds.
CHANGE = """async ([control, option]) => {
  const seen = () => [...document.querySelectorAll('.js-plotly-plot')[0].querySelectorAll('.js-fill')]
    .map(area => area.style.fill).join('|');
  const select = document.querySelectorAll('.widget-dropdown select')[control], before = seen();
  const start = performance.now();
  select.selectedIndex = option;
  select.dispatchEvent(new Event('change', {bubbles: true}));
  while (seen() === before) {
    await new Promise(requestAnimationFrame);
    if (performance.now() - start > 60000) throw new Error('nothing changed');
  }
  return performance.now() - start;
}"""

#: The controls by their order: places and indicators.
PLACE, INDICATOR = 0, 1


def measure(root: Path, starts: int, changes: int) -> dict[str, list[float]]:
    """Seconds of each kind.

    Parameters
    ----------
    root
        A project whose tables are derived.
    starts, changes
        How many of each.
    """
    from browser import launched
    from jupyter_server_process import jupyterlab

    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with jupyterlab(root) as address, launched() as browser:
        for _ in range(starts):
            page = browser.new_page(viewport={"width": 1700, "height": 1500})
            found["explore, first map"].append(_first_map(page, address))
            if len(found["explore, first map"]) < starts:
                page.close()
                _end_sessions(address)
        for n in range(changes):
            for kind, control, option in (
                # An indicator two times alike would change nothing; between two places there is the region.
                ("explore, indicator", INDICATOR, 1 + n % 12),
                ("explore, place", PLACE, 0 if n % 2 else 1 + n),
            ):
                found[kind].append(page.evaluate(CHANGE, [control, option]) / 1000)
                page.wait_for_timeout(500)
    for kind, times in found.items():
        print(f"{kind}: {', '.join(f'{each:.2f}' for each in times)}", flush=True)
    return found


def _first_map(page, address: str) -> float:
    """Seconds from pressing run in a kernel that has just started to the first area."""
    page.goto(f"{address}/lab/tree/lab/explore.ipynb?token=t", timeout=PATIENCE_MS)
    code = page.locator(".jp-Notebook .jp-CodeCell .cm-content").first
    code.wait_for(timeout=PATIENCE_MS)
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=PATIENCE_MS)
    prompt = page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").first
    for _ in range(PRESSED):
        page.wait_for_timeout(1000)
        for button in page.locator("dialog .jp-mod-accept").all():
            button.click()
        code.click()
        start = time.perf_counter()
        page.keyboard.press("Control+Enter")
        with suppress(PlaywrightError):
            # While JupyterLab is still at work it passes over a key.
            page.wait_for_function("prompt => prompt.innerText !== '[ ]:'", arg=prompt.element_handle(), timeout=2000)
            break
    page.locator(".js-plotly-plot .js-fill").first.wait_for(timeout=PATIENCE_MS)
    return time.perf_counter() - start


def _end_sessions(address: str) -> None:
    """End all kernels of a server."""
    headers = {"Authorization": "token t"}
    with urlopen(Request(f"{address}/api/sessions", headers=headers)) as answer:
        sessions = json.load(answer)
    for session in sessions:
        urlopen(Request(f"{address}/api/sessions/{session['id']}", headers=headers, method="DELETE")).close()
