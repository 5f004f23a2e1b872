"""What somebody gets who renders an executed notebook alone, by Quarto or by nbconvert."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from base64 import b64decode
from functools import partial
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from nbconvert import HTMLExporter
from samples import areas, html, markdown, notebook, page_output, plotly, staged_text
from traitlets.config import Config

from helpers import config
from helpers.build.execute import execute
from helpers.build.jobs import Job
from helpers.errors import WecareError
from helpers.pages.common.declared import declared_pages
from helpers.publish import by_hand
from helpers.publish.by_hand import quarto_page, shown_alone
from helpers.publish.plain import as_markdown
from helpers.system.notebooks import FRONT, read_cells

SOURCES = (
    '<figure class="table-wecare" id="tbl-sources"><figcaption class="caption">Le fonti.</figcaption>'
    '<table><tr><th scope="row"><a id="S027" href="metodo.html#S027">S027</a></th>'
    '<td><a href="https://example.org/?a=1&amp;b=2">Atto</a></td></tr></table>'
    '<p class="provenance"><span class="status">da fonte</span> <a href="metodo.html#dati-x">Elenco</a>.</p>'
    '<p class="downloads"><a href="csv:sources" download>CSV</a></p></figure>'
)
FIGURE = (
    '<figure class="figure-wecare" id="fig-map"><figcaption class="caption">Due aree.</figcaption>'
    '<div class="plot" data-figure="map" role="img" aria-label="Mappa di due aree"></div>'
    '<details class="figure-data"><summary>Mostra i dati</summary><table><tr><td>1.234</td></tr></table></details>'
    '<p class="downloads"><a href="csv:map" download>CSV</a><span class="saving" data-figure="map"></span></p></figure>'
)
TEXT = (
    'I residenti sono 132.[ISTAT](../metodo.html#dati-population "dato ricavato")[S027](#S027 "dato da fonte") '
    "Si veda [la mappa](#fig-map), [altrove](page:metodo) o [fuori](https://example.org)."
)


@pytest.fixture
def executed(tmp_path):
    return notebook(
        tmp_path / "out.ipynb",
        page_output("distretti/pinerolo", "Distretto di Pinerolo"),
        markdown("## In breve"),
        markdown(TEXT),
        plotly("map", areas()),
        html(FIGURE, "comune,residenti\nUno,1234\n"),
        html(SOURCES, "source_id\nS027\n"),
        markdown("## Scarica"),
        html('<ul class="downloads"><li><a href="notebook:" download>Notebook</a></li></ul>'),
    )


@pytest.fixture
def page(executed, tmp_path):
    path = tmp_path / "page.ipynb"
    path.write_bytes(quarto_page(executed.read_bytes()))
    return staged_text(path)


def test_quarto_is_given_title_text_figures_and_tables_and_no_code(page):
    assert re.search(r"(?m)^title: Distretto di Pinerolo$", page) and "fig-title: Figura" in page
    assert "SEGRETO" not in page and "Note per l" not in page
    picture, caption = re.search(r"::: \{#fig-map\}\n\n(!\[\]\(data:[^\n]+)\n\n(.*)\n\n:::", page).groups()
    drawn = b64decode(re.search(r"base64,([^)]*)", picture)[1]).decode()
    assert drawn.count("<path") == 2 and 'fig-alt="Mappa di due aree"' in picture and caption == "Due aree&#46;"
    assert page.count("<table>") == 2 and "::: {#tbl-sources}" in page


def test_marks_are_apart_and_links_lead_somewhere_or_are_not_there(page):
    assert r'132.\[ISTAT\]\[[S027](#S027 "dato da fonte")\] Si veda' in page
    assert "[la mappa (figura 1)](#fig-map), altrove o [fuori](https://example.org)." in page
    assert '<span id="S027">S027</span>' in page and 'href="https://example.org/?a=1&amp;b=2"' in page
    assert not re.search(r"metodo\.html|csv:|notebook:|Scarica", page)


def test_where_the_site_stands_on_the_web_links_lead_there(executed, monkeypatch):
    monkeypatch.setattr(by_hand, "site_url", lambda _: "https://example.org/we/")
    made = quarto_page(executed.read_bytes()).decode()
    assert "[altrove](https://example.org/we/metodo.html)" in made
    assert "(https://example.org/we/metodo.html#dati-population" in made


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"[1]", b"{}", b'{"cells": [], "nbformat": 4}', b"\xff", b"[" * 100_000],
    ids=range(7),
)
def test_what_is_no_notebook_is_told(content):
    with pytest.raises(WecareError, match="To do: "):
        quarto_page(content)


@pytest.mark.slow
def test_a_notebook_that_was_not_run_is_refused_before_quarto_writes_into_it():
    with pytest.raises(WecareError, match="was not run.*papermill notebooks/NAME.ipynb"):
        quarto_page((config.NOTEBOOKS / "district.ipynb").read_bytes())
    done = subprocess.run(
        [sys.executable, "-m", "helpers", "page"],
        input=(config.NOTEBOOKS / "district.ipynb").read_bytes(),
        capture_output=True,
    )
    assert done.returncode and done.stdout == b"" and b"Traceback" not in done.stderr


def test_every_template_tells_quarto_how_its_page_is_shown():
    templates = [config.NOTEBOOKS / f"{page.notebook}.ipynb" for page in declared_pages()]
    assert len(templates) > 20 and all(read_cells(path)[0] == FRONT for path in templates)


def exported(path, *, code=False) -> BeautifulSoup:
    settings = json.loads((ROOT / "src/jupyter/etc/jupyter_nbconvert_config.json").read_text())
    asked = Config(settings | {"Alone": {"code": code}})
    templates = str(ROOT / "src/jupyter/share/nbconvert/templates")
    text, _ = HTMLExporter(config=asked, extra_template_basedirs=[templates]).from_filename(str(path))
    return BeautifulSoup(text, "html.parser")


@pytest.mark.slow
def test_nbconvert_makes_the_page_without_code_and_without_scripts(executed):
    page = exported(executed)
    assert page.title.text == "Distretto di Pinerolo" == page.h1.text.removesuffix("¶")
    assert page.find_all("script") == [] and "SEGRETO" not in page.text
    assert page.html["lang"] == "it" and len(page.select(".plot > svg")) == 1 and len(page.find_all("table")) == 2
    assert page.select_one("#fig-map figcaption").text.startswith("Figura 1. ")
    targets = [a["href"] for a in page.select("a[href]") if "anchor-link" not in a.get("class", ())]
    assert [t for t in targets if t.startswith("data:text/csv")] and page.find(id="S027")
    assert {t.partition(":")[0] for t in targets if not t.startswith("#")} == {"https", "data"}
    assert {t for t in targets if t.startswith("#")} == {"#S027", "#fig-map", "#tbl-sources"}


@pytest.mark.slow
def test_nbconvert_shows_code_to_who_asks(executed):
    assert "SEGRETO" in exported(executed, code=True).text


def test_another_notebook_stays_as_it_is():
    other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1"), nbformat.v4.new_raw_cell("raw")])
    assert shown_alone(other) == other


def test_html_becomes_markdown():
    lead = {"https://a.b": "https://a.b", "#x": "#x"}.get
    made = as_markdown(
        '<div class="card" id="c"><h3>Titolo *vivo*</h3><p>Uno <strong>due</strong> <a href="https://a.b">tre</a> '
        '<a href="../no.html">quattro</a></p><ul><li>primo<ul><li>dentro</li></ul></li><li><p>a</p><p>b</p></li></ul>'
        "<details><summary>via</summary><p>qui</p></details><div hidden><p>mai</p></div><button>no</button></div>",
        lambda to: lead(to) or "",
    )
    assert made.split("\n\n") == [
        "### []{#c}Titolo &#42;vivo&#42;",
        "Uno due [tre](https://a.b) quattro",
        "- primo",
        "  - dentro",
        "- a",
        "  b",
        "qui",
    ]


def test_a_row_that_has_a_name_keeps_it_in_its_first_cell():
    made = as_markdown('<table><tr id="R1"><td class="num">1</td></tr></table>', str)
    assert '<tr><td class="num"><span id="R1"></span>1</td></tr>' in made


# Without Quarto on PATH the next test is not collected; the header of the run says so.
if shutil.which("quarto"):

    @pytest.mark.slow
    @pytest.mark.parametrize("form", ["html", "docx", "typst"])
    def test_quarto_renders_a_report_in_any_format_and_leaves_the_template(tmp_path, form):
        template = config.NOTEBOOKS / "district.ipynb"
        before = template.read_bytes()
        _, report = execute(Job("out", template, {"district": "D07"}), "nbclient")
        (tmp_path / "out.ipynb").write_bytes(report)
        render = ["quarto", "render", "--to", form]
        # The filter is the command of this environment.
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        run = partial(subprocess.run, capture_output=True, env=os.environ | {"PATH": path})
        run([*render, tmp_path / "out.ipynb"], check=True)
        refused = run([*render, template, "-P", "district:D07", "--execute"])
        assert refused.returncode and template.read_bytes() == before
