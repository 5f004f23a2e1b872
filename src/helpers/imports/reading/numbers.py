"""Numbers and days of a column as people write them, in Italy and elsewhere → one way of writing.

Whether a dot parts thousands or decimals is decided by the whole column; a cell that could be either is told, not
guessed. What stands for a value that is not there is told apart: not known, or suppressed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from helpers.system.plain_text import fold

NOT_KNOWN, SUPPRESSED = "not known", "suppressed"

_NOT_KNOWN = re.compile(
    r"[-–—_]+|\.{2,}|…|n\.? ?[dcp]\.?|n\.?/?a\.?|n\.? ?disp\.?|n\.? ?r\.?|#n/?[ad]!?|null|none|nan|:"
    r"|non (disponibile|noto|pubblicato|rilevato)"
)
_SUPPRESSED = re.compile(r"\*+|\(\*\)|\(?c\)?|(dato )?oscurato|segreto( statistico)?|riservato|suppressed")

_NOTE = re.compile(r"(?<=[0-9])\s*(\([a-z0-9*]{1,2}\)|\[[a-z0-9*]{1,2}\]|\*+|[¹²³⁴-⁹]+)$", re.I)
_CURRENCY = re.compile(r"^(?:€|eur|euro)\s*|\s*(?:€|eur|euro)$", re.I)
_SPACES = re.compile(r"(?<=[0-9])[\s\u00a0\u2007\u2009\u202f'’](?=[0-9]{3}(?![0-9]))")

_DIGITS = r"[0-9]+"
_MARKS = {"italian": (".", ","), "english": (",", ".")}
#: Numbers that can be written in one way only: thousands and decimals, many thousands, decimals.
_SPEAKS_FOR = {
    way: re.compile(
        rf"[0-9]{{1,3}}(?:[{t}][0-9]{{3}})+[{d}][0-9]+|[0-9]{{1,3}}(?:[{t}][0-9]{{3}}){{2,}}"
        rf"|[0-9]+[{d}](?:[0-9]{{1,2}}|[0-9]{{4,}})|[0-9]{{4,}}[{d}][0-9]+|0+[{d}][0-9]+"
    )
    for way, (t, d) in _MARKS.items()
}
_THREE = re.compile(r"[1-9][0-9]{0,2}([.,])[0-9]{3}")


@dataclass
class Column:
    """Cells of a column, read.

    Attributes
    ----------
    values
        The value of each cell in one way of writing: ``1234.56``, ``2025-12-31``; "" if there is none.
    missing
        Why there is none: "" (blank), ``not known`` or ``suppressed``.
    bad
        Rule that a cell breaks, by its position.
    remarks
        What was taken for what.
    """

    values: list[str]
    missing: list[str]
    bad: dict[int, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def spread(self, cells: list[str]) -> Column:
        """What was read of the distinct texts of a column, as what was read of its cells."""
        place = {text: n for n, text in enumerate(dict.fromkeys(cells))}
        of = [place[cell] for cell in cells]
        bad = {n: self.bad[at] for n, at in enumerate(of) if at in self.bad} if self.bad else {}
        return Column([self.values[n] for n in of], [self.missing[n] for n in of], bad, self.remarks)


def read_numbers(cells: Iterable[str], whole: bool = False) -> Column:
    """Read numbers.

    Parameters
    ----------
    cells
        Cells of one column.
    whole
        True for counts: no number has decimals.

    Examples
    --------
    >>> read_numbers(["1.234,56", "250.000", "n.d.", "900 (1)"]).values
    ['1234.56', '250000', '', '900']
    >>> read_numbers(["1234.56", "1.234"]).bad
    {1: 'the number can be 1234 or 1.234'}
    """
    # Each text is read once, however many cells hold it.
    listed = list(cells)
    counts = Counter(listed)
    column, bare = _begin(counts)
    for n, cell in enumerate(bare):
        bare[n] = _SPACES.sub("", _CURRENCY.sub("", cell)).replace("−", "-").replace("\u00a0", "")
    notes: Counter[str] = Counter()
    for cell, count in zip(bare, counts.values(), strict=True):
        if match := _NOTE.search(cell):
            notes[match[1]] += count
    bare = [_NOTE.sub("", cell).strip() for cell in bare]
    seen = {name: any(form.fullmatch(cell.lstrip("+-")) for cell in bare) for name, form in _SPEAKS_FOR.items()}
    # Dots part thousands unless a cell says otherwise: these are Italian tables.
    way = "english" if seen["english"] and not seen["italian"] else "italian"
    for n, cell in enumerate(bare):
        if not cell:
            continue
        sign, digits = ("-", cell[1:]) if cell[0] == "-" else ("", cell.removeprefix("+"))
        value, rule = _number(digits, way, all(seen.values()), any(seen.values()), whole)
        column.values[n] = f"{sign}{value}" if value not in ("", "0") else value
        if rule:
            column.bad[n] = rule
    if any(seen.values()) and not all(seen.values()):
        told = "dots part thousands, commas decimals" if way == "italian" else "commas part thousands, dots decimals"
        column.remarks.append(told)
    if notes:
        column.remarks.append(
            f"notes behind numbers are left out: {', '.join(sorted(notes))} ({sum(notes.values()):,} times)"
        )
    return column.spread(listed)


def read_days(cells: Iterable[str]) -> Column:
    """Read days: ISO, ``31/12/2025`` with dots or hyphens too, ``20251231``; the day before the month, as in Italy.

    Examples
    --------
    >>> read_days(["31/12/2025", "2025-01-02", "20250103", "31.02.2025"]).values
    ['2025-12-31', '2025-01-02', '2025-01-03', '']
    """
    listed = list(cells)
    column, bare = _begin(Counter(listed))
    for n, cell in enumerate(bare):
        if not cell:
            continue
        try:
            column.values[n] = _day(cell)
        except ValueError:
            column.bad[n] = "the value is no day that exists"
    if any(re.fullmatch(r"[0-9]{1,2}\D[0-9]{1,2}\D[0-9]{2,4}.*", cell) for cell in bare):
        column.remarks.append("the day comes before the month")
    return column.spread(listed)


def _begin(counts: Counter[str]) -> tuple[Column, list[str]]:
    """The texts of a column, with how many cells hold each, without what stands for no value."""
    bare = [" ".join(cell.split()) for cell in counts]
    missing = ["" for _ in bare]
    words: Counter[tuple[str, str]] = Counter()
    for n, (cell, count) in enumerate(zip(bare, counts.values(), strict=True)):
        why = NOT_KNOWN if _NOT_KNOWN.fullmatch(fold(cell)) else SUPPRESSED if _SUPPRESSED.fullmatch(fold(cell)) else ""
        if cell and why:
            words[cell, why] += count
            missing[n], bare[n] = why, ""
    remarks = [f"{word!r} is taken for {why} ({count:,} times)" for (word, why), count in words.items()]
    return Column(["" for _ in bare], missing, remarks=remarks), bare


def _number(cell: str, way: str, mixed: bool, sure: bool, whole: bool) -> tuple[str, str]:
    """A number without its sign, and the rule it breaks."""
    if re.fullmatch(_DIGITS, cell):
        return cell.lstrip("0") or "0", ""
    own = next((name for name, form in _SPEAKS_FOR.items() if form.fullmatch(cell)), None)
    if own:
        return _plain(cell, *_MARKS[own], whole)
    if match := _THREE.fullmatch(cell):
        return _ambiguous(cell, match[1], way, mixed, sure, whole)
    return "", "the value must be a number" + (" without decimals" if whole else "")


def _ambiguous(cell: str, mark: str, way: str, mixed: bool, sure: bool, whole: bool) -> tuple[str, str]:
    """One mark before three digits: thousands if it is the column's mark of these; three decimals are not believed."""
    joined, parted = cell.replace(mark, ""), cell.replace(mark, ".")
    if not mixed and _MARKS[way][0] == mark:
        return joined, ""
    if mixed or not sure or not whole:
        return "", f"the number can be {joined} or {parted}"
    return _plain(cell, *_MARKS[way], whole)


def _plain(cell: str, thousands: str, decimal: str, whole: bool) -> tuple[str, str]:
    before, _, after = cell.replace(thousands, "").partition(decimal)
    after = after.rstrip("0")
    if after and whole:
        return "", "the value must be a number without decimals"
    return (before.lstrip("0") or "0") + (f".{after}" if after else ""), ""


def _day(cell: str) -> str:
    text = re.sub(r"[ T]\d{1,2}:\d\d(:\d\d(\.\d+)?)?(Z|\+00:00)?$", "", cell)
    if re.fullmatch(r"[0-9]{8}", text) or re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return dt.date.fromisoformat(text).isoformat()
    match = re.fullmatch(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4}|[0-9]{2})", text)
    if match is None:
        raise ValueError(cell)
    day, month, year = (int(part) for part in match.groups())
    return dt.date(year + 2000 if year < 100 else year, month, day).isoformat()
