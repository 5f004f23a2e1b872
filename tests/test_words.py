"""Words of the site: Italian articles agree, nothing is said of data that are not there, nobody private is named."""

import io
import re
import zipfile
from hashlib import sha256
from itertools import pairwise

import pandas as pd
import pytest
from conftest import ROOT
from num2words import num2words
from readers import DOCUMENTATION, OURS, SHUNNED, pdf_text, said, tables_of, words_of
from test_environment import tracked

from helpers.data import feed, raw

LANGS = {"it": "", "en": "en/"}

# ---- Italian articles before numbers and months

SINGULAR = "il|lo|l|del|dello|dell|al|allo|all|dal|dallo|dall|nel|nello|nell|sul|sullo|sull"
PLURAL = "i|gli|dei|degli|ai|agli|dai|dagli|nei|negli|sui|sugli"
FEMININE = "la|l|della|dell|alla|all|dalla|dall|nella|nell|sulla|sull"
ELIDED = re.compile(r"l|\w+ll", re.IGNORECASE)
MONTHS = "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre"
SEASONS = "primavera|estate|autunno|inverno"

BEFORE = r"(?<![\w’'.])"
AFTER = r"(?![\w-]|[.,]\d)"
NUMBER = re.compile(
    rf"{BEFORE}(?P<article>{SINGULAR}|{PLURAL}|{FEMININE})(?:\s|(?<=[lL])[’'])"
    rf"(?P<whole>\d{{1,3}}(?:\.\d{{3}})+|\d+)(?P<part>,\d+)?(?P<rank>[ºª]?){AFTER}",
    re.IGNORECASE,
)
NAMED = re.compile(
    rf"{BEFORE}(?P<article>{SINGULAR})(?:\s|(?<=[lL])[’'])(?P<name>{MONTHS}|{SEASONS}){AFTER}", re.IGNORECASE
)


def disagreeing(text):
    """Articles in a text that do not agree with the number, the rank or the month after them."""
    found = []
    for match in NUMBER.finditer(text):
        article, whole = match["article"].lower(), int(match["whole"].replace(".", ""))
        spoken = num2words(whole, lang="it", to="ordinal" if match["rank"] else "cardinal")
        vowel = spoken[0] in "aeiou"
        if re.fullmatch(PLURAL, article):
            agrees = article.endswith("gli") == (vowel or spoken.startswith("z"))
        elif article in ("lo", "dello", "allo", "dallo", "nello", "sullo"):
            agrees = spoken.startswith("z")
        else:
            agrees = bool(ELIDED.fullmatch(article)) == vowel and not spoken.startswith("z")
        if not agrees:
            found.append(match[0])
    for match in NAMED.finditer(text):
        if bool(ELIDED.fullmatch(match["article"])) != (match["name"][0].lower() in "aeiou"):
            found.append(match[0])
    return found


@pytest.mark.parametrize(
    "text",
    [
        *("dei 11 eventi", "i 8", "ai 80 progetti", "degli 12", "gli 9", "dai 11.000", "nei 800 comuni"),
        *("il 8 novembre", "del 11 maggio", "al 8,5%", "dal 1%", "l’12", "dell’7", "il 0,5%", "la 8ª", "il 11º"),
        *("l’1º gennaio", "dal aprile 2020", "al ottobre", "nel agosto", "all’maggio", "Il 8 marzo", "(il 80%)"),
    ],
)
def test_wrong_articles_are_found(text):
    assert disagreeing(text)


@pytest.mark.parametrize(
    "text",
    [
        *("degli 11 eventi", "i 7", "agli 80 progetti", "dei 12", "gli 8 e i 9", "dagli 11.000", "nei 18"),
        *("l’8 novembre", "dell’11 maggio", "all’8,5%", "dall’1%", "il 12", "lo 0,5%", "l’8ª", "la 12ª", "l’11º"),
        *("il 1º gennaio", "dall’aprile 2020", "all’ottobre", "nel 2018", "nel 1800", "i 1.000", "le 11 città"),
        *("dal 2014-2020", "il 8-2309", "l’autunno", "dell’estate", "la primavera"),
    ],
)
def test_right_articles_pass(text):
    assert disagreeing(text) == []


@pytest.mark.site
def test_articles_agree_on_every_italian_page(built):
    read, wrong = 0, {}
    for path in italian(built.site, "html"):
        for text in said(path):
            read += len(NUMBER.findall(text)) + len(NAMED.findall(text))
            for words in disagreeing(text):
                wrong.setdefault(words, path.name)
    assert read > 1_000 and not wrong


@pytest.mark.site
def test_articles_agree_in_every_italian_sheet(built):
    wrong = {words: path.name for path in italian(built.site, "pdf") for words in disagreeing(pdf_text(path))}
    assert not wrong


def italian(site, kind):
    """Files of the Italian edition."""
    found = sorted(p for p in site.rglob(f"*.{kind}") if p.relative_to(site).parts[0] not in ("en", "site_libs"))
    assert len(found) >= 30
    return [p for p in found if "en" not in p.relative_to(site).parts]


# ---- data that are not there, and sources without an address


@pytest.mark.site
@pytest.mark.parametrize(("lang", "words"), [("it", "importati finora|importate finora"), ("en", "imported so far")])
def test_nothing_is_said_of_imported_data_where_none_were_imported(built, lang, words):
    assert feed.load() is None
    told = {"it": "non contiene dati di OpenCoesione", "en": "holds no data of OpenCoesione"}[lang]
    pages = {path: words_of(path) for path in sorted((built.site / LANGS[lang]).rglob("*.html"))}
    assert not [path.name for path, text in pages.items() if re.search(words, text)]
    assert sum(told in text for text in pages.values()) == 5  # the measures


@pytest.mark.site
@pytest.mark.parametrize("lang", LANGS)
def test_no_page_speaks_of_commands_files_tables_or_itself(built, lang):
    """What notebooks show is looked at in tests/test_every_page.py too; here are frame, menus and written pages."""
    root = built.site / LANGS[lang]
    exempt = ("documentazione/", *(f"{LANGS[lang]}{address}" for address in DOCUMENTATION.values()))
    pages = [p.relative_to(built.site).as_posix() for p in sorted(root.rglob("*.html"))]
    read = [page for page in pages if page.startswith("en/") == (lang == "en") and not page.startswith(exempt)]
    assert len(read) > 40
    own = {page: found[0] for page in read for text in said(built.site / page) if (found := OURS.search(text))}
    assert not own


@pytest.mark.site
@pytest.mark.parametrize("lang", LANGS)
def test_no_page_has_a_word_for_which_the_site_has_another(built, lang):
    """Calques, words left in the other language, two names of one thing: the list is in tests/readers.py."""
    pages = [p.relative_to(built.site).as_posix() for p in sorted((built.site / LANGS[lang]).rglob("*.html"))]
    read = [p for p in pages if p.startswith("en/") == (lang == "en") and not p.startswith("documentazione/")]
    assert len(read) > 70
    found = {
        page: words[0] for page in read for text in said(built.site / page) if (words := SHUNNED[lang].search(text))
    }
    assert not found


FILE_NAME = re.compile(r"\b(seed|file):|[\w-]+\.(md|markdown|txt|docx?|odt|pdf|csv|xlsx?)$", re.IGNORECASE)


def test_a_source_has_an_address_or_a_title_never_the_name_of_a_file():
    sources = raw.load("sources").set_index("source_id")
    titles = sources.loc[~sources["address"].str.contains("://"), "address"]
    assert set(titles.index) >= {"S019", "S030", "S120", "S136"}
    assert not [title for title in titles if FILE_NAME.search(title)]


@pytest.mark.site
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("source", ["S019", "S030", "S120", "S136"])
def test_documents_are_printed_by_their_titles(built, lang, source):
    tables = tables_of(built.site / f"{LANGS[lang]}metodo.html")
    rows = [cells for name, found in tables.items() if name.startswith("sources-") for cells in found]
    (row,) = [" ".join(cells) for cells in rows if cells[0] == source]
    words = {
        "S019": "Patto interregionale per l’innovazione sociale. Protocollo d’intesa",
        "S030": "“WeCaRe”, il Piemonte investe nell’Innovazione Sociale",
        "S120": "Un laboratorio delle Regioni per l’innovazione sociale",
        "S136": "Welfare Innovation Local Lab: la sperimentazione di nuovi sistemi di welfare locale",
    }
    assert words[source] in row


# ---- guesses

GUESS = re.compile(
    r"\b(probabl[ye]|likely|perhaps|maybe|presumabl[ye]|apparently|seems|guess\w*|"
    r"forse|probabil\w+|verosimil\w+|presumibil\w+)\b",
    re.IGNORECASE,
)


def test_no_fact_about_a_project_an_act_or_a_person_is_a_guess():
    """Whether a district's boundary can only be guessed is another matter: it has a status of its own."""
    tables = [p for p in (ROOT / "data/raw").glob("*.csv") if p.stem not in ("comune_distretto", "population")]
    rows = list((ROOT / "src/helpers/prose").glob("*/rows/*.toml"))
    assert len(tables) > 20 and len(rows) > 20
    found = [(p.name, GUESS.findall(p.read_text(encoding="utf-8"))) for p in [*tables, *rows]]
    assert not [(name, guesses) for name, guesses in found if guesses]


# ---- private persons

#: SHA-256 of names and surnames, in small letters, that no file may hold: of people in no public office, of whom
#: nothing is said in the documents of the strategy.
UNNAMED = {
    "e4ead6e813d0a197d33ff9c56404374266714192e8709e8c07b28fe9fcd8d78c",
    "bdd0993550f21d394ac9c905544dc28e5de215a7537305018607176b668a1b67",
    "52b00713f176df66415274324ec1f06f4a2508d21c5f26c77b8062943f3f6df1",
    "e92adf9d20bad90c9cf138630c687e0a2f4d8c2e1bf70cf2ab9cb7a110f46790",
}

LETTERS = re.compile(r"[^\W\d_]+")


def windows(text):
    """Every word and every two words that follow each other, in small letters."""
    found = LETTERS.findall(text.casefold())
    return {*found, *map(" ".join, pairwise(found))}


def texts(name, data):
    """What a file says: its text, that of the files packed in it, the cells of a table."""
    yield name
    kind = name.rpartition(".")[2].lower()
    if kind in ("zip", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for inner in archive.namelist():
                yield from texts(inner, archive.read(inner))
    elif kind == "parquet":
        for _, cells in pd.read_parquet(io.BytesIO(data)).select_dtypes(["object", "string"]).items():
            yield "\n".join({cell for cell in cells if isinstance(cell, str)})
    elif kind not in ("png", "woff", "woff2", "ttf", "pdf"):
        # Files of producers, of which tests have cuts, may be in another encoding.
        yield data.decode("utf-8", errors="replace")


def named(found):
    """Those of the windows that are unnamed people."""
    return {sha256(words.encode()).hexdigest() for words in found} & UNNAMED


def test_a_name_is_found_wherever_it_is_hidden():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("Anna-Bassi.csv", "a\nCARLO,\nDoria\n")
    frame = io.BytesIO()
    pd.DataFrame({"who": ["Gino Longo"], "n": [1]}).to_parquet(frame)
    files = {"a.zip": packed.getvalue(), "b.txt": b"Elsa  Ferri", "c.parquet": frame.getvalue()}
    found = {w for name, data in files.items() for text in texts(name, data) for w in windows(text)}
    assert {"anna bassi", "carlo doria", "elsa ferri", "gino longo", "longo"} <= found


@pytest.mark.slow
def test_private_persons_stand_in_no_tracked_file():
    found = set()
    for path in tracked():
        if path.is_file():
            for text in texts(path.relative_to(ROOT).as_posix(), path.read_bytes()):
                found |= windows(text)
    assert len(found) > 50_000 and not named(found)


@pytest.mark.site
def test_private_persons_stand_nowhere_on_the_site(built):
    found, read = set(), 0
    for path in sorted(p for p in built.site.rglob("*") if p.is_file()):
        for text in texts(path.relative_to(built.site).as_posix(), path.read_bytes()):
            found |= windows(text)
            read += 1
    assert read > 1_500 and not named(found)


@pytest.mark.site
def test_private_persons_stand_in_no_sheet(built):
    assert not named(set().union(*(windows(pdf_text(path)) for path in built.site.rglob("*.pdf"))))
