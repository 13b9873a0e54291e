"""What an editor might look at next: stories without a name, stories that may be one, strays.

Suggestions only: they are told by titles and days, cheaply, and nothing is done by itself. What
grouping measures is finer; this finds where its measure and a reader's eye may differ.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import log, sqrt
from typing import Literal

from msgspec import Struct

from digest.model import Digest, Page, Thread

_RUN = re.compile(r"[a-z0-9]+|[^\W\da-z_]+", re.I)

Kind = Literal["name", "merge", "stray"]

_DAYS = 30
"""How many of the archive's last days are looked at: what is older has been decided, or will not be."""

_LARGE, _OUTLETS = 6, 3  # reports and outlets from which a story deserves a name
_NEAR_DAYS = 7  # days between two stories, or a story and a stray, beyond which they are told apart
_ALIKE = 0.4  # cosine of titles' terms: below it hardly anything listed of a real archive was right
_MOST = 40  # of each kind: a queue is to be emptied


class Suggestion(Struct, frozen=True):
    """One thing to look at. `story` is the id of a story to name, or into which `other`, a story
    (`merge`) or an article (`stray`), may belong. `likeness` is from 0 to 1, and 0 of one to name."""

    kind: Kind
    story: str
    other: str = ""
    likeness: float = 0.0


def suggest(digest: Digest, fold: Callable[[Sequence[str]], Sequence[str]]) -> tuple[Suggestion, ...]:
    """Stories to name, then those to merge, then strays; the likeliest or largest of each first. Titles
    are compared in the form that `fold` gives to all of them."""
    newest = max((thread.last for thread in digest.threads), default="")
    if not newest:
        return ()
    since = (date.fromisoformat(newest) - timedelta(days=_DAYS)).isoformat()
    threads = [thread for thread in digest.threads if thread.last >= since]
    pages = {page.id: page for page in digest.pages}
    placed = {member for thread in digest.threads for member in thread.members}
    strays = [page for page in digest.pages if page.day >= since and page.id not in placed]
    measure = _Measure(threads, strays, pages, fold)
    return (*_unnamed(threads), *_alike(threads, measure), *_astray(threads, strays, measure))


def _unnamed(threads: Iterable[Thread]) -> list[Suggestion]:
    large = [
        thread
        for thread in threads
        if not thread.curated and len(thread.members) >= _LARGE and len(thread.sources) >= _OUTLETS
    ]
    large.sort(key=lambda t: (-len(t.sources), -len(t.members), t.id))
    return [Suggestion("name", thread.id) for thread in large[:_MOST]]


def _alike(threads: Sequence[Thread], measure: _Measure) -> list[Suggestion]:
    """Pairs of stories, not both the editor's: the machine's flows into the other, the smaller into the
    larger."""
    by_id = {thread.id: thread for thread in threads}
    pairs = {
        tuple(sorted((thread.id, other))) for thread in threads for other in thread.related if other in by_id
    }
    found = []
    for one, other in sorted(pairs):
        into, out = sorted((by_id[one], by_id[other]), key=lambda t: (not t.curated, -len(t.members), t.id))
        if out.curated or _days_apart(into.first, into.last, out.first, out.last) > _NEAR_DAYS:
            continue
        likeness = measure.compare(into.id, out.id)
        if likeness >= _ALIKE:
            found.append(Suggestion("merge", into.id, out.id, round(likeness, 2)))
    found.sort(key=lambda s: (-s.likeness, s.story, s.other))
    return found[:_MOST]


def _astray(threads: Sequence[Thread], strays: Iterable[Page], measure: _Measure) -> list[Suggestion]:
    by_id = {thread.id: thread for thread in threads}
    found = []
    for page in strays:
        for name, likeness in measure.rank(page.id):
            thread = by_id[name]
            if likeness < _ALIKE:
                break
            if _days_apart(thread.first, thread.last, page.day, page.day) <= _NEAR_DAYS:
                found.append(Suggestion("stray", name, page.id, round(likeness, 2)))
                break
    found.sort(key=lambda s: (-s.likeness, s.story, s.other))
    return found[:_MOST]


def _days_apart(first: str, last: str, other_first: str, other_last: str) -> int:
    if not (first and other_first):
        return 10**6
    gap = max(first, other_first), min(last, other_last)
    return max(0, (date.fromisoformat(gap[0]) - date.fromisoformat(gap[1])).days)


class _Measure:
    """Cosine between the terms of titles: those of a story's reports together, or of one stray.
    Terms that many titles have count little (Salton's tf-idf)."""

    def __init__(
        self,
        threads: Iterable[Thread],
        strays: Iterable[Page],
        pages: Mapping[str, Page],
        fold: Callable[[Sequence[str]], Sequence[str]],
    ) -> None:
        members = {thread.id: [m for m in thread.members if m in pages] for thread in threads}
        ids = list(dict.fromkeys([m for its in members.values() for m in its] + [p.id for p in strays]))
        terms = dict(zip(ids, map(_terms, fold([pages[name].title for name in ids])), strict=True))
        known = Counter(term for its in terms.values() for term in its)
        weights = {term: log((1 + len(ids)) / count) for term, count in known.items()}
        self._stories: dict[str, dict[str, float]] = {}
        self._holding: defaultdict[str, list[str]] = defaultdict(list)
        for name, its in members.items():
            counts = Counter(term for member in its for term in terms[member])
            # A term of one report among many says nothing of the story.
            common = {term: n for term, n in counts.items() if n > 1 or len(its) < 3}
            self._stories[name] = _unit({term: n * weights[term] for term, n in common.items()})
            for term in common:
                self._holding[term].append(name)
        self._strays = {p.id: _unit({term: weights[term] for term in terms[p.id]}) for p in strays}

    def compare(self, one: str, other: str) -> float:
        """The likeness of two stories."""
        first, second = self._stories[one], self._stories[other]
        return sum(weight * second.get(term, 0.0) for term, weight in first.items())

    def rank(self, page: str) -> list[tuple[str, float]]:
        """The stories that share a term with a stray, and how alike they are, the likest first."""
        sums: defaultdict[str, float] = defaultdict(float)
        for term, weight in self._strays[page].items():
            for name in self._holding.get(term, ()):
                sums[name] += weight * self._stories[name][term]
        return sorted(sums.items(), key=lambda item: (-item[1], item[0]))


def _terms(title: str) -> frozenset[str]:
    """Words of Latin letters and digits as they are; of all others, pairs of neighbours."""
    terms: list[str] = []
    for run in _RUN.findall(title):
        terms += [run] if run.isascii() else [run[n : n + 2] for n in range(len(run) - 1)]
    return frozenset(terms)


def _unit(weights: dict[str, float]) -> dict[str, float]:
    length = sqrt(sum(weight * weight for weight in weights.values()))
    return {term: weight / length for term, weight in weights.items()} if length else {}
