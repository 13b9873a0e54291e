"""What many pages share: names, references and entries, each made once from one digest."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest.ids import host_of, slugify
from digest.renderer.dates import day_namer
from digest.renderer.parts import Entry, Feed, Ref
from digest.renderer.words import words_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.config import SiteConfig
    from digest.model import Digest, Page

EXCERPT = 120
"""Characters of an excerpt under a headline."""


class Directory:
    """Looks things up for the planners. Filled as it is asked; the digest never changes."""

    def __init__(self, digest: Digest, config: SiteConfig) -> None:
        self.digest = digest
        self.config = config
        self.language = config.language
        self.words = words_for(config.language)
        self.name_day = day_namer(config.language)
        self.pages: dict[str, Page] = {page.id: page for page in digest.pages}
        self._zone = ZoneInfo(config.timezone)
        self._profiles = {profile.slug: profile for profile in config.profiles}
        self._sources: dict[str, Ref] = {}
        self._entries: dict[str, Entry] = {}
        self._briefs: dict[str, Entry] = {}
        self._refs: dict[str, Ref] = {}
        self._days: dict[str, Ref] = {}
        self.topics = {
            rule.slug: Ref(rule.name, f"topics/{rule.slug}/index.html")
            for rule in config.topics
            if digest.topics.get(rule.slug)
        }
        for slug in sorted(digest.topics):
            if digest.topics[slug] and slug not in self.topics:
                self.topics[slug] = Ref(slug, f"topics/{slug}/index.html")
        self.tags, self.tag_pages = self._gather_tags()

    def _gather_tags(self) -> tuple[dict[str, Ref], dict[str, tuple[str, ...]]]:
        """Tags that have a page, and each page's articles by its address. Tags of one slug share a page."""
        outlets = {
            name.casefold()
            for profile in self.config.profiles
            for name in (profile.slug, profile.name, *profile.names)
        }
        grouped: dict[str, list[str]] = {}
        for tag in sorted(self.digest.tags):
            if tag.casefold() not in outlets:
                grouped.setdefault(slugify(tag), []).append(tag)
        tags: dict[str, Ref] = {}
        pages: dict[str, tuple[str, ...]] = {}
        for slug, names in grouped.items():
            ids = self.digest.tags[names[0]]
            if len(names) > 1:
                members = {page_id for name in names for page_id in self.digest.tags[name]}
                ids = tuple(page.id for page in self.digest.pages if page.id in members)
            if len(ids) >= self.config.tag_minimum:
                href = f"tags/{slug}/index.html"
                pages[href] = ids
                tags.update((name, Ref(name, href)) for name in names)
        return tags, pages

    def lang(self, language: str) -> str:
        """The language to mark a text with: empty where it is the interface's own."""
        return "" if language == self.language else language

    def local(self, moment: datetime) -> datetime:
        """The moment in the site's zone."""
        return moment.astimezone(self._zone)

    def source(self, page: Page) -> Ref:
        """The outlet of a page. One that has no profile is known by its host, else its slug."""
        known = self._sources.get(page.source)
        if known is None:
            profile = self._profiles.get(page.source)
            host = host_of(page.newest.link)
            name = host if host.replace(".", "-") == page.source else page.source
            known = Ref(profile.name if profile else name, f"sources/{page.source}/index.html")
            self._sources[page.source] = known
        return known

    def homepage(self, slug: str) -> str:
        """The outlet's own address, or empty."""
        profile = self._profiles.get(slug)
        return profile.homepage if profile else ""

    def day(self, day: str) -> Ref:
        """The page of a day (`YYYY-MM-DD`)."""
        known = self._days.get(day)
        if known is None:
            known = Ref(self.name_day(day), f"{day.replace('-', '/')}/index.html")
            self._days[day] = known
        return known

    def ref(self, page_id: str) -> Ref:
        """A link to an article."""
        known = self._refs.get(page_id)
        if known is None:
            page = self.pages[page_id]
            known = Ref(page.title, page.url[1:], self.lang(page.newest.lang))
            self._refs[page_id] = known
        return known

    def entry(self, page_id: str) -> Entry:
        """An article as a headline in a list."""
        known = self._entries.get(page_id)
        if known is None:
            page = self.pages[page_id]
            source = self.source(page)
            ref = self.ref(page_id)
            time, stamp = self._clock(page)
            known = Entry(
                ref.title, ref.href, source.title, source.href, time, stamp, ref.lang, page.newest.kicker or ""
            )
            self._entries[page_id] = known
        return known

    def brief(self, page_id: str) -> Entry:
        """An article as a headline with an excerpt."""
        known = self._briefs.get(page_id)
        if known is None:
            bare = self.entry(page_id)
            newest = self.pages[page_id].newest
            known = Entry(
                bare.title, bare.href, bare.source, bare.source_href, bare.time, bare.stamp, bare.lang,
                bare.kicker, shorten(newest.lead or newest.excerpt, EXCERPT),
            )  # fmt: skip
            self._briefs[page_id] = known
        return known

    def _clock(self, page: Page) -> tuple[str, str]:
        """The time to show under the page's day, and the time for machines."""
        if page.moment is None:
            return "", ""
        local = self.local(page.moment)
        day = local.isoformat()[:10]
        if page.newest.day_only and page.moment == page.published:
            return "", day
        clock = f"{local.hour:02}:{local.minute:02}"
        if day != page.day:
            clock = f"{local.month}-{local.day} {clock}"
        return clock, stamp_of(page.moment)

    def feeds(self, title: str, folder: str) -> tuple[Feed, ...]:
        """The two feeds that stand in a list's folder."""
        return (
            Feed(title, f"{folder}feed.xml", "application/atom+xml"),
            Feed(title, f"{folder}feed.json", "application/feed+json"),
        )

    def by_day(self, ids: Iterable[str]) -> dict[str, list[str]]:
        """The articles under their days, in the order given; undated ones under the empty day."""
        days: dict[str, list[str]] = {}
        for page_id in ids:
            days.setdefault(self.pages[page_id].day, []).append(page_id)
        return days


def stamp_of(moment: datetime) -> str:
    """RFC 3339 in UTC, whole seconds, with `Z`."""
    return moment.isoformat()[:19] + "Z"


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters on one line, cut at the end of a sentence where one is near."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[:limit]
    end = max(cut.rfind(mark) for mark in "。！？!?")
    if end >= limit // 2:
        return cut[: end + 1]
    if cut[-1].isascii() and line[limit].isascii():
        cut = cut[: cut.rfind(" ")] if cut.rfind(" ") > limit // 2 else cut
    return cut.rstrip(" ，,、；;：:") + "…"
