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


def name_date(day: str, language: str) -> str:
    """8月11日 for `2020-08-11`, where the year is clear."""
    if language == "en":
        return f"{int(day[8:10])} {_MONTHS[int(day[5:7]) - 1]}"
    return f"{int(day[5:7])}月{int(day[8:10])}日"


def name_short(day: str, language: str, *, whole_month: bool = False) -> str:
    """8/11 for `2020-08-11`, for the head of a narrow column; for its whole month 2020/8."""
    if language == "en":
        name = _MONTHS[int(day[5:7]) - 1][:3]
        return f"{name} {day[:4]}" if whole_month else f"{int(day[8:10])} {name}"
    return f"{day[:4]}/{int(day[5:7])}" if whole_month else f"{int(day[5:7])}/{int(day[8:10])}"


def name_span(first: str, last: str, language: str) -> str:
    """The days from `first` to `last` (`YYYY-MM-DD`), both ends in; one day is named alone, and
    their year once where it is the same."""
    name = day_namer(language)
    if not first or first == last:
        return name(last) if last else ""
    once = first[:4] == last[:4]
    if language == "en":
        return f"{name_date(first, language) if once else name(first)} – {name(last)}"
    return f"{name(first)} — {name_date(last, language) if once else name(last)}"
