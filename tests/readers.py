"""What a reader finds on the built site, read back: downloads, words of pages, texts of PDFs."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

#: Attributes that are read aloud or shown.
SAID = ("aria-label", "title", "alt", "content", "placeholder")

#: A number as a download holds it.
RAW_NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")

#: The unit after the name of a column.
UNIT = re.compile(r" \[([^\]]+)\]$")


def downloads(site: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """Every table that can be downloaded: its address and its rows, the header first."""
    for path in sorted(site.rglob("*.csv")):
        yield path.relative_to(site).as_posix(), table_of(path.read_bytes())


def table_of(data: bytes) -> list[list[str]]:
    """The rows of a CSV."""
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))


@lru_cache(maxsize=512)
def rows_of(path: Path) -> tuple[dict[str, str], ...]:
    """The rows of a CSV by column, whose names are told without the units."""
    header, *rows = table_of(path.read_bytes())
    names = [UNIT.sub("", name) for name in header]
    return tuple(dict(zip(names, row, strict=True)) for row in rows)


#: Words about ourselves that no reader's page holds: commands, files, folders, tables, keys of our rows. The catalogue
#: and the page on method, which name the tables to download, may.
OURS = re.compile(
    r"\bwecare (?:build|check|publish|import|record|keep|diff|new|lab|serve|reports|districts|card|page)\b"
    r"|_quarto|\b\w+\.(?:toml|csv|ipynb|jsonl?|md|txt|py)\b|\bdata/raw|src/helpers|[Rr]epositor"
    r"|[’' ][Oo]sservatorio(?! WE)|\b[Oo]bservatory|\bseed:\w|`\w+_\w+`|\brevision[ei] di git|\bof git\b"
    r"|\b(?:M1|M2|EVF|REL|COH|EFT|EFC|IMP|SUS|STF|WFA|M1F|M2F|PAF|EV|ACT|PRF|PT|WT|WCF)-\d{1,3}\b"
)

#: Words that no page says, by language: calques and terms for which the site has another one, and the state of a number
#: where it would have to agree with its noun.
SHUNNED = {
    "it": re.compile(
        r"\bArticle date\b|\bin another row\b|\bwe\.ca\.re\.|\bimportati finora\b|\bScopi detti\b|\b\d+ mila euro"
        r"|\bvalore più alto descrive\b|\bsono dette second|\bFriuli Venezia\b|\b(?:milioni|miliardi) euro\b"
        r"|\b\d{5,} (?:euro|residenti|occupati)\b|\bAttendibilità\b|\bQuanto è certo\b|\bStrategia e governo\b"
    ),
    "en": re.compile(
        r"\bMisura \d|\bLaboratorio interregionale\b(?! per)|\d thousand\b|\d million euro\b|\d,\d{3} euro\b"
        r"|\bD\.[GD]\.[RD]\. n\. |\bDetermina n\b|\bartt\. |\bAddressees?\b|\bascertains?\b|\b[Aa]nimation\b"
        r"|\baggregating bod|\bpreliminary projects?\b|\bcontact persons?\b|\brecomposition\b|\bsecond generations\b"
        r"|\baccept to\b|\b(?:projects (?:funded )?|items gathered )are \d|\b[Cc]onciliation\b|\bagile[- ]work\b"
        r"|\b(?:[Mm]anaging|[Ss]ocial-assistance) bod|\bbodies in charge of\b|\b[Ff]und for [Dd]evelopment and\b"
        r"|\bnational development and cohesion\b|\bcouncillors?\b|\bborders\b|\b[Aa]ccompani(?:ment|er)\b"
        r"|\bjoint (?:working )?table\b|\bvalue describes\b|\bwho are younger or older\b|\bno sample\b|\bno ranking\b"
        r"|\b(?:open|soft-loan) desk\b|\bdesk (?:open|closed)\b|\b[Tt]h(?:is|e) observatory\b"
    ),
}

#: Pages that may, by their notebooks and by their addresses.
DOCUMENTATION = {"catalogue": "dati", "method": "metodo"}


#: Folders of pages that are many and alike.
MANY = ("distretti", "progetti", "embed")

#: How much of the site a test reads: `make test` every fifth of these pages, `make audit` all.
PAGES = pytest.mark.parametrize("which", ["few", pytest.param("all", marks=pytest.mark.audit)])


def pages_of(site: Path, which: str) -> list[Path]:
    """The pages of a site: ``all``, or a ``few`` of those that are many and alike and all others."""
    pages, met = [], Counter[Path]()
    for path in sorted(site.rglob("*.html")):
        if which == "all" or path.parent.name not in MANY or path.stem == "index" or met[path.parent] % 5 == 0:
            pages.append(path)
        met[path.parent] += 1
    return pages


@lru_cache(maxsize=256)
def read_page(path: Path) -> str:
    """A published page."""
    return path.read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def soup_of(path: Path) -> BeautifulSoup:
    """A page without its scripts and styles."""
    soup = BeautifulSoup(read_page(path), "html.parser")
    for element in soup(["script", "style"]):
        element.decompose()
    return soup


def tables_of(path: Path) -> dict[str, list[list[str]]]:
    """The tables of a page that have a name, or are those of a figure, by it: cell by cell as they are read."""
    found = {}
    soup = soup_of(path)
    for mark in soup.select("a.citation"):
        mark.decompose()
    for table in soup.find_all("table"):
        owner = table if table.get("id") else table.find_parent("figure", id=True)
        if owner is None:
            continue
        rows = [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
        found[owner["id"].removeprefix("fig-").removeprefix("tbl-")] = rows
    return found


def words_of(path: Path) -> str:
    """All that a page says, on one line."""
    return " ".join(soup_of(path).get_text(" ").split())


def said(path: Path) -> list[str]:
    """What a page says, what is read aloud of its pictures, and what portals show of it."""
    soup = soup_of(path)
    # What a source is called, a mark and a table of sources say as its address does.
    for name in soup.select(".from-address"):
        name.decompose()
    tags = [tag for tag in soup.find_all(True) if not re.match(r"S\d{3}", str(tag.get("aria-label", "")))]
    attributes = [str(tag[name]) for tag in tags for name in SAID if tag.has_attr(name)]
    return [" ".join(soup.get_text().split()), *attributes]


def pdf_text(path: Path) -> str:
    """The text of a PDF on one line."""
    command = shutil.which("pdftotext")
    if command is None:
        pytest.skip("NOT READ: pdftotext (poppler) is not on PATH")
    done = subprocess.run([command, "-raw", str(path), "-"], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())
