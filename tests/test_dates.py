"""The ways outlets write a time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digest.text.dates import parse_date


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "pattern", "zone", "expected"),
    [
        ("08/11/2023 - 09:39", "%d/%m/%Y - %H:%M", "Europe/Paris", at(2023, 11, 8, 8, 39)),
        ("28/08/2020 - 16:11", "%d/%m/%Y - %H:%M", "Europe/Paris", at(2020, 8, 28, 14, 11)),
        ("2020-07-30T10:16:57", "iso", "UTC", at(2020, 7, 30, 10, 16, 57)),
        ("2020-12-03T06:40:08.841Z", "iso", "Asia/Taipei", at(2020, 12, 3, 6, 40, 8)),
        ("2020-09-08 16:27:17", "iso", "Asia/Shanghai", at(2020, 9, 8, 8, 27, 17)),
        ("2014-10-12T09:05:00+08:00", "iso", "UTC", at(2014, 10, 12, 1, 5)),
        ("2020年8月28日 9时05分", "iso", "Asia/Shanghai", at(2020, 8, 28, 1, 5)),
        ("Wed, 08 Nov 2023 17:03:45 GMT", "rfc822", "UTC", at(2023, 11, 8, 17, 3, 45)),
        ("Sat, 27 Jun 2020 13:30:55 +0000", "rfc822", "UTC", at(2020, 6, 27, 13, 30, 55)),
        ("27 Jun 2020 08:30 EST", "rfc822", "UTC", at(2020, 6, 27, 13, 30)),
        ("07212020093012", "%m%d%Y%H%M%S", "America/New_York", at(2020, 7, 21, 13, 30, 12)),
    ],
)
def test_a_time_is_read_in_its_zone(text: str, pattern: str, zone: str, expected: datetime) -> None:
    found = parse_date(text, pattern, zone)
    assert found is not None
    assert (found.at, found.day_only) == (expected, False)


@pytest.mark.parametrize(
    ("text", "pattern", "zone", "expected"),
    [
        ("1090816", "roc", "Asia/Taipei", at(2020, 8, 15, 16)),
        ("109年8月16日", "roc", "Asia/Taipei", at(2020, 8, 15, 16)),
        ("2020年 7月 16日", "%Y年 %m月 %d日", "Asia/Shanghai", at(2020, 7, 15, 16)),
        ("2020-07-16", "iso", "UTC", at(2020, 7, 16)),
    ],
)
def test_a_day_is_midnight_in_its_zone_and_says_so(
    text: str, pattern: str, zone: str, expected: datetime
) -> None:
    found = parse_date(text, pattern, zone)
    assert found is not None
    assert (found.at, found.day_only) == (expected, True)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("", "iso"),
        ("2020-13-01", "iso"),
        ("soon", "rfc822"),
        ("32 Foo 2020 10:00", "rfc822"),
        ("1091399", "roc"),
        ("x", "%Y"),
    ],
)
def test_what_is_no_date_is_none(text: str, pattern: str) -> None:
    assert parse_date(text, pattern, "UTC") is None


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("08/11/2023 - 09:39", "%d/%m/%Y - %H:%M"),
        ("8/1/2023 - 9:39", "%d/%m/%Y - %H:%M"),
        ("2020年 7月  16日", "%Y年 %m月 %d日"),
        ("20200716", "%Y%m%d"),
        ("07212020093012", "%m%d%Y%H%M%S"),
        ("Jul 16, 2020 9:05 PM", "%b %d, %Y %I:%M %p"),
        (" 2020-07-16\n10:05 ", "%Y-%m-%d %H:%M"),
        ("2020-07-32", "%Y-%m-%d"),
        ("2020-07-16 x", "%Y-%m-%d"),
        ("2020-07", "%Y-%m"),
    ],
)
def test_patterns_mean_what_strptime_says(text: str, pattern: str) -> None:
    found = parse_date(text, pattern, "UTC")
    try:
        expected = datetime.strptime(" ".join(text.split()), pattern).replace(tzinfo=UTC)
    except ValueError:
        expected = None
    assert (found.at if found else None) == expected
