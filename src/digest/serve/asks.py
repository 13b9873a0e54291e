"""What the bench's buttons ask for, and the editor's functions that do it."""

from __future__ import annotations

from msgspec import Struct

from digest.curation import edits
from digest.curation.edits import Edit
from digest.curation.stories import Stories


class _Ask(Struct, frozen=True, tag_field="action", forbid_unknown_fields=True):
    """An edit of the editor's files; stories and articles are named as `digest threads` has them."""

    def edits(self, stories: Stories) -> list[Edit]:
        """What is to be written. Raises ContentError where it cannot be done."""
        raise NotImplementedError


class Name(_Ask, frozen=True, tag="name"):
    """Gives a story a title, and a new one the id `slug`."""

    story: str
    title: str
    slug: str = ""

    def edits(self, stories: Stories) -> list[Edit]:
        """A title, or a file that adopts the story."""
        return edits.adopt(stories, self.story, _one_line(self.title), self.slug)


class Merge(_Ask, frozen=True, tag="merge"):
    """Lets `others` flow into `story`."""

    story: str
    others: tuple[str, ...]

    def edits(self, stories: Stories) -> list[Edit]:
        """Entries under `merge`."""
        return edits.merge(stories, (self.story, *self.others))


class Split(_Ask, frozen=True, tag="split"):
    """Makes a story of its own of some articles, with all reports of the same `events` if asked."""

    story: str
    articles: tuple[str, ...]
    title: str = ""
    slug: str = ""
    events: bool = False

    def edits(self, stories: Stories) -> list[Edit]:
        """A file that includes them."""
        title = _one_line(self.title)
        return edits.split(stories, self.story, self.articles, title, self.slug, whole_events=self.events)


class Move(_Ask, frozen=True, tag="move"):
    """Puts articles into the story `to`."""

    articles: tuple[str, ...]
    to: str

    def edits(self, stories: Stories) -> list[Edit]:
        """Entries under `include`, and what they leave."""
        return edits.move(stories, self.articles, self.to)


class Exclude(_Ask, frozen=True, tag="exclude"):
    """Takes articles out of their story."""

    articles: tuple[str, ...]
    story: str = ""

    def edits(self, stories: Stories) -> list[Edit]:
        """Entries under `exclude`."""
        return edits.exclude(stories, self.articles, self.story)


class Pin(_Ask, frozen=True, tag="pin"):
    """Makes what the articles report key events."""

    articles: tuple[str, ...]
    story: str = ""

    def edits(self, stories: Stories) -> list[Edit]:
        """Entries under `pin`."""
        return edits.pin(stories, self.articles, self.story)


class Hide(_Ask, frozen=True, tag="hide"):
    """Takes a story off the site."""

    story: str

    def edits(self, stories: Stories) -> list[Edit]:
        """`hide: true`."""
        return edits.hide(stories, self.story)


class Note(_Ask, frozen=True, tag="note"):
    """Gives a story its introduction, in Markdown."""

    story: str
    text: str

    def edits(self, stories: Stories) -> list[Edit]:
        """The text below the front matter."""
        return edits.note(stories, self.story, self.text)


Ask = Name | Merge | Split | Move | Exclude | Pin | Hide | Note


def _one_line(text: str) -> str:
    return " ".join(text.split())
