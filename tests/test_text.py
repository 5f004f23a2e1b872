"""Names, titles and notes stay text on their way from a table to the page, the drawing, the sheet, the feed."""

import csv
import io
import json
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from helpers.build import jobs
from helpers.data import raw

#: As a spreadsheet or a careless paste might bring it; an element that nothing of ours makes.
HOSTILE = ' <i id=hostile>"&amp;'

#: Columns of text that are names of something else: a column of the feed, a region as its table names it.
NAMES = {("feed_rules", "column"), ("will_cities", "region")}


def columns_of_text():
    """By table, every column of free text: no keys, no lists of values, no forms."""
    entries = {name: raw.resource(name)["schema"] for name in raw.tables() if raw.resource(name)["format"] == "csv"}
    apart = NAMES | {(name, key) for name, schema in entries.items() for key in schema["primaryKey"]}
    for name, schema in entries.items():
        for key in schema.get("foreignKeys", ()):
            other = key["reference"].get("resource", name)
            apart |= {(name, key["fields"][0]), (other, key["reference"]["fields"][0])}
    found = {}
    for name, schema in entries.items():
        for field in schema["fields"]:
            told = field.get("constraints", {}).keys() & {"enum", "pattern"}
            if field["type"] == "string" and not told and (name, field["name"]) not in apart:
                found.setdefault(name, []).append(field["name"])
    return found


COLUMNS = columns_of_text()


class Elements(HTMLParser):
    """The ids of a page's elements, and the tags that may send a reader elsewhere."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.sending = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "title":
            self.set_cdata_mode(tag)  # as browsers read it
        self.ids.add(given.get("id"))
        sent = (given.get("http-equiv") or "").lower()
        if tag in ("base", "iframe", "object") or (tag == "meta" and sent not in ("", "content-security-policy")):
            self.sending.append(tag)


#: A report of each notebook: of the districts Cuneo, of the rest the first.
KINDS = {job.template.stem: job.report for job in reversed(jobs.all_jobs())} | {"district": "D12"}


@pytest.fixture(scope="module", params=["kinds", pytest.param("every", marks=pytest.mark.audit)])
def hostile(request, built, tmp_path_factory):
    """A project whose texts hold markup, built and published: one page of each kind anew, or every page."""
    project = built.copy_with_site(tmp_path_factory.mktemp("hostile") / "project")
    for table, columns in COLUMNS.items():
        path = project.root / f"data/raw/{table}.csv"
        header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
        places = [header.index(column) for column in columns]
        for row in rows:
            for place in places:
                row[place] += HOSTILE * bool(row[place])
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])
    # The checks refuse markup in a text; pages must show it as text all the same.
    path = project.root / "data/raw/datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        for field in resource["schema"]["fields"]:
            if field["name"] in COLUMNS.get(resource["name"], ()):
                field["mayHold"] = ["markup"]
    path.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    project.wecare("record")
    asked = KINDS.values() if request.param == "kinds" else ()
    project.wecare("build", *(part for name in asked for part in ("--only", name)))
    project.wecare("publish")
    return project


def test_no_text_becomes_an_element_of_a_page(hostile):
    shown = 0
    for path in hostile.site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        page = Elements(text)
        assert "hostile" not in page.ids, path.name
        assert not page.sending or path.parent.name == "embed", path.name
        shown += "hostile" in text
    assert shown > 2 * len(KINDS)


def test_no_text_becomes_markup_for_who_opens_a_notebook(hostile):
    for path in (hostile.root / "reports").rglob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                told = ["".join(data.get(kind, "")) for kind in ("text/html", "text/markdown")]
                told.append(json.dumps(data.get("application/vnd.plotly.v1+json", "")))
                assert not [text for text in told if "<i id=hostile>" in text], (path.name, cell["source"])


def test_feeds_and_data_hold_the_text_as_it_is(hostile):
    feed = ElementTree.fromstring((hostile.site / "feed.xml").read_bytes())
    assert not [element for element in feed.iter() if element.get("id")]
    district = json.loads((hostile.site / "api/districts/cuneo.json").read_text(encoding="utf-8"))
    assert all(comune["name"].endswith(HOSTILE) for comune in district["comuni"])
    for path in hostile.site.rglob("*.svg"):
        ids = {element.get("id") for element in ElementTree.fromstring(path.read_bytes()).iter()}
        assert "hostile" not in ids, path.name
