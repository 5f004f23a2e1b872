"""What the content of a page may hold: a list of elements and attributes; whatever is not on it is refused.

Content comes from data and from people. A list of what is harmless ages better than a list of what is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Attributes of any element; and those that begin with ``aria-`` or ``data-``.
EVERYWHERE = _names("class dir hidden id lang role tabindex title")
PLAIN = _names(
    "abbr article aside b br caption cite code dd div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 "
    "header hr i legend main nav p pre s section small span strong sub summary sup table tbody tfoot thead tr ul wbr"
)
#: Further attributes of an element, and elements that have some.
WITH = {
    "a": "href download hreflang rel type",
    "button": "type disabled",
    "col": "span",
    "colgroup": "span",
    "data": "value",
    "details": "open",
    "fieldset": "disabled",
    "form": "action",
    "img": "src alt width height loading decoding",
    "input": "type name value min max step checked disabled readonly placeholder autocomplete list",
    "label": "for",
    "li": "value",
    "ol": "start type reversed",
    "optgroup": "label disabled",
    "option": "value selected disabled label",
    "output": "for",
    "script": "type",
    "select": "name disabled",
    "td": "colspan rowspan headers",
    "th": "colspan rowspan headers scope abbr",
    "time": "datetime",
}
#: Elements of drawings, and how they may look.
DRAWING = _names(
    "svg g path rect circle ellipse line polyline polygon text tspan title desc defs clippath marker pattern use"
)
LOOK = _names(
    "clip-path clip-rule cx cy d dominant-baseline dx dy fill fill-opacity fill-rule focusable font-family font-size "
    "font-style font-weight height letter-spacing marker-end marker-start markerheight markerunits markerwidth "
    "marker-mid opacity orient paint-order pathlength points preserveaspectratio r refx refy rotate rx ry "
    "shape-rendering stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit "
    "stroke-opacity stroke-width text-anchor text-rendering textlength transform vector-effect version viewbox width x "
    "x1 x2 xmlns xml:space y y1 y2"
    " patterncontentunits patterntransform patternunits visibility"
)
ALLOWED = {tag: EVERYWHERE for tag in PLAIN} | {tag: EVERYWHERE | _names(more) for tag, more in WITH.items()}
ALLOWED |= {tag: EVERYWHERE | LOOK for tag in DRAWING}
ALLOWED["use"] |= {"href"}

#: Where a link may lead: pages of the site, the web, an address to write to.
SCHEME = re.compile(r"\s*([a-z][a-z0-9+.\-]*)\s*:", re.IGNORECASE)
#: A form may be sent to the site itself only.
ELSEWHERE = re.compile(r"\s*(?:[a-z][a-z0-9+.\-]*:|[/\\]{2})", re.IGNORECASE)
SCHEMES = frozenset(("http", "https", "mailto"))
#: Looks that are given by an address, as ``url(#clip)``: only to a place of the same page.
ADDRESS = re.compile(r"url\(\s*['\"]?(?!#)", re.IGNORECASE)
#: What Quarto writes into the content of every page by itself.
OWN = {("a", "quarto-back-to-top"): frozenset(("onclick", "href"))}


def refuse(tag: str, given: Mapping[str, str]) -> list[str]:
    """What is wrong with an element of the content.

    Examples
    --------
    >>> refuse("p", {"class": "note"})
    []
    >>> refuse("meta", {"http-equiv": "refresh"})
    ['<meta> in the content']
    >>> refuse("a", {"href": "javascript:alert(1)"})
    ["link that runs code or leads nowhere: 'javascript:alert(1)'"]
    """
    allowed = ALLOWED.get(tag)
    if allowed is None or (tag == "script" and given.get("type") != "application/json"):
        return [f"<{tag}> in the content"]
    own = OWN.get((tag, given.get("id", "")), frozenset())
    found = [
        f"attribute {name!r} on <{tag}> in the content"
        for name in given
        if name not in allowed and name not in own and not name.startswith(("aria-", "data-"))
    ]
    if tag == "form" and ELSEWHERE.match(given.get("action", "")):
        found.append(f"form that is sent elsewhere: {given['action'][:60]!r}")
    for name in ("href", "src"):
        scheme = SCHEME.match(given.get(name, ""))
        if scheme and name not in own and scheme[1].lower() not in SCHEMES:
            found.append(f"link that runs code or leads nowhere: {given[name][:60]!r}")
    if tag == "use" and not given.get("href", "").startswith("#"):
        found.append(f"<use> of something else than this page: {given.get('href', '')[:60]!r}")
    return found + [f"{name} from elsewhere: {value[:60]!r}" for name, value in given.items() if ADDRESS.search(value)]
