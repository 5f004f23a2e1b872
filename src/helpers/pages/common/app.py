"""What the two interactive pages share: controls that wait for their script, data for it, buttons to share and save.

Everything is in the page before any script runs: map, table and texts of the first view. The controls are hidden until
the script that makes them work is there (``reports/assets/figures.js`` loads it).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape

from helpers.figures.exhibit import Table
from helpers.figures.outlines import Outlines, svg
from helpers.pages.common.page import Page
from helpers.prose import numbers
from helpers.prose.provenance import DATASETS
from helpers.prose.render import labels

#: Script with what both applications need; it is loaded first.
SHARED_SCRIPT = "districts-view"


class AppPage(Page):
    """A page with an application over the map of the districts."""

    #: Name of the script below ``reports/assets``.
    app = ""

    def words_of(self, group: str) -> dict[str, str]:
        """The labels of a group by the last part of their key."""
        prefix = group + "."
        known = labels(self.lang).items()
        return {key.removeprefix(prefix): text for key, text in known if key.startswith(prefix)}

    def cited(self, dataset: str) -> str:
        """The link from a number that changes under the reader's hand to what it rests on, as HTML."""
        title = escape(self.label(f"status.{DATASETS[dataset]}.cited"))
        text = escape(self.label(f"provenance.{dataset}.short"))
        return f'\u00a0<a href="{self.source_address(dataset)}" title="{title}">{text}</a>'

    def stage(self, inner: str, data: dict) -> None:
        """Show the application: its pieces and, for the script, its data."""
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        # Without any "<" no text can close the element.
        text = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
        self.html(
            f'<div class="app" id="app-{self.app}" data-app="{self.app}" data-parts="{SHARED_SCRIPT}">'
            f'<p class="needs-script">{escape(self.label(f"{self.app}.ui.needs_script"))}</p>'
            f'<p class="sr-only" role="status" data-role="live"></p>{inner}'
            f'<script type="application/json" class="app-data">{text}</script></div>'
        )

    def folded(self, table: Table, words: str) -> None:
        """Show a table that opens on demand."""
        ((bundle, metadata),) = table.outputs()
        folded = f'<details class="figure-data"><summary>{escape(words)}</summary>{bundle["text/html"]}</details>'
        self.display(bundle | {"text/html": folded}, metadata)

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
            "words": self.words_of("apps") | self.words_of(f"{self.app}.words") | {"citation": citation},
        }

    def drawn_map(self, drawn: Outlines, colours: Sequence[str], texts: Sequence[str], alt: str) -> str:
        """Map and the box in its empty corner that tells of the district pointed at."""
        return (
            f'<div class="map-box">{svg(drawn, colours, texts, alt)}'
            '<p class="readout" data-role="readout" aria-hidden="true"></p></div>'
        )

    def legend(self, title: str, entries: Iterable[tuple[str, str]]) -> str:
        """Colours and what they mean."""
        items = "".join(
            '<span><svg class="swatch" viewBox="0 0 1 1" role="presentation" aria-hidden="true">'
            f'<rect width="1" height="1" fill="{escape(colour)}"/></svg>{escape(text)}</span>'
            for colour, text in entries
        )
        return f'<div class="legend" data-role="legend"><b>{escape(title)}</b>{items}</div>'

    def select(
        self, name: str, label: str, groups: Sequence[tuple[str, Sequence[tuple[str, str]]]], chosen: str
    ) -> str:
        """A labelled choice; groups without a name stand by themselves."""
        parts = []
        for group, options in groups:
            items = "".join(
                f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(text)}</option>'
                for value, text in options
            )
            parts.append(f'<optgroup label="{escape(group)}">{items}</optgroup>' if group else items)
        return (
            f'<label class="field"><span>{escape(label)}</span>'
            f'<select data-control="{name}" class="form-select">{"".join(parts)}</select></label>'
        )

    def actions(self) -> str:
        """Buttons that share, cite and save what is shown."""
        buttons = (
            ("link", self.label("apps.copy_link")),
            ("cite", self.label("download.citation")),
            ("csv", self.label("apps.download_csv")),
            ("geojson", self.label("apps.download_geojson")),
        )
        items = "".join(f'<button type="button" data-action="{key}">{escape(text)}</button>' for key, text in buttons)
        return (
            f'<div class="app-actions" data-live role="group" aria-label="{escape(self.label("apps.actions"))}">'
            f'{items}<input data-role="by-hand" readonly hidden '
            f'aria-label="{escape(self.label("apps.copy_by_hand"))}"></div>'
        )
