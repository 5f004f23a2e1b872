"""Style sheets written small: less to fetch before the first view, nothing else to see."""

from __future__ import annotations

import pytest

from helpers.publish.weight.css import trim, without
from helpers.system.cache import Cache


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
