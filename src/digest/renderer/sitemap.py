"""The sitemap (sitemaps.org 0.9) and robots.txt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from digest.model import Digest
from digest.renderer.changes import last_change
from digest.renderer.days import list_days
from digest.renderer.directory import Directory
from digest.renderer.feed_views import RobotsView, SitemapIndexView, SitemapView
from digest.renderer.job import Job
from digest.renderer.thread_index import list_month_pages
from digest.renderer.threads import list_parts

if TYPE_CHECKING:
    from digest.config import SiteConfig

LIMIT = 50_000
"""Addresses in one file; the protocol allows no more."""

Stamped = tuple[str, datetime | None]
"""An address in the site and when it last changed."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def plan_sitemap(directory: Directory, limit: int = LIMIT) -> Iterator[Job]:
    """robots.txt, and where the site's `url` is known (the protocol wants absolute addresses)
    the sitemap: one file, or an index with parts of `limit` addresses each.

    Articles stand oldest first, so that a full part stays as it is when articles come.
    """
    digest = directory.digest
    if not directory.config.url:
        yield Job("/robots.txt", "robots.txt", RobotsView(), (), "robots")
        return
    yield Job("/robots.txt", "robots.txt", RobotsView("/sitemap.xml"), (), "robots")
    pages = (*_articles(digest), *_lists(directory))
    if len(pages) <= limit:
        yield Job("/sitemap.xml", "sitemap.xml", SitemapView(pages), (), "sitemap")
        return
    parts: list[Stamped] = []
    for number, start in enumerate(range(0, len(pages), limit), start=1):
        part = pages[start : start + limit]
        url = f"/sitemap-{number}.xml"
        parts.append((url, _latest(stamp for _, stamp in part)))
        yield Job(url, "sitemap.xml", SitemapView(part), (), "sitemap")
    yield Job("/sitemap.xml", "sitemap-index.xml", SitemapIndexView(tuple(parts)), (), "sitemap")


def _articles(digest: Digest) -> list[Stamped]:
    return [(page.url, last_change(page)) for page in digest.pages]


def _lists(directory: Directory) -> list[Stamped]:
    """The pages that gather articles, each with the moment of its newest article: but for
    the older pages of long lists, which lead to nothing that is not named here."""
    digest = directory.digest
    newest = digest.pages[-1].moment if digest.pages else None

    def latest(ids: Sequence[str]) -> datetime | None:
        return directory.pages[ids[-1]].moment if ids else None

    found: dict[str, datetime | None] = {"/": newest}
    for day in list_days(directory):
        moment = latest(digest.days.get(day, ()))
        year, month, date = day.split("-")
        for url in (f"/{year}/", f"/{year}/{month}/", f"/{year}/{month}/{date}/"):
            found[url] = _latest((found.get(url), moment))
    found.update((f"/{room}/", newest) for room in ("sources", "topics", "tags", "threads"))
    for room, listing in (("sources", digest.sources), ("topics", digest.topics)):
        found.update((f"/{room}/{slug}/", latest(ids)) for slug, ids in sorted(listing.items()) if ids)
    for href, ids in sorted(directory.tag_pages.items()):
        found[f"/{href.removesuffix('index.html')}"] = latest(ids)
    for thread in sorted(digest.threads, key=lambda thread: thread.id):
        found[thread.url] = latest(thread.members)
        found.update(list_parts(directory, thread))
    found.update((url, None) for url in list_month_pages(directory))
    if digest.undated:
        found["/undated/"] = None
    found.update((f"/{page.slug}.html", None) for page in digest.curator_pages if page is not directory.front)
    return list(found.items())


def _latest(stamps: Iterable[datetime | None]) -> datetime | None:
    return max((stamp for stamp in stamps if stamp is not None), default=None)


def render_sitemap(view: SitemapView, config: SiteConfig) -> bytes:
    """One `urlset`."""
    rows = "".join(f"<url>{_address(config, row)}</url>\n" for row in view.pages)
    return f'{_HEAD}<urlset xmlns="{_SPACE}">\n{rows}</urlset>\n'.encode()


def render_sitemap_index(view: SitemapIndexView, config: SiteConfig) -> bytes:
    """The `sitemapindex` over the parts."""
    rows = "".join(f"<sitemap>{_address(config, row)}</sitemap>\n" for row in view.parts)
    return f'{_HEAD}<sitemapindex xmlns="{_SPACE}">\n{rows}</sitemapindex>\n'.encode()


def _address(config: SiteConfig, row: Stamped) -> str:
    url, stamp = row
    changed = f"<lastmod>{stamp.isoformat()[:19]}Z</lastmod>" if stamp else ""
    return f"<loc>{escape(config.url + url, quote=False)}</loc>{changed}"


def render_robots(view: RobotsView, config: SiteConfig) -> bytes:
    """Everything may be read; the sitemap is named if there is one."""
    sitemap = f"\nSitemap: {config.url}{view.sitemap}\n" if view.sitemap else ""
    return f"User-agent: *\nDisallow:\n{sitemap}".encode()
