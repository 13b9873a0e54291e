"""`digest check` on single output files: what a page, a style sheet or a feed holds, and where addresses lead."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.checking.addresses import Anchor, Tree, find_clashes
from digest.checking.feeds import read_feed
from digest.checking.pages import Fault, Reference, read_page, read_style

GOOD = """<!doctype html><html lang=zh-Hans><meta charset=utf-8>
<title>一 &lt; 二</title><link rel=stylesheet href=style.css>
<header><a href=../index.html>甲</a></header>
<main id=m><p>字<br>字 <a href="b.html#x">乙</a></p>
<ul><li>一<li>二</ul><img src=a.png alt=""></main>"""


def faults(text: str) -> list[str]:
    return [fault.code for fault in read_page(text.encode()).faults]


# --- pages --------------------------------------------------------------------------------------


def test_a_page_that_leaves_out_what_may_be_left_out_is_sound() -> None:
    seen = read_page(GOOD.encode())
    assert seen.faults == ()
    assert seen.anchors == ("m",)
    assert seen.references == (
        Reference("style.css", loads=True),
        Reference("../index.html", loads=False),
        Reference("b.html#x", loads=False),
        Reference("a.png", loads=True),
    )


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<html lang=zh-Hans>", "<html>", "html-lang-missing"),
        ("<title>一 &lt; 二</title>", "<title> </title>", "html-title-missing"),
        (' alt=""', "", "html-alt-missing"),
        ("<ul>", "<ul id=m>", "html-id-twice"),
        ("<br>", "<div>", "html-nesting"),
        ("</header>", "", "html-nesting"),
        ("</ul>", "</ul></section>", "html-nesting"),
        ("<br>", "<b><i></b></i>", "html-nesting"),
        ("乙</a>", "<a href=c>丙</a></a>", "html-nesting"),
        ("<ul>", "<table><p>一</p></table><ul>", "html-nesting"),
        ("<title>", "<script type=application/ld+json>{]</script><title>", "html-data-broken"),
    ],
)
def test_each_fault_of_a_page_is_told_once(old: str, new: str, code: str) -> None:
    assert old in GOOD
    assert faults(GOOD.replace(old, new)) == [code]


@pytest.mark.parametrize(
    "sound",
    [
        '<svg viewBox="0 0 1 1"><path d="M0"/><linearGradient/></svg>',
        "<a href=../../>上</a>",
        '<i title="1 > 0 </i>">甲</i>',
        '<script>if (a < b) document.write("<b>")</script>',
        "<!-- <b> -->",
        "<table><tr><td>一<td>二<tr><td>三</table>",
        "<dl><dt>一<dd>二</dl><hr/><noscript><p>无</p></noscript>",
    ],
)
def test_what_is_written_as_html_allows_is_no_fault(sound: str) -> None:
    assert faults(GOOD.replace("<ul>", f"{sound}<ul>")) == []


def test_the_line_of_a_tag_out_of_place_is_told() -> None:
    (fault,) = read_page(GOOD.replace("</ul>", "</ul></section>").encode()).faults
    assert (fault.line, "</section>" in fault.message) == (5, True)


def test_bytes_that_are_no_utf8_are_told_with_their_line() -> None:
    (fault,) = read_page(GOOD.encode() + b"\n\xff").faults
    assert (fault.code, fault.line) == ("html-encoding", 6)


def test_all_that_a_browser_loads_by_itself_is_seen() -> None:
    page = """<html lang=zh><title>甲</title><style>@import "i.css"; p { background: url('u.png') }</style>
    <link rel="preload" href=p.woff><link rel="icon" href=i.svg><link rel=canonical href=c.html>
    <img src=s.png srcset="t.png 1x, v.png 2x" alt="">
    <video poster=w.png src=x.mp4></video><iframe src=y.html></iframe><script src=z.js></script>
    <p style="background:url(r.png)"><object data=o.svg></object><svg><use href=q.svg></use></svg>"""
    loaded = {r.address for r in read_page(page.encode()).references if r.loads}
    expected = "i.css u.png p.woff i.svg s.png t.png v.png w.png x.mp4 y.html z.js r.png o.svg q.svg"
    assert loaded == set(expected.split())


def test_a_redirect_is_a_link() -> None:
    page = '<html lang=zh><title>甲</title><meta http-equiv=Refresh content="0; URL=b.html">'
    assert read_page(page.encode()).references == (Reference("b.html", loads=False),)


def test_a_style_sheet_loads_what_it_names() -> None:
    seen = read_style(b'@import "a.css"; @font-face { src: url(https://fonts.example/f.woff2) }')
    assert [r.address for r in seen.references] == ["a.css", "https://fonts.example/f.woff2"]


@given(st.text())
def test_no_page_makes_the_reader_fail(text: str) -> None:
    read_page(text.encode("utf-8", "replace"))


# --- addresses ----------------------------------------------------------------------------------

PATHS = ("index.html", "a.html", "日/index.html", "日/b.html", "style.css", "c d.txt")


def judge(path: str, address: str, *, url: str = "", loads: bool = False) -> Fault | Anchor | None:
    return Tree(PATHS, url).judge(path, Reference(address, loads))


@pytest.mark.parametrize(
    "address",
    [
        "a.html", "a", "./a.html", "", "#", "#top", "日/", "日", "%E6%97%A5/b.html", "c%20d.txt", "a.html?x=1",
        "日/../a.html", ".", "./", "https://elsewhere.example/x", "mailto:a@b.example", "data:,x", "style.css#x",
    ],
)  # fmt: skip
def test_addresses_that_lead_somewhere(address: str) -> None:
    outcome = judge("index.html", address)
    assert outcome is None or (isinstance(outcome, Anchor) and outcome.name in {"", "top"})


@pytest.mark.parametrize(
    ("path", "address", "code"),
    [
        ("index.html", "no.html", "link-dead"),
        ("index.html", "日/a.html", "link-dead"),
        ("日/b.html", "a.html", "link-dead"),
        ("日/b.html", "b.html/", "link-dead"),
        ("日/b.html", "../../a.html", "link-outside"),
        ("index.html", "../a.html", "link-outside"),
        ("index.html", "javascript:void(0)", "link-scheme"),
    ],
)
def test_addresses_that_lead_nowhere(path: str, address: str, code: str) -> None:
    outcome = judge(path, address)
    assert isinstance(outcome, Fault)
    assert (outcome.code, outcome.about) == (code, address)


def test_anchors_wait_for_the_page_they_lead_to() -> None:
    assert judge("日/b.html", "../a.html#%E7%94%B2") == Anchor("a.html", "甲", "../a.html#%E7%94%B2")
    assert judge("日/b.html", "#x") == Anchor("日/b.html", "x", "#x")


def test_the_sites_own_address_is_within_the_site() -> None:
    url = "https://example.org/base"
    assert judge("index.html", f"{url}/a.html", url=url) is None
    assert judge("index.html", url, url=url) is None
    assert judge("404.html", "/base/a.html", url=url) is None
    for address, code in (
        (f"{url}/no.html", "link-dead"),
        ("/a.html", "link-outside"),
        ("/based/a.html", "link-outside"),
    ):
        outcome = judge("index.html", address, url=url)
        assert isinstance(outcome, Fault)
        assert outcome.code == code


def test_only_what_is_loaded_from_another_host_is_third_party() -> None:
    url = "https://example.org"
    for address in ("https://cdn.example/x.js", "//cdn.example/x.js", "HTTPS://CDN.example/x.js"):
        outcome = judge("index.html", address, url=url, loads=True)
        assert isinstance(outcome, Fault)
        assert (outcome.code, outcome.about) == ("third-party", "cdn.example")
    assert judge("index.html", "https://cdn.example/x.js", url=url) is None
    assert judge("index.html", "https://example.org/style.css", url=url, loads=True) is None
    assert judge("index.html", "https://example.org/other.js", url=f"{url}/base", loads=True) is None
    assert judge("index.html", "data:image/gif;base64,R0", url=url, loads=True) is None


@given(st.text(), st.sampled_from(PATHS))
def test_any_text_is_an_address_that_can_be_judged(address: str, path: str) -> None:
    outcome = judge(path, address, loads=True)
    assert not isinstance(outcome, Anchor) or outcome.path in PATHS


def test_names_that_are_one_on_some_systems() -> None:
    paths = ["A.html", "a.html", "e\u0301.css", "\u00e9.css", "t.html", "t/index.html", "t/u.html"]
    assert find_clashes(paths) == [
        ("A.html", "a.html", "letter case or Unicode form"),
        ("t.html", "t/index.html", "the ending"),
        ("e\u0301.css", "\u00e9.css", "letter case or Unicode form"),
    ]
    assert find_clashes(["a.html", "a.css", "b/index.html", "index.html"]) == []


# --- feeds --------------------------------------------------------------------------------------

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:a</id><title>甲</title>
<updated>2023-11-10T08:00:00Z</updated><author><name>乙</name></author>
<link rel="self" href="https://example.org/feed.xml"/>
<entry><id>tag:b</id><title>丙</title><updated>2023-11-10T08:00:00+08:00</updated>
<link href="https://example.org/a.html"/></entry></feed>"""
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "甲",
    "home_page_url": "https://example.org/",
    "items": [
        {
            "id": "1",
            "url": "https://example.org/a.html",
            "content_html": "",
            "date_published": "2023-11-10T08:00:00Z",
        }
    ],
}
OPML = '<opml version="2.0"><head/><body><outline type="rss" text="甲" xmlUrl="feed.xml"/></body></opml>'
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://example.org/a.html</loc><lastmod>2023-11-10</lastmod></url></urlset>"""
RSS = """<rss version="2.0"><channel><title>甲</title><link>https://example.org/</link><description/>
<item><title>乙</title><guid>1</guid><pubDate>Fri, 10 Nov 2023 08:00:00 +0000</pubDate></item></channel></rss>"""


@pytest.mark.parametrize(
    ("path", "text", "addresses"),
    [
        ("feed.xml", ATOM, ["https://example.org/feed.xml", "https://example.org/a.html"]),
        ("feed.json", json.dumps(JSON_FEED), ["https://example.org/", "https://example.org/a.html"]),
        ("feeds.opml", OPML, ["feed.xml"]),
        ("sitemap.xml", SITEMAP, ["https://example.org/a.html"]),
        ("rss.xml", RSS, ["https://example.org/"]),
        ("other.xml", "<other/>", []),
        ("other.json", '{"version": 1}', []),
        ("list.json", "[1]", []),
    ],
)
def test_sound_feeds_and_what_is_none(path: str, text: str, addresses: list[str]) -> None:
    seen = read_feed(path, text.encode())
    assert (seen.faults, [r.address for r in seen.references]) == ((), addresses)


@pytest.mark.parametrize(
    ("path", "text", "old", "new", "code", "words"),
    [
        ("feed.xml", ATOM, "</feed>", "", "feed-broken", "not well-formed"),
        ("feed.xml", ATOM, "<title>丙</title>", "", "feed-broken", "has no title"),
        ("feed.xml", ATOM, "<id>tag:a</id>", "<id/>", "feed-broken", "empty id"),
        ("feed.xml", ATOM, "2023-11-10T08:00:00Z", "2023-11-31T08:00:00Z", "feed-broken", "is no date"),
        ("feed.xml", ATOM, "08:00:00+08:00", "08:00:00", "feed-broken", "is no date"),
        ("feed.xml", ATOM, "<author><name>乙</name></author>", "", "feed-broken", "no author"),
        ("feed.xml", ATOM, '<link href="https://example.org/a.html"/>', "", "feed-broken", "neither content"),
        ("feed.xml", ATOM, "tag:b", "tag:a", "feed-id-twice", "2 times"),
        ("feed.json", json.dumps(JSON_FEED), '"content_html": "", ', "", "feed-broken", "neither content_html"),
        ("feed.json", json.dumps(JSON_FEED), '"id": "1", ', "", "feed-broken", "no id"),
        ("feed.json", json.dumps(JSON_FEED), "10T08", "10 08", "feed-broken", "is no date"),
        ("feed.json", "{", "{", "[", "feed-broken", "is not JSON"),
        ("feeds.opml", OPML, ' text="甲"', "", "feed-broken", "without text"),
        ("feeds.opml", OPML, ' xmlUrl="feed.xml"', "", "feed-broken", "no xmlUrl"),
        ("feeds.opml", OPML, "<head/>", "", "feed-broken", "no head"),
        ("sitemap.xml", SITEMAP, "2023-11-10", "gestern", "sitemap-broken", "is no date"),
        ("sitemap.xml", SITEMAP, "</url>", "</url><url/>", "sitemap-broken", "without an address"),
        ("sitemap.xml", SITEMAP, "</url>", "</url><url><loc>https://example.org/a.html</loc></url>", "sitemap-broken", "2 times"),
        ("rss.xml", RSS, "Fri, 10 Nov 2023", "gestern", "feed-broken", "is no date"),
        ("rss.xml", RSS, "<description/>", "", "feed-broken", "no description"),
    ],
)  # fmt: skip
def test_each_fault_of_a_feed(path: str, text: str, old: str, new: str, code: str, words: str) -> None:
    assert old in text
    found = read_feed(path, text.replace(old, new).encode()).faults
    assert [fault.code for fault in found] == [code]
    assert words in found[0].message


@given(st.binary(), st.sampled_from(["a.xml", "a.json", "a.opml"]))
def test_no_bytes_make_the_reader_of_feeds_fail(data: bytes, path: str) -> None:
    read_feed(path, data)
