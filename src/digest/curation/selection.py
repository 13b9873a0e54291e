"""The stories of an edition that an editor asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from digest.model import Digest, Thread

Order = Literal["newest", "covered"]


class Selection(Struct, frozen=True):
    """What stories to list: those whose titles or headlines hold each of `words`, whatever the script;
    that `source` reports; with a report from `first` to `last`, both days in; and of `at_least`
    reports. What is empty does not limit."""

    words: tuple[str, ...] = ()
    source: str = ""
    first: str = ""
    last: str = ""
    at_least: int = 0


def select(
    digest: Digest, selection: Selection, order: Order = "newest", fold: Callable[[str], str] = str.casefold
) -> list[Thread]:
    """The stories, those with the newest report first, or the most reported; of equals the first by
    id. Words are sought in what `fold` makes of them and of the titles."""
    titles = {page.id: page.title for page in digest.pages} if selection.words else {}
    words = [fold(word) for word in selection.words]
    days = {page: day for day, pages in digest.days.items() for page in pages}

    def is_wanted(thread: Thread) -> bool:
        if len(thread.members) < selection.at_least:
            return False
        if selection.source and selection.source not in thread.sources:
            return False
        if selection.first or selection.last:
            span = (selection.first, selection.last or "9999")
            if not any(span[0] <= days.get(member, "") <= span[1] for member in thread.members):
                return False
        text = fold("\n".join([thread.title, *(titles[m] for m in thread.members)])) if words else ""
        return all(word in text for word in words)

    found = sorted((t for t in digest.threads if is_wanted(t)), key=lambda t: t.id)
    return sorted(found, key=_KEYS[order], reverse=True)  # stable: the ids' order stays


_KEYS: dict[Order, Callable[[Thread], tuple[str | int, ...]]] = {
    "newest": lambda thread: (thread.last, len(thread.members), len(thread.sources)),
    "covered": lambda thread: (len(thread.members), len(thread.sources), thread.last),
}
