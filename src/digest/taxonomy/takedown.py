"""What stays of an article that was taken down: its address, the day, and the reason.

Like a page that a correction hides it is gone from all pages, lists, feeds and threads, and takes part
in the grouping, so that no other story changes. Unlike that, its address goes on answering.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from digest.errors import Problem
from digest.model import Page, Takedown, Tombstone
from digest.taxonomy.lookup import Lookup

_OWN = re.compile(r"/(?:\d{4}/\d\d/\d\d|undated)/([^/?#]+)\.html")


class Gone(NamedTuple):
    """The pages that are taken down, with the entry for each; what stands at their addresses; and the
    entries that mean no article here."""

    entries: dict[str, Takedown]
    tombstones: tuple[Tombstone, ...]
    problems: list[Problem]


def take_down(takedowns: Sequence[Takedown], lookup: Lookup, pages: Mapping[str, Page]) -> Gone:
    """`pages` are all pages by id, as corrected; `lookup` finds them as they were scraped.

    A URL under which several pages are filed means all of them. An entry that gives the address here
    leaves a tombstone there though the article's file be gone.
    """
    if not takedowns:
        return Gone({}, (), [])
    entries: dict[str, Takedown] = {}
    stones: dict[str, Tombstone] = {}
    problems: list[Problem] = []
    for entry in takedowns:
        own = _OWN.search(entry.url)
        ids = lookup.find_all(entry.url) or (lookup.find_all(own[1]) if own else ())
        addresses = [pages[name].url for name in ids] + ([own[0]] if own else [])
        for name in ids:
            entries.setdefault(name, entry)
        for url in addresses:
            stones.setdefault(url, Tombstone(url, entry.day, entry.reason, entry.path))
        if not addresses:
            message = (
                f"no article here has the address {entry.url!r} (expected one; where its file is deleted, "
                "its address on this site); no page says that it was taken down"
            )
            problems.append(Problem("takedown-unknown", message, entry.path, entry.line))
    shown = {page.url for name, page in pages.items() if name not in entries}
    kept = tuple(stone for url, stone in sorted(stones.items()) if url not in shown)
    return Gone(entries, kept, problems)


def find_copies(
    gone: Mapping[str, Takedown], copies: Mapping[str, str], shown: Iterable[str]
) -> list[Problem]:
    """A problem for each article that is shown and has the text of one that was taken down. `copies`
    maps a page to the earliest of those with its text."""
    texts: dict[str, list[str]] = {}
    for name in shown:
        texts.setdefault(copies.get(name, name), []).append(name)
    problems: list[Problem] = []
    for name, entry in gone.items():
        if same := texts.get(copies.get(name, name)):
            message = f"{entry.url!r} is taken down, but its text stands in {', '.join(same)} too; left there"
            problems.append(Problem("takedown-copy", message, entry.path, entry.line))
    return problems
