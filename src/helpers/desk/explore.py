"""The explorer of a notebook: controls that drive map, ranking, scatter, trend and table, all linked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from typing import Any

import ipywidgets as widgets
from markupsafe import Markup

from helpers.analysis.classes import COUNTS, SCHEME
from helpers.data import processed
from helpers.declarations import BY_ID
from helpers.desk.choices import (
    CHARTS,
    Choice,
    code_of,
    frame_of,
    indicators_of,
    rows_of,
    schemes_of,
    views_of,
    years_of,
)
from helpers.desk.figure_widget import FigureWidget
from helpers.desk.maps import words_in
from helpers.desk.names import KEYS, find_indicator, find_place
from helpers.desk.quantities import quantity
from helpers.desk.views import View
from helpers.figures import theme
from helpers.figures.tables import Column, html_table
from helpers.prose.labels import label

#: Charts that a control changes, where it does not change all.
CHANGED = {"versus": ("scatter",), "focus": ("trend",), "scheme": ("map", "rank"), "classes": ("map", "rank")}

#: Width of a chart in pixels: two stand beside each other where a notebook has the room.
HALF = 560

#: Borders of areas: of all, and of the one that is marked.
BORDER, MARKED = {"color": theme.AREA_BORDER, "width": 0.6}, {"color": theme.ORANGE, "width": 3}


class Explore(widgets.VBox):
    """Controls and charts of one explorer; ``choice`` says what is shown, ``views`` are the charts by name.

    Parameters
    ----------
    choice
        What is shown first.
    """

    def __init__(self, choice: Choice):
        self.choice, self.views = choice, views_of(choice)
        self._busy, self._turn = False, threading.RLock()
        self.controls = self._controls()
        self.charts: dict[str, FigureWidget] = {}
        self.table, self.code = widgets.HTML(), widgets.HTML()
        self.button = widgets.Button(description="</>", tooltip="Python")
        self.button.on_click(lambda _: self._toggle_code())
        self._drawn: str | None = None
        halves = widgets.Layout(grid_template_columns=f"repeat(auto-fit, {HALF}px)")
        self.grid, self.source = widgets.GridBox(layout=halves), widgets.HTML()
        self._draw(self.views)
        for name, control in self.controls.items():
            control.observe(self._follow(name), "value")
        rows = widgets.Layout(flex_flow="row wrap", align_items="flex-end")
        head = widgets.HBox([*self.controls.values(), self.button], layout=rows)
        super().__init__([head, self.code, self.grid, self.source, self.table])

    def _controls(self) -> dict[str, widgets.Widget]:
        choice, lang = self.choice, self.choice.lang
        districts = processed.load("districts").sort_values("name")
        places = [(label(lang, "axis.region"), "")]
        places += list(zip(districts["name"], districts["code"], strict=True))
        ids = [(BY_ID[i].words[lang].short, i) for i in indicators_of(choice)]
        named: dict[str, tuple[Any, str, Any]] = {
            "place": (places, "table.district", choice.place),
            "indicator": (ids, "explorer.control.indicator", choice.indicator),
            "year": (self._years(), "change.calendar_year", choice.year),
            "versus": (ids, "explorer.control.second", choice.versus),
            "focus": (self._rows(), "explorer.control.marked", choice.focus),
            "scheme": (self._schemes(), "explorer.control.scheme", choice.scheme),
            "classes": ([(str(k), k) for k in COUNTS], "explorer.control.classes", choice.classes),
        }
        look = {"description_width": "initial"}
        return {
            name: widgets.Dropdown(options=options, value=value, description=label(lang, key), style=look)
            for name, (options, key, value) in named.items()
        }

    def _years(self) -> list[tuple[str, int]]:
        return [("…", 0), *((str(year), year) for year in years_of(self.choice)[::-1])]

    def _schemes(self) -> list[tuple[str, str]]:
        return [(label(self.choice.lang, f"explorer.scheme.{scheme}"), scheme) for scheme in schemes_of(self.choice)]

    def _rows(self) -> list[tuple[str, str]]:
        frame = frame_of(self.choice).sort_values("name")
        return [("…", ""), *zip(frame["name"], frame[KEYS[self.choice.level]], strict=True)]

    def _follow(self, name: str) -> Callable[[Any], None]:
        def follow(change: Any) -> None:
            # JupyterLab hands changes to two threads until its second one is there: each waits for the one before.
            with self._turn:
                if not self._busy:
                    self._choose(name, change["new"])

        return follow

    def _choose(self, name: str, value: Any) -> None:
        """Take over a control; what the others offer follows from it."""
        self._busy = True
        try:
            known: dict[str, Any] = {name: value}
            if name == "place":
                known |= {"focus": "", "scheme": SCHEME}
            if name in ("place", "indicator"):
                known |= {"year": 0}
            self.choice = replace(self.choice, **known)
            # Options that stay the same would keep their value.
            if name in ("place", "indicator"):
                self.controls["year"].options = self._years()
                self.controls["year"].value = 0
            if name == "place":
                self.controls["focus"].options = self._rows()
                self.controls["focus"].value = ""
                self.controls["scheme"].options = self._schemes()
                self.controls["scheme"].value = SCHEME
            names = CHANGED.get(name, CHARTS)
            made = views_of(self.choice, names)
            self.views = {each: view for each, view in self.views.items() if each not in names} | made
            self._draw(made)
        finally:
            self._busy = False

    def _draw(self, made: Mapping[str, View]) -> None:
        """Take over charts that were made anew; what follows from the choice is shown with them."""
        for name, view in made.items():
            if name not in self.charts:
                # Whole from the beginning: what is changed before a browser shows it may be lost.
                self.charts[name] = FigureWidget(_described(view))
            else:
                # Outlines stay as long as the places do; the rest is small.
                _take(self.charts[name], view, name == "map" and self._drawn == self.choice.place)
        self._drawn = self.choice.place
        shown = [name for name in CHARTS if name in self.views]
        self.grid.children = [self.charts[name] for name in shown]
        sources = dict.fromkeys(self.views[name].source for name in shown)
        self.source.value = Markup("<br>").join(sources)
        self._mark()
        self._link()
        self.table.value = self._table()
        if self.code.value:
            self._show_code()

    def _mark(self) -> None:
        """The border of the place that is marked."""
        codes = self.views["map"].frame[KEYS[self.choice.level]].tolist()
        with self.charts["map"].batch_update():
            for trace, code in zip(self._areas(), codes, strict=True):
                wanted = MARKED if code == self.choice.focus else BORDER
                if trace.line.width != wanted["width"]:
                    trace.line = wanted

    def _areas(self) -> list[Any]:
        """The traces of the places, the neighbours around them left out."""
        filled = [trace for trace in self.charts["map"].data if trace.fill == "toself"]
        return filled[len(filled) - len(self.views["map"].frame) :]

    def _link(self) -> None:
        """A click on an area, a row or a point marks its place everywhere."""
        key = KEYS[self.choice.level]
        for trace, code in zip(self._areas(), self.views["map"].frame[key], strict=True):
            trace.on_click(self._marking([code]))
        for name in ("rank", "scatter"):
            codes = self.views[name].frame[key].tolist()
            for trace in self.charts[name].data:
                if trace.x is not None and len(trace.x) == len(codes):
                    trace.on_click(self._marking(codes))

    def _marking(self, codes: list[str]) -> Callable[[Any, Any, Any], None]:
        def mark(trace: Any, points: Any, state: Any) -> None:
            at = points.point_inds[0] if points.point_inds else 0
            self.controls["focus"].value = codes[at] if at < len(codes) else codes[0]

        return mark

    def _table(self) -> str:
        choice = self.choice
        frame, words = rows_of(choice), words_in(choice.lang, "we.explore")
        found = [quantity(frame, column, words, "we.explore") for column in frame.columns[1:]]
        columns = [Column("name", words.label("table.comune" if choice.place else "table.district"), row_header=True)]
        return str(html_table(frame, columns + [Column(q.id, q.short, q.show, numeric=True) for q in found]))

    def _toggle_code(self) -> None:
        if self.code.value:
            self.code.value = ""
        else:
            self._show_code()

    def _show_code(self) -> None:
        self.code.value = f"<pre>{escape(code_of(self.choice))}</pre>"


def _described(view: View) -> dict:
    """A view for a widget; the explorer says the sources of all views once."""
    made = view.described(HALF, source=False)
    return made | {"layout": made["layout"] | {"template": "none", "width": HALF}}


def _take(chart: FigureWidget, view: View, same: bool) -> None:
    """Show another view; of areas that stay, only colour and text change."""
    made = _described(view)
    kept = sum(trace.get("fill") == "toself" for trace in made["data"]) if same else 0
    with chart.batch_update():
        for trace, new in zip(chart.data[:kept], made["data"], strict=False):
            trace.fillcolor, trace.text = new["fillcolor"], new["text"]
    chart.data = chart.data[:kept]
    chart.add_traces(made["data"][kept:])
    chart.layout = made["layout"]


def explore(
    indicator: str = "old_age_index", versus: str = "share_small_comuni", *, place: object = None, lang: str = "it"
) -> Explore:
    """Explore the districts, or the comuni of one, with controls: a map, a ranking, a scatter, years and a table.

    A click on an area, a row or a point marks its place in all of them; the button ``</>`` shows the code of the
    present view.

    Parameters
    ----------
    indicator, versus
        What is shown first, and what it is set against: indicators by any of their names.
    place
        A district, whose comuni are shown; by default the districts.
    lang
        ``it`` or ``en``.

    Returns
    -------
    Explore
        A widget: the last line of a cell shows it. ``.choice`` is what is chosen, ``.views`` are the charts.

    Raises
    ------
    InputError
        If there is no such indicator or district; says the nearest.

    Notes
    -----
    Source: each chart says its own.

    Examples
    --------
    >>> import helpers as we
    >>> explorer = we.explore("density", place="Cuneo")
    >>> explorer.controls["classes"].value = 6
    >>> len(explorer.views["map"].frame), explorer.choice.classes
    (53, 6)
    """
    call = "we.explore"
    words_in(lang, call)
    processed.ensure()
    code = find_place(place, "districts", call) if place is not None else ""
    known = indicators_of(Choice(place=code))
    chosen, against = (find_indicator(name, known, call) for name in (indicator, versus))
    return Explore(Choice(place=code, indicator=chosen, versus=against, lang=lang))
