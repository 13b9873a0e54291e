"""A story laid out in time: its days, the events of each, the reports of each event, the silence
between; and the pages into which a long story is cut."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from digest.model import Event
from digest.renderer.dates import name_date
from digest.renderer.parts import Happening, Ref, Report, StoryDay

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from digest.model import Thread
    from digest.renderer.directory import Directory
    from digest.renderer.parts import Entry

LONG = 100
"""Reports up to which a story has one page."""

STRETCH = 150
"""Reports of one month that fill a page of a long story, its last day's with them."""

SILENCE = 3
"""Days without a report that are named between others."""


class Stretch(Struct, frozen=True, gc=False):
    """The days that stand together on one page, with their events. `name` is the page's, without
    `.html`; `month` is empty where only undated reports are left."""

    name: str
    month: str
    days: tuple[tuple[str, tuple[Event, ...]], ...]

    @property
    def count(self) -> int:
        """Reports."""
        return sum(len(event.members) for _, events in self.days for event in events)


def events_of(thread: Thread) -> tuple[Event, ...]:
    """The story's events; where nobody told them apart, each report is one."""
    return thread.events or tuple(Event("", (page_id,)) for page_id in thread.members)


def cut(directory: Directory, thread: Thread) -> tuple[Stretch, ...]:
    """The story's pages, oldest first: one, or for a long story one a month, and more of a month
    that has very many. The last is the story's own page. As a story grows at its end, the
    others stay as they are."""
    days = _events_by_day(directory, thread)
    if len(thread.members) <= LONG:
        return (Stretch("", "", tuple(days)),)
    stretches: list[Stretch] = []
    held: list[tuple[str, tuple[Event, ...]]] = []
    size = part = 0
    for index, (day, events) in enumerate(days):
        held.append((day, events))
        size += sum(len(event.members) for event in events)
        following = days[index + 1][0] if index + 1 < len(days) else day
        month = day[:7]
        ends = bool(following) and following[:7] != month
        if ends or size >= STRETCH or index + 1 == len(days):
            part += 1
            stretches.append(Stretch(f"{month}-{part}" if part > 1 else month, month, tuple(held)))
            held, size = [], 0
            part = 0 if ends else part
    return tuple(stretches)


def draw_days(
    directory: Directory, thread: Thread, stretch: Stretch, quoted: Iterable[str]
) -> tuple[StoryDay, ...]:
    """The days of one page. An article that the introduction quotes (`quoted`) needs no excerpt,
    and where there is an introduction only key events have one."""
    silences = _find_silences(directory, thread)
    told = frozenset(quoted)
    bare = not (thread.summary or thread.html)
    drawn = []
    for day, events in stretch.days:
        ref = directory.day(day)
        happenings = []
        for event in events:
            brief = (event.key or bare) and event.members[0] not in told
            happenings.append(draw_happening(directory, event.members, day, key=event.key, brief=brief))
        drawn.append(StoryDay(ref.title, ref.href, silences.get(day, 0), tuple(happenings)))
    return tuple(drawn)


def draw_happening(
    directory: Directory, members: Iterable[str], day: str, *, key: bool, brief: bool
) -> Happening:
    """Reports of one event, told on a page of `day`: the first stands for them, the same text
    elsewhere is named beside it, the others are folded."""
    (first, copies), *others = fold_copies(members, directory.digest.copies)
    lead = Report(_date(directory, first, day, brief=brief), _also(directory, copies))
    if not others:
        return Happening(lead, (), 0, key)
    more = tuple(
        Report(_date(directory, page_id, day, brief=False), _also(directory, copies))
        for page_id, copies in others
    )
    return Happening(lead, more, sum(1 + len(report.also) for report in more), key)


def fold_copies(ids: Iterable[str], copies: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """The pages in their order, those of one text under the first of them."""
    if not copies:
        return [(page_id, []) for page_id in ids]
    folded: dict[str, list[str]] = {}
    for page_id in ids:
        folded.setdefault(copies.get(page_id, page_id), []).append(page_id)
    return [(same[0], same[1:]) for same in folded.values()]


def _date(directory: Directory, page_id: str, day: str, *, brief: bool) -> Entry:
    """The entry of a page, with its date where that is not the list's."""
    entry = directory.brief(page_id) if brief else directory.entry(page_id)
    own = directory.day_of(page_id)
    if own in (day, ""):
        return entry
    time = f"{name_date(own, directory.language)} {entry.time}".rstrip()
    return msgspec.structs.replace(entry, time=time)


def _also(directory: Directory, ids: list[str]) -> tuple[Ref, ...]:
    return tuple(directory.outlet_ref(page_id) for page_id in ids) if ids else ()


def _events_by_day(directory: Directory, thread: Thread) -> list[tuple[str, tuple[Event, ...]]]:
    """Days in order, key events first on each; what has no date stands last."""
    days: dict[str, list[Event]] = {}
    for event in events_of(thread):
        days.setdefault(event.day or directory.day_of(event.members[0]), []).append(event)
    return [
        (day, tuple(sorted(events, key=lambda event: not event.key)))
        for day, events in sorted(days.items(), key=lambda item: (not item[0], item[0]))
    ]


def _find_silences(directory: Directory, thread: Thread) -> dict[str, int]:
    """Days without any report before each day on which an event began after such a pause."""
    if _count_between(thread.first or thread.last, thread.last) < SILENCE:
        return {}
    began = sorted({event.day or directory.day_of(event.members[0]) for event in events_of(thread)})
    reported = sorted({day for page_id in thread.members if (day := directory.day_of(page_id))})
    silences: dict[str, int] = {}
    for earlier, later in pairwise(reported):
        pause = _count_between(earlier, later)
        if pause >= SILENCE:
            day = next((day for day in began if day >= later), "")
            silences[day] = max(pause, silences.get(day, 0))
    silences.pop("", None)
    return silences


def _count_between(earlier: str, later: str) -> int:
    """Days between two days, both ends out; fewer than none where they are one or unknown."""
    if earlier == later:
        return -1
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days - 1
