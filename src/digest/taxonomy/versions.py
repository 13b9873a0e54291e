"""Groups the scrapes of one article: one page each, versions oldest first.

Versions share the outlet and the article key. Outlets reuse a key now and then for another
text. Whether two versions are one article is told by containment: the share of the shorter
text's 5-character shingles (blanks and punctuation aside) that the longer one holds.

Measured on the re-scraped articles of July to October 2020 (661 pairs of neighbouring
versions with different bodies): 542 pairs lie at .9 or more; stubs that grew into stories, live
tickers and rewritten stories reach down to .10, and to 0 where one side is a stub of under 60
characters. The four pairs that are other articles under the same key lie at .00–.04, with
both texts over 60 characters and titles that share next to no pair of characters. Titles are
compared first: sharing a fifth of their pairs settles it for nine groups in ten.

A text that the outlet dates days later under the same key is judged more strictly: updates come
within hours, so there it must hold half of the other's shingles, or share two fifths of the
title's pairs. (One pair of the 531 with the final keys: .42 shared, 82 hours later, another story.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from operator import add
from typing import NamedTuple

from digest.errors import Problem
from digest.model import Version

_NO_WORD = re.compile(r"[\W_]+")
_SHINGLE = 5
_SHORT = 60  # a text of fewer characters proves nothing
_SAME_TEXT = 0.1
_SAME_TITLE = 0.2
_LATE = timedelta(days=2)
_SAME_TEXT_LATE = 0.5
_SAME_TITLE_LATE = 0.4
_NEVER = datetime.min.replace(tzinfo=UTC)


class Group(NamedTuple):
    """The versions of one article, oldest first. `serial` counts the articles that
    one key has carried, from 1."""

    source: str
    key: str
    serial: int
    versions: tuple[Version, ...]


def group_versions(
    versions: Iterable[Version], text_of: Callable[[str], str]
) -> tuple[list[Group], list[Problem]]:
    """Groups ordered by their first version, and a `key-reused` problem for each key that
    turned to another text.

    `text_of` gives the running text of a body by its digest. It is asked only where
    two versions of one key have different bodies and unlike titles.
    """
    by_key: dict[tuple[str, str], list[Version]] = {}
    for version in versions:
        by_key.setdefault((version.source, version.key), []).append(version)
    groups: list[Group] = []
    problems: list[Problem] = []
    for (source, key), scrapes in by_key.items():
        if len(scrapes) == 1:
            groups.append(Group(source, key, 1, (scrapes[0],)))
            continue
        scrapes.sort(key=age)
        articles = _split(scrapes, text_of)
        groups += [Group(source, key, n, tuple(a)) for n, a in enumerate(articles, 1)]
        problems += [_reused(key, articles[0][0], a[0]) for a in articles[1:]]
    groups.sort(key=lambda g: (age(g.versions[0]), g.source, g.key, g.serial))
    problems.sort(key=lambda p: (p.path, p.message))
    return groups, problems


def age(version: Version) -> tuple[datetime, datetime, str]:
    """The order of versions: by fetching, then publication, then path."""
    fetched = version.fetched or version.published or _NEVER
    return fetched, version.published or _NEVER, version.path


def is_same_article(one: Version, other: Version, text_of: Callable[[str], str]) -> bool:
    """Whether two versions under one key are one article. Where in doubt, they are."""
    if one.body == other.body or one.lang != other.lang or min(one.size, other.size) < _SHORT:
        return True
    late = bool(one.published and other.published and abs(other.published - one.published) > _LATE)
    same_title, same_text = (_SAME_TITLE_LATE, _SAME_TEXT_LATE) if late else (_SAME_TITLE, _SAME_TEXT)
    if _containment(_shingles(one.title, 2), _shingles(other.title, 2)) >= same_title:
        return True
    first, second = _NO_WORD.sub("", text_of(one.body)), _NO_WORD.sub("", text_of(other.body))
    if min(len(first), len(second)) < _SHORT:
        return True
    return _containment(_shingles(first, _SHINGLE), _shingles(second, _SHINGLE)) >= same_text


def _split(scrapes: Sequence[Version], text_of: Callable[[str], str]) -> list[list[Version]]:
    articles: list[list[Version]] = [[scrapes[0]]]
    latest = 0
    for version in scrapes[1:]:
        # The key's latest article first: a key rarely turns back to a text it had before.
        order = [latest, *(n for n in reversed(range(len(articles))) if n != latest)]
        match = next((n for n in order if is_same_article(articles[n][-1], version, text_of)), None)
        if match is None:
            match = len(articles)
            articles.append([])
        articles[match].append(version)
        latest = match
    return articles


def _shingles(text: str, length: int) -> frozenset[str]:
    text = _NO_WORD.sub("", text).lower()
    pieces: Iterable[str] = text
    for offset in range(1, length):
        pieces = map(add, pieces, text[offset:])
    return frozenset(pieces)


def _containment(one: frozenset[str], other: frozenset[str]) -> float:
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 1.0


def _reused(key: str, first: Version, other: Version) -> Problem:
    message = (
        f"{key.partition(':')[2]!r} is also the article key of {first.path!r}, "
        "whose text is another; made a page of its own"
    )
    return Problem("key-reused", message, other.path)
