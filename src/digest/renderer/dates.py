"""Days, months and years as the interface's language writes them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_HAN_DAYS = "一二三四五六日"
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day_namer(language: str) -> Callable[[str], str]:
    """A function from `2020-08-11` to 2020年8月11日, as the language writes it."""
    return _english_day if language == "en" else _chinese_day


@lru_cache(maxsize=4096)
def _chinese_day(day: str) -> str:
    return f"{int(day[:4])}年{int(day[5:7])}月{int(day[8:10])}日"


@lru_cache(maxsize=4096)
def _english_day(day: str) -> str:
    return f"{int(day[8:10])} {_MONTHS[int(day[5:7]) - 1]} {int(day[:4])}"


def name_weekday(day: str, language: str) -> str:
    """星期二 for `2020-08-11`."""
    number = date.fromisoformat(day).weekday()
    return _WEEKDAYS[number] if language == "en" else "星期" + _HAN_DAYS[number]


def name_month(month: str, language: str) -> str:
    """2020年8月 for `2020-08`."""
    if language == "en":
        return f"{_MONTHS[int(month[5:7]) - 1]} {int(month[:4])}"
    return f"{int(month[:4])}年{int(month[5:7])}月"


def name_year(year: str, language: str) -> str:
    """2020年 for `2020`."""
    return str(int(year)) if language == "en" else f"{int(year)}年"


def name_span(first: str, last: str, language: str) -> str:
    """The days from `first` to `last` (`YYYY-MM-DD`), both ends in; one day is named alone."""
    name = day_namer(language)
    if not first or first == last:
        return name(last) if last else ""
    dash = " – " if language == "en" else " — "
    return f"{name(first)}{dash}{name(last)}"
