"""What a reader of the site waits for, and that outlines come out of their shared files as they went in."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import plotly.offline
import pytest
import yaml
from browser import visiting
from hypothesis import given
from hypothesis import strategies as st
from readers import read_page
from samples import QUARTO_YML, areas, figure, notebook, page_output, small_site

from helpers import config
from helpers.publish.site import publish
from helpers.publish.stage import plotly_file
from helpers.publish.weight.outlines import compact, outline

#: What is fetched of any page, of a district's, and before the first view, gzipped as any web server does.
PAGE_BYTES, DISTRICT_BYTES, FIRST_VIEW_BYTES = 150_000, 60_000, 170_000
FIGURE_BYTES = 300_000
VENDOR = Path(__file__).parents[1] / "reports/assets/vendor"

points = st.tuples(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
paths = st.lists(st.lists(points, min_size=1, max_size=8), min_size=1, max_size=4)


def joined(lines):
    """Lines as plotly wants them: one x and one y, a gap between two lines."""
    flat = [point for line in lines for point in [*line, (None, None)]][:-1]
    return [x for x, _ in flat], [y for _, y in flat]


def read(text):
    """What figures.js does with an outline, written independently of how it was made."""
    lines = []
    for line in text.split(";"):
        numbers = list(map(int, re.findall(r"-?\d+", line)))
        xs, ys = numbers[::2], numbers[1::2]
        lines.append([(sum(xs[: n + 1]), sum(ys[: n + 1])) for n in range(len(xs))])
    return joined(lines)


def winding(n: int = 900, shift: int = 0) -> dict:
    """A map of one area with an outline worth a file of its own."""
    spec = areas()
    x = [shift + (k * 37) % 1009 for k in range(n)]
    spec["data"][0] |= {"x": x, "y": [(k * 91) % 997 for k in range(n)]}
    return spec


@given(paths)
def test_an_outline_is_what_it_was(lines):
    x, y = joined(lines)
    assert read(outline(x, y)) == (x, y)


@pytest.mark.parametrize(("x", "y"), [([0.5, 1], [0, 1]), ([1, 2], [1]), ([], []), ([1, None], [1, 2]), (["a"], [1])])
def test_what_is_no_path_of_whole_numbers_stays(x, y):
    assert outline(x, y) is None


def test_a_compact_figure_holds_everything():
    spec = winding()
    made, files = compact({"map": spec})
    (address, script), small = *files.items(), made["map"]
    stored = json.loads(script.decode().partition("]=")[2].rstrip(";\n"))
    assert small["shapes"] == f"site:{address}"
    for trace, before in zip(small["data"], spec["data"], strict=True):
        again = {k: v for k, v in trace.items() if k != "shape"}
        if "shape" in trace:
            again["x"], again["y"] = map(list, read(stored[trace["shape"]]))
        assert again == before


def test_both_editions_share_outlines_and_other_places_do_not():
    italian, english, other = winding(), winding(), winding(shift=3)
    english["data"][0]["text"] = "An area"
    files = [set(compact({"map": spec})[1]) for spec in (italian, english, other)]
    assert files[0] == files[1] != files[2]


def test_small_outlines_stay_in_the_page():
    assert compact({"map": areas()})[1] == {}


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
    assert max(size for path, size in pages.items() if path.parent.name == "distretti") <= DISTRICT_BYTES


def test_every_kind_of_trace_is_in_the_bundle_and_every_outline_on_the_site(built):
    kinds, missing, referred = set(), [], set()
    for page in sorted(built.site.rglob("*.html")):
        for script in re.findall(r'class="figure-json"[^>]*>(.*?)</script>', read_page(page)):
            spec = json.loads(script)
            assert len(json.dumps(spec, ensure_ascii=False)) <= FIGURE_BYTES, page
            kinds |= {trace.get("type", "scatter") for trace in spec["data"]}
            if address := spec.get("shapes"):
                found = (page.parent / address).resolve()
                referred.add(found.name)
                missing += [] if found.is_file() else [(page.name, address)]
    assert kinds <= {"scatter", "bar", "pie"} and missing == []
    assert {p.name for p in (built.site / "data/shapes").iterdir()} == referred


@pytest.fixture(scope="module")
def with_map(tmp_path_factory):
    root = tmp_path_factory.mktemp("shapes")
    (root / "reports").mkdir()
    small_site(root / "reports")
    for lang, path in (("it", "mappa"), ("en", "en/mappa")):
        twin = "en/mappa" if lang == "it" else "mappa"
        page = page_output(path, "Mappa", lang=lang, translation=twin)
        notebook(root / "reports" / lang / "mappa.ipynb", page, *figure(spec=winding()))
    described = yaml.safe_load(QUARTO_YML.read_text())
    described["website"]["navbar"].pop("left")  # its menus lead to pages that are not here
    (root / "site.yml").write_text(yaml.safe_dump(described, allow_unicode=True))
    publish(root / "reports", root / "build", root / "_site", publisher="embedded", quarto_yml=root / "site.yml")
    return root / "_site"


def test_one_notebook_serves_both_editions(with_map):
    assert (with_map / "notebooks/mappa.ipynb").is_file()
    assert not (with_map / "notebooks/en").exists()
    assert config.LANGUAGES[0] == "it"


@pytest.mark.browser
@pytest.mark.parametrize("from_disk", [False, True])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_maps_are_drawn_from_shared_outlines(with_map, browser, from_disk, scheme):
    with visiting(with_map, browser, from_disk=from_disk) as visit:
        for address in ("mappa.html", "en/mappa.html"):
            page = visit.open(address, color_scheme=scheme)
            page.locator(".plot").scroll_into_view_if_needed()
            page.wait_for_selector(".plot[data-drawn=true]", timeout=30_000)
            drawn = page.evaluate("document.querySelector('.plot').data[0]")
            assert (drawn["x"], drawn["y"]) == (winding()["data"][0]["x"], winding()["data"][0]["y"])
        assert visit.foreign == [] and visit.errors == []


@pytest.mark.browser
def test_values_are_read_and_pictures_saved_with_the_keyboard(with_map, browser):
    with visiting(with_map, browser) as visit:
        page = visit.open("mappa.html")
        page.locator(".plot").scroll_into_view_if_needed()
        page.wait_for_selector(".plot[data-drawn=true]", timeout=30_000)
        page.locator(".plot").focus()
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
    for name in ("index.html", "distretti/asti.html", "esplora.html", "en/equita.html"):
        with visiting(built.site, browser) as visit:
            page = visit.open("assets/favicon.svg", viewport={"width": 390, "height": 300})
            asked = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.goto(visit.root + name)
            page.wait_for_load_state("networkidle")
            own = {built.site / url.removeprefix(visit.root).partition("?")[0] for url in asked}
            later = ("plotly-", "search.json")
            outright = [p for p in own if not p.name.startswith(later) and "shapes" not in p.parts]
            # Fonts are compressed already.
            sizes = [p.stat().st_size if p.suffix == ".woff2" else len(gzip.compress(p.read_bytes())) for p in outright]
            assert sum(sizes) <= FIRST_VIEW_BYTES, (name, sum(sizes))
