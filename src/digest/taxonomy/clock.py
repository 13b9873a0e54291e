"""What 'now' is, and which times can be true: told by the archive itself, never by a clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from digest.model import Version

_MOST_OUTLIERS = 5
_PAUSE = timedelta(days=1826)
_HORIZON = datetime(2075, 1, 1, tzinfo=UTC)  # half a century after this was written
AHEAD = timedelta(days=1)
"""How far after `now` a time may lie: outlets date ahead by zones and embargoes."""


def find_now(versions: Iterable[Version]) -> datetime | None:
    """The newest plausible time of fetching (of publication where that is unknown); None in an
    archive without times.

    The newest few (up to five, a tenth of all, one at least, and always the minority) are passed
    over where they come after a gap of more than five years and more than twice the span of
    all that went before. So a date in 2099 is no `now`, while an archive that rests for
    years and goes on is believed. Nor is any time beyond 2075, however few the articles are.
    """
    known = sorted(t for v in versions if (t := v.fetched or v.published))
    times = [t for t in known if t <= _HORIZON]
    if not times:
        return _HORIZON if known else None
    count = len(times)
    most = min(max(1, min(_MOST_OUTLIERS, count // 10)), (count - 1) // 2)
    newest = count - 1
    for before in range(count - 2, count - 2 - most, -1):
        if times[before + 1] - times[before] > max(_PAUSE, 2 * (times[before] - times[0])):
            newest = before
    return times[newest]


def is_plausible(moment: datetime | None, now: datetime | None) -> bool:
    """Whether `moment` is known and not in the future of `now`."""
    return moment is not None and (now is None or moment <= now + AHEAD)
