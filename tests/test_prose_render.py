"""Texts: both editions complete, grammar in every situation, and data that cannot become markup."""

import copy
import re
from html import escape as escape_html
from html import unescape
from importlib import import_module
from importlib.resources import files
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment
from markdown_it import MarkdownIt

from helpers import config
from helpers.declarations import INDICATORS
from helpers.prose import label, labels, render, render_text
from helpers.prose.escape import clean, html, md
from helpers.prose.indicators import outcomes
from helpers.prose.labels import ProseError
from helpers.prose.render import _environment, templates

LANGS = ("it", "en")
render_module = import_module("helpers.prose.render")
DISTRICT = (
    "district_brief", "district_population", "district_comparison", "district_peers", "district_wecare",
    "district_boundary", "district_limits", "caption_map", "alt_map", "caption_pyramid", "alt_pyramid",
)  # fmt: skip
PAGES = (
    "overview_brief",
    "overview_money",
    "overview_findings",
    "overview_boundaries",
    "districts_list",
    "method",
    "caption_region_map",
    "alt_region_map",
)
HOSTILE = '<script>alert(1)</script> *a* _b_ [c](d) `e` $f$ {{ g }} {{< h >}} {% i %} | ## & "j" \\k @l #m'

WORDED = ("old_age_index", "dependency_ratio")
COMPARED = [i.id for i in INDICATORS if i.compared and i.source == "population"]
REGION = {
    "residents": 4256350, "n_comuni": 1181, "area_km2": 25387.1, "old_age_index": 219.9, "share_0_14": 0.1193,
    "share_65_plus": 0.2624, "share_80_plus": 0.0881, "dependency_ratio": 61.7, "youth_dependency": 19.3,
    "old_age_dependency": 42.4, "share_65_74": 0.125, "share_75_84": 0.093, "share_85_plus": 0.044,
    "oldest_old_ratio": 33.6, "density": 167.7, "share_small_comuni": 0.067,
}  # fmt: skip
PROJECT = {
    "project_id": "M1-18", "title": "Reti per il futuro", "capofila_town": "Romentino",
    "lead": "C.I.S.A. Ovest Ticino",
    "partners": [{"name": "Comune di Trecate", "kind": None}, {"name": "Elios", "kind": None}],
    "quadrant": "Cuneo (Granda)", "districts": ["Cuneo"], "n_districts": 1, "link_status": "sourced",
    "confidence": "single source", "source_ids": ["S027"], "amount_eur": None,
}  # fmt: skip
SHARED = PROJECT | {
    "title": None, "capofila_town": "Alessandria", "lead": None, "partners": [], "n_districts": 5,
    "districts": ["Asti", "Alessandria e Valenza", "Casale Monferrato", "Acqui Terme e Ovada",
    "Novi Ligure e Tortona"],
    "confidence": "single source, attribution inferred", "link_status": "derived",
}  # fmt: skip
ONE_PARTNER = PROJECT | {
    "partners": PROJECT["partners"][:1],
    "confidence": "lead inferred",
    "link_status": "indicative",
}


def status(sourced, derived, indicative):
    total = sourced + derived + indicative
    counts = {"sourced": sourced, "derived": derived, "indicative": indicative}
    return {key: {"n": n, "share": n / total} for key, n in counts.items()}


def finding(indicator, value, end, place=None, people=None, following=True):
    beyond = [{"name": name, "value": value * 1.1} for name in ("Alba", "Bra")][: (place or 1) - 1]
    return {
        "indicator": indicator, "value": value, "median": 9.9, "end": end, "place": place, "beyond": beyond,
        "next": {"name": "Asti", "value": value * 0.9} if place and following else None, "people": people,
        "sources": ["population"],
    }  # fmt: skip


def insight(*values, against=None, inside=None):
    return {"values": list(values), "caveats": [], "against": against, "inside": inside, "n": 26, "ends": 3}


def inside(n, grown):
    ends = {"lowest": {"name": "Robilante", "value": -0.132}, "highest": {"name": "Bernezzo", "value": 0.13}}
    return {"indicator": "residents_change", "n": n, "grown": grown, "since": 2011, "sources": ["population"], **ends}


AGAINST = {"indicator": "residents_change", "value": 0.005, "region": -0.025, "sources": ["population"]}


def district(**changes):
    values = {key: value * 1.08 for key, value in REGION.items()}
    facts = {
        "name": "Cuneo", "distretto_id": "D12", "n_comuni": 53, "residents": 160451, "n_districts": 30,
        "residents_rank": 8, "share_of_region": 0.0377, "provinces_n": 1, "quadrant": "Cuneo (Granda)",
        "province": {"code": "004", "name": "Cuneo", "share_of_residents": 1.0},
        "largest_comune": {"name": "Cuneo", "residents": 55557, "share": 0.346},
        "values": values, "region": REGION, "province_values": REGION | {"old_age_index": 190.0},
        "insight": insight(finding("old_age_index", 290.7, "high", 1), finding("share_80_plus", 0.0812, "low", 2, 8000),
        against=AGAINST, inside=inside(53, 16)), "alone": False, "peers_near": 0.15, "sources": ["population"],
        "small_comuni": {"n": 29, "residents": 8500, "share": 0.053}, "boundary": status(29, 78, 0),
        "project": PROJECT, "benchmark": {"total_eur": 241262.4, "per_resident_eur": 1.5036},
        "peers": [{"name": "Alba", "slug": "alba", "distance": 0.5}, {"name": "Bra", "slug": "bra",
        "distance": 0.75}],
        "districts_path": "", "year": 2022,
        "measure": {"projects": 22, "grant_min_eur": 179000, "grant_max_eur": 867000,
        "total_over_eur": 6000000,
                    "budget_eur": 6400000, "grant_source_ids": ["S027"], "source_ids": ["S003"]},
        "official_sources": ["S208"], "enti_link_status": "sourced", "note": None, "source_ids": ["S027"],
        "indicator": "share_65_plus", "value": 0.2449, "highest": {"name": "Demonte", "value": 0.317},
        "lowest": {"name": "Bernezzo", "value": 0.174}, "min_residents": 1000, "n_missing": 1,
        "peak": {"from_age": 55, "to_age": 59, "share": 0.079}, "income": None, "actual": None,
    }  # fmt: skip
    facts = {"compared": COMPARED, "logarithmic": ["density"]} | copy.deepcopy(facts | changes)
    others = {"region": facts["region"], "province": facts["province_values"]}
    return {"outcomes": {name: outcomes(WORDED, facts["values"], other) for name, other in others.items()}} | facts


def pages(**changes):
    ends = {
        "highest": {"name": "Acqui Terme e Ovada", "slug": "acqui-terme-e-ovada", "value": 318.0},
        "lowest": {"name": "Verbano Cusio Ossola", "slug": "vco", "value": 169.0},
    }
    return ends | {
        "budget_eur": 20e6, "esf_eur": 15e6, "erdf_eur": 5e6, "n_districts": 30, "n_comuni": 1181,
        "residents": 4256350,
        "measures": [
            {"measure_id": "M1", "budget_eur": 6.4e6, "source_ids": ["S003"]},
            {"measure_id": "WA-ANI", "budget_eur": None, "source_ids": ["S012"]},
        ],
        "sources": dict.fromkeys(
            (
                *("budget", "measure_count", "fund_change", "m1_projects", "m2_projects"),
                *("approval", "last_day", "districts"),
            ),
            ["S001"],
        ),
        "measure": {"grant_min_eur": 179000, "grant_max_eur": 867000, "total_over_eur": 6e6, "budget_eur": 6.4e6,
                    "grant_source_ids": ["S027"], "source_ids": ["S003"]},
        "official_sources": ["S208"],
        "projects_funded": 22, "m2_projects": 33, "old_age_index": 219.9, "districts_path": "distretti/",
        "status": status(426, 685, 70), "largest": {"name": "Torino", "residents": 848748},
        "smallest": {"name": "Carmagnola", "residents": 51852}, "single_comune": ["Torino", "Novara"],
        "year": 2022,
        "tolerance_m": 150, "peers_n": 3, "peers_near": 0.15,
        "insight": {"ends": 3, "far": 2.0, "most": 3, "n": 26}, "m1_budget_eur": 6.4e6, "edition": "2026.1",
        "edition_date": "2026-01-23",
        "compared": COMPARED, "logarithmic": ["density"],
        "data_licence": "CC BY 4.0", "code_licence": "EUPL-1.2", "url": None, "indicator": "old_age_index",
        "value": 219.9,
    } | changes  # fmt: skip


MISSING = dict.fromkeys(REGION)
SITUATIONS = {
    "plain": district(),
    "single": district(
        name="Novara", n_comuni=1, largest_comune={"name": "Novara", "residents": 101367, "share": 1.0},
        province={"code": "003", "name": "Novara", "share_of_residents": 1.0}, boundary=status(1, 0, 0),
        highest=None,
        lowest=None, small_comuni={"n": 0, "residents": 0, "share": 0.0}, n_missing=0, residents_rank=19,
        insight=insight(finding("density", 900.0, "high", 2)),
    ),
    "torino": district(
        name="Torino", n_comuni=1, largest_comune={"name": "Torino", "residents": 848748, "share": 1.0},
        boundary=status(0, 1, 0), residents_rank=1, highest=None, lowest=None, alone=True,
        insight=insight(finding("density", 6525.0, "high")),
    ),
    "granted": district(project=PROJECT | {"amount_eur": 412345.67}),
    "granted together": district(project=SHARED | {"amount_eur": 800000.0}),
    "no project": district(project=None, insight=insight(), boundary=status(0, 39, 0)),
    "shared": district(project=SHARED, residents_rank=30, boundary=status(0, 78, 2), provinces_n=2),
    "one partner": district(project=ONE_PARTNER, boundary=status(3, 1, 41), provinces_n=3, residents_rank=1),
    "missing": district(
        values=MISSING, value=None, highest=None, lowest=None, peers=[], insight=insight(), boundary=status(0, 0, 5),
        peak={"from_age": 85, "to_age": None, "share": 0.08},
    ),
    "nothing to compare": district(region=MISSING, province_values=MISSING),
    "eleven": district(
        n_comuni=11, boundary=status(0, 11, 0), small_comuni={"n": 8, "residents": 900, "share": 0.008},
        enti_link_status="indicative", note="two bodies joined by inference", distretto_id="D99",
        project=PROJECT | {"confidence": "title: single source, measure inferred"},
    ),
    "no province": district(province_values=MISSING, small_comuni={"n": 1, "residents": 900, "share": 0.008}),
    "zero": district(
        values=REGION | {"share_small_comuni": 0.0}, small_comuni={"n": 0, "residents": 0, "share": 0.0},
        insight=insight(finding("share_small_comuni", 0.0, "low"), inside=inside(4, 4)), n_comuni=4,
        largest_comune={"name": "Settimo", "residents": 46000, "share": 0.55},
    ),
    "all small": district(small_comuni={"n": 53, "residents": 160451, "share": 1.0},
    peers=district()["peers"][:1]),
    "every oddity": district(
        insight=insight(finding("density", 6525.0, "high", 3), finding("dependency_ratio", 57.1, "low", 3),
        inside=inside(13, 0)),
        boundary=status(10, 2, 1),
    ),
    "others": district(
        insight=insight(finding("residents_change", -0.098, "low", 1), finding("residents_change", 0.029, "high", 2),
        finding("minutes_to_pole", 0.0, "low", 1, following=False), inside=inside(11, 1)),
        boundary=status(10, 0, 1),
    ),
}  # fmt: skip

BAD = re.compile(
    r"\b(None(?! of)|nan|Undefined|1 comuni|un comuni|il non|del non|l’non)\b"
    r"|[^\S\n]{2}| [.,;:)]|[(] |,,|\.\.|[,;]$|-0[,.]0"
    r"|[a-zà][.][A-Z]|!|—|[^\W\d_]'[^\W\d_]|,[^\W\d_]",
    re.MULTILINE,
)


@pytest.mark.parametrize("lang,template,situation", list(product(LANGS, DISTRICT, SITUATIONS)))
def test_every_situation_reads_well(lang, template, situation):
    text = render(template, lang, **SITUATIONS[situation])
    plain = unescape(text)
    assert not BAD.search(plain), f"{BAD.search(plain)} in {plain}"
    for block in plain.split("\n\n"):
        assert block[0].isupper() or block[0] in "«“-#È" or block[0].isdigit(), block


@pytest.mark.parametrize("lang,template", list(product(LANGS, PAGES)))
@pytest.mark.parametrize(
    "changes", [{}, {"single_comune": []}, {"single_comune": ["Torino"], "url": "https://example.org"}]
)
def test_pages_read_well(lang, template, changes):
    plain = unescape(render(template, lang, **pages(**changes)))
    assert not BAD.search(plain.replace("WE.CA.RE.", "WECARE")), BAD.search(plain)


@pytest.mark.parametrize("lang,indicator", list(product(LANGS, REGION)))
def test_captions_for_every_indicator(lang, indicator):
    ends = {"value": REGION[indicator], "indicator": indicator}
    ends |= {
        "highest": {"name": "Asti", "value": REGION[indicator]},
        "lowest": {"name": "Bra", "value": REGION[indicator]},
    }
    for template in ("caption_map", "alt_map"):
        assert not BAD.search(render_text(template, lang, **district(**ends)))
    for template in ("caption_region_map", "alt_region_map"):
        assert not BAD.search(render_text(template, lang, **pages(**ends)))


def text_of(template, situation, lang="it"):
    return unescape(render(template, lang, **SITUATIONS[situation]))


@pytest.mark.parametrize(
    "template,situation,present,absent",
    [
        (
            "district_brief",
            "plain",
            ["53 comuni", "È l’ottavo dei 30 distretti", "L’8,1% dei residenti ha 80"],
            ["deduzione"],
        ),
        (
            "district_brief",
            "plain",
            [
                "nessun distretto ha un valore più alto; segue Asti (261,6)",
                "(8.000 persone): ha un valore più basso solo Alba (8,9%)",
                "sono aumentati dello 0,5%, al contrario del Piemonte nel suo insieme (−2,5%)",
                "sono aumentati in 16 comuni su 53",
                "dal −13,2% di Robilante al +13,0% di Bernezzo",
            ],
            ["vicino alla media"],
        ),
        (
            "district_brief",
            "single",
            ["coincide con il comune di Novara", "È il 19º dei 30"],
            ["popoloso è", "comuni"],
        ),
        (
            "district_brief",
            "torino",
            ["È il più popoloso dei 30 distretti", "la mediana dei 30 distretti è 10"],
            ["comune più popoloso"],
        ),
        ("district_brief", "no project", ["vicino alla media"], ["Misura 1"]),
        (
            "district_brief",
            "shared",
            ["meno popoloso"],
            ["Alessandria"],
        ),
        ("district_population", "shared", ["gli altri in un’altra provincia."], []),
        ("district_population", "one partner", ["gli altri in altre due province."], []),
        ("district_brief", "every oddity", ["hanno un valore più alto solo Alba", "uguali in tutti i comuni"], []),
        (
            "district_brief",
            "others",
            ["diminuiti del 9,8%: nessun distretto ha un calo più forte", "ha un aumento più forte solo Alba"],
            ["segue Alba"],
        ),
        (
            "district_brief",
            "zero",
            ["Nessuno vive in un comune", "più della metà dei residenti", "sono aumentati in tutti i comuni"],
            ["valore più basso"],
        ),
        ("district_population", "plain", ["l’11,9%", "29 su 53"], ["rispettivamente"]),
        ("district_population", "single", ["residenti per km²"], ["meno di 1.000", "comuni"]),
        (
            "district_population",
            "missing",
            ["non sono disponibili", "L’indice di vecchiaia non è disponibile"],
            ["il 0"],
        ),
        ("district_population", "no province", ["Un solo comune", "lo 0,8%"], ["provincia"]),
        ("district_population", "all small", ["Tutti i comuni hanno meno"], []),
        ("district_comparison", "plain", ["lo dice la tabella"], []),
        ("district_peers", "missing", ["non si possono calcolare"], ["](", "dal più vicino"]),
        (
            "district_peers",
            "plain",
            ["I due distretti", "dal più vicino", "nelle schede qui sotto"],
            ["Nessun distretto"],
        ),
        ("district_peers", "torino", ["Il distretto di Torino sta a sé"], ["I due distretti"]),
        (
            "district_wecare",
            "plain",
            ["«Reti per il futuro»", "Comune di Trecate ed Elios", "non è pubblicato"],
            ["ricavato"],
        ),
        (
            "district_wecare",
            "shared",
            ["Asti; Alessandria e Valenza; ", "Nessuna delle fonti consultate nomina", "è una deduzione"],
            ["«"],
        ),
        (
            "district_wecare",
            "no project",
            ["non dicono a quale dei 22", "Non è un’assegnazione"],
            ["capofila"],
        ),
        (
            "district_wecare",
            "granted",
            ["L’importo assegnato al progetto è di 412.346 euro.\u00a0[S027]"],
            ["non è pubblicato"],
        ),
        (
            "district_wecare",
            "granted together",
            ["800.000 euro, in tutto per i cinque distretti."],
            ["non è pubblicato"],
        ),
        ("district_wecare", "one partner", ["Un solo partner", "(dedotto dal comune", "indicativo"], []),
        ("district_wecare", "plain", ["da 179.000 a 867.000 euro", "circa 241.000 euro (1,50 euro"], []),
        ("district_boundary", "plain", ["per 29 comuni (27,1% dei residenti) ed è ricavata"], ["indicativa"]),
        ("district_boundary", "single", ["del comune", "Solo quella tabella"], ["comuni del"]),
        ("district_boundary", "no project", ["di ciascuno dei suoi 53 comuni è ricavata"], []),
        ("district_boundary", "one partner", ["per tre comuni", "per uno", "per 41"], []),
        (
            "district_boundary",
            "shared",
            ["è ricavata da altri documenti per 78 comuni", "ed è indicativa per due"],
            [],
        ),
        (
            "caption_map",
            "plain",
            ["Nel distretto di Cuneo il 24,5% dei residenti ha 65 anni o più; fra i comuni"],
            [],
        ),
        (
            "district_boundary",
            "eleven",
            ["di ciascuno dei suoi 11 comuni", "i suoi enti gestori è indicativo", "two bodies joined by inference"],
            [" i 11", "dei 11"],
        ),
        ("alt_map", "eleven", ["Mappa degli 11 comuni"], ["dei 11"]),
        ("district_wecare", "eleven", ["che questo sia il progetto della Misura 1 è una deduzione"], []),
        ("caption_map", "single", [], ["il valore più alto"]),
        ("caption_pyramid", "missing", ["di 85 anni e più"], ["None"]),
    ],
)
def test_sentences_follow_the_situation(template, situation, present, absent):
    text = text_of(template, situation)
    for part in present:
        assert part in text, text
    for part in absent:
        assert part not in text, text


def test_both_editions_have_the_same_labels_and_templates():
    assert list(labels("it")) == list(labels("en"))
    assert all(value.strip() for lang in LANGS for value in labels(lang).values())
    assert templates("it") == templates("en")
    assert {*DISTRICT, *PAGES} <= set(templates("it"))


def test_labels_used_in_templates_exist():
    for lang in LANGS:
        for path in files("helpers.prose").joinpath(lang).iterdir():
            if path.name.endswith(".j2"):
                for key in re.findall(r'label\("([\w.]+)"\)', path.read_text(encoding="utf-8")):
                    assert key in labels(lang), f"{path.name}: {key}"


def test_indicators_have_every_label():
    kinds = ("short", "long", "sentence", "definition", "formula", "unit")
    for lang, key, kind in product(LANGS, REGION, kinds):
        assert label(lang, f"indicator.{key}.{kind}")
    assert set(COMPARED) <= set(REGION)


def test_italian_typography():
    text = "\n".join(p.read_text(encoding="utf-8") for p in Path(str(files("helpers.prose") / "it")).rglob("*.*"))
    outside = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}|^#.*$", "", text, flags=re.DOTALL | re.MULTILINE)
    assert not re.search(r"\w'\w|\bben\b|—", outside)


def test_clear_errors():
    with pytest.raises(ProseError, match="'fr'"):
        render("district_brief", "fr", **district())
    with pytest.raises(ProseError, match="no_such"):
        render("no_such", "it")
    with pytest.raises(ProseError, match="no.such"):
        label("it", "no.such")
    facts = district()
    del facts["residents"]
    with pytest.raises(ProseError, match="residents"):
        render("district_brief", "it", **facts)
    with pytest.raises(ProseError, match="address"):
        _environment("it").from_string('{{ link("x", "", "../x") }}').render()


PARSER = MarkdownIt("commonmark", {"html": True, "typographer": True})
PARSER.enable(["table", "strikethrough", "replacements", "smartquotes"])


def shown(text):
    return escape_html(clean(text), quote=False).replace('"', "&quot;")


@given(st.text() | st.text(alphabet="#*_-+>|`~$[](){}<>&!?\\:=\"'.,1a @^%\n\t"))
@example(",,")
def test_text_never_becomes_markup(text):
    inner = shown(text)
    assert PARSER.render(f"x{md(text)}y") == f"<p>x{inner}y</p>\n"
    inner = inner.strip(" ")
    if inner:
        assert PARSER.render(str(md(text))) == f"<p>{inner}</p>\n"
        assert PARSER.render(f"- {md(text)}") == f"<ul>\n<li>{inner}</li>\n</ul>\n"
        assert f"<td>{inner}</td>" in PARSER.render(f"| a |\n|---|\n| {md(text)} |")


@given(st.text(alphabet="#*_-+>|`~$[](){}<>&!\\:=\"'.1a @^%\n\t"))
def test_nothing_special_to_jinja_quarto_or_tex_is_left(text):
    assert not re.search(r"[{}$\\@<>`*_\[\]|~^:\n]|--", md(text).replace("&#", "").replace(";", ""))


@given(st.text())
def test_html_and_attributes(text):
    assert unescape(html(text)) == clean(text)
    assert not set('<>"') & set(html(text))


def poison(value):
    """Put hostile text wherever a fact is free text."""
    if isinstance(value, dict):
        keep = ("slug", "code", "link_status", "direction", "indicator", "measure_id", "sources")
        keep += ("source_ids", "grant_source_ids", "official_sources", "enti_link_status")
        return {k: v if k in keep else poison(v) for k, v in value.items()}
    if isinstance(value, list):
        return [poison(item) for item in value]
    return HOSTILE if isinstance(value, str) else value


@pytest.mark.parametrize("lang,template", list(product(LANGS, DISTRICT + PAGES)))
def test_hostile_facts_stay_text(lang, template):
    facts = district() if template in DISTRICT else pages()
    kept = {
        k: facts[k]
        for k in ("districts_path", "indicator", "edition_date", "outcomes", "compared", "logarithmic")
        if k in facts
    }
    page = PARSER.render(render(template, lang, **(poison(facts) | kept)))
    tags = set(re.findall(r"</?(\w+)", page))
    assert tags <= {"p", "ul", "li", "h2", "h3", "strong", "em", "a"}
    assert page.count("<em>") == (2 if template == "overview_brief" else 0)
    assert page.count("<strong>") == (5 if template == "method" else 0)
    assert "<h2>" not in page or template == "method"


def test_plain_text_is_unescaped():
    assert render_text("caption_map", "it", **district(name="A & B")).startswith("Nel distretto di A & B il 24,5%")


def test_templates_compiled_by_other_code_are_forgotten(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "TEMPLATES", tmp_path)
    (tmp_path / "0123456789ab-x.cache").write_bytes(b"of older code")
    compiled = render_module._bytecode_cache.__wrapped__()
    assert list(tmp_path.iterdir()) == []
    bucket = SimpleNamespace(key="x")
    assert compiled._path(bucket).name == render_module._bytecode_cache()._path(bucket).name


@pytest.mark.parametrize("damage", ["one byte", "cut", "empty", "a folder"])
def test_a_compiled_template_that_is_damaged_is_compiled_anew(tmp_path, damage):
    def text():
        loader = DictLoader({"x": "{% for n in given %}<{{ n }}>{% endfor %}"})
        cache = render_module._Compiled(tmp_path, "mine")
        return Environment(loader=loader, bytecode_cache=cache, autoescape=True).get_template("x").render(given=[1, 2])

    assert text() == "<1><2>"
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    if damage == "a folder":
        kept.unlink()
        kept.mkdir()
        assert text() == "<1><2>"
        return
    for place in range(0, len(whole), 7) if damage == "one byte" else (0,):
        spoilt = whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :]
        kept.write_bytes({"one byte": spoilt, "cut": whole[:-9], "empty": b""}[damage])
        assert text() == "<1><2>"
    assert kept.read_bytes() == whole
