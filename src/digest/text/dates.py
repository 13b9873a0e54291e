"""The ways our outlets write a time, as a table. All results are aware, in UTC, in whole seconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

_ISO = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T ,]?\s*(\d{1,2})\s*[:时時点點]\s*(\d{1,2})(?:\s*[:分]\s*(\d{1,2})(?:[.,]\d{1,9})?)?\s*[分秒]?"
    r"\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d(?!\d))?)?",
    re.I,
)
_RFC = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})\s+([A-Za-z]{3})[a-z]*\s+(\d{4})"
    r"\s+(\d{1,2}):(\d\d)(?::(\d\d))?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|[A-Z]{3,4})?"
)
_ROC = re.compile(r"(1\d\d)\s*(?:年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?|(\d\d)(\d\d))")
_MONTHS = {m: i for i, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_US_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}


class Moment(NamedTuple):
    """A time, and whether only its day was told (then it is that day's midnight in its zone)."""

    at: datetime
    day_only: bool = False


@lru_cache(maxsize=64)
def zone(name: str) -> tzinfo:
    """The zone of that IANA name or offset (`+08:00`). Raises KeyError for an unknown one."""
    offset = re.fullmatch(r"([+-])(\d\d):?(\d\d)", name)
    if offset:
        return _offset(name)
    if name in ("", "UTC", "Z", "GMT"):
        return UTC
    return ZoneInfo(name)


def parse_date(text: str, pattern: str, zone_name: str) -> Moment | None:
    """Read `text` as `pattern` says: `iso`, `rfc822`, `roc`, or a strptime pattern.

    `zone_name` holds for times written without one. None if the text is no such date.
    """
    try:
        if pattern == "iso":
            return _parse_iso(text, zone_name)
        if pattern == "rfc822":
            return _parse_rfc(text, zone_name)
        if pattern == "roc":
            return _parse_roc(text, zone_name)
        if numbers := _number_pattern(pattern):
            return _parse_numbers(text, *numbers, zone_name)
        moment = datetime.strptime(" ".join(text.split()), pattern)  # noqa: DTZ007 - the zone follows
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone(zone_name))
        return Moment(to_utc(moment), not re.search(r"%[HIMTXcs]", pattern))
    except (ValueError, OverflowError):
        return None


_NUMBERS = {
    "Y": r"(\d{4})",
    "m": r"(\d{1,2})",
    "d": r"(\d{1,2})",
    "H": r"(\d{1,2})",
    "M": r"(\d{1,2})",
    "S": r"(\d{1,2})",
}
_ORDER = "YmdHMS"


@lru_cache(maxsize=256)
def _number_pattern(pattern: str) -> tuple[re.Pattern[str], tuple[int, ...]] | None:
    """A strptime pattern of nothing but numbers as a regex (strptime itself takes five times as long), and
    for each of year, month, day, hour, minute, second its group, or 0. None for other patterns."""
    pieces = re.split(r"%(.)", " ".join(pattern.split()))
    letters = pieces[1::2]
    if (
        not set(letters) <= set(_ORDER)
        or len(set(letters)) < len(letters)
        or not {"Y", "m", "d"} <= set(letters)
    ):
        return None
    # In digits run together each number has its full width.
    tight = any(not piece for piece in pieces[2:-1:2])
    source = "".join(
        re.escape(piece).replace("\\ ", r"\s+")
        if i % 2 == 0
        else _NUMBERS[piece].replace("{1,2}", "{2}")
        if tight
        else _NUMBERS[piece]
        for i, piece in enumerate(pieces)
    )
    return re.compile(source), tuple(letters.index(x) + 1 if x in letters else 0 for x in _ORDER)


def _parse_numbers(
    text: str, regex: re.Pattern[str], groups: tuple[int, ...], zone_name: str
) -> Moment | None:
    found = regex.fullmatch(text.strip())
    if not found:
        return None
    year, month, day, hour, minute, second = (int(found[g]) if g else 0 for g in groups)
    moment = datetime(year, month, day, hour, minute, second, tzinfo=zone(zone_name))
    return Moment(to_utc(moment), not groups[3])


def to_utc(moment: datetime) -> datetime:
    """The same time in UTC, in whole seconds. A naive one is taken for UTC."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC, microsecond=0)
    return moment.astimezone(UTC).replace(microsecond=0)


def _parse_iso(text: str, zone_name: str) -> Moment | None:
    found = _ISO.search(text)
    if not found:
        return None
    year, month, day, hour, minute, second, mark = found.groups()
    where = _mark(mark) if mark else zone(zone_name)
    moment = datetime(
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=where
    )
    return Moment(to_utc(moment), hour is None)


def _parse_rfc(text: str, zone_name: str) -> Moment | None:
    found = _RFC.search(text)
    if not found or found[2].lower() not in _MONTHS:
        return None
    day, month, year, hour, minute, second, mark = found.groups()
    where = _mark(mark) if mark else zone(zone_name)
    number = _MONTHS[month.lower()]
    return Moment(
        to_utc(datetime(int(year), number, int(day), int(hour), int(minute), int(second or 0), tzinfo=where))
    )


def _parse_roc(text: str, zone_name: str) -> Moment | None:
    """Years of the Republic of China: 109 is 2020. Days only."""
    found = _ROC.search(text)
    if not found:
        return None
    year, month, day = int(found[1]) + 1911, int(found[2] or found[4]), int(found[3] or found[5])
    return Moment(to_utc(datetime(year, month, day, tzinfo=zone(zone_name))), day_only=True)


def _mark(mark: str) -> tzinfo:
    mark = mark.upper()
    if mark in ("Z", "UTC", "GMT"):
        return UTC
    if mark in _US_ZONES:
        return timezone(timedelta(hours=_US_ZONES[mark]))
    if mark[0] not in "+-":
        raise ValueError(f"unknown zone {mark}")
    return _offset(mark)


def _offset(mark: str) -> tzinfo:
    digits = mark[1:].replace(":", "").ljust(4, "0")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-span if mark[0] == "-" else span)
