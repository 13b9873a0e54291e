"""The editor's bench: what a page is about, whom it could belong to, and edits that can be undone."""

from __future__ import annotations

from collections import defaultdict
from difflib import unified_diff
from secrets import token_urlsafe
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from msgspec import Struct

from digest.build.scan import read
from digest.curation.filing import Sheet, draft, file, take_back
from digest.curation.front_matter import read_body
from digest.curation.selection import Selection, select
from digest.curation.stories import Stories, gather_stories
from digest.curation.suggestions import Kind, Suggestion, suggest
from digest.errors import ContentError
from digest.model import Page, SourceFile, Thread
from digest.serve.addresses import path_in_site
from digest.serve.asks import Ask
from digest.text.folding import fold, fold_all

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.build.accounts import Edition
    from digest.serve.hub import Hub
    from digest.serve.site import Site

_FOUND = 40
"""Stories that a search shows: who wants more writes another word."""


class Report(Struct, frozen=True):
    """An article as the bench shows it. `key` says that it stands first in a key event."""

    id: str
    title: str
    url: str
    outlet: str
    day: str
    key: bool = False


class Choice(Struct, frozen=True):
    """A story as the bench shows it. `file` is the editor's, or empty."""

    id: str
    title: str
    url: str
    reports: int
    outlets: int
    first: str
    last: str
    file: str


class About(Struct, frozen=True):
    """What a page is about: an article, its story, or that of a story's page; and what may be undone."""

    token: str
    undo: str
    article: Report | None = None
    story: Choice | None = None
    members: tuple[Report, ...] = ()
    related: tuple[Choice, ...] = ()


class Hint(Struct, frozen=True):
    """A suggestion with what it names. `other` is a story or an article."""

    kind: Kind
    likeness: float
    story: Choice
    other: Choice | Report | None = None


class Done(Struct, frozen=True):
    """What an edit did: the files it wrote, as a build names them, their diff, and what may be undone now."""

    files: tuple[str, ...]
    diff: str
    undo: str


class _Index:
    """An edition by address and id."""

    def __init__(self, edition: Edition, names: dict[str, str], base: str) -> None:
        self.edition, self.names, self.base = edition, names, base
        digest = edition.digest
        self.pages = {page.id: page for page in digest.pages}
        self.threads = {thread.id: thread for thread in digest.threads}
        self.by_url = {page.url: page for page in digest.pages}
        self.stories_of: defaultdict[str, list[Thread]] = defaultdict(list)
        for thread in digest.threads:
            for member in thread.members:
                self.stories_of[member].append(thread)

    def choice(self, thread: Thread) -> Choice:
        """A story as it is shown."""
        counts = len(thread.members), len(thread.sources)
        url = self.base + quote(thread.url[1:])
        return Choice(thread.id, thread.title, url, *counts, thread.first, thread.last, thread.path)

    def report(self, page: Page, *, key: bool = False) -> Report:
        """An article as it is shown."""
        outlet = self.names.get(page.source, page.source)
        return Report(page.id, page.title, self.base + quote(page.url[1:]), outlet, page.day, key)


class Bench:
    """Reads and edits for the pages that are open, in one thread. Every edit stays undoable until the
    server ends. `token` is what a request that writes has to bring along."""

    def __init__(self, site: Site, hub: Hub) -> None:
        self._site, self._hub = site, hub
        self.token = token_urlsafe(24)
        self._done: list[tuple[str, tuple[Sheet, ...]]] = []
        self._index: tuple[int, _Index] | None = None
        self._hints: tuple[int, tuple[Suggestion, ...]] | None = None

    def about(self, path: str) -> About:
        """What the page at a decoded path is about."""
        index = self._look_up()
        inside = path_in_site(path, unquote(self._site.config.base_path)) or ""
        page = index.by_url.get(inside)
        stories = index.stories_of.get(page.id, ()) if page else self._stories_at(inside, index)
        thread = next(iter(stories), None)
        if thread is None:
            return About(self.token, self._undo, index.report(page) if page else None)
        leads = {event.members[0] for event in thread.events if event.key}
        members = (index.pages[name] for name in thread.members)
        return About(
            self.token,
            self._undo,
            index.report(page) if page else None,
            index.choice(thread),
            tuple(index.report(member, key=member.id in leads) for member in members),
            self._choices(thread.related, index),
        )

    def find(self, words: str) -> tuple[Choice, ...]:
        """Stories that hold all the words, newest first."""
        index = self._look_up()
        found = select(index.edition.digest, Selection(tuple(words.split())), "newest", fold)
        return tuple(map(index.choice, found[:_FOUND]))

    def suggest(self) -> tuple[Hint, ...]:
        """What to look at next."""
        index = self._look_up()
        if self._hints is None or self._hints[0] != self._hub.epoch:
            self._hints = self._hub.epoch, suggest(index.edition.digest, fold_all)
        hints = []
        for each in self._hints[1]:
            other: Choice | Report | None = None
            if each.kind == "merge":
                other = index.choice(index.threads[each.other])
            elif each.kind == "stray":
                other = index.report(index.pages[each.other])
            hints.append(Hint(each.kind, each.likeness, index.choice(index.threads[each.story]), other))
        return tuple(hints)

    def read_note(self, story: str) -> str:
        """The introduction of a story as it stands in its file. Raises ContentError."""
        index = self._look_up()
        thread = index.threads.get(story)
        for found in index.edition.files:
            if thread is not None and thread.path and found.path == thread.path:
                data = read(found)
                return read_body(data.decode("utf-8"), found.path) if isinstance(data, bytes) else ""
        return ""

    def edit(self, ask: Ask, what: str) -> Done:
        """Does what is asked for, and remembers how to take it back as `what`. Raises ContentError."""
        edition = self._look_up().edition
        places = {found.path: found.place for found in edition.files}
        sheets = tuple(draft(ask.edits(self._stories(edition)), places, self._site.config.content[0]))
        file(sheets)
        if sheets:
            self._done.append((what, sheets))
        return self._tell(sheets)

    def undo(self) -> Done:
        """Takes the newest edit back. Raises ContentError where there is none, or where its files have
        been changed since."""
        if not self._done:
            raise ContentError("there is nothing to undo")
        _, sheets = self._done[-1]
        take_back(sheets)
        self._done.pop()
        return self._tell(tuple(Sheet(s.path, s.place, s.after, s.before) for s in sheets))

    @property
    def _undo(self) -> str:
        return self._done[-1][0] if self._done else ""

    def _tell(self, sheets: Iterable[Sheet]) -> Done:
        sheets = tuple(sheets)
        diff = "".join(line for sheet in sheets for line in _compare(sheet))
        return Done(tuple(sheet.path for sheet in sheets), diff, self._undo)

    def _look_up(self) -> _Index:
        epoch = self._hub.epoch
        if self._index is None or self._index[0] != epoch:
            config = self._site.config
            names = {profile.slug: profile.name for profile in config.profiles}
            self._index = epoch, _Index(self._site.edition(), names, quote(unquote(config.base_path)))
        return self._index[1]

    def _stories(self, edition: Edition) -> Stories:
        read_files = ((found.path, read(found)) for found in edition.files if found.kind == "curator")
        files = [SourceFile(path, data) for path, data in read_files if isinstance(data, bytes)]
        return gather_stories(edition.digest, edition.grouping, files, self._site.config.profiles)

    def _stories_at(self, inside: str, index: _Index) -> list[Thread]:
        """The story whose page, or one of whose months, is at a path."""
        folder, _, name = inside.removeprefix("/threads/").partition("/")
        thread = index.threads.get(folder) if inside.startswith("/threads/") and name else None
        return [thread] if thread else []

    def _choices(self, names: Iterable[str], index: _Index) -> tuple[Choice, ...]:
        return tuple(index.choice(index.threads[name]) for name in names if name in index.threads)


def _compare(sheet: Sheet) -> list[str]:
    before, after = (_lines(data) for data in (sheet.before, sheet.after))
    return list(unified_diff(before, after, sheet.path, sheet.path))


def _lines(data: bytes | None) -> list[str]:
    return (data or b"").decode("utf-8", "replace").splitlines(keepends=True)
