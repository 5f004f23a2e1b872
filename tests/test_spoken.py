"""Menu, headings, tables and their boxes are called as they read, whichever publisher wrote them."""

import pytest
from bs4 import BeautifulSoup

from helpers.publish.spoken import name_parts

OPENER = (
    '<a class="nav-link dropdown-toggle" href="#" id="nav-menu-{n}" role="link" data-bs-toggle="dropdown" '
    'aria-expanded="false">{space}<span class="menu-text">Distretti</span></a>'
)
PAGE = """<nav class="navbar navbar-expand-xl {space}"><ul><li>{opener}</li></ul></nav>
<main><section id="in-breve" class="level2">{space}<h2 class="anchored">In breve</h2></section>
<figure class="figure-wecare" id="fig-a"><figcaption class="caption">A</figcaption><div class="plot"></div>
<details><div class="table-scroll" tabindex="0"><table><tr><td>1</td></tr></table></div></details></figure>
<figure class="table-wecare" id="tbl-b"><figcaption class="caption">B</figcaption>
<div class="table-scroll" tabindex="0"><table class="x"><tr><td>1</td></tr></table></div></figure>
<table><tr><td>2</td></tr></table></main>"""


@pytest.fixture(params=["", "\n "], ids=["embedded", "quarto"])
def page(request):
    space = request.param
    return BeautifulSoup(
        name_parts(PAGE.format(space=space, opener=OPENER.format(n=1, space=space)), "it"), "html.parser"
    )


def test_the_menu_has_a_name_and_opens_by_buttons(page):
    assert page.nav["aria-label"] == "Menu principale"
    button = page.nav.button
    assert (button["type"], button["id"], button["data-bs-toggle"]) == ("button", "nav-menu-1", "dropdown")
    assert button["aria-expanded"] == "false" and not button.has_attr("href") and not button.has_attr("role")


def test_a_heading_has_its_place_without_being_called_by_it(page):
    link = page.h2.find("a")
    assert (link["href"], link["aria-hidden"], link["tabindex"], link.text) == ("#in-breve", "true", "-1", "")
    assert page.h2.text == "In breve"


def test_tables_and_their_boxes_are_called_by_the_caption_of_their_figure(page):
    first, second, third = page.find_all("table")
    for table, name in ((first, "fig-a-caption"), (second, "tbl-b-caption")):
        assert table["aria-labelledby"] == name == page.find(id=name)["id"]
        assert (table.parent["role"], table.parent["aria-labelledby"]) == ("group", name)
    assert not third.has_attr("aria-labelledby") and page.find(id="tbl-b-caption").text == "B"


def test_a_table_of_the_documentation_is_scrolled_by_keys():
    found = BeautifulSoup(name_parts('<div class="sd-table">\n<table class="x"></table></div>', "it"), "html.parser")
    assert found.div["tabindex"] == "0"
