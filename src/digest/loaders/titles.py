"""The title of an article, cleaned, with its kicker apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from typing import NamedTuple

from digest.loaders.blocks import Block
from digest.loaders.envelope import Envelope
from digest.loaders.frontmatter import as_text
from digest.loaders.notebook import Notebook
from digest.loaders.origin import Origin
from digest.loaders.reading import Reading
from digest.text.html import excerpt, squeeze, strip_invisible

_SEPARATORS = re.compile(r"^[\s\-–—|·]+|[\s\-–—|·]+$")
_DERIVED_LENGTH = 40


class Title(NamedTuple):
    """A title cleaned, its kicker apart, the forms in which the body may repeat it (none where the
    title was drawn from the body itself)."""

    title: str
    kicker: str | None
    repeats: tuple[str, ...]


def clean_title(raw: str) -> str:
    """Entities (escaped twice at times), backslashes before quotes, blanks and invisible marks undone."""
    if "&" in raw:
        raw = unescape(unescape(raw))
    if "\\" in raw:
        raw = raw.replace('\\"', '"').replace("\\'", "'")
    return squeeze(strip_invisible(raw))


def choose_title(front: str, heading: str) -> str:
    """The heading where it says more, else the front matter's title; both are cleaned.

    A heading that ends in `...` says nothing more.
    """
    if front and heading.endswith(("...", "…")) and heading.rstrip(".… ") == front.rstrip(".… "):
        return front
    return heading if len(heading) > len(front) else front


def split_kicker(printed: str, reading: Reading) -> tuple[str, str | None]:
    """Take site suffixes off a headline and its rubric apart, as the profile says: (title, kicker)."""
    title = printed
    for pattern in reading.title_strip:
        title = pattern.sub("", title)
    kicker = None
    if reading.title_suffix is not None and (found := reading.title_suffix.search(title)):
        name = found[1] if reading.title_suffix.groups else found[0]
        rest = (title[: found.start()] + title[found.end() :]).strip()
        if rest:
            kicker, title = _SEPARATORS.sub("", name or "") or None, rest
    if reading.title_prefix is not None and (found := reading.title_prefix.match(title)):
        rest = title[found.end() :].strip()
        if rest and found.end():
            kicker, title = title[: found.end()].strip(), rest
    return title.strip(), kicker


def find_title(envelope: Envelope, origin: Origin, blocks: Sequence[Block], book: Notebook) -> Title:
    """The title: of heading or front matter, else the first `h1`, the page's head, the first words."""
    front = clean_title(as_text(envelope.front.get("title")))
    heading = (
        front if envelope.heading == envelope.front.get("title") else clean_title(envelope.heading or "")
    )
    printed = choose_title(front, heading)
    where = "front matter" if printed == front else "heading"
    if not printed:
        printed, where = clean_title(next((b.text for b in blocks if b.tag == "h1"), "")), "first heading"
    if not printed:
        printed, where = clean_title(origin.head.title), "page head"
    if not printed:
        title = _derive(blocks, book)
        book.note("title", "first words of the text")
        return Title(title, None, ())
    book.note("title", where)
    title, kicker = split_kicker(printed, origin.reading)
    return Title(title, kicker, tuple(dict.fromkeys((printed, title, front))))


def _derive(blocks: Sequence[Block], book: Notebook) -> str:
    texts = [(squeeze(b.text), b.tag) for b in blocks if b.kind == "text"]
    headings = [text for text, tag in texts if tag[0] == "h" and len(text) > 1]
    first = next(iter((*headings, *(text for text, _ in texts if len(text) > 3))), "")
    name = book.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    title = excerpt(first, _DERIVED_LENGTH) or name or book.path
    book.problem("title-missing", f"no title (expected in heading or front matter); used '{title}'")
    return title
