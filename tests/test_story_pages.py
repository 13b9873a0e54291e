"""What readers see of stories: their pages, their place on others, and the addresses that lead to them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from editions import BODY, config_in, digest_of, page_of, scrape, thread_of
from html_checks import check_folder
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.config import SiteConfig
from digest.model import Digest, Event, Page, Sentence, Thread
from digest.renderer import thread_index
from digest.renderer.articles import plan_articles
from digest.renderer.coverage import draw_chart, draw_coverage
from digest.renderer.directory import Directory
from digest.renderer.job import Job
from digest.renderer.plan import plan
from digest.renderer.ranking import rank_threads
from digest.renderer.render import Renderer
from digest.renderer.templates import load_theme
from digest.renderer.threads import plan_thread
from digest.renderer.timeline import LONG, STRETCH, fold_copies
from digest.renderer.views import (
    ArticleView,
    DayView,
    HomeView,
    RedirectView,
    ThreadsView,
    ThreadView,
)

OUTLETS = ("rfi", "voa", "bbc", "dw", "cna")
DAY = datetime(2020, 8, 1, 2, tzinfo=UTC)
"""Ten in the morning of 1 August in the site's zone."""


def told(number: int, day: float, source: str = "rfi", **fields: object) -> Page:
    """Article `number`, published `day` days after the first of August."""
    version = scrape(number, moment=DAY + timedelta(days=day), source=source, **fields)
    return page_of(version, id=f"{source}-{number}", url=f"/2020/08/{number}/{source}-{number}.html")


def machine(
    *pages: Page, name: str = "found", parted: Sequence[Sequence[Page]] = (), **fields: object
) -> Thread:
    """A story of the machine's; `parted` are its events, else each page is one."""
    if parted:
        fields["events"] = tuple(Event(min(p.day for p in e), tuple(p.id for p in e)) for e in parted)
    return thread_of(*pages, name=name, **{"title": "机器的题目", "curated": False, **fields})


def view_of(folder: Path, thread: Thread, *pages: Page, **fields: object) -> ThreadView:
    """The story's own page."""
    directory = Directory(digest_of(*pages, threads=(thread,), **fields), config_in(folder))
    *_, job = plan_thread(directory, thread)
    assert isinstance(job.view, ThreadView)
    return job.view


def jobs_of(digest: Digest, config: SiteConfig) -> dict[str, Job]:
    jobs = list(plan(digest, config))
    assert len({job.url for job in jobs}) == len(jobs)
    return {job.url: job for job in jobs}


def leads(view: ThreadView) -> list[list[str]]:
    """The headlines of each day's events."""
    return [[event.lead.entry.title for event in day.events] for day in view.days]


def html_of(folder: Path, digest: Digest, place: str, **settings: object) -> str:
    config = config_in(folder, **settings)
    job = jobs_of(digest, config)[place]
    return Renderer(load_theme(), config).render(job.template, job.view, {"plain": BODY}).decode()


# The timeline


def test_key_events_come_first_on_their_day_and_further_reports_are_folded(tmp_path: Path) -> None:
    pages = [told(0, 0), told(1, 0.1, "voa"), told(2, 0.2, "bbc"), told(3, 1.2, "dw"), told(4, 1.3)]
    events = (
        Event("2020-08-01", ("rfi-0",)),
        Event("2020-08-01", ("bbc-2", "voa-1", "dw-3"), key=True),
        Event("2020-08-02", ("rfi-4",)),
    )
    view = view_of(tmp_path, machine(*pages, events=events), *pages)
    assert leads(view) == [["第2篇", "第0篇"], ["第4篇"]]
    first = view.days[0].events[0]
    assert [(r.entry.title, r.entry.source, r.entry.time) for r in first.more] == [
        ("第1篇", "美国之音", "12:24"),
        ("第3篇", "德国之声", "8月2日 14:48"),
    ]
    assert (first.key, first.count, first.lead.entry.time) == (True, 2, "14:48")


def test_copies_are_named_beside_the_text_that_stands_for_them(tmp_path: Path) -> None:
    pages = [told(n, n / 10, OUTLETS[n]) for n in range(5)]
    thread = machine(*pages, parted=[[pages[1], pages[0], *pages[2:]]])
    # 0 is the original of 1 and 3, and 2 of 4; the report that leads is the copy 1.
    copies = {"voa-1": "rfi-0", "dw-3": "rfi-0", "cna-4": "bbc-2"}
    (event,) = view_of(tmp_path, thread, *pages, copies=copies).days[0].events
    assert event.lead.entry.title == "第1篇"
    assert [(ref.title, ref.href[-10:]) for ref in event.lead.also] == [
        ("法广", "rfi-0.html"),
        ("德国之声", "/dw-3.html"),
    ]
    assert [(r.entry.title, [ref.title for ref in r.also]) for r in event.more] == [("第2篇", ["中央社"])]
    assert event.count == 2


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_folding_loses_no_report(pairs: list[tuple[int, int]]) -> None:
    ids = list(dict.fromkeys(str(a) for pair in pairs for a in pair))
    folded = fold_copies(ids, {str(a): str(b) for a, b in pairs if a > b})
    assert sorted(page for first, copies in folded for page in (first, *copies)) == sorted(ids)


def test_silence_of_three_days_is_named_and_a_folded_report_breaks_it(tmp_path: Path) -> None:
    pages = [told(n, day) for n, day in enumerate((0, 3, 7, 11, 30))]
    silences = [day.silence for day in view_of(tmp_path, machine(*pages), *pages).days]
    assert silences == [0, 0, 3, 3, 18]
    # The report of the eighth day belongs to the event of the fourth.
    events = [[pages[0]], [pages[1], pages[2]], [pages[3]], [pages[4]]]
    view = view_of(tmp_path, machine(*pages, parted=events), *pages)
    assert [(day.title[-3:], day.silence) for day in view.days] == [
        ("月1日", 0), ("月4日", 0), ("12日", 3), ("31日", 18),
    ]  # fmt: skip
    html = html_of(tmp_path, digest_of(*pages, threads=(machine(*pages),)), "/threads/found/")
    assert "18 天无报道" in html


def test_what_has_no_date_stands_last(tmp_path: Path) -> None:
    lost = page_of(scrape(9, published=None, fetched=None, title="何时"))
    pages = [lost, told(1, 0), told(2, 1)]
    assert leads(view_of(tmp_path, machine(*pages), *pages)) == [["第1篇"], ["第2篇"], ["何时"]]


def test_excerpts_are_for_key_events_that_the_introduction_does_not_quote(tmp_path: Path) -> None:
    pages = [told(n, n, excerpt="这是开头。") for n in range(3)]
    events = tuple(Event(p.day, (p.id,), key=n > 0) for n, p in enumerate(pages))
    quote = (Sentence("这是开头。", "rfi-1", "zh-Hans"),)

    def excerpts(**fields: object) -> list[str]:
        view = view_of(tmp_path, machine(*pages, **{"events": events, **fields}), *pages)
        return [event.lead.entry.excerpt for day in view.days for event in day.events]

    assert excerpts() == ["这是开头。"] * 3
    assert excerpts(summary=quote) == ["", "", "这是开头。"]
    assert excerpts(html="<p>编者说。</p>", summary=quote) == ["", "这是开头。", "这是开头。"]


def test_the_editors_introduction_stands_in_place_of_quotations(tmp_path: Path) -> None:
    pages = [told(1, 0, lang="zh-Hant"), told(2, 1, "voa")]
    quotes = (Sentence("第一句。", "rfi-1", "zh-Hant"), Sentence("第二句。", "voa-2", "zh-Hans"))
    view = view_of(tmp_path, machine(*pages, summary=quotes), *pages)
    assert [(q.text, q.href, q.source, q.lang) for q in view.summary] == [
        ("第一句。", "2020/08/1/rfi-1.html", "法广", "zh-Hant"),
        ("第二句。", "2020/08/2/voa-2.html", "美国之音", ""),
    ]
    view = view_of(tmp_path, thread_of(*pages, html="<p>导语。</p>", summary=quotes), *pages)
    assert (view.html, view.summary) == ("<p>导语。</p>", ())


def test_related_stories_are_those_that_are_here(tmp_path: Path) -> None:
    pages = [told(1, 0), told(2, 1)]
    other = thread_of(pages[1], name="other", title="别的")
    thread = machine(*pages, related=("gone", "other"))
    directory = Directory(digest_of(*pages, threads=(thread, other)), config_in(tmp_path))
    (job,) = plan_thread(directory, thread)
    assert isinstance(job.view, ThreadView)
    assert [(ref.title, ref.href) for ref in job.view.related] == [("别的", "threads/other/index.html")]


# Long stories


def spread(days: Sequence[int]) -> list[Page]:
    """An article for each of `days` after the first of August, in order."""
    return [told(n, day + n / 10_000, OUTLETS[n % 5]) for n, day in enumerate(sorted(days))]


def story_jobs(folder: Path, pages: list[Page]) -> dict[str, ThreadView]:
    thread = machine(*pages)
    directory = Directory(digest_of(*pages, threads=(thread,)), config_in(folder))
    return {job.url: job.view for job in plan_thread(directory, thread) if isinstance(job.view, ThreadView)}


def test_a_long_story_has_a_page_for_each_month(tmp_path: Path) -> None:
    views = story_jobs(
        tmp_path, spread([*[n % 31 for n in range(60)], *[31 + n % 20 for n in range(40)], 80])
    )
    assert list(views) == [f"/threads/found/{name}" for name in ("2020-08.html", "2020-09.html", "")]
    august, september, own = views.values()
    assert august.story is not None
    assert (august.story.href, august.title, august.count) == (own.href, "机器的题目：2020年8月", 60)
    assert [(part.title, part.count) for part in own.parts] == [("2020年8月", 60), ("2020年9月", 40)]
    assert (own.count, leads(own)) == (101, [["第100篇"]])
    assert september.previous is not None
    assert september.next is not None
    assert (september.previous.href, september.next.href) == (august.href, own.href)
    assert (august.chart, august.coverage, august.summary, august.feeds) == (None, None, (), ())
    assert own.chart is not None
    assert own.coverage is not None


def test_a_long_story_lists_its_key_events_on_its_own_page(tmp_path: Path) -> None:
    pages = spread([n % 70 for n in range(LONG + 1)])
    events = tuple(Event(p.day, (p.id,), key=n in (3, 90)) for n, p in enumerate(pages))
    view = view_of(tmp_path, machine(*pages, events=events), *pages)
    assert [(entry.time, entry.stamp) for entry in view.keys] == [
        ("2020年8月2日", "2020-08-02"), ("2020年9月29日", "2020-09-29"),
    ]  # fmt: skip
    assert view_of(tmp_path, machine(*pages[:90], events=events[:90]), *pages).keys == ()


def test_a_month_of_very_many_reports_has_several_pages(tmp_path: Path) -> None:
    views = story_jobs(tmp_path, spread([n // 20 for n in range(STRETCH * 2 + 30)]))
    assert list(views) == [f"/threads/found/{name}" for name in ("2020-08.html", "2020-08-2.html", "")]
    assert [view.title for view in views.values()][:2] == [
        "机器的题目：2020年8月",
        "机器的题目：2020年8月 (2)",
    ]
    assert max(sum(len(day.events) for day in view.days) for view in views.values()) < STRETCH + 20


@settings(max_examples=25)
@given(st.lists(st.integers(0, 90), min_size=LONG + 1, max_size=400), st.lists(st.integers(91, 120)))
def test_pages_of_a_storys_past_stay_as_it_grows(
    tmp_path_factory: pytest.TempPathFactory, days: list[int], later: list[int]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    old, new = story_jobs(folder, spread(days)), story_jobs(folder, spread([*days, *later]))
    assert set(old) <= set(new)
    past = [url for url in old if not url.endswith("/")]
    assert all(old[url].days == new[url].days for url in past)
    # The last of them leads on to where the reports now stand that were the newest.
    assert sum(old[url] != new[url] for url in past) <= 1
    shown = [title for view in new.values() for titles in leads(view) for title in titles]
    assert sorted(shown) == sorted(f"第{n}篇" for n in range(len(days) + len(later)))


# Chart and table


def test_a_chart_has_a_stroke_for_each_day_and_says_in_words_what_it_shows(tmp_path: Path) -> None:
    directory = Directory(digest_of(), config_in(tmp_path))
    chart = draw_chart(directory, ["2020-08-01"] + ["2020-08-02"] * 8 + ["2020-08-05"] * 3)
    assert chart is not None
    assert (chart.path, chart.width) == ("M0 24v-3M1 24v-24M4 24v-9", 5)
    assert chart.note == "每日篇数：8月1日 – 8月5日；8月2日最多，8 篇"


@pytest.mark.parametrize(
    "days", [["2020-08-01", "2020-08-02", "2020-08-03"], ["2020-08-01", "2020-08-02"] * 9]
)
def test_a_chart_that_shows_nothing_is_not_drawn(tmp_path: Path, days: list[str]) -> None:
    assert draw_chart(Directory(digest_of(), config_in(tmp_path)), days) is None


@given(st.lists(st.integers(0, 2000), min_size=5, max_size=300))
def test_a_chart_is_small_and_whole(tmp_path_factory: pytest.TempPathFactory, days: list[int]) -> None:
    directory = Directory(digest_of(), config_in(tmp_path_factory.getbasetemp()))
    start = datetime(2020, 1, 1, tzinfo=UTC)
    dates = [(start + timedelta(days=n)).date().isoformat() for n in days]
    chart = draw_chart(directory, dates)
    if chart is None:
        assert len(set(days)) < 3
        return
    strokes = re.findall(r"M(\d+) 24v-(\d+)", chart.path)
    heights = [int(height) for _, height in strokes]
    assert (max(heights), min(heights) > 0) == (24, True)
    assert all(int(place) < chart.width for place, _ in strokes)
    weekly = max(days) - min(days) >= 120
    assert len(chart.path) <= (1400 if not weekly else 11 * len(set(days)))
    assert chart.note.startswith("每周" if weekly else "每日")


def test_the_table_counts_each_outlets_reports_by_day(tmp_path: Path) -> None:
    pages = [told(0, 0), told(1, 0, "voa"), told(2, 0.1), told(3, 3, "voa"), told(4, 3.1), told(5, 3.2)]
    thread = machine(*pages)
    table = draw_coverage(Directory(digest_of(*pages), config_in(tmp_path)), thread)
    assert table is not None
    assert table.columns == ("8/1", "8/4")
    assert [(row.title, row.count, row.cells) for row in table.rows] == [
        ("法广", 4, (2, 2)),
        ("美国之音", 2, (1, 1)),
    ]
    assert (table.earliest.title, table.earliest.time) == ("第0篇", "2020年8月1日 10:00")
    html = html_of(tmp_path, digest_of(*pages, threads=(thread,)), "/threads/found/")
    assert "本站收录的最早一篇" in html
    assert "法广</a><td>4<td>2<td>2" in html


@pytest.mark.parametrize(
    ("days", "columns"),
    [
        ([0, 1, 1, 1, 30, 200], ("8/1", "8/2", "8/31", "2/17")),
        ([*range(8)], tuple(f"8/{day}" for day in range(1, 9))),
        ([*range(9)], ("7/27", "8/3")),
        ([0, 1, 1, *range(4, 15)], ("7/27", "8/3", "8/10")),
        ([0, *(7 * n for n in range(1, 13))], ("2020/8", "2020/9", "2020/10")),
    ],
)
def test_columns_are_days_weeks_or_months_with_reports(
    tmp_path: Path, days: list[int], columns: tuple[str, ...]
) -> None:
    pages = [told(n, day, OUTLETS[n % 2]) for n, day in enumerate(days)]
    table = draw_coverage(Directory(digest_of(*pages), config_in(tmp_path)), machine(*pages))
    assert table is not None
    assert table.columns == columns
    assert all(sum(row.cells) == row.count and len(row.cells) == len(columns) for row in table.rows)
    assert all(any(row.cells[n] for row in table.rows) for n in range(len(columns)))


def test_a_table_that_says_nothing_is_not_drawn(tmp_path: Path) -> None:
    one_day = [told(n, n / 100, OUTLETS[n]) for n in range(5)]
    one_outlet = [told(n, n) for n in range(5)]
    few = [told(n, n, OUTLETS[n]) for n in range(4)]
    for pages in (one_day, one_outlet, few):
        assert view_of(tmp_path, machine(*pages), *pages).coverage is None


def test_a_report_without_a_clock_time_is_not_called_the_earliest_of_its_day(tmp_path: Path) -> None:
    vague = told(0, -0.4)
    pages = [
        msgspec.structs.replace(vague, day_only=True),
        *(told(n, n / 2, OUTLETS[n]) for n in range(1, 5)),
    ]
    pages[1] = told(1, -0.2, "voa")
    view = view_of(tmp_path, machine(*pages), *pages)
    assert view.coverage is not None
    assert view.coverage.earliest.title == "第1篇"


# Rank


def test_breadth_counts_and_fades_by_half_a_day(tmp_path: Path) -> None:
    days = {
        "wide": (0, 0, 0, 0, 0),
        "fresh": (1, 1, 1),
        "loud": (1, 1, 1, 1),
        "long-ago": (-8, -9, -9, -9, -9),
    }
    pages, threads = [], []
    for number, (name, ages) in enumerate(days.items()):
        outlets = ["rfi"] * 9 if name == "loud" else OUTLETS
        mine = [told(number * 10 + n, age, outlets[n]) for n, age in enumerate(sorted(ages))]
        pages += mine
        threads.append(machine(*mine, name=name))
    now = DAY + timedelta(days=1)

    def order(**fields: object) -> list[str]:
        digest = digest_of(*pages, threads=tuple(threads), **fields)
        return [thread.id for thread in rank_threads(Directory(digest, config_in(tmp_path)))]

    # Five outlets of yesterday weigh 2.5, three of today 3, one of today 1.
    assert order(now=now) == ["fresh", "wide", "loud", "long-ago"]
    threads.reverse()
    assert order(now=now) == order() == ["fresh", "wide", "loud", "long-ago"]
    assert order(now=now + timedelta(days=40)) == ["loud", "fresh", "wide", "long-ago"]


def test_home_shows_the_first_stories_with_their_newest_headlines(tmp_path: Path) -> None:
    pages = [told(n, n / 10, OUTLETS[n % 5], title=f"题{n % 4}") for n in range(6)]
    thread = machine(*pages, title="题3")
    digest = digest_of(*pages, threads=(thread,), copies={"cna-4": "rfi-0"})
    home = jobs_of(digest, config_in(tmp_path))["/"].view
    assert isinstance(home, HomeView)
    (story,) = home.threads
    assert (story.title, story.outlets, story.count, story.note) == ("题3", 5, 6, "2020年8月1日")
    assert [entry.href[-10:] for entry in story.entries] == ["rfi-5.html", "bbc-2.html"]


def day_view(folder: Path, *pages: Page, threads: tuple[Thread, ...], day: str = "2020/08/01") -> DayView:
    view = jobs_of(digest_of(*pages, threads=threads), config_in(folder))[f"/{day}/"].view
    assert isinstance(view, DayView)
    return view


def test_a_day_ranks_its_stories_by_outlets_and_folds_their_reports(tmp_path: Path) -> None:
    pages = [told(n, n / 100, "rfi" if n < 5 else OUTLETS[n % 4]) for n in range(10)]
    loud, wide = machine(*pages[:5], name="a"), thread_of(*pages[5:9], name="b", title="编者的题")
    view = day_view(tmp_path, *pages, threads=(loud, wide))
    assert [(s.story.title, s.story.href, s.outlets, s.count) for s in view.stories] == [
        ("编者的题", "threads/b/index.html", 4, 4),
        ("", "threads/a/index.html", 1, 5),
    ]
    assert [len(story.told.more) for story in view.stories] == [3, 4]
    assert [entry.title for group in view.groups for entry in group.entries] == ["第9篇"]


def test_a_past_day_stays_as_its_stories_grow(tmp_path: Path) -> None:
    pages = [told(n, n / 100, OUTLETS[n % 5]) for n in range(7)]
    more = [told(n, 1 + n / 100) for n in range(10, 18)]
    before = day_view(tmp_path, *pages, threads=(machine(*pages[:5]),))
    grown = machine(*pages[:5], *more, title="另一个题目", parted=[pages[:5], more])
    before = day_view(tmp_path, *pages, threads=(machine(*pages[:5], parted=[pages[:5]]),))
    after = day_view(tmp_path, *pages, *more, threads=(grown,))
    assert (before.stories, before.groups) == (after.stories, after.groups)


# Lists of stories


def test_a_months_stories_are_ranked_and_counted_by_its_own_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thread_index, "ROWS", 2)
    pages = [told(n, n, OUTLETS[n % 3]) for n in range(60)]
    pages[4:8] = [told(n, n) for n in range(4, 8)]
    spans = [("b", 0, 2), ("a", 2, 4), ("c", 20, 60), ("loud", 4, 8)]
    threads = tuple(machine(*pages[a:b], name=n) for n, a, b in spans)
    old = jobs_of(
        digest_of(*pages[:40], threads=(*threads[:2], machine(*pages[20:40], name="c"), threads[3])),
        config_in(tmp_path),
    )
    new = jobs_of(digest_of(*pages, threads=threads), config_in(tmp_path))
    august, second = (new[f"/threads/2020-08{part}.html"].view for part in ("", "-2"))
    assert isinstance(august, ThreadsView)
    assert isinstance(second, ThreadsView)
    assert [(s.href, s.outlets, s.count) for s in (*august.items, *second.items)] == [
        ("threads/c/index.html", 3, 11),
        ("threads/a/index.html", 2, 2),
        ("threads/b/index.html", 2, 2),
        ("threads/loud/index.html", 1, 4),
    ]
    assert [ref.title for ref in august.parts] == ["第 1 页", "第 2 页"]
    assert august.items == old["/threads/2020-08.html"].view.items
    index = new["/threads/"].view
    assert isinstance(index, ThreadsView)
    assert [ref.href for ref in index.months] == ["threads/2020-09.html", "threads/2020-08.html"]
    assert [story.count for story in index.items] == [40, 4, 2, 2]


def test_the_editors_stories_are_listed_however_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thread_index, "CURRENT", 1)
    pages = [told(n, n) for n in range(6)]
    threads = (thread_of(*pages[:2], name="x"), thread_of(*pages[1:3], name="y"), machine(*pages[3:]))
    index = jobs_of(digest_of(*pages, threads=(*threads, machine(*pages[:3], name="z"))), config_in(tmp_path))
    view = index["/threads/"].view
    assert isinstance(view, ThreadsView)
    assert [story.href for story in view.items] == ["threads/found/index.html"]
    assert [story.href for story in view.curated] == ["threads/y/index.html", "threads/x/index.html"]


# Addresses


def redirects(jobs: dict[str, Job]) -> dict[str, str]:
    return {url: job.view.target.href for url, job in jobs.items() if isinstance(job.view, RedirectView)}


def test_former_addresses_lead_to_the_story_and_never_hide_one_that_lives(tmp_path: Path) -> None:
    pages = [told(n, n) for n in range(4)]
    a = machine(*pages[:2], name="a", former=("old", "b", "both"))
    b = thread_of(*pages[2:], name="b", former=("both", "a"))
    digest = digest_of(*pages, threads=(b, a), retired=("old", "hidden", "b"))
    jobs = jobs_of(digest, config_in(tmp_path, url="https://news.example.org/d", base_path="/d/"))
    assert redirects(jobs) == {
        "/threads/old/": "threads/a/index.html",
        "/threads/both/": "threads/a/index.html",
        "/threads/hidden/": "threads/index.html",
    }
    html = html_of(tmp_path, digest, "/threads/old/", url="https://news.example.org/d", base_path="/d/")
    assert '<meta http-equiv=refresh content="0; url=../../threads/a/index.html">' in html
    assert '<link rel=canonical href="https://news.example.org/d/threads/a/">' in html
    sitemap = msgspec.json.encode(jobs["/sitemap.xml"].view).decode()
    assert "/threads/a/" in sitemap
    assert "/threads/2020-08.html" in sitemap
    assert not any(former in sitemap for former in ("/old/", "/both/", "/hidden/"))


def test_past_months_of_a_long_story_are_found_under_its_former_address_too(tmp_path: Path) -> None:
    pages = spread([n % 40 for n in range(LONG + 1)])
    config = config_in(tmp_path, url="https://news.example.org")
    jobs = jobs_of(digest_of(*pages, threads=(machine(*pages, former=("old",)),)), config)
    assert redirects(jobs) == {
        "/threads/old/": "threads/found/index.html",
        "/threads/old/2020-08.html": "threads/found/2020-08.html",
    }
    newest = max(page.moment for page in pages if page.moment and page.day < "2020-09")
    assert ("/threads/found/2020-08.html", newest) in jobs["/sitemap.xml"].view.pages


def test_feeds_are_for_three_reports_or_the_editors_and_only_these_are_subscribed_to(tmp_path: Path) -> None:
    pages = [told(n, n) for n in range(6)]
    pair, three = machine(*pages[:2], name="pair"), machine(*pages[2:5], name="three")
    own = thread_of(pages[5], name="own")
    config = config_in(tmp_path, url="https://news.example.org")
    jobs = jobs_of(digest_of(*pages, threads=(own, pair, three)), config)
    assert [url for url in jobs if re.match(r"/threads/.*/feed\.xml", url)] == [
        "/threads/own/feed.xml",
        "/threads/three/feed.xml",
    ]
    assert jobs["/threads/pair/"].view.feeds == ()
    assert len(jobs["/threads/three/"].view.feeds) == 2
    opml = json.dumps(msgspec.to_builtins(jobs["/feeds.opml"].view))
    assert "/threads/own/" in opml
    assert "/threads/three/" not in opml


# Articles


def article_views(folder: Path, digest: Digest) -> dict[str, ArticleView]:
    jobs = plan_articles(Directory(digest, config_in(folder)))
    return {job.path.rpartition("/")[2].removesuffix(".html"): job.view for job in jobs}  # type: ignore[misc]


def test_a_growing_story_changes_no_article_but_the_last(tmp_path: Path) -> None:
    pages = [told(n, n) for n in range(8)]
    old = article_views(tmp_path, digest_of(*pages, threads=(machine(*pages[:7]),)))
    new = article_views(tmp_path, digest_of(*pages, threads=(machine(*pages, title="新的题目"),)))
    assert [name for name in old if old[name] != new[name]] == ["rfi-6", "rfi-7"]
    assert old["rfi-0"].threads[0].title == "事件脉络"
    (place,) = article_views(tmp_path, digest_of(*pages, threads=(thread_of(*pages),)))["rfi-0"].threads
    assert place.title == "元首会晤"


def test_a_copy_names_its_original_and_the_other_way_round(tmp_path: Path) -> None:
    pages = [told(n, n, OUTLETS[n]) for n in range(4)]
    digest = digest_of(*pages, threads=(machine(*pages),), copies={"dw-3": "voa-1", "bbc-2": "voa-1"})
    views = article_views(tmp_path, digest)
    assert [ref.title for ref in views["voa-1"].copies] == ["BBC", "德国之声"]
    assert views["voa-1"].original is None
    assert views["bbc-2"].original is not None
    assert (views["bbc-2"].original.title, views["bbc-2"].copies) == ("美国之音", ())
    html = html_of(tmp_path, digest, "/2020/08/2/bbc-2.html")
    assert "<span>同文见 <a href=../1/voa-1.html>美国之音</a></span>" in html
    assert "也见" in html_of(tmp_path, digest, "/2020/08/1/voa-1.html")


def test_no_neighbour_says_the_same_again(tmp_path: Path) -> None:
    pages = [told(n, n) for n in range(6)]
    copies = {"rfi-2": "rfi-1", "rfi-4": "rfi-1"}
    views = article_views(tmp_path, digest_of(*pages, threads=(machine(*pages),), copies=copies))
    found = [
        tuple(ref and ref.title[1] for ref in (place.previous, place.next))
        for (place,) in (views[f"rfi-{n}"].threads for n in range(6))
    ]
    assert found == [(None, "1"), ("0", "3"), ("0", "3"), ("1", "5"), ("3", "5"), ("3", None)]


@given(st.integers(2, 12), st.data())
def test_neighbours_lead_through_all_texts_of_a_story(
    tmp_path_factory: pytest.TempPathFactory, size: int, data: st.DataObject
) -> None:
    pages = [told(n, n) for n in range(size)]
    copied = data.draw(st.sets(st.integers(1, size - 1)))
    originals = [n for n in range(size) if n not in copied]
    copies = {
        f"rfi-{n}": f"rfi-{data.draw(st.sampled_from([m for m in originals if m < n]))}" for n in copied
    }
    digest = digest_of(*pages, threads=(machine(*pages),), copies=copies)
    views = article_views(tmp_path_factory.getbasetemp(), digest)
    walked, name = [], "rfi-0"
    while name:
        walked.append(name)
        after = views[name].threads[0].next
        name = after.href.rpartition("/")[2].removesuffix(".html") if after else ""
    assert walked == [f"rfi-{n}" for n in originals]


# Pages


def rich_edition() -> Digest:
    """A story of three months with all a page can hold, a pair in another script, former addresses."""
    pages = spread([n % 62 for n in range(LONG + 20)])
    pages += [
        told(1000 + n, 61 + n / 10, lang="zh-Hant", title="兩篇之一", excerpt="開頭。") for n in range(2)
    ]
    events = [
        Event(pages[n].day, tuple(page.id for page in pages[n : n + 6]), key=n % 4 == 0)
        for n in range(0, LONG + 20, 6)
    ]
    long = machine(
        *pages[:-2],
        name="long",
        title="一件'\"<事>",
        summary=(
            Sentence("一句<话>。", pages[0].id, "zh-Hans"),
            Sentence("一句話。", pages[-1].id, "zh-Hant"),
        ),
        former=("old",),
        related=("pair",),
        events=tuple(events),
    )
    pair = machine(*pages[-2:], name="pair", lang="zh-Hant", related=("long",), parted=[pages[-2:]])
    copies = {pages[2].id: pages[0].id, pages[3].id: pages[0].id, pages[-1].id: pages[-2].id}
    return digest_of(*pages, threads=(long, pair), copies=copies, retired=("gone",))


def write_pages(digest: Digest, config: SiteConfig, folder: Path) -> None:
    theme = load_theme()
    renderer = Renderer(theme, config)
    files = [
        (job.path, renderer.render(job.template, job.view, {"plain": BODY})) for job in plan(digest, config)
    ]
    files += [(url[1:], data) for url, data in theme.static_files()]
    for name, data in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_pages_lead_somewhere_and_have_one_outline(tmp_path: Path, language: str) -> None:
    config = config_in(tmp_path, tag_minimum=1, base_path="/", language=language)
    write_pages(rich_edition(), config, tmp_path / "public")
    assert check_folder(tmp_path / "public") == []


def test_story_pages_pass_the_nu_validator(tmp_path: Path, nu_errors) -> None:
    write_pages(rich_edition(), config_in(tmp_path, base_path="/"), tmp_path / "public")
    assert nu_errors(tmp_path / "public") == []


def test_a_long_storys_pages_are_light_and_a_pairs_tiny(tmp_path: Path) -> None:
    config = config_in(tmp_path, url="https://news.example.org/digest", base_path="/digest/")
    write_pages(rich_edition(), config, tmp_path / "public")
    threads = tmp_path / "public/threads"
    sizes = {path.relative_to(threads).as_posix(): path.stat().st_size for path in threads.rglob("*.html")}
    assert {"long/index.html", "long/2020-08.html", "pair/index.html", "old/index.html"} <= set(sizes)
    assert max(sizes.values()) < 40_000
    assert sizes["pair/index.html"] < 3000
    assert sizes["old/index.html"] < 1000


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_story_pages_fit_the_window_and_fold(tmp_path: Path, chromium, width: int, scheme: str) -> None:
    write_pages(rich_edition(), config_in(tmp_path, base_path="/"), tmp_path / "public")
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=False
    )
    tab = context.new_page()
    for name in ("long/index", "long/2020-08", "pair/index", "index", "2020-08", "../2020/08/01/index"):
        tab.goto((tmp_path / f"public/threads/{name}.html").resolve().as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, name
    tab.goto((tmp_path / "public/threads/long/2020-08.html").as_uri())
    hidden = tab.locator(".time details li a").first
    assert not hidden.is_visible()
    tab.locator(".time summary").first.click()
    assert hidden.is_visible()
    tab.goto((tmp_path / "public/threads/old/index.html").as_uri())
    tab.wait_for_url("**/threads/long/index.html")
    context.close()
