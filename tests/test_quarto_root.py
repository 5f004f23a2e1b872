"""The root of the repository is a Quarto project; and pages as Quarto writes them, kept in ``tests/quarto``."""

from __future__ import annotations

import fnmatch
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import ROOT

from helpers.errors import WecareError
from helpers.publish.check.verify import look, verify
from helpers.publish.frame import add_frame, owner
from helpers.publish.stage import ROOT_ONLY
from helpers.publish.swap import require_replaceable

PROJECT = yaml.safe_load((ROOT / "_quarto.yml").read_text())["project"]
PAGE = Path(__file__).with_name("quarto") / "pinerolo.html"
PAGES = {"distretti/pinerolo": "it", "en/distretti/pinerolo": "en"}


STAGED = yaml.safe_load(ROOT_ONLY.sub(b"", (ROOT / "_quarto.yml").read_bytes()))["project"]


def rendered(name: str, project: dict = PROJECT) -> bool:
    """Whether a project's list of pages holds a file, as Quarto understands it: the last pattern that fits decides."""
    held = False
    for pattern in project["render"]:
        bare = pattern.removeprefix("!")
        fits = fnmatch.fnmatch(name, bare[1:]) and "/" not in name if bare.startswith("/") else fnmatch.fnmatch(
            name, bare.removeprefix("**/")
        )  # fmt: skip
        held = (not pattern.startswith("!")) if fits else held
    return held


def test_no_page_stands_in_the_root_and_every_page_in_the_stage():
    tracked = subprocess.run(["git", "-C", ROOT, "ls-files"], capture_output=True, text=True, check=True).stdout
    # Quarto leaves out every README by itself.
    sources = [name for name in tracked.split() if name.endswith((".ipynb", ".qmd", ".md")) and "README" not in name]
    assert len(sources) > 20 and [name for name in sources if rendered(name)] == []
    pages = ("index.ipynb", "distretti/torino.ipynb", "accessibilita.qmd", "en/will/index.ipynb", "laboratorio/a.ipynb")
    assert all(rendered(page, STAGED) for page in pages) and not rendered("notebooks/distretti/torino.ipynb", STAGED)


def test_a_notebook_in_the_root_is_rendered_alone():
    # As a page of the project it would get a menu that leads nowhere, and publish the site.
    assert not rendered("out.ipynb") and not rendered("notebooks/lab/district.ipynb")


def test_the_root_publishes_beside_the_site():
    assert PROJECT["output-dir"] == "build/quarto"
    for key in ("pre-render", "post-render"):
        assert (ROOT / PROJECT[key]).is_file()
    assert f"--folder {PROJECT['output-dir']}" in (ROOT / PROJECT["post-render"]).read_text()
    assert set(PROJECT) - set(STAGED) == {"output-dir", "pre-render", "post-render"}


def test_quarto_has_nothing_to_add_to_gitignore():
    # It adds these lines where they are missing, in whatever project it renders.
    assert {"/.quarto/", "**/*.quarto_ipynb"} <= set((ROOT / ".gitignore").read_text().splitlines())


def test_only_a_folder_of_ours_is_replaced(tmp_path):
    require_replaceable(tmp_path / "new")
    (tmp_path / "thesis").mkdir()
    require_replaceable(tmp_path / "thesis")
    (tmp_path / "thesis" / "chapter.txt").touch()
    with pytest.raises(WecareError, match="something else"):
        require_replaceable(tmp_path / "thesis")
    (tmp_path / "thesis" / "api").mkdir()
    (tmp_path / "thesis" / "api" / "index.json").touch()
    require_replaceable(tmp_path / "thesis")


@pytest.fixture(scope="module")
def page() -> str:
    return add_frame(PAGE.read_text(encoding="utf-8"), "distretti/pinerolo", PAGES, owner(ROOT / "_quarto.yml"))


def test_menu_and_footer_of_quarto_lead_to_pages(page):
    seen = look(page)
    assert seen.findings == [] and seen.headings == 1
    local = [address for address in seen.menu if not address.startswith(("#", "http"))]
    assert len(local) > 25 and all(re.fullmatch(r"(?:\.\./)+[\w/-]+\.html|\.\./index\.html", a) for a in local), local


def test_a_menu_whose_links_are_dead_is_seen(page, tmp_path):
    dead = page.replace('href="../valutazione.html"', 'href="//valutazione.html"')
    assert dead != page
    (tmp_path / "distretti").mkdir()
    (tmp_path / "distretti" / "pinerolo.html").write_text(dead, encoding="utf-8")
    with pytest.raises(WecareError, match="address without a scheme.*valutazione"):
        verify(tmp_path, {"distretti/pinerolo": "it"})


def test_what_surrounds_a_page_of_quarto_has_languages_and_contents(page):
    soup = BeautifulSoup(page, "html.parser")
    assert soup.select_one(".owner .languages a[hreflang=en]")["href"] == "../en/distretti/pinerolo.html"
    assert [a["href"] for a in soup.select("details.contents a")] == [a["href"] for a in soup.select("#TOC a")]
    assert soup.select_one("footer .nav-footer-right").get_text().strip().endswith("1.11.0")


def test_marks_are_styled_by_addresses_that_scripts_make_absolute():
    # Quarto's script gives `#S027` the address of the page: no rule may ask how an address begins.
    styles = (ROOT / "reports" / "assets" / "wecare.css").read_text()
    assert 'href^="#' not in styles and ".citation" in styles


def test_no_script_looks_for_an_address_that_quarto_makes_absolute():
    # The filter of the timeline was dead on a site of Quarto.
    for script in (ROOT / "reports" / "assets").glob("*.js"):
        assert not re.search(r"href\^?=\\?[\"'`]#", script.read_text()), script.name


# Without Quarto on PATH the next test is not collected; the header of the run says so.
if shutil.which("quarto"):

    def test_quarto_in_a_root_without_reports_stops_with_one_sentence(tmp_path):
        root = tmp_path / "root"
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, root], check=True)
        done = subprocess.run(["quarto", "render"], cwd=root, capture_output=True, text=True)
        assert done.returncode and "Nothing was rendered: run `make site`" in done.stderr
        status = subprocess.run(["git", "status", "--porcelain"], cwd=root, capture_output=True, text=True)
        assert status.stdout == ""
