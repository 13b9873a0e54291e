"""How much was reported when and by whom: a story's chart of reports and its table of outlets."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

import msgspec

from digest.renderer.dates import name_date, name_short
from digest.renderer.parts import Chart, Coverage, CoverageRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.model import Thread
    from digest.renderer.directory import Directory
    from digest.renderer.parts import Entry

Unit = Literal["day", "week", "month"]
"""What a bar or a column stands for. A week begins on Monday."""

UNITS: tuple[Unit, ...] = ("day", "week", "month")
"""The units of the table's columns, finest first."""

ENOUGH = 5
"""Reports from which on a chart and a table say more than the timeline does."""

BARS = 120
"""Days up to which the chart has a bar for each day; from there on one for each week."""

HEIGHT = 24
"""Units of the highest bar."""

COLUMNS = 8
"""Days with reports up to which each has a column of the table; likewise weeks; else it is months.
So many fit beside the timeline."""


def draw_chart(directory: Directory, days: Sequence[str]) -> Chart | None:
    """Reports per day (or week), `days` being that of each dated report. None where there is too
    little to see: fewer than five reports, or fewer than three days with any."""
    if len(days) < ENOUGH or len(set(days)) < 3:
        return None
    first, last = min(days), max(days)
    unit: Unit = "day" if _count_days(first, last) <= BARS else "week"
    step = 1 if unit == "day" else 7
    start = _begin(first, unit)
    bars: Counter[int] = Counter()
    for day, count in Counter(days).items():
        bars[(date.fromisoformat(day) - start).days // step] += count
    most = max(bars.values())
    peak = min(place for place, count in bars.items() if count == most)
    peaking = (start + timedelta(days=peak * step)).isoformat()
    # Over months the year is not clear from the page's head.
    names = [
        name_date(day, directory.language) if unit == "day" else directory.name_day(day)
        for day in (first, last, peaking)
    ]
    words = directory.words
    return Chart(
        "".join(
            f"M{place} {HEIGHT}v-{max(1, (2 * count * HEIGHT + most) // (2 * most))}"
            for place, count in sorted(bars.items())
        ),
        max(bars) + 1,
        (words.per_day if unit == "day" else words.per_week).format(*names, words.count(most)),
    )


def draw_coverage(directory: Directory, thread: Thread) -> Coverage | None:
    """Who reported how much when; no column is empty. None for a story of fewer than five dated
    reports, of one outlet, or of one day."""
    if len(thread.members) < ENOUGH or len(thread.sources) < 2:
        return None
    dated = [(day, page_id) for page_id in thread.members if (day := directory.day_of(page_id))]
    if len(dated) < ENOUGH or dated[0][0] == dated[-1][0]:
        return None
    outlets = {directory.pages[page_id].source: page_id for _, page_id in dated}
    if len(outlets) < 2:
        return None
    days = {day for day, _ in dated}
    for unit in UNITS:
        begins = {day: _begin(day, unit).isoformat() for day in days}
        columns = sorted(set(begins.values()))
        if len(columns) <= COLUMNS:
            break
    cells = {source: dict.fromkeys(columns, 0) for source in outlets}
    for day, page_id in dated:
        cells[directory.pages[page_id].source][begins[day]] += 1
    totals = {source: sum(row.values()) for source, row in cells.items()}
    refs = {source: directory.source(directory.pages[page_id]) for source, page_id in outlets.items()}
    words = directory.words
    return Coverage(
        {"day": words.by_day, "week": words.by_week, "month": words.by_month}[unit],
        tuple(name_short(column, directory.language, whole_month=unit == "month") for column in columns),
        tuple(
            CoverageRow(refs[source].title, refs[source].href, totals[source], tuple(cells[source].values()))
            for source in sorted(cells, key=lambda source: (-totals[source], source))
        ),
        _earliest(directory, dated),
    )


def _earliest(directory: Directory, dated: Sequence[tuple[str, str]]) -> Entry:
    """The earliest report that the archive holds. One of which the day alone is known may be later
    than any other of that day."""
    pages = directory.pages
    day, page_id = min(dated, key=lambda item: (item[0], pages[item[1]].day_only))
    entry = directory.entry(page_id)
    return msgspec.structs.replace(entry, time=f"{directory.name_day(day)} {entry.time}".rstrip())


def _count_days(first: str, last: str) -> int:
    """Days from the first to the last, both ends in."""
    return (date.fromisoformat(last) - date.fromisoformat(first)).days + 1


def _begin(day: str, unit: Unit) -> date:
    """The day on which the day's unit begins."""
    begin = date.fromisoformat(day)
    if unit == "week":
        return begin - timedelta(days=begin.weekday())
    return begin.replace(day=1) if unit == "month" else begin
