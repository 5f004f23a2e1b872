"""The JSON Schemas of the API's documents."""

from __future__ import annotations

from helpers.analysis.indicators import from_tables
from helpers.config import LANGUAGES
from helpers.declarations import INDICATORS
from helpers.declarations.entries import UNITS
from helpers.publish.machines.base import API

DIALECT = "https://json-schema.org/draft/2020-12/schema"
STATUSES = ["sourced", "derived", "indicative", "benchmark", "own"]
REASONS = ["not_known", "not_published", "not_computable"]

TEXT = {"type": "string", "minLength": 1}
STATUS = {"enum": STATUSES}
ADDRESS = {"type": "string", "pattern": r"^(?!/)[^\s:]+$"}
KEY = {
    "description": "The name to compare by: words in small letters without accents, hyphens and apostrophes.",
    "type": "string",
    "pattern": "^[a-z0-9]+( [a-z0-9]+)*$",
}
IDS = {"type": "array", "items": {"type": "string", "pattern": "^(S[0-9]{3,}|[a-z]+)$"}, "uniqueItems": True}

DEFINITIONS = {
    "quantity": {
        "description": "A number with unit, status and sources; one that is missing says why.",
        "type": "object",
        "required": ["value", "unit", "status", "sources"],
        "properties": {
            "value": {"type": ["number", "null"]},
            "unit": {"enum": ["persons", "comuni", "projects", "km2", "eur_per_resident", *UNITS]},
            "status": {"enum": [*STATUSES, None]},
            "reason": {"enum": REASONS},
            "sources": IDS,
        },
        "additionalProperties": False,
        "if": {"properties": {"value": {"type": "null"}}},
        "then": {"required": ["reason"], "properties": {"status": {"const": None}}},
        "else": {"properties": {"status": STATUS, "reason": False, "sources": {"minItems": 1}}},
    },
    "text": {
        "description": "A text, or why there is none.",
        "type": "object",
        "required": ["value"],
        "properties": {"value": {"type": ["string", "null"]}, "reason": {"enum": REASONS}, "status": STATUS},
        "additionalProperties": False,
        "if": {"properties": {"value": {"type": "null"}}},
        "then": {"required": ["reason"]},
    },
    "languages": {
        "description": "The same words in every language.",
        "type": "object",
        "required": list(LANGUAGES),
        "properties": {lang: TEXT for lang in LANGUAGES},
        "additionalProperties": False,
    },
    "pages": {
        "description": "Addresses of a page in every language, from the root of the site.",
        "type": "object",
        "required": list(LANGUAGES),
        "properties": {lang: ADDRESS for lang in LANGUAGES},
        "additionalProperties": False,
    },
}
QUANTITY, SOME_TEXT, LANGUAGE_TEXTS, PAGES = ({"$ref": f"#/$defs/{name}"} for name in DEFINITIONS)
BY_STATUS = {
    "type": "object",
    "required": STATUSES[:3],
    "properties": dict.fromkeys(STATUSES[:3], QUANTITY),
    "additionalProperties": False,
}


def schemas() -> dict[str, dict]:
    """The schema of each kind of document, by its name."""
    return {
        "index": _document("index", "What the API offers.", _index()),
        "districts": _document("districts", "The list of the districts.", {"districts": _list(_listed_district())}),
        "district": _document("district", "One district.", _district()),
        "measures": _document("measures", "The measures.", {"measures": _list(_object(_measure()))}),
        "indicators": _document("indicators", "The indicators.", {"indicators": _list(_indicator())}),
        "sources": _document("sources", "The sources.", {"sources": _list(_source())}),
        "events": _document("events", "The events of the timeline.", {"events": _list(_object(_event()))}),
    }


def _document(name: str, description: str, properties: dict) -> dict:
    head = {
        "schema": {"const": f"{API}/schema/{name}.json"},
        "edition": TEXT,
        "date": {"type": "string", "format": "date"},
        "licence": {"const": "CC-BY-4.0"},
    }
    return {
        "$schema": DIALECT,
        "title": name,
        "description": description,
        **_object(head | properties),
        "$defs": DEFINITIONS,
    }


def _object(properties: dict, optional: tuple[str, ...] = ()) -> dict:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def _list(item: dict, least: int = 1) -> dict:
    return {"type": "array", "items": item, "minItems": least}


def _index() -> dict:
    part = {"path": ADDRESS, "schema": ADDRESS, "title": LANGUAGE_TEXTS}
    status = _object({"name": LANGUAGE_TEXTS, "text": LANGUAGE_TEXTS})
    return {
        "title": LANGUAGE_TEXTS,
        "description": LANGUAGE_TEXTS,
        "licence_url": TEXT,
        "base": {"type": ["string", "null"], "format": "uri"},
        "addresses": LANGUAGE_TEXTS,
        "documents": _list(_object(part)),
        "districts": _object(part | {"path": TEXT, "slugs": _list(TEXT)}),
        "files": _list(_object({"path": ADDRESS, "title": LANGUAGE_TEXTS})),
        "statuses": _object(dict.fromkeys(STATUSES, status), optional=("own",)),
        "reasons": _object(dict.fromkeys(REASONS, LANGUAGE_TEXTS)),
    }


def _identity() -> dict:
    return {
        "id": {"type": "string", "pattern": "^D[0-9]{2,}$"},
        "slug": {"type": "string", "pattern": "^[a-z0-9-]+$"},
        "name": TEXT,
        "key": KEY,
        "name_status": STATUS,
        "pages": PAGES,
        "residents": QUANTITY,
        "comuni_by_status": BY_STATUS,
    }


def _listed_district() -> dict:
    return _object(_identity() | {"path": ADDRESS, "boundary": ADDRESS})


def _district() -> dict:
    comune = {
        "istat": {"type": "string", "pattern": "^[0-9]{6}$"},
        "name": TEXT,
        "key": KEY,
        "status": STATUS,
        "rules": {"type": "array", "items": TEXT},
        "sources": IDS,
        "residents": QUANTITY,
    }
    return _identity() | {
        "sources": IDS,
        "cards": PAGES,
        "geometry": _object({"own": ADDRESS, "comuni": ADDRESS}),
        "province": _object({"code": TEXT, "name": TEXT}),
        "quadrant": TEXT,
        "area_km2": QUANTITY,
        "indicators": _object(
            {i.id: QUANTITY for i in INDICATORS}, optional=tuple(i.id for i in INDICATORS if from_tables(i))
        ),
        "bodies": _object({"status": STATUS, "names": {"type": "array", "items": TEXT}}),
        "comuni": _list(_object(comune)),
        "misura_1": {"oneOf": [_project(), _no_project()]},
        "benchmark": _object(
            {
                "text": LANGUAGE_TEXTS,
                "criterion": {"const": "residents"},
                "total": QUANTITY,
                "per_resident": QUANTITY,
            }
        ),
    }


def _no_project() -> dict:
    return _object({"known": {"const": False}, "reason": {"enum": REASONS}, "page": PAGES})


def _project() -> dict:
    partner = _object({"name": TEXT, "kind": {"type": ["string", "null"]}})
    return _object(
        {
            "known": {"const": True},
            "project_id": TEXT,
            "page": PAGES,
            "link": _object({"status": STATUS, "sources": IDS}),
            "title": SOME_TEXT,
            "capofila_town": TEXT,
            "lead": SOME_TEXT,
            "partners": {"type": "array", "items": partner},
            "districts": _list(TEXT),
            "quadrant": TEXT,
            "amount": QUANTITY,
            "confidence": SOME_TEXT,
            "sources": IDS,
        }
    )


def _measure() -> dict:
    texts = ("label_in_act", "fund", "por_action_code", "call_act")
    dates = ("call_act_date", "publication_date", "deadline")
    amounts = ("budget_eur", "projects_funded", "amount_granted_eur", "grant_min_eur", "grant_max_eur")
    values = ("project_value_min_eur", "project_value_max_eur")
    return {
        "id": TEXT,
        "part_of": {"type": ["string", "null"]},
        "name": TEXT,
        "pages": PAGES,
        **dict.fromkeys((*texts, *dates), SOME_TEXT),
        **dict.fromkeys((*amounts, *values), QUANTITY),
        "confidence": SOME_TEXT,
        "sources": IDS,
    }


def _indicator() -> dict:
    made_of = {"numerator": _list(TEXT), "denominator": _list(TEXT)}
    change = {"change_of": TEXT, "since": {"type": "string", "pattern": "^[0-9]{4}$"}, "relative": {"type": "boolean"}}
    properties = {
        "id": {"enum": [i.id for i in INDICATORS]},
        **dict.fromkeys(("name", "definition", "formula"), LANGUAGE_TEXTS),
        "unit": {"enum": list(UNITS)},
        **made_of,
        **change,
        "reference": TEXT,
        "pages": PAGES,
        "region": QUANTITY,
    }
    return _object(properties, optional=(*made_of, *change))


def _source() -> dict:
    dataset = {"id": TEXT, "kind": {"const": "dataset"}, "status": STATUS, "name": LANGUAGE_TEXTS, "pages": PAGES}
    source = {
        "id": {"type": "string", "pattern": "^S[0-9]{3,}$"},
        "kind": {"const": "source"},
        **dict.fromkeys(("title", "author", "publisher", "date", "address", "site", "form"), SOME_TEXT),
        "pages": PAGES,
    }
    return {"oneOf": [_object(dataset), _object(source)]}


def _event() -> dict:
    return {
        "id": {"type": "string", "pattern": "^EV-[0-9]+$"},
        "date": {"type": "string", "pattern": r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"},
        "precision": TEXT,
        "strand": TEXT,
        "text": LANGUAGE_TEXTS,
        "confidence": SOME_TEXT,
        "sources": IDS,
        "pages": PAGES,
    }
