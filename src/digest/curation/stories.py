"""Finds the story or the article that an editor's words name, and says how a file names it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import unquote_to_bytes

from msgspec import Struct

from digest.curation.front_matter import Entry
from digest.errors import ContentError
from digest.loaders.curator import load_curated
from digest.model import Digest, Group, Grouping, Page, SourceFile, Thread, ThreadFile
from digest.sources.address import Addresses
from digest.sources.profile import Profile
from digest.taxonomy.lookup import Lookup
from digest.taxonomy.references import References

_ADDRESS = re.compile(r"(?:^|/)threads/([a-z0-9-]+)(?:/(?:index\.html)?)?(?:[?#].*)?$")
_HIGH_ESCAPES = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_LONGEST, _NOTE = 100, 40
"""Characters of an address that is still read at a glance, and of a note behind it."""


class Story(Struct, frozen=True):
    """A story: its id, its thread in the edition, and the editor's file that has a say in it.

    It has no thread where a file hides it or leaves it empty, nor where an article is in no story:
    then `id` is the article's, and there is no file either.
    """

    id: str
    thread: Thread | None = None
    file: ThreadFile | None = None

    @property
    def members(self) -> tuple[str, ...]:
        """The ids of its pages as published, oldest first."""
        return self.thread.members if self.thread else ()


class Stories:
    """What stories an edition has, the machine's (`grouping`) and the editor's (`files`)."""

    def __init__(
        self, digest: Digest, grouping: Grouping, files: Sequence[ThreadFile], addresses: Addresses
    ) -> None:
        self.files = tuple(sorted(files, key=lambda f: f.path))
        lookup = Lookup(digest.pages, addresses)
        self._references = References(digest.pages, lookup, lookup, grouping.groups)
        self._pages = {page.id: page for page in digest.pages}
        self._threads = {thread.id: thread for thread in digest.threads}
        self._by_former = {name: t.id for t in reversed(digest.threads) for name in t.former}
        self._by_path = {file.path: file for file in self.files}
        self._by_page: dict[str, list[str]] = {}
        for thread in digest.threads:
            for member in thread.members:
                self._by_page.setdefault(member, []).append(thread.id)

    def page(self, reference: str) -> Page:
        """The page `reference` leads to. Raises ContentError where there is none."""
        found = self._references.find_pages(reference)
        if not found:
            raise ContentError(f"{reference!r} is no article here")
        return self._pages[found[0]]

    def pages(self, references: Iterable[str]) -> tuple[Page, ...]:
        """The pages that the references lead to, each once, oldest first."""
        found = {self.page(reference).id for reference in references}
        return tuple(page for name, page in self._pages.items() if name in found)

    def naming(self, page: Page, references: Iterable[str]) -> tuple[str, ...]:
        """Those of `references` that lead to `page`."""
        return tuple(r for r in references if page.id in self._references.find_pages(r))

    def story(self, reference: str) -> Story:
        """The story `reference` names: by its id or address, an earlier id, or any member. Raises
        ContentError where there is none, or where the article is in several."""
        text = reference.strip()
        match = _ADDRESS.search(text)
        name = match[1] if match else text
        name = self._by_former.get(name, name)
        if name in self._threads:
            return self._published(name)
        if file := next((file for file in self.files if file.id == name), None):
            return Story(file.id, None, file)
        found = self._references.find_story(text)
        if isinstance(found, Group) and (owner := self._owner(found)):
            return self._published(owner.id) if owner.id in self._threads else Story(owner.id, None, owner)
        if found is None:
            raise ContentError(f"{reference!r} is no story and no article here")
        return self.story_of(self.page(text))

    def published(self, reference: str) -> Story:
        """As `story`, for a story that has a thread. Raises ContentError where it has none."""
        return as_published(self.story(reference))

    def story_of(self, page: Page) -> Story:
        """The story `page` is in. Raises ContentError where it is in several."""
        names = self._by_page.get(page.id, [])
        if len(names) > 1:
            raise ContentError(
                f"{page.id} is in several stories: {', '.join(names)}", hint="name one of them"
            )
        if names:
            return self._published(names[0])
        owner = self._owner(self._references.find_story(page.id) or page.id)
        return Story(owner.id, None, owner) if owner and owner.hide else Story(page.id)

    def stories_of(self, page: Page) -> tuple[Story, ...]:
        """All stories `page` is in."""
        return tuple(self._published(name) for name in self._by_page.get(page.id, ()))

    def is_taken(self, name: str) -> bool:
        """Whether this is the id of a story or of an editor's file, or once was."""
        known = name in self._threads or name in self._by_former or name in self._references.story_ids
        return known or any(file.id == name for file in self.files)

    def name(self, page: Page) -> Entry:
        """`page` as a file names it: by its original address, decoded, where that can be read and leads
        here alone, else by its id; with the title behind it."""
        link = _HIGH_ESCAPES.sub(_decode, page.newest.link)
        is_readable = 0 < len(link) <= _LONGEST and "%" not in link and link.isprintable() and " " not in link
        leads_here = is_readable and self._references.find_pages(link) == (page.id,)
        return Entry(link if leads_here else page.id, _shorten(page.title))

    def name_story(self, story: Story, without: Iterable[Page] = ()) -> Entry:
        """A story the machine found as a file names it: by its founder, or the oldest member that is
        not among `without`."""
        left_out = {page.id for page in without}
        names = (name for name in (story.id, *story.members) if name in self._pages and name not in left_out)
        page = self._pages[next(names)]
        return Entry(self.name(page).text, _shorten(story.thread.title if story.thread else page.title))

    def _published(self, name: str) -> Story:
        thread = self._threads[name]
        return Story(name, thread, self._by_path.get(thread.path))

    def _owner(self, found: Group | str) -> ThreadFile | None:
        """The file that takes a story of the machine's, or a page in none: the first that names it."""
        for file in self.files:
            named = ((file.adopt,) if file.adopt else ()) + file.merge
            if any(self._references.find_story(reference) == found for reference in named):
                return file
        return None


def gather_stories(
    digest: Digest, grouping: Grouping, files: Iterable[SourceFile], profiles: Sequence[Profile]
) -> Stories:
    """The stories of an edition. `grouping` are the machine's, before the editor's `files`."""
    return Stories(digest, grouping, load_curated(list(files)).threads, Addresses(profiles))


def as_published(story: Story) -> Story:
    """`story` if it has a thread. Raises ContentError where it has none."""
    if story.thread is None:
        if story.file is None:
            raise ContentError(f"{story.id} is in no story")
        what = "is hidden by" if story.file.hide else "has no article; see"
        raise ContentError(f"the story {story.id} {what} {story.file.path}")
    return story


def _decode(escapes: re.Match[str]) -> str:
    try:
        return unquote_to_bytes(escapes[0]).decode("utf-8")
    except UnicodeDecodeError:
        return escapes[0]


def _shorten(title: str) -> str:
    text = " ".join("".join(c if c.isprintable() else " " for c in title).split())
    return text if len(text) <= _NOTE else text[: _NOTE - 1] + "…"
