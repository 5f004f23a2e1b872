"""The page *Come cambia il Piemonte*: how the districts change beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
from markupsafe import escape

from helpers.errors import refuse
from helpers.figures import maps, scales, theme
from helpers.figures.exhibit import Figure, Pair
from helpers.figures.multiples import multiples
from helpers.figures.quadrants import quadrants
from helpers.figures.ranges import contributions
from helpers.figures.ranking import ranking
from helpers.figures.slopes import slopes
from helpers.figures.tables import Column
from helpers.pages.common.page import piece
from helpers.pages.common.ranked_map import MAP_HEIGHT, districts
from helpers.pages.common.told_places import told_kinds
from helpers.pages.trends.inputs import AREAS, INCOME, OLD_AGE, RESIDENTS, ranks
from helpers.pages.trends.words import TrendsWords
from helpers.prose import numbers

#: What the index of residents is in its first year.
BASE = 100

#: Colour of each class of comuni.
AREA_COLOURS = dict(zip(AREAS, theme.SEQUENTIAL, strict=True))

#: The finest detail of their map, as a share of its longer side: the page has much else to bring.
DETAIL = 1 / 320

#: Districts marked at each end of a change.
MARKED = 3

#: Parts of the balance, in the order of its colours.
PARTS = ("birth_rate", "migration_balance_rate", "death_rate")


class Trends(TrendsWords):
    """How the districts change beside each other; each method shows a piece."""

    notebook = "trends"
    address = "come-cambia"
    titles = "trends_page"

    @piece
    def brief(self) -> None:
        """Who loses people, who grows old, who earns less, who is far from a pole; what must be said of it."""
        if self.begin("brief"):
            self.prose("trends_brief", self.facts)
            self.html(self.indicators_note([INCOME]))

    @piece
    def residents(self) -> None:
        """Residents of each district since the first year."""
        if not self.begin("trends_residents"):
            return
        wide = self.of_districts(RESIDENTS)
        index = BASE * wide.div(wide.iloc[:, 0], axis=0)
        order = index.iloc[:, -1].sort_values(ascending=False, kind="stable").index
        wide, index = wide.loc[order], index.loc[order]
        own = self.inputs.series[RESIDENTS].loc["region"]
        ends = [numbers.show_signed(v - BASE, 1, self.lang) + "%" for v in index.iloc[:, -1]]
        one = partial(numbers.decimal, digits=1, lang=self.lang)
        chart = multiples(
            index.set_axis([self.names[code] for code in order]),
            BASE * own / own.iloc[0],
            BASE,
            ((90, BASE), (int(own.index[0]), int(own.index[-1]))),
            {
                part: self.label(f"trends.residents_{part}").format(year=self.inputs.break_year)
                for part in ("lost", "gained", "reference", "open", "break")
            },
            self.tick,
            # The name stands above the cell.
            [[f"{y}: {one(index.at[c, y])} ({self.value(RESIDENTS, wide.at[c, y])})" for y in wide] for c in order],
            ends,
            self.inputs.provisional[RESIDENTS],
            self.inputs.break_year,
        )
        change = self.number_column("residents_change")
        self.figure("residents", chart, wide, [*self.year_columns(wide, RESIDENTS), change], self.long(RESIDENTS, wide))

    @piece
    def ageing(self, marked: int = MARKED) -> None:
        """The old-age index in its first and last year, the region among the districts.

        Parameters
        ----------
        marked
            How many districts are marked that rose most, and as many that rose least.

        Raises
        ------
        InputError
            If there are not so many.
        """
        if not self.begin("trends_ageing"):
            return
        if not isinstance(marked, int) or not 0 <= 2 * marked <= len(self.table):
            most = len(self.table) // 2
            raise refuse("page.ageing", f"at each end {most} can be marked", f"write marked={most} or fewer", marked)
        wide = self.inputs.series[OLD_AGE].sort_values(self.inputs.series[OLD_AGE].columns[-1], ascending=False)
        change = self.change(wide)
        ends_at = self.ends_of(change.drop("region"), marked)
        kinds = ["region" if code == "region" else ends_at.get(code, "other") for code in wide.index]
        ends = [
            f"{self.names[code]} {self.value(OLD_AGE, last)} ({self.value('old_age_index_change', change[code])})"
            for code, last in wide.iloc[:, -1].items()
        ]
        chart = slopes(
            wide,
            kinds,
            self.looks("ageing", ("other", "down", "up", "region")),
            ends,
            self.hovers_by_year(wide, lambda code, year: self.value(OLD_AGE, wide.at[code, year])),
            scales.steps(wide.min().min(), wide.max().max(), 5),
            self.tick,
            self.label("trends.ageing_axis"),
            [int(year) for year in wide.columns],
            open_years=self.inputs.provisional[OLD_AGE],
        )
        columns = [*self.year_columns(wide, OLD_AGE), self.number_column("old_age_index_change")]
        self.figure("ageing", chart, wide, columns, self.long(OLD_AGE, wide), own={"old_age_index_change": change})

    @piece
    def income(self) -> None:
        """Places of the districts by income per taxpayer over the years."""
        if not self.begin("trends_income"):
            return
        wide = self.of_districts(INCOME)
        places = ranks(wide).sort_values(wide.columns[-1], kind="stable")
        wide = wide.loc[places.index]
        moved = {row["name"]: way for way in ("up", "down") for row in self.facts["income"][way]}
        chart = slopes(
            places,
            [moved.get(self.names[code], "other") for code in places.index],
            self.looks("income", ("other", "down", "up"), every=False),
            [self.place(places, code, self.names[code] in moved) for code in places.index],
            self.hovers_by_year(
                wide, lambda code, year: f"{places.at[code, year]}: {self.value(INCOME, wide.at[code, year])}"
            ),
            [1, *range(5, len(places) + 1, 5)],
            self.tick,
            self.label("trends.income_axis"),
            [int(year) for year in wide.columns[:: (len(wide.columns) - 1) // 2]],
            downwards=True,
        )
        first, last = (int(wide.columns[n]) for n in (0, -1))
        rank = self.label("trends.rank")
        extra = {f"rank_{year}": places[year] for year in (first, last)}
        columns = [
            *(Column(name, rank.format(year=name[5:]), str, numeric=True, unit="rank") for name in extra),
            *self.year_columns(wide[[first, last]], INCOME),
            self.number_column("income_growth"),
        ]
        self.figure("income", chart, wide, columns, self.long(INCOME, wide, rank=places), own=extra)

    @piece
    def distance(self) -> None:
        """Classes of the comuni on a map, beside the districts by their distance from a pole of services."""
        if not self.begin("trends_distance"):
            return
        table = self.table.sort_values(["minutes_to_pole", "name"], ascending=[False, True])
        labels = {area: self.label(f"trends.area_{area}") for area in AREAS}
        chart = maps.status_map(
            self.inputs.ground,
            self.table,
            self.hovers(self.table),
            self.links(self.table),
            labels,
            MAP_HEIGHT,
            AREA_COLOURS,
            DETAIL,
        )
        shares = [self.share_column(f"area_{area}", f"trends.area_{area}") for area in AREAS]
        columns = [self.district_column(), self.number_column("minutes_to_pole"), *shares]
        note = self.indicators_note(["minutes_to_pole", "share_inner_areas"])
        places = districts(table)
        caption, alt = (self.text(f"{kind}_trends_distance", self.facts) for kind in ("caption", "alt"))
        alt = f"{alt} {told_kinds(self, self.inputs.ground, 'status', labels)}"
        frame = table.drop(columns="geometry")
        long = self.long_of(table.set_index("code"), ["minutes_to_pole", "share_inner_areas"])
        figure = Figure("trends-distance", caption, alt, chart, frame, columns, self.words, note, places, long)
        parts = table[[f"area_{area}" for area in AREAS]]
        bars = ranking(
            parts.where(parts > 0),
            list(AREA_COLOURS.values()),
            table["name"],
            [self.value("minutes_to_pole", minutes) for minutes in table["minutes_to_pole"]],
            self.hovers(table, "minutes_to_pole"),
            self.links(table),
            legend=list(labels.values()),
        )
        beside = self.text("caption_trends_minutes", self.facts), self.text("alt_trends_minutes", self.facts)
        self.exhibit(Pair(figure, Figure("trends-minutes", *beside, bars, None, [], self.words, note)))

    @piece
    def quadrants(self) -> None:
        """Ageing and income of the districts, seen from the region."""
        if not self.begin("trends_quadrants"):
            return
        table, region = self.table, self.inputs.region
        ids = (OLD_AGE, INCOME)
        apart = ((table[list(ids)] - pd.Series(region)[list(ids)]) / table[list(ids)].std()).pow(2).sum(axis=1)
        order = apart.reset_index(drop=True).sort_values(ascending=False, kind="stable").index.tolist()
        chart = quadrants(
            table[OLD_AGE].tolist(),
            table[INCOME].tolist(),
            table["name"].tolist(),
            order,
            (region[OLD_AGE], region[INCOME]),
            self.label("trends.region_values"),
            self.hovers(table, *ids),
            self.links(table),
            (self.dated("quadrants_x", "ageing"), self.dated("quadrants_y", "income")),
            (self.tick, self.tick),
            self.label("trends.district"),
        )
        wide = table.set_index("code").sort_values(OLD_AGE, ascending=False)
        columns = [self.number_column(name) for name in ids]
        self.figure("quadrants", chart, wide, columns, self.long_of(wide, ids))

    @piece
    def balance(self) -> None:
        """Births, deaths and moves of each district in one year, and what they come to."""
        if not self.begin("trends_balance"):
            return
        wide = self.table.set_index("code").assign(
            total=lambda rows: rows["natural_balance_rate"] + rows["migration_balance_rate"]
        )
        wide = wide.sort_values(["total", "name"], ascending=[False, True])
        parts = wide[list(PARTS)].assign(death_rate=-wide["death_rate"])
        labels = [self.label(f"trends.{part}") for part in PARTS]
        one = partial(numbers.show_signed, digits=1, lang=self.lang)
        hover = [
            f"{text}<br>{self.label('trends.total').capitalize()}: {one(total)}"
            for text, total in zip(self.hovers(wide, *PARTS), wide["total"], strict=True)
        ]
        names = [escape(name) for name in wide["name"]]
        title = self.label("trends.balance_axis")
        chart = contributions(
            parts, names, [*labels, self.label("trends.total")], title, hover, self.links(wide), self.tick
        )
        columns = [
            *(self.number_column(part) for part in ("birth_rate", "death_rate", "natural_balance_rate")),
            self.number_column("migration_balance_rate"),
            Column("total", self.label("trends.total").capitalize(), one, numeric=True, unit="per_1000"),
        ]
        ids = ("birth_rate", "death_rate", "natural_balance_rate", "migration_balance_rate")
        self.figure("balance", chart, wide, columns, self.long_of(wide, ids))

    @piece
    def limits(self) -> None:
        """What these series and boundaries allow to conclude."""
        if self.begin("trends_limits"):
            self.prose("trends_limits", self.facts)

    def dated(self, key: str, part: str) -> str:
        """A word that names the latest year of a part of the facts."""
        return self.label(f"trends.{key}").format(year=self.facts[part]["last_year"])

    def place(self, places: pd.DataFrame, code: str, marked: bool) -> str:
        """A district's last place and its name, and how many places it moved if that is marked."""
        first, last = int(places.loc[code].iloc[0]), int(places.loc[code].iloc[-1])
        moved = f" ({numbers.show_signed(first - last, 0, self.lang)})" if marked else ""
        return f"{last} {self.names[code]}{moved}"

    def ends_of(self, change: pd.Series, n: int) -> dict[str, str]:
        """Who rose most and who rose least: ``up`` or ``down`` by code."""
        order = change.sort_values(kind="stable").index
        return {**dict.fromkeys(order[len(order) - n :], "up"), **dict.fromkeys(order[:n], "down")}

    def figure(
        self,
        name: str,
        chart: dict,
        wide: pd.DataFrame,
        columns: list[Column],
        file: tuple[pd.DataFrame, list[Column]],
        own: dict[str, pd.Series] | None = None,
    ) -> None:
        """Show a chart with its table, a row per district, and its long file."""
        caption, alt = (self.text(f"{kind}_trends_{name}", self.facts) for kind in ("caption", "alt"))
        frame = self.rows(wide, own or {})
        note = self.series_note(INCOME) if name == "income" else self.indicators_note(NOTES[name])
        shown = [self.district_column(), *columns]
        self.exhibit(Figure(f"trends-{name}", caption, alt, chart, frame, shown, self.words, note, file=file))


#: Indicators whose sources stand under each chart.
NOTES: dict[str, Sequence[str]] = {
    "residents": ["residents_change"],
    "ageing": ["old_age_index_latest"],
    "quadrants": [OLD_AGE, INCOME],
    "balance": ["birth_rate"],
}
