"""Grouping, remembered: the fold's days, the stories' copies, and what is told of each story.

A day's step is kept under the chained key of all days before it, so that a new article reruns its own
day and those after it. The fold's state is kept for the newest days and for one day in some.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from digest.build.fingerprint import GROUP, TELL, code_digest, digest_of
from digest.build.grouping import Arrived, Folded, FoldTask, Signed
from digest.model import Grouping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from digest.build.crew import Crew
    from digest.build.reading import Readings
    from digest.build.store import Store
    from digest.config import SiteConfig
    from digest.model import Group, Page
    from digest.taxonomy.material import Material
    from digest.taxonomy.telling import Telling

NEWEST, EVERY = 4, 16
"""Days whose states are kept: the newest, and one in so many."""

BEFORE = 8
"""Days before the first one folded whose articles go along: twice the fold's reach, or more."""

_BATCH = 1 << 17
"""Bytes of stories that go to a worker at one go: enough to be worth sending, few enough to share out."""

_encode = msgspec.msgpack.Encoder().encode


class Arrival(msgspec.Struct, frozen=True, gc=False):
    """A page as the fold takes it in: when it was first fetched (else published), the local day of
    that, and the key of that reading."""

    at: datetime
    id: str
    day: int
    key: bytes
    page: Page


class Grouper:
    """Groups the pages of one build. Afterwards `pages` are those, and `grouping` is what was found."""

    def __init__(self, config: SiteConfig, store: Store, readings: Readings, crew: Crew) -> None:
        self._store, self._readings, self._crew = store, readings, crew
        self._zone = ZoneInfo(config.timezone)
        self._code = digest_of(code_digest(GROUP), config.timezone.encode())
        self.pages: tuple[Page, ...] = ()
        self.grouping = Grouping()

    def begin(self, pages: Sequence[Page]) -> Callable[[], Grouping]:
        """Has a worker find the stories of `pages`, which are ordered by moment and id; what is returned
        waits for them."""
        self.pages = tuple(pages)
        days = part_days(pages, self._readings, self._zone)
        keys = self._chain(days)
        remembered, states = self._store.memo("day"), self._store.memo_keys("state")
        known = 0
        while known < len(keys) and keys[known] in remembered:
            known += 1
        # Where a day is to be folded, the fold goes on after the last one whose state was kept.
        while 0 < known < len(keys) and keys[known - 1] not in states:
            known -= 1
        state = self._store.recall("state", keys[known - 1]) if 0 < known < len(keys) else None
        wanted = {n for n in range(len(keys)) if n % EVERY == EVERY - 1 or n >= len(keys) - 1 - NEWEST}
        task = FoldTask(
            ranked=tuple(page.id for page in pages),
            days=tuple(tuple(a.id for a in day) for day in days),
            decisions=tuple(remembered[key] for key in keys[:known]),
            state=state or b"",
            inputs=self._inputs(days, known),
            wanted=frozenset(wanted),
        )
        finish = self._crew.begin("fold", _encode(task))

        def settle() -> Grouping:
            folded = msgspec.msgpack.decode(finish(), type=Folded)
            new_days = {keys[number]: decision for number, decision in folded.decisions.items()}
            new_states = {keys[number]: state for number, state in folded.states.items()}
            self._store.keep_memo("day", new_days, remembered.keys() - set(keys))
            if new_days:
                self._store.keep_memo("state", new_states, states - {keys[number] for number in wanted})
            self.grouping = Grouping(folded.groups, self._find_copies(folded.groups, days))
            return self.grouping

        return settle

    def _inputs(self, days: Sequence[Sequence[Arrival]], start: int) -> tuple[tuple[Arrived, ...], ...]:
        if start == len(days):
            return ()
        dates = [day[0].day for day in days]
        return read_days(days[bisect_left(dates, dates[start] - BEFORE) :], self._store)

    def _chain(self, days: Sequence[Sequence[Arrival]]) -> list[bytes]:
        keys: list[bytes] = []
        last = self._code
        for day in days:
            last = digest_of(last, _encode([(a.at, a.key, a.id) for a in day]))
            keys.append(last)
        return keys

    def _find_copies(self, groups: Sequence[Group], days: Iterable[Iterable[Arrival]]) -> dict[str, str]:
        arrivals = {a.id: a for day in days for a in day}

        def facts(name: str) -> tuple[str, bytes, str, float]:
            arrival = arrivals[name]
            hour = (arrival.page.moment or arrival.at).timestamp() / 3600
            return name, arrival.key, arrival.page.source, hour

        stories = [[facts(name) for name in group.members] for group in groups]
        keys = [digest_of(self._code, _encode(story)) for story in stories]
        remembered = self._store.memo("copies")
        missing = {key: story for key, story in zip(keys, stories, strict=True) if key not in remembered}
        sketches = self._store.sketches([key for story in missing.values() for _, key, _, _ in story])
        tasks = [
            (key, _encode([Signed(name, sketches[page], source, hour) for name, page, source, hour in story]))
            for key, story in missing.items()
        ]
        new = dict(_share_out(self._crew, "copies", tasks))
        self._store.keep_memo("copies", new, remembered.keys() - set(keys))
        remembered |= new
        decode = msgspec.msgpack.Decoder(dict[str, str]).decode
        return {copy: original for key in keys for copy, original in decode(remembered[key]).items()}


def part_days(pages: Iterable[Page], readings: Readings, zone: ZoneInfo) -> list[tuple[Arrival, ...]]:
    """The pages with a time, in order of arrival, by day."""
    arrivals = []
    for page in pages:
        first = page.versions[0]
        at = first.fetched or first.published or page.moment
        if at is not None:
            arrivals.append(Arrival(at, page.id, _number_day(at, zone), readings.keys[first.path], page))
    arrivals.sort(key=lambda a: (a.at, a.id))
    return [tuple(day) for _, day in groupby(arrivals, key=lambda a: a.day)]


def _number_day(moment: datetime, zone: ZoneInfo) -> int:
    try:
        return moment.astimezone(zone).toordinal()
    except OverflowError:  # the very first and last day there is
        return moment.toordinal()


def read_days(days: Sequence[Sequence[Arrival]], store: Store) -> tuple[tuple[Arrived, ...], ...]:
    """The articles of some days, with their sketches."""
    sketches = store.sketches([a.key for day in days for a in day])

    def read(arrival: Arrival) -> Arrived:
        written = arrival.page.versions[0].published or arrival.at
        return Arrived(arrival.id, arrival.day, written, sketches[arrival.key])

    return tuple(tuple(map(read, day)) for day in days)


class Teller:
    """Has stories told by the crew, remembering what was told of those that did not change."""

    def __init__(self, store: Store, crew: Crew) -> None:
        self._store, self._crew = store, crew
        self._code = code_digest(TELL)

    def tell_all(self, stories: Iterable[Material]) -> list[Telling]:
        """What `taxonomy.telling.tell` gives for each."""
        from digest.taxonomy.telling import Telling  # noqa: PLC0415

        encoded = list(map(_encode, stories))
        keys = [digest_of(self._code, story) for story in encoded]
        remembered = self._store.memo("telling")
        missing = [task for task in zip(keys, encoded, strict=True) if task[0] not in remembered]
        new = dict(_share_out(self._crew, "tell", missing))
        self._store.keep_memo("telling", new, remembered.keys() - set(keys))
        remembered |= new
        decode = msgspec.msgpack.Decoder(Telling).decode
        return [decode(remembered[key]) for key in keys]


def _share_out(crew: Crew, name: str, tasks: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """The key of each task (key, story) with its answer."""
    for batch, answer in crew.run_batches(name, _batches(tasks), lambda task: task[1]):
        answers = msgspec.msgpack.decode(answer, type=list[bytes])
        yield from zip((key for key, _ in batch), answers, strict=True)


def _batches(tasks: Iterable[tuple[bytes, bytes]]) -> Iterator[list[tuple[bytes, bytes]]]:
    batch: list[tuple[bytes, bytes]] = []
    size = 0
    for task in tasks:
        batch.append(task)
        size += len(task[1])
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
