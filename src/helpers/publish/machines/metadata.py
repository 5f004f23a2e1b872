"""What the head of every page says of it: its twin in the other language, how it looks shared, what it describes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape

from markupsafe import Markup

from helpers import config
from helpers.data import raw
from helpers.prose.escape import script_json
from helpers.prose.labels import label
from helpers.publish.machines import social
from helpers.publish.machines.base import LICENCE
from helpers.publish.machines.web import FEED, twins

#: What this step puts in, so that a second run replaces it, and what publishers put in by themselves.
OPEN, CLOSE = "<!--metadata-->", "<!--/metadata-->"
BEFORE = re.compile(f"{OPEN}.*?{CLOSE}", re.DOTALL)
OTHERS = re.compile(r'<link rel="(?:canonical|next|prev)"[^>]*>|<meta (?:property="og:|name="twitter:)[^>]*>\s*')
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
DESCRIPTION = re.compile(r'<meta name="description" content="([^"]*)"')
TRAIL = re.compile(r'<nav class="percorso"[^>]*>(.*?)</nav>', re.DOTALL)
TRAIL_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>')
#: The code to copy for a card, which must name the whole address where that is known.
EMBED = re.compile(r'(<pre class="embed-code"[^>]*><code>&lt;iframe src=&quot;)(?!https?:)')


@dataclass(frozen=True)
class Site:
    """What all pages share.

    Attributes
    ----------
    pages
        Address of every page, without extension, and its language.
    files
        Addresses of the site's files.
    date
        ISO date of the edition.
    url
        Where the site stands on the web, or "".
    """

    pages: Mapping[str, str]
    files: frozenset[str]
    date: str
    url: str = ""

    def to(self, page: str, target: str) -> str:
        """Address of a file as a page's head gives it: whole where the site's own address is known."""
        return self.url + target if self.url else posixpath.relpath(target, posixpath.dirname(page) or ".")


def add_metadata(html: str, page: str, site: Site) -> str:
    """One page with its metadata; running it again changes nothing."""
    head, end, rest = html.partition("</head>")
    head = OTHERS.sub("", BEFORE.sub("", head))
    block = Markup("\n").join([*_links(page, site), *_cards(head, page, site), *_linked_data(head, rest, page, site)])
    if site.url:
        rest = EMBED.sub(rf"\g<1>{escape(site.url)}", rest)
    return f"{head}{OPEN}{block}{CLOSE}{end}{rest}"


def _links(page: str, site: Site) -> list[Markup]:
    """The page's own address, its twins, the feed."""
    lang = site.pages[page]
    # Search engines take an address, and that of a twin, only when it is whole.
    found = [Markup('<link rel="canonical" href="{}.html">').format(site.url + page)] if site.url else []
    versions = twins(page, site.pages) if site.url else {}
    found += [_alternate(language, f"{site.url}{path}.html") for language, path in versions.items()]
    if versions:
        found.append(_alternate("x-default", f"{site.url}{versions[config.LANGUAGES[0]]}.html"))
    feed = config.edition_path(lang, FEED)
    if feed in site.files:
        title, address = label(lang, "machines.feed"), site.to(page, feed)
        found.append(
            Markup('<link rel="alternate" type="application/atom+xml" title="{}" href="{}">').format(title, address)
        )
    return found


def _alternate(lang: str, address: str) -> Markup:
    return Markup('<link rel="alternate" hreflang="{}" href="{}">').format(lang, address)


def _cards(head: str, page: str, site: Site) -> list[Markup]:
    """How the page looks when somebody shares a link to it."""
    lang = site.pages[page]
    title, description = _say(head, lang)
    picture = next((p for p in (social.address(_slug(page)), social.address()) if p in site.files), "")
    properties = {
        "og:type": "website",
        "og:site_name": label(_leave_out_unknown(lang), "site.title"),
        "og:title": title,
        "og:description": description,
        "og:locale": config.LOCALES.get(lang, lang),
    }
    if site.url:
        properties["og:url"] = f"{site.url}{page}.html"
    if picture:
        properties["og:image"] = site.to(page, picture)
        properties |= {"og:image:width": str(social.SIZE[0]), "og:image:height": str(social.SIZE[1])}
    names = {"twitter:card": "summary_large_image" if picture else "summary"}
    found = [Markup('<meta property="{}" content="{}">').format(key, value) for key, value in properties.items()]
    found += [Markup('<meta name="{}" content="{}">').format(key, value) for key, value in names.items()]
    if not DESCRIPTION.search(head):
        found.append(Markup('<meta name="description" content="{}">').format(description))
    return found


def _linked_data(head: str, body: str, page: str, site: Site) -> list[Markup]:
    """What the page is about, as schema.org says it."""
    lang = site.pages[page]
    title, description = _say(head, lang)
    graph = [_breadcrumbs(title, body, page, site)]
    if _bare(page, lang) == "index":
        graph.append(
            {
                "@type": "WebSite",
                "name": label(_leave_out_unknown(lang), "site.title"),
                "description": description,
                "inLanguage": lang,
                "url": site.to(page, f"{page}.html"),
                "license": LICENCE["url"],
            }
        )
    if _bare(page, lang) == "dati" and "data/catalog.jsonld" in site.files:
        graph.append(_collection("DataCatalog", title, description, page, site))
    if f"api/districts/{_slug(page)}.json" in site.files:
        graph.append(_dataset(title, description, page, site))
    text = script_json({"@context": "https://schema.org", "@graph": graph})
    return [Markup('<script type="application/ld+json">{}</script>').format(text)]


def _breadcrumbs(title: str, body: str, page: str, site: Site) -> dict:
    trail = TRAIL.search(body)
    steps = [
        (unescape(text), posixpath.normpath(posixpath.join(posixpath.dirname(page), unescape(address))))
        for address, text in (TRAIL_LINK.findall(trail[1]) if trail else [])
    ]
    steps.append((title.rsplit(" – ", 1)[0], f"{page}.html"))
    items = [
        {"@type": "ListItem", "position": n, "name": name, "item": site.to(page, path)}
        for n, (name, path) in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _collection(kind: str, title: str, description: str, page: str, site: Site) -> dict:
    return {
        "@type": kind,
        "name": title.rsplit(" – ", 1)[0],
        "description": description,
        "inLanguage": site.pages[page],
        "url": site.to(page, f"{page}.html"),
        "license": LICENCE["url"],
        "dateModified": site.date,
        "isAccessibleForFree": True,
    }


def _dataset(title: str, description: str, page: str, site: Site) -> dict:
    slug = _slug(page)
    files = {
        f"api/districts/{slug}.json": "application/json",
        f"data/comuni/{slug}.geojson": "application/geo+json",
    }
    return _collection("Dataset", title, description, page, site) | {
        "temporalCoverage": f"{raw.year('population')}-01-01",
        "spatialCoverage": {"@type": "Place", "name": title.rsplit(" – ", 1)[0]},
        "creator": {"@type": "Organization", "name": label(_leave_out_unknown(site.pages[page]), "site.title")},
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": site.to(page, file)}
            for file, kind in files.items()
            if file in site.files
        ],
    }


def _say(head: str, lang: str) -> tuple[str, str]:
    """Title and description of the page; where it has no description, the site's."""
    title, description = TITLE.search(head), DESCRIPTION.search(head)
    told = unescape(description[1]) if description else label(_leave_out_unknown(lang), "site.description")
    return unescape(title[1]).strip() if title else label(_leave_out_unknown(lang), "site.title"), told


def _leave_out_unknown(lang: str) -> str:
    return config.language_or_first(lang)


def _bare(page: str, lang: str) -> str:
    return page.removeprefix(f"{lang}/")


def _slug(page: str) -> str:
    """Slug of the district whose page this is; of any other page a name that no file has."""
    folder, _, name = page.rpartition("/")
    return name if folder.rsplit("/", 1)[-1] == "distretti" else "-"
