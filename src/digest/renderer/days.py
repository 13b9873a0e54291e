"""The archive by date: a page for each day, month and year."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING

from digest.renderer.curated import settle
from digest.renderer.dates import name_month, name_weekday, name_year
from digest.renderer.directory import href_of
from digest.renderer.job import Job
from digest.renderer.parts import CalendarDay, Group, Note, Ref, Tally
from digest.renderer.views import DayView, MonthView, YearView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.renderer.directory import Directory

STORY = 2
"""Articles of one story on one day that make a group of their own."""

SHORT = 6
"""Articles of a day that is short enough to need no headings."""


def plan_days(directory: Directory) -> Iterator[Job]:
    """Day, month and year pages for every day that has an article or an edition."""
    days = list_days(directory)
    stories = _stories(directory)
    for index, day in enumerate(days):
        ids = directory.digest.days.get(day, ())
        href = directory.day(day).href
        view = DayView(
            href=href,
            title=directory.day(day).title,
            weekday=name_weekday(day, directory.language),
            count=len(ids),
            note=note_for(directory, day, href),
            groups=_group(directory, ids, stories),
            month=month_ref(directory, day[:7]),
            year=year_ref(directory, day[:4]),
            previous=directory.day(days[index - 1]) if index else None,
            next=directory.day(days[index + 1]) if index + 1 < len(days) else None,
        )
        yield Job(f"/{day.replace('-', '/')}/", "day.html", view, (), f"day {day}")
    yield from _plan_months(directory, days)
    yield from _plan_years(directory, days)


def list_days(directory: Directory) -> list[str]:
    """All days that have a page, oldest first."""
    digest = directory.digest
    days = {day for day, ids in digest.days.items() if ids}
    return sorted(days.union(edition.day for edition in digest.editions))


def note_for(directory: Directory, day: str, page: str) -> Note | None:
    """The curator's note on a day, as it stands on the page at `page`."""
    edition = directory.editions.get(day)
    if edition is None:
        return None
    html = settle(directory, edition.html, page, path=edition.path, assets=edition.assets)
    return Note(edition.title, html)


def month_ref(directory: Directory, month: str) -> Ref:
    """The page of a month (`YYYY-MM`)."""
    return Ref(name_month(month, directory.language), f"{month.replace('-', '/')}/index.html")


def year_ref(directory: Directory, year: str) -> Ref:
    """The page of a year."""
    return Ref(name_year(year, directory.language), f"{year}/index.html")


def count_days(directory: Directory, days: list[str], length: int) -> dict[str, int]:
    """Articles in each period, a period being the first `length` characters of its days."""
    counts: dict[str, int] = {}
    for day in days:
        counts[day[:length]] = counts.get(day[:length], 0) + len(directory.digest.days.get(day, ()))
    return counts


def _stories(directory: Directory) -> dict[str, int]:
    """The story under which a page is shown on its day: the index of its first thread."""
    stories: dict[str, int] = {}
    for index, thread in enumerate(directory.digest.threads):
        for page_id in thread.members:
            stories.setdefault(page_id, index)
    return stories


def _group(directory: Directory, ids: tuple[str, ...], stories: dict[str, int]) -> tuple[Group, ...]:
    """A day's articles: stories by size, then topics in the vocabulary's order, then the rest;
    each article once, newest first."""
    if len(ids) < SHORT:
        return (_titled(directory, Ref("", ""), list(ids)),) if ids else ()
    told: dict[int, list[str]] = {}
    for page_id in ids:
        if page_id in stories:
            told.setdefault(stories[page_id], []).append(page_id)
    told = {index: members for index, members in told.items() if len(members) >= STORY}
    rest: dict[str, list[str]] = {slug: [] for slug in directory.topics}
    other: list[str] = []
    for page_id in ids:
        if stories.get(page_id) in told:
            continue
        topics = directory.pages[page_id].topics
        slug = next((slug for slug in topics if slug in rest), None)
        (other if slug is None else rest[slug]).append(page_id)
    groups = [
        _titled(directory, Ref(thread.title, href_of(thread.url)), members)
        for thread, members in (
            (directory.digest.threads[index], members)
            for index, members in sorted(told.items(), key=lambda item: (-len(item[1]), item[0]))
        )
    ]
    groups += [
        _titled(directory, directory.topics[slug], members) for slug, members in rest.items() if members
    ]
    if other:
        groups.append(_titled(directory, Ref(directory.words.other if groups else "", ""), other))
    return tuple(groups)


def _titled(directory: Directory, ref: Ref, ids: list[str]) -> Group:
    return Group(ref.title, ref.href, tuple(directory.brief(page_id) for page_id in reversed(ids)), ref.lang)


def _plan_months(directory: Directory, days: list[str]) -> Iterator[Job]:
    shown = set(days)
    counts = count_days(directory, days, 7)
    months = list(counts)
    weekdays = tuple(name_weekday(f"2024-01-0{number}", directory.language) for number in range(1, 8))
    for index, month in enumerate(months):
        year, number = int(month[:4]), int(month[5:7])
        view = MonthView(
            href=month_ref(directory, month).href,
            title=month_ref(directory, month).title,
            count=counts[month],
            days=tuple(
                _calendar_day(directory, f"{month}-{day:02}", shown)
                for day in range(1, monthrange(year, number)[1] + 1)
            ),
            weekdays=weekdays,
            year=year_ref(directory, month[:4]),
            previous=month_ref(directory, months[index - 1]) if index else None,
            next=month_ref(directory, months[index + 1]) if index + 1 < len(months) else None,
        )
        yield Job(f"/{month.replace('-', '/')}/", "month.html", view, (), f"month {month}")


def _calendar_day(directory: Directory, day: str, shown: set[str]) -> CalendarDay:
    ref = directory.day(day)
    return CalendarDay(
        number=int(day[8:]),
        weekday=date.fromisoformat(day).isoweekday(),
        label=ref.title,
        href=ref.href if day in shown else "",
        count=len(directory.digest.days.get(day, ())),
    )


def _plan_years(directory: Directory, days: list[str]) -> Iterator[Job]:
    months = count_days(directory, days, 7)
    counts = count_days(directory, days, 4)
    years = list(counts)
    for index, year in enumerate(years):
        view = YearView(
            href=year_ref(directory, year).href,
            title=year_ref(directory, year).title,
            count=counts[year],
            months=tuple(
                Tally(*_title_and_href(month_ref(directory, month)), count)
                for month, count in months.items()
                if month[:4] == year
            ),
            previous=year_ref(directory, years[index - 1]) if index else None,
            next=year_ref(directory, years[index + 1]) if index + 1 < len(years) else None,
        )
        yield Job(f"/{year}/", "year.html", view, (), f"year {year}")


def _title_and_href(ref: Ref) -> tuple[str, str]:
    return ref.title, ref.href
