"""Names of places and bodies as people write them → which one is meant, and what had to be repaired.

One folding for importers, search and API: :func:`fold_name`, which ``reports/assets/names.js`` repeats for the browser.
:class:`NameIndex` adds what can only be said where the names are known: abbreviations, lost letters, double names, the
province behind a name. It never guesses: several names that fit are all given, and a misspelt name is not found.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from helpers.system.name_repairs import APOSTROPHES, GONE, LOST, abbreviation, accented, differences, lossy, reencoded
from helpers.system.plain_text import fold, words

#: Words that may stand before the name of a place, and before that of a body.
_COMUNE = r"(?:comune|com\.|municipio|citt(?:à|a['`’]?))\s+(?:di\s|d['’]|del(?:la|lo|l['’])?\s)\s*"
_BODY = r"(?:consorzio|unione(?:\s+dei\s+comuni|\s+montana)?)\s+(?:intercomunale\s+)?"

#: The repair of a text that is another name of the same place, as we have it.
OTHER_NAME = "one of its names"
_HYPHENS = "-‐‑‒–—―−"
#: What may part no words in a known name, and in a name that is looked for: `Tre-Ville` is not `Treville`.
_JOINTS = {"dot": r"\.", "apostrophe": f"[{APOSTROPHES}]", "hyphen": f"[{_HYPHENS}]"}
_LOOSE = ("dot", "apostrophe")
_SIDES = re.compile(rf"\s*[/|]\s*|\s+[{_HYPHENS}]\s+")
_BRACKET = re.compile(r"(.+?)\s*[(\[](.+)[)\]]")
_MARK = re.compile(
    r"\s*(?:[*†‡§#¹²³⁰⁴-⁹]+|\((?:[0-9]{1,2}|[a-z]|\*+)\)|\[(?:[0-9]{1,2}|[a-z]|\*+)\]|(?<=[^\W\d_])[0-9]{1,2}|\s[0-9a-z]\))$"
)
_PROVINCE = re.compile(
    r"(.+?)\s*(?:[(\[]\s*(?:prov(?:\.|incia)?\s*(?:di\s+)?)?([^()\[\]]+?)\s*[)\]]"
    rf"|[{_HYPHENS}\s,;/]+([A-Za-z]{{2,3}}))\.?"
)
_ELISION = re.compile(r"\bdi (?=[aeiou])")
#: Words that people put into names of bodies and leave out.
_SMALL = re.compile(r"\b(?:d|di|del|dei|della|delle|degli|e|ed) ")
_TOKEN = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Match:
    """What a text may name.

    Attributes
    ----------
    candidates
        Code and official name of each; one if it is sure.
    repairs
        In words, how the text differs from the name: "capitals", "apostrophe for an accent"; none if it is written
        as we write it.
    """

    candidates: tuple[tuple[str, str], ...]
    repairs: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Code of each candidate."""
        return tuple(code for code, _ in self.candidates)

    @property
    def names(self) -> tuple[str, ...]:
        """Official name of each candidate."""
        return tuple(name for _, name in self.candidates)

    @property
    def code(self) -> str | None:
        """Code of the name; None if several fit."""
        return self.candidates[0][0] if len(self.candidates) == 1 else None

    @property
    def name(self) -> str:
        """The official name; of several that fit, all."""
        same = len(set(self.names)) < len(self.candidates)
        return " or ".join(f"{name} ({code})" if same else name for code, name in self.candidates)


class _Reading(NamedTuple):
    """A text with something set aside, and what was."""

    text: str
    province: str = ""
    repairs: tuple[str, ...] = ()


class NameIndex:
    """Known names, found however they are written.

    Parameters
    ----------
    names
        By code: the official name, or the official name and others of the same place.
    provinces
        By code: what the province is called, as ``TO``. Without it, a name with a province behind it is not found.
    bodies
        The names are those of bodies, or of bodies too: ``Monviso Solidale`` may be short for ``Consorzio Monviso
        Solidale``, while ``Castello`` is not short for ``Città di Castello``.
    """

    def __init__(
        self,
        names: Mapping[str, str | Sequence[str]],
        provinces: Mapping[str, str | Sequence[str]] | None = None,
        bodies: bool = False,
    ):
        self._before = re.compile(f"{_COMUNE}|{_BODY}" if bodies else _COMUNE, re.IGNORECASE)
        self._bodies = bodies
        given = {code: _listed(name) for code, name in names.items()}
        self.names = {code: each[0] for code, each in given.items()}
        self._provinces = {
            code: {fold_name(form) for form in _listed(each)} for code, each in (provinces or {}).items()
        }
        self._exact: dict[str, set[str]] = {}
        self._keys: dict[str, dict[str, str]] = {}
        self._lossy: dict[str, dict[str, str]] = {}
        self._elided: dict[str, dict[str, str]] = {}
        for code, each in given.items():
            for name in each:
                self._exact.setdefault(_tidy(name), set()).add(code)
            for form in self._short_forms(each):
                self._lossy.setdefault(lossy(form, known=True), {}).setdefault(code, form)
                for key in _keys(form, _JOINTS):
                    self._keys.setdefault(key, {}).setdefault(code, form)
                    self._elided.setdefault(self._elide(key), {}).setdefault(code, form)
        self._with_word: dict[str, list[str]] = {}
        for key in self._keys:
            for word in set(key.split()):
                self._with_word.setdefault(word, []).append(key)

    def find(self, text: str) -> Match | None:
        """What a text names: one, several if it does not tell them apart, None if no known name is written so."""
        wanted = _tidy(text)
        given = () if wanted == text.strip() else differences(text, wanted)
        if exact := self._exact.get(wanted):
            other = any(wanted not in (code, self.names[code]) for code in exact)
            return self._match(exact, (*given, *((OTHER_NAME,) if other else ())))
        decoded = reencoded(wanted)
        told = given if decoded == wanted else (*given, "letters of another encoding")
        readings = list(self._readings(decoded))
        for way, repair in self._ways():
            for reading in readings:
                found = {code: form for code, form in way(reading.text).items() if self._lies_in(code, reading)}
                if found:
                    codes = self._by_accents(found, reading.text) if len(found) > 1 else list(found)
                    how = repair or differences(reading.text, found[codes[0]])
                    if not how and found[codes[0]] != self.names[codes[0]]:
                        how = (OTHER_NAME,)
                    return self._match(codes, dict.fromkeys((*told, *reading.repairs, *how)))
        return None

    def fits(self, text: str, code: str) -> Match | None:
        """What a text names, if the place of this code is among it: the code tells apart what the name does not."""
        found = self.find(text)
        if found is None and code in self._by_abbreviation(text, least=1):
            found = self._match([code], ("abbreviation",))
        if found is None or code not in found.codes:
            return None
        return Match(((code, self.names[code]),), found.repairs)

    def near(self, text: str, n: int = 3) -> list[tuple[str, str]]:
        """Codes and names that look like a text, the nearest first: for a message, never to choose from."""
        keys = difflib.get_close_matches(fold_name(text), self._keys, n=2 * n)
        return list(dict.fromkeys(found for key in keys for found in self._keys[key].items()))[:n]

    def _match(self, codes: Iterable[str], repairs: Iterable[str]) -> Match:
        return Match(tuple((code, self.names[code]) for code in sorted(codes)), tuple(repairs))

    def _short_forms(self, names: Iterable[str]) -> list[str]:
        """Names with what they are called for short: outside and inside of brackets, each side of a double name.

        No short form says less than a word of three letters.
        """
        forms = list(names)
        forms += [part for form in forms if (found := _BRACKET.fullmatch(form)) for part in found.groups()]
        forms += [side for form in forms for side in _SIDES.split(form)]
        if self._bodies:
            forms += [form[found.end() :] for form in forms if (found := self._before.match(form))]
        told = (
            form
            for form in dict.fromkeys(forms)
            if any(len(w) > 2 for key in _keys(form, _JOINTS) for w in key.split())
        )
        return list(dict.fromkeys((*names, *told)))

    def _readings(self, text: str) -> Iterator[_Reading]:
        readings = [_Reading(part) for part in dict.fromkeys((text, text.replace("\u200b", " ")))]
        for peel in (_without_mark, self._without_before, _without_province, _without_mark):
            readings += [found for reading in readings if (found := peel(reading))]
        return iter(dict.fromkeys(readings))

    def _without_before(self, reading: _Reading) -> _Reading | None:
        found = self._before.match(reading.text)
        return found and reading._replace(
            text=reading.text[found.end() :], repairs=(*reading.repairs, "words before the name")
        )

    def _lies_in(self, code: str, reading: _Reading) -> bool:
        return not reading.province or reading.province in self._provinces.get(code, ())

    def _by_accents(self, found: Mapping[str, str], text: str) -> list[str]:
        """Those of several whose accents are the text's, if it has any: `Paternò` and `Paterno` are two comuni."""
        if accented(text) == fold_name(text):
            return list(found)
        return [code for code, form in found.items() if accented(form) == accented(text)] or list(found)

    def _ways(self) -> Iterator[tuple[Callable[[str], dict[str, str]], tuple[str, ...]]]:
        yield self._with_lost_letters, ("a lost letter",)
        yield self._by_key, ()
        yield self._by_elision, ("small words" if self._bodies else "di for d'",)
        yield self._by_abbreviation, ("abbreviation",)
        yield self._by_sides, ("double name",)

    def _by_key(self, text: str) -> dict[str, str]:
        if not GONE.isdisjoint(text):
            return {}
        return next((self._keys[key] for key in _keys(text, _LOOSE) if key in self._keys), {})

    def _with_lost_letters(self, text: str) -> dict[str, str]:
        """Names with an accent or apostrophe where the text has a mark; a question mark may also be none."""
        if LOST.isdisjoint(text):
            return {}
        found = self._lossy.get(lossy(text), {})
        return found and self._by_key(text) | found

    def _by_elision(self, text: str) -> dict[str, str]:
        """Names that have ``d'`` where the text has ``di``; of bodies, those with other small words."""
        keys = _keys(text, _LOOSE) if GONE.isdisjoint(text) else []
        return next((self._elided[key] for key in map(self._elide, keys) if key in self._elided), {})

    def _elide(self, key: str) -> str:
        return _SMALL.sub("", key) if self._bodies else _ELISION.sub("d ", key)

    def _by_abbreviation(self, text: str, least: int = 2) -> dict[str, str]:
        found = abbreviation(fold(text), least) if GONE.isdisjoint(text) else None
        if found is None:
            return {}
        pattern, word = found
        fitting = [self._keys[key] for key in self._with_word.get(word, ()) if pattern.fullmatch(key)]
        return {code: form for each in fitting for code, form in each.items()}

    def _by_sides(self, text: str) -> dict[str, str]:
        """What both sides of a double name mean; all that either means if they disagree.

        A side of a comune that is not known is passed over behind a slash only: behind a hyphen it may be a part of
        the comune. What stands in brackets behind a body is another side; alone it counts if it is an acronym, for else
        it may be the seat.
        """
        bracket = _BRACKET.fullmatch(text) if self._bodies else None
        sides = bracket.groups() if bracket else _SIDES.split(text)
        if len(sides) < 2:
            sides = re.split(f"[{_HYPHENS}]", text)
        each = [self._by_key(side) for side in sides if words(side)]
        if len(each) < 2 or not any(each):
            return {}
        alone = (each[0] or "." in sides[1]) if bracket else not self._bodies and re.search(r"[/|]", text)
        if not all(each) and not alone:
            return {}
        known = [found for found in each if found]
        both = {code: form for code, form in known[0].items() if all(code in found for found in known)}
        return both or {code: form for found in known for code, form in found.items()}


def fold_name(text: str) -> str:
    """Key of a name: its words in small letters without accents; apostrophes, hyphens and dots part words.

    Examples
    --------
    >>> fold_name("AGLIE'"), fold_name("Albiano D’IVREA"), fold_name("Pont–Canavese")
    ('aglie', 'albiano d ivrea', 'pont canavese')
    """
    return " ".join(words(text))


def restore_code(text: str, digits: int = 6) -> str | None:
    """A code with the zeros in front that spreadsheets take; None if the text can be no such code.

    Who uses it must have the code borne out, as by the name beside it.

    Examples
    --------
    >>> restore_code("1272"), restore_code("1272.0"), restore_code("001272 "), restore_code("1.272")
    ('001272', '001272', '001272', '001272')
    >>> restore_code("D12"), restore_code("0012722")
    (None, None)
    """
    bare = re.sub(rf"[\s\u200b-\u200f\ufeff{APOSTROPHES}]", "", unicodedata.normalize("NFKC", text))
    bare = re.sub(r"[.,]0{1,2}$", "", bare)
    if re.fullmatch(r"[0-9]{1,3}([.,][0-9]{3})+", bare):
        bare = re.sub("[.,]", "", bare)
    return bare.zfill(digits) if re.fullmatch(f"[0-9]{{1,{digits}}}", bare) and bare.strip("0") else None


def describe_repairs(what: str, found: Mapping[str, Match]) -> list[str]:
    """One sentence on the names that are written another way, for the person to see; none if there are none.

    Parameters
    ----------
    what
        What they are names of, in the plural.
    found
        By text.
    """
    repaired = {text: match for text, match in found.items() if match.repairs}
    if not repaired:
        return []
    counts: dict[str, int] = {}
    for match in repaired.values():
        for repair in match.repairs:
            counts[repair] = counts.get(repair, 0) + 1
    told = ", ".join(f"{repair} {count:,}" for repair, count in sorted(counts.items(), key=lambda c: (-c[1], c[0])))
    text, match = max(repaired.items(), key=lambda item: len(item[1].repairs))
    return [f"{len(repaired):,} {what} are written another way ({told}), as {text!r} for {match.name}."]


def _listed(name: str | Sequence[str]) -> list[str]:
    return [name] if isinstance(name, str) else list(name)


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _keys(text: str, joints: Iterable[str]) -> list[str]:
    """The key of a name, then those in which some punctuation parts no words: ``C.I.S.S.`` is also ``ciss``."""
    forms = [fold(text)]
    for joint in joints:
        forms += [bare for form in forms if (bare := re.sub(_JOINTS[joint], "", form)) != form]
    return [key for key in dict.fromkeys(" ".join(_TOKEN.findall(form)) for form in forms) if key]


def _without_mark(reading: _Reading) -> _Reading | None:
    bare = _MARK.sub("", reading.text)
    return None if bare == reading.text else reading._replace(text=bare, repairs=(*reading.repairs, "footnote mark"))


def _without_province(reading: _Reading) -> _Reading | None:
    found = _PROVINCE.fullmatch(reading.text)
    return found and _Reading(found[1], fold_name(found[2] or found[3]), (*reading.repairs, "province behind the name"))
