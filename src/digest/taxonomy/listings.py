"""Pages by outlet, topic, tag and day, each in the order of the pages given."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from typing import NamedTuple

from digest.model import Page, Version
from digest.sources.profile import Profile
from digest.taxonomy.pages import local_day

_GAPS = re.compile(r"[\s_-]+")
_LONGEST_TAG = 60


class Listings(NamedTuple):
    """Page ids by slug, tag or day; keys are sorted."""

    sources: dict[str, tuple[str, ...]]
    topics: dict[str, tuple[str, ...]]
    tags: dict[str, tuple[str, ...]]
    days: dict[str, tuple[str, ...]]
    undated: tuple[str, ...]


def list_pages(pages: Sequence[Page], zone: tzinfo) -> Listings:
    """All listings of `pages`. A page is listed under the day of its `moment`, which is what
    readers see printed, and among the undated without one."""
    return Listings(
        sources=_collect(pages, lambda p: (p.source,)),
        topics=_collect(pages, lambda p: p.topics),
        tags=_collect(pages, lambda p: p.tags),
        days=_collect(pages, lambda p: (local_day(p.moment, zone),) if p.moment else ()),
        undated=tuple(p.id for p in pages if p.moment is None),
    )


def name_tags(versions: Iterable[Version], profiles: Iterable[Profile]) -> dict[str, str]:
    """Maps each tag as outlets write it to the one form shown.

    Spellings that differ in width, letter case, blanks, `_` or `-` are one tag, shown in the
    commonest spelling (the first in code point order of equals). Simplified and
    Traditional forms stay two tags: outlets write one or the other. What repeats an outlet's
    name, is empty or longer than 60 characters is no tag.
    """
    outlets = {fold_tag(n) for p in profiles for n in (p.slug, p.name, *p.names)}
    counts: Counter[str] = Counter()
    for version in versions:
        counts.update(version.tags)
    folds = {tag: fold_tag(tag) for tag in counts}
    shown: dict[str, str] = {}
    for tag in sorted(counts, key=lambda t: (-counts[t], t)):
        fold = folds[tag]
        if fold and fold not in outlets and len(fold) <= _LONGEST_TAG:
            shown.setdefault(fold, " ".join(tag.split()))
    return {tag: shown[fold] for tag, fold in folds.items() if fold in shown}


def fold_tag(tag: str) -> str:
    """What two spellings of one tag have in common."""
    return _GAPS.sub(" ", unicodedata.normalize("NFKC", tag).casefold()).strip(" #")


def _collect(pages: Iterable[Page], keys_of: Callable[[Page], Iterable[str]]) -> dict[str, tuple[str, ...]]:
    lists: dict[str, list[str]] = {}
    for page in pages:
        for key in keys_of(page):
            lists.setdefault(key, []).append(page.id)
    return {key: tuple(lists[key]) for key in sorted(lists)}
