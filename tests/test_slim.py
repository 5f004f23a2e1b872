"""Pages, style sheets, icons and the search index written small: less to fetch, nothing else to see."""

from __future__ import annotations

import json
import re
import zlib
from html import escape

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from plain_html import full

from helpers import config
from helpers.publish.weight.css import pack_search, trim, without
from helpers.publish.weight.html import MOST_COLUMNS, numeric_columns, shared_scripts, small
from helpers.system.cache import Cache

PAGE = """<!doctype html><html lang="it"><head><meta name="a" content="b"><title>T</title></head><body class="">
<!-- said to nobody --><ul>
  <li class="x">Uno <b>due</b></li>
  <li>Tre</li>
</ul><dl><dt>A</dt><dd>B</dd></dl>
<pre class="y">
  as   it is</pre><p title="più > meno" data-x='q' hidden="">Ciao <a href="../a/">qui</a></p><p>Altro</p>
<table><thead><tr><th scope="col">N</th><th scope="col" class="num">V</th></tr></thead>
<tbody><tr><th scope="row">a</th><td class="num">1</td></tr>
<tr><th scope="row">b</th><td class="num">2</td></tr></tbody></table>
<script type="application/json">{"a":  "</td> <td>"}</script>
<svg><path d="M0 0"/><path class="z" d="M1"/></svg>
</body></html>"""

CELLS = {True: '<td class="num">1</td>', False: "<td>a</td>"}
texts = st.text(alphabet="ab <>&\"'=/è\n", max_size=12)


def seen(html: str) -> list[object]:
    """What a browser makes of a page: elements with what they say and which words follow, blanks apart."""
    soup = BeautifulSoup(full(html), "html.parser")
    found = [(e.name, {k: v for k, v in e.attrs.items() if v not in ("", [], [""])}) for e in soup.find_all(True)]
    return [
        *found,
        *(" ".join(e.get_text(" ").split()) for e in soup.find_all(["p", "li", "dt", "dd", "th", "td", "pre"])),
    ]


def test_a_small_page_is_the_page_it_was():
    made = small(PAGE)
    assert seen(made) == seen(PAGE) and len(made) < 0.85 * len(PAGE)
    assert "  as   it is</pre>" in made and '{"a":  "</td> <td>"}' in made
    assert "said to nobody" not in made


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=4))
def test_numeric_columns_are_said_once_and_no_cell_changes(kinds):
    rows = "".join(f"<tr>{''.join(CELLS[kind] for kind in row)}</tr>" for row in kinds)
    made = numeric_columns(f"<table><tbody>{rows}</tbody></table>")
    assert full(made) == f"<table><tbody>{rows}</tbody></table>"
    whole = [n for n, column in enumerate(zip(*kinds, strict=True), start=1) if all(column)]
    assert [int(n) for n in re.findall(r"num-(\d)", made)] == whole
    assert made.count('"num"') == sum(map(sum, kinds)) - len(kinds) * len(whole)


def test_tables_that_cannot_say_it_once_stay():
    for table in (
        '<table><tr><td class="num">1</td></tr><tr><td>a</td><td class="num">1</td></tr></table>',
        '<table><tr><td colspan="2" class="num">1</td></tr></table>',
        '<table id="x"><tr><td class="num">1</td></tr></table>',
    ):
        assert numeric_columns(table) == table


def test_the_style_sheet_knows_as_many_columns_as_are_said():
    css = (config.REPORTS / "assets/wecare.css").read_text()
    known = [int(n) for n, m in re.findall(r"\.num-(\d+) tr > :nth-child\((\d+)\)", css) if n == m]
    assert known == list(range(1, MOST_COLUMNS + 1))


@given(st.lists(texts, max_size=6))
def test_no_attribute_is_changed(values):
    attributes = {f"data-{n}": value for n, value in enumerate(values)}
    told = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    page = f"<p{told}>x</p>"
    assert BeautifulSoup(small(page), "html.parser").p.attrs == attributes


def test_a_large_script_gets_one_file_for_all_pages():
    large = "let a; " * 300
    page = f'<body><script>let b;</script><script id="x" type="application/javascript">{large}</script></body>'
    made, scripts = shared_scripts(page, "en/distretti/bra")
    ((address, script),) = scripts.items()
    assert script.strip() == large.strip() and address.startswith("site_libs/inline/")
    assert made == f'<body><script>let b;</script><script id="x" src="../../{address}"></script></body>'
    assert shared_scripts(page, "index")[1] == scripts


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        (".a,.b>p{x:1}", ".a{x:1}"),
        (".b{x:1}p.b:hover,#b{y:2}", "#b{y:2}"),
        ("@media (x){.b{x:1}.a{y:2}}@media (y){.b{x:1}}", "@media (x){.a{y:2}}"),
        (":is(.a,.b) p{x:1}.a:not(.b){y:2}", ":is(.a,.b) p{x:1}.a:not(.b){y:2}"),
        ('.a::before{content:"}.b{"}.b{x:1}', '.a::before{content:"}.b{"}'),
        (
            ".b{background:url(data:image/svg+xml;x,y)}.a{background:url(data:image/svg+xml;x,y)}",
            ".a{background:url(data:image/svg+xml;x,y)}",
        ),
        ("@font-face{src:url(b.woff)}@keyframes b{to{x:1}}", "@font-face{src:url(b.woff)}@keyframes b{to{x:1}}"),
        (".quarto-dark{x:1}.a\\:b{y:2}.a\\:c{z:3}/*! kept */", ".quarto-dark{x:1}.a\\:b{y:2}/*! kept */"),
        (
            '@charset "utf-8";@import url(a.css);/* left out */.b/**/,.a/**/>p{x:1}',
            '@charset "utf-8";@import url(a.css);.a>p{x:1}',
        ),
    ],
)
def test_rules_for_classes_that_nobody_names_are_left_out(css, expected):
    assert without(css, frozenset({"a", "a:b", "quarto-"})) == expected


def test_what_scripts_and_pages_name_is_kept(tmp_path):
    libs = tmp_path / "site_libs"
    libs.mkdir()
    (libs / "a.css").write_text(".shown{x:1}.page{x:1}.bare{x:1}.nobody{x:1}")
    (libs / "a.js").write_text("box.classList.add('shown')")
    (tmp_path / "index.html").write_text('<p class="page"><b class=bare>')
    cache = Cache(tmp_path / "cache.db")
    for _ in range(2):
        trim(tmp_path, cache)
        assert (libs / "a.css").read_text() == ".shown{x:1}.page{x:1}.bare{x:1}"


@pytest.mark.parametrize("asks", ['await fetch(offset + "search.json")', 'await fetch(offsetURL("search.json"))'])
def test_the_index_is_packed_where_the_script_of_the_search_is_known(tmp_path, asks):
    (tmp_path / "site_libs").mkdir()
    script = tmp_path / "site_libs/search.js"
    script.write_text("await fetch('search.json')")
    (tmp_path / "search.json").write_text('[{"title": "è"}]')
    pack_search(tmp_path)
    assert (tmp_path / "search.json").is_file()
    script.write_text(asks)
    pack_search(tmp_path)
    assert "DecompressionStream" in script.read_text() and not (tmp_path / "search.json").exists()
    packed = (tmp_path / "search.deflate").read_bytes()
    assert json.loads(zlib.decompress(packed, -zlib.MAX_WBITS)) == [{"title": "è"}]


def test_what_only_looks_like_a_named_character_stays_escaped():
    text = small("<!doctype html><title>x</title><p>Q&amp;T; R&amp;D &lt;b&gt;</p><script>a = 'Q&T;'</script>")
    assert "Q&amp;T;" in text and "'Q&T;'" in text and "R&D" in text and "&amp;amp;" not in text
