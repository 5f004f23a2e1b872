"""The printed sheet of a district: the same facts and sentences as its page, on two A4 sides."""

from __future__ import annotations

from typing import Any

import pandas as pd

from helpers import config
from helpers.analysis.indicators import datasets, logarithmic
from helpers.declarations import BY_ID, caveats_of
from helpers.figures import paper, theme
from helpers.figures.drawing import draw
from helpers.pages.district.page import MAP_INDICATOR, DistrictReport, largest_class
from helpers.pages.district.sheet_inputs import sheet_inputs
from helpers.prose import numbers
from helpers.prose.provenance import DATASETS, anchor
from helpers.prose.render import fill, render
from helpers.prose.text_blocks import blocks

#: Sizes of the drawings, in pixels of :data:`helpers.figures.paper.PIXEL` millimetres.
MAP_SIZE = (500, 565)
LOCATOR_SIZE = (105, 125)
PYRAMID_SIZE = (350, 360)
STRIP_SIZE = (250, 23)

#: Units without which a value of the table would say nothing.
NAMED_UNITS = ("per_km2", "per_1000", "years", "minutes")

#: Longest address printed; the link behind it is whole.
ADDRESS_LETTERS = 60

STATUSES = ("sourced", "derived", "indicative", "benchmark")


class DistrictSheet(DistrictReport):
    """What the sheet of a district says and shows.

    Parameters
    ----------
    district
        Code or slug.
    lang, edition
        See :class:`helpers.pages.common.page.Page`.
    site
        Address of the published site, as ``https://example.org/``; empty where it is not known.
    """

    def __init__(self, district: str, lang: str = "it", edition: str = "", site: str = ""):
        super().__init__(district, lang, edition)
        self.common = sheet_inputs()
        self.site = site
        self.cited: list[str] = []

    def content(self) -> dict[str, Any]:
        """Everything the typesetter needs, as plain values: texts, drawings as SVG, colours.

        Texts are plain: nothing in them is markup of any language.
        """
        self.cited = []
        date = self.edition.date
        words = {"kind": "sheet.kind", "strip": "sheet.strip", "statuses": "sheet.statuses"}
        words |= {
            f"section_{key}": f"section.{key}" for key in ("brief", "comuni", "population", "comparison", "wecare")
        }
        words |= {f"section_{key}": f"section.{key}" for key in ("sources", "limits")}
        words |= {key: f"table.{key}" for key in ("indicator", "district", "province", "region", "rank")}
        told = {
            "lang": self.lang,
            "title": self.text("district_title", self.facts),
            "subtitle": self.text("district_subtitle", self.facts),
            "description": self.text("district_description", self.facts),
            "publisher": self.label("site.title"),
            "words": {name: self.label(key) for name, key in words.items()},
            "edition": self._filled("edition", edition=self.edition.version, date=numbers.date(date, "day", self.lang)),
            "date": [date.year, date.month, date.day],
            "page_of": self.label("sheet.page_of"),
            "keys": self._keys(),
            # Two pages have no room for how the comuni differ.
            "brief": self._blocks("district_brief", insight=self.facts["insight"] | {"inside": None}),
            "map": self._map(),
            "boundary": self._blocks("sheet_boundary"),
            "pyramid": self._pyramid(),
            "population": self._blocks("district_population"),
            "indicators": self._indicators(),
            "project": self._project(),
            "wecare": self._blocks("district_wecare"),
            "limits": self._blocks("district_limits"),
            "statuses": [self._status(status, "text") for status in STATUSES],
        }
        return told | {"sources": self._sources_cited(), "page": self._page()}

    def _filled(self, key: str, **values: object) -> str:
        return fill(self.lang, f"sheet.{key}", **values)

    def _blocks(self, template: str, **more: object) -> list[dict[str, Any]]:
        """A text in blocks of runs; a run that cites leads to the source's entry on the sheet."""
        found = blocks(render(template, self.lang, **{**self.facts, **more}, edition_root=""))
        for block in found:
            for run in block["runs"]:
                if "#" in run.get("to", ""):
                    run["ref"] = run["to"].split("#")[1]
                    self.cited.append(run["ref"])
        return found

    def _status(self, status: str, word: str = "name") -> dict[str, Any]:
        return {
            "status": status,
            "name": self.label(f"status.{status}.name"),
            "text": self.label(f"status.{status}.{word}"),
        }

    def _note(self, status: str, key: str) -> dict[str, Any]:
        """The line under a figure: status of its numbers, where they come from."""
        self.cited.append(anchor(key))
        return self._status(status) | {"text": self.label(f"note.{key}"), "ref": anchor(key)}

    def _keys(self) -> list[dict[str, Any]]:
        """The four numbers under the title, each with what it is to be read against."""
        facts = self.facts
        rank = self._filled("rank", rank=facts["residents_rank"], n=facts["n_districts"])
        small = self._filled("small_comuni", n=numbers.integer(facts["small_comuni"]["n"], self.lang))
        shown = [("residents", facts["residents"], rank), ("n_comuni", facts["n_comuni"], small)]
        for indicator in ("old_age_index", "share_80_plus"):
            region = self._filled("in_region", value=self.value(indicator, facts["region"][indicator]))
            shown.append((indicator, facts["values"][indicator], region))
        return [
            {"value": self.value(i, value), "label": self.label(f"indicator.{i}.short"), "note": note}
            for i, value, note in shown
        ]

    def _map(self) -> dict[str, Any]:
        classes = self.classes_of(MAP_INDICATOR, self.inputs.bounds)
        facts = self._map_facts(self.inputs)
        ground = self.common.ground
        others = ground[ground["code"] != self.code]
        chart = paper.district_map(self.own, self.own[MAP_INDICATOR], classes, others, MAP_SIZE)
        colours = (paper.OTHERS, theme.BLUE)
        locator = paper.region(ground, self.code, LOCATOR_SIZE, paper.DETAIL, colours, width=0.8)
        legend = [
            {"colour": colour, "text": text} for colour, text in zip(classes.colours, classes.labels, strict=True)
        ]
        if self.own[MAP_INDICATOR].isna().any():
            legend.append({"colour": theme.MISSING, "text": self.label("map.no_value")})
        return {
            "drawing": drawing(chart, MAP_SIZE[0]),
            "alt": self._map_alt(self.inputs, facts),
            "caption": self.text("caption_map", self.facts, **facts),
            "heading": self.label(f"indicator.{MAP_INDICATOR}.long"),
            "legend": legend,
            "locator": drawing(locator, LOCATOR_SIZE[0]),
            "locator_alt": self.label("sheet.locator"),
            "note": self._note("derived", "population"),
        }

    def _pyramid(self) -> dict[str, Any]:
        own, region = self.inputs.ages, self.inputs.region_ages
        words = {sex: self.label(f"axis.{sex}s").capitalize() for sex in ("male", "female")}
        peak = largest_class(own)
        width, height = PYRAMID_SIZE
        chart = paper.pyramid(own, region, words, lambda share: numbers.percent(share, 0, self.lang), height)
        return {
            "drawing": drawing(chart, width),
            "alt": self.text("alt_pyramid", self.facts, peak=peak),
            "caption": self.text("caption_pyramid", self.facts, peak=peak),
            "region": self.label("axis.region"),
            "note": self._note("derived", "population"),
        }

    def _indicators(self) -> dict[str, Any]:
        facts, printed = self.facts, self.common.printed.set_index("code")
        width, height = STRIP_SIZE
        rows = []
        for i in printed.columns:
            values = printed[i].astype(float)
            ends = {"low": self.value(i, values.min()), "high": self.value(i, values.max())}
            reference = facts["region"].get(i)
            rows.append(
                {
                    "label": self._name_of(i),
                    "district": self.value(i, facts["values"][i]),
                    "province": self.value(i, facts["province_values"].get(i)),
                    "region": self.value(i, reference),
                    "rank": numbers.integer(facts["ranks"][i], self.lang),
                    "alt": self._filled("strip_alt", n=facts["n_districts"], **ends),
                    "drawing": drawing(
                        paper.strip(values, self.code, reference, height, logarithmic=BY_ID[i].logarithmic), width
                    ),
                }
                | ends
            )
        legend = [self.label("axis.other_districts"), self.name, self.label("axis.region")]
        first, *others = datasets(printed.columns)
        note = self._note("derived", first)
        for name in others:
            self.cited.append(anchor(name))
            note["text"] += f" {self.label(f'note.{name}')}"
        for caveat in caveats_of(printed.columns, (self.code, facts["province"]["code"])):
            note["text"] += f" {self.label(f'caveat.{caveat.id}.text')}"
        strips = self.text("caption_sheet_strips", {"logarithmic": logarithmic(printed.columns)})
        return {
            "rows": rows,
            "caption": f"{self.text('caption_indicators', facts)} {strips}",
            "legend": legend,
            "note": note,
        }

    def _name_of(self, indicator: str) -> str:
        """The name of a row of the table; some values are nothing without their unit."""
        name = self.label(f"indicator.{indicator}.long")
        return f"{name} ({self.label(f'indicator.{indicator}.unit')})" if BY_ID[indicator].unit in NAMED_UNITS else name

    def _project(self) -> list[dict[str, Any]]:
        """The project at a glance; what is not known or not published says so."""
        project, benchmark = self.facts["project"], self.facts["benchmark"]
        unknown = self.label("state.not_known")
        title = (project["title"] or self.label("state.not_published")) if project else unknown
        rows = [
            {"label": self.label("sheet.project"), "value": title},
            {"label": self.label("sheet.town"), "value": project["capofila_town"] if project else unknown},
        ]
        if project:
            rows.append({"label": self.label("sheet.link"), **self._status(project["link_status"]), "value": ""})
        rows.append({"label": self.label("sheet.amount"), "value": self.label("state.not_published")})
        total = numbers.euro(numbers.round_half_up(benchmark["total_eur"], -3), self.lang)
        each = self._filled("per_resident", value=numbers.euro_cents(benchmark["per_resident_eur"], self.lang))
        name = self.label("status.benchmark.name")
        rows.append({"label": name[:1].upper() + name[1:], "value": total, "note": each, "status": "benchmark"})
        return rows

    def _sources_cited(self) -> list[dict[str, Any]]:
        """The entries that citations lead to: what was computed here first, then the documents."""
        known = pd.concat([self.inputs.sources, self.common.common_sources]).drop_duplicates("source_id")
        cited = {*self.cited, *self.inputs.sources["source_id"]}
        datasets = [name for name in DATASETS if anchor(name) in cited]
        entries = [
            {
                "ref": anchor(name),
                "id": self.label(f"provenance.{name}.short"),
                "text": self.label(f"provenance.{name}.long"),
            }
            for name in datasets
        ]
        for row in self.titled_sources(known).sort_values("source_id").itertuples():
            if row.source_id in cited:
                address = str(row.address)
                link = {"to": address} if address.startswith(("http://", "https://")) else {}
                text = short_address(address) if link else address
                entries.append({"ref": row.source_id, "id": row.source_id, "text": text, **link})
        return entries

    def _page(self) -> dict[str, Any]:
        """Where the page stands: on the site if its address is known, else beside the sheet."""
        address = f"{config.edition_path(self.lang, f'distretti/{self.slug}')}.html"
        to = self.site.rstrip("/") + f"/{address}" if self.site else f"{self.slug}.html"
        return {"text": self.label("sheet.page"), "to": to, "address": to if self.site else address}


def drawing(chart: dict, width: int) -> dict[str, Any]:
    """The drawing of a chart for the typesetter."""
    return draw(chart, width).apart(paper.PIXEL)


def short_address(address: str) -> str:
    """A web address as it is printed: without scheme, shortened in the middle."""
    plain = address.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    if len(plain) <= ADDRESS_LETTERS:
        return plain
    tail = ADDRESS_LETTERS // 3
    return f"{plain[: ADDRESS_LETTERS - tail - 1]}…{plain[-tail:]}"
