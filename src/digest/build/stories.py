"""Grouping, remembered: the fold's days, the stories' copies, and what is told of each story.

A day's step is kept under the chained key of all days before it, so that a new article reruns its own
day and those after it. The fold's state is kept for the newest days and for one day in some.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from digest.build.fingerprint import GROUP, TELL, code_digest, digest_of
from digest.model import Grouping

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from digest.build.reading import Readings
    from digest.build.store import Store
    from digest.config import SiteConfig
    from digest.grouping.article import Article
    from digest.grouping.fold import Day, Decision
    from digest.grouping.terms import Sketch
    from digest.model import Group, Page
    from digest.taxonomy.telling import Telling

NEWEST, EVERY = 4, 16
"""Days whose states are kept: the newest, and one in so many."""

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
    """Groups the pages of one build."""

    def __init__(self, config: SiteConfig, store: Store, readings: Readings) -> None:
        self._store, self._keys = store, readings.keys
        self._zone = ZoneInfo(config.timezone)
        self._code = digest_of(code_digest(GROUP), config.timezone.encode())

    def group(self, pages: Sequence[Page]) -> Grouping:
        """The stories of `pages`, which are ordered by moment and id."""
        from digest.grouping.gather import gather  # noqa: PLC0415 - not where nothing changed

        days = self.part_days(pages)
        decisions = self._fold(days)
        order = {page.id: number for number, page in enumerate(pages)}
        groups = gather([[a.id for a in day] for day in days], decisions, order)
        arrivals = {a.id: a for day in days for a in day}
        return Grouping(groups, self._find_copies(groups, arrivals))

    def part_days(self, pages: Iterable[Page]) -> list[tuple[Arrival, ...]]:
        """The pages with a time, in order of arrival, by day."""
        arrivals = []
        for page in pages:
            first = page.versions[0]
            at = first.fetched or first.published or page.moment
            if at is not None:
                day = at.astimezone(self._zone).toordinal()
                arrivals.append(Arrival(at, page.id, day, self._keys[first.path], page))
        arrivals.sort(key=lambda a: (a.at, a.id))
        return [tuple(day) for _, day in groupby(arrivals, key=lambda a: a.day)]

    def articles(self, days: Sequence[Sequence[Arrival]]) -> list[tuple[Article, ...]]:
        """The articles of some days, with what their sketches hold."""
        from digest.grouping.article import Article  # noqa: PLC0415
        from digest.grouping.forms import name_unit  # noqa: PLC0415

        sketches = self._sketches([a.key for day in days for a in day])

        def read(arrival: Arrival) -> Article:
            sketch = sketches[arrival.key]
            written = arrival.page.versions[0].published or arrival.at
            unit = name_unit(sketch.form, written)
            return Article(arrival.id, arrival.day, sketch.form, unit, sketch.terms, sketch.weights)

        return [tuple(map(read, day)) for day in days]

    def _sketches(self, keys: Collection[bytes]) -> dict[bytes, Sketch]:
        from digest.grouping.terms import Sketch  # noqa: PLC0415

        decode = msgspec.msgpack.Decoder(Sketch).decode
        return {key: decode(sketch) for key, sketch in self._store.sketches(keys).items()}

    def _fold(self, days: Sequence[Sequence[Arrival]]) -> list[Decision]:
        from digest.grouping.fold import Decision, Settings, State, step  # noqa: PLC0415

        keys = self._chain(days)
        remembered = self._store.memo("day")
        known = 0
        while known < len(keys) and keys[known] in remembered:
            known += 1
        decode = msgspec.msgpack.Decoder(Decision).decode
        decisions = [decode(remembered[key]) for key in keys[:known]]
        kept_states = self._store.memo_keys("state")
        wanted = {keys[i] for i in range(len(keys)) if i % EVERY == EVERY - 1 or i >= len(keys) - 1 - NEWEST}
        if known == len(keys):
            return decisions
        start = known
        while start and keys[start - 1] not in kept_states:
            start -= 1
        state = State()
        if start:
            encoded = self._store.recall("state", keys[start - 1])
            state = msgspec.msgpack.decode(encoded or b"", type=State)
        del decisions[start:]
        settings = Settings()
        new: dict[bytes, bytes] = {}
        states: dict[bytes, bytes] = {}
        for index, day in self._inputs(days, start, settings.reach):
            state, decision = step(state, day, settings)
            decisions.append(decision)
            new[keys[index]] = _encode(decision)
            if keys[index] in wanted:
                states[keys[index]] = _encode(state)
        self._store.keep_memo("day", new, remembered.keys() - set(keys))
        self._store.keep_memo("state", states, kept_states - wanted)
        return decisions

    def _inputs(self, days: Sequence[Sequence[Arrival]], start: int, reach: int) -> Iterator[tuple[int, Day]]:
        from digest.grouping.days import compare_days, reach_back  # noqa: PLC0415

        dates = [day[0].day for day in days]
        first = reach_back(dates, reach_back(dates, start, reach), reach)
        return enumerate(compare_days(self.articles(days[first:]), start - first, reach), start)

    def _chain(self, days: Sequence[Sequence[Arrival]]) -> list[bytes]:
        keys: list[bytes] = []
        last = self._code
        for day in days:
            last = digest_of(
                last, *(b"%d %b %s" % (int(a.at.timestamp()), a.key, a.id.encode()) for a in day)
            )
            keys.append(last)
        return keys

    def _find_copies(self, groups: Sequence[Group], arrivals: Mapping[str, Arrival]) -> dict[str, str]:
        from digest.grouping.copies import Text, find_copies  # noqa: PLC0415

        remembered = self._store.memo("copies")
        hours = {name: (a.page.moment or a.at).timestamp() / 3600 for name, a in arrivals.items()}

        def facts(name: str) -> bytes:
            arrival = arrivals[name]
            return _encode((name, arrival.key, arrival.page.source, hours[name]))

        keys = [digest_of(self._code, *map(facts, group.members)) for group in groups]
        copies: dict[str, str] = {}
        missing: list[Group] = []
        for key, group in zip(keys, groups, strict=True):
            if key in remembered:
                copies.update(msgspec.msgpack.decode(remembered[key], type=dict[str, str]))
            else:
                missing.append(group)
        members = [m for group in missing for m in group.members]
        sketches = self._sketches([arrivals[m].key for m in members])
        texts = {
            m: Text(sketches[arrivals[m].key].signature, arrivals[m].page.source, hours[m]) for m in members
        }
        found = find_copies([group.members for group in missing], texts)
        by_id = {group.id: key for key, group in zip(keys, groups, strict=True)}
        new = {
            by_id[group.id]: _encode({m: found[m] for m in group.members if m in found}) for group in missing
        }
        self._store.keep_memo("copies", new, remembered.keys() - set(keys))
        return copies | found


class Teller:
    """Tells stories, remembering what was told of those that did not change."""

    def __init__(self, store: Store, readings: Readings) -> None:
        from digest.taxonomy.telling import Telling  # noqa: PLC0415

        self._store, self._keys = store, readings.keys
        self._code = code_digest(TELL)
        self._remembered = store.memo("telling")
        self._decode = msgspec.msgpack.Decoder(Telling).decode
        self._new: dict[bytes, bytes] = {}
        self._used: set[bytes] = set()

    def tell(
        self,
        members: Sequence[Page],
        events: Sequence[Sequence[str]],
        pinned: Collection[str],
        day_of: Callable[[Page], str],
        copies: Collection[str] = frozenset(),
    ) -> Telling:
        """What `taxonomy.telling.tell` gives for the same arguments."""
        from digest.taxonomy.telling import tell  # noqa: PLC0415

        facts = [(p.id, p.title, p.source, p.moment, day_of(p), self._keys[p.newest.path]) for p in members]
        key = digest_of(self._code, _encode((facts, events, sorted(pinned), sorted(copies))))
        self._used.add(key)
        encoded = self._remembered.get(key)
        if encoded is not None:
            return self._decode(encoded)
        telling = tell(members, events, pinned, day_of, copies)
        self._new[key] = _encode(telling)
        return telling

    def remember(self) -> None:
        """Keeps what was told."""
        self._store.keep_memo("telling", self._new, self._remembered.keys() - self._used)
