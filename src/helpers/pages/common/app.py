"""What the two interactive pages share: controls that wait for their script, data for it, buttons to share and save.

Everything is in the page before any script runs: map, table and texts of the first view. The controls are hidden until
the script that makes them work is there (``reports/assets/figures.js`` loads it).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import geopandas as gpd
from markupsafe import Markup, escape

from helpers.figures.exhibit import Table
from helpers.figures.outlines import Outlines, svg
from helpers.pages.common.page import Page
from helpers.pages.common.told_places import centres, told_groups
from helpers.prose import numbers
from helpers.prose.escape import script_json
from helpers.prose.provenance import DATASETS

#: Scripts with what both applications need; they are loaded first.
SHARED_SCRIPTS = "address districts-view"

#: Metres that tell places apart for the scripts.
PLACE = 100


class AppPage(Page):
    """A page with an application over the map of the districts."""

    #: Name of the script below ``reports/assets``.
    app = ""

    def cited(self, dataset: str) -> Markup:
        """The link from a number that changes under the reader's hand to what it rests on, as HTML."""
        title = escape(self.label(f"status.{DATASETS[dataset]}.cited"))
        text = escape(self.label(f"provenance.{dataset}.short"))
        return Markup('\u00a0<a href="{}" title="{}">{}</a>').format(self.source_address(dataset), title, text)

    def stage(self, inner: str, data: dict) -> None:
        """Show the application: its pieces and, for the script, its data."""
        self.html(
            Markup(
                '<div class="app" id="app-{}" data-app="{}" data-parts="{}">'
                '<p class="needs-script">{}</p>'
                '<p class="sr-only" role="status" data-role="live"></p>{}'
                '<script type="application/json" class="app-data">{}</script></div>'
            ).format(
                self.app, self.app, SHARED_SCRIPTS, self.label(f"{self.app}.ui.needs_script"), inner, script_json(data)
            )
        )

    def folded(self, table: Table, words: str) -> None:
        """Show a table that opens on demand."""
        ((bundle, metadata),) = table.outputs()
        folded = Markup('<details class="figure-data"><summary>{}</summary>{}</details>').format(
            words,
            Markup(bundle["text/html"]),  # noqa: S704 - the table's own
        )
        self.display(bundle | {"text/html": str(folded)}, metadata)

    def shared_data(self) -> dict:
        """What both scripts are told: language, words, how to cite."""
        citation = self.label("apps.citation").format(
            site=self.label("site.title"),
            title=self.label(f"{self.app}.title"),
            edition=self.edition.version,
            date=numbers.date(self.edition.date, lang=self.lang),
            address="{address}",
        )
        return {
            "lang": self.lang,
            "outlines": f"{self.to_site}data/districts.geojson",
            "sides": self.words_of("map.side"),
            "words": self.words_of("apps")
            | self.words_of(f"{self.app}.words")
            | {"citation": citation}
            | {"groups": self.label("map.groups.many"), "group": self.label("map.groups.group")}
            | {"mostly": self.label("map.where.mostly"), "middle": self.label("map.where.middle")}
            | {"apart": self.label("map.where.region")},
        }

    def rows_for_script(self, table: gpd.GeoDataFrame, *columns: str) -> list[dict[str, Any]]:
        """The districts as the scripts get them: these columns, and where each lies, in units of 100 metres."""
        rows = table[list(columns)].to_dict("records")
        places = centres(table) / PLACE
        return [row | {"place": place} for row, place in zip(rows, places.round().astype(int).tolist(), strict=True)]

    def drawn_map(self, drawn: Outlines, colours: Sequence[str], texts: Sequence[str], alt: str) -> Markup:
        """Map and the box in its empty corner that tells of the district pointed at."""
        return Markup(
            '<div class="map-box">{}<p class="readout" data-role="readout" aria-hidden="true"></p></div>'
        ).format(svg(drawn, colours, texts, alt))

    def told_on_map(self, said: str, table: gpd.GeoDataFrame, value: str) -> str:
        """The summary of a map, and where its highest and lowest values lie; the scripts write the same."""
        return f"{said} {told_groups(self, table, value)}".strip()

    def legend(self, title: str, entries: Iterable[tuple[str, str]]) -> Markup:
        """Colours and what they mean."""
        items = Markup("").join(
            (
                Markup(
                    '<span><svg class="swatch" viewBox="0 0 1 1" role="presentation" aria-hidden="true">'
                    '<rect width="1" height="1" fill="{}"/></svg>{}</span>'
                ).format(colour, text)
                for colour, text in entries
            )
        )
        return Markup('<div class="legend" data-role="legend"><b>{}</b>{}</div>').format(title, items)

    def select(
        self, name: str, label: str, groups: Sequence[tuple[str, Sequence[tuple[str, str]]]], chosen: str
    ) -> Markup:
        """A labelled choice; groups without a name stand by themselves."""
        parts = []
        for group, options in groups:
            items = Markup("").join(
                (
                    Markup('<option value="{}"{}>{}</option>').format(
                        value, " selected" if value == chosen else "", text
                    )
                    for value, text in options
                )
            )
            parts.append(Markup('<optgroup label="{}">{}</optgroup>').format(group, items) if group else items)
        return Markup(
            '<label class="field"><span>{}</span><select data-control="{}" class="form-select">{}</select></label>'
        ).format(label, name, Markup("").join(parts))

    def actions(self) -> Markup:
        """Buttons that share, cite and save what is shown."""
        buttons = (
            ("link", self.label("apps.copy_link")),
            ("cite", self.label("download.citation")),
            ("csv", self.label("apps.download_csv")),
            ("geojson", self.label("apps.download_geojson")),
        )
        items = Markup("").join(
            (Markup('<button type="button" data-action="{}">{}</button>').format(key, text) for key, text in buttons)
        )
        return Markup(
            '<div class="app-actions" data-live hidden role="group" aria-label="{}">'
            '{}<input data-role="by-hand" readonly hidden '
            'aria-label="{}"></div>'
        ).format(self.label("apps.actions"), items, self.label("apps.copy_by_hand"))
