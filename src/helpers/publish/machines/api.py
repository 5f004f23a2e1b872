"""The API: what the site knows as documents of JSON, every number with unit, status and sources."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.indicators import find_present, from_tables
from helpers.data import processed, raw
from helpers.data.read_log import kept
from helpers.declarations import Indicator
from helpers.pages.common.datasets import known_datasets
from helpers.pages.common.district_facts import district_facts
from helpers.pages.common.facts import STATUSES
from helpers.prose.provenance import DATASETS, anchor
from helpers.prose.texts import rule_code
from helpers.publish.machines.base import (
    API,
    LICENCE,
    both_rows,
    encode,
    head,
    in_both,
    pages,
    quantity,
    text_or_reason,
)
from helpers.publish.machines.schemas import schemas
from helpers.subjects import measures
from helpers.subjects.boundaries import split_rules
from helpers.system.id_lists import split_ids
from helpers.system.place_names import fold_name

#: The parts of the API beside the districts' own documents: address without suffix and schema.
PARTS = ("districts", "measures", "indicators", "sources", "events")

#: Amounts and counts of a measure and their units.
MEASURE_NUMBERS = {
    "budget_eur": "eur",
    "projects_funded": "projects",
    "amount_granted_eur": "eur",
    "grant_min_eur": "eur",
    "grant_max_eur": "eur",
    "project_value_min_eur": "eur",
    "project_value_max_eur": "eur",
}

#: Numbers that exist but that no source at hand publishes.
NOT_PUBLISHED = ("amount_granted_eur", "grant_min_eur", "grant_max_eur")

POPULATION = ("population",)
TERRITORY = ("population", "boundaries")


def api_files(districts: list[dict], url: str = "") -> dict[str, bytes]:
    """Every document of the API by its address.

    Parameters
    ----------
    districts
        :func:`district_document` of each, in the order of the data.
    url
        Where the site stands on the web, or "".
    """
    documents = {
        "index": index(url),
        "districts": districts_document(districts),
        **{f"districts/{d['slug']}": d for d in districts},
        "measures": measures_document(),
        "indicators": indicators_document(),
        "sources": sources_document(),
        "events": events_document(),
        **{f"schema/{name}": schema for name, schema in schemas().items()},
    }
    return {f"{API}/{name}.json": encode(document) for name, document in documents.items()}


def index(url: str = "") -> dict:
    """What there is and how to read it."""
    return head("index") | {
        "title": in_both("site.title"),
        "description": in_both("site.description"),
        "licence_url": LICENCE["url"],
        "base": url or None,
        "addresses": in_both("machines.addresses"),
        "documents": [
            {
                "path": f"{API}/{part}.json",
                "schema": f"{API}/schema/{part}.json",
                "title": in_both(f"machines.api.{part}"),
            }
            for part in PARTS
        ],
        "districts": {
            "path": f"{API}/districts/{{slug}}.json",
            "schema": f"{API}/schema/district.json",
            "title": in_both("machines.api.district"),
            "slugs": raw.load("districts")["slug"].tolist(),
        },
        "files": [
            {"path": path, "title": in_both(f"machines.file.{key}")}
            for key, path in {
                "catalogue": "data/catalog.jsonld",
                "package": "data/tables/datapackage.json",
                "geojson": "data/districts.geojson",
                "feed": "feed.xml",
            }.items()
        ],
        "statuses": {
            s: {"name": in_both(f"status.{s}.name"), "text": in_both(f"status.{s}.text")}
            for s in (*STATUSES, "benchmark")
        },
        "reasons": {
            reason: in_both(f"state_text.{reason}") for reason in ("not_known", "not_published", "not_computable")
        },
    }


def districts_document(districts: list[dict]) -> dict:
    """The list of the districts: who they are and where their own documents stand."""
    kept = ("id", "slug", "name", "key", "name_status", "pages", "residents", "comuni_by_status")
    listed = [
        {key: d[key] for key in kept} | {"path": f"{API}/districts/{d['slug']}.json", "boundary": d["geometry"]["own"]}
        for d in districts
    ]
    return head("districts") | {"districts": listed}


def district_document(code: str) -> dict:
    """What the site knows of one district."""
    (row,) = raw.rows("districts", having=("distretto_id", code))
    comuni, values, slug = processed.load("comuni"), _values(processed.state()).loc[code], row["slug"]
    own = comuni[comuni["distretto_id"] == code].sort_values("residents", ascending=False)
    facts = district_facts(code, own)
    in_order = own.sort_values("code")
    return head("district") | {
        "id": code,
        "slug": slug,
        "name": row["name"],
        "key": fold_name(row["name"]),
        "name_status": row["name_status"],
        "sources": split_ids(row["source_ids"]),
        "pages": pages(f"distretti/{slug}"),
        "cards": pages(f"embed/{slug}"),
        "geometry": {"own": "data/districts.geojson", "comuni": f"data/comuni/{slug}.geojson"},
        "province": {"code": facts["province"]["code"], "name": facts["province"]["name"]},
        "quadrant": facts["quadrant"],
        "residents": quantity(values["residents"], "persons", "derived", TERRITORY),
        "area_km2": quantity(values["area_km2"], "km2", "derived", ("boundaries",), decimals=2),
        "comuni_by_status": {
            status: quantity(part["n"], "comuni", "derived", ("boundaries",))
            for status, part in facts["boundary"].items()
        },
        "indicators": {i.id: _value(i, values, (i.source, "boundaries")) for i in find_present(values)},
        "bodies": {
            "status": row["enti_link_status"],
            "names": sorted(own["ente_gestore"].dropna().unique()),
        },
        "comuni": _comuni(in_order),
        "misura_1": _project(facts["project"], code),
        "benchmark": _benchmark(facts["benchmark"]),
    }


@kept(maxsize=1)
def _values(state: tuple[str, ...]) -> pd.DataFrame:
    return processed.load("districts").set_index("code")


@kept(maxsize=1)
def _rules(content: str) -> pd.Series:
    return raw.load("comune_distretto").set_index("istat")["rule"]


def _comuni(own: pd.DataFrame) -> list[dict]:
    rules = _rules(raw.fingerprint_of("comune_distretto"))
    return [
        {
            "istat": c.code,
            "name": c.name,
            "key": fold_name(c.name),
            "status": c.status,
            "rules": [rule_code(rule) for rule in split_rules(rules[c.code])],
            "sources": split_ids(c.source_ids),
            "residents": quantity(c.residents, "persons", "sourced", POPULATION),
        }
        for c in own.itertuples(index=False)
    ]


def _project(project: dict | None, code: str) -> dict:
    """The project of Misura 1; which one it is may not be known."""
    if project is None:
        return {"known": False, "reason": "not_known", "page": pages("misure/misura-1")}
    (link,) = raw.rows("district_projects", having=("distretto_id", code))
    lead_status = "derived" if project["lead_inferred"] else "sourced"
    return {
        "known": True,
        "project_id": project["project_id"],
        "page": pages(f"progetti/{project['slug']}"),
        "link": {"status": project["link_status"], "sources": split_ids(link["source_ids"])},
        "title": text_or_reason(project["title"]),
        "capofila_town": project["capofila_town"],
        "lead": text_or_reason(project["lead"]) | ({"status": lead_status} if project["lead"] else {}),
        "partners": project["partners"],
        "districts": project["districts"],
        "quadrant": project["quadrant"],
        "amount": quantity(project["amount_eur"], "eur", "sourced", project["source_ids"], "not_published"),
        "confidence": text_or_reason(project["confidence"]),
        "sources": project["source_ids"],
    }


def _value(indicator: Indicator, row: pd.Series, sources: tuple[str, ...]) -> dict:
    reason = "not_known" if from_tables(indicator) else "not_computable"
    return quantity(row[indicator.id], indicator.unit, DATASETS[indicator.source], sources, reason)


def _benchmark(benchmark: dict) -> dict:
    """The yardstick, never an allocation, and said to be one."""
    return {
        "text": in_both("status.benchmark.text"),
        "criterion": "residents",
        "total": quantity(benchmark["total_eur"], "eur", "benchmark", ("benchmark",)),
        "per_resident": quantity(benchmark["per_resident_eur"], "eur_per_resident", "benchmark", ("benchmark",)),
    }


def measures_document() -> dict:
    """The measures and their calls, in the order of the act."""
    table = raw.load("measures")
    slugs = measures.slugs(table)
    return head("measures") | {"measures": [_measure(m, slugs) for _, m in measures.in_order(table).iterrows()]}


def _measure(row: pd.Series, slugs: dict[str, str]) -> dict:
    sources, key = split_ids(row["source_ids"]), row["measure_id"]
    confidence = None if pd.isna(row["confidence"]) else row["confidence"]
    parent = None if pd.isna(row["sub_call_of"]) else row["sub_call_of"]
    slug = slugs.get(parent or key)
    status = measures.status_of(confidence)
    texts = ("label_in_act", "fund", "por_action_code", "call_act")
    dates = ("call_act_date", "publication_date", "deadline")
    return {
        "id": key,
        "part_of": parent,
        "name": row["official_name"],
        "pages": pages(f"misure/{slug}" if slug else "misure/index"),
        **{column: text_or_reason(row[column]) for column in texts},
        **{column: text_or_reason(_iso(row[column])) for column in dates},
        **{
            column: quantity(
                row[column], unit, status, sources, "not_published" if column in NOT_PUBLISHED else "not_known"
            )
            for column, unit in MEASURE_NUMBERS.items()
        },
        "confidence": text_or_reason(confidence),
        "sources": sources,
    }


def indicators_document() -> dict:
    """How each indicator is defined, and its value for the region."""
    region = processed.load("region").iloc[0]
    return head("indicators") | {
        "indicators": [
            {
                "id": i.id,
                "name": in_both(f"indicator.{i.id}.long"),
                "definition": in_both(f"indicator.{i.id}.definition"),
                "formula": in_both(f"indicator.{i.id}.formula"),
                "unit": i.unit,
                **_made_of(i),
                "reference": i.reference,
                "pages": pages("indicatori"),
                "region": _value(i, region, (i.source,)),
            }
            for i in find_present(region)
        ]
    }


def _made_of(indicator: Indicator) -> dict:
    """The counts of an indicator, or what changes and since when."""
    if indicator.of:
        return {"change_of": indicator.of, "since": str(indicator.since), "relative": indicator.relative}
    return {"numerator": list(indicator.numerator), "denominator": list(indicator.denominator)}


def sources_document() -> dict:
    """Every source by its id, and what is computed here by the name it is cited with."""
    cited = [
        {
            "id": name,
            "kind": "dataset",
            "status": status,
            "name": in_both(f"provenance.{name}.short"),
            "pages": pages(f"metodo#{anchor(name)}"),
        }
        for name, status in known_datasets().items()
    ]
    listed = [
        {
            "id": s.source_id,
            "kind": "source",
            **{c: text_or_reason(getattr(s, c)) for c in ("title", "author", "publisher", "date", "address", "site")},
            "form": text_or_reason(s.kind),
            "pages": pages(f"metodo#{s.source_id}"),
        }
        for s in raw.load("sources").itertuples()
    ]
    return head("sources") | {"sources": [*cited, *listed]}


def events_document() -> dict:
    """The events of the timeline; a date is as fine as its source gives it."""
    return head("events") | {
        "events": [
            {
                "id": e.event_id,
                "date": _iso(e.date),
                "precision": e.precision,
                "strand": e.strand,
                "text": both_rows("events", e.event_id, "event", e.event),
                "confidence": text_or_reason(e.confidence),
                "sources": split_ids(e.source_ids),
                "pages": pages("cronologia"),
            }
            for e in raw.load("events").itertuples()
        ]
    }


def _iso(value: object) -> object:
    """A date as ISO text; a missing one stays missing."""
    return value.date().isoformat() if isinstance(value, pd.Timestamp) and not pd.isna(value) else value
