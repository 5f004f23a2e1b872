"""Every number from data leads to its source: the rule itself on small pages, then on the whole built site."""

import re

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from jinja2 import DictLoader, Environment
from provenance_rule import STATUSES, check, findings, numbers
from readers import PAGES, read_page

from helpers.config import LANGUAGES
from helpers.declarations import SOURCES
from helpers.prose.labels import ProseError, label
from helpers.prose.provenance import DATASETS, anchor, cite
from helpers.prose.render import render

LINK = re.compile(r"\[[^]]*\]\([^)]*\)")
CITED = '<a href="metodo.html#S027" title="dato da fonte">S027</a>'
NOTE = '<p class="provenance"><span class="status status-derived">ricavato</span> ISTAT</p>'


def page(body, head=""):
    return (
        f'<html><body><main>{head}<p class="edition">Edizione 2026.1 · 22 novembre 2026</p>{body}</main></body></html>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "53 comuni", "il 26,2%", "6,4 milioni di euro", "4.256.350 residenti", "il 22 maggio 2017", "nel 2018",
        "€6.4 million", "D.G.R. 22-5076 del 22 maggio 2017", "È il 29º dei distretti", "circa 65 euro", "1 comune",
        "70 anni", "2.400 volte su 100 distretti e 7",
    ],
)  # fmt: skip
def test_numbers_from_data_are_seen(text):
    assert numbers(text)
    assert findings(page(f"<p>{text}.</p>"))
    assert findings(page(f"<ul><li>{text}</li></ul>"))
    assert not findings(page(f"<p>{text}.{CITED}</p>"))


@pytest.mark.parametrize(
    "text",
    [
        "Misura 1", "le Misure 1 e 2", "Measure 1", "asse 2", "D.G.R. 21-8447", "D.G.R. n. 22-5076",
        "D.D. n. 998/A15000", "L. 158/2017", "Regulation (EU) 2021/1060", "legge n. 328", "POR FSE 2014-2020",
        "C.I.S.A. 12", "ASL TO3", "S027", "M1-07", "EGN-03", "III.3c.7.1",
        "1.8iv.3.2.6", "D12", "R07", "EPSG:3035", "CC BY 4.0", "EUPL-1.2",
        "https://example.org/2019/05", "dati-1.csv", "65 anni e più", "da 15 a 64 anni", "fino a 14 anni",
        "65 anni o più", "aged 65 or over", "aged 15 to 64", "80+", "0–14 anni", "ogni 100 residenti",
        "for every 100 residents", "× 100", "meno di 1.000 residenti", "fewer than 1,000 residents",
        "la differenza non supera il 10%", "no more than 25%", "km²", "edizione 2026.1",
    ],
)  # fmt: skip
def test_numbers_of_names_and_definitions_are_no_data(text):
    assert numbers(text) == []
    assert findings(page(f"<p>{text}</p>")) == []


def test_only_the_paragraph_that_has_the_link_is_sourced():
    found = findings(page(f"<p>53 comuni.{CITED}</p><p>Altri 12.</p>"))
    assert len(found) == 1 and "12" in found[0]
    found = findings(page(f"<ul><li>53{CITED}</li><li>12</li></ul>"))
    assert len(found) == 1 and "12" in found[0]


def test_headings_menus_code_scripts_and_written_pages_are_not_looked_at():
    apart = "<h2>I 30 distretti</h2><nav>2019</nav><code>2019</code><script>var x = 12</script><pre>7</pre>"
    assert findings(page(apart)) == []
    assert findings("<main><p>53 comuni, pagina scritta a mano.</p></main>") == []


def table(cells, note="", caption=""):
    return f'<figure id="tbl-x"><figcaption>{caption}</figcaption><table><tr>{cells}</tr></table>{note}</figure>'


def test_a_table_needs_a_note_or_a_source_in_each_row():
    number, source = '<td class="num">53</td>', '<td><a href="../metodo.html#S027">S027</a></td>'
    assert findings(page(table(number)))
    assert not findings(page(table(number, NOTE)))
    assert not findings(page(table(number + source)))
    assert findings(page(table(f"{number}{source}</tr><tr>{number}")))
    assert findings(page(table(number, '<p class="provenance">ISTAT</p>'))), "a note without status is none"


def test_a_caption_needs_the_figures_note():
    assert findings(page(table("<td>x</td>", caption="Il 26,2% dei residenti")))
    assert not findings(page(table("<td>x</td>", NOTE, caption="Il 26,2% dei residenti")))


def test_a_card_answers_with_its_own_link_and_status():
    card = '<li class="number"><strong>22</strong><span>progetti</span>{badge}<small>{link}</small></li>'
    bare = '<a href="metodo.html#S027">S027</a>'
    badge = '<span class="status status-sourced">da fonte</span>'
    assert not findings(page(f"<ul>{card.format(badge=badge, link=bare)}</ul>"))
    assert any("no status" in f for f in findings(page(f"<ul>{card.format(badge='', link=bare)}</ul>")))
    assert findings(page(f"<ul>{card.format(badge=badge, link='')}</ul>"))
    note = NOTE.replace("ISTAT", '<a href="metodo.html#dati-population">ISTAT</a>')
    assert not findings(page(f"<article><dl><dt>Righe</dt><dd>53</dd></dl>{note}</article>"))
    assert findings(page("<article><dl><dt>Righe</dt><dd>53</dd></dl></article>"))


def test_a_subtitle_may_only_repeat_what_is_sourced_below():
    subtitle = '<p class="subtitle">53 comuni</p>'
    assert not findings(page(f"<p>Riunisce 53 comuni.{CITED}</p>", subtitle))
    assert findings(page("<p>Riunisce più comuni.</p>", subtitle))


def test_a_link_must_arrive_say_a_status_and_stay_in_its_language(tmp_path):
    (tmp_path / "en").mkdir()
    for name in ("metodo.html", "en/metodo.html"):
        (tmp_path / name).write_text(page('<span id="S027"></span><span id="dati-population"></span>'))

    def faults(address, link):
        return findings(page(f"<p>53 comuni.{link}</p>"), address, tmp_path)

    assert not faults("index.html", CITED)
    assert not faults(
        "en/distretti/alba.html", CITED.replace("metodo", "../metodo").replace("dato da fonte", "derived figure")
    )
    assert "no such place" in faults("index.html", CITED.replace("S027", "S999"))[0]
    assert "leaves the edition" in faults("en/index.html", CITED.replace("metodo", "../metodo"))[0]
    assert "is no status" in faults("index.html", CITED.replace("dato da fonte", "ISTAT"))[0]
    assert "no status" in faults("index.html", '<a href="metodo.html#S027">S027</a>')[0]
    unknown = '<p>Non noto. <a href="metodo.html#S027">S027</a></p>'
    assert not findings(page(unknown), "index.html", tmp_path), "what no source says has no status"


def test_the_rule_knows_the_words_of_every_status():
    statuses = ("sourced", "derived", "indicative", "benchmark")
    assert {label(lang, f"status.{s}.cited") for lang in LANGUAGES for s in statuses} == STATUSES


def test_the_style_knows_every_status():
    css = (ROOT / "reports/assets/wecare.css").read_text()
    assert set(re.findall(r"\.citation-(\w+)", css)) == {"sourced", "derived", "indicative", "benchmark"}


def cited(text, lang="it", root="../"):
    environment = Environment(loader=DictLoader({"x": text}))
    environment.globals.update(cite=cite, lang=lang, edition_root=root, sources_here=False)
    return environment.get_template("x").render(ids=["S027", "S036", "S027"])


def test_a_citation_names_source_and_status():
    assert cited('{{ cite("S027") }}') == '\u00a0[S027](../metodo.html#S027 "dato da fonte")'
    assert cited('{{ cite("population") }}', "en") == '\u00a0[ISTAT](../metodo.html#dati-population "derived figure")'
    assert cited("{{ cite(ids) }}").count("](") == 2
    assert "dato indicativo" in cited('{{ cite("boundaries", status="indicative") }}')


@pytest.mark.parametrize("call", ["cite()", "cite([])", 'cite("S1")', 'cite("<b>")', 'cite("S027 \\"x")'])
def test_a_citation_of_nothing_or_of_anything_is_refused(call):
    with pytest.raises(ProseError):
        cited("{{ " + call + " }}")


def test_an_unsourced_text_of_ours_would_be_found():
    """A text with its citations taken out is caught: the check does not pass for want of numbers."""
    facts = {"n_districts": 30, "n_comuni": 1181, "residents": 4256350, "single_comune": []}
    facts |= {end: {"name": "Torino", "residents": 848748} for end in ("largest", "smallest")}
    text = render("districts_list", "it", **facts)
    assert findings(page(f"<p>{LINK.sub('', text)}</p>"))


@pytest.mark.site
@PAGES
def test_every_number_on_the_site_leads_to_its_source(built, which):
    found = check(built.site, which)
    assert not found, "\n".join(f"{address}: {fault}" for address, faults in found.items() for fault in faults)


@pytest.mark.site
def test_every_page_of_the_site_was_looked_at(built):
    """Generated pages are told by their edition line; one without it would pass unseen."""
    generated = [p for p in (built.root / "reports").rglob("*.ipynb")]
    for path in generated:
        page = built.site / path.relative_to(built.root / "reports").with_suffix(".html")
        assert 'class="edition"' in read_page(page), page


@pytest.mark.site
@pytest.mark.parametrize("prefix", ["", "en/"])
def test_every_dataset_and_source_has_its_place(built, prefix):
    from helpers.data import raw

    soup = BeautifulSoup(read_page(built.site / f"{prefix}metodo.html"), "html.parser")
    ids = {tag["id"] for tag in soup.find_all(id=True)}
    imported = [source.id for source in SOURCES.values() if source.table not in raw.tables()]
    assert {*raw.load("sources")["source_id"], *(anchor(name) for name in DATASETS if name not in imported)} <= ids
