"""Markup to blocks to HTML: the text of each block, and the markup that comes out."""

from __future__ import annotations

import pytest

from digest.loaders.emit import write_html
from digest.loaders.outline import Plan, build_outline
from digest.loaders.tokens import parse, serialise

PLAN = Plan(())


def read(html: str, plan: Plan = PLAN) -> tuple[str, str]:
    tree, verbatim = parse(html)
    blocks = build_outline(
        serialise(tree, verbatim=verbatim), plan, "https://e.org/a/b", verbatim=verbatim
    ).blocks
    shown = [b for b in blocks if b.kind in ("text", "rule", "blank")]
    return write_html(shown, {}), "\n".join(b.text for b in blocks if b.kind == "text")


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<div>a<div>b</div>c</div>", "<p>a</p><p>b</p><p>c</p>"),
        ("<p>a</p></div></div><p>b", "<p>a</p><p>b</p>"),
        ("<p>a</p>b<p>c</p> d", "<p>a</p><p>b</p><p>c</p><p>d</p>"),
        ("<p>a<br><br>b<br />\n<br/>c</p>", "<p>a</p><p>b</p><p>c</p>"),
        ("<p>a<br>b<br></p>", "<p>a<br>b</p>"),
        ("<p>&nbsp;</p><p> \u3000</p><p><b> </b></p>x", "<p>x</p>"),
        ("<p>\u3000\u3000a  b&nbsp;&nbsp;c </p>", "<p>a b c</p>"),
        ("<b><p>a</p><p>b</p></b>", "<p><strong>a</strong></p><p><strong>b</strong></p>"),
        ("<p><b> a   </b>b</p>", "<p><strong>a </strong>b</p>"),
        ("<p>a <strong><b>b</b></strong></p>", "<p>a <strong>b</strong></p>"),
        ("<p>a<em></em><span>b</span><o:p>c</o:p></p>", "<p>abc</p>"),
        (
            "<h1>a</h1><h3>b</h3><h3>c</h3><h2>d</h2><h6>e</h6>",
            "<h2>a</h2><h3>b</h3><h3>c</h3><h3>d</h3><h4>e</h4>",
        ),
        ("<h4>a</h4><h5>b</h5>", "<h2>a</h2><h3>b</h3>"),
        ("<li>a<li>b", "<ul><li>a</li><li>b</li></ul>"),
        (
            "<ol start=3><li>a<ul><li>b</ul><li>c</ol>",
            '<ol start="3"><li>a<ul><li>b</li></ul></li><li>c</li></ol>',
        ),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<ul>a<li><p>b</p><p>c</p></li></ul>", "<ul><li>a</li><li><p>b</p><p>c</p></li></ul>"),
        ("<ul><li></li><li> </li></ul>x", "<p>x</p>"),
        ("<blockquote>a<p>b</blockquote>c", "<blockquote><p>a</p><p>b</p></blockquote><p>c</p>"),
        (
            "<table><tr><th>a<td>b<tr><td><td>c</table>",
            "<table><tr><th>a</th><td>b</td></tr><tr><td></td><td>c</td></tr></table>",
        ),
        (
            "<table><tr><td colspan=2 style=x>a<td rowspan=x>b</table>",
            '<table><tr><td colspan="2">a</td><td>b</td></tr></table>',
        ),
        ("<table><tr><td></td></tr></table>x", "<p>x</p>"),
        (
            "<table><tr><th><h2>a</h2></th></tr></table>",
            "<table><tr><th><p><strong>a</strong></p></th></tr></table>",
        ),
        ("<pre>\n a\n  b\n</pre>", "<pre> a\n  b</pre>"),
        ("<p>a<hr>b", "<p>a</p><hr><p>b</p>"),
        ("<dl><dt>a<dd>b</dl>", "<p>a</p><p>b</p>"),
        ("<ruby>漢<rp>(</rp><rt>han</rt></ruby>", "<p><ruby>漢<rp>(</rp><rt>han</rt></ruby></p>"),
        ("<ruby>漢</ruby><rt>x</rt>", "<p>漢x</p>"),
        ("<ruby>漢<rt><b>han</b></rt></ruby>", "<p>漢<strong>han</strong></p>"),
        ("<p>1 &lt; 2 &amp;amp; <i>3</i></p>", "<p>1 &lt; 2 &amp;amp; <em>3</em></p>"),
        ("<p>{{ a }} {% b %}</p>", "<p>{{ a }} {% b %}</p>"),
        ("<p>text<script>bad()</script><style>p{}</style><template>t</template>more</p>", "<p>textmore</p>"),
    ],
)
def test_markup(source: str, html: str) -> None:
    assert read(source)[0] == html


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://e.org/x?a=1&amp;b=2", "https://e.org/x?a=1&amp;b=2"),
        ("//e.org/x", "https://e.org/x"),
        ("c.html", "https://e.org/a/c.html"),
        ("/x y/山", "https://e.org/x%20y/%E5%B1%B1"),
        ("HTTP://E.org/100%", "http://E.org/100%25"),
        ("mailto:a@e.org", "mailto:a@e.org"),
        ("https://例子.cn/a", "https://xn--fsqu00a.cn/a"),
    ],
)
def test_links_are_absolute(href: str, expected: str) -> None:
    assert read(f'<a href="{href}">x</a>')[0] == f'<p><a href="{expected}">x</a></p>'


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "java\nscript:alert(1)", "#top", "", "http://", "https://[x", "data:text/html,x",
             "whatsapp://send?text=x", "http://a:99999/", "mailto:x", "https://a..b/"],
)  # fmt: skip
def test_a_link_that_leads_nowhere_keeps_its_words(href: str) -> None:
    assert read(f'<a href="{href}">x</a>')[0] == "<p>x</p>"


def test_breaks_can_end_every_paragraph() -> None:
    assert read("a<br>b<br>c", Plan((), breaks=True))[0] == "<p>a</p><p>b</p><p>c</p>"


def test_an_anchor_without_words_is_a_related_link() -> None:
    tree, _ = parse('<p>a</p><a href="/r/1"></a><p>b <a href="/x">c</a></p>')
    outline = build_outline(serialise(tree), Plan((), empty_links=True), "https://e.org/", verbatim=False)
    assert outline.empty_links == ["https://e.org/r/1"]


def test_line_ends_between_han_letters_are_nothing() -> None:
    source = "<p>\n 渡船\n <a>\n  早上六点\n </a>\n 开出\n</p>\n<p>\n The\n ferry\n 停运\n</p>\n\n\n\n"
    assert read(source)[1] == "渡船早上六点开出\nThe ferry 停运"


def test_a_comment_with_markup_in_it_is_nothing() -> None:
    assert read("<p>a<!-- <b>x</b> > -->b</p>")[0] == "<p>ab</p>"


def test_attributes_broken_by_quotes_do_not_swallow_text() -> None:
    assert read('<p><img alt="他说"好"了" src="x">a</p><p>b</p>')[1] == "a\nb"
