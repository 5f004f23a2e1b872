"""The card of a district, to embed in other sites: one small page and its style sheet."""

from __future__ import annotations

import posixpath

from markupsafe import Markup

from helpers import config
from helpers.data import processed, raw
from helpers.figures import paper, theme
from helpers.figures.drawing import Picture, draw
from helpers.prose import indicators, numbers
from helpers.prose.labels import label
from helpers.prose.provenance import SOURCES_PAGE, anchor
from helpers.publish.policy import element, policy

FOLDER = "embed"

#: What a card shows besides the benchmark.
SHOWN = ("residents", "n_comuni", "old_age_index", "share_80_plus")

#: Size of the map and its finest detail, in pixels.
MAP, DETAIL = (96, 120), 0.7
LAND = "#D3DEEA"


def card_files(document: dict, url: str = "") -> dict[str, bytes]:
    """``embed/<slug>.html`` of a district, in every language.

    Parameters
    ----------
    document
        Its :func:`.api.district_document`.
    url
        Where the site stands on the web, for the address of the page that a card is cut from.
    """
    land = paper.region(processed.load("districts"), document["id"], MAP, DETAIL, (LAND, theme.BLUE))
    drawn = draw(land, MAP[0], "map")
    return {
        config.edition_path(lang, address(document["slug"])): _card(lang, document, drawn, url).encode()
        for lang in config.LANGUAGES
    }


def address(slug: str) -> str:
    """Of a card, from the root of an edition."""
    return f"{FOLDER}/{slug}.html"


def _card(lang: str, found: dict, drawn: Picture, url: str) -> str:
    style = posixpath.relpath("assets/embed.css", posixpath.dirname(config.edition_path(lang, address(found["slug"]))))
    name, full = found["name"], f"distretti/{found['slug']}.html"
    canonical = Markup('<link rel="canonical" href="{}">').format(url + found["pages"][lang]) if url else ""
    say = lambda key, **facts: label(lang, key).format(**facts)  # noqa: E731
    return Markup(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8">{}'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        "<title>{}</title>{}"
        '<link rel="icon" href="data:,"><base target="_blank"><link rel="stylesheet" href="{}"></head>'
        '<body><main><div class="top"><div><h1>{}</h1>'
        "<p>{}<br>{}</p></div>"
        "{}</div>"
        "<dl>{}</dl>"
        '<p><a href="../{}">{}</a></p>'
        "<p><small>{} · {} · "
        "CC BY 4.0</small></p>"
        "</main></body></html>\n"
    ).format(
        lang,
        element(policy()),
        say("machines.card_title", name=found["name"]),
        canonical,
        style,
        name,
        label(lang, "site.title"),
        _boundary(lang, found),
        drawn.svg("map", label(lang, "card.map").format()),
        _numbers(lang, found),
        full,
        say("card.more"),
        say("card.year", year=raw.year("population")),
        _edition(lang, found),
    )


def _numbers(lang: str, found: dict) -> str:
    comuni = sum(part["value"] for part in found["comuni_by_status"].values())
    values = {"residents": found["residents"]["value"], "n_comuni": comuni}
    values |= {i: found["indicators"][i]["value"] for i in SHOWN if i in found["indicators"]}
    cited = {"n_comuni": "boundaries"}
    rows = [
        _row(lang, label(lang, f"indicator.{i}.long"), _show(lang, i, values[i]), cited.get(i, "population"))
        for i in SHOWN
    ]
    euro = label(lang, "card.money").format(value=numbers.integer(found["benchmark"]["total"]["value"], lang))
    return Markup("").join([*rows, _row(lang, label(lang, "card.benchmark"), euro, "benchmark")])


def _show(lang: str, indicator: str, value: float | None) -> str:
    return label(lang, "state.not_computable") if value is None else indicators.show(indicator, value, lang)


def _row(lang: str, name: str, value: str, dataset: str) -> str:
    """One number with the place that says where it comes from; its status is in the link's title."""
    status = "benchmark" if dataset == "benchmark" else "derived"
    return Markup('<dt>{}</dt><dd>{} <a href="../{}#{}" title="{}">{}</a></dd>').format(
        name,
        value,
        SOURCES_PAGE,
        anchor(dataset),
        label(lang, f"status.{status}.cited"),
        label(lang, f"provenance.{dataset}.short"),
    )


def _boundary(lang: str, found: dict) -> str:
    """How well the boundary is known: comuni by status."""
    counts = {status: part["value"] for status, part in found["comuni_by_status"].items()}
    told = ", ".join(f"{n} {label(lang, f'status.{status}.name')}" for status, n in counts.items() if n)
    return label(lang, "card.boundary").format(status=told)


def _edition(lang: str, found: dict) -> str:
    return label(lang, "machines.feed_entry").format(edition=found["edition"])
