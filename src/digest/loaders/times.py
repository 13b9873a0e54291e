"""When an article was published and when it was fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from digest.ids import decoded
from digest.loaders.blocks import Block
from digest.loaders.envelope import Envelope
from digest.loaders.marking import Harvest
from digest.loaders.notebook import Notebook
from digest.loaders.origin import Origin
from digest.loaders.passes import find_date_line, find_opening_dates
from digest.loaders.reading import Reading
from digest.sources.profile import Shift
from digest.text.dates import Moment, parse_date, to_utc

_SECOND = timedelta(seconds=1)
_NAME = re.compile(r"(?:.*/)?(\d{4}-\d\d-\d\d)-[^/]*\Z", re.S)
Told = tuple[str, Moment]
"""A time and where it was read, in words."""


class Times(NamedTuple):
    """The publication time, whether it is a bare day, and the time of the scrape."""

    published: datetime | None
    day_only: bool
    fetched: datetime | None


class _Sources(NamedTuple):
    """All that may tell the publication time. `clock` is the repaired comment, `front` the front
    matter's date; either may be missing. `path` is the file's."""

    body: Sequence[Told]
    clock: Told | None
    front: Told | None
    reading: Reading
    link: str
    path: str


def find_times(
    envelope: Envelope, origin: Origin, found: Harvest, blocks: Sequence[Block], book: Notebook
) -> Times:
    """Read every time the file tells and settle on one, in the order of trust.

    A time in the body, by the profile's rules; the comment, its clock repaired; the front matter's
    date; a day in the body, in the front matter, in the address, at the beginning of the file's name (as
    Jekyll has it). A day without a clock time is no time: the comment decides where there is one.
    """
    reading = origin.reading
    front = _front_time(envelope, reading, book)
    exact = front[1].at if front and not front[1].day_only else None
    clock, repair = repair_comment(envelope.comment, exact, reading.profile.clock)
    comment = (f"comment{repair}", Moment(clock)) if clock else None
    body = _body_times(envelope, origin, found, blocks)
    sources = _Sources(body, comment, front, reading, origin.link, book.path)
    where, moment = next(_in_order_of_trust(sources), ("", None))
    if repair == _REFUSED and where == f"comment{repair}":
        book.problem(
            "clock",
            f"comment {envelope.comment:%Y-%m-%dT%H:%M:%SZ} lies after the front matter's date; used that",
        )
    if found.unread_date and not body:
        book.problem(
            "date-bad", f"date '{found.unread_date[:40]}' is not as the profile says; used {where or 'none'}"
        )
    if moment is None:
        book.problem(
            "date-missing",
            "no date found (expected in body, comment, front matter, address or name); undated",
        )
    fetched = _fetched(front, comment) or (where, moment)
    book.note("published", where or "none")
    book.note("fetched", fetched[0] or "none")
    if moment is None:
        return Times(None, False, fetched[1] and to_utc(fetched[1].at))
    return Times(to_utc(moment.at), moment.day_only, fetched[1] and to_utc(fetched[1].at))


_REFUSED = ", refused for the front matter's date"


def repair_comment(
    comment: datetime | None, front: datetime | None, shifts: Sequence[Shift]
) -> tuple[datetime | None, str]:
    """The epoch comment with the first shift of the profile that fits, and what was done, in words.

    Where none fits but the comment lies after the front matter's date (which was written as the
    earlier of comment and scrape time), the clock was wrong by an unknown amount: the date holds.
    """
    if comment is None:
        return None, ""
    ahead = front is not None and comment > front + _SECOND
    for shift in shifts:
        if shift.ahead and not ahead:
            continue
        if shift.before and comment >= _rfc3339(shift.before):
            continue
        if shift.since and (front is None or front < _rfc3339(shift.since)):
            continue
        return comment + timedelta(hours=shift.hours), f", shifted by {shift.hours:+g} h"
    return (front, _REFUSED) if ahead else (comment, "")


def _rfc3339(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _front_time(envelope: Envelope, reading: Reading, book: Notebook) -> Told | None:
    """The front matter's date, with its fraction of a second; a bare day is midnight in the
    outlet's zone."""
    value = envelope.front.get("date") or envelope.front.get("published")
    zone = reading.profile.timezone
    if isinstance(value, datetime):
        return "front matter date", Moment(value if value.tzinfo else value.replace(tzinfo=UTC))
    if isinstance(value, date):
        value = value.isoformat()
    if not isinstance(value, str) or not value.strip():
        return None
    moment = parse_date(value, "iso", zone) or parse_date(value, "rfc822", zone)
    if moment is None:
        message = f"date '{value[:40]}' is not a date (expected YYYY-MM-DD or RFC 3339); left out"
        book.problem("date-bad", message, envelope.date_line)
        return None
    return "front matter date", moment


def _body_times(envelope: Envelope, origin: Origin, found: Harvest, blocks: Sequence[Block]) -> list[Told]:
    """The times the profile's rules find, best rule first; else a date line, else the page's head."""
    reading, profile = origin.reading, origin.reading.profile
    hits = list(found.dates)
    best = min((number for number, moment, _ in hits if not moment.day_only), default=len(reading.dates) + 1)
    hits.extend(find_opening_dates(blocks, reading, best))
    hits.sort(key=lambda hit: hit[0])
    told = [(f"date rule {n}: {text}, {reading.dates[n - 1].zone}", moment) for n, moment, text in hits]
    if not told and envelope.comment is None and (line := find_date_line(blocks, profile.timezone)):
        told.append((f"date line: {line[1]}", line[0]))
    head = origin.head.published
    if head and (moment := parse_date(head, "iso", profile.timezone)):
        told.append((f"page head: {head}", moment))
    return told


def _in_order_of_trust(sources: _Sources) -> Iterator[Told]:
    clock, front = sources.clock, sources.front
    for where, moment in sources.body:
        if not moment.day_only:
            if sources.reading.profile.earliest and clock and clock[1].at < moment.at:
                yield f"{clock[0]} (earlier than {where})", clock[1]
            yield where, moment
    if clock:
        yield clock
    if front and not front[1].day_only:
        yield front
    yield from sources.body
    if front:
        yield front
    if sources.link:
        yield from _address_times(sources.reading, sources.link)
    named = _NAME.match(sources.path)
    if named and (day := parse_date(named[1], "iso", sources.reading.profile.timezone)):
        yield f"file name: {named[1]}", day


def _address_times(reading: Reading, link: str) -> Iterator[Told]:
    for rule in reading.dates:
        if rule.url is not None and (found := rule.url.search(decoded(link))):
            text = (found[1] if rule.url.groups else found[0]) or ""
            if moment := parse_date(text, rule.rule.format, rule.zone):
                yield f"address: {text}", Moment(moment.at, moment.day_only or rule.rule.day_only)


def _fetched(front: Told | None, comment: Told | None) -> Told | None:
    """A front matter's date with a fraction of a second was written by the scraper's clock."""
    if front and front[1].at.microsecond:
        return "front matter date (a scrape time)", front[1]
    if comment:
        return comment
    return front if front and not front[1].day_only else None
