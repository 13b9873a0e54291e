"""The values that flow from stage to stage. All are frozen; no stage fills in another's.

    SourceFile ──load──▶ Loaded(Version, Body)         one file at a time, pure
    Versions   ──assemble──▶ Digest(pages, threads …)   the whole edition, pure
    Digest     ──plan──▶ Job ──render──▶ bytes

Times are aware datetimes in UTC, in whole seconds. References between pages are ids.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from digest.errors import Problem

Lang = Literal["zh-Hans", "zh-Hant", "en"]
"""The language of a text, told by its own characters. Nothing else is published."""


class SourceFile(Struct, frozen=True, gc=False):
    """One input file. `path` is relative to its content folder, with `/` between parts."""

    path: str
    data: bytes


class Picture(Struct, frozen=True, gc=False):
    """A picture an article shows. `url` is absolute (proxies unwrapped, https) or,
    for a file beside the article, relative to it."""

    url: str
    caption: str | None = None
    credit: str | None = None


class Link(Struct, frozen=True, gc=False):
    """A link out of an article: absolute URL and its words (may be empty)."""

    url: str
    text: str = ""


class Version(Struct, frozen=True, gc=False, omit_defaults=True):
    """What one scraped file says: everything but its running text, which is a `Body`.

    `key` tells versions of one article: the outlet's own article key, else the canonical URL,
    else the file path (its kind stands in front: `key:…`, `url:…`, `path:…`). `body` is the
    digest under which the store keeps the `Body`. `size` counts the characters of the running text.
    `former` is the address that an older site gave it (`/news/2020/07/01/标题.html`, decoded), if that is to
    lead to its page.
    """

    path: str
    source: str
    key: str
    link: str
    title: str
    lang: Lang
    body: str
    excerpt: str = ""
    size: int = 0
    kicker: str | None = None
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    day_only: bool = False
    fetched: datetime | None = None
    lead: str | None = None
    hero: Picture | None = None
    images: tuple[Picture, ...] = ()
    links: tuple[str, ...] = ()
    related: tuple[Link, ...] = ()
    tags: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    truncated: bool = False
    problems: tuple[Problem, ...] = ()
    former: str = ""


class Body(Struct, frozen=True, gc=False):
    """The running text: sanitised HTML (headings from h2 down) and plain text
    (blocks separated by one newline)."""

    html: str
    text: str


PieceKind = Literal["text", "caption", "credit", "stripped"]


class Piece(Struct, frozen=True, gc=False):
    """A run of the source body's text and what became of it, in document order.

    All pieces together are the whole text of the source body, white space aside.
    `rule` names the profile rule that stripped it or drew a field from it.
    """

    kind: PieceKind
    text: str
    rule: str = ""


class Trace(Struct, frozen=True, gc=False):
    """How a file was read, for `digest inspect`: the shape and profile used, where
    each field came from (field, origin), and every piece of the body's text."""

    shape: str
    profile: str
    why: str
    fields: tuple[tuple[str, str], ...]
    pieces: tuple[Piece, ...]


class Loaded(Struct, frozen=True, gc=False):
    """The outcome for one scraped file."""

    version: Version
    body: Body


class CuratorPage(Struct, frozen=True, gc=False):
    """A page the curator wrote in Markdown (`content/pages/about.md`)."""

    path: str
    slug: str
    title: str
    html: str
    lang: Lang
    order: int = 0
    assets: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class Edition(Struct, frozen=True, gc=False):
    """The curator's note that leads a day (`content/editions/2023-11-10.md`)."""

    path: str
    day: str
    title: str
    html: str
    problems: tuple[Problem, ...] = ()
    assets: tuple[str, ...] = ()


class ThreadFile(Struct, frozen=True, gc=False):
    """A story as the editor wants it (`content/threads/biden-xi.md`).

    `adopt` and `merge` name stories the machine found, by id or by any member (an original URL,
    a page id or address): the first becomes this one, the others flow into it. A page belongs when
    it is in `include`, or when no `exclude` names it and it is a member of one of those
    stories, or lies in the period (days, both ends in), its outlet is in `sources` (if any
    are named), and its title, lead or opening hold a word of *each* group in `words` (a
    group is alternatives). `pin` names pages whose events are key events; `hide` takes the story off
    the site; `titled` says that the file itself gives the title.
    """

    path: str
    id: str
    title: str
    html: str
    words: tuple[tuple[str, ...], ...] = ()
    first: str | None = None
    last: str | None = None
    sources: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    lines: tuple[tuple[str, int], ...] = ()
    assets: tuple[str, ...] = ()
    adopt: str = ""
    merge: tuple[str, ...] = ()
    pin: tuple[str, ...] = ()
    hide: bool = False
    titled: bool = True


class Correction(Struct, frozen=True, gc=False):
    """A curator's mending of one article, by URL or page id, from `content/corrections.toml`.

    `published` without a zone is in the site's.
    """

    url: str
    title: str | None = None
    published: datetime | None = None
    source: str | None = None
    authors: tuple[str, ...] | None = None
    hide: bool = False
    line: int = 0
    path: str = ""
    day_only: bool = False
    reason: str = ""


class Takedown(Struct, frozen=True, gc=False):
    """An article that must not be published any more, by URL or page id, from `content/takedown.toml`:
    since which day (`YYYY-MM-DD`, may be empty), and why."""

    url: str
    day: str = ""
    reason: str = ""
    line: int = 0
    path: str = ""


class Tombstone(Struct, frozen=True, gc=False):
    """What stands at the address of an article that was taken down. `path` is the file that says so."""

    url: str
    day: str
    reason: str
    path: str


class Page(Struct, frozen=True, gc=False):
    """One article with all its versions, oldest first; what is shown is the newest.

    `url` starts with `/` and holds no base path. `day` is that of the version
    fetched first, in the site's zone (`YYYY-MM-DD`), or empty where undated.
    `moment` is what the page is ranked by: `published`, or `fetched` where the
    published time is missing or lies in the future. `day_only` says that `published` is a
    day without a clock time. `problems` are those of all versions and of the page itself.
    """

    id: str
    url: str
    versions: tuple[Version, ...]
    source: str
    title: str
    authors: tuple[str, ...]
    published: datetime | None
    moment: datetime | None
    day: str
    topics: tuple[str, ...]
    tags: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    day_only: bool = False

    @property
    def newest(self) -> Version:
        """The version that is shown."""
        return self.versions[-1]


class Event(Struct, frozen=True, gc=False):
    """One happening of a story: the pages that report it, the one that stands for it first, the
    others by moment. `day` is that of its first report. `key` marks what many outlets carried
    or the editor pinned."""

    day: str
    members: tuple[str, ...]
    key: bool = False


class Group(Struct, frozen=True, gc=False):
    """A story as the machine finds it. `id` is its founding page's id; `former` are the ids under
    which an earlier build of the same growing archive may have published it. `events` part
    `members`; both are ordered by moment. `related` are the ids of the nearest other groups."""

    id: str
    members: tuple[str, ...]
    events: tuple[tuple[str, ...], ...]
    former: tuple[str, ...] = ()
    related: tuple[str, ...] = ()


class Grouping(Struct, frozen=True, gc=False):
    """What grouping finds: stories of two pages or more (each page in one at most), and
    `copies`: a page's id to that of the earliest page of its story with the same text."""

    groups: tuple[Group, ...] = ()
    copies: dict[str, str] = {}


class Sentence(Struct, frozen=True, gc=False):
    """A sentence of an article: its words, the language, and the page it stands in."""

    text: str
    page: str
    lang: Lang


class Thread(Struct, frozen=True, gc=False):
    """A story: its member pages, oldest first. `events` part them, by the day each began.

    `curated` says that the editor's file at `path` has a say in it; `html` is the editor's
    introduction, `summary` the one drawn from the articles. `title` is in `lang`. `former` are ids whose
    addresses lead here; `related` ids of other threads, nearest first.
    """

    id: str
    url: str
    title: str
    curated: bool
    members: tuple[str, ...]
    first: str
    last: str
    sources: tuple[str, ...]
    html: str = ""
    path: str = ""
    assets: tuple[str, ...] = ()
    lang: Lang = "zh-Hans"
    events: tuple[Event, ...] = ()
    summary: tuple[Sentence, ...] = ()
    former: tuple[str, ...] = ()
    related: tuple[str, ...] = ()


class Digest(Struct, frozen=True, gc=False):
    """The whole edition. `pages` are ordered by moment, then id, oldest first; hidden
    pages are gone, undated ones come first. Each listing maps a key to page ids in
    that same order: sources and topics by slug, tags by the tag, days by
    `YYYY-MM-DD` in the site's zone. `hidden` are the ids of hidden pages, `hidden_paths` their
    files. `local` maps an address as it stands in an article's links or a curator's text to
    the id of its page here. `copies` maps a page to the earliest page of its story that carries the
    same text. `retired` are ids of stories that are no more (the editor hid them or took their
    articles): their addresses lead to the list of stories. `tombstones` stand at the addresses of pages that
    were taken down, which are among the hidden too. `former` maps addresses that an older site gave to
    articles to the ids of their pages. `problems` are those that no page carries."""

    pages: tuple[Page, ...]
    sources: dict[str, tuple[str, ...]]
    topics: dict[str, tuple[str, ...]]
    tags: dict[str, tuple[str, ...]]
    days: dict[str, tuple[str, ...]]
    undated: tuple[str, ...]
    threads: tuple[Thread, ...]
    local: dict[str, str]
    curator_pages: tuple[CuratorPage, ...]
    editions: tuple[Edition, ...]
    hidden: tuple[str, ...]
    problems: tuple[Problem, ...]
    now: datetime | None = None
    hidden_paths: tuple[str, ...] = ()
    copies: dict[str, str] = {}
    retired: tuple[str, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    former: dict[str, str] = {}


class Curated(Struct, frozen=True, gc=False):
    """All that the curator's own files say. `problems` are those of files and entries that no
    page, edition or thread carries; every file read is in `paths`."""

    pages: tuple[CuratorPage, ...] = ()
    editions: tuple[Edition, ...] = ()
    threads: tuple[ThreadFile, ...] = ()
    corrections: tuple[Correction, ...] = ()
    problems: tuple[Problem, ...] = ()
    paths: tuple[str, ...] = ()
    takedowns: tuple[Takedown, ...] = ()
