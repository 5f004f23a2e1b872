"""The same number everywhere: prose, tables, downloads, interface for machines, cards and sheets, in both languages."""

import json
import re
from decimal import Decimal

import pytest
from readers import PAGES, RAW_NUMBER, pages_of, pdf_text, rows_of, tables_of, words_of

from helpers.data import processed, raw
from helpers.prose import labels

pytestmark = pytest.mark.site

LANGS = {"it": "", "en": "en/"}

#: A cell of a table that is a number and nothing else: its sign, digits and unit.
PRINTED = re.compile(r"([+−]?)(?:€\s?)?(\d(?:[\d.,]*\d)?)\s?(%|euro)?")

#: Indicators read back, with the decimals they are printed with; shares as percentages.
INDICATORS = {
    "old_age_index": 1,
    "dependency_ratio": 1,
    "oldest_old_ratio": 1,
    "density": 0,
    "share_0_14": 1,
    "share_65_plus": 1,
    "share_80_plus": 1,
    "share_small_comuni": 1,
}


def written(value, decimals, lang):
    """A number as each language writes it, half to even as everywhere on the site."""
    text = f"{Decimal(repr(float(value))):,.{decimals}f}"
    return text if lang == "en" else text.translate(str.maketrans(".,", ",."))


def printed(indicator, value, lang):
    """An indicator as it is printed."""
    if not indicator.startswith("share_"):
        return written(value, INDICATORS[indicator], lang)
    return written(Decimal(repr(float(value))) * 100, 1, lang) + "%"


def number(cell, lang):
    """The value of a printed cell and the decimals it is printed with; None if the cell is no number."""
    if not (found := PRINTED.fullmatch(cell)):
        return None
    plain = found[2].replace(*((".", "") if lang == "it" else (",", ""))).replace(",", ".")
    sign, share = -1 if found[1] == "−" else 1, 2 if found[3] == "%" else 0
    decimals = len(plain.partition(".")[2]) or (-3 if plain.endswith("000") else 0)
    return sign * float(plain) / 10**share, decimals + share


def is_of(cell, value):
    """Whether a printed cell is what is printed of a value."""
    shown, decimals = cell
    return any(abs(shown - value) <= 0.5 * 10**-d * (1 + 1e-6) for d in {decimals, max(decimals, 0)})


@PAGES
@pytest.mark.parametrize("lang", LANGS)
def test_every_number_of_a_table_is_the_one_of_its_download(built, lang, which):
    read, wrong = 0, []
    for page in pages(built.site, lang, which):
        for name, table in tables_of(page).items():
            # Where nothing in it is in a language, both editions offer one file.
            own = page.with_name(f"{page.stem}-{name}.csv")
            other = built.site / own.relative_to(built.site / LANGS[lang])
            if not (own.exists() or other.exists()):
                assert name in ("explorer-side", "whatif"), (page, name)
                continue
            (head, *rows), data = table, rows_of(own if own.exists() else other)
            # A long file has a row per number; any of them may be the one.
            long = {"indicator", "year", "value", "unit"} <= data[0].keys() and len(data) != len(rows)
            assert long or len(data) == len(rows), (page, name)
            for cells, row in zip(rows, [None] * len(rows) if long else data, strict=True):
                given = [cell for one in (data if long else [row]) for cell in one.values()]
                values = [float(cell) for cell in given if RAW_NUMBER.fullmatch(cell)]
                for column, cell in zip(head, cells, strict=True):
                    # What a table adds to a series stands in the file of the indicators.
                    if long and not column.isdigit():
                        continue
                    if (shown := number(cell, lang)) and not (cell in given and RAW_NUMBER.fullmatch(cell)):
                        read += 1
                        if not any(is_of(shown, value) for value in values):
                            wrong.append((page.name, name, column, cell, row))
    assert read > {"all": 10_000, "few": 5_000}[which] and not wrong, wrong[:5]


def pages(site, lang, which):
    """The pages of an edition."""
    found = pages_of(site / LANGS[lang], which)
    return [p for p in found if lang == "en" or p.relative_to(site).parts[0] != "en"]


# ---- districts


@pytest.fixture(scope="module")
def districts():
    processed.ensure()
    slugs = raw.load("districts").set_index("distretto_id")["slug"]
    return processed.load("districts").set_index("code").assign(slug=slugs)


@pytest.fixture(scope="module", params=["few", pytest.param("all", marks=pytest.mark.audit)])
def looked_at(districts, request):
    """The districts whose pages and sheets are read: every fifth, or all."""
    return districts.sort_values("slug").iloc[:: 5 if request.param == "few" else 1]


@pytest.fixture(scope="module")
def benchmark(districts):
    budget = int(raw.load("measures").set_index("measure_id").at["M1", "budget_eur"])
    return districts["residents"] / districts["residents"].sum() * budget


def test_the_interfaces_hold_the_exact_values(built, districts, benchmark):
    listed = {e["id"]: e for e in json.loads((built.site / "data/districts.json").read_text())["districts"]}
    index = {e["id"]: e for e in json.loads((built.site / "api/districts.json").read_text())["districts"]}
    outlines = json.loads((built.site / "data/districts.geojson").read_text())["features"]
    drawn = {f["properties"]["id"]: f["properties"]["residents"] for f in outlines}
    table = {row["code"]: row for row in rows_of(built.site / "data/derived/districts.csv")}
    money = {row["code"]: row for row in rows_of(built.site / "data/derived/resources.csv")}
    for code, row in districts.iterrows():
        one = json.loads((built.site / f"api/districts/{row['slug']}.json").read_text())
        people = [one["residents"]["value"], listed[code]["residents"], index[code]["residents"]["value"], drawn[code]]
        assert {*people, int(table[code]["residents"])} == {row["residents"]}
        for indicator in INDICATORS:
            values = one["indicators"][indicator]["value"], listed[code]["indicators"][indicator]
            assert values == (pytest.approx(row[indicator], abs=5.1e-7),) * 2
            assert float(table[code][indicator]) == pytest.approx(row[indicator], abs=5.1e-7)
        assert one["benchmark"]["total"]["value"] == round(benchmark[code], -3)
        assert one["benchmark"]["per_resident"]["value"] == round(benchmark.sum() / districts["residents"].sum(), 2)
        assert float(money[code]["residents_eur"]) == pytest.approx(benchmark[code], abs=1e-5)


#: Where the prose of a district says its numbers, on its page and in its sheet alike.
SAID = {
    "it": {
        "residents": r"(?:In breve|Che cosa lo distingue) Il .{0,140}?([\d.]+) residenti",
        "share_0_14": r"i residenti fino a 14 anni sono (?:il |l’|lo )([\d,]+%) del totale",
        "share_65_plus": r"del totale, quelli di 65 anni e più (?:il |l’|lo )([\d,]+%)",
        "share_80_plus": r"e quelli di 80 anni e più (?:il |l’|lo )([\d,]+%)",
        "old_age_index": r"ce ne sono ([\d.,]+) di 65 anni e più: l’indice di vecchiaia",
        "dependency_ratio": r"ce ne sono ([\d.,]+) più giovani o più anziani",
        "density": r"La densità è di ([\d.,]+) residenti",
        "benchmark": r"(?:corrisponderebbero circa|Valore di riferimento) ([\d.]+) euro",
    },
    "en": {
        "residents": r"(?:In brief|What sets it apart) The .{0,140}?([\d,]+) residents",
        "share_0_14": r"residents aged 14 or under are ([\d.]+%) of the total",
        "share_65_plus": r"of the total, those aged 65 or over ([\d.]+%)",
        "share_80_plus": r"and those aged 80 or over ([\d.]+%)",
        "old_age_index": r"there are ([\d.,]+) aged 65 or over: the old- ?age index",
        "dependency_ratio": r"there are ([\d.,]+) aged under 15 or over 64",
        "density": r"Density is ([\d.,]+) residents",
        "benchmark": r"(?:would be about|Benchmark) €([\d,]+)",
    },
}


@pytest.fixture(scope="module")
def shown(districts, benchmark):
    """Every number of a district as each language prints it."""

    def of(code, lang):
        row = districts.loc[code]
        numbers = {i: printed(i, row[i], lang) for i in INDICATORS}
        numbers["residents"] = written(row["residents"], 0, lang)
        return numbers | {"benchmark": written(round(benchmark[code], -3), 0, lang)}

    return of


@pytest.mark.parametrize("lang", LANGS)
def test_the_prose_of_a_page_and_of_a_sheet_says_the_same_numbers(built, looked_at, shown, lang):
    folder = built.site / LANGS[lang] / "distretti"
    for code, slug in looked_at["slug"].items():
        told = shown(code, lang)
        for text in (words_of(folder / f"{slug}.html"), pdf_text(folder / f"{slug}.pdf")):
            found = {name: {*re.findall(pattern, text)} for name, pattern in SAID[lang].items()}
            assert found == {name: {told[name]} for name in SAID[lang]}, slug


def compared(page, heading):
    """A column of the table of a district, by indicator."""
    head, *rows = tables_of(page)["indicators"]
    return {cells[0]: cells[head.index(heading)] for cells in rows}


@pytest.mark.parametrize("lang", LANGS)
def test_the_tables_and_the_card_of_a_district_show_the_same_numbers(built, looked_at, shown, lang):
    site, words = built.site / LANGS[lang], labels(lang)
    lists = [("index", "districts"), ("distretti/index", "old-age-map"), ("distretti/index", "districts")]
    listed = [{cells[0]: cells for cells in tables_of(site / f"{page}.html")[name]} for page, name in lists]
    explored = {cells[0]: cells for cells in tables_of(site / "esplora.html")["values"]}
    financed = {cells[0]: cells for cells in tables_of(site / "risorse.html")["benchmarks"]}
    head = explored[words["table.district"]]
    for code, row in looked_at.iterrows():
        told = shown(code, lang)
        own = compared(site / f"distretti/{row['slug']}.html", "District" if lang == "en" else "Distretto")
        assert {i: own[words[f"indicator.{i}.long"]] for i in INDICATORS} == {i: told[i] for i in INDICATORS}
        for table in listed:
            assert table[row["name"]][2:5] == [told["residents"], told["share_65_plus"], told["old_age_index"]]
        values = dict(zip(head, explored[row["name"]], strict=True))
        assert {i: values[words[f"indicator.{i}.short"]] for i in INDICATORS} == {i: told[i] for i in INDICATORS}
        assert financed[row["name"]][1:3] == [told["residents"], told["benchmark"]]
        card = words_of(site / f"embed/{row['slug']}.html")
        for name in ("old_age_index", "share_80_plus"):
            assert f"{words[f'indicator.{name}.long']} {told[name]} " in card, (code, name)
            amount = f" €{told['benchmark']} " if lang == "en" else f" {told['benchmark']} euro"
        assert f" {told['residents']} ISTAT" in card and amount in card


def test_the_simulator_divides_the_budget_as_the_other_pages_do(built, districts, benchmark):
    rows = {row["name"]: row for row in rows_of(built.site / "simulatore-amounts.csv")}
    # In whole euro: what rounding down leaves goes, one each, to the largest remainders.
    for code, name in districts["name"].items():
        assert abs(int(rows[name]["residents"]) - benchmark[code]) < 1
    assert sum(int(row["residents"]) for row in rows.values()) == round(benchmark.sum()) == 6_400_000


@pytest.mark.parametrize("lang", LANGS)
def test_the_values_of_piedmont_are_the_same_on_the_pages_of_all_districts(built, looked_at, lang):
    region, words = processed.load("region").iloc[0], labels(lang)
    served = {e["id"]: e for e in json.loads((built.site / "api/indicators.json").read_text())["indicators"]}
    for indicator in INDICATORS:
        assert served[indicator]["region"]["value"] == pytest.approx(region[indicator], abs=5.1e-7)
    for slug in looked_at["slug"]:
        page = built.site / LANGS[lang] / f"distretti/{slug}.html"
        own = compared(page, "Piedmont" if lang == "en" else "Piemonte")
        for indicator in INDICATORS:
            assert own[words[f"indicator.{indicator}.long"]] == printed(indicator, region[indicator], lang), slug
