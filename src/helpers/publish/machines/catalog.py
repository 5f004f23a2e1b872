"""The catalogue for open-data portals (DCAT-AP_IT, in JSON-LD)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from helpers.data import processed, raw
from helpers.prose.labels import label
from helpers.prose.texts import word
from helpers.publish.machines.base import contributors, encode

CATALOG = "data/catalog.jsonld"

#: Files of a dataset beside its table.
FILES = {
    "districts": ("data/districts.geojson", "data/districts.json", "api/districts.json"),
    "provinces": ("data/geo/provinces.geojson",),
    "quadrants": ("data/geo/quadrants.geojson",),
    "regions_geometry": ("data/geo/regions.geojson",),
    "will_geometry": ("data/geo/will.geojson",),
}

#: Vocabularies of the EU and of AgID that DCAT-AP_IT prescribes.
_EU = "http://publications.europa.eu/resource/authority"
THEMES = {"people": f"{_EU}/data-theme/SOCI", "territory": f"{_EU}/data-theme/REGI", "money": f"{_EU}/data-theme/GOVE"}
IRREGULAR = f"{_EU}/frequency/IRREG"
ITALIAN, ENGLISH = f"{_EU}/language/ITA", f"{_EU}/language/ENG"
FORMATS = {
    "csv": f"{_EU}/file-type/CSV",
    "json": f"{_EU}/file-type/JSON",
    "geojson": f"{_EU}/file-type/GEOJSON",
    "parquet": f"{_EU}/file-type/PARQUET",
}
PIEDMONT = "https://w3id.org/italia/controlled-vocabulary/territorial-classifications/regions/01"
#: Tables that speak of more than Piedmont, by how their names begin.
BEYOND_PIEDMONT = (
    *("will_", "population_will", "population_regions", "province_regions", "regions"),
    *("patto_", "good_practices", "sources"),
)
LICENCE = {
    "@id": "https://w3id.org/italia/controlled-vocabulary/licences/A21_CCBY40",
    "@type": ["dcatapit:LicenseDocument", "dct:LicenseDocument"],
    "dct:type": {"@id": "http://purl.org/adms/licencetype/Attribution"},
    "foaf:name": "Creative Commons Attribuzione 4.0 Internazionale (CC BY 4.0)",
    "owl:versionInfo": "4.0",
}
UNKNOWN = "https://w3id.org/italia/controlled-vocabulary/licences/C1_Unknown"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatapit": "http://dati.gov.it/onto/dcatapit#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

#: Tables about people and about territory, by how their names begin; the others are about money and government.
ABOUT = {
    "people": (
        *("population", "ages", "series", "need", "will_", "population_will", "foreign_", "demographic_"),
        *("income", "citizens_", "commuting", "local_units"),
    ),
    "territory": (
        "comun",
        "territory_",
        "asl_",
        "district",
        "provinc",
        "region",
        "quadrant",
        "enti_gestori",
        "will_geometry",
        "will_comuni",
    ),
}


def catalog_files(published: Iterable[str], url: str = "") -> dict[str, bytes]:
    """The catalogue.

    Parameters
    ----------
    published
        Addresses of the site's data files; a table is offered in whatever of these hold it.
    url
        Where the site stands on the web; without it addresses are relative to the file.
    """
    return {CATALOG: encode(catalog(sorted(published), url))}


def catalog(published: Iterable[str], url: str = "") -> dict:
    """The catalogue as JSON-LD."""
    published = list(published)
    edition = raw.edition()
    base = url or "../"
    publisher, holder = (_agent(role, base) for role in ("publisher", "rightsHolder"))
    common = {
        "dct:issued": _date(edition.date),
        "dct:modified": _date(edition.date),
        "dct:publisher": {"@id": publisher["@id"]},
    }
    datasets = [
        *(_raw_dataset(r, published, base) for r in raw.descriptor()["resources"]),
        *(_derived_dataset(name, published, base) for name in processed.NAMES),
    ]
    contact = _contact(base)
    for dataset in datasets:
        dataset.update(common)
        dataset["dct:rightsHolder"] = {"@id": holder["@id"]}
        dataset["dct:accrualPeriodicity"] = {"@id": IRREGULAR}
        dataset["dcat:contactPoint"] = {"@id": contact["@id"]}
        dataset["dct:language"] = {"@id": ITALIAN}
        if not dataset["dct:identifier"].split(":")[1].startswith(BEYOND_PIEDMONT):
            dataset["dct:spatial"] = {"@id": PIEDMONT, "@type": "dct:Location"}
        dataset["owl:versionInfo"] = edition.version
    return {
        "@context": CONTEXT,
        "@graph": [
            {
                "@id": f"{base}data/catalog.jsonld#catalogo",
                "@type": ["dcatapit:Catalog", "dcat:Catalog"],
                "dct:title": _italian(label("it", "site.title")),
                "dct:description": _italian(label("it", "site.description")),
                "foaf:homepage": {"@id": f"{base}index.html"},
                "dct:language": [{"@id": ITALIAN}, {"@id": ENGLISH}],
                "dct:license": {"@id": LICENCE["@id"]},
                "dcat:themeTaxonomy": {"@id": f"{_EU}/data-theme"},
                **common,
                "dcat:dataset": [{"@id": dataset["@id"]} for dataset in datasets],
            },
            *datasets,
            *([publisher] if publisher == holder else [publisher, holder]),
            contact,
            *{found["@id"]: found for found in [LICENCE, *map(_licence, raw.descriptor()["resources"])]}.values(),
        ],
    }


def _raw_dataset(resource: dict, published: list[str], base: str) -> dict:
    name = resource["name"]
    files = [f for f in published if f == f"data/tables/{resource['path']}"]
    if name.endswith("_geometry"):
        files += [f for f in published if f in FILES.get(name, ())]
    title, text = (word("it", "catalogue", resource[key]) for key in ("title", "description"))
    dataset = _dataset(name, title, text, files, base, f"dati.html#tabella-{name}")
    for distribution in dataset["dcat:distribution"]:
        distribution["dct:license"] = {"@id": _licence(resource)["@id"]}
    return dataset


def _licence(resource: dict) -> dict:
    """The licence of a table as a document: the first of its entry; unknown where none was seen."""
    named = resource["licenses"][0]
    if named["name"] == "CC-BY-4.0":
        return LICENCE
    kind = "Attribution" if "path" in named else "UnknownIPR"
    version = re.search(r"[0-9.]+", named["name"])
    return {
        "@id": named.get("path", UNKNOWN),
        "@type": LICENCE["@type"],
        "dct:type": {"@id": f"http://purl.org/adms/licencetype/{kind}"},
        "foaf:name": word("it", "catalogue", named["title"]),
        **({"owl:versionInfo": version[0]} if version else {}),
    }


def _derived_dataset(name: str, published: list[str], base: str) -> dict:
    files = [f for f in published if f == f"data/derived/{name}.csv" or f in FILES.get(name, ())]
    if name == "comuni":
        files += [f for f in published if f.startswith("data/comuni/")]
    title, text = (label("it", f"derived.{name}.{part}") for part in ("title", "text"))
    return _dataset(f"derived-{name}", title, text, files, base, f"dati.html#tabella-derived-{name}", temporal=True)


def _dataset(name: str, title: str, text: str, files: list[str], base: str, page: str, temporal: bool = False) -> dict:
    dataset = {
        "@id": f"{base}data/catalog.jsonld#{name}",
        "@type": ["dcatapit:Dataset", "dcat:Dataset"],
        "dct:identifier": f"{raw.descriptor()['name']}:{name}",
        "dct:title": _italian(title),
        "dct:description": _italian(text),
        "dcat:theme": {"@id": THEMES[_about(name.removeprefix("derived-"))]},
        "dcat:landingPage": {"@id": f"{base}{page}"},
        "dcat:distribution": [_distribution(file, title, base) for file in files],
    }
    if temporal:
        year = str(raw.year("population"))
        dataset["dct:temporal"] = {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@value": f"{year}-01-01", "@type": "xsd:date"},
            "dcat:endDate": {"@value": f"{year}-01-01", "@type": "xsd:date"},
        }
    return dataset


def _distribution(file: str, title: str, base: str) -> dict:
    name = file.rsplit("/", 1)[-1]
    return {
        "@id": f"{base}data/catalog.jsonld#file-{re.sub(r'[^a-z0-9]+', '-', file.lower())}",
        "@type": ["dcatapit:Distribution", "dcat:Distribution"],
        "dct:title": _italian(f"{title} ({name})"),
        "dct:format": {"@id": FORMATS[name.rsplit(".", 1)[-1]]},
        "dcat:accessURL": {"@id": f"{base}{file}"},
        "dcat:downloadURL": {"@id": f"{base}{file}"},
        "dct:license": {"@id": LICENCE["@id"]},
    }


def _about(name: str) -> str:
    fitting = [(len(start), about) for about, starts in ABOUT.items() for start in starts if name.startswith(start)]
    return max(fitting)[1] if fitting else "money"


def _agent(role: str, base: str) -> dict:
    """Who publishes or holds the rights; the site itself until the data package names somebody.

    ``organization`` is the identifier of the body (the IPA code of a public one), as DCAT-AP_IT asks for.
    """
    named = contributors(role)
    site = {"title": label("it", "site.title"), "organization": raw.descriptor()["name"]}
    found = named[0] if named else site
    agent = {
        "@id": f"{base}data/catalog.jsonld#{'ente' if named else 'osservatorio'}-{role if named else 'wecare'}",
        "@type": ["dcatapit:Agent", "foaf:Agent"],
        "foaf:name": found["title"],
        "dct:identifier": found.get("organization") or found["title"],
    }
    return agent | ({"foaf:homepage": {"@id": found["path"]}} if found.get("path") else {})


def _contact(base: str) -> dict:
    """Whom to write to: an address only where the data package names one, else the page on method and sources."""
    named = contributors("contactPoint")
    found = named[0] if named else {"title": label("it", "site.title")}
    contact = {
        "@id": f"{base}data/catalog.jsonld#contatto",
        "@type": ["dcatapit:Organization", "vcard:Organization", "vcard:Kind"],
        "vcard:fn": found["title"],
        "vcard:hasURL": {"@id": found.get("path") or f"{base}metodo.html"},
    }
    return contact | ({"vcard:hasEmail": {"@id": f"mailto:{found['email']}"}} if found.get("email") else {})


def _italian(text: str) -> dict:
    return {"@value": text, "@language": "it"}


def _date(value: object) -> dict:
    return {"@value": str(value), "@type": "xsd:date"}
