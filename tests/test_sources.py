"""The sources: what is known of each and no more, and marks that say what they lead to."""

import re
from itertools import pairwise

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from readers import PAGES, pages_of, read_page
from showing import markup, show

from helpers.data import raw
from helpers.pages.method.page import Method
from helpers.pages.project.page import ProjectReport
from helpers.publish.marks import Source, gather_marks
from helpers.subjects import sources

LANGS = ("it", "en")


def test_the_four_documents_have_the_titles_they_bear():
    table = raw.load("sources").set_index("source_id")
    titles = table.loc[["S019", "S030", "S120", "S136"], "title"].tolist()
    assert titles == [
        "Patto interregionale per l’innovazione sociale. Protocollo d’intesa",
        "“WeCaRe”, il Piemonte investe nell’Innovazione Sociale",
        "Un laboratorio delle Regioni per l’innovazione sociale",
        "Welfare Innovation Local Lab: la sperimentazione di nuovi sistemi di welfare locale. "
        "Sfide, possibilità e margini di sviluppo",
    ]
    assert table.at["S136", "author"] == "Annalisa Gramigna" and table.at["S019", "date"] == "2019-01-23"


def test_a_date_is_one_that_the_address_or_another_table_gives():
    events = raw.load("events")
    given = {ids[0]: date for ids, date in events[["source_ids", "date"]].to_numpy() if len(ids) == 1}
    given |= {"S019": "2019-01-23", "S135": "2024"}  # the document itself, and the table of publications
    for row in raw.load("sources").dropna(subset="date").itertuples():
        in_address = row.date.replace("-", "") in re.sub(r"\D", "", row.address)
        assert in_address or row.date == given.get(row.source_id), row


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://a.it/2017/11/wecare-64-milioni-per-la-strategia-27968/", "Wecare 64 milioni per la strategia"),
        ("https://a.it/node/901", ""),
        ("https://a.it/?p=1234", ""),
        ("http://a.it/62904637-Allegato-b-atto-di-indirizzo.html", "Allegato b atto di indirizzo"),
        ("https://a.it/novara-una-comunit%C3%A0-che-cura", "Novara una comunità che cura"),
        ("https://a.it/una-notizia-del-2019/amp", "Una notizia del 2019"),
    ],
)
def test_an_address_says_what_it_is_in_words_or_nothing(address, words):
    assert sources.words_of(address) == words


@given(st.text(), st.integers(1, 200))
def test_a_name_is_never_longer_than_asked(text, longest):
    short = sources.shorten(text, longest)
    assert len(short) <= longest + 1 and text.startswith(short.removesuffix("…"))


def test_what_is_not_known_comes_last():
    frame = pd.DataFrame(
        {
            "source_id": ["S1", "S2", "S3", "S4"],
            "kind": [None, "article", "article", "act"],
            "date": ["2020", None, "2019-01", None],
        }
    )
    assert sources.in_order(frame)["source_id"].tolist() == ["S4", "S3", "S2", "S1"]


# ---- pages


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_of_sources_shows_each_once_under_its_kind(lang):
    page = BeautifulSoup(markup(show(Method(lang), "sources")), "html.parser")
    tables = page.select('[id^="tbl-sources-"]')
    kinds = raw.load("sources").set_index("source_id")["kind"].fillna("other")
    assert [t["id"].removeprefix("tbl-sources-") for t in tables] == [k or "other" for k in sources.KINDS]
    shown = [span["id"] for t in tables for span in t.select("th span")]
    assert sorted(shown) == sorted(kinds.index)
    for table in tables:
        assert {kinds[span["id"]] for span in table.select("th span")} == {table["id"].removeprefix("tbl-sources-")}


@pytest.mark.parametrize("lang", LANGS)
def test_a_table_of_sources_names_each(lang):
    outputs = show(ProjectReport("M1-09", lang), "sources")
    rows = BeautifulSoup(markup(outputs), "html.parser").select("tbody tr")
    (file,) = [b["text/csv"] for b in outputs if "text/csv" in b]
    assert file.splitlines()[0] == "source_id,title,author,address,publisher,site,date,kind"
    table = {row["source_id"]: row for row in raw.rows("sources")}
    for row in rows:
        known, name = table[row.th.text], row.td
        assert name.text == sources.name_of(known) and name.a["href"] == known["address"]
        assert bool(name.select(".from-address")) == (known["title"] is None)


# ---- marks

KNOWN = {
    "S027": Source("S027", "Progetti & <b>titoli</b>", "https://a.it/b", "Regione Piemonte", "3 maggio 2018"),
    "S030": Source("S030", "we care", "https://b.it", "b.it", titled=False),
    "S031": Source("S031", "Nota"),
    "dati-population": Source("ISTAT", "Popolazione residente"),
}


def code(name, status="dato da fonte"):
    page = "metodo.html" if name.startswith("dati") else ""
    title = f' title="{status}"' if status else ""
    return f'<a href="{page}#{name}"{title}>{KNOWN[name].shown}</a>'


def gathered(body, page="pagina", lang="it"):
    html = gather_marks(f"<html><main>{body}</main></html>", page, lang, KNOWN)
    return BeautifulSoup(html, "html.parser").main


A, B, C = code("S027"), code("S030"), code("dati-population", "dato ricavato")


@pytest.mark.parametrize(
    "body, left",
    [
        (f"<p>Sono due. {A} {B}</p>", "Sono due. [1, 2]"),
        (f"<p>Sono {A} due {B}, e tre. {C}</p>", "Sono due, e tre. [1–3]"),
        (f"<p>Uno. {A} Due. {B} {C} Tre.</p>", "Uno. [1] Due. [2, 3] Tre."),
        (f"<p>Uno {A}. Due {B}.</p>", "Uno [1]. Due [2]."),
        (f"<p>Uno. {A} Di nuovo. {A}</p>", "Uno. [1] Di nuovo. [1]"),
        (f"<p>Bandi ecc. {A} e altro. {B}</p>", "Bandi ecc. e altro. [1, 2]"),
        (f"<ul><li>uno {A}</li><li>due {B}</li></ul>", "uno [1]due [2]"),
        (f"<table><tr><td>{A}, {B}</td><td>{C}</td></tr></table>", "[1, 2][3]"),
        (f"<p>Fonti: {A}, {B}, {A}<br>Nota {C}</p>", "Fonti: [1, 2]Nota [3]"),
        (f"<p>Bisogni ({A})</p>", "Bisogni [1]"),
        (f"<p>Come scrive Quarto.&nbsp;{A}\n{B} Poi.&nbsp;{C}</p>", "Come scrive Quarto.\u00a0[1, 2] Poi.\u00a0[3]"),
        (f'<p>Uno <em>{A}</em> {B} <a href="x.html">due</a> {C}</p>', "Uno  due [1–3]"),
    ],
)
def test_a_sentence_has_one_mark(body, left):
    main = gathered(body)
    main.details.extract()
    for mark in main.select("a.citation"):
        mark.string = f"[{mark.text}]"
    assert main.text == left


def test_a_mark_is_called_by_its_sources_and_leads_to_the_first():
    mark, other, more = gathered(f"<p>Uno. {A}{C} Due. {code('S031', '')} Tre. {B} {A} {C}</p>").select("a.citation")
    assert mark["aria-label"] == "1, 2: Progetti & <b>titoli</b>; Popolazione residente (dato ricavato)"
    assert (mark["href"], mark["class"]) == ("#S027", ["citation", "citation-derived"])
    assert mark["data-cites"] == "S027:sourced dati-population:derived"
    assert (other["aria-label"], other["class"], other["data-cites"]) == ("3: Nota", ["citation"], "S031:")
    assert more["aria-label"] == "1, 2, 4: we care e altre 2 fonti (dato ricavato)"


def test_the_list_tells_every_source_once():
    main = gathered(f"<p>Uno. {A} Due. {C} {A}</p><p>Tre. {B} {code('S031')}</p>", "en/a/pagina", "en")
    items = main.select("details.cited > ol.sources > li")
    assert [li["id"] for li in items] == ["S027", "dati-population", "S030", "S031"]
    assert items[0].text == "Progetti & <b>titoli</b>, Regione Piemonte, 3 maggio 2018 S027"
    assert [a["href"] for a in items[0].select("a")] == ["https://a.it/b", "../../en/metodo.html#S027"]
    assert items[0].select_one("[lang=it]") and items[2].select_one(".from-address")
    assert [a["href"] for a in items[1].select("a")] == ["../../en/metodo.html#dati-population"]
    assert main.summary.text.endswith("4")


@pytest.mark.parametrize("classes", ["table-wecare", "table-wecare figure"], ids=["embedded", "quarto"])
def test_the_list_takes_the_place_of_the_pages_own_table(classes):
    row = '<tr><th><a id="{0}" href="metodo.html#{0}">{0}</a></th></tr>'
    rows = row.format("S030") + row.format("S031")
    csv = '<p class="downloads"><a href="pagina-sources.csv" download>CSV</a></p>'
    table = f'<figure class="{classes}" id="tbl-sources"><table>{rows}</table>{csv}</figure>'
    main = gathered(f"<p>Uno. {B} {A}</p>{table}<h2>Dopo</h2>")
    assert main.table is None and main.select_one("details.cited + h2")
    assert [li["id"] for li in main.select("li")] == ["S030", "S027", "S031"]
    assert main.select_one('.cited a[href="pagina-sources.csv"]')


def test_on_the_page_of_all_sources_marks_keep_their_codes():
    main = gathered(f'<p>Uno. {A} {C}</p><p id="S027"></p>', "metodo")
    assert main.select_one("a.citation").text == "S027, ISTAT" and main.details is None


@pytest.mark.parametrize(
    "link",
    [
        '<a id="S027" href="metodo.html#S027">S027</a>',  # its name stands beside it
        '<a href="#S999">S999</a>',
        '<a href="#S027">la fonte</a>',
        '<a href="https://a.it/S027">S027</a>',
        '<p class="provenance"><a href="metodo.html#dati-population">Elaborazione su ISTAT</a>.</p>',
        f"<pre>{A}</pre>",
    ],
)
def test_other_links_stay_as_they_are(link):
    page = f"<html><main>{link}</main></html>"
    assert gather_marks(page, "pagina", "it", KNOWN) == page


PIECES = [
    A,
    B,
    C,
    "Uno",
    " due. ",
    ", ",
    "; ",
    "D.G.R. 22",
    " E ",
    "<em>tre</em>",
    "<br>",
    "</p><p>",
    " (",
    ") ",
    "&amp;",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14))
@pytest.mark.slow
def test_nothing_is_lost_but_codes(pieces):
    body = f"<p>{''.join(pieces)}</p>"
    before, after = BeautifulSoup(body, "html.parser"), gathered(body)
    for apart in (*before.select("a"), *after.select("a.citation, details")):
        apart.extract()
    assert [c for c in after.text if c.isalnum() or c in "&."] == [c for c in before.text if c.isalnum() or c in "&."]


# ---- the built site

#: Marks on the home page and on the page of a district; pages of records have one per row instead.
MOST = 60
#: Tables whose rows compare two things, each with its sources.
SIDES = {"tbl-wecare-will": 2}


@pytest.mark.site
@PAGES
def test_marks_are_few(built, which):
    for path in pages_of(built.site, which):
        name = path.relative_to(built.site).as_posix()
        main = BeautifulSoup(read_page(path), "html.parser").main
        if main is None:
            continue
        bare = name.removeprefix("en/")
        marks = main.select("a.citation")
        if bare == "index.html" or (bare.startswith("distretti/") and bare != "distretti/index.html"):
            assert len(marks) <= MOST, name
        for row in {id(row): row for mark in marks if (row := mark.find_parent("tr"))}.values():
            figure = row.find_parent("figure")
            allowed = SIDES.get(figure["id"] if figure else "", 1)
            assert len(row.select("a.citation")) <= allowed, (name, row.text)
        for mark, other in pairwise(marks):
            between = mark.next_sibling if mark.parent is other.parent else None
            assert between is None or between.next_sibling is not other or re.search(r"\w", between.text), name
        ids = {li["id"] for li in main.select(".cited li")} or {tag["id"] for tag in main.select("[id]")}
        for mark in marks:
            assert {cited.partition(":")[0] for cited in mark["data-cites"].split()} <= ids, name
            assert mark["aria-label"].startswith(f"{mark.text}: "), name
