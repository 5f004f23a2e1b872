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


def test_every_source_is_an_entry_with_its_address_or_its_title():
    sources = raw.load("sources").set_index("source_id")
    entries = parse(bibliography().decode())
    assert list(entries) == list(sources.index)
    for key, row in sources.iterrows():
        if row["address"].startswith("http"):
            assert entries[key]["url"] == row["address"]
            assert entries[key]["title"] == "{" + row["site"].replace("_", r"\_") + "}"
        else:
            assert "url" not in entries[key] and row["address"].split(" ")[0].split("&")[0] in entries[key]["title"]


@given(st.text(), st.text())
def test_no_text_ends_its_field(title, site):
    fields = parse(_entry("S001", title, site, note="x"))["S001"]
    assert set(fields) in ({"title", "organization", "note"}, {"title", "url", "note"})


@given(st.text())
def test_no_address_ends_its_field(rest):
    assert re.fullmatch(r"[!-~]*", parse(_entry("S001", f"https://a.b/{rest}", "a", note="x"))["S001"]["url"])


# Without Quarto on PATH the next test is not collected; the header of the run says so.
if shutil.which("quarto"):

    def test_pandoc_reads_it(tmp_path):
        (tmp_path / "references.bib").write_bytes(bibliography())
        command = ["quarto", "pandoc", "--from", "bibtex", "--to", "csljson", tmp_path / "references.bib"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.count('"id":') == len(raw.load("sources")) and done.stderr == ""
