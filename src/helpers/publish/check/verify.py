"""Checks the built site before any reader sees it, whatever publisher built it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from helpers.errors import WecareError
from helpers.publish.check.allowed import refuse
from helpers.publish.check.html_reader import Reader, read
from helpers.publish.check.soundness import Judge
from helpers.publish.folders import files_below

#: Relations of ``<link>`` that only name an address; every other one makes the browser fetch it.
NAMED_ONLY = {"canonical", "alternate", "license", "author", "next", "prev", "help", "me"}
ASSET_ATTRIBUTES = {"src", "data", "poster"}
#: Elements looked at whatever their attributes, and attributes looked at on any element.
FRAMES = frozenset({"header", "footer"})
ELEMENTS = FRAMES | {"html", "h1", "main", "link", "script", "style", "iframe", "object", "embed"}
ATTRIBUTES = frozenset({"id", "name", "href", "srcset", "style", *ASSET_ATTRIBUTES})
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
LEFTOVER = re.compile(
    r"@(?:publisher|edition|edition_date|edition_date_en|plotly|(?:contact|whose)_[a-z]+)@"
    r"|(?:href|src)=\"(?:csv|page|notebook):[^\"]*|\]\(page:|\{=html\}"
)
FOREIGN_IMPORT = re.compile(r"(?:\bfrom\s*|\bimport\s*\(?\s*|\.src\s*=\s*)[\"'](?:https?:)?//[^\"']+")
CSS_ADDRESS = re.compile(r"(?:url\(\s*|@import\s+)[\"']?([^\"')\s;]+)")
UNWANTED = re.compile(r"require(?:\.min)?\.js|requirejs|jquery", re.IGNORECASE)


@dataclass
class Seen:
    """What one HTML file holds; ``menu`` are the links of its header and footer, which stand among ``links`` too."""

    lang: str = ""
    headings: int = 0
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    menu: list[str] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self):
        self.seen = Seen()
        self.in_main = False
        self.frames = 0  # headers and footers around this place that belong to the page, not to a piece of its content
        self.open: tuple[str, str] | None = None  # the script or style being read, and its type

    def handle_starttag(self, tag: str, given: Mapping[str, str], twice: bool) -> None:
        seen = self.seen
        if self.in_main:
            seen.findings += refuse(tag, given)
        elif (tag == "base" and "href" in given) or given.get("http-equiv", "").lower() == "refresh":
            seen.findings.append(f"<{tag}> that leads readers elsewhere")
        if tag not in ELEMENTS and ATTRIBUTES.isdisjoint(given):
            return
        if tag == "html":
            seen.lang = given.get("lang", "")
        elif tag == "h1":
            seen.headings += 1
        elif tag == "main":
            self.in_main = True
        elif tag in FRAMES:
            self.frames += not self.in_main
        seen.ids += [given[key] for key in ("id", "name") if given.get(key)]
        if tag in ("a", "area") and "href" in given:
            seen.links.append(given["href"])
            seen.menu += [given["href"]] if self.frames else []
        elif tag == "link" and not NAMED_ONLY & set(given.get("rel", "").split()):
            seen.assets.append(given.get("href", ""))
        seen.assets += [given[key] for key in ASSET_ATTRIBUTES & given.keys() if tag != "link"]
        seen.assets += [part.split()[0] for part in given.get("srcset", "").split(",") if part.strip()]
        seen.assets += CSS_ADDRESS.findall(given.get("style", ""))
        if tag in ("script", "style"):
            self.open = (tag, given.get("type", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self.in_main = False
        elif tag in FRAMES:
            self.frames -= not self.in_main
        elif tag in ("script", "style"):
            self.open = None

    def handle_data(self, data: str) -> None:
        if self.open is None or self.open[1] == "application/json":
            return
        if self.open[0] == "style":
            self.seen.assets += CSS_ADDRESS.findall(data)
        else:
            self.seen.findings += [f"script from another site: {m}" for m in FOREIGN_IMPORT.findall(data)]


def verify(site: Path, pages: Mapping[str, str], seen: Mapping[str, Seen] | None = None) -> None:
    """Check a built site.

    Parameters
    ----------
    site
        Its folder.
    pages
        Address of every page that must be there, without extension, and its language.
    seen
        What has been seen in pages already, by address without extension (:func:`look`); other HTML is read here.

    Raises
    ------
    WecareError
        When anything is wrong; lists every file and finding.
    """
    files = set(files_below(site))
    findings = [f"{page}.html: the page was not built" for page in pages if f"{page}.html" not in files]
    known: dict[str, Seen] = {}
    places: dict[str, frozenset[str]] = {}
    for name in sorted(name for name in files if name.endswith(".html")):
        page = name.removesuffix(".html")
        held = known[name] = (seen or {}).get(page) or look((site / name).read_text(encoding="utf-8"))
        places[name] = frozenset(held.ids)
        found = list(held.findings)
        if held.headings != 1:
            found.append(f"{held.headings} first-level headings instead of one")
        expected = pages.get(page, "")
        if not held.lang or (expected and held.lang != expected):
            found.append(f"language {held.lang!r} instead of {expected or 'any'!r}")
        found += [f for address in held.assets if (f := _asset_finding(name, address, files))]
        findings += [f"{name}: {finding}" for finding in found]
    # Pages of a folder share most of their links; those within a page are its own.
    judged: dict[tuple[str, str], str | None] = {}
    for name, held in known.items():
        folder = posixpath.dirname(name)
        for address in held.links:
            if address.startswith(("#", "?")) or (folder, address) not in judged:
                judged[folder, address] = _link_finding(name, address, files, places)
            if finding := judged[folder, address]:
                findings.append(f"{name}: {finding}")
        if name.removesuffix(".html") in pages:
            findings += [f"{name}: {finding}" for finding in _menu_findings(name, held.menu, files)]
    for name in sorted(name for name in files if name.endswith(".css")):
        addresses = CSS_ADDRESS.findall((site / name).read_text(encoding="utf-8"))
        findings += [f"{name}: {f}" for address in addresses if (f := _asset_finding(name, address, files))]
    if findings:
        listed = "\n".join(dict.fromkeys(findings))
        raise WecareError(
            f"The built site is not fit to publish; what readers see now was left as it was:\n{listed}\n"
            "To do: correct what is named; if pages are missing, run `wecare build`."
        )


def look(text: str, *readers: Reader) -> Seen:
    """See what the check needs to know of one HTML file; others may read along."""
    own, judge = _Reader(), Judge()
    read(text, own, judge, *readers)
    seen = own.seen
    seen.links, seen.menu = list(dict.fromkeys(seen.links)), list(dict.fromkeys(seen.menu))
    seen.findings += [f"left unfilled: {found}" for found in LEFTOVER.findall(text)]
    seen.findings += judge.result()
    return seen


def _local(name: str, address: str) -> tuple[str, str]:
    """File of the site that an address points at, and the place in it."""
    path, fragment = _split(address)
    target = _beside(posixpath.dirname(name), path) if path else name
    return target, fragment


@lru_cache(maxsize=1 << 14)
def _split(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return unquote(parts.path), unquote(parts.fragment)


@lru_cache(maxsize=1 << 14)
def _beside(folder: str, path: str) -> str:
    """A path seen from a folder, as one from the root; a folder stands for its first page."""
    target = posixpath.normpath(posixpath.join(folder, path))
    if path.endswith("/") or target == ".":
        target = posixpath.normpath(posixpath.join(target, "index.html"))
    return target


def _asset_finding(name: str, address: str, files: set[str]) -> str | None:
    if not address or address.startswith(("data:", "#")):
        return None
    if re.match(r"(?:[a-z][a-z0-9+.-]*:)?//", address, re.IGNORECASE):
        return f"fetched from another site: {address}"
    if UNWANTED.search(address):
        return f"a library the site does without: {address}"
    return _missing(name, address, files)


def _link_finding(name: str, address: str, files: set[str], places: dict[str, frozenset[str]]) -> str | None:
    if address.startswith("//"):
        return f"address without a scheme, which leads to another site: {address}"
    if SCHEME.match(address):
        return None
    missing = _missing(name, address, files)
    if missing:
        return missing
    target, fragment = _local(name, address)
    place_unknown = fragment and target in places and fragment not in places[target]
    # "#category=…" is how listings filter themselves.
    return f"no such place: {address}" if place_unknown and "=" not in fragment else None


def _menu_findings(name: str, menu: list[str], files: set[str]) -> list[str]:
    """What is wrong with the links of header and footer: each must reach a page, and there must be some."""
    local = [address for address in menu if not SCHEME.match(address) and not address.startswith("//")]
    reached = [target for address in local if (target := _local(name, address)[0]) in files]
    found = [f"menu or footer leads to no page: {target}" for target in reached if not target.endswith(".html")]
    return found if local else [*found, "no link of menu or footer leads to a page of the site"]


def _missing(name: str, address: str, files: set[str]) -> str | None:
    if address.startswith("/"):
        return f"works only at the root of a domain: {address}"
    return None if _local(name, address)[0] in files else f"no such file: {address}"
