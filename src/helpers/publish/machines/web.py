"""What feed readers and search engines look for at fixed addresses: Atom, ``sitemap.xml``, ``robots.txt``."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from markupsafe import Markup

from helpers import config
from helpers.data import raw
from helpers.prose.labels import label, row_text
from helpers.publish.not_found import PAGE

FEED = "feed.xml"

#: Feeds have ids of their own, which must never change: these stand for the data package's name.
SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "osservatorio-wecare")


def feed_files(url: str = "") -> dict[str, bytes]:
    """The Atom feed of the editions in every language."""
    return {config.edition_path(lang, FEED): feed(lang, url) for lang in config.LANGUAGES}


def feed(lang: str, url: str = "") -> bytes:
    """The editions, the newest first, as Atom.

    Parameters
    ----------
    url
        Where the site stands on the web; without it links are relative to the feed.
    """
    editions = raw.load("editions").iloc[::-1]
    base = Markup(' xml:base="{}"').format(url + config.edition_path(lang, "")) if url else ""
    updated = max(str(e.date.date()) for e in editions.itertuples())
    entries = Markup("").join(
        Markup(
            "<entry><id>{}</id>"
            "<title>{}</title>"
            "<updated>{}T00:00:00Z</updated>"
            '<link rel="alternate" type="text/html" href="metodo.html"/>'
            '<summary type="text">{}</summary></entry>'
        ).format(
            _id(lang, e.edition),
            label(lang, "machines.feed_entry").format(edition=e.edition),
            e.date.date(),
            _changes(lang, e.edition, e.changes),
        )
        for e in editions.itertuples()
    )
    return (
        Markup(
            '<?xml version="1.0" encoding="utf-8"?>\n'
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{}"{}>'
            "<id>{}</id><title>{}</title>"
            "<updated>{}T00:00:00Z</updated>"
            "<author><name>{}</name></author>"
            '<link rel="self" type="application/atom+xml" href="{}"/>'
            '<link rel="alternate" type="text/html" href="index.html"/>'
            "<rights>CC BY 4.0</rights>{}</feed>\n"
        ).format(lang, base, _id(lang), label(lang, "machines.feed"), updated, label(lang, "site.title"), FEED, entries)
    ).encode()


def _changes(lang: str, edition: str, changes: str) -> str:
    return row_text(lang, "editions", edition, "changes", changes) or ""


def _id(lang: str, *parts: str) -> str:
    return uuid.uuid5(SPACE, "/".join((lang, *parts))).urn


def crawler_files(pages: Mapping[str, str], date: str, url: str = "") -> dict[str, bytes]:
    """``robots.txt``, and ``sitemap.xml`` where the site's own address is known: its entries must be absolute.

    Parameters
    ----------
    pages
        Address of every page, without extension, and its language.
    date
        ISO date of the edition.
    """
    robots = "User-agent: *\nAllow: /\n"
    if not url:
        return {"robots.txt": robots.encode()}
    entries = Markup("").join(
        Markup("<url><loc>{}</loc><lastmod>{}</lastmod>{}</url>\n").format(
            f"{url}{page}.html", date, _twins(page, pages, url)
        )
        for page in sorted(pages)
        if page != PAGE
    )
    sitemap = Markup(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
        "{}</urlset>\n"
    ).format(entries)
    return {"sitemap.xml": sitemap.encode(), "robots.txt": f"{robots}Sitemap: {url}sitemap.xml\n".encode()}


def _twins(page: str, pages: Mapping[str, str], url: str) -> str:
    return Markup("").join(
        (
            Markup('<xhtml:link rel="alternate" hreflang="{}" href="{}"/>').format(lang, f"{url}{twin}.html")
            for lang, twin in twins(page, pages).items()
        )
    )


def twins(page: str, pages: Mapping[str, str]) -> dict[str, str]:
    """The same page in every language in which it exists, itself included; empty where it has no twin."""
    bare = page
    for lang in config.LANGUAGES[1:]:
        bare = bare.removeprefix(f"{lang}/")
    found = {lang: config.edition_path(lang, bare) for lang in config.LANGUAGES}
    found = {lang: path for lang, path in found.items() if pages.get(path) == lang}
    return found if len(found) > 1 else {}
