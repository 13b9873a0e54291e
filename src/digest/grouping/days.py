"""An archive's articles by day of arrival, and their similarities, day after day."""

from __future__ import annotations

from bisect import bisect_left
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from digest.grouping.fold import Day
from digest.grouping.similarity import UNIT, compare_rows, compare_terms, stack_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future

    from numpy.typing import NDArray

    from digest.grouping.article import Article
    from digest.grouping.vectors import Table

_BULLETINS = frozenset({"counts", "weather", "quake"})
_AHEAD = 3
"""Days whose similarities are worked out while the fold is at an earlier one."""


def part_days(articles: Sequence[Article]) -> list[tuple[Article, ...]]:
    """The days of articles, which are in order of arrival."""
    return [tuple(day) for _, day in groupby(articles, key=lambda article: article.day)]


def reach_back(dates: Sequence[int], index: int, reach: int) -> int:
    """The index of the first of `dates` that the one at `index` reaches back to, `reach` days."""
    return bisect_left(dates, dates[index] - reach)


def compare_days(days: Sequence[tuple[Article, ...]], start: int, reach: int) -> Iterator[Day]:
    """The inputs of the fold's steps from day `start` on, worked out in threads some days ahead.

    What a day gives depends on the days within twice its reach alone.
    """
    dates = [day[0].day for day in days]
    first = [reach_back(dates, index, reach) for index in range(len(days))]
    rows_from = first[start] if start < len(days) else start
    cosines: dict[int, Future[Table]] = {}
    rows: dict[int, Future[NDArray[np.int16]]] = {}
    with ThreadPoolExecutor(2) as threads:

        def prepare(index: int) -> None:
            for day in range(first[index], index + 1):
                if day not in cosines:
                    cosines[day] = threads.submit(compare_terms, _join(days[first[day] : day]), days[day])
            square = [cosines[day] for day in range(first[index], index + 1)]
            rows[index] = threads.submit(_compare, days[first[index] : index], days[index], square)

        for index in range(rows_from, min(start + _AHEAD, len(days))):
            prepare(index)
        for index in range(start, len(days)):
            if index + _AHEAD < len(days):
                prepare(index + _AHEAD)
            pool = [rows[day].result() for day in range(first[index], index)]
            size = sum(map(len, pool))
            yield Day(days[index], rows[index].result(), stack_rows(pool, size))
            for past in [day for day in rows if day < first[index]]:
                del rows[past]
            for past in [day for day in cosines if day < first[first[index]]]:
                del cosines[past]


def _join(days: Sequence[tuple[Article, ...]]) -> list[Article]:
    return [article for day in days for article in day]


def _compare(
    earlier: Sequence[tuple[Article, ...]], today: Sequence[Article], cosines: Sequence[Future[Table]]
) -> NDArray[np.int16]:
    rows = compare_rows([c.result() for c in cosines], [*map(len, earlier), len(today)])
    _part_bulletins(rows, _join(earlier), today)
    return rows


def _part_bulletins(rows: NDArray[np.int16], earlier: Sequence[Article], today: Sequence[Article]) -> None:
    """Bulletins say the same words every day: they lead from no day to another, and two of one kind
    on different things are nothing alike."""
    past = [column for column, article in enumerate(earlier) if article.form.kind in _BULLETINS]
    rows[:, past] = np.minimum(rows[:, past], 0)
    for index, article in enumerate(today):
        if article.form.kind in _BULLETINS:
            row = rows[index]
            row[: len(earlier)] = np.minimum(row[: len(earlier)], 0)
            for column, other in enumerate((*earlier, *today[:index])):
                if other.form.kind == article.form.kind and other.unit != article.unit:
                    row[column] = -UNIT
