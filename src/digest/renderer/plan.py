"""Which pages there are: the whole edition as a stream of jobs. Articles come first, and what stands for
those that were taken down; then threads; days, months and years; sources, topics, tags and the undated; home,
the curator's pages and 404; feeds, OPML and sitemap; last what leads on from addresses of an older site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.renderer.articles import ArticlePlan, plan_articles
from digest.renderer.curated import settle
from digest.renderer.dates import name_weekday
from digest.renderer.days import count_days, list_days, note_for, plan_days, year_ref
from digest.renderer.directory import Directory, href_of
from digest.renderer.feeds import plan_feeds
from digest.renderer.job import Job
from digest.renderer.lists import plan_lists, tally_sources, tally_topics
from digest.renderer.parts import HomeDay, Ref, Tally
from digest.renderer.thread_index import top_stories
from digest.renderer.threads import plan_thread, plan_threads
from digest.renderer.tombstones import plan_tombstones
from digest.renderer.views import HomeView, NotFoundView, PageView, RedirectView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from digest.config import SiteConfig
    from digest.model import CuratorPage, Digest

HOME_ARTICLES = 30
"""Articles of one day on the home page; the day's own page has them all."""


def plan(digest: Digest, config: SiteConfig) -> Iterator[Job]:
    """Every file of the site that is rendered, articles first; each address once, unless two
    origins claim it, which the build reports. Views are made as they are asked for."""
    directory = Directory(digest, config)
    jobs = _plan_own(directory)
    if digest.former:
        taken = set()
        for job in jobs:
            taken.add(job.url)
            yield job
        # Whatever stands at such an address now goes before.
        jobs = (_redirect(directory, url) for url in digest.former if url not in taken)
    yield from jobs


def _plan_own(directory: Directory) -> Iterator[Job]:
    digest, config = directory.digest, directory.config
    yield from plan_articles(directory)
    yield from plan_tombstones(directory)
    yield from plan_threads(directory)
    yield from plan_days(directory)
    yield from plan_lists(directory)
    yield from _plan_rest(directory)
    yield from plan_feeds(digest, config, directory)


class Atlas:
    """Finds the job for one address of an edition, planning no more than it must."""

    def __init__(self, digest: Digest, config: SiteConfig) -> None:
        self._directory = directory = Directory(digest, config)
        self._articles = ArticlePlan(directory)
        self._pages = {page.url[1:]: page for page in digest.pages}
        self._gone = frozenset(stone.url[1:] for stone in digest.tombstones)
        # The groups that are not articles or one story; each is planned whole when something may be in it.
        self._groups: dict[str, Callable[[], Iterator[Job]]] = {
            "rest": lambda: _plan_rest(directory),
            "gone": lambda: plan_tombstones(directory),
            "days": lambda: plan_days(directory),
            "lists": lambda: plan_lists(directory),
            "threads": lambda: plan_threads(directory),
            "feeds": lambda: plan_feeds(digest, config, directory),
        }
        self._planned: dict[str, dict[str, Job]] = {}

    def find(self, path: str) -> Job | None:
        """The job for an output path (`2023/11/index.html`)."""
        job = self._find_own(path)
        if job is None and self._directory.digest.former:
            url = f"/{path.removesuffix('index.html') if path.endswith('/index.html') else path}"
            return _redirect(self._directory, url) if url in self._directory.digest.former else None
        return job

    def _find_own(self, path: str) -> Job | None:
        page = self._pages.get(path)
        if page is not None:
            return self._articles.draw(page)
        parts = path.split("/")
        if parts[0] == "threads" and parts[1] in self._directory.threads and path.endswith(".html"):
            thread = self._directory.threads[parts[1]]
            return next((job for job in plan_thread(self._directory, thread) if job.path == path), None)
        return self._in_group("gone" if path in self._gone else _name_group(parts), path)

    def _in_group(self, group: str, path: str) -> Job | None:
        if group not in self._planned:
            self._planned[group] = {job.path: job for job in self._groups[group]()}
        return self._planned[group].get(path)


def _name_group(parts: list[str]) -> str:
    if not parts[-1].endswith(".html"):
        return "feeds"
    if len(parts) == 1:
        return "rest"
    if parts[0] == "threads":
        return "threads"
    return "days" if parts[0].isdecimal() else "lists"


def _redirect(directory: Directory, url: str) -> Job:
    """The page at an address of an older site that leads on to the article."""
    target = directory.ref(directory.digest.former[url])
    view = RedirectView(href_of(url), target.title, target)
    return Job(url, "redirect.html", view, (), f"old address of {directory.digest.former[url]}")


def _plan_rest(directory: Directory) -> Iterator[Job]:
    digest = directory.digest
    yield Job("/", "home.html", _draw_home(directory), (), "home")
    for page in digest.curator_pages:
        if page is not directory.front:
            yield Job(f"/{page.slug}.html", "page.html", _draw_page(directory, page), (), page.path)
    yield Job("/404.html", "404.html", NotFoundView("404.html", directory.words.missing), (), "404")


def _draw_home(directory: Directory) -> HomeView:
    digest, config = directory.digest, directory.config
    days = list_days(directory)
    years = count_days(directory, days, 4)
    return HomeView(
        href="index.html",
        title=config.title,
        html=_settle_page(directory, directory.front) if directory.front else "",
        days=tuple(_home_days(directory, days)),
        threads=top_stories(directory),
        years=tuple(
            Tally(year_ref(directory, year).title, year_ref(directory, year).href, count)
            for year, count in reversed(years.items())
        ),
        sources=tally_sources(directory),
        topics=tally_topics(directory),
        pages=tuple(
            Ref(page.title, f"{page.slug}.html", directory.lang(page.lang))
            for page in _in_order(digest)
            if page is not directory.front
        ),
        undated=len(digest.undated),
        feeds=directory.feeds(config.title, ""),
    )


def _home_days(directory: Directory, days: list[str]) -> Iterator[HomeDay]:
    """The latest days that have articles; a day that has only a note is shown beside them."""
    shown = 0
    for day in reversed(days):
        if shown == directory.config.home_days:
            return
        ids = directory.digest.days.get(day, ())
        shown += bool(ids)
        ref = directory.day(day)
        yield HomeDay(
            title=ref.title,
            href=ref.href,
            weekday=name_weekday(day, directory.language),
            note=note_for(directory, day, "index.html"),
            entries=tuple(directory.brief(page_id) for page_id in reversed(ids[-HOME_ARTICLES:])),
            count=len(ids),
        )


def _in_order(digest: Digest) -> list[CuratorPage]:
    return sorted(digest.curator_pages, key=lambda page: (page.order, page.slug))


def _draw_page(directory: Directory, page: CuratorPage) -> PageView:
    href = f"{page.slug}.html"
    return PageView(href, page.title, directory.lang(page.lang), _settle_page(directory, page))


def _settle_page(directory: Directory, page: CuratorPage) -> str:
    return settle(directory, page.html, f"{page.slug}.html", path=page.path, assets=page.assets)
