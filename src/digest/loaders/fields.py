"""The fields of an article that need judgement: title and kicker, times, authors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import NamedTuple

from digest.loaders.reading import AuthorFinder, Reading
from digest.sources.profile import Shift
from digest.text.dates import Moment, to_utc
from digest.text.html import squeeze, strip_invisible

_SECOND = timedelta(seconds=1)
_NAME_EDGES = " \t\n\u3000·,，。、;；:：/|-–—\"'"
_SUFFIX_SEPARATOR = re.compile(r"^[\s\-–—|·]+|[\s\-–—|·]+$")


class Title(NamedTuple):
    """A title cleaned, its kicker apart, and the printed headline as it was (for comparison)."""

    title: str
    kicker: str | None
    printed: str


class Times(NamedTuple):
    """When an article was published and fetched, where that was read, and faults found."""

    published: datetime | None
    day_only: bool
    fetched: datetime | None
    origin: str
    fetched_origin: str
    faults: tuple[tuple[str, str], ...]


def clean_title(raw: str) -> str:
    """Entities (escaped twice at times), backslashes before quotes, blanks and invisible marks undone."""
    if "&" in raw:
        raw = unescape(unescape(raw))
    if "\\" in raw:
        raw = raw.replace('\\"', '"').replace("\\'", "'")
    return squeeze(strip_invisible(raw))


def choose_title(front: str, heading: str | None) -> str:
    """The heading where it says more, else the front matter's title. A cut `...` says nothing more."""
    title = clean_title(front)
    if not heading:
        return title
    other = clean_title(heading)
    if other.endswith(("...", "…")) and title and other.rstrip(".… ") == title.rstrip(".… "):
        return title
    return other if len(other) > len(title) else title


def split_kicker(printed: str, reading: Reading) -> Title:
    """Take site suffixes off a headline and its rubric apart, as the profile says."""
    title = printed
    for pattern in reading.title_strip:
        title = pattern.sub("", title)
    kicker = None
    if reading.title_suffix is not None and (found := reading.title_suffix.search(title)):
        name = found[1] if reading.title_suffix.groups else found[0]
        rest = (title[: found.start()] + title[found.end() :]).strip()
        if rest:
            kicker, title = _SUFFIX_SEPARATOR.sub("", name or "") or None, rest
    if reading.title_prefix is not None and (found := reading.title_prefix.match(title)):
        rest = title[found.end() :].strip()
        if rest and found.end():
            kicker, title = title[: found.end()].strip(), rest
    return Title(title.strip(), kicker, printed)


def clean_authors(
    texts: Iterable[tuple[AuthorFinder | None, str]], is_outlet: Callable[[str], bool]
) -> tuple[str, ...]:
    """The names in what author rules found, each once, in order; an outlet's name is none."""
    names: dict[str, None] = {}
    for finder, text in texts:
        text = clean_title(text)
        for name in finder.split.split(text) if finder and finder.split else [text]:
            if not name:
                continue
            if finder and finder.drop is not None:
                name = finder.drop.sub("", name)
            name = _trim_name(squeeze(name))
            if name and len(name) <= 60 and not is_outlet(name) and not name.isdigit():
                names.setdefault(name)
    return tuple(names)


def _trim_name(name: str) -> str:
    """Without the marks around a name; a bracket or dot that belongs to it stays."""
    name = name.strip(_NAME_EDGES)
    for opening, closing in ("()", "（）", "[]", "【】", "《》", "<>"):
        if name.startswith(opening) and (name.endswith(closing) or closing not in name):
            name = name[1:].removesuffix(closing).strip(_NAME_EDGES)
        if name.endswith(closing) and opening not in name:
            name = name[:-1].rstrip(_NAME_EDGES)
    return name.removesuffix(".") if "." not in name[:-1] else name


def repair_comment(
    comment: datetime | None, front: datetime | None, shifts: Sequence[Shift]
) -> tuple[datetime | None, str]:
    """The epoch comment with the first shift of the profile that fits, and what was done.

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
        return comment + timedelta(hours=shift.hours), f"shifted by {shift.hours:+g} h"
    if ahead and front is not None:
        return to_utc(front), "clock"
    return comment, ""


def _rfc3339(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def settle_times(
    found: Sequence[tuple[str, Moment]],
    comment: datetime | None,
    front: tuple[datetime | None, bool],
    from_url: Callable[[], tuple[str, Moment] | None],
    reading: Reading,
) -> Times:
    """The publication time, in the catalogue's order of trust, and when the file was fetched.

    `found` are the times read in the body by rule (origin, time), best first. A day without a
    clock time is no time: the comment decides where there is one. The address is the last resort.
    """
    faults: list[tuple[str, str]] = []
    date, date_is_day = front
    clock, note = repair_comment(comment, None if date_is_day else date, reading.profile.clock)
    comment_origin = "comment" + (f", {note}" if note else "")
    scraped = date is not None and not date_is_day and date.microsecond != 0
    if scraped and date is not None:
        fetched, fetched_origin = to_utc(date), "front matter date (a scrape time)"
    elif clock is not None:
        fetched, fetched_origin = to_utc(clock), comment_origin
    elif date is not None and not date_is_day:
        fetched, fetched_origin = to_utc(date), "front matter date"
    else:
        fetched, fetched_origin = None, ""
    timed = [(origin, moment) for origin, moment in found if not moment.day_only]
    days = [(origin, moment) for origin, moment in found if moment.day_only]
    published: datetime | None
    day_only = False
    if timed:
        origin, published = timed[0][0], timed[0][1].at
        if reading.profile.earliest and clock is not None and to_utc(clock) < published:
            origin, published = f"{comment_origin} (earlier than {origin})", to_utc(clock)
    elif clock is not None:
        origin, published = comment_origin, to_utc(clock)
        if note == "clock" and comment is not None:
            message = f"comment {comment:%Y-%m-%dT%H:%M:%SZ} lies after the date of the front matter; used that"
            faults.append(("clock", message))
    elif date is not None and not date_is_day:
        origin, published = "front matter date", to_utc(date)
    elif days:
        origin, published, day_only = days[0][0], days[0][1].at, True
    elif date is not None:
        origin, published, day_only = "front matter date", to_utc(date), True
    elif told := from_url():
        origin, published, day_only = told[0], told[1].at, told[1].day_only
    else:
        origin, published = "", None
    if fetched is None:
        fetched, fetched_origin = published, origin
    return Times(published, day_only, fetched, origin, fetched_origin, tuple(faults))
