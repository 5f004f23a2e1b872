"""The explorer: any indicator on the map, ranked, against a second one, and districts side by side."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from helpers.analysis.classes import COUNT, COUNTS, SCHEME, SCHEMES, class_of, class_texts
from helpers.analysis.indicators import datasets, logarithmic
from helpers.data import processed
from helpers.declarations import BY_ID, THEMES
from helpers.errors import WecareError
from helpers.figures import outlines, theme
from helpers.figures.exhibit import Table
from helpers.figures.tables import csv_heading
from helpers.pages.common.app import AppPage
from helpers.pages.common.page import piece
from helpers.pages.explorer.inputs import EXPLORER_COUNTS, explorer_inputs
from helpers.prose import numbers

#: Decimals of the values that the script calculates with: far more than are printed.
SCRIPT_DECIMALS = 9

#: How many districts fit side by side.
SIDE_BY_SIDE = 5


class Explorer(AppPage):
    """The explorer of districts.

    Parameters
    ----------
    lang, edition
        See :class:`helpers.pages.common.page.Page`.
    indicator, second
        Ids of indicators that the districts have: what the first view shows, and what it is set against.
    scheme, classes
        How the classes of the first view are made (a key of :data:`helpers.analysis.classes.SCHEMES`) and how many.
    """

    notebook = "explorer"
    address = "esplora"
    titles = "explorer"
    inputs_from = staticmethod(explorer_inputs)
    app = "explorer"

    def __init__(
        self,
        lang: str = "it",
        edition: str = "",
        indicator: str = "old_age_index",
        second: str = "share_small_comuni",
        scheme: str = SCHEME,
        classes: int = COUNT,
    ):
        super().__init__(lang, edition)
        processed.ensure()
        self.inputs = explorer_inputs()
        self.facts, self.districts, self.indicators = self.inputs.facts, self.inputs.districts, self.inputs.indicators
        for value, known in ((indicator, self.indicators), (second, self.indicators), (scheme, SCHEMES)):
            if value not in known:
                raise WecareError(f"{value!r} is none of {', '.join(known)}.")
        if classes not in COUNTS:
            raise WecareError(f"classes is {classes!r}; it must be one of {', '.join(map(str, COUNTS))}.")
        bounds = self.inputs.classes.groupby(["indicator", "scheme", "k"])["bound"]
        self.class_bounds = {key: own.tolist() for key, own in bounds}
        self.first, self.second, self.scheme, self.k = indicator, second, scheme, classes

    @piece
    def intro(self) -> None:
        """What can be done here."""
        self.prose("explorer_intro", self.facts)

    @piece
    def tool(self) -> None:
        """The application: map, ranking, scatter, districts side by side."""
        self.section("explorer_tool")
        parts = [self._controls(), Markup('<div class="app-split">'), self._map(), self._ranking(), Markup("</div>")]
        self.stage(Markup("").join([*parts, self._scatter(), self._side_by_side(), self.actions()]), self._data())

    def href(self, slug: str) -> str:
        """Address of a district's page."""
        return f"{self.to_root}distretti/{slug}.html"

    def bounds(self, indicator: str, scheme: str, k: int) -> list[float]:
        """Bounds between the classes of an indicator; see :func:`helpers.analysis.classes.inner_bounds`."""
        return self.class_bounds.get((indicator, scheme, k), [])

    def median(self, indicator: str) -> float:
        """Median of the districts."""
        return float(self.districts[indicator].median())

    def _data(self) -> dict[str, Any]:
        rows = self.rows_for_script(self.districts, "code", "name", "slug", "residents")
        told = self.shared_data()
        return told | {
            "words": told["words"] | self.class_words,
            "first": {"i": self.first, "y": self.second, "c": self.scheme, "k": self.k},
            "schemes": list(SCHEMES),
            "sideBySide": SIDE_BY_SIDE,
            "residents": csv_heading(self.districts, self.number_column("residents")),
            "palettes": {k: list(colours) for k, colours in outlines.SEQUENTIAL.items()},
            "missing": theme.MISSING,
            "indicators": [self._indicator(i) for i in self.indicators],
            "districts": [r | {"href": self.href(r["slug"])} for r in rows],
        }

    def _indicator(self, indicator: str) -> dict[str, Any]:
        known = BY_ID[indicator]
        return {
            "id": indicator,
            **{part: self.label(f"indicator.{indicator}.{part}") for part in ("short", "long", "unit", "definition")},
            "measure": known.unit,
            "file": csv_heading(self.districts, self.number_column(indicator)),
            "share": known.unit == "share",
            "signed": known.signed,
            "decimals": known.decimals,
            "log": known.logarithmic,
            "missing": self.label(f"state.{self.why_missing(indicator)}"),
            "values": [_kept(value) for value in self.districts[indicator]],
            "region": _kept(self.facts.region[indicator]),
            "median": _kept(self.median(indicator)),
            "bounds": {s: {k: self.bounds(indicator, s, k) for k in COUNTS} for s in SCHEMES},
        }

    def _controls(self) -> Markup:
        of = {t.id: [i for i in self.indicators if BY_ID[i].theme == t.id] for t in THEMES}
        indicators = [
            (self.label(f"theme.{theme}"), [(i, self.label(f"indicator.{i}.long")) for i in ids])
            for theme, ids in of.items()
            if ids
        ]
        versus = [("", [(v, self.label(f"explorer.versus.{v}")) for v in ("region", "median")])]
        schemes = [("", [(s, self.label(f"explorer.scheme.{s}")) for s in SCHEMES])]
        counts = [("", [(str(k), str(k)) for k in COUNTS])]
        fields = (
            self.select("i", self.label("explorer.control.indicator"), indicators, self.first),
            self.select("y", self.label("explorer.control.second"), indicators, self.second),
            self.select("v", self.label("explorer.control.versus"), versus, "region"),
            self.select("c", self.label("explorer.control.scheme"), schemes, self.scheme),
            self.select("k", self.label("explorer.control.classes"), counts, str(self.k)),
        )
        definition = escape(self.label(f"indicator.{self.first}.definition"))
        return Markup(
            '<fieldset class="app-fields" data-live hidden><legend>{}'
            "</legend>{}</fieldset>"
            '<p class="sentence"><span data-role="definition">{}</span>{}</p>'
        ).format(self.label("explorer.control.legend"), Markup("").join(fields), definition, self._cited())

    def summary(self) -> str:
        """Highest, lowest, region and median of the first indicator; the script writes the same for any other."""
        indicator, words = self.first, self.words_of("explorer.words")
        values = self.districts[indicator]
        ends: dict[str, str] = {}
        for end, value in (("max", values.max()), ("min", values.min())):
            names = self.districts.loc[values == value, "name"].tolist()
            many = words["count_many"].format(n=numbers.integer(len(names), self.lang))
            ends |= {end: self.value(indicator, value), f"{end}_name": names[0] if len(names) == 1 else many}
        shown = {
            "indicator": self.label(f"indicator.{indicator}.long"),
            "region": self.value(indicator, self.facts.region[indicator]),
            "median": self.value(indicator, self.median(indicator)),
        }
        return words["summary"].format(**shown, **ends)

    def _map(self) -> Markup:
        indicator = self.first
        values, bounds = self.districts[indicator], self.bounds(indicator, self.scheme, self.k)
        classes = class_of(values, bounds, BY_ID[indicator].precision)
        palette = outlines.SEQUENTIAL[self.k]
        said = self.summary()
        texts = [f"{n}: {self.value(indicator, v)}" for n, v in zip(self.districts["name"], values, strict=True)]
        drawn = self.drawn_map(
            outlines.outlines(self.districts),
            [theme.MISSING if c < 0 else palette[c] for c in classes],
            texts,
            self.label("explorer.words.map_alt").format(summary=self.told_on_map(said, self.districts, indicator)),
        )
        entries = [
            (palette[c], f"{text} ({classes.count(c)})") for c, text in enumerate(self._class_texts(indicator, bounds))
        ]
        unit = self.label(f"indicator.{indicator}.unit")
        title = self.label("explorer.words.legend").format(unit=unit[0].upper() + unit[1:])
        return Markup(
            '<figure class="figure-wecare" id="fig-explorer-map"><figcaption class="caption">'
            '<p><span data-role="summary">{}</span>{}</p></figcaption>'
            "{}{}{}</figure>"
        ).format(said, self._cited(), drawn, self.legend(title, entries), self.indicators_note(self.indicators))

    def _cited(self) -> Markup:
        """Links to what the indicators rest on."""
        return Markup("").join(self.cited(name) for name in datasets(self.indicators))

    def _class_texts(self, indicator: str, bounds: list[float]) -> list[str]:
        """What the legend says of each class; the script writes the same."""
        return class_texts(bounds, BY_ID[indicator].precision, self.show(indicator), self.class_words)

    def _live_figure(self, name: str, inner: str) -> Markup:
        """A figure that only the script can draw; without it the table of all values says the same."""
        return Markup(
            '<figure class="figure-wecare" id="fig-explorer-{}" data-live hidden><figcaption class="caption">'
            '<p data-role="{}-caption"></p></figcaption>{}{}</figure>'
        ).format(name, name, inner, self.indicators_note(self.indicators))

    def _ranking(self) -> Markup:
        return self._live_figure(
            "ranking",
            Markup('<ol class="ranking" data-role="ranking"></ol><p class="told" role="alert" data-role="told"></p>'),
        )

    def _scatter(self) -> Markup:
        return self._live_figure("scatter", Markup('<div class="scatter" data-role="scatter"></div>'))

    def _side_by_side(self) -> Markup:
        title = escape(self.label("explorer.side_by_side"))
        inner = Markup(
            '<div class="table-scroll" tabindex="0"><table data-role="side"></table></div>'
            '<p class="side-actions"><button type="button" data-action="clear">'
            "{}</button></p>"
        ).format(self.label("explorer.clear"))
        return Markup('<h3 id="side-by-side" data-live hidden>{}</h3>{}').format(
            title, self._live_figure("side", inner)
        )

    @piece
    def all_values(self) -> None:
        """Every indicator of every district: what stands here without any script."""
        self.section("explorer_values")
        slugs = dict(zip(self.districts["name"], self.districts["slug"], strict=True))
        link = lambda name: Markup('<a href="{}">{}</a>').format(self.href(slugs[name]), name)  # noqa: E731
        columns = [self.name_column("name", "table.district", link)]
        columns += [self.number_column(c) for c in EXPLORER_COUNTS]
        columns += [self.number_column(i) for i in self.indicators]
        frame = pd.DataFrame(self.districts.drop(columns="geometry")).sort_values("name")
        note = self.indicators_note(self.indicators)
        self.exhibit(Table("values", self.label("explorer.values_caption"), frame, columns, self.words, note))

    @piece
    def reading(self) -> None:
        """How the classes are made and what cannot be concluded."""
        self.section("explorer_reading")
        self.prose("explorer_reading", self.facts, logarithmic=logarithmic(self.indicators))


def _kept(value: float | None) -> float | None:
    """A value for the script, which rounds only what it prints; None where there is none."""
    return None if value is None or pd.isna(value) else round(float(value), SCRIPT_DECIMALS)
