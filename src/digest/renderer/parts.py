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
    """Entries under one heading (a day, a story, a topic); `title` is empty where there is but one group."""

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
    """An article's place in a story."""

    title: str
    href: str
    previous: Ref | None
    next: Ref | None


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
