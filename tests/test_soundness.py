"""What the source of a page can say about its soundness."""

import pytest

from helpers.publish.check.soundness import unsound

GOOD = """<!doctype html><html lang="it"><head><title>t</title><meta charset="utf-8"></head><body>
<header><nav><a href="x.html"><span>X</span></a><button aria-label="Apri"></button></nav></header>
<main><h1>a</h1><h2 id="b">b</h2><h3>c</h3><h2>d</h2><ul><li><p>e<br>f</p></li></ul>
<figure aria-labelledby="g"><figcaption id="g">g</figcaption><img src="a.svg" alt=""></figure>
<table><thead><tr><th scope="col">h</th></tr></thead><tbody><tr><td>i</td></tr></tbody></table>
<label for="j">j</label><input id="j"><label>k <select><option>1</option></select></label>
<a href="y.html"><img src="b.svg" alt="y"></a><svg><path d="M0 0"/><text>p</text></svg>
<dl><div><dt>l</dt><dd>m</dd></div></dl></main>
</body></html>"""


def test_a_sound_page_has_no_findings():
    assert unsound(GOOD) == []


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ('<p id="n"></p><p id="n"></p>', "id 'n' is empty, has blanks or stands twice"),
        ('<p id="n n"></p>', "has blanks"),
        ("<p><ul><li>x</li></ul></p>", "<ul> inside a paragraph"),
        ("<div><li>x</li></div>", "<li> inside <div>"),
        ("<b><i>x</b></i>", "</b> closes <i>"),
        ("</section>", "</section> closes nothing"),
        ("<div>", "</main> closes <div>"),
        ("<h3>x</h3>", "<h3> after a heading of level 1"),
        ('<img src="x.svg">', "picture without alternative: x.svg"),
        ('<input type="range">', "<input> without a label"),
        ('<label for="q">q</label><select id="r"></select>', "<select> without a label"),
        ('<label for="q">q</label>', "for names 'q', which is not there"),
        ('<div aria-describedby="q"></div>', "aria-describedby names 'q'"),
        ('<a href="x.html"> </a>', "link or button without words: 'x.html'"),
        ('<a href="x.html"><img src="x.svg" alt=""></a>', "link or button without words"),
        ('<button id="s"><i></i></button>', "link or button without words: 's'"),
        ('<a href="x.html" aria-hidden="true"></a>', "link or button without words: 'x.html'"),
        ('<a href="x.html"><button>x</button></a>', "<button> inside a link or button"),
        ('<p class="a" class="b">x</p>', "<p> has an attribute twice"),
    ],
)
def test_it_finds(inside, said):
    text = f'<html lang="it"><body><main><h1>a</h1>{inside}</main></body></html>'
    assert any(said in finding for finding in unsound(text)), unsound(text)


def test_what_neither_ear_nor_keyboard_meets_needs_no_words():
    text = '<html lang="it"><main><h1>a<a href="#b" aria-hidden="true" tabindex="-1"></a></h1></main></html>'
    assert unsound(text) == []


def test_what_a_publisher_puts_around_the_content_is_its_own():
    text = '<html><body><p><div id="a"></div><h5>x</h5><a href="x"></a><main><h1>b</h1>{}</main></body></html>'
    assert unsound(text.format("<p>c</p>")) == []
    assert unsound(text.format('<p id="a">c</p>')) != []
