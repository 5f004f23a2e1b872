"""A page says what it may fetch and run; what stands in it is named by its hash."""

from __future__ import annotations

import base64
import hashlib
import re

from helpers.publish.policy import add_policy


def policy(head: str = "", body: str = "") -> dict[str, list[str]]:
    text = add_policy(f'<html><head><meta charset="utf-8"><title>x</title>{head}</head><body>{body}</body></html>')
    said = re.search(r'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="([^"]+)">', text)[1]
    return {part.split()[0]: part.split()[1:] for part in said.split("; ")}


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_a_page_of_the_site_alone():
    found = policy('<script src="assets/figures.js" defer></script>')
    assert found["default-src"] == ["'none'"] and found["script-src"] == ["'self'"]
    assert found["connect-src"] == ["'self'"] and found["style-src"] == ["'self'", hashed("")]
    assert "unsafe-inline" not in str(found) and "unsafe-eval" not in str(found)


def test_what_stands_in_the_page_is_named_by_its_hash():
    found = policy(
        "<script>go()</script><style>p { color: red }</style>", '<button onclick="a &amp;&amp; b()">x</button>'
    )
    assert found["script-src"] == ["'self'", "'unsafe-hashes'", hashed("go()"), hashed("a && b()")]
    assert found["style-src"] == ["'self'", hashed("p { color: red }"), hashed("")]


def test_data_is_not_run_and_needs_no_hash():
    body = (
        '<script type="application/json" class="figure-json">{}</script><script type="application/ld+json">{}</script>'
    )
    assert policy(body=body)["script-src"] == ["'self'"]
