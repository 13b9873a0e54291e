"""What many pages share: names, references and entries, each made once from one digest."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest.ids import host_of, slugify
from digest.renderer.dates import day_namer
from digest.renderer.parts import Entry, Feed, Ref
from digest.renderer.words import words_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.config import SiteConfig
    from digest.model import CuratorPage, Digest, Page, Thread

EXCERPT = 120
"""Characters of an excerpt under a headline."""

FEED_MINIMUM = 3
"""Articles from which on a story of the machine's has feeds."""


class Directory:
    """Looks things up for the planners. Filled as it is asked; the digest never changes."""

    def __init__(self, digest: Digest, config: SiteConfig) -> None:
        self.digest = digest
        self.config = config
        self.language = config.language
        self.words = words_for(config.language)
        self.name_day = day_namer(config.language)
        self.pages: dict[str, Page] = {page.id: page for page in digest.pages}
        self.threads: dict[str, Thread] = {thread.id: thread for thread in digest.threads}
        self.editions = {edition.day: edition for edition in digest.editions}
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
        self._day_of = {page_id: day for day, ids in digest.days.items() for page_id in ids}

    def _gather_tags(self) -> tuple[dict[str, Ref], dict[str, tuple[str, ...]]]:
        """Tags that have a page, and each page's articles by its address. Tags of one slug share a page."""
        listed = self.digest.tags
        grouped: dict[str, list[str]] = {}
        for tag in sorted(listed):
            grouped.setdefault(slugify(tag), []).append(tag)
        tags: dict[str, Ref] = {}
        pages: dict[str, tuple[str, ...]] = {}
        for slug, names in grouped.items():
            ids = listed[names[0]]
            if len(names) > 1:
                members = {page_id for name in names for page_id in listed[name]}
                ids = tuple(page.id for page in self.digest.pages if page.id in members)
            if len(ids) >= self.config.tag_minimum:
                href = f"tags/{slug}/index.html"
                pages[href] = ids
                tags.update((name, Ref(name, href)) for name in names)
        return tags, pages

    @cached_property
    def today(self) -> str:
        """The day of the archive's own clock: that of its newest article where it has none."""
        now = self.digest.now
        return self.local(now).isoformat()[:10] if now else max(self.digest.days, default="")

    @cached_property
    def front(self) -> CuratorPage | None:
        """The curator's page that has none of its own but stands on the home page: `pages/index.md`."""
        return next((page for page in self.digest.curator_pages if page.slug == "index"), None)

    @cached_property
    def written(self) -> dict[str, str]:
        """What the curator's own files became, by their paths."""
        pages = {page.path: f"{page.slug}.html" for page in self.digest.curator_pages}
        notes = {edition.path: self.day(day).href for day, edition in self.editions.items()}
        stories = {thread.path: href_of(thread.url) for thread in self.digest.threads if thread.path}
        return {**pages, **notes, **stories}

    @cached_property
    def story_months(self) -> dict[str, list[tuple[Thread, list[str]]]]:
        """The stories of each month (`YYYY-MM`) that had any, each with its articles of that month."""
        months: dict[str, list[tuple[Thread, list[str]]]] = {}
        for thread in self.digest.threads:
            told: dict[str, list[str]] = {}
            for page_id in thread.members:
                if day := self.day_of(page_id):
                    told.setdefault(day[:7], []).append(page_id)
            for month, ids in told.items():
                months.setdefault(month, []).append((thread, ids))
        return dict(sorted(months.items()))

    def lang(self, language: str) -> str:
        """The language to mark a text with: empty where it is the interface's own."""
        return "" if language == self.language else language

    def local(self, moment: datetime) -> datetime:
        """The moment in the site's zone."""
        try:
            return moment.astimezone(self._zone)
        except OverflowError:  # the very first and last day there is
            return moment

    def source(self, page: Page) -> Ref:
        """The outlet of a page."""
        known = self._sources.get(page.source)
        if known is None:
            known = Ref(self._name_source(page), f"sources/{page.source}/index.html")
            self._sources[page.source] = known
        return known

    def _name_source(self, page: Page) -> str:
        """An outlet that has no profile is called as what told it: a host, else a folder."""
        slug = page.source
        profile = self._profiles.get(slug)
        if profile is not None:
            return profile.name
        host = host_of(page.newest.link)
        if host.replace(".", "-") == slug:
            return host
        folder = page.newest.path.partition("/")[0]
        return folder if slugify(folder) == slug else slug

    def homepage(self, slug: str) -> str:
        """The outlet's own address, or empty."""
        profile = self._profiles.get(slug)
        return profile.homepage if profile else ""

    def day(self, day: str) -> Ref:
        """The page of a day (`YYYY-MM-DD`), or for the empty day that of the undated."""
        known = self._days.get(day)
        if known is None:
            if day:
                known = Ref(self.name_day(day), f"{day.replace('-', '/')}/index.html")
            else:
                known = Ref(self.words.undated, "undated/index.html")
            self._days[day] = known
        return known

    def day_of(self, page_id: str) -> str:
        """The day under which an article is listed; empty where undated."""
        return self._day_of.get(page_id, "")

    def ref(self, page_id: str) -> Ref:
        """A link to an article."""
        known = self._refs.get(page_id)
        if known is None:
            page = self.pages[page_id]
            known = Ref(page.title, href_of(page.url), self.lang(page.newest.lang))
            self._refs[page_id] = known
        return known

    def outlet_ref(self, page_id: str) -> Ref:
        """A link to an article, named after its outlet."""
        page = self.pages[page_id]
        return Ref(self.source(page).title, href_of(page.url))

    def story_ref(self, thread: Thread) -> Ref:
        """A link to a story from pages that must not change with it: named by the editor's title,
        or by one word for all that have none."""
        title = thread.title if thread.curated else self.words.story
        return Ref(title, href_of(thread.url), self.lang(thread.lang) if thread.curated else "")

    def has_feeds(self, thread: Thread) -> bool:
        """Whether a story has feeds of its own: nobody follows a pair."""
        return thread.curated or len(thread.members) >= FEED_MINIMUM

    def entry(self, page_id: str) -> Entry:
        """An article as a headline in a list."""
        known = self._entries.get(page_id)
        if known is None:
            page = self.pages[page_id]
            source = self.source(page)
            ref = self.ref(page_id)
            time, stamp = self._clock(page)
            known = Entry(
                ref.title,
                ref.href,
                source.title,
                source.href,
                time,
                stamp,
                ref.lang,
                page.newest.kicker or "",
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
        """The clock time to show under the page's day, and the time for machines."""
        moment = page.moment
        if moment is None:
            return "", ""
        if page.day_only and moment == page.published:
            return "", self.local(moment).isoformat()[:10]
        return self.local(moment).isoformat()[11:16], stamp_of(moment)

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
            days.setdefault(self.day_of(page_id), []).append(page_id)
        return days


def href_of(url: str) -> str:
    """An address of this site (`/sources/rfi/`) relative to its root, naming `index.html`."""
    return url[1:] + "index.html" if url.endswith("/") else url[1:]


def stamp_of(moment: datetime) -> str:
    """RFC 3339 in UTC, whole seconds, with `Z`."""
    return moment.isoformat()[:19] + "Z"


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters on one line, cut at the end of a sentence where one is near."""
    line = " ".join(text.split()).replace("。 ", "。")  # a full-width stop brings its own blank
    if len(line) <= limit:
        return line
    cut = line[:limit]
    end = max(cut.rfind(mark) for mark in "。！？!?")
    if end >= limit // 2:
        return cut[: end + 1]
    if cut[-1].isascii() and line[limit].isascii():
        cut = cut[: cut.rfind(" ")] if cut.rfind(" ") > limit // 2 else cut
    return cut.rstrip(" ，,、；;：:") + "…"
