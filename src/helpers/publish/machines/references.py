"""The table of sources as a bibliography for those who cite what the site rests on."""

from __future__ import annotations

from urllib.parse import quote

from helpers.data import raw

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
    """BibTeX, UTF-8: one entry per source, its key the id that the site cites; the table has no titles, authors, dates.

    A source with an address is called by its site; a document without one by its title.
    """
    edition = raw.edition()
    note = f"Osservatorio WE.CA.RE., edition {edition.version}"
    rows = raw.load("sources")[["source_id", "address", "site"]].astype("str").to_numpy()
    return "\n".join(_entry(key, address, site, note) for key, address, site in rows).encode()


def _entry(key: str, address: str, site: str, note: str) -> str:
    if address.startswith(("http://", "https://")):
        # An address is taken as it is written, but a brace would end it.
        fields = {"title": _text(site), "url": quote(address, safe=":/?#[]@!$&'()*+,;=%~-._")}
    else:
        fields = {"title": _text(address), "organization": _text(site)}
    fields["note"] = _text(note)
    told = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{key},\n{told}}}\n"


def _text(text: str) -> str:
    """A text in which LaTeX finds nothing to run; the inner braces keep its capitals."""
    return "{" + "".join(_SPECIAL.get(c, c) for c in " ".join(text.split())) + "}"
