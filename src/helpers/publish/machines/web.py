"""What feed readers and search engines look for at fixed addresses: Atom, ``sitemap.xml``, ``robots.txt``."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from html import escape

from helpers import config
from helpers.data import raw
from helpers.prose.labels import label, row_text

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
    base = f' xml:base="{escape(url + config.edition_path(lang, ""))}"' if url else ""
    updated = max(str(e.date.date()) for e in editions.itertuples())
    entries = "".join(
        f"<entry><id>{_id(lang, e.edition)}</id>"
        f"<title>{escape(label(lang, 'machines.feed_entry').format(edition=e.edition))}</title>"
        f"<updated>{e.date.date()}T00:00:00Z</updated>"
        '<link rel="alternate" type="text/html" href="metodo.html"/>'
        f'<summary type="text">{escape(_changes(lang, e.edition, e.changes))}</summary></entry>'
        for e in editions.itertuples()
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}"{base}>'
        f"<id>{_id(lang)}</id><title>{escape(label(lang, 'machines.feed'))}</title>"
        f"<updated>{updated}T00:00:00Z</updated>"
        f"<author><name>{escape(label(lang, 'site.title'))}</name></author>"
        f'<link rel="self" type="application/atom+xml" href="{FEED}"/>'
        '<link rel="alternate" type="text/html" href="index.html"/>'
        f"<rights>CC BY 4.0</rights>{entries}</feed>\n"
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
    entries = "".join(
        f"<url><loc>{escape(f'{url}{page}.html')}</loc><lastmod>{date}</lastmod>{_twins(page, pages, url)}</url>\n"
        for page in sorted(pages)
    )
    sitemap = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
        f"{entries}</urlset>\n"
    )
    return {"sitemap.xml": sitemap.encode(), "robots.txt": f"{robots}Sitemap: {url}sitemap.xml\n".encode()}


def _twins(page: str, pages: Mapping[str, str], url: str) -> str:
    return "".join(
        f'<xhtml:link rel="alternate" hreflang="{lang}" href="{escape(f"{url}{twin}.html")}"/>'
        for lang, twin in twins(page, pages).items()
    )


def twins(page: str, pages: Mapping[str, str]) -> dict[str, str]:
    """The same page in every language in which it exists, itself included; empty where it has no twin."""
    bare = page
    for lang in config.LANGUAGES[1:]:
        bare = bare.removeprefix(f"{lang}/")
    found = {lang: config.edition_path(lang, bare) for lang in config.LANGUAGES}
    found = {lang: path for lang, path in found.items() if pages.get(path) == lang}
    return found if len(found) > 1 else {}
