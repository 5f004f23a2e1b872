"""What the page of a district begins with: what to take along, where it is, its key numbers, WE.CA.RE. there."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from helpers.analysis.indicators import datasets
from helpers.declarations import BY_ID
from helpers.figures import paper, theme
from helpers.figures.drawing import draw
from helpers.pages.common.page import piece
from helpers.pages.common.records import Records
from helpers.pages.district.inputs import DistrictInputs
from helpers.prose import numbers
from helpers.prose.render import fill
from helpers.prose.rules import is_inferred

#: Indicators told at the top, of those that are there.
KEYS = ("old_age_index", "share_80_plus", "income_per_taxpayer", "residents_change")

#: Size of the map of the region, in pixels, and its finest detail.
LOCATOR, DETAIL = (150, 180), 2.0

#: Size of a strip, in pixels.
STRIP = (140, 20)


class Opening(Records):
    """The first pieces of a district's page; parameters as of :class:`.page.DistrictReport`."""

    inputs: DistrictInputs

    def marked(self, status: str, *what: str) -> Markup:
        """Citations with the status of what they stand for, as HTML."""
        title = self.label(f"status.{status}.cited")
        return Markup(" ").join(
            Markup('<a href="{}" title="{}">{}</a>').format(self.source_address(i), title, self.source_name(i))
            for i in what
        )

    def filled(self, key: str, **values: object) -> str:
        """A label of the district's page whose places are filled."""
        return fill(self.lang, f"district.{key}", **values)

    def rank(self, rank: int | None) -> str:
        """A place among the districts: ``6 su 30``; blank where there is none."""
        return "" if rank is None else self.filled("rank", rank=rank, n=self.inputs.facts["n_districts"])

    @piece
    def opening(self) -> None:
        """What a reader may take along; where the district is and what it borders on; its key numbers."""
        slug = self.inputs.slug
        links = (
            (f"{slug}.pdf", self.label("district.pdf")),
            (f"{self.to_root}data/xlsx/{slug}.xlsx", self.label("district.workbook")),
        )
        embed = Markup('<li><a href="#embed">{}</a></li>').format(self.label("district.embed"))
        items = Markup("").join(Markup('<li><a href="{}" download>{}</a></li>').format(to, text) for to, text in links)
        share = Markup('<li><button type="button" data-share="{}" data-live hidden>{}</button></li>').format(
            self.label("district.shared"), self.label("district.share")
        )
        self.html(Markup('<ul class="downloads">{}{}{}</ul>').format(items, embed, share))
        self.html(Markup('<div class="opening">{}{}</div>').format(self._place(), self._key_numbers()))

    def _place(self) -> Markup:
        chart = paper.region(
            self.inputs.ground, self.inputs.code, LOCATOR, DETAIL, (paper.OTHERS, theme.BLUE), width=0.8
        )
        drawn = draw(chart, LOCATOR[0], "locator").svg(alt=self.label("sheet.locator"))
        around = Markup(", ").join(
            Markup('<a href="{}.html">{}</a>').format(other["slug"], other["name"])
            for other in self.inputs.facts["neighbours"]
        )
        return Markup('<div class="locator">{}<p>{}: {}.</p></div>').format(
            drawn, self.label("district.borders"), around
        )

    def _key_numbers(self) -> Markup:
        facts = self.inputs.facts
        share = numbers.percent(facts["share_of_region"], lang=self.lang)
        small = numbers.integer(facts["small_comuni"]["n"], self.lang)
        cards = [
            (
                *("residents", facts["residents"], ["population", "boundaries"]),
                self.filled("of_region", share=share, rank=self.rank(facts["residents_rank"])),
            ),
            ("n_comuni", facts["n_comuni"], ["boundaries"], fill(self.lang, "sheet.small_comuni", n=small)),
        ]
        for key in KEYS:
            if facts["values"].get(key) is not None:
                region = self.value(key, facts["region"].get(key))
                beside = self.filled("against", value=region, rank=self.rank(facts["ranks"][key]))
                cards.append((key, facts["values"][key], datasets([key]), beside))
        items = Markup("").join(
            Markup('<li class="number"><strong>{}</strong><span>{}</span><small>{} {}</small></li>').format(
                self.value(key, value), self.label(f"indicator.{key}.short"), beside, self.marked("derived", *sources)
            )
            for key, value, sources, beside in cards
        )
        return Markup('<ul class="numbers">{}</ul>').format(items)

    @piece
    def wecare(self) -> None:
        """WE.CA.RE. in the district: the project at a glance, what is known of its work, its page."""
        self.section("wecare")
        project = self.inputs.facts["project"]
        rows = Markup("").join(
            Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(self.label(f"district.{key}"), told)
            for key, told in (*self._project_rows(project), *self._money(project))
        )
        self.html(Markup('<dl class="facts">{}</dl>').format(rows))
        if self.inputs.work:
            self.markdown(f"### {self.label('project.known')}")
            self.html(self.fact_items("misura1_facts", self.inputs.work))
        # The project's own page where it is known, else that of the measure.
        address = f"progetti/{project['slug']}" if project else "misure/misura-1"
        text = self.label("project.page" if project else "measure_link.district")
        self.html(Markup('<p><a href="{}{}.html">{}</a></p>').format(self.to_root, address, text))

    def _project_rows(self, project: dict[str, Any] | None) -> list[tuple[str, Markup]]:
        """Title, lead, partners and link; what no source tells says so once."""
        if project is None:
            return [("project", self.missing())]
        title = Markup("<strong>{}</strong>").format(self.original(project["title"])) if project["title"] else None
        inferred = project["lead_inferred"] or "lead" in is_inferred(project["confidence"])
        lead = self.row("misura1_projects", project["project_id"], "lead_ente_gestore", project["lead"])
        body = Markup("; {} {}").format(lead, self.badge("derived") if inferred else "") if lead else ""
        partners = "; ".join(partner["name"] for partner in project["partners"])
        status = project["link_status"]
        source = self.badge(status) + " " + self.marked(status, *project["source_ids"])
        rows = [
            ("project", title or self.missing()),
            ("lead", Markup("{}{}").format(project["capofila_town"], body)),
            ("partners", escape(partners) if partners else self.missing()),
        ]
        others = [name for name in project["districts"] if name != self.inputs.name]
        if others:
            rows.append(("sharing", escape("; ".join(others))))
        return [*rows, ("link", source)]

    def _money(self, project: dict[str, Any] | None) -> list[tuple[str, Markup]]:
        """The grant, what others got, the benchmark, and what was committed and paid."""
        facts, lang = self.inputs.facts, self.lang
        measure, benchmark = facts["measure"], facts["benchmark"]
        amount = project["amount_eur"] if project else None
        told = (
            Markup("{} {}").format(numbers.euro(amount, lang), self.marked("sourced", *project["source_ids"]))
            if project and amount is not None
            else self.missing()
        )
        others = self.filled(
            "range",
            n=measure["projects"],
            low=numbers.integer(measure["grant_min_eur"], lang),
            high=numbers.euro(measure["grant_max_eur"], lang),
            total=numbers.euro_millions(measure["total_over_eur"], lang),
        )
        each = self.filled("per_resident", value=numbers.euro_cents(benchmark["per_resident_eur"], lang))
        theory = Markup("{} {} <small>{} {}</small>").format(
            numbers.euro(benchmark["total_eur"], lang),
            self.badge("benchmark"),
            each,
            self.marked("benchmark", "benchmark"),
        )
        within = Markup("{} <small>{} {}</small>").format(
            told, others, self.marked("sourced", *measure["grant_source_ids"])
        )
        rows = [("amount", within), ("benchmark", theory)]
        return rows if self.inputs.spending.facts else [*rows, ("spent", self.missing())]

    def strip(self, indicator: str, compared: pd.DataFrame) -> Markup:
        """All districts on one indicator, this one marked, with the lowest and the highest value; as HTML."""
        values = compared[indicator].astype(float)
        low, high = (self.value(indicator, end) for end in (values.min(), values.max()))
        chart = paper.strip(
            values,
            self.inputs.code,
            self.inputs.facts["region"].get(indicator),
            STRIP[1],
            logarithmic=BY_ID[indicator].logarithmic,
        )
        alt = fill(self.lang, "sheet.strip_alt", n=self.inputs.facts["n_districts"], low=low, high=high)
        drawn = draw(chart, STRIP[0], "strip").svg("drawing strip", alt)
        return Markup('{}<span class="ends"><span>{}</span><span>{}</span></span>').format(drawn, low, high)

    def indicator_rows(self, inputs: DistrictInputs, beside: pd.DataFrame) -> pd.DataFrame:
        """What is printed of each indicator: values of district, province, region and others, rank and year."""
        facts, shown = inputs.facts, list(inputs.compared)
        columns = {"district": "values", "province": "province_values", "region": "region", "rank": "ranks"}
        rows = {c: [facts[values].get(i) for i in shown] for c, values in (columns | {"year": "years"}).items()}
        others = {code: row[shown].tolist() for code, row in beside.iterrows()}
        return pd.DataFrame({"indicator": shown} | rows | others)
