"""WE.CA.RE. and WILL side by side, on the same dimensions."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from helpers.data import processed
from helpers.figures import lanes
from helpers.figures.exhibit import Figure, Table
from helpers.figures.tables import Column
from helpers.pages.common.page import piece
from helpers.pages.wecare_will.inputs import wecare_will_inputs
from helpers.pages.will.page import WillPage
from helpers.prose import numbers
from helpers.prose.provenance import SOURCES_PAGE, anchor

#: What is compared, in the order of the table.
DIMENSIONS = (
    *("unit", "governance", "funding", "object", "duration", "outcome"),
    *("evaluation", "scale", "population"),
)

#: The two sides, by the name both editions use.
SIDES = {"wecare": "WE.CA.RE.", "will": "WILL"}

#: Cells whose numbers are computed here rather than read, and what they rest on.
DATASETS = {
    "unit.wecare": "boundaries",
    "scale.will": "package",
    "population.wecare": "population",
    "population.will": "regions",
}

#: Cells that say that nothing was found.
UNKNOWN = ("funding.will",)


class WecareWill(WillPage):
    """The page of the comparison."""

    notebook = "wecare_will"
    address = "will/confronto"
    titles = "wecare_will_page"
    inputs_from = staticmethod(wecare_will_inputs)

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        processed.ensure()
        self.inputs = wecare_will_inputs()
        self.facts = self.inputs.facts

    @piece
    def intro(self) -> None:
        """What the two have in common, and in what they differ."""
        self.prose("wecare_will_intro", self.facts)

    @piece
    def table(self) -> None:
        """The comparison, cell by cell, each with its sources and status."""
        self.section("will_comparison")
        told = {cell: self._said(cell) for cell in self.inputs.sources}
        shown = {cell: self._cell(cell, text) for cell, text in told.items()}
        frame = pd.DataFrame(
            {
                "dimension": [self.label(f"will_dimension.{d}") for d in DIMENSIONS],
                **{f"{side}_cell": [f"{d}.{side}" for d in DIMENSIONS] for side in SIDES},
                **{side: [told[f"{d}.{side}"] for d in DIMENSIONS] for side in SIDES},
                **{f"{side}_basis": [self._basis(f"{d}.{side}") for d in DIMENSIONS] for side in SIDES},
            }
        )
        columns = [self.name_column("dimension", "will.dimension")]
        columns += [
            Column(f"{side}_cell", name, show=shown.__getitem__, file=(side, f"{side}_basis"))
            for side, name in SIDES.items()
        ]
        caption = self.label("caption.wecare-will")
        self.exhibit(Table("wecare-will", caption, frame, columns, self.words))

    def _said(self, cell: str) -> str:
        return self.text("wecare_will_cell", self.facts | {"cell": cell})

    def _basis(self, cell: str) -> list[str]:
        """What a cell rests on: source ids and names of datasets."""
        return [*self.inputs.sources[cell], *([DATASETS[cell]] if cell in DATASETS else [])]

    def _cell(self, cell: str, text: str) -> Markup:
        """A cell as HTML: which side it is (read where columns are stacked), the text, status and sources."""
        side = SIDES[cell.split(".")[1]]
        ids = self.inputs.sources[cell]
        parts = []
        if ids:
            parts.append(self.links(ids))
        if cell in DATASETS:
            name = DATASETS[cell]
            link = Markup('<a href="{}{}#{}">').format(self.to_root, SOURCES_PAGE, anchor(name))
            parts.append(
                Markup("{} {}{}</a>").format(self.badge("derived"), link, self.label(f"provenance.{name}.short"))
            )
        if cell in UNKNOWN:
            parts.append(Markup('<span class="not-known">{}</span>').format(self.label("state.not_known")))
        return Markup('<span class="side">{}</span>{}<br><small>{}</small>').format(side, text, Markup(" ").join(parts))

    @piece
    def timeline(self) -> None:
        """When each of the two took place."""
        self.section("will_time")
        events = self.inputs.events
        dates = [
            numbers.date(date, precision, self.lang)
            for date, precision in zip(events["date"], events["precision"], strict=True)
        ]
        names = [self.row("events", event, "event") for event in events["event_id"]]
        frame = events.assign(
            when=dates, event=names, name=events["side"].map(SIDES), source_ids=events["source_ids"].map(";".join)
        )
        hover = [f"{date}: {name}" for date, name in zip(dates, names, strict=True)]
        chart = lanes.lanes(events, SIDES, hover)
        columns = [
            Column("when", self.label("table.date"), row_header=True, file=("date", "precision")),
            Column("name", self.label("will.side")),
            Column("event", self.label("table.event")),
            self.sources_column(),
        ]
        caption = self.text("caption_will_timeline", self.facts)
        told = "; ".join(f"{name}, {said}" for name, said in zip(frame["name"], hover, strict=True))
        alt = f"{self.text('alt_will_timeline', self.facts)} {told}."
        ids = sorted({i for cell in events["source_ids"] for i in cell})
        note = self.sources_note("sourced", ids)
        self.exhibit(Figure("wecare-will-time", caption, alt, chart, frame, columns, self.words, note))

    @piece
    def town(self) -> None:
        """The town that stands in both."""
        self.section("will_town")
        self.prose("wecare_will_town", self.facts)

    @piece
    def limits(self) -> None:
        """What can and cannot be concluded."""
        self.section("will_conclude")
        self.prose("wecare_will_limits", self.facts)
