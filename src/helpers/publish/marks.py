"""From citations to numbered marks: one for each sentence, and one list of the page's sources, to which they lead.

A notebook cites by codes, right after what they stand for. On the site the codes of a sentence become one mark, which
is called by the names of its sources; ``reports/assets/marks.js`` shows these beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import unescape

from markupsafe import Markup, escape

from helpers import config
from helpers.prose.labels import labels

#: The page whose tables are the list of all sources: there marks lead to these.
LIST = "metodo"

_ID = r"S\d{3,}|dati-[a-z]+"
_MARK = (
    rf'(?P<gap>(?:\s|&nbsp;)*)<a (?P<before>[^>]*?)href="[^"#:]*#(?P<id>{_ID})"(?P<after>[^>]*)>(?P<shown>[^<]*)</a>'
)
_INLINE = r"(?:a|abbr|b|cite|code|em|i|q|s|small|span|strong|sub|sup|time|wbr)\b"
#: A citation; what is no text; where a block of text begins or ends.
_TOKEN = re.compile(rf"{_MARK}|<(?P<apart>svg|script|pre)\b.*?</(?P=apart)>|</?(?!/?{_INLINE})[a-z][^>]*>", re.DOTALL)
_MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)
#: Quarto gives it a class more.
_TABLE = re.compile(r'<figure class="table-wecare[^"]*" id="tbl-sources">.*?</figure>', re.DOTALL)
_NAMED = re.compile(r'<a id="(S\d{3,})"')
_CSV = re.compile(r'<p class="downloads">.*?</p>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_BRACKETS = re.compile(r'\((<a class="citation[^>]*>[^<]*</a>)\)')
_TITLE = re.compile(r' ?\btitle="([^"]*)"')
_CLOSED = re.compile(r"[.!?…][»”\"’)\]]*\s*\Z")
_INSIDE = re.compile(r"[.!?…][»”\"’)\]]*\s+[«“\"(\[]*[A-ZÀ-Þ]")

#: From what is least sure: a mark looks like the least sure of what it stands for.
_STATUSES = ("benchmark", "indicative", "derived", "sourced")
#: A mark tells so many names in full.
TOLD = 2


@dataclass(frozen=True)
class Source:
    """A source or dataset as a list of sources tells it.

    Attributes
    ----------
    shown
        What stands for it in a notebook: its id, or the short name of a dataset.
    name
        Its title, or what is told in its place (then ``titled`` is false).
    address
        On the web; empty where it has none.
    by, date
        Who published it, and when, in words; empty where not known.
    """

    shown: str
    name: str
    address: str = ""
    by: str = ""
    date: str = ""
    titled: bool = True


@dataclass
class _Mark:
    """The mark of a sentence."""

    gap: str
    cited: dict[tuple[str, str], None] = field(default_factory=dict)  # id and status


def gather_marks(text: str, page: str, lang: str, sources: Mapping[str, Source]) -> str:
    """A page on which every sentence that cites has one numbered mark, and that ends with the list of its sources.

    Parameters
    ----------
    text
        A page as a publisher rendered it.
    page
        Its address, without extension.
    lang
        Its language.
    sources
        By the fragments that lead to them, see :class:`Source`.

    Returns
    -------
    str
        The page. A table of its sources (``tbl-sources``) has become the list, with its ids; what is no citation stays
        as it is. On the page of all sources marks are named and lead to its tables.
    """
    words = labels(lang)
    states = {words[f"status.{status}.cited"]: status for status in _STATUSES}
    found = _MAIN.search(text)
    if found is None:
        return text
    own = _TABLE.search(found[0])
    main = found[0] if own is None else f"{found[0][: own.start()]}\0{found[0][own.end() :]}"
    pieces = _read(main, sources, states)
    marks = [piece for piece in pieces if isinstance(piece, _Mark)]
    ids = [name for mark in marks for name, _ in mark.cited]
    listed = list(dict.fromkeys([*ids, *(_NAMED.findall(own[0]) if own else ())]))
    if not listed:
        return text
    apart = page.rpartition("/")[2] == LIST
    numbers = {name: number for number, name in enumerate(listed, 1)}
    main = "".join(p if isinstance(p, str) else _show(p, numbers, sources, words, apart) for p in pieces)
    main = _BRACKETS.sub(r"\1", main)
    if not apart:
        csv = _CSV.findall(own[0]) if own else []
        list_ = _list(listed, sources, lang, config.edition_path(lang, LIST), page)
        shown = f'<details class="cited">{list_}{"".join(csv)}</details>'
        main = main.replace("\0", shown) if own else main.removesuffix("</main>") + shown + "</main>"
    return text[: found.start()] + main + text[found.end() :]


def _read(main: str, sources: Mapping[str, Source], states: Mapping[str, str]) -> list[str | _Mark]:
    """The pieces of a page, its marks apart."""
    pieces: list[str | _Mark] = []
    at, said, mark, place, before = 0, "", None, 0, 0
    for token in _TOKEN.finditer(main):
        between = main[at : token.start()]
        said += unescape(_TAG.sub("", between))
        at = token.end()
        source = sources.get(token["id"] or "")
        rest = f" {token['before']}{token['after']}"
        if source is None or " id=" in rest or token["shown"] not in (source.shown, escape(source.shown)):
            pieces += [between, token[0]]
            # A link of another kind is a part of the sentence.
            said, mark = (said + token["shown"], mark) if token["shown"] is not None else ("", None)
            continue
        if mark and _same_sentence(said, before):
            pieces[place] = ""
            # What only parted two codes goes with them.
            parted = between.strip(" ,;\n")
            pieces.append(between if parted else "")
            mark.gap = token["gap"] if parted else mark.gap
        else:
            pieces.append(between)
            mark = _Mark(token["gap"])
        told = _TITLE.search(rest)
        mark.cited[token["id"], states.get(told[1], "") if told else ""] = None
        place, before = len(pieces), len(said)
        pieces.append(mark)
    return [*pieces, main[at:]]


def _same_sentence(said: str, before: int) -> bool:
    """Whether what was said since a mark belongs to its sentence."""
    since = said[before:]
    # What has no word parts codes only.
    if not any(c.isalnum() for c in since):
        return True
    goes_on = next(c for c in since if c.isalnum()).islower() or not _CLOSED.search(said[:before])
    return goes_on and not _INSIDE.search(since.rstrip())


def _show(
    mark: _Mark, numbers: Mapping[str, int], sources: Mapping[str, Source], words: Mapping[str, str], coded: bool
) -> str:
    ids = list(dict.fromkeys(name for name, _ in mark.cited))
    shown = ", ".join(sources[name].shown for name in ids) if coded else _ranges(numbers[name] for name in ids)
    names = [sources[name].name for name in ids]
    more = words["site.more_sources"].format(n=len(names) - 1)
    called = f"{shown}: {'; '.join(names) if len(names) <= TOLD else f'{names[0]} {more}'}"
    status = next((s for s in _STATUSES if any(s == told for _, told in mark.cited)), "")
    if status:
        called += f" ({words[f'status.{status}.cited']})"
    link = Markup('<a class="citation{}" href="#{}" data-cites="{}" aria-label="{}">{}</a>').format(
        f" citation-{status}" if status else "",
        min(ids, key=lambda name: numbers[name]),
        " ".join(f"{name}:{told}" for name, told in mark.cited),
        called,
        shown,
    )
    return f"{mark.gap}{link}"


def _ranges(numbers: Iterable[int]) -> str:
    """Numbers in order, more than two in a row as a range: ``1, 3–5``."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > TOLD else ", ".join(map(str, run)) for run in runs)


def _list(ids: list[str], sources: Mapping[str, Source], lang: str, of_all: str, page: str) -> Markup:
    """The numbered list, folded."""
    up = "../" * page.count("/")
    words = labels(lang)
    items = []
    for name in ids:
        source = sources[name]
        text: str = escape(source.name)
        if not source.titled:
            text = Markup('<span class="from-address">{}</span>').format(text)
        is_source = not name.startswith("dati-")
        if is_source and lang != config.LANGUAGES[0]:
            text = Markup('<span lang="{}">{}</span>').format(config.LANGUAGES[0], text)
        entry = f"{up}{of_all}.html#{name}"
        if source.address or not is_source:
            text = Markup('<a href="{}">{}</a>').format(source.address or entry, text)
        told = Markup("").join(Markup(", {}").format(part) for part in (source.by, source.date) if part)
        code = Markup(' <a class="code" href="{}">{}</a>').format(entry, name) if is_source else ""
        items.append(Markup('<li id="{}">{}{}{}</li>').format(name, text, told, code))
    states = Markup("").join(Markup(' data-{}="{}"').format(s, words[f"status.{s}.cited"]) for s in _STATUSES)
    return Markup('<summary>{}</summary><ol class="sources"{} data-title="{}" data-close="{}">{}</ol>').format(
        words["site.sources_cited"].format(n=len(ids)),
        states,
        words["site.sources_card"],
        words["site.close"],
        Markup("").join(items),
    )
