"""Days without an article from an outlet that usually has some.

What is usual for a day is the median of the same weekday in the four weeks before and after, so that
weekends and slow outlets alarm nobody. A run of empty days is a gap when the articles it would
have had add up to `LEAST`: had they come at random, that many would fail to come once in three thousand runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from statistics import median
from typing import NamedTuple

LEAST = 8.0
"""Articles that must be missing."""

_WEEKS = (-4, -3, -2, -1, 1, 2, 3, 4)
_FEWEST = 3
_DAY = timedelta(days=1)
_RECENT = 28


class Gap(NamedTuple):
    """Days without any article, both ends in; about how many there would have been; `open` where none has
    come since."""

    first: date
    last: date
    expected: float
    open: bool = False

    @property
    def days(self) -> int:
        """How long it lasts."""
        return (self.last - self.first).days + 1


def find_gaps(days: Iterable[date], today: date) -> list[Gap]:
    """The gaps of one outlet, given the day of each of its articles. `today` is the archive's last day, which
    is not yet whole."""
    counts = Counter(day for day in days if day <= today)
    if not counts:
        return []
    first, last = min(counts), max(counts)
    gaps = []
    day = first
    while day <= last:
        if counts[day]:
            day += _DAY
            continue
        start = day
        while not counts[day]:
            day += _DAY
        run = Gap(start, day - _DAY, _expect(counts, start, day - _DAY, first, last))
        if run.expected >= LEAST:
            gaps.append(run)
    start, end = last + _DAY, today - _DAY
    silent = Gap(start, end, _continue(counts, start, end, first), open=True)
    return [*gaps, silent] if silent.expected >= LEAST else gaps


def _expect(counts: Counter[date], start: date, end: date, first: date, last: date) -> float:
    total = 0.0
    for offset in range((end - start).days + 1):
        day = start + timedelta(days=offset)
        near = [day + timedelta(weeks=week) for week in _WEEKS]
        known = [counts[other] for other in near if first <= other <= last]
        total += median(known) if len(known) >= _FEWEST else 0.0
    return total


def _continue(counts: Counter[date], start: date, end: date, first: date) -> float:
    """Articles that would have come after the outlet's last, as on the same weekdays of its last weeks."""
    total = 0.0
    last = start - _DAY
    recent = [last - timedelta(days=n) for n in range(min(_RECENT, (last - first).days + 1))]
    by_weekday = {n: [counts[day] for day in recent if day.weekday() == n] for n in range(7)}
    whole = median(counts[day] for day in recent)
    for offset in range((end - start).days + 1):
        same = by_weekday[(start + timedelta(days=offset)).weekday()]
        total += median(same) if same else whole
    return total
