"""What a reader of the site waits for, and that the outlines of a map come out of its drawing as they went in."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from itertools import product
from pathlib import Path

import plotly.offline
import pytest
from browser import visiting
from readers import read_page
from samples import QUARTO_YML, areas, figure, notebook, page_output, small_site

from helpers import config
from helpers.publish.site import publish
from helpers.publish.stage import plotly_file

#: A page itself, and all that is fetched before the first view, gzipped as any web server does.
PAGE_BYTES, FIRST_VIEW_BYTES = 60_000, 150_000
FIRST_VIEW_FONTS = 3
FIGURE_BYTES = 300_000
VENDOR = Path(__file__).parents[1] / "reports/assets/vendor"


def winding(n: int = 900) -> dict:
    """A map with an outline of many points and a gap."""
    spec = areas()
    x, y = [(k * 37) % 1009 for k in range(n)], [(k * 91) % 997 for k in range(n)]
    spec["data"][0] |= {"x": [*x, None, 1, 2, 2, 1], "y": [*y, None, 1, 1, 2, 1]}
    return spec


def test_plotly_is_the_one_described_and_of_the_version_of_jupyterlab(built):
    name, source = plotly_file()
    told = (VENDOR / "README.md").read_text()
    version = re.search(r"-(\d+\.\d+\.\d+)\.min\.js", source.name)[1]
    assert source.name in told and hashlib.sha256(source.read_bytes()).hexdigest() in told
    assert f"v{version}\n" in source.read_text()[:200]
    assert (built.site / "assets" / name).read_bytes() == source.read_bytes()
    in_wheel = re.search(r"plotly\.js v(\d+\.\d+)", plotly.offline.get_plotlyjs()[:400])[1]
    assert version.startswith(in_wheel + ".")


def test_pages_keep_their_budgets(built):
    pages = {path: len(gzip.compress(path.read_bytes())) for path in built.site.rglob("*.html")}
    assert {path: size for path, size in pages.items() if size > PAGE_BYTES} == {}


def test_every_kind_of_trace_is_in_the_bundle(built):
    kinds = set()
    for page in sorted(built.site.rglob("*.html")):
        for script in re.findall(r'class="figure-json"[^>]*>(.*?)</script>', read_page(page)):
            spec = json.loads(script)
            assert len(json.dumps(spec, ensure_ascii=False)) <= FIGURE_BYTES, page
            kinds |= {trace.get("type", "scatter") for trace in spec["data"]}
    assert kinds <= {"scatter", "bar", "pie"}


@pytest.fixture(scope="module")
def with_map(tmp_path_factory):
    root = tmp_path_factory.mktemp("shapes")
    (root / "reports").mkdir()
    small_site(root / "reports")
    for lang, path in (("it", "mappa"), ("en", "en/mappa")):
        twin = "en/mappa" if lang == "it" else "mappa"
        page = page_output(path, "Mappa", lang=lang, translation=twin)
        notebook(root / "reports" / lang / "mappa.ipynb", page, *figure(spec=winding()))
    publish(root / "reports", root / "build", root / "_site", publisher="embedded", quarto_yml=QUARTO_YML)
    return root / "_site"


@pytest.mark.slow
def test_one_notebook_serves_both_editions(with_map):
    assert (with_map / "notebooks/mappa.ipynb").is_file()
    assert not (with_map / "notebooks/en/mappa.ipynb").exists()
    assert config.LANGUAGES[0] == "it"


@pytest.mark.browser
@pytest.mark.parametrize("from_disk", [False, True])
def test_charts_of_maps_take_their_outlines_from_the_drawing(with_map, browser, from_disk):
    with visiting(with_map, browser, from_disk=from_disk) as visit:
        for address, scheme in product(("mappa.html", "en/mappa.html"), ("light", "dark")):
            page = visit.turn_to(address, color_scheme=scheme)
            page.locator(".plot").focus()
            page.wait_for_selector(".plot[data-drawn=true]", timeout=30_000)
            drawn = page.evaluate("document.querySelector('.plot').data[0]")
            assert (drawn["x"], drawn["y"]) == (winding()["data"][0]["x"], winding()["data"][0]["y"])
        assert visit.foreign == [] and visit.errors == []


@pytest.mark.browser
def test_values_are_read_and_pictures_saved_with_the_keyboard(with_map, browser):
    with visiting(with_map, browser) as visit:
        page = visit.open("mappa.html")
        page.locator(".plot").focus()
        page.wait_for_selector(".plot[data-drawn=true]", timeout=30_000)
        page.keyboard.press("End")
        assert page.locator(".figure-reading[role=status]").inner_text().startswith("Un'area (2 di 2)")
        for format_ in ("svg", "png"):
            button = page.get_by_role("button", name=f"({format_.upper()})")
            with page.expect_download(timeout=60_000) as saved:
                button.focus()
                page.keyboard.press("Enter")
            assert saved.value.suggested_filename == f"mappa-map.{format_}"
            assert Path(saved.value.path()).stat().st_size > 500
        assert visit.foreign == [] and visit.errors == []


@pytest.mark.browser
def test_the_first_view_is_light(built, browser):
    with visiting(built.site, browser) as visit:
        page, asked = visit.open("assets/favicon.svg", viewport={"width": 390, "height": 300}), []
        page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        page.on("request", lambda request: asked.append(request.url))
        for name in ("index.html", "distretti/asti.html", "esplora.html", "en/equita.html"):
            asked.clear()
            page.goto(visit.root + name)
            page.wait_for_load_state("networkidle")
            own = {built.site / url.removeprefix(visit.root).partition("?")[0] for url in asked}
            later = ("plotly-",)
            outright = [p for p in own if not p.name.startswith(later)]
            # Fonts are compressed already.
            sizes = [p.stat().st_size if p.suffix == ".woff2" else len(gzip.compress(p.read_bytes())) for p in outright]
            assert sum(sizes) <= FIRST_VIEW_BYTES, (name, sum(sizes))
            assert len([p for p in own if p.suffix.startswith(".woff")]) <= FIRST_VIEW_FONTS, name
            # Menu and search come when a reader does something.
            assert not [p.name for p in own if p.suffix == ".js" and "site_libs" in p.parts], name
