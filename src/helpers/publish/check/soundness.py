"""Whether a page is sound HTML that everybody can use, as far as its source alone can say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from helpers.publish.check.html_reader import read

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
#: What may not stand in a paragraph: a browser would end the paragraph there.
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "details",
        "div",
        "dl",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "ul",
    ]
)
#: Where an element may stand only.
PARENTS = {
    "li": {"ul", "ol", "menu"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "tr": {"thead", "tbody", "tfoot"},
    "td": {"tr"},
    "th": {"tr"},
    "figcaption": {"figure"},
    "summary": {"details"},
    "legend": {"fieldset"},
}
CONTROLS = frozenset({"input", "select", "textarea"})
NAMES = ("aria-label", "aria-labelledby", "title")
#: Attributes that name ids of the page.
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "headers")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def unsound(text: str) -> list[str]:
    """What is wrong with a page.

    Parameters
    ----------
    text
        The page's HTML. What surrounds the content is the publisher's and is not judged here.

    Returns
    -------
    list of str
        Elements of the content that are not closed or stand where they may not, attributes and ids given twice,
        references to ids that are not there, headings that skip a level, and pictures, controls, links or buttons
        without words.
    """
    judge = Judge()
    read(text, judge)
    return judge.result()


class Judge:
    """Reads a page and tells what is wrong with it, see :func:`unsound`."""

    def __init__(self):
        self.findings: list[str] = []
        self.open: list[str] = []
        self.around: Counter[str] = Counter()  # how many of each tag are open
        self.ids: set[str] = set()
        self.wanted: list[tuple[str, str]] = []  # attribute and the id it names
        self.labelled: set[str] = set()
        self.controls: list[tuple[str, str | None]] = []  # without words of their own: what they are, their id
        self.level = 0
        self.unnamed: list[tuple[int, str]] = []  # links and buttons being read that have no words yet, by depth

    def result(self) -> list[str]:
        """Findings of the whole page."""
        found = list(self.findings)
        found += [f"{name} names {id_!r}, which is not there" for name, id_ in self.wanted if id_ not in self.ids]
        return found + [f"<{tag}> without a label" for tag, id_ in self.controls if id_ not in self.labelled]

    def handle_starttag(self, tag: str, given: Mapping[str, str], twice: bool) -> None:
        """See :class:`.reading.Reader`."""
        if not self.around["main"]:
            self.ids.add(given.get("id", ""))
            self.labelled.add(given.get("for", ""))
            self._begin(tag)
            return
        if twice:
            self.findings.append(f"<{tag}> has an attribute twice")
        self._check_place(tag)
        if given:
            self._check_ids(tag, given)
        self._check_words(tag, given)
        if tag in HEADINGS:
            level = int(tag[1])
            if level > self.level + 1:
                self.findings.append(f"<{tag}> after a heading of level {self.level}")
            self.level = level
        self._begin(tag)
        pressed = tag == "button" or (tag == "a" and "href" in given)
        # What neither ear nor keyboard meets needs no words.
        silent = (given.get("aria-hidden"), given.get("tabindex")) == ("true", "-1")
        if pressed and not silent and not any(given.get(name) for name in NAMES):
            self.unnamed.append((len(self.open), given.get("id") or given.get("href", "")))

    def _begin(self, tag: str) -> None:
        if tag not in VOID:
            self.open.append(tag)
            self.around[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        """See :class:`.reading.Reader`."""
        if tag in VOID:
            return
        if not self.around[tag]:
            if self.around["main"]:
                self.findings.append(f"</{tag}> closes nothing")
            return
        if self.open[-1] != tag and self.around["main"]:
            self.findings.append(f"</{tag}> closes <{self.open[-1]}>")
        ended = ""
        while ended != tag:
            ended = self.open.pop()
            self.around[ended] -= 1
        while self.unnamed and self.unnamed[-1][0] > len(self.open):
            self.findings.append(f"link or button without words: {self.unnamed.pop()[1]!r}")

    def handle_data(self, data: str) -> None:
        """See :class:`.reading.Reader`."""
        if data.strip() and self.open and self.open[-1] not in ("script", "style"):
            self.unnamed.clear()

    def _check_place(self, tag: str) -> None:
        if self.around["svg"]:
            return
        if tag in BLOCKS and self.around["p"] and "p" in self.open[self.open.index("main") :]:
            self.findings.append(f"<{tag}> inside a paragraph")
        parent = self.open[-1]
        if tag in PARENTS and parent not in PARENTS[tag]:
            self.findings.append(f"<{tag}> inside <{parent}>")
        if tag in ("a", "button") and (self.around["a"] or self.around["button"]):
            self.findings.append(f"<{tag}> inside a link or button")

    def _check_ids(self, tag: str, given: Mapping[str, str]) -> None:
        if "id" in given:
            if given["id"] in self.ids or not given["id"] or any(c.isspace() for c in given["id"]):
                self.findings.append(f"id {given['id']!r} is empty, has blanks or stands twice")
            self.ids.add(given["id"])
        for name in REFERENCES:
            self.wanted += [(name, id_) for id_ in given.get(name, "").split()]
        if tag == "label" and given.get("for"):
            self.labelled.add(given["for"])
            self.wanted.append(("for", given["for"]))

    def _check_words(self, tag: str, given: Mapping[str, str]) -> None:
        if tag == "img":
            if "alt" not in given:
                self.findings.append(f"picture without alternative: {given.get('src', '')}")
            elif given["alt"].strip():
                self.unnamed.clear()
        if tag not in CONTROLS or self.around["label"]:
            return
        hidden = given.get("type") in ("hidden", "submit", "button")
        if not hidden and not any(given.get(n) for n in NAMES):
            self.controls.append((tag, given.get("id")))
