"""Staging: what an executed notebook may bring to the site, and how it is laid out."""

from __future__ import annotations

import json
import re

import nbformat
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from nbformat import v4
from samples import QUARTO_YML, areas, figure, html, markdown, notebook, page_output, small_site, staged_text

from helpers.errors import WecareError
from helpers.figures import theme
from helpers.publish.markup import plain, raw_html
from helpers.publish.render.embedded import ESCAPED
from helpers.publish.stage import stage

NASTY = "Città <script>alert(1)</script> {{< env HOME >}} $x$ `codice` </script> *a* [b](c) @d ::: 'e' \"f\" # g"


@pytest.fixture
def reports(tmp_path):
    folder = tmp_path / "reports"
    folder.mkdir()
    return folder


def lay_out(reports, tmp_path, **options):
    return stage(reports, tmp_path / "site", publisher="Prova 1.0", quarto_yml=QUARTO_YML, **options)


def one_page(reports, tmp_path, *outputs, **page):
    notebook(reports / "one.ipynb", page_output("distretti/torino", "Torino", **page), *outputs)
    lay_out(reports, tmp_path)
    return staged_text(tmp_path / "site" / "distretti" / "torino.ipynb")


def test_layout_follows_the_addresses_not_the_files(reports, tmp_path):
    result = lay_out(small_site(reports), tmp_path, extra={"data/districts.json": b"{}"})
    site = tmp_path / "site"
    pages = ["progetto", "metodo", "index", "distretti/index", "distretti/torino"]
    own = {page: lang for page, lang in result.pages.items() if not page.startswith("documentazione/")}
    assert {page for page, lang in own.items() if lang == "it"} == set(pages)
    assert (result.edition, result.edition_date) == ("2026.1", "2026-11-22")
    for name in ("index.ipynb", "distretti/torino.ipynb", "distretti/torino-map.csv", "data/districts.json"):
        assert (site / name).is_file()
    for name in ("notebooks/distretti/torino.ipynb", "assets/wecare.css", "progetto.qmd"):
        assert (site / name).is_file()
    described = yaml.safe_load((site / "_quarto.yml").read_text())
    assert described["website"]["page-footer"]["right"].strip().endswith("pubblicato con Prova 1.0")
    assert "edizione 2026.1 del 22 novembre 2026" in described["website"]["page-footer"]["left"]
    plotly = re.search(r'data-plotly="([^"]+)"', (site / "_quarto.yml").read_text())[1]
    assert len((site / "assets" / plotly).read_bytes()) > 1_000_000
    assert "Edizione 2026.1." in (site / "progetto.qmd").read_text()


def test_neither_code_nor_notes_reach_the_page(reports, tmp_path):
    noise = v4.new_output("stream", name="stdout", text="lettura di /segreto")
    text = one_page(reports, tmp_path, noise, *figure())
    assert "SEGRETO" not in text and "segreto" not in text and "Note per l'analista" not in text
    assert "# Torino" not in text  # the title is in the front matter only


def test_figure_data_stand_beside_the_plot_and_cannot_close_their_script(reports, tmp_path):
    spec = areas("page:distretti/torino")
    spec["data"][0]["text"] = "</script><script>alert(1)</script> {{< env HOME >}} ````"
    text = one_page(reports, tmp_path, *figure(spec=spec))
    found = re.search(
        r'</svg></div><script type="application/json" class="figure-json" data-for="map">(.*?)</script>', text
    )
    assert "<" not in found[1] and ", " not in found[1].replace(spec["data"][0]["text"], "").replace(theme.FONT, "")
    assert json.loads(found[1])["data"][0]["text"] == spec["data"][0]["text"]
    assert json.loads(found[1])["data"][0]["meta"]["href"] == "torino.html"


@pytest.mark.slow
def test_links_by_scheme_become_relative(reports, tmp_path):
    links = html('<a href="page:index">a</a><a href="page:distretti/asti#chi">b</a><a href="notebook:">c</a>')
    text = one_page(reports, tmp_path, *figure(), links, markdown("[Asti](page:distretti/asti#chi) [x](csv:map)"))
    for href in ("../index.html", "asti.html#chi", "../notebooks/distretti/torino.ipynb", "torino-map.csv"):
        assert f'href="{href}"' in text
    assert "[Asti](asti.html#chi) [x](torino-map.csv)" in text


def test_front_matter_survives_any_title(reports, tmp_path):
    one = page_output("distretti/torino", NASTY, description=NASTY, subtitle=NASTY)
    notebook(reports / "one.ipynb", one)
    lay_out(reports, tmp_path)
    cells = nbformat.read(tmp_path / "site" / "distretti" / "torino.ipynb", as_version=4).cells
    front = yaml.safe_load(cells[0].source.strip("-"))
    assert "{{" not in front["title"] and "\\<script\\>" in front["title"]
    assert "<script>" not in cells[1].source and "{{<" not in cells[1].source


def test_prose_cannot_call_the_publisher(reports, tmp_path):
    text = one_page(reports, tmp_path, markdown("a {{< env HOME >}}"), html("<p>{{<b>c</b></p>"))
    assert "{{<" not in text


@given(st.text(max_size=40))
def test_a_raw_block_holds_any_html(text):
    lines = raw_html(text).split("\n")
    fence = lines[0].removesuffix("{=html}")
    assert lines[-1] == fence and not any(line.strip().startswith(fence) for line in lines[1:-1])


@given(st.text(max_size=40))
def test_plain_text_loses_nothing(text):
    assert ESCAPED.sub(r"\1", plain(text)).replace("\u2060", "") == text.replace("\u2060", "")


@pytest.mark.slow
def test_second_time_changes_no_file(reports, tmp_path):
    lay_out(small_site(reports), tmp_path)
    files = {p: p.stat().st_mtime_ns for p in (tmp_path / "site").rglob("*")}
    again = lay_out(reports, tmp_path)
    assert again.changed == again.removed == ()
    assert files == {p: p.stat().st_mtime_ns for p in (tmp_path / "site").rglob("*")}


@pytest.mark.slow
def test_only_what_changed_is_written_and_what_left_is_removed(reports, tmp_path):
    lay_out(small_site(reports), tmp_path)
    (tmp_path / "site" / ".quarto").mkdir()
    (tmp_path / "site" / ".quarto" / "memory").touch()
    notebook(reports / "home.ipynb", page_output("index", "Altra casa"))
    (reports / "districts" / "torino.ipynb").unlink()
    again = lay_out(reports, tmp_path)
    assert {"index.ipynb", "notebooks/index.ipynb"} <= set(again.changed)
    assert set(again.removed) == {
        "distretti/torino.ipynb",
        "distretti/torino-map.csv",
        "notebooks/distretti/torino.ipynb",
    }
    assert not (tmp_path / "site" / "notebooks" / "distretti" / "torino.ipynb").exists()
    assert (tmp_path / "site" / ".quarto" / "memory").exists()


def test_download_tells_neither_time_nor_machine(reports, tmp_path):
    one_page(reports, tmp_path, *figure())
    text = (tmp_path / "site" / "notebooks" / "distretti" / "torino.ipynb").read_text(encoding="utf-8")
    assert "/somewhere" not in text and "start_time" not in text
    assert json.loads(text)["metadata"]["papermill"] == {"parameters": {"district": "d"}}


def test_english_pages_speak_english(reports, tmp_path):
    text = one_page(reports, tmp_path, lang="en", translation="index")
    assert "toc-title: On this page" in text and "Edition 2026.1 · 22 November 2026" in text


def failed_cell():
    return v4.new_output("error", ename="KeyError", evalue="'eta'", traceback=[])


@pytest.mark.parametrize(
    ("outputs", "page", "said"),
    [
        ([failed_cell()], {}, r"one\.ipynb, cell 2: .*KeyError"),
        ([page_output("altra", "Altra")], {}, "2 outputs of type"),
        ([], {"edition_date": ""}, "edition_date"),
        ([], {"edition_date": "ieri"}, "not a date"),
        ([], {"edition": "2026 <b>"}, "not an edition"),
        ([figure()[0]], {}, "'map' has no place"),
        ([figure()[1]], {}, "has no figure"),
        ([*figure(), figure()[0]], {}, "two figures named 'map'"),
        ([html('<a href="csv:altro">x</a>')], {}, "csv:altro"),
        (figure(spec={"data": [{"y": [float("nan")]}], "layout": {}}), {}, "NaN"),
    ],
)
def test_refused(reports, tmp_path, outputs, page, said):
    with pytest.raises(WecareError, match=said):
        one_page(reports, tmp_path, *outputs, **page)
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("path", ["../fuori", "/assoluto", "a//b", "A", "assets/x", "notebooks/x", "a b", "a.html"])
def test_unsafe_addresses_are_refused(reports, tmp_path, path):
    notebook(reports / "one.ipynb", page_output(path, "Torino"))
    with pytest.raises(WecareError, match="cannot be an address"):
        lay_out(reports, tmp_path)


def test_two_pages_cannot_share_an_address(reports, tmp_path):
    notebook(reports / "one.ipynb", page_output("metodo", "Metodo"))
    (reports / "metodo.qmd").write_text("---\ntitle: Metodo\n---\n")
    with pytest.raises(WecareError, match="already belongs to a written page"):
        lay_out(reports, tmp_path)


def test_nothing_to_publish(reports, tmp_path):
    with pytest.raises(WecareError, match="wecare build"):
        lay_out(reports, tmp_path)


def test_a_page_that_is_not_up_to_date_says_so_under_its_title(reports, tmp_path):
    notebook(reports / "one.ipynb", page_output("distretti/torino", "Torino"))
    notebook(reports / "two.ipynb", page_output("distretti/cuneo", "Cuneo"))
    lay_out(reports, tmp_path, stale=frozenset({"distretti/torino"}))
    old, new = (staged_text(tmp_path / "site" / "distretti" / f"{slug}.ipynb") for slug in ("torino", "cuneo"))
    assert "mostra la sua ultima versione riuscita" in old
    assert "mostra la sua ultima versione riuscita" not in new


def test_cells_are_written_as_lines(reports, tmp_path):
    """Quarto runs one cell into the next where a source is one text, and raw HTML then shows as code."""
    one_page(reports, tmp_path, markdown("Testo."), *figure())
    cells = json.loads((tmp_path / "site/distretti/torino.ipynb").read_text())["cells"]
    assert all(isinstance(cell["source"], list) for cell in cells)
