"""All that the feeds, the OPML, the sitemap and robots.txt show. Frozen values, no page objects.

What belongs to the whole site (its `url`, title, language) is read from the
`SiteConfig` when the file is rendered; addresses here start with `/` and hold
no base path.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from digest.model import Lang, Picture


class OutletView(Struct, frozen=True, gc=False, array_like=True):
    """Where an entry comes from. `id` is the tag: URI of the outlet's own feed here."""

    id: str
    name: str
    homepage: str = ""


class EntryView(Struct, frozen=True, gc=False, array_like=True, omit_defaults=True):
    """One article in a feed. `body` is the digest of the `Body` it shows in full.

    `categories` are pairs of term and label, `assets` pairs of a reference to a picture
    beside the article and its address in the site; `published` is missing where the
    printed time cannot be trusted.
    """

    id: str
    url: str
    title: str
    lang: Lang
    body: str
    updated: datetime
    outlet: OutletView
    published: datetime | None = None
    link: str = ""
    summary: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[tuple[str, str], ...] = ()
    hero: Picture | None = None
    assets: tuple[tuple[str, str], ...] = ()


class FeedView(Struct, frozen=True, gc=False, array_like=True):
    """One feed, in whichever format. `place` is the folder of the list it follows
    (`/sources/rfi/`); `name` is empty for the feed of the whole site."""

    id: str
    place: str
    name: str
    updated: datetime
    entries: tuple[EntryView, ...] = ()


class OutlineView(Struct, frozen=True, gc=False, array_like=True):
    """One feed in the OPML: its name and the folder of its list."""

    name: str
    place: str


class OpmlView(Struct, frozen=True, gc=False, array_like=True):
    """All feeds of the site. `groups` are a heading and its feeds; none is empty."""

    groups: tuple[tuple[str, tuple[OutlineView, ...]], ...]


class SitemapView(Struct, frozen=True, gc=False, array_like=True):
    """Up to 50,000 addresses of pages, each with the time of its last change if that is known."""

    pages: tuple[tuple[str, datetime | None], ...]


class SitemapIndexView(Struct, frozen=True, gc=False, array_like=True):
    """The addresses of a sitemap's parts, each with its newest change."""

    parts: tuple[tuple[str, datetime | None], ...]


class RobotsView(Struct, frozen=True, gc=False, array_like=True):
    """robots.txt: the address of the sitemap, or empty where there is none."""

    sitemap: str = ""


FEED_VIEWS: Mapping[str, type[Struct]] = {
    "feed.xml": FeedView,
    "feed.json": FeedView,
    "feeds.opml": OpmlView,
    "sitemap.xml": SitemapView,
    "sitemap-index.xml": SitemapIndexView,
    "robots.txt": RobotsView,
}
"""The templates of this room that Jinja does not render, and the view of each."""
