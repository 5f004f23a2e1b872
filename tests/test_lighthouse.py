"""What Lighthouse says of the pages a reader meets first: a phone on a slow line, as its mobile profile has it."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from browser import QUIET, Quiet, compressed, served, tools
from tools import command

pytestmark = [pytest.mark.browser, pytest.mark.site]

#: How soon a district's page stands on a slow line is looked at in test_first_view.py too.
OTHERS = ("distretti/cuneo.html", "esplora.html", "en/index.html")
PAGES = ["index.html", *(pytest.param(page, marks=pytest.mark.audit) for page in OTHERS)]
#: How fast a page is found to be depends on what else the machine does: the best of so many looks counts.
LOOKS = 6
FASTNESS = 0.95
#: Times Lighthouse slows a processor down to be as slow as a phone's, and how fast, by its own measure, it takes the
#: processor to be at least. A slower one is slowed down less, in proportion; or else any page would be slow on it.
SLOWDOWN, FAST_MACHINE = 4, 1000


class Compressing(Quiet):
    """Serves files as a host of static sites does: compressed, over connections that stay open."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Cache-Control", "max-age=600")
        if path.suffix in (".html", ".css", ".js", ".json", ".svg") and "gzip" in self.headers["Accept-Encoding"]:
            content = compressed(content)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture(scope="module")
def root(built):
    with served(built.site, Compressing) as root:
        yield root


def judged(address, slowdown):
    """Lighthouse's report on a page."""
    call = [*command("lighthouse"), address, "--quiet", "--output=json", "--no-enable-error-reporting"]
    call.append("--disable-full-page-screenshot")
    call.append(f"--throttling.cpuSlowdownMultiplier={slowdown:.2f}")
    flags = f"--chrome-flags={' '.join(['--headless=new', *QUIET])}"
    done = subprocess.run([*call, flags], capture_output=True, text=True, env=os.environ | {"CHROME_PATH": tools()[1]})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def lost(report, category):
    """What cost points, and how many of a hundred were reached."""
    of, audits = report["categories"][category], report["audits"]
    cost = [ref["id"] for ref in of["auditRefs"] if ref["weight"] and (audits[ref["id"]]["score"] or 0) < 1]
    details = {name: audits[name].get("displayValue") or audits[name]["title"] for name in cost}
    return of["score"], details


@pytest.mark.parametrize("address", PAGES)
def test_lighthouse_finds_nothing_to_mend_and_the_page_fast(root, address):
    fastest, slowdown = 0, SLOWDOWN
    for _ in range(LOOKS):
        report = judged(root + address, slowdown)
        for category in ("accessibility", "best-practices", "seo"):
            assert lost(report, category)[0] == 1, (address, category, lost(report, category))
        score, cost = lost(report, "performance")
        fastest = max(fastest, score)
        if fastest >= FASTNESS:
            return
        machine = report["environment"]["benchmarkIndex"]
        slowdown = max(1, SLOWDOWN * min(1, machine / FAST_MACHINE))
    pytest.fail(f"{address}: {fastest}, {cost}, machine {machine:.0f}")
