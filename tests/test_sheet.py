"""The printed sheet of a district: two tagged pages, the same bytes each time, text from data that stays text."""

import json
import re
import zlib

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from readers import read_page

from helpers import config
from helpers.build import sheets
from helpers.build.jobs import all_jobs, select
from helpers.data import raw
from helpers.errors import WecareError
from helpers.figures import paper
from helpers.figures.charts import age_classes
from helpers.figures.drawing import draw
from helpers.pages.district.page import DistrictReport
from helpers.pages.district.sheet import ADDRESS_LETTERS, DistrictSheet, short_address
from helpers.prose.escape import md
from helpers.prose.text_blocks import blocks, runs
from helpers.sheet import typeset
from helpers.system.record import Record

DISTRICTS = [f"D{n:02d}" for n in range(1, 31)]
#: One comune, the largest, the smallest, five sharing a project, none known, one with a project, a comune called None.
UNLIKE = ("D11", "D01", "D04", "D29", "D25", "D12", "D30")

#: A sheet may weigh this much on the site.
BUDGET = 120_000

NASTY = '*x* #panic("no") $1^2$ <b>b</b> [S1](http://x) \\ @ref `code` _y_ ] ) " // /* = {{ x }} è “€” ≤'


@pytest.fixture(scope="module")
def typesetter():
    return typeset.Typesetter()


@pytest.fixture(scope="module", params=["few", pytest.param("all", marks=pytest.mark.audit)])
def made(typesetter, request):
    """Content and PDF of the sheets, by code and language; of a few districts, or of all."""
    found = {}
    for code in UNLIKE if request.param == "few" else DISTRICTS:
        for lang in config.LANGUAGES:
            content = DistrictSheet(code, lang).content()
            found[code, lang] = content, typesetter.pdf(content)
    return found


def unpacked(pdf):
    """Every stream of a PDF in clear, and what stands outside them."""
    streams = re.findall(rb"/FlateDecode[^>]*>>\nstream\n(.*?)\nendstream", pdf, re.S)
    return b"\n".join([pdf, *(zlib.decompress(s) for s in streams)])


def hexed(text):
    """Text as PDF writes it when it is not plain ASCII."""
    return ("FEFF" + text.encode("utf-16-be").hex().upper()).encode()


def words(content):
    """All text of a sheet in one string."""
    found = []

    def walk(value):
        if isinstance(value, dict):
            if "runs" in value:
                found.append("".join(run["text"] for run in value["runs"] if "ref" not in run))
            else:
                for key, inner in value.items():
                    if key not in ("svg", "colour", "to", "ref", "page_of"):
                        walk(inner)
        elif isinstance(value, list | tuple):
            for inner in value:
                walk(inner)
        elif isinstance(value, str):
            found.append(value)

    walk(content)
    return "\n".join(found)


@pytest.mark.slow
def test_every_sheet_has_two_tagged_pages_a_title_and_its_language(made):
    for (code, lang), (content, pdf) in made.items():
        clear = unpacked(pdf)
        assert len(re.findall(rb"/Type/Page\b", clear)) == 2, (code, lang)
        assert b"/StructTreeRoot" in clear and b"/Marked true" in clear, (code, lang)
        assert b"/Lang(%b)" % lang.encode() in clear, (code, lang)
        assert b"<pdfuaid:part>1</pdfuaid:part>" in clear, (code, lang)
        title = f"{content['title']} · {content['publisher']}"
        assert f'<rdf:li xml:lang="x-default">{title}</rdf:li>'.encode() in clear, (code, lang)
        assert b"/DisplayDocTitle true" in clear
        assert all(b"/Type/StructElem/S/%b" % tag in clear for tag in (b"H1", b"H2", b"Table", b"TH", b"Figure", b"L"))
        # Two maps, the pyramid and eight strips; each says what it shows.
        figures = re.findall(rb"/Type/StructElem/S/Figure.*?/Alt", clear)
        assert len(figures) == 3 + len(content["indicators"]["rows"]) == 11, (code, lang)
        assert hexed(content["map"]["alt"]) in clear or content["map"]["alt"].encode() in clear, (code, lang)


@pytest.mark.slow
def test_sheets_are_light(made):
    assert max(len(pdf) for _, pdf in made.values()) <= BUDGET


@pytest.mark.slow
def test_text_stays_text_that_can_be_searched(made):
    for (code, lang), (_, pdf) in made.items():
        clear = unpacked(pdf)
        assert clear.count(b"beginbfchar") + clear.count(b"beginbfrange") >= 2, (code, lang)
        # Words on maps and figures are written, not drawn: a letter's outline would be a path with curves.
        curves = len(re.findall(rb" c(?=\s)", clear))
        assert curves < 400, (code, lang)


@pytest.mark.slow
def test_a_sheet_says_what_its_page_says(made, tables):
    residents = tables["districts"].set_index("code")["residents"]
    for (code, lang), (content, _) in made.items():
        text, report = words(content), DistrictReport(code, lang)
        # None is a comune near Turin.
        faults = re.findall(r"\b(?:None(?! of)|nan|NaN|undefined)\b|\{\w+\}", text)
        assert set(faults) <= set(report.own["name"]), (code, lang, faults)
        assert report.value("residents", residents[code]) in text
        assert content["title"] == report.text("district_title", report.facts)
        project = report.facts["project"]
        if project and project["title"]:
            assert project["title"] in text
        for partner in project["partners"] if project else []:
            assert partner["name"] in text, (code, partner)
        assert report.label("state.not_published") in [row["value"] for row in content["project"]]
        assert report.label("status.benchmark.name") in text.lower()
        assert content["brief"] and content["population"] and content["wecare"] and content["limits"]
        assert len(content["indicators"]["rows"]) == 8 and len(content["statuses"]) == 4


@pytest.mark.slow
def test_every_citation_leads_to_an_entry_of_the_sheet(made):
    known = set(raw.load("sources")["source_id"])
    for key, (content, _) in made.items():
        entries = [entry["ref"] for entry in content["sources"]]
        assert len(entries) == len(set(entries)), key
        cited = re.findall(r'"ref": "([^"]+)"', json.dumps({k: v for k, v in content.items() if k != "sources"}))
        assert set(cited) <= set(entries), key
        assert {e for e in entries if re.match(r"S\d", e)} <= known
        assert all(entry["text"] for entry in content["sources"])


@pytest.mark.slow
def test_rank_and_region_are_those_of_the_facts(made):
    content, _ = made["D12", "it"]
    rows = {row["label"]: row for row in content["indicators"]["rows"]}
    facts = DistrictReport("D12").facts
    assert rows["Indice di vecchiaia"]["region"] == "219,9"
    assert rows["Indice di vecchiaia"]["rank"] == str(facts["ranks"]["old_age_index"])
    # Highest and lowest of the thirty, as the page of all districts has them: Acqui 318.0, Romentino 169.0.
    assert (rows["Indice di vecchiaia"]["low"], rows["Indice di vecchiaia"]["high"]) == ("169,0", "318,0")


@pytest.mark.slow
def test_the_same_content_gives_the_same_bytes(made):
    again = typeset.Typesetter()
    content = DistrictSheet("D12").content()
    assert content == made["D12", "it"][0]
    assert again.pdf(content) == made["D12", "it"][1]
    day = "".join(f"{part:02d}" for part in content["date"]).encode()
    assert b"/CreationDate(D:%b" % day in unpacked(made["D12", "it"][1])


@pytest.mark.slow
def test_text_from_data_never_becomes_markup(typesetter):
    sheet = DistrictSheet("D12")
    sheet.facts["project"] |= {"title": NASTY, "lead": NASTY, "capofila_town": NASTY}
    sheet.facts["project"]["partners"] = [{"name": NASTY, "kind": "x"}]
    sheet.own.loc[0, "name"] = NASTY
    content = sheet.content()
    assert content["project"][0]["value"] == NASTY
    said = "".join(run["text"] for block in content["wecare"] for run in block["runs"] if "to" not in run)
    assert NASTY in said
    assert content["map"]["drawing"]["words"][0]["text"] == NASTY
    assert "http://x" not in [run.get("to") for block in content["wecare"] for run in block["runs"]]
    pdf = unpacked(typesetter.pdf(content))
    assert b"/URI(http://x)" not in pdf and len(re.findall(rb"/Type/Page\b", pdf)) == 2


@given(st.text(max_size=60))
def test_whatever_is_escaped_comes_back_as_text(text):
    [run] = runs(f"a {md(text)} b") if str(md(text)).strip() else [{"text": "a  b"}]
    assert "to" not in run and run["text"].startswith("a ")


def test_runs_tell_links_from_text():
    line = 'Sono &#42;due&#42;.[ISTAT](metodo.html#dati-population "ricavato")[S001](metodo.html#S001 "da fonte") Fine.'
    assert [run["text"] for run in runs(line)] == ["Sono *due*.", "ISTAT", "S001", " Fine."]
    assert [run.get("to") for run in runs(line)][1:3] == ["metodo.html#dati-population", "metodo.html#S001"]
    assert [block["kind"] for block in blocks("uno\n\n- due\n- tre")] == ["paragraph", "item", "item"]


@pytest.mark.slow
def test_a_sheet_that_needs_more_room_gets_smaller_type_and_one_that_is_too_long_is_refused(
    typesetter, made, monkeypatch
):
    tried, compiled = [], typeset.Typesetter._compile

    def noted(self, content, scale, **options):
        tried.append(scale)
        return compiled(self, content, scale, **options)

    monkeypatch.setattr(typeset.Typesetter, "_compile", noted)
    content = made["D12", "it"][0]
    typesetter.pdf(dict(content, brief=content["brief"] + content["population"]))
    assert 1 < len(tried) <= len(typeset.SCALES) and tried == sorted(tried, reverse=True)
    with pytest.raises(WecareError, match="more than 2 pages"):
        typesetter.pdf(dict(content, brief=content["brief"] * 40))


@pytest.mark.slow
def test_addresses_are_printed_short_and_linked_whole(made):
    assert short_address("https://www.example.org/a/") == "example.org/a"
    short = short_address("https://example.org/" + "a" * 200 + "/end")
    assert len(short) == ADDRESS_LETTERS and "…" in short and short.endswith("/end")
    address = raw.load("sources").set_index("source_id").at["S027", "address"]
    [entry] = [e for e in made["D12", "it"][0]["sources"] if e["id"] == "S027"]
    assert entry["to"] == address


@pytest.mark.slow
def test_the_address_of_the_site_makes_the_link_whole():
    assert DistrictSheet("D12", "en").content()["page"]["to"] == "cuneo.html"
    page = DistrictSheet("D12", "en", site="https://example.org/w/").content()["page"]
    assert page["to"] == page["address"] == "https://example.org/w/en/distretti/cuneo.html"


def test_pyramid_draws_each_class_to_scale():
    ages = pd.DataFrame({"age": range(101), "female": 1, "male": 1})
    ages.loc[0, "female"] = 101
    classes = age_classes(ages)
    drawn = draw(paper.pyramid(classes, classes, {"male": "M", "female": "F"}, "{:.0%}".format, 360), 350)
    [women] = re.findall(r'<path d="([^"]*)" fill="#B35806"', drawn.marks)
    ends = [(float(a), float(b)) for a, b in re.findall(r"M([\d.]+) [\d.]+H([\d.]+)V", women)]
    widths = [b - a for a, b in ends]
    assert len(widths) == 20 and max(widths) == widths[0]
    # 105 women up to four years of age, five in the next class.
    assert widths[0] / widths[1] == pytest.approx(105 / 5, rel=0.02)
    assert [word.text for word in drawn.words if "–" in word.text or "+" in word.text][-1] == "95+"


def test_a_strip_of_what_is_not_known_has_no_mark():
    nothing = pd.Series([None, float("nan")], index=["A", "B"], dtype="float64")
    bare = draw(paper.strip(nothing, "A", 25.0, 23), 250).marks
    one = draw(paper.strip(nothing.fillna({"A": 3.0}), "A", None, 23), 250).marks
    assert bare.count("<path") == 1 < one.count("<path") + one.count("<circle")


def test_strip_marks_the_district_between_the_ends():
    values = pd.Series({"A": 10.0, "B": 20.0, "C": 40.0})
    plain = draw(paper.strip(values, "B", 25.0, 23), 250)
    scaled = draw(paper.strip(values, "B", 25.0, 23, logarithmic=True), 250)
    at = [float(re.search(r'<circle cx="([\d.]+)"', drawn.marks)[1]) for drawn in (plain, scaled)]
    assert at[0] == pytest.approx(11 + 228 / 3, abs=0.1) and at[1] == pytest.approx(11 + 228 / 2, abs=0.1)
    assert len(re.findall(r"h\.01", plain.marks)) == 2


@pytest.mark.slow
def test_only_changed_sheets_are_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "SHEETS", tmp_path / "pdf")
    record = Record(tmp_path / "record.db")
    jobs = select(all_jobs(), ["D12", "D15", "overview"])

    def wanted(**values):
        inputs = {job.name: {"comuni": values.get(job.report, "1")} for job in jobs}
        return sheets.sheets(inputs, jobs)

    made = sheets.make(record, wanted())
    assert sorted(s.address for s in made) == [
        *("distretti/bra.pdf", "distretti/cuneo.pdf", "en/distretti/bra.pdf", "en/distretti/cuneo.pdf"),
    ]
    assert all(s.file.read_bytes().startswith(b"%PDF-") for s in made)
    assert sheets.make(record, wanted()) == []
    assert {s.job.report for s in sheets.make(record, wanted(D15="2"))} == {"D15"}
    made[0].file.unlink()
    assert [s.address for s in sheets.make(record, wanted(D15="2"))] == [made[0].address]
    with pytest.raises(WecareError, match="no edition"):
        sheets.sheets({}, jobs, "fr")


@pytest.mark.site
def test_each_page_of_a_district_offers_its_sheet(built):
    for row in raw.load("districts").itertuples():
        for folder in ("distretti", "en/distretti"):
            page = read_page(built.site / folder / f"{row.slug}.html")
            assert f'href="{row.slug}.pdf"' in page
            assert len((built.site / folder / f"{row.slug}.pdf").read_bytes()) <= BUDGET
