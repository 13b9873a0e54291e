"""Which feeds there are and what stands in them; the formats are in `feed_formats`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from msgspec import Struct

from digest.errors import RenderError
from digest.ids import asset_url, host_of
from digest.model import Body, Digest, Page, Thread, Version
from digest.renderer.changes import last_change
from digest.renderer.directory import Directory
from digest.renderer.feed_formats import render_atom, render_json_feed, render_opml
from digest.renderer.feed_views import (
    FEED_VIEWS,
    EntryView,
    FeedView,
    OpmlView,
    OutletView,
    OutlineView,
    RobotsView,
    SitemapIndexView,
    SitemapView,
)
from digest.renderer.job import Job
from digest.renderer.sitemap import plan_sitemap, render_robots, render_sitemap, render_sitemap_index

if TYPE_CHECKING:
    from digest.config import SiteConfig

__all__ = ["FEED_VIEWS", "plan_feeds", "render_feed"]

NO_AUTHORITY = "digest.invalid"
"""Whose name the ids bear in a site without `url` and `[feeds] authority` (RFC 2606: nobody's)."""

MINTED = "2026"
"""The date in every tag: URI (RFC 4151): the authority must have had its name by then.
A constant, for a date of the article's own could be corrected, and the id would change."""

AWAKE = 14
"""Days without a report, by the archive's clock, after which the feed of a story that the machine
found holds the newest alone."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""What an empty feed says of its last change: Atom wants a time, and there is none."""


def plan_feeds(digest: Digest, config: SiteConfig, directory: Directory | None = None) -> Iterator[Job]:
    """The feeds of the site, of each source, topic and thread, their OPML, the sitemap, robots.txt.

    `directory` is that of the same digest, where the caller has one. An undated page is in
    no feed: an entry needs a time, and none would be true.
    """
    directory = directory or Directory(digest, config)
    desk = _Desk(directory)
    groups = desk.groups()
    for heading, feeds in groups:
        for feed in feeds:
            bodies = tuple(dict.fromkeys(entry.body for entry in feed.entries))
            origin = f"feed of {feed.name or heading}"
            yield Job(f"{feed.place}feed.xml", "feed.xml", feed, bodies, origin)
            yield Job(f"{feed.place}feed.json", "feed.json", feed, bodies, origin)
    outlines = tuple((heading, _outline(feeds)) for heading, feeds in groups if heading and feeds)
    yield Job("/feeds.opml", "feeds.opml", OpmlView(outlines), (), "feeds")
    yield from plan_sitemap(directory)


def _outline(feeds: Iterable[FeedView]) -> tuple[OutlineView, ...]:
    return tuple(OutlineView(feed.name, feed.place) for feed in feeds)


def render_feed(template: str, view: Struct, bodies: Mapping[str, Body], config: SiteConfig) -> bytes:
    """The bytes of a job planned by `plan_feeds`. `bodies` holds at least those the job names."""
    match template, view:
        case "feed.xml", FeedView():
            return render_atom(view, bodies, config)
        case "feed.json", FeedView():
            return render_json_feed(view, bodies, config)
        case "feeds.opml", OpmlView():
            return render_opml(view, config)
        case "sitemap.xml", SitemapView():
            return render_sitemap(view, config)
        case "sitemap-index.xml", SitemapIndexView():
            return render_sitemap_index(view, config)
        case "robots.txt", RobotsView():
            return render_robots(view, config)
    raise RenderError(f"no feed format {template!r} for a {type(view).__name__}")


def tag_uri(config: SiteConfig, name: str) -> str:
    """The stable id (RFC 4151) of the page or feed `name`: the same wherever the site stands
    under its host, and whatever becomes of titles and addresses.

    `[feeds] authority` may carry its own date (`example.org,2031`) for a host named later.
    """
    authority = config.feed_authority or host_of(config.url) or NO_AUTHORITY
    if not authority.isascii():
        authority = authority.encode("idna").decode("ascii")
    dated = authority if "," in authority else f"{authority},{MINTED}"
    return f"tag:{dated}:{quote(name, safe='/:@-._~')}"


class _Desk:
    """Draws feeds from one digest; entries are made once and shared between feeds."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.config = directory.config
        self.entries: dict[str, EntryView] = {}
        self.outlets: dict[str, OutletView] = {}

    def groups(self) -> list[tuple[str, list[FeedView]]]:
        """All feeds under their OPML heading: the site, sources, topics, the editor's threads. Those
        that nobody named have feeds too, but no heading: no reader wants a thousand outlines."""
        directory, digest = self.directory, self.directory.digest
        site = self.feed("site", "/", "", tuple(directory.pages))
        sources = [
            self.feed(f"source:{slug}", f"/sources/{slug}/", self.outlet(directory.pages[ids[-1]]).name, ids)
            for slug, ids in sorted(digest.sources.items())
            if ids
        ]
        topics = [
            self.feed(f"topic:{slug}", f"/topics/{slug}/", directory.topics[slug].title, ids)
            for slug, ids in sorted(digest.topics.items())
            if ids
        ]
        threads = [thread for thread in directory.threads.values() if directory.has_feeds(thread)]
        threads.sort(key=lambda thread: thread.id)
        named, others = (
            [
                self.feed(f"thread:{thread.id}", thread.url, thread.title, self.reports(thread))
                for thread in threads
                if thread.curated == curated
            ]
            for curated in (True, False)
        )
        return [("site", [site]), ("sources", sources), ("topics", topics), ("threads", named), ("", others)]

    def reports(self, thread: Thread) -> Sequence[str]:
        """What the feed of a story is over. No entry is shortened when the story falls asleep, for
        readers would put the short text in place of the one they have; the older ones they keep."""
        today = self.directory.today
        if thread.curated or not today or not thread.last:
            return thread.members
        silence = (date.fromisoformat(today) - date.fromisoformat(thread.last)).days
        return thread.members[-1:] if silence > AWAKE else thread.members

    def feed(self, key: str, place: str, name: str, ids: Sequence[str]) -> FeedView:
        """The feed over the newest of `ids`, which stand oldest first."""
        entries = tuple(self.entry(page, moment) for page, moment in self.newest(ids))
        updated = max((entry.updated for entry in entries), default=_EPOCH)
        return FeedView(tag_uri(self.config, f"feed:{key}"), place, name, updated, entries)

    def newest(self, ids: Sequence[str]) -> list[tuple[Page, datetime]]:
        """The newest dated pages with their moments, newest first, those of one moment by id."""
        limit = self.config.feed_items
        found: list[tuple[Page, datetime]] = []
        for page_id in reversed(ids):
            page = self.directory.pages[page_id]
            if page.moment is None or (len(found) >= limit and page.moment < found[-1][1]):
                break
            found.append((page, page.moment))
        found.sort(key=lambda pair: (-pair[1].timestamp(), pair[0].id))
        return found[:limit]

    def entry(self, page: Page, moment: datetime) -> EntryView:
        """The entry of `page`, the same in every feed."""
        known = self.entries.get(page.id)
        if known is None:
            newest = page.newest
            known = EntryView(
                id=tag_uri(self.config, page.id),
                url=page.url,
                title=page.title,
                lang=newest.lang,
                body=newest.body,
                updated=last_change(page) or moment,
                outlet=self.outlet(page),
                published=page.published if page.published and page.published <= moment else None,
                link=newest.link,
                summary=newest.lead or newest.excerpt,
                authors=page.authors,
                categories=self.categories(page),
                hero=newest.hero,
                assets=_assets(newest),
            )
            self.entries[page.id] = known
        return known

    def categories(self, page: Page) -> tuple[tuple[str, str], ...]:
        """Topics, then tags, as term and label. Tags without a page of their own count too:
        whether they have one hangs on other articles."""
        topics = self.directory.topics
        found = {slug: topics[slug].title for slug in page.topics if slug in topics}
        for tag in page.tags:
            found.setdefault(tag, tag)
        return tuple(found.items())

    def outlet(self, page: Page) -> OutletView:
        """The outlet of `page` as a feed names it."""
        known = self.outlets.get(page.source)
        if known is None:
            known = OutletView(
                tag_uri(self.config, f"feed:source:{page.source}"),
                self.directory.source(page).title,
                self.directory.homepage(page.source),
            )
            self.outlets[page.source] = known
        return known


def _assets(version: Version) -> tuple[tuple[str, str], ...]:
    """Each reference to a file beside the article with its address in the site."""
    hero = version.hero.url if version.hero else ""
    beside = () if not hero or hero.startswith(("https:", "http:")) else (hero,)
    found = {reference: asset_url(version.path, reference) for reference in (*version.assets, *beside)}
    return tuple((reference, url) for reference, url in found.items() if url)
