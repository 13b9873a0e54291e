"""What templates may see. A page's HTML is a function of (view, body, template, config).

Rules that hold for every view: `href` is an address relative to the site's root that names
`index.html` (a template writes `{{ root }}{{ href }}`), except where a field says that it is
absolute. `lang` is a language tag where the text is not in the interface's language, else
empty. An absent text is an empty string, never None. Times are strings: `stamp` in UTC for
machines, `time` and `label` in the site's zone for people. `docs/pages/templates.md` is the
contract that follows from this file.
"""

from __future__ import annotations

from msgspec import Struct

from digest.renderer.parts import (
    CalendarDay,
    Chart,
    Coverage,
    DayStory,
    Entry,
    Feed,
    Group,
    Hero,
    HomeDay,
    Moment,
    Note,
    Pager,
    Place,
    Quote,
    Ref,
    Related,
    Story,
    StoryDay,
    Tally,
    VersionNote,
)


class View(Struct, frozen=True, gc=False, array_like=True):
    """What every page has: its own address and its title."""

    href: str
    title: str


class ArticleView(View, frozen=True):
    """An article. Holds nothing that changes when another article arrives, but its neighbours.

    `body` is the digest of the body; `local` pairs an original URL with the address of the
    page here, `assets` a reference in the body with the address of the file here.
    """

    lang: str
    kicker: str
    description: str
    source: Ref
    link: str
    authors: tuple[str, ...]
    moment: Moment | None
    day: Ref | None
    modified: str
    hero: Hero | None
    body: str
    truncated: bool
    local: tuple[tuple[str, str], ...]
    assets: tuple[tuple[str, str], ...]
    related: tuple[Related, ...]
    topics: tuple[Ref, ...]
    tags: tuple[Ref, ...]
    threads: tuple[Place, ...]
    original: Ref | None
    copies: tuple[Ref, ...]
    previous: Ref | None
    next: Ref | None
    versions: tuple[VersionNote, ...]


class HomeView(View, frozen=True):
    """What the curator says there, the latest days and stories, and the ways into the archive."""

    html: str
    days: tuple[HomeDay, ...]
    threads: tuple[Story, ...]
    years: tuple[Tally, ...]
    sources: tuple[Tally, ...]
    topics: tuple[Tally, ...]
    pages: tuple[Ref, ...]
    undated: int
    feeds: tuple[Feed, ...]


class DayView(View, frozen=True):
    """One day: the curator's note leads, then stories, topics and the rest."""

    weekday: str
    count: int
    note: Note | None
    stories: tuple[DayStory, ...]
    groups: tuple[Group, ...]
    month: Ref
    year: Ref
    previous: Ref | None
    next: Ref | None


class MonthView(View, frozen=True):
    """One month as a calendar."""

    count: int
    days: tuple[CalendarDay, ...]
    weekdays: tuple[str, ...]
    year: Ref
    previous: Ref | None
    next: Ref | None


class YearView(View, frozen=True):
    """One year with its months."""

    count: int
    months: tuple[Tally, ...]
    previous: Ref | None
    next: Ref | None


class ListView(View, frozen=True):
    """A long list of articles by day, newest first. `count` is that of the whole list, and 0 on
    its older pages, which never change."""

    lang: str
    count: int
    groups: tuple[Group, ...]
    pager: Pager
    list: Ref
    feeds: tuple[Feed, ...]


class SourceView(ListView, frozen=True):
    """An outlet's articles; `homepage` is absolute or empty."""

    homepage: str


class TopicView(ListView, frozen=True):
    """A topic's articles."""


class TagView(ListView, frozen=True):
    """A tag's articles."""


class UndatedView(ListView, frozen=True):
    """Articles of which neither a date nor the time of collection is known."""


class IndexView(View, frozen=True):
    """All of a kind, with their numbers of articles."""

    items: tuple[Tally, ...]


class SourcesView(IndexView, frozen=True):
    """All outlets."""


class TopicsView(IndexView, frozen=True):
    """All topics."""


class TagsView(IndexView, frozen=True):
    """All tags that have a page."""


class ThreadsView(View, frozen=True):
    """Stories by rank: on the page of all the current ones, with the editor's others and the
    `months` that have a page; on a month's page, which has `list`, those of that month. `parts`
    are the pages of a month that has too many for one, this one with them."""

    items: tuple[Story, ...]
    curated: tuple[Story, ...]
    months: tuple[Ref, ...]
    list: Ref | None
    parts: tuple[Ref, ...]
    previous: Ref | None
    next: Ref | None


class ThreadView(View, frozen=True):
    """A story: the introduction (the editor's, safe HTML, else quotations), and its timeline,
    oldest first.

    A long story has a page for each month: `parts` names them on the story's own page, which
    shows the newest and lists the key events of all. A page of an older month has `story`, and
    neither introduction, chart, coverage nor feeds.
    """

    lang: str
    story: Ref | None
    html: str
    summary: tuple[Quote, ...]
    span: str
    count: int
    sources: tuple[Tally, ...]
    chart: Chart | None
    keys: tuple[Entry, ...]
    parts: tuple[Tally, ...]
    days: tuple[StoryDay, ...]
    coverage: Coverage | None
    related: tuple[Ref, ...]
    previous: Ref | None
    next: Ref | None
    feeds: tuple[Feed, ...]


class PageView(View, frozen=True):
    """A page the curator wrote; `html` is safe HTML."""

    lang: str
    html: str


class NotFoundView(View, frozen=True):
    """What a host shows for an address that is not there; its links are absolute."""


class RedirectView(View, frozen=True):
    """An address that leads on to another: `target` is a page of this site."""

    target: Ref


class TombstoneView(View, frozen=True):
    """What stands at the address of an article that was taken down: the `day` for machines, and as
    its `label`; a `reason` in `lang`. Any may be empty."""

    day: str
    label: str
    reason: str
    lang: str


PAGE_VIEWS: dict[str, type[View]] = {
    "article.html": ArticleView,
    "home.html": HomeView,
    "day.html": DayView,
    "month.html": MonthView,
    "year.html": YearView,
    "source.html": SourceView,
    "sources.html": SourcesView,
    "topic.html": TopicView,
    "topics.html": TopicsView,
    "tag.html": TagView,
    "tags.html": TagsView,
    "undated.html": UndatedView,
    "thread.html": ThreadView,
    "threads.html": ThreadsView,
    "page.html": PageView,
    "404.html": NotFoundView,
    "redirect.html": RedirectView,
    "tombstone.html": TombstoneView,
}
"""Every page template and the view it is given."""
