"""The cities of WILL one by one: what is known of each, and who lives there."""

from __future__ import annotations

from helpers.analysis.indicators import find_present
from helpers.figures import charts, pyramids, reference_points
from helpers.figures.exhibit import Figure, Table
from helpers.figures.tables import Column
from helpers.pages.common.page import piece
from helpers.pages.common.page_words import unit_of
from helpers.pages.will.inputs import will_cities_inputs
from helpers.pages.will.page import WillPage
from helpers.prose.escape import md
from helpers.subjects import italy, will

#: What the figure compares, and what the first table shows; the rest stands in a second table.
FIGURE_INDICATOR = "old_age_index"
FIRST_INDICATORS = tuple(i.id for i in find_present(will.INDICATOR_IDS, prominence=1))


class WillCities(WillPage):
    """The page on the single cities."""

    notebook = "will_cities"
    address = "will/citta"
    titles = "will_cities_page"
    inputs_from = staticmethod(will_cities_inputs)

    def __init__(self, lang: str = "it", edition: str = ""):
        super().__init__(lang, edition)
        self.inputs = will_cities_inputs()
        self.facts, self.cities = self.inputs.facts, self.inputs.cities

    @piece
    def intro(self) -> None:
        """What is known of the cities, and what is not."""
        self.prose("will_cities_intro", self.facts | {"themes": self._themes()})

    def _themes(self) -> list[str]:
        """Cities whose theme some source gives."""
        facts = self.inputs.city_facts
        return facts.loc[(facts["item"] == "theme") & facts["value"].notna(), "city"].tolist()

    @piece
    def people(self) -> None:
        """Each city against its region on one indicator, then all indicators."""
        self.section("will_people")
        self.prose("will_cities_people", self.facts)
        table = self.inputs.profiles
        regions = table[table["kind"] == "region"].set_index("name")[FIGURE_INDICATOR]
        cities = table[table["kind"] == "city"].sort_values(FIGURE_INDICATOR, ascending=False)
        cities = cities.assign(region_value=cities["region"].map(regions))
        words = (self.label("will.city"), self.label("will.own_region"))
        show = self.show(FIGURE_INDICATOR)
        names, around = cities["name"].tolist(), cities["region"].tolist()
        values, references = cities[FIGURE_INDICATOR].tolist(), cities["region_value"].tolist()
        chart = reference_points.against(names, values, references, around, show, words, self.tick)
        columns = [
            self.name_column("name", "will.city"),
            Column("region", self.label("will.region")),
            self.number_column(FIGURE_INDICATOR, f"indicator.{FIGURE_INDICATOR}.short"),
            Column(
                "region_value",
                self.label("will.own_region"),
                show=show,
                numeric=True,
                unit=unit_of(FIGURE_INDICATOR),
                year=self.year_of(FIGURE_INDICATOR),
            ),
        ]
        caption, alt = self.text("caption_will_people", self.facts), self.text("alt_will_people", self.facts)
        note = self.note("derived", "will_population")
        self.exhibit(Figure("will-people", caption, alt, chart, cities, columns, self.words, note))

    @piece
    def indicators(self) -> None:
        """Every indicator of cities and regions."""
        table = self.inputs.profiles.assign(place=[self._place(row) for row in self.inputs.profiles.to_dict("records")])
        rest = [i for i in will.INDICATOR_IDS if i not in FIRST_INDICATORS]
        changing = [i for i in italy.shown(table) if i not in will.INDICATOR_IDS]
        tables = (
            ("will-indicators", ("residents", *FIRST_INDICATORS), "will_population"),
            ("will-more-indicators", rest, "will_population"),
            ("will-change", changing, "italy_counts"),
        )
        for name, shown, source in tables:
            note = self.note("derived", source)
            dated = self.year_column(table["year"]) if source == "will_population" else []
            columns = [self.name_column("place", "will.city_or_region"), *dated]
            columns += [self.number_column(i, f"indicator.{i}.short") for i in shown]
            self.exhibit(Table(name, self.label(f"caption.{name}"), table, columns, self.words, note))

    def _place(self, row: dict) -> str:
        return row["name"] if row["kind"] == "city" else self.label("will.whole_region").format(region=row["name"])

    @piece
    def pyramids(self) -> None:
        """The ages of each city beside its region's."""
        self.section("will_pyramids")
        ages = self.inputs.ages
        percent = self.show("share_0_14")
        words = self.pyramid_words() | {"reference": self.label("will.own_region")}
        drawn = ages.rename(columns=lambda name: name.replace("region_", "reference_")).assign(place=ages["city"])
        chart = pyramids.pyramids(drawn, words, percent)
        frame = ages.assign(age=ages["age_from"].map(charts.class_label))
        columns = [
            self.name_column("city", "will.city"),
            Column("age", self.label("table.age")),
            *self.pyramid_columns(),
            self.share_column("region_male_share", "will.region_male_share", self.year_of("residents")),
            self.share_column("region_female_share", "will.region_female_share", self.year_of("residents")),
        ]
        caption, alt = self.text("caption_will_pyramids", self.facts), self.text("alt_will_pyramids", self.facts)
        note = self.note("derived", "will_population")
        self.exhibit(Figure("will-pyramids", caption, alt, chart, frame, columns, self.words, note))

    @piece
    def cards(self) -> None:
        """What the sources say of each city."""
        self.section("will_cards")
        facts = self.inputs.city_facts
        for row in self.cities.to_dict("records"):
            self.markdown(f"### {md(row['city'])}")
            self.prose("will_city", self._city_facts(row))
            self.fact_list(facts[facts["city"] == row["city"]])
        others = facts[~facts["city"].isin(self.cities["city"])]
        for city in others["city"].drop_duplicates():
            self.markdown(f"### {md(city)}")
            self.fact_list(others[others["city"] == city])

    def _city_facts(self, row: dict) -> dict:
        profiles = self.inputs.profiles.set_index(["kind", "name"])
        own, around = profiles.loc[("city", row["city"])], profiles.loc[("region", self._region(row["city"]))]
        values = ("residents", "share_65_plus", "old_age_index")
        return {
            "region": row["region"],
            "year": int(own["year"]),
            "region_year": int(around["year"]),
            "state": row["state"],
            "source_ids": list(row["source_ids"]),
            "values": {i: float(own[i]) for i in values},
            "region_values": {i: float(around[i]) for i in values},
        }

    def _region(self, city: str) -> str:
        table = self.inputs.profiles
        return table.loc[(table["kind"] == "city") & (table["name"] == city), "region"].iloc[0]

    @piece
    def limits(self) -> None:
        """What these numbers do not say."""
        self.section("limits")
        self.prose("will_cities_limits", self.facts)
