"""Every page of the site is HTML, and every picture SVG, as the W3C's checker understands them."""

import json
import subprocess

import pytest
from readers import PAGES, pages_of
from tools import command


def errors(folder, files=()):
    """What the checker holds to be wrong, with the page; its advice is left aside. All of a folder, or some files."""
    done = subprocess.run(
        [*command("vnu"), "--format", "json", "--stdout", "--skip-non-html", "--also-check-svg", *(files or [folder])],
        capture_output=True,
        text=True,
    )
    assert done.stdout, done.stderr
    return [
        f"{message['url'].split(folder.name + '/', 1)[-1]}:{message.get('lastLine')}: {message['message']}"
        for message in json.loads(done.stdout)["messages"]
        if message["type"] != "info"
    ]


@pytest.mark.site
@PAGES
def test_every_page_and_picture_is_valid(built, which):
    files = [*pages_of(built.site, which), *sorted(built.site.rglob("*.svg"))]
    assert errors(built.site, files) == []


@pytest.mark.slow
def test_what_is_not_valid_is_found(tmp_path):
    page = '<!doctype html><html lang="it"><head><meta charset="utf-8"><title>t</title></head><body>{}</body></html>'
    (tmp_path / "good.html").write_text(page.format("<p>a</p>"))
    (tmp_path / "bad.html").write_text(page.format("<p>a<ul><li>b</ul></p>"))
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/bad.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><p>a</p></svg>')
    found = errors(tmp_path)
    assert {line.split(":")[0] for line in found} == {"bad.html", "sub/bad.svg"}
