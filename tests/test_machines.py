"""What the site offers to machines: documents that fit their schema, say where numbers come from, lead somewhere."""

from __future__ import annotations

import gzip
import io
import json
import re
import xml.etree.ElementTree as ET
from html import escape

import jsonschema
import pytest
import samples
from bs4 import BeautifulSoup
from PIL import Image
from readers import read_page

from helpers import config
from helpers.data import raw
from helpers.declarations import BY_ID
from helpers.errors import WecareError
from helpers.pages.common.declared import declared_pages
from helpers.prose.labels import labels
from helpers.publish import feeds, not_found
from helpers.publish.check.html_reader import read
from helpers.publish.machines import api, cards, catalog, geo, metadata, schemas, search, social, web
from helpers.publish.machines.base import quantity, site_url, text_or_reason
from helpers.publish.site import publish

URL = "https://esempio.it/we/"

GOOD_CARD = b'<!doctype html><html lang="it"><body><main><h1>X</h1><a href="../index.html">X</a></main></body></html>'


@pytest.fixture(scope="session")
def districts():
    return [api.district_document(code) for code in raw.load("districts")["distretto_id"]]


@pytest.fixture(scope="session")
def documents(districts):
    return {name: json.loads(content) for name, content in api.api_files(districts).items()}


@pytest.fixture(scope="session")
def published(parts):
    from helpers.publish.feeds import derived_files, package_files

    return {**package_files(), **derived_files(parts), "data/districts.json": b"", "data/districts.geojson": b""}


def walk(value, path=()):
    """Every value of a document that holds no other, with the keys that lead to it and the object it stands in."""
    if isinstance(value, dict):
        for key, part in value.items():
            if isinstance(part, (dict, list)):
                yield from walk(part, (*path, key))
            else:
                yield (*path, key), part, value
    else:
        for n, part in enumerate(value):
            if isinstance(part, (dict, list)):
                yield from walk(part, (*path, n))
            else:
                yield (*path, n), part, value


def data(documents):
    return {name: d for name, d in documents.items() if "/schema/" not in name}


# --- API ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_schemas_are_schemas_and_are_all_used(documents):
    named = {d["schema"] for d in data(documents).values()}
    assert named == {f"api/schema/{name}.json" for name in schemas.schemas()}
    for name in named:
        jsonschema.Draft202012Validator.check_schema(documents[name])


@pytest.mark.slow
def test_every_document_fits_the_schema_it_names(documents):
    for name, document in data(documents).items():
        validator = jsonschema.Draft202012Validator(documents[document["schema"]])
        assert [f"{list(e.absolute_path)}: {e.message}" for e in validator.iter_errors(document)] == [], name


@pytest.mark.parametrize(
    "broken",
    [
        {"value": 3, "unit": "eur", "status": None, "sources": ["S001"]},
        {"value": 3, "unit": "eur", "status": "sourced", "sources": []},
        {"value": None, "unit": "eur", "status": None, "sources": ["S001"]},
        {"value": None, "unit": "eur", "status": "sourced", "reason": "not_known", "sources": ["S001"]},
        {"value": 3, "unit": "eur", "status": "sourced", "reason": "not_known", "sources": ["S001"]},
        {"value": 3, "unit": "euro", "status": "sourced", "sources": ["S001"]},
        {"value": "3", "unit": "eur", "status": "sourced", "sources": ["S001"]},
    ],
)
def test_the_schema_refuses_a_number_that_hides_what_it_is(broken):
    validator = jsonschema.Draft202012Validator(schemas.DEFINITIONS["quantity"])
    assert not validator.is_valid(broken)
    assert validator.is_valid(quantity(0, "eur", "sourced", ["S001"]))
    assert validator.is_valid(quantity(float("nan"), "eur", "sourced", [], "not_published"))


def test_a_missing_value_is_neither_zero_nor_silent():
    assert quantity(0.0, "eur", "sourced", ["S001"])["value"] == 0
    missing = quantity(None, "eur", "sourced", ["S001"], "not_published")
    assert missing == {"value": None, "unit": "eur", "status": None, "reason": "not_published", "sources": ["S001"]}
    assert text_or_reason(None) == {"value": None, "reason": "not_known"}
    assert text_or_reason("0") == {"value": "0"}


@pytest.mark.slow
def test_no_number_stands_without_unit_status_and_sources(documents):
    for name, document in data(documents).items():
        for path, value, around in walk(document):
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                assert path[-1] == "value", (name, path)
                assert around["status"] and around["sources"] and around["unit"], (name, path)


def test_no_null_stands_without_a_reason(documents):
    allowed = {"base", "status", "kind", "part_of"}
    for name, document in data(documents).items():
        for path, value, around in walk(document):
            if value is None and path[-1] not in allowed:
                assert path[-1] == "value" and around["reason"] in schemas.REASONS, (name, path)


def test_every_source_named_is_in_the_list_of_sources(documents):
    known = {s["id"] for s in documents["api/sources.json"]["sources"]}
    named = {
        v
        for d in data(documents).values()
        for path, v, _ in walk(d)
        if "sources" in path[:-1] and path[-2] == "sources"
    }
    assert {n for n in named if isinstance(n, str)} <= known and len(named) > 50


def test_the_districts_hold_what_the_tables_hold(documents):
    districts = [documents[f"api/districts/{slug}.json"] for slug in raw.load("districts")["slug"]]
    assert sum(d["residents"]["value"] for d in districts) == 4_256_350
    assert sum(len(d["comuni"]) for d in districts) == 1181
    assert sum(c["residents"]["value"] for d in districts for c in d["comuni"]) == 4_256_350
    assert [d["id"] for d in districts if not d["misura_1"]["known"]] == ["D27", "D28", "D29", "D30"]
    for d in districts:
        assert sum(part["value"] for part in d["comuni_by_status"].values()) == len(d["comuni"])
        if d["misura_1"]["known"]:
            amount = d["misura_1"]["amount"]
            assert amount["value"] is None and amount["reason"] == "not_published"
        for part in ("total", "per_resident"):
            assert d["benchmark"][part]["status"] == "benchmark"
    # Rounded to thousands, thirty shares come to the budget within fifteen thousand euro.
    assert abs(sum(d["benchmark"]["total"]["value"] for d in districts) - 6_400_000) <= 15_000


def test_the_list_of_districts_says_what_their_documents_say(documents):
    for listed in documents["api/districts.json"]["districts"]:
        own = documents[listed["path"]]
        assert all(own[key] == listed[key] for key in ("id", "slug", "name", "residents", "comuni_by_status"))


def test_measures_keep_known_zero_and_unknown_apart(documents):
    found = {m["id"]: m for m in documents["api/measures.json"]["measures"]}
    assert set(found) == set(raw.load("measures")["measure_id"])
    assert found["M1"]["budget_eur"]["value"] == 6_400_000 and found["M1"]["grant_min_eur"]["value"] == 179_000
    assert found["M1"]["amount_granted_eur"]["reason"] == "not_published"
    assert sum(m["budget_eur"]["value"] for m in found.values() if m["part_of"] is None) == 20_000_000


def test_the_index_offers_every_document(documents):
    index = documents["api/index.json"]
    offered = {d["path"] for d in index["documents"]} | {d["schema"] for d in index["documents"]}
    offered |= {index["districts"]["path"].format(slug=slug) for slug in index["districts"]["slugs"]}
    offered |= {index["districts"]["schema"], "api/index.json", "api/schema/index.json"}
    assert offered == set(documents)


# --- catalogue ---------------------------------------------------------------------------------------------------

#: What DCAT-AP_IT demands.
MANDATORY = {
    "dcatapit:Catalog": ("dct:title", "dct:description", "dct:publisher", "dct:modified", "dcat:dataset"),
    "dcatapit:Dataset": (
        *("dct:identifier", "dct:title", "dct:description", "dct:modified", "dcat:theme", "dct:rightsHolder"),
        *("dct:accrualPeriodicity", "dcat:distribution", "dct:publisher", "dcat:contactPoint", "dct:issued"),
    ),
    "dcatapit:Distribution": ("dct:format", "dcat:accessURL", "dct:license"),
    "dcatapit:Agent": ("dct:identifier", "foaf:name"),
    "dcatapit:Organization": ("vcard:fn",),
    "dcatapit:LicenseDocument": ("dct:type", "foaf:name"),
}


def nodes(graph):
    for node in graph:
        yield node
        yield from nodes(node.get("dcat:distribution", []))


@pytest.mark.slow
def test_a_licence_is_claimed_only_where_it_is_known(published):
    graph = list(nodes(catalog.catalog(published)["@graph"]))
    licences = {node["@id"]: node["foaf:name"] for node in graph if node["@type"][0] == "dcatapit:LicenseDocument"}
    of = {
        node["dct:identifier"].partition(":")[2]: licences[node["dcat:distribution"][0]["dct:license"]["@id"]]
        for node in graph
        if node["@type"][0] == "dcatapit:Dataset"
    }
    assert "CC BY 4.0" in of["population_totals"] and "CC BY 4.0" in of["derived-districts"]
    assert of["asl_comuni"].startswith("Licenza non vista") and of["income"].endswith("3.0 Italia")


@pytest.mark.parametrize("url", ["", URL])
@pytest.mark.slow
def test_the_catalogue_has_what_dcat_ap_it_demands(published, url):
    found = catalog.catalog(published, url)
    graph = list(nodes(found["@graph"]))
    kinds = [node["@type"][0] for node in graph]
    assert set(kinds) == set(MANDATORY)
    for node in graph:
        for name in MANDATORY[node["@type"][0]]:
            assert node.get(name), (node["@id"], name)
    ids = [node["@id"] for node in graph]
    assert len(ids) == len(set(ids))
    prefixes = set(found["@context"])
    used = {key.split(":")[0] for node in graph for key in node if not key.startswith("@")}
    assert used <= prefixes
    for node in graph:
        for value in (node.get("dct:title"), node.get("dct:description")):
            assert value is None or (value["@language"] == "it" and value["@value"])
        for value in node.values():
            if isinstance(value, dict) and "@id" in value and value["@id"].startswith(url or "../data/catalog.jsonld#"):
                assert "#" not in value["@id"] or value["@id"] in ids or "dati.html" in value["@id"], value


def test_every_table_is_in_the_catalogue_with_a_file_that_is_there(published):
    graph = catalog.catalog(published)["@graph"]
    datasets = {n["dct:identifier"].split(":")[1]: n for n in graph if "dcat:Dataset" in n["@type"]}
    assert set(raw.tables()) <= set(datasets)
    derived = {name.split("/")[-1].partition(".")[0] for name in published if name.startswith("data/derived/")}
    assert {f"derived-{name}" for name in derived} <= set(datasets)
    offered = {
        d["dcat:accessURL"]["@id"].removeprefix("../") for n in datasets.values() for d in n["dcat:distribution"]
    }
    assert offered <= set(published) and "data/districts.geojson" in offered
    assert offered >= {name for name in published if name.startswith("data/tables/") and not name.endswith(".json")}


def test_the_catalogue_names_whom_the_data_package_names(published, monkeypatch):
    people = [
        {"title": "Ente X", "organization": "ente_x", "path": "https://x.it", "roles": ["publisher", "rightsHolder"]},
        {"title": "Ufficio", "email": "ufficio@x.it", "roles": ["contactPoint"]},
    ]
    package = raw.descriptor() | {"contributors": people}
    monkeypatch.setattr(raw, "descriptor", lambda root=None: package)
    graph = catalog.catalog(published)["@graph"]
    names = {n.get("foaf:name") for n in graph if "dcatapit:Agent" in n["@type"]}
    assert names == {"Ente X"}
    (contact,) = [n for n in graph if "dcatapit:Organization" in n["@type"]]
    assert contact["vcard:hasEmail"] == {"@id": "mailto:ufficio@x.it"} and contact["vcard:fn"] == "Ufficio"


def test_no_address_to_write_to_is_invented(published):
    text = json.dumps(catalog.catalog(published))
    assert "mailto:" not in text and "@" not in raw.descriptor().get("contributors", "")


# --- boundaries, feeds, cards, pictures --------------------------------------------------------------------------


@pytest.mark.slow
def test_boundaries_of_comuni_fit_their_budget_and_hold_every_comune():
    found = geo.comuni_files()
    assert sum(map(len, found.values())) <= 700_000 and len(found) == 30
    features = [f for content in found.values() for f in json.loads(content)["features"]]
    assert {f["properties"]["istat"] for f in features} == set(raw.load("comuni")["istat"])

    def numbers(nested):
        return [nested] if isinstance(nested, float) else [n for part in nested for n in numbers(part)]

    for feature in features:
        flat = numbers(feature["geometry"]["coordinates"])
        assert all(6.6 < x < 9.3 for x in flat[::2]) and all(44.0 < y < 46.5 for y in flat[1::2])
        assert all(round(n, 4) == n for n in flat)
        assert feature["properties"]["status"] in schemas.STATUSES


@pytest.mark.slow
def test_other_territories_are_whole_and_small():
    found = {name: json.loads(content) for name, content in geo.other_files().items()}
    counts = {name.split("/")[-1].split(".")[0]: len(made["features"]) for name, made in found.items()}
    assert counts == {
        "provinces": len(raw.load("provinces")),
        "quadrants": len(raw.load("quadrants")),
        "regions": len(raw.load("regions")),
        "will": len(raw.load("will_comuni")),
    }
    assert all(feature["properties"]["name"] for made in found.values() for feature in made["features"])
    assert sum(len(json.dumps(made)) for made in found.values()) <= 400_000


ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.parametrize("lang", ["it", "en"])
@pytest.mark.parametrize("url", ["", URL])
def test_the_feed_lists_the_editions_the_newest_first(lang, url):
    root = ET.fromstring(web.feed(lang, url))
    entries = root.findall(f"{ATOM}entry")
    editions = raw.load("editions")
    assert len(entries) == len(editions)
    assert editions["edition"].iloc[-1] in entries[0].find(f"{ATOM}title").text
    for element in (root, *entries):
        assert all(element.find(ATOM + name) is not None for name in ("id", "title", "updated"))
    ids = [e.find(f"{ATOM}id").text for e in (root, *entries)]
    assert len(ids) == len(set(ids)) and all(i.startswith("urn:uuid:") for i in ids)
    assert root.find(f"{ATOM}author/{ATOM}name").text
    assert (root.get("{http://www.w3.org/XML/1998/namespace}base") or "") == (
        f"{url}{'en/' if lang == 'en' else ''}" if url else ""
    )


def test_a_sitemap_needs_to_know_where_the_site_stands():
    pages = {"index": "it", "en/index": "en", "nota": "it"}
    assert set(web.crawler_files(pages, "2026-11-22")) == {"robots.txt"}
    made = web.crawler_files(pages, "2026-11-22", URL)
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    root = ET.fromstring(made["sitemap.xml"])
    assert {e.text for e in root.iter(f"{space}loc")} == {f"{URL}{page}.html" for page in pages}
    assert f"Sitemap: {URL}sitemap.xml" in made["robots.txt"].decode()


def test_the_address_of_the_site_is_read_from_its_description(tmp_path):
    path = tmp_path / "_quarto.yml"
    assert site_url(path) == ""
    path.write_text("website: {title: x}\n")
    assert site_url(path) == ""
    path.write_text("website: {title: x, site-url: 'https://esempio.it/we'}\n")
    assert site_url(path) == URL


@pytest.mark.slow
def test_cards_are_small_and_need_no_other_file_but_their_style_sheet(districts):
    files = [cards.card_files(district, URL) for district in districts]
    made = {name: content.decode() for some in files for name, content in some.items()}
    slugs = set(raw.load("districts")["slug"])
    assert set(made) == {f"{root}embed/{slug}.html" for slug in slugs for root in ("", "en/")}
    for name, text in made.items():
        assert len(text.encode()) <= 15_000, name
        assert text.count("<h1>") == 1 and text.count("<dt>") == 5 == text.count("<dd>")
        assert f'<html lang="{"en" if name.startswith("en/") else "it"}">' in text
        linked = r"canonical|icon\" href=\"data:,|stylesheet\" href=\"[./]+/assets/embed\.css\""
        assert not re.search(rf"\bsrc=|<script|<link rel=\"(?!{linked})|@import|None|nan\b", text), name
        assert len(re.findall(r'<dd>[^<]+<a href="\.\./metodo\.html#dati-\w+" title="[^"]+">', text)) == 5
    assert "848.748" in made["embed/torino.html"] and "848,748" in made["en/embed/torino.html"]
    assert "1.276.000 euro" in made["embed/torino.html"] and "Valore di riferimento" in made["embed/torino.html"]


@pytest.mark.slow
def test_pictures_have_the_size_networks_ask_for_and_stay_small():
    made = social.social_files()
    assert set(made) == {f"assets/social/{s}.png" for s in (*raw.load("districts")["slug"], "osservatorio")}
    for name, content in made.items():
        image = Image.open(io.BytesIO(content))
        assert image.size == (1200, 630) and image.mode == "P" and len(content) <= 15_000, name
    assert sum(map(len, made.values())) <= 31 * 12_000
    assert len(set(made.values())) == 31


@pytest.mark.audit
def test_the_same_inputs_give_the_same_bytes_kept_or_made_again(built, tmp_path, monkeypatch):
    # Of the workbooks of the thirty districts, which take longest, those of two.
    books = feeds.district_workbooks
    monkeypatch.setattr(feeds, "district_workbooks", lambda code: books(code) if code in ("D01", "D30") else {})
    made = feeds.feeds(kept=tmp_path / "feeds.db")
    assert feeds.feeds(kept=tmp_path / "feeds.db") == made
    # Pages are finished before they are published.
    files = {name: data for name, data in made.items() if not name.endswith(".html")}
    assert {name: (built.site / name).read_bytes() for name in files} == files


# --- metadata and search -----------------------------------------------------------------------------------------

PAGE = (
    '<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title} – Sito</title>'
    '<meta name="smalldocs:offset" content="{offset}"><meta name="description" content="Di &quot;{title}&quot;">'
    '</head><body><header>Menu</header><main><h1 class="title">{title}</h1>'
    '<nav class="percorso"><ol><li><a href="{offset}index.html">Home &amp; oltre</a></li></ol></nav>{body}'
    "</main></body></html>"
)


def page(folder, path, lang, title, body=""):
    target = folder / f"{path}.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(PAGE.format(lang=lang, title=escape(title), offset="../" * path.count("/") or "./", body=body))
    return target


def small(folder):
    row = '<tr><th scope="row"><a href="#x">{}</a></th><td class="num">1.234</td></tr>'
    table = f'<figure id="fig-map"><table>{row}</table></figure>'
    page(folder, "index", "it", "Casa", '<section id="oggi"><h2>Oggi</h2><p>Un testo raro.</p></section>')
    page(folder, "en/index", "en", "Home", '<section id="now"><h2>Now</h2><p>A rare text.</p></section>')
    page(folder, "distretti/bra", "it", "Distretto </script> di Bra", table.format("Bra"))
    page(folder, "en/distretti/bra", "en", "District of Bra", table.format("Bra"))
    return {"index": "it", "en/index": "en", "distretti/bra": "it", "en/distretti/bra": "en"}


def content(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def describe(folder, pages, url=""):
    """Put the metadata into the head of every page of a folder."""
    site = metadata.Site(pages, frozenset(content(folder)), "2026-11-22", url)
    for path in (folder / f"{page}.html" for page in pages):
        name = path.relative_to(folder).with_suffix("").as_posix()
        path.write_text(metadata.add_metadata(path.read_text(), name, site))


def index(folder, pages):
    """Write the indexes of the search of a folder."""
    texts = {page: (folder / f"{page}.html").read_text() for page in pages}
    readers = {page: search.Sections(page) for page in texts}
    for page, text in texts.items():
        read(text, readers[page])
    for name, made in search.indexes({page: reader.found() for page, reader in readers.items()}).items():
        (folder / name).write_bytes(made)


def heads(folder, name):
    return (folder / name).read_text().split("</head>")[0]


def test_heads_say_no_half_addresses_and_are_put_in_once(tmp_path):
    pages = small(tmp_path)
    describe(tmp_path, pages)
    once = content(tmp_path)
    head = heads(tmp_path, "en/distretti/bra.html")
    assert "og:title" in head and "hreflang" not in head
    assert "canonical" not in head and "og:url" not in head and "og:image" not in head
    describe(tmp_path, pages)
    assert content(tmp_path) == once


def test_heads_give_whole_addresses_where_the_site_has_one(tmp_path):
    pages = small(tmp_path)
    (tmp_path / "assets/social").mkdir(parents=True)
    (tmp_path / "assets/social/bra.png").write_bytes(b"")
    describe(tmp_path, pages, URL)
    head = heads(tmp_path, "distretti/bra.html")
    assert f'<link rel="canonical" href="{URL}distretti/bra.html">' in head
    for language, address in (("it", "distretti/bra"), ("en", "en/distretti/bra"), ("x-default", "distretti/bra")):
        assert f'<link rel="alternate" hreflang="{language}" href="{URL}{address}.html">' in head
    assert f'content="{URL}assets/social/bra.png"' in head
    assert '<meta property="og:description" content="Di &#34;Distretto ' in head


def test_linked_data_is_json_that_no_title_can_break(tmp_path):
    pages = small(tmp_path)
    describe(tmp_path, pages)
    text = (tmp_path / "distretti/bra.html").read_text()
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    trail = json.loads(found)["@graph"][0]["itemListElement"]
    assert [step["name"] for step in trail] == ["Home & oltre", "Distretto </script> di Bra"]
    assert [step["item"] for step in trail] == ["../index.html", "bra.html"]


def test_what_a_publisher_put_in_gives_way():
    site = metadata.Site({"index": "it"}, frozenset(), "2026-11-22", URL)
    text = (
        '<head><title>T</title><link rel="canonical" href="x"><meta property="og:title" content="x"></head><p>og:</p>'
    )
    done = metadata.add_metadata(text, "index", site)
    assert done.count("canonical") == 1 and done.count('"og:title"') == 1 and done.endswith("</head><p>og:</p>")


def test_each_language_searches_its_own_pages(tmp_path):
    pages = small(tmp_path)
    index(tmp_path, pages)
    italian, english = (json.loads((tmp_path / name).read_text()) for name in ("search.json", "en/search.json"))
    assert {e["href"] for e in italian} == {e["href"] for e in english} == {"index.html", "distretti/bra.html"}
    assert ["oggi", "Oggi", "Un testo raro."] in italian[0]["sections"]
    assert [e["title"] for e in english if ["now", "Now", "A rare text."] in e["sections"]] == ["Home"]
    assert [e["title"] for e in italian if e["href"] == "distretti/bra.html"] == ["Distretto </script> di Bra"]
    assert "1.234" not in json.dumps(italian)


def test_a_source_is_found_by_its_code_and_an_indicator_by_its_synonyms(tmp_path):
    rows = "".join(
        f'<tr><th scope="row"><span id="S00{n}">S00{n}</span></th><td>Archivio di tutti</td></tr>' for n in range(1, 7)
    )
    body = f'<section id="fonti"><h2>Fonti</h2><table>{rows}</table><p>Dopo la tabella.</p></section>'
    page(tmp_path, "metodo", "it", "Metodo", body)
    sheet = '<article id="old_age_index"><h3>Vecchiaia</h3><p>Quanti per cento.</p></article>'
    page(tmp_path, "indicatori", "it", "Indicatori", sheet)
    index(tmp_path, {"metodo": "it", "indicatori": "it"})
    method, indicators = json.loads((tmp_path / "search.json").read_text())
    assert ["S003", "S003", "Archivio di tutti"] in [section[:2] + [section[2][-17:]] for section in method["sections"]]
    assert ["fonti", "Fonti", "Dopo la tabella."] in method["sections"] and "bibliografia" in method["words"]
    (found,) = [section for section in indicators["sections"] if section[0] == "old_age_index"]
    assert found[3] == " ".join(BY_ID["old_age_index"].words["it"].synonyms)


def test_words_of_the_search_name_pages_that_exist():
    measures = {f"misure/{slug}" for slug in raw.load("measures")["slug"].dropna()}
    there = {page.address for page in declared_pages()} | measures | {"accessibilita", "chi-siamo", "privacy"}
    for lang in config.LANGUAGES:
        named = {key.removeprefix("search.words.") for key in labels(lang) if key.startswith("search.words.")}
        assert named and named <= {page.replace("/", "_") for page in there}


def test_a_page_of_the_root_works_at_any_depth_and_can_be_judged_like_others():
    text = '<a href="./dati.html"><form action="distretti/index.html" data-root=""><a href="#qui"><a href="https://x.org/">'
    there = not_found.absolute(text, f"{URL}sotto/")
    start = not_found.base(f"{URL}sotto/")
    assert (
        f'href="{start}dati.html"' in there
        and f'data-root="{start}"' in there
        and f'action="{start}distretti/' in there
    )
    assert 'href="#qui"' in there and 'href="https://x.org/"' in there
    assert 'href="dati.html"' in not_found.relative(there, f"{URL}sotto/")


def test_what_many_pages_say_alike_is_not_searched(tmp_path):
    pages = {}
    for n in range(5):
        pages[f"p{n}"] = "it"
        page(tmp_path, f"p{n}", "it", f"Pagina {n}", f"<p>Sempre uguale.</p><p>Solo qui {n}: parole.</p>")
    index(tmp_path, pages)
    texts = [e["sections"][0][2] for e in json.loads((tmp_path / "search.json").read_text())]
    assert texts == [f"Solo qui {n}: parole." for n in range(5)]


# --- the built site ----------------------------------------------------------------------------------------------


def addresses(value):
    """Addresses in a document of the API: what stands where addresses stand."""
    for path, found, _ in walk(value):
        if isinstance(found, str) and (
            {"pages", "cards", "geometry", "page"} & set(path) or path[-1] in ("path", "schema", "boundary")
        ):
            yield found


@pytest.mark.site
def test_every_address_of_the_api_is_on_the_site(built):
    seen = 0
    for path in sorted((built.site / "api").rglob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        if path.parent.name == "schema":
            continue
        for address in addresses(document):
            target, _, fragment = address.replace("{slug}", "torino").partition("#")
            file = built.site / target
            assert file.is_file(), (path.name, address)
            assert not fragment or f'id="{fragment}"' in read_page(file), (path.name, address)
            seen += 1
    assert seen > 1_000


@pytest.mark.site
def test_catalogue_and_package_lead_to_files_of_the_site(built):
    folder = built.site / "data"
    found = json.loads((folder / "catalog.jsonld").read_text(encoding="utf-8"))
    for node in nodes(found["@graph"]):
        for key in ("dcat:accessURL", "dcat:landingPage", "foaf:homepage"):
            if key in node:
                assert (folder / node[key]["@id"].split("#")[0]).resolve().is_file(), node[key]
    package = json.loads((folder / "tables/datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        assert (folder / "tables" / resource["path"]).is_file(), resource["path"]


@pytest.mark.site
def test_every_page_names_its_feed_and_its_card(built):
    for path in built.site.rglob("*.html"):
        name = path.relative_to(built.site).as_posix()
        if "embed/" in name:
            continue
        text, end, _ = path.read_text(encoding="utf-8").partition("</head>")
        head = BeautifulSoup(text + end, "html.parser").head
        for found, attribute in (
            (head.find_all("link", type="application/atom+xml"), "href"),
            (head.find_all("meta", property="og:image"), "content"),
        ):
            assert len(found) == 1, name
            # The page of what is not found is answered at any depth: its addresses begin at the root.
            there = found[0][attribute]
            start = built.site if there.startswith("/") else path.parent
            assert (start / there.lstrip("/")).resolve().is_file(), (name, found)
        for key, value in (("name", "description"), ("property", "og:title"), ("name", "twitter:card")):
            assert len(head.find_all("meta", {key: value})) == 1, (name, value)
        assert "BreadcrumbList" in head.find("script", type="application/ld+json").string, name


@pytest.mark.site
@pytest.mark.parametrize("root", ["", "en/"])
def test_search_is_small_and_leads_to_places_that_exist(built, root):
    index = (built.site / root / "search.json").read_bytes()
    assert len(gzip.compress(index)) <= 200_000
    entries = json.loads(index)
    for entry in entries:
        name = entry["href"]
        assert not name.startswith(("en/", "../", "404"))
        html = read_page(built.site / root / name)
        assert f'lang="{root[:2] or "it"}"' in html[:400]
        ids = set(re.findall(r'\bid="([^"]+)"', html))
        assert {section[0] for section in entry["sections"]} - {""} <= ids, name


@pytest.mark.site
def test_every_district_says_how_to_embed_its_card(built):
    for slug in raw.load("districts")["slug"]:
        for root in ("", "en/"):
            text = read_page(built.site / f"{root}distretti/{slug}.html")
            assert f'href="../embed/{slug}.html"' in text
            begin = text.index('<pre class="embed-code"')
            code = BeautifulSoup(text[begin : text.index("</pre>", begin)], "html.parser").get_text()
            assert f'<iframe src="{root}embed/{slug}.html"' in code
            assert (built.site / f"{root}embed/{slug}.html").is_file()


@pytest.mark.slow
def test_a_site_that_knows_its_address_says_it_everywhere(tmp_path):
    description = tmp_path / "_quarto.yml"
    text = samples.QUARTO_YML.read_text(encoding="utf-8")
    description.write_text(text.replace("website:\n", f'website:\n  site-url: "{URL}"\n', 1), encoding="utf-8")
    reports = tmp_path / "reports"
    reports.mkdir()
    samples.small_site(reports)
    extra = {"api/index.json": b"{}\n", "data/x.json": b"{}\n", "embed/x.html": GOOD_CARD}
    sites = []
    for n in range(2):
        site = tmp_path / f"site{n}"
        publish(reports, tmp_path / "build", site, publisher="embedded", quarto_yml=description, extra=extra)
        sites.append(content(site))
    assert sites[0] == sites[1] and set(extra) <= set(sites[0])
    pages = {name for name in sites[0] if name.endswith(".html")} - {"embed/x.html"}
    for name in pages:
        head = BeautifulSoup(sites[0][name], "html.parser").head
        assert [link["href"] for link in head.find_all("link", rel="canonical")] == [URL + name]
    # Ours, with the date of the edition: what the publisher writes holds the time of the files.
    found = ET.fromstring(sites[0]["sitemap.xml"])
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert {e.text for e in found.iter(f"{space}loc")} == {URL + name for name in pages}
    assert {e.text for e in found.iter(f"{space}lastmod")} == {"2026-11-22"}


@pytest.mark.slow
def test_a_card_is_checked_like_every_page(tmp_path):
    reports = tmp_path / "reports"
    reports.mkdir()
    samples.small_site(reports)
    bad = GOOD_CARD.replace(b"../index.html", b"../manca.html")
    with pytest.raises(WecareError, match=r"embed/x\.html: no such file: \.\./manca\.html"):
        publish(
            *(reports, tmp_path / "build", tmp_path / "site"),
            publisher="embedded",
            quarto_yml=samples.QUARTO_YML,
            extra={"embed/x.html": bad},
        )
