"""The bibliography made from the table of sources."""

from __future__ import annotations

import re
import shutil
import subprocess

from hypothesis import given
from hypothesis import strategies as st

from helpers.data import raw
from helpers.publish.machines.references import _entry, bibliography


def parse(text: str) -> dict[str, dict[str, str]]:
    """Entries of BibTeX by key, read by its grammar: values in braces that balance."""
    entries: dict[str, dict[str, str]] = {}
    at = 0
    head, name = re.compile(r"\s*@(\w+)\{([A-Za-z0-9]+),"), re.compile(r"\s*(\w+) = \{")
    while text[at:].strip():
        found = head.match(text, at)
        assert found and found[1] == "misc" and found[2] not in entries, text[at : at + 80]
        fields, at = entries.setdefault(found[2], {}), found.end()
        while field := name.match(text, at):
            assert field[1] not in fields
            start = at = field.end()
            depth = 1
            while depth:
                # BibTeX itself counts every brace, also one after a backslash.
                depth += {"{": 1, "}": -1}.get(text[at], 0)
                at += 1
            fields[field[1]] = text[start : at - 1]
            assert text[at] == ","
            at += 1
        end = re.compile(r"\s*\}\n").match(text, at)
        assert end, text[at : at + 80]
        at = end.end()
    return entries


def test_every_source_is_an_entry_that_says_what_is_known_of_it():
    entries = parse(bibliography().decode())
    assert list(entries) == raw.load("sources")["source_id"].tolist()
    for row in raw.rows("sources"):
        entry = entries[row["source_id"]]
        assert entry.get("url", row["address"]) == row["address"]
        assert ("author" in entry) == bool(row["author"]) and entry.get("date") == row["date"]
        if row["title"]:
            assert entry["title"] == "{" + row["title"] + "}"
        elif "url" in entry:
            assert entry["title"] == "{" + row["site"].replace("_", r"\_") + "}"  # no title is made up
    assert entries["S136"]["author"] == "{Annalisa Gramigna}" and entries["S019"]["year"] == "2019"


def source(**given):
    return dict.fromkeys(("title", "author", "publisher", "date")) | {"source_id": "S001", "site": "x"} | given


@given(st.text(min_size=1), st.text(), st.text(min_size=1))
def test_no_text_ends_its_field(title, site, author):
    entry = _entry(source(title=title, address=title, site=site, author=author), note="x")
    assert {"title", "author", "organization", "note"} <= set(parse(entry)["S001"])


@given(st.text())
def test_no_address_ends_its_field(rest):
    entry = _entry(source(address=f"https://a.b/{rest}"), note="x")
    assert re.fullmatch(r"[!-~]*", parse(entry)["S001"]["url"])


# Without Quarto on PATH the next test is not collected; the header of the run says so.
if shutil.which("quarto"):

    def test_pandoc_reads_it(tmp_path):
        (tmp_path / "references.bib").write_bytes(bibliography())
        command = ["quarto", "pandoc", "--from", "bibtex", "--to", "csljson", tmp_path / "references.bib"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.count('"id":') == len(raw.load("sources")) and done.stderr == ""
