"""The sources: what is known of each and no more, and marks that say what they lead to."""

import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from showing import markup, show

from helpers.data import raw
from helpers.pages.method.page import Method
from helpers.pages.project.page import ProjectReport
from helpers.publish.marks import name_marks
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

NAMES = {"S027": "Progetti & <b>titoli</b>"}


def test_a_mark_says_what_it_leads_to():
    marks = '<p><a href="#S027" title="dato da fonte">S027</a>, <a href="../metodo.html#S027">S027</a></p>'
    first, second = BeautifulSoup(name_marks(marks, NAMES), "html.parser").find_all("a")
    assert first["aria-label"] == second["aria-label"] == "S027: Progetti & <b>titoli</b>"
    assert first["title"] == "Progetti & <b>titoli</b> (dato da fonte)" and second["title"] == NAMES["S027"]
    assert (first["href"], first.text, second["href"]) == ("#S027", "S027", "../metodo.html#S027")


@pytest.mark.parametrize(
    "link",
    [
        '<a id="S027" href="metodo.html#S027">S027</a>',  # its name stands beside it
        '<a href="#S999">S999</a>',
        '<a href="#S027">la fonte</a>',
        '<a href="https://a.it/S027">S027</a>',
    ],
)
def test_other_links_stay_as_they_are(link):
    assert name_marks(link, NAMES) == link


def test_naming_marks_twice_is_naming_them_once():
    once = name_marks('<a class="x" href="#S027">S027</a>', NAMES)
    assert name_marks(once, NAMES) == once and 'class="x"' in once
