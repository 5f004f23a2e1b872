"""The table of sources as a bibliography for those who cite what the site rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from helpers.data import raw
from helpers.subjects.sources import is_web

#: Where it stands on the site.
BIBLIOGRAPHY = "data/references.bib"

#: What LaTeX would read as a command, in a text.
_SPECIAL = {c: f"\\{c}" for c in "&%$#_"} | {
    "\\": r"\textbackslash{}",
    "~": r"\~{}",
    "^": r"\^{}",
    # BibTeX counts a brace also after a backslash.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
}


def bibliography() -> bytes:
    """BibTeX, UTF-8: one entry per source, its key the id that the site cites; what is not known is left out.

    A source without a known title is called by its site.
    """
    edition = raw.edition()
    note = f"Osservatorio WE.CA.RE., edition {edition.version}"
    return "\n".join(_entry(row, note) for row in raw.rows("sources")).encode()


def _entry(source: Mapping[str, Any], note: str) -> str:
    address, date = str(source["address"]), source["date"]
    fields = {"title": _text(source["title"] or (source["site"] if is_web(address) else address))}
    if source["author"]:
        fields["author"] = _text(source["author"])
    fields["organization"] = _text(source["publisher"] or source["site"])
    if date:
        fields |= {"year": date[:4], "date": date}
    if is_web(address):
        # An address is taken as it is written, but a brace would end it.
        fields["url"] = quote(address, safe=":/?#[]@!$&'()*+,;=%~-._")
    fields["note"] = _text(note)
    told = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{source['source_id']},\n{told}}}\n"


def _text(text: str) -> str:
    """A text in which LaTeX finds nothing to run; the inner braces keep its capitals."""
    return "{" + "".join(_SPECIAL.get(c, c) for c in " ".join(text.split())) + "}"
