"""Which pages there are, where they stand, and that full pages of a list never change."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from editions import config_in, digest_of, page_of, scrape, thread_of
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.config import SiteConfig
from digest.model import CuratorPage, Digest, Edition
from digest.renderer.job import Job
from digest.renderer.plan import HOME_ARTICLES, Atlas, plan
from digest.renderer.views import (
    DayView,
    HomeView,
    ListView,
    MonthView,
    RedirectView,
    SourceView,
    TagView,
    ThreadView,
    UndatedView,
    View,
    YearView,
)


def jobs_of(digest: Digest, config: SiteConfig) -> dict[str, Job]:
    """All jobs by address; no address is claimed twice."""
    jobs = list(plan(digest, config))
    twice = [url for url, count in Counter(job.url for job in jobs).items() if count > 1]
    assert twice == []
    return {job.url: job for job in jobs}


def edition(count: int, **fields: object) -> Digest:
    """`count` articles of one outlet, an hour apart."""
    former = fields.pop("former", {})
    return digest_of(*(page_of(scrape(n, **fields)) for n in range(count)), former=former)


def titles(view: ListView) -> list[str]:
    return [entry.title for group in view.groups for entry in group.entries]


def test_an_empty_site_is_a_whole_site(tmp_path: Path) -> None:
    jobs = jobs_of(digest_of(), config_in(tmp_path))
    assert {"/", "/sources/", "/topics/", "/tags/", "/threads/", "/404.html", "/feed.xml"} <= set(jobs)
    assert not any(isinstance(job.view, DayView) for job in jobs.values())


def test_articles_come_first_and_name_their_bodies(tmp_path: Path) -> None:
    jobs = list(plan(edition(3), config_in(tmp_path)))
    assert [job.template for job in jobs[:4]] == ["article.html"] * 3 + ["threads.html"]
    assert (jobs[0].bodies, jobs[0].origin, jobs[0].path) == (("plain",), "rfi/0.md", "2023/11/01/rfi-0.html")


def test_every_page_stands_where_its_view_says(tmp_path: Path) -> None:
    pages = [page_of(scrape(n, tags=("会晤",), topics=("china",))) for n in range(7)]
    digest = digest_of(*pages, page_of(scrape(9, published=None, fetched=None)), threads=(thread_of(*pages),))
    for job in jobs_of(digest, config_in(tmp_path, page_size=2)).values():
        if isinstance(job.view, View):
            assert job.view.href == job.path, job.url


def test_the_day_month_and_year_of_every_article(tmp_path: Path) -> None:
    pages = [
        page_of(scrape(n, moment=datetime(2023, 10, 30, 4, tzinfo=UTC) + timedelta(days=n))) for n in range(5)
    ]
    jobs = jobs_of(digest_of(*pages), config_in(tmp_path))
    day = jobs["/2023/11/01/"].view
    assert isinstance(day, DayView)
    assert day.previous is not None
    assert day.next is not None
    assert (day.weekday, day.count) == ("星期三", 1)
    assert (day.previous.href, day.next.href) == ("2023/10/31/index.html", "2023/11/02/index.html")
    month = jobs["/2023/11/"].view
    assert isinstance(month, MonthView)
    assert [d.count for d in month.days[:4]] == [1, 1, 1, 0]
    assert (len(month.days), month.days[0].weekday, month.days[3].href) == (30, 3, "")
    assert month.previous is not None
    assert month.previous.href == "2023/10/index.html"
    year = jobs["/2023/"].view
    assert isinstance(year, YearView)
    assert [(m.title, m.count) for m in year.months] == [("2023年10月", 2), ("2023年11月", 3)]


def test_a_full_day_shows_stories_then_topics_then_the_rest(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    first, second = config.topics[0].slug, config.topics[1].slug
    topics = [(), (second, first), (first,), (), (second,), (first,), ()]
    pages = [page_of(scrape(n, topics=found)) for n, found in enumerate(topics)]
    view = jobs_of(digest_of(*pages, threads=(thread_of(pages[0], pages[2]),)), config)["/2023/11/01/"].view
    assert isinstance(view, DayView)
    names = [config.topics[0].name, config.topics[1].name]
    (story,) = view.stories
    assert (story.story.title, story.outlets, story.count) == ("元首会晤", 1, 2)
    assert [story.told.lead.entry.title, *(r.entry.title for r in story.told.more)] == ["第0篇", "第2篇"]
    assert [group.title for group in view.groups] == [*names, "其他"]
    shown = [[entry.title for entry in group.entries] for group in view.groups]
    assert shown == [["第5篇"], ["第4篇", "第1篇"], ["第6篇", "第3篇"]]


def test_a_short_day_needs_no_headings(tmp_path: Path) -> None:
    view = jobs_of(edition(3, topics=("china",)), config_in(tmp_path))["/2023/11/01/"].view
    assert isinstance(view, DayView)
    assert [(group.title, len(group.entries)) for group in view.groups] == [("", 3)]


def test_an_edition_leads_its_day_even_without_articles(tmp_path: Path) -> None:
    note = Edition("editions/2023-11-05.md", "2023-11-05", "今日要点", "<p>编者的话。</p>")
    digest = msgspec.structs.replace(edition(1), editions=(note,))
    jobs = jobs_of(digest, config_in(tmp_path, home_days=1))
    day = jobs["/2023/11/05/"].view
    assert isinstance(day, DayView)
    assert day.note is not None
    assert (day.note.title, day.groups) == ("今日要点", ())
    home = jobs["/"].view
    assert isinstance(home, HomeView)
    assert [(d.title, d.count, d.note is None) for d in home.days] == [
        ("2023年11月5日", 0, False),
        ("2023年11月1日", 1, True),
    ]


def test_home_shows_the_latest_days_capped_and_the_latest_stories(tmp_path: Path) -> None:
    pages = [
        page_of(scrape(n, moment=datetime(2023, 11, 1 + n // 40, 1, tzinfo=UTC) + timedelta(minutes=n)))
        for n in range(160)
    ]
    old, new = (
        thread_of(*pages[:2], name="a-old", title="旧"),
        thread_of(*pages[-2:], name="b-new", title="新"),
    )
    page = CuratorPage("pages/about.md", "about", "关于", "<p>某。</p>", "zh-Hans")
    digest = digest_of(*pages, threads=(old, new), curated=(page,))
    home = jobs_of(digest, config_in(tmp_path, home_days=2))["/"].view
    assert isinstance(home, HomeView)
    assert [(d.title, d.count, len(d.entries)) for d in home.days] == [
        ("2023年11月4日", 40, HOME_ARTICLES),
        ("2023年11月3日", 40, HOME_ARTICLES),
    ]
    assert home.days[0].entries[0].title == "第159篇"
    assert [thread.title for thread in home.threads] == ["新", "旧"]
    assert [(y.title, y.count) for y in home.years] == [("2023年", 160)]
    assert [ref.href for ref in home.pages] == ["about.html"]


def test_a_story_runs_forward_by_day(tmp_path: Path) -> None:
    pages = [page_of(scrape(20 * n, source="rfi" if n else "voa")) for n in range(4)]
    view = jobs_of(digest_of(*pages, threads=(thread_of(*pages),)), config_in(tmp_path))[
        "/threads/summit/"
    ].view
    assert isinstance(view, ThreadView)
    assert [(d.title, [e.lead.entry.title for e in d.events]) for d in view.days] == [
        ("2023年11月1日", ["第0篇"]),
        ("2023年11月2日", ["第20篇"]),
        ("2023年11月3日", ["第40篇", "第60篇"]),
    ]
    assert [(s.title, s.count) for s in view.sources] == [("法广", 3), ("美国之音", 1)]
    assert [feed.href for feed in view.feeds] == ["threads/summit/feed.xml", "threads/summit/feed.json"]


def test_tags_have_pages_from_the_minimum_on_and_no_feeds(tmp_path: Path) -> None:
    pages = [page_of(scrape(n, tags=("会晤", "少见") if n < 2 else ("会晤",))) for n in range(3)]
    jobs = jobs_of(digest_of(*pages), config_in(tmp_path))
    views = [job.view for job in jobs.values() if isinstance(job.view, TagView)]
    assert [(view.title, view.count, view.feeds) for view in views] == [("会晤", 3, ())]


def test_undated_articles_are_listed(tmp_path: Path) -> None:
    lost = page_of(scrape(1, published=None, fetched=None))
    jobs = jobs_of(digest_of(lost, page_of(scrape(2))), config_in(tmp_path))
    view = jobs["/undated/"].view
    assert isinstance(view, UndatedView)
    assert (titles(view), view.groups[0].entries[0].time) == (["第1篇"], "")
    home = jobs["/"].view
    assert isinstance(home, HomeView)
    assert home.undated == 1
    assert "/undated/" not in jobs_of(edition(1), config_in(tmp_path))


def test_a_list_shows_the_newest_run_and_what_follows_it(tmp_path: Path) -> None:
    jobs = jobs_of(edition(8), config_in(tmp_path, page_size=3))
    front, first = jobs["/sources/rfi/"].view, jobs["/sources/rfi/page-1.html"].view
    assert isinstance(front, SourceView)
    assert isinstance(first, SourceView)
    assert titles(front) == [f"第{n}篇" for n in (7, 6, 5, 4, 3)]
    assert titles(first) == [f"第{n}篇" for n in (2, 1, 0)]
    assert (front.count, first.count) == (8, 0)
    assert (front.pager.older, first.pager.newer, first.pager.older) == (
        "sources/rfi/page-1.html",
        "sources/rfi/page-2.html",
        "",
    )
    leads = jobs["/sources/rfi/page-2.html"].view
    assert isinstance(leads, RedirectView)
    assert leads.target.href == "sources/rfi/index.html"


@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_short_list_has_one_page(tmp_path: Path, count: int) -> None:
    jobs = jobs_of(edition(count), config_in(tmp_path, page_size=3))
    assert not any("page-" in url for url in jobs)


@settings(max_examples=30)
@given(st.integers(1, 5), st.integers(1, 25), st.integers(1, 12))
def test_a_full_page_never_changes(
    tmp_path_factory: pytest.TempPathFactory, size: int, before: int, more: int
) -> None:
    config = config_in(tmp_path_factory.getbasetemp(), page_size=size)
    old = jobs_of(edition(before), config)
    new = jobs_of(edition(before + more), config)
    full = {url: job.view for url, job in old.items() if "/page-" in url and isinstance(job.view, ListView)}
    assert full == {url: new[url].view for url in full}
    views = [job.view for job in new.values() if isinstance(job.view, SourceView)]
    assert sorted(name for view in views for name in titles(view)) == sorted(
        f"第{n}篇" for n in range(before + more)
    )
    # Whoever follows the addresses from any page finds a page.
    for view in views:
        for href in (view.pager.older, view.pager.newer, view.pager.oldest, view.pager.newest):
            assert not href or f"/{href.removesuffix('index.html')}" in new


def test_one_new_article_changes_its_neighbours_pages_only(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    old, new = jobs_of(edition(20), config), jobs_of(edition(21), config)
    changed = [
        url for url, job in old.items() if job.template == "article.html" and job.view != new[url].view
    ]
    assert changed == ["/2023/11/02/rfi-19.html"]


def test_order_of_input_does_not_matter(tmp_path: Path) -> None:
    config = config_in(tmp_path, tag_minimum=1)
    pages = [page_of(scrape(n, tags=(f"标签{n % 3}",), source=("rfi", "voa")[n % 2])) for n in range(9)]
    digest = digest_of(*pages)
    turned = msgspec.structs.replace(
        digest,
        sources=dict(reversed(digest.sources.items())),
        tags=dict(reversed(digest.tags.items())),
        days=dict(reversed(digest.days.items())),
    )
    assert list(plan(digest, config)) == list(plan(turned, config))


def test_addresses_of_old_lead_on_unless_something_stands_there(tmp_path: Path) -> None:
    former = {"/old/一.html": "rfi-0", "/old/": "rfi-1", "/": "rfi-1", "/2023/11/01/rfi-1.html": "rfi-0"}
    plain, moved = (jobs_of(edition(2, former=names), config_in(tmp_path)) for names in ({}, former))
    assert {url: job for url, job in moved.items() if url in plain} == plain
    leading = {url: job for url, job in moved.items() if url not in plain}
    assert list(leading) == ["/old/一.html", "/old/"]
    first, second = (job.view for job in leading.values())
    assert isinstance(first, RedirectView)
    assert isinstance(second, RedirectView)
    assert (first.href, first.title, first.target.href) == ("old/一.html", "第0篇", "2023/11/01/rfi-0.html")
    assert (second.href, second.target.href) == ("old/index.html", "2023/11/01/rfi-1.html")
    assert leading["/old/"].origin == "old address of rfi-1"


def test_the_job_of_one_address_is_that_of_the_whole_plan(tmp_path: Path) -> None:
    pages = [page_of(scrape(n)) for n in range(8)]
    about = CuratorPage("p.md", "about", "关于", "", "zh-Hans")
    digest = digest_of(*pages, threads=(thread_of(*pages[:3], name="port"),), curated=(about,))
    config = config_in(tmp_path)
    former = {"/old/一.html": "rfi-0", "/old/": "rfi-1", "/": "rfi-2", "/2023/11/01/rfi-1.html": "rfi-0"}
    digest = msgspec.structs.replace(digest, former=former)
    atlas = Atlas(digest, config)
    for job in plan(digest, config):
        assert atlas.find(job.path) == job
    assert atlas.find("2023/11/01/none.html") is None
    assert atlas.find("threads/none/index.html") is None
    assert atlas.find("nothing.at/all") is None
