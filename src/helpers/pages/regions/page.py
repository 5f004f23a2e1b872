"""The regions of Italy compared, the signatories of the pact marked."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from helpers.analysis.indicators import find_present
from helpers.declarations.names import find_indicator, find_indicators
from helpers.figures import charts, italy, maps, pyramids
from helpers.figures.exhibit import Figure, Places, Table
from helpers.figures.tables import Column
from helpers.pages.common.page import piece
from helpers.pages.common.told_places import told_groups
from helpers.pages.laboratorio.inputs import MAP_INDICATOR, regions_inputs
from helpers.pages.laboratorio.page import LaboratorioPage
from helpers.prose import numbers
from helpers.prose.render import fill, upper_first
from helpers.subjects import italy as changing
from helpers.subjects import regions
from helpers.subjects.italy import ITALY

#: Indicators of the strips.
COMPARED = tuple(i.id for i in find_present(regions.INDICATORS, prominence=1))


class Regions(LaboratorioPage):
    """The pieces of the comparison; each method gives what it shows, and its arguments are what may be varied."""

    notebook = "regions"
    address = "laboratorio/regioni"
    titles = "regions_page"
    inputs_from = staticmethod(regions_inputs)

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        self.inputs = regions_inputs()
        self.facts = self.inputs.facts
        table = self.inputs.regions
        self.regions = table.assign(role_worded=table["role"].map(self._mark))
        self.signed = table.index[table["role"].isin(regions.SIGNED)].tolist()
        self.part = table.index[table["role"] == "signed_part"].tolist()

    def _mark(self, role: str) -> str:
        """Whether a region signed: yes, in part, no."""
        signed = "yes" if role in regions.SIGNED else "part" if role == "signed_part" else "no"
        return self.label(f"lab.signed.{signed}")

    @piece
    def brief(self) -> None:
        """How many people live in the regions that signed, and how old they are."""
        self.section("brief")
        self.prose("regions_brief", self.facts)

    @piece
    def map(self, indicator: str = MAP_INDICATOR) -> None:
        """The regions by an indicator, in its unit, the signatories outlined.

        Parameters
        ----------
        indicator
            One that follows from the ages, by its id, a name in either language or a synonym.

        Raises
        ------
        InputError
            If regions have no such indicator; says the nearest.
        """
        inputs, shown = self.inputs, find_indicator(indicator, regions.INDICATORS, "page.map")
        if shown != inputs.facts["indicator"]:
            inputs = regions_inputs(shown)
        self.section("map")
        areas = self.regions.reset_index()
        show, called = self.show(shown), self.label(f"indicator.{shown}.short")
        hover = [
            Markup("<b>{}</b><br>{}: {}<br>{}").format(r["name"], called, show(r[shown]), r["role_worded"])
            + ("" if self.facts["one_year"] else Markup("<br>{}").format(r["year"]))
            for r in areas.to_dict("records")
        ]
        classes = self.classes_of(shown, inputs.bounds)
        missing = self.label("map.no_value")
        chart = maps.choropleth(areas, areas[shown], classes, hover, missing, height=640)
        marked = areas["code"].isin([*self.signed, *self.part])
        names = (self.label("lab.outline.signed"), self.label("lab.outline.part"))
        chart = italy.outline(chart, areas, marked, areas["code"].isin(self.part), names)
        columns = self._columns(("residents", shown))
        frame = areas.drop(columns="geometry").sort_values(shown, ascending=False)
        caption = self.text("caption_regions_map", inputs.facts)
        alt = f"{self.text('alt_regions_map', inputs.facts)} {told_groups(self, areas, shown, 'italy')}"
        note = self.note("derived", "italian_regions")
        places = Places(frame["code"].tolist(), "data/geo/regions.geojson", "region_code")
        self.exhibit(Figure("regions-map", caption, alt, chart, frame, columns, self.words, note, places))

    @piece
    def strips(self, indicators: Sequence[str] = COMPARED) -> None:
        """Some indicators, each in its unit; the signatories against the other regions and Italy.

        Parameters
        ----------
        indicators
            Those that follow from the ages, by any of their names.

        Raises
        ------
        InputError
            If regions have no such indicator; says the nearest.
        """
        shown = find_indicators(indicators, regions.INDICATORS, "page.strips")
        if len(shown) > 1:
            n = upper_first(numbers.cardinal(len(shown), self.lang))
            self.markdown(f"## {fill(self.lang, 'section.regions_strips', n=n)}")
        else:
            self.section("indicators")
        caption, note = self.label("lab.caption.strips"), self.note("derived", "italian_regions")
        alt = self.text("alt_regions_strips", self._ends(self.regions, self.inputs.italy.iloc[0], shown))
        chart = self._strips(self.regions, self.inputs.italy.iloc[0], shown)
        columns, frame = self._columns(shown), self._with_italy()
        self.exhibit(Figure("regions-strips", caption, alt, chart, frame, columns, self.words, note))

    @piece
    def change(self, indicators: Sequence[str] | None = None) -> None:
        """Births, deaths, moves, foreign residents and incomes of every region, each in its unit.

        Parameters
        ----------
        indicators
            Those that are drawn, by any of their names; by default those of pages that every region has.

        Raises
        ------
        InputError
            If the regions have no such indicator; says the nearest.
        """
        self.section("regions_change")
        self.prose("regions_change", self.facts)
        table, note = self.inputs.changing, self.note("derived", "italy_counts")
        table = table.assign(
            name=table["name"].fillna(self.label("lab.italy")),
            role_worded=[self._mark(role) if code != ITALY else "" for code, role in table["role"].items()],
        )
        shown = changing.shown(table)
        own, whole = table.drop(index=ITALY), table.loc[ITALY]
        whole_of = [i.id for i in find_present(shown) if own[i.id].notna().all()]
        drawn = [i.id for i in find_present(whole_of, prominence=2)]
        if indicators is not None:
            drawn = find_indicators(indicators, whole_of, "page.change")
        caption, alt = self.label("lab.caption.change"), self.text("alt_regions_strips", self._ends(own, whole, drawn))
        columns = self._columns(shown, dated=False)
        chart = self._strips(own, whole, drawn)
        self.exhibit(Figure("regions-change", caption, alt, chart, table.reset_index(), columns, self.words, note))

    def _strips(self, table: pd.DataFrame, whole: pd.Series, shown: Sequence[str]) -> dict:
        """One strip per indicator; the signatories against the other regions and Italy."""
        others = [c for c in table.index if c not in self.signed + self.part]
        groups = {
            self.label("lab.signed.others"): others,
            self.label("lab.signed.part"): self.part,
            self.label("lab.signed.yes"): self.signed,
        }
        return charts.marked_strips(
            table[list(shown)],
            groups,
            {i: self.label(f"indicator.{i}.short") for i in shown},
            table["name"],
            {i: self.show(i) for i in shown},
            whole,
            self.label("lab.italy"),
            height=100 + 65 * len(shown),
        )

    def _ends(self, table: pd.DataFrame, whole: pd.Series, shown: Sequence[str]) -> dict:
        """Lowest and highest region of each indicator of the strips."""
        names = table["name"]
        ends = [
            {
                "indicator": i,
                "low": {"name": names[table[i].idxmin()], "value": float(table[i].min())},
                "high": {"name": names[table[i].idxmax()], "value": float(table[i].max())},
                "italy": float(whole[i]),
            }
            for i in shown
        ]
        return self.facts | {"ends": ends}

    @piece
    def pyramids(self) -> None:
        """A small age pyramid for every signatory, Italy as an outline."""
        self.section("regions_pyramids")
        names = self.regions["name"].loc[[*self.signed, *self.part]]
        titles = {code: name.split("/")[0] + ("*" if code in self.part else "") for code, name in names.items()}
        words = self.pyramid_words() | {"reference": self.label("lab.italy")}
        classes, outline = self.inputs.classes, self.inputs.italy_classes
        percent = self.show("share_0_14")
        ages = pd.concat(
            classes[classes["code"] == code].assign(
                place=title,
                reference_female_share=outline["female_share"].to_numpy(),
                reference_male_share=outline["male_share"].to_numpy(),
            )
            for code, title in titles.items()
        )
        chart = pyramids.pyramids(ages, words, percent, columns=2, cell_height=245)
        both = pd.concat([classes, outline.assign(code="IT")], ignore_index=True)
        frame = both.assign(
            name=both["code"].map({**titles, "IT": self.label("lab.italy")}),
            age=both["age_from"].map(charts.class_label),
        )
        columns = [
            self.name_column("name", "lab.table.region"),
            Column("age", self.label("table.age")),
            *self.pyramid_columns(),
        ]
        shares = self.regions["share_65_plus"].loc[names.index].sort_values()
        ends = {
            end: {"name": names[shares.index[at]], "value": float(shares.iloc[at])}
            for end, at in (("youngest", 0), ("oldest", -1))
        } | {"italy": float(self.inputs.italy.iloc[0]["share_65_plus"])}
        caption = self.text("caption_regions_pyramids", self.facts)
        alt = self.text("alt_regions_pyramids", self.facts, **ends)
        note = self.note("derived", "italian_regions")
        self.exhibit(Figure("regions-pyramids", caption, alt, chart, frame, columns, self.words, note))

    @piece
    def table(self, indicators: Sequence[str] = regions.INDICATORS) -> None:
        """Every region with the indicators that follow from the ages, each in its unit, Italy last.

        Parameters
        ----------
        indicators
            Those that are shown, by any of their names.

        Raises
        ------
        InputError
            If regions have no such indicator; says the nearest.
        """
        self.section("regions_table")
        caption, note = self.label("lab.caption.regions"), self.note("derived", "italian_regions")
        shown = find_indicators(indicators, regions.INDICATORS, "page.table")
        columns = self._columns(("residents", *shown))
        self.exhibit(Table("regions", caption, self._with_italy(), columns, self.words, note))

    def _with_italy(self) -> pd.DataFrame:
        whole = self.inputs.italy.assign(name=self.label("lab.italy"), role_worded="", year=pd.NA)
        return pd.concat([pd.DataFrame(self.regions.drop(columns="geometry")), whole]).reset_index()

    def _columns(self, shown: Sequence[str], dated: bool = True) -> list[Column]:
        named = [self.name_column("name", "lab.table.region"), Column("role_worded", self.label("lab.table.signatory"))]
        named += self.year_column(self.inputs.regions["year"]) if dated else []
        return [*named, *(self.number_column(i, f"indicator.{i}.short") for i in shown)]

    @piece
    def limits(self) -> None:
        """What is not known and what cannot be concluded."""
        self.section("limits")
        self.prose("regions_limits", self.facts)
