"""What is written beside the site: the page of the last build, and what the site holds for programs that read it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from helpers import config
from helpers.build import runs
from helpers.build.execute import Outcome
from helpers.build.jobs import Job
from helpers.build.plan import Plan
from helpers.publish.machines.llms import llms_file


def job(name: str) -> Job:
    return Job(name, config.NOTEBOOKS / "district.ipynb", f"distretti/{name}", {}, name, f"distretti/{name}")


def test_the_page_of_a_build_tells_what_became_of_every_report(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "REPORTS", tmp_path / "reports")
    monkeypatch.setattr(config, "SITE", tmp_path / "_site")
    (tmp_path / "reports" / "distretti").mkdir(parents=True)
    (tmp_path / "reports" / "distretti" / "D1.ipynb").touch()
    jobs = [job("D1"), job("D2"), job("D3")]
    reasons = {"D1": [f"raw t{n} changed" for n in range(8)], "D2": ["<b>text</b> changed"], "D3": []}
    outcomes = [Outcome(jobs[0], seconds=0.25), Outcome(jobs[1], "NameError: <script>", 3, 0.1)]
    page = runs.write(Plan(jobs, jobs, reasons, {}, {}), outcomes, 1.5, tmp_path / "build" / "runs.html")
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    rows = [[cell.text for cell in row("td")] for row in soup.tbody("tr")]
    assert [row.th.text for row in soup.tbody("tr")] == ["D2", "D1", "D3"]
    assert rows[0][:3] == ["failed in cell 3: NameError: <script>", "0.10", "<b>text</b> changed"]
    assert rows[1][2].endswith("and 2 more") and rows[2][0] == "unchanged"
    assert [link["href"] for link in soup("a")] == ["../reports/distretti/D1.ipynb"]
    assert "1 failed, 1 made, 1 unchanged, 1.5 s" in soup.p.text and not soup("script")


@pytest.mark.parametrize("url", ["", "https://example.org/wecare/"])
def test_programs_that_read_find_every_page_in_its_language(url):
    def html(title: str, description: str) -> str:
        head = f'<title>{title} – Osservatorio WE.CA.RE.</title><meta name="description" content="{description}">'
        return f"<html><head>{head}</head><body></body></html>"

    pages = {"index": "it", "distretti/cuneo": "it", "en/distretti/cuneo": "en", "404": "it"}
    finished = {
        "distretti/cuneo": html("Distretto [di] Cuneo", "Chi vive qui &amp; che cosa\nè stato fatto"),
        "index": html("Home", ""),
        "en/distretti/cuneo": html("District of Cuneo", "Who lives here"),
        "404": html("Nessuna pagina", ""),
    }
    text = llms_file(finished, pages, url)["llms.txt"].decode()
    assert text.startswith("# Osservatorio WE.CA.RE.\n\n> ")
    italian, english = text.partition("## English")[::2]
    assert f"- [Home]({url}index.html)\n" in italian
    assert f"- [Distretto di Cuneo]({url}distretti/cuneo.html): Chi vive qui & che cosa è stato fatto\n" in italian
    assert f"- [District of Cuneo]({url}en/distretti/cuneo.html): Who lives here\n" in english
    assert "404" not in text and f"({url}api/index.json)" in italian and f"({url}api/index.json)" in english


def test_a_build_writes_its_page_and_the_site_has_its_list(built):
    assert "unchanged" in (built.root / "build" / "runs.html").read_text(encoding="utf-8")
    text = (built.site / "llms.txt").read_text(encoding="utf-8")
    linked = [line.partition("](")[2].partition(")")[0] for line in text.splitlines() if line.startswith("- [")]
    assert len(linked) > 100 and all((built.site / address).is_file() for address in linked)
    assert "runs.html" not in text and not list(built.site.rglob("runs.html"))
