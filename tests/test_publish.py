"""Publishing: the built site is checked, and what readers see is never half of it."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from bs4 import BeautifulSoup
from readers import read_page
from samples import QUARTO_YML, html, markdown, notebook, page_output, small_site

from helpers.errors import WecareError
from helpers.publish.check.verify import verify
from helpers.publish.render import embedded, quarto
from helpers.publish.site import choose, publish, publish_some
from helpers.publish.swap import recover, replacing
from helpers.system import dependencies

# Each test publishes a small site.
pytestmark = pytest.mark.slow

GOOD = (
    '<!doctype html><html lang="it"><head><link rel="canonical" href="https://e.it/"></head>'
    '<body><header><a href="index.html">Menu</a></header>'
    '<main><h1 id="su">T</h1>{}<a href="https://e.it">fuori</a><a href="#su">su</a></main>'
    "</body></html>"
)


@pytest.fixture
def reports(tmp_path):
    folder = tmp_path / "reports"
    folder.mkdir()
    return small_site(folder)


def build(reports, tmp_path, publisher="embedded"):
    places = {"target": tmp_path / "build", "site": tmp_path / "_site"}
    return publish(reports, **places, publisher=publisher, quarto_yml=QUARTO_YML)


def content(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_embedded_site(reports, tmp_path):
    nasty = "Città <script>alert(1)</script> {{< env HOME >}} $x$ `c` *a* </title>"
    notebook(
        reports / "n.ipynb",
        page_output("nota", nasty, description=nasty, lang="en"),
        markdown("Costa $5 e $6."),
    )
    done = build(reports, tmp_path)
    site = tmp_path / "_site"
    assert done.publisher == embedded.version() and done.files == len(content(site))
    own = [page for page in done.staged.pages if not page.startswith("documentazione/")]
    assert len(own) == 9 and done.pages == len(done.staged.pages)
    page = read_page(site / "distretti" / "torino.html")
    assert re.search(r'<script [^>]*src="../assets/figures.js"[^>]* data-plotly="plotly-', page)
    # No script makes the reader wait for the page.
    scripts = re.findall(r"<script[^>]* src=[^>]*>", page)
    assert len(scripts) == 1 and all(" defer" in script for script in scripts)
    assert 'aria-label="Cerca nel sito"' in page and "In questa pagina" in page and "pubblicato con smalldocs" in page
    assert '<nav class="percorso" aria-label="Percorso">' in page
    assert "SEGRETO" not in page
    assert (site / "notebooks" / "distretti" / "torino.ipynb").is_file()
    odd = read_page(site / "nota.html")
    head = BeautifulSoup(odd, "html.parser")
    assert head.h1.get_text() == nasty.replace("{{", "{\u2060{")
    assert head.find("meta", {"name": "description"})["content"] == nasty
    assert 'lang="en"' in odd and "Costa $5 e $6." in odd and "katex" not in odd


def test_same_notebooks_same_site(reports, tmp_path):
    build(reports, tmp_path)
    first = content(tmp_path / "_site")
    build(reports, tmp_path)
    assert content(tmp_path / "_site") == first


def test_one_page_changed_gives_the_site_that_a_build_from_nothing_gives(reports, tmp_path, monkeypatch):
    build(reports, tmp_path)
    rendered = []
    once = embedded.Site.render_page
    monkeypatch.setattr(embedded.Site, "render_page", lambda site, page: (rendered.append(page.out), once(site, page)))
    table = html('<p><a href="csv:nuova">CSV</a> Il testo è cambiato: [rotaie].</p>', csv="a,b\n1,2\n")
    notebook(reports / "districts/torino.ipynb", page_output("distretti/torino", "Torino"), markdown("Nuovo"), table)
    build(reports, tmp_path)
    assert [str(out) for out in rendered] == ["distretti/torino.html"]
    changed = content(tmp_path / "_site")
    for name in tmp_path.iterdir():
        if name.name.startswith("build"):
            shutil.rmtree(name) if name.is_dir() else name.unlink()
    build(reports, tmp_path)
    assert changed == content(tmp_path / "_site")


def test_a_new_page_and_a_page_that_is_gone_change_the_site(reports, tmp_path):
    build(reports, tmp_path)
    notebook(reports / "nuova.ipynb", page_output("nuova", "Nuova"), markdown("Eccola"))
    build(reports, tmp_path)
    assert (tmp_path / "_site/nuova.html").is_file()
    (reports / "nuova.ipynb").unlink()
    build(reports, tmp_path)
    assert not (tmp_path / "_site/nuova.html").exists()
    assert "nuova" not in (tmp_path / "_site/search.json").read_text(encoding="utf-8")


def test_a_staged_file_that_somebody_changed_is_laid_out_again(reports, tmp_path):
    build(reports, tmp_path)
    before = content(tmp_path / "_site")
    (tmp_path / "build/distretti/torino.ipynb").write_text("{}")
    build(reports, tmp_path)
    assert content(tmp_path / "_site") == before


# Without Quarto on PATH the next test is not collected; the header of the run says so.
if quarto.available():

    def test_quarto_site(reports, tmp_path):
        build(reports, tmp_path, "quarto")
        page = read_page(tmp_path / "_site" / "distretti" / "torino.html")
        assert 'src="../assets/figures.js"' in page and "pubblicato con Quarto" in page
        assert (tmp_path / "_site" / "notebooks" / "distretti" / "torino.ipynb").is_file()


STAND_IN = """#!{python}
import pathlib, shutil, sys
log = pathlib.Path({log!r})
if sys.argv[1] == "--version":
    print("0.0")
    raise SystemExit
import yaml
stage = pathlib.Path(sys.argv[2])
listed = yaml.safe_load((stage / "_quarto.yml").read_text())["project"].get("render")
whole = [path.relative_to(stage).as_posix() for path in stage.rglob("*.ipynb") if "notebooks" not in path.parts]
with log.open("a") as file:
    file.write(" ".join(listed or ["site"]) + "\\n")
if listed is None or "--no-clean" not in sys.argv:
    shutil.rmtree(stage / "_site", ignore_errors=True)
for page in listed or whole:
    text = (stage / page).read_text()
    for other in listed or whole:
        text = text.replace(f'"{{other}}"', f'"{{other[:-6]}}.html"')
    html = (stage / "_site" / page).with_suffix(".html")
    html.parent.mkdir(parents=True, exist_ok=True)
    html.write_text(text)
"""


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """A command that is called as Quarto is and writes down what it was asked to render."""
    import os
    import sys

    log, command = tmp_path / "asked", tmp_path / "bin" / "quarto"
    command.parent.mkdir()
    command.write_text(STAND_IN.format(python=sys.executable, log=str(log)))
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}{os.pathsep}{os.environ['PATH']}")

    def asked():
        names = log.read_text().split() if log.exists() else []
        log.unlink(missing_ok=True)
        return names

    return asked


def test_quarto_renders_only_what_changed(stand_in, tmp_path, monkeypatch):
    project = tmp_path / "build" / "site"
    project.mkdir(parents=True)
    (project / "_quarto.yml").write_text("project: {type: website}")
    for n in range(8):
        (project / f"p{n}.ipynb").write_text(f"page {n}")
    out = (tmp_path / f"out{n}" for n in range(10))

    def rendered():
        quarto.render(project, next(out), tmp_path / "last")
        return stand_in()

    assert rendered() == ["site"]
    assert rendered() == []
    # What Quarto made is no source of the site for the other publisher.
    assert not (project / "_site").exists()
    (project / "p3.ipynb").write_text("page 3, changed")
    (project / "p3-map.csv").write_text("a\n1\n")
    assert rendered() == ["p3.ipynb"]
    assert (tmp_path / "out2" / "p3.html").read_text() == "page 3, changed"
    assert (tmp_path / "out2" / "p4.html").read_text() == "page 4"
    assert (tmp_path / "out2" / "p3-map.csv").read_text() == "a\n1\n"
    (project / "_quarto.yml").write_text("project: {type: website, title: new}")
    assert rendered() == ["site"]
    (project / "p7.ipynb").unlink()
    assert rendered() == ["site"]
    for n in range(4):
        (project / f"p{n}.ipynb").write_text("many changed")
    assert rendered() == ["site"]
    (project / "p1.ipynb").write_text(
        '<a href="p2.ipynb">2</a><a href="p5.ipynb#S1">5</a><a href="notebooks/p5.ipynb">n</a>'
    )
    (project / "p2.ipynb").write_text('<a href="p5.ipynb">5</a><a href="https://p5.ipynb">5</a>')
    # All that changed in one process; links lead to the pages that were not rendered, too.
    assert rendered() == ["p1.ipynb", "p2.ipynb"]
    made = tmp_path / "out6"
    assert (made / "p1.html").read_text() == (
        '<a href="p2.html">2</a><a href="p5.html#S1">5</a><a href="notebooks/p5.ipynb">n</a>'
    )
    assert (made / "p2.html").read_text() == '<a href="p5.html">5</a><a href="https://p5.ipynb">5</a>'
    assert (made / "p6.html").read_text() == "page 6"
    assert "render" not in (project / "_quarto.yml").read_text()
    code = dependencies.fingerprints
    monkeypatch.setattr(
        dependencies, "fingerprints", lambda *given: code(*given) | {"helpers.publish.render.quarto": "x"}
    )
    assert rendered() == ["site"]


def test_quarto_renders_some_pages_and_loses_none_where_it_fails(stand_in, tmp_path, monkeypatch):
    project = tmp_path / "build" / "site"
    project.mkdir(parents=True)
    (project / "_quarto.yml").write_text("project: {type: website}")
    for n in range(8):
        (project / f"p{n}.ipynb").write_text(f"page {n}")
    # Where nothing was rendered before, there is nothing to put a page into.
    assert quarto.render_some(project, ["p3"]) == {}
    quarto.render(project, tmp_path / "out0", tmp_path / "last")
    stand_in()
    (project / "p3.ipynb").write_text('page 3, changed <a href="p4.ipynb">4</a>')
    assert quarto.render_some(project, ["p3"]) == {"p3": b'page 3, changed <a href="p4.html">4</a>'}
    quarto.render(project, tmp_path / "out1", tmp_path / "last")
    assert stand_in() == ["p3.ipynb"]
    (project / "p5.ipynb").write_text("page 5, changed")
    with monkeypatch.context() as failing:
        failing.setattr(quarto, "_render", lambda *given: (_ for _ in ()).throw(WecareError("bad")))
        with pytest.raises(WecareError, match="bad"):
            quarto.render_some(project, ["p5"])
    assert "render" not in (project / "_quarto.yml").read_text()
    quarto.render(project, tmp_path / "out2", tmp_path / "last")
    assert stand_in() == ["p5.ipynb"] and (tmp_path / "out2" / "p4.html").read_text() == "page 4"


def test_some_pages_brought_up_to_date_are_those_of_the_whole_site_made_anew(reports, tmp_path):
    page = reports / "distretti" / "torino.ipynb"
    page.parent.mkdir(exist_ok=True)
    (reports / "districts" / "torino.ipynb").rename(page)
    done, site = build(reports, tmp_path), tmp_path / "_site"
    before = content(site)
    text = page.read_text(encoding="utf-8").replace("Chi vive qui e che cosa", "Chi abita qui e che cosa")
    page.write_text(text, encoding="utf-8")
    style = reports / "assets" / "wecare.css"
    style.write_text(style.read_text(encoding="utf-8") + "h1 { color: red }\n", encoding="utf-8")
    given = {"publisher": "embedded", "reports": reports, "quarto_yml": QUARTO_YML}
    changed = publish_some(["distretti/torino"], done.staged, site, **given)
    shown = content(site)
    assert {"assets/wecare.css", "distretti/torino.html"} <= set(changed)
    assert {name for name in shown if shown[name] != before.get(name)} == set(changed)
    assert not [name for name in changed if name.endswith(".html") and name != "distretti/torino.html"]
    assert publish_some(["distretti/torino"], done.staged, site, **given) == []
    build(reports, tmp_path)
    assert b"Chi abita qui" in shown["distretti/torino.html"]
    assert content(site)["distretti/torino.html"] == shown["distretti/torino.html"]


def test_a_page_left_empty_or_edited_where_it_was_rendered_is_rendered_again(stand_in, tmp_path):
    project, kept = tmp_path / "build" / "site", tmp_path / "build" / "site-quarto"
    project.mkdir(parents=True)
    (project / "_quarto.yml").write_text("project: {type: website}")
    for n in range(8):
        (project / f"p{n}.ipynb").write_text(f"page {n}")
    quarto.render(project, tmp_path / "out0", tmp_path / "last")
    for n, spoil in enumerate((lambda p: p.write_text(""), lambda p: p.write_text("edited"), lambda p: p.unlink()), 1):
        stand_in()
        spoil(kept / "p2.html")
        quarto.render(project, tmp_path / f"out{n}", tmp_path / "last")
        assert stand_in() == ["p2.ipynb"]
        assert (tmp_path / f"out{n}" / "p2.html").read_text() == "page 2"


def test_a_publisher_that_leaves_a_page_empty_is_not_believed(stand_in, tmp_path):
    project = tmp_path / "build" / "site"
    project.mkdir(parents=True)
    (project / "_quarto.yml").write_text("project: {type: website}")
    (project / "p1.ipynb").write_text("")
    with pytest.raises(WecareError, match=r"made nothing of p1\.ipynb"):
        quarto.render(project, tmp_path / "out", tmp_path / "last")
    (project / "p1.ipynb").write_text("page 1")
    quarto.render(project, tmp_path / "out", tmp_path / "last")
    assert (tmp_path / "out" / "p1.html").read_text() == "page 1"


def test_a_failing_quarto_is_quoted(tmp_path, monkeypatch):
    monkeypatch.setattr(quarto, "_run", lambda arguments: subprocess.CompletedProcess([], 1, "", "line 3: bad\n"))
    with pytest.raises(WecareError, match="line 3: bad"):
        quarto._render(tmp_path / "site")


@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        ([markdown("[rotto](page:non-esiste)")], "non-esiste"),
        ([html("<script>alert(1)</script>")], "<script> in the content"),
        ([markdown("# Un altro titolo")], "2 first-level headings"),
    ],
)
def test_a_bad_page_leaves_the_old_site_alone(reports, tmp_path, outputs, said):
    build(reports, tmp_path)
    before = content(tmp_path / "_site")
    notebook(reports / "bad.ipynb", page_output("bad", "Bad"), *outputs)
    with pytest.raises(WecareError, match=said):
        build(reports, tmp_path)
    assert content(tmp_path / "_site") == before
    assert {p.name for p in tmp_path.iterdir() if not p.name.startswith("build")} == {"_site", "reports"}


def test_unknown_option_is_not_ignored(reports, tmp_path):
    (reports / "progetto.qmd").write_text("---\ntitle: Il progetto\nbibliography: fonti.bib\n---\n\n## Fonti\n")
    with pytest.raises(WecareError, match="bibliography"):
        build(reports, tmp_path)


def test_choice_of_publisher(monkeypatch):
    monkeypatch.setattr(quarto, "available", lambda: None)
    assert choose() is embedded
    with pytest.raises(WecareError, match="not on PATH"):
        quarto.version()
    with pytest.raises(WecareError, match="embedded"):
        choose("hugo")
    monkeypatch.setattr(quarto, "available", lambda: "/bin/true")
    assert choose() is quarto


@pytest.fixture
def site(tmp_path):
    site = tmp_path / "_site"
    site.mkdir()
    (site / "page").write_text("old")
    return site


def make_new(out):
    out.mkdir()
    (out / "page").write_text("new")


def test_swap(site):
    with replacing(site) as out:
        make_new(out)
        assert content(site) == {"page": b"old"}
    assert content(site) == {"page": b"new"} and list(site.parent.iterdir()) == [site]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_swap_that_fails(site, error):
    with pytest.raises(error), replacing(site) as out:
        make_new(out)
        raise error
    assert content(site) == {"page": b"old"} and list(site.parent.iterdir()) == [site]


def test_swap_whose_second_rename_fails(site):
    with pytest.raises(WecareError, match="_site cannot be replaced"), replacing(site):
        pass  # nothing was built, so there is nothing to rename
    assert content(site) == {"page": b"old"} and list(site.parent.iterdir()) == [site]


def test_swap_interrupted_between_the_renames(site):
    make_new(site.with_name("_site.next"))
    site.rename(site.with_name("_site.last"))
    recover(site)
    assert content(site) == {"page": b"old"} and list(site.parent.iterdir()) == [site]


def test_swap_interrupted_after_the_renames(site):
    (site.with_name("_site.last")).mkdir()
    recover(site)
    assert content(site) == {"page": b"old"} and list(site.parent.iterdir()) == [site]


def test_verify_wants_a_menu_that_leads_to_pages(tmp_path):
    # As Quarto wrote it for addresses that began with a slash.
    dead = '<a href="//index.html">Home</a><a href="https://e.it/">elsewhere</a>'
    for header in ("", dead):
        (tmp_path / "index.html").write_text(GOOD.format("").replace('<a href="index.html">Menu</a>', header))
        with pytest.raises(WecareError, match="no link of menu or footer leads to a page"):
            verify(tmp_path, {"index": "it"})


def test_verify_accepts_a_good_site(tmp_path):
    (tmp_path / "index.html").write_text(GOOD.format('<script type="application/json">{"a": "http://x"}</script>'))
    verify(tmp_path, {"index": "it"})


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ('<a href="manca.html">x</a>', "no such file: manca.html"),
        ('<a href="#manca">x</a>', "no such place: #manca"),
        ('<a href="/index.html">x</a>', "only at the root"),
        ('<img src="manca.png" alt="">', "no such file: manca.png"),
        ('<img src="https://e.it/x.png" alt="">', "fetched from another site"),
        ('<img src="//e.it/x.png" alt="">', "fetched from another site"),
        ('<img srcset="https://e.it/x.png 2x" alt="">', "fetched from another site"),
        ('<p style="position: fixed">x</p>', "attribute 'style' on <p>"),
        ("<style>p { position: fixed }</style>", "<style> in the content"),
        ('<meta http-equiv="refresh" content="0; url=https://e.it">', "<meta> in the content"),
        ('</main><meta http-equiv="Refresh" content="0; url=https://e.it"><main>', "leads readers elsewhere"),
        ('<base href="https://e.it/">', "<base> in the content"),
        ('</main><base href="https://e.it/"><main>', "leads readers elsewhere"),
        ('<svg><a xlink:href="javascript:x()">x</a></svg>', "attribute 'xlink:href' on <a>"),
        ('<svg><use href="https://e.it/x.svg#a"/></svg>', "<use> of something else"),
        ('<svg><path fill="url(https://e.it/x.svg#a)"/></svg>', "fill from elsewhere"),
        ("<svg><foreignObject></foreignObject></svg>", "<foreignobject> in the content"),
        ('<svg><animate attributeName="href" to="javascript:x()"/></svg>', "<animate> in the content"),
        ('<a href="data:text/html,x">x</a>', "link that runs code"),
        ('<a href="vbscript:x">x</a>', "link that runs code"),
        ('<form action="https://e.it/"></form>', "form that is sent elsewhere"),
        ('<form action="//e.it/"></form>', "form that is sent elsewhere"),
        ('<a href="index.html" ping="https://e.it">x</a>', "attribute 'ping' on <a>"),
        ('<p is="x-y">x</p>', "attribute 'is' on <p>"),
        ("<math></math>", "<math> in the content"),
        ("<style>@import 'https://e.it/x.css';</style>", "fetched from another site"),
        ('<link rel="stylesheet" href="https://e.it/x.css">', "fetched from another site"),
        ("</main><script>import('https://e.it/x.js')</script><main>", "script from another site"),
        ('</main><script src="jquery.min.js"></script><main>', "library the site does without"),
        ("<script>alert(1)</script>", "<script> in the content"),
        ('<iframe src="index.html"></iframe>', "<iframe> in the content"),
        ('<p onclick="x()">x</p>', "attribute 'onclick' on <p>"),
        ('<a href=" JavaScript:x()">x</a>', "link that runs code"),
        ("<h1>due</h1>", "2 first-level headings"),
        ('<a href="csv:map">x</a>', "left unfilled"),
        ("<p>@publisher@</p>", "left unfilled"),
        ('<a href="//e.it/x.html">x</a>', "address without a scheme"),
        ('</main><footer><a href="//index.html">x</a></footer><main>', "address without a scheme"),
        ('</main><footer><a href="a.ipynb">x</a></footer><main>', "menu or footer leads to no page: a.ipynb"),
    ],
)
def test_verify_finds(tmp_path, inside, said):
    (tmp_path / "a.ipynb").touch()
    (tmp_path / "index.html").write_text(GOOD.format(inside))
    with pytest.raises(WecareError) as caught:
        verify(tmp_path, {"index": "it"})
    assert "index.html: " in str(caught.value) and said in str(caught.value)


def test_verify_finds_what_is_missing_or_in_another_language(tmp_path):
    (tmp_path / "index.html").write_text(GOOD.format("").replace('lang="it"', 'lang="en"'))
    (tmp_path / "x.css").write_text("a { background: url('https://e.it/x.png') } b { background: url(manca.png) }")
    with pytest.raises(WecareError) as caught:
        verify(tmp_path, {"index": "it", "altra": "it"})
    for said in (
        "altra.html: the page was not built",
        "language 'en'",
        "x.css: fetched",
        "x.css: no such file",
    ):
        assert said in str(caught.value)
