"""The strategy and the timeline: every row on a page, dates no finer than their source, bars within known dates."""

import inspect
import re
from datetime import date, timedelta
from html import unescape

import pandas as pd
import pytest
from browser import until
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from showing import markup, pieces_of, show, words
from test_prose_render import BAD

from helpers.data import raw, required
from helpers.figures import gantt, shares
from helpers.pages.common import source_rows
from helpers.pages.strategy import page as strategy_page
from helpers.pages.strategy.inputs import AXES, axis_shares, strategy_inputs, words_of_confidence
from helpers.pages.timeline import page as timeline_page
from helpers.prose.labels import label, labels, row_texts
from helpers.prose.render import templates
from helpers.subjects import timeline

LANGS = ("it", "en")
PAGES = {"strategy": strategy_page.StrategyPage, "timeline": timeline_page.TimelinePage}
PLOTLY = "application/vnd.plotly.v1+json"
OWNED = ("events", "strategy_acts", "programme_facts", "strategy_facts")


@pytest.fixture(scope="module")
def pages():
    return {(template, lang): show(PAGES[template](lang), *pieces_of(template)) for template in PAGES for lang in LANGS}


# ---- dates


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2019-01-23", "2019-01-23", "2019-01-23"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2016-autumn", "2016-09-01", "2016-11-30"),
        ("2018-winter", "2018-12-01", "2019-02-28"),
        ("2015", "2015-01-01", "2015-12-31"),
    ],
)
def test_days_that_a_date_may_mean(value, first, last):
    assert timeline.span(value) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("value", ["", "19", "2019-13", "2019-02-30", "2019-easter", "2019-1-2", "autumn"])
def test_what_is_no_date_is_refused(value):
    with pytest.raises(ValueError):
        timeline.span(value)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_coarser_date_spans_the_finer_one(day):
    season = next(s for s, (a, b) in timeline.SEASONS.items() if day.month in ((a, a + 1, b) if a < b else (12, 1, 2)))
    year = day.year - (season == "winter" and day.month < 12)
    for text, kind in (
        (day.isoformat(), "day"),
        (day.isoformat()[:7], "month"),
        (f"{year}-{season}", "season"),
        (day.isoformat()[:4], "year"),
    ):
        first, last = timeline.span(text)
        assert timeline.precision(text) == kind
        assert first <= day <= last
        assert (last - first).days <= {"day": 0, "month": 30, "season": 91, "year": 365}[kind]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_events_does_not_depend_on_that_of_the_table(seed):
    events = raw.load("events")
    expected = timeline.order_events(events)
    shuffled = timeline.order_events(events.sample(frac=1, random_state=seed))
    pd.testing.assert_frame_equal(expected, shuffled)
    starts = [timeline.span(value)[0] for value in expected["date"]]
    assert starts == sorted(starts) and sorted(expected["event_id"]) == sorted(events["event_id"])


def test_the_precision_of_every_event_is_that_of_its_date():
    events = raw.load("events")
    assert [timeline.precision(d) for d in events["date"]] == events["precision"].tolist()


def test_what_a_date_is_gives_it_its_status():
    events = timeline.order_events(raw.load("events")).set_index("event_id")
    assert events.loc["EV-36", ["about", "status"]].tolist() == ["article", "indicative"]
    assert events.loc["EV-27", ["about", "status"]].tolist() == ["planned", "indicative"]
    assert events.loc[["EV-04", "EV-19", "EV-26"], "about"].tolist() == ["inferred"] * 3
    assert events.at["EV-19", "status"] == "derived"
    assert events.at["EV-10", "about"] is None and events.at["EV-10", "status"] == "sourced"


def test_conflicting_dates_are_those_the_rows_name():
    events = raw.load("events").set_index("event_id")
    assert events.at["EV-11", "confidence"] == "conflict 2 vs 3 Nov"
    assert "3/11/17 per webinfor" in raw.load("strategy_acts").set_index("act_id").at["ACT-03", "note"]
    assert "(19-20 Nov)" in events.at["EV-37", "event"]
    assert events.at["EV-11", "other_date"] == "2017-11-03" and events.at["EV-37", "other_date"] == "2019-11-19"
    assert "Against 27 Feb 2020" in events.at["EV-44", "note"] and events.at["EV-43", "date"] == "2020-02-27"
    same = events["same_event"].dropna()
    assert len(same) == 2 and all(same[other] == one for one, other in same.items())
    other = events.dropna(subset="other_date")
    assert all(0 < len(row.other_source_ids) <= len(set(row.source_ids)) for row in other.itertuples())
    assert all(set(row.other_source_ids) <= set(row.source_ids) for row in other.itertuples())
    assert "13/05/2017" in events.at["EV-05", "note"] and "S117" in events.at["EV-05", "note"]
    act = raw.load("strategy_acts").set_index("act_id").loc["ACT-02"]
    assert (act["other_date"], act["other_source_ids"]) == ("2017-05-13", ("S117",))
    sourced = {i for i, c in events["confidence"].items() if "conflict" in c}
    assert sourced <= set(timeline.order_events(raw.load("events")).query("conflict")["event_id"])


# ---- the rollout


@pytest.fixture(scope="module")
def phases():
    return timeline.rollout(timeline.order_events(raw.load("events")), raw.load("wa_fesr_acc_facts"))


def test_phases_computed_by_hand(phases):
    rows = phases.set_index("phase_id")
    ends = ["start_first", "start_last", "end_first", "end_last"]
    assert rows.loc["m1-call", ends].tolist() == ["2017-11-02", "2017-11-03", "2017-12-20", "2017-12-20"]
    assert rows.loc["origin", ends].tolist() == ["2015-01-01", "2015-12-31", "2017-05-22", "2017-05-22"]
    assert rows.loc["wa-pro", ends].tolist() == ["2019-09-13", "2019-09-13", "2020-02-27", "2020-03-05"]
    assert rows.loc["wa-firms", ends].tolist() == ["2020-10-23", "2020-10-23", "2021-10-01", "2021-10-31"]
    assert rows.loc["will", ends].tolist() == ["2019-09-01", "2019-11-30", "2024-11-28", "2024-11-28"]
    assert rows["status"][["m2-call", "fesr", "m1-support"]].tolist() == ["sourced", "derived", "indicative"]
    assert set(rows.at["wa-pro", "source_ids"]) == {"S035", "S034", "S086"}


def test_the_calls_are_open_when_the_table_of_measures_says(phases):
    measures, rows = raw.load("measures").set_index("measure_id"), phases.set_index("phase_id")
    for measure, phase in (("M1", "m1-call"), ("M2", "m2-call"), ("WA-PRO", "wa-pro"), ("FESR", "fesr")):
        assert measures.at[measure, "deadline"].isoformat()[:10] == rows.at[phase, "end"]
    for measure, phase in (("M1", "m1-call"), ("M2", "m2-call"), ("WA-DIS", "wa-dis")):
        assert measures.at[measure, "publication_date"] == rows.at[phase, "start"]


def test_every_phase_is_sourced_and_named(phases):
    known = set(raw.load("sources")["source_id"])
    assert all(ids and set(ids) <= known for ids in phases["source_ids"])
    assert set(phases["kind"]) == set(gantt.COLOURS)
    for lang in LANGS:
        names = [label(lang, f"timeline.phase_name.{key}") for key in phases["phase_id"]]
        # The names stand over the bars: longer ones would be cut off on a phone.
        assert len(set(names)) == len(phases) and max(map(len, names)) <= 54


def days(stretch):
    return {stretch[0] + timedelta(days=n) for n in range((stretch[1] - stretch[0]).days + 1)}


@given(st.lists(st.dates(date(2015, 1, 1), date(2016, 6, 1)), min_size=4, max_size=4))
def test_certain_and_uncertain_days_fill_a_phase_and_never_meet(four):
    begin, end = sorted(four[:2]), sorted(four[2:])
    if end[0] < begin[0] or end[1] < begin[1]:
        return
    row = dict(zip(("start_first", "start_last", "end_first", "end_last"), map(str, begin + end), strict=True))
    core = timeline.certain(row)
    inside = days(core) if core else set()
    around = [days(stretch) for stretch in timeline.uncertain(row)]
    assert inside | set().union(*around) == days((begin[0], end[1]))
    assert len(inside) + sum(map(len, around)) == (end[1] - begin[0]).days + 1
    assert (core is None) == (begin[1] > end[0])


def bars(figure):
    """First and last day of each bar drawn, by row."""
    found = {}
    for trace in figure["data"]:
        for row, base_, length in zip(trace["y"], trace["base"], trace["x"], strict=True):
            first = date.fromisoformat(base_)
            found.setdefault(row, []).append((first, first + timedelta(milliseconds=length) - timedelta(days=1)))
    return found


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.slow
def test_bars_are_drawn_within_the_known_dates_and_cover_them(pages, phases, lang):
    figure = next(b[PLOTLY] for b in pages["timeline", lang] if PLOTLY in b)
    drawn = bars(figure)
    assert len(drawn) == len(phases)
    for row, phase in enumerate(phases.to_dict("records")):
        stretches = sorted(drawn[row])
        assert stretches[0][0] == date.fromisoformat(phase["start_first"])
        assert stretches[-1][1] == date.fromisoformat(phase["end_last"])
        for (_, last), (first, _) in zip(stretches, stretches[1:], strict=False):
            assert first == last + timedelta(days=1)
    low, high = map(date.fromisoformat, figure["layout"]["xaxis"]["range"])
    assert all(low <= first and last <= high for row in drawn.values() for first, last in row)


@pytest.mark.slow
def test_days_that_are_not_certain_are_hatched(pages, phases):
    figure = next(b[PLOTLY] for b in pages["timeline", "it"] if PLOTLY in b)
    hatched = [t for t in figure["data"] if "pattern" in t["marker"]]
    open_ended = {i for i, p in enumerate(phases.to_dict("records")) if timeline.uncertain(p)}
    assert len(hatched) == 1 and set(hatched[0]["y"]) == open_ended


# ---- the list of events


@pytest.mark.parametrize("lang", LANGS)
def test_every_event_stands_exactly_once_with_its_text_date_and_sources(pages, lang):
    html = markup(pages["timeline", lang])
    items = re.findall(r'<li id="(ev-\d+)" data-group="([\w-]+)">(.*?)</li>', html)
    events = raw.load("events")
    assert sorted(i for i, _, _ in items) == sorted(events["event_id"].str.lower())
    said = {i: (group, unescape(text)) for i, group, text in items}
    for row in events.to_dict("records"):
        group, text = said[row["event_id"].lower()]
        assert group == timeline.GROUP_OF[row["strand"]]
        assert row_texts(lang, "events")[row["event_id"]]["event"] in text
        assert all(f'metodo.html#{source}"' in text for source in row["source_ids"])
        machine = re.search(r'<time datetime="([\d-]+)">', text)[1]
        assert machine == (row["date"][:4] if row["precision"] == "season" else row["date"])


@pytest.mark.parametrize("lang", LANGS)
def test_events_stand_under_their_year(pages, lang):
    html = markup(pages["timeline", lang])
    sections = re.findall(r'<section class="year" aria-labelledby="anno-(\d+)">(.*?)</section>', html)
    years = [int(year) for year, _ in sections]
    assert years == sorted(set(raw.load("events")["date"].str[:4].astype(int)))
    for year, text in sections:
        assert f'<h3 id="anno-{year}">' in text
        assert {m[:4] for m in re.findall(r'datetime="([\d-]+)"', text)} == {year}


def test_dates_say_how_well_they_are_known(pages):
    text = {lang: markup(pages["timeline", lang]) for lang in LANGS}
    item = {i: dict(re.findall(r'<li id="(ev-\d+)"[^>]*>(.*?)</li>', t)) for i, t in text.items()}
    assert "autunno 2016" in item["it"]["ev-04"] and "si conosce la stagione" in item["it"]["ev-04"]
    assert "autumn 2016" in item["en"]["ev-04"] and "year inferred" in item["en"]["ev-04"]
    assert "data dell’articolo" in item["it"]["ev-36"] and "si conosce" not in item["it"]["ev-36"]
    assert "3 novembre 2017" in item["it"]["ev-11"] and "Un’altra fonte dà" in item["it"]["ev-11"]
    assert "19 November 2019" in item["en"]["ev-37"]
    assert 'href="#ev-44">5 marzo 2020' in item["it"]["ev-43"]
    assert 'href="#ev-43">27 February 2020' in item["en"]["ev-44"]


def test_every_strand_can_be_chosen_and_the_counts_are_right(pages):
    html = markup(pages["timeline", "it"])
    boxes = re.findall(r'<input type="checkbox" value="([\w-]+)"> [^<]+<span>(\d+)</span>', html)
    counts = raw.load("events")["strand"].map(timeline.GROUP_OF).value_counts()
    assert {group: int(n) for group, n in boxes} == counts.to_dict()
    assert re.search(r'<form class="timeline-filter"[^>]* hidden', html)  # nothing to click where no script runs


def test_the_file_of_events_holds_every_row(pages):
    csv = next(b["text/csv"] for b in pages["timeline", "en"] if 'href="csv:events"' in b.get("text/html", ""))
    lines = csv.strip().splitlines()
    assert len(lines) == len(raw.load("events")) + 1 and lines[0].startswith("event_id,date,precision,event")


# ---- the page on the strategy


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("table", [t for t in OWNED if t != "events"])
def test_every_row_is_on_the_page_with_its_sources(pages, lang, table):
    text, html = words(pages["strategy", lang]), markup(pages["strategy", lang])
    frame = raw.load(table)
    key, said = frame.columns[0], row_texts(lang, table)
    for row in frame.to_dict("records"):
        shown = said[row[key]]
        for column in ("item", "subject", "note"):
            assert shown.get(column, "") in text, (row[key], column)
        value = shown.get("value", "")
        assert value in text or value[:1].upper() + value[1:] in text, row[key]
        assert all(f'metodo.html#{source}"' in html for source in row["source_ids"]), row[key]


@pytest.mark.parametrize("lang", LANGS)
def test_every_row_is_worded_where_the_table_is_not_blank(lang):
    columns = {"events": ["event"], "strategy_acts": ["subject"], "programme_facts": ["item", "value"]}
    for table, needed in columns.items():
        for row in raw.load(table).to_dict("records"):
            for column in needed:
                assert pd.isna(row[column]) or column in row_texts(lang, table)[row[f"{_key(table)}"]], row
    names = {row[0] for row in raw.load("strategy_facts").query("topic == 'ministry'")[["fact_id"]].to_numpy()}
    for row in raw.load("strategy_facts").to_dict("records"):
        # Names of people stay as they are.
        assert "value" in row_texts(lang, "strategy_facts")[row["fact_id"]] or row["fact_id"] in names


def _key(table):
    return raw.load(table).columns[0]


def test_acts_show_dates_no_finer_than_known_and_unknown_amounts_as_such(pages):
    html = markup(pages["strategy", "it"])
    acts = re.search(r'id="tbl-acts".*?</figure>', html, re.S)[0]
    rows = [unescape(re.sub(r"<[^>]+>", " ", r)) for r in re.findall(r"<tr>(.*?)</tr>", acts)][1:]
    assert len(rows) == len(raw.load("strategy_acts"))
    by_act = {name: next(r for r in rows if name in r) for name in ("Position Paper", "22-5076 ", "III.3c.7.1", "698")}
    assert "settembre 2016" in by_act["Position Paper"]
    assert "data non nota" in by_act["III.3c.7.1"] and "5 milioni di euro" in by_act["III.3c.7.1"]
    assert "n.d." in by_act["698"]


def test_both_sides_of_every_conflict_are_shown(pages):
    text = words(pages["strategy", "it"])
    start = text.index("Dove le fonti non concordano")
    part = text[start : text.index("Che cosa manca", start)]
    for side in (
        *("FSE 1, FSE 4, FSE 2, FSE 3 e FESR", "6,4 milioni", "6 milioni", "6,5 milioni", "2,5 milioni", "4 milioni"),
        *("2 novembre 2017", "3 novembre 2017", "27 febbraio 2020", "5 marzo 2020", "22 maggio 2017", "13 maggio 2017"),
        *("27 novembre 2020", "23 febbraio 2018", "Fondo per lo sviluppo e la coesione"),
    ):
        assert side in part, side
    assert "278 milioni" in text and "178 milioni" in text and "31,9%" in text


def test_the_four_ministries_and_two_directorates_are_named_with_who_led_them(pages):
    text = words(pages["strategy", "en"])
    for name in ("Augusto Ferrari", "Giuseppina De Santis", "Gianna Pentenero", "Monica Cerutti", "Gianfranco Bordone"):
        assert name in text
    facts = strategy_inputs().facts
    assert (facts["n_ministries"], facts["n_directorates"]) == (4, 2)
    # The act names its four proposers: the same four.
    note = raw.load("strategy_acts").set_index("act_id").at["ACT-02", "note"]
    sourced = raw.load("strategy_facts").query("topic == 'ministry'")["value"]
    assert all(name.split()[-1] in note for name in sourced)


def test_axes_of_the_programme_are_read_as_printed():
    axes = axis_shares(required.rows(*AXES))
    assert axes["share"].tolist() == [0.456, 0.204, 0.297, 0.003, 0.04] and axes["fact_id"].tolist() == list(AXES)
    assert axes["share"].sum() == pytest.approx(1)
    facts = strategy_inputs().facts
    assert facts["esf_total_eur"] == 872_290_000 and facts["erdf_total_eur"] == pytest.approx(965_800_000)
    assert facts["axis"]["printed_share"] == pytest.approx(278 / 872.29, abs=1e-4)
    assert facts["esf_share"] == 15e6 / 872_290_000 and facts["budget_eur"] == 20_000_000
    assert facts["n_acts_unnumbered"] == 2


def test_numbers_beside_a_text_are_those_it_prints():
    rows = raw.load("programme_facts").set_index("fact_id")
    for key, printed in (("PRF-09", "872.290.000,00 euro"), ("PRF-12", "278 milioni"), ("PRF-23", "965,8 milioni")):
        number = float(re.sub(r"[^\d,]", "", printed).replace(",", ".")) * (1e6 if "milioni" in printed else 1)
        assert printed in rows.at[key, "value"] and rows.at[key, "amount_eur"] == pytest.approx(number)
    for key in AXES:
        assert f"{rows.at[key, 'share'] * 100:g}%".replace(".", ",") in rows.at[key, "value"]


def test_the_chart_of_axes_shows_both_figures_of_the_axis_in_conflict(pages):
    figure = next(b[PLOTLY] for b in pages["strategy", "it"] if PLOTLY in b)
    drawn = {y: x for t in figure["data"] if t["type"] == "bar" for y, x in zip(t["y"], t["x"], strict=True)}
    (mark,) = [t for t in figure["data"] if t["type"] == "scatter"]
    assert drawn == {0: 45.6, 1: 20.4, 2: 29.7, 3: 0.3, 4: 4.0}
    assert (mark["y"], mark["x"]) == ([1], [31.87])


@pytest.mark.parametrize("lang", LANGS)
def test_how_most_facts_of_a_list_are_known_is_told_once(pages, lang):
    facts, read = raw.load("strategy_facts").set_index("fact_id"), 0
    for card in BeautifulSoup(markup(pages["strategy", lang]), "html.parser").select(".facts-card"):
        shared = cited_in(card.select_one(".provenance"))
        for item in card.select("dl > div"):
            own = set(facts.at[item["id"].upper(), "source_ids"])
            assert cited_in(item) == (set() if own == shared else own), item["id"]
            read += own == shared
    assert read > 25


def cited_in(part):
    return {link["href"].rpartition("#")[2] for link in part.select("a[href*='#S']")}


# ---- both pages


def test_every_degree_of_confidence_has_words_in_both_languages():
    for table in OWNED:
        for text in raw.load(table)["confidence"]:
            for lang in LANGS:
                assert label(lang, f"strategy.confidence.{words_of_confidence(text)}")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("template", PAGES)
def test_texts_read_well_and_hold_no_missing_value(pages, template, lang):
    markdown = [b["text/markdown"] for b in pages[template, lang] if set(b) == {"text/markdown", "text/plain"}]
    assert len(markdown) > 5
    for text in markdown:
        text = text.replace("\u00a0[", "[").replace(") [", ")[")
        plain = (
            unescape(re.sub(r"\]\([^)]*\)", "]", text))
            .replace("WE.CA.RE.", "WECARE")
            .replace("([", "(")
            .replace("[", " ")
        )
        plain = re.sub(r" (S\d{3}|dati|data)\]", "", plain).replace("]", "").replace("  ", " ")
        found = BAD.search(plain)
        assert not found, (found, plain)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("template", PAGES)
def test_a_paragraph_with_a_number_leads_to_its_source(pages, template, lang):
    names = re.compile(r"D\.G\.R\. [\d-]+|(Misura|Measure|asse|axis|assi|axes) \d|2014-2020|\b20[12]\d\b")
    for bundle in pages[template, lang]:
        text = bundle.get("text/markdown", "")
        for block in re.split(r"\n+", text):
            if not block.startswith("#") and "application/vnd.wecare.page+json" not in bundle:
                plain = names.sub("", unescape(re.sub(r"\]\([^)]*\)", "]", block)))
                assert not re.search(r"\d", re.sub(r"S\d{3}", "", plain)) or "metodo.html#" in block, block


def test_every_template_and_label_of_these_pages_is_used():
    modules = (strategy_page, timeline_page, source_rows, gantt, shares)
    source = "".join(inspect.getsource(m) for m in modules)
    own = [t for t in templates("it") if re.match(r"(strategy|timeline)_|(caption|alt)_(axes|gantt)", t)]
    assert own and [t for t in own if f'"{t}"' not in source] == []
    # Labels made of a prefix and a key of the data.
    made = re.compile(
        r"(strategy\.(confidence|caption)|timeline\.(kind_name|about|precision|group|phase_name)|\w+_page)\."
    )
    for key in labels("it"):
        if key.startswith(("strategy.", "timeline.", "section.strategy_", "section.timeline_")) and not made.match(key):
            name = key.split(".")[-1]
            assert re.search(rf"\b{name}\b", source), key


# ---- in a browser


@pytest.mark.browser
@pytest.mark.site
def test_without_scripts_every_event_is_there_and_nothing_to_choose_from(visit):
    page = visit.turn_to("cronologia.html", java_script_enabled=False)
    assert page.locator("#timeline li[data-group]:visible").count() == len(raw.load("events"))
    assert not page.locator("form.timeline-filter").is_visible()


@pytest.mark.browser
@pytest.mark.site
@pytest.mark.parametrize("address", ["cronologia.html", "en/cronologia.html"])
def test_the_keyboard_chooses_strands_and_takes_the_choice_back(visit, address):
    events = raw.load("events")
    page = visit.turn_to(address)
    page.wait_for_selector("form.timeline-filter", state="visible")
    shown = page.locator("#timeline li[data-group]:visible")
    assert shown.count() == len(events)
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "M2":
            break
    assert page.evaluate("document.activeElement.value") == "M2", "the keyboard does not reach the filter"
    page.keyboard.press("Space")
    assert shown.count() == (events["strand"] == "M2").sum() == 3
    assert re.match(r"3 (eventi su|of) 71", page.locator("form.timeline-filter [role=status]").inner_text())
    assert page.locator("section.year:visible").count() == page.locator(".years li:visible").count() == 1
    # The choice stands in the address, and a second strand adds to the first.
    until(page, "location.search === '?filone=M2'")
    page.locator("form.timeline-filter input[value=PATTO]").check()
    assert shown.count() == 4
    until(page, "location.search.includes('PATTO')")
    page.reload()
    page.wait_for_selector("form.timeline-filter", state="visible")
    assert page.locator("#timeline li[data-group]:visible").count() == 4
    page.locator("form.timeline-filter button").focus()
    page.keyboard.press("Enter")
    assert page.locator("#timeline li[data-group]:visible").count() == len(events)
    assert page.evaluate("document.activeElement.value") == "strategy"


@pytest.mark.browser
@pytest.mark.site
def test_a_link_to_an_event_shows_it_whatever_is_chosen(visit):
    page = visit.turn_to("cronologia.html?filone=M2#ev-44")
    page.wait_for_selector("form.timeline-filter", state="visible")
    assert page.locator("#ev-44").is_visible()


@pytest.mark.browser
@pytest.mark.site
@pytest.mark.parametrize("address", ["strategia.html", "cronologia.html"])
def test_nothing_sticks_out_on_a_phone_and_the_chart_is_drawn(visit, address):
    page = visit.turn_to(address, viewport={"width": 360, "height": 740})
    page.locator(".plot").focus()
    page.wait_for_selector(".plot[data-drawn=true]", timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    # Names over the bars stay within the chart.
    inside = """() => { const box = document.querySelector('.plot').getBoundingClientRect();
        return [...document.querySelectorAll('.plot .annotation')].every(a => {
          const own = a.getBoundingClientRect();
          return own.left >= box.left - 1 && own.right <= box.right + 1; }); }"""
    assert page.evaluate(inside)
