"""What stands around every page beyond what a publisher makes: owner's bar, languages, contents on a phone.

Both publishers write the same header and table of contents, so that this is done once, on the rendered pages.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from helpers import config
from helpers.pages.common.search_field import SITE, search_field
from helpers.prose.escape import md
from helpers.prose.labels import labels
from helpers.publish.description import read_description

#: Where ``_quarto.yml`` says whose site this is.
KEY = "osservatorio"

HEADER = re.compile(r'<header id="quarto-header"[^>]*>')
#: What opens the menu on a phone; the search stands before it, so that it is there without the menu.
TOGGLER = re.compile(r'<button class="navbar-toggler"')
CONTENTS = re.compile(r'<nav\b[^>]*\bid="TOC"[^>]*>.*?</nav>', re.DOTALL)
LIST = re.compile(r"<ul\b.*</ul>", re.DOTALL)
MADE_FOR_SCRIPTS = re.compile(r' (?:id|class|data-[\w-]+)="[^"]*"')
#: What Quarto writes and HTML does not know, or a policy refuses: a mark for itself, a button said to be a menu, the
#: widths of the columns of a Markdown table.
UNKNOWN = re.compile(
    r' append-hash="true"|(?<=aria-controls="navbarCollapse") role="menu"|(?<=<col) style="width: ?[\d.]+%;?"'
)
#: The contents follow what opens a page: edition and warning, else the title alone.
OPENING = (
    re.compile(r'<p class="edition">.*?</p>(?:\s*<p class="note stale".*?</p>)?', re.DOTALL),
    re.compile(r'<header id="title-block-header".*?</header>', re.DOTALL),
)


@dataclass(frozen=True)
class Mark:
    """A mark of an institution or a fund: its picture on the site, what it says, where it leads."""

    image: str
    alt: Mapping[str, str]
    href: str = ""


@dataclass(frozen=True)
class Owner:
    """Whose site this is.

    Attributes
    ----------
    name
        By language; what the slim bar over the header says.
    href
        Where the name leads; empty for nowhere.
    marks
        Shown at the right of the bar; none unless somebody who may use them adds them.
    feedback
        E-mail or web address for what readers want to say; empty for none.
    named
        Whether the name is that of somebody, not just the title of the site.
    """

    name: Mapping[str, str]
    href: str = ""
    marks: tuple[Mark, ...] = ()
    feedback: str = ""
    named: bool = True

    def whose(self, lang: str) -> str:
        """Who looks after the site, as Markdown for the written pages; says so where nobody is named."""
        if not self.named:
            return labels(lang)["site.no_owner"]
        name = md(self.name[lang])
        return labels(lang)["site.owner"].format(name=f"[{name}]({self.href})" if self.href else f"**{name}**")

    def contact(self, lang: str) -> str:
        """Where to write, as Markdown for the written pages."""
        if not self.feedback:
            return labels(lang)["site.no_feedback"]
        href = f"mailto:{self.feedback}" if "@" in self.feedback else self.feedback
        return labels(lang)["site.feedback"].format(address=f"[{self.feedback}]({href})")


def owner(quarto_yml: Path) -> Owner:
    """Read whose site this is from the site's description.

    Raises
    ------
    InputError
        If the description is not as :mod:`helpers.publish.description` says: a mark without a picture, for instance.
    """
    told = read_description(quarto_yml)
    given, title = told.get(KEY, {}), told["website"]["title"]
    marks = tuple(
        Mark(mark["image"], _by_language(mark["alt"]), mark.get("href", "")) for mark in given.get("marks", [])
    )
    name = _by_language(given.get("owner") or title)
    return Owner(name, given.get("href", ""), marks, given.get("feedback", ""), set(name.values()) != {title})


def add_frame(text: str, page: str, pages: Mapping[str, str], whose: Owner) -> str:
    """A page with the owner's bar and the languages over it, and its contents where a phone shows them.

    Parameters
    ----------
    text
        The rendered page.
    page
        Its address, without extension.
    pages
        Address of every page, and its language.
    whose
        See :func:`owner`.
    """
    lang = config.language_or_first(pages[page])
    bar = _bar(page, lang, pages, whose)
    text = UNKNOWN.sub("", text)
    text = HEADER.sub(lambda m: f"{m[0]}{bar}", text, count=1)
    field = search_field(lang, _to_root(page, lang), SITE, "search")
    text = TOGGLER.sub(lambda m: f"{field}{m[0]}", text, count=1)
    found = CONTENTS.search(text)
    listed = found and LIST.search(found[0])
    if not listed:
        return text
    title = labels(lang)["site.contents"]
    items = Markup(MADE_FOR_SCRIPTS.sub("", listed[0]))  # noqa: S704 - as the page has them
    contents = Markup('<details class="contents"><summary>{}</summary><nav aria-label="{}">{}</nav></details>').format(
        title, title, items
    )
    for place in OPENING:
        text, times = place.subn(lambda m: f"{m[0]}{contents}", text, count=1)
        if times:
            break
    return text


def _to_root(page: str, lang: str) -> str:
    up = posixpath.relpath(config.edition_path(lang, "") or ".", posixpath.dirname(page) or ".")
    return "" if up == "." else f"{up}/"


def _bar(page: str, lang: str, pages: Mapping[str, str], whose: Owner) -> str:
    words = labels(lang)
    folder = posixpath.dirname(page) or "."
    own = config.edition_path(lang, "")
    path = page.removeprefix(own) if own else page
    languages = []
    for code in config.LANGUAGES:
        name, twin = labels(code)["site.language"], config.edition_path(code, path)
        if code == lang:
            languages.append(Markup('<li><span lang="{}" aria-current="true">{}</span></li>').format(code, name))
        elif twin in pages:
            address = posixpath.relpath(f"{twin}.html", folder)
            languages.append(
                Markup('<li><a href="{}" hreflang="{}" lang="{}">{}</a></li>').format(address, code, code, name)
            )
    name = whose.name[lang]
    if whose.href:
        name = Markup('<a href="{}">{}</a>').format(whose.href, name)
    marks = Markup("").join(_mark(mark, lang, folder) for mark in whose.marks)
    marks = marks and Markup('<ul class="marks">{}</ul>').format(marks)
    return Markup(
        '<a class="skip" href="#quarto-document-content">{}</a>'
        '<div class="owner"><div class="owner-inside"><span class="owner-name">{}</span>{}'
        '<nav class="languages" aria-label="{}"><ul>{}</ul></nav>'
        "</div></div>"
    ).format(words["site.skip"], name, marks, words["site.languages"], Markup("").join(languages))


def _mark(mark: Mark, lang: str, folder: str) -> str:
    source = posixpath.relpath(mark.image, folder)
    picture = Markup('<img src="{}" alt="{}">').format(source, mark.alt[lang])
    return (
        Markup('<li><a href="{}">{}</a></li>').format(mark.href, picture)
        if mark.href
        else Markup("<li>{}</li>").format(picture)
    )


def _by_language(given: object) -> dict[str, str]:
    return {lang: str((given.get(lang) if isinstance(given, dict) else given) or "") for lang in config.LANGUAGES}
