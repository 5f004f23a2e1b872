"""Names of comuni as people and programs write them."""

from __future__ import annotations

import re
import unicodedata

from helpers.data import raw

COMUNI = raw.load("comuni").set_index("istat")["name"]


def bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def with_apostrophes(text: str, mark: str = "'") -> str:
    return "".join(c if c.isascii() else f"{bare(c)}{mark}" for c in text)


SAINT = re.compile(r"\b(?:San|Santo|Santa) |\bSant['’]")

SPELLINGS = {
    "capitals": str.upper,
    "small letters": str.lower,
    "capitals without accents": lambda name: bare(name).upper(),
    "apostrophes for accents": with_apostrophes,
    "capitals and apostrophes": lambda name: with_apostrophes(name).upper(),
    "capitals and grave marks": lambda name: with_apostrophes(name, "`").upper(),
    "acute marks behind letters": lambda name: with_apostrophes(name, "´").upper(),
    "typographic apostrophes for accents": lambda name: with_apostrophes(name, "’"),
    "modifier letters for accents": lambda name: with_apostrophes(name, "ʼ"),
    "acute accents": lambda name: name.translate(str.maketrans("àèìòù", "áéíóú")),
    "decomposed": lambda name: unicodedata.normalize("NFD", name),
    "decomposed capitals": lambda name: unicodedata.normalize("NFD", name.upper()),
    "typographic apostrophes": lambda name: name.replace("'", "’"),
    "a space behind an apostrophe": lambda name: name.replace("'", "' ").upper(),
    "spaces around an apostrophe": lambda name: name.replace("'", " ' "),
    "no apostrophe": lambda name: name.replace("'", " "),
    "words run together at an apostrophe": lambda name: name.replace("'", "").upper(),
    "di for d'": lambda name: name.replace(" d'", " di "),
    "no hyphen": lambda name: name.replace("-", " "),
    "spaces around a hyphen": lambda name: name.replace("-", " - "),
    "a typographic hyphen": lambda name: name.replace("-", "–").upper(),
    "a hyphen that does not break": lambda name: name.replace("-", "‑"),
    "hyphens for spaces": lambda name: name.replace(" ", "-"),
    "underscores": lambda name: name.lower().replace(" ", "_"),
    "many spaces": lambda name: f"  {name.replace(' ', '   ')} ",
    "spaces that do not break": lambda name: name.replace(" ", "\u00a0"),
    "an invisible space": lambda name: f"{name[:2]}\u200b{name[2:]}\ufeff",
    "full-width letters": lambda name: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name),
    "S. for a saint": lambda name: SAINT.sub("S. ", name),
    "S. without a space": lambda name: SAINT.sub("S.", name).upper(),
    "S without a dot": lambda name: SAINT.sub("S ", name).upper(),
    "S.to, S.ta": lambda name: name.replace("Santo ", "S.to ").replace("Santa ", "S.ta "),
    "Sto, Sta": lambda name: name.replace("Santo ", "Sto ").replace("Santa ", "STA "),
    "C.se, M.to, T.se, P.te": lambda name: re.sub(
        "(C)anave(se)|(M)onferra(to)|(T)orine(se)|(P)iemon(te)|(V)ercelle(se)",
        lambda found: ".".join(part for part in found.groups() if part),
        name,
    ),
    "Can., Monf.to": lambda name: name.replace("Canavese", "Can.").replace("Monferrato", "Monf.to").upper(),
    "UTF-8 read as Windows-1252": lambda name: name.encode().decode("cp1252", "replace"),
    "UTF-8 read as Latin-1": lambda name: name.encode().decode("latin-1"),
    "UTF-8 read as the Mac's": lambda name: name.encode().decode("mac_roman"),
    "letters of HTML": lambda name: name.translate({ord(c): f"&#{ord(c)};" for c in "àèìòù"}),
    "a lost letter": lambda name: name.encode("cp1252").decode("utf-8", "replace"),
    "a question mark": lambda name: "".join(c if c.isascii() else "?" for c in name),
    "Comune di": lambda name: f"Comune di {name}",
    "CITTA' DI": lambda name: f"CITTA' DI {name.upper()}",
    "a footnote": lambda name: f"{name} (1)",
    "a star": lambda name: f"{name.upper()}**",
    "a raised number": lambda name: f"{name}¹",
}

#: Names that are easily mistaken, or hard to write.
HARD = (
    *(name for name in COMUNI if not name.isascii()),
    *("San Giorgio Canavese", "San Giorgio Monferrato", "San Giorgio Scarampi", "San Giorio di Susa"),
    *("Torre San Giorgio", "San Damiano Macra", "San Damiano d'Asti", "San Maurizio Canavese", "San Germano Chisone"),
    *("San Maurizio d'Opaglio", "Sant'Agata Fossili", "Sant'Albano Stura", "Sant'Ambrogio di Torino"),
    *("Sant'Antonino di Susa", "Isola Sant'Antonio"),
    *("Santa Maria Maggiore", "Santa Vittoria d'Alba", "Santo Stefano Belbo", "Santo Stefano Roero", "Orta San Giulio"),
    *("Castelnuovo Belbo", "Castelnuovo Bormida", "Castelnuovo Calcea", "Castelnuovo Don Bosco", "Castelnuovo Nigra"),
    *("Castelnuovo Scrivia", "Castelnuovo di Ceva", "Castell'Alfero", "Motta de' Conti", "Rocca de' Baldi"),
    *("Pont-Canavese", "Gattico-Veruno", "Brovello-Carpugnino", "Premosello-Chiovenda", "Moransengo", "Tonengo"),
    *("Albiano d'Ivrea", "Borgo d'Ale", "Villanova d'Asti", "Villanova Monferrato", "Villafranca Piemonte", "Treville"),
    *("Samone", "Calliano", "Ala di Stura", "La Morra", "Re", "Bra", "Alba", "Torino", "Casale Monferrato"),
)  # fmt: skip
