"""The archive by date: a page for each day, month and year."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from digest.renderer.curated import settle
from digest.renderer.dates import name_month, name_weekday, name_year
from digest.renderer.directory import href_of
from digest.renderer.job import Job
from digest.renderer.parts import CalendarDay, DayStory, Group, Note, Ref, Tally
from digest.renderer.timeline import draw_happening, events_of
from digest.renderer.views import DayView, MonthView, YearView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.renderer.directory import Directory

STORY = 2
"""Articles of one story on one day that are told together."""

SHORT = 6
"""Articles of a day that is short enough to need no headings."""


def plan_days(directory: Directory) -> Iterator[Job]:
    """Day, month and year pages for every day that has an article or an edition."""
    days = list_days(directory)
    spots = _find_spots(directory)
    for index, day in enumerate(days):
        ids = directory.digest.days.get(day, ())
        href = directory.day(day).href
        stories, rest = _tell(directory, day, spots) if len(ids) >= SHORT else ((), list(ids))
        view = DayView(
            href=href,
            title=directory.day(day).title,
            weekday=name_weekday(day, directory.language),
            count=len(ids),
            note=note_for(directory, day, href),
            stories=stories,
            groups=_group(directory, rest, headed=bool(stories)),
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


class _Spot(NamedTuple):
    """Where a page stands: in the thread of that number, in its event of that number, there at `place`."""

    thread: int
    event: int
    place: int


def _find_spots(directory: Directory) -> dict[str, _Spot]:
    """The place in its story of each article that has one; of several stories, the first."""
    spots: dict[str, _Spot] = {}
    for number, thread in enumerate(directory.digest.threads):
        for index, event in enumerate(events_of(thread)):
            for place, page_id in enumerate(event.members):
                spots.setdefault(page_id, _Spot(number, index, place))
    return spots


def _tell(directory: Directory, day: str, spots: dict[str, _Spot]) -> tuple[tuple[DayStory, ...], list[str]]:
    """A day's stories, and the articles that are in none of them. Stories that more outlets
    reported on the day stand first, then those of more reports."""
    ids = directory.digest.days.get(day, ())
    told: dict[int, list[str]] = {}
    for page_id in ids:
        if page_id in spots:
            told.setdefault(spots[page_id].thread, []).append(page_id)
    sources = {page_id: directory.pages[page_id].source for page_id in ids}
    stories = []
    for number, members in told.items():
        if len(members) >= STORY:
            outlets = len({sources[page_id] for page_id in members})
            stories.append((-outlets, -len(members), directory.digest.threads[number].id, number, members))
    stories.sort()
    shown = {number for *_, number, _ in stories}
    rest = [page_id for page_id in ids if page_id not in spots or spots[page_id].thread not in shown]
    return tuple(_draw_story(directory, day, number, members, spots) for *_, number, members in stories), rest


def _draw_story(
    directory: Directory, day: str, number: int, members: list[str], spots: dict[str, _Spot]
) -> DayStory:
    """What one day brought of a story: the day's greatest event leads, all else is folded."""
    thread = directory.digest.threads[number]
    outlets: dict[int, set[str]] = {}
    for page_id in members:
        outlets.setdefault(spots[page_id].event, set()).add(directory.pages[page_id].source)
    ordered = sorted(members, key=lambda page_id: (-len(outlets[spots[page_id].event]), spots[page_id]))
    breadth = len(set().union(*outlets.values()))
    told = draw_happening(directory, ordered, day, key=False, brief=True)
    # The title a machine gave may change with each report, and a past day should not.
    story = directory.story_ref(thread) if thread.curated else Ref("", href_of(thread.url))
    return DayStory(story, breadth, len(members), told)


def _group(directory: Directory, ids: list[str], *, headed: bool) -> tuple[Group, ...]:
    """Articles by topic in the vocabulary's order, then the rest, newest first; on a short day all
    together. `headed` says that something stands before them, so that the rest wants a heading."""
    if len(ids) < SHORT and not headed:
        return (_titled(directory, Ref("", ""), ids),) if ids else ()
    grouped: dict[str, list[str]] = {slug: [] for slug in directory.topics}
    other: list[str] = []
    for page_id in ids:
        topics = directory.pages[page_id].topics
        slug = next((slug for slug in topics if slug in grouped), None)
        (other if slug is None else grouped[slug]).append(page_id)
    groups = [
        _titled(directory, directory.topics[slug], members) for slug, members in grouped.items() if members
    ]
    if other:
        groups.append(_titled(directory, Ref(directory.words.other if groups or headed else "", ""), other))
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
