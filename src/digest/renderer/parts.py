"""The pieces views are made of. `views` says what holds for all their fields."""

from __future__ import annotations

from msgspec import Struct


class Part(Struct, frozen=True, gc=False, array_like=True):
    """A piece of a view."""


class Ref(Part, frozen=True):
    """A link to a page of this site."""

    title: str
    href: str
    lang: str = ""


class Related(Part, frozen=True):
    """A link an outlet gave beside its article: `href` where the archive has it (else empty),
    `link` the absolute original."""

    title: str
    href: str
    link: str
    lang: str = ""


class Feed(Part, frozen=True):
    """A feed of a list, for autodiscovery: its media type is `type`."""

    title: str
    href: str
    type: str


class Entry(Part, frozen=True):
    """One article in a list. `time` is a clock time, with the day where it is another than the list's."""

    title: str
    href: str
    source: str
    source_href: str
    time: str
    stamp: str
    lang: str = ""
    kicker: str = ""
    excerpt: str = ""


class Group(Part, frozen=True):
    """Entries under one heading (a day, a topic); `title` is empty where there is but one group."""

    title: str
    href: str
    entries: tuple[Entry, ...]
    lang: str = ""


class Tally(Part, frozen=True):
    """One of many things with its number of articles; `note` is a line about it."""

    title: str
    href: str
    count: int
    note: str = ""
    lang: str = ""


class Report(Part, frozen=True):
    """One report, and where else its text stands: `also` are links to those articles, each titled
    with its outlet."""

    entry: Entry
    also: tuple[Ref, ...] = ()


class Happening(Part, frozen=True):
    """One event of a story: the report that stands for it and those folded under it, which are
    `count` articles in all. `key` marks what many outlets carried or the editor pinned."""

    lead: Report
    more: tuple[Report, ...] = ()
    count: int = 0
    key: bool = False


class StoryDay(Part, frozen=True):
    """A day of a story's timeline. `silence` counts the days before it without any report, where
    these are worth naming, else 0."""

    title: str
    href: str
    silence: int
    events: tuple[Happening, ...]


class DayStory(Part, frozen=True):
    """What one day brought of a story: `story` leads to its page, with the editor's title or none;
    `outlets` and `count` are those of the day."""

    story: Ref
    outlets: int
    count: int
    told: Happening


class Story(Part, frozen=True):
    """One of many stories, with its numbers of outlets and of articles. `note` is its span of days;
    `entries` are its newest headlines. Either may be empty."""

    title: str
    href: str
    outlets: int
    count: int
    note: str = ""
    entries: tuple[Entry, ...] = ()
    lang: str = ""


class Quote(Part, frozen=True):
    """A sentence of an article: its words, the article, and the outlet."""

    text: str
    href: str
    source: str
    lang: str = ""


class Chart(Part, frozen=True):
    """Reports per day or week as the path of an SVG of `width` by 24 units, one stroke a bar; `note`
    says in words what it shows."""

    path: str
    width: int
    note: str


class CoverageRow(Part, frozen=True):
    """One outlet's reports: all, and those of each column."""

    title: str
    href: str
    count: int
    cells: tuple[int, ...]


class Coverage(Part, frozen=True):
    """Who reported how much when. `unit` says what a column is; `earliest` is the earliest report
    that the archive holds, its `time` with the date."""

    unit: str
    columns: tuple[str, ...]
    rows: tuple[CoverageRow, ...]
    earliest: Entry


class Pager(Part, frozen=True):
    """The way through a long list: each is a page's address or empty. `number` counts from the
    oldest page; 0 is the list itself, which shows the newest."""

    number: int = 0
    older: str = ""
    newer: str = ""
    oldest: str = ""
    newest: str = ""


class Moment(Part, frozen=True):
    """When an article was published, or, where that is not known, collected (`collected`)."""

    stamp: str
    label: str
    collected: bool = False


class Hero(Part, frozen=True):
    """The leading picture. `link` is absolute; `src` is the address here of a picture that lies
    beside the article, else empty."""

    link: str
    src: str
    caption: str
    credit: str


class Place(Part, frozen=True):
    """An article's place in a story. `title` is the editor's, or one word for all that have none:
    a title the machine gave may change with each report. Neighbours are never of the same text."""

    title: str
    href: str
    previous: Ref | None
    next: Ref | None
    lang: str = ""


class VersionNote(Part, frozen=True):
    """One scrape: when it was made, and its title where that differs from the page's."""

    stamp: str
    label: str
    title: str


class Note(Part, frozen=True):
    """The curator's note on a day: a title (may be empty) and safe HTML."""

    title: str
    html: str


class CalendarDay(Part, frozen=True):
    """A day of a month; `href` is empty where there is nothing. `weekday` is 1 (Monday) to 7."""

    number: int
    weekday: int
    label: str
    href: str
    count: int


class HomeDay(Part, frozen=True):
    """A day on the home page: `count` articles in all, of which `entries` are shown."""

    title: str
    href: str
    weekday: str
    note: Note | None
    entries: tuple[Entry, ...]
    count: int
