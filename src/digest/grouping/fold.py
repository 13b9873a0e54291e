"""The fold over days: which story each article belongs to, told by what came before it.

    step(state, the day's articles) -> (state, decision)

Articles within a few days' reach are joined by `linkage` over second-order similarities (`similarity`), with
a high threshold into events and with a lower one into stories. A story nobody has written about for
longer than that sleeps. An article wakes it when it is like its centroid, and so does, on the
days after, the cluster that an article has founded.
"""

from __future__ import annotations

import math
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from digest.grouping.linkage import Linkage
from digest.grouping.similarity import UNIT
from digest.grouping.stories import (
    Centroid,
    Story,
    find_like,
    join_centroids,
    join_vectors,
    read_centroid,
    read_vector,
    sum_vectors,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from digest.grouping.article import Article
    from digest.grouping.vectors import Vectors


_NONE = -1
_CROWD = math.log(2000)


class Settings(Struct, frozen=True):
    """What the fold was tuned by (docs/pages/threads.md). The defaults are those digest uses; others are for
    measuring. Thresholds are similarities from 0 to 1, times are days."""

    reach: int = 3
    story: float = 0.385
    event: float = 0.62
    event_reach: int = 1
    wake: float = 0.49
    wake_cluster: float = 0.42
    cluster_age: int = 2
    sleep: int = 75
    singles: int = 200
    caution: float = 0.04
    crowd: float = 0.02
    wake_crowd: float = 0.03
    near: float = 0.25
    guard: float = 0.2


def lower(threshold: float, crowd: float, others: int) -> float:
    """The threshold where there are `others` to choose from: the likeness of the best of many that have
    nothing to do with an article grows with the logarithm of their number (extreme values), so
    that among few less is enough. `threshold` holds for 2,000."""
    return threshold - crowd * (_CROWD - math.log(max(others, 2)))


def choose(
    vectors: Vectors, thresholds: Sequence[float], centroids: Vectors, told: Sequence[bool], crowd: float
) -> dict[int, int]:
    """The places of vectors that wake a sleeping story, each by its threshold, and of the most alike story
    that each wakes: of those `told` by several articles before those of one."""
    several = sum(told)
    less_several, less_single = -lower(0, crowd, several), -lower(0, crowd, len(told) - several)
    less = np.where(told, less_several, less_single)
    best: dict[int, tuple[bool, float, int]] = {}
    for place, story, likeness in find_like(vectors, centroids, np.array(thresholds), less):
        best[place] = max(best.get(place, (False, 0.0, 0)), (told[story], likeness, -story))
    return {place: -story for place, (_, _, story) in best.items()}


class PoolDay(Struct, frozen=True, gc=False):
    """A day within reach: the stories and events of its articles (-1: in none)."""

    day: int
    stories: tuple[int, ...]
    events: tuple[int, ...]


class State(Struct, frozen=True, gc=False):
    """What is remembered from day to day: the number the next article will have, the days within reach
    and the open stories, by number."""

    following: int = 0
    pool: tuple[PoolDay, ...] = ()
    stories: tuple[Story, ...] = ()


class Join(Struct, frozen=True, gc=False):
    """The story `gone` went into the older `kept`. Where it had been two articles or more
    (`told`), it may have been published, under its founder's id."""

    gone: int
    kept: int
    told: bool


class Decision(Struct, frozen=True, gc=False):
    """What one day decided: the stories and events of its articles at its end (-1: in none), which
    story went into which, in order, and which stories it found near to those it told of (story, other,
    similarity in 1/1024). `numbers` are the articles' own (-1 for one without words to go by), under
    which each founded a story, `units` the names of the markets that they report from."""

    stories: tuple[int, ...]
    events: tuple[int, ...]
    joins: tuple[Join, ...]
    near: tuple[tuple[int, int, int], ...] = ()
    numbers: tuple[int, ...] = ()
    units: tuple[str, ...] = ()


class Day(Struct, frozen=True):
    """A day's input: its articles in order of arrival; their similarities (rows) with the articles of the
    pool and with each other, in 1/1024; and those of the pool's articles (symmetric)."""

    articles: tuple[Article, ...]
    rows: NDArray[np.int16]
    pool: NDArray[np.int16]


def follow(number: int, went: Mapping[int, int]) -> int:
    """The story that `number` has become; `went` says which story went into which."""
    while number in went:
        number = went[number]
    return number


def step(state: State, day: Day, settings: Settings) -> tuple[State, Decision]:
    """One day of the fold."""
    date = day.articles[0].day
    reached = tuple(p for p in state.pool if p.day >= date - settings.reach)
    state = State(state.following, reached, state.stories)
    earlier = day.rows.shape[1] - len(day.articles)
    scene = _Scene(state, day, settings)
    asleep, young = scene.sleeping(), scene.young()
    vectors = [*map(read_centroid, young), *map(read_vector, day.articles)]
    thresholds = [settings.wake_cluster] * len(young) + [settings.wake] * len(day.articles)
    told = [story.size > 1 for story in asleep]
    centroids = join_centroids(asleep)
    woken = choose(join_vectors(vectors), thresholds, centroids, told, settings.wake_crowd)
    for place, story in enumerate(young):
        if place in woken:
            scene.join(story.number, asleep[woken[place]].number)
    number = state.following
    for index, article in enumerate(day.articles):
        if not article.terms:
            scene.skip()
            continue
        scene.add(number, article, day.rows[index, : earlier + index])
        place = len(young) + index
        if place in woken and scene.is_young(own := scene.current(number)):
            slept = scene.current(asleep[woken[place]].number)
            if slept != own:
                scene.join(own, slept)
        number += 1
    return scene.close(date, number)


class _Scene:
    """The stories of one day while they change."""

    def __init__(self, state: State, day: Day, settings: Settings) -> None:
        self._settings, self._state, self._day = settings, state, day
        today = len(day.articles)
        self._stories = {s.number: s for s in state.stories}
        self._sizes = {s.number: s.size for s in state.stories}
        labels = [n for p in state.pool for n in p.stories]
        self._linkage = Linkage(labels, day.pool, today, settings.caution * UNIT)
        self._date = date = day.articles[0].day
        near = [n for p in state.pool if p.day >= date - settings.event_reach for n in p.events]
        self._skipped = len(day.pool) - len(near)
        self._events = np.array(near + [_NONE] * today, np.int64)
        self._centroids: dict[int, Centroid] = {}
        self._founders: dict[int, str] = {}
        self._numbers: list[int] = []
        self._joins: list[Join] = []
        self._went: dict[int, int] = {}

    def sleeping(self) -> list[Story]:
        """Stories long enough to be taken up again, of which no article is within reach."""
        awake = self._linkage.present
        return [s for s in self._state.stories if s.number not in awake and s.number not in self._went]

    def young(self) -> list[Story]:
        """The clusters founded on the last days; each may be the next part of a story that sleeps."""
        awake = self._linkage.present
        return [s for n, s in self._stories.items() if s.size > 1 and n in awake and self.is_young(n)]

    def skip(self) -> None:
        """Passes over an article that is in no story."""
        self._linkage.skip()
        self._numbers.append(-1)

    def is_young(self, number: int) -> bool:
        """Whether a story began on one of the last days, and so may be the next part of an older one."""
        story = self._stories.get(number)
        return story is None or story.born >= self._date - self._settings.cluster_age

    def add(self, number: int, article: Article, row: NDArray[np.int16]) -> None:
        """Lets an article in."""
        self._founders[number] = article.id
        self._numbers.append(number)
        self._sizes[number] = 1
        settings = self._settings
        threshold = lower(settings.story, settings.crowd, len(row))
        guard = lower(settings.guard, settings.wake_crowd, len(row))
        fits = partial(self._fits, article, guard)
        joins = self._linkage.add(number, row, threshold * UNIT, fits)
        for gone, kept in joins:
            self._note(gone, kept)
        self._events[len(row) - self._skipped] = self._find_event(number, row[self._skipped :])

    def _fits(self, article: Article, least: float, number: int) -> bool:
        # What is within reach of a long story may have drifted far from it.
        story = self._stories.get(number)
        if story is None or story.born >= self._date - self._settings.reach:
            return True
        if number not in self._centroids:
            self._centroids[number] = Centroid(story)
        return self._centroids[number].compare(article) >= least

    def _find_event(self, number: int, row: NDArray[np.int16]) -> int:
        # An event takes in what is, on average, like all that it holds; it never joins another.
        best, event = self._settings.event * UNIT, number
        if not len(row) or row.max() < best:
            return event
        labels = self._events[: len(row)]
        for label in sorted(set(labels[row >= best].tolist())):
            members = row[labels == label]
            likeness = int(members.sum()) / len(members)
            if label != _NONE and likeness >= best:
                best, event = likeness, label
        return event

    def join(self, gone: int, kept: int) -> None:
        """Joins a story within reach to one that slept."""
        self._linkage.join(gone, kept)
        self._note(gone, kept)

    def current(self, number: int) -> int:
        """The story that `number` has become."""
        return follow(number, self._went)

    def _note(self, gone: int, kept: int) -> None:
        self._joins.append(Join(gone, kept, self._sizes[gone] > 1))
        self._went[gone] = kept
        self._sizes[kept] += self._sizes.pop(gone)

    def close(self, date: int, following: int) -> tuple[State, Decision]:
        """The state after the day, and what was decided."""
        settings, articles = self._settings, self._day.articles
        labels, events = self._linkage.labels, tuple(self._events[-len(articles) :].tolist())
        stories = tuple(labels[len(labels) - len(articles) :])
        pool: list[PoolDay] = []
        start = 0
        for past in self._state.pool:
            end = start + len(past.stories)
            pool.append(PoolDay(past.day, tuple(labels[start:end]), past.events))
            start = end
        pool.append(PoolDay(date, stories, events))
        pool = [p for p in pool if p.day > date - settings.reach]
        state = State(following, tuple(pool), self._grow(date, stories))
        near = self._linkage.near(frozenset(stories), settings.near * UNIT)
        decision = Decision(
            stories,
            events,
            tuple(self._joins),
            tuple(near),
            tuple(self._numbers),
            tuple(a.unit if a.form.kind == "market" else "" for a in articles),
        )
        return state, decision

    def _grow(self, date: int, labels: Sequence[int]) -> tuple[Story, ...]:
        # Only what changed is summed anew: stories that others went into, and those of today's articles.
        parts: dict[int, list[tuple[bytes, NDArray[np.int64]]]] = defaultdict(list)
        for article, label in zip(self._day.articles, labels, strict=True):
            if label >= 0:
                parts[label].append(read_vector(article))
        taken: dict[int, list[int]] = defaultdict(list)
        for number in self._went:
            if number in self._stories:
                taken[self.current(number)].append(number)
        open_since = date - self._settings.sleep
        changed = parts.keys() | taken.keys()
        gone = changed | self._went.keys()
        grown = [s for s in self._state.stories if s.last > open_since and s.number not in gone]
        numbers = sorted(changed)
        merged = {
            number: [self._stories[n] for n in (*taken.get(number, ()), number) if n in self._stories]
            for number in numbers
        }
        sums = sum_vectors([[*map(read_centroid, merged[n]), *parts.get(n, ())] for n in numbers])
        for number, (terms, weights) in zip(numbers, sums, strict=True):
            old = self._stories.get(number)
            grown.append(
                Story(
                    number,
                    old.founder if old else self._founders[number],
                    self._sizes[number],
                    old.born if old else date,
                    date if number in parts else max(s.last for s in merged[number]),
                    terms,
                    weights,
                )
            )
        grown.sort(key=lambda story: story.number)
        out_of_reach = date - self._settings.reach
        lone = sorted((s.last, s.number) for s in grown if s.size == 1 and s.last <= out_of_reach)
        forgotten = {number for _, number in lone[: max(len(lone) - self._settings.singles, 0)]}
        return tuple(s for s in grown if s.number not in forgotten)
