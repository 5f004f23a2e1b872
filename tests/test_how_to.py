"""The how-tos of docs/ work: every command of them runs in a clone, and what they promise stands on the site."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.config import LANGUAGES, ROOT, edition_path
from helpers.declarations import reader

HOW_TO = ROOT / "docs" / "how-to"
BLOCK = re.compile(r'^```(?P<kind>\w+)(?: title="(?P<file>[^"]+)")?\n(?P<text>.*?)^```$', re.DOTALL | re.MULTILINE)

#: What makes the whole site: once for all how-tos together, and of the reports only those that are looked at.
WHOLE = ("wecare build", "wecare publish")
LOOKED_AT = (
    *("D12", "explorer", "indicators", "regions", "will_cities", "catalogue", "whatif", "overview", "mobility"),
    *("distance", "distanza"),
)

#: How-tos that add something to the site, in this order; each is followed once.
ADDED = ("indicator", "page", "table", "importer", "../tutorial", "../tutorial.it")

PARTS = ("data", "docs", "notebooks", "reports", "src", "tests", "_quarto.yml", "pyproject.toml", "requirements.lock")


def blocks(name: str) -> list[tuple[str, str, str]]:
    """Kind, file and text of each block of code of a how-to."""
    return [
        m.group("kind", "file", "text") for m in BLOCK.finditer((HOW_TO / f"{name}.md").read_text(encoding="utf-8"))
    ]


class Clone:
    """A copy of the project, with its own library."""

    def __init__(self, root: Path):
        self.root = root
        generated = shutil.ignore_patterns("*.ipynb", "__pycache__", "*.parquet", "lab")
        for part in PARTS:
            if (ROOT / part).is_dir():
                leave = generated if part == "reports" else shutil.ignore_patterns("__pycache__", "lab")
                shutil.copytree(ROOT / part, root / part, ignore=leave)
            else:
                shutil.copy(ROOT / part, root)
        commands = root / "bin"
        commands.mkdir()
        self._command(commands / "wecare", f'exec "{sys.executable}" -m helpers "$@"')
        self._command(commands / "python", f'exec "{sys.executable}" "$@"')
        # Without Quarto, wherever this machine has it.
        path = [p for p in os.environ["PATH"].split(os.pathsep) if not (Path(p) / "quarto").exists()]
        self.environment = os.environ | {
            "PATH": os.pathsep.join([str(commands), *path]),
            "PYTHONPATH": str(root / "src"),
            "WECARE_ROOT": str(root),
            "COLUMNS": "200",
        }
        self.environment.pop("PYTEST_XDIST_WORKER", None)

    @staticmethod
    def _command(path: Path, text: str) -> None:
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def follow(self, name: str) -> None:
        """Do what a how-to says, but for building and publishing everything."""
        python = ""
        for kind, file, text in blocks(name):
            if file:
                self._put(self.root / file, text)
            elif kind == "python":
                # The last line of a cell is what a notebook shows.
                *first, last = text.rstrip().splitlines()
                python += "\n".join([*first, f"shown = {last}" if first or "(" in last else last, "repr(shown)", ""])
            elif kind == "bash":
                lines = [line for line in text.splitlines() if line not in WHOLE]
                self.run("\n".join(lines))
        if python:
            (self.root / "cells.py").write_text(f"shown = None\n{python}", encoding="utf-8")
            self.run("python cells.py")

    def run(self, script: str) -> str:
        done = subprocess.run(
            ["sh", "-e", "-c", script], cwd=self.root, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
        return done.stdout

    @staticmethod
    def _put(path: Path, text: str) -> None:
        """Put a text at the end of a file, in place of what stands there from its first two lines on."""
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        start = "\n".join(text.strip().splitlines()[:2])
        path.write_text((before[: before.index(start)] if start in before else before) + text, encoding="utf-8")

    def page(self, lang: str, path: str) -> str:
        return (self.root / "_site" / f"{edition_path(lang, path)}.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def clone(built, tmp_path_factory) -> Clone:
    """A clone with a site, in which an indicator, a page and a table were then added by the how-tos alone."""
    made = Clone(tmp_path_factory.mktemp("clone"))
    for part in ("reports", "data/processed", "build"):
        shutil.copytree(built.root / part, made.root / part, dirs_exist_ok=True)
    for name in ADDED:
        made.follow(name)
    build, publish = WHOLE
    made.run(" ".join([build, *(f"--only {name}" for name in LOOKED_AT)]))
    made.run(publish)
    return made


def entry() -> dict:
    """The entry of the indicator in its how-to."""
    import tomli

    return tomli.loads(next(text for kind, file, text in blocks("indicator") if file))["indicator"][0]


def test_every_how_to_that_the_architecture_names_is_there():
    named = re.findall(r"docs/how-to/([\w-]+)\.md", (ROOT / "docs/architecture.md").read_text(encoding="utf-8"))
    assert sorted(named) == sorted(path.stem for path in HOW_TO.glob("*.md"))


def test_what_an_entry_lacks_is_told_in_one_message(tmp_path):
    shutil.copytree(reader.FOLDER, tmp_path / "declarations", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    from helpers.declarations import writer
    from helpers.errors import InputError

    given = {"numerator": ["age_75_plus"], "denominator": ["residents"]}
    writer.add_indicator("share_75_plus", "age", given, tmp_path / "declarations")
    with pytest.raises(InputError) as found:
        reader.read(tmp_path / "declarations")
    missing = {problem.column for problem in found.value.problems}
    assert missing == {"reference", *(f"{lang}.{word}" for lang in LANGUAGES for word in reader.WORDS_NEEDED)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_indicator_in_one_file_is_on_every_page_in_both_languages(clone, lang):
    words, site = entry()[lang], clone.root / "_site"
    places = {
        "distretti/cuneo": ("short", "long"),
        "esplora": ("short", "long", "definition", "unit"),
        "indicatori": ("long", "definition", "formula", "unit", "reading", "caveat"),
        "laboratorio/regioni": ("short", "long"),
        "will/citta": ("short",),
        "dati": ("definition",),
    }
    for path, kinds in places.items():
        for kind in kinds:
            assert words[kind] in clone.page(lang, path), (path, kind)
    assert words["criterion"]["name"] in clone.page(lang, "simulatore")
    # The synonyms lead the search of the site to its sheet.
    assert words["synonyms"][0] in clone.page(lang, "indicatori")
    values = (site / f"{edition_path(lang, 'esplora')}-values.csv").read_text(encoding="utf-8")
    assert "share_75_plus" in values.splitlines()[0]


def test_an_indicator_in_one_file_is_in_the_data_and_the_api(clone):
    site, name = clone.root / "_site", entry()["id"]
    levels = ("districts", "provinces", "quadrants", "region")
    for level in levels:
        assert name in (site / f"data/derived/{level}.csv").read_text(encoding="utf-8").splitlines()[0]
    declared = json.loads((site / "api/indicators.json").read_text(encoding="utf-8"))
    assert entry()["it"]["definition"] in json.dumps(declared, ensure_ascii=False)
    assert name in (site / "data/districts.json").read_text(encoding="utf-8")
    assert name in (site / "api/districts/cuneo.json").read_text(encoding="utf-8")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs pdftotext")
def test_an_indicator_that_is_a_key_number_is_on_the_printed_sheet(clone):
    sheet = clone.root / "_site" / "distretti" / "cuneo.pdf"
    text = subprocess.run(["pdftotext", "-layout", sheet, "-"], capture_output=True, text=True, check=True).stdout
    assert entry()["it"]["short"] in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_new_report_is_published_with_its_line_in_the_menu(clone, lang):
    title = {"it": "Mobilità", "en": "Mobility"}[lang]
    page = clone.page(lang, "mobilita")
    assert re.search(rf"<h1[^>]*>{title}</h1>", page)
    assert 'id="fig-mobility-map"' in page
    menu = re.search(r"<header.*?</header>", clone.page(lang, "index"), re.DOTALL)[0]
    assert "mobilita.html" in menu and title in menu


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["../tutorial", "../tutorial.it"])
def test_the_tutorial_ends_with_a_page(clone, name, lang):
    """Its addresses, its indicator on the map, and the sentence that was added."""
    text = (HOW_TO / f"{name}.md").read_text(encoding="utf-8")
    address = re.search(r"_site/en/([\w-]+)\.html", text)[1]
    (sentence,) = [
        block.strip() for _, file, block in blocks(name) if (file or "").startswith(f"src/helpers/prose/{lang}/")
    ]
    page = clone.page(lang, address)
    assert sentence.split(",")[0] in page
    assert ("Minuti" if lang == "it" else "Minutes") in page


def test_a_table_in_one_entry_is_read_catalogued_offered_and_compared(clone):
    site = clone.root / "_site"
    offered = json.loads((site / "data/tables/datapackage.json").read_text(encoding="utf-8"))
    (resource,) = [found for found in offered["resources"] if found["name"] == "province_capitals"]
    assert (site / "data/tables" / resource["path"]).read_text(encoding="utf-8").count("\n") == 9
    assert "province_capitals" in (site / "data/catalog.jsonld").read_text(encoding="utf-8")
    for lang in LANGUAGES:
        assert "Capitals of the provinces" in clone.page(lang, "dati")
    assert "province_capitals" in clone.run(f'wecare diff "{ROOT / "data/raw"}" data/raw --rows')


# From the last, so that what is about texts alone comes before what changes tables.
@pytest.mark.parametrize("name", sorted({path.stem for path in HOW_TO.glob("*.md")} - {*ADDED}, reverse=True))
def test_the_other_how_tos_can_be_followed(clone, name):
    clone.follow(name)
