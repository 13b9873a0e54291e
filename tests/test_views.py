"""What the planners put into views, and the small pure tools beside them."""

from __future__ import annotations

import json
import posixpath
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from editions import config_in, digest_of, page_of, scrape, thread_of
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from digest.model import Digest, Link, Picture
from digest.renderer import VIEWS
from digest.renderer.dates import name_month, name_span, name_weekday
from digest.renderer.directory import EXCERPT, Directory, shorten
from digest.renderer.escaping import escape_printed
from digest.renderer.links import link_locally, name_pictures, show_assets
from digest.renderer.plan import plan
from digest.renderer.render import find_way
from digest.renderer.structured import describe_article
from digest.renderer.views import ArticleView, NotFoundView
from digest.renderer.words import Words, words_for
from digest.text.html import escape_attribute


def articles(folder: Path, digest: Digest, **settings: object) -> dict[str, ArticleView]:
    """The article views of an edition by page id."""
    jobs = plan(digest, config_in(folder, **settings))
    return {
        job.url.rsplit("/", 1)[1].removesuffix(".html"): job.view
        for job in jobs
        if isinstance(job.view, ArticleView)
    }


def test_an_article_shows_its_day_and_time_in_the_sites_zone(tmp_path: Path) -> None:
    late = page_of(scrape(1, moment=datetime(2023, 11, 8, 20, 39, tzinfo=UTC)))
    digest = msgspec.structs.replace(digest_of(late), days={"2023-11-09": (late.id,)})
    view = articles(tmp_path, digest)[late.id]
    assert view.moment is not None
    assert view.day is not None
    assert view.moment.label == "2023年11月9日 04:39"
    assert view.moment.stamp == "2023-11-08T20:39:00Z"
    assert view.day.href == "2023/11/09/index.html"
    assert not view.moment.collected


def test_a_day_without_a_clock_time_shows_none(tmp_path: Path) -> None:
    version = scrape(1, moment=datetime(2023, 11, 7, 16, tzinfo=UTC), day_only=True)
    view = articles(tmp_path, digest_of(page_of(version, day_only=True)))["rfi-1"]
    assert view.moment is not None
    assert (view.moment.label, view.moment.stamp) == ("2023年11月8日", "2023-11-08")


def test_a_time_that_is_not_the_published_one_says_so(tmp_path: Path) -> None:
    page = page_of(scrape(1, published=None))
    view = articles(tmp_path, digest_of(page))["rfi-1"]
    assert view.moment is not None
    assert view.moment.collected
    assert "datePublished" not in json.loads(describe_article(view))


def test_an_undated_article_has_neither_moment_nor_day(tmp_path: Path) -> None:
    page = page_of(scrape(1, published=None, fetched=None))
    view = articles(tmp_path, digest_of(page))["rfi-1"]
    assert (view.moment, view.day, view.href) == (None, None, "undated/rfi-1.html")


def test_neighbours_are_those_of_the_story_else_of_the_outlet(tmp_path: Path) -> None:
    pages = [page_of(scrape(n, source="rfi" if n % 2 else "voa")) for n in range(1, 8)]
    digest = digest_of(*pages, threads=(thread_of(*pages[:5]),))
    views = articles(tmp_path, digest)
    (place,) = views["rfi-3"].threads
    assert place.previous is not None
    assert place.next is not None
    assert (place.title, place.previous.title, place.next.title) == ("元首会晤", "第2篇", "第4篇")
    assert (views["rfi-3"].previous, views["rfi-3"].next) == (None, None)
    assert views["rfi-1"].threads[0].previous is None
    alone = views["rfi-7"]
    assert alone.previous is not None
    assert (alone.threads, alone.previous.title, alone.next) == ((), "第5篇", None)


def test_links_into_the_archive_lead_to_the_page_here(tmp_path: Path) -> None:
    here, there, own = "https://www.example.com/1", "https://elsewhere.example/x", "https://www.example.com/2"
    other = page_of(scrape(1))
    page = page_of(
        scrape(
            2, links=(here, there, own), related=(Link(here, "旧题"), Link(there, "别处"), Link(own, "自己"))
        )
    )
    digest = msgspec.structs.replace(digest_of(other, page), local={here: "rfi-1", own: "rfi-2"})
    view = articles(tmp_path, digest)["rfi-2"]
    assert view.local == ((here, "2023/11/01/rfi-1.html"),)
    assert [(r.title, r.href, r.link) for r in view.related] == [
        ("第1篇", "2023/11/01/rfi-1.html", here),
        ("别处", "", there),
    ]


def test_versions_are_told_only_where_there_are_several(tmp_path: Path) -> None:
    page = page_of(
        scrape(1, title="旧题"),
        scrape(1, title="新题", body="new", fetched=datetime(2023, 11, 2, tzinfo=UTC)),
    )
    lone = page_of(scrape(2))
    views = articles(tmp_path, digest_of(page, lone))
    assert [note.title for note in views["rfi-1"].versions] == ["旧题", ""]
    assert views["rfi-1"].modified == "2023-11-02T00:00:00Z"
    assert views["rfi-2"].versions == ()
    assert views["rfi-2"].modified == ""


def test_a_picture_is_a_link_or_lies_here(tmp_path: Path) -> None:
    pictures = [
        Picture("https://example.org/a.jpg?a=1&b=2", "说明", "摄影"),
        Picture("../b.jpg"),
        Picture("../../x.jpg"),
    ]
    pages = [page_of(scrape(n, path=f"rfi/2023/{n}.md", hero=hero)) for n, hero in enumerate(pictures)]
    views = articles(tmp_path, digest_of(*pages))
    far, near, outside = (views[f"rfi-{n}"].hero for n in range(3))
    assert far is not None
    assert near is not None
    assert (far.link, far.src, far.caption, far.credit) == (pictures[0].url, "", "说明", "摄影")
    assert near.link == ""
    assert near.src.startswith("files/")
    assert outside is not None
    assert outside.src.startswith("files/")
    beyond = page_of(scrape(9, path="rfi/9.md", hero=Picture("../../x.jpg")))
    assert articles(tmp_path, digest_of(beyond))["rfi-9"].hero is None


def test_lang_is_marked_only_where_it_is_not_the_interfaces(tmp_path: Path) -> None:
    digest = digest_of(page_of(scrape(1)), page_of(scrape(2, lang="zh-Hant")), page_of(scrape(3, lang="en")))
    views = articles(tmp_path, digest)
    assert [views[f"rfi-{n}"].lang for n in (1, 2, 3)] == ["", "zh-Hant", "en"]
    views = articles(tmp_path, digest, language="en")
    assert [views[f"rfi-{n}"].lang for n in (1, 2, 3)] == ["zh-Hans", "zh-Hant", ""]


@pytest.mark.parametrize(
    ("source", "fields", "name"),
    [
        ("rfi", {}, "法广"),
        ("news-example-net", {"link": "https://news.example.net/1"}, "news.example.net"),
        ("blogs", {"path": "Blogs/1.md", "link": ""}, "Blogs"),
        ("elsewhere", {"path": "1.md", "link": ""}, "elsewhere"),
    ],
)
def test_an_outlet_is_called_by_profile_host_or_folder(
    tmp_path: Path, source: str, fields: dict[str, str], name: str
) -> None:
    page = page_of(scrape(1, source=source, **fields))
    directory = Directory(digest_of(page), config_in(tmp_path))
    assert directory.source(page).title == name


def test_tags_of_one_address_share_a_page_and_small_ones_have_none(tmp_path: Path) -> None:
    pages = [
        page_of(scrape(n, tags=tags)) for n, tags in enumerate((("G 20",), ("g-20", "少"), ("G 20", "g-20")))
    ]
    directory = Directory(digest_of(*pages), config_in(tmp_path))
    assert directory.tag_pages == {"tags/g-20/index.html": ("rfi-0", "rfi-1", "rfi-2")}
    assert set(directory.tags) == {"G 20", "g-20"}
    assert [ref.title for ref in articles(tmp_path, digest_of(*pages))["rfi-2"].tags] == ["G 20"]


def test_views_travel_as_bytes(tmp_path: Path) -> None:
    pages = [page_of(scrape(n, tags=("会晤",))) for n in range(4)]
    for job in plan(digest_of(*pages, threads=(thread_of(*pages),)), config_in(tmp_path, tag_minimum=1)):
        packed = msgspec.msgpack.encode(job.view)
        assert msgspec.msgpack.decode(packed, type=VIEWS[job.template]) == job.view, job.url


def test_json_ld_says_what_the_data_says_and_cannot_end_its_element(tmp_path: Path) -> None:
    page = page_of(scrape(1, title="甲</script><b>", authors=("某甲", "某乙")))
    text = describe_article(articles(tmp_path, digest_of(page))["rfi-1"])
    assert "<" not in text
    assert json.loads(text) == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "甲</script><b>",
        "datePublished": "2023-11-01T09:00:00Z",
        "author": [{"@type": "Person", "name": "某甲"}, {"@type": "Person", "name": "某乙"}],
        "publisher": {"@type": "Organization", "name": "法广"},
        "isBasedOn": "https://www.example.com/1",
    }


# Links and pictures of a body


def test_a_local_link_keeps_its_original_beside_it() -> None:
    html = '<p>见<a href="https://example.org/a?x=1&amp;y=2">旧闻</a>。</p>'
    assert link_locally(html, [("https://example.org/a?x=1&y=2", "2020/a.html")], "../", "原文") == (
        '<p>见<a href="../2020/a.html">旧闻</a><a class="src" href="https://example.org/a?x=1&amp;y=2">原文</a>。</p>'
    )


def test_only_the_whole_address_is_a_local_link() -> None:
    html = '<a href="https://example.org/ab">甲</a> https://example.org/a <img src="https://example.org/a">'
    assert link_locally(html, [("https://example.org/a", "x.html")], "", "原文") == html


def test_a_link_named_twice_or_standing_twice_is_made_local_once_each() -> None:
    html = '<a href="u">甲</a><a href="u">乙</a>'
    once = link_locally(html, [("u", "x.html"), ("u", "x.html")], "", "原")
    assert once.count('href="x.html"') == 2
    assert once.count('class="src" href="u"') == 2


def test_a_link_without_an_end_is_left_alone() -> None:
    assert link_locally('<a href="u">甲', [("u", "x.html")], "", "原") == '<a href="u">甲'


@given(
    st.lists(st.tuples(st.text(max_size=8), st.text("甲乙<&", max_size=4)), max_size=5), st.text(max_size=8)
)
def test_local_links_lose_no_original(links: list[tuple[str, str]], address: str) -> None:
    html = "".join(f'<a href="{escape_attribute(url)}">{escape_attribute(text)}</a>' for url, text in links)
    found = link_locally(html, [(address, "page.html")], "../", "原文")
    target = f'href="{escape_attribute(address)}"'
    assert found.count(target) == html.count(target)
    assert found.count('href="../page.html"') == sum(url == address for url, _ in links)


def test_files_beside_the_text_are_found_where_they_are_copied() -> None:
    html = '<img src="图 1.jpg" alt=""><a href="图 1.jpg">大</a><img src="图 1.jpg.png">'
    assert show_assets(html, [("图 1.jpg", "files/x.jpg")], "../") == (
        '<img src="../files/x.jpg" alt=""><a href="../files/x.jpg">大</a><img src="图 1.jpg.png">'
    )


def test_pictures_are_named_in_the_interfaces_language() -> None:
    html = '<figure class="picture"><a class="picture-link" href="u">图片</a></figure><a href="u">图片</a>'
    assert name_pictures(html, "A & B").count("A &amp; B</a>") == 1


# Words and dates


def test_every_language_has_every_word() -> None:
    for language in ("zh-Hans", "zh-Hant", "en"):
        words = words_for(language)
        assert all(getattr(words, field) for field in Words.__struct_fields__), language
        assert "{}" not in words.count(3)
    assert words_for("en").count(1) == "1 article"


def test_dates_are_written_as_the_language_does() -> None:
    assert name_span("2023-10-06", "2023-11-17", "zh-Hans") == "2023年10月6日 — 11月17日"
    assert name_span("2023-10-06", "2024-01-17", "zh-Hant") == "2023年10月6日 — 2024年1月17日"
    assert name_span("2023-10-06", "2023-11-17", "en") == "6 October – 17 November 2023"
    assert name_span("2023-10-06", "2024-01-17", "en") == "6 October 2023 – 17 January 2024"
    assert name_span("2023-10-06", "2023-10-06", "en") == "6 October 2023"
    assert name_span("", "", "zh-Hant") == ""
    assert name_month("2023-10", "en") == "October 2023"
    assert (name_weekday("2023-11-15", "zh-Hans"), name_weekday("2023-11-15", "en")) == (
        "星期三",
        "Wednesday",
    )


def test_an_excerpt_ends_with_a_sentence_where_one_is_near() -> None:
    assert shorten("短句。\n下一段。", 10) == "短句。下一段。"
    assert shorten("第一句话说完了。第二句还没有说完", 12) == "第一句话说完了。"
    assert shorten("没有句号的一长串文字，还在继续", 11) == "没有句号的一长串文字…"
    assert shorten("one two three four five", 16) == "one two three…"


@given(st.text(max_size=400))
def test_an_excerpt_is_one_line_and_no_longer_than_asked(text: str) -> None:
    short = shorten(text, EXCERPT)
    assert len(short) <= EXCERPT + 1
    assert short == " ".join(short.split())


@given(st.one_of(st.text(), st.integers(), st.builds(Markup, st.text())))
def test_printed_values_are_escaped_as_jinja_does(value):
    assert str(escape_printed(value)) == str(escape(value))


_FOLDERS = st.lists(st.sampled_from(["2020", "20", "08", "threads", "a"]), max_size=4)


@given(_FOLDERS, _FOLDERS)
def test_the_way_to_a_page_is_the_shortest_there_is(here: list[str], there: list[str]) -> None:
    start, goal = "/".join([*here, "x.html"]), "/".join([*there, "y.html"])
    way = find_way(NotFoundView(start, ""), goal)
    assert way == posixpath.relpath(goal, posixpath.dirname(start) or ".")
