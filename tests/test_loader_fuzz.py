"""Whatever the bytes: `load` never raises, loses no text, and writes nothing an allow-list would touch."""

from __future__ import annotations

import re

import html5lib
import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.loaders import Reader, load, trace
from digest.model import Loaded, SourceFile
from digest.sources import read_builtin

TAGS = {
    "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "table", "tr", "td", "th", "hr", "br",
    "figure", "figcaption", "a", "img", "strong", "em", "code", "sub", "sup", "small", "s", "del", "ins", "mark", "u",
    "q", "cite", "kbd", "samp", "var", "ruby", "rt", "rp", "tbody",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "class"}, "p": {"class"}, "figure": {"class"}, "img": {"src", "alt"}, "ol": {"start"},
    "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"},
}  # fmt: skip

_NAMES = st.sampled_from(
    "p div span a b i em strong ul ol li blockquote table tr td th h1 h2 h3 figure figcaption img br hr pre code "
    "script style iframe video audio noscript template svg textarea button select option ruby rt rp small section "
    "article form dl dt dd caption tbody o:p font center xmp plaintext title picture source object math".split()
)
_VALUES = st.sampled_from(
    [
        "https://example.org/a.jpg", "javascript:alert(1)", "/a b", "//host/x", "x.png", "data:image/gif;base64,R0", "",
        "https://e.org/?a=1&b=<2>", "mailto:a@example.org", "http://[", "http://a:99999/", "#x", "\x08\n", "&quot;", "高山",
        "java\tscript:alert(1)", "vbscript:x", "https://images.weserv.nl/?url=e.org/a.jpg", "http://xn--/", "\\\\e.org",
    ]
)  # fmt: skip
_ATTRS = st.lists(
    st.tuples(
        st.sampled_from("href src data-src srcset alt class id style onclick poster colspan start".split()),
        _VALUES,
    ),
    max_size=3,
)
_TEXTS = st.sampled_from(
    [
        "渡船停运",
        " ",
        "\n",
        "&amp;",
        "&lt;b&gt;",
        "\u3000",
        "&nbsp;&nbsp;",
        "a < b",
        "&#8;",
        "** x **",
        "{{ x }}",
        "获取更多RSS：",
        "2020-01-02",
    ]
)
_SOUP = st.lists(
    st.one_of(
        st.builds(lambda n, a: f"<{n}" + "".join(f' {k}="{v}"' for k, v in a) + ">", _NAMES, _ATTRS),
        st.builds(lambda n: f"</{n}>", _NAMES),
        _TEXTS,
        st.sampled_from(
            ["<!-- x -->", "<!--", "<divclass=x>", '<img alt="a"b"c">', "<", ">", "</", "<br><br>", "]]>"]
        ),
    ),
    max_size=24,
).map("".join)
_FRONT = st.sampled_from(
    ["", "---\ntitle: x\n---\n", '---\ntitle: "a\n---\n', "<!--1600000000000-->\n[题](https://www.rfi.fr/cn/a)\n------\n\n",
     "<!--NaN-->\n", "[t](https://e.org/x)\n------\n", "---\n- 1\n---\n", "# 题\n\n"]
)  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(read_builtin())


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=200), name=st.sampled_from(["a.md", "x/b.html", "c.txt", "法广/d.md"]))
def test_any_bytes_are_read_or_reported(reader: Reader, data: bytes, name: str) -> None:
    load(SourceFile(name, data), reader)


@settings(max_examples=600, deadline=None)
@given(front=_FRONT, soup=_SOUP, name=st.sampled_from(["rfi/a.md", "b.html", "bbc/c.md", "zaobao/d.md"]))
def test_markup_soup_comes_out_safe(reader: Reader, front: str, soup: str, name: str) -> None:
    loaded = load(SourceFile(name, (front + soup).encode()), reader)
    assert isinstance(loaded, Loaded)
    html = loaded.body.html
    assert _tree(nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, link_rel=None)) == _tree(html)
    assert not any(char in html for char in "\0\x08\x0c\x7f")


@settings(max_examples=400, deadline=None)
@given(soup=_SOUP)
def test_markup_soup_loses_no_text(reader: Reader, soup: str) -> None:
    # What these elements hold is raw or foreign text to one parser and markup to another.
    body = "<div>" + re.sub(r"<(?=plaintext|xmp|iframe|svg|math|select|template)", "<p data-", soup)
    loaded, traced = trace(SourceFile("local/a.html", body.encode()), reader)
    assert isinstance(loaded, Loaded)
    assert traced is not None
    assert "".join(_bare(p.text) for p in traced.pieces) == _bare(_words(body))


def _tree(html: str) -> str:
    fragment = html5lib.parseFragment(html, treebuilder="etree")
    return html5lib.serialize(
        fragment, omit_optional_tags=False, quote_attr_values="always", alphabetical_attributes=True
    )


def _words(html: str) -> str:
    """All text of a body as html5lib reads it, scripts and the like left out."""
    root = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    out: list[str] = []

    def walk(node: object) -> None:
        if getattr(node, "tag", "") not in ("script", "style", "template") and isinstance(
            getattr(node, "tag", ""), str
        ):
            out.append(getattr(node, "text", "") or "")
            for child in node:  # type: ignore[attr-defined]
                walk(child)
                out.append(getattr(child, "tail", "") or "")

    walk(root)
    return "".join(out)


def _bare(text: str) -> str:
    return "".join(c for c in text if not c.isspace() and c >= " " and c != "\x7f")
