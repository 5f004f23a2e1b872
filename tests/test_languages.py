"""Header and footer of pages in English: words and links of the English edition."""

import re

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import ROOT

from helpers import config
from helpers.prose.labels import labels, row_text, row_texts
from helpers.publish.languages import translate

PAGE = """<html lang="en"><header><nav><a class="x" href="../../distretti/index.html">Distretti</a>
<a href="../../altro.html#a">Altro</a></nav></header><main><p>Distretti <a href="x.html">Distretti</a></p></main>
<footer><p>edizione 1 del 22 novembre 2026
<a href="https://example.org/it.html">codice con licenza</a></p></footer></html>"""


def test_header_and_footer_change_language_and_the_content_stays():
    pages = {"en/distretti/cuneo": "en", "en/distretti/index": "en", "altro": "it"}
    assert translate(PAGE, "altro", pages, "2026-11-22") == PAGE
    soup = BeautifulSoup(translate(PAGE, "en/distretti/cuneo", pages, "2026-11-22"), "html.parser")
    assert [(a["href"], a.text) for a in soup.header.find_all("a")] == [
        ("index.html", "Districts"),
        ("../../altro.html#a", "Altro"),  # no English edition: the link stays as it was
    ]
    assert soup.main.p.text == "Distretti Distretti" and soup.main.a["href"] == "x.html"
    assert " ".join(soup.footer.text.split()) == "edition 1 of 22 November 2026 code licensed"
    assert soup.footer.a["href"] == "https://example.org/it.html"


def menu_texts(entries):
    for entry in entries:
        yield entry["text"]
        yield from menu_texts(entry.get("menu", []))


def test_every_word_of_the_menus_is_known_in_both_languages():
    website = yaml.safe_load((ROOT / "_quarto.yml").read_text())["website"]
    known = {value for key, value in labels("it").items() if key.startswith("frame.")}
    assert set(menu_texts(website["navbar"]["left"])) <= known
    footer = " ".join(v for v in website["page-footer"].values() if isinstance(v, str))
    listed = set(menu_texts([e for v in website["page-footer"].values() if isinstance(v, list) for e in v]))
    assert listed <= known
    texts = known - set(menu_texts(website["navbar"]["left"])) - listed
    assert all(re.search(rf"\b{re.escape(text)}", footer) for text in texts), texts


def test_row_texts_exist_in_both_languages_for_the_same_rows():
    folder = config.HELPERS / "prose"
    tables = sorted(p.stem for p in (folder / "it" / "rows").glob("*.toml"))
    assert tables == sorted(p.stem for p in (folder / "en" / "rows").glob("*.toml"))
    for table in tables:
        italian, english = row_texts("it", table), row_texts("en", table)
        assert {k: set(v) for k, v in italian.items()} == {k: set(v) for k, v in english.items()}, table
        assert all(text.strip() for rows in (italian, english) for row in rows.values() for text in row.values())


NUMBER = re.compile(r"(\d+(?:[.,]\d+)*)(?: (million|milion[ei]|thousand|mila)\b)?")

#: Hours of an afternoon as the English write them.
AFTERNOON = re.compile(r"(\d+)\.(\d\d)–(\d+) pm\b")


def spellings(found):
    """A number as digits: as written, without what parts thousands, with all zeros of its thousands or millions."""
    whole = re.sub(r"[.,](?=\d{3}(?!\d))", "", found[1])
    yield set(re.findall(r"\d+", found[1]))
    yield {whole}
    if found[2] and re.fullmatch(r"\d+(?:[.,]\d{1,2})?", whole):
        times = 1_000 if found[2] in ("thousand", "mila") else 1_000_000
        yield {str(round(float(whole.replace(",", ".")) * times))}


@pytest.mark.parametrize("table", sorted(p.stem for p in (config.HELPERS / "prose/it/rows").glob("*.toml")))
def test_wording_speaks_of_rows_that_exist_and_adds_no_number(table):
    from helpers.data import raw

    key = raw.resource(table)["schema"]["primaryKey"]
    key = key if isinstance(key, str) else key[0]
    rows = raw.load(table).astype(str).set_index(key)
    for lang in config.LANGUAGES:
        for row, texts in row_texts(lang, table).items():
            assert row in rows.index, f"{lang}/rows/{table}.toml: {row} is no row"
            told = " ".join(map(str, [row, *rows.loc[row]]))
            held = {n for found in NUMBER.finditer(told) for said in spellings(found) for n in said}
            for column, text in texts.items():
                assert column in rows.columns, f"{lang}/rows/{table}.toml: {row}.{column}"
                text = AFTERNOON.sub(lambda m: f"{int(m[1]) + 12}.{m[2]}–{int(m[3]) + 12}", text)
                added = [n[0] for n in NUMBER.finditer(text) if not any(said <= held for said in spellings(n))]
                assert not added, f"{lang}/rows/{table}.toml: {row}.{column}: {added} in {text}"


def test_a_row_without_wording_says_what_the_table_has():
    assert row_text("it", "no_such_table", "X-1", "note", "as it is") == "as it is"
    assert row_text("it", "no_such_table", "X-1", "note", None) is None


@pytest.mark.slow
def test_languages_are_named_in_one_module():
    several = re.compile(r"""["']it["'],\s*["']en["']|["'](?:it|en)_[A-Z]{2}["']""")
    found = {path.name for path in config.HELPERS.rglob("*.py") if several.search(path.read_text(encoding="utf-8"))}
    assert found == {"config.py"} and tuple(config.LOCALES) == config.LANGUAGES
    assert {p.name for p in (config.HELPERS / "prose").iterdir() if (p / "labels").is_dir()} == set(config.LANGUAGES)
