"""The feeds: valid in every case, honest about time, and moved by nothing but their own entries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from editions import BODY, START, config_in, digest_of, page_of, scrape, thread_of
from feed_checks import ATOM, XML_LANG, atom_faults, json_feed_faults, opml_faults
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from digest.config import SiteConfig, TopicRule
from digest.ids import asset_url
from digest.model import Body, Digest, Page, Picture
from digest.renderer.feed_views import FEED_VIEWS
from digest.renderer.feeds import AWAKE, plan_feeds, render_feed
from digest.renderer.job import Job

SITE = "https://news.example.org/digest"
LATER = START + timedelta(days=9)
NOTHING: Mapping[str, Body] = {}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> SiteConfig:
    """A site with an address, 20 entries a feed, and one topic."""
    topic = TopicRule(slug="us-china", name="中美关系")
    return config_in(tmp_path_factory.mktemp("site"), url=SITE, title="文摘", topics=(topic,), tag_minimum=1)


def configure(config: SiteConfig, **fields: Any) -> SiteConfig:
    """The same configuration but for `fields`."""
    return msgspec.structs.replace(config, **fields)


def feeds(digest: Digest, config: SiteConfig, bodies: Mapping[str, Body] = NOTHING) -> dict[str, bytes]:
    """Every feed by its address, rendered from what a worker process would receive."""
    given = {"plain": BODY, **bodies}
    return {job.url: render_sent(job, given, config) for job in plan_feeds(digest, config)}


def render_sent(job: Job, bodies: Mapping[str, Body], config: SiteConfig) -> bytes:
    """The job's bytes, its view sent through msgpack and only the bodies it asks for given."""
    view = msgspec.msgpack.decode(msgspec.msgpack.encode(job.view), type=FEED_VIEWS[job.template])
    assert view == job.view
    return render_feed(job.template, view, {name: bodies[name] for name in job.bodies}, config)


def entries(data: bytes) -> list[Any]:
    """The entries of an Atom feed."""
    return list(etree.fromstring(data).findall(f"{ATOM}entry"))


def only_entry(page: Page, config: SiteConfig, body: Body = BODY) -> Any:
    """The Atom entry of a site with this one page."""
    (entry,) = entries(feeds(digest_of(page), config, {"plain": body})["/feed.xml"])
    return entry


def faults(found: Mapping[str, bytes], site: str) -> list[str]:
    """What is wrong with any of the feeds, and with the OPML."""
    wrong = []
    for url, data in found.items():
        if url.endswith(".xml") and "sitemap" not in url:
            wrong += atom_faults(data, site)
        elif url.endswith(".json"):
            wrong += json_feed_faults(data, site)
    return wrong + opml_faults(found["/feeds.opml"])


def rich_digest() -> Digest:
    """Three outlets, a topic, tags, authors, pictures, a re-scrape, an undated page, a story."""
    hero = Picture("https://pictures.example.com/a.jpg?w=1&h=2", "旧金山的湾区", "图：某社")
    first = page_of(scrape(1, authors=("张三", "李四"), hero=hero, lead="导语。", topics=("us-china",)))
    second = page_of(
        scrape(2, source="bbc", lang="zh-Hant"), scrape(2, source="bbc", title="新題", fetched=LATER)
    )
    third = page_of(
        scrape(
            3,
            source="x-example",
            lang="en",
            tags=("APEC",),
            topics=("us-china", "odd"),
            link="https://x.example/3",
        )
    )
    undated = page_of(scrape(4, published=None, fetched=None))
    return digest_of(first, second, third, undated, threads=(thread_of(first, third),))


@pytest.mark.parametrize("url", [SITE, "https://example.org", "http://localhost:8000/a/b", ""])
def test_every_feed_is_valid_with_and_without_an_address(config: SiteConfig, url: str) -> None:
    found = feeds(rich_digest(), configure(config, url=url))
    assert faults(found, url) == []
    places = ["/", "/sources/bbc/", "/sources/rfi/", "/sources/x-example/"]
    places += ["/topics/odd/", "/topics/us-china/", "/threads/summit/"]
    assert {name for name in found if "feed." in name} == {
        f"{place}feed.{kind}" for place in places for kind in ("xml", "json")
    }


def test_an_empty_site_has_valid_feeds(config: SiteConfig) -> None:
    found = feeds(digest_of(), config)
    assert faults(found, SITE) == []
    assert entries(found["/feed.xml"]) == []
    assert json.loads(found["/feed.json"])["items"] == []


def test_a_site_of_undated_pages_has_empty_feeds(config: SiteConfig) -> None:
    found = feeds(digest_of(page_of(scrape(1, published=None, fetched=None))), config)
    assert faults(found, SITE) == []
    assert entries(found["/sources/rfi/feed.xml"]) == []


def test_feeds_hold_the_newest_entries_newest_first_and_ties_by_id(config: SiteConfig) -> None:
    same = [page_of(scrape(number, moment=START)) for number in (12, 11, 14, 13)]
    newer = page_of(scrape(5))
    found = feeds(digest_of(*same, newer), configure(config, feed_items=3))
    ids = [entry.findtext(f"{ATOM}id").rpartition(":")[2] for entry in entries(found["/feed.xml"])]
    assert ids == ["rfi-5", "rfi-11", "rfi-12"]


def test_one_new_article_rewrites_only_the_feeds_it_enters(config: SiteConfig) -> None:
    config = configure(config, tag_minimum=61)  # the tag gets its page with the new article
    pages = [
        page_of(scrape(number, source=("rfi", "bbc")[number % 2], tags=("APEC",))) for number in range(60)
    ]
    before = feeds(digest_of(*pages), config)
    new = page_of(scrape(61, source="bbc", tags=("APEC",)))
    old = page_of(scrape(-1, source="bbc"))
    after = feeds(digest_of(*pages, new, old), config)
    changed = {url for url in before if before[url] != after[url] and "feed." in url}
    assert changed == {f"{place}feed.{kind}" for place in ("/", "/sources/bbc/") for kind in ("xml", "json")}
    assert feeds(digest_of(*pages, old), config)["/sources/bbc/feed.xml"] == before["/sources/bbc/feed.xml"]


def story_feeds(config: SiteConfig, days: int, *, curated: bool) -> tuple[bytes, bytes]:
    """The feeds of a story of four days whose last report is `days` older than the archive's newest."""
    reports = [page_of(scrape(number, moment=START + timedelta(days=number))) for number in range(1, 5)]
    latest = page_of(scrape(9, moment=START + timedelta(days=4 + days)))
    digest = digest_of(*reports, latest, threads=(thread_of(*reports, curated=curated),))
    found = feeds(digest, config)
    return found["/threads/summit/feed.xml"], found["/threads/summit/feed.json"]


def test_a_sleeping_story_s_feeds_hold_its_newest_report_unshortened(config: SiteConfig) -> None:
    awake = story_feeds(config, 0, curated=False)
    assert [len(entries(awake[0])), len(json.loads(awake[1])["items"])] == [4, 4]
    asleep = story_feeds(config, AWAKE + 1, curated=False)
    assert [etree.tostring(each) for each in entries(asleep[0])] == [etree.tostring(entries(awake[0])[0])]
    assert json.loads(asleep[1])["items"] == json.loads(awake[1])["items"][:1]
    assert atom_faults(asleep[0], SITE) + json_feed_faults(asleep[1], SITE) == []


def test_a_story_s_feeds_change_once_when_it_falls_asleep(config: SiteConfig) -> None:
    days = [0, 1, AWAKE, AWAKE + 1, AWAKE + 2, 10 * AWAKE]
    found = [story_feeds(config, each, curated=False) for each in days]
    assert found == [found[0]] * 3 + [found[-1]] * 3 != [found[0]] * 6


def test_the_feeds_of_the_editor_s_stories_never_fall_asleep(config: SiteConfig) -> None:
    assert story_feeds(config, 10 * AWAKE, curated=True) == story_feeds(config, 0, curated=True)


def test_ids_outlive_titles_addresses_and_the_base_path(config: SiteConfig) -> None:
    before = only_entry(page_of(scrape(1)), config)
    moved = page_of(scrape(1, title="改了题"), url="/2023/12/31/rfi-1.html", day="2023-12-31")
    after = only_entry(moved, configure(config, url="https://news.example.org", title="别的"))
    assert before.findtext(f"{ATOM}id") == after.findtext(f"{ATOM}id") == "tag:news.example.org,2026:rfi-1"


@pytest.mark.parametrize(
    ("authority", "url", "expected"),
    [
        ("", "https://news.example.org:8443/x", "tag:news.example.org,2026:rfi-1"),
        ("example.net", SITE, "tag:example.net,2026:rfi-1"),
        ("example.net,2031-05", SITE, "tag:example.net,2031-05:rfi-1"),
        ("", "https://例子.example/x", "tag:xn--fsqu00a.example,2026:rfi-1"),
        ("", "", "tag:digest.invalid,2026:rfi-1"),
    ],
)
def test_ids_are_in_the_name_of_the_authority(
    config: SiteConfig, authority: str, url: str, expected: str
) -> None:
    entry = only_entry(page_of(scrape(1)), configure(config, feed_authority=authority, url=url))
    assert entry.findtext(f"{ATOM}id") == expected


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ({}, START + timedelta(hours=1)),
        ({"title": "改了题"}, LATER),
        ({"body": "other"}, LATER),
        ({"title": "改了题", "fetched": None}, START + timedelta(hours=1)),
        ({"title": "改了题", "fetched": START - timedelta(days=1)}, START + timedelta(hours=1)),
    ],
    ids=["unchanged", "retitled", "rewritten", "unknown time", "earlier time"],
)
def test_updated_is_when_title_or_text_changed(
    config: SiteConfig, later: dict[str, Any], expected: datetime
) -> None:
    page = page_of(scrape(1), scrape(1, **{"fetched": LATER, **later}))
    found = feeds(digest_of(page), config, {"other": BODY})
    (entry,) = entries(found["/feed.xml"])
    assert entry.findtext(f"{ATOM}updated") == f"{expected:%Y-%m-%dT%H:%M:%SZ}"
    assert etree.fromstring(found["/feed.xml"]).findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}updated")
    assert entry.findtext(f"{ATOM}published") == "2023-11-01T09:00:00Z"


def test_a_date_in_the_future_is_not_repeated(config: SiteConfig) -> None:
    future = datetime(2099, 1, 1, tzinfo=UTC)
    entry = only_entry(page_of(scrape(1, published=future), published=future, moment=START), config)
    assert entry.find(f"{ATOM}published") is None
    assert entry.findtext(f"{ATOM}updated") == "2023-11-01T08:00:00Z"


def test_an_entry_says_who_where_and_what(config: SiteConfig) -> None:
    entry = entries(feeds(rich_digest(), config)["/threads/summit/feed.xml"])[1]
    assert [name.text for name in entry.findall(f"{ATOM}author/{ATOM}name")] == ["张三", "李四"]
    assert entry.find(f"{ATOM}category").attrib == {"term": "us-china", "label": "中美关系"}
    assert entry.findtext(f"{ATOM}source/{ATOM}id") == "tag:news.example.org,2026:feed:source:rfi"
    links = {link.get("rel"): link.get("href") for link in entry.findall(f"{ATOM}link")}
    assert links == {"alternate": f"{SITE}/2023/11/01/rfi-1.html", "via": "https://www.example.com/1"}
    assert entry.get(XML_LANG) == "zh-Hans"
    assert entry.find(f"{ATOM}rights") is None
    content = entry.findtext(f"{ATOM}content")
    assert '<a href="https://pictures.example.com/a.jpg?w=1&amp;h=2">图片</a>' in content
    assert "<figcaption>旧金山的湾区 图：某社</figcaption>" in content
    assert content.endswith(BODY.html)


def test_an_article_without_authors_is_the_outlets(config: SiteConfig) -> None:
    entry = only_entry(page_of(scrape(1, source="x-example", link="https://x.example/1")), config)
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "x.example"


def test_an_article_without_text_leads_to_the_original(config: SiteConfig) -> None:
    page = page_of(scrape(1, title="只有<题目>"))
    found = feeds(digest_of(page), config, {"plain": Body("", "")})
    assert faults(found, SITE) == []
    content = entries(found["/feed.xml"])[0].findtext(f"{ATOM}content")
    assert content == '<p><a href="https://www.example.com/1">只有&lt;题目&gt;</a></p>'


def test_pictures_of_others_become_links_and_our_own_absolute(config: SiteConfig) -> None:
    html = '<p><img alt="a > b" src="https://foreign.example/a.png"><img src="pic/1.jpg" alt="图"></p>'
    page = page_of(scrape(1, assets=("pic/1.jpg",)))
    shown = only_entry(page, config, Body(html, "")).findtext(f"{ATOM}content")
    assert shown == (
        '<p><a href="https://foreign.example/a.png">图片</a>'
        f'<img src="{SITE}{asset_url("rfi/1.md", "pic/1.jpg")}" alt="图"></p>'
    )
    without = only_entry(page, configure(config, url=""), Body(html, "")).findtext(f"{ATOM}content")
    assert without == '<p><a href="https://foreign.example/a.png">图片</a>图</p>'


def test_without_an_address_links_are_relative_and_no_feed_claims_one(config: SiteConfig) -> None:
    found = feeds(rich_digest(), configure(config, url=""))
    root = etree.fromstring(found["/sources/rfi/feed.xml"])
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"alternate": "index.html"}
    entry = root.find(f"{ATOM}entry/{ATOM}link")
    assert entry.get("href") == "../../2023/11/01/rfi-1.html"
    assert "feed_url" not in json.loads(found["/feed.json"])
    opml = etree.fromstring(found["/feeds.opml"])
    assert [each.get("xmlUrl") for each in opml.iterfind("body/outline/outline")][:2] == [
        "feed.xml",
        "sources/bbc/feed.xml",
    ]


def test_opml_groups_all_feeds(config: SiteConfig) -> None:
    opml = etree.fromstring(feeds(rich_digest(), config)["/feeds.opml"])
    groups = {group.get("text"): [each.get("htmlUrl") for each in group] for group in opml.find("body")}
    assert groups == {
        "文摘": [f"{SITE}/"],
        "来源": [f"{SITE}/sources/{slug}/" for slug in ("bbc", "rfi", "x-example")],
        "议题": [f"{SITE}/topics/{slug}/" for slug in ("odd", "us-china")],
        "专题": [f"{SITE}/threads/summit/"],
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<title>第1篇</title>", ""),
        ("<title>第1篇</title>", "<title></title>"),
        ("<title>第1篇</title>", "<title>第1篇</title><subject/>"),
        ("<published>2023-11-01T09:00:00Z", "<published>2023-11-01 09:00:00"),
        ("<updated>2023-11-01T09:00:00Z</updated>", "<updated>2023-11-02T09:00:00Z</updated>"),
        ('<category term="us-china"', "<category"),
        ("tag:news.example.org,2026:rfi-1", "rfi-1"),
        ("tag:news.example.org,2026:rfi-1", "tag:news.example.org,2026:feed:site"),
        ('rel="via"', 'rel="alternate"'),
        (f'"{SITE}/2023', '"https://foreign.example/2023'),
        ('<entry xml:lang="zh-Hans">', "<entry>"),
        ("&lt;p&gt;", "&lt;img src='https://foreign.example/a.png'&gt;"),
        ("</feed>", ""),
    ],
)
def test_the_atom_check_finds(config: SiteConfig, old: str, new: str) -> None:
    data = feeds(digest_of(page_of(scrape(1, topics=("us-china",)))), config)["/feed.xml"].decode()
    assert atom_faults(data.encode(), SITE) == []
    assert old in data
    assert atom_faults(data.replace(old, new, 1).encode(), SITE) != []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version/1.1", "version/1"),
        ('"items"', '"item"'),
        (f'"feed_url": "{SITE}/feed.json"', '"feed_url": "feed.json"'),
        ('"id"', '"guid"'),
        ('"content_html"', '"_content"'),
        ('"date_modified": "2023-11-01T', '"date_modified": "2023-11-01 '),
        ('"tags": [', '"tags": [1, '),
        ('"authors"', '"author"'),
        ("<p>", "<iframe src='https://foreign.example/'>"),
        ("]\n}\n", "]\n"),
    ],
)
def test_the_json_feed_check_finds(config: SiteConfig, old: str, new: str) -> None:
    data = feeds(digest_of(page_of(scrape(1, topics=("us-china",)))), config)["/feed.json"].decode()
    assert json_feed_faults(data.encode(), SITE) == []
    assert old in data
    assert json_feed_faults(data.replace(old, new, 1).encode(), SITE) != []


# Control characters are in, and noncharacters; lone surrogates no view can carry.
ANY_TEXT = st.text(max_size=30)


def test_no_text_breaks_a_feed(config: SiteConfig) -> None:
    @given(title=ANY_TEXT, author=ANY_TEXT, html=ANY_TEXT, caption=ANY_TEXT, tag=ANY_TEXT)
    def check(title: str, author: str, html: str, caption: str, tag: str) -> None:
        hero = Picture("https://pictures.example.com/a.jpg", caption)
        version = scrape(1, authors=(author + "记者",), hero=hero, tags=(tag + "标签",))
        page = page_of(version, title=title + "题")
        body = Body(html.replace("<", "&lt;") + "<p>文</p>", "")
        assert faults(feeds(digest_of(page), config, {"plain": body}), SITE) == []

    check()
