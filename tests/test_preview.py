"""A preview shows what is edited in the page that is open, and leaves alone what is published."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from html import unescape
from pathlib import Path

import pytest
from conftest import ROOT, Project
from playwright.sync_api import Error as PlaywrightError
from watchfiles import Change

from helpers import config
from helpers.build.preview.server import Board, Server, page_of, with_script
from helpers.build.preview.watching import Edits, needs_new_process
from helpers.publish.policy import add_policy

PAGE = '<html lang="it"><head><meta charset="utf-8"><title>Una pagina</title></head><body><h1>Una</h1></body></html>'


@pytest.mark.slow
def test_the_script_is_in_the_answer_only_and_the_page_allows_it(tmp_path):
    page = add_policy(PAGE)
    (tmp_path / "una.html").write_text(page)
    with serving(tmp_path) as (address, _):
        answer = urllib.request.urlopen(f"{address}una.html").read().decode()
        assert re.sub(r'<script src="/~preview/reload.js"[^>]*></script>', "", answer) == page != answer
        assert b"EventSource" in urllib.request.urlopen(f"{address}~preview/reload.js").read()
    assert (tmp_path / "una.html").read_text() == page
    # A file of the same origin is all that the policy asks of a script.
    assert "script-src 'self'" in unescape(page)


@pytest.mark.slow
def test_a_page_that_is_not_there_says_so_and_listens(tmp_path):
    with serving(tmp_path) as (address, _):
        with pytest.raises(urllib.error.HTTPError) as found:
            urllib.request.urlopen(f"{address}distretti/nessuno.html")
        assert found.value.code == 404 and b"/~preview/reload.js" in found.value.read()


@pytest.mark.slow
def test_open_pages_are_told_what_changed_and_what_is_wrong(tmp_path):
    (tmp_path / "una.html").write_text(PAGE)
    with serving(tmp_path) as (address, board):
        state = re.search(r'data-state="([^"]+)"', urllib.request.urlopen(f"{address}una.html").read().decode())[1]
        events = urllib.request.urlopen(f"{address}~preview/events?page=/una.html&state={state}", timeout=20)
        # Once when it begins to listen, then for each thing that is told.
        assert heard(events) is None
        assert board.pages() == ("una",)
        assert next_event(events, board, "") is None
        (tmp_path / "wecare.css").write_text("h1 { color: red }")
        assert next_event(events, board, "")[0] == "styles"
        (tmp_path / "una.html").write_text(PAGE.replace("Una", "Altra"))
        assert next_event(events, board, "")[0] == "reload"
        wrong = "data/raw/x.csv, row 2: <script>alert(1)</script>"
        assert next_event(events, board, wrong) == ("say", {"text": wrong, "wrong": True})


def next_event(events, board: Board, text: str) -> tuple[str, object] | None:
    """What a page is told when something is told to all: name and data of the event, None if nothing concerns it."""
    board.tell(text, wrong=bool(text))
    return heard(events)


def heard(events) -> tuple[str, object] | None:
    """Name and data of the next event, None if there is none before the line is quiet."""
    name, data = "", None
    for line in iter(lambda: events.readline().decode().rstrip(), None):
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            data = json.loads(line.removeprefix("data: "))
        elif line.startswith(":"):
            return (name, data) if name else None


@contextmanager
def serving(site: Path) -> Iterator[tuple[str, Board]]:
    board = Board(site)
    server = Server(board, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.address, board
    finally:
        server.end()


def test_a_problem_becomes_text_in_the_page_never_markup():
    script = (config.HELPERS / "build/preview/reload.js").read_text()
    assert "textContent = text" in script and "innerHTML" not in script
    assert '"><b>' not in with_script(PAGE, '"><b>')


@pytest.mark.parametrize(
    ("path", "page"),
    [("/", "index"), ("/en/", "en/index"), ("/dati.html", "dati"), ("/assets/a.css", None), ("/../x.html", "x")],
)
def test_pages_are_told_from_files(path, page):
    assert page_of(path) == page


def test_edits_of_people_are_told_from_what_is_generated():
    counts = Edits()
    edited = [
        config.RAW / "income.csv",
        config.NOTEBOOKS / "district.ipynb",
        config.REPORTS / "privacy.qmd",
        config.REPORTS / "assets" / "wecare.css",
        config.HELPERS / "prose" / "it" / "district_brief.md.j2",
    ]
    generated = [
        config.REPORTS / "distretti" / "cuneo.ipynb",
        config.REPORTS / "distretti" / ".cuneo.ipynb.part",
        config.NOTEBOOKS / "lab" / "district.ipynb",
        config.HELPERS / "__pycache__" / "config.pyc",
        config.RAW / ".income.csv.swp",
    ]
    assert all(counts(Change.modified, str(path)) for path in edited)
    assert not any(counts(Change.modified, str(path)) for path in generated)


def test_code_and_declarations_need_another_process_texts_do_not():
    assert needs_new_process(config.HELPERS / "pages" / "district" / "page.py")
    assert needs_new_process(config.HELPERS / "declarations" / "age.toml")
    assert needs_new_process(config.HELPERS / "prose" / "render.py")
    assert not needs_new_process(config.HELPERS / "prose" / "it" / "labels" / "common.toml")
    assert not needs_new_process(config.RAW / "income.csv")


class Running:
    """A preview of a project with a library of its own, and a page of it in a browser."""

    def __init__(self, project: Project, browser, address: str):
        self.root = project.root
        code = "from helpers.cli.main import main; main()"
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", code, "preview", "--publisher", "embedded", "--port", "0"],
            env=os.environ | {"WECARE_ROOT": str(self.root), "PYTHONPATH": str(self.root / "src"), "COLUMNS": "200"},
            cwd=self.root,
            stdout=subprocess.PIPE,
            text=True,
        )
        told = self.process.stdout.readline()
        assert any("The whole site: made" in line for line in iter(self.process.stdout.readline, ""))
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        self.page = browser.new_page()
        self.errors: list[str] = []
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        self.page.goto(re.search(r"http://\S+/", told)[0] + address)

    def write(self, path: str, old: str, new: str) -> None:
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text, path
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    def shows(self, text: str) -> None:
        self.until("(text) => document.body.innerText.includes(text)", text)

    def until(self, condition: str, arg: object = None) -> None:
        """Wait until something is true of the page, which is loaded again meanwhile."""
        end = time.monotonic() + 120
        while time.monotonic() < end:
            with suppress(PlaywrightError):
                if self.page.evaluate(condition, arg):
                    return
            time.sleep(0.05)
        raise AssertionError(f"{condition} {arg or ''}")

    def end(self) -> None:
        self.page.close()
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(60) == 0


@pytest.fixture(scope="module")
def preview(built, browser, tmp_path_factory) -> Iterator[Running]:
    project = built.copy_with_site(tmp_path_factory.mktemp("preview") / "project")
    shutil.copytree(ROOT / "src" / "helpers", project.root / "src" / "helpers")
    running = Running(project, browser, "distretti/verbano-cusio-ossola.html")
    yield running
    running.end()


def prints(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.browser
def test_every_kind_of_edit_is_seen_in_the_open_page(preview):
    published = prints(preview.root / "_site")
    # A style: without loading the page again.
    preview.page.evaluate("window.stays = true")
    preview.write("reports/assets/wecare.css", "", "h1 { outline: 7px solid red }\n")
    preview.until("getComputedStyle(document.querySelector('h1')).outlineWidth === '7px'")
    assert preview.page.evaluate("window.stays")
    # A text of the library, with what is above it on the page.
    preview.write("src/helpers/prose/it/district_brief.md.j2", "", "Una frase di prova.\n\n")
    preview.shows("Una frase di prova.")
    # A notebook.
    preview.write("notebooks/district.ipynb", '"report.population()"', '"report.population()\\n", "print(1/0)"')
    preview.shows("ZeroDivisionError")
    assert preview.page.locator("[data-preview=problem]").inner_text().count("district.ipynb, cell") == 1
    preview.write("notebooks/district.ipynb", '"report.population()\\n", "print(1/0)"', '"report.population()"')
    preview.until("!document.querySelector('[data-preview]')")
    # A value; the edit is not recorded, which is told.
    preview.write("data/raw/misura1_projects.csv", "La Cura è di Casa", "Un titolo di prova")
    preview.shows("Un titolo di prova")
    preview.shows("wecare record")
    # A wrong value: what is wrong stands in the page as text, and the page stays.
    preview.write("data/raw/measures.csv", "measure_id,", "<i>id</i>,")
    preview.shows("data/raw/measures.csv")
    assert "<i>id</i>" in preview.page.locator("[data-preview=problem]").inner_text()
    assert preview.page.locator("[data-preview=problem] i").count() == 0
    preview.write("data/raw/measures.csv", "<i>id</i>,", "measure_id,")
    preview.until("!document.querySelector('[data-preview=problem]')")
    # The site's description.
    preview.write("_quarto.yml", 'text: "Distretti"', 'text: "Distretti di prova"')
    preview.shows("Distretti di prova")
    assert prints(preview.root / "_site") == published
    assert not preview.errors


@pytest.mark.slow
def test_data_that_are_not_accepted_are_checked_once_for_all_edits_of_texts(tmp_path, monkeypatch):
    from helpers.build import plan
    from helpers.checks import run
    from helpers.errors import Problem
    from helpers.system.record import Record, Step

    checked, state = [], {"data/raw/measures.csv": "one"}
    unrecorded = [Problem("data/raw/measures.csv", run.NOT_RECORDED, "run `wecare record`")]
    monkeypatch.setattr(plan, "PROBLEMS", tmp_path / "problems.db")
    monkeypatch.setattr(plan, "check_step", lambda: Step("check", dict(state)))
    monkeypatch.setattr(run, "check", lambda: checked.append(1) or run.Report(1, 1, unrecorded, 0.0))
    record = Record(tmp_path / "record.db")
    for _ in range(3):
        assert plan.find_problems(record) == unrecorded
    assert len(checked) == 1
    state["data/raw/measures.csv"] = "two"
    assert plan.find_problems(record) == unrecorded and len(checked) == 2
