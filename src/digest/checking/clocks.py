"""Wrong clocks: times of publication that cannot be, by what is known of the times of fetching.

A page that was published after it was fetched has a wrong time. Where most of an outlet's pages lie a
whole number of hours from the time they were fetched, the outlet's zone is wrong. Where nearly all are of
midnight, the time is a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from digest.model import Version

SLACK = timedelta(minutes=5)
"""By how much clocks may differ."""

_FEWEST = 20
_MIDNIGHT = 0.8
_NEAR, _WIDE = 0.75, 1.5  # hours: how close the first of the delays are to a whole hour; how far they spread
_LONGEST = 16


class Shift(NamedTuple):
    """Pages of one outlet that seem shifted by whole hours: from when to when, how many, by how much.
    Positive hours: they seem published that long before they were fetched."""

    first: datetime
    last: datetime
    articles: int
    hours: int


def is_ahead(version: Version) -> bool:
    """Whether the article was published after it was fetched."""
    published, fetched = version.published, version.fetched
    return bool(published and fetched and not version.day_only and published > fetched + SLACK)


def count_midnights(versions: Iterable[Version], zones: Sequence[str]) -> tuple[str, int, int] | None:
    """The zone in which nearly all times are of midnight, how many are, and of how many; None if in none.
    Bare days are left out: they pretend to nothing."""
    times = [v.published for v in versions if v.published and not v.day_only]
    if len(times) < _FEWEST:
        return None
    for zone in dict.fromkeys(("UTC", *zones)):
        place = ZoneInfo(zone)
        local = (time.astimezone(place) for time in times)
        count = sum(1 for t in local if (t.hour, t.minute, t.second) == (0, 0, 0))
        if count >= _MIDNIGHT * len(times):
            return zone, count, len(times)
    return None


def find_shifts(versions: Iterable[Version]) -> list[Shift]:
    """Weeks in which an outlet's times are off by the same whole hours, neighbours joined."""
    weeks: dict[tuple[int, int], list[tuple[datetime, float]]] = {}
    for version in versions:
        published, fetched = version.published, version.fetched
        # Equal times were taken from one another, and tell nothing.
        if published and fetched and not version.day_only and published != fetched:
            delay = (fetched - published).total_seconds() / 3600
            weeks.setdefault(fetched.isocalendar()[:2], []).append((published, delay))
    shifts: list[Shift] = []
    for week in sorted(weeks):
        rows = sorted(weeks[week])
        hours = _whole_hours(sorted(delay for _, delay in rows))
        if not hours:
            continue
        found = Shift(rows[0][0], rows[-1][0], len(rows), hours)
        if shifts and shifts[-1].hours == hours and found.first - shifts[-1].last < timedelta(days=8):
            before = shifts.pop()
            found = Shift(min(before.first, found.first), max(before.last, found.last),
                          before.articles + found.articles, hours)  # fmt: skip
        shifts.append(found)
    return shifts


def _whole_hours(delays: Sequence[float]) -> int:
    """By how many hours delays are shifted, 0 if they aren't: fetching follows publication within an hour
    or two, so the early ones crowd at the shift."""
    if len(delays) < _FEWEST:
        return 0
    early, middle = delays[len(delays) // 10], delays[len(delays) // 2]
    hours = int(early // 1) if early >= 0 else -int(-early // 1 + 1)
    if not 1 <= abs(hours) <= _LONGEST or early - hours > _NEAR or middle - early > _WIDE:
        return 0
    return hours
